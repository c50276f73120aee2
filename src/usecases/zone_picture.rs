//! What every view of many zones reads: the places below one with their lines, and the names of those that are shown.

use std::{
    collections::{BTreeMap, HashMap},
    ops::RangeBounds,
};

use chrono::Duration;

use super::{Result, UnitRef, zone_state::ZoneChange};
use crate::{
    domain::{
        calendar::Instant,
        text,
        unit::{Unit, UnitId, UnitKind},
        zone::line::Step,
    },
    store::{
        Conn, units,
        zone_lines::{self, Detail, Place},
    },
};

/// How many places a view lists one by one; above that it only counts them.
pub const MOST_ROWS: usize = 400;
/// How many changes a view lists.
const MOST_CHANGES: usize = 200;
/// The stretch that "changed this week" speaks of.
pub(super) const WEEK: Duration = Duration::days(7);

/// The places below one, with their lines.
pub(super) struct Picture {
    /// The place itself among them.
    pub places: Vec<Place>,
}

/// Places with the communes below each.
pub(super) type Groups<'a> = BTreeMap<UnitId, (&'a Place, Vec<&'a Place>)>;

impl Picture {
    /// Reads them as far as they speak of `span`: one query, whatever the size.
    pub fn take(conn: &mut Conn, top: &Unit, span: impl RangeBounds<Instant>, detail: Detail) -> Result<Self> {
        Ok(Self { places: zone_lines::below(conn, top.id, span, detail)? })
    }

    /// The communes; of a hamlet itself, the hamlet.
    pub fn communes(&self) -> impl Iterator<Item = &Place> {
        let lone = self.places.len() == 1;
        self.places.iter().filter(move |place| place.kind == UnitKind::Commune || lone)
    }

    /// One of the places.
    pub fn of(&self, unit: UnitId) -> Option<&Place> {
        self.places.iter().find(|place| place.unit == unit)
    }

    /// The places right below `top` with communes of their own; none below a district, whose communes are listed.
    pub fn groups(&self, top: &Unit) -> Groups<'_> {
        let mut groups = Groups::new();
        if matches!(top.kind, UnitKind::Commune | UnitKind::Hamlet | UnitKind::District) {
            return groups;
        }
        let by_id: HashMap<UnitId, &Place> = self.places.iter().map(|place| (place.unit, place)).collect();
        for commune in self.communes() {
            let above = |place: &&Place| by_id.get(&place.parent?).copied();
            let group = std::iter::successors(Some(commune), above).find(|place| place.parent == Some(top.id));
            // A commune right below the top is no group of its own.
            if let Some(group) = group.filter(|group| group.unit != commune.unit) {
                groups.entry(group.unit).or_insert_with(|| (group, Vec::new())).1.push(commune);
            }
        }
        groups
    }
}

/// What changed in the week up to a moment, and what is coming after it.
pub(super) struct Changes<'a> {
    past: Vec<(&'a Place, Step)>,
    coming: Vec<(&'a Place, Step)>,
}

impl<'a> Changes<'a> {
    /// The newest that changed, and the next to come.
    pub fn of(picture: &'a Picture, at: Instant) -> Self {
        let (mut past, mut coming) = (Vec::new(), Vec::new());
        for place in &picture.places {
            let steps = &place.line.steps;
            let recent = steps.partition_point(|step| step.second <= (at - WEEK).timestamp());
            for (i, step) in steps.iter().enumerate().skip(recent) {
                let before = i.checked_sub(1).and_then(|i| steps.get(i));
                // The same level decided again is no change; most decisions are.
                if before.is_none_or(|before| !step.is_as(*before)) {
                    if step.second > at.timestamp() { &mut coming } else { &mut past }.push((place, *step));
                }
            }
        }
        past.sort_by_key(|(_, step)| std::cmp::Reverse(step.second));
        coming.sort_by_key(|(_, step)| step.second);
        past.truncate(MOST_CHANGES);
        coming.truncate(MOST_CHANGES);
        Self { past, coming }
    }

    /// Where.
    pub fn places(&self) -> impl Iterator<Item = &'a Place> {
        self.past.iter().chain(&self.coming).map(|(place, _)| *place)
    }

    /// In words: what changed, newest first, and what is coming, by time.
    pub fn told(self, names: &Names, at: Instant) -> (Vec<ZoneChange>, Vec<ZoneChange>) {
        let change = |(place, step): (&Place, Step)| ZoneChange::of(&names.of(place.unit)?, &place.line, step, at);
        let told = |changes: Vec<(&Place, Step)>| changes.into_iter().filter_map(change).collect();
        (told(self.past), told(self.coming))
    }
}

/// The names of the places that are shown.
pub(super) struct Names(HashMap<UnitId, Unit>);

impl Names {
    /// Reads them.
    pub fn read(conn: &mut Conn, places: impl Iterator<Item = UnitId>) -> Result<Self> {
        let mut shown: Vec<UnitId> = places.collect();
        shown.sort_unstable();
        shown.dedup();
        Ok(Self(units::with_ids(conn, &shown)?.into_iter().map(|unit| (unit.id, unit)).collect()))
    }

    /// One of them.
    pub fn of(&self, unit: UnitId) -> Option<UnitRef> {
        self.0.get(&unit).map(UnitRef::from)
    }

    /// Puts places into Vietnamese order.
    pub fn sort(&self, places: &mut [&Place]) {
        let name = |place: &Place| self.0.get(&place.unit).map_or("", |unit| unit.name.as_str());
        places.sort_by(|a, b| text::compare(name(a), name(b)));
    }
}
