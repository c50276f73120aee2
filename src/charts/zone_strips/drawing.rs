//! The drawing: names beside the strips, on a phone above them.

use super::time::Time;
use super::{Row, ZoneStrips};
use crate::charts::axis::{DayTick, day_ticks};
use crate::charts::canvas::{Align, Area, Canvas, Fill, Point, Stroke};
use crate::charts::frame::Width;
use crate::charts::key::Key;
use crate::charts::marks::{Mark, Marks};
use crate::charts::page::{Page, height, widest};
use crate::charts::scheme_lines::SchemeLines;
use crate::charts::text::{clean, fit, wrap};
use crate::charts::zone_look;
use crate::charts::{ChartError, Svg, theme};
use crate::domain::zone::Colour;

const STRIP: f64 = 17.0;
const WIDE_PITCH: f64 = 22.0;
const PHONE_GAP: f64 = 9.0;
/// A name beside its strip goes no further than this.
const NAME_ROOM: f64 = 230.0;
const GAP: f64 = 10.0;
/// A narrower segment has no letter.
const LETTER_ROOM: f64 = 13.0;
/// With more rows than this the days are told again at the foot.
const ROWS_IN_SIGHT: usize = 30;
/// The edges of a drive.
const EDGE: Stroke = Stroke { colour: theme::REACHED, width: 1.4, dash: &[2, 2] };

/// The drawing laid out.
pub(super) struct Drawing<'a> {
    chart: &'a ZoneStrips,
    page: &'a Page<'a>,
    width: Width,
    key: Key,
    names: Vec<Vec<String>>,
    lines: SchemeLines,
    time: Time,
    /// The rows: from the first strip to the foot of the last one.
    plot: Area,
}

impl<'a> Drawing<'a> {
    pub fn new(chart: &'a ZoneStrips, page: &'a Page<'a>, width: Width) -> Self {
        let letters = page.letters();
        let is_phone = width == Width::Phone;
        let room = if is_phone { page.room() } else { NAME_ROOM };
        let names: Vec<_> = chart.rows.iter().map(|row| wrap(&clean(&row.name), letters.label, room, 2)).collect();
        let left = match width {
            Width::Wide => page.left() + widest(names.iter().flatten(), letters.label) + GAP,
            Width::Phone => page.left(),
        };
        let time = Time::new(chart, left, page.right());
        let changes = chart.scheme_changes.iter().filter(|change| change.day > chart.first && change.day <= chart.last);
        let lines = SchemeLines::new(
            (page.left(), page.right()),
            letters.axis.coloured(theme::INK),
            changes.map(|change| (time.day(change.day), change.label.as_str())),
        );
        let entries = zone_look::entries(&chart.words, chart.has_unclassified(), letters.axis.coloured(theme::INK));
        let key = Key::new(page.room(), entries);
        let head = lines.height() + if chart.window.is_some() { letters.axis.line_height() + 4.0 } else { 0.0 };
        let top = page.top() + key.height() + 6.0 + head + letters.axis.line_height() + 8.0;
        let mut drawing = Self {
            chart,
            page,
            width,
            key,
            names,
            lines,
            time,
            plot: Area { left, top, width: page.right() - left, height: 0.0 },
        };
        drawing.plot.height = drawing.names.iter().map(|name| drawing.pitch(name)).sum();
        drawing
    }

    fn pitch(&self, name: &[String]) -> f64 {
        let words = height(name, self.page.letters().label);
        match self.width {
            Width::Wide => (words + 4.0).max(WIDE_PITCH),
            Width::Phone => words + STRIP + PHONE_GAP,
        }
    }

    pub fn draw(&self) -> Result<Svg, ChartError> {
        let axis = self.page.letters().axis.line_height();
        let tells_days_again = self.chart.rows.len() > ROWS_IN_SIGHT;
        let bottom = self.plot.bottom() + if tells_days_again { axis + 6.0 } else { 2.0 };
        self.page.draw(bottom, |canvas, marks| {
            self.key.draw(canvas, (self.page.left(), self.page.top() - 4.0))?;
            self.shade(canvas)?;
            self.days(canvas, self.plot.top - 5.0 - axis / 2.0)?;
            self.grid(canvas)?;
            if tells_days_again {
                self.days(canvas, self.plot.bottom() + 5.0 + axis / 2.0)?;
            }
            let mut area = Area { left: self.page.left(), width: self.page.room(), ..self.plot };
            let mut letters = Vec::new();
            for (row, name) in self.chart.rows.iter().zip(&self.names) {
                area.height = self.pitch(name);
                letters.extend(self.row(row, name, area, canvas, marks)?);
                area.top = area.bottom();
            }
            self.window_edges(canvas)?;
            self.lines.draw(canvas, self.line_names(), self.plot.bottom())?;
            // No line runs through a letter.
            letters.into_iter().try_for_each(|(at, zone)| zone_look::letter(canvas, at, zone))
        })
    }

    /// Where the names of scheme changes stand: over the days, under the name of the drive.
    fn line_names(&self) -> Area {
        let bottom = self.plot.top - self.page.letters().axis.line_height() - 8.0;
        Area { top: bottom - self.lines.height(), height: self.lines.height(), ..self.plot }
    }

    /// The days of the drive, if any of them is shown.
    fn window(&self) -> Option<(f64, f64, &str)> {
        let window = self.chart.window.as_ref()?;
        let is_shown =
            window.first <= window.last && window.first <= self.chart.last && window.last >= self.chart.first;
        is_shown.then(|| (self.time.day(window.first), self.time.end_of(window.last), window.label.as_str()))
    }

    /// The drive's days behind everything, its name above.
    fn shade(&self, canvas: &mut Canvas<'_>) -> Result<(), ChartError> {
        let Some((left, right, label)) = self.window() else { return Ok(()) };
        let lettering = self.page.letters().axis.coloured(theme::REACHED).bold();
        let label = fit(&clean(label), lettering, self.page.room());
        let whole = Area { left: self.page.left(), width: self.page.room(), ..self.plot };
        let bar = self.line_names().top - 5.0;
        let ground = Area { left, top: bar, width: right - left, height: self.plot.bottom() - bar };
        canvas.rect(ground, Fill::Plain(theme::WINDOW))?;
        canvas.rect(Area { height: 3.0, ..ground }, Fill::Plain(theme::REACHED))?;
        let middle = whole.middle_for(f64::midpoint(left, right), lettering.width(&label));
        canvas.text((middle, bar - 2.0 - lettering.line_height() / 2.0), &label, lettering, Align::Middle)
    }

    /// The edges of the drive over the strips.
    fn window_edges(&self, canvas: &mut Canvas<'_>) -> Result<(), ChartError> {
        let Some((left, right, _)) = self.window() else { return Ok(()) };
        for x in [left, right] {
            canvas.line(&[(x, self.plot.top - 2.0), (x, self.plot.bottom())], Stroke::solid(theme::WHITE, 2.4))?;
            canvas.line(&[(x, self.plot.top - 2.0), (x, self.plot.bottom())], EDGE)?;
        }
        Ok(())
    }

    fn ticks(&self) -> Vec<DayTick> {
        let (lettering, locale) = (self.page.letters().axis, self.page.locale());
        day_ticks(self.chart.first, self.chart.last, self.plot.width, locale, lettering)
    }

    /// The names of the days: each begins where its day does.
    fn days(&self, canvas: &mut Canvas<'_>, y: f64) -> Result<(), ChartError> {
        let lettering = self.page.letters().axis;
        for tick in self.ticks() {
            let Some(label) = tick.label else { continue };
            let left = self.time.day(tick.day);
            // The last name would leave the drawing.
            if left + lettering.width(&label) <= self.page.right() + 4.0 {
                canvas.text((left, y), &label, lettering, Align::Start)?;
            }
        }
        Ok(())
    }

    fn grid(&self, canvas: &mut Canvas<'_>) -> Result<(), ChartError> {
        for tick in self.ticks() {
            let x = self.time.day(tick.day);
            canvas.line(&[(x, self.plot.top - 4.0), (x, self.plot.bottom())], Stroke::solid(theme::GRID, 1.0))?;
        }
        Ok(())
    }

    /// Draws the name and the strip of a place; gives its letters and where they go.
    fn row(
        &self,
        row: &Row,
        name: &[String],
        area: Area,
        canvas: &mut Canvas<'_>,
        marks: &mut Marks,
    ) -> Result<Vec<(Point, Option<Colour>)>, ChartError> {
        let label = self.page.letters().label;
        let words = height(name, label);
        let strip = match self.width {
            Width::Wide => {
                canvas.lines((self.plot.left - GAP, area.middle()), name, label, Align::End)?;
                self.plot.band(area.middle(), STRIP)
            }
            Width::Phone => {
                canvas.lines((area.left, area.top + words / 2.0), name, label, Align::Start)?;
                Area { top: area.top + words + 1.0, height: STRIP, ..self.plot }
            }
        };
        let pieces = self.time.pieces(row);
        let mut letters = Vec::new();
        for (place, piece) in pieces.iter().enumerate() {
            let whole = piece.area(strip);
            // A thin white line where one zone follows another.
            let gap = if place + 1 < pieces.len() && whole.width > 3.0 { 1.0 } else { 0.0 };
            canvas.rect(Area { width: whole.width - gap, ..whole }, zone_look::fill(piece.zone))?;
            if whole.width >= LETTER_ROOM {
                letters.push(((whole.left + whole.width / 2.0, whole.middle()), piece.zone));
            }
        }
        let parts = pieces.iter().map(|piece| {
            let title = piece.title.unwrap_or(&self.chart.words.unclassified);
            (piece.area(strip), format!("{}: {title}", row.name))
        });
        let title = if row.title.is_empty() { row.name.clone() } else { row.title.clone() };
        marks.push(Mark { href: row.href.clone(), title, hit: area.into(), parts: parts.collect() });
        Ok(letters)
    }
}
