//! The tile grid: every place an equal tile near where it lies, so that small towns are seen as well as large communes.

use super::frame::{Frame, Width};
use super::page::Page;
use super::zones::{Place, ZoneWords};
use super::{ChartError, Svg, theme};
use crate::domain::tiles::TileGrid;

/// The picture's figures.
#[derive(Debug, Clone, PartialEq)]
pub struct ZoneTiles<'a> {
    /// The texts around it.
    pub frame: Frame,
    /// The places, in the order of the table beside the picture.
    pub places: Vec<Place>,
    /// Where their tiles stand; a place without a tile is put in a row below.
    pub grid: &'a TileGrid,
    /// The names of the zones.
    pub words: ZoneWords,
}

/// Draws the tile grid.
pub fn draw(tiles: &ZoneTiles<'_>, width: Width) -> Result<Svg, ChartError> {
    Page::new(&tiles.frame, width, theme::WIDE).empty()
}
