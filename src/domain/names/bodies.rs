//! Names of bodies: "Phòng VH&TT", "P. Văn hóa – Thông tin", "TTYT huyện".
//!
//! No list of abbreviations: a written word is a word of the body's name, or the initials of several in a row.

use std::ops::Range;

use super::{
    gazetteer::{Gazetteer, Index, Known},
    outline::Outline,
    reading::{Numbers, Reading, readings},
    resolve::{Context, How, Match},
    words::Words,
};

/// How many letters of a name may be wrong.
const MOST_WRONG: usize = 2;

/// Words that may be left out or added.
const FILLING: [&[u8]; 5] = [b"va", b"huyen", b"cua", b"viet", b"nam"];

/// Short words that registers themselves use, in full.
const ACRONYMS: [(&[u8], &[&[u8]]); 3] = [
    (b"hdnd", &[b"hoi", b"dong", b"nhan", b"dan"]),
    (b"ubnd", &[b"uy", b"ban", b"nhan", b"dan"]),
    (b"thpt", &[b"trung", b"hoc", b"pho", b"thong"]),
];

/// The body a name means; nothing when it means none.
pub(super) fn resolve<'g>(gazetteer: &'g Gazetteer, words: &Words, context: &Context<'_>) -> Option<Match<'g>> {
    let found = named(gazetteer, words, context);
    match found.as_slice() {
        [] => None,
        [one] => Some(Match::One(gazetteer.code(*one), How::Folded)),
        several => Some(Match::Several(several.iter().map(|index| gazetteer.code(*index)).collect())),
    }
}

/// The bodies whose names these words are or abbreviate, the place they add left aside.
fn named(gazetteer: &Gazetteer, words: &Words, context: &Context<'_>) -> Vec<Index> {
    let outline = Outline::read(words);
    let cut = outline.cut(words);
    let parts = if cut.is_empty() { &outline.parts } else { &cut };
    // "1. Phòng Y tế": what the outline leaves out before the name is no part of it.
    let start = outline.parts.first().map_or(0, |part| part.start);
    let mut found = matching(gazetteer, words, start..words.len(), &[], context);
    for split in (1..parts.len()).rev() {
        let (Some(last), Some(above)) = (parts.get(split - 1), parts.get(split..)) else { break };
        if found.is_empty() {
            let above = above.iter().map(|part| readings(words, part, Numbers::AsWritten)).collect::<Vec<_>>();
            found = matching(gazetteer, words, start..last.end, &above, context);
        }
    }
    // "Đài TT huyện Chợ Mới", "Trung tâm Y tế Chợ Mới": the place follows without a sign.
    let mut split = words.len();
    while found.is_empty() && split > start + 1 {
        split -= 1;
        let above = readings(words, &(split..words.len()), Numbers::AsWritten);
        if gazetteer.names_a_place(&above) {
            found = matching(gazetteer, words, start..split, &[above], context);
        }
    }
    found
}

fn matching(
    gazetteer: &Gazetteer,
    words: &Words,
    part: Range<usize>,
    above: &[Vec<Reading>],
    context: &Context<'_>,
) -> Vec<Index> {
    let written: Vec<&[u8]> = part.map(|at| words.letters(&(at..at + 1))).collect();
    let is_named = |unit: &Known| {
        !unit.kind.is_place()
            && !unit.is_class
            && context.holds(unit)
            && is_name(&written, unit)
            && gazetteer.stands_under(unit, above)
    };
    let units = gazetteer.units.iter().enumerate();
    units.filter(|(_, unit)| is_named(unit)).map(|(index, _)| index).collect()
}

/// Whether the words are a body's name or abbreviate it; "Ủy ban" may be left out before what is no people's committee.
fn is_name(written: &[&[u8]], unit: &Known) -> bool {
    let full = in_full(unit);
    let rest = match full.as_slice() {
        [b"uy", b"ban", b"nhan", ..] => None,
        [b"uy", b"ban", rest @ ..] => Some(rest),
        _ => None,
    };
    abbreviates(written, &full, &FILLING) || rest.is_some_and(|rest| abbreviates(written, rest, &FILLING))
}

/// The bodies in the scope whose names look alike, the likeliest first.
pub(super) fn near(gazetteer: &Gazetteer, words: &Words, context: &Context<'_>) -> Vec<Index> {
    let written = words.letters(&(0..words.len()));
    let mut scored: Vec<(usize, Index)> = Vec::new();
    for (index, unit) in gazetteer.units.iter().enumerate() {
        if unit.kind.is_place() || unit.is_class || !context.holds(unit) {
            continue;
        }
        let begins = !written.is_empty() && unit.key.letters.starts_with(written) && words.len() > 1;
        let full = &unit.key.letters;
        let is_as_long = written.len().abs_diff(full.len()) <= MOST_WRONG && full.len() > 4 * MOST_WRONG;
        let wrong = is_as_long.then(|| strsim::generic_damerau_levenshtein(written, full));
        if begins || wrong.is_some_and(|wrong| wrong <= MOST_WRONG) {
            scored.push((wrong.unwrap_or(MOST_WRONG), index));
        }
    }
    scored.sort_unstable();
    scored.into_iter().map(|(_, index)| index).collect()
}

/// The words of a body's name, short words spelled out.
fn in_full(unit: &Known) -> Vec<&[u8]> {
    let mut full: Vec<&[u8]> = Vec::with_capacity(12);
    for word in &unit.words {
        match ACRONYMS.iter().find(|(short, _)| *short == word.as_slice()) {
            Some((_, words)) => full.extend_from_slice(words),
            None => full.push(word),
        }
    }
    full
}

/// Whether each written word is a word of the name or the initials of several in a row, and none of the name is left
/// out but those that may be.
pub(super) fn abbreviates(written: &[&[u8]], full: &[&[u8]], may_miss: &[&[u8]]) -> bool {
    let (Some((word, rest)), Some((next, others))) = (written.split_first(), full.split_first()) else {
        return written.iter().chain(full).all(|word| may_miss.contains(word));
    };
    if may_miss.contains(next) && abbreviates(written, others, may_miss)
        || may_miss.contains(word) && abbreviates(rest, full, may_miss)
        || word == next && abbreviates(rest, others, may_miss)
    {
        return true;
    }
    // Initials, the words that may be missing passed over.
    let (mut left, mut place) = (*word, 0);
    while let (Some((initial, more)), Some(name)) = (left.split_first(), full.get(place)) {
        if name.first() == Some(initial) {
            left = more;
        } else if !may_miss.contains(name) {
            return false;
        }
        place += 1;
    }
    left.is_empty() && full.get(place..).is_some_and(|others| abbreviates(rest, others, may_miss))
}
