//! CSV: for programs, for Excel as it is set in Vietnam, and plain; numbers as numbers, text that no sheet runs as a
//! formula.

use chrono::{DateTime, FixedOffset, NaiveDate, SecondsFormat};

/// The mark by which Excel knows UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
/// A text that begins with one of these is a formula to a spreadsheet (OWASP: CSV injection).
pub(super) const FORMULA_SIGNS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// How a table is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Style {
    /// Commas, and the mark of UTF-8: what most programs take.
    #[default]
    Marked,
    /// Semicolons, decimal commas and the mark: what Excel opens as columns where the decimal sign is a comma.
    Excel,
    /// Commas without the mark.
    Plain,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A whole number, written without grouping.
    Number(i64),
    /// Tenths, written with a point: 999 is `99.9`.
    Tenths(i64),
    /// A day, written `2020-08-20`.
    Day(NaiveDate),
    /// A moment, written `2020-08-20T16:00:00+07:00`.
    Moment(DateTime<FixedOffset>),
    /// Nothing is known: not 0.
    Blank,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Blank, Into::into)
    }
}

impl Cell {
    fn written(&self, style: Style) -> String {
        match self {
            Self::Tenths(tenths) if style == Style::Excel => format!("{},{}", tenths / 10, (tenths % 10).abs()),
            Self::Text(text) if text.starts_with(FORMULA_SIGNS) => format!("'{text}"),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Tenths(tenths) => format!("{}.{}", tenths / 10, (tenths % 10).abs()),
            Self::Day(day) => day.to_string(),
            Self::Moment(moment) => moment.to_rfc3339_opts(SecondsFormat::Secs, false),
            Self::Blank => String::new(),
        }
    }
}

/// Named columns and the rows below them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Names of the columns: stable, for programs.
    pub columns: Vec<&'static str>,
    /// The rows, each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// The table with one more column that says the same in every row.
    #[must_use]
    pub fn noted(mut self, column: &'static str, note: &str) -> Self {
        self.columns.push(column);
        for row in &mut self.rows {
            row.push(note.into());
        }
        self
    }

    /// The table as a file.
    pub fn to_csv(&self, style: Style) -> Result<Vec<u8>, csv::Error> {
        let mark = if style == Style::Plain { Vec::new() } else { BYTE_ORDER_MARK.to_vec() };
        let delimiter = if style == Style::Excel { b';' } else { b',' };
        let mut writer = csv::WriterBuilder::new();
        let mut file = writer.delimiter(delimiter).terminator(csv::Terminator::CRLF).from_writer(mark);
        file.write_record(&self.columns)?;
        for row in &self.rows {
            file.write_record(row.iter().map(|cell| cell.written(style)))?;
        }
        file.into_inner().map_err(|error| csv::Error::from(error.into_error()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_ever_a_formula() {
        let row = ["=1+1", "+84", "-5", "@sum", "\tx", "Xã Kiến An"].map(Cell::from).to_vec();
        let table = Table { columns: vec!["a", "b", "c", "d", "e", "f"], rows: vec![row] };
        let file = String::from_utf8(table.to_csv(Style::Marked).unwrap()).unwrap();
        assert_eq!(file, "\u{feff}a,b,c,d,e,f\r\n'=1+1,'+84,'-5,'@sum,'\tx,Xã Kiến An\r\n");
    }

    #[test]
    fn numbers_stay_numbers_and_nothing_is_not_zero() {
        let row = vec![Cell::from(-3), Cell::Tenths(999), Cell::from(None::<i64>), Cell::from(0)];
        let table = Table { columns: vec!["a", "b", "c", "d"], rows: vec![row] }.noted("note", "Số liệu minh họa");
        let file = String::from_utf8(table.to_csv(Style::Marked).unwrap()).unwrap();
        assert_eq!(file, "\u{feff}a,b,c,d,note\r\n-3,99.9,,0,Số liệu minh họa\r\n");
    }
    #[test]
    fn excel_in_vietnam_gets_semicolons_and_decimal_commas_and_a_program_no_mark_if_it_wants() {
        let row = vec![Cell::from("Xã A; B"), Cell::Tenths(-999)];
        let table = Table { columns: vec!["a", "b"], rows: vec![row] };
        let written = |style| String::from_utf8(table.to_csv(style).unwrap()).unwrap();
        assert_eq!(written(Style::Excel), "\u{feff}a;b\r\n\"Xã A; B\";-99,9\r\n");
        assert_eq!(written(Style::Plain), "a,b\r\nXã A; B,-99.9\r\n");
    }
}
