//! What a focal point is asked to fill in, with what was said last time.

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    Result, UnitRef, UseCaseError, allowed,
    progress::{CohortRef, PlanRef},
};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::{self, Instant},
        plan::{CountedOn, Words},
        unit::UnitId,
    },
    store::{Conn, plans, plans::StoredPlan, reports, units},
};

/// Older bases than this are asked to be confirmed.
const CONFIRM_AFTER_DAYS: i64 = 30;

/// Everything an actor may report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct EntrySheet {
    /// The plan.
    pub plan: PlanRef,
    /// One form for each body: its staff, members, relatives …
    pub bodies: Vec<EntryForm>,
    /// One form for each area: residents and households, by hamlet where hamlets are known.
    pub areas: Vec<EntryForm>,
}

/// What is asked of one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct EntryForm {
    /// The unit.
    pub unit: UnitRef,
    /// Day of its newest figure.
    pub last_reported: Option<NaiveDate>,
    /// What is asked, cohort by cohort.
    pub sections: Vec<EntrySection>,
}

/// The figures of one cohort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct EntrySection {
    /// The clause that asks.
    pub section: String,
    /// The cohort.
    pub cohort: CohortRef,
    /// The figures, in order.
    pub fields: Vec<EntryField>,
}

/// One figure to fill in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct EntryField {
    /// Measure code.
    pub measure: String,
    /// What is counted.
    pub name: Words,
    /// Whether it must be given.
    pub is_required: bool,
    /// Whether other figures are counted of it: then last time's figure is filled in.
    pub is_base: bool,
    /// Last time's figure.
    pub previous: Option<i64>,
    /// Whether last time is long enough ago to ask whether it still holds.
    pub is_old: bool,
}

/// What the actor may report of `unit`, or of everything in reach.
pub fn see_entry_sheet(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    unit: Option<&str>,
    now: Instant,
) -> Result<EntrySheet> {
    let tops: Vec<UnitId> = match unit {
        Some(code) => vec![allowed(conn, actor, Deed::Report, code)?.unit.id],
        None => actor.scopes(Deed::Report).collect(),
    };
    if tops.is_empty() {
        return Err(UseCaseError::NotAllowed);
    }
    let mut sheet = EntrySheet { plan: PlanRef::from(plan), bodies: Vec::new(), areas: Vec::new() };
    let indicators: Vec<i64> = plan.indicators.values().copied().collect();
    for top in tops {
        let standing = reports::in_force(conn, &indicators, top)?;
        let populations = units::populations(conn, top)?;
        let obliged = plans::obliged(conn, plan.id, top)?;
        for (unit, section, cohort) in obliged.iter().flat_map(|of| of.each()) {
            let Some(cohort) = plan.plan.cohort(cohort) else { continue };
            let forms = if cohort.counted_on == CountedOn::Area { &mut sheet.areas } else { &mut sheet.bodies };
            let of_unit = standing.iter().filter(|figure| figure.unit_id == unit.id.0);
            let last_reported = of_unit.clone().map(|figure| calendar::day(figure.as_of())).max();
            let mut section =
                EntrySection { section: section.to_owned(), cohort: CohortRef::of(plan, cohort), fields: Vec::new() };
            let census = populations.get(&unit.id);
            for field in plan.plan.fields(cohort) {
                let Some(measure) = plan.plan.measure(&field.measure) else { continue };
                let indicator = plan.indicator(&cohort.code, &field.measure)?;
                let last = of_unit.clone().find(|figure| figure.indicator_id == indicator);
                let is_base =
                    plan.plan.fields(cohort).iter().any(|other| other.of.as_deref() == Some(field.measure.as_str()));
                let from_census = census.and_then(|census| match field.measure.as_str() {
                    "population" => Some(i64::from(census.persons)),
                    "households" => Some(i64::from(census.households)),
                    _ => None,
                });
                section.fields.push(EntryField {
                    measure: field.measure.clone(),
                    name: measure.name.clone(),
                    is_required: field.required,
                    is_base,
                    previous: last.map(|figure| figure.value().count).or(from_census),
                    is_old: last.is_some_and(|figure| (now - figure.as_of()).num_days() > CONFIRM_AFTER_DAYS),
                });
            }
            match forms.iter_mut().find(|form| form.unit.code == unit.code) {
                Some(form) => form.sections.push(section),
                None => {
                    forms.push(EntryForm { unit: UnitRef::from(unit), last_reported, sections: vec![section] });
                }
            }
        }
    }
    // Sections follow the plan's order, not the alphabet of their codes.
    let place = |section: &EntrySection| plan.plan.cohorts.iter().position(|cohort| cohort.code == section.cohort.code);
    for form in sheet.bodies.iter_mut().chain(&mut sheet.areas) {
        form.sections.sort_by_key(place);
    }
    Ok(sheet)
}
