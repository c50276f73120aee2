//! Tracing figures of a commune or hamlet on a day: aggregates only, no target of any plan (requirements ).

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::{
    coded,
    number::Given,
    report::{Fault, LARGEST_COUNT, Oddity, Rule, Warning},
};

coded! {
    /// What is counted (requirements §4.4, §5.1 `TracingFigures`).
    pub enum TracingFigure {
        /// F0 confirmed that day.
        F0New = "f0_new",
        /// Of them, those found in the community: not among contacts already known.
        F0Community = "f0_community",
        /// Close contacts traced that day.
        F1Traced = "f1_traced",
        /// Contacts of close contacts traced that day.
        F2Traced = "f2_traced",
        /// People in centralised quarantine at the end of the day.
        QuarantineCentral = "quarantine_central",
        /// People in quarantine at home at the end of the day.
        QuarantineHome = "quarantine_home",
        /// Of the day's new F0, those whose list of F1 was complete within 24 hours (R-ST-16).
        F1ListsComplete = "f1_lists_complete_24h",
    }
}

impl TracingFigure {
    /// Whether it is a stock at the end of the day rather than a flow of the day: stocks of different days are never
    /// added.
    pub fn is_stock(self) -> bool {
        matches!(self, Self::QuarantineCentral | Self::QuarantineHome)
    }

    /// The figure it is a part of.
    fn whole(self) -> Option<Self> {
        matches!(self, Self::F0Community | Self::F1ListsComplete).then_some(Self::F0New)
    }
}

/// What was counted; a figure that is not there was not reported.
pub type Counts = BTreeMap<TracingFigure, i64>;

/// A day's figures, checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Everything that is to stand, with what stood and was not given again. Not to be used when there are faults.
    pub counts: Counts,
    /// Hard errors, in the order of the form.
    pub faults: Vec<Fault>,
    /// Changes that need a reason.
    pub warnings: Vec<Warning>,
}

/// Checks what is `given` of a day against what `stands`. Blanks leave what stands; a change of a day before `today`
/// asks for a reason.
pub fn check(given: &BTreeMap<String, Given>, stands: Option<&Counts>, day: NaiveDate, today: NaiveDate) -> Checked {
    let mut out = Checked { counts: stands.cloned().unwrap_or_default(), ..Checked::default() };
    out.faults.extend(check_day(day, today));
    for (code, value) in given.iter().filter(|(code, _)| TracingFigure::from_code(code).is_none()) {
        let known = TracingFigure::ALL.iter().map(|figure| figure.code()).collect::<Vec<_>>().join(", ");
        out.faults.push(Fault::of_report(code, Rule::MeasureNotAsked, value.to_string(), Some(known)));
    }
    let mut new = Counts::new();
    for figure in TracingFigure::ALL {
        let Some(value) = given.get(figure.code()).filter(|value| !value.is_blank()) else { continue };
        match check_count(value) {
            Ok(count) => {
                new.insert(*figure, count);
            }
            Err(rule) => out.faults.push(Fault::of_report(figure.code(), rule, value.to_string(), None)),
        }
    }
    if new.is_empty() && out.faults.is_empty() {
        out.faults.push(Fault::of_report(TracingFigure::F0New.code(), Rule::Required, "", None));
    }
    let before = out.counts.clone();
    out.counts.extend(new);
    for (part, count) in &out.counts {
        let Some((whole, limit)) = part.whole().and_then(|whole| Some((whole, *out.counts.get(&whole)?))) else {
            continue;
        };
        if *count > limit {
            let fault = Fault::of_report(part.code(), Rule::AboveLimit, count.to_string(), Some(whole.to_string()));
            out.faults.push(Fault { limit: Some(limit), ..fault });
        }
    }
    let changed = |(figure, count): (&TracingFigure, &i64)| {
        let before = *before.get(figure).filter(|before| *before != count)?;
        let (unit, cohort, field) = (String::new(), String::new(), figure.code().to_owned());
        Some(Warning { unit, cohort, field, oddity: Oddity::OlderDay, given: *count, before })
    };
    if day < today {
        out.warnings = out.counts.iter().filter_map(changed).collect();
    }
    out
}

fn check_count(given: &Given) -> Result<i64, Rule> {
    match given.whole() {
        None => Err(Rule::NotWhole),
        Some(count) if count < 0 => Err(Rule::Negative),
        Some(count) if count > LARGEST_COUNT => Err(Rule::TooLarge),
        Some(count) => Ok(count),
    }
}

/// The day the first cases in Vietnam were confirmed: a figure of an earlier day has a mistyped year.
pub fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, 1, 23).unwrap_or_default()
}

fn check_day(day: NaiveDate, today: NaiveDate) -> Option<Fault> {
    let shown = |day: NaiveDate| day.format("%d/%m/%Y").to_string();
    let (rule, limit) = if day > today {
        (Rule::InFuture, today)
    } else if day < first_day() {
        (Rule::TooEarly, first_day())
    } else {
        return None;
    };
    Some(Fault::of_report("day", rule, shown(day), Some(shown(limit))))
}

/// How long a close contact stayed in quarantine in 2021, in days: the F1 that can be in quarantine on a day were traced
/// in as many days up to it.
pub const QUARANTINE_DAYS: u64 = 14;

/// The first day whose F1 can still be in quarantine on `day`.
pub fn quarantine_since(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(QUARANTINE_DAYS - 1)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use TracingFigure::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn checked(given: &[(&str, &str)], stands: Option<&Counts>, of: &str) -> Checked {
        let given = given.iter().map(|(code, text)| ((*code).to_owned(), Given::Typed((*text).to_owned()))).collect();
        check(&given, stands, day(of), day("2021-11-20"))
    }

    #[test]
    fn each_hard_error_names_its_field_value_and_rule() {
        type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str, Rule, &'a str);
        let table: [Case<'_>; 9] = [
            (&[("f0_new", "1.5")], "2021-11-20", "f0_new", Rule::NotWhole, "1.5"),
            (&[("f1_traced", "mười")], "2021-11-20", "f1_traced", Rule::NotWhole, "mười"),
            (&[("f0_new", "-1")], "2021-11-20", "f0_new", Rule::Negative, "-1"),
            (&[("f2_traced", "999999999999")], "2021-11-20", "f2_traced", Rule::TooLarge, "999999999999"),
            (&[("f0_new", "4"), ("f0_community", "5")], "2021-11-20", "f0_community", Rule::AboveLimit, "5"),
            (
                &[("f0_new", "4"), ("f1_lists_complete_24h", "5")],
                "2021-11-20",
                "f1_lists_complete_24h",
                Rule::AboveLimit,
                "5",
            ),
            (&[("f0_new", " ")], "2021-11-20", "f0_new", Rule::Required, ""),
            (&[("f3", "1")], "2021-11-20", "f3", Rule::MeasureNotAsked, "1"),
            (&[("f0_new", "1")], "2021-11-21", "day", Rule::InFuture, "21/11/2021"),
        ];
        for (given, of, field, rule, value) in table {
            let found = checked(given, None, of).faults;
            let said: Vec<_> = found.iter().map(|f| (f.field.as_str(), f.rule, f.given.as_str())).collect();
            assert_eq!(said, [(field, rule, value)]);
        }
        assert_eq!(checked(&[("f0_new", "1")], None, "0202-11-20").faults[0].rule, Rule::TooEarly);
    }

    #[test]
    fn a_blank_leaves_what_stands_and_is_held_to_it() {
        let stands = Counts::from([(F0New, 4), (F0Community, 3)]);
        let given = [("f0_new", "6"), ("f0_community", "")];
        assert_eq!(checked(&given, Some(&stands), "2021-11-20").counts, Counts::from([(F0New, 6), (F0Community, 3)]));
        let fault = &checked(&[("f0_new", "2")], Some(&stands), "2021-11-20").faults[0];
        assert_eq!((fault.field.as_str(), fault.rule, fault.limit), ("f0_community", Rule::AboveLimit, Some(2)));
    }

    #[test]
    fn changing_a_figure_of_an_older_day_asks_for_a_reason_and_adding_one_does_not() {
        let stands = Counts::from([(F0New, 4)]);
        let asked = |given: &[(&str, &str)], of: &str| checked(given, Some(&stands), of).warnings.len();
        assert_eq!(asked(&[("f0_new", "5")], "2021-11-19"), 1);
        assert_eq!(asked(&[("f0_new", "5")], "2021-11-20"), 0);
        assert_eq!(asked(&[("f0_new", "4"), ("f1_traced", "9")], "2021-11-19"), 0);
    }
}
