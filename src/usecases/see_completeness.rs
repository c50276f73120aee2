//! Who has reported, in time and in full: by unit and period, and the rates that follow.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::{Result, UnitRef, UseCaseError, allowed_or_own, progress::PlanRef};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::{self, Instant},
        completeness::{self, Completeness, PeriodCell, Received, Reporter, Sent},
        plan::Directive,
        schedule::{Period, Version},
        unit::UnitId,
    },
    store::{
        Conn,
        plans::{Obliged, StoredPlan},
        received, schedules,
    },
};

/// The most periods shown at once.
pub const MOST_PERIODS: usize = 60;

/// Completeness of a subtree over some periods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CompletenessView {
    /// The plan.
    pub plan: PlanRef,
    /// The top of what is shown.
    pub scope: UnitRef,
    /// When it was asked: a report sent later changes it.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Instant,
    /// Whether the timetable in force is ours and not the plan's.
    pub is_assumed: bool,
    /// Each period, the newest last.
    pub periods: Vec<PeriodCompleteness>,
    /// Each unit a report is expected of in any of them, by code.
    pub units: Vec<UnitCompleteness>,
}

impl CompletenessView {
    /// The newest period.
    pub fn newest(&self) -> Option<&PeriodCompleteness> {
        self.periods.last()
    }

    /// The units that a report of the newest period is expected of and has not come.
    pub fn silent(&self) -> impl Iterator<Item = &UnitCompleteness> {
        self.units.iter().filter(|unit| {
            unit.cells.last().is_some_and(|cell| cell.state != Sent::NotExpected && !cell.state.is_received())
        })
    }
}

/// A period: its instants and its rates, named as DHIS2 names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PeriodCompleteness {
    /// The period: it opens, is due, locks.
    pub period: Period,
    /// Units a report is expected of.
    #[serde(rename = "EXPECTED_REPORTS")]
    pub expected: i64,
    /// Units that sent one.
    #[serde(rename = "ACTUAL_REPORTS")]
    pub received: i64,
    /// Units that sent one on time.
    #[serde(rename = "ACTUAL_REPORTS_ON_TIME")]
    pub on_time: i64,
    /// Received ÷ expected, in tenths of a percent, cut off; none: nothing is expected.
    #[serde(rename = "REPORTING_RATE")]
    pub reporting_rate: Option<i64>,
    /// On time ÷ expected, in tenths of a percent, cut off; none: nothing is expected.
    #[serde(rename = "REPORTING_RATE_ON_TIME")]
    pub on_time_rate: Option<i64>,
    /// Units that sent every required figure.
    pub complete: i64,
    /// The middle delay of what was sent, in minutes; less than 0: before the due time.
    pub median_delay_minutes: Option<i64>,
}

impl PeriodCompleteness {
    fn new(period: Period, sum: &Completeness) -> Self {
        let rate = |count: i64| crate::domain::rate::Rate::new(count, sum.expected).tenths();
        Self {
            period,
            expected: sum.expected,
            received: sum.received,
            on_time: sum.on_time,
            reporting_rate: rate(sum.received),
            on_time_rate: rate(sum.on_time),
            complete: sum.complete,
            median_delay_minutes: sum.median_delay_minutes,
        }
    }
}

/// A unit over the periods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct UnitCompleteness {
    /// The unit.
    pub unit: UnitRef,
    /// The clause that obliges it.
    pub section: String,
    /// Whether that orders or requests.
    pub directive: Directive,
    /// Each period, the newest last.
    pub cells: Vec<PeriodCell>,
}

/// The last `count` periods up to the one that begins on `from`, or up to the newest that has opened.
pub fn see_completeness(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    scope: Option<&str>,
    (newest, count): (Option<NaiveDate>, usize),
    now: Instant,
) -> Result<CompletenessView> {
    let place = allowed_or_own(conn, actor, Deed::See, scope)?;
    let periods = periods(plan, newest, count, now)?;
    let mut sums: Vec<Vec<PeriodCell>> = vec![Vec::new(); periods.len()];
    let mut units = Vec::new();
    let received = received_by_unit(conn, plan, place.unit.id, &periods)?;
    for (obliged, reporter) in schedules::reporters(conn, plan, place.unit.id)? {
        let cells = cells(plan, (&obliged, &reporter), &periods, received.get(&obliged.unit.id), now);
        if cells.iter().all(|cell| cell.state == Sent::NotExpected) {
            continue;
        }
        sums.iter_mut().zip(&cells).for_each(|(sum, cell)| sum.push(*cell));
        let (section, directive) = clause(plan, &obliged);
        units.push(UnitCompleteness { unit: UnitRef::from(&obliged.unit), section, directive, cells });
    }
    let day = periods.last().map_or_else(|| calendar::day(now), |period| period.from);
    Ok(CompletenessView {
        plan: PlanRef::from(plan),
        scope: UnitRef::from(&place.unit),
        as_of: now,
        is_assumed: plan.timetable.version(day).is_some_and(|version| version.assumed),
        periods: periods
            .iter()
            .zip(&sums)
            .map(|(period, cells)| PeriodCompleteness::new(*period, &Completeness::of(cells)))
            .collect(),
        units,
    })
}

/// The last `count` periods up to the one that begins on `newest`, or up to the newest that has opened.
pub(super) fn periods(plan: &StoredPlan, newest: Option<NaiveDate>, count: usize, now: Instant) -> Result<Vec<Period>> {
    let count = count.clamp(1, MOST_PERIODS);
    let Some(from) = newest else { return Ok(plan.timetable.newest(now, count)) };
    let period = plan.timetable.period_of(from).filter(|period| period.from == from && period.opens <= now);
    let unknown = || UseCaseError::NotFound { kind: "period", name: from.to_string() };
    let period = period.ok_or_else(unknown)?;
    Ok(plan.timetable.newest(period.opens, count))
}

/// The clause a unit is obliged by.
pub(super) fn clause(plan: &StoredPlan, obliged: &Obliged) -> (String, Directive) {
    let section = obliged.cohorts.first().map_or_else(String::new, |(section, _)| section.clone());
    let directive = plan.plan.clause(&section).map_or(Directive::Order, |clause| clause.directive);
    (section, directive)
}

/// The cohorts a version asks of a unit, as bits.
pub(super) fn asked(plan: &StoredPlan, version: &Version, obliged: &Obliged) -> completeness::Cohorts {
    completeness::asked(&plan.plan, &version.rules, obliged.each().map(|(_, section, cohort)| (section, cohort)))
}

fn cells(
    plan: &StoredPlan,
    (obliged, reporter): (&Obliged, &Reporter),
    periods: &[Period],
    received: Option<&BTreeMap<NaiveDate, Received>>,
    now: Instant,
) -> Vec<PeriodCell> {
    periods
        .iter()
        .map(|period| {
            let asked = plan.timetable.version(period.from).map_or(0, |version| asked(plan, version, obliged));
            let received = received.and_then(|received| received.get(&period.from));
            completeness::judge(reporter, asked, period, received, now)
        })
        .collect()
}

type ReceivedByUnit = BTreeMap<UnitId, BTreeMap<NaiveDate, Received>>;

fn received_by_unit(conn: &mut Conn, plan: &StoredPlan, top: UnitId, periods: &[Period]) -> Result<ReceivedByUnit> {
    let mut by_unit = ReceivedByUnit::new();
    let periods: Vec<NaiveDate> = periods.iter().map(|period| period.from).collect();
    for (period, unit, received) in received::of_periods(conn, plan.id, Some(top), &periods)? {
        by_unit.entry(unit).or_default().insert(period, received);
    }
    Ok(by_unit)
}
