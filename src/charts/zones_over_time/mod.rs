//! How many places were in each zone, column by column: red at the bottom, not classified on top.

mod drawing;

use chrono::NaiveDate;

use self::drawing::Drawing;
use super::frame::{Frame, Width};
use super::page::Page;
use super::zones::{Counts, SchemeChange, ZoneWords};
use super::{ChartError, Svg, theme};

/// The chart's figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZonesOverTime {
    /// The texts around it.
    pub frame: Frame,
    /// One column per day, week or month, earliest first; as many as can be told apart (about 120).
    pub columns: Vec<Column>,
    /// Where the scheme changes; a line stands before the first column that ends on that day or later.
    pub scheme_changes: Vec<SchemeChange>,
    /// The names of the zones: here best short, "Xanh".
    pub words: ZoneWords,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The day its counts are of: in a week or a month the last one.
    pub day: NaiveDate,
    /// What it is called in its tooltip: "05/08/2021", "Tuần 02–08/08/2021".
    pub name: String,
    /// Where a click leads: the board of that day.
    pub href: Option<String>,
    /// Its counts.
    pub counts: Counts,
}

/// Draws the chart.
pub fn draw(chart: &ZonesOverTime, width: Width) -> Result<Svg, ChartError> {
    let page = Page::new(&chart.frame, width, theme::WIDE);
    let Some((last, _)) = chart.columns.split_last().filter(|_| chart.highest() > 0) else {
        return page.empty();
    };
    Drawing::new(chart, &page, width, last).draw()
}

impl ZonesOverTime {
    /// The most places any column counts.
    fn highest(&self) -> u32 {
        self.columns.iter().map(|column| column.counts.total()).max().unwrap_or_default()
    }

    /// Whether any place is not classified in any column.
    fn has_unclassified(&self) -> bool {
        self.columns.iter().any(|column| column.counts.unclassified > 0)
    }
}
