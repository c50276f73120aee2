//! What is written on a map and where: name and letter inside the place's own outline, or beside the land with a line
//! that leads to it; only letters where most names would not fit.

use super::ground::{Ground, Piece};
use super::raster::Raster;
use super::room::{Room, roomiest};
use crate::charts::canvas::{Area, Point};
use crate::charts::page::{height, widest};
use crate::charts::text::{Lettering, clean};
use crate::charts::theme::Type;
use crate::charts::zones::Place;

/// What is written for one place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Label {
    /// The lines of its name, and the middle of them.
    pub name: Option<(Vec<String>, Point)>,
    /// Middle of the disc with its letter.
    pub disc: Option<Point>,
    /// From the place to a label that stands outside it.
    pub leader: Option<[Point; 2]>,
}

/// Radius of the disc behind a letter.
pub(super) const DISC: f64 = 8.0;
/// A disc needs this much room to each side; its rim may touch the border.
const LEAST_HALF: f64 = 6.0;
/// A name may reach over the border by this share: its halo keeps it legible.
const SQUEEZE: f64 = 0.93;
const MOST_LINES: usize = 4;
const GAP: f64 = 2.0;
/// Names are left out altogether when fewer than this share of places have room for theirs.
const NAMED_SHARE: f64 = 0.6;

/// The labels of a map.
#[derive(Debug, Clone)]
pub(super) struct Labels {
    pub each: Vec<Label>,
    pub lettering: Lettering,
}

/// A label being placed.
struct Writer<'a> {
    ground: &'a Ground,
    lettering: Lettering,
    taken: Vec<Area>,
    /// What lies on land; made when the first label has to go outside.
    land: Option<Raster>,
}

impl Labels {
    pub fn new(places: &[&Place], ground: &Ground, letters: &Type) -> Self {
        let lettering = Lettering { size: letters.footer.size.max(12.0), ..letters.value };
        let texts: Vec<String> = places.iter().map(|place| clean(&place.name)).collect();
        let largest: Vec<Option<&Piece>> = ground.lands.iter().map(|land| land.first()).collect();
        let fitting: Vec<Option<Label>> =
            texts.iter().zip(&largest).map(|(name, piece)| inside(name, (*piece)?, lettering)).collect();
        let [on_map, named] = [largest.iter().flatten().count(), fitting.iter().flatten().count()].map(share);
        let has_names = named >= on_map * NAMED_SHARE;
        let mut writer = Writer { ground, lettering, taken: Vec::new(), land: None };
        let mut each: Vec<Option<Label>> = if has_names { fitting } else { vec![None; places.len()] };
        writer.taken.extend(each.iter().flatten().map(|label| label.area(lettering)));
        // Letters that fit come before labels that have to look for a place.
        let discs: Vec<Option<Room>> = each
            .iter()
            .zip(&largest)
            .map(|(label, piece)| if label.is_none() { roomiest(&(*piece)?.rings, 1.0, 0.0) } else { None })
            .collect();
        for (label, room) in each.iter_mut().zip(&discs) {
            let Some(room) = room.filter(|room| !has_names && room.height / 2.0 >= LEAST_HALF) else { continue };
            let found = Label { name: None, disc: Some(room.middle), leader: None };
            writer.taken.push(found.area(lettering));
            *label = Some(found);
        }
        for ((label, room), name) in each.iter_mut().zip(&discs).zip(&texts) {
            let Some(room) = room.filter(|_| label.is_none()) else { continue };
            *label = writer.beside(has_names.then_some(name.as_str()), room);
        }
        let none = || Label { name: None, disc: None, leader: None };
        Self { each: each.into_iter().map(|label| label.unwrap_or_else(none)).collect(), lettering }
    }
}

impl Label {
    /// The box of what is written.
    fn area(&self, lettering: Lettering) -> Area {
        let around = |(x, y): Point, (width, height): Point| Area {
            left: x - width / 2.0,
            top: y - height / 2.0,
            width,
            height,
        };
        let disc = self.disc.map(|at| around(at, (2.0 * DISC, 2.0 * DISC)));
        let name = self.name.as_ref().map(|(lines, at)| around(*at, size(lines, lettering)));
        match (name, disc) {
            (Some(name), Some(disc)) => {
                let (left, top) = (name.left.min(disc.left), name.top.min(disc.top));
                let (right, bottom) = (name.right().max(disc.right()), name.bottom().max(disc.bottom()));
                Area { left, top, width: right - left, height: bottom - top }
            }
            (Some(area), None) | (None, Some(area)) => area,
            (None, None) => around((0.0, 0.0), (0.0, 0.0)),
        }
    }
}

fn size(lines: &[String], lettering: Lettering) -> Point {
    (widest(lines, lettering), height(lines, lettering))
}

/// Name over letter within the outline, on as few lines as fit.
fn inside(name: &str, piece: &Piece, lettering: Lettering) -> Option<Label> {
    let name = Name::new(name, lettering);
    if piece.area < (name.width() * lettering.line_height() + 4.0 * DISC * DISC) * SQUEEZE * SQUEEZE {
        return None;
    }
    for most in 1..=MOST_LINES {
        let lines = name.balanced(most);
        if lines.len() < most {
            return None;
        }
        let (width, words) = size(&lines, lettering);
        let (width, height) = (width.max(2.0 * DISC), words + GAP + 2.0 * DISC);
        // What has less land than the label needs no search.
        if piece.area < width * height * SQUEEZE * SQUEEZE {
            continue;
        }
        let Some(room) = roomiest(&piece.rings, width / height, height * SQUEEZE) else { continue };
        let (x, top) = (room.middle.0, room.middle.1 - height / 2.0);
        return Some(Label {
            name: Some((lines, (x, top + words / 2.0))),
            disc: Some((x, top + words + GAP + DISC)),
            leader: None,
        });
    }
    None
}

/// A name as words with their widths, measured once: a map tries many ways to break it.
struct Name<'n> {
    words: Vec<(&'n str, f64)>,
    space: f64,
}

impl<'n> Name<'n> {
    fn new(name: &'n str, lettering: Lettering) -> Self {
        let words = name.split(' ').map(|word| (word, lettering.width(word))).collect();
        Self { words, space: lettering.width(" ") }
    }

    /// Width on one line.
    fn width(&self) -> f64 {
        self.words.iter().map(|(_, width)| width + self.space).sum::<f64>() - self.space
    }

    /// The name on `most` lines of about the same width, or on fewer.
    fn balanced(&self, most: usize) -> Vec<String> {
        let mut room = self.width() / share(most);
        loop {
            let lines = self.broken(room);
            if lines.len() <= most {
                return lines;
            }
            room += 4.0;
        }
    }

    /// The name on lines of at most `room`, a longer word on a line of its own.
    fn broken(&self, room: f64) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut taken = f64::INFINITY;
        for (word, width) in &self.words {
            taken += self.space + width;
            match lines.last_mut() {
                Some(line) if taken <= room + 0.01 => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => {
                    lines.push((*word).to_owned());
                    taken = *width;
                }
            }
        }
        lines
    }
}

impl Writer<'_> {
    /// A label beside the land, as near as there is room; without any, the letter alone if the place can hold it.
    fn beside(&mut self, name: Option<&str>, from: Room) -> Option<Label> {
        const DIRECTIONS: u32 = 24;
        // A letter alone is not worth a long line: the colour, the table and the tiles tell the same.
        let farthest = if name.is_some() { 13 } else { 5 };
        let fits_disc = from.height / 2.0 >= LEAST_HALF;
        let lines = name.map(|name| Name::new(name, self.lettering).balanced(2)).unwrap_or_default();
        let words = size(&lines, self.lettering);
        // The letter goes along unless the place can hold it.
        let disc_width = if fits_disc { 0.0 } else { 2.0 * DISC + if lines.is_empty() { 0.0 } else { 3.0 } };
        let (width, height) = (words.0 + disc_width, words.1.max(if fits_disc { 0.0 } else { 2.0 * DISC }));
        let ways =
            (2..farthest).flat_map(|step| (0..DIRECTIONS).map(move |way| (f64::from(step) * 8.0, f64::from(way))));
        for (distance, way) in ways {
            let (sin, cos) = (way * std::f64::consts::TAU / f64::from(DIRECTIONS)).sin_cos();
            let middle =
                (from.middle.0 + cos * (distance + width / 2.0), from.middle.1 + sin * (distance + height / 2.0));
            let area = Area { left: middle.0 - width / 2.0, top: middle.1 - height / 2.0, width, height };
            if !self.is_free(area) {
                continue;
            }
            let end = (
                from.middle.0.clamp(area.left - 1.0, area.right() + 1.0),
                from.middle.1.clamp(area.top, area.bottom()),
            );
            if self.taken.iter().any(|other| crosses(from.middle, end, *other)) {
                continue;
            }
            self.taken.push(area);
            let disc = if fits_disc { from.middle } else { (area.left + DISC, area.middle()) };
            let name = (!lines.is_empty()).then(|| (lines, (area.right() - words.0 / 2.0, area.middle())));
            let start = if fits_disc { toward(from.middle, end, DISC) } else { from.middle };
            return Some(Label { name, disc: Some(disc), leader: Some([start, end]) });
        }
        fits_disc.then_some(Label { name: None, disc: Some(from.middle), leader: None })
    }

    /// Whether nothing is written in `area`, nor within a little of it, and no land is under it.
    fn is_free(&mut self, area: Area) -> bool {
        const AROUND: f64 = 3.0;
        let wide = Area {
            left: area.left - AROUND,
            top: area.top - AROUND,
            width: area.width + 2.0 * AROUND,
            height: area.height + 2.0 * AROUND,
        };
        let is_on_sheet = area.left >= 0.0
            && area.top >= 0.0
            && area.right() <= self.ground.width
            && area.bottom() <= self.ground.height;
        if !is_on_sheet || self.taken.iter().any(|other| overlap(wide, *other)) {
            return false;
        }
        let ground = self.ground;
        !self.land.get_or_insert_with(|| Raster::new(ground)).has_land(wide)
    }
}

/// A point on the way from one to another.
fn toward(from: Point, to: Point, distance: f64) -> Point {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let share = (distance / dx.hypot(dy).max(1.0)).min(1.0);
    (from.0 + dx * share, from.1 + dy * share)
}

fn overlap(a: Area, b: Area) -> bool {
    a.left < b.right() && b.left < a.right() && a.top < b.bottom() && b.top < a.bottom()
}

/// Whether a line from one point to another runs through an area, looked at every few pixels.
fn crosses(from: Point, to: Point, area: Area) -> bool {
    (1..20).map(|step| f64::from(step) / 20.0).any(|share| {
        let (x, y) = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
        x > area.left && x < area.right() && y > area.top && y < area.bottom()
    })
}

fn share(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}
