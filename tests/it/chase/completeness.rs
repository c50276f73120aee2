//! What was received of a period: derived in the transaction of the report, the same on any history.

use chrono::{Duration, NaiveDate};
use vungxanh::{
    domain::{
        actor::{Actor, Role},
        calendar::Instant,
        completeness::{PeriodCell, Sent},
        report::Rule,
        schedule::{Rules, Version},
    },
    store::{Conn, Store, StoreError, plans, plans::StoredPlan, schedules, units},
    usecases::{
        UseCaseError,
        record_report::record_report,
        see_completeness::{CompletenessView, see_completeness},
        set_schedule::set_schedule,
        verify::verify,
    },
};

use crate::harness::{
    NOW, TestDatabase, database_tests, instant, plan,
    reporting::{Figures, actor, staff, submission},
};

/// Two cohorts are asked of it, staff and relatives.
const OFFICE: &str = "CM-P-YTE";
const COMMITTEE: &str = "CM-X-30634";
/// Friday 19/11/2021 at 16:00, when the week of [`NOW`] was due.
const DUE: &str = "2021-11-19T16:00:00+07:00";

fn report(store: &Store, plan: &StoredPlan, who: &Actor, unit: &str, as_of: &str, at: &str, figures: &Figures<'_>) {
    let (plan, who, given, at) = (plan.clone(), who.clone(), submission(unit, instant(as_of), figures), instant(at));
    let recorded: Result<_, UseCaseError> = store.write_now(move |conn| record_report(conn, &who, &plan, &given, at));
    recorded.unwrap();
}

fn view(store: &Store, plan: &StoredPlan, who: &Actor, periods: usize, now: &str) -> CompletenessView {
    store.read_now(|conn| see_completeness(conn, who, plan, Some("893"), (None, periods), instant(now))).unwrap()
}

fn cell(view: &CompletenessView, unit: &str) -> PeriodCell {
    *view.units.iter().find(|row| row.unit.code == unit).unwrap().cells.last().unwrap()
}

fn is_verified(store: &Store) {
    let found = store.read_now(verify).unwrap();
    assert_eq!(found.difference, None);
}

fn on_time_late_partial_and_silent_are_told_apart(database: &TestDatabase) {
    let store = database.store();
    let plan = plan(&store);
    let who = actor(&store, Role::FocalPoint, "893");
    let figures = staff(10, 8, 4, 4);
    let relatives = [("relatives_helped", 0)];
    let before = "2021-11-18T10:00:00+07:00";
    report(&store, &plan, &who, OFFICE, before, before, &[("staff_b", &figures)]);
    let seen = view(&store, &plan, &who, 1, DUE);
    assert_eq!(seen.periods[0].expected, 30, "every body, no hamlet");
    assert!(seen.is_assumed);
    let now = cell(&seen, OFFICE);
    assert_eq!((now.state, now.is_on_time), (Sent::Partial, true));
    assert_eq!(cell(&seen, COMMITTEE).state, Sent::Waiting);
    // The rest of it, and a correction of the first, both late: it stays on time and becomes complete.
    report(&store, &plan, &who, OFFICE, before, NOW, &[("staff_b", &staff(10, 8, 5, 5)), ("relatives", &relatives)]);
    report(&store, &plan, &who, COMMITTEE, NOW, NOW, &[("staff_d", &staff(20, 10, 0, 0))]);
    let seen = view(&store, &plan, &who, 4, NOW);
    let now = cell(&seen, OFFICE);
    assert_eq!((now.state, now.is_on_time, now.delay_minutes), (Sent::Complete, true, Some(-30 * 60)));
    let late = cell(&seen, COMMITTEE);
    assert_eq!((late.state, late.is_on_time, late.is_zero), (Sent::Complete, false, true));
    assert_eq!(late.delay_minutes, Some(17 * 60));
    let newest = seen.newest().unwrap();
    assert_eq!((newest.expected, newest.received, newest.on_time, newest.complete), (30, 2, 1, 2));
    assert_eq!((newest.reporting_rate, newest.on_time_rate), (Some(66), Some(33)));
    assert_eq!(seen.silent().count(), 28);
    assert!(seen.periods[..3].iter().all(|period| period.received == 0));
    is_verified(&store);
}

fn made_merged_and_exempt_units_count_as_they_are_on_the_due_day(database: &TestDatabase) {
    database.tamper("UPDATE unit SET valid_from = '2021-11-10' WHERE code = 'CM-P-YTE'");
    database.tamper("UPDATE unit SET valid_to = '2021-11-17' WHERE code = 'CM-P-KTHT'");
    let store = database.store();
    let plan = plan(&store);
    let who = actor(&store, Role::Consolidator, "893");
    let exempting = (plan.clone(), who.account_id);
    store
        .write_now(move |conn: &mut Conn| {
            let (plan, account) = &exempting;
            let unit = units::find(conn, COMMITTEE)?.ok_or(StoreError::NotFound)?.id;
            let days = |text: &str| text.parse::<NaiveDate>().unwrap_or_default();
            schedules::exempt(
                conn,
                plan.id,
                (unit, days("2021-11-08"), Some(days("2021-11-14"))),
                "",
                *account,
                instant(NOW),
            )
        })
        .unwrap();
    let seen = view(&store, &plan, &who, 3, NOW);
    let expected: Vec<i64> = seen.periods.iter().map(|period| period.expected).collect();
    // The weeks due on 5/11, 12/11 and 19/11: not made yet; exempt; merged.
    assert_eq!(expected, [29, 29, 29]);
    let states = |unit: &str| {
        let row = seen.units.iter().find(|row| row.unit.code == unit).unwrap();
        row.cells.iter().map(|cell| cell.state).collect::<Vec<_>>()
    };
    assert_eq!(states("CM-P-YTE"), [Sent::NotExpected, Sent::Missing, Sent::Missing]);
    assert_eq!(states(COMMITTEE), [Sent::Missing, Sent::NotExpected, Sent::Missing]);
    assert_eq!(states("CM-P-KTHT"), [Sent::Missing, Sent::Missing, Sent::NotExpected]);
}

/// Sets other rules, from next Monday on.
fn from_next_week(store: &Store, who: &Actor, change: impl Fn(&mut Rules)) -> StoredPlan {
    let before = plan(store);
    let from: NaiveDate = "2021-11-22".parse().unwrap();
    let mut rules = before.timetable.version(from).unwrap().rules.clone();
    change(&mut rules);
    let (plan_id, account) = (before.id, who.account_id);
    let version = Version { from, rules, assumed: false };
    store.write_now(move |conn| schedules::set(conn, plan_id, &version, "", account, instant(NOW))).unwrap();
    let after = plan(store);
    assert_eq!(
        before.timetable.period_of("2021-11-20".parse().unwrap()),
        after.timetable.period_of("2021-11-20".parse().unwrap())
    );
    after
}

fn a_schedule_asks_those_it_applies_to_and_changes_nothing_of_the_weeks_before(database: &TestDatabase) {
    let store = database.store();
    let who = actor(&store, Role::Consolidator, "893");
    let expected = |plan: &StoredPlan| {
        let seen = view(&store, plan, &who, 2, "2021-11-24T08:00:00+07:00");
        [seen.periods[0].expected, seen.periods[1].expected]
    };
    let committees = |rules: &mut Rules| rules.sections = vec!["III.8".to_owned()];
    assert_eq!(expected(&from_next_week(&store, &who, committees)), [30, 18]);
    let health_office_and_front = |rules: &mut Rules| rules.sections = vec!["III.2".to_owned(), "III.7".to_owned()];
    assert_eq!(expected(&from_next_week(&store, &who, health_office_and_front)), [30, 4]);
    let areas_too = |rules: &mut Rules| (rules.sections, rules.areas_too) = (Vec::new(), true);
    let plan = from_next_week(&store, &who, areas_too);
    let asked = "SELECT count(*) FROM assignment WHERE cohort = 'households' AND section = 'III.8'";
    let areas: i64 = database.peek(asked).parse().unwrap();
    assert_eq!((areas > 18, expected(&plan)), (true, [30, 30 + areas]), "hamlets, and communes none is known of");
}

fn a_schedule_that_asks_nobody_is_refused(database: &TestDatabase) {
    let store = database.store();
    let who = actor(&store, Role::Consolidator, "893");
    let mut areas_only = StoredPlan::clone(&plan(&store));
    let clause = areas_only.plan.clauses.iter_mut().find(|clause| clause.section == "III.8").unwrap();
    clause.asks.retain(|asked| asked.cohort == "residents");
    let from: NaiveDate = "2021-11-22".parse().unwrap();
    let rules = areas_only.timetable.version(from).unwrap().rules.clone();
    let set = move |areas_too: bool| {
        let rules = Rules { sections: vec!["III.8".to_owned()], areas_too, ..rules.clone() };
        let (plan, who) = (areas_only.clone(), who.clone());
        store.write_now(move |conn| set_schedule(conn, &who, &plan, (from, &rules, "thử"), instant(NOW)))
    };
    let Err(UseCaseError::Invalid(faults)) = set(false) else { panic!("nobody was asked") };
    assert_eq!((faults[0].field.as_str(), faults[0].limit_name.as_deref()), ("rules.sections", Some("asks_nobody")));
    set(true).unwrap();
}

fn a_locked_period_takes_nothing_but_from_those_excepted(database: &TestDatabase) {
    let store = database.store();
    let who = actor(&store, Role::FocalPoint, "893");
    let plan = from_next_week(&store, &who, |rules| rules.lock_days = Some(3));
    let figures = staff(10, 8, 4, 4);
    let (as_of, late) = ("2021-11-24T08:00:00+07:00", instant("2021-11-29T16:00:01+07:00"));
    let given = submission(OFFICE, instant(as_of), &[("staff_b", &figures)]);
    let try_it = |at: Instant| {
        let (plan, who, given) = (plan.clone(), who.clone(), given.clone());
        store.write_now(move |conn| record_report(conn, &who, &plan, &given, at))
    };
    let Err(UseCaseError::Invalid(faults)) = try_it(late) else { panic!("a locked period took a report") };
    assert_eq!((faults[0].rule, faults[0].unit.as_str()), (Rule::PeriodLocked, OFFICE));
    let (plan_id, account) = (plan.id, who.account_id);
    store
        .write_now(move |conn: &mut Conn| {
            let unit = units::find(conn, OFFICE)?.ok_or(StoreError::NotFound)?.id;
            let from: NaiveDate = "2021-11-22".parse().unwrap_or_default();
            schedules::extend(conn, plan_id, (unit, from, late + Duration::hours(2)), "", account, late)
        })
        .unwrap();
    try_it(late).unwrap();
    assert_eq!(database.peek("SELECT count(*) FROM audit_event WHERE action = 'lock.excepted'"), "1");
    assert!(try_it(late + Duration::hours(3)).is_err());
    is_verified(&store);
}

fn rows_made_anew_are_those_that_were_kept(database: &TestDatabase) {
    let store = database.store();
    let plan = plan(&store);
    let who = actor(&store, Role::FocalPoint, "893");
    for (days, unit, cohort) in [(0, OFFICE, "staff_b"), (9, OFFICE, "staff_b"), (9, COMMITTEE, "staff_d")] {
        let as_of = (instant(NOW) - Duration::days(days)).to_rfc3339();
        report(&store, &plan, &who, unit, &as_of, NOW, &[(cohort, &staff(10, 8, days.min(8), 4))]);
    }
    is_verified(&store);
    database.tamper("UPDATE received SET counted = 0 WHERE period_from = '2021-11-15'");
    assert!(store.read_now(verify).unwrap().difference.unwrap().contains("2021-11-15"));
    let again = plan.clone();
    let made = store.write_now(move |conn| vungxanh::store::received::rebuild(conn, &again));
    assert_eq!(made.unwrap(), 3);
    is_verified(&store);
    assert_eq!(store.read_now(plans::all).unwrap().iter().filter(|p| !p.timetable.versions().is_empty()).count(), 1);
}

database_tests!(
    on_time_late_partial_and_silent_are_told_apart,
    made_merged_and_exempt_units_count_as_they_are_on_the_due_day,
    a_schedule_asks_those_it_applies_to_and_changes_nothing_of_the_weeks_before,
    a_schedule_that_asks_nobody_is_refused,
    a_locked_period_takes_nothing_but_from_those_excepted,
    rows_made_anew_are_those_that_were_kept,
);
