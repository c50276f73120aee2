//! Difficulties and the steps taken with them, append-only.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{
    Conn, StoreError, Ts,
    among::among,
    on_each,
    schema::{account, difficulty as d, difficulty_step as s, unit, unit_closure},
    units,
};
use crate::domain::{
    calendar::Instant,
    difficulty::{DifficultyState, Matter},
    unit::{Unit, UnitId},
};

/// A difficulty as it was submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difficulty {
    /// Its number.
    pub id: i64,
    /// Whose it is.
    pub unit: Unit,
    /// What it is about.
    pub category: Matter,
    /// Its words.
    pub body: String,
    /// When it was submitted.
    pub recorded_at: Instant,
    /// Name of who submitted it.
    pub recorded_by: String,
    /// The steps taken with it, in order.
    pub steps: Vec<Step>,
}

/// A step taken with a difficulty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Where it stands after it.
    pub state: DifficultyState,
    /// What was said of it.
    pub note: String,
    /// When it was taken.
    pub recorded_at: Instant,
    /// Name of who took it.
    pub recorded_by: String,
}

impl Difficulty {
    /// Where it stands.
    pub fn state(&self) -> DifficultyState {
        self.steps.last().map_or(DifficultyState::Received, |step| step.state)
    }
}

fn broken(what: &str, id: i64, code: &str) -> StoreError {
    StoreError::Broken(format!("difficulty {id} has the {what} {code}"))
}

/// The difficulties with a plan of the units at or below `top`, newest first, at most `limit`; only those submitted
/// before `until`, and the steps taken before it, if given.
pub fn below(
    conn: &mut Conn,
    plan_id: i64,
    top: UnitId,
    until: Option<Instant>,
    limit: i64,
) -> Result<Vec<Difficulty>, StoreError> {
    type Row = (i64, units::UnitRow, String, String, Ts, String);
    let rows: Vec<Row> = on_each!(conn, |c| {
        let found = d::table
            .inner_join(unit::table)
            .inner_join(account::table)
            .inner_join(unit_closure::table.on(unit_closure::unit_id.eq(d::unit_id)))
            .filter(d::plan_id.eq(plan_id).and(unit_closure::ancestor_id.eq(top.0)))
            .order(d::id.desc())
            .limit(limit)
            .select((d::id, units::columns!(), d::category, d::body, d::recorded_at, account::display_name));
        match until {
            None => found.load(c),
            Some(until) => found.filter(d::recorded_at.lt(Ts::from(until))).load(c),
        }
    })?;
    let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
    let mut steps = steps(conn, &ids)?;
    rows.into_iter()
        .map(|(id, unit, category, body, at, recorded_by)| {
            let mut steps = steps.remove(&id).unwrap_or_default();
            steps.retain(|step| until.is_none_or(|until| step.recorded_at < until));
            Ok(Difficulty {
                id,
                unit: units::read(unit)?,
                category: Matter::from_code(&category).ok_or_else(|| broken("category", id, &category))?,
                body,
                recorded_at: at.0,
                recorded_by,
                steps,
            })
        })
        .collect()
}

fn steps(conn: &mut Conn, ids: &[i64]) -> Result<BTreeMap<i64, Vec<Step>>, StoreError> {
    let rows: Vec<(i64, String, String, Ts, String)> = on_each!(conn, |c| s::table
        .inner_join(account::table)
        .filter(among(s::difficulty_id, ids.iter().copied()))
        .order(s::id)
        .select((s::difficulty_id, s::state, s::note, s::recorded_at, account::display_name))
        .load(c))?;
    let mut out: BTreeMap<i64, Vec<Step>> = BTreeMap::new();
    for (id, state, note, at, recorded_by) in rows {
        let state = DifficultyState::from_code(&state).ok_or_else(|| broken("state", id, &state))?;
        out.entry(id).or_default().push(Step { state, note, recorded_at: at.0, recorded_by });
    }
    Ok(out)
}

/// Whose a difficulty is, and the plan it is with.
pub fn find(conn: &mut Conn, id: i64) -> Result<Option<(Unit, i64)>, StoreError> {
    let row: Option<(units::UnitRow, i64)> = on_each!(conn, |c| d::table
        .inner_join(unit::table)
        .filter(d::id.eq(id))
        .select((units::columns!(), d::plan_id))
        .get_result(c)
        .optional())?;
    row.map(|(unit, plan)| Ok((units::read(unit)?, plan))).transpose()
}

/// Where a difficulty stands.
pub fn state(conn: &mut Conn, id: i64) -> Result<DifficultyState, StoreError> {
    let steps = steps(conn, &[id])?.remove(&id).unwrap_or_default();
    Ok(steps.last().map_or(DifficultyState::Received, |step| step.state))
}

/// Records a difficulty; its number.
pub fn insert(
    conn: &mut Conn,
    (plan_id, unit): (i64, UnitId),
    (category, body): (Matter, &str),
    (account_id, now): (i64, Instant),
) -> Result<i64, StoreError> {
    let row = (
        d::plan_id.eq(plan_id),
        d::unit_id.eq(unit.0),
        d::category.eq(category.code()),
        d::body.eq(body),
        d::recorded_at.eq(Ts::from(now)),
        d::account_id.eq(account_id),
    );
    Ok(on_each!(conn, |c| diesel::insert_into(d::table).values(row).returning(d::id).get_result(c))?)
}

/// Records a step; its number.
pub fn step(
    conn: &mut Conn,
    difficulty: i64,
    (state, note): (DifficultyState, &str),
    (account_id, now): (i64, Instant),
) -> Result<i64, StoreError> {
    let row = (
        s::difficulty_id.eq(difficulty),
        s::state.eq(state.code()),
        s::note.eq(note),
        s::recorded_at.eq(Ts::from(now)),
        s::account_id.eq(account_id),
    );
    Ok(on_each!(conn, |c| diesel::insert_into(s::table).values(row).returning(s::id).get_result(c))?)
}
