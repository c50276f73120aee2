//! What was typed into the form of the timetable: read, kept, found wrong.

use chrono::NaiveDate;

use crate::{
    domain::{
        calendar,
        plan::Plan,
        report::{Fault, Rule},
        schedule::{Cadence, Rules, ScheduleFault},
    },
    web::words::Lang,
};

/// What was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// `weekly`.
    pub cadence: String,
    /// Days from the last day of the period.
    pub due: String,
    /// `16:00`.
    pub time: String,
    /// Hours.
    pub grace: String,
    /// Days; blank: it never locks.
    pub lock: String,
    /// The dates of a cadence that lists them.
    pub dates: String,
    pub holidays: String,
    /// First day of the period it holds from.
    pub from: String,
    pub reason: String,
    /// Sections of the clauses ticked.
    pub sections: Vec<String>,
    /// Whether areas are ticked.
    pub areas_too: bool,
}

impl Typed {
    /// The fields of a form; the last of a name wins.
    pub fn of(fields: Vec<(String, String)>) -> Self {
        let mut typed = Self::default();
        for (name, value) in fields {
            let field = match name.as_str() {
                "nhip" => &mut typed.cadence,
                "han" => &mut typed.due,
                "gio" => &mut typed.time,
                "an-han" => &mut typed.grace,
                "chot" => &mut typed.lock,
                "cac-ngay" => &mut typed.dates,
                "nghi" => &mut typed.holidays,
                "tu" => &mut typed.from,
                "ly-do" => &mut typed.reason,
                "muc" => {
                    typed.sections.push(value);
                    continue;
                }
                "dia-ban" => {
                    typed.areas_too = true;
                    continue;
                }
                _ => continue,
            };
            *field = value;
        }
        typed
    }

    /// Rules as a person would type them.
    pub fn from_rules(lang: Lang, plan: &Plan, rules: &Rules) -> Self {
        let days = |days: &mut dyn Iterator<Item = NaiveDate>| {
            days.map(|day| lang.day_to_type(day)).collect::<Vec<_>>().join(", ")
        };
        let dates = match &rules.cadence {
            Cadence::Once { on } => days(&mut std::iter::once(*on)),
            Cadence::Dates { on } => days(&mut on.iter().copied()),
            Cadence::Daily | Cadence::Weekly { .. } | Cadence::Monthly { .. } => String::new(),
        };
        Self {
            cadence: rules.cadence.kind().to_owned(),
            due: rules.due_days.to_string(),
            time: rules.due_time.format("%H:%M").to_string(),
            grace: rules.grace_hours.to_string(),
            lock: rules.lock_days.map(|days| days.to_string()).unwrap_or_default(),
            dates,
            holidays: days(&mut rules.holidays.iter().copied()),
            from: String::new(),
            reason: String::new(),
            sections: if rules.sections.is_empty() { all_sections(plan) } else { rules.sections.clone() },
            areas_too: rules.areas_too,
        }
    }

    /// What was typed as rules, or everything that is wrong with it. What the form does not ask, the day a week or
    /// month starts on, stays as it was.
    pub fn read(&self, plan: &Plan, before: Option<&Rules>) -> Result<(NaiveDate, Rules), Vec<Fault>> {
        let mut faults = Vec::new();
        let dates = days("dates", &self.dates, &mut faults);
        let holidays = days("holidays", &self.holidays, &mut faults);
        let due_days = number("due", &self.due, &mut faults);
        let grace_hours = positive("grace", &self.grace, &mut faults);
        let lock_days = (!self.lock.trim().is_empty()).then(|| positive("lock", &self.lock, &mut faults));
        let (starts_week, starts_month) = match before.map(|rules| &rules.cadence) {
            Some(Cadence::Weekly { starts }) => (*starts, 1),
            Some(Cadence::Monthly { starts }) => (1, *starts),
            _ => (1, 1),
        };
        let cadence = match self.cadence.as_str() {
            "once" => dates.first().map(|on| Cadence::Once { on: *on }),
            "daily" => Some(Cadence::Daily),
            "monthly" => Some(Cadence::Monthly { starts: starts_month }),
            "dates" => Some(Cadence::Dates { on: dates }),
            _ => Some(Cadence::Weekly { starts: starts_week }),
        };
        let time = calendar::parse_time(&self.time);
        if time.is_none() {
            faults.push(Fault::of_report("time", Rule::NotADate, &self.time, Some("16:00".to_owned())));
        }
        let from = calendar::parse_day(&self.from);
        if from.is_none() {
            faults.push(Fault::of_report("valid_from", Rule::NotADate, &self.from, Some("30/11/2026".to_owned())));
        }
        if cadence.is_none() {
            faults.push(Fault::of_report("dates", Rule::NotADate, "", Some("30/04/2026".to_owned())));
        }
        if self.sections.is_empty() {
            let code = ScheduleFault::AsksNobody.code().to_owned();
            faults.push(Fault::of_report("rules.sections", Rule::BadSchedule, "", Some(code)));
        }
        match (from, cadence, time) {
            (Some(from), Some(cadence), Some(due_time)) if faults.is_empty() => {
                let is_all = all_sections(plan).iter().all(|section| self.sections.contains(section));
                let sections = if is_all { Vec::new() } else { self.sections.clone() };
                let (areas_too, holidays) = (self.areas_too, holidays.into_iter().collect());
                let rules =
                    Rules { cadence, due_days, due_time, grace_hours, lock_days, holidays, sections, areas_too };
                Ok((from, rules))
            }
            _ => Err(faults),
        }
    }
}

fn all_sections(plan: &Plan) -> Vec<String> {
    plan.clauses.iter().map(|clause| clause.section.clone()).collect()
}

/// Days one after the other; those that are none are left out and said.
fn days(field: &str, text: &str, faults: &mut Vec<Fault>) -> Vec<NaiveDate> {
    let parts = text.split([',', ';', '\n']).map(str::trim).filter(|part| !part.is_empty());
    let mut read = Vec::new();
    for part in parts {
        match calendar::parse_day(part) {
            Some(day) => read.push(day),
            None => faults.push(Fault::of_report(field, Rule::NotADate, part, Some("30/04/2026".to_owned()))),
        }
    }
    read
}

/// A whole number; blank is 0.
fn number(field: &str, text: &str, faults: &mut Vec<Fault>) -> i16 {
    let text = text.trim();
    let read = if text.is_empty() { Ok(0) } else { text.parse() };
    read.unwrap_or_else(|_| {
        faults.push(Fault::of_report(field, Rule::NotWhole, text, None));
        0
    })
}

fn positive(field: &str, text: &str, faults: &mut Vec<Fault>) -> u16 {
    let read = number(field, text, faults);
    u16::try_from(read).unwrap_or_else(|_| {
        faults.push(Fault::of_report(field, Rule::Negative, read.to_string(), None));
        0
    })
}
