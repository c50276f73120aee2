//! One unit's page: its figures and those below it, its zone, what it reported.

use serde::Serialize;

use super::{
    Result, UnitRef, UseCaseError, allowed,
    progress::{Moment, Obligations, PlanRef, UnitProgress, progress},
    review_report::{Review, returns},
    see_overview::{CohortProgress, cohort_progress},
    see_zones::{ZoneHistory, see_zone_history},
};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::Instant,
        plan::Words,
    },
    store::{
        Conn,
        history::{self, Recorded},
        plans::StoredPlan,
        reports,
        units::{self, Population},
    },
};

/// How many reports a page lists.
const REPORTS: i64 = 20;

/// A place or an agency.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct UnitView {
    /// The plan.
    pub plan: PlanRef,
    /// The unit.
    pub unit: UnitRef,
    /// Its ancestors, the nearest first.
    pub ancestors: Vec<UnitRef>,
    /// The units right below.
    pub children: Vec<UnitRef>,
    /// The instant it speaks of.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Instant,
    /// The last population count.
    pub population: Option<Population>,
    /// Its zones; only places have them.
    pub zones: Option<ZoneHistory>,
    /// Totals of the subtree, cohort by cohort.
    pub totals: Vec<CohortProgress>,
    /// Every obliged (unit, cohort) of the subtree.
    pub progress: Vec<UnitProgress>,
    /// The last reports of the subtree, newest record first.
    pub reports: Vec<ReportView>,
    /// Whether the actor may report for it.
    pub may_report: bool,
}

/// A report as the page lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ReportView {
    /// Its number.
    pub id: i64,
    /// The unit it speaks of.
    pub unit: UnitRef,
    /// The time its figures are true at.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Instant,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
    /// Who recorded it.
    pub recorded_by: String,
    /// How it came.
    pub channel: String,
    /// Why a figure is odd or corrected.
    pub reason: String,
    /// The report it corrects.
    pub supersedes: Option<i64>,
    /// That it was returned: its figures count nowhere.
    pub returned: Option<Review>,
    /// Its figures.
    pub figures: Vec<ReportedFigure>,
}

/// A figure of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ReportedFigure {
    /// Cohort code.
    pub cohort: String,
    /// Measure code.
    pub measure: String,
    /// Measure name.
    pub name: Words,
    /// The figure.
    pub count: i64,
    /// The base given with it.
    pub base: Option<i64>,
}

/// The page of the unit with this code.
pub fn see_unit(conn: &mut Conn, actor: &Actor, plan: &StoredPlan, code: &str, moment: Moment) -> Result<UnitView> {
    let place = allowed(conn, actor, Deed::See, code)?;
    let top = place.unit.id;
    let ids: Vec<_> = place.lineage.iter().map(|unit| unit.id).collect();
    let zones =
        if place.unit.kind.is_place() { Some(see_zone_history(conn, actor, code, moment.as_of())?) } else { None };
    let obligations = Obligations::read(conn, plan, top)?;
    // Ancestors outside the actor's subtree stay unnamed.
    let visible = place.lineage.iter().enumerate().skip(1).filter(|(i, _)| actor.may(Deed::See, &ids[*i..]));
    Ok(UnitView {
        plan: PlanRef::from(plan),
        unit: UnitRef::from(&place.unit),
        ancestors: visible.map(|(_, unit)| UnitRef::from(unit)).collect(),
        children: units::children(conn, top)?.iter().map(UnitRef::from).collect(),
        as_of: moment.as_of(),
        population: units::populations(conn, top)?.remove(&top),
        zones,
        totals: cohort_progress(conn, &obligations, moment)?,
        progress: progress(conn, &obligations, moment, |_| true)?,
        reports: reports_below(conn, plan, &place.unit, None)?,
        may_report: actor.may(Deed::Report, &ids),
    })
}

/// The reports of the unit's subtree, newest record first; those before report `before` if given.
pub fn see_reports(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    code: &str,
    before: Option<i64>,
) -> Result<Vec<ReportView>> {
    let place = allowed(conn, actor, Deed::See, code)?;
    reports_below(conn, plan, &place.unit, before)
}

/// One report, for correcting it.
pub fn see_report(conn: &mut Conn, actor: &Actor, plan: &StoredPlan, id: i64) -> Result<ReportView> {
    let unknown = || UseCaseError::NotFound { kind: "report", name: id.to_string() };
    let (unit, ..) = reports::find(conn, id)?.ok_or_else(unknown)?;
    let code = units::get(conn, unit)?.code;
    let newest = see_reports(conn, actor, plan, &code, Some(id + 1))?.into_iter().next();
    newest.filter(|report| report.id == id).ok_or_else(unknown)
}

fn reports_below(
    conn: &mut Conn,
    plan: &StoredPlan,
    top: &crate::domain::unit::Unit,
    before: Option<i64>,
) -> Result<Vec<ReportView>> {
    let names = plan.names();
    let recorded = history::reports(conn, plan.id, top.id, before, REPORTS)?;
    let mut returned = returns(conn, &recorded.iter().map(|report| report.id).collect::<Vec<_>>())?;
    Ok(recorded
        .into_iter()
        .map(|report| {
            let Recorded { id, unit, as_of, recorded_at, recorded_by, channel, reason, supersedes, values } = report;
            let figures = values
                .iter()
                .filter_map(|(indicator, value)| {
                    let (cohort, measure) = names.get(indicator)?;
                    Some(ReportedFigure {
                        cohort: (*cohort).to_owned(),
                        measure: (*measure).to_owned(),
                        name: plan.plan.measure_name(measure),
                        count: value.count,
                        base: value.base,
                    })
                })
                .collect();
            ReportView {
                id,
                unit: UnitRef::from(&unit),
                as_of,
                recorded_at,
                recorded_by,
                channel,
                reason,
                supersedes,
                returned: returned.remove(&id),
                figures,
            }
        })
        .collect())
}
