//! The table of a file: which sheet, which header, what each row is, which day it speaks of.

use chrono::{Datelike, NaiveDate};

use super::{
    columns::Column,
    count::shown,
    date::{DayReading, FIRST_YEAR, day_in_title, day_of},
    grid::{Area, Book, Cell, Sheet},
    header::{Header, Mapping, Wanted, find_header},
    lines::{Kind, Line, cell_above, lines},
    register::Register,
    verdict::{Detail, Notice, Reason, Unrecognised},
};
use crate::domain::text::search_key;

/// What is asked of a file.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The sheet meant, where a file has several.
    pub sheet: Option<String>,
    /// Code of the place whose units the rows are; the whole country without it.
    pub scope: Option<String>,
    /// The day the figures are true at, where no column says it.
    pub as_of: Option<NaiveDate>,
    /// The first day that figures can be true at.
    pub earliest: NaiveDate,
    /// The last: today.
    pub today: NaiveDate,
    /// What somebody said of columns.
    pub mapping: Mapping,
}

/// A table that was found.
pub struct Table<'a> {
    /// Its sheet.
    pub sheet: &'a Sheet,
    /// Its header.
    pub header: Header,
    /// Its rows.
    pub lines: Vec<Line>,
    /// What should be known of the whole.
    pub notices: Vec<Notice>,
    /// The day of rows that do not say one.
    day: Option<NaiveDate>,
    days: Option<usize>,
    merged: Vec<Area>,
    earliest: NaiveDate,
    today: NaiveDate,
}

/// Finds the table of a file.
pub fn find_table<'a>(
    book: &'a Book,
    request: &Request,
    wanted: Wanted,
    register: &Register<'_>,
) -> Result<Table<'a>, Unrecognised> {
    let (sheet, header, lines) = choose(book, request, wanted, register)?;
    if let Some(count) = header.doubled.first() {
        return Err(Unrecognised::ManyColumns(*count));
    }
    let days = header.at(Column::Date).filter(|at| has_any(sheet, &header, *at));
    let merged = sheet.merged.iter().filter(|area| Some(area.columns.0) == days).copied().collect();
    let said = title_day(sheet, &header);
    let day = request.as_of.or(said);
    if days.is_none() && day.is_none() {
        return Err(Unrecognised::NoDate);
    }
    let mut notices = notices(book, sheet, &header, request);
    if let (Some(given), Some(said), None) = (request.as_of, said, days)
        && given != said
    {
        notices.push(Notice::TitleSaysAnotherDay(said));
    }
    let (earliest, today) = (request.earliest, request.today);
    Ok(Table { sheet, header, lines, notices, day, days, merged, earliest, today })
}

impl Table<'_> {
    /// The cell of a row in a column.
    pub fn cell(&self, line: &Line, at: usize) -> &Cell {
        self.sheet.rows.get(line.at).and_then(|row| row.cells.get(at)).unwrap_or(&Cell::Empty)
    }

    /// The day a row speaks of.
    pub fn day(&self, line: &Line) -> Result<NaiveDate, (Reason, Detail)> {
        let refused = |given: String| (Reason::Date, Detail::Given(given));
        let day = match self.days {
            None => self.day.ok_or_else(|| refused(String::new()))?,
            Some(at) => {
                let mut cell = self.cell(line, at);
                if *cell == Cell::Empty {
                    cell = cell_above(self.sheet, &self.merged, line.at, at).unwrap_or(cell);
                }
                match day_of(cell) {
                    DayReading::Day(day) => day,
                    DayReading::Blank | DayReading::Unclear => return Err(refused(shown(cell))),
                }
            }
        };
        let is_possible = day.year() >= FIRST_YEAR && day >= self.earliest && day <= self.today;
        if is_possible { Ok(day) } else { Err(refused(day.format("%d/%m/%Y").to_string())) }
    }
}

type Found<'a> = (&'a Sheet, Header, Vec<Line>);

/// The sheet that holds the figures, if it is clear which one does.
fn choose<'a>(
    book: &'a Book,
    request: &Request,
    wanted: Wanted,
    register: &Register<'_>,
) -> Result<Found<'a>, Unrecognised> {
    let called = |is_name: fn(&str, &str) -> bool| -> Vec<&Sheet> {
        let is_asked = |sheet: &&Sheet| request.sheet.as_ref().is_none_or(|name| is_name(name, &sheet.name));
        book.sheets.iter().filter(is_asked).collect()
    };
    let mut asked = called(|name, sheet| name.trim() == sheet.trim());
    if asked.is_empty() {
        // Typed in a hurry: "tuan 34".
        asked = called(|name, sheet| search_key(name) == search_key(sheet));
    }
    if let (true, Some(name)) = (asked.is_empty(), &request.sheet) {
        return Err(Unrecognised::NoSheet(name.clone()));
    }
    if asked.iter().all(|sheet| sheet.rows.iter().all(|row| row.cells.is_empty())) {
        return Err(Unrecognised::NoData);
    }
    let tables = |is_hidden: bool| -> Vec<Found<'a>> {
        let wanted_ones = asked.iter().filter(|sheet| sheet.is_hidden == is_hidden);
        wanted_ones
            .filter_map(|sheet| {
                let header = find_header(sheet, wanted, &request.mapping)?;
                let lines = lines(sheet, book.format, &header, register, request.scope.as_deref());
                Some((*sheet, header, lines))
            })
            .collect()
    };
    // A hidden sheet is looked into only where no other holds a table, or where it is asked for.
    let mut found = tables(false);
    if found.is_empty() {
        found = tables(true);
    }
    if found.is_empty() {
        return Err(Unrecognised::NoHeader);
    }
    let knows = |line: &Line| matches!(line.kind, Kind::Unit(_, Ok(_)));
    let speaks = |line: &Line| matches!(line.kind, Kind::Unit(..));
    if found.iter().any(|(_, _, lines)| lines.iter().any(knows)) {
        found.retain(|(_, _, lines)| lines.iter().any(knows));
    } else {
        found.retain(|(_, _, lines)| lines.iter().any(speaks));
    }
    if found.len() > 1 {
        return Err(Unrecognised::ManySheets(found.iter().map(|(sheet, ..)| sheet.name.clone()).collect()));
    }
    found.pop().ok_or(Unrecognised::NoData)
}

fn has_any(sheet: &Sheet, header: &Header, at: usize) -> bool {
    let filled = |cell: &Cell| day_of(cell) != DayReading::Blank;
    sheet.rows.iter().skip(header.rows.end).any(|row| row.cells.get(at).is_some_and(filled))
}

/// The day the words above the table say its figures are true at, if they say one.
fn title_day(sheet: &Sheet, header: &Header) -> Option<NaiveDate> {
    let words = sheet.rows.iter().take(header.rows.start).flat_map(|row| &row.cells);
    let mut said = words.filter_map(|cell| if let Cell::Text(text) = cell { day_in_title(text) } else { None });
    let day = said.next()?;
    said.all(|other| other == day).then_some(day)
}

fn notices(book: &Book, sheet: &Sheet, header: &Header, request: &Request) -> Vec<Notice> {
    let mut notices = Vec::new();
    let hidden = book.sheets.iter().filter(|other| other.is_hidden && request.sheet.as_ref() != Some(&other.name));
    notices.extend(hidden.map(|sheet| Notice::HiddenSheet(sheet.name.clone())));
    let rows: Vec<usize> = sheet.rows.iter().filter(|row| row.is_hidden).map(|row| row.number).collect();
    if !rows.is_empty() {
        notices.push(Notice::HiddenRows(rows));
    }
    for (at, column) in &header.columns {
        if *column == Column::Personal {
            notices.push(Notice::PersonalColumn(header.headings.get(*at).cloned().unwrap_or_default()));
        }
    }
    notices
}
