//! Office Open XML workbooks: values by calamine, the rest by [`super::xlsx_facts`].

use std::{collections::HashMap, io::Cursor};

use calamine::{Reader, SheetType, SheetVisible, Style, Xlsx};

use super::{
    archive::Archive,
    encoding::Font,
    facts::{Draft, Facts, MOST_SHEETS, shows_percent},
    grid::{Book, Format},
    read::{Limits, Unreadable},
    xlsx_facts::{self, Paths, Signs},
};

/// Elements of the two parts that are held in memory whole: texts in `sharedStrings.xml`, looks in `styles.xml`.
const MOST_ELEMENTS: usize = 3_000_000;
/// Looks of cells; Excel has at most 65,490.
const MOST_LOOKS: usize = 140_000;
/// Bytes of those parts beyond which nothing was written by hand; each letter of a text costs one.
const MOST_HELD: usize = 64 << 20;

/// The workbook.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Book, Unreadable> {
    let mut archive = Archive::open(bytes)?;
    let (mut held, mut signs) = (Held::default(), Signs::default());
    archive.measure(limits, |name, piece| {
        if is_held(name) {
            return held.see(name, piece);
        }
        signs.see(name, piece);
        Ok(())
    })?;
    let paths = Paths::of(&mut archive)?;
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|e| Unreadable::damaged(&e))?;
    let sheets = workbook.sheets_metadata().to_vec();
    if sheets.len() > MOST_SHEETS {
        return Err(Unreadable::TooLarge);
    }
    let mut book = Book { format: Format::Xlsx, encoding: None, delimiter: None, sheets: Vec::new() };
    for sheet in sheets.into_iter().filter(|sheet| sheet.typ == SheetType::WorkSheet) {
        let facts = match paths.get(&sheet.name) {
            Some(path) => xlsx_facts::read(&mut archive, path, &signs)?,
            None => Facts::default(),
        };
        let mut draft = Draft::new(facts, limits);
        let mut cells = workbook.worksheet_cells_reader(&sheet.name).map_err(|e| Unreadable::damaged(&e))?;
        let looks: Vec<Look> = cells.styles().iter().map(Look::of).collect();
        while let Some((cell, look)) = cells.next_cell_with_style_id().map_err(|e| Unreadable::damaged(&e))? {
            let look = looks.get(look).copied().unwrap_or_default();
            draft.put(cell.get_position(), cell.get_value(), look.shows_percent)?;
            if let Some(font) = look.font {
                draft.in_font(cell.get_position(), font);
            }
        }
        let (sheet, encoding) = draft.finish(sheet.name, sheet.visible != SheetVisible::Visible);
        book.encoding = book.encoding.or(encoding);
        book.sheets.push(sheet);
    }
    Ok(book)
}

/// What of a cell's look matters.
#[derive(Debug, Clone, Copy, Default)]
struct Look {
    shows_percent: bool,
    font: Option<Font>,
}

impl Look {
    fn of(style: &Style) -> Self {
        Self {
            shows_percent: style.number_format.as_ref().is_some_and(|format| shows_percent(&format.format_code)),
            font: style.font.as_ref().and_then(|font| font.name.as_deref()).and_then(Font::named),
        }
    }
}

/// Whether a part is one of those that the workbook library holds in memory whole.
fn is_held(name: &str) -> bool {
    name.ends_with("sharedstrings.xml") || name.ends_with("styles.xml")
}

/// Counts what the workbook library will hold in memory, before it does.
#[derive(Default)]
struct Held {
    bytes: usize,
    elements: usize,
    looks: usize,
    tails: HashMap<String, Vec<u8>>,
}

impl Held {
    fn see(&mut self, name: &str, piece: &[u8]) -> Result<(), Unreadable> {
        // A word may stand across two pieces.
        let tail = self.tails.entry(name.to_owned()).or_default();
        let mut joined = std::mem::take(tail);
        let seen = joined.len();
        joined.extend_from_slice(piece);
        self.bytes += piece.len();
        self.elements += piece.iter().map(|byte| usize::from(*byte == b'<')).sum::<usize>();
        for (at, window) in joined.windows(24).enumerate().map(|(at, window)| (at + 24, window)) {
            // The library makes room for as many texts as the part says that it holds.
            if at > seen && window.starts_with(b"uniqueCount") && claims_too_many(window) {
                return Err(Unreadable::Damaged("sharedStrings.xml promises more than it holds".to_owned()));
            }
            if at > seen && (window.starts_with(b"<xf") || window.starts_with(b"<font") || window.starts_with(b"<fill"))
            {
                self.looks += 1;
            }
        }
        *tail = joined.split_off(joined.len().saturating_sub(23));
        if self.elements > MOST_ELEMENTS || self.looks > MOST_LOOKS || self.bytes > MOST_HELD {
            return Err(Unreadable::TooLarge);
        }
        Ok(())
    }
}

/// Whether eight digits or more follow the word.
fn claims_too_many(window: &[u8]) -> bool {
    window.iter().skip("uniqueCount".len()).filter(|byte| byte.is_ascii_digit()).count() > 7
}
