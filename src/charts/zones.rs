//! What every picture of zones shares: places, words, counts. How a zone looks is in `zone_look`.

use chrono::NaiveDate;

use super::marks::{Hit, Mark};
use crate::domain::zone::Colour;

/// What the colours are called; a zone is never shown by its colour alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ZoneWords {
    /// "Vùng xanh".
    pub green: String,
    /// "Vùng vàng".
    pub yellow: String,
    /// "Vùng cam".
    pub orange: String,
    /// "Vùng đỏ".
    pub red: String,
    /// "Chưa phân loại".
    pub unclassified: String,
}

impl ZoneWords {
    /// The word for a colour, or for none.
    pub fn of(&self, zone: Option<Colour>) -> &str {
        match zone {
            Some(Colour::Green) => &self.green,
            Some(Colour::Yellow) => &self.yellow,
            Some(Colour::Orange) => &self.orange,
            Some(Colour::Red) => &self.red,
            None => &self.unclassified,
        }
    }
}

/// A place and its zone at the time of the picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Official code: finds its outline and its tile.
    pub code: String,
    /// Name as short as it can be told from its neighbours: "Kiến An", "TT Chợ Mới".
    pub name: String,
    /// Where a click leads.
    pub href: Option<String>,
    /// What a pointer and a screen reader are told: "Xã Kiến An: vùng vàng từ 18/11/2021".
    pub title: String,
    /// Its zone; `None` is not classified.
    pub zone: Option<Colour>,
}

impl Place {
    /// The place in the layer of links.
    pub(super) fn mark(&self, hit: Hit) -> Mark {
        let title = if self.title.is_empty() { self.name.clone() } else { self.title.clone() };
        Mark { href: self.href.clone(), title, hit, parts: Vec::new() }
    }
}

/// How many places are in each zone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Vùng xanh.
    pub green: u32,
    /// Vùng vàng.
    pub yellow: u32,
    /// Vùng cam.
    pub orange: u32,
    /// Vùng đỏ.
    pub red: u32,
    /// Chưa phân loại.
    pub unclassified: u32,
}

impl Counts {
    /// How many are in this zone, or in none.
    pub fn of(self, zone: Option<Colour>) -> u32 {
        match zone {
            Some(Colour::Green) => self.green,
            Some(Colour::Yellow) => self.yellow,
            Some(Colour::Orange) => self.orange,
            Some(Colour::Red) => self.red,
            None => self.unclassified,
        }
    }

    /// How many places are counted.
    pub fn total(self) -> u32 {
        [self.green, self.yellow, self.orange, self.red, self.unclassified].into_iter().fold(0, u32::saturating_add)
    }
}

/// From this day on levels are those of another scheme and are not to be compared with earlier ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemeChange {
    /// The new scheme's first day.
    pub day: NaiveDate,
    /// Its name: "Nghị quyết 128".
    pub label: String,
}

/// The days of a drive, shaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// First day.
    pub first: NaiveDate,
    /// Last day, inclusive.
    pub last: NaiveDate,
    /// Its name: "Đợt thi đua 16–25/8".
    pub label: String,
}
