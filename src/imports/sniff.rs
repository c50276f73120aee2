//! What a file is, by its first bytes and its table of contents; its name is not asked.

use std::io::Cursor;

use super::{archive::Archive, read::Unreadable};

/// What can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text of any encoding, delimited or HTML.
    Text,
    /// Office Open XML.
    Xlsx,
    /// Excel binary.
    Xlsb,
    /// Excel 97–2003.
    Xls,
    /// `OpenDocument`.
    Ods,
}

/// First bytes of files that are no table, and what they are.
const OTHERS: [(&[u8], &str); 17] = [
    (b"%PDF", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "image"),
    (b"\xFF\xD8\xFF", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"MZ", "exe"),
    (b"\x7FELF", "exe"),
    (b"Rar!", "archive"),
    (b"7z\xBC\xAF\x27\x1C", "archive"),
    (b"\x1F\x8B", "archive"),
    (b"SQLite format 3\0", "database"),
    (b"MIME-Version:", "mhtml"),
    (b"RIFF", "media"),
    (b"OggS", "media"),
];
const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// What the file is, or why it is nothing that can be read.
pub(super) fn kind_of(bytes: &[u8]) -> Result<Kind, Unreadable> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Unreadable::Empty);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return zip_kind(bytes);
    }
    if bytes.starts_with(OLE) {
        return ole_kind(bytes);
    }
    if let Some((_, kind)) = OTHERS.iter().find(|(sign, _)| bytes.starts_with(sign))
        && !is_plain(bytes)
    {
        return Err(Unreadable::OtherKind(kind));
    }
    let marked = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    if marked.starts_with(b"<?xml") && !marked.get(..1024).unwrap_or(marked).windows(5).any(|part| part == b"<html") {
        return Err(Unreadable::OtherKind("xml"));
    }
    let sample = bytes.get(..64 * 1024).unwrap_or(bytes);
    // UTF-16 is half zeros, and its Vietnamese letters have control codes for high bytes; elsewhere a few zeros are
    // debris, and many control codes are no text.
    let controls = sample.iter().filter(|byte| **byte < 0x20 && !b"\0\t\n\r\x0B\x0C\x1A".contains(byte)).count();
    let zeros = sample.iter().map(|byte| usize::from(*byte == 0)).sum::<usize>();
    let is_wide = sample.starts_with(b"\xFF\xFE") || sample.starts_with(b"\xFE\xFF") || zeros * 5 > sample.len();
    if (controls * 50 > sample.len() && !is_wide) || zeros * 10 > sample.len() * 6 {
        return Err(Unreadable::OtherKind("binary"));
    }
    Ok(Kind::Text)
}

/// Signs of two letters may begin a text too: text has lines and no zeros.
fn is_plain(bytes: &[u8]) -> bool {
    let sample = bytes.get(..4096).unwrap_or(bytes);
    let is_short = bytes.starts_with(b"BM") || bytes.starts_with(b"MZ") || bytes.starts_with(b"RIFF");
    is_short && !sample.iter().any(|byte| *byte < 0x20 && !b"\t\n\r".contains(byte))
}

fn zip_kind(bytes: &[u8]) -> Result<Kind, Unreadable> {
    let mut archive = Archive::open(bytes)?;
    if archive.has("xl/workbook.bin") {
        return Ok(Kind::Xlsb);
    }
    if let Some(kind) = archive.text_of("mimetype") {
        return if kind.starts_with("application/vnd.oasis.opendocument.spreadsheet") {
            Ok(Kind::Ods)
        } else {
            Err(Unreadable::OtherKind("odt"))
        };
    }
    // The main part of a workbook may bear any name: the list of contents says what it is.
    let contents = archive.text_of("[Content_Types].xml").unwrap_or_default();
    if archive.has("xl/workbook.xml") || contents.contains("spreadsheetml") {
        Ok(Kind::Xlsx)
    } else if archive.has("word/document.xml") || contents.contains("wordprocessingml") {
        Err(Unreadable::OtherKind("docx"))
    } else if archive.has("ppt/presentation.xml") || contents.contains("presentationml") {
        Err(Unreadable::OtherKind("pptx"))
    } else {
        Err(Unreadable::OtherKind("zip"))
    }
}

fn ole_kind(bytes: &[u8]) -> Result<Kind, Unreadable> {
    let container = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|e| Unreadable::damaged(&e))?;
    let has = |stream: &str| container.is_stream(stream);
    if has("EncryptedPackage") {
        Err(Unreadable::Protected)
    } else if has("Workbook") || has("Book") {
        Ok(Kind::Xls)
    } else if has("WordDocument") {
        Err(Unreadable::OtherKind("doc"))
    } else if has("PowerPoint Document") {
        Err(Unreadable::OtherKind("ppt"))
    } else {
        Err(Unreadable::OtherKind("ole"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_table_is_named() {
        for (bytes, kind) in [
            (&b"%PDF-1.7\n%\xE2\xE3"[..], "pdf"),
            (b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", "image"),
            (b"MZ\x90\0\x03\0\0\0", "exe"),
            (b"{\\rtf1\\ansi}", "rtf"),
            (b"\x1F\x8B\x08\0", "archive"),
            (b"<?xml version=\"1.0\"?><Workbook/>", "xml"),
            (b"\x01\x02\x03\x04\x05\x06\x07\x08", "binary"),
        ] {
            assert_eq!(kind_of(bytes), Err(Unreadable::OtherKind(kind)));
        }
    }

    #[test]
    fn no_bytes_and_only_blanks_are_nothing() {
        assert_eq!(kind_of(b""), Err(Unreadable::Empty));
        assert_eq!(kind_of(b"\r\n \n"), Err(Unreadable::Empty));
    }

    #[test]
    fn a_text_may_begin_like_a_program() {
        assert_eq!(kind_of(b"MZ;BM\n1;2\n"), Ok(Kind::Text));
        assert_eq!(kind_of(b"PKM;x\n"), Ok(Kind::Text));
    }

    #[test]
    fn a_container_cut_short_is_damaged() {
        assert!(matches!(kind_of(b"PK\x03\x04rest"), Err(Unreadable::Damaged(_))));
        assert!(matches!(kind_of(OLE), Err(Unreadable::Damaged(_))));
    }
}
