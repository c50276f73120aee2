//! The register of units, indexed by every key a name is looked up by. Built once, then only read.

use std::collections::HashMap;

use super::{
    kinds::{self, Kinds},
    reading::Reading,
    words::{Key, Words},
};
use crate::domain::unit::UnitKind;

/// A unit as the register lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Official code.
    pub code: String,
    /// What it is.
    pub kind: UnitKind,
    /// Name without the kind: "Kiến An".
    pub name: String,
    /// Name as it is shown: "Xã Kiến An".
    pub full_name: String,
    /// The code of the unit it stands under.
    pub parent: Option<String>,
    /// A heading over bodies, which no name means.
    pub is_class: bool,
}

/// A unit that is no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Former {
    /// What it was called, with its kind.
    pub full_name: String,
    /// The code of the unit it stood under.
    pub parent: String,
    /// What it became part of: one code, or several where it was divided; none where that is not known.
    pub successors: Vec<String>,
}

/// A place in the list of units.
pub(super) type Index = usize;

/// A unit as it is compared.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) code: String,
    pub(super) kind: UnitKind,
    /// What it calls itself.
    pub(super) kinds: Kinds,
    pub(super) full_name: String,
    pub(super) key: Key,
    /// The words of its name, for initials.
    pub(super) words: Vec<Vec<u8>>,
    /// The units above it, the nearest first.
    pub(super) above: Vec<Index>,
    pub(super) is_class: bool,
}

#[derive(Debug)]
pub(super) struct Gone {
    pub(super) key: Key,
    pub(super) kinds: Kinds,
    /// The unit it stood under and those above, the nearest first.
    pub(super) above: Vec<Index>,
    pub(super) successors: Vec<Index>,
}

/// Every unit a name can mean.
#[derive(Debug, Default)]
pub struct Gazetteer {
    pub(super) units: Vec<Known>,
    by_code: HashMap<String, Index>,
    by_letters: HashMap<Vec<u8>, Vec<Index>>,
    /// Bodies by the place they stand under.
    pub(super) committees: HashMap<Index, Index>,
    pub(super) gone: Vec<Gone>,
}

impl Gazetteer {
    /// Indexes the register. A unit under one that is not listed stands alone.
    pub fn new(entries: impl IntoIterator<Item = Entry>, former: &[Former]) -> Self {
        let entries: Vec<Entry> = entries.into_iter().collect();
        let by_code = entries.iter().enumerate().map(|(i, entry)| (entry.code.clone(), i)).collect();
        let mut gazetteer = Self { by_code, ..Self::default() };
        let parents: Vec<Option<Index>> =
            entries.iter().map(|entry| gazetteer.index(entry.parent.as_deref()?)).collect();
        for (i, entry) in entries.into_iter().enumerate() {
            let words = Words::read(&entry.name);
            let key = words.whole();
            if entry.kind.is_place() {
                gazetteer.by_letters.entry(key.letters.clone()).or_default().push(i);
            }
            if entry.kind == UnitKind::CommuneCommittee
                && let Some(place) = parents.get(i).copied().flatten()
            {
                gazetteer.committees.insert(place, i);
            }
            gazetteer.units.push(Known {
                kinds: own_kinds(&entry),
                words: (0..words.len()).map(|at| words.letters(&(at..at + 1)).to_vec()).collect(),
                above: above(&parents, i),
                code: entry.code,
                full_name: entry.full_name,
                kind: entry.kind,
                key,
                is_class: entry.is_class,
            });
        }
        gazetteer.gone = former.iter().filter_map(|former| gazetteer.gone(former)).collect();
        gazetteer
    }

    /// Whether it knows no unit at all.
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// The full name of the unit with this code.
    pub fn full_name(&self, code: &str) -> Option<&str> {
        self.unit(self.index(code)?).map(|unit| unit.full_name.as_str())
    }

    /// What the unit with this code is.
    pub fn kind(&self, code: &str) -> Option<UnitKind> {
        self.unit(self.index(code)?).map(|unit| unit.kind)
    }

    /// Whether a unit stands somewhere under another.
    pub fn stands_inside(&self, code: &str, top: &str) -> bool {
        let unit = self.index(code).and_then(|index| self.unit(index));
        let top = self.index(top);
        unit.zip(top).is_some_and(|(unit, top)| unit.above.contains(&top))
    }

    fn gone(&self, former: &Former) -> Option<Gone> {
        let parent = self.index(&former.parent)?;
        let words = Words::read(&former.full_name);
        let said = kinds::at(&words, 0, words.len())?;
        let above = std::iter::once(parent).chain(self.unit(parent)?.above.iter().copied()).collect();
        let successors = former.successors.iter().filter_map(|code| self.index(code)).collect();
        Some(Gone { key: words.key(&(said.words..words.len())), kinds: said.kinds, above, successors })
    }

    /// The unit with this code.
    pub(super) fn index(&self, code: &str) -> Option<Index> {
        self.by_code.get(code).copied()
    }

    pub(super) fn unit(&self, index: Index) -> Option<&Known> {
        self.units.get(index)
    }

    /// The places whose names have these letters.
    pub(super) fn named(&self, letters: &[u8]) -> &[Index] {
        self.by_letters.get(letters).map_or(&[], Vec::as_slice)
    }

    /// Whether some place has one of these names.
    pub(super) fn names_a_place(&self, readings: &[Reading]) -> bool {
        readings.iter().any(|reading| {
            self.named(&reading.key.letters).iter().filter_map(|at| self.unit(*at)).any(|unit| reading.names(unit))
        })
    }

    pub(super) fn code(&self, index: Index) -> &str {
        self.unit(index).map_or("", |unit| &unit.code)
    }
}

fn above(parents: &[Option<Index>], of: Index) -> Vec<Index> {
    let mut above = Vec::new();
    let mut next = parents.get(of).copied().flatten();
    while let Some(index) = next
        && !above.contains(&index)
    {
        above.push(index);
        next = parents.get(index).copied().flatten();
    }
    above
}

/// What a unit calls itself, from its full name; a city's level from the register.
fn own_kinds(entry: &Entry) -> Kinds {
    let words = Words::read(&entry.full_name);
    let said = kinds::at(&words, 0, words.len()).map(|said| said.kinds).unwrap_or_default();
    said.of_level(entry.kind)
}
