//! The map of a district or a province: outline, colour, letter and pattern of every place.

mod area;
mod ground;
mod labels;
mod notes;
mod plan;
mod raster;
mod room;

pub use self::area::MapArea;
pub(super) use self::notes::Notes;
pub(super) use self::plan::Plan;
use super::frame::{Frame, Width};
use super::key::Key;
use super::page::Page;
use super::zone_look::{self, Look};
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

/// No map is higher than this, so that it stays in sight as a whole.
const HIGHEST: f64 = 620.0;

/// Draws the map.
pub fn draw(map: &ZoneMap<'_>, width: Width) -> Result<Svg, ChartError> {
    let page = Page::new(&map.frame, width, theme::WIDE);
    let places: Vec<&Place> = map.places.iter().collect();
    let Some(plan) = Plan::of(&places, map.outlines, (page.room(), HIGHEST), page.letters()) else {
        return page.empty();
    };
    let looks: Vec<Look> = map.places.iter().map(|place| Look::plain(place.zone)).collect();
    let key = Key::new(page.room(), zone_look::entries_for(&map.words, &looks, page.letters()));
    let notes = Notes::new(&map.notes, &places, map.outlines, &page);
    let (across, down) = plan.size();
    let corner = (page.left() + (page.room() - across) / 2.0, page.top() + key.height() + 8.0);
    let bottom = corner.1 + down;
    page.draw(bottom + notes.height(), |canvas, marks| {
        key.draw(canvas, (page.left(), page.top() - 4.0))?;
        plan.draw(canvas, corner, &looks)?;
        for (place, hit) in map.places.iter().zip(plan.hits(corner)) {
            if let Some(hit) = hit {
                marks.push(place.mark(hit));
            }
        }
        notes.draw(canvas, (page.left(), bottom))
    })
}
