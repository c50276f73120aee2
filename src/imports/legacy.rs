//! A single text that an office typed in a legacy font, or that some program read in the wrong encoding.

use encoding_rs::WINDOWS_1252;

use super::{tcvn3, vni};

/// What the text may have been: in a TCVN3 (ABC) font, in a VNI font, as UTF-8 read as windows-1252. Which of them is
/// for the caller to find out: only one makes sense, if any.
pub fn restored(text: &str) -> Vec<String> {
    if text.is_ascii() {
        return Vec::new();
    }
    let mut restored = Vec::with_capacity(3);
    let (bytes, _, has_others) = WINDOWS_1252.encode(text);
    if !has_others {
        restored.extend([tcvn3::decode(&bytes), vni::decode(&bytes)]);
        restored.extend(String::from_utf8(bytes.into_owned()));
    }
    // Bytes that windows-1252 leaves free may have become control codes of their own number.
    let narrow = text.chars().map(u8::try_from).collect::<Result<Vec<u8>, _>>();
    restored.extend(narrow.ok().and_then(|bytes| String::from_utf8(bytes).ok()));
    restored
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_a_name_was_spoilt_is_undone() {
        for (spoilt, name) in [
            ("X· KiÕn An", "Xã Kiến An"),
            ("Xaõ Kieán An", "Xã Kiến An"),
            ("XÃ£ Kiáº¿n An", "Xã Kiến An"),
            ("Ä\u{90}iá»\u{81}n", "Điền"),
        ] {
            assert!(restored(spoilt).contains(&name.to_owned()), "{spoilt}");
        }
        assert!(restored("Xã Kiến An").is_empty() && restored("Kien An").is_empty());
    }
}
