//! Excel binary workbooks: values by calamine, the rest by walking their records ([MS-XLSB] 2.4).

use std::{
    collections::{HashMap, HashSet},
    io::{Cursor, Read},
};

use calamine::{Reader, SheetType, SheetVisible, Xlsb};
use encoding_rs::UTF_16LE;

use super::{
    archive::Archive,
    encoding::Font,
    facts::{Draft, Facts, MOST_SHEETS, is_percent_id, shows_percent},
    grid::{Book, Format},
    read::{Limits, Unreadable},
    xlsx_facts::relationships,
};

/// Bytes that one record may have: more than any text or formula.
const LONGEST_RECORD: usize = 1 << 20;
/// Bytes of the texts that are held in memory whole.
const MOST_HELD: usize = 64 << 20;

/// The workbook.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Book, Unreadable> {
    let mut archive = Archive::open(bytes)?;
    let mut held = 0;
    archive.measure(limits, |name, piece| {
        held += if name.ends_with("sharedstrings.bin") { piece.len() } else { 0 };
        if held > MOST_HELD { Err(Unreadable::TooLarge) } else { Ok(()) }
    })?;
    let looks = Looks::read(&mut archive)?;
    let paths = sheet_paths(&mut archive)?;
    each_record(&mut archive, "xl/sharedStrings.bin", |_, _| {})?;
    let facts: Vec<Facts> =
        paths.values().map(|path| sheet_facts(&mut archive, path, &looks)).collect::<Result<_, _>>()?;
    let mut facts: HashMap<&String, Facts> = paths.keys().zip(facts).collect();
    let mut workbook = Xlsb::new(Cursor::new(bytes)).map_err(|e| Unreadable::damaged(&e))?;
    let mut book = Book { format: Format::Xlsb, encoding: None, delimiter: None, sheets: Vec::new() };
    for sheet in workbook.sheets_metadata().to_vec().into_iter().filter(|sheet| sheet.typ == SheetType::WorkSheet) {
        let mut draft = Draft::new(facts.remove(&sheet.name).unwrap_or_default(), limits);
        let mut cells = workbook.worksheet_cells_reader(&sheet.name).map_err(|e| Unreadable::damaged(&e))?;
        while let Some(cell) = cells.next_cell().map_err(|e| Unreadable::damaged(&e))? {
            draft.put(cell.get_position(), cell.get_value(), false)?;
        }
        let (sheet, encoding) = draft.finish(sheet.name, sheet.visible != SheetVisible::Visible);
        book.encoding = book.encoding.or(encoding);
        book.sheets.push(sheet);
    }
    Ok(book)
}

/// Every record of a part; an overlong one or an end within one is damage. A part that is missing has none.
fn each_record(archive: &mut Archive<'_>, path: &str, mut see: impl FnMut(u32, &[u8])) -> Result<(), Unreadable> {
    let Some(mut part) = archive.part(path) else { return Ok(()) };
    let mut buffer = Vec::new();
    while let Some(kind) = variable(&mut part, 2)? {
        let length = variable(&mut part, 4)?.unwrap_or_default() as usize;
        if length > LONGEST_RECORD {
            return Err(Unreadable::Damaged("a record is too long".to_owned()));
        }
        buffer.resize(length, 0);
        part.read_exact(&mut buffer).map_err(|e| Unreadable::damaged(&e))?;
        see(kind, &buffer);
    }
    Ok(())
}

/// A number of seven bits a byte; nothing at the end of the part.
fn variable(part: &mut impl Read, most: u32) -> Result<Option<u32>, Unreadable> {
    let (mut value, mut byte) = (0, [0]);
    for i in 0..most {
        if part.read(&mut byte).map_err(|e| Unreadable::damaged(&e))? == 0 {
            return Ok(None);
        }
        value |= u32::from(byte[0] & 0x7F) << (7 * i);
        if byte[0] & 0x80 == 0 {
            break;
        }
    }
    Ok(Some(value))
}

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    data.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    data.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

/// A string behind its length, and where it ends.
fn string(data: &[u8], at: usize) -> Option<(String, usize)> {
    let end = (u32_at(data, at)? as usize).checked_mul(2)?.checked_add(at + 4)?;
    Some((UTF_16LE.decode_without_bom_handling(data.get(at + 4..end)?).0.into_owned(), end))
}

/// Font and format of each look.
#[derive(Default)]
struct Looks {
    fonts: Vec<Option<Font>>,
    percents: HashSet<u16>,
    pairs: Vec<(u16, u16)>,
    is_in_cells: bool,
}

impl Looks {
    fn read(archive: &mut Archive<'_>) -> Result<Self, Unreadable> {
        let mut looks = Self::default();
        each_record(archive, "xl/styles.bin", |kind, data| match kind {
            // BrtFont: the name stands behind 21 bytes of measures and colour.
            43 => looks.fonts.push(string(data, 21).and_then(|(name, _)| Font::named(&name))),
            44 => {
                if let (Some(id), Some((format, _))) = (u16_at(data, 0), string(data, 2))
                    && shows_percent(&format)
                {
                    looks.percents.insert(id);
                }
            }
            617 => looks.is_in_cells = true,
            618 => looks.is_in_cells = false,
            47 if looks.is_in_cells => {
                let at = |at| u16_at(data, at).unwrap_or_default();
                looks.pairs.push((at(4), at(2)));
            }
            _ => {}
        })?;
        Ok(looks)
    }
}

/// Sheet name → its part.
fn sheet_paths(archive: &mut Archive<'_>) -> Result<HashMap<String, String>, Unreadable> {
    let targets = relationships(archive, "xl/_rels/workbook.bin.rels")?;
    let mut named = Vec::new();
    each_record(archive, "xl/workbook.bin", |kind, data| {
        if kind == 156
            && let Some((id, end)) = string(data, 8)
            && let Some((name, _)) = string(data, end)
        {
            named.push((name, id));
        }
    })?;
    let parts: HashSet<&String> = named.iter().map(|(_, id)| id).collect();
    if named.len() > MOST_SHEETS || parts.len() < named.len() {
        return Err(Unreadable::Damaged("two sheets are one part".to_owned()));
    }
    let path = |id: &String| targets.get(id).map(|(_, target)| format!("xl/{target}"));
    Ok(named.into_iter().filter_map(|(name, id)| path(&id).map(|path| (name, path))).collect())
}

fn sheet_facts(archive: &mut Archive<'_>, path: &str, looks: &Looks) -> Result<Facts, Unreadable> {
    let mut facts = Facts::default();
    let mut row = 0;
    each_record(archive, path, |kind, data| match kind {
        0 => {
            row = u32_at(data, 0).unwrap_or_default();
            // Bit 4 of the twelfth byte says that the row's height is none.
            if data.get(11).is_some_and(|flags| flags & 0x10 != 0) {
                facts.hidden.insert(row as usize + 1);
            }
        }
        1..=11 => {
            let (Some(column), Some(look)) = (u32_at(data, 0), u32_at(data, 4)) else { return };
            let Some((font, format)) = looks.pairs.get(look as usize & 0x00FF_FFFF) else { return };
            if is_percent_id(*format) || looks.percents.contains(format) {
                facts.percents.insert((row, column));
            }
            if let Some(Some(font)) = looks.fonts.get(usize::from(*font)) {
                facts.fonts.insert((row, column), *font);
            }
        }
        176 => {
            let at = |at| u32_at(data, at).unwrap_or_default();
            facts.merge((at(0), at(8)), (at(4), at(12)));
        }
        _ => {}
    })?;
    Ok(facts)
}
