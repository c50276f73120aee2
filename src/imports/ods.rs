//! `OpenDocument` spreadsheets, from their `content.xml`. calamine tells of them neither hidden rows nor merged areas nor
//! percentages, and lays every repeated cell out before anybody can stop it.

use std::collections::HashSet;

use chrono::{NaiveDate, NaiveDateTime};
use quick_xml::events::{BytesStart, Event};

use super::{
    archive::Archive,
    facts::{Facts, MOST_SHEETS, restore},
    grid::{Book, Cell, Format, Sheet},
    read::{Limits, Unreadable},
    rows::{Rows, text_cell},
    xlsx_facts::{attribute, xml},
};

/// Copies of repeated cells in one file.
const MOST_COPIES: usize = 1_000_000;
/// Letters of one cell, as in Excel.
const LONGEST_TEXT: usize = 32_767;

/// The workbook.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Book, Unreadable> {
    let mut archive = Archive::open(bytes)?;
    if archive.text_of("META-INF/manifest.xml").is_some_and(|manifest| manifest.contains("encryption-data")) {
        return Err(Unreadable::Protected);
    }
    archive.measure(limits, |_, _| Ok(()))?;
    let Some(part) = archive.part("content.xml") else {
        return Err(Unreadable::Damaged("content.xml is missing".to_owned()));
    };
    let (mut reader, mut buffer) = (xml(part), Vec::new());
    let mut content = Content {
        limits,
        book: Book { format: Format::Ods, encoding: None, delimiter: None, sheets: Vec::new() },
        hidden_styles: HashSet::new(),
        style: None,
        table: None,
        copies: 0,
    };
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|e| Unreadable::damaged(&e))? {
            Event::Start(tag) => content.start(&tag)?,
            Event::Text(text) => content.text(&text.xml10_content()),
            Event::GeneralRef(name) => {
                let predefined = quick_xml::escape::resolve_predefined_entity(&name).map(str::to_owned);
                let sign = name.resolve_char_ref().ok().flatten().map(String::from);
                content.text(&predefined.or(sign).unwrap_or_default());
            }
            Event::End(tag) => content.end(tag.local_name().as_ref())?,
            Event::Eof => break,
            _ => {}
        }
    }
    if content.table.is_some() || content.book.sheets.is_empty() {
        return Err(Unreadable::Damaged("content.xml is cut short".to_owned()));
    }
    Ok(content.book)
}

struct Content<'a> {
    limits: &'a Limits,
    book: Book,
    /// Styles of tables that are not displayed.
    hidden_styles: HashSet<String>,
    /// The style that is being defined.
    style: Option<String>,
    table: Option<Table<'a>>,
    copies: usize,
}

/// A sheet in the making.
struct Table<'a> {
    name: String,
    is_hidden: bool,
    rows: Rows<'a>,
    facts: Facts,
    /// The row under the cursor, from 1, and for how many it stands.
    row: usize,
    repeats: usize,
    row_is_hidden: bool,
    column: usize,
    cells: Vec<(usize, usize, Cell)>,
    open: Option<Open>,
    /// How deep within a comment, whose text is not the cell's.
    comments: usize,
}

/// A cell whose end is not seen yet.
struct Open {
    kind: String,
    value: Option<String>,
    formula: Option<String>,
    repeats: usize,
    text: String,
    paragraphs: usize,
}

fn count(tag: &BytesStart<'_>, name: &str) -> usize {
    attribute(tag, name).and_then(|count| count.parse().ok()).unwrap_or(1).max(1)
}

impl Content<'_> {
    fn start(&mut self, tag: &BytesStart<'_>) -> Result<(), Unreadable> {
        let name = tag.local_name();
        match name.as_ref() {
            "style" => self.style = attribute(tag, "name"),
            "table-properties" => {
                if let Some(style) = self.style.take()
                    && attribute(tag, "display").is_some_and(|display| display == "false")
                {
                    self.hidden_styles.insert(style);
                }
            }
            "table" if self.table.is_none() => {
                if self.book.sheets.len() == MOST_SHEETS {
                    return Err(Unreadable::TooLarge);
                }
                let style = attribute(tag, "style-name").unwrap_or_default();
                self.table = Some(Table {
                    name: attribute(tag, "name").unwrap_or_default(),
                    is_hidden: self.hidden_styles.contains(&style),
                    rows: Rows::new(self.limits),
                    facts: Facts::default(),
                    row: 1,
                    repeats: 1,
                    row_is_hidden: false,
                    column: 0,
                    cells: Vec::new(),
                    open: None,
                    comments: 0,
                });
            }
            name => {
                if let Some(table) = &mut self.table {
                    table.start(name, tag);
                }
            }
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if let Some(Table { open: Some(open), comments: 0, .. }) = &mut self.table
            && open.paragraphs > 0
            && open.text.len() < LONGEST_TEXT
        {
            open.text.push_str(text);
        }
    }

    fn end(&mut self, name: &str) -> Result<(), Unreadable> {
        let Some(table) = &mut self.table else { return Ok(()) };
        match name {
            "annotation" => table.comments = table.comments.saturating_sub(1),
            "table-cell" | "covered-table-cell" => table.end_cell(),
            "table-row" => self.copies += table.end_row()?,
            "table" => {
                let Some(table) = self.table.take() else { return Ok(()) };
                let mut sheet = Sheet {
                    name: table.name,
                    is_hidden: table.is_hidden,
                    rows: table.rows.finish(),
                    merged: table.facts.merged,
                };
                self.book.encoding = self.book.encoding.or(restore(&mut sheet, &table.facts.fonts));
                self.book.sheets.push(sheet);
            }
            _ => {}
        }
        if self.copies > MOST_COPIES { Err(Unreadable::TooLarge) } else { Ok(()) }
    }
}

impl Table<'_> {
    fn start(&mut self, name: &str, tag: &BytesStart<'_>) {
        match name {
            "table-row" => {
                self.repeats = count(tag, "number-rows-repeated");
                self.row_is_hidden = attribute(tag, "visibility").is_some_and(|seen| seen != "visible");
                self.column = 0;
                self.cells.clear();
            }
            "table-cell" | "covered-table-cell" => {
                let (rows, columns) = (count(tag, "number-rows-spanned"), count(tag, "number-columns-spanned"));
                if (rows > 1 || columns > 1)
                    && let (Ok(top), Ok(left)) = (u32::try_from(self.row - 1), u32::try_from(self.column))
                    && let (Ok(rows), Ok(columns)) = (u32::try_from(rows - 1), u32::try_from(columns - 1))
                {
                    self.facts.merge((top, left), (top.saturating_add(rows), left.saturating_add(columns)));
                }
                let is_error = attribute_of(tag, "calcext:value-type").is_some_and(|kind| kind == "error");
                let kind = attribute_of(tag, "office:value-type").unwrap_or_default();
                self.open = Some(Open {
                    kind: if is_error { "error".to_owned() } else { kind },
                    value: ["value", "date-value", "boolean-value", "string-value"]
                        .iter()
                        .find_map(|name| attribute(tag, name)),
                    formula: attribute(tag, "formula"),
                    repeats: count(tag, "number-columns-repeated"),
                    text: String::new(),
                    paragraphs: 0,
                });
            }
            "annotation" => self.comments += 1,
            _ => {
                if let (Some(open), 0) = (&mut self.open, self.comments) {
                    open.start(name, tag);
                }
            }
        }
    }

    fn end_cell(&mut self) {
        let Some(open) = self.open.take() else { return };
        let repeats = open.repeats;
        let cell = open.cell();
        if cell != Cell::Empty {
            self.cells.push((self.column, repeats, cell));
        }
        self.column = self.column.saturating_add(repeats);
    }

    /// Writes the row as often as it stands; how many cells that copied.
    fn end_row(&mut self) -> Result<usize, Unreadable> {
        let mut copies = 0;
        if !self.cells.is_empty() {
            for row in self.row..self.row.saturating_add(self.repeats) {
                self.rows.open(row, self.row_is_hidden)?;
                for (first, repeats, cell) in &self.cells {
                    for column in *first..first.saturating_add(*repeats) {
                        self.rows.put(column, cell.clone())?;
                        copies += 1;
                    }
                }
                if copies > MOST_COPIES {
                    return Err(Unreadable::TooLarge);
                }
            }
        }
        self.row = self.row.saturating_add(self.repeats);
        // The first of each is no copy.
        Ok(copies.saturating_sub(self.cells.len()))
    }
}

/// The value of an attribute by its full name.
fn attribute_of(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    tag.try_get_attribute(name).ok().flatten().map(|attribute| attribute.value.into_owned())
}

impl Open {
    fn start(&mut self, name: &str, tag: &BytesStart<'_>) {
        match name {
            "p" => {
                if self.paragraphs > 0 {
                    self.text.push('\n');
                }
                self.paragraphs += 1;
            }
            "s" => self.text.push_str(&" ".repeat(count(tag, "c").min(100))),
            "tab" => self.text.push('\t'),
            "line-break" => self.text.push('\n'),
            _ => {}
        }
    }

    fn cell(self) -> Cell {
        let number = || self.value.as_deref().and_then(|value| value.parse::<f64>().ok()).filter(|n| n.is_finite());
        let shows_percent = self.kind == "percentage";
        match self.kind.as_str() {
            "error" => Cell::Broken(self.text),
            "float" | "currency" | "percentage" => {
                number().map_or(Cell::Broken(self.text), |value| Cell::Number { value, shows_percent })
            }
            "date" => match self.value.as_deref().and_then(moment) {
                Some(moment) => Cell::Date(moment),
                None => text_cell(&self.text),
            },
            "boolean" => Cell::Bool(self.value.as_deref() == Some("true")),
            "" if self.formula.is_some() => Cell::Broken(self.formula.unwrap_or_default()),
            "string" if self.paragraphs == 0 => text_cell(&self.value.unwrap_or_default()),
            _ => text_cell(&self.text),
        }
    }
}

/// `2020-08-20` or `2020-08-20T16:00:00`.
fn moment(text: &str) -> Option<NaiveDateTime> {
    match text.split_once('T') {
        Some(_) => NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok(),
        None => NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(NaiveDateTime::from),
    }
}
