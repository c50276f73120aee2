//! A sheet measured in CSS pixels on which plotters draws, on a grid ten times finer.

use std::ops::Range;

use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::{
    Cartesian2d, Circle, DrawingArea, IntoDrawingArea as _, IntoFont as _, PathElement, Polygon, Rectangle, SVGBackend,
    Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color as _, FontStyle, RGBColor, ShapeStyle};

use super::ChartError;
use super::sentinels::{FONT_SCALE, GRID, HALO, Sentinels};
pub(super) use super::sentinels::{Fill, Stroke, TARGET_STROKE};
use super::text::Lettering;
use super::theme;

type Sheet<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// A point in CSS pixels from the top left corner.
pub(super) type Point = (f64, f64);

/// A box in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

impl Area {
    pub fn right(self) -> f64 {
        self.left + self.width
    }

    pub fn bottom(self) -> f64 {
        self.top + self.height
    }

    pub fn middle(self) -> f64 {
        self.top + self.height / 2.0
    }

    /// A band of this height across the area, around `middle`.
    pub fn band(self, middle: f64, height: f64) -> Self {
        Self { top: middle - height / 2.0, height, ..self }
    }

    /// Where the middle of a text as wide as `width` may stand so that it is as near to `x` as the area allows.
    pub fn middle_for(self, x: f64, width: f64) -> f64 {
        x.min(self.right() - width / 2.0).max(self.left + width / 2.0)
    }
}

/// Which point of a text its x is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Start,
    Middle,
    End,
}

/// The sheet.
pub(super) struct Canvas<'a> {
    sheet: Sheet<'a>,
    sentinels: Sentinels,
}

impl<'a> Canvas<'a> {
    /// A sheet that writes into `markup`.
    pub fn new(markup: &'a mut String, width: f64, height: f64) -> Self {
        let size = (grid(width).unsigned_abs(), grid(height).unsigned_abs());
        Self { sheet: SVGBackend::with_string(markup, size).into_drawing_area(), sentinels: Sentinels::default() }
    }

    /// Ends the drawing; tells which colours stand for something else.
    pub fn finish(self) -> Result<Sentinels, ChartError> {
        self.sheet.present().map_err(failed)?;
        Ok(self.sentinels)
    }

    /// Part of the sheet with a scale of its own; y runs upwards, as in a chart.
    pub fn plot(&self, area: Area, x: Range<f64>, y: Range<f64>) -> Plot<'a> {
        let corner = (grid(area.left), grid(area.top));
        let part = self.sheet.clone().shrink(corner, (grid(area.width), grid(area.height)));
        let (across, down) = part.get_pixel_range();
        let scale = Cartesian2d::new(RangedCoordf64::from(x), RangedCoordf64::from(y), (across, down.end..down.start));
        Plot(part.apply_coord_spec(scale))
    }

    /// A filled rectangle.
    pub fn rect(&mut self, area: Area, fill: Fill) -> Result<(), ChartError> {
        let colour = self.sentinels.fill(fill);
        let corners = [place((area.left, area.top)), place((area.right(), area.bottom()))];
        self.sheet.draw(&Rectangle::new(corners, colour.filled())).map_err(failed)
    }

    /// A line through points.
    pub fn line(&mut self, points: &[Point], stroke: Stroke) -> Result<(), ChartError> {
        let style = self.stroke(stroke);
        let path: Vec<_> = points.iter().copied().map(place).collect();
        self.sheet.draw(&PathElement::new(path, style)).map_err(failed)
    }

    /// A line around an area, on the inner side of its border.
    pub fn outline(&mut self, area: Area, stroke: Stroke) -> Result<(), ChartError> {
        let inset = stroke.width / 2.0;
        let (left, top, right, bottom) =
            (area.left + inset, area.top + inset, area.right() - inset, area.bottom() - inset);
        // One edge is drawn twice, so that the last corner is joined like the others.
        self.line(&[(left, top), (right, top), (right, bottom), (left, bottom), (left, top), (right, top)], stroke)
    }

    /// A filled shape.
    pub fn polygon(&mut self, points: &[Point], fill: impl Into<Fill>) -> Result<(), ChartError> {
        let colour = self.sentinels.fill(fill.into());
        let corners: Vec<_> = points.iter().copied().map(place).collect();
        self.sheet.draw(&Polygon::new(corners, colour.filled())).map_err(failed)
    }

    /// A filled disc.
    pub fn disc(&mut self, centre: Point, radius: f64, colour: RGBColor) -> Result<(), ChartError> {
        self.sheet.draw(&Circle::new(place(centre), grid(radius), colour.filled())).map_err(failed)
    }

    /// One line of text; `at.1` is the middle of its capitals.
    pub fn text(&mut self, at: Point, text: &str, lettering: Lettering, align: Align) -> Result<(), ChartError> {
        if text.is_empty() {
            return Ok(());
        }
        let across = match align {
            Align::Start => HPos::Left,
            Align::Middle => HPos::Center,
            Align::End => HPos::Right,
        };
        let weight = if lettering.semibold { FontStyle::Bold } else { FontStyle::Normal };
        let style = (theme::FAMILY, lettering.size * FONT_SCALE)
            .into_font()
            .style(weight)
            .color(&lettering.colour)
            .pos(Pos::new(across, VPos::Center));
        self.sheet.draw(&Text::new(text, place(at), style)).map_err(failed)
    }

    /// Lines of text in ink with a white rim, legible on any ground.
    pub fn haloed(&mut self, at: Point, lines: &[String], lettering: Lettering) -> Result<(), ChartError> {
        self.lines(at, lines, lettering.coloured(HALO), Align::Middle)
    }

    /// Lines of text around the height `at.1`.
    pub fn lines(&mut self, at: Point, lines: &[String], lettering: Lettering, align: Align) -> Result<(), ChartError> {
        let step = lettering.line_height();
        let mut y = at.1 - step * (number(lines.len()) - 1.0) / 2.0;
        for line in lines {
            self.text((at.0, y), line, lettering, align)?;
            y += step;
        }
        Ok(())
    }

    /// A target line from one point to another.
    pub fn target(&mut self, from: Point, to: Point) -> Result<(), ChartError> {
        self.line(&[from, to], TARGET_STROKE)
    }

    fn stroke(&mut self, stroke: Stroke) -> ShapeStyle {
        self.sentinels.stroke(stroke).stroke_width(grid(stroke.width).unsigned_abs())
    }
}

/// A part of the sheet with a scale.
pub(super) struct Plot<'a>(DrawingArea<SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>);

impl Plot<'_> {
    /// Where a value stands on the sheet.
    pub fn at(&self, x: f64, y: f64) -> Point {
        let (across, down) = self.0.map_coordinate(&(x, y));
        (f64::from(across) / GRID, f64::from(down) / GRID)
    }
}

/// Pixels on plotters' whole-numbered grid.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast from float to integer saturates, and no sheet is that large"
)]
fn grid(pixels: f64) -> i32 {
    (pixels * GRID).round() as i32
}

fn place(point: Point) -> (i32, i32) {
    (grid(point.0), grid(point.1))
}

/// A whole number for geometry; what does not fit a picture is cut.
pub(super) fn number(value: impl TryInto<i32>) -> f64 {
    value.try_into().map_or(f64::from(i32::MAX), f64::from)
}

fn failed(cause: impl std::fmt::Display) -> ChartError {
    ChartError::Drawing(cause.to_string())
}
