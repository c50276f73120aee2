//! Days as offices write them: in a cell, in a title. Day first; nothing that can be read in two ways.

use chrono::{Days, NaiveDate};
use unicode_normalization::UnicodeNormalization;

use super::grid::Cell;
use crate::domain::{calendar::parse_day, text::search_key};

/// The year of the oldest figures: no campaign is older.
pub const FIRST_YEAR: i32 = 2020;

/// What a cell says as a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayReading {
    /// Nothing.
    Blank,
    /// A day.
    Day(NaiveDate),
    /// Something else, or a day that could be another.
    Unclear,
}

/// The day of a cell: a true date, the serial number of one, or text.
pub fn day_of(cell: &Cell) -> DayReading {
    let day = match cell {
        Cell::Empty => return DayReading::Blank,
        Cell::Text(text) if text.trim().is_empty() => return DayReading::Blank,
        Cell::Date(at) => Some(at.date()),
        Cell::Number { value, shows_percent: false } => serial(*value),
        Cell::Text(text) => day_in_words(text),
        Cell::Number { .. } | Cell::Bool(_) | Cell::Broken(_) => None,
    };
    day.map_or(DayReading::Unclear, DayReading::Day)
}

/// A workbook's serial number: days since 30/12/1899, the time of day behind the point.
fn serial(value: f64) -> Option<NaiveDate> {
    // 2000 to 2100: other numbers in a column of dates are years or mistakes.
    if !(36_526.0..73_415.0).contains(&value) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range, and the time is dropped")]
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(value as u64))
}

/// The one day a short text names: `05/8/2020`, `2020-08-05 17:00`, `ngày 05 tháng 8 năm 2020`, `17h ngày 5.8.2020`.
///
/// ```
/// use vungxanh::{domain::calendar::parse_day, imports::date::day_in_words};
/// assert_eq!(day_in_words("ngày 05 tháng 8 năm 2020"), parse_day("5/8/2020"));
/// assert_eq!(day_in_words("5/8/20"), None);
/// ```
pub fn day_in_words(text: &str) -> Option<NaiveDate> {
    // Most are written so that nothing is to be done to them.
    if let Some(day) = parse_day(text.trim()) {
        return Some(day);
    }
    let text: String = text.trim().nfkc().collect();
    let text = ['/', '-', '.'].iter().fold(text, |text, sign| without_spaces_around(&text, *sign));
    let text = text.as_str();
    if let Some(day) = parse_day(text) {
        return Some(day);
    }
    if text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit()) {
        return serial(text.parse().ok()?);
    }
    match *days_named(text) {
        [day] if is_only_a_day(text) => Some(day),
        _ => None,
    }
}

/// "20 / 8 / 2020" as "20/8/2020".
fn without_spaces_around(text: &str, sign: char) -> String {
    let parts: Vec<&str> = text.split(sign).map(str::trim).collect();
    parts.join(sign.encode_utf8(&mut [0; 4]))
}

/// Whether nothing but a day and an hour is said: no second date that could not be read, no month alone.
fn is_only_a_day(text: &str) -> bool {
    const WORDS: [&str; 13] =
        ["ngay", "thang", "nam", "luc", "gio", "phut", "den", "tinh", "het", "h", "t", "z", "so lieu"];
    let key = search_key(text);
    key.split(' ').all(|word| {
        let letters: String = word.chars().filter(|c| !c.is_ascii_digit()).collect();
        letters.is_empty() || WORDS.contains(&letters.as_str())
    })
}

/// Every day named in a text, in order.
fn days_named(text: &str) -> Vec<NaiveDate> {
    let mut days = Vec::new();
    let key = search_key(text);
    let words: Vec<&str> = key.split(' ').collect();
    for (at, word) in words.iter().enumerate() {
        // ngày 05 tháng 8 năm 2020; the word "ngày" may be missing.
        if *word == "thang"
            && let [Some(day), Some(month), Some("nam"), Some(year)] =
                [at.checked_sub(1), Some(at + 1), Some(at + 2), Some(at + 3)].map(|i| words.get(i?).copied())
        {
            days.extend(parse_day(&format!("{day}/{month}/{year}")));
        }
    }
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '/' | '-' | '.');
    for part in text.split(|c| !is_part(c)).map(|part| part.trim_matches(['/', '-', '.'])) {
        days.extend(parse_day(part));
    }
    days
}

/// The day a title says its figures are true at: `(Số liệu đến 17 giờ ngày 20/8/2020)`. A document's own date is not
/// one: the words before must say so.
pub fn day_in_title(text: &str) -> Option<NaiveDate> {
    const SAYS_SO: [&str; 11] = [
        "den ngay",
        "tinh den",
        "so lieu den",
        "so lieu ngay",
        "den het ngay",
        "thoi diem",
        "bao cao ngay",
        "gio ngay",
        "cap nhat",
        "chot so lieu",
        "ngay bao cao",
    ];
    // "(kèm theo Công văn … ngày …)" dates another paper.
    let lower = text.to_lowercase();
    let text = lower.split("kèm theo").next().unwrap_or_default();
    let key = search_key(text);
    if !SAYS_SO.iter().any(|words| key.contains(words)) {
        return None;
    }
    match *days_named(text) {
        [day] => Some(day),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn days_are_read_in_the_ways_people_write_them() {
        for text in [
            "5/8/2020",
            "05/08/2020",
            "05-08-2020",
            "5.8.2020",
            "2020-08-05",
            " 05/8/2020 ",
            "ngày 05 tháng 8 năm 2020",
            "Ngày 5 tháng 08 năm 2020",
            "05 tháng 8 năm 2020",
            "NGÀY 05/8/2020",
            "17 giờ ngày 05/8/2020",
            "05 / 8 / 2020",
            "０５/８/２０２０",
            "17h00 ngày 5/8/2020",
            "05/8/2020 17:00",
            "2020-08-05 00:00:00",
            "2020-08-05T17:00:00Z",
            "đến ngày 05/8/2020",
            "44048",
        ] {
            assert_eq!(day_of(&Cell::Text(text.into())), DayReading::Day(day(2020, 8, 5)), "{text}");
        }
        let number = |value| day_of(&Cell::Number { value, shows_percent: false });
        assert_eq!(number(44048.0), DayReading::Day(day(2020, 8, 5)));
        assert_eq!(number(44048.7), DayReading::Day(day(2020, 8, 5)));
        let at = day(2020, 8, 5).and_hms_opt(17, 0, 0).unwrap();
        assert_eq!(day_of(&Cell::Date(at)), DayReading::Day(day(2020, 8, 5)));
    }

    #[test]
    fn what_could_be_another_day_is_unclear() {
        for text in [
            "5/8/20",
            "08/20/2020",
            "31/02/2020",
            "5/8",
            "tháng 8 năm 2020",
            "tháng 8/2020",
            "hôm qua",
            "2020",
            "20200805",
            "05082020",
            "từ 01/8/2020 đến 05/8/2020",
            "5/8/2020 6/8/2020",
            "tuần 32",
            "5 Aug 2020",
        ] {
            assert_eq!(day_of(&Cell::Text(text.into())), DayReading::Unclear, "{text}");
        }
        for value in [2020.0, 12.0, f64::NAN, -1.0] {
            assert_eq!(day_of(&Cell::Number { value, shows_percent: false }), DayReading::Unclear, "{value}");
        }
        assert_eq!(day_of(&Cell::Text("  ".into())), DayReading::Blank);
    }

    #[test]
    fn a_title_says_when_its_figures_are_true_and_not_when_it_was_signed() {
        assert_eq!(day_in_title("(Số liệu đến 17 giờ ngày 20/8/2020)"), Some(day(2020, 8, 20)));
        assert_eq!(day_in_title("Tính đến ngày 31/8/2020"), Some(day(2020, 8, 31)));
        assert_eq!(day_in_title("(Tính đến 16 giờ 00, ngày 31 tháng 8 năm 2020)"), Some(day(2020, 8, 31)));
        assert_eq!(day_in_title("Cập nhật: 20/8/2020"), Some(day(2020, 8, 20)));
        assert_eq!(day_in_title("Ngày báo cáo: 20/8/2020"), Some(day(2020, 8, 20)));
        let beside_another = "Số liệu đến ngày 20/8/2020 (kèm theo Công văn số 12 ngày 21/8/2020)";
        assert_eq!(day_in_title(beside_another), Some(day(2020, 8, 20)));
        assert_eq!(day_in_title("Kèm theo Công văn số 123/UBND-VX ngày 15/8/2020"), None);
        assert_eq!(day_in_title("Chợ Mới, ngày 20 tháng 8 năm 2020"), None);
        assert_eq!(day_in_title("Số liệu từ 01/8/2020 đến ngày 20/8/2020"), None);
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in ".{0,60}", value in prop::num::f64::ANY) {
            let _ = (day_in_title(&text), day_of(&Cell::Text(text)), day_of(&Cell::Number { value, shows_percent: false }));
        }
    }
}
