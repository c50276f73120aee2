//! A file as rows of cells, whatever its format: what reading a file gives and what recognising a table takes.

use chrono::NaiveDateTime;

/// A file that could be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Book {
    /// What the file is, by its content.
    pub format: Format,
    /// How its text was encoded, by its usual name (`utf-8-sig`, `cp1258`, `tcvn3`); none for workbooks.
    pub encoding: Option<&'static str>,
    /// What stands between the fields of a text file.
    pub delimiter: Option<char>,
    /// Its sheets in their order; a text file has one, without a name.
    pub sheets: Vec<Sheet>,
}

/// The kinds of file that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Delimited text.
    Text,
    /// Office Open XML workbook.
    Xlsx,
    /// Excel 97–2003 workbook.
    Xls,
    /// Excel binary workbook.
    Xlsb,
    /// A spreadsheet of the Open Document Format.
    Ods,
    /// An HTML table, whatever its name says.
    Html,
}

/// One sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Its name; empty in a text file.
    pub name: String,
    /// Whether the office hid it.
    pub is_hidden: bool,
    /// Its rows that hold anything, in order, and the blank ones between them.
    pub rows: Vec<Row>,
    /// Merged areas; the text stands in the first cell, the others are empty.
    pub merged: Vec<Area>,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Where it stands, from 1: the sheet's row, or the physical line of a text file where the record starts.
    pub number: usize,
    /// Whether the office hid it, by hand or by a filter.
    pub is_hidden: bool,
    /// Its cells from the first column on; trailing empty ones are left out.
    pub cells: Vec<Cell>,
}

/// A rectangle of cells: rows as [`Row::number`], columns from 0, both ends inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// First and last row.
    pub rows: (usize, usize),
    /// First and last column.
    pub columns: (usize, usize),
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text, in NFC, as it was written otherwise.
    Text(String),
    /// A number; `shows_percent` when its format multiplies it by a hundred.
    Number {
        /// Its value.
        value: f64,
        /// Whether it is shown as a percentage.
        shows_percent: bool,
    },
    /// A true date, with its time of day.
    Date(NaiveDateTime),
    /// A truth value.
    Bool(bool),
    /// An error value such as `#REF!`, or a formula whose result the file does not hold.
    Broken(String),
}
