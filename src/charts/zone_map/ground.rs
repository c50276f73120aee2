//! Outlines on a sheet: scaled, with the borders between places and the border around all of them told apart.

use std::collections::HashMap;

use super::room::edges;
use crate::charts::canvas::Point;
use crate::charts::zones::Place;
use crate::domain::outlines::{LonLat, Outline, Outlines};

/// A piece of land on the sheet.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// Its border, then the holes in it.
    pub rings: Vec<Vec<Point>>,
    /// Square pixels within its border.
    pub area: f64,
}

/// The land of all places on the sheet, from (0, 0).
#[derive(Debug, Clone, Default)]
pub(super) struct Ground {
    /// The pieces of each place, the largest first; none where there is no outline.
    pub lands: Vec<Vec<Piece>>,
    pub width: f64,
    pub height: f64,
    /// Lines between two places.
    pub inner: Vec<Vec<Point>>,
    /// Lines around all of them.
    pub outer: Vec<Vec<Point>>,
}

/// Degrees to pixels: the map of one province is small enough for a plane.
struct Scale {
    left: f64,
    top: f64,
    across: f64,
    down: f64,
}

impl Scale {
    fn at(&self, (lon, lat): LonLat) -> Point {
        ((lon - self.left) * self.across, (self.top - lat) * self.down)
    }
}

impl Ground {
    /// The land of `places` as large as `room` allows; `None` when no place has an outline.
    pub fn new(places: &[&Place], outlines: &Outlines, room: Point) -> Option<Self> {
        let found: Vec<Option<&Outline>> = places.iter().map(|place| outlines.get(&place.code)).collect();
        let points = || found.iter().flatten().flat_map(|outline| outline.iter()).flat_map(|piece| piece.outer.iter());
        let span = |axis: fn(&LonLat) -> f64| {
            points().map(axis).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(at), high.max(at)))
        };
        let ((west, east), (south, north)) = (span(|at| at.0), span(|at| at.1));
        let shrink = f64::midpoint(south, north).to_radians().cos();
        let (width, height) = ((east - west) * shrink, north - south);
        let down = (room.0 / width).min(room.1 / height);
        if !(down.is_finite() && down > 0.0) {
            return None;
        }
        let scale = Scale { left: west, top: north, across: down * shrink, down };
        let (inner, outer) = borders(&found, &scale);
        let lands =
            found.iter().map(|outline| outline.map_or_else(Vec::new, |outline| land(outline, &scale))).collect();
        Some(Self { lands, width: width * down, height: height * down, inner, outer })
    }
}

fn land(outline: &Outline, scale: &Scale) -> Vec<Piece> {
    let piece = |rings: Vec<Vec<Point>>| {
        let area = rings.first().map_or(0.0, |ring| area(ring));
        Piece { rings, area }
    };
    let rings = outline.iter().map(|polygon| std::iter::once(&polygon.outer).chain(&polygon.holes));
    let mut pieces: Vec<Piece> = rings.map(|rings| piece(rings.map(|ring| on_sheet(ring, scale)).collect())).collect();
    pieces.sort_by(|a, b| b.area.total_cmp(&a.area));
    pieces
}

fn on_sheet(ring: &[LonLat], scale: &Scale) -> Vec<Point> {
    thinned(&ring.iter().map(|&at| scale.at(at)).collect::<Vec<_>>())
}

fn area(ring: &[Point]) -> f64 {
    edges(ring).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f64>().abs() / 2.0
}

/// A side of a ring, whichever way it is walked.
type Side = [(u64, u64); 2];

fn side(a: LonLat, b: LonLat) -> Side {
    let [a, b] = [a, b].map(|at| (at.0.to_bits(), at.1.to_bits()));
    if a <= b { [a, b] } else { [b, a] }
}

/// A side that two rings share lies between places; a side of one ring only is the border of the area. Outlines drawn
/// each for itself share nothing: then every place has the outer border, and none is lost.
fn borders(outlines: &[Option<&Outline>], scale: &Scale) -> (Vec<Vec<Point>>, Vec<Vec<Point>>) {
    let rings = || {
        let pieces = outlines.iter().flatten().flat_map(|outline| outline.iter());
        pieces.flat_map(|polygon| std::iter::once(&polygon.outer).chain(&polygon.holes))
    };
    let mut times: HashMap<Side, u32> = HashMap::new();
    for (a, b) in rings().flat_map(|ring| edges(ring)) {
        *times.entry(side(a, b)).or_default() += 1;
    }
    let mut lines = Lines::default();
    for ring in rings() {
        for (a, b) in edges(ring) {
            // A shared side is drawn with the first ring that has it.
            let kind = match times.insert(side(a, b), 0) {
                Some(1) => Kind::Outer,
                Some(0) | None => Kind::Drawn,
                Some(_) => Kind::Inner,
            };
            lines.add(kind, scale.at(a), scale.at(b));
        }
        lines.end();
    }
    (lines.inner, lines.outer)
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    Inner,
    Outer,
    #[default]
    Drawn,
}

/// Sides joined to lines, one kind each.
#[derive(Default)]
struct Lines {
    inner: Vec<Vec<Point>>,
    outer: Vec<Vec<Point>>,
    kind: Kind,
    line: Vec<Point>,
}

impl Lines {
    fn add(&mut self, kind: Kind, from: Point, to: Point) {
        if kind != self.kind {
            self.end();
        }
        if self.line.is_empty() {
            self.kind = kind;
            self.line.push(from);
        }
        self.line.push(to);
    }

    fn end(&mut self) {
        let line = thinned(&std::mem::take(&mut self.line));
        match self.kind {
            _ if line.is_empty() => {}
            Kind::Inner => self.inner.push(line),
            Kind::Outer => self.outer.push(line),
            Kind::Drawn => {}
        }
    }
}

/// A line without the points that are hardly a pixel from the one before; its ends stay.
fn thinned(line: &[Point]) -> Vec<Point> {
    const LEAST: f64 = 0.8;
    let mut kept: Vec<Point> = Vec::with_capacity(line.len());
    for (place, at) in line.iter().enumerate() {
        let is_far = kept.last().is_none_or(|last| (at.0 - last.0).hypot(at.1 - last.1) >= LEAST);
        if is_far || place + 1 == line.len() {
            kept.push(*at);
        }
    }
    kept
}
