//! The history of one figure: who, when, through which channel, old → new, why.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Result, UnitRef, UseCaseError, allowed,
    progress::PlanRef,
    review_report::{Review, returns},
};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::Instant,
        plan::Words,
    },
    store::{
        Conn,
        history::{self, Origin, Version},
        plans::StoredPlan,
    },
};

/// Every version of one figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FigureHistory {
    /// The plan.
    pub plan: PlanRef,
    /// The unit.
    pub unit: UnitRef,
    /// Cohort code.
    pub cohort: String,
    /// Who is counted.
    pub cohort_name: Words,
    /// Measure code.
    pub measure: String,
    /// What is counted.
    pub measure_name: Words,
    /// Last recorded first.
    pub versions: Vec<FigureVersion>,
}

/// A version of a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FigureVersion {
    /// The report it came with.
    pub report: i64,
    /// The report it corrects.
    pub supersedes: Option<i64>,
    /// The time it is true at.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Instant,
    /// The time it was recorded.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
    /// Who recorded it.
    pub recorded_by: String,
    /// How it came.
    pub channel: String,
    /// Why it is odd or corrected.
    pub reason: String,
    /// The file and row it came from, where it came with a file.
    pub origin: Option<Origin>,
    /// What stood at that time until it was recorded.
    pub old: Option<i64>,
    /// The figure.
    pub new: i64,
    /// The base given with it.
    pub base: Option<i64>,
    /// Whether it is the one in force now.
    pub is_in_force: bool,
    /// That its report was returned: it counts nowhere since.
    pub returned: Option<Review>,
}

/// The history of (cohort, measure) of a unit.
pub fn see_history(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    unit: &str,
    cohort: &str,
    measure: &str,
) -> Result<FigureHistory> {
    let place = allowed(conn, actor, Deed::See, unit)?;
    let unknown = || UseCaseError::NotFound { kind: "indicator", name: format!("{cohort}.{measure}") };
    let cohort_name = plan.plan.cohort(cohort).map(|c| c.name.clone()).ok_or_else(unknown)?;
    let measure_name = plan.plan.measure(measure).map(|m| m.name.clone()).ok_or_else(unknown)?;
    let indicator = plan.indicators.get(&(cohort.to_owned(), measure.to_owned())).ok_or_else(unknown)?;
    let versions = history::versions(conn, place.unit.id, *indicator)?;
    let returned = returns(conn, &versions.iter().map(|version| version.report).collect::<Vec<_>>())?;
    Ok(FigureHistory {
        plan: PlanRef::from(plan),
        unit: UnitRef::from(&place.unit),
        cohort: cohort.to_owned(),
        cohort_name,
        measure: measure.to_owned(),
        measure_name,
        versions: with_what_stood_before(versions, returned),
    })
}

fn with_what_stood_before(versions: Vec<Version>, mut returned: BTreeMap<i64, Review>) -> Vec<FigureVersion> {
    let stands = |version: &&Version| !returned.contains_key(&version.report);
    let last = versions.iter().filter(stands).max_by_key(|version| (version.as_of, version.report));
    let in_force = last.map(|version| version.report);
    let mut out: Vec<FigureVersion> = Vec::with_capacity(versions.len());
    for version in versions {
        let stood = |earlier: &&FigureVersion| {
            earlier.as_of <= version.as_of
                && earlier.returned.as_ref().is_none_or(|returned| returned.at > version.recorded_at)
        };
        let before = out.iter().filter(stood).max_by_key(|earlier| (earlier.as_of, earlier.report));
        out.push(FigureVersion {
            old: before.map(|earlier| earlier.new),
            report: version.report,
            supersedes: version.supersedes,
            as_of: version.as_of,
            recorded_at: version.recorded_at,
            recorded_by: version.recorded_by,
            channel: version.channel,
            reason: version.reason,
            origin: version.origin,
            new: version.value.count,
            base: version.value.base,
            is_in_force: Some(version.report) == in_force,
            returned: returned.remove(&version.report),
        });
    }
    out.reverse();
    out
}
