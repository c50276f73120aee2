//! Delimited text to rows: which sign stands between fields, quotes, line breaks within them, physical line numbers.

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

use super::{
    grid::{Book, Format, Sheet},
    read::{Limits, Unreadable},
    rows::Rows,
};

/// Signs that stand between fields, the likelier first.
const DELIMITERS: [u8; 4] = [b';', b'\t', b'|', b','];
/// How many records are looked at to find it.
const SAMPLE: usize = 100;
/// Line breaks in one field after which its quote was no quote.
const MOST_BREAKS: usize = 100;

/// The one sheet of a text file.
pub(super) fn read(text: &str, encoding: &'static str, limits: &Limits) -> Result<Book, Unreadable> {
    let (hint, delimiter) = match hinted(text) {
        Some((line, delimiter)) => (line, Some(delimiter)),
        None => ("", sniffed(text)),
    };
    let body = text.get(hint.len()..).unwrap_or_default();
    let first = 1 + usize::from(!hint.is_empty());
    let sign = delimiter.unwrap_or(b'\0');
    let rows = match records(body, sign, true, first, limits)? {
        Some(rows) => rows,
        None => records(body, sign, false, first, limits)?.unwrap_or_else(|| Rows::new(limits)),
    };
    let sheet = Sheet { name: String::new(), is_hidden: false, rows: rows.into_written(), merged: Vec::new() };
    Ok(Book {
        format: Format::Text,
        encoding: Some(encoding),
        delimiter: delimiter.map(char::from),
        sheets: vec![sheet],
    })
}

/// The line `sep=;` by which Excel is told, with its end, and the sign.
fn hinted(text: &str) -> Option<(&str, u8)> {
    let line = text.split_inclusive('\n').next()?;
    let sign = line.trim_end().strip_prefix("sep=")?;
    (sign.len() == 1).then(|| sign.as_bytes().first().map(|sign| (line, *sign)))?
}

/// The sign by which most records fall into the same number of fields, and into the most.
fn sniffed(text: &str) -> Option<u8> {
    let mut counts = [const { Vec::<usize>::new() }; DELIMITERS.len()];
    let mut now = [0; DELIMITERS.len()];
    let (mut is_quoted, mut is_blank) = (false, true);
    for byte in text.bytes() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' | b'\r' if !is_quoted => {
                if !is_blank {
                    counts.iter_mut().zip(now).for_each(|(counts, now)| counts.push(now));
                }
                (now, is_blank) = ([0; DELIMITERS.len()], true);
                if counts[0].len() == SAMPLE {
                    break;
                }
            }
            byte => {
                is_blank = false;
                for (now, delimiter) in now.iter_mut().zip(DELIMITERS) {
                    *now += usize::from(byte == delimiter && !is_quoted);
                }
            }
        }
    }
    counts.iter_mut().zip(now).for_each(|(counts, now)| counts.push(now));
    let weight = |counts: &[usize]| {
        let records = |count: usize| counts.iter().filter(|seen| **seen == count).count();
        counts.iter().filter(|count| **count > 0).map(|count| records(*count) * count).max().unwrap_or_default()
    };
    let weights = counts.iter().map(|counts| weight(counts));
    // Of equals the first: a comma may be a decimal sign.
    let (best, delimiter) = weights.zip(DELIMITERS).rev().max_by_key(|(weight, _)| *weight)?;
    (best > 0).then_some(delimiter)
}

/// The records as rows; nothing when a quote swallows what follows, so that quotes must mean nothing.
fn records<'a>(
    text: &str,
    delimiter: u8,
    quoting: bool,
    first: usize,
    limits: &'a Limits,
) -> Result<Option<Rows<'a>>, Unreadable> {
    let mut reader = ReaderBuilder::new().delimiter(delimiter).quoting(quoting).build();
    let mut rows = Rows::new(limits);
    let mut rest = text.as_bytes();
    let mut lines = Lines { number: first, after_return: false };
    while !rest.is_empty() {
        // csv-core passes over blank lines without a word: they are rows here, and count.
        if let [byte @ (b'\r' | b'\n'), after @ ..] = rest {
            if !(*byte == b'\n' && lines.after_return) {
                rows.open(lines.number, false)?;
            }
            lines.pass(&[*byte]);
            rest = after;
            continue;
        }
        rows.open(lines.number, false)?;
        if !record(&mut reader, &mut rest, &mut lines, &mut rows, quoting)? {
            return Ok(None);
        }
    }
    Ok(Some(rows))
}

/// One record to the open row; false when a field never ends.
fn record(
    reader: &mut Reader,
    rest: &mut &[u8],
    lines: &mut Lines,
    rows: &mut Rows<'_>,
    quoting: bool,
) -> Result<bool, Unreadable> {
    let (mut field, mut buffer, mut column) = (Vec::new(), [0; 4096], 0);
    let (mut breaks, mut quotes) = (0, 0);
    loop {
        let is_at_end = rest.is_empty();
        let (result, read, written) = reader.read_field(rest, &mut buffer);
        let (passed, after) = rest.split_at(read.min(rest.len()));
        breaks += lines.pass(passed);
        quotes += passed.iter().map(|byte| usize::from(*byte == b'"')).sum::<usize>();
        *rest = after;
        field.extend_from_slice(buffer.get(..written).unwrap_or_default());
        match result {
            ReadFieldResult::Field { record_end } => {
                let is_open = is_at_end && breaks > 0 && quotes % 2 == 1;
                if quoting && (breaks > MOST_BREAKS || is_open) {
                    return Ok(false);
                }
                let text = String::from_utf8_lossy(&field);
                let unquoted = if quoting { &text } else { text.trim_matches('"') };
                rows.text(column, unquoted)?;
                field.clear();
                (column, breaks, quotes) = (column + 1, 0, 0);
                if record_end {
                    if column > 1 {
                        rows.keep();
                    }
                    return Ok(true);
                }
            }
            ReadFieldResult::End => return Ok(true),
            ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
        }
    }
}

/// Counts physical lines, whether they end in `\n`, `\r\n` or `\r`.
struct Lines {
    number: usize,
    after_return: bool,
}

impl Lines {
    /// Goes past the bytes; how many lines ended in them.
    fn pass(&mut self, bytes: &[u8]) -> usize {
        let before = self.number;
        for byte in bytes {
            self.number += usize::from(*byte == b'\r' || *byte == b'\n' && !self.after_return);
            self.after_return = *byte == b'\r';
        }
        self.number - before
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::grid::Cell;

    fn sheet(text: &str) -> (Option<char>, Vec<(usize, Vec<String>)>) {
        let mut book = read(text, "utf-8", &Limits::WEB).unwrap();
        let rows = book.sheets.remove(0).rows.into_iter().map(|row| {
            let cells = row.cells.into_iter().map(|cell| match cell {
                Cell::Text(text) => text,
                Cell::Empty => String::new(),
                other => format!("{other:?}"),
            });
            (row.number, cells.collect())
        });
        (book.delimiter, rows.collect())
    }

    fn row(number: usize, cells: &[&str]) -> (usize, Vec<String>) {
        (number, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn the_sign_between_fields_is_found_among_decimal_commas_and_titles() {
        for (text, delimiter) in [
            ("TT;Xã, thị trấn;Tỷ lệ\n1;A;23,79%\n2;B;1,5%\n", Some(';')),
            ("Báo cáo ngày 20/8\nTT,Xã,Số\n1,A,5\n2,B;C,6\n", Some(',')),
            ("a\tb, c\td\n1\t2,5\t3\n", Some('\t')),
            ("a|b|c\n1|2|3\n", Some('|')),
            ("sep=;\na;b,c,d\n", Some(';')),
            ("\"a;b;c\",2\n\"d;e;f\",3\n", Some(',')),
            ("một cột\nhai\n", None),
        ] {
            assert_eq!(sheet(text).0, delimiter, "{text}");
        }
    }

    #[test]
    fn a_row_is_numbered_by_the_line_where_it_starts() {
        let (_, rows) = sheet("a;b\r\n\"x\r\ny\";2\r\n\r\n;;\r\nc;3");
        let expected = [row(1, &["a", "b"]), row(2, &["x\r\ny", "2"]), row(4, &[]), row(5, &[]), row(6, &["c", "3"])];
        assert_eq!(rows, expected);
        let numbers = |text| sheet(text).1.into_iter().map(|(number, _)| number).collect::<Vec<_>>();
        assert_eq!(numbers("a;b\n\nc;d\n"), [1, 2, 3]);
        assert_eq!(numbers("a;b\r\rc;d\r"), [1, 2, 3]);
        assert_eq!(numbers("sep=;\na;b\n"), [2]);
    }

    #[test]
    fn quotes_are_unwrapped_and_a_quote_that_never_ends_swallows_nothing() {
        assert_eq!(sheet("a;\"b \"\"c\"\";d\"\n").1, [row(1, &["a", "b \"c\";d"])]);
        let (_, rows) = sheet("a;\"b\n1;2\n3;4\n");
        assert_eq!(rows, [row(1, &["a", "b"]), row(2, &["1", "2"]), row(3, &["3", "4"])]);
        assert_eq!(sheet("a;\"b\nc\"").1, [row(1, &["a", "b\nc"])]);
    }

    #[test]
    fn more_columns_than_any_table_has_are_refused() {
        let wide = format!("{}1", ";".repeat(1_000_000));
        assert_eq!(read(&wide, "utf-8", &Limits::WEB), Err(Unreadable::TooManyColumns));
    }

    #[test]
    fn a_cell_longer_than_excel_lets_any_be_is_refused() {
        let long = format!("Xã;{}\n", "ấ".repeat(50_000));
        assert_eq!(read(&long, "utf-8", &Limits::WEB), Err(Unreadable::CellTooLong));
    }
}
