//! Which units have issued a document of their own to carry out a plan, append-only: the last record is in force.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    Conn, StoreError, Ts, on_each,
    schema::{account, own_document as o, unit_closure},
};
use crate::domain::{calendar::Instant, unit::UnitId};

/// What a unit says of its own document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnDocument {
    /// Whether it has issued one.
    pub is_issued: bool,
    /// Its number, as it stands on it.
    pub number: String,
    /// Its date.
    pub issued_on: Option<NaiveDate>,
    /// When this was said.
    pub recorded_at: Instant,
    /// Name of who said it.
    pub recorded_by: String,
}

/// What is in force for the units at or below `top`; only what was said before `until`, if given.
pub fn in_force(
    conn: &mut Conn,
    plan_id: i64,
    top: UnitId,
    until: Option<Instant>,
) -> Result<BTreeMap<UnitId, OwnDocument>, StoreError> {
    type Row = (i64, bool, String, Option<NaiveDate>, Ts, String);
    let rows: Vec<Row> = on_each!(conn, |c| o::table
        .inner_join(account::table)
        .inner_join(unit_closure::table.on(unit_closure::unit_id.eq(o::unit_id)))
        .filter(o::plan_id.eq(plan_id).and(unit_closure::ancestor_id.eq(top.0)))
        .order(o::id)
        .select((o::unit_id, o::is_issued, o::number, o::issued_on, o::recorded_at, account::display_name))
        .load(c))?;
    Ok(rows
        .into_iter()
        .filter(|row| until.is_none_or(|until| row.4.0 < until))
        .map(|(unit, is_issued, number, issued_on, at, recorded_by)| {
            (UnitId(unit), OwnDocument { is_issued, number, issued_on, recorded_at: at.0, recorded_by })
        })
        .collect())
}

/// Records what a unit says; its number.
pub fn insert(
    conn: &mut Conn,
    (plan_id, unit): (i64, UnitId),
    (is_issued, number, issued_on): (bool, &str, Option<NaiveDate>),
    (account_id, now): (i64, Instant),
) -> Result<i64, StoreError> {
    let row = (
        o::plan_id.eq(plan_id),
        o::unit_id.eq(unit.0),
        o::is_issued.eq(is_issued),
        o::number.eq(number),
        o::issued_on.eq(issued_on),
        o::recorded_at.eq(Ts::from(now)),
        o::account_id.eq(account_id),
    );
    Ok(on_each!(conn, |c| diesel::insert_into(o::table).values(row).returning(o::id).get_result(c))?)
}
