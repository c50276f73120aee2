//! Operations already carried out, so that re-sending one is safe for seven days.

use chrono::Duration;
use diesel::prelude::*;

use super::{Conn, StoreError, Ts, on_each, schema::operation};
use crate::domain::calendar::Instant;

/// How long an operation's answer is kept.
const KEPT: Duration = Duration::days(7);

/// The hash of the request that was carried out under this id, and its answer; `None`: it is new.
pub fn carried_out(conn: &mut Conn, account_id: i64, op_id: &str) -> Result<Option<(String, String)>, StoreError> {
    Ok(on_each!(conn, |c| operation::table
        .find((account_id, op_id))
        .select((operation::request_hash, operation::answer))
        .get_result(c)
        .optional())?)
}

/// The answer of an operation the account carried out, if it is still kept.
pub fn find(conn: &mut Conn, account_id: i64, op_id: &str) -> Result<Option<String>, StoreError> {
    Ok(on_each!(conn, |c| operation::table
        .find((account_id, op_id))
        .select(operation::answer)
        .get_result(c)
        .optional())?)
}

/// Keeps the hash and the answer of an operation. [`StoreError::Retry`] when it was carried out elsewhere meanwhile.
pub fn keep(
    conn: &mut Conn,
    account_id: i64,
    op_id: &str,
    request_hash: &str,
    answer: &str,
    now: Instant,
) -> Result<(), StoreError> {
    let row = (
        operation::account_id.eq(account_id),
        operation::op_id.eq(op_id),
        operation::request_hash.eq(request_hash),
        operation::recorded_at.eq(Ts::from(now)),
        operation::answer.eq(answer),
    );
    match on_each!(conn, |c| diesel::insert_into(operation::table).values(row).execute(c)).map_err(StoreError::from) {
        Ok(_) => Ok(()),
        Err(StoreError::Exists(text)) => Err(StoreError::Retry(text)),
        Err(error) => Err(error),
    }
}

/// Forgets operations that are older than they need to be.
pub fn forget_old(conn: &mut Conn, now: Instant) -> Result<usize, StoreError> {
    Ok(on_each!(conn, |c| diesel::delete(operation::table.filter(operation::recorded_at.lt(Ts::from(now - KEPT))))
        .execute(c))?)
}
