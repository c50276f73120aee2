//! The path of each place through the zones: one strip per place, time across.

mod drawing;
mod time;

use chrono::{NaiveDate, NaiveDateTime};

use self::drawing::Drawing;
use super::frame::{Frame, Width};
use super::page::Page;
use super::zones::{SchemeChange, Window, ZoneWords};
use super::{ChartError, Svg, theme};
use crate::domain::zone::Colour;

/// The chart's figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneStrips {
    /// The texts around it.
    pub frame: Frame,
    /// First day shown.
    pub first: NaiveDate,
    /// Last day shown, to its midnight.
    pub last: NaiveDate,
    /// One row per place, in the order they are shown.
    pub rows: Vec<Row>,
    /// Where the scheme changes.
    pub scheme_changes: Vec<SchemeChange>,
    /// The days of a drive.
    pub window: Option<Window>,
    /// The names of the zones.
    pub words: ZoneWords,
}

/// One place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Where a click leads.
    pub href: Option<String>,
    /// Its path in words: "Kiến An: vàng từ 28/07 đến nay; trước đó xanh".
    pub title: String,
    /// Its zones, earliest first. What is before the first one is not classified.
    pub segments: Vec<Segment>,
}

/// A zone from one moment to that of the next segment, or to the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// When it took effect, by Vietnam's clocks; may lie before the first day shown.
    pub from: NaiveDateTime,
    /// The zone; `None` is not classified.
    pub zone: Option<Colour>,
    /// Its tooltip: "Vùng cam từ 07:00 18/11/2021, QĐ 120/QĐ-UBND".
    pub title: String,
}

/// Draws the chart.
pub fn draw(chart: &ZoneStrips, width: Width) -> Result<Svg, ChartError> {
    let page = Page::new(&chart.frame, width, theme::WIDE_PANELS);
    if chart.rows.is_empty() || chart.last < chart.first {
        return page.empty();
    }
    Drawing::new(chart, &page, width).draw()
}

impl ZoneStrips {
    /// Whether a place is shown at a time before its first zone, or with none.
    fn has_unclassified(&self) -> bool {
        let start = self.first.and_time(chrono::NaiveTime::MIN);
        self.rows.iter().any(|row| {
            row.segments.first().is_none_or(|first| first.from > start)
                || row.segments.iter().any(|segment| segment.zone.is_none())
        })
    }
}
