//! The parts of a zipped workbook, unpacked only as far as its size warrants.

use std::io::{self, BufReader, Cursor, Read, Take};

use zip::{ZipArchive, read::ZipFile};

use super::read::{Limits, Unreadable};

/// Parts of one workbook; each sheet, picture and printer setting is one.
const MOST_PARTS: usize = 4096;
/// What an honest workbook unpacks to, for each byte of it. Repetitive sheets reach 30; a bomb has 1,000.
const MOST_GROWTH: u64 = 100;
/// What every workbook may unpack to, however small.
const FREE_BYTES: u64 = 16 << 20;
/// The largest part that is read as one text to find out what the archive is.
const SMALL_PART: u64 = 64 << 10;

/// A zipped workbook.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    size: u64,
}

/// One part as it is unpacked.
pub(super) type Part<'a, 'b> = BufReader<Take<ZipFile<'b, Cursor<&'a [u8]>>>>;

impl<'a> Archive<'a> {
    /// Its table of contents.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| Unreadable::damaged(&e))?;
        if zip.len() > MOST_PARTS {
            return Err(Unreadable::TooLarge);
        }
        Ok(Self { zip, size: bytes.len() as u64 })
    }

    /// Whether it has the part.
    pub(super) fn has(&self, name: &str) -> bool {
        self.zip.index_for_name(name).is_some()
    }

    /// A small part as text.
    pub(super) fn text_of(&mut self, name: &str) -> Option<String> {
        let mut text = Vec::new();
        self.zip.by_name(name).ok()?.take(SMALL_PART).read_to_end(&mut text).ok()?;
        Some(String::from_utf8_lossy(&text).into_owned())
    }

    /// A part to be read in one go, once [`Self::measure`] has let the archive pass.
    pub(super) fn part(&mut self, name: &str) -> Option<Part<'a, '_>> {
        let most = FREE_BYTES + self.size.saturating_mul(MOST_GROWTH);
        self.zip.by_name(name).ok().map(|part| BufReader::new(part.take(most)))
    }

    /// Unpacks everything once, to nowhere: what the table of contents says of sizes may be a lie, and the workbook
    /// library believes it. `look` sees each part by its name, piece by piece.
    pub(super) fn measure(
        &mut self,
        limits: &Limits,
        mut look: impl FnMut(&str, &[u8]) -> Result<(), Unreadable>,
    ) -> Result<(), Unreadable> {
        let most = limits.unpacked.min(FREE_BYTES + self.size.saturating_mul(MOST_GROWTH));
        let (mut total, mut buffer) = (0_u64, vec![0; 64 << 10]);
        for index in 0..self.zip.len() {
            let mut part = self.zip.by_index(index).map_err(|e| Unreadable::damaged(&e))?;
            if part.encrypted() {
                return Err(Unreadable::Protected);
            }
            let name = part.name().map_err(|e| Unreadable::damaged(&e))?.to_ascii_lowercase();
            loop {
                let count = match part.read(&mut buffer) {
                    Ok(0) => break,
                    Ok(count) => count,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Err(error) => return Err(Unreadable::damaged(&error)),
                };
                total += count as u64;
                if total > most {
                    return Err(Unreadable::TooLarge);
                }
                look(&name, buffer.get(..count).unwrap_or_default())?;
            }
        }
        Ok(())
    }
}
