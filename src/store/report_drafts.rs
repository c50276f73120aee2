//! Reports as they were prepared, append-only.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    Conn, StoreError, Ts, on_each,
    schema::{account, report_draft as d},
};
use crate::domain::{
    calendar::Instant,
    consolidated::{
        ConsolidatedReport,
        choices::{Choices, Period},
    },
    unit::UnitId,
};

/// A report as it was prepared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its number.
    pub id: i64,
    /// The plan.
    pub plan_id: i64,
    /// The place.
    pub unit: UnitId,
    /// What was chosen.
    pub choices: Choices,
    /// What it says.
    pub content: ConsolidatedReport,
    /// When it was made.
    pub recorded_at: Instant,
}

/// A report that was prepared, in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftHead {
    /// Its number.
    pub id: i64,
    /// Its period.
    pub period: Period,
    /// Whether the schedule made it.
    pub is_scheduled: bool,
    /// When it was made.
    pub recorded_at: Instant,
    /// Name of who made it.
    pub recorded_by: String,
}

/// The last that were prepared for a place, newest first.
pub fn last(conn: &mut Conn, plan_id: i64, unit: UnitId, limit: i64) -> Result<Vec<DraftHead>, StoreError> {
    type Row = (i64, NaiveDate, NaiveDate, Option<Ts>, Ts, String);
    let rows: Vec<Row> = on_each!(conn, |c| d::table
        .inner_join(account::table)
        .filter(d::plan_id.eq(plan_id).and(d::unit_id.eq(unit.0)))
        .order(d::id.desc())
        .limit(limit)
        .select((d::id, d::starts_on, d::ends_on, d::due_at, d::recorded_at, account::display_name))
        .load(c))?;
    let head = |(id, starts_on, ends_on, due, at, recorded_by): Row| DraftHead {
        id,
        period: Period { starts_on, ends_on },
        is_scheduled: due.is_some(),
        recorded_at: at.0,
        recorded_by,
    };
    Ok(rows.into_iter().map(head).collect())
}

/// The one with this number.
pub fn find(conn: &mut Conn, id: i64) -> Result<Option<Draft>, StoreError> {
    type Row = (i64, i64, i64, String, String, Ts);
    let row: Option<Row> = on_each!(conn, |c| d::table
        .find(id)
        .select((d::id, d::plan_id, d::unit_id, d::choices, d::content, d::recorded_at))
        .get_result(c)
        .optional())?;
    let broken = |e: serde_json::Error| StoreError::Broken(format!("draft {id}: {e}"));
    row.map(|(id, plan_id, unit, choices, content, at)| {
        Ok(Draft {
            id,
            plan_id,
            unit: UnitId(unit),
            choices: serde_json::from_str(&choices).map_err(broken)?,
            content: serde_json::from_str(&content).map_err(broken)?,
            recorded_at: at.0,
        })
    })
    .transpose()
}

/// Keeps one; its number. One that is due at an hour is kept once: none is returned where another instance was first.
pub fn insert(
    conn: &mut Conn,
    (plan_id, unit): (i64, UnitId),
    (choices, content): (&Choices, &ConsolidatedReport),
    due_at: Option<Instant>,
    (account_id, now): (i64, Instant),
) -> Result<Option<i64>, StoreError> {
    let broken = |e: serde_json::Error| StoreError::Broken(e.to_string());
    let row = (
        d::plan_id.eq(plan_id),
        d::unit_id.eq(unit.0),
        d::starts_on.eq(choices.period.starts_on),
        d::ends_on.eq(choices.period.ends_on),
        d::choices.eq(serde_json::to_string(choices).map_err(broken)?),
        d::content.eq(serde_json::to_string(content).map_err(broken)?),
        d::due_at.eq(due_at.map(Ts::from)),
        d::recorded_at.eq(Ts::from(now)),
        d::account_id.eq(account_id),
    );
    Ok(on_each!(conn, |c| diesel::insert_into(d::table)
        .values(row)
        .on_conflict_do_nothing()
        .returning(d::id)
        .get_result(c)
        .optional())?)
}

/// Whether one was made for this hour.
pub fn is_made(conn: &mut Conn, plan_id: i64, unit: UnitId, due_at: Instant) -> Result<bool, StoreError> {
    let found = d::table.filter(d::plan_id.eq(plan_id).and(d::unit_id.eq(unit.0)).and(d::due_at.eq(Ts::from(due_at))));
    Ok(on_each!(conn, |c| diesel::select(diesel::dsl::exists(found)).get_result(c))?)
}
