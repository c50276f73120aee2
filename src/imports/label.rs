//! Rows that are no unit's: totals, subtotals, sums carried to the next page, told by their words.

use crate::domain::text::search_key;

/// What a row sums up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sum {
    /// Everything.
    Total,
    /// A part: a section, a page.
    Subtotal,
    /// Everything so far, for the next page.
    CarriedForward,
}

const CARRIED: [&str; 7] =
    ["mang sang", "chuyen sang", "mang trang", "trang truoc", "chuyen trang", "sang trang", "luy ke trang"];
/// How the label of a sum of everything so far begins.
const SO_FAR: [&str; 5] = ["luy ke", "lui ke", "cong luy ke", "cong lui ke", "cong don"];
/// Signs of a sum: the mathematical one and the letter it is made of.
const SIGNS: [&str; 2] = ["∑", "Σ"];
const TOTALS: [&str; 21] = [
    "tong cong",
    "tong so",
    "tong hop",
    "tong chung",
    "tong toan",
    "cong chung",
    "cong toan",
    "cong tong",
    "toan huyen",
    "toan tinh",
    "toan xa",
    "toan thanh pho",
    "toan quoc",
    "ca nuoc",
    "ca tinh",
    "ca huyen",
    "ca thi xa",
    "ca thanh pho",
    "ca xa",
    "t cong",
    "grand total",
];
/// What may follow "cộng" in a sum of a part, so that no commune of a name like Cộng Hòa is taken for one.
const PARTS: [&str; 31] = [
    "huyen", "h", "quan", "q", "thi", "tx", "tp", "thanh", "tinh", "xa", "x", "phuong", "p", "tt", "nhom", "khoi",
    "phan", "muc", "trang", "theo", "cac", "cum", "khu", "ap", "khom", "so", "i", "ii", "iii", "iv", "v",
];

/// What a row with this label sums up, if it does. `section` is the name of the part it stands in.
///
/// ```
/// use vungxanh::imports::label::{Sum, sum_of};
/// assert_eq!(sum_of("TỔNG CỘNG", None), Some(Sum::Total));
/// assert_eq!(sum_of("Xã Cộng Hòa", None), None);
/// ```
pub fn sum_of(label: &str, section: Option<&str>) -> Option<Sum> {
    if SIGNS.contains(&label.trim()) {
        return Some(Sum::Total);
    }
    let key = search_key(label);
    let section = section.map(search_key).filter(|section| !section.is_empty());
    let names_section = section.as_ref().is_some_and(|section| key.contains(section.as_str()));
    let (first, rest) = key.split_once(' ').unwrap_or((&key, ""));
    let starts = |words: &&str| key.strip_prefix(*words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let is_part = |rest: &str| {
        let word = rest.split(' ').next().unwrap_or_default();
        PARTS.contains(&word) || !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
    };
    let speaks_of_pages = ["cong", "tong", "luy", "mang", "chuyen", "trang", "so"].contains(&first);
    if speaks_of_pages && CARRIED.iter().any(|words| key.contains(words)) || SO_FAR.iter().any(starts) {
        return Some(Sum::CarriedForward);
    }
    if TOTALS.iter().any(starts) || ["tong", "total", "sum"].contains(&key.as_str()) {
        return Some(if names_section { Sum::Subtotal } else { Sum::Total });
    }
    if key == "cong" {
        return Some(if section.is_some() { Sum::Subtotal } else { Sum::Total });
    }
    let is_sum_of_part = ["cong", "tong"].contains(&first) && (is_part(rest) || names_section);
    (is_sum_of_part || starts(&"tieu cong") || starts(&"subtotal") || starts(&"sub total")).then_some(Sum::Subtotal)
}

/// Whether a label speaks of a district, known or not: the rows under it are its.
pub fn names_a_district(label: &str) -> bool {
    let key = search_key(label);
    let key = key.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
    // "I. Huyện Long Phú"
    let key = key.split_once(' ').filter(|(first, _)| is_roman(first)).map_or(key, |(_, rest)| rest);
    ["huyen ", "h ", "quan ", "q ", "thi xa ", "tx ", "thanh pho ", "tp "].iter().any(|prefix| key.starts_with(prefix))
}

/// Whether a label speaks of a commune by its prefix, known or not.
pub fn names_a_commune(label: &str) -> bool {
    let key = search_key(label);
    ["xa ", "phuong ", "thi tran ", "tt ", "ap ", "khom ", "ubnd xa ", "ubnd phuong "]
        .iter()
        .any(|p| key.starts_with(p))
}

/// Whether a text only counts rows, or points at one: "1.2", "A", "IV.", "*".
pub fn is_ordinal(text: &str) -> bool {
    let key = search_key(text);
    if SIGNS.contains(&text.trim()) {
        return false;
    }
    key.chars().nth(1).is_none() || is_roman(&key) || key.chars().all(|c| c.is_ascii_digit() || c == ' ')
}

fn is_roman(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| matches!(c, 'i' | 'v' | 'x'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_told_from_units() {
        let section = Some("Huyện Long Phú");
        for (label, section, sum) in [
            ("TỔNG CỘNG", None, Some(Sum::Total)),
            ("Tổng cộng:", section, Some(Sum::Total)),
            ("Tổng số", None, Some(Sum::Total)),
            ("Toàn huyện", None, Some(Sum::Total)),
            ("Cả huyện", section, Some(Sum::Total)),
            ("T.cộng", None, Some(Sum::Total)),
            ("∑", None, Some(Sum::Total)),
            ("Cộng", None, Some(Sum::Total)),
            ("Cộng", section, Some(Sum::Subtotal)),
            ("Cộng HUYỆN LONG PHÚ", section, Some(Sum::Subtotal)),
            ("Tổng cộng huyện Long Phú", section, Some(Sum::Subtotal)),
            ("Cộng TP. SÓC TRĂNG", None, Some(Sum::Subtotal)),
            ("Tiểu cộng", None, Some(Sum::Subtotal)),
            ("Cộng trang 1", None, Some(Sum::Subtotal)),
            ("Cộng mang sang", None, Some(Sum::CarriedForward)),
            ("Cộng mang sang trang sau", None, Some(Sum::CarriedForward)),
            ("Trang trước mang sang", None, Some(Sum::CarriedForward)),
            ("Mang sang", None, Some(Sum::CarriedForward)),
            ("Lũy kế", None, Some(Sum::CarriedForward)),
            ("Cộng lũy kế", section, Some(Sum::CarriedForward)),
            ("Tổng cộng (lũy kế)", None, Some(Sum::Total)),
            ("Cộng dồn", None, Some(Sum::CarriedForward)),
            ("Cộng (1)", None, Some(Sum::Subtotal)),
            ("Cộng I", None, Some(Sum::Subtotal)),
            ("Xã Cộng Hòa", None, None),
            ("Cộng Hòa", None, None),
            ("Cộng Hiền", section, None),
            ("Tổng Cọt", None, None),
            ("Toàn Thắng", None, None),
            ("Xã Kiến An", section, None),
            ("", section, None),
        ] {
            assert_eq!(sum_of(label, section), sum, "{label}");
        }
    }

    #[test]
    fn what_counts_the_rows_is_told_from_words() {
        for text in ["1", "1.2", "A", "b)", "IV.", "vi", "*", "-", "+", "(3)", ""] {
            assert!(is_ordinal(text), "{text}");
        }
        for text in ["Tổng cộng", "An", "Xã", "T.cộng", "Ấp 1", "∑", "Σ"] {
            assert!(!is_ordinal(text), "{text}");
        }
    }

    #[test]
    fn a_district_is_known_by_its_prefix() {
        for label in ["HUYỆN LONG PHÚ", "H. Châu Thành", "TX Vĩnh Châu", "TP. Sóc Trăng", "I. Huyện Long Phú", "Quận 9"]
        {
            assert!(names_a_district(label), "{label}");
        }
        for label in ["Xã Long Phú", "Hội An", "Quang Trung", "Thị trấn Trần Đề", "Hòa Bình"] {
            assert!(!names_a_district(label), "{label}");
        }
    }
}
