//! Chasing (đôn đốc): where each unit stands in a period, and in which order they are called.

use serde::Serialize;

use super::{
    calendar::{self, Instant},
    coded,
    completeness::{PeriodCell, Reporter, Sent},
    schedule::{Period, Timetable},
};

coded! {
    /// Where a unit stands on the chase list, in the order of the list.
    pub enum ChaseState {
        /// Not sent, and a due time has passed since it last sent anything.
        Overdue = "overdue",
        /// It has never sent anything, and a due time has passed.
        Never = "never",
        /// What it sent was returned.
        Returned = "returned",
        /// Due today.
        DueToday = "due_today",
        /// Not due yet.
        Waiting = "waiting",
        /// Sent, with required figures missing.
        Partial = "partial",
        /// Sent, and everything it counted is 0.
        Zero = "zero",
        /// Sent in full.
        Received = "received",
    }
}

impl ChaseState {
    /// Whether something is still to come.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Zero | Self::Received)
    }

    /// Whether nothing that stands was sent.
    pub fn is_silent(self) -> bool {
        self.is_open() && self != Self::Partial
    }
}

/// A unit as it stands on the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Where it stands.
    pub state: ChaseState,
    /// The oldest due time it has missed since it last sent anything.
    pub overdue_since: Option<Instant>,
}

/// The oldest due time that has passed, of the periods from the one after the `newest` it sent to `period`.
pub fn overdue_since(
    timetable: &Timetable,
    reporter: &Reporter,
    newest: Option<chrono::NaiveDate>,
    period: &Period,
    now: Instant,
) -> Option<Instant> {
    let first = newest.and_then(|from| timetable.period_of(from)).and_then(|sent| sent.to.succ_opt());
    let missed = |period: &Period| reporter.is_expected(period) && reporter.due(period) < now;
    let mut periods = timetable.periods_from(first.unwrap_or(period.from)).take_while(|p| p.from <= period.from);
    periods.find(missed).map(|period| reporter.due(&period))
}

/// Where a unit stands. `has_sent`: whether it ever sent anything before the period.
pub fn judge(
    cell: &PeriodCell,
    (has_sent, overdue_since): (bool, Option<Instant>),
    due: Instant,
    now: Instant,
) -> Standing {
    let state = match cell.state {
        Sent::Partial => ChaseState::Partial,
        Sent::Complete | Sent::NotExpected if cell.is_zero => ChaseState::Zero,
        Sent::Complete | Sent::NotExpected => ChaseState::Received,
        Sent::Returned => ChaseState::Returned,
        Sent::Waiting | Sent::Missing if overdue_since.is_some() && !has_sent => ChaseState::Never,
        Sent::Waiting | Sent::Missing if overdue_since.is_some() => ChaseState::Overdue,
        Sent::Waiting | Sent::Missing if calendar::day(due) == calendar::day(now) => ChaseState::DueToday,
        Sent::Waiting | Sent::Missing => ChaseState::Waiting,
    };
    Standing { state, overdue_since: if state.is_silent() { overdue_since } else { None } }
}

/// Whole days since a due time: what lists and letters say.
pub fn days_overdue(since: Instant, now: Instant) -> i64 {
    (calendar::day(now) - calendar::day(since)).num_days()
}

coded! {
    /// What a unit is reminded for, and how it came about.
    pub enum ReminderKind {
        /// The day before something is due, by itself.
        Before = "before",
        /// On the day it is due, by itself.
        Due = "due",
        /// Some days after it was due, by itself.
        After = "after",
        /// Somebody asked for it.
        Asked = "asked",
        /// Somebody called by telephone.
        Called = "called",
    }
}

/// Days after the due day on which a reminder goes out by itself; then every seventh.
const AFTER: [i64; 2] = [1, 3];

/// Which reminder goes out by itself on a day, for something due on another.
pub fn reminder_on(day: chrono::NaiveDate, due_day: chrono::NaiveDate) -> Option<ReminderKind> {
    match (day - due_day).num_days() {
        -1 => Some(ReminderKind::Before),
        0 => Some(ReminderKind::Due),
        days if AFTER.contains(&days) || (days > 0 && days % 7 == 0) => Some(ReminderKind::After),
        _ => None,
    }
}

/// The hour in Vietnam at which reminders go out by themselves.
pub const HOUR: u32 = 8;

/// The last moment up to `now` at which reminders were to go out.
pub fn last_run(now: Instant) -> Instant {
    let at = |day: chrono::NaiveDate| calendar::start_of(day) + chrono::Duration::hours(HOUR.into());
    let today = calendar::day(now);
    if at(today) <= now { at(today) } else { at(today.pred_opt().unwrap_or(today)) }
}

coded! {
    /// Where a reminder stands.
    pub enum ReminderState {
        /// To be sent.
        Waiting = "waiting",
        /// Being sent by some process.
        Sending = "sending",
        /// Taken by the mail server.
        Sent = "sent",
        /// Given up; the answer says why.
        Failed = "failed",
        /// Not a letter: a call that somebody made.
        Logged = "logged",
    }
}

/// How often a letter is tried.
pub const ATTEMPTS: i32 = 5;

/// How long after the `attempts`th failure a letter is tried again; none: never.
pub fn retry_after(attempts: i32) -> Option<chrono::Duration> {
    let minutes = 5_i64.checked_pow(u32::try_from(attempts.checked_sub(1)?).ok()?)?;
    (attempts < ATTEMPTS).then(|| chrono::Duration::minutes(minutes))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::domain::schedule::{Cadence, Rules, Version};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> Instant {
        calendar::instant(text.parse().unwrap())
    }

    fn weekly() -> Timetable {
        let rules = Rules {
            cadence: Cadence::Weekly { starts: 1 },
            due_days: -2,
            due_time: "16:00:00".parse().unwrap(),
            grace_hours: 0,
            lock_days: None,
            holidays: [].into(),
            sections: Vec::new(),
            areas_too: false,
        };
        Timetable::new([Version { from: day("2020-08-06"), rules, assumed: true }], None)
    }

    #[test]
    fn overdue_is_counted_from_the_first_due_time_missed() {
        let (table, reporter) = (weekly(), Reporter::default());
        let period = table.period_of(day("2026-11-18")).unwrap();
        let now = at("2026-11-18T09:00:00");
        let since = |newest: Option<&str>, reporter| overdue_since(&table, reporter, newest.map(day), &period, now);
        // It sent that of two weeks ago: last Friday was missed, this one is still to come.
        assert_eq!(since(Some("2026-11-02"), &reporter), Some(at("2026-11-13T16:00:00")));
        assert_eq!(since(Some("2026-11-09"), &reporter), None);
        let exempt = Reporter { exempt: vec![(day("2026-11-09"), Some(day("2026-11-15")))], ..Reporter::default() };
        assert_eq!(since(Some("2026-11-02"), &exempt), None);
        assert_eq!(days_overdue(at("2026-11-13T16:00:00"), now), 5);
    }

    #[test]
    fn states_are_told_apart() {
        let cell = |state, is_zero| PeriodCell { state, is_on_time: false, is_zero, delay_minutes: None };
        let (due, now) = (at("2026-11-20T16:00:00"), at("2026-11-20T09:00:00"));
        let judged = |state, is_zero, has_sent, since| judge(&cell(state, is_zero), (has_sent, since), due, now).state;
        let since = Some(at("2026-11-13T16:00:00"));
        assert_eq!(judged(Sent::Waiting, false, true, since), ChaseState::Overdue);
        assert_eq!(judged(Sent::Waiting, false, false, since), ChaseState::Never);
        assert_eq!(judged(Sent::Waiting, false, true, None), ChaseState::DueToday);
        assert_eq!(judged(Sent::Complete, true, true, None), ChaseState::Zero);
        assert_eq!(judged(Sent::Partial, true, true, None), ChaseState::Partial);
        assert_eq!(judged(Sent::Returned, false, true, since), ChaseState::Returned);
    }

    #[test]
    fn reminders_go_out_before_on_and_after_the_due_day_and_then_weekly() {
        let due = day("2026-11-20");
        let on = |text| reminder_on(day(text), due);
        assert_eq!(on("2026-11-18"), None);
        assert_eq!(on("2026-11-19"), Some(ReminderKind::Before));
        assert_eq!(on("2026-11-20"), Some(ReminderKind::Due));
        assert_eq!(
            [on("2026-11-21"), on("2026-11-22"), on("2026-11-23")].map(|kind| kind.is_some()),
            [true, false, true]
        );
        assert_eq!([on("2026-11-27"), on("2026-12-04")], [Some(ReminderKind::After); 2]);
    }

    #[test]
    fn the_last_run_was_this_morning_or_yesterdays() {
        assert_eq!(last_run(at("2026-11-20T08:00:00")), at("2026-11-20T08:00:00"));
        assert_eq!(last_run(at("2026-11-20T07:59:59")), at("2026-11-19T08:00:00"));
    }

    #[test]
    fn a_letter_is_tried_again_later_and_later_and_then_given_up() {
        let minutes: Vec<Option<i64>> = (1..=5).map(|n| retry_after(n).map(|wait| wait.num_minutes())).collect();
        assert_eq!(minutes, [Some(1), Some(5), Some(25), Some(125), None]);
    }
}
