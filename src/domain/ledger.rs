//! The roll-up ledger: a new figure as a few changes, so that a total is a sum of changes and a trend a running sum.
//!
//! A series is (unit, indicator). Its value on day d is the figure with the greatest `as_of` up to the end of d
//! (ties: recorded last). Only changes are kept: v − p at d, and −(v − p) at the next later step d₂.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    calendar::{self, Instant},
    standing::Value,
};

/// What a series adds to a total: or, as a difference of two, what a total changes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amount {
    /// What was counted, surplus included.
    pub count: i64,
    /// What counts towards the base.
    pub counted: i64,
    /// The base.
    pub base: i64,
    /// Units with a figure: 1 for a series that has one.
    pub units: i64,
}

impl Amount {
    /// What a series with this value adds; nothing before its first value.
    pub fn of(value: Option<Value>) -> Self {
        value.map_or(Self::default(), |value| Self {
            count: value.count,
            counted: value.counted(),
            base: value.base.unwrap_or(0),
            units: 1,
        })
    }

    /// Whether nothing changes.
    pub fn is_zero(self) -> bool {
        self == Self::default()
    }
}

impl std::ops::Sub for Amount {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self {
            count: self.count - other.count,
            counted: self.counted - other.counted,
            base: self.base - other.base,
            units: self.units - other.units,
        }
    }
}

impl std::ops::AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        self.count += other.count;
        self.counted += other.counted;
        self.base += other.base;
        self.units += other.units;
    }
}

/// A change of a total from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The first day it holds.
    pub day: NaiveDate,
    /// By how much.
    pub by: Amount,
}

/// What stands in a series around the moment a new figure is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Around {
    /// The figure in force at the end of the new figure's day, and its `as_of`.
    pub current: Option<(Instant, Value)>,
    /// The first later day with a figure.
    pub next_day: Option<NaiveDate>,
}

/// The changes that recording `value` as of `as_of` makes.
pub fn changes(as_of: Instant, value: Value, around: Around) -> Vec<Change> {
    if around.current.is_some_and(|(current, _)| current > as_of) {
        return Vec::new(); // a later figure of the same day stays in force
    }
    let by = Amount::of(Some(value)) - Amount::of(around.current.map(|(_, value)| value));
    if by.is_zero() {
        return Vec::new();
    }
    let mut changes = vec![Change { day: calendar::day(as_of), by }];
    if let Some(day) = around.next_day {
        changes.push(Change { day, by: Amount::default() - by });
    }
    changes
}

/// The changes of a whole series recomputed from its figures, given in record order: what the ledger must equal.
pub fn recompute(figures: &[(Instant, Value)]) -> BTreeMap<NaiveDate, Amount> {
    // Record order is kept among equal `as_of`, so the last one of a day is the one in force.
    let mut by_time: Vec<&(Instant, Value)> = figures.iter().collect();
    by_time.sort_by_key(|(as_of, _)| *as_of);
    let mut steps: BTreeMap<NaiveDate, Value> = BTreeMap::new();
    for (as_of, value) in by_time {
        steps.insert(calendar::day(*as_of), *value);
    }
    let mut changes = BTreeMap::new();
    let mut before = None;
    for (day, value) in steps {
        let by = Amount::of(Some(value)) - Amount::of(before);
        if !by.is_zero() {
            changes.insert(day, by);
        }
        before = Some(value);
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;
    use proptest::prelude::*;

    fn around(history: &[(Instant, Value)], as_of: Instant) -> Around {
        let end = calendar::end_of(calendar::day(as_of));
        let current = history.iter().filter(|(at, _)| *at < end).max_by_key(|(at, _)| *at).copied();
        let next_day = history.iter().filter(|(at, _)| *at >= end).map(|(at, _)| calendar::day(*at)).min();
        Around { current, next_day }
    }

    proptest! {
        #[test]
        fn changes_made_one_by_one_equal_a_recomputation(
            posts in prop::collection::vec((0i64..24 * 12, 0i64..30, prop::option::of(0i64..20)), 1..40)
        ) {
            let origin = calendar::start_of(NaiveDate::from_ymd_opt(2020, 8, 6).unwrap());
            let mut history = Vec::new();
            let mut ledger: BTreeMap<NaiveDate, Amount> = BTreeMap::new();
            for (hour, count, base) in posts {
                let as_of = origin + Duration::hours(hour);
                let value = Value { count, base };
                for change in changes(as_of, value, around(&history, as_of)) {
                    *ledger.entry(change.day).or_default() += change.by;
                }
                history.push((as_of, value));
            }
            ledger.retain(|_, amount| !amount.is_zero());
            prop_assert_eq!(ledger, recompute(&history));
        }
    }

    #[test]
    fn an_earlier_report_posted_later_does_not_replace_the_later_figure() {
        // Golden case G-16.
        let at = |day| calendar::start_of(NaiveDate::from_ymd_opt(2020, 9, day).unwrap());
        let value = |count| Value { count, base: Some(10) };
        let history = [(at(20), value(9)), (at(10), value(4))];
        let ledger = recompute(&history);
        let on = |day| ledger.range(..=calendar::day(at(day))).map(|(_, a)| a.count).sum::<i64>();
        assert_eq!((on(9), on(10), on(19), on(20), on(30)), (0, 4, 4, 9, 9));
    }
}
