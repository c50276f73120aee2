//! The ways to read a part of a written name: all of it is the name, or it begins or ends with a kind.

use std::ops::Range;

use super::{
    gazetteer::Known,
    kinds::{self, Kinds},
    words::{Closeness, Key, Words},
};

/// One way to read it.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) key: Key,
    /// What it says the unit is.
    pub(super) kinds: Option<Kinds>,
    /// Whether that is a full word whose marks are left out: then missing marks of the name mean nothing.
    is_unmarked: bool,
    /// Whether it names an office of the unit.
    pub(super) is_office: bool,
}

impl Reading {
    /// Whether this unit is what the kind says.
    pub(super) fn is_kind_of(&self, unit: &Known) -> bool {
        self.kinds.is_none_or(|kinds| kinds.meets(unit.kinds))
    }

    /// Whether it is a number and nothing says of what: "1.1" and "01/01" are no wards.
    pub(super) fn is_bare_number(&self) -> bool {
        self.kinds.is_none() && self.key.letters.iter().all(u8::is_ascii_digit)
    }

    /// How close the name is to the unit's, whose letters are the same.
    pub(super) fn closeness(&self, unit: &Known) -> Closeness {
        let least = if self.is_unmarked { Closeness::Unmarked } else { Closeness::Same };
        self.key.closeness(&unit.key).max(least)
    }

    /// Whether it is this unit's name.
    pub(super) fn names(&self, unit: &Known) -> bool {
        self.key.letters == unit.key.letters && self.is_kind_of(unit) && self.closeness(unit) != Closeness::Contrary
    }
}

/// How a number at the end is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    /// As it is written.
    AsWritten,
    /// "ba" as 3, 3 as "ba".
    Spelled,
}

/// Every way to read these words.
pub(super) fn readings(words: &Words, part: &Range<usize>, numbers: Numbers) -> Vec<Reading> {
    let mut start = part.start;
    while let Some(count) = kinds::office_at(words, start, part.end) {
        start += count;
    }
    let is_office = start > part.start;
    let mut readings = Vec::with_capacity(3);
    let mut read = |span: Range<usize>, kinds: Option<Kinds>, is_unmarked: bool| {
        if span.is_empty() {
            return;
        }
        let key = match numbers {
            Numbers::AsWritten => Some(words.key(&span)),
            Numbers::Spelled => spelled(words, &span),
        };
        let as_word = if numbers == Numbers::AsWritten { words.wordy_key(&span) } else { None };
        let read = |key| Reading { key, kinds, is_unmarked, is_office };
        readings.extend(key.into_iter().chain(as_word).map(read));
    };
    read(start..part.end, None, false);
    if let Some(name) = kinds::initials(words.letters(&(start..part.end))) {
        let key = Words::read(name).whole();
        return vec![Reading { key, kinds: Some(kinds::CITIES), is_unmarked: false, is_office }];
    }
    let (mut kinds, mut is_unmarked) = (None::<Kinds>, false);
    let mut next = kinds::at(words, start, part.end);
    // "P. Hương Sơ" begins with "Phường" too, and "X. A Dơi" with "Xã".
    for count in 1..next.as_ref().map_or(0, |longest| longest.words) {
        if let Some(shorter) = kinds::said(words, &(start..start + count)) {
            read(start + count..part.end, Some(shorter.kinds), shorter.is_unmarked);
        }
    }
    while let Some(said) = next
        && said.words < part.end - start
        && kinds.is_none_or(|kinds| kinds.meets(said.kinds))
    {
        start += said.words;
        kinds = Some(said.kinds);
        is_unmarked |= said.is_unmarked;
        // "Phường số 1"
        let has_so = words.letters(&(start..start + 1)) == b"so";
        if has_so && start + 2 == part.end && words.word(start + 1).is_some_and(|word| word.is_number) {
            start += 1;
        }
        read(start..part.end, kinds, is_unmarked);
        next = kinds::at(words, start, part.end);
    }
    // "Chợ Mới TT": only where no kind stands before it.
    for count in 1..=2 {
        if kinds.is_none()
            && part.end.saturating_sub(start) > count
            && let Some(said) = kinds::said(words, &(part.end - count..part.end))
            && !said.is_letter
        {
            read(start..part.end - count, Some(said.kinds), said.is_unmarked);
        }
    }
    readings
}

const SPELLED: [&str; 10] = ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"];

/// The name with its last word changed from a number's word to digits or back, if it is one.
fn spelled(words: &Words, span: &Range<usize>) -> Option<Key> {
    let last = span.end.checked_sub(1).filter(|last| *last >= span.start)?;
    let number = words.key(&(last..span.end));
    let mut key = words.key(&(span.start..last));
    let all_spelled = || SPELLED.iter().map(|word| Words::read(word).whole());
    if words.word(last)?.is_number {
        let value: usize = number.text().parse().ok()?;
        let word = all_spelled().nth(value.checked_sub(1)?)?;
        key.letters.extend(word.letters);
        key.marks.extend(word.marks);
    } else {
        let word = all_spelled()
            .position(|word| word.letters == number.letters && number.closeness(&word) != Closeness::Contrary)?;
        key.letters.extend((word + 1).to_string().into_bytes());
        key.marks.resize(key.letters.len(), 0);
    }
    Some(key)
}
