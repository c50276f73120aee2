//! Where in an outline there is most room: the middle of the largest box of given proportions inside it.
//!
//! The search is that of the "pole of inaccessibility" (Mapbox, polylabel), with the distance to a box's sides instead
//! of that to a point: so that what is found is the room for a label, which is wider than high.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::charts::canvas::Point;

/// A box inside an outline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Room {
    pub middle: Point,
    pub width: f64,
    pub height: f64,
}

/// Pixels to which the height is found, and the share of it that is near enough where there is plenty.
const PRECISION: f64 = 1.0;
const NEAR_ENOUGH: f64 = 0.06;
/// A bound for outlines without end; some hundred are common.
const MOST_CELLS: usize = 3000;

/// A square of the search, in a plane squeezed so that the wanted box is a square too.
struct Cell {
    x: f64,
    y: f64,
    half: f64,
    /// To the nearest border; negative outside.
    distance: f64,
}

impl Cell {
    fn new(x: f64, y: f64, half: f64, rings: &[Vec<Point>]) -> Self {
        Self { x, y, half, distance: signed_distance((x, y), rings) }
    }

    /// No point of the square is farther from the border.
    fn most(&self) -> f64 {
        self.distance + self.half
    }
}

impl PartialEq for Cell {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Cell {}

impl PartialOrd for Cell {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Cell {
    fn cmp(&self, other: &Self) -> Ordering {
        self.most().total_cmp(&other.most())
    }
}

/// The largest box with `aspect` times its height for a width, unless it is lower than `least`; `rings` are a border and
/// the holes in it.
pub(super) fn roomiest<'r>(rings: impl IntoIterator<Item = &'r Vec<Point>>, aspect: f64, least: f64) -> Option<Room> {
    let rings: Vec<Vec<Point>> =
        rings.into_iter().map(|ring| ring.iter().map(|(x, y)| (x / aspect, *y)).collect()).collect();
    let outer = rings.first()?;
    let span = |axis: fn(&Point) -> f64| {
        let values = outer.iter().map(axis);
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(at), high.max(at)))
    };
    let ((left, right), (top, bottom)) = (span(|at| at.0), span(|at| at.1));
    let side = (right - left).min(bottom - top);
    if !(side.is_finite() && side > PRECISION) {
        return None;
    }
    let mut open = BinaryHeap::new();
    let mut y = top;
    while y < bottom {
        let mut x = left;
        while x < right && open.len() < MOST_CELLS {
            open.push(Cell::new(x + side / 2.0, y + side / 2.0, side / 2.0, &rings));
            x += side;
        }
        y += side;
    }
    let mut best = Cell::new(f64::midpoint(left, right), f64::midpoint(top, bottom), 0.0, &rings);
    for _ in 0..MOST_CELLS {
        let Some(cell) = open.pop() else { break };
        if cell.distance > best.distance {
            best = Cell { half: 0.0, ..cell };
        }
        if cell.most() - best.distance <= (PRECISION / 2.0).max(best.distance * NEAR_ENOUGH)
            || cell.most() * 2.0 < least
        {
            break;
        }
        let half = cell.half / 2.0;
        for (x, y) in [(-half, -half), (half, -half), (-half, half), (half, half)] {
            open.push(Cell::new(cell.x + x, cell.y + y, half, &rings));
        }
    }
    let height = best.distance * 2.0;
    (height > 0.0 && height >= least).then_some(Room {
        middle: (best.x * aspect, best.y),
        width: height * aspect,
        height,
    })
}

/// How far a square around a point may reach to each side before it meets a border; negative outside.
fn signed_distance((x, y): Point, rings: &[Vec<Point>]) -> f64 {
    let mut is_inside = false;
    let mut distance = f64::INFINITY;
    for ring in rings {
        for (a, b) in edges(ring) {
            if (a.1 > y) != (b.1 > y) && x < (b.0 - a.0) * (y - a.1) / (b.1 - a.1) + a.0 {
                is_inside = !is_inside;
            }
            // A side whose own box is no nearer needs no closer look: most of them.
            let beyond = |from: f64, to: f64, at: f64| (from.min(to) - at).max(at - from.max(to));
            if beyond(a.0, b.0, x).max(beyond(a.1, b.1, y)) < distance {
                distance = distance.min(reach((a.0 - x, a.1 - y), (b.0 - x, b.1 - y)));
            }
        }
    }
    if is_inside { distance } else { -distance }
}

/// The sides of a ring.
pub(super) fn edges(ring: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    ring.iter().copied().zip(ring.iter().copied().cycle().skip(1))
}

/// The least of max(|x|, |y|) along a line: at an end, or where x or y is 0, or where they are equal or opposite.
fn reach(a: Point, b: Point) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let at = |share: f64| (a.0 + dx * share).abs().max((a.1 + dy * share).abs());
    let corners = [-a.0 / dx, -a.1 / dy, (a.1 - a.0) / (dx - dy), -(a.0 + a.1) / (dx + dy)];
    let inside = corners.into_iter().filter(|share| (0.0..=1.0).contains(share)).map(at);
    inside.fold(at(0.0).min(at(1.0)), f64::min)
}
