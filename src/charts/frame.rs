//! What every chart stands in: the finding above, the source below, and what is said when there is nothing to show.

use super::number::Locale;

/// The texts around a chart, ready to show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frame {
    /// Prefix of every element id, unlike that of any other chart on the page (ASCII letters, digits, `-`, `_`).
    pub id: String,
    /// The finding, said by the figures: "4 trong 20 cơ quan đã cài Bluezone đủ 100%".
    pub title: String,
    /// What, where, when, and the unit.
    pub subtitle: String,
    /// Source, date, what a colour means.
    pub footer: String,
    /// The chart in one sentence, for those who do not see it.
    pub description: String,
    /// Shown in place of the chart when there is nothing to draw.
    pub no_data: String,
    /// How figures and days are written.
    pub locale: Locale,
}

/// Which of its two drawings a chart makes; a page holds both and shows one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// 760 or 860 pixels, for screens, paper and Word.
    Wide,
    /// 380 pixels, for screens of 360 and more.
    Phone,
}
