use chrono::TimeDelta;
use proptest::{collection::btree_set, prelude::*};

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> Instant {
    calendar::instant(text.parse().unwrap())
}

fn rules(cadence: Cadence, due_days: i16) -> Rules {
    Rules {
        cadence,
        due_days,
        due_time: NaiveTime::from_hms_opt(16, 0, 0).unwrap(),
        grace_hours: 0,
        lock_days: None,
        holidays: BTreeSet::new(),
        sections: Vec::new(),
        areas_too: false,
    }
}

fn from(day: NaiveDate, rules: Rules) -> Version {
    Version { from: day, rules, assumed: true }
}

fn weekly() -> Rules {
    rules(Cadence::Weekly { starts: 1 }, -2)
}

#[test]
fn a_week_is_due_on_its_friday_and_locks_later() {
    let rules = Rules { grace_hours: 2, lock_days: Some(10), ..weekly() };
    let table = Timetable::new([from(day("2020-08-06"), rules)], None);
    let week = table.period_at(at("2026-11-21T09:00:00")).unwrap();
    assert_eq!((week.from, week.to), (day("2026-11-16"), day("2026-11-22")));
    assert_eq!(week.opens, at("2026-11-16T00:00:00"));
    assert_eq!(week.due, at("2026-11-20T16:00:00"));
    assert_eq!(week.on_time_until, at("2026-11-20T18:00:00"));
    assert_eq!(week.locks, Some(at("2026-11-30T16:00:00")));
    // The first week is cut to the plan's first day, a Thursday; before it nothing is asked.
    assert_eq!(table.period_of(day("2020-08-07")).unwrap().from, day("2020-08-06"));
    assert_eq!(table.period_of(day("2020-08-05")), None);
}

#[test]
fn a_week_cut_behind_its_due_day_is_due_on_its_first() {
    let table = Timetable::new([from(day("2026-11-21"), weekly())], None);
    let cut = table.period_of(day("2026-11-21")).unwrap();
    assert_eq!((cut.from, cut.to, cut.due), (day("2026-11-21"), day("2026-11-22"), at("2026-11-21T16:00:00")));
}

#[test]
fn nothing_is_due_on_a_holiday_or_on_the_weekend_behind_it() {
    // 01/01/2027 is a Friday.
    let rules = Rules { holidays: [day("2027-01-01")].into(), ..weekly() };
    let table = Timetable::new([from(day("2026-01-01"), rules)], None);
    assert_eq!(table.period_of(day("2027-01-01")).unwrap().due, at("2027-01-04T16:00:00"));
}

#[test]
fn months_may_begin_in_their_middle() {
    let table = Timetable::new([from(day("2026-01-01"), rules(Cadence::Monthly { starts: 15 }, 3))], None);
    let month = table.period_of(day("2026-03-02")).unwrap();
    assert_eq!((month.from, month.to, month.due), (day("2026-02-15"), day("2026-03-14"), at("2026-03-17T16:00:00")));
    assert_eq!(table.period_of(day("2026-03-15")).unwrap().from, day("2026-03-15"));
}

#[test]
fn a_list_of_dates_ends_with_its_last() {
    let cadence = Cadence::Dates { on: vec![day("2026-11-10"), day("2026-11-25")] };
    let table = Timetable::new([from(day("2026-11-01"), rules(cadence, 0))], None);
    let periods: Vec<_> = table.periods_from(day("2026-11-01")).map(|p| (p.from, p.to)).collect();
    assert_eq!(periods, [(day("2026-11-01"), day("2026-11-10")), (day("2026-11-11"), day("2026-11-25"))]);
    assert_eq!(table.period_of(day("2026-11-26")), None);
    assert_eq!(table.newest(at("2026-12-30T00:00:00"), 1)[0].to, day("2026-11-25"));
}

#[test]
fn a_change_waits_for_a_period_that_has_not_begun() {
    let table = Timetable::new([from(day("2020-08-06"), weekly())], None);
    let now = at("2026-11-18T10:00:00");
    assert_eq!(table.check_change(day("2026-11-16"), now), Err(ScheduleFault::HasBegun));
    assert_eq!(table.check_change(day("2026-11-25"), now), Err(ScheduleFault::NotAPeriodStart));
    assert_eq!(table.check_change(day("2026-11-23"), now), Ok(()));
    assert_eq!(table.check_change(day("2026-11-23"), at("2026-11-22T23:30:00")), Err(ScheduleFault::HasBegun));
}

#[test]
fn rules_that_make_no_sense_are_refused() {
    let check = |cadence| rules(cadence, 0).check();
    assert_eq!(check(Cadence::Weekly { starts: 0 }), Err(ScheduleFault::NoSuchDay));
    assert_eq!(check(Cadence::Monthly { starts: 29 }), Err(ScheduleFault::NoSuchDay));
    assert_eq!(check(Cadence::Dates { on: Vec::new() }), Err(ScheduleFault::DatesNotInOrder));
    assert_eq!(Rules { grace_hours: 30, lock_days: Some(1), ..weekly() }.check(), Err(ScheduleFault::TooFar));
    assert_eq!(weekly().check(), Ok(()));
}

fn origin() -> NaiveDate {
    day("2026-01-01")
}

fn days_on(n: u64) -> NaiveDate {
    origin() + Days::new(n)
}

fn any_rules() -> impl Strategy<Value = Rules> {
    let cadence = prop_oneof![
        (0..400_u64).prop_map(|n| Cadence::Once { on: days_on(n) }),
        Just(Cadence::Daily),
        (1..=7_u8).prop_map(|starts| Cadence::Weekly { starts }),
        (1..=28_u8).prop_map(|starts| Cadence::Monthly { starts }),
        btree_set(0..400_u64, 1..12).prop_map(|on| Cadence::Dates { on: on.into_iter().map(days_on).collect() }),
    ];
    (cadence, -6..10_i16, 0..24_u32, 0..48_u16, prop::option::of(2..20_u16), btree_set(0..400_u64, 0..20)).prop_map(
        |(cadence, due_days, hour, grace_hours, lock_days, holidays)| Rules {
            due_time: NaiveTime::from_hms_opt(hour, 0, 0).unwrap(),
            grace_hours,
            lock_days,
            holidays: holidays.into_iter().map(days_on).collect(),
            ..rules(cadence, due_days)
        },
    )
}

fn any_table() -> impl Strategy<Value = Timetable> {
    (any_rules(), prop::collection::vec((1..380_u64, any_rules()), 0..4), prop::option::of(100..420_u64)).prop_map(
        |(first, later, ends)| {
            let later = later.into_iter().map(|(n, rules)| from(days_on(n), rules));
            Timetable::new(std::iter::once(from(origin(), first)).chain(later), ends.map(days_on))
        },
    )
}

proptest! {
    #[test]
    fn periods_part_time_without_gap_or_overlap(table in any_table(), n in 0..420_u64) {
        let day = days_on(n);
        if let Some(period) = table.period_of(day) {
            prop_assert!(period.from <= day && day <= period.to);
            prop_assert!(period.opens <= period.due && period.due <= period.on_time_until);
            prop_assert!(period.locks.is_none_or(|locks| locks >= period.on_time_until));
            // Every day of it says the same of it.
            for other in [period.from, period.to] {
                prop_assert_eq!(table.period_of(other), Some(period));
            }
            let next = table.periods_from(day).nth(1);
            prop_assert!(next.is_none_or(|next| next.from > period.to && next.due >= period.due || next.due >= next.opens));
        }
        let listed: Vec<Period> = table.periods_from(origin()).take_while(|p| p.from <= day).collect();
        prop_assert!(listed.windows(2).all(|two| two[0].to < two[1].from));
        prop_assert_eq!(listed.iter().find(|p| p.from <= day && day <= p.to).copied(), table.period_of(day));
    }

    #[test]
    fn the_newest_periods_are_the_last_that_opened(table in any_table(), n in 0..420_u64, most in 1..9_usize) {
        let now = calendar::start_of(days_on(n)) + TimeDelta::hours(9);
        let opened: Vec<Period> = table.periods_from(origin()).take_while(|p| p.opens <= now).collect();
        prop_assert_eq!(table.newest(now, most), opened[opened.len().saturating_sub(most)..].to_vec());
    }

    #[test]
    fn a_change_never_moves_an_instant_that_is_past(
        table in any_table(), changed in any_rules(), n in 0..400_u64, from_in in 0..60_u64
    ) {
        let now = calendar::start_of(days_on(n)) + TimeDelta::hours(9);
        let day = days_on(n + from_in);
        if table.check_change(day, now).is_ok() {
            let version = from(day, changed);
            let after = Timetable::new(table.versions.iter().cloned().chain([version]), table.ends_on);
            for past in 0..=n {
                prop_assert_eq!(table.period_of(days_on(past)), after.period_of(days_on(past)));
            }
        }
    }
}
