//! What is written under every map: what its borders are worth, where they come from, which places are not on it.

use super::MapNotes;
use crate::charts::ChartError;
use crate::charts::canvas::{Align, Canvas, Point};
use crate::charts::page::{Page, height};
use crate::charts::text::{Lettering, clean, wrap};
use crate::charts::zones::Place;
use crate::domain::outlines::Outlines;

const ABOVE: f64 = 12.0;

/// The notes laid out.
pub(in crate::charts) struct Notes {
    lines: Vec<String>,
    lettering: Lettering,
}

impl Notes {
    /// Lays out the notes under a map of `places`.
    pub fn new(notes: &MapNotes, places: &[&Place], outlines: &Outlines, page: &Page<'_>) -> Self {
        let lettering = page.letters().footer;
        let missing: Vec<&str> = places
            .iter()
            .filter(|place| outlines.get(&place.code).is_none())
            .map(|place| place.name.as_str())
            .collect();
        let missing = match missing.as_slice() {
            [] => String::new(),
            names => format!("{} {}.", notes.without_outline, names.join(", ")),
        };
        let texts = [missing, format!("{} {}", notes.disclaimer, notes.credit)];
        let lines = texts.iter().flat_map(|text| wrap(&clean(text), lettering, page.room(), 4)).collect();
        Self { lines, lettering }
    }

    /// Height with the blank above.
    pub fn height(&self) -> f64 {
        ABOVE + height(&self.lines, self.lettering)
    }

    /// Draws the notes below a map that ends at `corner`.
    pub fn draw(&self, canvas: &mut Canvas<'_>, corner: Point) -> Result<(), ChartError> {
        let middle = corner.1 + ABOVE + height(&self.lines, self.lettering) / 2.0;
        canvas.lines((corner.0, middle), &self.lines, self.lettering, Align::Start)
    }
}
