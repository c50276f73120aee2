//! Whoever runs the machine acts on the whole country: files taken in on the command line. An account of its own, with
//! which nobody can sign in, stands for them in every history; or they name the account they act for.

use super::{Result, UseCaseError};
use crate::{
    domain::{
        actor::{Actor, Grant, Role},
        calendar::Instant,
    },
    store::{Conn, accounts, units},
};

/// The account that is recorded.
const LOCAL: (&str, &str) = ("may-chu", "Quản trị tại máy chủ");

/// The actor for a look: nothing is written, not even its account. With `username`, that account with its own rights.
pub fn local_reader(conn: &mut Conn, username: Option<&str>) -> Result<Actor> {
    match username {
        Some(username) => named(conn, username),
        None => everywhere(conn, 0),
    }
}

/// The actor for a write.
pub fn local_actor(conn: &mut Conn, username: Option<&str>, now: Instant) -> Result<Actor> {
    if let Some(username) = username {
        return named(conn, username);
    }
    let account_id = accounts::recorder(conn, LOCAL.0, LOCAL.1, now)?;
    everywhere(conn, account_id)
}

fn named(conn: &mut Conn, username: &str) -> Result<Actor> {
    let unknown = || UseCaseError::NotFound { kind: "account", name: username.to_owned() };
    let account = accounts::find(conn, username)?.filter(|account| !account.is_disabled).ok_or_else(unknown)?;
    let grants = accounts::grants(conn, account.id)?;
    Ok(Actor { account_id: account.id, username: account.username, display_name: account.display_name, grants })
}

fn everywhere(conn: &mut Conn, account_id: i64) -> Result<Actor> {
    let roles = [Role::FocalPoint, Role::HealthStaff];
    let grants = units::tops(conn)?.into_iter().flat_map(|unit| roles.map(|role| Grant { role, unit })).collect();
    let (username, display_name) = (LOCAL.0.to_owned(), LOCAL.1.to_owned());
    Ok(Actor { account_id, username, display_name, grants })
}
