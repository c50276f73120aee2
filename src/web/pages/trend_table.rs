//! The figures under a trend chart as a table: a row for each day something changed.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::parts::words;
use crate::{usecases::see_trend::TrendLine, web::words::Lang};

/// The table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrendTable {
    /// Names of the lines.
    pub heads: Vec<String>,
    /// Newest day first.
    pub rows: Vec<TrendRow>,
}

/// A day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrendRow {
    /// The day.
    pub day: String,
    /// What stood at its end, line by line.
    pub cells: Vec<TrendCell>,
}

/// A line on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrendCell {
    /// Name of the line.
    pub label: String,
    /// `93,4%`; empty before the first report.
    pub percent: String,
    /// `184/200`.
    pub counts: String,
    /// How many units had reported by then.
    pub reported: String,
}

impl TrendTable {
    /// The lines as a table of their newest `most` days, or all.
    pub fn new(lang: Lang, lines: &[TrendLine], most: Option<usize>) -> Self {
        let days: BTreeSet<NaiveDate> =
            lines.iter().flat_map(|line| line.points.iter().map(|point| point.day)).collect();
        let rows = days.iter().rev().take(most.unwrap_or(usize::MAX)).map(|day| TrendRow {
            day: lang.day(*day),
            cells: lines.iter().map(|line| cell(lang, line, *day)).collect(),
        });
        Self { heads: lines.iter().map(|line| words(lang, &line.name).to_owned()).collect(), rows: rows.collect() }
    }
}

/// What stood in a line at the end of a day: a rate holds until the next report.
fn cell(lang: Lang, line: &TrendLine, day: NaiveDate) -> TrendCell {
    let label = words(lang, &line.name).to_owned();
    let Some(point) = line.points.iter().rev().find(|point| point.day <= day) else {
        return TrendCell { label, percent: lang.t("st.not_reported"), ..TrendCell::default() };
    };
    TrendCell {
        label,
        percent: lang.rate(point.rate).unwrap_or_else(|| lang.t("st.nobody_to_count")),
        counts: lang.fraction(point.rate),
        reported: lang.tr("cov.units", &[("n", &lang.number(point.reported))]),
    }
}
