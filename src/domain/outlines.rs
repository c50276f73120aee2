//! Where places lie: simplified outlines, keyed by the places' official codes.
//!
//! Good for a picture, never for saying on which side of a border something lies.

use std::collections::BTreeMap;

/// A point: degrees of longitude, degrees of latitude (WGS 84).
pub type LonLat = (f64, f64);

/// A closed line of at least three points; the first is not repeated at the end.
pub type Ring = Vec<LonLat>;

/// A piece of land.
#[derive(Debug, Clone, PartialEq)]
pub struct Polygon {
    /// Its border.
    pub outer: Ring,
    /// What inside it does not belong to it.
    pub holes: Vec<Ring>,
}

/// The land of one place: one piece, or more where it has islands.
pub type Outline = Vec<Polygon>;

/// The outlines of places by official code (`ma_xa`).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outlines(BTreeMap<String, Outline>);

impl Outlines {
    /// The outline of a place.
    pub fn get(&self, code: &str) -> Option<&Outline> {
        self.0.get(code)
    }

    /// Adds a piece of land to a place.
    pub fn add(&mut self, code: &str, polygon: Polygon) {
        self.0.entry(code.to_owned()).or_default().push(polygon);
    }

    /// Takes in another file's outlines; a place known before gets its outline from there.
    pub fn replace_with(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Every place with its outline, by code.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Outline)> {
        self.0.iter().map(|(code, outline)| (code.as_str(), outline))
    }

    /// How many places have an outline.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The middle of a place's land, by area.
    pub fn centre(&self, code: &str) -> Option<LonLat> {
        let (mut weight, mut x, mut y) = (0.0, 0.0, 0.0);
        for polygon in self.get(code)? {
            let (area, (at_x, at_y)) = centroid(&polygon.outer)?;
            (weight, x, y) = (weight + area, x + area * at_x, y + area * at_y);
        }
        (weight > 0.0).then(|| (x / weight, y / weight))
    }
}

/// Area and centre of a ring; a ring without area has its first point for a centre and hardly any weight.
fn centroid(ring: &[LonLat]) -> Option<(f64, LonLat)> {
    // Reckoned from the first point: far from it the products would swallow the digits that matter.
    let &(x0, y0) = ring.first()?;
    let (mut twice, mut x, mut y) = (0.0, 0.0, 0.0);
    for (&(ax, ay), &(bx, by)) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let (ax, ay, bx, by) = (ax - x0, ay - y0, bx - x0, by - y0);
        let cross = ax * by - bx * ay;
        (twice, x, y) = (twice + cross, x + (ax + bx) * cross, y + (ay + by) * cross);
    }
    if twice.abs() < 1e-12 {
        return Some((1e-12, (x0, y0)));
    }
    Some((twice.abs() / 2.0, (x0 + x / (3.0 * twice), y0 + y / (3.0 * twice))))
}
