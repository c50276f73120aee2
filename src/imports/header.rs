//! Where a sheet's table begins and what its columns hold.

use std::collections::BTreeMap;

use super::{
    columns::{Column, Count, column_of, excludes, rank},
    count::{Reading, count_of, shown},
    grid::{Cell, Row, Sheet},
};
use crate::domain::text::search_key;

/// How far down a header is looked for, in rows of the sheet.
const DEEPEST: usize = 30;
/// Rows a header takes at most.
const TALLEST: usize = 3;

/// What a table must have to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Units and counts.
    Counts,
    /// Units and zone levels.
    Zones,
}

/// What somebody said of columns: by their number from 0; none: not to be taken.
pub type Mapping = BTreeMap<usize, Option<Column>>;

/// The header of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// Indexes of its rows in the sheet.
    pub rows: std::ops::Range<usize>,
    /// What the columns hold that are known.
    pub columns: BTreeMap<usize, Column>,
    /// The heading of each column, as it is read.
    pub headings: Vec<String>,
    /// Counts that more than one column seems to hold.
    pub doubled: Vec<Count>,
    /// What its rows say, for recognising them again on the next page.
    keys: Vec<BTreeMap<usize, String>>,
}

impl Header {
    /// Where a kind of column stands.
    pub fn at(&self, wanted: Column) -> Option<usize> {
        self.columns.iter().find(|(_, column)| **column == wanted).map(|(at, _)| *at)
    }

    /// The columns with counts.
    pub fn counts(&self) -> impl Iterator<Item = (usize, Count)> + '_ {
        self.columns.iter().filter_map(|(at, column)| match column {
            Column::Count(count) => Some((*at, *count)),
            _ => None,
        })
    }

    /// The first column that holds figures rather than says whose they are.
    pub fn first_figure(&self) -> usize {
        let is_figure = |column: &Column| matches!(column, Column::Count(_) | Column::Percent(_) | Column::Zone);
        self.columns.iter().find(|(_, column)| is_figure(column)).map_or(0, |(at, _)| *at)
    }

    /// Whether a row says the header again, as on each printed page.
    pub fn is_repeated_by(&self, row: &Row) -> bool {
        // Most rows are told by the first letters of their cells, or by how many there are.
        let begins_alike = |text: &str, key: &str| match text.trim_start().chars().next() {
            Some(first) if first.is_ascii_alphanumeric() => key.starts_with(first.to_ascii_lowercase()),
            _ => true,
        };
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
        let is_same = |text: &str, key: &str| letters(text) == letters(key) && search_key(text) == key;
        self.keys.iter().any(|keys| {
            let are_enough = |found: usize| found >= 2.min(keys.len()) && 2 * found >= keys.len() && found > 0;
            let text = |at: &usize| match row.cells.get(*at) {
                Some(Cell::Text(text)) => Some(text),
                _ => None,
            };
            let texts = keys.iter().filter_map(|(at, key)| Some((text(at)?, key)));
            let alike = texts.filter(|(text, key)| begins_alike(text, key));
            are_enough(alike.clone().count()) && are_enough(alike.filter(|(text, key)| is_same(text, key)).count())
        })
    }

    /// Whether a row only numbers the columns: `(1) (2) (3)`, `A B 1 2`.
    pub fn is_numbered_by(&self, row: &Row) -> bool {
        let Some(name) = self.at(Column::Name).or_else(|| self.at(Column::Code)) else { return false };
        let numbered = |cell: &Cell| {
            let text = shown(cell);
            let text = text.trim_matches(['(', ')', '[', ']']);
            let head: String = text.chars().take_while(char::is_ascii_alphanumeric).collect();
            let is_number = !head.is_empty() && head.len() <= 2 && head.bytes().all(|b| b.is_ascii_digit());
            let is_letter = head.len() == 1 && head.bytes().all(|b| b.is_ascii_uppercase());
            // A formula of column numbers may follow: `5=4/3`, `(5)=(4)/(3)`.
            let rest = text.get(head.len()..).unwrap_or_default().trim_start_matches([')', ']', ' ']);
            let is_formula = rest.starts_with('=') || rest.is_empty();
            (is_number || is_letter) && is_formula
        };
        let filled = |cell: &&Cell| **cell != Cell::Empty;
        row.cells.get(name).is_some_and(numbered)
            && row.cells.iter().filter(filled).count() >= 3
            && row.cells.iter().filter(filled).all(numbered)
    }
}

/// The header of a sheet's table: the first rows that name units and what is wanted of them.
pub fn find_header(sheet: &Sheet, wanted: Wanted, mapping: &Mapping) -> Option<Header> {
    let last = sheet.rows.iter().take_while(|row| row.number <= DEEPEST).count();
    (0..last).find_map(|first| {
        let one = read(sheet, first..first + 1, mapping);
        // A title, or nothing, above a header is no row of it.
        if one.columns.len() < 2 {
            return None;
        }
        let mut best = is_table(&one, wanted).then_some(one);
        for end in first + 2..=(first + TALLEST).min(sheet.rows.len()) {
            if !sheet.rows.get(end - 1).is_some_and(|row| continues(sheet, row)) {
                break;
            }
            let taller = read(sheet, first..end, mapping);
            // A row of words that changes what a column holds ("Bluezone": "Chưa cài", "Đã cài") belongs to the header.
            let says_more =
                best.as_ref().is_none_or(|best| figures(&taller) != figures(best)) || parts_groups(sheet, end - 1);
            if is_table(&taller, wanted) && says_more && is_below_its_names(sheet, &taller) {
                best = Some(taller);
            }
        }
        best
    })
}

/// Whether a row says what the columns of a group are: one of its words stands where the row above leaves a cell empty.
fn parts_groups(sheet: &Sheet, at: usize) -> bool {
    let cells = |at: usize| sheet.rows.get(at).map_or(&[][..], |row| &row.cells);
    let above = |column: usize| at.checked_sub(1).and_then(|at| cells(at).get(column));
    let filled = || cells(at).iter().enumerate().filter(|(_, cell)| **cell != Cell::Empty);
    filled().nth(1).is_some() && filled().any(|(column, _)| matches!(above(column), None | Some(Cell::Empty)))
}

/// What columns of figures are known, and the counts that several of them seem to hold.
fn figures(header: &Header) -> (Vec<(usize, Column)>, &[Count]) {
    let is_figure = |column: &Column| matches!(column, Column::Count(_) | Column::Percent(_) | Column::Zone);
    let known = header.columns.iter().filter(|(_, column)| is_figure(column));
    (known.map(|(at, column)| (*at, *column)).collect(), &header.doubled)
}

fn is_table(header: &Header, wanted: Wanted) -> bool {
    let says_who = header.at(Column::Name).or_else(|| header.at(Column::Code)).is_some();
    let says_what = match wanted {
        Wanted::Counts => header.counts().next().is_some(),
        Wanted::Zones => header.at(Column::Zone).is_some(),
    };
    says_who && says_what
}

/// Whether a row may be the second one of a header: words, no numbers.
fn continues(sheet: &Sheet, row: &Row) -> bool {
    let filled = |cell: &&Cell| **cell != Cell::Empty;
    let is_word = |cell: &Cell| matches!(cell, Cell::Text(_)) && matches!(count_of(cell), Reading::NotACount(_));
    !sheet.rows.is_empty() && row.cells.iter().any(|cell| filled(&cell)) && row.cells.iter().filter(filled).all(is_word)
}

/// Whether the last row of a header leaves the column of names to the rows above it, or names it itself.
fn is_below_its_names(sheet: &Sheet, header: &Header) -> bool {
    let Some(name) = header.at(Column::Name).or_else(|| header.at(Column::Code)) else { return false };
    let Some(row) = sheet.rows.get(header.rows.end - 1) else { return false };
    match row.cells.get(name) {
        None | Some(Cell::Empty) => true,
        Some(cell) => matches!(column_of(&shown(cell)), Some(Column::Name | Column::Code)),
    }
}

fn read(sheet: &Sheet, rows: std::ops::Range<usize>, mapping: &Mapping) -> Header {
    let lines: Vec<Vec<String>> = rows.clone().map(|at| headings(sheet, at)).collect();
    let width = lines.iter().map(Vec::len).max().unwrap_or(0);
    let mut header = Header {
        rows: rows.clone(),
        columns: BTreeMap::new(),
        headings: Vec::with_capacity(width),
        doubled: Vec::new(),
        keys: rows.filter_map(|at| sheet.rows.get(at)).map(keys).collect(),
    };
    let mut found: Vec<(usize, Column, usize)> = Vec::new();
    for at in 0..width {
        let parts = parts(&lines, at);
        let heading = parts.join(" ");
        let alone = parts.split_last().filter(|(_, above)| !above.iter().any(|text| excludes(text)));
        let column = column_of(&heading).or_else(|| alone.and_then(|(last, _)| column_of(last)));
        if let Some(column) = mapping.get(&at).copied().unwrap_or(column) {
            found.push((at, column, rank(&heading)));
        }
        header.headings.push(heading);
    }
    settle(found, &mut header);
    header
}

/// One column for each thing, the plainer heading first.
fn settle(mut found: Vec<(usize, Column, usize)>, header: &mut Header) {
    found.sort_by_key(|(at, _, rank)| (*rank, *at));
    for (index, (at, column, rank)) in found.iter().enumerate() {
        let earlier = found.iter().take(index).find(|(_, known, _)| known == column);
        match (earlier, column) {
            // Shares are only compared: any number of them may stand there. So may remarks.
            (None, _) | (Some(_), Column::Percent(_) | Column::Note | Column::Personal) => {
                header.columns.insert(*at, *column);
            }
            // Which of two columns holds the total is told by their order; of others nobody can say.
            (Some((_, _, known)), Column::Count(count)) if known == rank && *count != Count::Total => {
                header.doubled.push(*count);
            }
            (Some(_), _) => {}
        }
    }
    // A table of districts or provinces names them in the column that elsewhere says where a commune lies.
    if header.at(Column::Name).is_none() && header.at(Column::Code).is_none() {
        let place = header.at(Column::District).or_else(|| header.at(Column::Province));
        if let Some(at) = place {
            header.columns.insert(at, Column::Name);
        }
    }
}

/// The heading parts of a column from the top down, each once.
fn parts(lines: &[Vec<String>], at: usize) -> Vec<&str> {
    let mut parts: Vec<&str> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let mut text = line.get(at).map_or("", String::as_str);
        let is_group =
            |column: usize| lines.get(index + 1).and_then(|below| below.get(column)).is_some_and(|t| !t.is_empty());
        if text.is_empty() && is_group(at) {
            // A group's heading that is not merged stands over its first column only.
            let left = (0..at).rev().find(|left| line.get(*left).is_some_and(|text| !text.is_empty()));
            text = left.filter(|left| is_group(*left)).and_then(|left| line.get(left)).map_or("", String::as_str);
        }
        if !text.is_empty() && parts.last() != Some(&text) {
            parts.push(text);
        }
    }
    parts
}

/// What a row says over each column, merged cells filled.
fn headings(sheet: &Sheet, at: usize) -> Vec<String> {
    let Some(row) = sheet.rows.get(at) else { return Vec::new() };
    let text = |cell: &Cell| if let Cell::Text(text) = cell { text.trim().to_owned() } else { String::new() };
    let mut line: Vec<String> = row.cells.iter().map(text).collect();
    for area in &sheet.merged {
        let ((top, bottom), (left, right)) = (area.rows, area.columns);
        if !(top..=bottom).contains(&row.number) {
            continue;
        }
        let first = sheet.rows.iter().find(|row| row.number == top).and_then(|row| row.cells.get(left));
        let Some(text) = first.map(text).filter(|text| !text.is_empty()) else { continue };
        // No table is wider than its rows say; a merged title may be.
        let right = right.min(left + 64);
        if line.len() <= right {
            line.resize(right + 1, String::new());
        }
        line.iter_mut().take(right + 1).skip(left).for_each(|cell| cell.clone_from(&text));
    }
    line
}

fn keys(row: &Row) -> BTreeMap<usize, String> {
    let key = |(at, cell): (usize, &Cell)| match cell {
        Cell::Text(text) => Some((at, search_key(text))).filter(|(_, key)| !key.is_empty()),
        _ => None,
    };
    row.cells.iter().enumerate().filter_map(key).collect()
}
