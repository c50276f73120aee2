//! The parts of a written name: the unit itself, the units it says it belongs to, a code, what only surrounds it.

use std::ops::Range;

use super::{
    kinds::{self, Kinds},
    words::{Gap, Words},
};

/// A written name in parts.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// The parts between commas, dashes and brackets, in their order.
    pub(super) parts: Vec<Range<usize>>,
    /// A kind in brackets: "Mỹ Luông (TT)".
    pub(super) kinds: Option<Kinds>,
    /// A number of three digits or more beside the name: a code, or nothing that could be one.
    pub(super) number: Option<String>,
    /// Whether the unit is said to be a former one: "(cũ)".
    pub(super) is_former: bool,
}

impl Outline {
    /// Finds the parts.
    pub(super) fn read(words: &Words) -> Self {
        let mut outline = Self::default();
        let mut start = 0;
        for at in 1..=words.len() {
            if words.word(at).is_none_or(|word| word.gap == Gap::Break) {
                outline.part(words, start..at);
                start = at;
            }
        }
        outline
    }

    fn part(&mut self, words: &Words, mut part: Range<usize>) {
        let Some(first) = words.word(part.start) else { return };
        if first.in_brackets && self.bracket(words, &part) {
            return;
        }
        // "1. Kiến An", "12 - Kiến An", "a) Kiến An", "30634 Xã Kiến An": a running number or a code stands before.
        let is_first = self.parts.is_empty() && self.number.is_none();
        if first.is_number || first.roman.is_some() || words.letters(&(part.start..part.start + 1)).len() == 1 {
            let length = words.letters(&(part.start..part.start + 1)).len();
            let is_alone = part.len() == 1;
            if first.is_number && length >= 3 {
                self.number = Some(String::from_utf8_lossy(words.letters(&(part.start..part.start + 1))).into_owned());
                part.start += 1;
            } else if is_first && is_alone && words.len() > part.end && (first.is_number || first.is_pointed) {
                return;
            } else if is_first && !is_alone && before_name(words, &part) {
                part.start += 1;
            }
        }
        // "Kiến An 30634"
        let last = part.end.saturating_sub(1)..part.end;
        let ends_in_number = words.word(last.start).is_some_and(|word| word.is_number);
        if part.len() > 1 && ends_in_number && words.letters(&last).len() >= 4 {
            self.number = Some(String::from_utf8_lossy(words.letters(&last)).into_owned());
            part.end -= 1;
        }
        if !part.is_empty() && words.letters(&part) != b"vietnam" {
            self.parts.push(part);
        }
    }

    /// Whether brackets hold no part of the name: a kind, a footnote, "cũ".
    fn bracket(&mut self, words: &Words, part: &Range<usize>) -> bool {
        let letters = words.letters(part);
        let is_note = letters.len() < 3 && words.word(part.start).is_some_and(|word| word.is_number);
        if let Some(said) = kinds::said(words, part) {
            self.kinds = Some(said.kinds);
        } else if letters == b"cu" {
            self.is_former = true;
        } else if !is_note {
            return false;
        }
        true
    }

    /// The parts, cut once more before each kind of unit inside them: "xã Kiến An huyện Chợ Mới". Empty when there is
    /// nothing to cut.
    pub(super) fn cut(&self, words: &Words) -> Vec<Range<usize>> {
        let mut cut = Vec::new();
        for part in &self.parts {
            let mut start = part.start;
            let mut at = part.start + 1;
            while at < part.end {
                let said = kinds::at(words, at, part.end)
                    .filter(|said| at + said.words < part.end)
                    .filter(|said| !said.is_letter || words.word(at).is_some_and(|word| word.is_pointed));
                let Some(said) = said else {
                    at += 1;
                    continue;
                };
                // A kind right after a kind belongs to it: "UBND xã", "thị xã".
                if kinds::said(words, &(start..at)).is_none() && !is_office(words, start, at) {
                    cut.push(start..at);
                    start = at;
                }
                at += said.words;
            }
            cut.push(start..part.end);
        }
        if cut.len() == self.parts.len() { Vec::new() } else { cut }
    }
}

fn is_office(words: &Words, mut start: usize, end: usize) -> bool {
    while let Some(count) = kinds::office_at(words, start, end) {
        start += count;
    }
    start == end
}

/// Whether the first word of the part is a running number: digits or a Roman numeral with a point, or before a kind.
/// "X." and the like say what the unit is; "L. Điền A" is short for more.
fn before_name(words: &Words, part: &Range<usize>) -> bool {
    let Some(first) = words.word(part.start) else { return false };
    let is_kind = kinds::said(words, &(part.start..part.start + 1)).is_some();
    let kind_follows = kinds::at(words, part.start + 1, part.end).is_some_and(|said| !said.is_letter);
    let is_running = first.is_number || first.roman.is_some();
    !is_kind && is_running && (first.is_pointed || kind_follows)
}
