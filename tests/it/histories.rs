//! Any history of reports, corrections, back-datings and returns: the ledger equals a recomputation, and every total on every
//! day equals a sum made the simple way.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, Duration, NaiveDate};
use proptest::{collection::vec, prelude::*};
use vungxanh::{
    domain::{
        actor::{Actor, Role},
        calendar::{self, Instant},
        rate::Rate,
        review::Outcome,
    },
    store::{Conn, plans::StoredPlan},
    usecases::{
        progress::Moment, record_report::record_report, review_report::review_report, see_league::see_league,
        see_overview::see_overview, see_trend::see_trend, verify::verify,
    },
};

use crate::harness::{
    NOW, TestDatabase, database_tests, instant, plan,
    reporting::{actor, staff, submission},
    undone::{Undone, try_cases},
};

/// An agency, the body of a commune, and two hamlets of that commune.
const UNITS: [(&str, &str); 4] =
    [("CM-P-YTE", "staff_b"), ("CM-X-30634", "staff_d"), ("30634-01", "residents"), ("30634-02", "residents")];
/// The place that has all of them below it, the one that has all but the agency, and three of themselves.
const SCOPES: [&str; 5] = ["893", "30634", "CM-P-YTE", "CM-X-30634", "30634-01"];

/// One report: of which unit, how many half days ago, which earlier one it corrects if it can, and its figures.
#[derive(Debug, Clone)]
struct Step {
    unit: usize,
    half_days_ago: i64,
    corrects: Option<prop::sample::Index>,
    /// An earlier report that is returned first, if it can be.
    returns: Option<prop::sample::Index>,
    figures: [i64; 4],
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let figures = (0..60_i64, 0..60_i64, 0..60_i64, 0..60_i64).prop_map(|(a, b, c, d)| {
        let phones = b.min(a);
        [a, phones, c.min(phones), d.min(a)]
    });
    let sometimes = || prop::option::weighted(0.25, any::<prop::sample::Index>());
    let step = (0..UNITS.len(), 0..24_i64, sometimes(), sometimes(), figures);
    vec(
        step.prop_map(|(unit, half_days_ago, corrects, returns, figures)| Step {
            unit,
            half_days_ago,
            corrects,
            returns,
            figures,
        }),
        1..=25,
    )
}

/// What a series says: (true at, count, base, report), in record order; only what was not returned.
type Model = BTreeMap<(usize, &'static str), Vec<(Instant, i64, i64, i64)>>;

fn play(conn: &mut Conn, (who, office): (&Actor, &Actor), plan: &StoredPlan, steps: &[Step]) -> Result<(), Undone> {
    let mut returned = BTreeSet::new();
    let mut model = Model::new();
    let mut recorded: Vec<(i64, usize, Instant)> = Vec::new();
    for step in steps {
        if let Some((id, ..)) = step.returns.filter(|_| !recorded.is_empty()).map(|index| *index.get(&recorded))
            && returned.insert(id)
        {
            review_report(conn, office, plan, (id, Outcome::Returned, "sai"), instant(NOW))?;
            for series in model.values_mut() {
                series.retain(|figure| figure.3 != id);
            }
        }
        let corrected = step.corrects.filter(|_| !recorded.is_empty()).map(|index| *index.get(&recorded));
        let (unit, as_of) = match corrected {
            Some((_, unit, as_of)) => (unit, as_of),
            None => (step.unit, instant(NOW) - Duration::hours(12 * step.half_days_ago)),
        };
        let (code, cohort) = UNITS[unit];
        let [a, b, c, d] = step.figures;
        let residents = [("population", a), ("bluezone_installed", c), ("ncovi_declared", d + 5)];
        let staff = staff(a, b, c, d);
        let figures: &[(&str, i64)] = if cohort == "residents" { &residents } else { &staff };
        let mut report = submission(code, as_of, &[(cohort, figures)]);
        report.supersedes = corrected.map(|(id, ..)| id);
        let receipt = record_report(conn, who, plan, &report, instant(NOW))?;
        let id = receipt.reports[0].report;
        recorded.push((id, unit, as_of));
        let base = if cohort == "residents" { a } else { b };
        model.entry((unit, "bluezone_installed")).or_default().push((as_of, c, base, id));
        let declared = if cohort == "residents" { d + 5 } else { d };
        model.entry((unit, "ncovi_declared")).or_default().push((as_of, declared, base, id));
    }
    if let Some(difference) = verify(conn)?.difference {
        return Err(Undone::Wrong(difference));
    }
    let today = calendar::day(instant(NOW));
    for scope in SCOPES {
        for days_ago in [0, 1, 3, 6, 12] {
            compare(conn, who, plan, &model, scope, today - Days::new(days_ago))?;
        }
    }
    Err(Undone::Fine)
}

/// Σ over the units of a cohort below a place, the simple way: (count, counted, base, units).
fn simply_summed(model: &Model, scope: &str, cohort: &str, measure: &str, day: NaiveDate) -> (i64, i64, i64, i64) {
    let is_below = |code: &str| match scope {
        "893" => true,
        "30634" => code != "CM-P-YTE",
        own => code == own,
    };
    let mut sum = (0, 0, 0, 0);
    for (i, (code, of)) in UNITS.iter().enumerate() {
        if *of != cohort || !is_below(code) {
            continue;
        }
        let mut in_force: Option<(Instant, i64, i64, i64)> = None;
        for figure in model.iter().filter(|((unit, m), _)| *unit == i && *m == measure).flat_map(|(_, series)| series) {
            let is_in_time = figure.0 < calendar::end_of(day);
            if is_in_time && in_force.is_none_or(|(at, ..)| figure.0 >= at) {
                in_force = Some(*figure);
            }
        }
        if let Some((_, count, base, _)) = in_force {
            let counted = if cohort == "residents" { count } else { count.min(base) };
            sum = (sum.0 + count, sum.1 + counted, sum.2 + base, sum.3 + 1);
        }
    }
    sum
}

fn compare(
    conn: &mut Conn,
    who: &Actor,
    plan: &StoredPlan,
    model: &Model,
    scope: &str,
    day: NaiveDate,
) -> Result<(), Undone> {
    let moment = Moment::new(Some(day), instant(NOW));
    let overview = see_overview(conn, who, plan, Some(scope), moment)?;
    for cohort in overview.cohorts.iter().chain(&overview.informational) {
        for measure in &cohort.measures {
            if !["bluezone_installed", "ncovi_declared"].contains(&measure.code.as_str()) {
                continue;
            }
            let (count, counted, base, units) = simply_summed(model, scope, &cohort.cohort.code, &measure.code, day);
            let is_reported = units > 0;
            let expected = (is_reported.then_some(count), is_reported.then(|| Rate::new(counted, base)), units);
            let shown = (measure.count, measure.rate, cohort.reported);
            if shown != expected {
                let what = format!("{scope} {day} {} {}", cohort.cohort.code, measure.code);
                return Err(Undone::Wrong(format!("overview of {what}: shown {shown:?}, summed {expected:?}")));
            }
        }
        let code = &cohort.cohort.code;
        let trend = see_trend(conn, who, plan, Some(scope), Some(code), None, moment)?;
        // Of a cohort without rates there is no trend: another one's is shown.
        for line in trend.lines.iter().filter(|_| trend.cohort.as_ref().is_some_and(|shown| shown.code == *code)) {
            let (_, counted, base, units) = simply_summed(model, scope, code, &line.code, day);
            let shown = line.points.last().map_or((Rate::new(0, 0), 0), |point| (point.rate, point.reported));
            let is_measured = ["bluezone_installed", "ncovi_declared"].contains(&line.code.as_str());
            if is_measured && shown != (Rate::new(counted, base), units) {
                let what = format!("{scope} {day} {code} {}", line.code);
                return Err(Undone::Wrong(format!(
                    "trend of {what}: shown {shown:?}, summed {counted}/{base} {units}"
                )));
            }
        }
    }
    for measure in ["bluezone_installed", "ncovi_declared"] {
        for group in see_league(conn, who, plan, Some(scope), None, Some(measure), moment)?.groups {
            let (_, counted, base, units) = simply_summed(model, scope, &group.cohort.code, measure, day);
            let expected = (units > 0).then(|| Rate::new(counted, base));
            if group.total != expected || i64::try_from(group.reported).ok() != Some(units) {
                let shown = format!("{:?} of {}", group.total, group.reported);
                let what = format!("{scope} {day} {} {measure}", group.cohort.code);
                return Err(Undone::Wrong(format!("league of {what}: {shown}, summed {expected:?} of {units}")));
            }
        }
    }
    Ok(())
}

fn any_history_gives_the_totals_of_a_simple_sum(database: &TestDatabase) {
    let store = database.store();
    let plan = plan(&store);
    let who = actor(&store, Role::FocalPoint, "893");
    let office = actor(&store, Role::Consolidator, "893");
    try_cases(&store, (24, steps()), move |conn, steps| play(conn, (&who, &office), &plan, steps));
}

database_tests!(any_history_gives_the_totals_of_a_simple_sum);
