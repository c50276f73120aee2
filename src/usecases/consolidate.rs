//! The office consolidates: one value with everything the official report shows, made from the same reads as the pages,
//! so that their numbers cannot differ.

use chrono::NaiveDate;

use super::{
    Result, UseCaseError, allowed_or_own,
    consolidate_parts::{Parts, cohorts, communes, coverage, forms, lines, trend, zones},
    progress::{Moment, Obligations, progress},
    see_completeness::{CompletenessView, see_completeness},
    see_league::see_league,
    see_overview::see_overview,
    see_tracing::see_tracing,
    see_zones::see_zones,
    set_letter::letter_of,
};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::{self, Instant},
        consolidated::{
            ClauseHead, ConsolidatedReport, Difficulty, FORMAT, Named, OwnDocument, PlanHead, Previous, TracingTotal,
            choices::{Choices, Period},
        },
        difficulty::DifficultyState,
        letter::Letter,
        text,
        unit::Unit,
    },
    store::{Conn, difficulties, issued_reports, own_documents, plans::StoredPlan, units},
};

/// How many difficulties a report can name, and the longest stretch of tracing figures, in days.
const MOST_DIFFICULTIES: i64 = 500;
const TRACED_DAYS: u64 = 92;

/// The report of `scope`, or of the top of what the actor reads reports of, as it stands `now`.
pub fn consolidate(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    scope: Option<&str>,
    choices: &Choices,
    now: Instant,
) -> Result<ConsolidatedReport> {
    let place = allowed_or_own(conn, actor, Deed::ReadConsolidated, scope)?;
    let today = calendar::day(now);
    let mut faults = choices.texts.faults();
    faults.extend(choices.period.faults(today));
    if !faults.is_empty() {
        return Err(UseCaseError::Invalid(faults));
    }
    let moment = Moment::new(Some(choices.day.unwrap_or_else(|| choices.period.last_day(today))), now);
    let code = place.unit.code.as_str();
    let overview = see_overview(conn, actor, plan, Some(code), moment)?;
    let league = see_league(conn, actor, plan, Some(code), None, None, moment)?;
    let board = see_zones(conn, actor, Some(code), moment.as_of())?;
    let obligations = Obligations::read(conn, plan, place.unit.id)?;
    let progress = progress(conn, &obligations, moment, |_| true)?;
    let within = units::communes_of(conn, place.unit.id)?;
    let (previous, issued_before) = previous(conn, plan, &place.unit, choices)?.unzip();
    let completeness = completeness(conn, actor, plan, code, choices, now)?;
    let parts = Parts { plan, within: &within, before: issued_before.as_ref() };
    let lines = lines(&parts, &progress, &league);
    let letter = letter_of(conn, plan, &place.unit)?;
    let letter = Letter { recipients: recipients(choices).unwrap_or(letter.recipients), ..letter };
    let places = units::with_codes(conn, &within.values().map(String::as_str).collect::<Vec<_>>())?;
    Ok(ConsolidatedReport {
        format: FORMAT,
        plan: PlanHead {
            code: plan.plan.code.clone(),
            number: plan.plan.number.clone(),
            title: plan.plan.title.clone(),
            issuer: plan.plan.issuer.clone(),
            issued_on: plan.plan.issued_on,
            is_illustrative: plan.is_illustrative,
        },
        scope: Named::from(&place.unit),
        period: choices.period,
        as_of: moment.as_of(),
        signer: letter.signers.get(choices.signer).or(letter.signers.first()).cloned().unwrap_or_default(),
        letter,
        sections: choices.chosen_sections(),
        texts: choices.texts.cleaned(),
        coverage: coverage(plan, &overview, &progress, completeness.as_ref()),
        forms: forms(plan),
        cohorts: cohorts(&parts, &overview),
        clauses: clauses(plan, &progress),
        communes: communes(places, &lines, &board),
        documents: documents(conn, plan, &place.unit, moment, &lines)?,
        zones: zones(&board),
        tracing: tracing(conn, actor, code, choices, moment)?,
        trend: trend(&overview, moment),
        trend_measure: overview.trend_measure.as_ref().map(|words| words.vi.clone()).unwrap_or_default(),
        difficulties: chosen(conn, plan, &place.unit, choices, moment)?,
        previous,
        lines,
    })
}

/// The period of the plan's timetable that a day lies in; where it has none, the week or the days of its cadence.
pub fn period_of(plan: &StoredPlan, day: NaiveDate) -> Period {
    match plan.timetable.period_of(day) {
        Some(period) => Period { starts_on: period.from, ends_on: period.to },
        None => Period::holding(day, plan.plan.schedule.every_days, plan.plan.starts_on),
    }
}

/// Who reported in the period, where it is one of the plan's timetable.
fn completeness(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    code: &str,
    choices: &Choices,
    now: Instant,
) -> Result<Option<CompletenessView>> {
    let Period { starts_on, ends_on } = choices.period;
    let of_timetable = plan
        .timetable
        .period_of(starts_on)
        .filter(|period| (period.from, period.to) == (starts_on, ends_on) && period.opens <= now);
    let Some(period) = of_timetable else { return Ok(None) };
    Ok(Some(see_completeness(conn, actor, plan, Some(code), (Some(period.from), 1), now)?))
}

/// Who gets it, where somebody chose.
fn recipients(choices: &Choices) -> Option<Vec<String>> {
    let chosen = choices.recipients.as_ref()?;
    Some(chosen.iter().map(|line| text::clean(line)).filter(|line| !line.is_empty()).collect())
}

fn clauses(plan: &StoredPlan, progress: &[super::progress::UnitProgress]) -> Vec<ClauseHead> {
    let obliges = |section: &str| progress.iter().any(|unit| unit.section == section);
    let clauses = plan.plan.clauses.iter().filter(|clause| obliges(&clause.section));
    clauses
        .map(|clause| ClauseHead {
            section: clause.section.clone(),
            directive: clause.directive,
            bodies: clause.bodies.clone(),
        })
        .collect()
}

/// The report issued last for an earlier period.
fn previous(
    conn: &mut Conn,
    plan: &StoredPlan,
    place: &Unit,
    choices: &Choices,
) -> Result<Option<(Previous, ConsolidatedReport)>> {
    let issued = issued_reports::of(conn, plan.id, place.id)?;
    let Some(last) = issued.into_iter().find(|one| one.period.starts_on < choices.period.starts_on) else {
        return Ok(None);
    };
    let content = issued_reports::content(conn, last.id)?;
    let previous = Previous { id: last.id, period: last.period, version: last.version, as_of: last.as_of };
    Ok(Some((previous, content)))
}

/// What each obliged body says of a document of its own.
fn documents(
    conn: &mut Conn,
    plan: &StoredPlan,
    place: &Unit,
    moment: Moment,
    lines: &[crate::domain::consolidated::Line],
) -> Result<Vec<OwnDocument>> {
    let said = own_documents::in_force(conn, plan.id, place.id, moment.until())?;
    let codes: Vec<&str> = lines.iter().filter(|l| !l.unit.kind.is_place()).map(|l| l.unit.code.as_str()).collect();
    let mut bodies = units::with_codes(conn, &codes)?;
    bodies.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(bodies
        .iter()
        .map(|unit| {
            let said = said.get(&unit.id);
            OwnDocument {
                unit: Named::from(unit),
                is_issued: said.map(|said| said.is_issued),
                number: said.map(|said| said.number.clone()).unwrap_or_default(),
                issued_on: said.and_then(|said| said.issued_on),
            }
        })
        .collect())
}

/// The tracing figures of the period, as far as it has come; of a long one, its last weeks.
fn tracing(conn: &mut Conn, actor: &Actor, code: &str, choices: &Choices, moment: Moment) -> Result<Vec<TracingTotal>> {
    let to = choices.period.ends_on.min(moment.day);
    let from = choices.period.tail(TRACED_DAYS).min(to);
    let view = see_tracing(conn, actor, Some(code), Some(from), Some(to), calendar::day(moment.now))?;
    if view.reported == 0 {
        return Ok(Vec::new());
    }
    Ok(view.totals.iter().map(|of| TracingTotal { figure: of.figure, count: of.cell.count() }).collect())
}

/// The difficulties chosen; unless somebody chose, those that are not resolved.
fn chosen(
    conn: &mut Conn,
    plan: &StoredPlan,
    place: &Unit,
    choices: &Choices,
    moment: Moment,
) -> Result<Vec<Difficulty>> {
    let found = difficulties::below(conn, plan.id, place.id, moment.until(), MOST_DIFFICULTIES)?;
    let is_chosen = |one: &difficulties::Difficulty| match &choices.difficulties {
        Some(chosen) => chosen.contains(&one.id),
        None => one.state() != DifficultyState::Resolved,
    };
    Ok(found
        .into_iter()
        .rev()
        .filter(is_chosen)
        .map(|one| Difficulty {
            id: one.id,
            state: one.state(),
            note: one.steps.last().map(|step| step.note.clone()).unwrap_or_default(),
            unit: Named::from(&one.unit),
            category: one.category,
            text: one.body,
        })
        .collect())
}
