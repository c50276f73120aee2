//! Tiles laid out on a board of given width, in the form that its tiles have room for.

use crate::charts::ChartError;
use crate::charts::canvas::{Align, Area, Canvas, Fill, Point, number};
use crate::charts::page::height;
use crate::charts::text::{Lettering, clean, wrap};
use crate::charts::theme::{self, Type};
use crate::charts::zone_look::{self, EMPHASIS, Look, THIN};
use crate::charts::zones::Place;
use crate::domain::tiles::{Tile, TileGrid};

/// How much a tile tells, by its width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The zone at the left, the name beside it.
    Card,
    /// The zone above, the name below it.
    Stamp,
    /// The zone and its letter; the name is in the tooltip and in the table.
    Letter,
}

/// Widths from which a tile is a card, and a stamp.
const CARD: f64 = 96.0;
const STAMP: f64 = 43.0;
/// A tile is no wider than this, however few there are.
const WIDEST: f64 = 140.0;
const STRIP_WIDTH: f64 = 26.0;
const STRIP_HEIGHT: f64 = 19.0;
/// The longest name is given this many lines on a card, and on a stamp.
const MOST_LINES: [usize; 2] = [5, 4];

/// A board laid out, from (0, 0).
pub(in crate::charts) struct Board {
    form: Form,
    gap: f64,
    /// Size of every tile.
    size: Point,
    /// Where each place's tile stands, and the lines of its name.
    tiles: Vec<(Tile, Vec<String>)>,
    lettering: Lettering,
}

impl Board {
    /// Lays out the tiles of `places` on `room` pixels.
    pub fn new(places: &[&Place], grid: &TileGrid, room: f64, letters: &Type) -> Self {
        let tiles = placed(places, grid);
        let columns = number(tiles.iter().map(|tile| i32::from(tile.column) + 1).max().unwrap_or(1));
        let gap = if room / columns >= STAMP { 5.0 } else { 2.0 };
        let width = ((room - gap * (columns - 1.0)) / columns).min(WIDEST);
        let form = match width {
            CARD.. => Form::Card,
            STAMP.. => Form::Stamp,
            _ => Form::Letter,
        };
        let lettering = match form {
            Form::Card => letters.value,
            Form::Stamp | Form::Letter => Lettering::semibold(letters.footer.size, theme::INK),
        };
        let (name_room, most) = match form {
            Form::Card => (width - STRIP_WIDTH - 14.0, MOST_LINES[0]),
            Form::Stamp | Form::Letter => (width - 5.0, MOST_LINES[1]),
        };
        let name = |place: &&Place| match form {
            Form::Letter => Vec::new(),
            Form::Card | Form::Stamp => wrap(&clean(&place.name), lettering, name_room, most),
        };
        let names: Vec<Vec<String>> = places.iter().map(name).collect();
        let words = names.iter().map(|lines| height(lines, lettering)).fold(0.0, f64::max);
        let height = match form {
            Form::Card => (words + 14.0).max(46.0),
            Form::Stamp => words + STRIP_HEIGHT + 7.0,
            Form::Letter => width.clamp(17.0, 26.0),
        };
        Self { form, gap, size: (width, height), tiles: tiles.into_iter().zip(names).collect(), lettering }
    }

    /// Height of all rows.
    pub fn height(&self) -> f64 {
        let rows = number(self.tiles.iter().map(|(tile, _)| i32::from(tile.row) + 1).max().unwrap_or_default());
        rows * (self.size.1 + self.gap) - self.gap
    }

    /// Width of all columns.
    pub fn width(&self) -> f64 {
        let columns = number(self.tiles.iter().map(|(tile, _)| i32::from(tile.column) + 1).max().unwrap_or_default());
        columns * (self.size.0 + self.gap) - self.gap
    }

    /// The boxes of the tiles, in the order of the places.
    pub fn areas(&self, corner: Point) -> impl Iterator<Item = Area> {
        self.tiles.iter().map(move |(tile, _)| Area {
            left: corner.0 + f64::from(tile.column) * (self.size.0 + self.gap),
            top: corner.1 + f64::from(tile.row) * (self.size.1 + self.gap),
            width: self.size.0,
            height: self.size.1,
        })
    }

    /// Draws the board with its top left corner at `corner`.
    pub fn draw(&self, canvas: &mut Canvas<'_>, corner: Point, looks: &[Look]) -> Result<(), ChartError> {
        for ((area, (_, name)), look) in self.areas(corner).zip(&self.tiles).zip(looks) {
            let zone = match self.form {
                Form::Card => Area { width: STRIP_WIDTH, ..area },
                Form::Stamp => Area { height: STRIP_HEIGHT, ..area },
                Form::Letter => area,
            };
            canvas.rect(area, Fill::Plain(theme::WHITE))?;
            canvas.rect(zone, zone_look::fill(look.zone))?;
            let middle = (zone.left + zone.width / 2.0, zone.middle());
            match self.form {
                Form::Card => {
                    zone_look::plate(canvas, middle, look.zone)?;
                    let left = zone.right() + 8.0;
                    canvas.lines((left, area.middle()), name, self.lettering, Align::Start)?;
                }
                Form::Stamp => {
                    zone_look::letter(canvas, middle, look.zone)?;
                    let y = zone.bottom() + f64::midpoint(0.0, area.height - zone.height);
                    canvas.lines((area.left + area.width / 2.0, y), name, self.lettering, Align::Middle)?;
                }
                Form::Letter => zone_look::letter(canvas, middle, look.zone)?,
            }
            canvas.outline(area, if look.is_changed { EMPHASIS } else { THIN })?;
        }
        Ok(())
    }
}

/// The tile of every place; those without one come below, in the order they are given.
fn placed(places: &[&Place], grid: &TileGrid) -> Vec<Tile> {
    let found: Vec<Option<Tile>> = places.iter().map(|place| grid.get(&place.code).copied()).collect();
    // A grid may be of a larger area: what is empty at its left and above is left out.
    let known = || found.iter().flatten();
    let (left, top) = (known().map(|t| t.column).min().unwrap_or(0), known().map(|t| t.row).min().unwrap_or(0));
    let columns = known().map(|tile| tile.column - left + 1).max().unwrap_or(6).max(4);
    let below = known().map(|tile| tile.row - top + 1).max().unwrap_or(0);
    let mut next = 0;
    let mut after = || {
        let tile = Tile { column: next % columns, row: below + next / columns };
        next += 1;
        tile
    };
    let moved = |tile: Tile| Tile { column: tile.column - left, row: tile.row - top };
    found.into_iter().map(|tile| tile.map_or_else(&mut after, moved)).collect()
}
