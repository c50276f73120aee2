//! A written name taken apart: words of plain letters, their marks beside them, and what stands between.
//!
//! Words follow one another without a gap, so that a name is one slice however it was spaced: "Kiến An", "Kiến-An" and
//! `KiếnAn` are one name.

use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::letters::{self, FOREIGN, HORN, LOST, Marks, OTHER, ROMAN, TONE, is_vowel};

/// What stands before a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// Nothing, a space, a dot.
    Space,
    /// A hyphen inside a name.
    Hyphen,
    /// A comma, a slash, a dash between spaces.
    Break,
}

/// A word.
#[derive(Debug, Clone)]
pub(super) struct Word {
    letters: Range<usize>,
    /// What stands before it.
    pub(super) gap: Gap,
    /// Whether it stands in brackets.
    pub(super) in_brackets: bool,
    /// Whether a dot, a bracket or a colon ends it, as after "1." and "a)".
    pub(super) is_pointed: bool,
    /// Whether it is digits.
    pub(super) is_number: bool,
    /// The number it is as a Roman numeral.
    pub(super) roman: Option<u8>,
}

/// A name as it is looked up: its letters and their marks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Key {
    /// Plain letters and digits.
    pub(super) letters: Vec<u8>,
    /// The marks of each.
    pub(super) marks: Vec<Marks>,
}

/// How close a written name is to the one it is compared with, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Closeness {
    /// The same letters and marks, tone placement and i/y aside.
    Same,
    /// The number is Roman in one and not in the other.
    NumberForm,
    /// Marks are left out.
    Unmarked,
    /// The marks contradict.
    Contrary,
}

impl Key {
    /// How close this written name is to a unit's, whose letters are the same.
    pub(super) fn closeness(&self, unit: &Self) -> Closeness {
        let mut closeness = Closeness::Same;
        for ((letter, typed), full) in self.letters.iter().zip(&self.marks).zip(&unit.marks) {
            if typed != full {
                let step = if letter.is_ascii_digit() {
                    Closeness::NumberForm
                } else if letters::is_part_of(*typed, *full) {
                    Closeness::Unmarked
                } else {
                    return Closeness::Contrary;
                };
                closeness = closeness.max(step);
            }
        }
        closeness
    }

    /// Its letters as text.
    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.letters).unwrap_or_default()
    }
}

/// A written name, taken apart.
#[derive(Debug, Default)]
pub(super) struct Words {
    letters: Vec<u8>,
    marks: Vec<Marks>,
    list: Vec<Word>,
}

impl Words {
    /// Takes a name apart. Letters are folded to plain ones, invisible characters left out; nothing is refused.
    pub(super) fn read(text: &str) -> Self {
        let mut reader = Reader::new(text.len());
        // A superscript is a footnote; its decomposition would be a digit of the name.
        for c in text.chars().filter(|c| !matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹')).nfkd() {
            reader.take(c);
        }
        reader.end_word();
        reader.words
    }

    /// How many words.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// Its words.
    pub(super) fn all(&self) -> &[Word] {
        &self.list
    }

    /// The word at this place.
    pub(super) fn word(&self, at: usize) -> Option<&Word> {
        self.list.get(at)
    }

    fn range(&self, span: &Range<usize>) -> Range<usize> {
        let start = self.list.get(span.start).map_or(0, |word| word.letters.start);
        let end = span.end.checked_sub(1).and_then(|last| self.list.get(last)).map_or(start, |word| word.letters.end);
        start..end.max(start)
    }

    /// The plain letters of these words, without gaps.
    pub(super) fn letters(&self, span: &Range<usize>) -> &[u8] {
        self.letters.get(self.range(span)).unwrap_or_default()
    }

    /// The marks of these words.
    pub(super) fn marks(&self, span: &Range<usize>) -> &[Marks] {
        self.marks.get(self.range(span)).unwrap_or_default()
    }

    /// What these words are looked up by: without leading zeros of numbers, a Roman numeral at the end as digits.
    pub(super) fn key(&self, span: &Range<usize>) -> Key {
        self.key_with(span, true)
    }

    /// The same with the last word left as it is, where it could be a Roman numeral and a word: "ba vi" is Ba Vì.
    pub(super) fn wordy_key(&self, span: &Range<usize>) -> Option<Key> {
        let last = self.list.get(span.end.checked_sub(1)?)?;
        last.roman.is_some().then(|| self.key_with(span, false))
    }

    fn key_with(&self, span: &Range<usize>, has_roman: bool) -> Key {
        let mut key = Key::default();
        for at in span.clone() {
            let Some(word) = self.list.get(at) else { break };
            let letters = self.letters.get(word.letters.clone()).unwrap_or_default();
            if word.is_number {
                let zeros = letters.iter().take_while(|digit| **digit == b'0').count().min(letters.len() - 1);
                key.letters.extend_from_slice(&letters[zeros..]);
                key.marks.resize(key.letters.len(), 0);
            } else if let (Some(number), true) = (word.roman, has_roman && at + 1 == span.end) {
                key.letters.extend_from_slice(number.to_string().as_bytes());
                key.marks.resize(key.letters.len(), ROMAN);
            } else {
                key.letters.extend_from_slice(letters);
                key.marks.extend_from_slice(self.marks.get(word.letters.clone()).unwrap_or_default());
            }
        }
        key
    }

    /// What the whole is looked up by.
    pub(super) fn whole(&self) -> Key {
        self.key(&(0..self.len()))
    }

    /// Whether letters were lost on the way: "X? Ki?n An".
    pub(super) fn has_lost(&self) -> bool {
        self.letters.contains(&LOST)
    }
}

/// The letter before, for the joints of `KiếnAn`, `TTChợ` and `P1`.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    Nothing,
    Small,
    Capital,
    Digit,
}

struct Reader {
    words: Words,
    /// Where the word being read begins.
    start: usize,
    gap: Gap,
    has_space: bool,
    depth: usize,
    before: Before,
    capitals: usize,
    /// Whether the word being read was split off by its capital.
    is_split: bool,
}

impl Reader {
    fn new(size: usize) -> Self {
        let words =
            Words { letters: Vec::with_capacity(size), marks: Vec::with_capacity(size), list: Vec::with_capacity(8) };
        let (before, gap) = (Before::Nothing, Gap::Space);
        Self { words, start: 0, gap, has_space: false, depth: 0, before, capitals: 0, is_split: false }
    }

    fn take(&mut self, c: char) {
        if c.is_ascii_alphanumeric() {
            let kind = match c {
                '0'..='9' => Before::Digit,
                'A'..='Z' => Before::Capital,
                _ => Before::Small,
            };
            self.letter(u8::try_from(c.to_ascii_lowercase()).unwrap_or(OTHER), 0, kind);
        } else if is_combining_mark(c) {
            if let (true, Some(marks)) = (self.is_in_word(), self.words.marks.last_mut()) {
                *marks = letters::both(*marks, letters::mark(c));
            }
        } else if is_invisible(c) || is_apostrophe(c) {
        } else if c == '?' || c == '\u{FFFD}' {
            self.letter(LOST, FOREIGN, self.before);
        } else if c.is_alphabetic() {
            let (letter, marks) = letters::plain(c);
            self.letter(letter, marks, if c.is_uppercase() { Before::Capital } else { Before::Small });
        } else {
            self.between(c);
        }
    }

    fn is_in_word(&self) -> bool {
        self.words.letters.len() > self.start
    }

    fn letter(&mut self, letter: u8, marks: Marks, kind: Before) {
        if self.is_in_word() {
            let (was, is) = (self.before, kind);
            if was == Before::Small && is == Before::Capital || (was == Before::Digit) != (is == Before::Digit) {
                self.end_word();
            } else if was == Before::Capital && is == Before::Small && self.capitals > 1 {
                self.split_last();
            }
        }
        self.words.letters.push(letter);
        self.words.marks.push(marks);
        self.capitals = if kind == Before::Capital { self.capitals + 1 } else { 0 };
        self.before = kind;
    }

    /// The last capital begins a word of its own: `TTChợ`.
    fn split_last(&mut self) {
        if let (Some(letter), Some(marks)) = (self.words.letters.pop(), self.words.marks.pop()) {
            self.end_word();
            self.is_split = true;
            self.words.letters.push(letter);
            self.words.marks.push(marks);
        }
    }

    fn between(&mut self, c: char) {
        self.end_word();
        self.before = Before::Nothing;
        match c {
            ',' | ';' | '/' | '\\' | '|' | '>' | '<' | '\n' => self.gap = Gap::Break,
            '(' | '[' | '{' => {
                self.depth += 1;
                self.gap = Gap::Break;
            }
            ')' | ']' | '}' => {
                self.depth = self.depth.saturating_sub(1);
                self.gap = Gap::Break;
                self.point();
            }
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {
                self.gap = self.gap.max(if self.has_space { Gap::Break } else { Gap::Hyphen });
            }
            '.' | ':' => self.point(),
            _ => {}
        }
        if c.is_whitespace() {
            self.has_space = true;
            if self.gap == Gap::Hyphen {
                self.gap = Gap::Break;
            }
        }
    }

    fn point(&mut self) {
        if let Some(word) = self.words.list.last_mut() {
            word.is_pointed = true;
        }
    }

    fn end_word(&mut self) {
        if !self.is_in_word() {
            return;
        }
        let range = self.start..self.words.letters.len();
        let (Some(letters), Some(marks)) =
            (self.words.letters.get_mut(range.clone()), self.words.marks.get_mut(range.clone()))
        else {
            return;
        };
        let is_number = letters.iter().all(u8::is_ascii_digit);
        // "PXi" is no eleven.
        let roman =
            if !self.is_split && marks.iter().all(|marks| *marks == 0) { letters::roman(letters) } else { None };
        settle(letters, marks);
        self.words.list.push(Word {
            letters: range.clone(),
            gap: if self.words.list.is_empty() { Gap::Space } else { self.gap },
            in_brackets: self.depth > 0,
            is_pointed: false,
            is_number,
            roman,
        });
        self.start = range.end;
        self.gap = Gap::Space;
        self.has_space = false;
        self.capitals = 0;
        self.is_split = false;
    }
}

/// One spelling for those that are equal: the tone of a syllable on its first vowel (hòa, hoà), one horn in ươ
/// (Qưới, Quới), i for a y that is the whole vowel (Mỹ, Mĩ).
fn settle(letters: &mut [u8], marks: &mut [Marks]) {
    let mut first_vowel = None;
    for i in 0..letters.len() {
        if !is_vowel(letters[i]) {
            first_vowel = None;
            continue;
        }
        let first = *first_vowel.get_or_insert(i);
        let tone = marks[i] & TONE;
        if first < i && tone != 0 {
            marks[i] &= !TONE;
            marks[first] = letters::both(marks[first], tone);
        }
        if letters[i] == b'o' && i > 0 && letters[i - 1] == b'u' && marks[i - 1] & 0x07 == HORN {
            marks[i - 1] &= !0x07;
            marks[i] = letters::both(marks[i], HORN);
        }
    }
    for i in 0..letters.len() {
        let after_consonant = i == 0 || !is_vowel(letters[i - 1]) || (i > 1 && letters[i - 2..i] == *b"qu");
        let before_consonant = letters.get(i + 1).is_none_or(|next| !is_vowel(*next));
        if letters[i] == b'y' && after_consonant && before_consonant {
            letters[i] = b'i';
        }
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Apostrophes belong to names of the highlands and are left out as often as written: "Ea H'leo".
fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '´' | 'ʼ' | 'ʹ' | '′')
}
