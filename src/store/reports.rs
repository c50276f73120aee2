//! Reports and their figures, append-only, and the figure in force of every series.

mod nearest;

use std::collections::BTreeSet;

use diesel::{
    dsl::{exists, not},
    prelude::*,
    sql_types::{BigInt, Integer, Nullable},
};

use nearest::{Nearest, Whose, nearest};

use super::{
    Conn, StoreError, Ts,
    among::among,
    connection::Backend,
    on_each, past,
    schema::{assignment, figure, indicator, latest, report, review, sql_types::UtcTimestamp, unit_closure},
    upsert::{upsert, upserts},
};
use crate::domain::{calendar::Instant, standing::Value, unit::UnitId};

#[diesel::declare_sql_function]
extern "SQL" {
    /// SQLite: the number of the row inserted last by this connection.
    fn last_insert_rowid() -> BigInt;
}

/// A report to be recorded.
#[derive(Debug, Clone)]
pub struct NewReport {
    /// The unit it speaks of.
    pub unit: UnitId,
    /// The plan.
    pub plan_id: i64,
    /// The time its figures are true at.
    pub as_of: Instant,
    /// The time it is recorded.
    pub recorded_at: Instant,
    /// Who.
    pub account_id: i64,
    /// How it came: `form`, `api`, `demo`.
    pub channel: &'static str,
    /// Why a figure is odd or corrected.
    pub reason: String,
    /// The report it corrects.
    pub supersedes: Option<i64>,
}

/// A figure of a series: an indicator and its value.
pub type IndicatorValue = (i64, Value);

upserts! {
    struct FigureRow -> "figure" {
        report_id: i64 => BigInt,
        unit_id: i64 => BigInt,
        indicator_id: i64 => BigInt,
        as_of: Ts => UtcTimestamp,
        count: i32 => Integer,
        base: Option<i32> => Nullable<Integer>,
    }
    ""
}
upserts! {
    struct LatestRow -> "latest" {
        report_id: i64 => BigInt,
        unit_id: i64 => BigInt,
        indicator_id: i64 => BigInt,
        as_of: Ts => UtcTimestamp,
        count: i32 => Integer,
        base: Option<i32> => Nullable<Integer>,
    }
    "ON CONFLICT (unit_id, indicator_id) DO UPDATE SET report_id = excluded.report_id, as_of = excluded.as_of, \
     count = excluded.count, base = excluded.base"
}

impl From<&FigureRow> for LatestRow {
    fn from(row: &FigureRow) -> Self {
        let FigureRow { report_id, unit_id, indicator_id, as_of, count, base } = *row;
        Self { report_id, unit_id, indicator_id, as_of, count, base }
    }
}

fn small(n: i64) -> Result<i32, StoreError> {
    i32::try_from(n).map_err(|_| StoreError::Broken(format!("{n} is too large a count")))
}

/// Records a report with its figures and keeps `latest` in step. `standing` is what [`standing_of`] said of the unit
/// in this transaction, its writers held off by `units::lock`. Returns the report's number.
pub fn insert(
    conn: &mut Conn,
    new: &NewReport,
    values: &[IndicatorValue],
    standing: &[InForce],
) -> Result<i64, StoreError> {
    past::note(conn, new.as_of, new.recorded_at)?;
    let as_of = Ts::from(new.as_of);
    let row = (
        report::unit_id.eq(new.unit.0),
        report::plan_id.eq(new.plan_id),
        report::as_of.eq(as_of),
        report::recorded_at.eq(Ts::from(new.recorded_at)),
        report::account_id.eq(new.account_id),
        report::channel.eq(new.channel),
        report::reason.eq(&new.reason),
        report::supersedes_id.eq(new.supersedes),
    );
    let report = diesel::insert_into(report::table).values(row);
    let id: i64 = match &mut conn.backend {
        // `RETURNING` would have it copy every page it changes, as if the statement could fail halfway.
        Backend::Sqlite(c) => {
            report.execute(c)?;
            diesel::select(last_insert_rowid()).get_result(c)?
        }
        Backend::Postgres(c) => report.returning(report::id).get_result(c)?,
    };
    let figures = values
        .iter()
        .map(|(indicator, value)| {
            Ok(FigureRow {
                report_id: id,
                unit_id: new.unit.0,
                indicator_id: *indicator,
                as_of,
                count: small(value.count)?,
                base: value.base.map(small).transpose()?,
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    let is_latest = |row: &&FigureRow| {
        !standing.iter().any(|known| known.indicator_id == row.indicator_id && known.as_of > row.as_of)
    };
    let now_latest: Vec<LatestRow> = figures.iter().filter(is_latest).map(LatestRow::from).collect();
    upsert(conn, &figures)?;
    upsert(conn, &now_latest)?;
    Ok(id)
}

/// Records the figures of reports that came with a file, already recorded under these numbers, and keeps `latest` in
/// step.
pub(super) fn insert_figures(
    conn: &mut Conn,
    ids: &[i64],
    reports: &[super::imports::ImportedReport],
) -> Result<(), StoreError> {
    let mut figures = Vec::with_capacity(6 * reports.len());
    let mut now_latest: Vec<LatestRow> = Vec::with_capacity(6 * reports.len());
    for (id, report) in ids.iter().zip(reports) {
        for ((indicator, value), is_in_force) in &report.values {
            let row = FigureRow {
                report_id: *id,
                unit_id: report.unit.0,
                indicator_id: *indicator,
                as_of: report.as_of.into(),
                count: small(value.count)?,
                base: value.base.map(small).transpose()?,
            };
            if *is_in_force {
                now_latest.push(LatestRow::from(&row));
            }
            figures.push(row);
        }
    }
    upsert(conn, &figures)?;
    // In the order of their keys; the last report of a unit is the one in force.
    now_latest.sort_by_key(|row| (row.unit_id, row.indicator_id));
    now_latest.dedup_by(|later, row| {
        let is_same = (later.unit_id, later.indicator_id) == (row.unit_id, row.indicator_id);
        if is_same {
            std::mem::swap(later, row);
        }
        is_same
    });
    upsert(conn, &now_latest)
}

/// A figure in force: of which series, since when, by which report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, QueryableByName)]
pub struct InForce {
    /// The unit.
    #[diesel(sql_type = BigInt)]
    pub unit_id: i64,
    /// The indicator.
    #[diesel(sql_type = BigInt)]
    pub indicator_id: i64,
    /// The report it comes from.
    #[diesel(sql_type = BigInt)]
    pub report_id: i64,
    #[diesel(sql_type = UtcTimestamp)]
    as_of: Ts,
    #[diesel(sql_type = Integer)]
    count: i32,
    #[diesel(sql_type = Nullable<Integer>)]
    base: Option<i32>,
}

impl InForce {
    /// The time the figure is true at.
    pub fn as_of(&self) -> Instant {
        self.as_of.0
    }

    /// The figure.
    pub fn value(&self) -> Value {
        Value { count: self.count.into(), base: self.base.map(Into::into) }
    }
}

/// The figures in force now of these indicators of every unit below `top`, itself included, in no order. From the derived
/// table. `+ 0`: a unit's few series are read in one stretch and sifted, instead of one look-up for every indicator of the
/// plan.
pub fn in_force(conn: &mut Conn, indicators: &[i64], top: UnitId) -> Result<Vec<InForce>, StoreError> {
    Ok(on_each!(conn, |c| latest::table
        .inner_join(unit_closure::table.on(unit_closure::unit_id.eq(latest::unit_id)))
        .filter(unit_closure::ancestor_id.eq(top.0).and((latest::indicator_id + 0).eq_any(indicators)))
        .select((latest::unit_id, latest::indicator_id, latest::report_id, latest::as_of, latest::count, latest::base))
        .load(c))?)
}

/// Those that were in force just before `until`, as is known `now`; in no order.
pub fn in_force_before(
    conn: &mut Conn,
    indicators: &[i64],
    top: UnitId,
    until: Instant,
    now: Instant,
) -> Result<Vec<InForce>, StoreError> {
    let read = |conn: &mut Conn| nearest(conn, indicators, Whose::Below(top), Nearest::LastBefore(until));
    past::figures(conn, (top, indicators, until), now, read)
}

/// The figures of these indicators of one unit that were in force just before `until`.
pub fn before(conn: &mut Conn, indicators: &[i64], unit: UnitId, until: Instant) -> Result<Vec<InForce>, StoreError> {
    nearest(conn, indicators, Whose::Own(unit), Nearest::LastBefore(until))
}

/// The first figure from a time on of each of these indicators of one unit.
pub fn first_from(
    conn: &mut Conn,
    indicators: &[i64],
    unit: UnitId,
    from: Instant,
) -> Result<Vec<InForce>, StoreError> {
    nearest(conn, indicators, Whose::Own(unit), Nearest::FirstFrom(from))
}

/// What a unit is asked to report for a plan: its cohorts, each once, and the figures in force now of all of them.
pub fn standing_of(conn: &mut Conn, plan_id: i64, unit: UnitId) -> Result<(Vec<String>, Vec<InForce>), StoreError> {
    let series = indicator::plan_id.eq(assignment::plan_id).and(indicator::cohort.eq(assignment::cohort));
    let known = latest::unit_id.eq(assignment::unit_id).and(latest::indicator_id.eq(indicator::id));
    let figure = (latest::unit_id, latest::indicator_id, latest::report_id, latest::as_of, latest::count, latest::base);
    let rows: Vec<(String, Option<InForce>)> = on_each!(conn, |c| assignment::table
        .left_join(indicator::table.on(series))
        .left_join(latest::table.on(known))
        .filter(assignment::plan_id.eq(plan_id).and(assignment::unit_id.eq(unit.0)))
        .order(assignment::cohort)
        .select((assignment::cohort, figure.nullable()))
        .load(c))?;
    let (mut cohorts, figures): (Vec<String>, Vec<Option<InForce>>) = rows.into_iter().unzip();
    cohorts.dedup();
    Ok((cohorts, figures.into_iter().flatten().collect()))
}

/// The figures in force now of these indicators of some units, by unit and indicator.
pub fn in_force_of(conn: &mut Conn, indicators: &[i64], ids: &[UnitId]) -> Result<Vec<InForce>, StoreError> {
    // `+ 0`: see `in_force`.
    let known = among(latest::unit_id, ids.iter().map(|id| id.0))
        .and(among(latest::indicator_id + 0, indicators.iter().copied()));
    Ok(on_each!(conn, |c| latest::table
        .filter(known)
        .order((latest::unit_id, latest::indicator_id))
        .select((latest::unit_id, latest::indicator_id, latest::report_id, latest::as_of, latest::count, latest::base))
        .load(c))?)
}

/// Every figure that stands of these indicators of some units, series by series in record order.
pub fn figures_of(conn: &mut Conn, indicators: &[i64], ids: &[UnitId]) -> Result<Vec<InForce>, StoreError> {
    if indicators.is_empty() || ids.is_empty() {
        return Ok(Vec::new());
    }
    let series =
        among(figure::unit_id, ids.iter().map(|id| id.0)).and(among(figure::indicator_id, indicators.iter().copied()));
    let returned = review::table.filter(review::report_id.eq(figure::report_id).and(review::outcome.eq("returned")));
    Ok(on_each!(conn, |c| figure::table
        .filter(series.and(not(exists(returned))))
        .order((figure::unit_id, figure::indicator_id, figure::report_id))
        .select((figure::unit_id, figure::indicator_id, figure::report_id, figure::as_of, figure::count, figure::base))
        .load(c))?)
}

/// Which of these units have people counted in these indicators. A figure of 0 counts nobody.
pub fn counting<'a>(
    conn: &mut Conn,
    indicators: &[i64],
    ids: impl IntoIterator<Item = &'a UnitId>,
) -> Result<BTreeSet<UnitId>, StoreError> {
    let units = among(latest::unit_id, ids.into_iter().map(|id| id.0));
    let found: Vec<i64> = on_each!(conn, |c| latest::table
        .filter(units.and(is_counted!(indicators)))
        .select(latest::unit_id)
        .distinct()
        .load(c))?;
    Ok(found.into_iter().map(UnitId).collect())
}

/// Which units below these have people counted in these indicators: (unit, the other below it).
pub fn counted_below<'a>(
    conn: &mut Conn,
    indicators: &[i64],
    ids: impl IntoIterator<Item = &'a UnitId>,
) -> Result<Vec<(UnitId, UnitId)>, StoreError> {
    let below = among(unit_closure::ancestor_id, ids.into_iter().map(|id| id.0)).and(unit_closure::depth.gt(0));
    let found: Vec<(i64, i64)> = on_each!(conn, |c| unit_closure::table
        .inner_join(latest::table.on(latest::unit_id.eq(unit_closure::unit_id)))
        .filter(below.and(is_counted!(indicators)))
        .select((unit_closure::ancestor_id, latest::unit_id))
        .distinct()
        .load(c))?;
    Ok(found.into_iter().map(|(unit, other)| (UnitId(unit), UnitId(other))).collect())
}

/// That someone is counted in one of some indicators. `+ 0`: see `in_force`.
macro_rules! is_counted {
    ($indicators:expr) => {
        among(latest::indicator_id + 0, $indicators.iter().copied()).and(latest::count.gt(0))
    };
}
use is_counted;

/// The unit, plan and moment of a report, if there is such a report.
pub fn find(conn: &mut Conn, id: i64) -> Result<Option<(UnitId, i64, Instant)>, StoreError> {
    let row: Option<(i64, i64, Ts)> = on_each!(conn, |c| report::table
        .find(id)
        .select((report::unit_id, report::plan_id, report::as_of))
        .get_result(c)
        .optional())?;
    Ok(row.map(|(unit, plan, as_of)| (UnitId(unit), plan, as_of.0)))
}

/// Puts another figure in force for a series, or none: after a report was returned.
pub fn set_latest(
    conn: &mut Conn,
    (unit, indicator): (UnitId, i64),
    in_force: Option<InForce>,
) -> Result<(), StoreError> {
    match in_force {
        None => {
            on_each!(conn, |c| diesel::delete(latest::table.find((unit.0, indicator))).execute(c))?;
            Ok(())
        }
        Some(InForce { unit_id, indicator_id, report_id, as_of, count, base }) => {
            upsert(conn, &[LatestRow { report_id, unit_id, indicator_id, as_of, count, base }])
        }
    }
}
