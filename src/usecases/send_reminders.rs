//! Reminders that go out by themselves, and the letters themselves: made here, carried by whoever has a mail server.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Duration;
use serde::Serialize;
use serde_json::json;

use super::{Result, UnitRef, area_of, see_chase::standings};
use crate::{
    domain::{
        calendar::{self, Instant},
        chase::{self, ChaseState, ReminderKind},
        plan::Directive,
        schedule::Period,
        unit::UnitId,
    },
    store::{
        Conn, audit, contacts,
        plans::{self, StoredPlan},
        reminders::{self, Fate, NewReminder, Reminder},
        units,
    },
};

/// The job's name in the log of runs.
pub const JOB: &str = "remind";
/// A run that begins later than this after its time was missed, and is made up for.
pub const PUNCTUAL: Duration = Duration::minutes(30);
/// How many letters a process takes at once.
const LETTERS: i64 = 20;
/// Who acts when nobody does.
const ACTOR: &str = "Nhắc tự động";

/// A run of the job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunReport {
    /// When it was to run.
    pub due_at: Instant,
    /// Whether it runs late: nobody was there at its time.
    pub is_made_up: bool,
    /// Letters put into the queue.
    pub queued: usize,
    /// Units to be reminded whose address is not known.
    pub without_address: usize,
}

/// Does the run that is due, unless another process has it or it is done. Of several missed runs only the last is made
/// up for: a letter of last week's morning helps nobody.
pub fn run_if_due(conn: &mut Conn, now: Instant) -> Result<Option<RunReport>> {
    let due_at = chase::last_run(now);
    if !reminders::claim_run(conn, JOB, due_at, now)? {
        return Ok(None);
    }
    let mut report = RunReport { due_at, is_made_up: now - due_at > PUNCTUAL, queued: 0, without_address: 0 };
    for plan in plans::all(conn)? {
        // The letters of days after a due time are of the period before, once a new one has begun. No unit gets two.
        let mut asked = BTreeSet::new();
        for period in plan.timetable.newest(now, 2).into_iter().rev() {
            remind_plan(conn, &plan, &period, (&mut report, &mut asked), now)?;
        }
    }
    let detail = json!(report);
    reminders::finish_run(conn, JOB, due_at, &detail.to_string(), now)?;
    if report.queued > 0 {
        let (actor, action) = (ACTOR.to_owned(), "reminder.run");
        audit::append(conn, &audit::NewEvent { at: now, account_id: None, actor, action, unit: None, detail })?;
    }
    Ok(Some(report))
}

fn remind_plan(
    conn: &mut Conn,
    plan: &StoredPlan,
    period: &Period,
    (report, asked): (&mut RunReport, &mut BTreeSet<UnitId>),
    now: Instant,
) -> Result<()> {
    let today = calendar::day(now);
    let wanted: Vec<(UnitId, ReminderKind)> = standings(conn, plan, area_of(plan)?, period, now)?
        .iter()
        .filter(|standing| standing.at.state.is_silent())
        .filter_map(|standing| {
            let due = standing.at.overdue_since.unwrap_or_else(|| standing.reporter.due(period));
            let kind = chase::reminder_on(today, calendar::day(due))
                // Overdue of an earlier period, and this one's day has come.
                .or_else(|| chase::reminder_on(today, calendar::day(standing.reporter.due(period))))?;
            Some((standing.obliged.unit.id, kind))
        })
        .collect();
    let ids: Vec<UnitId> = wanted.iter().map(|(unit, _)| *unit).collect();
    let contacts = contacts::of(conn, &ids)?;
    let mut new = Vec::new();
    for (unit, kind) in wanted {
        if !asked.insert(unit) {
            continue;
        }
        let email = contacts.get(&unit).map(|contact| contact.email.clone()).filter(|email| !email.is_empty());
        let Some(email) = email else {
            report.without_address += 1;
            continue;
        };
        let (period_from, day, note) = (period.from, today, String::new());
        new.push(NewReminder { unit, period_from, kind, day, round: 0, recipient: Some(email), note });
    }
    report.queued += reminders::add(conn, plan.id, &new, None, now)?.len();
    Ok(())
}

/// A letter to one unit: what it has still to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its number in the queue.
    pub id: i64,
    /// Where it goes.
    pub to: String,
    /// The unit.
    pub unit: UnitRef,
    /// What for.
    pub kind: ReminderKind,
    /// Whether it orders or requests.
    pub directive: Directive,
    /// The plan's number.
    pub plan: String,
    /// The period.
    pub period: Period,
    /// When the report of the period is due.
    pub due: Instant,
    /// Where the unit stands.
    pub state: ChaseState,
    /// The oldest due time it missed.
    pub overdue_since: Option<Instant>,
    /// How often it was tried, this time included.
    pub attempts: i32,
}

/// Takes letters to be sent now; nobody else gets them. Units that have sent their report meanwhile get none.
pub fn take_letters(conn: &mut Conn, now: Instant) -> Result<Vec<Letter>> {
    let claimed = reminders::claim(conn, LETTERS, now)?;
    if claimed.is_empty() {
        return Ok(Vec::new());
    }
    let plans: BTreeMap<i64, StoredPlan> = plans::all(conn)?.into_iter().map(|plan| (plan.id, plan)).collect();
    let mut by_period: BTreeMap<(i64, chrono::NaiveDate), Vec<Reminder>> = BTreeMap::new();
    for reminder in claimed {
        by_period.entry((reminder.plan_id, reminder.period_from)).or_default().push(reminder);
    }
    let mut letters = Vec::new();
    for ((plan_id, from), reminders) in by_period {
        let plan = plans.get(&plan_id);
        let period = plan.and_then(|plan| plan.timetable.period_of(from));
        letters.extend(dress(conn, plan.zip(period), reminders, now)?);
    }
    Ok(letters)
}

fn dress(
    conn: &mut Conn,
    of: Option<(&StoredPlan, Period)>,
    claimed: Vec<Reminder>,
    now: Instant,
) -> Result<Vec<Letter>> {
    let ids: Vec<UnitId> = claimed.iter().map(|reminder| reminder.unit).collect();
    let standings = match of {
        Some((plan, period)) => standings(conn, plan, area_of(plan)?, &period, now)?,
        None => Vec::new(),
    };
    let units: BTreeMap<UnitId, UnitRef> =
        units::with_ids(conn, &ids)?.iter().map(|unit| (unit.id, UnitRef::from(unit))).collect();
    let mut letters = Vec::new();
    for reminder in claimed {
        let standing = standings.iter().find(|standing| standing.obliged.unit.id == reminder.unit);
        let standing = standing.filter(|standing| standing.at.state.is_open());
        let (Some((plan, period)), Some(standing), Some(unit)) = (of, standing, units.get(&reminder.unit)) else {
            reminders::conclude(conn, reminder.id, &Fate::Failed, "not_needed", now)?;
            continue;
        };
        letters.push(Letter {
            id: reminder.id,
            to: reminder.recipient,
            unit: unit.clone(),
            kind: reminder.kind,
            directive: super::see_completeness::clause(plan, &standing.obliged).1,
            plan: plan.plan.number.clone(),
            period,
            due: standing.reporter.due(&period),
            state: standing.at.state,
            overdue_since: standing.at.overdue_since,
            attempts: reminder.attempts,
        });
    }
    Ok(letters)
}

/// How carrying a letter ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carried {
    /// The mail server took it.
    Taken,
    /// It did not, and surely has not got it: the letter may be tried again.
    Refused(String),
    /// It never will, or nobody knows whether it took it: trying again might send it twice.
    Lost(String),
}

/// Records how carrying a letter ended.
pub fn conclude(conn: &mut Conn, letter: &Letter, carried: &Carried, now: Instant) -> Result<()> {
    let (fate, answer) = match carried {
        Carried::Taken => (Fate::Sent, ""),
        Carried::Refused(answer) => {
            let fate = chase::retry_after(letter.attempts).map_or(Fate::Failed, |wait| Fate::Retry(now + wait));
            (fate, answer.as_str())
        }
        Carried::Lost(answer) => (Fate::Failed, answer.as_str()),
    };
    let answer: String = answer.chars().take(500).collect();
    Ok(reminders::conclude(conn, letter.id, &fate, &answer, now)?)
}
