//! An HTML table saved as `.xls`: what many programs of offices call "export to Excel".

use std::collections::{BTreeMap, HashMap};

use html5gum::{StartTag, Token, Tokenizer};

use super::{
    facts::restore,
    grid::{Area, Book, Format, Sheet},
    read::{Limits, Unreadable},
    rows::Rows,
};

/// Cells that one cell may span.
const MOST_SPAN: usize = 1000;

/// Whether the text is a page rather than delimited fields.
pub(super) fn is_html(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(2048).collect::<String>().to_ascii_lowercase();
    let tags = ["<html", "<!doctype html", "<table", "<head", "<body", "<meta", "<style", "<!--"];
    start.starts_with('<') && (start.starts_with("<?xml") || tags.iter().any(|tag| start.starts_with(tag)))
}

/// The page as a book: all its tables one below the other, as Excel opens it.
pub(super) fn read(text: &str, encoding: &'static str, limits: &Limits) -> Result<Book, Unreadable> {
    let mut table = Table {
        rows: Rows::new(limits),
        merged: Vec::new(),
        row: 0,
        column: 0,
        spanned: BTreeMap::new(),
        cell: None,
        silent: None,
    };
    for Ok(token) in Tokenizer::new(text) {
        match token {
            Token::StartTag(tag) => table.start(&tag)?,
            Token::EndTag(tag) => table.end(&tag.name)?,
            Token::String(text) => table.text(&String::from_utf8_lossy(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    table.close_cell()?;
    let mut sheet = Sheet { name: String::new(), is_hidden: false, rows: table.rows.finish(), merged: table.merged };
    // Letters of an old font may be written as entities.
    let encoding = restore(&mut sheet, &HashMap::new()).unwrap_or(encoding);
    Ok(Book { format: Format::Html, encoding: Some(encoding), delimiter: None, sheets: vec![sheet] })
}

struct Table<'a> {
    rows: Rows<'a>,
    merged: Vec<Area>,
    /// The row under the cursor, from 1.
    row: usize,
    /// The next free column.
    column: usize,
    /// Columns that cells above reach into, and the last row they do.
    spanned: BTreeMap<usize, usize>,
    cell: Option<Open>,
    /// The element whose text is not shown.
    silent: Option<Vec<u8>>,
}

/// A cell whose end is not seen yet.
struct Open {
    column: usize,
    rows: usize,
    columns: usize,
    text: String,
}

fn attribute(tag: &StartTag<()>, name: &str) -> Option<String> {
    tag.attributes.get(name.as_bytes()).map(|value| String::from_utf8_lossy(value).into_owned())
}

fn span(tag: &StartTag<()>, name: &str) -> usize {
    attribute(tag, name).and_then(|span| span.trim().parse().ok()).unwrap_or(1).clamp(1, MOST_SPAN)
}

impl Table<'_> {
    fn start(&mut self, tag: &StartTag<()>) -> Result<(), Unreadable> {
        match tag.name.as_slice() {
            b"tr" => {
                self.close_cell()?;
                (self.row, self.column) = (self.row + 1, 0);
                let row = self.row;
                self.spanned.retain(|_, last| *last >= row);
                let style = attribute(tag, "style").unwrap_or_default().to_ascii_lowercase().replace(' ', "");
                self.rows.open(row, style.contains("display:none") || attribute(tag, "hidden").is_some())?;
            }
            b"td" | b"th" if self.row > 0 => {
                self.close_cell()?;
                while self.spanned.contains_key(&self.column) {
                    self.column += 1;
                }
                let (rows, columns) = (span(tag, "rowspan"), span(tag, "colspan"));
                self.cell = Some(Open { column: self.column, rows, columns, text: String::new() });
                if rows > 1 {
                    let last = self.row + rows - 1;
                    self.spanned.extend((self.column..self.column + columns).map(|column| (column, last)));
                }
                self.column += columns;
            }
            b"br" | b"p" | b"div" | b"li" => self.text(" "),
            name @ (b"style" | b"script" | b"title") if !tag.self_closing => self.silent = Some(name.to_vec()),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &[u8]) -> Result<(), Unreadable> {
        if self.silent.as_deref() == Some(name) {
            self.silent = None;
        }
        if matches!(name, b"td" | b"th" | b"tr" | b"table") {
            self.close_cell()?;
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if let Some(cell) = &mut self.cell
            && self.silent.is_none()
        {
            cell.text.push_str(text);
        }
    }

    fn close_cell(&mut self) -> Result<(), Unreadable> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        if cell.rows > 1 || cell.columns > 1 {
            let (row, column) = (self.row, cell.column);
            self.merged.push(Area { rows: (row, row + cell.rows - 1), columns: (column, column + cell.columns - 1) });
        }
        // In a page any run of blanks is one; a no-break space is kept for who reads numbers.
        let words: Vec<&str> = cell.text.split_ascii_whitespace().collect();
        self.rows.text(cell.column, &words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::grid::Cell;

    fn book(text: &str) -> Book {
        read(text, "utf-8", &Limits::WEB).unwrap()
    }

    fn texts(book: &Book) -> Vec<Vec<&str>> {
        fn text(cell: &Cell) -> &str {
            match cell {
                Cell::Text(text) => text,
                _ => "",
            }
        }
        book.sheets[0].rows.iter().map(|row| row.cells.iter().map(text).collect()).collect()
    }

    #[test]
    fn cells_stand_where_spans_leave_room() {
        let book = book(
            "<html><style>td{x:y}</style><table><tr><td rowspan=2>TT<td colspan=\"2\">Số &amp; tỷ lệ</td><th>Xã</tr>\
             <tr style='display: none'><td>a<td>b<br>c<td><b>d</b></table>",
        );
        assert_eq!(texts(&book), [vec!["TT", "Số & tỷ lệ", "", "Xã"], vec!["", "a", "b c", "d"]]);
        let sheet = &book.sheets[0];
        assert_eq!(sheet.merged[0], Area { rows: (1, 2), columns: (0, 0) });
        assert_eq!(sheet.merged[1], Area { rows: (1, 1), columns: (1, 2) });
        assert_eq!(sheet.rows.iter().map(|row| row.is_hidden).collect::<Vec<_>>(), [false, true]);
    }

    #[test]
    fn a_page_is_told_from_fields() {
        assert!(is_html("\r\n<!DOCTYPE html><table>"));
        assert!(is_html("<META charset=utf-8><table>"));
        assert!(!is_html("<10;>20\n1;2"));
    }

    #[test]
    fn spans_of_a_million_are_bounded() {
        let wide = "<table><tr><td rowspan=1000000 colspan=1000000>x<td>y</table>";
        assert!(texts(&book(wide))[0].len() <= 1001);
    }
}
