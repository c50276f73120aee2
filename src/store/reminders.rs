//! The queue and the log of reminders, and the runs of the job that makes them. A row is claimed before anything is
//! done about it: a letter goes out once or, where a process dies over it, not at all; never twice.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDate};
use diesel::prelude::*;

use super::{
    Conn, StoreError, Ts,
    among::among,
    on_each,
    schema::{job_run, reminder},
};
use crate::domain::{
    calendar::Instant,
    chase::{ReminderKind, ReminderState},
    unit::UnitId,
};

/// How long a process may take over a letter before it is taken for dead.
const LEASE: Duration = Duration::minutes(10);

/// A reminder to be queued or logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReminder {
    /// Whom.
    pub unit: UnitId,
    /// The first day of the period it is about.
    pub period_from: NaiveDate,
    /// What for.
    pub kind: ReminderKind,
    /// The day it goes out.
    pub day: NaiveDate,
    /// 0, or how many it repeats on purpose.
    pub round: i32,
    /// Address it goes to; none: it is a call that was made.
    pub recipient: Option<String>,
    /// What was said on the telephone; the order or request a letter makes.
    pub note: String,
}

#[derive(Insertable)]
#[diesel(table_name = reminder, treat_none_as_default_value = false)]
struct Row<'a> {
    plan_id: i64,
    unit_id: i64,
    period_from: NaiveDate,
    kind: &'a str,
    day: NaiveDate,
    round: i32,
    channel: &'a str,
    recipient: &'a str,
    state: &'a str,
    attempts: i32,
    next_at: Ts,
    answer: &'a str,
    note: &'a str,
    recorded_at: Ts,
    sent_at: Option<Ts>,
    account_id: Option<i64>,
}

/// Queues reminders and logs calls. Those whose key another process or an earlier press has claimed are left out;
/// returns the units of those that are new.
pub fn add(
    conn: &mut Conn,
    plan_id: i64,
    reminders: &[NewReminder],
    account_id: Option<i64>,
    now: Instant,
) -> Result<Vec<UnitId>, StoreError> {
    let mut claimed = Vec::new();
    for batch in reminders.chunks(500) {
        let rows: Vec<Row<'_>> = batch
            .iter()
            .map(|new| {
                let is_letter = new.recipient.is_some();
                Row {
                    plan_id,
                    unit_id: new.unit.0,
                    period_from: new.period_from,
                    kind: new.kind.code(),
                    day: new.day,
                    round: new.round,
                    channel: if is_letter { "email" } else { "phone" },
                    recipient: new.recipient.as_deref().unwrap_or_default(),
                    state: if is_letter { ReminderState::Waiting } else { ReminderState::Logged }.code(),
                    attempts: 0,
                    next_at: now.into(),
                    answer: "",
                    note: &new.note,
                    recorded_at: now.into(),
                    sent_at: (!is_letter).then(|| now.into()),
                    account_id,
                }
            })
            .collect();
        let units: Vec<i64> = on_each!(conn, |c| diesel::insert_into(reminder::table)
            .values(&rows)
            .on_conflict_do_nothing()
            .returning(reminder::unit_id)
            .get_results(c))?;
        claimed.extend(units.into_iter().map(UnitId));
    }
    Ok(claimed)
}

/// A reminder as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// Its number.
    pub id: i64,
    /// Whom.
    pub unit: UnitId,
    /// The plan.
    pub plan_id: i64,
    /// The period it is about.
    pub period_from: NaiveDate,
    /// What for.
    pub kind: ReminderKind,
    /// The day.
    pub day: NaiveDate,
    /// How many it repeats.
    pub round: i32,
    /// Address.
    pub recipient: String,
    /// Where it stands.
    pub state: ReminderState,
    /// How often it was tried.
    pub attempts: i32,
    /// What the mail server said last.
    pub answer: String,
    /// What was said on the telephone.
    pub note: String,
    /// When it was queued.
    pub recorded_at: Instant,
    /// When it went out.
    pub sent_at: Option<Instant>,
}

type Kept = ((i64, i64, i64, NaiveDate, String, NaiveDate, i32), (String, String, i32, String, String, Ts, Option<Ts>));

macro_rules! columns {
    () => {
        (
            (
                reminder::id,
                reminder::unit_id,
                reminder::plan_id,
                reminder::period_from,
                reminder::kind,
                reminder::day,
                reminder::round,
            ),
            (
                reminder::recipient,
                reminder::state,
                reminder::attempts,
                reminder::answer,
                reminder::note,
                reminder::recorded_at,
                reminder::sent_at,
            ),
        )
    };
}

fn read(kept: Kept) -> Result<Reminder, StoreError> {
    let (id, unit, plan_id, period_from, kind, day, round) = kept.0;
    let (recipient, state, attempts, answer, note, recorded_at, sent_at) = kept.1;
    let broken = |what: &str| StoreError::Broken(format!("reminder {id} is {what}"));
    Ok(Reminder {
        id,
        unit: UnitId(unit),
        plan_id,
        period_from,
        kind: ReminderKind::from_code(&kind).ok_or_else(|| broken(&kind))?,
        day,
        round,
        recipient,
        state: ReminderState::from_code(&state).ok_or_else(|| broken(&state))?,
        attempts,
        answer,
        note,
        recorded_at: recorded_at.0,
        sent_at: sent_at.map(|ts| ts.0),
    })
}

/// The last reminder of each of these units for a period, and how many there were.
pub fn last(
    conn: &mut Conn,
    plan_id: i64,
    period_from: NaiveDate,
    units: &[UnitId],
) -> Result<BTreeMap<UnitId, (Reminder, usize)>, StoreError> {
    let mut last: BTreeMap<UnitId, (Reminder, usize)> = BTreeMap::new();
    let rows: Vec<Kept> = on_each!(conn, |c| reminder::table
        .filter(reminder::plan_id.eq(plan_id).and(reminder::period_from.eq(period_from)))
        .filter(among(reminder::unit_id, units.iter().map(|unit| unit.0)))
        .order(reminder::id)
        .select(columns!())
        .load(c))?;
    for row in rows {
        let reminder = read(row)?;
        let times = last.get(&reminder.unit).map_or(0, |(_, times)| *times);
        last.insert(reminder.unit, (reminder, times + 1));
    }
    Ok(last)
}

/// How many letters each of these units was sent or is to be sent on a day, whatever they are about; with the last.
pub fn letters_on(
    conn: &mut Conn,
    units: &[UnitId],
    day: NaiveDate,
) -> Result<BTreeMap<UnitId, (i32, Reminder)>, StoreError> {
    let rows: Vec<Kept> = on_each!(conn, |c| reminder::table
        .filter(reminder::channel.eq("email").and(reminder::day.eq(day)))
        .filter(among(reminder::unit_id, units.iter().map(|unit| unit.0)))
        .order(reminder::round)
        .select(columns!())
        .load(c))?;
    rows.into_iter().map(read).map(|kept| kept.map(|kept| (kept.unit, (kept.round + 1, kept)))).collect()
}

/// Takes letters that are to be sent now, at most so many; no other process gets them. Letters over which a process died
/// are given up: nobody knows whether they went out.
pub fn claim(conn: &mut Conn, most: i64, now: Instant) -> Result<Vec<Reminder>, StoreError> {
    let given_up = reminder::state.eq(ReminderState::Sending.code()).and(reminder::next_at.le(Ts::from(now)));
    on_each!(conn, |c| diesel::update(reminder::table.filter(given_up))
        .set((reminder::state.eq(ReminderState::Failed.code()), reminder::answer.eq("interrupted")))
        .execute(c))?;
    let is_due = || reminder::state.eq(ReminderState::Waiting.code()).and(reminder::next_at.le(Ts::from(now)));
    let ids: Vec<i64> = on_each!(conn, |c| reminder::table
        .filter(is_due())
        .order(reminder::id)
        .limit(most)
        .select(reminder::id)
        .load(c))?;
    // The condition is asked again of each row under its lock.
    let rows: Vec<Kept> = on_each!(conn, |c| diesel::update(reminder::table)
        .filter(reminder::id.eq_any(&ids).and(is_due()))
        .set((
            reminder::state.eq(ReminderState::Sending.code()),
            reminder::attempts.eq(reminder::attempts + 1),
            reminder::next_at.eq(Ts::from(now + LEASE)),
        ))
        .returning(columns!())
        .get_results(c))?;
    let mut claimed = rows.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    claimed.sort_by_key(|reminder| reminder.id);
    Ok(claimed)
}

/// What became of a letter that was claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The mail server took it.
    Sent,
    /// It is tried again then.
    Retry(Instant),
    /// It is given up.
    Failed,
}

/// Records what became of a letter.
pub fn conclude(conn: &mut Conn, id: i64, fate: &Fate, answer: &str, now: Instant) -> Result<(), StoreError> {
    let (state, next_at, sent_at) = match fate {
        Fate::Sent => (ReminderState::Sent, now, Some(Ts::from(now))),
        Fate::Retry(at) => (ReminderState::Waiting, *at, None),
        Fate::Failed => (ReminderState::Failed, now, None),
    };
    let set = (
        reminder::state.eq(state.code()),
        reminder::next_at.eq(Ts::from(next_at)),
        reminder::answer.eq(answer),
        reminder::sent_at.eq(sent_at),
    );
    on_each!(conn, |c| diesel::update(reminder::table.find(id)).set(set).execute(c))?;
    Ok(())
}

/// A run of a scheduled job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// When it was to run.
    pub due_at: Instant,
    /// When it ran.
    pub claimed_at: Instant,
    /// What it says of itself.
    pub outcome: String,
}

/// The last run of a job.
pub fn last_run(conn: &mut Conn, job: &str) -> Result<Option<Run>, StoreError> {
    let row: Option<(Ts, Ts, String)> = on_each!(conn, |c| job_run::table
        .filter(job_run::job.eq(job))
        .order(job_run::due_at.desc())
        .select((job_run::due_at, job_run::claimed_at, job_run::outcome))
        .first(c)
        .optional())?;
    Ok(row.map(|(due_at, claimed_at, outcome)| Run { due_at: due_at.0, claimed_at: claimed_at.0, outcome }))
}

/// Claims a run; whether it is this process that runs it.
pub fn claim_run(conn: &mut Conn, job: &str, due_at: Instant, now: Instant) -> Result<bool, StoreError> {
    let row = (
        job_run::job.eq(job),
        job_run::due_at.eq(Ts::from(due_at)),
        job_run::claimed_at.eq(Ts::from(now)),
        job_run::outcome.eq(""),
    );
    Ok(on_each!(conn, |c| diesel::insert_into(job_run::table).values(row).on_conflict_do_nothing().execute(c))? == 1)
}

/// Records what a run did.
pub fn finish_run(conn: &mut Conn, job: &str, due_at: Instant, outcome: &str, now: Instant) -> Result<(), StoreError> {
    let set = (job_run::finished_at.eq(Some(Ts::from(now))), job_run::outcome.eq(outcome));
    on_each!(conn, |c| diesel::update(job_run::table.find((job, Ts::from(due_at)))).set(set).execute(c))?;
    Ok(())
}
