//! How a zone looks: colour, pattern and letter together, never one of them alone.

use plotters::style::RGBColor;

use super::canvas::{Align, Area, Canvas, Fill, Point, Stroke};
use super::key::Sign;
use super::text::Lettering;
use super::theme::Type;
use super::zones::ZoneWords;
use super::{ChartError, theme};
use crate::domain::zone::Colour;

/// Every zone, then none, by falling risk: the order from the bottom of a stack, and of a key read backwards.
pub(super) const FROM_RED: [Option<Colour>; 5] =
    [Some(Colour::Red), Some(Colour::Orange), Some(Colour::Yellow), Some(Colour::Green), None];

/// How one place is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    pub zone: Option<Colour>,
    /// Whether it stands out with a heavy outline.
    pub is_changed: bool,
}

impl Look {
    /// Nothing but its zone.
    pub fn plain(zone: Option<Colour>) -> Self {
        Self { zone, is_changed: false }
    }
}

/// The outline of what is hardly seen on white.
pub(super) const THIN: Stroke = Stroke::solid(theme::AXIS, 1.0);
/// The outline of what changed.
pub(super) const EMPHASIS: Stroke = Stroke::solid(theme::INK, 2.6);
/// The letter of a zone.
const LETTER: Lettering = Lettering::semibold(12.0, theme::INK);

/// Colour and pattern.
pub(super) fn fill(zone: Option<Colour>) -> Fill {
    zone.map_or(Fill::Hatch, Fill::Zone)
}

/// The colour without its pattern, the colour of letters on it, and the letter.
fn plain(zone: Colour) -> (RGBColor, RGBColor, &'static str) {
    let (ground, ink) = match zone {
        Colour::Green => (theme::ZONE_GREEN, theme::INK),
        Colour::Yellow => (theme::ZONE_YELLOW, theme::INK),
        Colour::Orange => (theme::ZONE_ORANGE, theme::INK),
        Colour::Red => (theme::ZONE_RED, theme::WHITE),
    };
    (ground, ink, zone.letter())
}

/// The letter on a piece of plain colour, so that no pattern runs through it. A place that is not classified has none.
pub(super) fn letter(canvas: &mut Canvas<'_>, at: Point, zone: Option<Colour>) -> Result<(), ChartError> {
    let Some((ground, ink, letter)) = zone.map(plain) else { return Ok(()) };
    let area = Area { left: at.0 - 6.0, top: at.1 - 7.0, width: 12.0, height: 14.0 };
    canvas.rect(area, Fill::Plain(ground))?;
    canvas.text(at, letter, LETTER.coloured(ink), Align::Middle)
}

/// The letter in a white disc.
pub(super) fn disc(canvas: &mut Canvas<'_>, at: Point, radius: f64, zone: Option<Colour>) -> Result<(), ChartError> {
    let Some(zone) = zone else { return Ok(()) };
    canvas.disc(at, radius, theme::WHITE)?;
    canvas.text(at, zone.letter(), LETTER, Align::Middle)
}

/// The letter on a white square.
pub(super) fn plate(canvas: &mut Canvas<'_>, at: Point, zone: Option<Colour>) -> Result<(), ChartError> {
    let Some(zone) = zone else { return Ok(()) };
    canvas.rect(Area { left: at.0 - 8.0, top: at.1 - 8.5, width: 16.0, height: 17.0 }, Fill::Plain(theme::WHITE))?;
    canvas.text(at, zone.letter(), LETTER, Align::Middle)
}

/// A piece of colour with its letter and, where it needs one, an outline.
pub(super) fn chip(canvas: &mut Canvas<'_>, area: Area, zone: Option<Colour>) -> Result<(), ChartError> {
    canvas.rect(area, fill(zone))?;
    if matches!(zone, None | Some(Colour::Yellow)) {
        canvas.outline(area, THIN)?;
    }
    letter(canvas, (area.left + area.width / 2.0, area.middle()), zone)
}

/// The key: the four zones in any case, "not classified" where it is shown.
pub(super) fn entries(words: &ZoneWords, has_unclassified: bool, lettering: Lettering) -> Vec<(Sign, &str, Lettering)> {
    let shown = FROM_RED.into_iter().filter(|zone| zone.is_some() || has_unclassified);
    let mut entries: Vec<_> = shown.map(|zone| (Sign::Zone(zone), words.of(zone), lettering)).collect();
    // Green first, as the scale is spoken; what is not classified stays last.
    if let Some(classified) = entries.get_mut(..4) {
        classified.reverse();
    }
    entries
}

/// The key of places that look like this.
pub(super) fn entries_for<'w>(words: &'w ZoneWords, looks: &[Look], letters: &Type) -> Vec<(Sign, &'w str, Lettering)> {
    entries(words, looks.iter().any(|look| look.zone.is_none()), letters.axis.coloured(theme::INK))
}
