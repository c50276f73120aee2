//! Communes in the order of their rates, against a target and against the time before.

mod phone;
mod wide;

use plotters::style::RGBColor;

use super::axis::percent_scale;
use super::bars::{Cell, Target, Words};
use super::canvas::{Area, Stroke};
use super::frame::{Frame, Width};
use super::marks::Mark;
use super::page::Page;
use super::text::clean;
use super::{ChartError, Svg, theme};
use crate::domain::rate::Rate;

/// The chart's figures, in the order they are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranking {
    /// The texts around it.
    pub frame: Frame,
    /// One row per unit.
    pub rows: Vec<Row>,
    /// What is aimed at; `None` draws no line and makes no row stand out.
    pub target: Option<Target>,
    /// What the black ticks mean: "Tuần trước".
    pub previous_label: String,
    /// What a difference of rates is counted in: "điểm".
    pub points: String,
    /// Words for cells.
    pub words: Words,
}

/// One unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its rank as it is to be read: "1", "5–6"; empty where it has none.
    pub rank: String,
    /// Its name.
    pub name: String,
    /// Where a click on the row leads.
    pub href: Option<String>,
    /// Its rate.
    pub cell: Cell,
    /// Its rate before: a black tick, and the change at the right.
    pub previous: Option<Rate>,
}

/// A scale goes no further than this; what lies beyond ends in an arrow.
const FARTHEST: i64 = 2000;
/// The sign of the rate before.
const PREVIOUS: Stroke = Stroke::solid(theme::INK, 1.8);

/// Draws the chart.
pub fn draw(chart: &Ranking, width: Width) -> Result<Svg, ChartError> {
    let page = Page::new(&chart.frame, width, theme::WIDE);
    if chart.rows.is_empty() {
        return page.empty();
    }
    match width {
        Width::Wide => wide::draw(chart, &page),
        Width::Phone => phone::draw(chart, &page),
    }
}

impl Row {
    /// The rate before, in tenths.
    fn before(&self) -> Option<i64> {
        self.previous.and_then(Rate::tenths)
    }

    /// The difference of the two rates as they are shown, in tenths.
    fn change(&self) -> Option<i64> {
        self.cell.tenths().zip(self.before()).map(|(now, before)| now - before)
    }
}

impl Ranking {
    /// End and step of the scale.
    fn scale(&self) -> (i64, i64) {
        let shown = self.rows.iter().flat_map(|row| [row.cell.tenths(), row.before()]).flatten();
        let target = self.target.iter().map(|target| target.tenths);
        percent_scale(shown.chain(target).fold(0, i64::max).min(FARTHEST))
    }

    fn has_reached(&self, row: &Row) -> bool {
        self.target.as_ref().zip(row.cell.tenths()).is_some_and(|(target, tenths)| tenths >= target.tenths)
    }

    fn fill(&self, row: &Row) -> RGBColor {
        if self.target.is_none() || self.has_reached(row) { theme::REACHED } else { theme::NOT_REACHED }
    }

    /// The change in words and its colour; falling is a warning.
    fn change(&self, row: &Row) -> Option<(String, RGBColor)> {
        let change = row.change()?;
        let said = format!("{} {}", self.frame.locale.change(change), clean(&self.points));
        Some((said.trim_end().to_owned(), if change < 0 { theme::WARNING } else { theme::SECOND }))
    }

    fn mark(&self, row: &Row, area: Area) -> Mark {
        let change = self.change(row).map(|(said, _)| format!(", {said}")).unwrap_or_default();
        let rank = if row.rank.is_empty() { String::new() } else { format!("{}. ", row.rank) };
        let said = row.cell.said(&self.words, self.frame.locale);
        Mark {
            href: row.href.clone(),
            title: format!("{rank}{}: {said}{change}", row.name),
            hit: area.into(),
            parts: Vec::new(),
        }
    }
}
