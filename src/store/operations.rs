//! Operations already carried out, so that re-sending one is safe for seven days.

use chrono::Duration;
use diesel::prelude::*;

use super::{Conn, StoreError, Ts, on_each, schema::operation};
use crate::domain::calendar::Instant;

/// How long an operation's answer is kept.
const KEPT: Duration = Duration::days(7);

/// Claims an operation for this transaction. `None`: it is new, go on. Otherwise the hash of the request that was
/// carried out under this id, and its answer.
pub fn claim(
    conn: &mut Conn,
    account_id: i64,
    op_id: &str,
    request_hash: &str,
    now: Instant,
) -> Result<Option<(String, String)>, StoreError> {
    let row = (
        operation::account_id.eq(account_id),
        operation::op_id.eq(op_id),
        operation::request_hash.eq(request_hash),
        operation::recorded_at.eq(Ts::from(now)),
        operation::answer.eq(""),
    );
    let claimed =
        on_each!(conn, |c| diesel::insert_into(operation::table).values(row).on_conflict_do_nothing().execute(c))?;
    if claimed == 1 {
        return Ok(None);
    }
    let found = on_each!(conn, |c| operation::table
        .find((account_id, op_id))
        .select((operation::request_hash, operation::answer))
        .first(c))?;
    Ok(Some(found))
}

/// The answer of an operation the account carried out, if it is still kept.
pub fn find(conn: &mut Conn, account_id: i64, op_id: &str) -> Result<Option<String>, StoreError> {
    Ok(on_each!(conn, |c| operation::table.find((account_id, op_id)).select(operation::answer).first(c).optional())?)
}

/// Keeps the answer of an operation claimed in this transaction.
pub fn answer(conn: &mut Conn, account_id: i64, op_id: &str, answer: &str) -> Result<(), StoreError> {
    on_each!(conn, |c| diesel::update(operation::table.find((account_id, op_id)))
        .set(operation::answer.eq(answer))
        .execute(c))?;
    Ok(())
}

/// Forgets operations that are older than they need to be.
pub fn forget_old(conn: &mut Conn, now: Instant) -> Result<usize, StoreError> {
    Ok(on_each!(conn, |c| diesel::delete(operation::table.filter(operation::recorded_at.lt(Ts::from(now - KEPT))))
        .execute(c))?)
}
