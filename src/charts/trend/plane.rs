//! The plane of a trend, days across and percent upwards: its grid, its axes, and what a pointer is told on each day.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{Series, Trend};
use crate::charts::axis::{DayTick, day_ticks, percent_ticks};
use crate::charts::canvas::{Align, Area, Canvas, Plot, Point, Stroke, number};
use crate::charts::marks::{Mark, Marks};
use crate::charts::page::Page;
use crate::charts::text::clean;
use crate::charts::{ChartError, theme};

/// From the plane to the names of its axes.
pub(super) const TO_NAMES: f64 = 8.0;

/// The days a trend covers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub first: NaiveDate,
    pub last: NaiveDate,
}

impl Span {
    /// The days something is known of; `None` when nothing is known at all.
    pub fn of(chart: &Trend) -> Option<Self> {
        let first = chart.known().map(|(point, _)| point.day).min()?;
        let last = chart.known().map(|(point, _)| point.day).max()?;
        Some(Self { first, last })
    }

    /// Whether the trend is of one day only.
    pub fn is_single(self) -> bool {
        self.first == self.last
    }

    /// Days after the first one.
    fn x(self, day: NaiveDate) -> f64 {
        number((day - self.first).num_days())
    }

    /// The scale; a single day stands in its middle.
    fn range(self) -> std::ops::Range<f64> {
        if self.is_single() { -1.0..1.0 } else { 0.0..self.x(self.last) }
    }
}

/// The plane.
pub(super) struct Plane<'c> {
    pub area: Area,
    pub span: Span,
    scale: (i64, i64),
    plot: Plot<'c>,
}

impl<'c> Plane<'c> {
    /// The plane on `area`, up to the end of `scale`.
    pub fn new(canvas: &Canvas<'c>, area: Area, span: Span, scale: (i64, i64)) -> Self {
        Self { area, span, scale, plot: canvas.plot(area, span.range(), 0.0..number(scale.0)) }
    }

    /// Where a rate on a day stands.
    pub fn at(&self, day: NaiveDate, tenths: i64) -> Point {
        self.plot.at(self.span.x(day), number(tenths))
    }

    /// The grid lines and their percents.
    pub fn percent_grid(&self, page: &Page<'_>, canvas: &mut Canvas<'_>) -> Result<(), ChartError> {
        for (tenths, name) in percent_ticks(self.scale, page.locale()) {
            let y = self.at(self.span.first, tenths).1;
            let colour = if tenths == 0 { theme::AXIS } else { theme::GRID };
            canvas.line(&[(self.area.left, y), (self.area.right(), y)], Stroke::solid(colour, 1.0))?;
            canvas.text((self.area.left - TO_NAMES, y), &name, page.letters().axis, Align::End)?;
        }
        Ok(())
    }

    /// Ticks and names of days or months; no name leaves the drawing.
    pub fn day_axis(&self, page: &Page<'_>, canvas: &mut Canvas<'_>) -> Result<(), ChartError> {
        let lettering = page.letters().axis;
        let whole = Area { left: page.left(), width: page.room(), ..self.area };
        let y = self.area.bottom();
        let Span { first, last } = self.span;
        for DayTick { day, label } in day_ticks(first, last, self.area.width, page.locale(), lettering) {
            let x = self.at(day, 0).0;
            canvas.line(&[(x, y), (x, y + 5.0)], Stroke::solid(theme::AXIS, 1.0))?;
            let label = label.unwrap_or_default();
            let middle = whole.middle_for(x, lettering.width(&label));
            canvas.text((middle, y + TO_NAMES + lettering.line_height() / 2.0), &label, lettering, Align::Middle)?;
        }
        Ok(())
    }

    /// The target line.
    pub fn target(&self, chart: &Trend, canvas: &mut Canvas<'_>) -> Result<(), ChartError> {
        let Some(target) = &chart.target else { return Ok(()) };
        let y = self.at(self.span.first, target.tenths).1;
        canvas.target((self.area.left, y), (self.area.right(), y))
    }

    /// A tooltip over every day something is known of.
    pub fn mark_days(&self, chart: &Trend, marks: &mut Marks) {
        let days: BTreeSet<NaiveDate> = chart.known().map(|(point, _)| point.day).collect();
        let middles: Vec<f64> = days.iter().map(|&day| self.at(day, 0).0).collect();
        for (index, (&day, &x)) in days.iter().zip(&middles).enumerate() {
            let before = index.checked_sub(1).and_then(|index| middles.get(index));
            let left = before.map_or(self.area.left, |before| f64::midpoint(*before, x));
            let right = middles.get(index + 1).map_or(self.area.right(), |after| f64::midpoint(x, *after));
            let said: Vec<String> = chart.series.iter().filter_map(|series| series.said(day, chart)).collect();
            marks.push(Mark {
                href: None,
                title: format!("{}: {}", chart.frame.locale.day(day), said.join("; ")),
                hit: Area { left, width: right - left, ..self.area }.into(),
                parts: Vec::new(),
            });
        }
    }
}

impl Series {
    /// The series on one day: `Bluezone 94,2%`.
    fn said(&self, day: NaiveDate, chart: &Trend) -> Option<String> {
        let point = self.points.iter().find(|point| point.day == day)?;
        let value = chart.frame.locale.tenths(point.tenths?);
        let incomplete = clean(&chart.incomplete);
        let note = if point.complete || incomplete.is_empty() { String::new() } else { format!(" ({incomplete})") };
        Some(format!("{} {value}%{note}", clean(&self.name)))
    }
}
