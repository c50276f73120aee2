//! Bars of rates, and how "not reported", "nobody to count" and 0 are told apart: shared by every chart with rows.

use plotters::style::RGBColor;

use super::canvas::{Align, Area, Canvas, Fill, Stroke, number};
use super::number::Locale;
use super::text::{Lettering, clean, fit};
use super::{ChartError, theme};
use crate::domain::rate::Rate;

/// What is known of one unit and one measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// A rate; a base of nobody is shown as [`Cell::NobodyToCount`].
    Rate(Rate),
    /// The unit has not reported: a hatched track and [`Words::not_reported`].
    NotReported,
    /// The unit has nobody in this cohort: no track, only [`Words::nobody`].
    NobodyToCount,
}

impl Cell {
    /// Tenths of a percent, cut and never rounded.
    pub(super) fn tenths(self) -> Option<i64> {
        match self {
            Self::Rate(rate) => rate.tenths(),
            Self::NotReported | Self::NobodyToCount => None,
        }
    }

    /// Whether there is nobody to count.
    pub(super) fn is_nobody(self) -> bool {
        self != Self::NotReported && self.tenths().is_none()
    }

    /// The word shown where there is no rate.
    pub(super) fn word(self, words: &Words) -> Option<String> {
        match self {
            Self::NotReported => Some(clean(&words.not_reported)),
            Self::NobodyToCount => Some(clean(&words.nobody)),
            Self::Rate(rate) => rate.tenths().is_none().then(|| clean(&words.nobody)),
        }
    }

    /// The cell in full, for tooltips and screen readers: `90,6% (77/85 người)`.
    pub(super) fn said(self, words: &Words, locale: Locale) -> String {
        match (self, self.tenths()) {
            (Self::Rate(rate), Some(tenths)) => {
                let counted_in = clean(&words.counted_in);
                let counts = format!("{}/{} {counted_in}", locale.count(rate.counted), locale.count(rate.base));
                format!("{}% ({})", locale.tenths(tenths), counts.trim_end())
            }
            _ => self.word(words).unwrap_or_default(),
        }
    }
}

/// The words a cell is told in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// "Chưa báo cáo".
    pub not_reported: String,
    /// "Không có ai thuộc diện".
    pub nobody: String,
    /// What is counted, for tooltips: "người", "hộ".
    pub counted_in: String,
}

/// The line the rates are measured against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Where it stands, in tenths of a percent: 1000 is everyone.
    pub tenths: i64,
    /// Its name: "Chỉ tiêu 100%".
    pub label: String,
}

/// How far the head of a bar that runs on past the scale sticks out.
pub(super) const ARROW: f64 = 8.0;

/// The target on a phone, where every bar has a tick of its own.
pub(super) const PHONE_TARGET: Stroke = Stroke::solid(theme::INK, 1.6);
/// White around a word on a track.
const PADDING: f64 = 6.0;

/// The track of a bar, from 0 at its left edge to `end` tenths at its right edge.
#[derive(Debug, Clone, Copy)]
pub(super) struct Track {
    pub area: Area,
    pub end: i64,
}

impl Track {
    /// Where a value stands; what lies beyond the scale stands at its end.
    pub fn x(self, canvas: &Canvas<'_>, tenths: i64) -> f64 {
        let end = number(self.end.max(1));
        canvas.plot(self.area, 0.0..end, 0.0..1.0).at(number(tenths).clamp(0.0, end), 0.0).0
    }

    /// Draws the track and the bar of `cell` on it; tells where the bar ends.
    pub fn draw(self, canvas: &mut Canvas<'_>, cell: Cell, fill: RGBColor) -> Result<f64, ChartError> {
        let area = self.area;
        let Some(tenths) = cell.tenths() else {
            if cell == Cell::NotReported {
                canvas.rect(area, Fill::Hatch)?;
            }
            return Ok(area.left);
        };
        canvas.rect(area, Fill::Plain(theme::TRACK))?;
        self.bar(canvas, tenths, fill)
    }

    /// The same without the grey, for bars that lie on a grid.
    pub fn draw_on_grid(self, canvas: &mut Canvas<'_>, cell: Cell, fill: RGBColor) -> Result<f64, ChartError> {
        match cell.tenths() {
            Some(tenths) => self.bar(canvas, tenths, fill),
            None => self.draw(canvas, cell, fill),
        }
    }

    fn bar(self, canvas: &mut Canvas<'_>, tenths: i64, fill: RGBColor) -> Result<f64, ChartError> {
        let area = self.area;
        let end = self.x(canvas, tenths);
        // A line at the foot of every bar, so that 0 is a bar too.
        let width = (end - area.left).max(1.5);
        canvas.rect(Area { width, ..area }, Fill::Plain(fill))?;
        if tenths <= self.end {
            return Ok(area.left + width);
        }
        let right = area.right();
        canvas.polygon(&[(right, area.top), (right + ARROW, area.middle()), (right, area.bottom())], fill)?;
        // The cut: the bar is longer than it is drawn.
        for x in [right - 7.0, right - 3.0] {
            canvas
                .line(&[(x - 2.5, area.bottom() + 0.5), (x + 2.5, area.top - 0.5)], Stroke::solid(theme::WHITE, 1.4))?;
        }
        Ok(right + ARROW)
    }

    /// Draws the target as a short line across the track.
    pub fn tick(self, canvas: &mut Canvas<'_>, target: Option<&Target>) -> Result<(), ChartError> {
        let Some(target) = target else { return Ok(()) };
        let x = self.x(canvas, target.tenths);
        canvas.line(&[(x, self.area.top - 2.0), (x, self.area.bottom() + 2.0)], PHONE_TARGET)
    }

    /// Writes the word of a cell without a rate in the middle of the track.
    pub fn word_in_middle(self, canvas: &mut Canvas<'_>, word: &str, lettering: Lettering) -> Result<(), ChartError> {
        let word = fit(word, lettering, self.area.width - 4.0 * PADDING);
        let width = lettering.width(&word) + 2.0 * PADDING;
        let left = self.area.left + (self.area.width - width) / 2.0;
        canvas.rect(Area { left, width, ..self.area }, Fill::Plain(theme::WHITE))?;
        canvas.text((left + PADDING, self.area.middle()), &word, lettering, Align::Start)
    }

    /// Writes the word of a cell without a rate at `left`, with nothing of the track before it.
    pub fn word_at(
        self,
        canvas: &mut Canvas<'_>,
        left: f64,
        word: &str,
        lettering: Lettering,
    ) -> Result<(), ChartError> {
        let area = self.area;
        let word = fit(word, lettering, area.right() - left - 2.0 * PADDING);
        // The line at the foot of the scale stays.
        let from = area.left + 1.0;
        let width = left - from + lettering.width(&word) + PADDING;
        canvas.rect(Area { left: from, width, ..area }, Fill::Plain(theme::WHITE))?;
        canvas.text((left, area.middle()), &word, lettering, Align::Start)
    }
}

/// The colour of letters on a bar of this colour.
pub(super) fn letters_on(fill: RGBColor) -> RGBColor {
    if fill == theme::NOT_REACHED { theme::INK } else { theme::WHITE }
}
