//! Bytes of a text file to its text: by its mark, else strict UTF-8, else whatever reads most like Vietnamese.

use std::borrow::Cow;

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252, WINDOWS_1258};

use super::{tcvn3, vietnamese::score, vni};

/// How much is judged, from shortly before the first letter that tells.
const SAMPLE: usize = 128 * 1024;
/// Bytes of text with marks that tell whether all of it was written in an old font.
const FONT_SAMPLE: usize = 32 * 1024;

/// The text and the usual name of its encoding.
pub(super) fn decode(bytes: &[u8]) -> (String, &'static str) {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return made_sense_of(String::from_utf8_lossy(rest), "utf-8-sig");
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return made_sense_of(UTF_16LE.decode_without_bom_handling(rest).0, "utf-16-le");
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return made_sense_of(UTF_16BE.decode_without_bom_handling(rest).0, "utf-16-be");
    }
    match zeros(bytes) {
        (0..=5, 25..) => return made_sense_of(UTF_16LE.decode_without_bom_handling(bytes).0, "utf-16-le"),
        (25.., 0..=5) => return made_sense_of(UTF_16BE.decode_without_bom_handling(bytes).0, "utf-16-be"),
        _ => {}
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => made_sense_of(text.into(), "utf-8"),
        Err(_) => guessed(bytes),
    }
}

/// The text as it was meant: an old font, or UTF-8, may have been taken for Western European when it was saved.
fn made_sense_of(text: Cow<'_, str>, encoding: &'static str) -> (String, &'static str) {
    match (font_of([&*text]), encoded_twice(&text)) {
        (_, Some(text)) => (text, encoding),
        (Some(font), None) => {
            let is_mixed = is_beyond_fonts(&text);
            let restored = text.lines().map(|line| font.restored_among(line, is_mixed) + "\n").collect();
            (restored, if is_mixed { encoding } else { font.name() })
        }
        (None, None) => (text.into_owned(), encoding),
    }
}

/// The text of a file in UTF-8 that a program took for Western European and saved as UTF-8 once more.
fn encoded_twice(text: &str) -> Option<String> {
    // What became of the first two bytes of nearly every letter with two marks.
    if !["áº", "á»"].iter().any(|debris| text.contains(debris)) {
        return None;
    }
    let (bytes, _, has_others) = WINDOWS_1252.encode(text.strip_prefix('\u{FEFF}').unwrap_or(text));
    let once = String::from_utf8(bytes.into_owned()).ok().filter(|_| !has_others)?;
    (score(head(&once)) > score(head(text)).max(0)).then_some(once)
}

/// As much of a text as is judged.
fn head(text: &str) -> &str {
    let end = (0..=SAMPLE.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    text.get(..end).unwrap_or(text)
}

/// Percent of bytes that are zero at even and at odd places: the high bytes of UTF-16, where most signs are Latin.
fn zeros(bytes: &[u8]) -> (usize, usize) {
    let sample = bytes.get(..4096).unwrap_or(bytes);
    let share = |parity: usize| {
        let zeros = sample.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
        200 * zeros / sample.len().max(1)
    };
    (share(0), share(1))
}

/// An encoding and how it is read.
type Candidate = (&'static str, fn(&[u8]) -> String);

/// The decoding that looks most Vietnamese; the first of equals.
fn guessed(bytes: &[u8]) -> (String, &'static str) {
    let first = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or_default().saturating_sub(1024);
    let sample = bytes.get(first..).unwrap_or_default();
    let sample = sample.get(..SAMPLE).unwrap_or(sample);
    let candidates: [Candidate; 5] = [
        ("utf-8", |bytes| String::from_utf8_lossy(bytes).into_owned()),
        ("cp1252", |bytes| WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()),
        ("cp1258", |bytes| WINDOWS_1258.decode_without_bom_handling(bytes).0.into_owned()),
        ("tcvn3", tcvn3::decode),
        ("vni", vni::decode),
    ];
    let mut best: Option<(i64, Candidate)> = None;
    for (name, decode) in candidates {
        let score = score(&decode(sample));
        if best.is_none_or(|(highest, ..)| score > highest) {
            best = Some((score, (name, decode)));
        }
    }
    let Some((_, (name, decode))) = best else { return (String::from_utf8_lossy(bytes).into_owned(), "utf-8") };
    (decode(bytes), name)
}

/// The fonts that draw Vietnamese over codes of Western European letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Font {
    /// `.VnTime`, `.VnArial`, …; those in `H` draw capitals only.
    Tcvn3 {
        /// Whether it draws capitals only.
        is_capital: bool,
    },
    /// `VNI-Times`, `VNI-Helve`, …
    Vni,
}

impl Font {
    /// The encoding that a font's name tells, if it is one of them.
    pub(super) fn named(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        if name.starts_with(".vn") {
            return Some(Self::Tcvn3 { is_capital: name.ends_with('h') });
        }
        name.starts_with("vni-").then_some(Self::Vni)
    }

    /// Its encoding.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Tcvn3 { .. } => "tcvn3",
            Self::Vni => "vni",
        }
    }

    /// What the font draws for the text, unless the text holds letters that no such font has.
    pub(super) fn restored(self, text: &str) -> String {
        if text.is_ascii() && self != (Self::Tcvn3 { is_capital: true }) {
            return text.to_owned();
        }
        let (bytes, _, has_others) = WINDOWS_1252.encode(text);
        match self {
            _ if has_others => text.to_owned(),
            Self::Tcvn3 { is_capital: true } => tcvn3::decode(&bytes).to_uppercase(),
            Self::Tcvn3 { is_capital: false } => tcvn3::decode(&bytes),
            Self::Vni => vni::decode(&bytes),
        }
    }

    /// The same of a text among others: where some of those are no font's (`is_mixed`), "Xã Hòa An" is more likely what
    /// it says than what the font would draw, unless it makes sense only so.
    pub(super) fn restored_among(self, text: &str, is_mixed: bool) -> String {
        let restored = self.restored(text);
        if is_mixed && score(&restored) <= score(text) { text.to_owned() } else { restored }
    }
}

/// Whether a text has letters that no old font has.
pub(super) fn is_beyond_fonts(text: &str) -> bool {
    WINDOWS_1252.encode(text).2
}

/// The old font that texts were written in, when they make no sense as they are and sense in that font.
pub(super) fn font_of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<Font> {
    let candidates = [Font::Tcvn3 { is_capital: false }, Font::Vni];
    let (mut seen, mut plain, mut restored) = (0, 0, [0; 2]);
    for text in texts.into_iter().flat_map(str::lines).filter(|text| !text.is_ascii()) {
        let as_written = score(text);
        plain += as_written;
        for (sum, font) in restored.iter_mut().zip(candidates) {
            let drawn = font.restored(text);
            *sum += if drawn == text { as_written } else { score(&drawn) };
        }
        seen += text.len();
        if seen > FONT_SAMPLE {
            break;
        }
    }
    let best = candidates.into_iter().zip(restored).max_by_key(|(_, score)| *score);
    best.filter(|(_, score)| *score > plain.max(0)).map(|(font, _)| font)
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    const TEXT: &str = "STT;Tên đơn vị;Tổng số;Đã cài Bluezone\r\n1;Thị trấn Chợ Mới;11.318;2.568\r\n2;Xã Mỹ Hội Đông;23.220;1.782\r\n";

    fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    /// As Windows writes it: vowels with their own marks composed, tones apart.
    fn windows_1258(text: &str) -> Vec<u8> {
        text.chars()
            .flat_map(|c| {
                let mut buffer = [0; 4];
                if !WINDOWS_1258.encode(c.encode_utf8(&mut buffer)).2 {
                    return vec![c];
                }
                let apart: Vec<char> = c.nfd().collect();
                let is_tone = |c: &char| "\u{300}\u{301}\u{303}\u{309}\u{323}".contains(*c);
                let base = apart.iter().copied().filter(|c| !is_tone(c)).nfc();
                base.chain(apart.iter().copied().filter(is_tone)).collect()
            })
            .flat_map(|c| WINDOWS_1258.encode(&c.to_string()).0.into_owned())
            .collect()
    }

    #[test]
    fn each_encoding_is_told_from_the_others() {
        let marked = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
        for (bytes, name) in [
            (TEXT.as_bytes().to_vec(), "utf-8"),
            (marked(b"\xEF\xBB\xBF", TEXT.as_bytes().to_vec()), "utf-8-sig"),
            (marked(b"\xFF\xFE", utf_16(TEXT, u16::to_le_bytes)), "utf-16-le"),
            (marked(b"\xFE\xFF", utf_16(TEXT, u16::to_be_bytes)), "utf-16-be"),
            (utf_16(TEXT, u16::to_le_bytes), "utf-16-le"),
            (utf_16(TEXT, u16::to_be_bytes), "utf-16-be"),
            (windows_1258(TEXT), "cp1258"),
        ] {
            let (text, found) = decode(&bytes);
            assert_eq!((text.nfc().collect::<String>().as_str(), found), (TEXT, name));
        }
    }

    #[test]
    fn old_fonts_are_read_from_their_bytes_and_from_what_became_of_them() {
        let expected = "Đơn vị;Tổng số\nxã Kiến An;1.234\nhuyện Chợ Mới;5\n";
        for (seen, name) in [
            ("§¬n vÞ;Tæng sè\nx· KiÕn An;1.234\nhuyÖn Chî Míi;5\n", "tcvn3"),
            ("Ñôn vò;Toång soá\nxaõ Kieán An;1.234\nhuyeän Chôï Môùi;5\n", "vni"),
        ] {
            assert_eq!(decode(&WINDOWS_1252.encode(seen).0), (expected.to_owned(), name));
            assert_eq!(decode(seen.as_bytes()), (expected.to_owned(), name));
            // As Excel saves "CSV UTF-8" and "Unicode Text".
            assert_eq!(decode(format!("\u{FEFF}{seen}").as_bytes()), (expected.to_owned(), name));
            let unicode = [b"\xFF\xFE".to_vec(), utf_16(seen, u16::to_le_bytes)].concat();
            assert_eq!(decode(&unicode), (expected.to_owned(), name));
        }
        let twice = WINDOWS_1252.decode_without_bom_handling(TEXT.as_bytes()).0.into_owned();
        assert_eq!(decode(twice.as_bytes()), (TEXT.to_owned(), "utf-8"));
    }

    #[test]
    fn rows_in_an_old_font_among_others_do_not_spoil_them() {
        let text = "Đơn vị;Tổng số\nx· KiÕn Thµnh;1.234\nXã Hòa An;5\nXã Mỹ An;6\n";
        assert_eq!(decode(text.as_bytes()).0, text.replace("x· KiÕn Thµnh", "xã Kiến Thành"));
    }

    #[test]
    fn western_text_stays_western_and_one_bad_byte_does_not_spoil_a_file() {
        let (text, name) = decode(&WINDOWS_1252.encode("Unité;Café à Genève\n").0);
        assert_eq!((text.as_str(), name), ("Unité;Café à Genève\n", "cp1252"));
        let (text, name) = decode(&[TEXT.as_bytes(), b"\xFF"].concat());
        assert_eq!((text.trim_end_matches('\u{FFFD}'), name), (TEXT, "utf-8"));
        assert_eq!(decode(b"plain;1\n"), ("plain;1\n".to_owned(), "utf-8"));
        assert_eq!(decode("Krông Nô;Đắk Lắk\n".as_bytes()).1, "utf-8");
        for sign in ["–", "—", "•", "×", "·", "€", "™"] {
            let text = format!("Đơn vị;Tổng\nXã Hòa An;{sign}\n");
            assert_eq!(decode(text.as_bytes()), (text, "utf-8"));
            let text = format!("Xã Hòa An;{sign}\n");
            assert_eq!(decode(text.as_bytes()), (text, "utf-8"));
        }
    }

    #[test]
    fn the_name_of_a_font_tells_its_encoding() {
        assert_eq!(Font::named(".VnTime"), Some(Font::Tcvn3 { is_capital: false }));
        assert_eq!(Font::named(".VnArialH"), Some(Font::Tcvn3 { is_capital: true }));
        assert_eq!(Font::named("VNI-Times"), Some(Font::Vni));
        assert_eq!(Font::named("Times New Roman"), None);
        assert_eq!(Font::Tcvn3 { is_capital: true }.restored("x· KiÕn An"), "XÃ KIẾN AN");
        assert_eq!(Font::Vni.restored("Xã Kiến An"), "Xã Kiến An");
    }
}
