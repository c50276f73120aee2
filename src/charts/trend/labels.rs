//! Names and last values beside the lines, in the colour of each line.

use super::Trend;
use super::plane::{Plane, Span};
use crate::charts::Width;
use crate::charts::canvas::{Align, Canvas, Point, Stroke};
use crate::charts::page::{Page, height};
use crate::charts::spread::{Wish, spread};
use crate::charts::text::{Lettering, clean, wrap};
use crate::charts::{ChartError, theme};

/// Room for a point and for the line from it to its label.
const LEADER: f64 = 20.0;
/// Share of the drawing the labels may take.
const MOST: f64 = 0.34;

/// The labels, measured but not placed yet.
pub(super) struct Labels {
    entries: Vec<Label>,
    /// What they need at the right of the plot.
    pub width: f64,
}

/// A label and the line it belongs to: a series, or none for the target.
struct Label {
    series: Option<usize>,
    lines: Vec<String>,
    lettering: Lettering,
}

/// Measures the labels: names and values on a wide drawing, values alone on a phone, where the key has the names.
pub(super) fn plan(chart: &Trend, page: &Page<'_>, width: Width) -> Labels {
    let letters = page.letters();
    let lettering = if width == Width::Wide { letters.heading } else { letters.value };
    let room = page.room() * MOST - LEADER;
    let last_day = Span::of(chart).map(|span| span.last);
    let mut entries = Vec::new();
    for (index, series) in chart.series.iter().enumerate() {
        let Some((point, tenths)) = series.last_known() else {
            continue;
        };
        let value = format!("{}%", page.locale().tenths(tenths));
        // A line that stops early says when.
        let when = if Some(point.day) == last_day {
            String::new()
        } else {
            format!(" ({})", page.locale().short_day(point.day))
        };
        let name = if width == Width::Wide { format!("{} ", clean(&series.name)) } else { String::new() };
        let lettering = lettering.coloured(chart.look(index).stroke.colour);
        let tail = format!("{value}{when}");
        let lines = named(&name, &tail, lettering, room);
        entries.push(Label { series: Some(index), lines, lettering });
    }
    if let Some(target) = chart.target.as_ref().filter(|_| width == Width::Wide) {
        let lettering = letters.value.coloured(theme::SECOND);
        entries.push(Label { series: None, lines: wrap(&clean(&target.label), lettering, room, 2), lettering });
    }
    let widest =
        entries.iter().flat_map(|label| label.lines.iter().map(|line| label.lettering.width(line))).fold(0.0, f64::max);
    Labels { entries, width: widest + LEADER }
}

/// Name and value on one line, or the name on up to two lines and the value below: the value is never cut.
fn named(name: &str, value: &str, lettering: Lettering, room: f64) -> Vec<String> {
    let together = format!("{name}{value}");
    if lettering.width(&together) <= room {
        return vec![together];
    }
    let mut lines = wrap(name.trim_end(), lettering, room, 2);
    lines.push(value.to_owned());
    lines
}

impl Labels {
    /// Places the labels beside their lines and draws them.
    pub fn draw(&self, chart: &Trend, plane: &Plane<'_>, canvas: &mut Canvas<'_>) -> Result<(), ChartError> {
        let area = plane.area;
        let anchors: Vec<Point> = self.entries.iter().map(|label| label.anchor(chart, plane)).collect();
        let wishes: Vec<Wish> = self
            .entries
            .iter()
            .zip(&anchors)
            .map(|(label, anchor)| Wish { y: anchor.1, height: height(&label.lines, label.lettering) + 2.0 })
            .collect();
        let middles = spread(&wishes, area.top - 20.0, area.bottom() + 20.0);
        for ((label, anchor), y) in self.entries.iter().zip(&anchors).zip(middles) {
            // Points of a single day stand in the middle, and so do their labels.
            let is_beside = plane.span.is_single() && label.series.is_some();
            let left = if is_beside { anchor.0 } else { area.right() } + LEADER;
            let from = anchor.0 + if label.series.is_some() { 7.0 } else { 3.0 };
            if (y - anchor.1).abs() > 2.0 || left - from > LEADER {
                canvas.line(&[(from, anchor.1), (left - 4.0, y)], Stroke::solid(theme::AXIS, 0.8))?;
            }
            canvas.lines((left, y), &label.lines, label.lettering, Align::Start)?;
        }
        Ok(())
    }
}

impl Label {
    /// The end of the line it belongs to.
    fn anchor(&self, chart: &Trend, plane: &Plane<'_>) -> Point {
        let area = plane.area;
        let series = self.series.and_then(|index| chart.series.get(index)).and_then(super::Series::last_known);
        match (series, &chart.target) {
            (Some((point, tenths)), _) => plane.at(point.day, tenths),
            (None, Some(target)) => (area.right(), plane.at(plane.span.first, target.tenths).1),
            (None, None) => (area.right(), area.bottom()),
        }
    }
}
