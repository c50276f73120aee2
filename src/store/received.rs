//! What units have sent of each period: derived from the reports that stand, one row for a unit and period, written in
//! the transaction of the report; so that reading who is late costs by units, not by history.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::{
    dsl::max,
    prelude::*,
    sql_types::{BigInt, Date, Nullable},
};

use super::{
    Conn, StoreError, Ts,
    among::among,
    connection::Backend,
    on_each,
    plans::StoredPlan,
    schema::{figure, received, report, sql_types::UtcTimestamp, unit_closure},
    upsert::{upsert, upserts},
};
use crate::domain::{
    calendar::{self, Instant},
    completeness::{Received, Said},
    unit::UnitId,
};

upserts! {
    #[derive(Debug, Clone, PartialEq, Eq)]
    struct ReceivedRow -> "received" {
        plan_id: i64 => BigInt,
        period_from: NaiveDate => Date,
        unit_id: i64 => BigInt,
        first_at: Option<Ts> => Nullable<UtcTimestamp>,
        last_report_id: i64 => BigInt,
        given: i64 => BigInt,
        counted: i64 => BigInt,
    }
    "ON CONFLICT (plan_id, period_from, unit_id) DO UPDATE SET first_at = COALESCE(received.first_at, excluded.first_at), \
     last_report_id = excluded.last_report_id, given = received.given | excluded.given, \
     counted = received.counted | excluded.counted"
}

/// A report as it counts for its period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Its number.
    pub report: i64,
    /// Whose.
    pub unit: UnitId,
    /// The first day of its period.
    pub period_from: NaiveDate,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// What it says.
    pub said: Said,
}

impl Counted {
    /// What a report says of its period, from its figures: (cohort, measure, count). `None`: no period of the plan holds
    /// the day.
    pub fn of<'a>(
        plan: &StoredPlan,
        (report, unit, as_of, recorded_at): (i64, UnitId, Instant, Instant),
        figures: impl IntoIterator<Item = (&'a str, &'a str, i64)>,
    ) -> Option<Self> {
        let period_from = plan.timetable.period_at(as_of)?.from;
        Some(Self { report, unit, period_from, recorded_at, said: Said::by(&plan.plan, figures) })
    }

    fn row(&self, plan_id: i64) -> ReceivedRow {
        ReceivedRow {
            plan_id,
            period_from: self.period_from,
            unit_id: self.unit.0,
            first_at: Some(self.recorded_at.into()),
            last_report_id: self.report,
            given: self.said.given,
            counted: self.said.counted,
        }
    }
}

/// Notes reports just recorded, in their order; the first of a period keeps its time.
pub fn note(conn: &mut Conn, plan_id: i64, reports: &[Counted]) -> Result<(), StoreError> {
    // A file may hold several days of one period; no statement may name a row twice.
    let mut rows: BTreeMap<(NaiveDate, UnitId), ReceivedRow> = BTreeMap::new();
    for report in reports {
        let new = report.row(plan_id);
        rows.entry((report.period_from, report.unit))
            .and_modify(|row| {
                row.last_report_id = new.last_report_id;
                row.given |= new.given;
                row.counted |= new.counted;
            })
            .or_insert(new);
    }
    upsert(conn, &rows.into_values().collect::<Vec<_>>())
}

type Row = (NaiveDate, i64, Option<Ts>, i64, i64, i64);

fn read((period, unit, first_at, report, given, counted): Row) -> (NaiveDate, UnitId, Received) {
    let said = Said { given, counted };
    (period, UnitId(unit), Received { first_at: first_at.map(|ts| ts.0), report, said })
}

/// What the units below `top`, or everybody, have sent of the periods that begin on these days.
pub fn of_periods(
    conn: &mut Conn,
    plan_id: i64,
    top: Option<UnitId>,
    periods: &[NaiveDate],
) -> Result<Vec<(NaiveDate, UnitId, Received)>, StoreError> {
    // Each period named: between a first and a last, PostgreSQL reads the periods of everybody for every unit.
    macro_rules! of_all {
        () => {
            received::table.filter(received::plan_id.eq(plan_id).and(received::period_from.eq_any(periods))).select((
                received::period_from,
                received::unit_id,
                received::first_at,
                received::last_report_id,
                received::given,
                received::counted,
            ))
        };
    }
    let rows: Vec<Row> = match top {
        None => on_each!(conn, |c| of_all!().load(c)),
        Some(top) => on_each!(conn, |c| of_all!()
            .inner_join(unit_closure::table.on(unit_closure::unit_id.eq(received::unit_id)))
            .filter(unit_closure::ancestor_id.eq(top.0))
            .load(c)),
    }?;
    Ok(rows.into_iter().map(read).collect())
}

/// What the rows of a plan must be, made from the reports that stand: (first day of the period, unit).
type Expected = BTreeMap<(NaiveDate, i64), ReceivedRow>;

/// How many units' reports are looked at together.
const TOGETHER: usize = 100;

fn recompute(conn: &mut Conn, plan: &StoredPlan) -> Result<Expected, StoreError> {
    let returned = super::reviews::returned(conn, None)?;
    let units: Vec<i64> = on_each!(conn, |c| report::table
        .filter(report::plan_id.eq(plan.id))
        .select(report::unit_id)
        .distinct()
        .load(c))?;
    let mut expected = Expected::new();
    for units in units.chunks(TOGETHER) {
        let reports: Vec<ReportRow> = on_each!(conn, |c| report::table
            .filter(report::plan_id.eq(plan.id).and(among(report::unit_id, units.iter().copied())))
            .order(report::id)
            .select((report::id, report::unit_id, report::as_of, report::recorded_at))
            .load(c))?;
        let figures: Vec<FigureRow> = on_each!(conn, |c| figure::table
            .filter(among(figure::unit_id, units.iter().copied()))
            .select((figure::report_id, figure::indicator_id, figure::count))
            .load(c))?;
        add(&mut expected, plan, &reports, figures, &returned);
    }
    Ok(expected)
}

/// A report: its number, whose, the time its figures are true at, when it was recorded.
type ReportRow = (i64, i64, Ts, Ts);
/// A figure: of which report and indicator, how many.
type FigureRow = (i64, i64, i32);

/// Adds what reports say of their periods, in the order they were recorded.
fn add(
    expected: &mut Expected,
    plan: &StoredPlan,
    reports: &[ReportRow],
    figures: Vec<FigureRow>,
    returned: &BTreeSet<i64>,
) {
    let names = plan.names();
    let mut said: BTreeMap<i64, Vec<(&str, &str, i64)>> = BTreeMap::new();
    for (report, indicator, count) in figures {
        if let Some((cohort, measure)) = names.get(&indicator) {
            said.entry(report).or_default().push((cohort, measure, count.into()));
        }
    }
    for (id, unit, as_of, recorded_at) in reports {
        let figures = said.remove(id).unwrap_or_default();
        if let Some(counted) = Counted::of(plan, (*id, UnitId(*unit), as_of.0, recorded_at.0), figures) {
            add_row(expected, counted.row(plan.id), returned.contains(id));
        }
    }
}

/// Adds a report to what a period says, in the order they were recorded; a returned one is only seen to have been there.
fn add_row(expected: &mut Expected, mut row: ReceivedRow, is_returned: bool) {
    if is_returned {
        row = ReceivedRow { first_at: None, given: 0, counted: 0, ..row };
    }
    let known = expected.entry((row.period_from, row.unit_id)).or_insert_with(|| row.clone());
    known.first_at = known.first_at.or(row.first_at);
    known.last_report_id = known.last_report_id.max(row.last_report_id);
    known.given |= row.given;
    known.counted |= row.counted;
}

/// Makes the rows of a plan anew: when its first timetable is set.
pub fn rebuild(conn: &mut Conn, plan: &StoredPlan) -> Result<usize, StoreError> {
    on_each!(conn, |c| diesel::delete(received::table.filter(received::plan_id.eq(plan.id))).execute(c))?;
    let rows: Vec<ReceivedRow> = recompute(conn, plan)?.into_values().collect();
    upsert(conn, &rows)?;
    Ok(rows.len())
}

type Kept = (i64, NaiveDate, i64, Option<Ts>, i64, i64, i64);

/// The first row of a plan that is not what its reports say, if any.
pub fn first_difference(conn: &mut Conn, plan: &StoredPlan) -> Result<Option<(UnitId, NaiveDate)>, StoreError> {
    let mut expected = recompute(conn, plan)?;
    let kept: Vec<Kept> = on_each!(conn, |c| received::table.filter(received::plan_id.eq(plan.id)).load::<Kept>(c))?;
    for (plan_id, period_from, unit_id, first_at, last_report_id, given, counted) in kept {
        let row = ReceivedRow { plan_id, period_from, unit_id, first_at, last_report_id, given, counted };
        if expected.remove(&(period_from, unit_id)).as_ref() != Some(&row) {
            return Ok(Some((UnitId(unit_id), period_from)));
        }
    }
    Ok(expected.into_keys().next().map(|(period, unit)| (UnitId(unit), period)))
}

/// Makes the row of one unit and period anew: after a report of it was returned.
pub fn review(
    conn: &mut Conn,
    plan: &StoredPlan,
    unit: UnitId,
    period: &crate::domain::schedule::Period,
) -> Result<(), StoreError> {
    let (from, to) = (Ts::from(period.opens), Ts::from(calendar::end_of(period.to)));
    let reports: Vec<ReportRow> = on_each!(conn, |c| report::table
        .filter(report::plan_id.eq(plan.id).and(report::unit_id.eq(unit.0)))
        .filter(report::as_of.ge(from).and(report::as_of.lt(to)))
        .order(report::id)
        .select((report::id, report::unit_id, report::as_of, report::recorded_at))
        .load(c))?;
    let figures: Vec<FigureRow> = on_each!(conn, |c| figure::table
        .filter(figure::unit_id.eq(unit.0).and(figure::as_of.ge(from)).and(figure::as_of.lt(to)))
        .select((figure::report_id, figure::indicator_id, figure::count))
        .load(c))?;
    let ids: Vec<i64> = reports.iter().map(|report| report.0).collect();
    let returned = super::reviews::returned(conn, Some(&ids))?;
    let mut expected = Expected::new();
    add(&mut expected, plan, &reports, figures, &returned);
    on_each!(conn, |c| diesel::delete(received::table.find((plan.id, period.from, unit.0))).execute(c))?;
    upsert(conn, &expected.into_values().collect::<Vec<_>>())
}

/// So many periods are read whole, the newest first: most of the silent sent something in one of them.
const READ_WHOLE: usize = 3;
/// So few units are looked up one by one.
const FEW: usize = 200;

/// The newest period before `before` of which each of these units sent something that stands, however long its history.
pub fn newest_before(
    conn: &mut Conn,
    plan_id: i64,
    units: &[UnitId],
    before: NaiveDate,
) -> Result<BTreeMap<UnitId, NaiveDate>, StoreError> {
    let mut left: BTreeSet<UnitId> = units.iter().copied().collect();
    let (mut newest, mut before) = (BTreeMap::new(), before);
    for _ in 0..READ_WHOLE {
        if left.len() <= FEW {
            break;
        }
        let earlier: Option<NaiveDate> = on_each!(conn, |c| received::table
            .filter(received::plan_id.eq(plan_id).and(received::period_from.lt(before)))
            .select(max(received::period_from))
            .get_result(c))?;
        let Some(period) = earlier else { return Ok(newest) };
        let sent: Vec<i64> = on_each!(conn, |c| received::table
            .filter(received::plan_id.eq(plan_id).and(received::period_from.eq(period)))
            .filter(received::given.ne(0))
            .select(received::unit_id)
            .load(c))?;
        newest.extend(sent.into_iter().map(UnitId).filter(|unit| left.remove(unit)).map(|unit| (unit, period)));
        before = period;
    }
    newest.extend(look_up_newest(conn, plan_id, &left, before)?);
    Ok(newest)
}

/// The same by one look-up in the index for each unit.
fn look_up_newest(
    conn: &mut Conn,
    plan_id: i64,
    units: &BTreeSet<UnitId>,
    before: NaiveDate,
) -> Result<Vec<(UnitId, NaiveDate)>, StoreError> {
    #[derive(QueryableByName)]
    struct Newest {
        #[diesel(sql_type = BigInt)]
        unit_id: i64,
        #[diesel(sql_type = Nullable<Date>)]
        newest: Option<NaiveDate>,
    }
    // SQLite takes the primary key for it, which holds the period before the unit, and reads every unit's history.
    let by = match conn.backend {
        Backend::Sqlite(_) => "INDEXED BY received_sent",
        Backend::Postgres(_) => "",
    };
    let units: Vec<String> = units.iter().map(|unit| format!("({})", unit.0)).collect();
    let mut found = Vec::new();
    for batch in units.chunks(10_000) {
        let sql = format!(
            "WITH u(id) AS (VALUES {ids}) SELECT CAST(u.id AS BIGINT) AS unit_id, (SELECT r.period_from \
             FROM received r {by} WHERE r.plan_id = $1 AND r.unit_id = u.id AND r.period_from < $2 AND r.given <> 0 \
             ORDER BY r.period_from DESC LIMIT 1) AS newest FROM u",
            ids = batch.join(", ")
        );
        let rows: Vec<Newest> =
            on_each!(conn, |c| diesel::sql_query(&sql).bind::<BigInt, _>(plan_id).bind::<Date, _>(before).load(c))?;
        found.extend(rows.into_iter().filter_map(|row| Some((UnitId(row.unit_id), row.newest?))));
    }
    Ok(found)
}
