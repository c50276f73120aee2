//! What is said of a file, for programs and for people: one answer for the command line, the API and the pages.

use chrono::NaiveDate;
use serde::Serialize;

use crate::{
    documents::csv::{Cell, Table},
    imports::{
        columns::Count,
        counts::Counts,
        read::Unreadable,
        verdict::{Accepted, Detail, Notice, Refused, Unrecognised, Verdicts},
        zones::Zone,
    },
};

/// The answer to a file. Every row that was read is in exactly one of `accept`, `refuse` and `skip`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FileReport<T> {
    /// Why nothing of the file can be taken; none where its rows were read.
    pub file_level: Option<&'static str>,
    /// The same in words.
    pub file_detail: Option<String>,
    /// How the text is encoded.
    pub encoding: Option<&'static str>,
    /// The sheet that was read.
    pub sheet: Option<String>,
    /// Numbers of the header's rows.
    pub header_rows: Vec<usize>,
    /// Rows that are right.
    pub accept: Vec<AcceptedRow<T>>,
    /// Rows that are not taken.
    pub refuse: Vec<SaidRow>,
    /// Rows that say nothing of a unit.
    pub skip: Vec<SkippedRow>,
    /// What is odd about rows.
    pub warn: Vec<WarnedRow>,
    /// What should be known of the whole file.
    pub notes: Vec<Note>,
    /// How many rows there are of each kind; they add up to `read`.
    pub counts: RowCounts,
    /// Rows that say what is recorded already.
    pub unchanged: Vec<usize>,
    /// Rows whose figures replace others.
    pub changed: Vec<usize>,
    /// Rows older than what is recorded: they enter the history only.
    pub older: Vec<usize>,
    /// The number the import is kept under; none: nothing was written.
    pub import: Option<i64>,
}

/// What is said of a file beside its rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BookFacts {
    /// How its text is encoded.
    pub encoding: Option<&'static str>,
    /// The sheet that was read; empty in a text file.
    pub sheet: String,
    /// Numbers of the header's rows.
    pub header_rows: Vec<usize>,
}

/// A row that is right.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AcceptedRow<T> {
    /// Where it stands.
    pub row: usize,
    /// Code of its unit.
    pub code: String,
    /// The day it speaks of.
    pub date: NaiveDate,
    /// What it says.
    #[serde(flatten)]
    pub value: T,
    /// The unit as the file names it.
    #[serde(skip)]
    pub name: String,
}

/// The counts of a row; none: not reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CountRow {
    /// Everyone.
    pub total: Option<i64>,
    /// Those who use a smartphone.
    pub smartphone: Option<i64>,
    /// Those who installed Bluezone.
    pub bluezone: Option<i64>,
    /// Those who installed NCOVI.
    pub ncovi: Option<i64>,
    /// Those who declared.
    pub declared: Option<i64>,
}

impl From<&Counts> for CountRow {
    fn from(counts: &Counts) -> Self {
        Self {
            total: counts.get(Count::Total),
            smartphone: counts.get(Count::Smartphone),
            bluezone: counts.get(Count::Bluezone),
            ncovi: counts.get(Count::Ncovi),
            declared: counts.get(Count::Declared).or(counts.get(Count::Tokhaiyte)),
        }
    }
}

/// The level of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ZoneRow {
    /// Number in its scheme.
    pub level: i32,
    /// As it was written.
    pub label: String,
}

impl From<&Zone> for ZoneRow {
    fn from(zone: &Zone) -> Self {
        Self { level: zone.level, label: zone.label.clone() }
    }
}

/// A row that is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SaidRow {
    /// Where it stands.
    pub row: usize,
    /// The rule.
    pub reason: &'static str,
    /// Why exactly.
    pub detail: String,
    /// The unit as the file names it.
    pub name: String,
    /// Its code, where it is known.
    pub code: Option<String>,
    /// The particulars, for words in any language.
    #[serde(skip)]
    pub why: Detail,
}

/// A row passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SkippedRow {
    /// Where it stands.
    pub row: usize,
    /// Why.
    pub reason: String,
}

/// Something odd about a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WarnedRow {
    /// Where it stands.
    pub row: usize,
    /// What.
    pub reason: &'static str,
    /// What exactly.
    pub detail: String,
    /// The particulars, for words in any language.
    #[serde(skip)]
    pub why: Detail,
}

/// Something that should be known of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// What: `hidden_sheet`, `hidden_rows`, `personal_column`, `title_date`.
    pub what: &'static str,
    /// Which.
    pub detail: String,
}

/// How many rows there are of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct RowCounts {
    /// Rows read: the sum of the others.
    pub read: usize,
    /// Taken, and new or changed.
    pub accepted: usize,
    /// Taken, and recorded already.
    pub unchanged: usize,
    /// Not taken.
    pub refused: usize,
    /// Passed over.
    pub skipped: usize,
}

/// Why nothing of a file can be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    /// Its bytes make no table.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// It is a table of nothing that is looked for.
    #[error("{cause}")]
    Unrecognised {
        /// Why.
        cause: Unrecognised,
        /// How its text is encoded.
        encoding: Option<&'static str>,
    },
}

impl FileFault {
    /// The stable word for programs and locales.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(Unreadable::Empty) => "no_data",
            Self::Unreadable(Unreadable::Protected | Unreadable::OtherKind(_) | Unreadable::Damaged(_)) => "unreadable",
            Self::Unreadable(other) => other.code(),
            Self::Unrecognised { cause, .. } => cause.code(),
        }
    }
}

impl<T> FileReport<T> {
    /// The answer to a file nothing of which can be taken.
    pub fn refused(fault: &FileFault) -> Self {
        let encoding = match fault {
            FileFault::Unrecognised { encoding, .. } => *encoding,
            FileFault::Unreadable(_) => None,
        };
        Self { file_level: Some(fault.code()), file_detail: Some(fault.to_string()), encoding, ..Self::empty() }
    }

    /// The answer to a file whose rows were read.
    pub fn read<V>(book: &BookFacts, verdicts: &Verdicts<V>) -> Self
    where
        T: for<'a> From<&'a V>,
    {
        let mut report = Self {
            encoding: book.encoding,
            sheet: Some(book.sheet.clone()).filter(|name| !name.is_empty()),
            header_rows: book.header_rows.clone(),
            accept: verdicts.accept.iter().map(accepted).collect(),
            refuse: verdicts.refuse.iter().map(refused).collect(),
            skip: verdicts.skip.iter().map(|s| SkippedRow { row: s.row, reason: s.reason.to_string() }).collect(),
            warn: verdicts
                .warn
                .iter()
                .map(|w| WarnedRow {
                    row: w.row,
                    reason: w.reason.code(),
                    detail: w.detail.to_string(),
                    why: w.detail.clone(),
                })
                .collect(),
            notes: verdicts.notices.iter().map(note).collect(),
            ..Self::empty()
        };
        report.count();
        report
    }

    fn empty() -> Self {
        Self {
            file_level: None,
            file_detail: None,
            encoding: None,
            sheet: None,
            header_rows: Vec::new(),
            accept: Vec::new(),
            refuse: Vec::new(),
            skip: Vec::new(),
            warn: Vec::new(),
            notes: Vec::new(),
            counts: RowCounts::default(),
            unchanged: Vec::new(),
            changed: Vec::new(),
            older: Vec::new(),
            import: None,
        }
    }

    /// Counts the rows again.
    pub fn count(&mut self) {
        let (unchanged, refused, skipped) = (self.unchanged.len(), self.refuse.len(), self.skip.len());
        let accepted = self.accept.len().saturating_sub(unchanged);
        self.counts =
            RowCounts { read: accepted + unchanged + refused + skipped, accepted, unchanged, refused, skipped };
    }
}

fn accepted<T: for<'a> From<&'a V>, V>(row: &Accepted<V>) -> AcceptedRow<T> {
    AcceptedRow {
        row: row.row,
        code: row.code.clone(),
        date: row.date,
        value: T::from(&row.value),
        name: row.name.clone(),
    }
}

fn refused(row: &Refused) -> SaidRow {
    SaidRow {
        row: row.row,
        reason: row.reason.code(),
        detail: row.detail.to_string(),
        name: row.name.clone(),
        code: row.code.clone(),
        why: row.detail.clone(),
    }
}

fn note(notice: &Notice) -> Note {
    let (what, detail) = match notice {
        Notice::HiddenSheet(name) => ("hidden_sheet", name.clone()),
        Notice::HiddenRows(rows) => {
            ("hidden_rows", rows.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        }
        Notice::PersonalColumn(heading) => ("personal_column", heading.clone()),
        Notice::NotAsked(count) => ("column_not_asked", count.to_string()),
        Notice::TitleSaysAnotherDay(day) => ("title_date", day.to_string()),
    };
    Note { what, detail }
}

/// What a row says, as cells of a table for people.
pub trait AsCells {
    /// Names of the columns.
    const COLUMNS: &'static [&'static str];
    /// The cells.
    fn cells(&self) -> Vec<Cell>;
}

impl AsCells for CountRow {
    const COLUMNS: &'static [&'static str] = &["total", "smartphone", "bluezone", "ncovi", "declared"];

    fn cells(&self) -> Vec<Cell> {
        [self.total, self.smartphone, self.bluezone, self.ncovi, self.declared].map(Cell::from).to_vec()
    }
}

impl AsCells for ZoneRow {
    const COLUMNS: &'static [&'static str] = &["level", "label"];

    fn cells(&self) -> Vec<Cell> {
        vec![i64::from(self.level).into(), self.label.as_str().into()]
    }
}

impl<T: AsCells> FileReport<T> {
    /// The same as a table, a line for each verdict in the order of the file.
    pub fn table(&self) -> Table {
        let columns = [&["row", "result", "name", "unit_code", "date"], T::COLUMNS, &["reason", "detail"]].concat();
        let blanks = || vec![Cell::Blank; T::COLUMNS.len()];
        let number = |row: usize| Cell::from(i64::try_from(row).unwrap_or(i64::MAX));
        let line = |row: usize, result: &str, who: [Cell; 3], value: Vec<Cell>, why: [&str; 2]| {
            let mut cells = vec![number(row), result.into()];
            cells.extend(who);
            cells.extend(value);
            cells.extend(why.map(Cell::from));
            (row, cells)
        };
        let nobody = || [Cell::Blank, Cell::Blank, Cell::Blank];
        let mut rows: Vec<(usize, Vec<Cell>)> = Vec::new();
        if let Some(fault) = self.file_level {
            let detail = self.file_detail.as_deref().unwrap_or_default();
            rows.push(line(0, "file", nobody(), blanks(), [fault, detail]));
        }
        rows.extend(self.accept.iter().map(|row| {
            let who = [row.name.as_str().into(), row.code.as_str().into(), Cell::Day(row.date)];
            let effect = if self.unchanged.contains(&row.row) { "unchanged" } else { "accept" };
            line(row.row, effect, who, row.value.cells(), ["", ""])
        }));
        rows.extend(self.refuse.iter().map(|row| {
            let who = [row.name.as_str().into(), row.code.as_deref().into(), Cell::Blank];
            line(row.row, "refuse", who, blanks(), [row.reason, &row.detail])
        }));
        rows.extend(self.skip.iter().map(|row| line(row.row, "skip", nobody(), blanks(), [&row.reason, ""])));
        rows.extend(self.warn.iter().map(|row| line(row.row, "warn", nobody(), blanks(), [row.reason, &row.detail])));
        rows.extend(self.notes.iter().map(|note| line(0, "note", nobody(), blanks(), [note.what, &note.detail])));
        rows.sort_by_key(|(row, _)| *row);
        Table { columns, rows: rows.into_iter().map(|(_, cells)| cells).collect() }
    }
}
