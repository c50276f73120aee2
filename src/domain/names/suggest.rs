//! Why a name means nothing here, and what may have been meant. Never accepted by itself.

use std::{cmp::Reverse, ops::Range};

use super::{
    bodies,
    gazetteer::{Gazetteer, Index, Known},
    kinds::{self, Kinds},
    letters::LOST,
    outline::Outline,
    reading::{Numbers, Reading, readings},
    resolve::Context,
    words::{Closeness, Words},
};

/// Most that are suggested.
const MOST: usize = 5;
/// How alike two names must be (Jaro–Winkler, 0 to 1; `ui.md` §4.8), and how many letters may differ.
const ALIKE: f64 = 0.92;
const MOST_WRONG: usize = 2;

/// Why a name means no unit here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Nothing is known about it.
    NoSuchName,
    /// There is such a unit, of another kind: "Thị trấn Kiến An".
    OtherKind,
    /// There is such a unit, with other marks, or some letters are lost or wrong.
    Near,
    /// There is such a unit outside the scope.
    Elsewhere,
    /// There was such a unit; the candidates are what it became part of.
    Abolished,
    /// The code beside the name is another unit's.
    CodeAndName,
}

/// Why a name means no unit here, and which units may have been meant, the likeliest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown<'g> {
    /// The reason.
    pub why: Why,
    /// Codes.
    pub candidates: Vec<&'g str>,
}

/// One way the name may be put together: what it names, and under what.
struct Wish {
    target: Vec<Reading>,
    above: Vec<Vec<Reading>>,
    part: Range<usize>,
}

pub(super) fn explain<'g>(gazetteer: &'g Gazetteer, words: &Words, context: &Context<'_>) -> Unknown<'g> {
    let nothing = Unknown { why: Why::NoSuchName, candidates: Vec::new() };
    if words.len() == 0 || is_hamlet(words) && !context.wants(gazetteer, crate::domain::unit::UnitKind::Hamlet) {
        return nothing;
    }
    if context.wants_agencies() {
        let units = bodies::near(gazetteer, words, context);
        if !units.is_empty() {
            let candidates = units.into_iter().take(MOST).map(|index| gazetteer.code(index)).collect();
            return Unknown { why: Why::Near, candidates };
        }
    }
    let say = |why: Why, mut units: Vec<Index>| {
        units.truncate(MOST);
        let candidates = units.into_iter().map(|index| gazetteer.code(index)).collect();
        Unknown { why, candidates }
    };
    let outline = Outline::read(words);
    let wishes = wishes(words, &outline);
    let here = |unit: &Known| context.holds(unit) && context.wants(gazetteer, unit.kind);
    let named = |fits: &dyn Fn(&Reading, &Known) -> bool| collect(gazetteer, &wishes, fits);
    let full = |reading: &Reading, unit: &Known| {
        let is_kind = outline.kinds.is_none_or(|kinds| kinds.meets(unit.kinds));
        is_kind && reading.is_kind_of(unit) && reading.closeness(unit) != Closeness::Contrary
    };
    let marks = |reading: &Reading, unit: &Known| reading.closeness(unit) != Closeness::Contrary;
    let mut contradicting = named(&|reading, unit| here(unit) && full(reading, unit));
    if !contradicting.is_empty() && !outline.is_former {
        let coded = outline.number.as_deref().and_then(|number| gazetteer.coded(number, context));
        contradicting.extend(coded);
        return say(Why::CodeAndName, contradicting);
    }
    let gone = gone(gazetteer, &wishes, context);
    if let Some(successors) = gone {
        return say(Why::Abolished, successors);
    }
    let tries: [(Why, Vec<Index>); 3] = [
        (Why::OtherKind, named(&|reading, unit| here(unit) && marks(reading, unit))),
        (Why::Near, named(&|_, unit| here(unit))),
        (
            Why::Elsewhere,
            elsewhere(
                gazetteer,
                context,
                named(&|reading, unit| {
                    unit.kind.is_place() && context.wants(gazetteer, unit.kind) && full(reading, unit)
                }),
            ),
        ),
    ];
    let found = tries.into_iter().find(|(_, units)| !units.is_empty());
    if let Some((why, units)) = &found
        && *why != Why::Elsewhere
    {
        return say(*why, units.clone());
    }
    let mut near = near(gazetteer, words, &wishes, context);
    match found {
        Some((why, units)) => {
            near.truncate(MOST - 1);
            near.extend(units);
            say(why, near)
        }
        None if near.is_empty() => nothing,
        None => say(Why::Near, near),
    }
}

/// Whether it names a hamlet: then a commune of the same name is not what is meant.
fn is_hamlet(words: &Words) -> bool {
    kinds::at(words, 0, words.len()).is_some_and(|said| said.kinds == Kinds::HAMLET)
}

fn wishes(words: &Words, outline: &Outline) -> Vec<Wish> {
    let read = |part: &Range<usize>| readings(words, part, Numbers::AsWritten);
    let mut wishes = Vec::new();
    for parts in [outline.parts.clone(), outline.cut(words)] {
        let mut backwards = parts.clone();
        backwards.reverse();
        for parts in if parts.len() > 1 { vec![parts, backwards] } else { vec![parts] } {
            let Some((part, above)) = parts.split_first() else { continue };
            let above = above.iter().map(read).collect();
            wishes.push(Wish { target: read(part), above, part: part.clone() });
        }
    }
    wishes
}

/// The units with the letters of a wish that fit, each once.
fn collect(gazetteer: &Gazetteer, wishes: &[Wish], fits: &dyn Fn(&Reading, &Known) -> bool) -> Vec<Index> {
    let mut units = Vec::new();
    for wish in wishes {
        for reading in &wish.target {
            for index in gazetteer.named(&reading.key.letters) {
                let fits = gazetteer
                    .unit(*index)
                    .is_some_and(|unit| fits(reading, unit) && gazetteer.stands_under(unit, &wish.above));
                if fits && !units.contains(index) {
                    units.push(*index);
                }
            }
        }
    }
    units
}

/// Those nearest to the scope: of its district, its province, else of the country, if they are few.
fn elsewhere(gazetteer: &Gazetteer, context: &Context<'_>, mut units: Vec<Index>) -> Vec<Index> {
    let above = context.scope().and_then(|scope| gazetteer.unit(scope)).map_or(&[][..], |scope| &scope.above);
    for top in above {
        let near: Vec<Index> = units
            .iter()
            .copied()
            .filter(|index| gazetteer.unit(*index).is_some_and(|unit| unit.above.contains(top)))
            .collect();
        if !near.is_empty() {
            return near;
        }
    }
    units.retain(|index| Some(*index) != context.scope());
    if units.len() > MOST { Vec::new() } else { units }
}

/// What a former unit became part of, when the name is one's.
fn gone(gazetteer: &Gazetteer, wishes: &[Wish], context: &Context<'_>) -> Option<Vec<Index>> {
    let is_here = |above: &[Index]| context.scope().is_none_or(|scope| above.contains(&scope));
    let is_named = |wish: &Wish, gone: &super::gazetteer::Gone| {
        wish.target.iter().any(|reading| {
            reading.key.letters == gone.key.letters
                && reading.key.closeness(&gone.key) != Closeness::Contrary
                && reading.kinds.is_none_or(|kinds| kinds.meets(gone.kinds))
        })
    };
    let mut all = gazetteer.gone.iter().filter(|gone| is_here(&gone.above));
    all.find(|gone| wishes.iter().any(|wish| is_named(wish, gone))).map(|gone| gone.successors.clone())
}

/// Names that look alike, by their letters; lost letters may be any; words may be initials ("BP Xuân").
fn near(gazetteer: &Gazetteer, words: &Words, wishes: &[Wish], context: &Context<'_>) -> Vec<Index> {
    let mut scored: Vec<(Index, f64)> = Vec::new();
    for (index, unit) in gazetteer.units.iter().enumerate() {
        if !unit.kind.is_place() || !context.holds(unit) || !context.wants(gazetteer, unit.kind) {
            continue;
        }
        let placed = wishes.iter().filter(|wish| gazetteer.stands_under(unit, &wish.above));
        let likeness = placed.filter_map(|wish| likeness(words, wish, unit)).fold(0.0, f64::max);
        if likeness >= ALIKE {
            scored.push((index, likeness));
        }
    }
    scored.sort_by_key(|(index, likeness)| (Reverse(ordered(*likeness)), *index));
    let best = scored.first().map_or(0.0, |(_, likeness)| *likeness);
    scored.into_iter().filter(|(_, likeness)| *likeness + 0.05 >= best).map(|(index, _)| index).collect()
}

/// A likeness in millionths.
fn ordered(likeness: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "between 0 and a million")]
    let millionths = (likeness * 1e6) as i64;
    millionths
}

fn likeness(words: &Words, wish: &Wish, unit: &Known) -> Option<f64> {
    let alike = |reading: &Reading| {
        let (written, full) = (reading.key.text(), unit.key.text());
        if !reading.is_kind_of(unit) || written.len().abs_diff(full.len()) > MOST_WRONG {
            return None;
        }
        // Numbers are no spelling mistakes: Phường 2 is not nearly Phường 3.
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        if digits(written) != digits(full) {
            return None;
        }
        let wrong = strsim::osa_distance(written, full);
        let alike = strsim::jaro_winkler(written, full);
        // One letter wrong in a short name weighs more than it should.
        let alike = if wrong == 1 && full.len() > 4 { alike.max(ALIKE) } else { alike };
        (wrong <= MOST_WRONG && full.len() > 2 * wrong).then_some(alike)
    };
    if words.has_lost() {
        // The kind may have lost letters too: any word may begin the name.
        let is_rest = |from: usize| is_lossy(words.letters(&(from..words.len())), &unit.key.letters);
        return (0..=3).any(is_rest).then_some(1.0);
    }
    let spelled =
        wish.target.iter().filter_map(alike).fold(None, |best: Option<f64>, one| Some(best.unwrap_or(0.0).max(one)));
    spelled.or_else(|| {
        let typed: Vec<&[u8]> = wish.part.clone().map(|at| words.letters(&(at..at + 1))).collect();
        let full: Vec<&[u8]> = unit.words.iter().map(Vec::as_slice).collect();
        let is_short =
            (0..=1).any(|from| typed.get(from..).is_some_and(|typed| bodies::abbreviates(typed, &full, &[])));
        (unit.words.len() > 1 && is_short).then_some(ALIKE)
    })
}

/// Whether the letters are the same, those lost aside; one character may have been lost as several.
fn is_lossy(written: &[u8], full: &[u8]) -> bool {
    match (written, full) {
        ([], []) => true,
        ([LOST, rest @ ..], [_, others @ ..]) => is_lossy(rest, others) || is_lossy(rest, full),
        ([one, rest @ ..], [other, others @ ..]) => one == other && is_lossy(rest, others),
        ([LOST, rest @ ..], []) => is_lossy(rest, full),
        _ => false,
    }
}
