//! A focal point reports figures: checked, recorded once, rolled up and audited in one transaction.

mod stood;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;

use stood::Stood;

use super::{
    Allowed, Result, UseCaseError, allowed, audit,
    check_lock::check_open,
    operation::{self, Operation},
};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::Instant,
        ledger,
        number::Given,
        plan::{Cohort, CountedOn},
        report::{self, Fault, Oddity, Rule, Warning},
        standing::Value,
        text,
        unit::{UnitId, UnitKind},
    },
    store::{
        Conn,
        plans::{self, StoredPlan},
        received::{self, Counted},
        reports::{self, InForce, NewReport},
        tallies, units,
    },
};

/// What the audit trail calls a report, and one that corrects another.
pub(super) const RECORDED: &str = "report.recorded";
/// See [`RECORDED`].
pub(super) const CORRECTED: &str = "report.corrected";

/// The longest reason that is kept, in characters.
pub const LONGEST_REASON: usize = 1000;

/// Figures for one or several units, recorded together or not at all.
#[derive(Debug, Clone)]
pub struct Submission {
    /// Chosen by the sender; the same id twice within seven days records once and gives the same answer.
    pub op_id: Option<String>,
    /// The time the figures are true at.
    pub as_of: Instant,
    /// How it came: `form`, `api`, `demo`.
    pub channel: &'static str,
    /// Why a figure is odd or corrected.
    pub reason: String,
    /// The report it corrects; only with a single part.
    pub supersedes: Option<i64>,
    /// The units.
    pub parts: Vec<Part>,
}

/// What is reported of one unit.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its code.
    pub unit: String,
    /// Cohort → measure → figure.
    pub lines: BTreeMap<String, BTreeMap<String, Given>>,
}

/// What was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Receipt {
    /// The time the figures are true at.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Instant,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
    /// One report for each unit.
    pub reports: Vec<ReportReceipt>,
}

/// What was recorded of one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReportReceipt {
    /// The report's number.
    pub report: i64,
    /// The unit's code.
    pub unit: String,
    /// Its name.
    pub unit_name: String,
    /// Every figure, with the one that stood before.
    pub figures: Vec<RecordedFigure>,
}

/// One figure recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RecordedFigure {
    /// Cohort code.
    pub cohort: String,
    /// Measure code.
    pub measure: String,
    /// The figure in force at `as_of` until now.
    pub before: Option<i64>,
    /// The figure.
    pub count: i64,
    /// The base given with it.
    pub base: Option<i64>,
    /// How far it goes beyond its base.
    pub surplus: i64,
}

/// A part that passed every check, ready to be written.
struct Ready {
    place: Allowed,
    stood: Stood,
    /// (cohort, measure, indicator, value, value before).
    figures: Vec<(String, String, i64, Value, Option<Value>)>,
}

/// Records a submission. Nothing is written unless every part is right.
pub fn record_report(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    submission: &Submission,
    now: Instant,
) -> Result<Receipt> {
    check_submission(plan, submission, now)?;
    let places = submission
        .parts
        .iter()
        .map(|part| Ok((part, allowed(conn, actor, Deed::Report, &part.unit)?)))
        .collect::<Result<Vec<_>>>()?;
    let operation = Operation::of(actor, submission.op_id.as_deref(), &said(plan, submission));
    if let Some(receipt) = operation.answer(conn)? {
        return Ok(receipt);
    }
    if let Some(corrected) = submission.supersedes {
        check_corrects(conn, plan, corrected, &places, submission.as_of)?;
    }
    let excepted = check_open(conn, plan, places.iter().map(|(_, place)| &place.unit), submission.as_of, now)?;
    let mut receipt = Receipt { as_of: submission.as_of, recorded_at: now, reports: Vec::new() };
    let mut units = Vec::new();
    for part in check_parts(conn, plan, places, submission)? {
        units.push(part.place.unit.id);
        receipt.reports.push(write(conn, actor, plan, submission, part, now)?);
    }
    note_received(conn, plan, &receipt, &units)?;
    operation.keep(conn, &receipt, now)?;
    let action = if submission.supersedes.is_some() { CORRECTED } else { RECORDED };
    for (report, unit) in receipt.reports.iter().zip(units) {
        let detail = json!({
            "plan": plan.plan.code, "report": report.report, "as_of": submission.as_of, "channel": submission.channel,
            "reason": text::clean(&submission.reason), "supersedes": submission.supersedes, "figures": report.figures,
        });
        audit(conn, actor, action, Some(unit), detail, now)?;
    }
    for unit in excepted {
        let detail =
            json!({ "plan": plan.plan.code, "as_of": submission.as_of, "period": period_from(plan, submission) });
        audit(conn, actor, "lock.excepted", Some(unit), detail, now)?;
    }
    Ok(receipt)
}

/// The first day of the period the figures are of.
fn period_from(plan: &StoredPlan, submission: &Submission) -> Option<chrono::NaiveDate> {
    plan.timetable.period_at(submission.as_of).map(|period| period.from)
}

/// Keeps what was received of the period in step.
fn note_received(conn: &mut Conn, plan: &StoredPlan, receipt: &Receipt, units: &[UnitId]) -> Result<()> {
    let counted = |(report, unit): (&ReportReceipt, &UnitId)| {
        let figures = report.figures.iter().map(|f| (f.cohort.as_str(), f.measure.as_str(), f.count));
        Counted::of(plan, (report.report, *unit, receipt.as_of, receipt.recorded_at), figures)
    };
    let rows: Vec<Counted> = receipt.reports.iter().zip(units).filter_map(counted).collect();
    Ok(received::note(conn, plan.id, &rows)?)
}

/// What makes two submissions the same: everything but the moment they were sent.
fn said(plan: &StoredPlan, submission: &Submission) -> String {
    let Submission { as_of, reason, supersedes, parts, .. } = submission;
    format!("{}|{as_of:?}|{reason}|{supersedes:?}|{parts:?}", plan.plan.code)
}

fn check_submission(plan: &StoredPlan, submission: &Submission, now: Instant) -> Result<()> {
    let mut faults = Vec::new();
    faults.extend(report::check_as_of(&plan.plan, submission.as_of, now));
    if submission.parts.is_empty() || submission.parts.iter().any(|part| part.lines.is_empty()) {
        faults.push(Fault::of_report("lines", Rule::Empty, "", None));
    }
    let mut seen = BTreeSet::new();
    for part in &submission.parts {
        if !seen.insert(&part.unit) {
            faults.push(Fault::of_report("unit", Rule::CohortTwice, &part.unit, None));
        }
    }
    if submission.reason.chars().count() > LONGEST_REASON {
        faults.push(Fault::of_report("reason", Rule::TooLong, "", Some(LONGEST_REASON.to_string())));
    }
    faults.extend(operation::check_id(submission.op_id.as_deref()));
    if submission.supersedes.is_some() && submission.reason.trim().is_empty() {
        faults.push(Fault::of_report("reason", Rule::ReasonNeeded, "", None));
    }
    if faults.is_empty() { Ok(()) } else { Err(UseCaseError::Invalid(faults)) }
}

/// A correction speaks of the same unit, plan and moment as what it corrects.
fn check_corrects(
    conn: &mut Conn,
    plan: &StoredPlan,
    corrected: i64,
    places: &[(&Part, Allowed)],
    as_of: Instant,
) -> Result<()> {
    let found = reports::find(conn, corrected)?;
    let fits = |(unit, plan_id, at)| {
        plan_id == plan.id && at == as_of && matches!(places, [(_, place)] if place.unit.id == unit)
    };
    if found.is_some_and(fits) {
        return Ok(());
    }
    Err(UseCaseError::Invalid(vec![Fault::of_report("supersedes", Rule::Unknown, corrected.to_string(), None)]))
}

fn check_parts(
    conn: &mut Conn,
    plan: &StoredPlan,
    mut places: Vec<(&Part, Allowed)>,
    submission: &Submission,
) -> Result<Vec<Ready>> {
    // One order for everybody, so that two submissions never wait for each other crosswise.
    places.sort_by_key(|(_, place)| place.unit.id);
    let (mut faults, mut warnings, mut ready) = (Vec::new(), Vec::new(), Vec::new());
    for (part, place) in places {
        units::lock(conn, place.unit.id)?;
        let (mut asked, mut standing) = reports::standing_of(conn, plan.id, place.unit.id)?;
        if asked.is_empty() && place.unit.kind == UnitKind::Commune {
            (asked, standing) = standing_for_parts(conn, plan, place.unit.id)?;
            asked.retain(|cohort| part.lines.contains_key(cohort));
        }
        if asked.is_empty() {
            faults.push(Fault {
                unit: part.unit.clone(),
                ..Fault::of_report("unit", Rule::UnitNotObliged, &part.unit, None)
            });
            continue;
        }
        let stood = Stood::around(conn, place.unit.id, standing, submission.as_of)?;
        let mut figures = Vec::new();
        for (cohort_code, given) in &part.lines {
            let Some(cohort) = plan.plan.cohort(cohort_code).filter(|_| asked.contains(cohort_code)) else {
                let fault = Fault::of_report("cohort", Rule::CohortNotAsked, cohort_code, Some(asked.join(", ")));
                faults.push(Fault { unit: part.unit.clone(), cohort: cohort_code.clone(), ..fault });
                continue;
            };
            let before = values_before(plan, cohort, &stood)?;
            let checked = report::check(&plan.plan, cohort, given, &before);
            let of_unit = |fault: Fault| Fault { unit: part.unit.clone(), ..fault };
            faults.extend(checked.faults.into_iter().map(of_unit));
            warnings.extend(checked.warnings.into_iter().map(|w| Warning { unit: part.unit.clone(), ..w }));
            for (measure, value) in checked.values {
                let indicator = plan.indicator(&cohort.code, measure)?;
                let before = before.get(measure).copied();
                figures.push((cohort.code.clone(), measure.to_owned(), indicator, value, before));
            }
            let twice = counted_twice(conn, plan, cohort, &place)?;
            faults.extend(twice.map(|other| Fault {
                unit: part.unit.clone(),
                cohort: cohort.code.clone(),
                ..Fault::of_report("unit", Rule::CountedTwice, other, None)
            }));
        }
        ready.push(Ready { place, stood, figures });
    }
    if !faults.is_empty() {
        return Err(UseCaseError::Invalid(faults));
    }
    if submission.reason.trim().is_empty() && warnings.iter().any(|warning| Oddity::needs_reason(warning.oddity)) {
        return Err(UseCaseError::NeedsReason(warnings));
    }
    Ok(ready)
}

/// What a commune may report as a whole because its hamlets are obliged to report it, and its own figures in force.
fn standing_for_parts(conn: &mut Conn, plan: &StoredPlan, place: UnitId) -> Result<(Vec<String>, Vec<InForce>)> {
    let below = plans::cohorts_below(conn, plan.id, &[place])?;
    let mut asked: Vec<String> =
        below.into_iter().filter(|(_, _, kind, _)| kind.is_place()).map(|(.., cohort)| cohort).collect();
    asked.sort_unstable();
    asked.dedup();
    let indicators: Vec<i64> = plan.indicators.values().copied().collect();
    let standing = if asked.is_empty() { Vec::new() } else { reports::in_force_of(conn, &indicators, &[place])? };
    Ok((asked, standing))
}

/// Name of another unit that counts the same people: one that contains this unit or is part of it.
fn counted_twice(conn: &mut Conn, plan: &StoredPlan, cohort: &Cohort, place: &Allowed) -> Result<Option<String>> {
    let (unit, above) = (&place.unit, place.above());
    let has_parts_in_plan = cohort.counted_on == CountedOn::Area && unit.kind.is_place();
    if !has_parts_in_plan && !plan.plan.is_nested() {
        return Ok(None);
    }
    let indicators = plan.indicators_of(&cohort.code);
    let counting = reports::counting(conn, &indicators, above.iter().map(|unit| &unit.id))?;
    if let Some(other) = above.iter().find(|unit| counting.contains(&unit.id)) {
        return Ok(Some(other.full_name.clone()));
    }
    let below = reports::counted_below(conn, &indicators, [&unit.id])?;
    below.first().map(|(_, other)| Ok(units::get(conn, *other)?.full_name)).transpose()
}

/// The figures of a cohort as they stood, by measure.
fn values_before<'p>(plan: &'p StoredPlan, cohort: &Cohort, stood: &Stood) -> Result<BTreeMap<&'p str, Value>> {
    let mut before = BTreeMap::new();
    for field in plan.plan.fields(cohort) {
        let value = stood.value(plan.indicator(&cohort.code, &field.measure)?);
        before.extend(value.map(|value| (field.measure.as_str(), value)));
    }
    Ok(before)
}

fn write(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    submission: &Submission,
    part: Ready,
    now: Instant,
) -> Result<ReportReceipt> {
    let unit = &part.place.unit;
    let mut changes = Vec::new();
    for (_, _, indicator, value, _) in &part.figures {
        let around = part.stood.in_ledger(*indicator);
        let by = ledger::changes(submission.as_of, *value, around);
        changes.extend(by.into_iter().map(|change| (*indicator, change)));
    }
    let new = NewReport {
        unit: unit.id,
        plan_id: plan.id,
        as_of: submission.as_of,
        recorded_at: now,
        account_id: actor.account_id,
        channel: submission.channel,
        reason: text::clean(&submission.reason),
        supersedes: submission.supersedes,
    };
    let values: Vec<(i64, Value)> =
        part.figures.iter().map(|(_, _, indicator, value, _)| (*indicator, *value)).collect();
    let report = reports::insert(conn, &new, &values, part.stood.in_force())?;
    tallies::add(conn, part.place.above(), &changes)?;
    let figures = part
        .figures
        .into_iter()
        .map(|(cohort, measure, _, value, before)| RecordedFigure {
            cohort,
            measure,
            before: before.map(|value| value.count),
            count: value.count,
            base: value.base,
            surplus: value.surplus(),
        })
        .collect();
    Ok(ReportReceipt { report, unit: unit.code.clone(), unit_name: unit.full_name.clone(), figures })
}
