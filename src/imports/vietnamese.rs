//! How Vietnamese a text looks: what chooses between encodings that cannot be told apart by their bytes.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Consonants a syllable begins with, the longer before the shorter.
const ONSETS: [&str; 28] = [
    "ngh", "gh", "ng", "nh", "ch", "th", "tr", "kh", "ph", "gi", "qu", "b", "c", "d", "đ", "g", "h", "k", "l", "m",
    "n", "p", "r", "s", "t", "v", "x", "",
];
/// Consonants it ends with.
const CODAS: [&str; 9] = ["ng", "nh", "ch", "c", "m", "n", "p", "t", ""];
/// What may stand between them, without its tone: before a consonant, at the end, and either.
const CLOSED: &str = " ă â iê yê oă uâ uô ươ uyê oo ôô ";
const OPEN: &str = " ai ao au ay âu ây eo êu ia iu oi ôi ơi ua ui uơ ưa ưi ưu iêu yêu oai oao oay oeo uây uôi uya uyu ươi ươu \
    uêu uao uai uay ";
const EITHER: &str = " a e ê i o ô ơ u ư y oa oe uê uy ";
/// Tones: grave, acute, tilde, hook above, dot below.
const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];

/// Whether the word is a Vietnamese syllable, in any case.
fn is_syllable(word: &str) -> bool {
    let (mut tones, mut base, mut letters) = (0, ' ', String::with_capacity(word.len()));
    for c in word.nfd().flat_map(char::to_lowercase) {
        if TONES.contains(&c) {
            // A consonant has no tone: Ñ is none of ours.
            tones += if "aeiouy".contains(base) { 1 } else { 2 };
        } else {
            base = if is_combining_mark(c) { base } else { c };
            letters.push(c);
        }
    }
    let toneless: String = letters.nfc().collect();
    tones < 2
        && ONSETS.iter().filter_map(|onset| Some((onset, toneless.strip_prefix(onset)?))).any(|(onset, rest)| {
            // "gi" is a whole syllable in gì.
            *onset == "gi" && rest.is_empty()
                || CODAS.iter().filter_map(|coda| Some((coda, rest.strip_suffix(coda)?))).any(|(coda, nucleus)| {
                    let is_in = |nuclei: &str| !nucleus.is_empty() && nuclei.contains(&format!(" {nucleus} "));
                    is_in(EITHER) || is_in(if coda.is_empty() { OPEN } else { CLOSED })
                })
        })
}

/// Signs that stand in no office text next to a letter, but everywhere in a wrong decoding.
fn is_debris(c: char) -> bool {
    c == '\u{FFFD}'
        || c.is_control() && !c.is_whitespace()
        || matches!(c, '\u{A1}'..='\u{BF}' | '\u{D7}' | '\u{F7}' | '‚'..='‡' | '‰' | '‹' | '›' | 'ƒ' | 'ˆ' | '˜')
            && !matches!(c, '«' | '»' | '·' | '°' | '²' | '³' | '½')
}

/// Words with marks that are Vietnamese, less twice what cannot be: words with marks that are not, signs within words.
pub(super) fn score(text: &str) -> i64 {
    let mut score = 0;
    for word in text.split(|c: char| c.is_ascii() && !c.is_ascii_alphabetic() || c.is_whitespace()) {
        // A lone letter or sign tells nothing: a dash in a cell of its own is a letter in some font.
        let is_lone = word.chars().nth(1).is_none() && word != "\u{FFFD}";
        if word.is_ascii() || is_lone {
            continue;
        }
        let has_letters = word.chars().any(char::is_alphabetic);
        if has_letters && word.chars().any(is_debris) {
            score -= 2;
        } else if word.chars().all(|c| c.is_alphabetic() || is_combining_mark(c)) {
            score += if is_syllable(word) { 1 } else { -2 };
        } else if word.chars().any(is_debris) {
            score -= 1;
        }
    }
    score
}

/// The 134 letters that are not ASCII.
#[cfg(test)]
pub(super) fn letters() -> std::collections::BTreeSet<char> {
    let toned = "aăâeêioôơuưy".chars().flat_map(|vowel| {
        ["", "\u{300}", "\u{301}", "\u{303}", "\u{309}", "\u{323}"].map(|tone| format!("{vowel}{tone}"))
    });
    let small = toned.chain(["đ".to_owned()]).flat_map(|letter| letter.nfc().collect::<Vec<_>>());
    let both = small.flat_map(|letter| letter.to_uppercase().chain([letter]).collect::<Vec<_>>());
    both.filter(|letter| !letter.is_ascii()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_134_letters() {
        assert_eq!(letters().len(), 134);
    }

    #[test]
    fn syllables_are_known_from_other_words() {
        for word in [
            "Đơn", "vị", "xã", "HUYỆN", "tổng", "số", "Mỹ", "Nghị", "giếng", "quý", "gì", "khuỷu", "ướt", "Phước",
            "Lợi",
        ] {
            assert!(is_syllable(word), "{word}");
        }
        for word in ["Kiãn", "Ñôn", "huyeän", "Chôï", "àá", "Käse", "façade", "vÞ"] {
            assert!(!is_syllable(word), "{word}");
        }
    }

    #[test]
    fn the_right_decoding_scores_more_than_a_wrong_one() {
        assert!(score("Đơn vị; Tổng số; xã Kiến An") > 0);
        assert!(score("§¬n vÞ; Tæng sè; x· KiÕn An") < 0);
        assert!(score("Ñôn vò; Toång soá; xaõ Kieán An") < 0);
        assert_eq!(score("xa Kien An 1.234"), 0);
    }
}
