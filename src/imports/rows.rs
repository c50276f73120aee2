//! Cells as they come out of a file to rows in their order, within limits.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::{
    grid::{Cell, Row},
    read::{Limits, Unreadable},
};

/// More than any table that people keep by hand; an old sheet has 256.
const MOST_COLUMNS: usize = 1024;
/// Bytes beyond which a cell holds more than Excel's 32,767 letters, however long each.
const LONGEST_CELL: usize = 4 * 32_767;
/// Empty cells before filled ones that any file may have; beyond, four for each filled one.
const FREE_PADDING: usize = 1_000_000;
/// Blank rows between two others; more are a stray cell at the end of a sheet, and left out.
const MOST_BLANKS: usize = 1000;

/// Room that is made for a row at its first cell, when the row before it is as long.
const MOST_ROOM: usize = 16;

/// The rows of one sheet in the making.
pub(super) struct Rows<'a> {
    limits: &'a Limits,
    all: Vec<Row>,
    filled: usize,
    padding: usize,
    not_blank: usize,
    /// How many rows are there to stay, whatever they hold.
    kept: usize,
}

impl<'a> Rows<'a> {
    /// None yet.
    pub(super) fn new(limits: &'a Limits) -> Self {
        Self { limits, all: Vec::new(), filled: 0, padding: 0, not_blank: 0, kept: 0 }
    }

    /// Begins a row.
    pub(super) fn open(&mut self, number: usize, is_hidden: bool) -> Result<(), Unreadable> {
        self.all.push(Row { number, is_hidden, cells: Vec::new() });
        // Rows without a cell are bound by the file's size, not by what a table may hold.
        if self.all.len() - self.not_blank > FREE_PADDING + self.limits.rows.min(FREE_PADDING) {
            return Err(Unreadable::TooManyRows { most: self.limits.rows });
        }
        Ok(())
    }

    /// Goes to a row, which is begun unless it is open.
    pub(super) fn at(&mut self, number: usize, is_hidden: bool) -> Result<(), Unreadable> {
        if self.all.last().is_some_and(|row| row.number == number) { Ok(()) } else { self.open(number, is_hidden) }
    }

    /// Text to a column of the open row; blank text is nothing.
    pub(super) fn text(&mut self, column: usize, text: &str) -> Result<(), Unreadable> {
        self.put(column, text_cell(text))
    }

    /// A cell to a column of the open row.
    pub(super) fn put(&mut self, column: usize, cell: Cell) -> Result<(), Unreadable> {
        if cell == Cell::Empty {
            return Ok(());
        }
        if column >= MOST_COLUMNS {
            return Err(Unreadable::TooManyColumns);
        }
        if matches!(&cell, Cell::Text(text) if text.len() > LONGEST_CELL) {
            return Err(Unreadable::CellTooLong);
        }
        let room = self.all.iter().rev().nth(1).map_or(0, |before| before.cells.len().min(MOST_ROOM));
        let Some(row) = self.all.last_mut() else { return Ok(()) };
        if let Some(known) = row.cells.get_mut(column) {
            *known = cell;
            return Ok(());
        }
        self.not_blank += usize::from(row.cells.is_empty());
        self.padding += column - row.cells.len();
        self.filled += 1;
        if self.not_blank > self.limits.rows {
            return Err(Unreadable::TooManyRows { most: self.limits.rows });
        }
        if self.padding > FREE_PADDING + 4 * self.filled || self.filled > self.limits.cells {
            return Err(Unreadable::TooLarge);
        }
        if row.cells.is_empty() {
            row.cells.reserve_exact(room.max(column + 1));
        }
        row.cells.resize(column, Cell::Empty);
        row.cells.push(cell);
        Ok(())
    }

    /// The open row is one of the file even if it holds nothing.
    pub(super) fn keep(&mut self) {
        self.kept = self.all.len();
    }

    /// The rows as they were opened, to the last that holds anything or is kept. Blank rows without end are none.
    pub(super) fn into_written(self) -> Vec<Row> {
        let mut rows = self.all;
        let filled = rows.iter().rposition(|row| !row.cells.is_empty()).map_or(0, |last| last + 1);
        let last = if self.kept.saturating_sub(filled) <= MOST_BLANKS { self.kept } else { 0 };
        while rows.len() > last && rows.last().is_some_and(|row| row.cells.is_empty()) {
            rows.pop();
        }
        rows
    }

    /// The rows in order with the blank ones between them, from the first to the last that holds anything.
    pub(super) fn finish(self) -> Vec<Row> {
        let mut rows = self.into_written();
        if !rows.is_sorted_by_key(|row| row.number) {
            rows.sort_by_key(|row| row.number);
        }
        let mut whole: Vec<Row> = Vec::with_capacity(rows.len());
        let (mut next, mut blanks) = (1, 0);
        for row in rows {
            if let Some(same) = whole.last_mut().filter(|last| last.number == row.number) {
                overlay(same, row);
                continue;
            }
            let gap = row.number.saturating_sub(next);
            if gap <= MOST_BLANKS && blanks + gap <= FREE_PADDING {
                whole.extend((next..row.number).map(|number| Row { number, is_hidden: false, cells: Vec::new() }));
                blanks += gap;
            }
            next = row.number.saturating_add(1);
            whole.push(row);
        }
        whole
    }
}

/// A row that a damaged sheet writes twice: what is written last stands.
fn overlay(row: &mut Row, again: Row) {
    row.cells.resize(row.cells.len().max(again.cells.len()), Cell::Empty);
    for (cell, written) in row.cells.iter_mut().zip(again.cells).filter(|(_, written)| *written != Cell::Empty) {
        *cell = written;
    }
}

/// Text as a cell: in NFC, without the NULs that PostgreSQL cannot keep; blank text is nothing.
pub(super) fn text_cell(text: &str) -> Cell {
    if text.trim_matches(|c: char| c.is_whitespace() || c == '\0').is_empty() {
        return Cell::Empty;
    }
    let is_plain = (text.is_ascii() || is_nfc(text)) && !text.contains('\0');
    Cell::Text(if is_plain { text.to_owned() } else { text.chars().filter(|c| *c != '\0').nfc().collect() })
}
