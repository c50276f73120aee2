//! When reports are asked for (requirements `ReportingSchedule`, A-08): a plan's timetable cuts time into periods, each
//! with three instants that are never the same thing: it *opens*, its reports are *due*, it *locks*.
//!
//! A timetable is made of versions, each in force from the first day of a period that had not begun when it was set: so
//! a change never moves an instant that is past, and lateness once computed stays.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, Duration, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::{
    calendar::{self, Instant},
    coded,
};

/// How long before it takes effect a change must be made: every instance has read it by then.
const LEAD: Duration = Duration::hours(1);

/// How time is cut into periods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Cadence {
    /// One period, whose last day is this.
    Once {
        /// Its last day.
        on: NaiveDate,
    },
    /// Every day.
    Daily,
    /// Weeks.
    Weekly {
        /// The day they begin on: 1 Monday … 7 Sunday.
        starts: u8,
    },
    /// Months.
    Monthly {
        /// The day of the month they begin on, 1 to 28 (15: the window of Nghị định 09/2019/NĐ-CP).
        starts: u8,
    },
    /// Periods that end on these days.
    Dates {
        /// Their last days, in order.
        on: Vec<NaiveDate>,
    },
}

impl Cadence {
    /// Its code, as JSON names it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Once { .. } => "once",
            Self::Daily => "daily",
            Self::Weekly { .. } => "weekly",
            Self::Monthly { .. } => "monthly",
            Self::Dates { .. } => "dates",
        }
    }
}

/// What a timetable asks from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// How time is cut.
    pub cadence: Cadence,
    /// The day reports are due, counted from the last day of the period: -2 is the Friday of a week.
    #[serde(default)]
    pub due_days: i16,
    /// The time on that day, in Vietnam.
    pub due_time: NaiveTime,
    /// Hours after which a report is still on time.
    #[serde(default)]
    pub grace_hours: u16,
    /// Days after the due time at which the period locks; none: it never does.
    #[serde(default)]
    pub lock_days: Option<u16>,
    /// Days nothing is due on: it moves to the next working day.
    #[serde(default)]
    pub holidays: BTreeSet<NaiveDate>,
    /// Sections of the clauses whose bodies are asked; empty: all.
    #[serde(default)]
    pub sections: Vec<String>,
    /// Whether areas are asked too (residents, households), not only bodies.
    #[serde(default)]
    pub areas_too: bool,
}

coded! {
    /// Why a timetable cannot be set so.
    pub enum ScheduleFault {
        /// A weekday outside 1 to 7, or a day of the month outside 1 to 28.
        NoSuchDay = "no_such_day",
        /// No dates at all, or not in order.
        DatesNotInOrder = "dates_not_in_order",
        /// Due, grace or lock further from the period than a year.
        TooFar = "too_far",
        /// A section the plan does not have.
        UnknownSection = "unknown_section",
        /// No unit would be asked for anything.
        AsksNobody = "asks_nobody",
        /// The day it is to hold from is not the first of a period.
        NotAPeriodStart = "not_a_period_start",
        /// That period has begun, or is about to: lateness is never rewritten.
        HasBegun = "has_begun",
    }
}

/// The most days between a period and what is due or locks.
const FAR: u16 = 366;

impl Rules {
    /// Whether the rules make sense, whatever plan they are for.
    pub fn check(&self) -> Result<(), ScheduleFault> {
        let day_fits = match &self.cadence {
            Cadence::Weekly { starts } => (1..=7).contains(starts),
            Cadence::Monthly { starts } => (1..=28).contains(starts),
            Cadence::Dates { on } if on.is_empty() || on.windows(2).any(|two| two[0] >= two[1]) => {
                return Err(ScheduleFault::DatesNotInOrder);
            }
            Cadence::Once { .. } | Cadence::Daily | Cadence::Dates { .. } => true,
        };
        if !day_fits {
            return Err(ScheduleFault::NoSuchDay);
        }
        let is_far = self.due_days.unsigned_abs() > FAR
            || self.grace_hours > FAR * 24
            || self.lock_days.is_some_and(|days| days > FAR)
            // Nothing is on time in a period that is locked.
            || self.lock_days.is_some_and(|days| days * 24 < self.grace_hours);
        if is_far { Err(ScheduleFault::TooFar) } else { Ok(()) }
    }

    /// Days between two reports, where they come regularly: an older figure is marked as old.
    pub fn every_days(&self) -> Option<u32> {
        match self.cadence {
            Cadence::Daily => Some(1),
            Cadence::Weekly { .. } => Some(7),
            Cadence::Monthly { .. } => Some(31),
            Cadence::Once { .. } | Cadence::Dates { .. } => None,
        }
    }

    /// The period a day lies in, before it is cut to its version: first and last day.
    fn around(&self, day: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        let ending_on = |ends: &[NaiveDate]| {
            let next = ends.partition_point(|end| *end < day);
            let before = next.checked_sub(1).and_then(|i| ends.get(i));
            let from = before.and_then(NaiveDate::succ_opt).unwrap_or(NaiveDate::MIN);
            ends.get(next).map(|end| (from, *end))
        };
        match &self.cadence {
            Cadence::Once { on } => ending_on(&[*on]),
            Cadence::Dates { on } => ending_on(on),
            Cadence::Daily => Some((day, day)),
            Cadence::Weekly { starts } => {
                let since = (day.weekday().number_from_monday() + 7 - u32::from(*starts)) % 7;
                let from = day.checked_sub_days(Days::new(since.into()))?;
                Some((from, from.checked_add_days(Days::new(6))?))
            }
            Cadence::Monthly { starts } => {
                let month = if day.day() >= u32::from(*starts) { day } else { first_of_month(day)?.pred_opt()? };
                let from = month.with_day((*starts).into())?;
                let next = first_of_month(from)?.checked_add_months(chrono::Months::new(1))?;
                Some((from, next.with_day((*starts).into())?.pred_opt()?))
            }
        }
    }

    /// The day reports of a period are due: never before it begins, never on a holiday.
    fn due_day(&self, first: NaiveDate, last: NaiveDate) -> NaiveDate {
        let shifted = last.checked_add_signed(Duration::days(self.due_days.into())).unwrap_or(last).max(first);
        if !self.holidays.contains(&shifted) {
            return shifted;
        }
        let is_working = |day: &NaiveDate| !self.holidays.contains(day) && day.weekday().number_from_monday() <= 5;
        shifted.iter_days().take(FAR.into()).find(is_working).unwrap_or(shifted)
    }
}

fn first_of_month(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)
}

/// A stretch of time that one report is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Period {
    /// Its first day, which it is known by.
    pub from: NaiveDate,
    /// Its last day.
    pub to: NaiveDate,
    /// From when figures of it can be given.
    pub opens: Instant,
    /// When its report is due.
    pub due: Instant,
    /// The last instant a report is on time: the due time and the grace given.
    pub on_time_until: Instant,
    /// From when nothing of it is accepted any more; none: never.
    pub locks: Option<Instant>,
}

/// Rules in force from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Version {
    /// The first day.
    pub from: NaiveDate,
    /// The rules.
    pub rules: Rules,
    /// Whether they are ours and not the plan's (requirements A-08).
    pub assumed: bool,
}

/// When a plan's reports are asked for, over all time. Empty: the plan asks for none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Timetable {
    versions: Vec<Version>,
    ends_on: Option<NaiveDate>,
}

impl Timetable {
    /// From versions in the order they were set: each replaces what was to hold from its first day on.
    pub fn new(set: impl IntoIterator<Item = Version>, ends_on: Option<NaiveDate>) -> Self {
        let mut versions: Vec<Version> = Vec::new();
        for version in set {
            versions.retain(|earlier| earlier.from < version.from);
            versions.push(version);
        }
        Self { versions, ends_on }
    }

    /// The versions that hold, by day.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// The version in force on a day.
    pub fn version(&self, day: NaiveDate) -> Option<&Version> {
        let after = self.versions.partition_point(|version| version.from <= day);
        after.checked_sub(1).and_then(|i| self.versions.get(i))
    }

    /// The period a day lies in, if any.
    pub fn period_of(&self, day: NaiveDate) -> Option<Period> {
        let after = self.versions.partition_point(|version| version.from <= day);
        let version = after.checked_sub(1).and_then(|i| self.versions.get(i))?;
        let until = self.versions.get(after).and_then(|next| next.from.pred_opt());
        let last_day = [until, self.ends_on].into_iter().flatten().min().unwrap_or(NaiveDate::MAX);
        if day > last_day {
            return None;
        }
        let (first, last) = version.rules.around(day)?;
        let from = first.max(version.from);
        let due_day = version.rules.due_day(from, last);
        let due = calendar::instant(due_day.and_time(version.rules.due_time));
        let after_due = |by: Duration| due.checked_add_signed(by).unwrap_or(due);
        Some(Period {
            from,
            to: last.min(last_day),
            opens: calendar::start_of(from),
            due,
            on_time_until: after_due(Duration::hours(version.rules.grace_hours.into())),
            locks: version.rules.lock_days.map(|days| after_due(Duration::days(days.into()))),
        })
    }

    /// The period an instant lies in.
    pub fn period_at(&self, instant: Instant) -> Option<Period> {
        self.period_of(calendar::day(instant))
    }

    /// The periods from the one that holds `day` on, in order.
    pub fn periods_from(&self, day: NaiveDate) -> impl Iterator<Item = Period> + '_ {
        let mut next = Some(day);
        std::iter::from_fn(move || {
            loop {
                let day = next?;
                if let Some(period) = self.period_of(day) {
                    next = period.to.succ_opt();
                    return Some(period);
                }
                next = self.versions.iter().map(|version| version.from).find(|from| *from > day);
            }
        })
    }

    /// The newest periods that have opened, the newest last; at most `most`.
    pub fn newest(&self, now: Instant, most: usize) -> Vec<Period> {
        let mut periods = Vec::new();
        let mut day = calendar::day(now);
        while periods.len() < most {
            match self.period_of(day) {
                Some(period) => {
                    periods.push(period);
                    let Some(before) = period.from.pred_opt() else { break };
                    day = before;
                }
                // Behind the last date of a list, or behind the plan's end: what was before it.
                None => match self.last_day_before(day) {
                    Some(before) => day = before,
                    None => break,
                },
            }
        }
        periods.reverse();
        periods
    }

    /// The last day before `day` that lies in a period.
    fn last_day_before(&self, day: NaiveDate) -> Option<NaiveDate> {
        let ends = self.ends_on.filter(|end| *end < day);
        let version = self.version(ends.unwrap_or(day))?;
        let last = match &version.rules.cadence {
            Cadence::Once { on } => Some(*on),
            Cadence::Dates { on } => on.last().copied(),
            _ => ends,
        };
        let inside = [last, ends].into_iter().flatten().min().filter(|last| *last < day && *last >= version.from);
        inside.or_else(|| version.from.pred_opt().filter(|day| self.version(*day).is_some()))
    }

    /// Whether a version may be set now to hold from `from`: only from the first day of a period that has not begun.
    pub fn check_change(&self, from: NaiveDate, now: Instant) -> Result<(), ScheduleFault> {
        if calendar::start_of(from) <= now + LEAD {
            return Err(ScheduleFault::HasBegun);
        }
        match self.period_of(from) {
            Some(period) if period.from != from => Err(ScheduleFault::NotAPeriodStart),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
