use std::sync::LazyLock;

use super::*;
use proptest::prelude::*;

fn plan() -> &'static Plan {
    static PLAN: LazyLock<Plan> = LazyLock::new(|| {
        toml::from_str::<Plan>(include_str!("../../../seed/plans/cho-moi-1677.toml")).unwrap().checked().unwrap()
    });
    &PLAN
}

fn staff(figures: &[(&str, &str)]) -> BTreeMap<String, Given> {
    let all = [("headcount", "20"), ("smartphone_users", "18"), ("bluezone_installed", "17"), ("ncovi_declared", "18")];
    let typed = |(measure, text): &(&str, &str)| ((*measure).to_owned(), Given::Typed((*text).to_owned()));
    all.iter().chain(figures).map(typed).collect()
}

fn checked(figures: &[(&str, &str)], before: &[(&str, i64, i64)]) -> Checked<'static> {
    let before =
        before.iter().map(|(measure, count, base)| (*measure, Value { count: *count, base: Some(*base) })).collect();
    check(plan(), plan().cohort("staff_b").unwrap(), &staff(figures), &before)
}

#[test]
fn each_hard_error_names_its_field_value_and_limit() {
    let table: [(&str, &str, Rule, Option<i64>); 9] = [
        ("bluezone_installed", "1.5", Rule::NotWhole, None),
        ("bluezone_installed", "mười", Rule::NotWhole, None),
        ("bluezone_installed", "", Rule::Required, None),
        ("headcount", "-3", Rule::Negative, None),
        ("headcount", "999999999999", Rule::TooLarge, None),
        ("bluezone_installed", "19", Rule::AboveLimit, Some(18)),
        ("ncovi_installed", "19", Rule::AboveLimit, Some(18)),
        ("smartphone_users", "21", Rule::AboveLimit, Some(20)),
        ("ncovi_declared", "21", Rule::AboveLimit, Some(20)),
    ];
    for (measure, text, rule, limit) in table {
        let found = checked(&[(measure, text)], &[]).faults;
        let fault = found.iter().find(|fault| fault.field == measure);
        let said = fault.map(|fault| (fault.rule, fault.given.as_str(), fault.limit));
        assert_eq!(said, Some((rule, text, limit)), "{measure} = {text}");
    }
}

#[test]
fn every_fault_of_a_form_is_told_in_one_pass() {
    let found = checked(&[("headcount", "x"), ("bluezone_installed", "19"), ("smartphone_users", "18")], &[]);
    assert_eq!(found.faults.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["headcount", "bluezone_installed"]);
}

#[test]
fn a_measure_the_form_does_not_have_is_refused() {
    let found = checked(&[("households_visited", "3")], &[]).faults;
    assert_eq!((found[0].field.as_str(), found[0].rule), ("households_visited", Rule::MeasureNotAsked));
}

#[test]
fn declarations_above_the_smartphone_users_are_a_surplus_and_need_no_reason() {
    let found = checked(&[("ncovi_declared", "20")], &[]);
    assert_eq!(found.faults, []);
    assert_eq!((found.warnings.len(), found.warnings[0].oddity), (1, Oddity::Surplus));
    assert!(!found.warnings[0].oddity.needs_reason());
}

#[test]
fn odd_changes_need_a_reason() {
    let table: [(&str, i64, Option<Oddity>); 6] = [
        ("17", 16, None),
        ("17", 17, None),
        ("16", 17, Some(Oddity::Fall)),
        ("0", 17, Some(Oddity::Zero)),
        ("17", 10, Some(Oddity::Jump)),
        // 14/18 → 17/18 is 16,6 points: no jump.
        ("17", 14, None),
    ];
    for (now, before, oddity) in table {
        let found = checked(&[("bluezone_installed", now)], &[("bluezone_installed", before, 18)]);
        let odd = found.warnings.iter().find(|w| w.field == "bluezone_installed").map(|w| w.oddity);
        assert_eq!(odd, oddity, "{before} → {now}");
    }
}

#[test]
fn people_coming_and_going_need_no_reason() {
    let found = checked(&[("headcount", "19")], &[("headcount", 25, 25), ("smartphone_users", 24, 25)]);
    assert_eq!(found.warnings, []);
}

#[test]
fn residents_above_their_census_are_only_warned_of() {
    let plan = plan();
    let figures = [("population", 100), ("bluezone_installed", 104), ("ncovi_declared", 90)];
    let given = figures.into_iter().map(|(measure, n)| (measure.to_owned(), Given::Whole(n))).collect();
    let found = check(plan, plan.cohort("residents").unwrap(), &given, &BTreeMap::new());
    assert_eq!(found.faults, []);
    assert_eq!((found.warnings.len(), found.warnings[0].oddity), (1, Oddity::AboveBase));
}

#[test]
fn figures_are_true_neither_before_the_plan_nor_in_the_future() {
    let plan = plan();
    let at = |text: &str| text.parse::<Instant>().unwrap();
    let now = at("2020-09-01T03:00:00Z");
    let rule = |as_of| check_as_of(plan, at(as_of), now).map(|fault| fault.rule);
    assert_eq!(rule("2020-08-05T16:59:00Z"), Some(Rule::BeforePlan));
    assert_eq!(rule("2020-08-05T17:00:00Z"), None); // midnight of the plan's first day in Vietnam
    assert_eq!(rule("2020-09-01T03:00:01Z"), Some(Rule::InFuture));
}

proptest! {
    #[test]
    fn what_passes_never_breaks_a_limit(counts in prop::array::uniform6(-2i64..40)) {
        let plan = plan();
        let cohort = plan.cohort("staff_b").unwrap();
        let names = ["headcount", "smartphone_users", "bluezone_installed", "ncovi_declared", "ncovi_installed", "tokhaiyte_declared"];
        let given = names.iter().zip(counts).map(|(m, n)| ((*m).to_owned(), Given::Whole(n))).collect();
        let found = check(plan, cohort, &given, &BTreeMap::new());
        let [headcount, users, bluezone, declared, installed, elsewhere] = counts;
        let fits = counts.iter().all(|n| *n >= 0) && users <= headcount && bluezone <= users && installed <= users
            && declared <= headcount && elsewhere <= headcount;
        prop_assert_eq!(found.faults.is_empty(), fits);
        for (_, value) in &found.values {
            prop_assert!(value.counted() <= value.base.unwrap_or(i64::MAX));
        }
    }
}
