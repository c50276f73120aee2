//! Checking a report: hard errors refuse it, soft warnings ask for a reason (requirements §5.2, ui.md §4.7).

use std::{borrow::Borrow, collections::BTreeMap};

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    calendar::{self, Instant},
    coded,
    number::Given,
    plan::{Cohort, Field, Plan},
    rate::Rate,
    standing::Value,
};

/// More than anyone will ever count in one report; a longer number is a typing error.
pub const LARGEST_COUNT: i64 = 200_000_000;

/// A jump of a rate by more than this many tenths of a percent asks for a reason.
const JUMP_TENTHS: i64 = 200;

coded! {
    /// The rule a figure broke.
    pub enum Rule {
        /// A required figure is missing.
        Required = "required",
        /// Not a whole number.
        NotWhole = "not_whole",
        /// Below zero.
        Negative = "negative",
        /// More digits than any count has.
        TooLarge = "too_large",
        /// More than its base or limit.
        AboveLimit = "above_limit",
        /// The unit's clause does not count this cohort.
        CohortNotAsked = "cohort_not_asked",
        /// The cohort's form has no such measure.
        MeasureNotAsked = "measure_not_asked",
        /// The report names no cohort at all.
        Empty = "empty",
        /// The plan asks nothing of this unit.
        UnitNotObliged = "unit_not_obliged",
        /// A date before the plan's first day.
        BeforePlan = "before_plan",
        /// A date after the plan's last day.
        AfterPlan = "after_plan",
        /// A date that has not come yet.
        InFuture = "in_future",
        /// A warning was raised and no reason given.
        ReasonNeeded = "reason_needed",
        /// The same cohort twice in one report.
        CohortTwice = "cohort_twice",
        /// Not one of the values there are.
        Unknown = "unknown",
        /// Not a date as dates are written.
        NotADate = "not_a_date",
        /// Text longer than is kept.
        TooLong = "too_long",
        /// Outside the range there is.
        OutOfRange = "out_of_range",
        /// Neither kept green nor improved in the window.
        NotShortlisted = "not_shortlisted",
        /// The record it names has been corrected or taken back.
        NoLongerStands = "no_longer_stands",
        /// A day before there was anything to count.
        TooEarly = "too_early",
        /// The figures are counted of communes and hamlets only.
        NotCommuneOrHamlet = "not_commune_or_hamlet",
        /// A period that ends before it begins.
        BeforeStart = "before_start",
        /// More of them than are kept.
        TooMany = "too_many",
        /// A period longer than is shown at once.
        TooManyDays = "too_many_days",
        /// Something that tells who a person is: a telephone or identity number, an e-mail address.
        PersonalData = "personal_data",
        /// A step back, or one that was taken already.
        NotAStepOn = "not_a_step_on",
        /// A part of the unit, or a unit it is part of, has counted these people already.
        CountedTwice = "counted_twice",
        /// What was to be corrected is no longer what stands.
        Outdated = "outdated",
        /// The period the figures are of is locked.
        PeriodLocked = "period_locked",
        /// The report was returned: another one is sent instead.
        Returned = "returned",
        /// The timetable cannot be set so.
        BadSchedule = "bad_schedule",
        /// Not the first day of a period.
        NotAPeriod = "not_a_period",
        /// Not an address as e-mail has them.
        NotAnEmail = "not_an_email",
    }
}

/// A hard error: the field, the rule it broke and what was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Code of the unit it was said of, empty for the submission as a whole.
    pub unit: String,
    /// Cohort code, empty for the report as a whole.
    pub cohort: String,
    /// Measure code, or `as_of`, `unit`, `reason`.
    pub field: String,
    /// The rule.
    pub rule: Rule,
    /// The value as it was given.
    pub given: String,
    /// The measure or rule's other side (a measure, a date, a list of cohorts).
    pub limit_name: Option<String>,
    /// The limit's value.
    pub limit: Option<i64>,
}

impl Fault {
    /// A fault of the report as a whole.
    pub fn of_report(field: &str, rule: Rule, given: impl Into<String>, limit_name: Option<String>) -> Self {
        Self {
            unit: String::new(),
            cohort: String::new(),
            field: field.into(),
            rule,
            given: given.into(),
            limit_name,
            limit: None,
        }
    }
}

coded! {
    /// What is odd about a figure that is otherwise right.
    pub enum Oddity {
        /// More than its base, within its limit: shown as a surplus; asks no reason.
        Surplus = "surplus",
        /// More than a base that is itself uncertain (a census).
        AboveBase = "above_base",
        /// Lower than last time.
        Fall = "fall",
        /// More than 20 points higher than last time.
        Jump = "jump",
        /// Zero after a figure that was not.
        Zero = "zero",
        /// A figure of a day that is over is changed.
        OlderDay = "older_day",
    }
}

impl Oddity {
    /// Whether the sender must say why.
    pub fn needs_reason(self) -> bool {
        self != Self::Surplus
    }
}

/// A soft warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Code of the unit it was said of.
    pub unit: String,
    /// Cohort code.
    pub cohort: String,
    /// Measure code.
    pub field: String,
    /// What is odd.
    pub oddity: Oddity,
    /// The figure given.
    pub given: i64,
    /// The figure before, or the base it exceeds.
    pub before: i64,
}

/// What a form said about one cohort, checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked<'p> {
    /// The figures by their measures, with the base each was given on. Not to be used when there are faults.
    pub values: Vec<(&'p str, Value)>,
    /// Hard errors, in the order of the form.
    pub faults: Vec<Fault>,
    /// Soft warnings, in the order of the form.
    pub warnings: Vec<Warning>,
}

/// Checks one cohort's figures against its form, all fields in one pass, and against what stood `before`.
pub fn check<'p, K: Borrow<str> + Ord>(
    plan: &'p Plan,
    cohort: &Cohort,
    given: &BTreeMap<K, Given>,
    before: &BTreeMap<&str, Value>,
) -> Checked<'p> {
    check_as(plan, cohort, given, before, true)
}

/// Checks figures like [`check`] where the table they stand in may lack columns: what it has no figure for is not part
/// of the report.
pub fn check_given<'p, K: Borrow<str> + Ord>(
    plan: &'p Plan,
    cohort: &Cohort,
    given: &BTreeMap<K, Given>,
    before: &BTreeMap<&str, Value>,
) -> Checked<'p> {
    check_as(plan, cohort, given, before, false)
}

fn check_as<'p, K: Borrow<str> + Ord>(
    plan: &'p Plan,
    cohort: &Cohort,
    given: &BTreeMap<K, Given>,
    before: &BTreeMap<&str, Value>,
    is_whole: bool,
) -> Checked<'p> {
    let fields = plan.fields(cohort);
    let mut out = Checked::default();
    let is_asked = |measure: &K| fields.iter().any(|field| field.measure == measure.borrow());
    for (measure, value) in given.iter().filter(|(measure, _)| !is_asked(measure)) {
        out.faults.push(Fault {
            unit: String::new(),
            cohort: cohort.code.clone(),
            field: measure.borrow().to_owned(),
            rule: Rule::MeasureNotAsked,
            given: value.to_string(),
            limit_name: Some(fields.iter().map(|field| field.measure.as_str()).collect::<Vec<_>>().join(", ")),
            limit: None,
        });
    }
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for field in fields {
        match check_field(cohort, field, given.get(field.measure.as_str()), &counts) {
            Err(fault) if fault.rule == Rule::Required && !is_whole => {}
            Ok(None) => {}
            Ok(Some(count)) => {
                counts.insert(&field.measure, count);
                let base = field.of.as_deref().and_then(|of| counts.get(of).copied());
                let value = Value { count, base };
                let is_base = is_base(fields, field);
                let before = before.get(field.measure.as_str()).copied().filter(|_| !is_base);
                out.warnings.extend(warn(cohort, field, value, before));
                out.values.push((&field.measure, value));
            }
            Err(fault) => out.faults.push(fault),
        }
    }
    if let Some(first) = fields.first().filter(|_| out.values.is_empty() && out.faults.is_empty()) {
        let nothing = Fault::of_report(&first.measure, Rule::Required, "", None);
        out.faults.push(Fault { cohort: cohort.code.clone(), ..nothing });
    }
    out
}

/// Whether a figure says how many people there are to count. Bases move with people coming and going; only what is
/// counted of them is watched.
fn is_base(fields: &[Field], field: &Field) -> bool {
    field.of.is_none() && field.required || fields.iter().any(|other| other.of.as_ref() == Some(&field.measure))
}

fn check_field(
    cohort: &Cohort,
    field: &Field,
    given: Option<&Given>,
    counts: &BTreeMap<&str, i64>,
) -> Result<Option<i64>, Fault> {
    let fault = |rule, limit: Option<(&str, i64)>| Fault {
        unit: String::new(),
        cohort: cohort.code.clone(),
        field: field.measure.clone(),
        rule,
        given: given.filter(|given| !given.is_blank()).map(ToString::to_string).unwrap_or_default(),
        limit_name: limit.map(|(name, _)| name.to_owned()),
        limit: limit.map(|(_, value)| value),
    };
    let Some(given) = given.filter(|given| !given.is_blank()) else {
        return if field.required { Err(fault(Rule::Required, None)) } else { Ok(None) };
    };
    let Some(count) = given.whole() else { return Err(fault(Rule::NotWhole, None)) };
    if count < 0 {
        return Err(fault(Rule::Negative, None));
    }
    if count > LARGEST_COUNT {
        return Err(fault(Rule::TooLarge, None));
    }
    // A limit that was itself faulty is reported once, there.
    let limit = field.limit().and_then(|name| counts.get(name).map(|value| (name, *value)));
    match limit {
        Some((name, value)) if count > value && !field.limit_is_soft => {
            Err(fault(Rule::AboveLimit, Some((name, value))))
        }
        _ => Ok(Some(count)),
    }
}

fn warn(cohort: &Cohort, field: &Field, value: Value, before: Option<Value>) -> Vec<Warning> {
    let warning = |oddity, before| Warning {
        unit: String::new(),
        cohort: cohort.code.clone(),
        field: field.measure.clone(),
        oddity,
        given: value.count,
        before,
    };
    let mut warnings = Vec::new();
    if let Some(base) = value.base.filter(|base| value.count > *base) {
        warnings.push(warning(if field.limit_is_soft { Oddity::AboveBase } else { Oddity::Surplus }, base));
    }
    let Some(before) = before else { return warnings };
    let tenths = |value: Value| value.rate().and_then(Rate::tenths);
    if value.count == 0 && before.count > 0 {
        warnings.push(warning(Oddity::Zero, before.count));
    } else if value.count < before.count {
        warnings.push(warning(Oddity::Fall, before.count));
    } else if let (Some(now), Some(then)) = (tenths(value), tenths(before))
        && now - then > JUMP_TENTHS
    {
        warnings.push(warning(Oddity::Jump, before.count));
    }
    warnings
}

/// Checks the moment the figures are true at.
pub fn check_as_of(plan: &Plan, as_of: Instant, now: Instant) -> Option<Fault> {
    let day = calendar::day(as_of);
    let shown = |day: NaiveDate| day.format("%d/%m/%Y").to_string();
    if as_of > now {
        let to_the_minute = |at| calendar::local(at).format("%H:%M %d/%m/%Y").to_string();
        return Some(Fault::of_report("as_of", Rule::InFuture, to_the_minute(as_of), Some(to_the_minute(now))));
    }
    let (rule, limit) = match plan.ends_on {
        _ if day < plan.starts_on => (Rule::BeforePlan, plan.starts_on),
        Some(end) if day > end => (Rule::AfterPlan, end),
        _ => return None,
    };
    Some(Fault::of_report("as_of", rule, shown(day), Some(shown(limit))))
}

#[cfg(test)]
mod tests;
