//! Tile grids: every place of an area as one equal tile, near where it really lies.

use std::collections::BTreeMap;

use super::outlines::LonLat;

/// Where a tile stands, from the top left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// From 0, westmost.
    pub column: u16,
    /// From 0, northmost.
    pub row: u16,
}

/// The tiles of an area's places by official code; no two places share one.
pub type TileGrid = BTreeMap<String, Tile>;

/// A place to be given a tile.
#[derive(Debug, Clone, PartialEq)]
pub struct TilePlace {
    /// Its official code.
    pub code: String,
    /// The code of what it belongs to: a place whose position is not known is put among its siblings.
    pub parent: String,
    /// Its middle, where that is known.
    pub at: Option<LonLat>,
}
