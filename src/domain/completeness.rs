//! Who has reported, in time and in full: computed from what was received, never entered (requirements §5.2 rule 10).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    calendar::{self, Instant},
    coded,
    plan::{CountedOn, Plan},
    schedule::{Period, Rules},
};

/// Cohorts of a plan, a bit each ([`Plan::cohort_bit`]).
pub type Cohorts = i64;

/// The cohorts whose figures a unit is asked for in every period: those a timetable speaks of that have a required
/// figure.
pub fn asked<'a>(plan: &Plan, rules: &Rules, cohorts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Cohorts {
    let is_asked = |section: &str, code: &str| {
        let cohort = plan.cohort(code);
        (rules.sections.is_empty() || rules.sections.iter().any(|asked| asked == section))
            && cohort.is_some_and(|cohort| {
                (rules.areas_too || cohort.counted_on == CountedOn::Body)
                    && plan.fields(cohort).iter().any(|field| field.required)
            })
    };
    let bit = |code: &str| plan.cohort_bit(code).map_or(0, |bit| 1 << bit);
    cohorts.into_iter().filter(|(section, code)| is_asked(section, code)).fold(0, |all, (_, code)| all | bit(code))
}

/// What a report says: the cohorts it gives, and those of them in which something was counted at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Said {
    /// Its cohorts.
    pub given: Cohorts,
    /// Those not all 0; bases (how many staff there are) do not count.
    pub counted: Cohorts,
}

impl Said {
    /// What figures say: (cohort, measure, count).
    pub fn by<'a>(plan: &Plan, figures: impl IntoIterator<Item = (&'a str, &'a str, i64)>) -> Self {
        let mut said = Self::default();
        for (code, measure, count) in figures {
            let Some(bit) = plan.cohort_bit(code) else { continue };
            said.given |= 1 << bit;
            let fields = plan.cohort(code).map_or(&[][..], |cohort| plan.fields(cohort));
            let is_base = fields.iter().any(|field| field.of.as_deref() == Some(measure));
            if count != 0 && !is_base {
                said.counted |= 1 << bit;
            }
        }
        said
    }
}

/// What stands of a unit and period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// When the first report that stands was recorded; none: all were returned. A correction changes nothing of it.
    pub first_at: Option<Instant>,
    /// The newest report of the period.
    pub report: i64,
    /// What all of them say.
    pub said: Said,
}

/// A unit that reports are expected of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reporter {
    /// The first day it is there; none: always was.
    pub from: Option<NaiveDate>,
    /// The last day it is there.
    pub to: Option<NaiveDate>,
    /// First and last days it need not report.
    pub exempt: Vec<(NaiveDate, Option<NaiveDate>)>,
    /// More time, by the first day of the period.
    pub extended: BTreeMap<NaiveDate, Instant>,
}

impl Reporter {
    /// Whether a report is expected of a period: of the units that are there, and not exempt, on the day it is due. So a
    /// unit made, merged or exempted in the middle of a period is asked once, by its successor or not at all.
    pub fn is_expected(&self, period: &Period) -> bool {
        let day = calendar::day(period.due);
        let is_in = |first: NaiveDate, last: Option<NaiveDate>| first <= day && last.is_none_or(|last| day <= last);
        is_in(self.from.unwrap_or(NaiveDate::MIN), self.to)
            && !self.exempt.iter().any(|(first, last)| is_in(*first, *last))
    }

    /// When its report is due: later where it was given more time.
    pub fn due(&self, period: &Period) -> Instant {
        self.extended.get(&period.from).copied().map_or(period.due, |until| until.max(period.due))
    }

    /// The last instant its report is on time.
    pub fn on_time_until(&self, period: &Period) -> Instant {
        self.extended.get(&period.from).copied().map_or(period.on_time_until, |until| until.max(period.on_time_until))
    }

    /// From when its reports of the period are refused, if ever.
    pub fn locks(&self, period: &Period) -> Option<Instant> {
        let locks = period.locks?;
        Some(self.extended.get(&period.from).copied().map_or(locks, |until| until.max(locks)))
    }
}

coded! {
    /// Where a unit stands in a period.
    pub enum Sent {
        /// Nothing is expected of it.
        NotExpected = "not_expected",
        /// Not sent, and not due yet.
        Waiting = "waiting",
        /// Not sent, and overdue.
        Missing = "missing",
        /// Everything it sent was returned.
        Returned = "returned",
        /// Sent, with figures missing that are required.
        Partial = "partial",
        /// Sent in full.
        Complete = "complete",
    }
}

impl Sent {
    /// Whether something that stands was sent.
    pub fn is_received(self) -> bool {
        matches!(self, Self::Partial | Self::Complete)
    }
}

/// A unit in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PeriodCell {
    /// Where it stands.
    pub state: Sent,
    /// Whether what was sent came on time.
    pub is_on_time: bool,
    /// Whether all it counted is 0.
    pub is_zero: bool,
    /// Minutes from the due time to the first report that stands; less than 0: before it.
    pub delay_minutes: Option<i64>,
}

/// Judges a unit and period.
pub fn judge(
    reporter: &Reporter,
    asked: Cohorts,
    period: &Period,
    received: Option<&Received>,
    now: Instant,
) -> PeriodCell {
    let nothing = |state| PeriodCell { state, is_on_time: false, is_zero: false, delay_minutes: None };
    if asked == 0 || !reporter.is_expected(period) {
        return nothing(Sent::NotExpected);
    }
    let sent = received.and_then(|received| Some((received.first_at?, received.said)));
    let Some((first_at, said)) = sent.filter(|(_, said)| said.given & asked != 0) else {
        return nothing(match received {
            Some(received) if received.first_at.is_none() => Sent::Returned,
            _ if now <= reporter.due(period) => Sent::Waiting,
            _ => Sent::Missing,
        });
    };
    PeriodCell {
        state: if said.given & asked == asked { Sent::Complete } else { Sent::Partial },
        is_on_time: first_at <= reporter.on_time_until(period),
        is_zero: said.counted & asked == 0,
        delay_minutes: Some((first_at - reporter.due(period)).num_minutes()),
    }
}

/// How complete and how timely the reports of a period are. The names in brackets are those of DHIS2.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completeness {
    /// Units a report is expected of (`EXPECTED_REPORTS`).
    pub expected: i64,
    /// Units that sent one (`ACTUAL_REPORTS`).
    pub received: i64,
    /// Units that sent one on time (`ACTUAL_REPORTS_ON_TIME`).
    pub on_time: i64,
    /// Units that sent every required figure.
    pub complete: i64,
    /// The middle delay of what was sent, in minutes; less than 0: before the due time.
    pub median_delay_minutes: Option<i64>,
}

impl Completeness {
    /// Counts the units of a period.
    pub fn of<'a>(cells: impl IntoIterator<Item = &'a PeriodCell>) -> Self {
        let mut sum = Self::default();
        let mut delays = Vec::new();
        for cell in cells.into_iter().filter(|cell| cell.state != Sent::NotExpected) {
            sum.expected += 1;
            sum.received += i64::from(cell.state.is_received());
            sum.on_time += i64::from(cell.is_on_time);
            sum.complete += i64::from(cell.state == Sent::Complete);
            delays.extend(cell.delay_minutes);
        }
        delays.sort_unstable();
        // Of two in the middle the earlier: whole minutes, and nobody's delay but somebody's own.
        sum.median_delay_minutes = delays.get(delays.len().saturating_sub(1) / 2).copied();
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::schedule::{Cadence, Timetable, Version};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> Instant {
        calendar::instant(text.parse().unwrap())
    }

    /// The week of 16/11/2026, due on Friday 20/11 at 16:00, two hours of grace.
    fn week() -> Period {
        let rules = Rules {
            cadence: Cadence::Weekly { starts: 1 },
            due_days: -2,
            due_time: "16:00:00".parse().unwrap(),
            grace_hours: 2,
            lock_days: Some(7),
            holidays: [].into(),
            sections: Vec::new(),
            areas_too: false,
        };
        let version = Version { from: day("2020-08-06"), rules, assumed: true };
        Timetable::new([version], None).period_of(day("2026-11-18")).unwrap()
    }

    fn sent(first_at: &str, given: Cohorts, counted: Cohorts) -> Received {
        Received { first_at: Some(at(first_at)), report: 1, said: Said { given, counted } }
    }

    #[test]
    fn a_report_in_the_hours_of_grace_is_on_time_and_its_delay_is_told() {
        let reporter = Reporter::default();
        let judged = |received: &Received| judge(&reporter, 0b11, &week(), Some(received), at("2026-11-22T09:00:00"));
        let cell = judged(&sent("2026-11-20T17:30:00", 0b11, 0b01));
        assert_eq!((cell.state, cell.is_on_time, cell.delay_minutes), (Sent::Complete, true, Some(90)));
        let late = judged(&sent("2026-11-20T18:00:01", 0b01, 0b01));
        assert_eq!((late.state, late.is_on_time, late.is_zero), (Sent::Partial, false, false));
        assert!(judged(&sent("2026-11-20T10:00:00", 0b11, 0)).is_zero);
    }

    #[test]
    fn nothing_sent_is_waiting_until_the_due_time_and_missing_after_it() {
        let reporter = Reporter::default();
        let judged = |now| judge(&reporter, 1, &week(), None, at(now)).state;
        assert_eq!(judged("2026-11-20T16:00:00"), Sent::Waiting);
        assert_eq!(judged("2026-11-20T16:00:01"), Sent::Missing);
        let returned = Received { first_at: None, report: 1, said: Said::default() };
        let cell = judge(&reporter, 1, &week(), Some(&returned), at("2026-11-19T08:00:00"));
        assert_eq!(cell.state, Sent::Returned);
    }

    #[test]
    fn more_time_moves_one_units_due_time_and_lock_only() {
        let until = at("2026-11-29T12:00:00");
        let reporter = Reporter { extended: [(day("2026-11-16"), until)].into(), ..Reporter::default() };
        assert_eq!((reporter.due(&week()), reporter.locks(&week())), (until, Some(until)));
        let cell = judge(&reporter, 1, &week(), Some(&sent("2026-11-29T11:00:00", 1, 1)), until);
        assert!(cell.is_on_time);
        assert_eq!(judge(&reporter, 1, &week(), None, at("2026-11-24T00:00:00")).state, Sent::Waiting);
    }

    #[test]
    fn a_unit_is_asked_when_it_is_there_and_not_exempt_on_the_due_day() {
        let is_expected = |reporter: Reporter| reporter.is_expected(&week());
        let made = |from| Reporter { from: Some(day(from)), ..Reporter::default() };
        let merged = |to| Reporter { to: Some(day(to)), ..Reporter::default() };
        let exempt =
            |first, last: Option<&str>| Reporter { exempt: vec![(day(first), last.map(day))], ..Reporter::default() };
        assert!(is_expected(made("2026-11-19")) && is_expected(made("2026-11-20")));
        assert!(!is_expected(made("2026-11-21")));
        assert!(!is_expected(merged("2026-11-19")));
        assert!(is_expected(merged("2026-11-20")));
        assert!(!is_expected(exempt("2026-11-20", None)));
        assert!(is_expected(exempt("2026-11-16", Some("2026-11-19"))));
    }

    #[test]
    fn rates_are_of_the_units_expected_and_the_delay_is_the_middle_one() {
        let cell = |state, is_on_time, delay_minutes| PeriodCell { state, is_on_time, is_zero: false, delay_minutes };
        let cells = [
            cell(Sent::Complete, true, Some(-60)),
            cell(Sent::Complete, false, Some(500)),
            cell(Sent::Partial, true, Some(10)),
            cell(Sent::Missing, false, None),
            cell(Sent::NotExpected, false, None),
        ];
        let sum = Completeness::of(&cells);
        assert_eq!((sum.expected, sum.received, sum.on_time, sum.complete), (4, 3, 2, 2));
        assert_eq!(sum.median_delay_minutes, Some(10));
        assert_eq!(Completeness::of(&[]).median_delay_minutes, None);
    }
}
