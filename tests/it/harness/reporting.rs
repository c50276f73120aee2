//! Reporting through the use cases, without HTTP in between.

use std::collections::BTreeMap;

use vungxanh::{
    domain::{
        actor::{Actor, Grant, Role},
        calendar::Instant,
        number::Given,
    },
    store::{Store, StoreError, units},
    usecases::{
        UseCaseError,
        manage_accounts::{NewAccount, add_account},
        record_report::{Part, Submission},
    },
};

use super::{NOW, instant};

/// Cohort → measure → figure, as tests write it.
pub type Figures<'a> = [(&'a str, &'a [(&'a str, i64)])];

/// Somebody who holds a role on a unit and cannot sign in.
pub fn actor(store: &Store, role: Role, unit: &str) -> Actor {
    let username = format!("{role} of {unit}");
    let new = NewAccount {
        username: username.clone(),
        display_name: username.clone(),
        password_hash: "!".to_owned(),
        role,
        unit: unit.to_owned(),
    };
    let added: Result<i64, UseCaseError> = store.write_now(move |conn| add_account(conn, &new, instant(NOW)));
    let found: Result<_, StoreError> = store.read_now(|conn| units::find(conn, unit));
    let grant = Grant { role, unit: found.unwrap().unwrap().id };
    Actor { account_id: added.unwrap(), display_name: username.clone(), username, grants: vec![grant] }
}

/// A report on one unit; its reason is given, so that nothing odd holds it up.
pub fn submission(unit: &str, as_of: Instant, figures: &Figures<'_>) -> Submission {
    let lines = figures
        .iter()
        .map(|(cohort, counts)| {
            let counts = counts.iter().map(|(measure, n)| ((*measure).to_owned(), Given::Whole(*n))).collect();
            ((*cohort).to_owned(), counts)
        })
        .collect::<BTreeMap<_, _>>();
    Submission {
        op_id: None,
        as_of,
        channel: "api",
        reason: "thử".to_owned(),
        supersedes: None,
        parts: vec![Part { unit: unit.to_owned(), lines }],
    }
}

/// The four figures that a staff report needs.
pub fn staff(headcount: i64, phones: i64, bluezone: i64, declared: i64) -> [(&'static str, i64); 4] {
    [
        ("headcount", headcount),
        ("smartphone_users", phones),
        ("bluezone_installed", bluezone),
        ("ncovi_declared", declared),
    ]
}
