//! What a file looks like, for whoever must say which sheet is meant or what a column holds.

use std::collections::{BTreeMap, HashMap};

use crate::imports::{
    columns::Column,
    count::shown,
    grid::{Book, Row, Sheet},
    header::{Header, Mapping, Wanted, find_header},
    mapping::{fingerprint, wordiest},
};

/// How many rows are shown below a header, how many columns of a sheet, and how much of a text.
const ROWS: usize = 3;
const COLUMNS: usize = 40;
const LETTERS: usize = 60;

/// A file as it is seen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Look {
    /// Names of its sheets, in order; hidden ones too. A text file has one without a name.
    pub sheets: Vec<String>,
    /// The sheet that is looked at.
    pub sheet: String,
    /// Its columns.
    pub columns: Vec<SeenColumn>,
    /// What its header is known by.
    pub fingerprint: Option<String>,
    /// What was said of its columns before.
    pub said: Mapping,
}

/// A column as it is seen.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenColumn {
    /// Its number, from 0.
    pub at: usize,
    /// What stands over it.
    pub heading: String,
    /// What stands in it.
    pub sample: Vec<String>,
    /// What it is taken for.
    pub column: Option<Column>,
}

impl Look {
    /// Looks at the sheet that is asked for, else at the first that holds a table, else at the first. `known` are
    /// mappings by the fingerprint of their header.
    pub fn new(book: &Book, asked: Option<&str>, wanted: Wanted, known: &HashMap<String, Mapping>) -> Self {
        let sheets = book.sheets.iter().map(|sheet| sheet.name.clone()).collect();
        let mapping_of = |sheet: &Sheet| fingerprint(sheet).and_then(|of| known.get(&of).cloned()).unwrap_or_default();
        let holds_table = |sheet: &&Sheet| find_header(sheet, wanted, &mapping_of(sheet)).is_some();
        let visible = || book.sheets.iter().filter(|sheet| !sheet.is_hidden && !sheet.rows.is_empty());
        let named = asked.and_then(|name| book.sheets.iter().find(|sheet| sheet.name.trim() == name.trim()));
        let sheet = named.or_else(|| visible().find(holds_table)).or_else(|| visible().next());
        let Some(sheet) = sheet.or_else(|| book.sheets.first()) else { return Self::default() };
        let said = mapping_of(sheet);
        let header = find_header(sheet, wanted, &said);
        Self {
            sheets,
            sheet: sheet.name.clone(),
            columns: columns(sheet, header.as_ref(), &said),
            fingerprint: fingerprint(sheet),
            said,
        }
    }
}

fn columns(sheet: &Sheet, header: Option<&Header>, said: &Mapping) -> Vec<SeenColumn> {
    let words = wordiest(sheet);
    let headings: Vec<String> = match (header, words) {
        (Some(header), _) => header.headings.clone(),
        (None, Some(row)) => row.cells.iter().map(shown).collect(),
        (None, None) => Vec::new(),
    };
    let last = header.and_then(|header| sheet.rows.get(header.rows.end.saturating_sub(1))).or(words);
    let below = |row: &&Row| last.is_none_or(|last| row.number > last.number) && !row.cells.is_empty();
    let rows: Vec<&Row> = sheet.rows.iter().filter(below).take(ROWS).collect();
    let width = rows.iter().map(|row| row.cells.len()).chain([headings.len()]).max().unwrap_or(0).min(COLUMNS);
    let taken: BTreeMap<usize, Column> = header.map(|header| header.columns.clone()).unwrap_or_default();
    let short = |text: String| text.chars().take(LETTERS).collect::<String>();
    (0..width)
        .map(|at| SeenColumn {
            at,
            heading: short(headings.get(at).cloned().unwrap_or_default()),
            sample: rows.iter().map(|row| short(row.cells.get(at).map(shown).unwrap_or_default())).collect(),
            column: taken.get(&at).copied().or_else(|| said.get(&at).copied().flatten()),
        })
        .collect()
}
