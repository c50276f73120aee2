//! Vietnamese text: one stored form, one way to search, one way to sort.

use std::cmp::Ordering;

use icu_collator::{Collator, CollatorBorrowed, options::CollatorOptions};
use icu_locale_core::locale;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark, is_nfc};

use super::{calendar, number};

/// The form all text is stored in: NFC, with the look-alike U+00D0 "Ð" mapped to "Đ", white space squeezed
/// and control characters gone (requirements §5.2 rule 17).
///
/// ```
/// use vungxanh::domain::text::clean;
/// assert_eq!(clean("  My\u{303}  Luo\u{302}ng "), "Mỹ Luông");
/// ```
pub fn clean(text: &str) -> String {
    if is_clean(text) {
        return text.to_owned();
    }
    let composed: String = text
        .nfc()
        .map(|c| match c {
            '\u{D0}' => 'Đ',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a text is in the stored form: nearly every text is, and finding that out is cheaper than making it so.
fn is_clean(text: &str) -> bool {
    let mut before = ' ';
    for c in text.chars() {
        if c == '\u{D0}' || c.is_control() || c.is_whitespace() && (c != ' ' || before == ' ') {
            return false;
        }
        before = c;
    }
    (before != ' ' || text.is_empty()) && (text.is_ascii() || is_nfc(text))
}

/// What a name is searched by: lower case, no marks, đ as d. "Hoà An", "Hòa An" and "hoa an" are one.
///
/// ```
/// use vungxanh::domain::text::search_key;
/// assert_eq!(search_key("Hoà An"), search_key("hòa an"));
/// assert_eq!(search_key("Thị trấn Đông"), "thi tran dong");
/// ```
pub fn search_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    let mut is_apart = false;
    let mut put = |c: char| {
        let c = if matches!(c, 'đ' | 'ð') { 'd' } else { c };
        if !c.is_alphanumeric() {
            is_apart = true;
            return;
        }
        if is_apart && !key.is_empty() {
            key.push(' ');
        }
        is_apart = false;
        key.push(c);
    };
    if text.is_ascii() {
        text.chars().map(|c| c.to_ascii_lowercase()).for_each(&mut put);
    } else {
        text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).for_each(&mut put);
    }
    key
}

/// The text in paragraphs: each line [`clean`]ed, blank ones gone.
pub fn clean_lines(text: &str) -> String {
    text.lines().map(clean).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Digits in a row, separators between them aside, that no count has and every telephone and identity number does.
const DIGITS_OF_A_PERSON: usize = 9;

/// The first thing in a text that tells who somebody is: a telephone or identity number, an e-mail address. Numbers
/// grouped in threes are counts.
///
/// ```
/// use vungxanh::domain::text::personal;
/// assert_eq!(personal("Gọi 0912 345 678"), Some("0912 345 678".to_owned()));
/// assert_eq!(personal("Còn 1.234.567 người"), None);
/// ```
pub fn personal(text: &str) -> Option<String> {
    let is_address = |word: &&str| {
        let (name, host) = word.split_once('@').unwrap_or_default();
        !name.is_empty() && host.contains('.')
    };
    // A day or an hour beside a number is no part of it.
    let is_time = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        calendar::parse_day(word).is_some() || calendar::parse_time(word).is_some()
    };
    let words: Vec<&str> = text.split_whitespace().map(|word| if is_time(word) { "," } else { word }).collect();
    let mut runs = Vec::new();
    let mut run = String::new();
    for c in words.join(" ").chars() {
        let goes_on = !run.is_empty() && [' ', '.', '-'].contains(&c);
        if c.is_ascii_digit() || goes_on || (c == '+' && run.is_empty()) {
            run.push(c);
        } else {
            runs.push(std::mem::take(&mut run));
        }
    }
    runs.push(run);
    let is_person = |run: &&str| {
        let is_grouped = number::parse_whole(run).is_some() && run.contains(['.', ' ']);
        let is_count = is_grouped && !run.starts_with(['0', '+']);
        run.bytes().filter(u8::is_ascii_digit).count() >= DIGITS_OF_A_PERSON && !is_count
    };
    let number = runs.iter().map(|run| run.trim_end_matches([' ', '.', '-'])).find(is_person);
    number.or_else(|| text.split_whitespace().find(is_address)).map(str::to_owned)
}

thread_local! {
    static COLLATOR: Option<CollatorBorrowed<'static>> =
        Collator::try_new(locale!("vi").into(), CollatorOptions::default()).ok();
}

/// Vietnamese dictionary order: An < Ân < Ấp < Dân < Đông.
pub fn compare(a: &str, b: &str) -> Ordering {
    COLLATOR.with(|collator| match collator {
        Some(collator) => collator.compare(a, b),
        // The `vi` data is compiled in; without it, code point order is still an order.
        None => a.cmp(b),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        /// The short ways lead where the long ones did.
        #[test]
        fn the_stored_form_and_the_key_are_what_they_say(text in "[a-zA-Z0-9 .,đĐÐðàẢẫệÔ\u{300}\u{309}\u{323}\u{a0}\t\n/-]{0,24}") {
            let composed: String = text.nfc().map(|c| match c {
                '\u{D0}' => 'Đ',
                c if c.is_control() => ' ',
                c => c,
            }).collect();
            let stored = composed.split_whitespace().collect::<Vec<_>>().join(" ");
            proptest::prop_assert_eq!(&clean(&text), &stored);
            let folded: String = stored.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase)
                .map(|c| if matches!(c, 'đ' | 'ð') { 'd' } else { c }).collect();
            let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
            proptest::prop_assert_eq!(search_key(&text), words.join(" "));
        }
    }

    #[test]
    fn a_name_is_found_with_either_tone_place_and_without_marks() {
        // Golden case G-14.
        for typed in ["Hoà An", "Hòa An", "hoa an", "HOA AN", "Ho\u{e0} An", "Hoa\u{300} An"] {
            assert_eq!(search_key(typed), "hoa an", "{typed}");
        }
    }

    #[test]
    fn decomposed_text_is_stored_composed() {
        // Golden case G-15.
        assert_eq!(clean("My\u{303} Luo\u{302}ng"), "Mỹ Luông");
        assert_eq!(clean("Ðiền"), "Điền");
    }

    #[test]
    fn what_tells_who_somebody_is_is_found_and_counts_are_not() {
        for text in ["0912345678", "ĐT: 0296.3883.123.", "CCCD 089-090-001-234", "a.b@chomoi.gov.vn", "+84 912 345 678"]
        {
            assert!(personal(text).is_some(), "{text}");
        }
        let counts =
            ["từ 20/11/2020 đến 27/11/2020", "1.234.567.890 đồng", "18 xã, 142 ấp", "hạn 16:00 20-11-2020", "@"];
        for text in counts {
            assert_eq!(personal(text), None, "{text}");
        }
    }

    #[test]
    fn names_sort_as_a_vietnamese_dictionary_does() {
        let mut names = vec!["Đông", "Dân", "Ấp", "An", "Ân", "Zzz"];
        names.sort_by(|a, b| compare(a, b));
        assert_eq!(names, ["An", "Ân", "Ấp", "Dân", "Đông", "Zzz"]);
    }
}
