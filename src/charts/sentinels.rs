//! What plotters cannot draw — hatches and dashes — drawn in colours that stand for it and are swapped when it is done.

use plotters::style::RGBColor;

use super::theme;

/// What an area is filled with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Fill {
    Plain(RGBColor),
    /// Diagonal lines: something that should be here is missing.
    Hatch,
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
    pub(super) has_hatch: bool,
    strokes: Vec<Stroke>,
}

/// Stands for the hatch.
const HATCH: RGBColor = RGBColor(1, 2, 1);

impl Sentinels {
    /// The colour to draw `fill` with.
    pub fn fill(&mut self, fill: Fill) -> RGBColor {
        match fill {
            Fill::Plain(colour) => colour,
            Fill::Hatch => {
                self.has_hatch = true;
                HATCH
            }
        }
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
        if self.has_hatch {
            drawing = drawing.replace(&format!("fill=\"{}\"", hex(HATCH)), &format!("fill=\"url(#{id}-hatch)\""));
        }
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

/// A colour as SVG writes it.
pub(super) fn hex(colour: RGBColor) -> String {
    format!("#{:02X}{:02X}{:02X}", colour.0, colour.1, colour.2)
}
