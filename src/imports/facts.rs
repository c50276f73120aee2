//! What a sheet says beside its values, and the sheet that both make.

use std::collections::{BTreeSet, HashMap, HashSet};

use calamine::{Data, DataRef, DataType, ExcelDateTime};

use super::{
    encoding::{Font, font_of, is_beyond_fonts},
    grid::{Area, Cell, Sheet},
    read::{Limits, Unreadable},
    rows::{Rows, text_cell},
    vietnamese::score,
};

/// Sheets of one workbook.
pub(super) const MOST_SHEETS: usize = 256;
/// Merged areas of one sheet.
const MOST_AREAS: usize = 100_000;
/// The last day that Excel has, 31/12/9999.
const LAST_SERIAL: f64 = 2_958_465.0;

/// Row and column, from 0.
pub(super) type Place = (u32, u32);

/// What the workbook library does not tell about a sheet.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Hidden rows, from 1.
    pub hidden: BTreeSet<usize>,
    /// Merged areas.
    pub merged: Vec<Area>,
    /// Formulas without a value, with `=`.
    pub uncalculated: HashMap<Place, String>,
    /// Numbers that are shown as percentages.
    pub percents: HashSet<Place>,
    /// Cells in an old font.
    pub fonts: HashMap<Place, Font>,
}

impl Facts {
    /// Notes a merged area by its first and last cell, from 0.
    pub(super) fn merge(&mut self, first: Place, last: Place) {
        if self.merged.len() < MOST_AREAS && first.0 <= last.0 && first.1 <= last.1 {
            let [top, bottom] = [first.0, last.0].map(|row| row as usize + 1);
            self.merged.push(Area { rows: (top, bottom), columns: (first.1 as usize, last.1 as usize) });
        }
    }
}

/// Whether a number format shows hundredths: a `%` outside of quotes in its first part.
pub(super) fn shows_percent(format: &str) -> bool {
    let (mut is_quoted, mut is_literal) = (false, false);
    for c in format.chars() {
        match c {
            _ if is_literal => is_literal = false,
            '\\' | '_' | '*' if !is_quoted => is_literal = true,
            '"' => is_quoted = !is_quoted,
            ';' if !is_quoted => return false,
            '%' if !is_quoted => return true,
            _ => {}
        }
    }
    false
}

/// Formats 9 and 10 are `0%` and `0.00%` without being written.
pub(super) fn is_percent_id(id: u16) -> bool {
    id == 9 || id == 10
}

/// A sheet in the making.
pub(super) struct Draft<'a> {
    rows: Rows<'a>,
    facts: Facts,
}

impl<'a> Draft<'a> {
    /// Nothing but what is known beside the values.
    pub(super) fn new(facts: Facts, limits: &'a Limits) -> Self {
        Self { rows: Rows::new(limits), facts }
    }

    /// A value at its place.
    pub(super) fn put(&mut self, place: Place, value: &DataRef<'_>, shows_percent: bool) -> Result<(), Unreadable> {
        let cell = match self.facts.uncalculated.remove(&place) {
            Some(formula) => Cell::Broken(formula),
            None => cell_of(value, shows_percent || self.facts.percents.contains(&place)),
        };
        if cell == Cell::Empty {
            return Ok(());
        }
        let number = place.0 as usize + 1;
        self.rows.at(number, self.facts.hidden.contains(&number))?;
        self.rows.put(place.1 as usize, cell)
    }

    /// Notes that a cell is in an old font.
    pub(super) fn in_font(&mut self, place: Place, font: Font) {
        self.facts.fonts.insert(place, font);
    }

    /// The sheet, and the old encoding that some of its text was in.
    pub(super) fn finish(self, name: String, is_hidden: bool) -> (Sheet, Option<&'static str>) {
        let mut sheet = Sheet { name, is_hidden, rows: self.rows.finish(), merged: self.facts.merged };
        let encoding = restore(&mut sheet, &self.facts.fonts);
        (sheet, encoding)
    }
}

/// A value of the workbook library as a cell.
#[expect(clippy::cast_precision_loss, reason = "a sheet holds whole numbers of 30 bits")]
fn cell_of(value: &DataRef<'_>, shows_percent: bool) -> Cell {
    let number = |value: f64| {
        if value.is_finite() { Cell::Number { value, shows_percent } } else { Cell::Broken("#NUM!".to_owned()) }
    };
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(_) => value.get_int().map_or(Cell::Empty, |int| number(int as f64)),
        DataRef::Float(float) => number(*float),
        DataRef::Bool(truth) => Cell::Bool(*truth),
        DataRef::SharedString(text) => text_cell(text),
        DataRef::DateTime(moment) => date(moment).unwrap_or_else(|| number(moment.as_f64())),
        DataRef::DateTimeIso(text) => value.as_datetime().map_or_else(|| text_cell(text), Cell::Date),
        DataRef::String(text) | DataRef::DurationIso(text) => text_cell(text),
        DataRef::Error(error) => Cell::Broken(error.to_string()),
    }
}

/// A serial of a day; a length of time or a number of no day stays a number.
fn date(moment: &ExcelDateTime) -> Option<Cell> {
    let is_day = moment.is_datetime() && (0.0..=LAST_SERIAL).contains(&moment.as_f64());
    is_day.then(|| moment.as_datetime().map(Cell::Date))?
}

/// A value that the library hands over whole.
pub(super) fn borrowed(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(int) => DataRef::Int(*int),
        Data::Float(float) => DataRef::Float(*float),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(truth) => DataRef::Bool(*truth),
        Data::DateTime(moment) => DataRef::DateTime(*moment),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

/// Turns text written in an old font into what the font draws: where the font is known, if the text makes more sense
/// so; elsewhere, if all of it makes sense only so.
pub(super) fn restore(sheet: &mut Sheet, fonts: &HashMap<Place, Font>) -> Option<&'static str> {
    let place = |row: usize, column: usize| Some((u32::try_from(row - 1).ok()?, u32::try_from(column).ok()?));
    let font_at = |row, column| place(row, column).and_then(|place| fonts.get(&place));
    let texts = || {
        let cells =
            sheet.rows.iter().flat_map(|row| row.cells.iter().enumerate().map(|(i, cell)| (row.number, i, cell)));
        cells.filter_map(|(row, column, cell)| match cell {
            Cell::Text(text) => Some((font_at(row, column).copied(), text.as_str())),
            _ => None,
        })
    };
    let (mut plain, mut restored) = (0, 0);
    for (font, text) in texts().filter(|(_, text)| !text.is_ascii()) {
        if let Some(font) = font {
            plain += score(text);
            restored += score(&font.restored(text));
        }
    }
    let is_told = restored > plain;
    let guess = font_of(texts().filter(|(font, _)| font.is_none()).map(|(_, text)| text));
    if !is_told && guess.is_none() {
        return None;
    }
    let is_mixed = texts().any(|(_, text)| is_beyond_fonts(text));
    let mut encoding = guess.map(Font::name);
    for row in &mut sheet.rows {
        for (column, cell) in row.cells.iter_mut().enumerate() {
            let font = font_at(row.number, column).map_or(guess, |font| is_told.then_some(*font));
            if let (Cell::Text(text), Some(font)) = (cell, font) {
                *text = font.restored_among(text, is_mixed);
                encoding = encoding.or(Some(font.name()));
            }
        }
    }
    encoding
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percent_sign_counts_only_as_a_sign() {
        for format in ["0%", "0.00%", "#,##0.0 %", "[Red]0%;-0%"] {
            assert!(shows_percent(format), "{format}");
        }
        for format in ["General", "0\"%\"", "0\\%", "#,##0;0%", ""] {
            assert!(!shows_percent(format), "{format}");
        }
    }
}
