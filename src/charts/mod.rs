//! Pictures: figures and ready-made texts in, SVG out, and the same SVG as PNG. Nothing here sorts, asks or looks at a clock.
//!
//! Plotters draws on a grid ten times finer than CSS pixels (`canvas`); `compose` then gives the drawing its accessible
//! frame, its links and its patterns.

pub mod adoption_by_agency;
mod axis;
mod bars;
mod canvas;
pub mod completeness;
mod compose;
mod frame;
mod key;
mod marks;
mod number;
mod page;
pub mod png;
pub mod ranking;
mod scheme_lines;
mod sentinels;
mod spread;
pub mod text;
pub mod theme;
pub mod trend;
mod zone_look;
pub mod zone_map;
pub mod zone_pair;
pub mod zone_strips;
pub mod zone_tiles;
pub mod zones;
pub mod zones_over_time;

use std::fmt;

pub use bars::{Cell, Target, Words};
pub use frame::{Frame, Width};
pub use number::Locale;

/// A finished drawing: an `<svg>` element for use inside a page; the only text that may go into a template unescaped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Svg(String);

impl Svg {
    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Svg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// Plotters could not draw.
    #[error("the chart could not be drawn: {0}")]
    Drawing(String),
    /// The chart cannot hold what it was given.
    #[error("a chart takes at most {most} {what}, {given} were given")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many it takes.
        most: usize,
        /// How many it was given.
        given: usize,
    },
    /// No map is drawn of this area.
    #[error("no map is drawn of the area {0}: only of a district, or of a province with all its islands")]
    NoMap(String),
    /// The drawing could not be read back for the PNG.
    #[error("the drawing could not be read: {0}")]
    Reading(String),
    /// The picture would take too much memory as PNG.
    #[error("a picture of {0} × {1} pixels is too large")]
    TooLarge(u32, u32),
    /// The PNG could not be written.
    #[error("the PNG could not be written: {0}")]
    Writing(#[from] ::png::EncodingError),
}
