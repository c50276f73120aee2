//! Figures of days long gone seldom change. How often they did is counted with the audit trail, in the transaction that
//! changes them, so that what was read of such a time can be kept.

use chrono::{Duration, NaiveDate};
use diesel::{dsl::sql, prelude::*, sql_types::BigInt};

use super::{
    Conn, StoreError,
    memo::{self, Version},
    on_each,
    reports::InForce,
    schema::audit_chain,
};
use crate::domain::{
    calendar::{self, Instant},
    unit::UnitId,
};

/// From when on a time is long gone: less than the week after which figures are compared.
const LONG_AGO: Duration = Duration::days(6);
/// Changes are counted from a day earlier on: what reads and what writes may have clocks that differ.
const COUNTED_AFTER: Duration = Duration::days(5);

/// Notes that a figure true at `as_of` is recorded.
pub(super) fn note(conn: &mut Conn, as_of: Instant, recorded_at: Instant) -> Result<(), StoreError> {
    if recorded_at - as_of > COUNTED_AFTER { note_change(conn) } else { Ok(()) }
}

/// Notes that figures change which may be of any time.
pub(super) fn note_change(conn: &mut Conn) -> Result<(), StoreError> {
    conn.pending_mut()?.changes_past = true;
    Ok(())
}

/// The figures of these indicators below `top` that were true before `until`: kept where that is long ago.
pub(super) fn figures(
    conn: &mut Conn,
    (top, indicators, until): (UnitId, &[i64], Instant),
    now: Instant,
    read: impl FnOnce(&mut Conn) -> Result<Vec<InForce>, StoreError>,
) -> Result<Vec<InForce>, StoreError> {
    if until > now - LONG_AGO {
        return read(conn);
    }
    let key = (top, indicators.to_vec(), until);
    Ok(memo::rows(conn, |memo| &memo.past, key, version, read)?.to_vec())
}

/// The last day that is long gone to its end.
pub(super) fn last_day(now: Instant) -> NaiveDate {
    calendar::day(now - LONG_AGO - Duration::days(1))
}

/// How often figures of a time long gone have changed, as the snapshot sees it that is open: asked once in each.
pub(super) fn version(conn: &mut Conn) -> Result<Version, StoreError> {
    if let Some(known) = conn.past_version {
        return Ok(known);
    }
    let changes = sql::<BigInt>("CAST(SUM(past_changes) AS BIGINT)");
    let version = (on_each!(conn, |c| audit_chain::table.select(changes).get_result(c))?, 0, 0);
    conn.past_version = Some(version);
    Ok(version)
}
