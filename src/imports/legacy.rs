//! A single text that an office typed in a legacy font, or that some program read in the wrong encoding.

use encoding_rs::WINDOWS_1252;

use super::{tcvn3, vni};

/// What the text may have been: in a TCVN3 (ABC) font, in a VNI font, as UTF-8 read as windows-1252. Which of them is
/// for the caller to find out: only one makes sense, if any.
pub fn restored(text: &str) -> Vec<String> {
    let (bytes, _, has_others) = WINDOWS_1252.encode(text);
    if has_others || text.is_ascii() {
        return Vec::new();
    }
    let mut restored = vec![tcvn3::decode(&bytes), vni::decode(&bytes)];
    restored.extend(String::from_utf8(bytes.into_owned()));
    restored
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_a_name_was_spoilt_is_undone() {
        for (spoilt, name) in
            [("X· KiÕn An", "Xã Kiến An"), ("Xaõ Kieán An", "Xã Kiến An"), ("XÃ£ Kiáº¿n An", "Xã Kiến An")]
        {
            assert!(restored(spoilt).contains(&name.to_owned()), "{spoilt}");
        }
        assert!(restored("Xã Kiến An").is_empty() && restored("Kien An").is_empty());
    }
}
