//! Tracing figures, append-only: one line of records for a unit and day, of which the last is in force.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    Conn, StoreError, Ts, on_each,
    schema::{account, tracing_record as t, unit, unit_closure},
    units,
};
use crate::domain::{
    calendar::Instant,
    tracing::{Counts, TracingFigure},
    unit::{Unit, UnitId, UnitKind},
};

type Columns = (Option<i32>, Option<i32>, Option<i32>, Option<i32>, Option<i32>, Option<i32>, Option<i32>);

/// The figures' columns, in the order of [`TracingFigure::ALL`].
macro_rules! figures {
    () => {
        (
            t::f0_new,
            t::f0_community,
            t::f1_traced,
            t::f2_traced,
            t::quarantine_central,
            t::quarantine_home,
            t::f1_lists_complete_24h,
        )
    };
}

fn counts(read: Columns) -> Counts {
    let columns = [read.0, read.1, read.2, read.3, read.4, read.5, read.6];
    TracingFigure::ALL.iter().zip(columns).filter_map(|(figure, count)| Some((*figure, count?.into()))).collect()
}

/// What stands for a unit on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its number.
    pub id: i64,
    /// The commune or hamlet.
    pub unit: UnitId,
    /// The day.
    pub day: NaiveDate,
    /// What was counted.
    pub counts: Counts,
    /// How it came.
    pub channel: String,
}

type Row = (i64, i64, NaiveDate, String, Columns);

fn read((id, unit, day, channel, columns): Row) -> Record {
    Record { id, unit: UnitId(unit), day, counts: counts(columns), channel }
}

/// What is in force for the units of one kind at or below `top`, from one day to another, by day.
pub fn in_force(
    conn: &mut Conn,
    top: UnitId,
    kind: UnitKind,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Record>, StoreError> {
    let later = diesel::alias!(t as later);
    let rows: Vec<Row> = on_each!(conn, |c| t::table
        .inner_join(unit_closure::table.on(unit_closure::unit_id.eq(t::unit_id)))
        .inner_join(unit::table)
        .filter(unit_closure::ancestor_id.eq(top.0).and(unit::kind.eq(kind.code())))
        .filter(t::day.between(from, to))
        .filter(diesel::dsl::not(diesel::dsl::exists(later.filter(later.field(t::supersedes_id).eq(t::id.nullable())))))
        .order((t::day, t::unit_id))
        .select((t::id, t::unit_id, t::day, t::channel, figures!()))
        .load(c))?;
    Ok(rows.into_iter().map(read).collect())
}

/// What is in force for a unit on a day.
pub fn standing(conn: &mut Conn, unit: UnitId, day: NaiveDate) -> Result<Option<Record>, StoreError> {
    let row: Option<Row> = on_each!(conn, |c| t::table
        .filter(t::unit_id.eq(unit.0).and(t::day.eq(day)))
        .order(t::id.desc())
        .select((t::id, t::unit_id, t::day, t::channel, figures!()))
        .first(c)
        .optional())?;
    Ok(row.map(read))
}

/// A version of what stood for a unit on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The record's number.
    pub id: i64,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// Name of who recorded it.
    pub recorded_by: String,
    /// How it came.
    pub channel: String,
    /// Why it was changed.
    pub reason: String,
    /// What was counted.
    pub counts: Counts,
}

/// Every version for a unit and day, in record order.
pub fn versions(conn: &mut Conn, unit: UnitId, day: NaiveDate) -> Result<Vec<Version>, StoreError> {
    type Row = (i64, Ts, String, String, String, Columns);
    let rows: Vec<Row> = on_each!(conn, |c| t::table
        .inner_join(account::table)
        .filter(t::unit_id.eq(unit.0).and(t::day.eq(day)))
        .order(t::id)
        .select((t::id, t::recorded_at, account::display_name, t::channel, t::reason, figures!()))
        .load(c))?;
    let version = |(id, at, recorded_by, channel, reason, columns): Row| Version {
        id,
        recorded_at: at.0,
        recorded_by,
        channel,
        reason,
        counts: counts(columns),
    };
    Ok(rows.into_iter().map(version).collect())
}

/// The communes and hamlets at or below `top`, each with the unit it lies in.
pub fn places(conn: &mut Conn, top: UnitId) -> Result<Vec<(Unit, Option<UnitId>)>, StoreError> {
    let kinds = [UnitKind::Commune.code(), UnitKind::Hamlet.code()];
    let rows: Vec<(units::UnitRow, Option<i64>)> = on_each!(conn, |c| unit_closure::table
        .inner_join(unit::table.on(unit::id.eq(unit_closure::unit_id)))
        .filter(unit_closure::ancestor_id.eq(top.0).and(unit::kind.eq_any(kinds)))
        .order(unit::code)
        .select((units::columns!(), unit::parent_id))
        .load(c))?;
    rows.into_iter().map(|(row, parent)| Ok((units::read(row)?, parent.map(UnitId)))).collect()
}

/// A record to be made.
#[derive(Debug, Clone)]
pub struct NewRecord {
    /// The commune or hamlet.
    pub unit: UnitId,
    /// The day.
    pub day: NaiveDate,
    /// Everything that is to stand.
    pub counts: Counts,
    /// When it is recorded.
    pub recorded_at: Instant,
    /// Who records it.
    pub account_id: i64,
    /// How it came.
    pub channel: &'static str,
    /// Why it is changed.
    pub reason: String,
    /// What it takes the place of.
    pub supersedes: Option<i64>,
}

/// Makes a record and returns its number.
pub fn insert(conn: &mut Conn, new: &NewRecord) -> Result<i64, StoreError> {
    let count = |figure| -> Result<Option<i32>, StoreError> {
        let count = new.counts.get(&figure).map(|count| i32::try_from(*count)).transpose();
        count.map_err(|_| StoreError::Broken(format!("{figure} is beyond what is counted")))
    };
    let row = (
        (
            t::f0_new.eq(count(TracingFigure::F0New)?),
            t::f0_community.eq(count(TracingFigure::F0Community)?),
            t::f1_traced.eq(count(TracingFigure::F1Traced)?),
            t::f2_traced.eq(count(TracingFigure::F2Traced)?),
            t::quarantine_central.eq(count(TracingFigure::QuarantineCentral)?),
            t::quarantine_home.eq(count(TracingFigure::QuarantineHome)?),
            t::f1_lists_complete_24h.eq(count(TracingFigure::F1ListsComplete)?),
        ),
        (
            t::unit_id.eq(new.unit.0),
            t::day.eq(new.day),
            t::recorded_at.eq(Ts::from(new.recorded_at)),
            t::account_id.eq(new.account_id),
            t::channel.eq(new.channel),
            t::reason.eq(&new.reason),
            t::supersedes_id.eq(new.supersedes),
        ),
    );
    Ok(on_each!(conn, |c| diesel::insert_into(t::table).values(row).returning(t::id).get_result(c))?)
}
