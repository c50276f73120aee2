//! Vietnamese text: one stored form, one way to search, one way to sort.

use std::cmp::Ordering;

use icu_collator::{Collator, CollatorBorrowed, options::CollatorOptions};
use icu_locale_core::locale;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The form all text is stored in: NFC, with the look-alike U+00D0 "Ð" mapped to "Đ", white space squeezed
/// and control characters gone (requirements §5.2 rule 17).
///
/// ```
/// use vungxanh::domain::text::clean;
/// assert_eq!(clean("  My\u{303}  Luo\u{302}ng "), "Mỹ Luông");
/// ```
pub fn clean(text: &str) -> String {
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

/// What a name is searched by: lower case, no marks, đ as d. "Hoà An", "Hòa An" and "hoa an" are one.
///
/// ```
/// use vungxanh::domain::text::search_key;
/// assert_eq!(search_key("Hoà An"), search_key("hòa an"));
/// assert_eq!(search_key("Thị trấn Đông"), "thi tran dong");
/// ```
pub fn search_key(text: &str) -> String {
    let folded: String = clean(text)
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect();
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
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
    fn names_sort_as_a_vietnamese_dictionary_does() {
        let mut names = vec!["Đông", "Dân", "Ấp", "An", "Ân", "Zzz"];
        names.sort_by(|a, b| compare(a, b));
        assert_eq!(names, ["An", "Ân", "Ấp", "Dân", "Đông", "Zzz"]);
    }
}
