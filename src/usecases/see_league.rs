//! The league: who is how far, cohort by cohort, because cohorts differ.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Result, UnitRef, allowed_or_own,
    progress::{CohortRef, Moment, Obligations, PlanRef, UnitProgress, progress},
};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::Instant,
        plan::{Measure, Words},
        rate::Rate,
        standing::Standing,
        text,
    },
    store::{Conn, plans::StoredPlan},
};

/// Every obliged unit, ranked within its cohort by one measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct League {
    /// The plan.
    pub plan: PlanRef,
    /// The top of what is shown.
    pub scope: UnitRef,
    /// The instant it speaks of.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Instant,
    /// The measure units are ranked by.
    pub measure: String,
    /// Its name.
    pub measure_name: Words,
    /// The measures one can rank by.
    pub measures: Vec<Measure>,
    /// One ranking for each cohort.
    pub groups: Vec<LeagueGroup>,
}

/// The ranking of one cohort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LeagueGroup {
    /// The cohort.
    pub cohort: CohortRef,
    /// Units that reported.
    pub reported: usize,
    /// Units obliged.
    pub obliged: usize,
    /// Σ counted ÷ Σ base of those that reported.
    pub total: Option<Rate>,
    /// The units ranked, best first, then those that are not, by name.
    pub rows: Vec<LeagueRow>,
}

/// A unit in the ranking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LeagueRow {
    /// Its rank; none when it has not reported or has nobody to count.
    pub rank: Option<usize>,
    /// Whether others share the rank.
    pub is_tied: bool,
    /// The measure's rate.
    pub rate: Option<Rate>,
    /// The same a week before.
    pub rate_before: Option<Rate>,
    /// Everything else about it.
    #[serde(flatten)]
    pub progress: UnitProgress,
}

/// The league of `scope`, of one cohort or of all that have rates, by `measure` (the first decisive one by default).
pub fn see_league(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    scope: Option<&str>,
    cohort: Option<&str>,
    measure: Option<&str>,
    moment: Moment,
) -> Result<League> {
    let place = allowed_or_own(conn, actor, Deed::See, scope)?;
    let obligations = Obligations::read(conn, plan, place.unit.id)?;
    let now = progress(conn, &obligations, moment, |_| true)?;
    let measures = rankable(plan);
    let chosen = measures
        .iter()
        .find(|m| Some(m.code.as_str()) == measure)
        .or_else(|| measures.first())
        .cloned()
        .unwrap_or(Measure { code: String::new(), name: Words { vi: String::new(), en: String::new() } });
    let before = progress(conn, &obligations, moment.week_before(), |field| field.measure == chosen.code)?;
    let mut groups = Vec::new();
    for of in plan.plan.cohorts.iter().filter(|c| cohort.is_none_or(|code| code == c.code)) {
        if !plan.plan.fields(of).iter().any(|field| field.measure == chosen.code && field.of.is_some()) {
            continue;
        }
        let rows: Vec<UnitProgress> = now.iter().filter(|unit| unit.cohort == of.code).cloned().collect();
        if rows.is_empty() {
            continue;
        }
        let earlier: BTreeMap<&str, &UnitProgress> =
            before.iter().filter(|unit| unit.cohort == of.code).map(|unit| (unit.unit.code.as_str(), unit)).collect();
        groups.push(LeagueGroup {
            cohort: CohortRef::of(plan, of),
            reported: rows.iter().filter(|unit| unit.standing != Standing::NotReported).count(),
            obliged: rows.len(),
            total: total(&rows, &chosen.code),
            rows: rank(rows, &chosen.code, &earlier),
        });
    }
    Ok(League {
        plan: PlanRef::from(plan),
        scope: UnitRef::from(&place.unit),
        as_of: moment.as_of(),
        measure: chosen.code,
        measure_name: chosen.name,
        measures,
        groups,
    })
}

/// The measures that have a rate in some form and are not themselves a base.
pub fn rankable(plan: &StoredPlan) -> Vec<Measure> {
    let fields: Vec<_> = plan.plan.forms.values().flatten().collect();
    let is_base =
        |code: &str| fields.iter().any(|f| f.of.as_deref() == Some(code) || f.within.as_deref() == Some(code));
    let has_rate = |code: &str| fields.iter().any(|f| f.measure == code && f.of.is_some());
    plan.plan.measures.iter().filter(|m| has_rate(&m.code) && !is_base(&m.code)).cloned().collect()
}

fn total(rows: &[UnitProgress], measure: &str) -> Option<Rate> {
    let rates: Vec<Rate> = rows.iter().filter_map(|unit| unit.rate(measure)).collect();
    (!rates.is_empty()).then(|| rates.into_iter().sum())
}

/// Ranks by the exact share, then by name; equal shares share a rank.
fn rank(rows: Vec<UnitProgress>, measure: &str, earlier: &BTreeMap<&str, &UnitProgress>) -> Vec<LeagueRow> {
    let share = |unit: &UnitProgress| unit.rate(measure).filter(|rate| rate.base > 0);
    let mut rows = rows;
    rows.sort_by(|a, b| {
        let by_share = match (share(a), share(b)) {
            (Some(a), Some(b)) => (b.counted * a.base).cmp(&(a.counted * b.base)),
            (a, b) => b.is_some().cmp(&a.is_some()),
        };
        by_share.then_with(|| text::compare(&a.unit.name, &b.unit.name))
    });
    let same = |a: Option<Rate>, b: Option<Rate>| matches!((a, b), (Some(a), Some(b)) if a.counted * b.base == b.counted * a.base);
    let shares: Vec<Option<Rate>> = rows.iter().map(share).collect();
    let mut out: Vec<LeagueRow> = Vec::with_capacity(rows.len());
    for (i, progress) in rows.into_iter().enumerate() {
        let ties_up = i > 0 && same(shares[i - 1], shares[i]);
        let ties_down = i + 1 < shares.len() && same(shares[i], shares[i + 1]);
        let rank = shares[i].map(|_| if ties_up { out[i - 1].rank.unwrap_or(i) } else { i + 1 });
        out.push(LeagueRow {
            rank,
            is_tied: ties_up || ties_down,
            rate: progress.rate(measure),
            rate_before: earlier.get(progress.unit.code.as_str()).and_then(|unit| unit.rate(measure)),
            progress,
        });
    }
    out
}
