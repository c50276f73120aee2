//! The key of a chart: signs and what they mean, in rows as wide as the chart.

use plotters::style::RGBColor;

use super::ChartError;
use super::canvas::{Align, Area, Canvas, Fill, Point, Stroke};
use super::text::{Lettering, clean, wrap};
use super::{theme, zone_look};
use crate::domain::zone::Colour;

/// Shape of the points of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Disc,
    Square,
    Triangle,
    Diamond,
}

/// A point on a line; hollow where not everyone has reported.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Marker {
    pub shape: Shape,
    pub radius: f64,
    pub colour: RGBColor,
    pub is_hollow: bool,
}

impl Marker {
    /// Draws the point with a thin white rim, so that it stands off the lines it lies on.
    pub fn draw(self, canvas: &mut Canvas<'_>, at: Point) -> Result<(), ChartError> {
        self.fill(canvas, at, self.radius + 1.2, theme::WHITE)?;
        self.fill(canvas, at, self.radius, self.colour)?;
        if self.is_hollow {
            self.fill(canvas, at, self.radius - 1.7, theme::WHITE)?;
        }
        Ok(())
    }

    fn fill(self, canvas: &mut Canvas<'_>, (x, y): Point, radius: f64, colour: RGBColor) -> Result<(), ChartError> {
        match self.shape {
            Shape::Disc => canvas.disc((x, y), radius, colour),
            Shape::Square => {
                let half = radius * 0.9;
                let area = Area { left: x - half, top: y - half, width: 2.0 * half, height: 2.0 * half };
                canvas.rect(area, Fill::Plain(colour))
            }
            Shape::Triangle => {
                let reach = radius * 1.2;
                canvas.polygon(&[(x, y - reach), (x + reach, y + reach * 0.8), (x - reach, y + reach * 0.8)], colour)
            }
            Shape::Diamond => {
                let reach = radius * 1.25;
                canvas.polygon(&[(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)], colour)
            }
        }
    }
}

/// A sign of the key.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Sign {
    /// A short upright line.
    Tick(Stroke),
    /// A piece of line, with its points if it has any.
    Line(Stroke, Option<Marker>),
    /// A point alone.
    Marker(Marker),
    /// The chip of a zone, or of none.
    Zone(Option<Colour>),
    /// A box in a line of its own.
    Outline(Stroke),
    /// A chip filled so.
    Fill(Fill),
}

impl Sign {
    fn width(self) -> f64 {
        match self {
            Self::Tick(_) => 6.0,
            Self::Line(..) => 28.0,
            Self::Marker(_) => 11.0,
            Self::Zone(_) | Self::Outline(_) | Self::Fill(_) => CHIP.0,
        }
    }

    fn draw(self, canvas: &mut Canvas<'_>, left: f64, y: f64) -> Result<(), ChartError> {
        let middle = left + self.width() / 2.0;
        match self {
            Self::Tick(stroke) => canvas.line(&[(middle, y - 7.0), (middle, y + 7.0)], stroke),
            Self::Line(stroke, point) => {
                canvas.line(&[(left, y), (left + self.width(), y)], stroke)?;
                point.map_or(Ok(()), |point| point.draw(canvas, (middle, y)))
            }
            Self::Marker(point) => point.draw(canvas, (middle, y)),
            Self::Zone(zone) => zone_look::chip(canvas, chip(left, y), zone),
            Self::Outline(stroke) => canvas.outline(chip(left, y), stroke),
            Self::Fill(fill) => {
                canvas.rect(chip(left, y), fill)?;
                canvas.outline(chip(left, y), zone_look::THIN)
            }
        }
    }
}

/// Width and height of a chip.
pub(super) const CHIP: Point = (22.0, 16.0);

/// The box of a chip.
pub(super) fn chip(left: f64, middle: f64) -> Area {
    Area { left, top: middle - CHIP.1 / 2.0, width: CHIP.0, height: CHIP.1 }
}

/// An entry laid out: where its sign begins, the height of its first line, its lines of text.
struct Entry {
    sign: Sign,
    left: f64,
    top: f64,
    lines: Vec<String>,
    lettering: Lettering,
}

/// A key laid out, from (0, 0).
pub(super) struct Key {
    entries: Vec<Entry>,
    height: f64,
}

const SIGN_GAP: f64 = 7.0;
const ENTRY_GAP: f64 = 20.0;

impl Key {
    /// Lays out signs and their meanings in rows of at most `room`.
    pub fn new<'t>(room: f64, entries: impl IntoIterator<Item = (Sign, &'t str, Lettering)>) -> Self {
        let mut key = Self { entries: Vec::new(), height: 0.0 };
        let (mut left, mut top): (f64, f64) = (0.0, 0.0);
        for (sign, text, lettering) in entries {
            let text = clean(text);
            if text.is_empty() {
                continue;
            }
            let before = sign.width() + SIGN_GAP;
            if left > 0.0 && left + before + lettering.width(&text) > room {
                (left, top) = (0.0, key.height);
            }
            let lines = wrap(&text, lettering, room - before, 3);
            let widest = lines.iter().map(|line| lettering.width(line)).fold(0.0, f64::max);
            key.height = key.height.max(top + super::page::height(&lines, lettering) + 3.0);
            key.entries.push(Entry { sign, left, top, lines, lettering });
            left += before + widest + ENTRY_GAP;
        }
        key
    }

    /// Height of all its rows; 0 when it says nothing.
    pub fn height(&self) -> f64 {
        self.height
    }

    /// Draws the key with its top left corner at `corner`.
    pub fn draw(&self, canvas: &mut Canvas<'_>, corner: Point) -> Result<(), ChartError> {
        for entry in &self.entries {
            let (left, top) = (corner.0 + entry.left, corner.1 + entry.top);
            let half_line = entry.lettering.line_height() / 2.0;
            entry.sign.draw(canvas, left, top + half_line)?;
            let middle = top + super::page::height(&entry.lines, entry.lettering) / 2.0;
            canvas.lines(
                (left + entry.sign.width() + SIGN_GAP, middle),
                &entry.lines,
                entry.lettering,
                Align::Start,
            )?;
        }
        Ok(())
    }
}
