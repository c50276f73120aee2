//! What a person chooses and writes for a report: its period, its parts, its words. Never its figures.

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::domain::{
    coded,
    report::{Fault, Rule},
    text,
};

/// First and last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Period {
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day, included.
    pub ends_on: NaiveDate,
}

/// The longest period, in days.
const LONGEST_PERIOD: i64 = 366;

impl Period {
    /// The period of a cadence of `every_days` that holds `day`: weeks begin on Monday, others count from `since`.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use vungxanh::domain::consolidated::choices::Period;
    /// let day = |d| NaiveDate::from_ymd_opt(2020, 11, d).unwrap();
    /// let week = Period::holding(day(20), 7, day(1));
    /// assert_eq!((week.starts_on, week.ends_on), (day(16), day(22)));
    /// ```
    pub fn holding(day: NaiveDate, every_days: u32, since: NaiveDate) -> Self {
        let every = i64::from(every_days.max(1));
        let gone = match every {
            7 => i64::from(day.weekday().num_days_from_monday()),
            every => (day - since).num_days().rem_euclid(every),
        };
        let starts_on = day - chrono::Duration::days(gone);
        Self { starts_on, ends_on: starts_on + chrono::Duration::days(every - 1) }
    }

    /// The period of the same length right before.
    #[must_use]
    pub fn before(self) -> Self {
        let days = (self.ends_on - self.starts_on).num_days() + 1;
        let back = |day: NaiveDate| day - chrono::Duration::days(days);
        Self { starts_on: back(self.starts_on), ends_on: back(self.ends_on) }
    }

    /// Whether it begins before it ends, has begun, and is no longer than a year.
    pub fn faults(self, today: NaiveDate) -> Option<Fault> {
        let shown = |day: NaiveDate| day.format("%d/%m/%Y").to_string();
        let days = (self.ends_on - self.starts_on).num_days() + 1;
        if self.starts_on > today {
            return Some(Fault::of_report("from", Rule::InFuture, shown(self.starts_on), Some(shown(today))));
        }
        if days < 1 {
            let first = Some(shown(self.starts_on));
            return Some(Fault::of_report("to", Rule::BeforeStart, shown(self.ends_on), first));
        }
        (days > LONGEST_PERIOD).then(|| Fault {
            limit: Some(LONGEST_PERIOD),
            ..Fault::of_report("to", Rule::TooManyDays, shown(self.ends_on), None)
        })
    }

    /// Its last day that has come by `today`.
    pub fn last_day(self, today: NaiveDate) -> NaiveDate {
        self.ends_on.min(today).max(self.starts_on)
    }

    /// How many days it has, no more than `most`, counted back from its end.
    pub fn tail(self, most: u64) -> NaiveDate {
        self.starts_on.max(self.ends_on.checked_sub_days(Days::new(most.saturating_sub(1))).unwrap_or(self.starts_on))
    }
}

coded! {
    /// A part of the report (requirements §6.6).
    pub enum Section {
        /// I. Công tác chỉ đạo, triển khai.
        Direction = "direction",
        /// II. Kết quả thực hiện.
        Results = "results",
        /// III. Đánh giá chung.
        Assessment = "assessment",
        /// IV. Khó khăn, vướng mắc.
        Difficulties = "difficulties",
        /// V. Kiến nghị, đề xuất.
        Recommendations = "recommendations",
        /// Phụ lục.
        Annexes = "annexes",
    }
}

/// What people write, a paragraph a line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Texts {
    /// Of the direction.
    pub direction: String,
    /// Of propaganda.
    pub communication: String,
    /// What went well.
    pub achievements: String,
    /// What did not.
    pub shortcomings: String,
    /// What is asked for.
    pub recommendations: String,
}

/// The longest text, in characters.
const LONGEST_TEXT: usize = 8000;

impl Texts {
    /// Each text with the name of its field.
    pub fn named(&self) -> [(&'static str, &String); 5] {
        [
            ("direction", &self.direction),
            ("communication", &self.communication),
            ("achievements", &self.achievements),
            ("shortcomings", &self.shortcomings),
            ("recommendations", &self.recommendations),
        ]
    }

    /// The texts in clean paragraphs.
    #[must_use]
    pub fn cleaned(&self) -> Self {
        let Self { direction, communication, achievements, shortcomings, recommendations } = self;
        Self {
            direction: text::clean_lines(direction),
            communication: text::clean_lines(communication),
            achievements: text::clean_lines(achievements),
            shortcomings: text::clean_lines(shortcomings),
            recommendations: text::clean_lines(recommendations),
        }
    }

    /// Texts that are too long or name somebody.
    pub fn faults(&self) -> Vec<Fault> {
        let fault = |(field, words): (&str, &String)| {
            if words.chars().count() > LONGEST_TEXT {
                return Some(Fault::of_report(field, Rule::TooLong, "", Some(LONGEST_TEXT.to_string())));
            }
            text::personal(words).map(|found| Fault::of_report(field, Rule::PersonalData, found, None))
        };
        self.named().into_iter().filter_map(fault).collect()
    }
}

/// What is chosen for a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// The period.
    pub period: Period,
    /// The day figures are as of; the last of the period that has come by default.
    pub day: Option<NaiveDate>,
    /// The parts; all by default.
    pub sections: Option<Vec<Section>>,
    /// Numbers of the difficulties; every one that is not resolved by default.
    pub difficulties: Option<Vec<i64>>,
    /// Which of the letter's signers, from 0.
    pub signer: usize,
    /// Nơi nhận; the letter's by default.
    pub recipients: Option<Vec<String>>,
    /// What was written.
    pub texts: Texts,
}

impl Choices {
    /// A report of a period with everything in it.
    pub fn of(period: Period) -> Self {
        Self {
            period,
            day: None,
            sections: None,
            difficulties: None,
            signer: 0,
            recipients: None,
            texts: Texts::default(),
        }
    }

    /// The parts chosen, in the report's order.
    pub fn chosen_sections(&self) -> Vec<Section> {
        let is_chosen = |section: &&Section| self.sections.as_ref().is_none_or(|chosen| chosen.contains(section));
        Section::ALL.iter().filter(is_chosen).copied().collect()
    }
}
