//! VNI for Windows, the encoding of the `VNI-…` fonts: a plain vowel and the byte of its marks, or one byte.

use unicode_normalization::UnicodeNormalization;

/// Letters of one byte.
const SINGLE: [(char, char); 18] = [
    ('í', 'í'),
    ('ì', 'ì'),
    ('æ', 'ỉ'),
    ('ó', 'ĩ'),
    ('ò', 'ị'),
    ('ô', 'ơ'),
    ('ö', 'ư'),
    ('î', 'ỵ'),
    ('ñ', 'đ'),
    ('Í', 'Í'),
    ('Ì', 'Ì'),
    ('Æ', 'Ỉ'),
    ('Ó', 'Ĩ'),
    ('Ò', 'Ị'),
    ('Ô', 'Ơ'),
    ('Ö', 'Ư'),
    ('Î', 'Ỵ'),
    ('Ñ', 'Đ'),
];
/// Marks by the byte that follows the vowel, and the vowels that take them.
const MARKS: [(char, &str, &str); 17] = [
    ('ù', "\u{301}", TONED),
    ('ø', "\u{300}", TONED),
    ('û', "\u{309}", TONED),
    ('õ', "\u{303}", TONED),
    ('ï', "\u{323}", TONED),
    ('â', "\u{302}", ROOFED),
    ('á', "\u{302}\u{301}", ROOFED),
    ('à', "\u{302}\u{300}", ROOFED),
    ('å', "\u{302}\u{309}", ROOFED),
    ('ã', "\u{302}\u{303}", ROOFED),
    ('ä', "\u{302}\u{323}", ROOFED),
    ('ê', "\u{306}", "aA"),
    ('é', "\u{306}\u{301}", "aA"),
    ('è', "\u{306}\u{300}", "aA"),
    ('ú', "\u{306}\u{309}", "aA"),
    ('ü', "\u{306}\u{303}", "aA"),
    ('ë', "\u{306}\u{323}", "aA"),
];
const TONED: &str = "aeouyơưAEOUYƠƯ";
const ROOFED: &str = "aeoAEO";

/// The marks that `mark` puts on `vowel`; a capital mark does the same.
fn marks(vowel: char, mark: char) -> Option<&'static str> {
    let small = mark.to_lowercase().next()?;
    let (_, marks, vowels) = MARKS.iter().find(|(byte, ..)| *byte == small)?;
    vowels.contains(vowel).then_some(*marks)
}

/// Text from its bytes. A byte that is no letter is what windows-1252 says it is.
pub(super) fn decode(bytes: &[u8]) -> String {
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
    let mut decomposed = String::with_capacity(bytes.len() * 2);
    let mut before = ' ';
    for c in text.chars() {
        let is_ascii = c.is_ascii();
        if !is_ascii && let Some(marks) = marks(before, c) {
            decomposed.push_str(marks);
            before = ' ';
        } else {
            before = SINGLE.iter().find(|(byte, _)| !is_ascii && *byte == c).map_or(c, |(_, letter)| *letter);
            decomposed.push(before);
        }
    }
    decomposed.nfc().collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        encoding_rs::WINDOWS_1252.encode(text).0.into_owned()
    }

    #[test]
    fn every_vietnamese_letter_is_written() {
        let vowels = "aeouyAEOUY".chars().chain(['ô', 'ö', 'Ô', 'Ö']);
        let pairs = vowels.flat_map(|vowel| MARKS.map(|(mark, ..)| format!("{vowel}{mark}")));
        let all: BTreeSet<char> = pairs
            .chain(SINGLE.map(|(byte, _)| byte.to_string()))
            .map(|written| decode(&bytes(&written)))
            .filter(|text| text.chars().count() == 1)
            .flat_map(|text| text.chars().collect::<Vec<_>>())
            .collect();
        assert_eq!(all, crate::imports::vietnamese::letters());
    }

    #[test]
    fn text_of_a_vni_font_is_read() {
        let written = "Ñôn vò: xaõ Kieán An, huyeän Chôï Môùi, Phöôùc Xuaân, Myõ Hieäp";
        assert_eq!(decode(&bytes(written)), "Đơn vị: xã Kiến An, huyện Chợ Mới, Phước Xuân, Mỹ Hiệp");
        assert_eq!(decode(&bytes("TOÅNG COÄNG 12%\r\n")), "TỔNG CỘNG 12%\r\n");
    }

    #[test]
    fn a_small_mark_after_a_capital_is_the_same_letter() {
        assert_eq!(decode(&bytes("THÒ TRAáN, Xaõ")), "THỊ TRẤN, Xã");
    }
}
