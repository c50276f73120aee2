//! Excel 97–2003 workbooks: values by calamine, the rest by [`super::biff`].

use std::io::{Cursor, Read, Write};

use calamine::{Reader, SheetType, SheetVisible, Xls};

use super::{
    biff,
    facts::{Draft, Facts, borrowed},
    grid::{Book, Format},
    read::{Limits, Unreadable},
};

/// The workbook.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Book, Unreadable> {
    let mut stream = stream(bytes)?;
    let facts = biff::prepare(&mut stream)?;
    let mut workbook = Xls::new(Cursor::new(container(&stream)?)).map_err(|error| match error {
        calamine::XlsError::Password => Unreadable::Protected,
        error => Unreadable::damaged(&error),
    })?;
    drop(stream);
    let sheets = workbook.sheets_metadata().to_vec();
    let mut book = Book { format: Format::Xls, encoding: None, delimiter: None, sheets: Vec::new() };
    let facts = facts.into_iter().chain(std::iter::repeat_with(Facts::default));
    for (sheet, facts) in sheets.into_iter().zip(facts).filter(|(sheet, _)| sheet.typ == SheetType::WorkSheet) {
        let range = workbook.worksheet_range(&sheet.name).map_err(|e| Unreadable::damaged(&e))?;
        let (top, left) = range.start().unwrap_or_default();
        let mut draft = Draft::new(facts, limits);
        for (row, column, value) in range.used_cells() {
            let (Ok(row), Ok(column)) = (u32::try_from(row), u32::try_from(column)) else { continue };
            draft.put((top + row, left + column), &borrowed(value), false)?;
        }
        let (sheet, encoding) = draft.finish(sheet.name, sheet.visible != SheetVisible::Visible);
        book.encoding = book.encoding.or(encoding);
        book.sheets.push(sheet);
    }
    Ok(book)
}

/// The workbook's stream out of its container.
fn stream(bytes: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let mut container = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|e| Unreadable::damaged(&e))?;
    let name = if container.is_stream("Workbook") { "Workbook" } else { "Book" };
    let mut stream = Vec::new();
    // A chain of sectors may bite its own tail; no stream is longer than its file.
    let opened = container.open_stream(name).map_err(|e| Unreadable::damaged(&e))?;
    opened.take(bytes.len() as u64).read_to_end(&mut stream).map_err(|e| Unreadable::damaged(&e))?;
    Ok(stream)
}

/// A container with nothing but the stream: the library meets no directory that somebody else wrote. Of version 3, as
/// it takes one of version 4 without small streams for empty.
fn container(stream: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let write = || -> std::io::Result<Vec<u8>> {
        let mut container = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new()))?;
        container.create_stream("Workbook")?.write_all(stream)?;
        container.flush()?;
        Ok(container.into_inner().into_inner())
    };
    write().map_err(|e| Unreadable::damaged(&e))
}
