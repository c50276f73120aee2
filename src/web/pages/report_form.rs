//! What was typed into the form of the official report: read, kept, found wrong.

use crate::{
    domain::{
        calendar,
        consolidated::choices::{Choices, Period, Section, Texts},
        letter::Letter,
    },
    web::words::Lang,
};

/// What was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// `2020-11-16/2020-11-22`.
    pub period: String,
    /// The day figures are as of; blank: the last of the period.
    pub day: String,
    /// Codes of the parts ticked.
    pub sections: Vec<String>,
    /// Numbers of the difficulties ticked.
    pub difficulties: Vec<String>,
    /// Which signer, from 0.
    pub signer: String,
    /// Who gets it, a line each.
    pub recipients: String,
    /// The free texts.
    pub direction: String,
    pub communication: String,
    pub achievements: String,
    pub shortcomings: String,
    pub recommendations: String,
}

/// What is wrong, by input.
pub type Errors = Vec<(String, String)>;

impl Typed {
    /// The fields of a form; the last of a name wins.
    pub fn of(fields: Vec<(String, String)>) -> Self {
        let mut typed = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "phan" => typed.sections.push(value),
                "kho-khan" => typed.difficulties.push(value),
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
            "ky" => &mut self.period,
            "ngay" => &mut self.day,
            "nguoi-ky" => &mut self.signer,
            "noi-nhan" => &mut self.recipients,
            "chi-dao" => &mut self.direction,
            "tuyen-truyen" => &mut self.communication,
            "ket-qua" => &mut self.achievements,
            "ton-tai" => &mut self.shortcomings,
            "kien-nghi" => &mut self.recommendations,
            _ => return None,
        })
    }

    /// The form as it would be filled in for these choices; `open` are the difficulties a new report names.
    pub fn from_choices(lang: Lang, choices: &Choices, letter: &Letter, open: &[i64]) -> Self {
        let difficulties = choices.difficulties.as_deref().unwrap_or(open);
        let recipients = choices.recipients.as_ref().unwrap_or(&letter.recipients);
        Self {
            period: code(choices.period),
            day: choices.day.map(|day| lang.day_to_type(day)).unwrap_or_default(),
            sections: choices.chosen_sections().iter().map(ToString::to_string).collect(),
            difficulties: difficulties.iter().map(ToString::to_string).collect(),
            signer: choices.signer.to_string(),
            recipients: recipients.join("\n"),
            direction: choices.texts.direction.clone(),
            communication: choices.texts.communication.clone(),
            achievements: choices.texts.achievements.clone(),
            shortcomings: choices.texts.shortcomings.clone(),
            recommendations: choices.texts.recommendations.clone(),
        }
    }

    /// The choices, or everything that cannot be read.
    pub fn read(&self, lang: Lang, now: calendar::Instant) -> Result<Choices, Errors> {
        let mut errors = Errors::new();
        let period = of_code(&self.period);
        if period.is_none() {
            errors.push(("ky".to_owned(), lang.t("consolidated.need_period")));
        }
        let day = calendar::parse_day(&self.day);
        if day.is_none() && !self.day.trim().is_empty() {
            let example = lang.day_to_type(calendar::day(now));
            errors.push(("ngay".to_owned(), lang.tr("decide.bad_day", &[("given", &self.day), ("example", &example)])));
        }
        let sections: Vec<Section> = self.sections.iter().filter_map(|code| Section::from_code(code)).collect();
        if sections.is_empty() {
            errors.push(("phan".to_owned(), lang.t("consolidated.need_section")));
        }
        match period {
            Some(period) if errors.is_empty() => Ok(Choices {
                period,
                day,
                sections: Some(sections),
                difficulties: Some(self.difficulties.iter().filter_map(|id| id.parse().ok()).collect()),
                signer: self.signer.parse().unwrap_or(0),
                recipients: Some(self.recipients.lines().map(str::to_owned).collect()),
                texts: Texts {
                    direction: self.direction.clone(),
                    communication: self.communication.clone(),
                    achievements: self.achievements.clone(),
                    shortcomings: self.shortcomings.clone(),
                    recommendations: self.recommendations.clone(),
                },
            }),
            _ => Err(errors),
        }
    }
}

/// A period as the value of a choice.
pub fn code(period: Period) -> String {
    format!("{}/{}", period.starts_on, period.ends_on)
}

fn of_code(code: &str) -> Option<Period> {
    let (starts_on, ends_on) = code.split_once('/')?;
    Some(Period { starts_on: calendar::parse_day(starts_on)?, ends_on: calendar::parse_day(ends_on)? })
}

/// The input a fault of the use case speaks of.
pub fn input_of(field: &str) -> &'static str {
    match field {
        "direction" => "chi-dao",
        "communication" => "tuyen-truyen",
        "achievements" => "ket-qua",
        "shortcomings" => "ton-tai",
        "recommendations" => "kien-nghi",
        "recipients" => "noi-nhan",
        "day" => "ngay",
        _ => "ky",
    }
}

/// `16–22/11/2020`; the years of both where they differ.
pub fn shown(lang: Lang, period: Period) -> String {
    let year = |day: chrono::NaiveDate| chrono::Datelike::year(&day);
    let first = if year(period.starts_on) == year(period.ends_on) {
        lang.short_day(period.starts_on)
    } else {
        lang.day(period.starts_on)
    };
    format!("{first}–{}", lang.day(period.ends_on))
}
