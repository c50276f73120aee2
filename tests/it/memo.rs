//! What a program keeps of what it read: never told when another one, on the same database, has written since.

use std::{collections::BTreeMap, sync::Arc};

use chrono::Duration;
use vungxanh::{
    domain::{
        actor::{Actor, Role},
        calendar,
        completeness::Reporter,
        review::Outcome,
        text::search_key,
        unit::{Unit, UnitId, UnitKind},
    },
    store::{
        Store, StoreError,
        plans::{self, Assignment},
        reports::{self, InForce},
        schedules, tallies, units,
        zone_lines::{self, Detail, Place},
    },
    usecases::{
        UseCaseError,
        decide_zones::{Ruled, Ruling, decide_zones},
        record_report::record_report,
        review_report::review_report,
        withdraw_zones::withdraw_zones,
    },
};

use crate::harness::{
    NOW, TestDatabase, database_tests, instant,
    reporting::{actor, submission},
};

/// A province with more than a hundred communes, so that it is kept.
const PROVINCE: &str = "94";
const EVERYWHERE: &str = "theo-doi-chung";

fn decide(store: &Store, who: &Actor, places: &[&Unit], level: i32, from: &str) -> i64 {
    let ruling = Ruling {
        places: places.iter().map(|unit| Ruled { unit: unit.code.clone(), level, seen: None, row: None }).collect(),
        scheme: "nq_128_qd_4800".to_owned(),
        effective_from: instant(from),
        decision_number: "15/QĐ-UBND".to_owned(),
        decision_issuer: "Ủy ban nhân dân".to_owned(),
        ..Ruling::default()
    };
    let who = who.clone();
    let decided: Result<_, UseCaseError> = store.write_now(move |conn| decide_zones(conn, &who, &ruling, instant(NOW)));
    decided.unwrap().decisions[0]
}

/// Every way of reading a province's lines.
fn lines(store: &Store, top: UnitId, is_fresh: bool) -> Vec<Vec<Place>> {
    let now = instant(NOW);
    let read = move |conn: &mut _| {
        Ok::<_, StoreError>(vec![
            zone_lines::below(conn, top, .., Detail::Changes)?,
            zone_lines::below(conn, top, now - Duration::days(8).., Detail::Decisions)?,
            zone_lines::below(conn, top, .., Detail::Decisions)?,
        ])
    };
    // Whoever writes reads everything anew.
    let mut found = if is_fresh { store.write_now(read) } else { store.read_now(read) }.unwrap();
    for places in &mut found {
        places.sort_by_key(|place| place.unit);
    }
    found
}

fn zones_decided_by_another_program_are_seen_at_once(database: &TestDatabase) {
    let (here, there) = (database.store(), database.store());
    let who = actor(&here, Role::HealthStaff, PROVINCE);
    let found: Result<_, StoreError> = here.read_now(|conn| {
        let top = units::find(conn, PROVINCE)?.ok_or(StoreError::NotFound)?.id;
        Ok((top, units::subtree(conn, top, Some(UnitKind::Commune))?))
    });
    let (top, communes) = found.unwrap();
    let same = |step: &str| {
        let fresh = lines(&here, top, true);
        for store in [&here, &there] {
            // Once read, and once kept.
            for _ in 0..2 {
                assert_eq!(lines(store, top, false), fresh, "{step}");
            }
        }
    };
    same("before");
    let first = decide(&there, &who, &[&communes[0], &communes[1]], 3, "2021-11-01T00:00:00+07:00");
    same("decided there");
    decide(&here, &who, &[&communes[0]], 2, "2021-11-02T00:00:00+07:00");
    same("decided here");
    let by = who.clone();
    let undone: Result<_, UseCaseError> =
        there.write_now(move |conn| withdraw_zones(conn, &by, &[first], "ghi nhầm", instant(NOW)));
    undone.unwrap();
    same("taken back there");
    // More than the recent steps hold.
    for day in 3..20 {
        decide(&there, &who, &[&communes[0]], 1 + day % 4, &format!("2021-11-{day:02}T00:00:00+07:00"));
    }
    same("decided again and again");
}

fn who_is_newly_obliged_or_given_time_is_seen_at_once(database: &TestDatabase) {
    let (here, there) = (database.store(), database.store());
    let account = actor(&here, Role::Consolidator, PROVINCE).account_id;
    let found: Result<_, StoreError> = here.read_now(|conn| {
        let plan = plans::all(conn)?.into_iter().find(|stored| stored.plan.code == EVERYWHERE);
        let top = units::find(conn, PROVINCE)?.ok_or(StoreError::NotFound)?.id;
        Ok((plan.ok_or(StoreError::NotFound)?, top))
    });
    let (plan, top) = found.unwrap();
    let obliged = |store: &Store| {
        let read: Result<_, StoreError> = store.read_now(|conn| schedules::reporters(conn, &plan, top));
        read.unwrap()
    };
    let before = obliged(&here);
    assert!(before.len() > 100, "{} are few", before.len());
    assert_eq!(obliged(&here), before);
    let (plan_id, section) = (plan.id, before[0].0.cohorts[0].0.clone());
    let added: Result<_, StoreError> = there.write_now(move |conn| {
        let name = "Trạm Kiểm dịch";
        let new = units::NewUnit {
            code: "ST-KD".to_owned(),
            kind: UnitKind::DistrictOffice,
            name: name.to_owned(),
            full_name: name.to_owned(),
            search_key: search_key(name),
            is_class: false,
            parent: Some(PROVINCE.to_owned()),
        };
        units::add(conn, &[new])?;
        let unit = units::find(conn, "ST-KD")?.ok_or(StoreError::NotFound)?.id;
        plans::assign(conn, plan_id, &[Assignment { unit, section: section.clone(), cohort: "staff".to_owned() }])?;
        Ok(unit)
    });
    let unit = added.unwrap();
    let after = obliged(&here);
    assert_eq!(after.len(), before.len() + 1);
    let (period, until) = (calendar::day(instant(NOW)), instant(NOW));
    let extended: Result<_, StoreError> = there.write_now(move |conn| {
        schedules::extend(conn, plan_id, (unit, period, until), "mất điện", account, instant(NOW))
    });
    extended.unwrap();
    let of = |all: &[(Arc<plans::Obliged>, Reporter)]| {
        let (_, reporter) = all.iter().find(|(one, _)| one.unit.id == unit).unwrap();
        reporter.extended.get(&period).copied()
    };
    assert_eq!(of(&after), None);
    assert_eq!(of(&obliged(&here)), Some(until));
    assert_eq!(of(&obliged(&there)), Some(until));
}

fn what_stood_a_week_ago_is_read_anew_when_somebody_changes_it(database: &TestDatabase) {
    let (here, there) = (database.store(), database.store());
    let (who, office) = (actor(&here, Role::FocalPoint, PROVINCE), actor(&here, Role::Consolidator, PROVINCE));
    let found: Result<_, StoreError> = here.read_now(|conn| {
        let plan = plans::all(conn)?.into_iter().find(|stored| stored.plan.code == EVERYWHERE);
        let top = units::find(conn, PROVINCE)?.ok_or(StoreError::NotFound)?.id;
        Ok((plan.ok_or(StoreError::NotFound)?, top, units::subtree(conn, top, Some(UnitKind::Commune))?))
    });
    let (plan, top, communes) = found.unwrap();
    let report = |store: &Store, unit: &Unit, days_ago: i64, installed: i64| {
        let figures =
            [("population", 900 + installed), ("bluezone_installed", installed), ("ncovi_declared", installed - 10)];
        let as_of = instant(NOW) - Duration::days(days_ago);
        let report = submission(&unit.code, as_of, &[("residents", &figures)]);
        let (who, plan) = (who.clone(), plan.clone());
        let done = store.write_now(move |conn| record_report(conn, &who, &plan, &report, instant(NOW)));
        done.unwrap().reports[0].report
    };
    for unit in &communes {
        report(&here, unit, 20, 300);
    }
    // Days enough that the changes of the totals are kept.
    for days_ago in 20..60 {
        report(&here, &communes[0], days_ago, 300 - days_ago);
    }
    let indicators = plan.indicators_of("residents");
    let (now, until) = (instant(NOW), instant(NOW) - Duration::days(7));
    let same = |step: &str| {
        let all = indicators.clone();
        let read = move |conn: &mut _| {
            let mut figures: Vec<InForce> = reports::in_force_before(conn, &all, top, until, now)?;
            figures.sort_by_key(|figure| (figure.unit_id, figure.indicator_id));
            let days = [calendar::day(until), calendar::day(now)];
            let totals = tallies::totals(conn, top, &all, days, now)?;
            let mut changes = tallies::by_day(conn, top, &all, calendar::day(now), now)?;
            for days in changes.values_mut() {
                days.retain(|_, by| !by.is_zero());
            }
            Ok::<_, StoreError>((figures, totals, changes))
        };
        // Whoever writes reads everything anew.
        let fresh = here.write_now(read.clone()).unwrap();
        let (figures, _, changes) = &fresh;
        let steps: usize = changes.values().map(BTreeMap::len).sum();
        assert!(figures.len() > 200 && steps > 110, "{step}: {} and {steps} are few", figures.len());
        for store in [&here, &there] {
            for _ in 0..2 {
                assert!(store.read_now(read.clone()).unwrap() == fresh, "{step}");
            }
        }
        fresh
    };
    let first = same("before");
    report(&there, &communes[0], 0, 500);
    let today = same("reported today");
    assert!(today.0 == first.0 && today.1[0] == first.1[0] && today.1[1] != first.1[1]);
    let late = report(&there, &communes[0], 10, 400);
    let second = same("reported late");
    assert!(second.0 != today.0 && second.1[0] != today.1[0] && second.2 != today.2);
    let of_office = plan.clone();
    let returned: Result<_, UseCaseError> = there.write_now(move |conn| {
        review_report(conn, &office, &of_office, (late, Outcome::Returned, "sai"), instant(NOW))
    });
    returned.unwrap();
    assert!(same("returned") == today);
}

database_tests!(
    zones_decided_by_another_program_are_seen_at_once,
    who_is_newly_obliged_or_given_time_is_seen_at_once,
    what_stood_a_week_ago_is_read_anew_when_somebody_changes_it,
);
