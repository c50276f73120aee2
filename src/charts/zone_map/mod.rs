//! The map of a district or a province: outline, colour, letter and pattern of every place.

mod area;

pub use self::area::MapArea;
use super::frame::{Frame, Width};
use super::page::Page;
use super::zones::{Place, ZoneWords};
use super::{ChartError, Svg, theme};
use crate::domain::outlines::Outlines;

/// The map's figures.
#[derive(Debug, Clone, PartialEq)]
pub struct ZoneMap<'a> {
    /// The texts around it.
    pub frame: Frame,
    /// What is drawn: a district or a province, never more.
    pub area: MapArea,
    /// Its places, in the order of the table beside the map.
    pub places: Vec<Place>,
    /// Where they lie.
    pub outlines: &'a Outlines,
    /// What is written under every map.
    pub notes: MapNotes,
    /// The names of the zones.
    pub words: ZoneWords,
}

/// What is written under every map.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MapNotes {
    /// "Ranh giới giản lược, không dùng để phân định địa giới."
    pub disclaimer: String,
    /// "Ranh giới: M. Choisy, censusVN2009 (MIT)."
    pub credit: String,
    /// What precedes the names of places without an outline: "Không có ranh giới:".
    pub without_outline: String,
}

/// Draws the map.
pub fn draw(map: &ZoneMap<'_>, width: Width) -> Result<Svg, ChartError> {
    Page::new(&map.frame, width, theme::WIDE).empty()
}
