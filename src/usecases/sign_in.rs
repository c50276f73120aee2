//! Signing in and out: a password for a refresh token, a refresh token for its successor.

use chrono::Duration;
use serde_json::json;

use super::{Result, UseCaseError, audit};
use crate::{
    domain::{
        actor::{Actor, Role},
        calendar::Instant,
    },
    store::{Conn, accounts, accounts::Account, sessions},
};

/// How long a sign-in lasts without being used.
const REFRESH_LIFE: Duration = Duration::days(30);
/// A used refresh token seen again within this time gets the same successor: two tabs, a flaky network.
const REUSE_GRACE: Duration = Duration::seconds(30);

/// What a sign-in or an exchange gives. The access token is signed from it above.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// The account.
    pub account_id: i64,
    /// Its token epoch.
    pub epoch: i32,
    /// The sign-in.
    pub family: String,
    /// The role held first, for the start page.
    pub role: Option<Role>,
}

/// The account a password is to be checked against; closed ones are as good as none.
pub fn find_account(conn: &mut Conn, username: &str) -> Result<Option<Account>> {
    Ok(accounts::find(conn, username)?.filter(|account| !account.is_disabled))
}

/// Opens a sign-in for an account whose password was checked.
pub fn open_session(
    conn: &mut Conn,
    account: &Account,
    family: &str,
    token_hash: &str,
    now: Instant,
) -> Result<SignIn> {
    sessions::insert(conn, account.id, family, token_hash, now, now + REFRESH_LIFE)?;
    let actor = accounts::actor(conn, account.id, account.token_epoch, family)?.ok_or(UseCaseError::NotSignedIn)?;
    audit_of(conn, &actor, "session.opened", now)?;
    Ok(SignIn {
        account_id: account.id,
        epoch: account.token_epoch,
        family: family.to_owned(),
        role: actor.grants.first().map(|grant| grant.role),
    })
}

/// What became of a refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exchange {
    /// It was exchanged for its successor.
    Done(SignIn),
    /// It had been used before: somebody holds a copy, so the whole sign-in was ended.
    Reused,
}

/// Exchanges a refresh token for its successor, whose hash is given.
pub fn exchange(conn: &mut Conn, token_hash: &str, successor_hash: &str, now: Instant) -> Result<Exchange> {
    let session = sessions::find(conn, token_hash)?.ok_or(UseCaseError::NotSignedIn)?;
    if session.is_disabled || session.ended_at.is_some() || session.expires_at <= now {
        return Err(UseCaseError::NotSignedIn);
    }
    if session.used_at.is_some_and(|used| now - used > REUSE_GRACE) {
        let actor = who(conn, session.account_id, session.token_epoch, &session.family)?;
        sessions::end_family(conn, &session.family, now)?;
        audit_of(conn, &actor, "session.reused_token", now)?;
        return Ok(Exchange::Reused);
    }
    sessions::mark_used(conn, session.id, now)?;
    sessions::insert(conn, session.account_id, &session.family, successor_hash, now, now + REFRESH_LIFE)?;
    Ok(Exchange::Done(SignIn {
        account_id: session.account_id,
        epoch: session.token_epoch,
        family: session.family,
        role: None,
    }))
}

/// Ends a sign-in.
pub fn sign_out(conn: &mut Conn, actor: &Actor, family: &str, now: Instant) -> Result<()> {
    sessions::end_family(conn, family, now)?;
    audit_of(conn, actor, "session.closed", now)
}

/// Who holds an access token now.
pub fn who(conn: &mut Conn, account_id: i64, epoch: i32, family: &str) -> Result<Actor> {
    accounts::actor(conn, account_id, epoch, family)?.ok_or(UseCaseError::NotSignedIn)
}

/// Under the first unit the account holds a role on, so that whoever reads that unit's trail sees it.
fn audit_of(conn: &mut Conn, actor: &Actor, action: &'static str, now: Instant) -> Result<()> {
    audit(conn, actor, action, actor.grants.first().map(|grant| grant.unit), json!({}), now)
}
