//! The committee's first page: are we at 100 %, who is missing, where is red?

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    Result, UnitRef, allowed_or_own,
    progress::{CohortRef, Figures, Judged, Moment, Obligations, PlanRef, UnitProgress},
    see_trend::{TrendLine, lines_by_cohort},
    see_zones::{ZoneGlance, glance},
};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::Instant,
        ledger::Amount,
        plan::{CountedOn, Words},
        rate::Rate,
        standing::Standing,
        unit::Unit,
    },
    store::{Conn, plans::StoredPlan, tallies},
};

/// How many of the units furthest from their target the page names.
const FURTHEST: usize = 5;

/// The overview of a place or an agency.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Overview {
    /// The plan.
    pub plan: PlanRef,
    /// The top of what is shown.
    pub scope: UnitRef,
    /// The instant it speaks of.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Instant,
    /// Bodies with a target that reported at all.
    pub bodies_reported: usize,
    /// Bodies with a target.
    pub bodies_obliged: usize,
    /// Bodies that met it with every cohort.
    pub bodies_met: usize,
    /// The same a week before.
    pub bodies_met_before: usize,
    /// Bodies that reported and have nobody to count: neither met nor unmet.
    pub bodies_without_anyone: usize,
    /// Each cohort that has a target. They overlap, so there is no line for all of them together.
    pub cohorts: Vec<CohortProgress>,
    /// What is counted without a target: residents, households, relatives …
    pub informational: Vec<CohortProgress>,
    /// The units with the most people missing, with the figures they must give.
    pub furthest: Vec<UnitProgress>,
    /// Bodies with a target that have not reported.
    pub silent: Vec<UnitRef>,
    /// The zones of the communes.
    pub zones: ZoneGlance,
    /// The decisive measure's rate over time, a line for each cohort.
    pub trend: Vec<TrendLine>,
    /// The measure the trend shows.
    pub trend_measure: Option<Words>,
}

/// How far one cohort has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CohortProgress {
    /// The cohort.
    pub cohort: CohortRef,
    /// Units that reported it.
    pub reported: i64,
    /// Units obliged to.
    pub obliged: i64,
    /// Each measure.
    pub measures: Vec<MeasureProgress>,
}

/// The total of one measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MeasureProgress {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Words,
    /// Whether it decides "met".
    pub is_decisive: bool,
    /// What was counted, surplus included; none: nobody reported it, which is not 0.
    pub count: Option<i64>,
    /// Σ counted ÷ Σ base; none for figures without a rate.
    pub rate: Option<Rate>,
    /// The same a week before.
    pub rate_before: Option<Rate>,
    /// Counted beyond the base; never hides a gap elsewhere.
    pub surplus: i64,
    /// What the base is.
    pub base_name: Option<Words>,
}

/// The overview of `scope`, or of the top of what the actor sees.
pub fn see_overview(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    scope: Option<&str>,
    moment: Moment,
) -> Result<Overview> {
    let place = allowed_or_own(conn, actor, Deed::See, scope)?;
    let obligations = Obligations::read(conn, plan, place.unit.id)?;
    let now = Figures::read(conn, &obligations, moment, |field| field.required || field.decisive)?;
    let before = Figures::read(conn, &obligations, moment.week_before(), |field| field.decisive)?;
    let [now, before] = [&now, &before].map(|figures| with_target(figures, &obligations));
    let (cohorts, informational): (Vec<_>, Vec<_>) =
        cohort_progress(conn, &obligations, moment)?.into_iter().partition(|cohort| cohort.cohort.target.is_some());
    // Each body once, for any of its cohorts.
    let bodies = |is: fn(Standing) -> bool| -> BTreeMap<&str, &Unit> {
        let judged = now.iter().filter(|judged| is(judged.standing));
        judged.map(|judged| (judged.unit.code.as_str(), judged.unit)).collect()
    };
    let (trend_measure, trend) = lines_by_cohort(conn, &obligations, moment)?;
    Ok(Overview {
        plan: PlanRef::from(plan),
        scope: UnitRef::from(&place.unit),
        as_of: moment.as_of(),
        bodies_reported: bodies(|standing| standing != Standing::NotReported).len(),
        bodies_obliged: bodies(|_| true).len(),
        bodies_met: met(&now),
        bodies_met_before: met(&before),
        bodies_without_anyone: bodies(|standing| standing == Standing::NobodyToCount).len(),
        cohorts,
        informational,
        furthest: furthest(&now).map(|judged| judged.progress(plan, moment)).collect(),
        silent: bodies(|standing| standing == Standing::NotReported).into_values().map(UnitRef::from).collect(),
        zones: glance(conn, &place.unit, moment)?,
        trend,
        trend_measure,
    })
}

/// Where everyone stands that has a target.
fn with_target<'o, 'k>(figures: &'k Figures<'o>, obligations: &'o Obligations<'o>) -> Vec<Judged<'o, 'k>>
where
    'o: 'k,
{
    figures.judged(obligations).filter(|judged| judged.target.is_some()).collect()
}

/// How many bodies met their target with every cohort they have someone in.
fn met(judged: &[Judged<'_, '_>]) -> usize {
    let (mut met, mut short) = (BTreeSet::new(), BTreeSet::new());
    for Judged { unit, standing, .. } in judged {
        match standing {
            Standing::Met => met.insert(unit.id),
            Standing::NobodyToCount => false,
            _ => short.insert(unit.id),
        };
    }
    met.difference(&short).count()
}

fn furthest<'a, 'o, 'k>(judged: &'a [Judged<'o, 'k>]) -> impl Iterator<Item = &'a Judged<'o, 'k>> {
    let mut short: Vec<&Judged<'_, '_>> = judged.iter().filter(|unit| unit.standing == Standing::NotMet).collect();
    short.sort_by_cached_key(|unit| std::cmp::Reverse(unit.gap()));
    short.into_iter().take(FURTHEST)
}

/// The totals of every cohort that anyone below `top` is obliged to: from the roll-up ledger.
pub fn cohort_progress(conn: &mut Conn, obligations: &Obligations<'_>, moment: Moment) -> Result<Vec<CohortProgress>> {
    let Obligations { plan, top, .. } = *obligations;
    let indicators: Vec<i64> = plan.indicators.values().copied().collect();
    let [now, before] = tallies::totals(conn, top, &indicators, [moment.day, moment.week_before().day], moment.now)?;
    let mut out = Vec::new();
    for cohort in &plan.plan.cohorts {
        let obliged = obligations.count(&cohort.code);
        if obliged == 0 {
            continue;
        }
        let mut reported = 0;
        let mut measures = Vec::new();
        for field in plan.plan.fields(cohort) {
            let indicator = plan.indicator(&cohort.code, &field.measure)?;
            let amount = now.get(&indicator).copied().unwrap_or_default();
            reported = reported.max(amount.units);
            // Residents may exceed their census; nothing of theirs is judged, so nothing is cut.
            let rate = |amount: Amount| {
                let counted = if cohort.counted_on == CountedOn::Area { amount.count } else { amount.counted };
                (field.of.is_some() && amount.units > 0).then(|| Rate::new(counted, amount.base))
            };
            measures.push(MeasureProgress {
                code: field.measure.clone(),
                name: plan.plan.measure_name(&field.measure),
                is_decisive: field.decisive,
                count: (amount.units > 0).then_some(amount.count),
                rate: rate(amount),
                rate_before: before.get(&indicator).copied().and_then(rate),
                surplus: amount.count - amount.counted,
                base_name: field.of.as_deref().map(|of| plan.plan.measure_name(of)),
            });
        }
        out.push(CohortProgress { cohort: CohortRef::of(plan, cohort), reported, obliged, measures });
    }
    Ok(out)
}
