//! How a rate moved over time: a running sum over the ledger's changes.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    Result, UnitRef, allowed_or_own,
    progress::{CohortRef, Moment, Obligations, PlanRef},
};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::{self, Instant},
        ledger::Amount,
        plan::{Cohort, CountedOn, Words},
        rate::Rate,
        unit::UnitId,
    },
    store::{Conn, plans::StoredPlan, tallies},
};

/// How many lines one chart can carry.
const MOST_LINES: usize = 4;

/// A line of the trend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TrendLine {
    /// Measure or cohort code.
    pub code: String,
    /// What the line is.
    pub name: Words,
    /// Days with a change, in order; between them the rate holds.
    pub points: Vec<TrendPoint>,
}

/// A day on a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TrendPoint {
    /// The day.
    pub day: NaiveDate,
    /// The rate at its end.
    pub rate: Rate,
    /// Units that had reported by then.
    pub reported: i64,
    /// Whether all obliged units had.
    pub is_complete: bool,
}

/// The trend of one cohort of a place or unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Trend {
    /// The plan.
    pub plan: PlanRef,
    /// The top of what is shown.
    pub scope: UnitRef,
    /// The instant it speaks of.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Instant,
    /// First day shown.
    pub from: NaiveDate,
    /// Last day shown.
    pub to: NaiveDate,
    /// The cohort shown.
    pub cohort: Option<CohortRef>,
    /// The cohorts one can choose.
    pub cohorts: Vec<CohortRef>,
    /// Units obliged to report it.
    pub obliged: i64,
    /// A line for each measure that has a rate.
    pub lines: Vec<TrendLine>,
    /// The nearest day that has figures, when the range has none.
    pub nearest: Option<NaiveDate>,
}

/// The trend of `cohort` (the staff cohort most units answer for, by default) from `from` to the moment's day.
pub fn see_trend(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    scope: Option<&str>,
    cohort: Option<&str>,
    from: Option<NaiveDate>,
    moment: Moment,
) -> Result<Trend> {
    let place = allowed_or_own(conn, actor, Deed::See, scope)?;
    let top = place.unit.id;
    let obligations = Obligations::read(conn, plan, top)?;
    let has_rates =
        |c: &&Cohort| obligations.count(&c.code) > 0 && plan.plan.fields(c).iter().any(|field| field.of.is_some());
    let cohorts: Vec<&Cohort> = plan.plan.cohorts.iter().filter(has_rates).collect();
    let most = cohorts.iter().max_by_key(|c| (c.counted_on == CountedOn::Body, obligations.count(&c.code)));
    let chosen = cohorts.iter().find(|c| Some(c.code.as_str()) == cohort).or(most).copied();
    let count = chosen.map_or(0, |c| obligations.count(&c.code));
    let mut lines = Vec::new();
    if let Some(chosen) = chosen {
        let fields = plan.plan.fields(chosen).iter().filter(|f| f.of.is_some() && f.measure != "smartphone_users");
        for field in fields.take(MOST_LINES) {
            let name = plan.plan.measure_name(&field.measure);
            lines.push((plan.indicator(&chosen.code, &field.measure)?, field.measure.clone(), name, chosen, count));
        }
    }
    let indicators: Vec<i64> = lines.iter().map(|(indicator, ..)| *indicator).collect();
    let mut lines = draw(conn, top, lines, moment)?;
    let every_day = || lines.iter().flat_map(|line| line.points.iter().map(|point| point.day));
    let first = every_day().min();
    let from = from.or(first).unwrap_or(moment.day).min(moment.day);
    for line in &mut lines {
        clip(line, from);
    }
    // A rate holds until the next report: where nothing is known, the range ends before the first one.
    let nearest = if lines.iter().all(|line| line.points.is_empty()) {
        let changes = tallies::by_day(conn, top, &indicators, calendar::day(moment.now), moment.now)?;
        changes.values().filter_map(|days| days.keys().next().copied()).min()
    } else {
        None
    };
    Ok(Trend {
        plan: PlanRef::from(plan),
        scope: UnitRef::from(&place.unit),
        as_of: moment.as_of(),
        from,
        to: moment.day,
        cohort: chosen.map(|c| CohortRef::of(plan, c)),
        cohorts: cohorts.into_iter().map(|c| CohortRef::of(plan, c)).collect(),
        obliged: count,
        lines,
        nearest,
    })
}

/// The first decisive measure's rate, a line for each cohort with a target.
pub fn lines_by_cohort(
    conn: &mut Conn,
    obligations: &Obligations<'_>,
    moment: Moment,
) -> Result<(Option<Words>, Vec<TrendLine>)> {
    let Obligations { plan, top, .. } = *obligations;
    let mut measure = None;
    let mut wanted = Vec::new();
    for cohort in &plan.plan.cohorts {
        let count = obligations.count(&cohort.code);
        if count == 0 {
            continue;
        }
        let decisive = plan.plan.fields(cohort).iter().find(|field| field.decisive);
        let (Some(field), Some(_)) = (decisive, CohortRef::of(plan, cohort).target) else { continue };
        measure = measure.or_else(|| Some(plan.plan.measure_name(&field.measure)));
        let indicator = plan.indicator(&cohort.code, &field.measure)?;
        wanted.push((indicator, cohort.code.clone(), cohort.short.clone(), cohort, count));
    }
    // More cohorts than a chart carries: those most units answer for, in the plan's order.
    let mut by_units: Vec<usize> = (0..wanted.len()).collect();
    by_units.sort_by_key(|i| std::cmp::Reverse(wanted[*i].4));
    by_units.truncate(MOST_LINES);
    let mut place = 0..;
    wanted.retain(|_| place.next().is_some_and(|i| by_units.contains(&i)));
    Ok((measure, draw(conn, top, wanted, moment)?))
}

/// A line to draw: indicator, code, name, its cohort, units obliged.
type Wanted<'a> = (i64, String, Words, &'a Cohort, i64);

fn draw(conn: &mut Conn, top: UnitId, wanted: Vec<Wanted<'_>>, moment: Moment) -> Result<Vec<TrendLine>> {
    let indicators: Vec<i64> = wanted.iter().map(|(indicator, ..)| *indicator).collect();
    let mut changes = tallies::by_day(conn, top, &indicators, moment.day, moment.now)?;
    Ok(wanted
        .into_iter()
        .map(|(indicator, code, name, cohort, obliged)| {
            let of_line = changes.remove(&indicator).unwrap_or_default();
            TrendLine { name, code, points: run(of_line, cohort.counted_on, obliged) }
        })
        .collect())
}

fn run(changes: BTreeMap<NaiveDate, Amount>, counted_on: CountedOn, obliged: i64) -> Vec<TrendPoint> {
    let mut total = Amount::default();
    changes
        .into_iter()
        .map(|(day, by)| {
            total += by;
            let counted = if counted_on == CountedOn::Area { total.count } else { total.counted };
            TrendPoint {
                day,
                rate: Rate::new(counted, total.base),
                reported: total.units,
                is_complete: total.units >= obliged,
            }
        })
        .collect()
}

/// Cuts a line to begin at `from`: the rate in force then is its first point.
fn clip(line: &mut TrendLine, from: NaiveDate) {
    let earlier = line.points.iter().rposition(|point| point.day < from);
    if let Some(last) = earlier {
        let mut first = line.points[last].clone();
        line.points.drain(..=last);
        if line.points.first().is_none_or(|point| point.day > from) {
            first.day = from;
            line.points.insert(0, first);
        }
    }
}
