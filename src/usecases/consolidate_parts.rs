//! Views turned into the parts of a consolidated report.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Days;

use super::{
    UnitRef,
    progress::{Moment, UnitProgress},
    see_completeness::CompletenessView,
    see_league::League,
    see_overview::Overview,
    see_zones::ZoneBoard,
    zone_state::ZoneState,
};
use crate::{
    domain::{
        consolidated::{
            AreaTotal, Before, CohortTotal, ColourCount, Commune, ConsolidatedReport, Coverage, Figure, Form,
            FormField, InPeriod, Line, Named, Total, TrendLine, TrendPoint, Unreported, Zone, Zones,
        },
        plan::Directive,
        standing::Standing,
        text,
        unit::Unit,
    },
    store::plans::StoredPlan,
};

/// How far back a report draws the trend, in days.
const TREND_DAYS: u64 = 182;

/// What lines are made with.
pub struct Parts<'a> {
    /// The plan.
    pub plan: &'a StoredPlan,
    /// The commune each unit lies in, by code.
    pub within: &'a BTreeMap<String, String>,
    /// The report issued before.
    pub before: Option<&'a ConsolidatedReport>,
}

impl From<&Unit> for Named {
    fn from(unit: &Unit) -> Self {
        Self { code: unit.code.clone(), name: unit.full_name.clone(), kind: unit.kind }
    }
}

impl From<&UnitRef> for Named {
    fn from(unit: &UnitRef) -> Self {
        Self { code: unit.code.clone(), name: unit.name.clone(), kind: unit.kind }
    }
}

/// Who reported: at all, and in the period where the timetable has it.
pub fn coverage(
    plan: &StoredPlan,
    overview: &Overview,
    progress: &[UnitProgress],
    period: Option<&CompletenessView>,
) -> Coverage {
    let section = |code: &str| progress.iter().find(|unit| unit.unit.code == code && unit.target.is_some());
    let late = period.map(|period| {
        let silent = period.silent().filter(|unit| !unit.unit.kind.is_place());
        silent
            .map(|unit| Unreported {
                unit: Named::from(&unit.unit),
                section: unit.section.clone(),
                directive: unit.directive,
            })
            .collect()
    });
    let never = || {
        let unreported = |unit: &UnitRef| {
            let section = section(&unit.code).map(|unit| unit.section.clone()).unwrap_or_default();
            let directive = plan.plan.clause(&section).map_or(Directive::Order, |clause| clause.directive);
            Unreported { unit: Named::from(unit), section, directive }
        };
        overview.silent.iter().map(unreported).collect()
    };
    Coverage {
        expected: overview.bodies_obliged,
        received: overview.bodies_reported,
        in_period: period.and_then(CompletenessView::newest).map(|of| InPeriod {
            expected: of.expected,
            received: of.received,
            on_time: of.on_time,
            complete: of.complete,
        }),
        met: overview.bodies_met,
        without_anyone: overview.bodies_without_anyone,
        unreported: late.unwrap_or_else(never),
    }
}

/// What the plan's forms ask.
pub fn forms(plan: &StoredPlan) -> Vec<Form> {
    let field = |field: &crate::domain::plan::Field| FormField {
        name: plan.plan.measure_name(&field.measure).vi,
        measure: field.measure.clone(),
        of: field.of.clone(),
        is_decisive: field.decisive,
    };
    let form = |(code, fields): (&String, &Vec<crate::domain::plan::Field>)| Form {
        code: code.clone(),
        fields: fields.iter().map(field).collect(),
    };
    plan.plan.forms.iter().map(form).collect()
}

/// The totals, in the plan's order.
pub fn cohorts(parts: &Parts<'_>, overview: &Overview) -> Vec<CohortTotal> {
    let known: Vec<_> = overview.cohorts.iter().chain(&overview.informational).collect();
    let mut out = Vec::new();
    for cohort in &parts.plan.plan.cohorts {
        let Some(of) = known.iter().find(|of| of.cohort.code == cohort.code) else { continue };
        let before = parts.before.and_then(|report| report.cohort(&cohort.code));
        let total = |measure: &super::see_overview::MeasureProgress| Total {
            measure: measure.code.clone(),
            count: measure.count,
            rate: measure.rate,
            surplus: measure.surplus,
            before: before
                .and_then(|of| of.measures.iter().find(|total| total.measure == measure.code))
                .and_then(|total| total.rate),
        };
        out.push(CohortTotal {
            code: cohort.code.clone(),
            name: cohort.name.vi.clone(),
            short: cohort.short.vi.clone(),
            target: of.cohort.target,
            form: cohort.form.clone(),
            counted_on: cohort.counted_on,
            reported: of.reported,
            obliged: of.obliged,
            measures: of.measures.iter().map(total).collect(),
        });
    }
    out
}

/// Every obliged (unit, cohort), with its rank and where it stood before.
pub fn lines(parts: &Parts<'_>, progress: &[UnitProgress], league: &League) -> Vec<Line> {
    let ranks: BTreeMap<(&str, &str), (Option<usize>, bool)> = league
        .groups
        .iter()
        .flat_map(|group| &group.rows)
        .map(|row| {
            let key = (row.progress.unit.code.as_str(), row.progress.cohort.as_str());
            (key, (row.rank, row.is_tied))
        })
        .collect();
    let before: BTreeMap<(&str, &str), &Line> = parts
        .before
        .into_iter()
        .flat_map(|report| &report.lines)
        .map(|line| ((line.unit.code.as_str(), line.cohort.as_str()), line))
        .collect();
    progress
        .iter()
        .map(|of| {
            let key = (of.unit.code.as_str(), of.cohort.as_str());
            let (rank, is_tied) = ranks.get(&key).copied().unwrap_or_default();
            Line {
                unit: Named::from(&of.unit),
                commune: parts.within.get(&of.unit.code).cloned(),
                section: of.section.clone(),
                cohort: of.cohort.clone(),
                target: of.target,
                standing: of.standing,
                rank,
                is_tied,
                figures: of
                    .figures
                    .iter()
                    .map(|figure| Figure { measure: figure.measure.clone(), count: figure.count, rate: figure.rate })
                    .collect(),
                as_of: of.as_of,
                is_old: of.is_old,
                before: before.get(&key).map(|line| Before { rank: line.rank, rate: line.rate(&league.measure) }),
            }
        })
        .collect()
}

/// The communes by code, each with its zone, its hamlets and what its area adds up to.
pub fn communes(mut places: Vec<Unit>, lines: &[Line], board: &ZoneBoard) -> Vec<Commune> {
    places.sort_by(|a, b| a.code.cmp(&b.code));
    let zones: BTreeMap<&str, Option<&ZoneState>> =
        board.rows.iter().map(|row| (row.unit.code.as_str(), row.state.as_ref())).collect();
    let mut of_commune: BTreeMap<&str, Vec<&Line>> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.unit.kind.is_place()) {
        of_commune.entry(line.commune.as_deref().unwrap_or_default()).or_default().push(line);
    }
    places
        .iter()
        .map(|place| {
            let own = of_commune.remove(place.code.as_str()).unwrap_or_default();
            let hamlets: BTreeSet<&Named> =
                own.iter().map(|line| &line.unit).filter(|unit| unit.code != place.code).collect();
            let mut hamlets: Vec<Named> = hamlets.into_iter().cloned().collect();
            hamlets.sort_by(|a, b| text::compare(&a.name, &b.name));
            Commune {
                unit: Named::from(place),
                zone: zones.get(place.code.as_str()).copied().flatten().map(zone),
                hamlets,
                totals: area_totals(&own),
            }
        })
        .collect()
}

fn zone(state: &ZoneState) -> Zone {
    Zone {
        colour: state.colour,
        name: state.name.vi.clone(),
        since: state.decision.effective_from,
        decision_number: state.decision.decision_number.clone(),
        decision_issuer: state.decision.decision_issuer.clone(),
    }
}

/// What the areas of a commune add up to, cohort by cohort.
fn area_totals(lines: &[&Line]) -> Vec<AreaTotal> {
    let mut totals: Vec<AreaTotal> = Vec::new();
    for line in lines {
        if totals.iter().all(|total| total.cohort != line.cohort) {
            totals.push(AreaTotal { cohort: line.cohort.clone(), reported: 0, obliged: 0, figures: Vec::new() });
        }
        let Some(total) = totals.iter_mut().find(|total| total.cohort == line.cohort) else { continue };
        total.obliged += 1;
        total.reported += usize::from(line.standing != Standing::NotReported);
        for figure in &line.figures {
            match total.figures.iter_mut().find(|sum| sum.measure == figure.measure) {
                Some(sum) => {
                    sum.count += figure.count;
                    sum.rate = match (sum.rate, figure.rate) {
                        (Some(a), Some(b)) => Some(a + b),
                        (a, b) => a.or(b),
                    };
                }
                None => total.figures.push(figure.clone()),
            }
        }
    }
    totals
}

/// The zones of the communes, counted.
pub fn zones(board: &ZoneBoard) -> Zones {
    let summary = &board.summary;
    Zones {
        total: summary.total,
        counts: summary
            .counts
            .iter()
            .map(|(colour, places)| ColourCount { colour: *colour, places: *places })
            .collect(),
        unclassified: summary.unclassified,
        changed_this_week: summary.changed_this_week,
    }
}

/// The trend of the last half year.
pub fn trend(overview: &Overview, moment: Moment) -> Vec<TrendLine> {
    let since = moment.day.checked_sub_days(Days::new(TREND_DAYS)).unwrap_or(moment.day);
    let line = |line: &super::see_trend::TrendLine| TrendLine {
        cohort: line.code.clone(),
        name: line.name.vi.clone(),
        points: line
            .points
            .iter()
            .filter(|point| point.day >= since)
            .map(|point| TrendPoint { day: point.day, tenths: point.rate.tenths(), is_complete: point.is_complete })
            .collect(),
    };
    overview.trend.iter().map(line).collect()
}
