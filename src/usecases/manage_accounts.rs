//! Accounts: made and closed on the command line, by whoever runs the machine.

use serde_json::json;

use super::{Result, UseCaseError};
use crate::{
    domain::{
        actor::{Grant, Role},
        calendar::Instant,
        text,
        unit::UnitId,
    },
    store::{
        Conn, StoreError,
        accounts::{self, Account, Listed},
        audit, sessions, units,
    },
};

/// Shortest password that is taken (OWASP ASVS 6.2.1).
pub const SHORTEST_PASSWORD: usize = 8;

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Sign-in name.
    pub username: String,
    /// Name shown in histories.
    pub display_name: String,
    /// argon2id hash of the password; the password itself never comes this far.
    pub password_hash: String,
    /// Role held.
    pub role: Role,
    /// Code of the unit it is held on.
    pub unit: String,
}

/// Makes an account with its role.
pub fn add_account(conn: &mut Conn, new: &NewAccount, now: Instant) -> Result<i64> {
    let username = text::clean(&new.username);
    let unit =
        units::find(conn, &new.unit)?.ok_or_else(|| UseCaseError::NotFound { kind: "unit", name: new.unit.clone() })?;
    if accounts::find(conn, &username)?.is_some() {
        return Err(UseCaseError::Exists { kind: "account", name: username });
    }
    let id = accounts::insert(conn, &username, &text::clean(&new.display_name), &new.password_hash, now)?;
    accounts::grant(conn, id, Grant { role: new.role, unit: unit.id })?;
    audited(conn, "account.added", &username, Some(unit.id), json!({ "role": new.role }), now)?;
    Ok(id)
}

/// Closes an account; its sessions end at once, its history stays.
pub fn disable_account(conn: &mut Conn, username: &str, now: Instant) -> Result<()> {
    let account = find(conn, username)?;
    accounts::disable(conn, account.id)?;
    sessions::end_all(conn, account.id, now)?;
    audited(conn, "account.disabled", username, None, json!({}), now)
}

/// Sets a new password; every session of the account ends.
pub fn change_password(conn: &mut Conn, username: &str, password_hash: &str, now: Instant) -> Result<()> {
    let account = find(conn, username)?;
    accounts::set_password(conn, account.id, password_hash)?;
    sessions::end_all(conn, account.id, now)?;
    audited(conn, "account.password_changed", username, None, json!({}), now)
}

/// Every account with its roles.
pub fn list_accounts(conn: &mut Conn) -> Result<Vec<Listed>> {
    Ok(accounts::all(conn)?)
}

fn find(conn: &mut Conn, username: &str) -> Result<Account> {
    accounts::find(conn, username)?.ok_or_else(|| UseCaseError::NotFound { kind: "account", name: username.to_owned() })
}

fn audited(
    conn: &mut Conn,
    action: &'static str,
    username: &str,
    unit: Option<UnitId>,
    detail: serde_json::Value,
    now: Instant,
) -> Result<()> {
    let mut detail = detail;
    if let Some(detail) = detail.as_object_mut() {
        detail.insert("account".to_owned(), username.into());
    }
    let event = audit::NewEvent { at: now, account_id: None, actor: "command line".to_owned(), action, unit, detail };
    audit::append(conn, &event).map_err(|e: StoreError| e.into())
}
