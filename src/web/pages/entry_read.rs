//! What was typed into an entry form as a submission, and what is wrong with it by input.

use std::collections::BTreeMap;

use super::{
    entry_form::{self, AREAS, Posted, input_id, input_name},
    parts::{Link, words},
};
use crate::{
    domain::{
        calendar::{self, Instant},
        number::Given,
        report::{Fault, Oddity, Rule},
    },
    store::plans::StoredPlan,
    usecases::{
        enter_figures::{EntryForm, EntrySection, EntrySheet},
        record_report::{Part, Submission},
        see_unit::ReportView,
    },
    web::{messages, problem::Problem, words::Lang},
};

/// The units of the form that was posted.
fn units<'a>(sheet: &'a EntrySheet, form: &str) -> Vec<&'a EntryForm> {
    if form == AREAS {
        sheet.areas.iter().collect()
    } else {
        sheet.bodies.iter().filter(|body| body.unit.code == form).collect()
    }
}

/// The submission, as far as it can be read; the rules are the use case's.
pub fn submission(
    lang: Lang,
    sheet: &EntrySheet,
    posted: &Posted,
    corrected: Option<&ReportView>,
    now: Instant,
) -> Result<Submission, Problem> {
    let text = |name: &str| posted.get(name).map(String::as_str).unwrap_or_default();
    let as_of = match corrected {
        Some(report) => report.as_of,
        None => moment(lang, text("ngay"), text("gio"), now)?,
    };
    let part = |form: &EntryForm| {
        let lines: BTreeMap<_, _> =
            form.sections.iter().filter_map(|section| line(form, section, posted, corrected)).collect();
        (!lines.is_empty()).then(|| Part { unit: form.unit.code.clone(), lines })
    };
    Ok(Submission {
        op_id: Some(text("op_id").to_owned()).filter(|id| !id.is_empty()),
        as_of,
        channel: "form",
        reason: text("ly-do").to_owned(),
        supersedes: corrected.map(|report| report.id),
        parts: units(sheet, text("bieu")).into_iter().filter_map(part).collect(),
    })
}

fn moment(lang: Lang, day: &str, time: &str, now: Instant) -> Result<Instant, Problem> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, given: &str, example: String| {
        faults.push(Fault::of_report(field, Rule::NotADate, given, Some(example)));
    };
    let (read_day, read_time) = (calendar::parse_day(day), calendar::parse_time(time));
    if read_day.is_none() {
        fault("as_of", day, lang.day_to_type(calendar::day(now)));
    }
    if read_time.is_none() {
        fault("time", time, lang.time(now));
    }
    match (read_day, read_time) {
        (Some(day), Some(time)) => Ok(calendar::instant(day.and_time(time))),
        _ => Err(Problem::invalid(faults)),
    }
}

type Line = (String, BTreeMap<String, Given>);

/// A cohort's figures; nothing when only what was filled in for the person stands there.
fn line(form: &EntryForm, section: &EntrySection, posted: &Posted, corrected: Option<&ReportView>) -> Option<Line> {
    let mut figures = BTreeMap::new();
    let mut is_touched = false;
    for field in &section.fields {
        let name = input_name(&form.unit.code, &section.cohort.code, &field.measure);
        let given = Given::Typed(posted.get(&name).cloned().unwrap_or_default());
        let untouched = entry_form::prefilled(corrected, section, field).filter(|_| corrected.is_none());
        is_touched |= !given.is_blank() && (given.whole().is_none() || given.whole() != untouched);
        figures.insert(field.measure.clone(), given);
    }
    is_touched.then(|| (section.cohort.code.clone(), figures))
}

/// What is to be corrected: words by input name, and the list above the form.
#[derive(Debug, Default)]
pub struct Corrections {
    /// Words beside an input.
    pub by_input: BTreeMap<String, String>,
    /// The summary; each leads to its input.
    pub summary: Vec<Link>,
    /// Whether a reason is asked for.
    pub asks_reason: bool,
}

impl Corrections {
    /// Everything a refusal says.
    pub fn of(lang: Lang, plan: &StoredPlan, sheet: &EntrySheet, form: &str, problem: &Problem) -> Self {
        let mut out = Self::default();
        for fault in &problem.faults {
            let said = messages::fault(lang, Some(plan), fault);
            out.asks_reason |= fault.field == "reason";
            out.add(lang, sheet, form, [&fault.unit, &fault.cohort, &fault.field], said);
        }
        let odd = problem.warnings.iter().filter(|warning| Oddity::needs_reason(warning.oddity));
        for warning in odd {
            let said = messages::warning(lang, Some(plan), warning);
            out.add(lang, sheet, form, [&warning.unit, &warning.cohort, &warning.field], said);
            out.asks_reason = true;
        }
        if !problem.warnings.is_empty() {
            out.add(lang, sheet, form, ["", "", "reason"], lang.t("entry.need_reason"));
        }
        if problem.code == "operation_differs" {
            let id = first(sheet, form);
            out.summary.push(Link { href: format!("#{id}"), label: lang.t("entry.sent_before") });
        }
        out
    }

    fn add(&mut self, lang: Lang, sheet: &EntrySheet, form: &str, [unit, cohort, field]: [&str; 3], said: String) {
        let (name, id) = match field {
            "as_of" => ("ngay".to_owned(), format!("{form}-ngay")),
            "time" => ("gio".to_owned(), format!("{form}-gio")),
            "reason" => ("ly-do".to_owned(), format!("{form}-ly-do")),
            _ if cohort.is_empty() || unit.is_empty() => (String::new(), first(sheet, form)),
            measure => {
                let name = input_name(unit, cohort, measure);
                let id = input_id(&name);
                (name, id)
            }
        };
        let whose = whose(lang, sheet, form, unit, cohort);
        let label = if whose.is_empty() { said.clone() } else { format!("{whose}: {said}") };
        self.summary.push(Link { href: format!("#{id}"), label });
        if !name.is_empty() {
            self.by_input.entry(name).or_insert(said);
        }
    }
}

/// Of which area or group a line of the summary speaks, where there are several.
fn whose(lang: Lang, sheet: &EntrySheet, form: &str, unit: &str, cohort: &str) -> String {
    let forms = units(sheet, form);
    let Some(of) = forms.iter().find(|of| of.unit.code == unit) else { return String::new() };
    let group = of.sections.iter().find(|section| section.cohort.code == cohort);
    let group = group.filter(|_| of.sections.len() > 1).map(|section| words(lang, &section.cohort.short));
    let name = (form == AREAS).then_some(of.unit.name.as_str());
    [name, group].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The first input of a form.
fn first(sheet: &EntrySheet, form: &str) -> String {
    let forms = units(sheet, form);
    let found = forms.iter().find_map(|of| {
        let section = of.sections.first()?;
        let field = section.fields.first()?;
        Some(input_id(&input_name(&of.unit.code, &section.cohort.code, &field.measure)))
    });
    found.unwrap_or_else(|| "noi-dung".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{plan::Words, unit::UnitKind},
        usecases::{
            UnitRef,
            enter_figures::EntryField,
            progress::{CohortRef, PlanRef},
        },
    };

    fn both(text: &str) -> Words {
        Words { vi: text.into(), en: text.into() }
    }

    fn sheet() -> EntrySheet {
        let field = |measure: &str, is_base, previous| EntryField {
            measure: measure.into(),
            name: both(measure),
            is_required: true,
            is_base,
            previous: Some(previous),
            is_old: false,
        };
        let cohort = CohortRef { code: "staff".into(), name: both("staff"), short: both("staff"), target: Some(100) };
        let unit = UnitRef { code: "A".into(), name: "A".into(), kind: UnitKind::DistrictOffice };
        let fields = vec![field("headcount", true, 20), field("bluezone", false, 18)];
        let section = EntrySection { section: "III.1".into(), cohort, fields };
        let plan =
            PlanRef { code: "p".into(), number: "1".into(), issuer: "X".into(), is_illustrative: false, notice: None };
        EntrySheet {
            plan,
            bodies: vec![EntryForm { unit, last_reported: None, sections: vec![section] }],
            areas: vec![],
        }
    }

    fn parts(headcount: &str, bluezone: &str) -> usize {
        let now = "2026-11-20T09:00:00Z".parse().unwrap();
        let posted = [
            ("bieu", "A"),
            ("ngay", "20/11/2026"),
            ("gio", "16h"),
            ("A.staff.headcount", headcount),
            ("A.staff.bluezone", bluezone),
        ];
        let posted = posted.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        submission(Lang::Vi, &sheet(), &posted, None, now).unwrap().parts.len()
    }

    #[test]
    fn a_cohort_with_nothing_but_what_was_filled_in_is_left_out() {
        assert_eq!(parts("20", ""), 0);
        assert_eq!(parts("", ""), 0);
    }

    #[test]
    fn whatever_a_person_changed_is_sent() {
        for (headcount, bluezone) in [("21", ""), ("20", "18"), ("x", ""), ("20", "0")] {
            assert_eq!(parts(headcount, bluezone), 1, "{headcount} {bluezone}");
        }
    }
}
