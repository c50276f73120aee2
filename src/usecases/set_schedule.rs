//! The office sets when reports are asked for; what is past is never touched.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::json;

use super::{Result, UnitRef, UseCaseError, area_of, audit, progress::PlanRef, record_report::LONGEST_REASON};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::{self, Instant},
        completeness,
        report::{Fault, Rule},
        schedule::{Period, Rules, ScheduleFault, Timetable, Version},
        text,
    },
    store::{Conn, plans::StoredPlan, schedules, units},
};

/// How many periods to come are told.
const TO_COME: usize = 5;

/// A plan's timetable, with its history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ScheduleView {
    /// The plan.
    pub plan: PlanRef,
    /// The place it speaks of.
    pub scope: UnitRef,
    /// The rules in force; none: the plan asks for no reports.
    pub in_force: Option<Version>,
    /// Rules that are set for later.
    pub to_come: Vec<Version>,
    /// The period now and those that follow.
    pub next: Vec<Period>,
    /// Every version ever set, the newest first.
    pub versions: Vec<SetVersion>,
    /// The first days from which other rules can hold.
    pub can_begin: Vec<NaiveDate>,
    /// Whether the actor may set it.
    pub may_set: bool,
}

/// A version and who set it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SetVersion {
    /// From when, what.
    pub version: Version,
    /// Why.
    pub reason: String,
    /// When it was set.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
    /// By whom.
    pub recorded_by: String,
}

/// The timetable of a plan.
pub fn see_schedule(conn: &mut Conn, actor: &Actor, plan: &StoredPlan, now: Instant) -> Result<ScheduleView> {
    let area = units::get(conn, area_of(plan)?)?;
    let lineage: Vec<_> = units::lineage(conn, &area.code)?.iter().map(|unit| unit.id).collect();
    // Whoever reports or reads anywhere of the plan may know when reports are due.
    if !actor.may_somewhere(Deed::See) {
        return Err(UseCaseError::NotAllowed);
    }
    let today = calendar::day(now);
    let next: Vec<Period> = plan.timetable.periods_from(today).take(TO_COME).collect();
    let can_begin = plan.timetable.periods_from(today).map(|period| period.from);
    Ok(ScheduleView {
        plan: PlanRef::from(plan),
        scope: UnitRef::from(&area),
        in_force: plan.timetable.version(today).cloned(),
        to_come: plan.timetable.versions().iter().filter(|version| version.from > today).cloned().collect(),
        can_begin: can_begin.take(12).filter(|from| plan.timetable.check_change(*from, now).is_ok()).collect(),
        next,
        versions: schedules::versions(conn, plan.id)?
            .into_iter()
            .rev()
            .map(|set| SetVersion {
                version: set.version,
                reason: set.reason,
                recorded_at: set.recorded_at,
                recorded_by: set.recorded_by,
            })
            .collect(),
        may_set: actor.may(Deed::SetSchedule, &lineage),
    })
}

/// Sets rules that hold from a day on. Returns the timetable as it is then.
pub fn set_schedule(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    (from, rules, reason): (NaiveDate, &Rules, &str),
    now: Instant,
) -> Result<Timetable> {
    let area = units::get(conn, area_of(plan)?)?.code;
    let place = super::allowed(conn, actor, Deed::SetSchedule, &area)?;
    // Two who set it at once are kept in turn, and each is checked against what stands then.
    units::lock(conn, place.unit.id)?;
    let timetable = schedules::timetable(conn, plan.id, &plan.plan)?;
    let reason = text::clean(reason);
    let mut faults = Vec::new();
    let fault = |field: &str, fault: ScheduleFault| {
        Fault::of_report(field, Rule::BadSchedule, "", Some(fault.code().to_owned()))
    };
    faults.extend(rules.check().err().map(|found| fault("rules", found)));
    if rules.sections.iter().any(|section| plan.plan.clause(section).is_none()) {
        faults.push(fault("rules.sections", ScheduleFault::UnknownSection));
    } else if completeness::asked(&plan.plan, rules, plan.plan.asked()) == 0 {
        faults.push(fault("rules.sections", ScheduleFault::AsksNobody));
    }
    faults.extend(timetable.check_change(from, now).err().map(|found| fault("valid_from", found)));
    if reason.trim().is_empty() {
        faults.push(Fault::of_report("reason", Rule::ReasonNeeded, "", None));
    }
    if reason.chars().count() > LONGEST_REASON {
        faults.push(Fault::of_report("reason", Rule::TooLong, "", Some(LONGEST_REASON.to_string())));
    }
    if !faults.is_empty() {
        return Err(UseCaseError::Invalid(faults));
    }
    let version = Version { from, rules: rules.clone(), assumed: false };
    schedules::set(conn, plan.id, &version, &reason, actor.account_id, now)?;
    let detail = json!({ "plan": plan.plan.code, "from": from, "rules": rules, "reason": reason });
    audit(conn, actor, "schedule.set", Some(place.unit.id), detail, now)?;
    Ok(schedules::timetable(conn, plan.id, &plan.plan)?)
}
