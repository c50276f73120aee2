//! What somebody says of the columns of a file, and by what the next file of its kind is known.

use super::{
    columns::{Column, Count},
    count::{Reading, count_of},
    grid::{Cell, Row, Sheet},
    header::Mapping,
};
use crate::domain::{digest::sha256, text::search_key};

/// What a column of counts can be said to hold, in the order people read it.
pub const OF_COUNTS: [Column; 11] = [
    Column::Name,
    Column::Code,
    Column::District,
    Column::Province,
    Column::Date,
    Column::Count(Count::Total),
    Column::Count(Count::Smartphone),
    Column::Count(Count::Bluezone),
    Column::Count(Count::Ncovi),
    Column::Count(Count::Declared),
    Column::Count(Count::Tokhaiyte),
];
/// What a column of zone levels can be said to hold.
pub const OF_ZONES: [Column; 6] =
    [Column::Name, Column::Code, Column::District, Column::Province, Column::Date, Column::Zone];

/// How far down words are looked for, in rows.
const DEEPEST: usize = 30;

/// The code of a column in forms and in memory; empty for what nobody can choose.
pub fn code_of(column: Column) -> &'static str {
    match column {
        Column::Name => "name",
        Column::Code => "code",
        Column::District => "district",
        Column::Province => "province",
        Column::Date => "date",
        Column::Zone => "zone",
        Column::Count(count) => count.code(),
        Column::Ordinal | Column::Percent(_) | Column::Note | Column::Personal => "",
    }
}

/// The column with this code.
pub fn column_of(code: &str) -> Option<Column> {
    OF_COUNTS.into_iter().chain([Column::Zone]).find(|column| code_of(*column) == code)
}

/// A mapping as a short text: `0=name 3= 4=bluezone`; a column without a code is not to be taken.
pub fn to_text(mapping: &Mapping) -> String {
    let said = mapping.iter().map(|(at, column)| format!("{at}={}", column.map_or("", code_of)));
    said.collect::<Vec<_>>().join(" ")
}

/// Reads it again; what it does not know is left to recognition.
pub fn from_text(text: &str) -> Mapping {
    let said = text.split_whitespace().filter_map(|part| part.split_once('='));
    said.filter_map(|(at, code)| {
        let column = column_of(code);
        (column.is_some() || code.is_empty()).then_some((at.parse().ok()?, column))
    })
    .collect()
}

/// What the next file of the same kind is known by: the words of its header, whatever its title says of the week.
/// None where no row holds words.
pub fn fingerprint(sheet: &Sheet) -> Option<String> {
    let row = wordiest(sheet)?;
    let keys: Vec<String> = row.cells.iter().map(key).collect();
    Some(sha256(keys.join("|"))[..32].to_owned())
}

/// The first of the rows that hold most words and no number: the header, or what comes nearest to one.
pub fn wordiest(sheet: &Sheet) -> Option<&Row> {
    let is_number =
        |cell: &Cell| !matches!(cell, Cell::Text(_) | Cell::Empty) || matches!(count_of(cell), Reading::Whole(_));
    let words = |row: &Row| row.cells.iter().filter(|cell| !key(cell).is_empty()).count();
    let rows = sheet.rows.iter().take_while(|row| row.number <= DEEPEST);
    let rows = rows.filter(|row| words(row) > 0 && !row.cells.iter().any(is_number));
    rows.max_by_key(|row| (words(row), std::cmp::Reverse(row.number)))
}

fn key(cell: &Cell) -> String {
    if let Cell::Text(text) = cell { search_key(text) } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(rows: &[&str]) -> Sheet {
        let cell = |text: &str| match text.parse::<f64>() {
            Ok(value) => Cell::Number { value, shows_percent: false },
            Err(_) if text.is_empty() => Cell::Empty,
            Err(_) => Cell::Text(text.to_owned()),
        };
        let row = |(at, line): (usize, &&str)| Row {
            number: at + 1,
            is_hidden: false,
            cells: line.split('|').map(cell).collect(),
        };
        Sheet {
            name: String::new(),
            is_hidden: false,
            rows: rows.iter().enumerate().map(row).collect(),
            merged: Vec::new(),
        }
    }

    #[test]
    fn a_mapping_survives_being_written_down() {
        let said: Mapping = [(0, Some(Column::Name)), (3, None), (11, Some(Column::Count(Count::Bluezone)))].into();
        assert_eq!(to_text(&said), "0=name 3= 11=bluezone");
        assert_eq!(from_text(&to_text(&said)), said);
        assert!(from_text("x=name 2=nothing rubbish").is_empty());
        for column in OF_COUNTS.into_iter().chain(OF_ZONES) {
            assert_eq!(column_of(code_of(column)), Some(column));
        }
    }

    #[test]
    fn next_weeks_file_is_known_by_its_header() {
        let first = sheet(&["Tuần 34, ngày 20/8/2020", "TT|Tên đơn vị|A|B", "1|Xã Kiến An|10|5"]);
        let next = sheet(&["Tuần 35, ngày 27/8/2020", "", "tt|TÊN ĐƠN VỊ|a|b", "1|Xã Kiến Thành|12|6"]);
        let other = sheet(&["TT|Tên đơn vị|A|C", "1|Xã Kiến An|10|5"]);
        assert_eq!(fingerprint(&first), fingerprint(&next));
        assert_ne!(fingerprint(&first), fingerprint(&other));
        assert_eq!(fingerprint(&sheet(&["1|2|3"])), None);
    }
}
