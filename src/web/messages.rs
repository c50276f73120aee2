//! Faults and warnings in words: the field, the value, the rule and an example (ui.md §8.1).

use super::words::{Lang, lower_first};
use crate::{
    domain::{
        number::group,
        plan::Plan,
        report::{Fault, Oddity, Rule, Warning},
        tracing::TracingFigure,
    },
    store::plans::StoredPlan,
};

/// Plans whose words name measures and cohorts; without one the codes speak.
fn label(lang: Lang, plan: Option<&StoredPlan>, code: &str) -> String {
    let of_plan = |plan: &Plan| {
        let measure = plan.measure(code).map(|measure| &measure.name);
        let cohort = plan.cohort(code).map(|cohort| &cohort.name);
        measure.or(cohort).map(|words| words.in_lang(lang.code()).to_owned())
    };
    let of_screen = || {
        let key = format!("field.{code}");
        let text = lang.t(&key);
        if text.is_empty() || text.ends_with(&key) { code.to_owned() } else { text }
    };
    plan.and_then(|stored| of_plan(&stored.plan)).unwrap_or_else(of_screen)
}

/// Whether the field is a figure that the plan asks for, or one of contact tracing.
fn is_count(plan: Option<&StoredPlan>, code: &str) -> bool {
    plan.is_some_and(|stored| stored.plan.measure(code).is_some()) || TracingFigure::from_code(code).is_some()
}

/// A whole number as the language groups it.
fn number(lang: Lang, n: i64) -> String {
    group(n, if lang == Lang::Vi { '.' } else { ',' })
}

/// A hard error in words.
pub fn fault(lang: Lang, plan: Option<&StoredPlan>, fault: &Fault) -> String {
    let field = label(lang, plan, &fault.field);
    let limit = fault.limit.map(|limit| number(lang, limit)).unwrap_or_default();
    // What stands on the other side of the rule: a measure's name, or a list or date as it is.
    let other = match (&fault.limit_name, fault.rule) {
        (Some(name), Rule::AboveLimit) => label(lang, plan, name),
        (Some(names), Rule::CohortNotAsked | Rule::MeasureNotAsked) => {
            names.split(", ").map(|name| label(lang, plan, name)).collect::<Vec<_>>().join("; ")
        }
        (Some(code), Rule::BadSchedule) => lang.t(&format!("schedule.fault.{code}")),
        (Some(text), _) => text.clone(),
        (None, _) => String::new(),
    };
    let given = match fault.given.parse::<i64>() {
        Ok(n) if matches!(fault.rule, Rule::AboveLimit | Rule::Negative | Rule::TooLarge) => number(lang, n),
        _ if fault.rule == Rule::CohortNotAsked => label(lang, plan, &fault.given),
        _ => fault.given.clone(),
    };
    // "Nhập “Đã cài Bluezone”, ví dụ 18", "Nhập số văn bản", "Chọn ít nhất một đơn vị".
    let (field, key) = match (fault.rule, fault.field.as_str()) {
        (Rule::Required, "units") => (field, "fault.choose_units".to_owned()),
        (Rule::Required, code) if is_count(plan, code) => (field, "fault.required_count".to_owned()),
        (Rule::Required, _) => (lower_first(&field), "fault.required".to_owned()),
        (rule, _) => (field, format!("fault.{rule}")),
    };
    lang.tr(&key, &[("field", &field), ("given", &given), ("other", &other), ("limit", &limit)])
}

/// An oddity in words.
pub fn warning(lang: Lang, plan: Option<&StoredPlan>, warning: &Warning) -> String {
    let field = label(lang, plan, &warning.field);
    let (given, before) = (number(lang, warning.given), number(lang, warning.before));
    let over = number(lang, warning.given - warning.before);
    let ask = if Oddity::needs_reason(warning.oddity) { lang.t("warning.give_reason") } else { String::new() };
    let text = lang.tr(
        &format!("warning.{}", warning.oddity),
        &[("field", &field), ("given", &given), ("before", &before), ("over", &over)],
    );
    format!("{text} {ask}").trim().to_owned()
}
