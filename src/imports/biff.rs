//! What calamine does not tell of an Excel 97–2003 sheet, by walking its records ([MS-XLS] 2.4); and whether the cells
//! would fit in memory, since the library lays a sheet out as one rectangle.

use std::collections::HashSet;

use encoding_rs::{UTF_16LE, WINDOWS_1252};

use super::{
    encoding::Font,
    facts::{Facts, MOST_SHEETS, Place, is_percent_id, shows_percent},
    read::Unreadable,
};

/// Places in the rectangles of all sheets that any file may have; beyond, eight for each cell that is filled.
const FREE_PLACES: u64 = 1_000_000;

const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;

/// One record: what it is, where its data stands.
struct Record<'a> {
    kind: u16,
    at: usize,
    data: &'a [u8],
}

impl Record<'_> {
    fn u16(&self, at: usize) -> Option<u16> {
        u16_at(self.data, at)
    }

    fn place(&self) -> Option<Place> {
        Some((self.u16(0)?.into(), self.u16(2)?.into()))
    }
}

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    data.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

/// The records from a place on; damage ends them.
fn records(stream: &[u8], mut at: usize) -> impl Iterator<Item = Record<'_>> {
    std::iter::from_fn(move || {
        let (kind, length) = (u16_at(stream, at)?, usize::from(u16_at(stream, at + 2)?));
        let data = stream.get(at + 4..at + 4 + length)?;
        let record = Record { kind, at: at + 4, data };
        at += 4 + length;
        Some(record)
    })
}

/// What the workbook says for all its sheets.
#[derive(Default)]
struct Globals {
    is_old: bool,
    fonts: Vec<Option<Font>>,
    percent_formats: HashSet<u16>,
    /// Font and number format of each look.
    looks: Vec<(u16, u16)>,
    /// Where each sheet starts.
    sheets: Vec<usize>,
}

/// Readies a workbook stream for the library: what its sheets say beside their values, in their order.
pub(super) fn prepare(stream: &mut [u8]) -> Result<Vec<Facts>, Unreadable> {
    let globals = globals(stream)?;
    if globals.sheets.len() > MOST_SHEETS {
        return Err(Unreadable::TooLarge);
    }
    let (mut facts, mut dimensions, mut places, mut filled) = (Vec::new(), Vec::new(), 0_u64, 0_u64);
    for start in &globals.sheets {
        let mut sheet = SheetWalk::default();
        let mut depth = 0;
        for record in records(stream, *start) {
            match record.kind {
                BEGIN => depth += 1,
                END => depth -= 1,
                0x0200 => dimensions.push(record.at..record.at + record.data.len()),
                _ if depth < 2 => sheet.see(&record, &globals),
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        filled += sheet.filled;
        places += sheet.last.map_or(0, |(row, column)| (u64::from(row) + 1) * (u64::from(column) + 1));
        if places > FREE_PLACES + 8 * filled {
            return Err(Unreadable::TooLarge);
        }
        facts.push(sheet.facts);
    }
    // The library makes room for the size that a sheet says it has.
    for range in dimensions {
        if let Some(data) = stream.get_mut(range) {
            data.fill(0);
        }
    }
    Ok(facts)
}

fn globals(stream: &[u8]) -> Result<Globals, Unreadable> {
    let mut globals = Globals::default();
    for record in records(stream, 0) {
        match record.kind {
            BEGIN => globals.is_old = record.u16(0).is_some_and(|version| version < 0x0600),
            END => break,
            0x002F => return Err(Unreadable::Protected),
            0x0031 => {
                let name = string(&record, 14, globals.is_old, true).unwrap_or_default();
                globals.fonts.push(Font::named(&name));
            }
            0x041E => {
                let format = string(&record, 2, globals.is_old, globals.is_old).unwrap_or_default();
                if let Some(id) = record.u16(0)
                    && shows_percent(&format)
                {
                    globals.percent_formats.insert(id);
                }
            }
            0x00E0 => globals.looks.push((record.u16(0).unwrap_or_default(), record.u16(2).unwrap_or_default())),
            0x0085 => {
                let low = record.u16(0).unwrap_or_default();
                let high = record.u16(2).unwrap_or_default();
                globals.sheets.push(usize::from(low) | usize::from(high) << 16);
            }
            _ => {}
        }
    }
    Ok(globals)
}

/// A string whose length of one or two bytes stands at `at`.
fn string(record: &Record<'_>, at: usize, is_old: bool, is_short: bool) -> Option<String> {
    let length = if is_short { usize::from(*record.data.get(at)?) } else { usize::from(record.u16(at)?) };
    let at = at + if is_short { 1 } else { 2 };
    let (is_wide, at) = if is_old { (false, at) } else { (record.data.get(at)? & 1 == 1, at + 1) };
    if is_wide {
        Some(UTF_16LE.decode_without_bom_handling(record.data.get(at..at + 2 * length)?).0.into_owned())
    } else {
        Some(WINDOWS_1252.decode_without_bom_handling(record.data.get(at..at + length)?).0.into_owned())
    }
}

impl Globals {
    fn note(&self, place: Place, look: u16, facts: &mut Facts) {
        let Some((font, format)) = self.looks.get(usize::from(look)) else { return };
        if is_percent_id(*format) || self.percent_formats.contains(format) {
            facts.percents.insert(place);
        }
        // There is no font 4: what is counted as fifth bears the number 5.
        let font = usize::from(*font);
        if let Some(Some(font)) = self.fonts.get(if font > 4 { font - 1 } else { font }) {
            facts.fonts.insert(place, *font);
        }
    }
}

#[derive(Default)]
struct SheetWalk {
    facts: Facts,
    filled: u64,
    /// The furthest row and the furthest column.
    last: Option<Place>,
}

impl SheetWalk {
    fn reach(&mut self, (row, column): Place) {
        let (last_row, last_column) = self.last.unwrap_or_default();
        self.last = Some((last_row.max(row), last_column.max(column)));
        self.filled += 1;
    }

    fn see(&mut self, record: &Record<'_>, globals: &Globals) {
        let Some(place) = record.place() else { return };
        match record.kind {
            // Row: bit 5 of its flags says that its height is none.
            0x0208 if record.u16(12).is_some_and(|flags| flags & 0x20 != 0) => {
                self.facts.hidden.insert(place.0 as usize + 1);
            }
            // Number, Label, Rk, LabelSst, Formula, BoolErr, RString.
            0x0203 | 0x0204 | 0x027E | 0x00FD | 0x0006 | 0x0205 | 0x00D6 => {
                self.reach(place);
                globals.note(place, record.u16(4).unwrap_or_default(), &mut self.facts);
            }
            // MulRk: many numbers side by side, each with its look.
            0x00BD => {
                let looks = record.data.get(4..).unwrap_or_default().chunks_exact(6);
                for (column, look) in (place.1..).zip(looks) {
                    self.reach((place.0, column));
                    globals.note((place.0, column), u16_at(look, 0).unwrap_or_default(), &mut self.facts);
                }
            }
            0x00E5 => {
                for area in record.data.get(2..).unwrap_or_default().chunks_exact(8) {
                    let at = |at| u16_at(area, at).map(u32::from).unwrap_or_default();
                    self.facts.merge((at(0), at(4)), (at(2), at(6)));
                }
            }
            _ => {}
        }
    }
}
