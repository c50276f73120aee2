//! The tile grid: every place an equal tile near where it lies, so that small towns are seen as well as large communes.

mod board;

pub(super) use self::board::Board;
use super::canvas::Area;
use super::frame::{Frame, Width};
use super::key::Key;
use super::page::Page;
use super::zone_look::{self, Look};
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
    let page = Page::new(&tiles.frame, width, theme::WIDE);
    if tiles.places.is_empty() {
        return page.empty();
    }
    let looks: Vec<Look> = tiles.places.iter().map(|place| Look::plain(place.zone)).collect();
    let key = Key::new(page.room(), zone_look::entries_for(&tiles.words, &looks, page.letters()));
    let names: Vec<&Place> = tiles.places.iter().collect();
    let board = Board::new(&names, tiles.grid, page.room(), page.letters());
    let corner = (page.left(), page.top() + key.height() + 6.0);
    page.draw(corner.1 + board.height(), |canvas, marks| {
        key.draw(canvas, (page.left(), page.top() - 4.0))?;
        board.draw(canvas, corner, &looks)?;
        for (place, area) in tiles.places.iter().zip(board.areas(corner)) {
            marks.push(place.mark(Area::into(area)));
        }
        Ok(())
    })
}
