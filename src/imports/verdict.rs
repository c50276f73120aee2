//! What is said of each row of a file: taken, refused, passed over, warned of. Nothing is lost between them.

use std::fmt;

use chrono::NaiveDate;

use super::columns::Count;
use crate::domain::coded;

coded! {
    /// Why a row is refused, or warned of. R1 to R9 are the rules of requirements on files:
    /// 0 ≤ Bluezone, NCOVI ≤ smartphones ≤ everyone; whole numbers; one row for a unit and day; one unit for a name.
    pub enum Reason {
        /// More installed Bluezone than use a smartphone.
        BluezoneAboveSmartphone = "R1",
        /// More installed NCOVI than use a smartphone.
        NcoviAboveSmartphone = "R2",
        /// More use a smartphone, or declared, than there are.
        AboveTotal = "R3",
        /// Not a whole number from 0 on.
        NotACount = "R4",
        /// The unit stands there twice: alike, once is enough; else nobody knows which is right.
        Repeated = "R5",
        /// A share that is not what the counts say.
        WrongShare = "R7",
        /// A total that is not what its rows say.
        WrongTotal = "R8",
        /// A count that must be there is not.
        Missing = "R9",
        /// No unit here has this name.
        NameUnknown = "name_unknown",
        /// Several units here have this name.
        NameAmbiguous = "name_ambiguous",
        /// Code and name speak of different units.
        CodeNameConflict = "code_name_conflict",
        /// The code is none of today's.
        CodeAbolished = "code_abolished",
        /// No day, no clear day, or one before 2020, before the plan or to come.
        Date = "date",
        /// No level of the scheme has this name.
        ZoneUnknown = "zone_unknown",
        /// The plan asks nothing of this unit.
        NotObliged = "not_obliged",
        /// A part of the unit, or a unit it is part of, has counted these people already.
        CountedTwice = "counted_twice",
        /// This account reports for other units.
        NotAllowed = "not_allowed",
        /// The period of these figures is locked.
        PeriodLocked = "period_locked",
        /// Lower than what is recorded.
        Fall = "fall",
        /// Much higher than what is recorded.
        Jump = "jump",
        /// Zero after a figure that was not.
        Zero = "zero",
    }
}

/// The particulars of a verdict, for words in any language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// Nothing more to say.
    None,
    /// What was written.
    Given(String),
    /// A count and what was written.
    Cell(Count, String),
    /// A count above another.
    Above(Count, i64, Count, i64),
    /// Units it may be.
    Units(Vec<String>),
    /// Units of nearly that name.
    Near(Vec<String>),
    /// A unit that is no more; units that took its place, where they are known.
    Abolished(Vec<String>),
    /// Another row of the file.
    Row(usize),
    /// A share as written, and as it is, in hundredths of a percent.
    Share(String, i64),
    /// A count of a total row: as written, and its rows' sum.
    Sum(Count, i64, i64),
    /// A count as recorded, and as given.
    Before(Count, i64, i64),
}

impl Detail {
    /// Codes of the units that may be meant.
    pub fn units(&self) -> &[String] {
        match self {
            Self::Units(codes) | Self::Near(codes) | Self::Abolished(codes) => codes,
            _ => &[],
        }
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Given(text) => f.write_str(text),
            Self::Cell(count, text) if text.is_empty() => write!(f, "{count} is empty"),
            Self::Cell(count, text) => write!(f, "{count}: {text}"),
            Self::Above(count, n, limit, most) => write!(f, "{count} > {limit}: {n} > {most}"),
            Self::Units(codes) => f.write_str(&codes.join(", ")),
            Self::Near(codes) => write!(f, "perhaps {}", codes.join(", ")),
            Self::Abolished(codes) => write!(f, "abolished, now {}", codes.join(", ")),
            Self::Row(row) => write!(f, "row {row}"),
            Self::Share(given, hundredths) => {
                write!(f, "percent cell {given}, recomputed {}.{:02}%", hundredths / 100, hundredths % 100)
            }
            Self::Sum(count, given, sum) => write!(f, "{count}: total {given}, rows {sum}"),
            Self::Before(count, before, given) => write!(f, "{count}: recorded {before}, given {given}"),
        }
    }
}

/// A row that is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted<T> {
    /// Where it stands.
    pub row: usize,
    /// Its unit as the file names it.
    pub name: String,
    /// Code of its unit.
    pub code: String,
    /// The day its figures are true at.
    pub date: NaiveDate,
    /// What it says of the unit.
    pub value: T,
}

/// A row that is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Where it stands.
    pub row: usize,
    /// Its unit as the file names it.
    pub name: String,
    /// Code of its unit, where that is known.
    pub code: Option<String>,
    /// Why.
    pub reason: Reason,
    /// Why exactly.
    pub detail: Detail,
}

/// Why a row says nothing of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Passed {
    /// Nothing stands in it.
    Blank,
    /// A title above a table.
    Title,
    /// A place, a day, a signature below the table.
    Footer,
    /// The header again, or numbers of columns.
    RepeatedHeader,
    /// A sum so far, for the next page.
    CarriedForward,
    /// The sum of everything.
    Total,
    /// The sum of a part.
    Subtotal,
    /// The heading of a part, with the unit it names if it is known.
    Section(Option<String>),
    /// The same as another row.
    Repeat,
    /// Right, but left out by whoever sent the file.
    NotChosen,
}

impl fmt::Display for Passed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Blank => "blank",
            Self::Title => "title",
            Self::Footer => "footer",
            Self::RepeatedHeader => "repeated_header",
            Self::CarriedForward => "carried_forward",
            Self::Total => "total",
            Self::Subtotal => "subtotal",
            Self::Section(None) => "section",
            Self::Section(Some(code)) => return write!(f, "section {code}"),
            Self::Repeat => Reason::Repeated.code(),
            Self::NotChosen => "not_chosen",
        })
    }
}

/// A row passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Where it stands.
    pub row: usize,
    /// Why.
    pub reason: Passed,
}

/// Something odd about a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warned {
    /// Where it stands.
    pub row: usize,
    /// What.
    pub reason: Reason,
    /// What exactly.
    pub detail: Detail,
}

/// Something people should know about the file that is no row's fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// A sheet that the office hid: it is not read unless it is asked for.
    HiddenSheet(String),
    /// Rows that the office hid: they count all the same.
    HiddenRows(Vec<usize>),
    /// A column whose heading speaks of telephone or identity numbers: it is not read.
    PersonalColumn(String),
    /// A column of figures that the plan does not ask of these units: it is not taken.
    NotAsked(Count),
    /// The title says another day than the one that was given.
    TitleSaysAnotherDay(NaiveDate),
}

/// Every row of a table, each in one of four lists; the fifth is beside them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdicts<T> {
    /// Taken.
    pub accept: Vec<Accepted<T>>,
    /// Not taken.
    pub refuse: Vec<Refused>,
    /// Passed over.
    pub skip: Vec<Skipped>,
    /// Warned of.
    pub warn: Vec<Warned>,
    /// Said of the whole.
    pub notices: Vec<Notice>,
}

impl<T> Verdicts<T> {
    /// How many rows were read.
    pub fn rows_read(&self) -> usize {
        self.accept.len() + self.refuse.len() + self.skip.len()
    }

    /// Puts each list in the order of the file.
    pub(super) fn sort(&mut self) {
        self.accept.sort_by_key(|row| row.row);
        self.refuse.sort_by_key(|row| row.row);
        self.skip.sort_by_key(|row| row.row);
        self.warn.sort_by_key(|row| row.row);
    }
}

/// Why nothing of a file can be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unrecognised {
    /// No row holds anything, or no row speaks of a unit.
    #[error("no row of figures was found")]
    NoData,
    /// No row names units and figures.
    #[error("no header was found that names units and figures")]
    NoHeader,
    /// Several sheets hold figures: somebody must say which one is meant.
    #[error("several sheets hold figures: {}", .0.join(", "))]
    ManySheets(Vec<String>),
    /// There is no sheet of this name.
    #[error("there is no sheet {0}")]
    NoSheet(String),
    /// Several columns seem to hold the same count.
    #[error("several columns seem to hold {0}")]
    ManyColumns(Count),
    /// No day was given, and neither a column nor a title says one.
    #[error("the file does not say when its figures are true")]
    NoDate,
}

impl Unrecognised {
    /// The stable word for programs and locales.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoData => "no_data",
            Self::NoHeader => "no_header",
            Self::ManySheets(_) => "many_sheets",
            Self::NoSheet(_) => "no_sheet",
            Self::ManyColumns(_) => "many_columns",
            Self::NoDate => "no_date",
        }
    }
}
