//! The chase list: who is late, who is silent, who sent too little, whom to call, and when they were last reminded.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use chrono::NaiveDate;
use serde::Serialize;

use super::{Result, UnitRef, UseCaseError, allowed_or_own, progress::PlanRef, see_completeness};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::Instant,
        chase::{self, ChaseState, ReminderKind, ReminderState},
        completeness::{self, PeriodCell, Reporter, Sent},
        plan::Directive,
        schedule::Period,
        text,
        unit::{Unit, UnitId},
    },
    store::{
        Conn,
        contacts::{self, Contact},
        plans::{Obliged, StoredPlan},
        received,
        reminders::{self, Reminder},
        schedules, units,
    },
};

/// Rows of one page: more are not called in one morning.
pub const ROWS: usize = 200;
/// Where there are more units than this, those that are equally late stand in the order of their codes.
const MANY: usize = 1000;
/// How many earlier periods can be chosen.
const EARLIER: usize = 12;

/// The list of a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ChaseList {
    /// The plan.
    pub plan: PlanRef,
    /// The top of what is listed.
    pub scope: UnitRef,
    /// When it was asked.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Instant,
    /// Whether the timetable in force is ours and not the plan's.
    pub is_assumed: bool,
    /// The period; none: the plan asks for no reports, or not yet.
    pub period: Option<Period>,
    /// Those that can be looked at, the newest last.
    pub periods: Vec<Period>,
    /// How many units stand where.
    #[schema(value_type = std::collections::BTreeMap<String, usize>)]
    pub counts: BTreeMap<ChaseState, usize>,
    /// How many units a report is expected of.
    pub expected: usize,
    /// The units asked for, in the order they are called; those of one page.
    pub rows: Vec<ChaseRow>,
    /// How many rows there are on all pages.
    pub total: usize,
    /// The page, from 1.
    pub page: usize,
    /// The last run of the reminders that go out by themselves, if it was made up for later.
    pub made_up: Option<MadeUp>,
}

/// A run that was missed and made up for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MadeUp {
    /// When it was to run.
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Instant,
    /// When it ran.
    #[schema(value_type = String, format = DateTime)]
    pub ran_at: Instant,
}

/// A unit on the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ChaseRow {
    /// The unit.
    pub unit: UnitRef,
    /// The clause that obliges it.
    pub section: String,
    /// Whether that orders or requests: `yêu cầu` or `đề nghị` (requirements A-11).
    pub directive: Directive,
    /// Where it stands.
    pub state: ChaseState,
    /// What it sent of the period.
    pub cell: PeriodCell,
    /// The oldest due time it missed since it last sent anything.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub overdue_since: Option<Instant>,
    /// Days since then.
    pub days_overdue: Option<i64>,
    /// When its report of the period is due: later where it was given more time.
    #[schema(value_type = String, format = DateTime)]
    pub due: Instant,
    /// Whether it was given more time.
    pub is_extended: bool,
    /// Its newest report of the period.
    pub report: Option<i64>,
    /// Whom to write to and call.
    #[schema(value_type = Option<std::collections::BTreeMap<String, String>>)]
    pub contact: Option<Contact>,
    /// The last reminder for this period.
    pub reminded: Option<Reminded>,
}

/// The last reminder of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Reminded {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    /// What for.
    pub kind: ReminderKind,
    /// Where it stands.
    pub state: ReminderState,
    /// How many there were for this period.
    pub times: usize,
    /// What the mail server said, where it refused; what was said on the telephone.
    pub note: String,
}

impl Reminded {
    fn new((reminder, times): &(Reminder, usize)) -> Self {
        let note = if reminder.answer.is_empty() { &reminder.note } else { &reminder.answer };
        Self {
            at: reminder.sent_at.unwrap_or(reminder.recorded_at),
            kind: reminder.kind,
            state: reminder.state,
            times: *times,
            note: note.clone(),
        }
    }
}

/// What is asked of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Code of the place; the top of what the actor may chase without it.
    pub scope: Option<String>,
    /// The first day of the period; the newest that has opened without it.
    pub period: Option<NaiveDate>,
    /// Only units that stand so.
    pub state: Option<ChaseState>,
    /// The page, from 1.
    pub page: usize,
}

/// A unit as it stands, before it is dressed for the list.
pub(super) struct Standing {
    pub obliged: Arc<Obliged>,
    pub reporter: Reporter,
    pub cell: PeriodCell,
    pub at: chase::Standing,
    pub report: Option<i64>,
}

/// The list.
pub fn see_chase(conn: &mut Conn, actor: &Actor, plan: &StoredPlan, asked: &Asked, now: Instant) -> Result<ChaseList> {
    let place = allowed_or_own(conn, actor, Deed::SeeChase, asked.scope.as_deref())?;
    let periods = see_completeness::periods(plan, None, EARLIER, now)?;
    let period = match asked.period {
        Some(_) => see_completeness::periods(plan, asked.period, 1, now)?.pop(),
        None => periods.last().copied(),
    };
    let mut list = ChaseList {
        plan: PlanRef::from(plan),
        scope: UnitRef::from(&place.unit),
        as_of: now,
        is_assumed: false,
        period,
        periods,
        counts: BTreeMap::new(),
        expected: 0,
        rows: Vec::new(),
        total: 0,
        page: asked.page.max(1),
        made_up: made_up(conn)?,
    };
    let Some(period) = period else { return Ok(list) };
    list.is_assumed = plan.timetable.version(period.from).is_some_and(|version| version.assumed);
    let mut standings = standings(conn, plan, place.unit.id, &period, now)?;
    list.expected = standings.len();
    for standing in &standings {
        *list.counts.entry(standing.at.state).or_default() += 1;
    }
    standings.retain(|standing| asked.state.is_none_or(|state| standing.at.state == state));
    list.total = standings.len();
    let skipped = (list.page - 1).saturating_mul(ROWS);
    let shown: Vec<Standing> = standings.into_iter().skip(skipped).take(ROWS).collect();
    list.rows = rows(conn, plan, &period, shown, now)?;
    Ok(list)
}

fn made_up(conn: &mut Conn) -> Result<Option<MadeUp>> {
    let run = reminders::last_run(conn, super::send_reminders::JOB)?;
    let late = |run: &reminders::Run| run.claimed_at - run.due_at > super::send_reminders::PUNCTUAL;
    Ok(run.filter(late).map(|run| MadeUp { due_at: run.due_at, ran_at: run.claimed_at }))
}

/// Every unit below `top` that a report of the period is expected of, in the order they are called: the longest overdue
/// first, then those that never reported, then by name. One question for the units, one for what they sent, one for what
/// the silent ones sent last.
pub(super) fn standings(
    conn: &mut Conn,
    plan: &StoredPlan,
    top: UnitId,
    period: &Period,
    now: Instant,
) -> Result<Vec<Standing>> {
    let Some(version) = plan.timetable.version(period.from) else { return Ok(Vec::new()) };
    let reporters = schedules::reporters(conn, plan, top)?;
    // What so many units sent is read faster with everybody's.
    let below = (reporters.len() <= MANY).then_some(top);
    let received: HashMap<UnitId, completeness::Received> = received::of_periods(conn, plan.id, below, &[period.from])?
        .into_iter()
        .map(|(_, unit, received)| (unit, received))
        .collect();
    let mut judged: Vec<(Arc<Obliged>, Reporter, PeriodCell, Option<i64>)> = Vec::new();
    for (obliged, reporter) in reporters {
        let received = received.get(&obliged.unit.id);
        let asked = see_completeness::asked(plan, version, &obliged);
        let cell = completeness::judge(&reporter, asked, period, received, now);
        if cell.state != Sent::NotExpected {
            judged.push((obliged, reporter, cell, received.map(|received| received.report)));
        }
    }
    let silent: Vec<UnitId> = judged
        .iter()
        .filter(|(_, _, cell, _)| !cell.state.is_received())
        .map(|(obliged, ..)| obliged.unit.id)
        .collect();
    let newest = received::newest_before(conn, plan.id, &silent, period.from)?;
    let mut standings: Vec<Standing> = judged
        .into_iter()
        .map(|(obliged, reporter, cell, report)| {
            let sent = newest.get(&obliged.unit.id).copied();
            let since = chase::overdue_since(&plan.timetable, &reporter, sent, period, now);
            let at = chase::judge(&cell, (sent.is_some(), since), reporter.due(period), now);
            Standing { obliged, reporter, cell, at, report }
        })
        .collect();
    let is_collated = standings.len() <= MANY;
    let by_name = |a: &Unit, b: &Unit| {
        let names = if is_collated { text::compare(&a.full_name, &b.full_name) } else { Ordering::Equal };
        names.then_with(|| a.code.cmp(&b.code))
    };
    standings.sort_by(|a, b| {
        let rank = |standing: &Standing| (standing.at.state, standing.at.overdue_since);
        rank(a).cmp(&rank(b)).then_with(|| by_name(&a.obliged.unit, &b.obliged.unit))
    });
    Ok(standings)
}

fn rows(
    conn: &mut Conn,
    plan: &StoredPlan,
    period: &Period,
    shown: Vec<Standing>,
    now: Instant,
) -> Result<Vec<ChaseRow>> {
    let ids: Vec<UnitId> = shown.iter().map(|standing| standing.obliged.unit.id).collect();
    let mut contacts = contacts::of(conn, &ids)?;
    let reminded = reminders::last(conn, plan.id, period.from, &ids)?;
    Ok(shown
        .into_iter()
        .map(|Standing { obliged, reporter, cell, at, report }| {
            let (section, directive) = see_completeness::clause(plan, &obliged);
            ChaseRow {
                section,
                directive,
                state: at.state,
                cell,
                overdue_since: at.overdue_since,
                days_overdue: at.overdue_since.map(|since| chase::days_overdue(since, now)),
                due: reporter.due(period),
                is_extended: reporter.extended.contains_key(&period.from),
                report,
                contact: contacts.remove(&obliged.unit.id),
                reminded: reminded.get(&obliged.unit.id).map(Reminded::new),
                unit: UnitRef::from(&obliged.unit),
            }
        })
        .collect())
}

/// The units with these codes: all of them, each one the actor may chase, or none.
pub(super) fn chosen(conn: &mut Conn, actor: &Actor, codes: &[String]) -> Result<Vec<Unit>> {
    let codes: BTreeSet<&str> = codes.iter().map(String::as_str).collect();
    let codes: Vec<&str> = codes.into_iter().collect();
    let tops: Vec<UnitId> = actor.scopes(Deed::Chase).collect();
    if tops.is_empty() {
        return Err(UseCaseError::NotAllowed);
    }
    let found = units::with_codes(conn, &codes)?;
    if let Some(code) = codes.iter().find(|code| found.iter().all(|unit| unit.code != **code)) {
        return Err(UseCaseError::NotFound { kind: "unit", name: (*code).to_owned() });
    }
    let ids: Vec<UnitId> = found.iter().map(|unit| unit.id).collect();
    let within = units::below_any(conn, &ids, &tops)?;
    if ids.iter().all(|id| within.contains(id)) { Ok(found) } else { Err(UseCaseError::NotAllowed) }
}
