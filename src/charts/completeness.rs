//! Who sent what, period by period: a row for each unit, a cell for each period.

use super::canvas::{Align, Area, Canvas, Fill, Stroke, number};
use super::frame::{Frame, Width};
use super::key::{Key, Sign};
use super::marks::{Mark, Marks};
use super::page::{Page, height, widest};
use super::text::{clean, wrap};
use super::{ChartError, Svg, theme};

/// The chart's figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletenessChart {
    /// The texts around it.
    pub frame: Frame,
    /// The short name of each period: "16/11".
    pub periods: Vec<String>,
    /// One row per unit, in the order they are shown.
    pub rows: Vec<Row>,
    /// What stands over the shares at the right: "Kỳ đủ".
    pub share_head: String,
    /// What the fills mean, in the order of [`Class::SHOWN`].
    pub words: [String; 5],
}

/// One unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Where a click leads; only where something is missing.
    pub href: Option<String>,
    /// The row in words.
    pub title: String,
    /// Share of the periods in full, in tenths of a percent; none: nothing was expected.
    pub share: Option<i64>,
    /// The same as it is written.
    pub share_label: String,
    /// One cell per period, with its tooltip.
    pub cells: Vec<(Class, String)>,
}

/// How a cell looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// In full and on time.
    OnTime,
    /// In full, late.
    Late,
    /// With figures missing.
    Partial,
    /// Overdue, or returned.
    Missing,
    /// Not due yet.
    Waiting,
    /// Nothing is expected.
    NotExpected,
}

impl Class {
    /// Those the key explains, worst first.
    pub const SHOWN: [Self; 5] = [Self::Missing, Self::Waiting, Self::Partial, Self::Late, Self::OnTime];

    fn fill(self) -> Option<Fill> {
        Some(match self {
            Self::OnTime => Fill::Plain(theme::STEPS[3]),
            Self::Late => Fill::Plain(theme::STEPS[2]),
            Self::Partial => Fill::Plain(theme::STEPS[0]),
            Self::Missing => Fill::Hatch,
            Self::Waiting => Fill::Plain(theme::TRACK),
            Self::NotExpected => return None,
        })
    }
}

/// More rows or columns than can be told apart.
const MOST_ROWS: usize = 400;
const MOST_PERIODS: usize = 80;
/// A share below this many tenths of a percent stands out.
const LOW: i64 = 550;
const WIDE_PITCH: f64 = 19.0;
const CELL: f64 = 16.0;
const PHONE_GAP: f64 = 8.0;
const NAME_ROOM: f64 = 230.0;
const GAP: f64 = 10.0;
/// A cell is never wider than this: a few periods look like what they are.
const WIDEST: f64 = 46.0;

/// Draws the chart.
pub fn draw(chart: &CompletenessChart, width: Width) -> Result<Svg, ChartError> {
    for (what, most, given) in [("rows", MOST_ROWS, chart.rows.len()), ("periods", MOST_PERIODS, chart.periods.len())] {
        if given > most {
            return Err(ChartError::TooMany { what, most, given });
        }
    }
    let page = Page::new(&chart.frame, width, theme::WIDE_PANELS);
    if chart.rows.is_empty() || chart.periods.is_empty() {
        return page.empty();
    }
    Drawing::new(chart, &page, width).draw()
}

struct Drawing<'a> {
    chart: &'a CompletenessChart,
    page: &'a Page<'a>,
    width: Width,
    key: Key,
    names: Vec<Vec<String>>,
    /// The cells: from the first row to the foot of the last one.
    plot: Area,
    column: f64,
}

impl<'a> Drawing<'a> {
    fn new(chart: &'a CompletenessChart, page: &'a Page<'a>, width: Width) -> Self {
        let letters = page.letters();
        let shares = chart.rows.iter().map(|row| &row.share_label);
        let share = widest(shares, letters.value).max(letters.axis.width(&chart.share_head));
        let (room, left, right) = match width {
            Width::Wide => (NAME_ROOM, 0.0, page.right() - share - GAP),
            Width::Phone => (page.room() - share - GAP, page.left(), page.right()),
        };
        let names: Vec<_> = chart.rows.iter().map(|row| wrap(&clean(&row.name), letters.label, room, 2)).collect();
        let left =
            if width == Width::Wide { page.left() + widest(names.iter().flatten(), letters.label) + GAP } else { left };
        let signs = Class::SHOWN.into_iter().zip(&chart.words);
        let is_shown = |class: Class| chart.rows.iter().flat_map(|row| &row.cells).any(|(of, _)| *of == class);
        let lettering = letters.axis.coloured(theme::INK);
        let entries = signs.filter(|(class, _)| is_shown(*class) || *class != Class::Waiting);
        let entries = entries.filter_map(|(class, words)| Some((Sign::Fill(class.fill()?), words.as_str(), lettering)));
        let key = Key::new(page.room(), entries);
        let top = page.top() + key.height() + 8.0 + letters.axis.line_height() + 4.0;
        let column = ((right - left) / number(chart.periods.len())).min(WIDEST);
        let mut drawing = Self {
            chart,
            page,
            width,
            key,
            names,
            plot: Area { left, top, width: column * number(chart.periods.len()), height: 0.0 },
            column,
        };
        drawing.plot.height = drawing.names.iter().map(|name| drawing.pitch(name)).sum();
        drawing
    }

    fn pitch(&self, name: &[String]) -> f64 {
        let words = height(name, self.page.letters().label);
        match self.width {
            Width::Wide => (words + 2.0).max(WIDE_PITCH),
            Width::Phone => words + CELL + PHONE_GAP,
        }
    }

    fn draw(&self) -> Result<Svg, ChartError> {
        let axis = self.page.letters().axis;
        self.page.draw(self.plot.bottom() + 2.0, |canvas, marks| {
            self.key.draw(canvas, (self.page.left(), self.page.top() - 4.0))?;
            let y = self.plot.top - 4.0 - axis.line_height() / 2.0;
            self.heads(canvas, y)?;
            let mut area = Area { left: self.page.left(), width: self.page.room(), ..self.plot };
            for (row, name) in self.chart.rows.iter().zip(&self.names) {
                area.height = self.pitch(name);
                self.row(row, name, area, canvas, marks)?;
                area.top = area.bottom();
            }
            Ok(())
        })
    }

    /// The names of the periods, as many as have room, and of the shares.
    fn heads(&self, canvas: &mut Canvas<'_>, y: f64) -> Result<(), ChartError> {
        let axis = self.page.letters().axis;
        let room = widest(&self.chart.periods, axis) + 14.0;
        let mut free = self.page.left();
        let share_left = self.page.right() - axis.width(&self.chart.share_head) - GAP;
        for (place, name) in self.chart.periods.iter().enumerate() {
            let middle = self.plot.left + self.column * (number(place) + 0.5);
            let half = axis.width(name) / 2.0;
            if middle - half >= free && middle + half <= share_left {
                canvas.text((middle, y), name, axis, Align::Middle)?;
                free = middle + room - half;
            }
        }
        canvas.text((self.page.right(), y), &clean(&self.chart.share_head), axis, Align::End)
    }

    fn row(
        &self,
        row: &Row,
        name: &[String],
        area: Area,
        canvas: &mut Canvas<'_>,
        marks: &mut Marks,
    ) -> Result<(), ChartError> {
        let letters = self.page.letters();
        let words = height(name, letters.label);
        let is_low = row.share.is_some_and(|share| share < LOW);
        let share = if is_low { letters.value.coloured(theme::WARNING) } else { letters.axis.coloured(theme::SECOND) };
        let (strip, share_y) = match self.width {
            Width::Wide => {
                canvas.lines((self.plot.left - GAP, area.middle()), name, letters.label, Align::End)?;
                (self.plot.band(area.middle(), CELL), area.middle())
            }
            Width::Phone => {
                let middle = area.top + words / 2.0;
                canvas.lines((area.left, middle), name, letters.label, Align::Start)?;
                (Area { top: area.top + words + 1.0, height: CELL, ..self.plot }, middle)
            }
        };
        let mut parts = Vec::new();
        for (place, (class, title)) in row.cells.iter().enumerate() {
            let left = strip.left + self.column * number(place);
            let gap = if self.column > 5.0 { 1.3 } else { 0.6 };
            let cell = Area { left, width: self.column - gap, ..strip };
            if let Some(fill) = class.fill() {
                canvas.rect(cell, fill)?;
            } else {
                let y = cell.middle();
                let ends = [(cell.left + cell.width * 0.3, y), (cell.left + cell.width * 0.7, y)];
                canvas.line(&ends, Stroke::solid(theme::AXIS, 1.0))?;
            }
            parts.push((cell, format!("{}: {title}", row.name)));
        }
        canvas.text((self.page.right(), share_y), &row.share_label, share, Align::End)?;
        let title = if row.title.is_empty() { row.name.clone() } else { row.title.clone() };
        marks.push(Mark { href: row.href.clone(), title, hit: area.into(), parts });
        Ok(())
    }
}
