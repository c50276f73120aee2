//! What was typed into the form of a zone decision: read, carried from step to step, found wrong.

use chrono::NaiveDate;

use crate::{
    domain::{calendar, calendar::Instant},
    usecases::{
        decide_zones::{Ruled, Ruling},
        zone_state::ZoneState,
    },
    web::words::Lang,
};

/// What was typed; blank where it is not known yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// Codes of the places ticked.
    pub units: Vec<String>,
    /// `CODE:ID`: the last record seen on each place, once it has been checked.
    pub seen: Vec<String>,
    /// Code of the scheme.
    pub scheme: String,
    /// Number of the level.
    pub level: String,
    /// Day and hour it takes effect.
    pub day: String,
    pub time: String,
    /// Number, date and issuer of the document.
    pub number: String,
    pub dated: String,
    pub issuer: String,
    /// Remarks.
    pub note: String,
    /// Number of the record it corrects, and why.
    pub corrects: String,
    pub reason: String,
}

impl Typed {
    /// The fields of a form or a query, in any order; the last of a name wins.
    pub fn of(fields: Vec<(String, String)>) -> Self {
        let mut typed = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "don-vi" if !value.is_empty() => typed.units.push(value),
                "thay" => typed.seen.push(value),
                _ => {
                    if let Some(field) = typed.field(&name) {
                        *field = value;
                    }
                }
            }
        }
        typed
    }

    fn field(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "thang" => &mut self.scheme,
            "muc" => &mut self.level,
            "ngay" => &mut self.day,
            "gio" => &mut self.time,
            "so" => &mut self.number,
            "ngay-qd" => &mut self.dated,
            "co-quan" => &mut self.issuer,
            "ghi-chu" => &mut self.note,
            "sua" => &mut self.corrects,
            "ly-do" => &mut self.reason,
            _ => return None,
        })
    }

    /// The fields again, to be carried to the next step: hidden inputs or a query. What was seen stays behind.
    pub fn carried(&self) -> Vec<(&'static str, &str)> {
        let one = [
            ("thang", &self.scheme),
            ("muc", &self.level),
            ("ngay", &self.day),
            ("gio", &self.time),
            ("so", &self.number),
            ("ngay-qd", &self.dated),
            ("co-quan", &self.issuer),
            ("ghi-chu", &self.note),
            ("sua", &self.corrects),
            ("ly-do", &self.reason),
        ];
        let units = self.units.iter().map(|code| ("don-vi", code.as_str()));
        units.chain(one.into_iter().map(|(name, value)| (name, value.as_str()))).collect()
    }

    /// A record as it would be typed, to be corrected.
    pub fn of_record(lang: Lang, unit: &str, state: &ZoneState) -> Self {
        let decision = &state.decision;
        Self {
            units: vec![unit.to_owned()],
            scheme: decision.scheme.clone(),
            level: decision.level.to_string(),
            day: lang.day_to_type(calendar::day(decision.effective_from)),
            time: lang.time(decision.effective_from),
            number: decision.decision_number.clone().unwrap_or_default(),
            dated: decision.decision_date.map(|day| lang.day_to_type(day)).unwrap_or_default(),
            issuer: decision.decision_issuer.clone().unwrap_or_default(),
            note: decision.note.clone(),
            corrects: decision.id.to_string(),
            ..Self::default()
        }
    }

    /// What was typed as a decision, or everything that cannot be read.
    pub fn read(&self, lang: Lang, now: Instant) -> Result<Ruling, Errors> {
        let mut errors = Errors::default();
        let example = lang.day_to_type(calendar::day(now));
        let not_a_day = |key: &str, given: &str| lang.tr(key, &[("given", given), ("example", &example)]);
        if self.units.is_empty() {
            errors.add("don-vi", lang.t("decide.need_unit"));
        }
        let level = self.level.trim().parse::<i32>().ok();
        if level.is_none() {
            errors.add("muc", lang.t("decide.need_level"));
        }
        let (day, time) = (calendar::parse_day(&self.day), calendar::parse_time(&self.time));
        if day.is_none() {
            errors.add("ngay", not_a_day("decide.bad_day", &self.day));
        }
        if time.is_none() {
            errors.add("gio", lang.tr("entry.bad_time", &[("given", &self.time)]));
        }
        let dated: Option<NaiveDate> = calendar::parse_day(&self.dated);
        if dated.is_none() && !self.dated.trim().is_empty() {
            errors.add("ngay-qd", not_a_day("decide.bad_dated", &self.dated));
        }
        if !self.number.trim().is_empty() && self.issuer.trim().is_empty() {
            errors.add("co-quan", lang.t("decide.need_issuer"));
        }
        let corrects = Some(self.corrects.trim()).filter(|id| !id.is_empty()).map(str::parse::<i64>);
        if corrects.is_some() && self.reason.trim().is_empty() {
            errors.add("ly-do", lang.t("decide.need_reason"));
        }
        match (level, day, time) {
            (Some(level), Some(day), Some(time)) if errors.0.is_empty() => Ok(Ruling {
                places: self.units.iter().map(|unit| self.ruled(unit, level)).collect(),
                scheme: self.scheme.clone(),
                effective_from: calendar::instant(day.and_time(time)),
                decision_number: self.number.clone(),
                decision_issuer: self.issuer.clone(),
                decision_date: dated,
                note: self.note.clone(),
                corrects: corrects.and_then(Result::ok),
                reason: self.reason.clone(),
                import: None,
            }),
            _ => Err(errors),
        }
    }

    fn ruled(&self, unit: &str, level: i32) -> Ruled {
        let seen = self.seen.iter().find_map(|seen| seen.strip_prefix(unit)?.strip_prefix(':')?.parse().ok());
        Ruled { unit: unit.trim().to_owned(), level, seen, row: None }
    }
}

/// What is wrong, by input.
#[derive(Debug, Default)]
pub struct Errors(pub Vec<(&'static str, String)>);

impl Errors {
    /// The words beside an input.
    pub fn of(&self, input: &str) -> Option<&str> {
        self.0.iter().find(|(of, _)| *of == input).map(|(_, text)| text.as_str())
    }

    /// Says what is wrong with an input.
    pub fn add(&mut self, input: &'static str, text: String) {
        self.0.push((input, text));
    }
}

/// The input a fault of the use case speaks of.
pub fn input_of(field: &str) -> &'static str {
    match field {
        "level" | "scheme" => "muc",
        "effective_from" => "ngay",
        "decision_number" => "so",
        "decision_issuer" => "co-quan",
        "decision_date" => "ngay-qd",
        "note" => "ghi-chu",
        "reason" | "corrects" => "ly-do",
        _ => "don-vi",
    }
}

/// Record numbers as a short text: `12-29,31`.
pub fn short(ids: &[i64]) -> String {
    let runs = ids.chunk_by(|a, b| a + 1 == *b).filter_map(|run| Some((run.first()?, run.last()?)));
    let texts = runs.map(|(first, last)| if first == last { first.to_string() } else { format!("{first}-{last}") });
    texts.collect::<Vec<_>>().join(",")
}

/// The record numbers of a short text; none where it cannot be read or names more than a decision can have.
pub fn long(text: &str) -> Option<Vec<i64>> {
    const MOST: usize = 20_000;
    let mut ids = Vec::new();
    for run in text.split(',') {
        let (first, last) = run.split_once('-').unwrap_or((run, run));
        let (first, last) = (first.trim().parse::<i64>().ok()?, last.trim().parse::<i64>().ok()?);
        ids.extend((first..=last).take(MOST + 1));
        if ids.len() > MOST {
            return None;
        }
    }
    Some(ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn record_numbers_survive_being_shortened() {
        for ids in [vec![7], vec![1, 2, 3], vec![12, 13, 14, 20, 22, 23]] {
            assert_eq!(long(&short(&ids)), Some(ids));
        }
        assert_eq!(short(&[12, 13, 14, 20]), "12-14,20");
        for text in ["", "a", "1-", "1-99999999"] {
            assert_eq!(long(text), None, "{text}");
        }
    }
}
