//! The parts of a written name: the unit itself, the units it says it belongs to, a code, what only surrounds it.

use std::ops::Range;

use super::{
    kinds::{self, Kinds},
    words::{Gap, Words},
};

/// Kinds in one name; what has more is no name.
const MOST_KINDS: usize = 8;

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
        part.start = after_code_word(words, &part);
        let Some(first) = words.word(part.start) else { return };
        // "1. Kiến An", "12 - Kiến An", "a) Kiến An", "30634 Xã Kiến An": a running number or a code stands before.
        let is_first = self.parts.is_empty() && self.number.is_none();
        let length = words.letters(&(part.start..part.start + 1)).len();
        if first.is_number || first.roman.is_some() || length == 1 {
            if first.is_number && length >= 3 {
                self.number = Some(String::from_utf8_lossy(words.letters(&(part.start..part.start + 1))).into_owned());
                part.start += 1;
            } else if is_first && part.len() == 1 && words.len() > part.end && is_running_alone(words, &part) {
                return;
            } else if is_first && part.len() > 1 {
                part.start = after_running(words, &part);
            }
        }
        // "Kiến An - TT"
        if let (false, Some(said)) = (self.parts.is_empty(), kinds::said(words, &part)) {
            self.kinds = Some(said.kinds);
            return;
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

    /// The parts without the word that says that one belongs to the next: "xã Kiến An thuộc huyện Chợ Mới".
    pub(super) fn without_links(parts: &[Range<usize>], words: &Words) -> Vec<Range<usize>> {
        let is_link = |part: &Range<usize>| part.len() > 1 && words.letters(&(part.end - 1..part.end)) == b"thuoc";
        parts.iter().map(|part| if is_link(part) { part.start..part.end - 1 } else { part.clone() }).collect()
    }

    /// The parts with the last two as one: "Vũng Tàu, Bà Rịa - Vũng Tàu". Nothing where the unit itself is one of them.
    pub(super) fn joined(&self) -> Vec<Range<usize>> {
        match self.parts.as_slice() {
            [parts @ .., before, last] if !parts.is_empty() && before.end == last.start => {
                parts.iter().cloned().chain(std::iter::once(before.start..last.end)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Every way to cut a name in two before a kind: "Xã Vũ Bản huyện Bình Lục", whose "Bản" says no kind; and after a
    /// kind with its number: "P1 Ngã Năm".
    pub(super) fn in_two(&self, words: &Words) -> Vec<[Range<usize>; 2]> {
        let [part] = self.parts.as_slice() else { return Vec::new() };
        let places = (part.start + 1..part.end).filter(|at| kind_follows(words, *at, part.end));
        let is_numbered = |at: &usize| {
            let number = at - 1;
            words.word(number).is_some_and(|word| word.is_number) && kinds::said(words, &(part.start..number)).is_some()
        };
        let numbered = (part.start + 2..part.end).find(is_numbered);
        places.take(MOST_KINDS).chain(numbered).map(|at| [part.start..at, at..part.end]).collect()
    }

    /// The parts, cut once more before each kind of unit inside them: "xã Kiến An huyện Chợ Mới". Empty when there is
    /// nothing to cut.
    pub(super) fn cut(&self, words: &Words) -> Vec<Range<usize>> {
        // "Cầu Quan" is no quận where marks are written.
        let has_marks = words.marks(&(0..words.len())).iter().any(|marks| *marks != 0);
        let mut cut = Vec::new();
        for part in &self.parts {
            let mut start = part.start;
            let mut at = start + kinds::at(words, start, part.end).map_or(1, |said| said.words);
            while at < part.end {
                let said = kinds::at(words, at, part.end)
                    .filter(|said| at + said.words < part.end && !(has_marks && said.is_unmarked))
                    .filter(|said| !said.is_letter || words.word(at).is_some_and(|word| word.is_pointed));
                let Some(said) = said else {
                    at += 1;
                    continue;
                };
                // A kind right after a kind belongs to it: "UBND xã", "TT. thị trấn", "thành phố Sóc Trăng".
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

/// Where a part goes on after a word that only says that a code follows: "Mã xã: 30634".
fn after_code_word(words: &Words, part: &Range<usize>) -> usize {
    const CODES: [&[u8]; 6] = [b"ma", b"maso", b"maxa", b"mahuyen", b"madvhc", b"madonvi"];
    let number = (1..=3).find(|count| words.word(part.start + count).is_some_and(|word| word.is_number));
    let says_code = |count: &usize| {
        let at = part.start + count;
        at < part.end && CODES.contains(&words.letters(&(part.start..at))) && words.letters(&(at..at + 1)).len() >= 3
    };
    part.start + number.filter(says_code).unwrap_or(0)
}

/// Whether the one word of a part is a running number: digits, what a point or a bracket follows; a letter or a Roman
/// numeral before a kind.
fn is_running_alone(words: &Words, part: &Range<usize>) -> bool {
    let Some(first) = words.word(part.start) else { return false };
    let is_kind = kinds::said(words, part).is_some();
    if kinds::said(words, &(part.end..words.len())).is_some() {
        // "2 (phường)"
        return false;
    }
    first.is_number || first.is_pointed || !is_kind && kind_follows(words, part.end, words.len())
}

/// Where a part goes on after its running number: digits or a Roman numeral with a point, or any of these or a letter
/// before a kind: "1. Kiến An", "1.2 Xã Kiến An", "a. Xã Kiến An". "X." and the like say what the unit is; "L. Điền A"
/// is short for more.
fn after_running(words: &Words, part: &Range<usize>) -> usize {
    let is_running = |at: usize| words.word(at).is_some_and(|word| word.is_number || word.roman.is_some());
    let is_kind = |at: usize| kinds::said(words, &(at..at + 1)).is_some();
    let is_pointed = |at: usize| words.word(at).is_some_and(|word| word.is_pointed);
    let is_letter = |at: usize| words.letters(&(at..at + 1)).len() == 1;
    let first = part.start;
    if is_kind(first) {
        return first;
    }
    let numbers = (first..part.end).take_while(|at| is_running(*at) && !is_kind(*at)).count();
    if (1..=3).contains(&numbers) && kind_follows(words, first + numbers, part.end) {
        return first + numbers;
    }
    if is_running(first) && is_pointed(first) || is_letter(first) && kind_follows(words, first + 1, part.end) {
        return first + 1;
    }
    first
}

/// Whether a kind of two letters or more and a name after it stand there.
fn kind_follows(words: &Words, at: usize, end: usize) -> bool {
    kinds::at(words, at, end).is_some_and(|said| !said.is_letter && at + said.words < end)
}
