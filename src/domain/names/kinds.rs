//! What a unit calls itself, in full and in every usual short form.

use std::{collections::HashMap, ops::Range, sync::LazyLock};

use super::{
    letters::{Marks, is_part_of},
    words::{Key, Words},
};
use crate::domain::unit::UnitKind;

/// A set of kinds of place, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Kinds(u16);

impl Kinds {
    const PROVINCE: Self = Self(1);
    const GREAT_CITY: Self = Self(1 << 1);
    const RURAL: Self = Self(1 << 2);
    const URBAN: Self = Self(1 << 3);
    const TOWN: Self = Self(1 << 4);
    const CITY: Self = Self(1 << 5);
    const XA: Self = Self(1 << 6);
    const WARD: Self = Self(1 << 7);
    const TOWNSHIP: Self = Self(1 << 8);
    /// ấp, khóm, thôn, …
    pub(super) const HAMLET: Self = Self(1 << 9);

    const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether both have one in common.
    pub(super) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Those of them that a unit of this level can be: "thành phố" is a province or a district.
    pub(super) fn of_level(self, level: UnitKind) -> Self {
        let mask = match level {
            UnitKind::Province => Self::PROVINCE.0 | Self::GREAT_CITY.0,
            UnitKind::District => Self::RURAL.0 | Self::URBAN.0 | Self::TOWN.0 | Self::CITY.0,
            UnitKind::Commune => Self::XA.0 | Self::WARD.0 | Self::TOWNSHIP.0,
            UnitKind::Hamlet => Self::HAMLET.0,
            _ => 0,
        };
        Self(self.0 & mask)
    }
}

/// A city, a province or a district of one.
pub(super) const CITIES: Kinds = Kinds::GREAT_CITY.or(Kinds::CITY);

/// Full words, and those of two of which the first is cut short: "T.Trấn".
const FULL: [(&str, Kinds); 29] = [
    ("xã", Kinds::XA),
    ("phường", Kinds::WARD),
    ("thị trấn", Kinds::TOWNSHIP),
    ("huyện", Kinds::RURAL),
    ("quận", Kinds::URBAN),
    ("thị xã", Kinds::TOWN),
    ("thành phố", CITIES),
    ("tỉnh", Kinds::PROVINCE),
    ("t trấn", Kinds::TOWNSHIP),
    ("th trấn", Kinds::TOWNSHIP),
    ("t xã", Kinds::TOWN),
    ("th xã", Kinds::TOWN),
    ("t phố", CITIES),
    ("th phố", CITIES),
    ("ấp", Kinds::HAMLET),
    ("khóm", Kinds::HAMLET),
    ("thôn", Kinds::HAMLET),
    ("bản", Kinds::HAMLET),
    ("buôn", Kinds::HAMLET),
    ("xóm", Kinds::HAMLET),
    ("tổ", Kinds::HAMLET),
    ("tổ dân phố", Kinds::HAMLET),
    ("khu phố", Kinds::HAMLET),
    ("khu vực", Kinds::HAMLET),
    ("khu dân cư", Kinds::HAMLET),
    ("tiểu khu", Kinds::HAMLET),
    ("phum", Kinds::HAMLET),
    ("sóc", Kinds::HAMLET),
    ("đội", Kinds::HAMLET),
];

type ByLetters = HashMap<Vec<u8>, (Vec<Marks>, Kinds)>;

/// Letters → marks and kind, once for all.
static BY_LETTERS: LazyLock<ByLetters> = LazyLock::new(|| {
    let read = |(form, kinds): (&str, Kinds)| {
        let Key { letters, marks } = Words::read(form).whole();
        (letters, (marks, kinds))
    };
    FULL.into_iter().map(read).collect()
});

/// Short forms.
fn short(letters: &[u8]) -> Option<Kinds> {
    Some(match letters {
        b"x" => Kinds::XA,
        b"p" | b"f" | b"ph" | b"phg" => Kinds::WARD,
        b"tt" | b"ttr" | b"thtr" => Kinds::TOWNSHIP,
        b"h" => Kinds::RURAL,
        b"q" => Kinds::URBAN,
        b"tx" | b"thx" => Kinds::TOWN,
        b"tp" | b"thp" => CITIES,
        b"t" => Kinds::PROVINCE,
        b"tdp" | b"kp" | b"kv" | b"kdc" => Kinds::HAMLET,
        _ => return None,
    })
}

/// A kind that was read.
pub(super) struct Said {
    /// How many words say it.
    pub(super) words: usize,
    /// What they say.
    pub(super) kinds: Kinds,
    /// Whether it is a full word whose marks are left out.
    pub(super) is_unmarked: bool,
    /// Whether it is one letter.
    pub(super) is_letter: bool,
}

/// The longest kind the words from `at` on begin with, if any.
pub(super) fn at(words: &Words, at: usize, end: usize) -> Option<Said> {
    (1..=4.min(end.saturating_sub(at))).rev().find_map(|count| said(words, &(at..at + count)))
}

/// The kind these words say, all together.
pub(super) fn said(words: &Words, span: &Range<usize>) -> Option<Said> {
    let (letters, marks, count) = (words.letters(span), words.marks(span), span.len());
    if let Some(kinds) = short(letters).filter(|_| marks.iter().all(|marks| *marks == 0)) {
        return Some(Said { words: count, kinds, is_unmarked: false, is_letter: letters.len() == 1 });
    }
    let (full, kinds) = BY_LETTERS.get(letters)?;
    let fits = marks.iter().zip(full).all(|(typed, full)| is_part_of(*typed, *full));
    fits.then(|| Said { words: count, kinds: *kinds, is_unmarked: marks != full, is_letter: false })
}

/// The name that initials stand for, where everybody reads them so.
pub(super) fn initials(letters: &[u8]) -> Option<&'static str> {
    [&b"hcm"[..], b"tphcm"].contains(&letters).then_some("Hồ Chí Minh")
}

/// What people write before a place and mean the place: its committee, council, Party cell, steering board, its area.
const OFFICES: [&str; 18] = [
    "ubnd",
    "ub",
    "uybannhandan",
    "uyban",
    "hdnd",
    "hdndvaubnd",
    "hoidongnhandan",
    "danguy",
    "danguyvaubnd",
    "chinhquyen",
    "diaban",
    "diaphuong",
    "donvi",
    "bcd",
    "banchidao",
    "phongchongdich",
    "pcd",
    "covid19",
];

/// How many words from `at` on name an office of the place that follows.
pub(super) fn office_at(words: &Words, at: usize, end: usize) -> Option<usize> {
    (1..=4.min(end.saturating_sub(at)))
        .rev()
        .find(|count| OFFICES.iter().any(|office| office.as_bytes() == words.letters(&(at..at + count))))
}
