//! Workbooks that Excel opens without questions: numbers as numbers, dates as dates, text never a formula; the header
//! stays on the screen and on every printed page.

use chrono::{Datelike, NaiveDateTime, Timelike};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::csv::{Cell, FORMULA_SIGNS, Table};
use crate::domain::calendar::{self, Instant};

/// A4 among Excel's papers.
pub(super) const A4: u8 = 9;
/// Letters beyond which a column grows no wider; what is longer is seen in the cell.
const WIDEST: usize = 60;
/// Excel's longest sheet name and longest text.
const LONGEST_NAME: usize = 31;
const LONGEST_TEXT: usize = 32_767;

/// What stands in a cell of a file that somebody sent, as it goes back to them.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Blank,
    /// Words.
    Text(String),
    /// A number.
    Number(f64),
    /// A share of one, shown as a percentage.
    Percent(f64),
    /// A day, with its time of day unless that is midnight.
    Moment(NaiveDateTime),
    /// A truth value.
    Bool(bool),
}

impl From<&Cell> for Value {
    #[expect(clippy::cast_precision_loss, reason = "no count of people reaches 2^53")]
    fn from(cell: &Cell) -> Self {
        match cell {
            Cell::Text(text) => Self::Text(text.clone()),
            Cell::Number(number) => Self::Number(*number as f64),
            Cell::Tenths(tenths) => Self::Number(*tenths as f64 / 10.0),
            Cell::Day(day) => Self::Moment((*day).into()),
            Cell::Moment(moment) => Self::Moment(moment.naive_local()),
            Cell::Blank => Self::Blank,
        }
    }
}

/// The table as a workbook of one sheet.
pub fn of_table(table: &Table, sheet: &str) -> Result<Vec<u8>, XlsxError> {
    let head = table.columns.iter().map(|name| Value::Text((*name).to_owned())).collect();
    let rows = table.rows.iter().map(|row| row.iter().map(Value::from).collect());
    write(sheet, &[head], &rows.collect::<Vec<_>>())
}

/// A sheet of a workbook that people read.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Lines above the header.
    pub title: Vec<String>,
    /// The header.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Value>>,
}

/// A workbook of several sheets; `made_at` is the only time in it, so that the same sheets are always the same file.
pub fn of_sheets(sheets: &[Sheet], made_at: Instant) -> Result<Vec<u8>, XlsxError> {
    let local = calendar::local(made_at);
    let (day, time) = (local.date(), local.time());
    let part = |number: u32| u8::try_from(number).unwrap_or_default();
    let made_at =
        ExcelDateTime::from_ymd(u16::try_from(day.year()).unwrap_or(1970), part(day.month()), part(day.day()))?
            .and_hms(u16::try_from(time.hour()).unwrap_or_default(), part(time.minute()), f64::from(time.second()))?;
    let formats = Formats::new();
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made_at));
    for of in sheets {
        let mut head: Vec<Vec<Value>> = of.title.iter().map(|line| vec![Value::Text(line.clone())]).collect();
        head.push(of.head.iter().map(|name| Value::Text(name.clone())).collect());
        fill(workbook.add_worksheet(), &of.name, &head, &of.rows, &formats)?;
    }
    workbook.save_to_buffer()
}

/// Rows that were refused, under the header rows of their own file, with one more column that says what is wrong.
pub fn of_refused(
    sheet: &str,
    column: &str,
    head: &[Vec<Value>],
    refused: &[(Vec<Value>, String)],
) -> Result<Vec<u8>, XlsxError> {
    let widths = head.iter().chain(refused.iter().map(|(row, _)| row)).map(Vec::len);
    let width = widths.max().unwrap_or_default();
    let lengthened = |row: &Vec<Value>, last: &str| {
        let mut row = row.clone();
        row.resize(width, Value::Blank);
        row.push(Value::Text(last.to_owned()));
        row
    };
    let lowest = head.len().saturating_sub(1);
    let head: Vec<_> =
        head.iter().enumerate().map(|(i, row)| lengthened(row, if i == lowest { column } else { "" })).collect();
    let rows: Vec<_> = refused.iter().map(|(row, error)| lengthened(row, error)).collect();
    write(sheet, &head, &rows)
}

/// How each kind of value is shown.
struct Formats {
    title: Format,
    head: Format,
    text: Format,
    formula_like: Format,
    whole: Format,
    fraction: Format,
    percent: Format,
    day: Format,
    moment: Format,
}

impl Formats {
    fn new() -> Self {
        let number = |format: &str| Format::new().set_num_format(format);
        Self {
            title: Format::new().set_bold(),
            head: Format::new().set_bold().set_text_wrap(),
            text: Format::new(),
            formula_like: Format::new().set_quote_prefix(),
            whole: number("#,##0"),
            fraction: number("#,##0.0##"),
            percent: number("0.0%"),
            day: number("dd/mm/yyyy"),
            moment: number("dd/mm/yyyy hh:mm"),
        }
    }
}

fn write(name: &str, head: &[Vec<Value>], rows: &[Vec<Value>]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet(), name, head, rows, &Formats::new())?;
    workbook.save_to_buffer()
}

#[expect(clippy::cast_precision_loss, reason = "a width has two digits")]
fn fill(
    sheet: &mut Worksheet,
    name: &str,
    head: &[Vec<Value>],
    rows: &[Vec<Value>],
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.set_name(sheet_name(name))?;
    let mut widths: Vec<usize> = Vec::new();
    for (number, row) in (0..).zip(head.iter().chain(rows)) {
        let is_head = (number as usize) < head.len();
        // A title stands across the columns: only the lowest row of the head is a header.
        let is_title = is_head && row.len() == 1 && head.len() > 1;
        let above = match (is_title, is_head) {
            (true, _) => Some(&formats.title),
            (_, true) => Some(&formats.head),
            _ => None,
        };
        for (column, value) in (0..).zip(row) {
            let width = put(sheet, (number, column), value, above, formats)?;
            let width = match value {
                _ if is_title => 0,
                Value::Text(text) if is_head => width_of_heading(text),
                _ => width,
            };
            let column = usize::from(column);
            widths.resize(widths.len().max(column + 1), 0);
            if let Some(widest) = widths.get_mut(column) {
                *widest = width.max(*widest);
            }
        }
    }
    for (column, width) in (0..).zip(&widths) {
        // Two letters for the button of the filter.
        sheet.set_column_width(column, (width.clamp(&6, &WIDEST) + 2) as f64)?;
    }
    if let (Ok(depth), Ok(last), Ok(columns)) =
        (u32::try_from(head.len()), u32::try_from(head.len() + rows.len()), u16::try_from(widths.len()))
        && depth > 0
        && columns > 0
    {
        sheet.set_freeze_panes(depth, 0)?;
        sheet.set_repeat_rows(0, depth - 1)?;
        sheet.autofilter(depth - 1, 0, last - 1, columns - 1)?;
    }
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    Ok(())
}

/// How many letters a heading is wide: it goes on in the next line, but no word does.
fn width_of_heading(text: &str) -> usize {
    const ENOUGH: usize = 14;
    let longest_word = text.split_whitespace().map(|word| word.chars().count()).max().unwrap_or_default();
    text.chars().count().min(ENOUGH).max(longest_word)
}

/// Writes a value, in the format of what stands above the rows if it does; how many letters wide it is.
fn put(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    value: &Value,
    above: Option<&Format>,
    formats: &Formats,
) -> Result<usize, XlsxError> {
    match value {
        Value::Blank => return Ok(0),
        Value::Text(text) => {
            let cut: String = text.chars().take(LONGEST_TEXT).collect();
            // A string cell is no formula; the prefix keeps it so when somebody edits it.
            let usual = if text.starts_with(FORMULA_SIGNS) { &formats.formula_like } else { &formats.text };
            let format = above.unwrap_or(usual);
            sheet.write_string_with_format(row, column, cut, format)?;
            return Ok(text.lines().map(|line| line.chars().count()).max().unwrap_or_default());
        }
        Value::Number(number) if number.fract() == 0.0 => {
            sheet.write_number_with_format(row, column, *number, &formats.whole)?;
            return Ok(format!("{number:.0}").len() * 4 / 3);
        }
        Value::Number(number) => sheet.write_number_with_format(row, column, *number, &formats.fraction)?,
        Value::Percent(share) => sheet.write_number_with_format(row, column, *share, &formats.percent)?,
        Value::Moment(moment) => return put_moment(sheet, (row, column), *moment, formats),
        Value::Bool(truth) => sheet.write_boolean(row, column, *truth)?,
    };
    Ok(8)
}

/// A day that Excel has, as a date; an earlier one as text.
fn put_moment(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    moment: NaiveDateTime,
    formats: &Formats,
) -> Result<usize, XlsxError> {
    let is_day = moment.num_seconds_from_midnight() == 0;
    let serial = || -> Option<ExcelDateTime> {
        let part = |number: u32| u8::try_from(number).ok();
        let day =
            ExcelDateTime::from_ymd(u16::try_from(moment.year()).ok()?, part(moment.month())?, part(moment.day())?);
        let hour = u16::try_from(moment.hour()).ok()?;
        day.ok()?.and_hms(hour, part(moment.minute())?, f64::from(moment.second())).ok()
    };
    match serial() {
        Some(serial) => {
            let format = if is_day { &formats.day } else { &formats.moment };
            sheet.write_datetime_with_format(row, column, &serial, format)?
        }
        None => sheet.write_string(row, column, moment.to_string())?,
    };
    Ok(if is_day { 10 } else { 16 })
}

/// A name that Excel takes for a sheet.
pub(super) fn sheet_name(name: &str) -> String {
    let is_allowed = |c: &char| !"[]:*?/\\'".contains(*c) && !c.is_control();
    let name: String = name.chars().filter(is_allowed).take(LONGEST_NAME).collect();
    if name.trim().is_empty() { "1".to_owned() } else { name }
}
