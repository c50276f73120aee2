//! Two moments side by side: the first and the last of a window, the places that changed standing out.

use std::sync::Arc;

use super::canvas::{Align, Canvas, Point};
use super::frame::{Frame, Width};
use super::key::{Key, Sign};
use super::marks::{Hit, Mark};
use super::page::{Page, height};
use super::text::{clean, wrap};
use super::theme::Type;
use super::zone_look::{self, Look};
use super::zone_map::{MapArea, MapNotes, Notes, Plan};
use super::zone_tiles::Board;
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

/// Between the two.
const GAP: f64 = 20.0;
/// No map is higher than this.
const HIGHEST: f64 = 520.0;

/// Draws the picture.
pub fn draw(pair: &ZonePair<'_>, width: Width) -> Result<Svg, ChartError> {
    let page = Page::new(&pair.frame, width, theme::WIDE_PANELS);
    let places: Vec<&Place> = pair.places.iter().map(|change| &change.place).collect();
    let columns = if width == Width::Wide { 2.0 } else { 1.0 };
    let room = (page.room() - GAP * (columns - 1.0)) / columns;
    let Some(panel) = Panel::new(pair, &places, room, page.letters()) else {
        return page.empty();
    };
    let [before, after] = pair.looks();
    let mut entries = zone_look::entries_for(&pair.words, &[&before[..], &after[..]].concat(), page.letters());
    if after.iter().any(|look| look.is_changed) {
        entries.push((Sign::Outline(zone_look::EMPHASIS), &pair.changed, page.letters().axis.coloured(theme::INK)));
    }
    let key = Key::new(page.room(), entries);
    let notes = match &pair.layout {
        Layout::Map(_, outlines, notes) => Some(Notes::new(notes, &places, outlines, &page)),
        Layout::Tiles(_) => None,
    };
    let heading = page.letters().heading;
    let headings = [&pair.before, &pair.after].map(|text| wrap(&clean(text), heading, room, 2));
    let head = headings.iter().map(|lines| height(lines, heading)).fold(0.0, f64::max) + 6.0;
    let first = (page.left(), page.top() + key.height() + 8.0);
    let second = match width {
        Width::Wide => (first.0 + room + GAP, first.1),
        Width::Phone => (first.0, first.1 + head + panel.size().1 + GAP),
    };
    let bottom = second.1 + head + panel.size().1;
    let corner = |corner: Point| (corner.0 + panel.indent(room), corner.1 + head);
    page.draw(bottom + notes.as_ref().map_or(0.0, Notes::height), |canvas, marks| {
        key.draw(canvas, (page.left(), page.top() - 4.0))?;
        for ((at, looks), lines) in [(first, &before), (second, &after)].into_iter().zip(&headings) {
            canvas.lines((at.0, at.1 + height(lines, heading) / 2.0), lines, heading, Align::Start)?;
            panel.draw(canvas, corner(at), looks)?;
        }
        // A place is linked once, at the second moment; at the first a pointer is told the same.
        let hits = panel.hits(corner(first)).into_iter().zip(panel.hits(corner(second)));
        for (change, hits) in pair.places.iter().zip(hits) {
            if let (Some(before), Some(after)) = hits {
                let mark = change.place.mark(before);
                marks.push(Mark { href: None, ..mark });
                marks.push(change.place.mark(after));
            }
        }
        notes.map_or(Ok(()), |notes| notes.draw(canvas, (page.left(), bottom)))
    })
}

impl ZonePair<'_> {
    /// How the places look at both moments. Those that changed stand out at both.
    fn looks(&self) -> [Vec<Look>; 2] {
        let at = |zone: fn(&ChangedPlace) -> Option<Colour>| {
            let look = |place: &ChangedPlace| Look { zone: zone(place), is_changed: place.before != place.place.zone };
            self.places.iter().map(look).collect()
        };
        [at(|place| place.before), at(|place| place.place.zone)]
    }
}

/// The places laid out once for both moments.
enum Panel {
    Tiles(Board),
    Map(Arc<Plan>),
}

impl Panel {
    /// `None` when there is nothing to lay out.
    fn new(pair: &ZonePair<'_>, places: &[&Place], room: f64, letters: &Type) -> Option<Self> {
        match &pair.layout {
            Layout::Tiles(grid) => (!places.is_empty()).then(|| Self::Tiles(Board::new(places, grid, room, letters))),
            Layout::Map(_, outlines, _) => Plan::of(places, outlines, (room, HIGHEST), letters).map(Self::Map),
        }
    }

    fn size(&self) -> Point {
        match self {
            Self::Tiles(board) => (board.width(), board.height()),
            Self::Map(plan) => plan.size(),
        }
    }

    /// Tiles begin at the left like the heading; a map stands in the middle.
    fn indent(&self, room: f64) -> f64 {
        match self {
            Self::Tiles(_) => 0.0,
            Self::Map(_) => (room - self.size().0) / 2.0,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, corner: Point, looks: &[Look]) -> Result<(), ChartError> {
        match self {
            Self::Tiles(board) => board.draw(canvas, corner, looks),
            Self::Map(plan) => plan.draw(canvas, corner, looks),
        }
    }

    fn hits(&self, corner: Point) -> Vec<Option<Hit>> {
        match self {
            Self::Tiles(board) => board.areas(corner).map(|area| Some(area.into())).collect(),
            Self::Map(plan) => plan.hits(corner).collect(),
        }
    }
}
