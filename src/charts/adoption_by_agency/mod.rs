//! How far every agency is with up to three measures, side by side: the first picture of the overview.

mod phone;
mod wide;

use plotters::style::RGBColor;

use super::bars::{Cell, Target, Words};
use super::canvas::Area;
use super::frame::{Frame, Width};
use super::marks::Mark;
use super::page::Page;
use super::text::clean;
use super::{ChartError, Svg, theme};

/// The chart's figures, in the order they are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdoptionByAgency {
    /// The texts around it.
    pub frame: Frame,
    /// Names of the measures, one to three: "Bluezone", "NCOVI", "Khai báo y tế".
    pub measures: Vec<String>,
    /// Heading of the numbers of people: "Số người".
    pub people_heading: String,
    /// One row per agency.
    pub rows: Vec<Row>,
    /// What is aimed at; `None` draws no line.
    pub target: Option<Target>,
    /// Rates below this many tenths are drawn in the warning colour.
    pub low_below: Option<i64>,
    /// Words for cells.
    pub words: Words,
}

/// One agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// How many people it has, shown beside the name; `None` where nobody knows.
    pub people: Option<i64>,
    /// Where a click on the row leads.
    pub href: Option<String>,
    /// One cell per measure, in their order; cells that are missing count as not reported.
    pub cells: Vec<Cell>,
}

impl Row {
    fn cell(&self, measure: usize) -> Cell {
        self.cells.get(measure).copied().unwrap_or(Cell::NotReported)
    }
}

const MOST_MEASURES: usize = 3;
/// Tenths at the end of every track: everyone.
const FULL: i64 = 1000;

/// Draws the chart.
pub fn draw(chart: &AdoptionByAgency, width: Width) -> Result<Svg, ChartError> {
    if chart.measures.len() > MOST_MEASURES {
        return Err(ChartError::TooMany { what: "measures", most: MOST_MEASURES, given: chart.measures.len() });
    }
    let page = Page::new(&chart.frame, width, theme::WIDE_PANELS);
    if chart.rows.is_empty() || chart.measures.is_empty() {
        return page.empty();
    }
    match width {
        Width::Wide => wide::draw(chart, &page),
        Width::Phone => phone::draw(chart, &page),
    }
}

impl AdoptionByAgency {
    /// The heading of the numbers of people, where there are any.
    fn people_heading(&self) -> String {
        let is_known = self.rows.iter().any(|row| row.people.is_some());
        if is_known { clean(&self.people_heading) } else { String::new() }
    }

    fn fill(&self, cell: Cell) -> RGBColor {
        let is_low = cell.tenths().zip(self.low_below).is_some_and(|(tenths, low)| tenths < low);
        if is_low { theme::WARNING } else { theme::REACHED }
    }

    /// A row's mark over `area`, with a tooltip for each of its `tracks`.
    fn mark(&self, row: &Row, area: Area, tracks: &[Area]) -> Mark {
        let said: Vec<String> = self
            .measures
            .iter()
            .enumerate()
            .map(|(index, measure)| {
                format!("{} {}", clean(measure), row.cell(index).said(&self.words, self.frame.locale))
            })
            .collect();
        let parts = tracks.iter().zip(&said).map(|(&track, said)| (track, format!("{}: {said}", row.name))).collect();
        Mark { href: row.href.clone(), title: format!("{}: {}", row.name, said.join("; ")), hit: area.into(), parts }
    }
}
