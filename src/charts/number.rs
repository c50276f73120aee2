//! Figures and days as the reader writes them.

use chrono::{Datelike as _, NaiveDate};

/// The language figures and days are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Locale {
    /// `87,5`, `10.603`, `05/08/2021`, `Th8/2021`.
    #[default]
    Vi,
    /// `87.5`, `10,603`, `5 Aug 2021`, `Aug 2021`.
    En,
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Locale {
    /// The language tag of the drawing.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    /// Decimal mark, then thousands mark.
    fn marks(self) -> (char, char) {
        match self {
            Self::Vi => (',', '.'),
            Self::En => ('.', ','),
        }
    }

    /// Tenths of a percent with one decimal: 875 is `87,5`.
    pub(super) fn tenths(self, tenths: i64) -> String {
        format!("{}{}{}", self.count(tenths / 10), self.marks().0, (tenths % 10).abs())
    }

    /// Tenths of a percent as whole percents, cut and never rounded: 999 is `99`.
    pub(super) fn whole(self, tenths: i64) -> String {
        self.count(tenths / 10)
    }

    /// A difference of tenths with its sign: 95 is `+9,5`, no change is `0`.
    pub(super) fn change(self, tenths: i64) -> String {
        match tenths {
            0 => "0".to_owned(),
            1.. => format!("+{}", self.tenths(tenths)),
            _ => format!("\u{2212}{}", self.tenths(-tenths)),
        }
    }

    /// A count with thousands marks.
    pub(super) fn count(self, count: i64) -> String {
        let digits = count.unsigned_abs().to_string();
        let mut text = String::from(if count < 0 { "\u{2212}" } else { "" });
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push(self.marks().1);
            }
            text.push(digit);
        }
        text
    }

    /// A day with its year.
    pub(super) fn day(self, day: NaiveDate) -> String {
        match self {
            Self::Vi => format!("{:02}/{:02}/{}", day.day(), day.month(), day.year()),
            Self::En => format!("{} {}", self.short_day(day), day.year()),
        }
    }

    /// A day without its year.
    pub(super) fn short_day(self, day: NaiveDate) -> String {
        match self {
            Self::Vi => format!("{:02}/{:02}", day.day(), day.month()),
            Self::En => format!("{} {}", day.day(), month_name(day)),
        }
    }

    /// A month, with its year where the reader needs it.
    pub(super) fn month(self, day: NaiveDate, with_year: bool) -> String {
        match (self, with_year) {
            (Self::Vi, true) => format!("Th{}/{}", day.month(), day.year()),
            (Self::Vi, false) => format!("Th{}", day.month()),
            (Self::En, true) => format!("{} {}", month_name(day), day.year()),
            (Self::En, false) => month_name(day).to_owned(),
        }
    }
}

fn month_name(day: NaiveDate) -> &'static str {
    usize::try_from(day.month0()).ok().and_then(|month| MONTHS.get(month).copied()).unwrap_or_default()
}
