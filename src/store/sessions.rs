//! Refresh tokens, kept as hashes; a family is one sign-in.

use diesel::prelude::*;

use super::{
    Conn, StoreError, Ts, on_each,
    schema::{account, session},
};
use crate::domain::calendar::Instant;

/// A refresh token as it is kept.
#[derive(Debug, Clone)]
pub struct Session {
    /// Identity.
    pub id: i64,
    /// Whose it is.
    pub account_id: i64,
    /// The account's token epoch now.
    pub token_epoch: i32,
    /// Whether the account is closed.
    pub is_disabled: bool,
    /// The sign-in it comes from.
    pub family: String,
    /// When it ends by itself.
    pub expires_at: Instant,
    /// When it was exchanged for its successor.
    pub used_at: Option<Instant>,
    /// When its family was ended.
    pub ended_at: Option<Instant>,
}

/// Keeps a new token.
pub fn insert(
    conn: &mut Conn,
    account_id: i64,
    family: &str,
    token_hash: &str,
    now: Instant,
    expires_at: Instant,
) -> Result<(), StoreError> {
    let row = (
        session::account_id.eq(account_id),
        session::family.eq(family),
        session::token_hash.eq(token_hash),
        session::created_at.eq(Ts::from(now)),
        session::expires_at.eq(Ts::from(expires_at)),
    );
    // The same successor may be made twice within the grace of a used token.
    on_each!(conn, |c| diesel::insert_into(session::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// The token with this hash.
pub fn find(conn: &mut Conn, token_hash: &str) -> Result<Option<Session>, StoreError> {
    type Row = (i64, i64, i32, bool, String, Ts, Option<Ts>, Option<Ts>);
    let row: Option<Row> = on_each!(conn, |c| session::table
        .inner_join(account::table)
        .filter(session::token_hash.eq(token_hash))
        .select((
            session::id,
            session::account_id,
            account::token_epoch,
            account::is_disabled,
            session::family,
            session::expires_at,
            session::used_at,
            session::ended_at,
        ))
        .get_result(c)
        .optional())?;
    Ok(row.map(|(id, account_id, token_epoch, is_disabled, family, expires_at, used_at, ended_at)| Session {
        id,
        account_id,
        token_epoch,
        is_disabled,
        family,
        expires_at: expires_at.0,
        used_at: used_at.map(|ts| ts.0),
        ended_at: ended_at.map(|ts| ts.0),
    }))
}

/// Marks a token as exchanged.
pub fn mark_used(conn: &mut Conn, id: i64, now: Instant) -> Result<(), StoreError> {
    on_each!(conn, |c| diesel::update(session::table.filter(session::id.eq(id).and(session::used_at.is_null())))
        .set(session::used_at.eq(Ts::from(now)))
        .execute(c))?;
    Ok(())
}

/// Ends a sign-in: every token of its family.
pub fn end_family(conn: &mut Conn, family: &str, now: Instant) -> Result<(), StoreError> {
    on_each!(conn, |c| diesel::update(
        session::table.filter(session::family.eq(family).and(session::ended_at.is_null()))
    )
    .set(session::ended_at.eq(Ts::from(now)))
    .execute(c))?;
    Ok(())
}

/// Ends every sign-in of an account.
pub fn end_all(conn: &mut Conn, account_id: i64, now: Instant) -> Result<(), StoreError> {
    on_each!(conn, |c| diesel::update(
        session::table.filter(session::account_id.eq(account_id).and(session::ended_at.is_null()))
    )
    .set(session::ended_at.eq(Ts::from(now)))
    .execute(c))?;
    Ok(())
}

/// Forgets tokens that have long ended by themselves.
pub fn forget_expired(conn: &mut Conn, before: Instant) -> Result<usize, StoreError> {
    Ok(on_each!(conn, |c| diesel::delete(session::table.filter(session::expires_at.lt(Ts::from(before)))).execute(c))?)
}
