//! Tables by hand, and what is said of them.

use std::{collections::HashMap, sync::LazyLock};

use chrono::NaiveDate;
use vungxanh::{
    domain::names::Gazetteer,
    imports::{
        counts::{Counts, Recognised, read_counts},
        grid::{Area, Book, Cell, Format, Row, Sheet},
        register::Register,
        table::Request,
        verdict::Unrecognised,
    },
    usecases::match_units::seeded_gazetteer,
};

static UNITS: LazyLock<Gazetteer> = LazyLock::new(|| seeded_gazetteer().unwrap());

/// The register of 2021, with the agencies of Chợ Mới.
pub fn register() -> Register<'static> {
    Register::new(&UNITS, HashMap::new(), true)
}

pub fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

/// Figures of a place as of a day.
pub fn request(scope: &str, as_of: NaiveDate) -> Request {
    Request {
        scope: (!scope.is_empty()).then(|| scope.to_owned()),
        as_of: Some(as_of),
        earliest: day(2020, 1, 1),
        today: day(2026, 11, 21),
        ..Request::default()
    }
}

/// Chợ Mới on 20/8/2020.
pub fn cho_moi() -> Request {
    request("893", day(2020, 8, 20))
}

/// A cell as it is written: a number without a sign in it is one, the rest is text.
pub fn cell(text: &str) -> Cell {
    match text.parse::<f64>() {
        _ if text.is_empty() => Cell::Empty,
        Ok(value) if text.bytes().all(|b| b.is_ascii_digit()) => Cell::Number { value, shows_percent: false },
        _ if text.starts_with('=') => Cell::Broken(text.to_owned()),
        _ => Cell::Text(text.to_owned()),
    }
}

/// A sheet of rows written with `|` between their cells.
pub fn sheet(name: &str, text: &str) -> Sheet {
    let row = |(at, line): (usize, &str)| {
        let mut cells: Vec<Cell> = line.split('|').map(|part| cell(part.trim())).collect();
        while cells.last() == Some(&Cell::Empty) {
            cells.pop();
        }
        Row { number: at + 1, is_hidden: false, cells }
    };
    let rows = text.trim_matches('\n').lines().enumerate().map(row).collect();
    Sheet { name: name.to_owned(), is_hidden: false, rows, merged: Vec::new() }
}

/// A workbook of one sheet.
pub fn workbook(text: &str) -> Book {
    Book { format: Format::Xlsx, encoding: None, delimiter: None, sheets: vec![sheet("Sheet1", text)] }
}

/// Merges cells: rows from 1, columns from 0.
pub fn merge(book: &mut Book, rows: (usize, usize), columns: (usize, usize)) {
    book.sheets[0].merged.push(Area { rows, columns });
}

pub fn read(book: &Book, request: &Request) -> Result<Recognised<Counts>, Unrecognised> {
    read_counts(book, request, &register())
}

/// What is said of each row, in the order of the file: `3 + 30634`, `4 R1`, `5 - total`; warnings after `!`.
pub fn said<T>(read: &Recognised<T>) -> Vec<String> {
    let verdicts = &read.verdicts;
    let mut said: Vec<(usize, String)> = Vec::new();
    said.extend(verdicts.accept.iter().map(|row| (row.row, format!("{} + {}", row.row, row.code))));
    said.extend(verdicts.refuse.iter().map(|row| (row.row, format!("{} {}", row.row, row.reason))));
    said.extend(verdicts.skip.iter().map(|row| (row.row, format!("{} - {}", row.row, row.reason))));
    said.extend(verdicts.warn.iter().map(|row| (row.row, format!("{} ! {}", row.row, row.reason))));
    said.sort();
    said.into_iter().map(|(_, text)| text).collect()
}

/// The verdicts on a workbook of one sheet about Chợ Mới.
pub fn verdicts(text: &str) -> Vec<String> {
    said(&read(&workbook(text), &cho_moi()).unwrap())
}
