//! From a written name to a unit: every way to read it, the best of what it can mean, nothing guessed.

use std::{collections::HashMap, ops::Range};

use unicode_normalization::UnicodeNormalization;

use super::{
    bodies,
    gazetteer::{Gazetteer, Index, Known},
    outline::Outline,
    reading::{Numbers, Reading, readings},
    suggest::{self, Unknown},
    words::{Closeness, Gap, Word, Words},
};
use crate::domain::{text, unit::UnitKind};

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wanted {
    /// Provinces, districts and communes; hamlets only inside one commune.
    #[default]
    Places,
    /// ấp, khóm, thôn, …
    Hamlets,
    /// Bodies: offices, centres, schools, committees of communes.
    Agencies,
}

/// Where and what to look for.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    scope: Option<Index>,
    wanted: Wanted,
    aliases: Option<&'a HashMap<String, String>>,
}

impl<'a> Context<'a> {
    /// Looks inside the unit `scope` (empty: the whole country); none when there is no such unit.
    pub fn new(gazetteer: &Gazetteer, scope: &str, wanted: Wanted) -> Option<Self> {
        let scope = if scope.is_empty() { None } else { Some(gazetteer.index(scope)?) };
        Some(Self { scope, wanted, aliases: None })
    }

    /// Knows names that somebody has confirmed, by their [`alias_key`], and the code each means.
    #[must_use]
    pub fn with_aliases(mut self, aliases: &'a HashMap<String, String>) -> Self {
        self.aliases = Some(aliases);
        self
    }

    /// Whether the unit stands inside the scope; the scope itself does not.
    pub(super) fn holds(&self, unit: &Known) -> bool {
        self.scope.is_none_or(|scope| unit.above.contains(&scope))
    }

    pub(super) fn scope(&self) -> Option<Index> {
        self.scope
    }

    /// Whether bodies are looked for.
    pub(super) fn wants_agencies(&self) -> bool {
        self.wanted == Wanted::Agencies
    }

    /// Whether this kind of unit is looked for.
    pub(super) fn wants(&self, gazetteer: &Gazetteer, kind: UnitKind) -> bool {
        match self.wanted {
            Wanted::Hamlets => kind == UnitKind::Hamlet,
            _ if kind == UnitKind::Hamlet => {
                let scope = self.scope.and_then(|scope| gazetteer.unit(scope));
                scope.is_some_and(|scope| scope.kind == UnitKind::Commune)
            }
            _ => kind.is_place(),
        }
    }
}

/// How a name was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// By its code.
    Code,
    /// Letter by letter, kinds, case, tone placement and i/y aside.
    Exact,
    /// Somebody has confirmed it before.
    Alias,
    /// Without some of its marks, or with a number written another way.
    Folded,
}

/// What a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match<'g> {
    /// One unit, by its code.
    One(&'g str, How),
    /// Any of these, by their codes.
    Several(Vec<&'g str>),
    /// None. [`Gazetteer::explain`] says why, and what may have been meant.
    Unknown,
}

/// What a confirmed name is kept by: marks and spacing aside.
pub fn alias_key(name: &str) -> String {
    text::search_key(name)
}

/// The units that fit best, and how well.
pub(super) struct Found {
    closeness: Closeness,
    pub(super) units: Vec<Index>,
}

impl Gazetteer {
    /// The unit a name means in this context.
    pub fn resolve(&self, name: &str, context: &Context<'_>) -> Match<'_> {
        let words = Words::read(name);
        if context.wanted == Wanted::Agencies {
            let coded = self.index(name.trim()).and_then(|index| self.unit(index));
            if let Some(body) = coded.filter(|unit| !unit.kind.is_place() && context.holds(unit)) {
                return Match::One(&body.code, How::Code);
            }
            if let Some(found) = bodies::resolve(self, &words, context) {
                return found;
            }
        }
        match self.place(name, &words, context) {
            Match::One(code, how) if context.wanted == Wanted::Agencies && how != How::Alias => {
                // "Xã Kiến An" among bodies is its committee.
                let committee = self.index(code).and_then(|place| self.committees.get(&place));
                committee.map_or(Match::Unknown, |committee| Match::One(self.code(*committee), How::Folded))
            }
            found => found,
        }
    }

    fn place(&self, name: &str, words: &Words, context: &Context<'_>) -> Match<'_> {
        let mut found = match self.by_code(words, context) {
            Some(found) => return found,
            None => self.by_name(words, context),
        };
        if let Some(found) = found.as_mut().filter(|found| found.units.len() > 1) {
            self.prefer_official(name, &mut found.units);
        }
        match found {
            Some(Found { closeness: Closeness::Same, units }) if units.len() == 1 => self.answer(&units, How::Exact),
            found => match (self.by_alias(name, context), found) {
                (Match::Unknown, Some(found)) => {
                    let how = if found.closeness == Closeness::Same { How::Exact } else { How::Folded };
                    self.answer(&found.units, how)
                }
                (alias, _) => alias,
            },
        }
    }

    /// Of several, those whose full name it is letter by letter: "Xã Quý Quân" is not "Xã Quí Quân". A number is one
    /// however it is written: "Phường 1" may be Phường 01.
    fn prefer_official(&self, name: &str, units: &mut Vec<Index>) {
        let fold = |name: &str| name.trim().nfc().flat_map(char::to_lowercase).collect::<String>();
        let name = fold(name);
        if name.contains(|c: char| c.is_ascii_digit()) {
            return;
        }
        let is_official = |index: &Index| self.unit(*index).is_some_and(|unit| fold(&unit.full_name) == name);
        if units.iter().any(is_official) {
            units.retain(is_official);
        }
    }

    /// Why a name means no unit here, and which may have been meant. Slower than [`Gazetteer::resolve`].
    pub fn explain(&self, name: &str, context: &Context<'_>) -> Unknown<'_> {
        suggest::explain(self, &Words::read(name), context)
    }

    fn answer(&self, units: &[Index], how: How) -> Match<'_> {
        match units {
            [] => Match::Unknown,
            [one] => Match::One(self.code(*one), how),
            several => Match::Several(self.choice(several)),
        }
    }

    /// The codes to choose from, upper levels first. Where several districts share the name, they are the choice:
    /// their seats and other communes of that name are reached through them.
    fn choice(&self, units: &[Index]) -> Vec<&str> {
        let mut known: Vec<&Known> = units.iter().filter_map(|index| self.unit(*index)).collect();
        known.sort_by(|a, b| (a.kind, &a.code).cmp(&(b.kind, &b.code)));
        let top = known.first().map(|unit| unit.kind);
        let on_top = known.iter().filter(|unit| Some(unit.kind) == top).count();
        if on_top > 1 {
            known.truncate(on_top);
        }
        known.into_iter().map(|unit| unit.code.as_str()).collect()
    }

    fn by_alias(&self, name: &str, context: &Context<'_>) -> Match<'_> {
        let code = context.aliases.and_then(|aliases| aliases.get(&alias_key(name)));
        match code.and_then(|code| self.index(code)) {
            Some(index) if self.unit(index).is_some_and(|unit| context.holds(unit)) => {
                Match::One(self.code(index), How::Alias)
            }
            _ => Match::Unknown,
        }
    }

    /// A number alone is a code, or nothing. Spreadsheets add ".0" or ",0" and drop leading zeros.
    fn by_code(&self, words: &Words, context: &Context<'_>) -> Option<Match<'_>> {
        let [code, rest @ ..] = words.all() else { return Some(Match::Unknown) };
        let is_decimal = || {
            let zeros = words.letters(&(1..2)).iter().all(|digit| *digit == b'0');
            let is_joined = |word: &Word| code.is_pointed && word.gap == Gap::Space || word.gap == Gap::Break;
            rest.iter().all(|word| word.is_number && is_joined(word)) && zeros
        };
        if !code.is_number || rest.len() > 1 || (rest.len() == 1 && !is_decimal()) {
            return None;
        }
        let digits = String::from_utf8_lossy(words.letters(&(0..1))).into_owned();
        let found = self.coded(&digits, context);
        Some(found.map_or(Match::Unknown, |index| Match::One(self.code(index), How::Code)))
    }

    /// The unit inside the scope that has this code, with the zeros that a spreadsheet drops.
    pub(super) fn coded(&self, digits: &str, context: &Context<'_>) -> Option<Index> {
        // One or two digits are a running number everywhere but in a list of provinces.
        if digits.len() < 2 || (digits.len() == 2 && context.scope.is_some()) {
            return None;
        }
        let is_here =
            |index: &Index| self.unit(*index).is_some_and(|unit| context.holds(unit) && context.wants(self, unit.kind));
        let padded = [format!("{digits:0>3}"), format!("{digits:0>5}")];
        let longer = if digits.len() > 2 { padded.as_slice() } else { &[] };
        let as_written = self.index(digits).filter(is_here);
        as_written.or_else(|| longer.iter().filter_map(|code| self.index(code)).find(is_here))
    }

    fn by_name(&self, words: &Words, context: &Context<'_>) -> Option<Found> {
        if words.has_lost() {
            return None;
        }
        let all = 0..words.len();
        // A name may have commas' worth of dashes in it: "Bà Rịa - Vũng Tàu".
        if !words.all().iter().any(|word| word.in_brackets)
            && let Some(found) = self.find(words, &all, &[], None, Numbers::AsWritten, context)
        {
            return Some(found);
        }
        let outline = Outline::read(words);
        if outline.is_former {
            return None;
        }
        let found = self.by_parts(words, &outline, Numbers::AsWritten, context);
        if let (true, Some(number)) = (outline.parts.is_empty(), &outline.number) {
            // "Mã 30634"
            return Some(Found { closeness: Closeness::Same, units: vec![self.coded(number, context)?] });
        }
        let found = found.or_else(|| self.by_parts(words, &outline, Numbers::Spelled, context));
        // "Long Điền (A)": brackets around what is no part, no kind and no note.
        let has_note = words.all().iter().any(|word| word.in_brackets && word.is_number);
        let whole = || self.find(words, &all, &[], None, Numbers::AsWritten, context);
        let mut found = found.or_else(|| if has_note { None } else { whole() })?;
        if let Some(number) = &outline.number {
            // A running number of three digits beside the name means nothing; a code decides, or contradicts.
            let coded = self.coded(number, context);
            match coded.filter(|coded| found.units.contains(coded)) {
                Some(coded) => found.units = vec![coded],
                None if number.len() > 3 => return None,
                None => {}
            }
        }
        Some(found)
    }

    fn by_parts(&self, words: &Words, outline: &Outline, numbers: Numbers, context: &Context<'_>) -> Option<Found> {
        let in_order = |parts: &[Range<usize>]| {
            let (first, above) = parts.split_first()?;
            let forward = self.find(words, first, above, outline.kinds, numbers, context);
            forward.or_else(|| {
                let (last, above) = parts.split_last().filter(|(_, above)| !above.is_empty())?;
                let mut above = above.to_vec();
                above.reverse();
                self.find(words, last, &above, outline.kinds, numbers, context)
            })
        };
        let cut = outline.cut(words);
        let found = in_order(&outline.parts).or_else(|| in_order(&outline.joined())).or_else(|| in_order(&cut));
        let found = found.or_else(|| in_order(&Outline::without_links(&cut, words)));
        found.or_else(|| outline.in_two(words).iter().find_map(|parts| in_order(parts)))
    }

    /// The units that `part` names and that stand under what each of `above` names.
    fn find(
        &self,
        words: &Words,
        part: &Range<usize>,
        above: &[Range<usize>],
        kinds: Option<super::kinds::Kinds>,
        numbers: Numbers,
        context: &Context<'_>,
    ) -> Option<Found> {
        let mut best: Option<Found> = None;
        let mut parents: Option<Vec<Vec<Reading>>> = None;
        for reading in readings(words, part, numbers) {
            for index in self.named(&reading.key.letters) {
                let Some(unit) = self.unit(*index) else { continue };
                let closeness = reading.closeness(unit);
                let is_here = context.holds(unit) || Self::is_scope_by_name(*index, &reading, context);
                if closeness == Closeness::Contrary
                    || !is_here
                    || !reading.is_kind_of(unit)
                    || kinds.is_some_and(|kinds| !kinds.meets(unit.kinds))
                    || kinds.is_none() && reading.is_bare_number()
                    || !context.wants(self, unit.kind)
                {
                    continue;
                }
                let parents = parents.get_or_insert_with(|| {
                    above.iter().map(|part| readings(words, part, Numbers::AsWritten)).collect()
                });
                if !self.stands_under(unit, parents) {
                    continue;
                }
                match &mut best {
                    Some(best) if best.closeness < closeness => {}
                    Some(best) if best.closeness == closeness => {
                        if !best.units.contains(index) {
                            best.units.push(*index);
                        }
                    }
                    best => *best = Some(Found { closeness, units: vec![*index] }),
                }
            }
        }
        let mut best = best?;
        if let Some([next, ..]) = parents.as_deref()
            && best.units.len() > 1
        {
            // "Chợ Mới, An Giang" is the district, not the township two steps below the province.
            let is_next = |index: &Index| {
                let nearest = self.unit(*index).and_then(|unit| self.unit(*unit.above.first()?));
                nearest.is_some_and(|nearest| next.iter().any(|reading| reading.names(nearest)))
            };
            if best.units.iter().any(is_next) {
                best.units.retain(is_next);
            }
        }
        Some(best)
    }

    /// The scope is meant only where it is named with its kind, and not by its committee: a body of its own.
    fn is_scope_by_name(index: Index, reading: &Reading, context: &Context<'_>) -> bool {
        context.scope == Some(index) && reading.kinds.is_some() && !reading.is_office
    }

    /// Whether each of the names is one of the units above this one, each another.
    pub(super) fn stands_under(&self, unit: &Known, names: &[Vec<Reading>]) -> bool {
        let mut above: Vec<Index> = unit.above.clone();
        names.iter().all(|readings| {
            let is_named = |index: &Index| {
                self.unit(*index).is_some_and(|parent| readings.iter().any(|reading| reading.names(parent)))
            };
            let place = above.iter().position(is_named);
            place.map(|place| above.remove(place)).is_some()
        })
    }
}
