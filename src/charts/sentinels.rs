//! What plotters cannot draw — patterns, dashes and halos — drawn in colours that stand for it and are swapped when it is done.

use plotters::style::RGBColor;

use super::theme;
use crate::domain::zone::Colour;

/// What an area is filled with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Fill {
    Plain(RGBColor),
    /// Diagonal lines: something that should be here is missing.
    Hatch,
    /// The colour of a zone with its pattern.
    Zone(Colour),
}

impl From<RGBColor> for Fill {
    fn from(colour: RGBColor) -> Self {
        Self::Plain(colour)
    }
}

/// How a line is drawn; an empty dash is a whole line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stroke {
    pub colour: RGBColor,
    pub width: f64,
    pub dash: &'static [u8],
}

impl Stroke {
    pub const fn solid(colour: RGBColor, width: f64) -> Self {
        Self { colour, width, dash: &[] }
    }
}

/// The stroke of every target line.
pub(super) const TARGET_STROKE: Stroke = Stroke { colour: theme::SECOND, width: 1.3, dash: &[4, 3] };

/// Plotters' whole-numbered units in a CSS pixel.
pub(super) const GRID: f64 = 10.0;
/// What plotters must be asked for to get a font size of one pixel.
pub(super) const FONT_SCALE: f64 = 1.24 * GRID;

/// Colours that stand for what plotters cannot draw; swapped in the finished markup.
#[derive(Debug, Default)]
pub(super) struct Sentinels {
    /// Which of [`PATTERNS`] are drawn with.
    is_used: [bool; PATTERNS.len()],
    strokes: Vec<Stroke>,
}

/// What is filled with a pattern, each by its place: `RGBColor(1, 2, place)` stands for it.
const PATTERNS: [Fill; 4] =
    [Fill::Hatch, Fill::Zone(Colour::Yellow), Fill::Zone(Colour::Orange), Fill::Zone(Colour::Red)];

/// Stands for ink with a white rim.
pub(super) const HALO: RGBColor = RGBColor(1, 4, 0);

/// The sentinel of the pattern at `place`.
fn sentinel(place: usize) -> RGBColor {
    RGBColor(1, 2, u8::try_from(place).unwrap_or(u8::MAX))
}

impl Sentinels {
    /// The colour to draw `fill` with.
    pub fn fill(&mut self, fill: Fill) -> RGBColor {
        let place = PATTERNS.iter().position(|pattern| *pattern == fill);
        if let Some(is_used) = place.and_then(|place| self.is_used.get_mut(place)) {
            *is_used = true;
        }
        match (fill, place) {
            (_, Some(place)) => sentinel(place),
            (Fill::Plain(colour), None) => colour,
            (Fill::Zone(_) | Fill::Hatch, None) => theme::ZONE_GREEN,
        }
    }

    /// The patterns drawn with, and the id of each below `id`.
    pub(super) fn patterns(&self, id: &str) -> Vec<(Fill, String)> {
        let used = PATTERNS.into_iter().zip(self.is_used).filter(|(_, is_used)| *is_used);
        used.map(|(fill, _)| (fill, pattern_id(fill, id))).collect()
    }

    /// The colour to draw `stroke` with.
    pub fn stroke(&mut self, stroke: Stroke) -> RGBColor {
        if stroke.dash.is_empty() {
            return stroke.colour;
        }
        let alike = |known: &Stroke| known.colour == stroke.colour && known.dash == stroke.dash;
        let index = self.strokes.iter().position(alike).unwrap_or_else(|| {
            self.strokes.push(stroke);
            self.strokes.len() - 1
        });
        RGBColor(1, 3, u8::try_from(index).unwrap_or(u8::MAX))
    }

    /// `drawing` with every sentinel replaced. Text cannot be hit: its quotes are escaped.
    pub(super) fn swap(&self, mut drawing: String, id: &str) -> String {
        for (place, (fill, _)) in PATTERNS.into_iter().zip(self.is_used).enumerate().filter(|(_, (_, used))| *used) {
            let url = format!("fill=\"url(#{})\"", pattern_id(fill, id));
            drawing = drawing.replace(&format!("fill=\"{}\"", hex(sentinel(place))), &url);
        }
        let haloed = format!(
            "fill=\"{}\" stroke=\"{}\" stroke-width=\"30\" stroke-linejoin=\"round\" paint-order=\"stroke\"",
            hex(theme::INK),
            hex(theme::WHITE),
        );
        drawing = drawing.replace(&format!("fill=\"{}\"", hex(HALO)), &haloed);
        for (index, stroke) in self.strokes.iter().enumerate() {
            let sentinel = hex(RGBColor(1, 3, u8::try_from(index).unwrap_or(u8::MAX)));
            let dash =
                stroke.dash.iter().map(|length| (f64::from(*length) * GRID).to_string()).collect::<Vec<_>>().join(" ");
            drawing = drawing.replace(
                &format!("stroke=\"{sentinel}\""),
                &format!("stroke=\"{}\" stroke-dasharray=\"{dash}\"", hex(stroke.colour)),
            );
        }
        drawing
    }
}

/// `c1-wide-hatch`, `c1-wide-red`.
fn pattern_id(fill: Fill, id: &str) -> String {
    match fill {
        Fill::Zone(colour) => format!("{id}-{colour}"),
        Fill::Hatch | Fill::Plain(_) => format!("{id}-hatch"),
    }
}

/// A colour as SVG writes it.
pub(super) fn hex(colour: RGBColor) -> String {
    format!("#{:02X}{:02X}{:02X}", colour.0, colour.1, colour.2)
}
