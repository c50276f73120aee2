//! Letterhead, recipients and signers of the official report, append-only: the last record is in force.

use diesel::prelude::*;

use super::{Conn, StoreError, Ts, on_each, schema::report_setting as r};
use crate::domain::{calendar::Instant, letter::Letter, unit::UnitId};

/// What is in force for a place.
pub fn in_force(conn: &mut Conn, plan_id: i64, unit: UnitId) -> Result<Option<Letter>, StoreError> {
    let text: Option<String> = on_each!(conn, |c| r::table
        .filter(r::plan_id.eq(plan_id).and(r::unit_id.eq(unit.0)))
        .order(r::id.desc())
        .select(r::letter)
        .first(c)
        .optional())?;
    let read = |text: String| serde_json::from_str(&text).map_err(|e| StoreError::Broken(format!("a letter: {e}")));
    text.map(read).transpose()
}

/// Records what is to be in force from now on; its number.
pub fn insert(
    conn: &mut Conn,
    (plan_id, unit): (i64, UnitId),
    letter: &Letter,
    (account_id, now): (i64, Instant),
) -> Result<i64, StoreError> {
    let text = serde_json::to_string(letter).map_err(|e| StoreError::Broken(e.to_string()))?;
    let row = (
        r::plan_id.eq(plan_id),
        r::unit_id.eq(unit.0),
        r::letter.eq(text),
        r::recorded_at.eq(Ts::from(now)),
        r::account_id.eq(account_id),
    );
    Ok(on_each!(conn, |c| diesel::insert_into(r::table).values(row).returning(r::id).get_result(c))?)
}
