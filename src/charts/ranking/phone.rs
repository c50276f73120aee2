//! The phone drawing: rank and name over a bar of full width.

use super::{Ranking, Row};
use crate::charts::bars::{ARROW, PHONE_TARGET, Track};
use crate::charts::canvas::{Align, Area, Canvas};
use crate::charts::key::{Key, Sign};
use crate::charts::marks::Marks;
use crate::charts::page::{Page, height, widest};
use crate::charts::text::{clean, fit, wrap};
use crate::charts::theme::Type;
use crate::charts::{ChartError, Svg};

const BAR: f64 = 12.0;
const BAR_GAP: f64 = 1.0;
const ROW_GAP: f64 = 9.0;
const GAP: f64 = 10.0;

/// The drawing laid out.
struct Drawing<'a> {
    chart: &'a Ranking,
    page: &'a Page<'a>,
    letters: &'static Type,
    key: Key,
    /// Lines of each row's rank and name, and what stands at the right of them.
    names: Vec<(Vec<String>, String)>,
    /// Width of the widest rate; the changes stand left of it.
    rates: f64,
    track: Area,
    end: i64,
}

pub(super) fn draw(chart: &Ranking, page: &Page<'_>) -> Result<Svg, ChartError> {
    let drawing = Drawing::new(chart, page);
    let rows = chart.rows.iter().zip(&drawing.names).map(|(row, (name, _))| drawing.row_height(row, name)).sum::<f64>();
    page.draw(drawing.rows_top() + rows, |canvas, marks| {
        drawing.key.draw(canvas, (page.left(), page.top() - 4.0))?;
        drawing.rows(canvas, marks)
    })
}

impl<'a> Drawing<'a> {
    fn new(chart: &'a Ranking, page: &'a Page<'a>) -> Self {
        let letters = page.letters();
        let target = chart.target.iter().map(|target| (Sign::Tick(PHONE_TARGET), target.label.as_str(), letters.axis));
        let end = chart.scale().0;
        let runs_on = chart.rows.iter().filter_map(|row| row.cell.tenths()).any(|tenths| tenths > end);
        let width = page.room() - if runs_on { ARROW } else { 0.0 };
        let rates = chart.rows.iter().filter(|row| row.cell.tenths().is_some()).map(|row| value(chart, page, row));
        let rates: Vec<String> = rates.collect();
        let rates = widest(&rates, letters.value);
        Self {
            chart,
            page,
            letters,
            key: Key::new(page.room(), target),
            names: names(chart, page, rates),
            rates,
            track: Area { left: page.left(), top: 0.0, width, height: BAR },
            end,
        }
    }

    fn rows_top(&self) -> f64 {
        self.page.top() + self.key.height() + 2.0
    }

    /// Where there is nobody to count there is no bar.
    fn row_height(&self, row: &Row, name: &[String]) -> f64 {
        let bar = if row.cell.is_nobody() { 0.0 } else { BAR_GAP + BAR };
        height(name, self.letters.heading) + bar + ROW_GAP
    }

    fn rows(&self, canvas: &mut Canvas<'_>, marks: &mut Marks) -> Result<(), ChartError> {
        let mut area = Area { left: self.page.left(), top: self.rows_top(), width: self.page.room(), height: 0.0 };
        for (row, (name, value)) in self.chart.rows.iter().zip(&self.names) {
            area.height = self.row_height(row, name);
            let bar_top = area.top + height(name, self.letters.heading) + BAR_GAP;
            let label = if self.chart.has_reached(row) { self.letters.heading } else { self.letters.label };
            let middle = area.top + height(name, self.letters.heading) / 2.0;
            canvas.lines((area.left, middle), name, label, Align::Start)?;
            self.figures(row, value, area, canvas)?;
            let track = Track { area: Area { top: bar_top, ..self.track }, end: self.end };
            track.draw(canvas, row.cell, self.chart.fill(row))?;
            if row.cell.tenths().is_some() {
                track.tick(canvas, self.chart.target.as_ref())?;
            }
            marks.push(self.chart.mark(row, area));
            area.top = area.bottom();
        }
        Ok(())
    }

    /// Change and rate at the right of the name's first line.
    fn figures(&self, row: &Row, value: &str, area: Area, canvas: &mut Canvas<'_>) -> Result<(), ChartError> {
        let y = area.top + self.letters.heading.line_height() / 2.0;
        let lettering = if row.cell.tenths().is_some() { self.letters.value } else { self.letters.axis };
        canvas.text((area.right(), y), value, lettering, Align::End)?;
        let Some((said, colour)) = self.chart.change(row) else { return Ok(()) };
        canvas.text((area.right() - self.rates - GAP, y), &said, self.letters.axis.coloured(colour), Align::End)
    }
}

/// The rate of a row, or the word in its place.
fn value(chart: &Ranking, page: &Page<'_>, row: &Row) -> String {
    match (row.cell.word(&chart.words), row.cell.tenths()) {
        (None, Some(tenths)) => format!("{}%", page.locale().tenths(tenths)),
        (word, _) => fit(&word.unwrap_or_default(), page.letters().axis, page.room() / 2.0),
    }
}

/// Lines of each row's rank and name, and the value beside them, when rates take `rates` pixels.
fn names(chart: &Ranking, page: &Page<'_>, rates: f64) -> Vec<(Vec<String>, String)> {
    let letters = page.letters();
    let name = |row: &Row| {
        let value = value(chart, page, row);
        let change = chart.change(row).map_or(0.0, |(said, _)| letters.axis.width(&said) + GAP);
        let taken = letters.value.width(&value).max(rates + change);
        let rank = clean(&row.rank);
        let numbered = if rank.is_empty() { clean(&row.name) } else { format!("{rank}. {}", clean(&row.name)) };
        (wrap(&numbered, letters.heading, page.room() - taken - GAP, 3), value)
    };
    chart.rows.iter().map(name).collect()
}
