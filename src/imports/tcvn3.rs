//! TCVN3, the encoding of the `.Vn…` (ABC) fonts: one byte a letter (TCVN 5712:1993, VN1 with its capitals).
//!
//! The common fonts draw only the 67 small letters and the seven capitals without a tone; the capitals with a tone
//! stand where VN1 has them. A `.Vn…H` font draws capitals for the codes of small letters: only the font can tell, so
//! a word whose plain letters are all capitals is taken for one typed so.

/// Codes from 0x80 on, sixteen a line; a space stands where TCVN3 has no letter.
const UPPER_HALF: [&str; 8] = [
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨ",
    "ÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ",
    " ĂÂÊÔƠƯĐăâêôơưđẰ",
    "     àảãáạẲằẳẵắẴ",
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽ",
    "éẹềểễếệìỉỄẾỒĩíịò",
    "Ổỏõóọồổỗốộờởỡớợù",
    "ỖủũúụừửữứựỳỷỹýỵỐ",
];
/// The twelve capitals that VN1 keeps among the control codes.
const CONTROLS: [(u8, char); 12] = [
    (0x01, 'Ú'),
    (0x02, 'Ụ'),
    (0x04, 'Ừ'),
    (0x05, 'Ử'),
    (0x06, 'Ữ'),
    (0x11, 'Ứ'),
    (0x12, 'Ự'),
    (0x13, 'Ỳ'),
    (0x14, 'Ỷ'),
    (0x15, 'Ỹ'),
    (0x16, 'Ý'),
    (0x17, 'Ỵ'),
];

/// The letter of each code, once for all.
fn letters() -> [Option<char>; 256] {
    let mut letters = [None; 256];
    let upper = UPPER_HALF.iter().flat_map(|line| line.chars());
    for (slot, letter) in letters.iter_mut().skip(0x80).zip(upper) {
        *slot = (letter != ' ').then_some(letter);
    }
    for (code, letter) in CONTROLS {
        letters[usize::from(code)] = Some(letter);
    }
    letters
}

/// Text from its bytes. A code that is no letter is what windows-1252 says it is.
pub(super) fn decode(bytes: &[u8]) -> String {
    let letters = letters();
    let mut text = String::with_capacity(bytes.len() * 2);
    let mut word = 0;
    let mut is_shouted = Shout::default();
    for byte in bytes {
        let letter = letters[usize::from(*byte)];
        match letter {
            Some(letter) => text.push(letter),
            None if byte.is_ascii() => text.push(char::from(*byte)),
            None => text.push_str(&encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[*byte]).0),
        }
        if byte.is_ascii_alphabetic() {
            is_shouted.see(*byte);
        } else if letter.is_none() {
            is_shouted.end(&mut text, word);
            word = text.len();
        }
    }
    is_shouted.end(&mut text, word);
    text
}

/// Whether the plain letters of a word are all capitals, and how many.
#[derive(Default)]
struct Shout {
    capitals: usize,
    has_small: bool,
}

impl Shout {
    fn see(&mut self, letter: u8) {
        self.capitals += usize::from(letter.is_ascii_uppercase());
        self.has_small |= letter.is_ascii_lowercase();
    }

    /// One capital begins a name, two are a word in capitals.
    fn end(&mut self, text: &mut String, word: usize) {
        if self.capitals > 1 && !self.has_small {
            let upper = text[word..].to_uppercase();
            text.replace_range(word.., &upper);
        }
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_vietnamese_letter_has_one_code() {
        let all: Vec<char> = letters().into_iter().flatten().collect();
        assert_eq!(all.len(), 134);
        assert_eq!(all.into_iter().collect::<BTreeSet<_>>(), crate::imports::vietnamese::letters());
    }

    #[test]
    fn text_of_an_abc_font_is_read() {
        assert_eq!(
            decode(b"\xa7\xac\x6e v\xde: x\xb7 Ki\xd5n An, huy\xd6n Ch\xee M\xedi"),
            "Đơn vị: xã Kiến An, huyện Chợ Mới"
        );
        assert_eq!(decode(b"T\xe6ng c\xe9ng 12%\r\n"), "Tổng cộng 12%\r\n");
    }

    #[test]
    fn a_word_in_capitals_was_typed_in_a_font_of_capitals() {
        assert_eq!(decode(b"TH\xde TR\xcaN CH\xee M\xedI x\xb7 X\xb7"), "THỊ TRẤN CHỢ MỚI xã Xã");
    }
}
