//! Upright lines where one scheme of zones follows another, each with its name above the plot.

use super::ChartError;
use super::canvas::{Align, Area, Canvas, Stroke, number};
use super::text::{Lettering, clean, fit};
use super::theme;

/// The line of a change.
const LINE: Stroke = Stroke { colour: theme::INK, width: 1.6, dash: &[5, 3] };
const GAP: f64 = 5.0;

/// A line with its name laid out.
#[derive(Debug, Clone, PartialEq)]
struct Flag {
    x: f64,
    label: String,
    /// Where the name begins.
    left: f64,
    /// Its row, from the plot upwards.
    row: usize,
}

/// The lines laid out.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SchemeLines {
    flags: Vec<Flag>,
    lettering: Lettering,
}

impl SchemeLines {
    /// Lays out the names of lines at these places between `left` and `right`, one above the other where they meet.
    pub fn new<'l>(
        (left, right): (f64, f64),
        lettering: Lettering,
        lines: impl IntoIterator<Item = (f64, &'l str)>,
    ) -> Self {
        let mut flags: Vec<Flag> = Vec::new();
        // From the right: an earlier name is written above a later line and is not cut by it.
        let mut lines: Vec<(f64, &str)> = lines.into_iter().collect();
        lines.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (x, label) in lines {
            let room = (right - x).max(x - left) - GAP;
            let label = fit(&clean(label), lettering, room);
            let width = lettering.width(&label);
            let at = if x + GAP + width <= right { x + GAP } else { x - GAP - width };
            let is_free = |row: &usize| {
                flags.iter().filter(|flag| flag.row >= *row).all(|flag| {
                    let (left, right) = (flag.left.min(flag.x), flag.x.max(flag.left + lettering.width(&flag.label)));
                    right + GAP <= at || at + width + GAP <= left
                })
            };
            let row = (0..=flags.len()).find(is_free).unwrap_or_default();
            flags.push(Flag { x, label, left: at, row });
        }
        Self { flags, lettering }
    }

    /// Height of the names.
    pub fn height(&self) -> f64 {
        let rows = self.flags.iter().map(|flag| flag.row + 1).max().unwrap_or_default();
        number(rows) * self.lettering.line_height()
    }

    /// Draws the lines from `bottom` up through `names`, the area above the plot that the names stand in.
    pub fn draw(&self, canvas: &mut Canvas<'_>, names: Area, bottom: f64) -> Result<(), ChartError> {
        for flag in &self.flags {
            let y = names.bottom() - (number(flag.row) + 0.5) * self.lettering.line_height();
            let top = y - self.lettering.line_height() / 2.0;
            canvas.line(&[(flag.x, top), (flag.x, bottom)], Stroke::solid(theme::WHITE, 3.6))?;
            canvas.line(&[(flag.x, top), (flag.x, bottom)], LINE)?;
            canvas.text((flag.left, y), &flag.label, self.lettering, Align::Start)?;
        }
        Ok(())
    }
}
