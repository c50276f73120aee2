//! A map laid out, ready to be drawn again and again: from one day to the next only its colours change.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use super::ground::{Ground, Piece};
use super::labels::{DISC, Label, Labels};
use crate::charts::ChartError;
use crate::charts::canvas::{Align, Canvas, Fill, Point, Stroke};
use crate::charts::marks::Hit;
use crate::charts::theme::{self, Type};
use crate::charts::zone_look::{self, EMPHASIS, Look, THIN};
use crate::charts::zones::Place;
use crate::domain::outlines::Outlines;

const INNER: Stroke = Stroke::solid(theme::WHITE, 1.6);
const OUTER: Stroke = Stroke::solid(theme::SECOND, 1.3);
const LEADER: Stroke = Stroke::solid(theme::SECOND, 1.0);

/// A map laid out, from (0, 0).
pub(in crate::charts) struct Plan {
    ground: Ground,
    labels: Labels,
}

/// The plans laid out lately, by everything they are made from. Laying one out costs more than drawing it.
static LAID_OUT: LazyLock<Mutex<HashMap<u64, Arc<Plan>>>> = LazyLock::new(Mutex::default);

/// How many plans are kept: some hundred kilobytes each, and a committee looks at a few areas at two widths.
const MOST_KEPT: usize = 12;

impl Plan {
    /// The map of `places` as large as `room` allows; `None` when no place has an outline. Laid out once for the same
    /// places, outlines and letters.
    pub fn of(places: &[&Place], outlines: &Outlines, room: Point, letters: &Type) -> Option<Arc<Self>> {
        let key = key(places, outlines, room, letters);
        let laid_out = || LAID_OUT.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(plan) = laid_out().get(&key) {
            return Some(Arc::clone(plan));
        }
        let plan = Arc::new(Self::new(places, outlines, room, letters)?);
        let mut kept = laid_out();
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(key, Arc::clone(&plan));
        Some(plan)
    }

    fn new(places: &[&Place], outlines: &Outlines, room: Point, letters: &Type) -> Option<Self> {
        let ground = Ground::new(places, outlines, room)?;
        let labels = Labels::new(places, &ground, letters);
        Some(Self { ground, labels })
    }

    /// Width and height.
    pub fn size(&self) -> Point {
        (self.ground.width, self.ground.height)
    }

    /// Draws the map with its top left corner at `corner`.
    pub fn draw(&self, canvas: &mut Canvas<'_>, corner: Point, looks: &[Look]) -> Result<(), ChartError> {
        for (piece, look) in self.large_to_small(looks) {
            for (place, ring) in piece.rings.iter().enumerate() {
                let fill = if place == 0 { zone_look::fill(look.zone) } else { Fill::Plain(theme::WHITE) };
                canvas.polygon(&moved(ring, corner), fill)?;
            }
        }
        // White borders would not part two hatched places.
        let hatched = self.ground.lands.iter().zip(looks).filter(|(_, look)| look.zone.is_none());
        let hatched: Vec<_> = hatched.flat_map(|(land, _)| land).filter_map(|piece| piece.rings.first()).collect();
        for (lines, stroke) in [(&self.ground.inner, INNER), (&self.ground.outer, OUTER)] {
            for line in lines {
                canvas.line(&moved(line, corner), stroke)?;
            }
        }
        for ring in hatched {
            canvas.line(&closed(ring, corner), THIN)?;
        }
        let changed = self.ground.lands.iter().zip(looks).filter(|(_, look)| look.is_changed);
        for ring in changed.flat_map(|(land, _)| land).filter_map(|piece| piece.rings.first()) {
            canvas.line(&closed(ring, corner), EMPHASIS)?;
        }
        self.write(canvas, corner, looks)
    }

    /// A piece inside another one is drawn over it.
    fn large_to_small<'p>(&'p self, looks: &'p [Look]) -> Vec<(&'p Piece, Look)> {
        let lands = self.ground.lands.iter().zip(looks);
        let mut pieces: Vec<_> = lands.flat_map(|(land, look)| land.iter().map(|piece| (piece, *look))).collect();
        pieces.sort_by(|(a, _), (b, _)| b.area.total_cmp(&a.area));
        pieces
    }

    fn write(&self, canvas: &mut Canvas<'_>, corner: Point, looks: &[Look]) -> Result<(), ChartError> {
        let at = |point: Point| (corner.0 + point.0, corner.1 + point.1);
        // A place that is not classified has no letter to lead to.
        let has_text = |(label, look): &(&Label, &Look)| label.name.is_some() || look.zone.is_some();
        let led = self.labels.each.iter().zip(looks).filter(has_text);
        for [from, to] in led.filter_map(|(label, _)| label.leader) {
            canvas.line(&[at(from), at(to)], Stroke::solid(theme::WHITE, 3.0))?;
            canvas.line(&[at(from), at(to)], LEADER)?;
        }
        for (label, look) in self.labels.each.iter().zip(looks) {
            if let Some((lines, middle)) = &label.name {
                if label.leader.is_some() {
                    canvas.lines(at(*middle), lines, self.labels.lettering, Align::Middle)?;
                } else {
                    canvas.haloed(at(*middle), lines, self.labels.lettering)?;
                }
            }
            if let Some(middle) = label.disc {
                zone_look::disc(canvas, at(middle), DISC, look.zone)?;
            }
        }
        Ok(())
    }

    /// The land of each place, for a pointer; none where there is no outline.
    pub fn hits(&self, corner: Point) -> impl Iterator<Item = Option<Hit>> {
        self.ground.lands.iter().map(move |land| {
            let shapes: Vec<_> =
                land.iter().filter_map(|piece| piece.rings.first()).map(|ring| moved(ring, corner)).collect();
            (!shapes.is_empty()).then_some(Hit::Shapes(shapes))
        })
    }
}

/// A number of all that decides how a map is laid out.
fn key(places: &[&Place], outlines: &Outlines, room: Point, letters: &Type) -> u64 {
    let mut hasher = DefaultHasher::new();
    let bits = |point: &(f64, f64)| (point.0.to_bits(), point.1.to_bits());
    (bits(&room), letters.footer.size.to_bits(), letters.value.size.to_bits(), letters.value.semibold)
        .hash(&mut hasher);
    for place in places {
        (&place.code, &place.name).hash(&mut hasher);
        for polygon in outlines.get(&place.code).into_iter().flatten() {
            for ring in std::iter::once(&polygon.outer).chain(&polygon.holes) {
                ring.len().hash(&mut hasher);
                for point in ring {
                    bits(point).hash(&mut hasher);
                }
            }
        }
    }
    hasher.finish()
}

/// Round to the second point, so that the last corner is joined like the others.
fn closed(ring: &[Point], by: Point) -> Vec<Point> {
    let mut line = moved(ring, by);
    line.extend_from_within(..2.min(line.len()));
    line
}

fn moved(points: &[Point], by: Point) -> Vec<Point> {
    points.iter().map(|(x, y)| (x + by.0, y + by.1)).collect()
}
