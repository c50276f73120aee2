//! A cell as a whole number of people, or as a percentage.

use super::grid::Cell;
use crate::domain::{number::parse_whole, report::LARGEST_COUNT};

/// What a cell says as a count.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reading {
    /// Nothing, or a dash: not reported, which is not 0.
    Blank,
    /// A whole number from 0 on.
    Whole(i64),
    /// Something else, as it was written (rule R4).
    NotACount(String),
    /// A formula whose result the file does not hold.
    NotComputed(String),
}

/// Words that may follow a number of people.
const PEOPLE: [&str; 4] = ["người", "nguoi", "ng.", "người."];
const DASHES: [&str; 6] = ["-", "–", "—", "--", "−", "---"];
/// So many digits are never above the largest count.
const MOST_DIGITS: usize = LARGEST_COUNT.ilog10() as usize;
/// How far a computed number may lie from the whole one it stands for.
const HAIR: f64 = 1e-6;

/// Reads a count as people keep it: a number, `1.234`, `1,234`, `1 234`, `1234,0`, `1234 người`, full-width digits.
/// `1.5`, `≈1799`, `1.6k`, `1917*`, `1e4` and words are no counts; nor is anything below zero.
///
/// ```
/// use vungxanh::imports::{count::{Reading, count_of}, grid::Cell};
/// assert_eq!(count_of(&Cell::Text("1.234".into())), Reading::Whole(1234));
/// assert_eq!(count_of(&Cell::Text("1.5".into())), Reading::NotACount("1.5".into()));
/// ```
pub fn count_of(cell: &Cell) -> Reading {
    match cell {
        Cell::Empty => Reading::Blank,
        Cell::Number { value, shows_percent } => match whole(*value).filter(|_| !shows_percent) {
            Some(n) => Reading::Whole(n),
            None => Reading::NotACount(shown(cell)),
        },
        Cell::Text(text) => typed(text),
        Cell::Broken(text) if text.starts_with('#') => Reading::NotACount(text.clone()),
        Cell::Broken(text) => Reading::NotComputed(text.clone()),
        Cell::Date(_) | Cell::Bool(_) => Reading::NotACount(shown(cell)),
    }
}

fn whole(value: f64) -> Option<i64> {
    let nearest = value.round();
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    let is_count = (0.0..=LARGEST_COUNT as f64).contains(&nearest) && (value - nearest).abs() < HAIR;
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
    is_count.then_some(nearest as i64)
}

fn typed(text: &str) -> Reading {
    // Most are written so that nothing is to be done to them.
    if (1..=MOST_DIGITS).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_digit())
        && let Ok(n) = text.parse()
    {
        return Reading::Whole(n);
    }
    let plain: String = text.chars().filter_map(plain).collect();
    let mut plain = plain.trim();
    if plain.is_empty() || DASHES.contains(&plain) {
        return Reading::Blank;
    }
    let lower = plain.to_lowercase();
    if let Some(word) = PEOPLE.iter().find(|word| lower.ends_with(*word)) {
        plain = plain.get(..plain.len() - word.len()).map_or(plain, str::trim_end);
    }
    match grouped(plain).filter(|n| (0..=LARGEST_COUNT).contains(n)) {
        Some(n) => Reading::Whole(n),
        None => Reading::NotACount(text.trim().to_owned()),
    }
}

/// A letter as it is meant: full-width digits and signs narrow, every kind of space a space, marks that do not show gone.
fn plain(letter: char) -> Option<char> {
    match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(letter as u32 - 0xfee0),
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' => None,
        letter if letter.is_whitespace() => Some(' '),
        letter => Some(letter),
    }
}

/// A whole number with groups of three, and no more than two zeros behind a decimal sign. A comma before three digits
/// groups: no count has thousandths of a person.
fn grouped(text: &str) -> Option<i64> {
    let whole = match text.rfind(['.', ',']).and_then(|at| Some((text.get(..at)?, text.get(at + 1..)?))) {
        Some((whole, "0" | "00")) if !whole.is_empty() => whole,
        _ => text,
    };
    if whole.contains('.') && whole.contains(',') { None } else { parse_whole(&whole.replace(',', ".")) }
}

/// The cell as a person would read it.
pub fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) | Cell::Broken(text) => text.trim().to_owned(),
        Cell::Number { value, shows_percent: true } => format!("{}%", value * 100.0),
        Cell::Number { value, shows_percent: false } => value.to_string(),
        Cell::Date(at) => at.date().format("%d/%m/%Y").to_string(),
        Cell::Bool(value) => value.to_string(),
    }
}

/// The percentages a cell may mean: `0.65` alone can be 65 % or 0.65 %. None where it says none.
pub fn percents_of(cell: &Cell) -> Vec<f64> {
    match cell {
        Cell::Number { value, shows_percent: true } => vec![value * 100.0],
        Cell::Number { value, shows_percent: false } => vec![*value, value * 100.0],
        Cell::Text(text) => {
            let plain: String = text.chars().filter_map(plain).filter(|c| *c != ' ').collect();
            let (number, is_percent) = plain.strip_suffix('%').map_or((plain.as_str(), false), |n| (n, true));
            let Ok(value) = number.replace(',', ".").parse::<f64>() else { return Vec::new() };
            if is_percent { vec![value] } else { vec![value, value * 100.0] }
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::number::group;
    use proptest::prelude::*;

    fn text(text: &str) -> Reading {
        count_of(&Cell::Text(text.to_owned()))
    }

    #[test]
    fn counts_are_read_as_people_write_them() {
        for (written, count) in [
            ("2.568", 2568),
            ("2,131", 2131),
            ("4 136", 4136),
            ("1\u{a0}782", 1782),
            ("1\u{202f}782", 1782),
            (" 1842 ", 1842),
            ("2794 người", 2794),
            ("2.794 Người", 2794),
            ("1723,0", 1723),
            ("3149.00", 3149),
            ("1.234,0", 1234),
            ("1,234.00", 1234),
            ("３３５０", 3350),
            ("３.３５０", 3350),
            ("1.234.567", 1_234_567),
            ("\u{200e}15\u{200f}", 15),
            ("0", 0),
            ("007", 7),
        ] {
            assert_eq!(text(written), Reading::Whole(count), "{written}");
        }
        for (value, count) in [(12.0, 12), (0.0, 0), (1_799.000_000_000_2, 1799)] {
            assert_eq!(count_of(&Cell::Number { value, shows_percent: false }), Reading::Whole(count));
        }
    }

    #[test]
    fn what_is_no_count_is_never_read_as_one() {
        for written in [
            "≈1799",
            "1.6k",
            "2148.5",
            "không",
            "1917*",
            "1e4",
            "1.5",
            "1,5",
            "12,34",
            "1.2345",
            "-5",
            "+5",
            "1.234,5",
            "~20",
            "20-30",
            "1/2",
            "người",
            "#REF!",
            "1 234.567",
            "x",
            "999999999999",
            "12 người nước ngoài",
            "0.500",
            "0,500",
            "01.234",
            "٣",
        ] {
            assert_eq!(text(written), Reading::NotACount(written.to_owned()));
        }
        for value in [2148.5, -1.0, 1e12, f64::NAN, f64::INFINITY, 0.65] {
            let cell = Cell::Number { value, shows_percent: false };
            assert!(matches!(count_of(&cell), Reading::NotACount(_)), "{value}");
        }
        assert!(matches!(count_of(&Cell::Number { value: 1.0, shows_percent: true }), Reading::NotACount(_)));
        assert!(matches!(count_of(&Cell::Broken("#N/A".into())), Reading::NotACount(_)));
    }

    #[test]
    fn a_dash_or_nothing_is_not_zero() {
        for written in ["", " ", "\u{a0}", "-", "–", "—"] {
            assert_eq!(text(written), Reading::Blank, "{written:?}");
        }
        assert_eq!(count_of(&Cell::Empty), Reading::Blank);
    }

    #[test]
    fn a_share_may_be_a_fraction_or_a_percentage() {
        assert_eq!(percents_of(&Cell::Text("23,79%".into())), [23.79]);
        assert_eq!(percents_of(&Cell::Text("23.79 %".into())), [23.79]);
        assert_eq!(percents_of(&Cell::Number { value: 0.5, shows_percent: true }), [50.0]);
        assert_eq!(percents_of(&Cell::Number { value: 0.5, shows_percent: false }), [0.5, 50.0]);
        assert!(percents_of(&Cell::Text("số liệu ước".into())).is_empty());
    }

    proptest! {
        #[test]
        fn a_count_written_is_the_count_read(n in 0..LARGEST_COUNT, sign in prop::sample::select(vec!['.', ',', ' ', '\u{a0}']), tail in prop::sample::select(vec!["", " ", " người"])) {
            prop_assert_eq!(text(&format!("{}{tail}", group(n, sign))), Reading::Whole(n));
        }

        #[test]
        fn a_fraction_is_never_read_as_whole(whole in 0i64..100_000, tenth in 1u8..100, sign in prop::sample::select(vec!['.', ','])) {
            let written = format!("{whole}{sign}{tenth:02}");
            prop_assert!(!matches!(text(&written), Reading::Whole(_)), "{}", written);
        }

        #[test]
        fn reading_never_panics(written in ".{0,40}") {
            let _ = (text(&written), percents_of(&Cell::Text(written)));
        }
    }
}
