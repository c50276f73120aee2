//! Reading back what goes out: the tables of a Word file, the sheets of a workbook.

use std::io::{Cursor, Read};

use quick_xml::{Reader, events::Event};
use vungxanh::imports::{
    grid::{Cell, Sheet},
    read::{Limits, read},
};

/// A part of a Word file.
pub fn part(docx: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// Every row of every table of a Word file, cell by cell; every part of it is XML that closes.
pub fn rows(docx: &[u8]) -> Vec<Vec<String>> {
    let text = part(docx, "word/document.xml");
    let mut reader = Reader::from_str(&text);
    let mut rows = Vec::new();
    let (mut row, mut cell, mut is_text) = (Vec::new(), String::new(), false);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => match tag.name().as_ref() {
                "w:tr" => row = Vec::new(),
                "w:tc" => cell = String::new(),
                "w:t" => is_text = true,
                _ => {}
            },
            Event::End(tag) => match tag.name().as_ref() {
                "w:tr" => rows.push(std::mem::take(&mut row)),
                "w:tc" => row.push(std::mem::take(&mut cell)),
                "w:t" => is_text = false,
                _ => {}
            },
            Event::Text(text) if is_text => cell.push_str(&text.xml10_content()),
            Event::Eof => return rows,
            _ => {}
        }
    }
}

/// The names of the parts of a Word file.
pub fn names(docx: &[u8]) -> Vec<String> {
    zip::ZipArchive::new(Cursor::new(docx)).unwrap().file_names().map(|name| name.unwrap().into_owned()).collect()
}

/// The sheets of a workbook.
pub fn sheets(xlsx: &[u8]) -> Vec<Sheet> {
    read(xlsx, &Limits::WEB).unwrap().sheets
}

/// The cells of the first row of a sheet in which all `words` stand.
pub fn row_with(sheet: &Sheet, words: &[&str]) -> Vec<String> {
    let said = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        Cell::Number { value, .. } => value.to_string(),
        Cell::Empty => String::new(),
        other => format!("{other:?}"),
    };
    let rows = sheet.rows.iter().map(|row| row.cells.iter().map(said).collect::<Vec<_>>());
    let has_all = |row: &Vec<String>| words.iter().all(|word| row.iter().any(|cell| cell == word));
    rows.into_iter().find(has_all).unwrap_or_else(|| panic!("no {words:?} in {}", sheet.name))
}
