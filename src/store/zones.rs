//! Zone decisions, append-only.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    Conn, StoreError, Ts,
    among::among,
    on_each,
    schema::{account, zone_decision as z},
    zone_lines,
};
use crate::domain::{unit::UnitId, zone::Decision};

type Row = (
    (i64, i64, String, i32, Ts),
    (Option<String>, Option<String>, Option<NaiveDate>, bool, String),
    (Option<i64>, bool, String),
    (Ts, String),
);

macro_rules! columns {
    () => {
        (
            (z::id, z::unit_id, z::scheme, z::level, z::effective_from),
            (z::decision_number, z::decision_issuer, z::decision_date, z::is_official, z::note),
            (z::corrects_id, z::is_withdrawal, z::reason),
            (z::recorded_at, account::display_name),
        )
    };
}

fn read(row: Row) -> Decision {
    let (
        (id, unit, scheme, level, effective_from),
        (decision_number, decision_issuer, decision_date, is_official, note),
        (corrects, is_withdrawal, reason),
        (at, by),
    ) = row;
    Decision {
        id,
        unit: UnitId(unit),
        scheme,
        level,
        effective_from: effective_from.0,
        decision_number,
        decision_issuer,
        decision_date,
        is_official,
        corrects,
        is_withdrawal,
        reason,
        note,
        recorded_at: at.0,
        recorded_by: by,
    }
}

/// The decisions on one unit, by time.
pub fn of(conn: &mut Conn, unit: UnitId) -> Result<Vec<Decision>, StoreError> {
    let rows: Vec<Row> = on_each!(conn, |c| z::table
        .inner_join(account::table)
        .filter(z::unit_id.eq(unit.0))
        .order((z::effective_from, z::id))
        .select(columns!())
        .load(c))?;
    Ok(rows.into_iter().map(read).collect())
}

/// The decisions on some units, by unit and time.
pub fn of_units(conn: &mut Conn, units: &[UnitId]) -> Result<Vec<Decision>, StoreError> {
    let rows: Vec<Row> = on_each!(conn, |c| z::table
        .inner_join(account::table)
        .filter(among(z::unit_id, units.iter().map(|unit| unit.0)))
        .order((z::unit_id, z::effective_from, z::id))
        .select(columns!())
        .load(c))?;
    Ok(rows.into_iter().map(read).collect())
}

/// The decisions with these numbers, by number.
pub fn with_ids(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Decision>, StoreError> {
    let rows: Vec<Row> = on_each!(conn, |c| z::table
        .inner_join(account::table)
        .filter(among(z::id, ids.iter().copied()))
        .order(z::id)
        .select(columns!())
        .load(c))?;
    Ok(rows.into_iter().map(read).collect())
}

/// The number of the newest record, 0 before the first.
pub fn newest(conn: &mut Conn) -> Result<i64, StoreError> {
    let newest: Option<i64> = on_each!(conn, |c| z::table.select(diesel::dsl::max(z::id)).get_result(c))?;
    Ok(newest.unwrap_or(0))
}

/// The official decisions recorded after the record `after`, by number; a thousand at most.
pub fn after(conn: &mut Conn, after: i64) -> Result<Vec<Decision>, StoreError> {
    let rows: Vec<Row> = on_each!(conn, |c| z::table
        .inner_join(account::table)
        .filter(z::id.gt(after).and(z::is_official.eq(true)))
        .order(z::id)
        .limit(1000)
        .select(columns!())
        .load(c))?;
    Ok(rows.into_iter().map(read).collect())
}

/// A decision to be recorded.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = z, treat_none_as_default_value = false)]
pub struct NewDecision {
    /// The place.
    pub unit_id: i64,
    /// The scheme's code.
    pub scheme: String,
    /// The level in it.
    pub level: i32,
    /// When it takes effect.
    pub effective_from: Ts,
    /// Number of the document.
    pub decision_number: Option<String>,
    /// Who signed it.
    pub decision_issuer: Option<String>,
    /// Its date.
    pub decision_date: Option<NaiveDate>,
    /// Whether it counts.
    pub is_official: bool,
    /// Remarks.
    pub note: String,
    /// When it is recorded.
    pub recorded_at: Ts,
    /// Who records it.
    pub account_id: i64,
    /// The decision it replaces, or withdraws.
    pub corrects_id: Option<i64>,
    /// Whether it only takes back the one it corrects.
    pub is_withdrawal: bool,
    /// Why it corrects another.
    pub reason: String,
    /// The file it came with.
    pub import_id: Option<i64>,
    /// The row of that file.
    pub import_row: Option<i32>,
}

/// How many rows one statement takes: a row has sixteen values, SQLite takes 32,766 in all.
const BATCH: usize = 1000;

/// Records decisions and brings the lines of their places up to date. Returns their numbers.
pub fn insert(conn: &mut Conn, new: &[NewDecision]) -> Result<Vec<i64>, StoreError> {
    let mut ids = Vec::with_capacity(new.len());
    for batch in new.chunks(BATCH) {
        let batch: Vec<i64> =
            on_each!(conn, |c| diesel::insert_into(z::table).values(batch).returning(z::id).get_results(c))?;
        ids.extend(batch);
    }
    let mut units: Vec<UnitId> = new.iter().map(|new| UnitId(new.unit_id)).collect();
    units.sort_unstable();
    units.dedup();
    zone_lines::rebuild(conn, &units)?;
    Ok(ids)
}
