//! A file that waits, read again for each of its pages: what is made of it, and what stands behind the codes.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use chrono::NaiveDate;

use super::{
    upload_form::{Asked, wanted},
    visit::Visit,
};
use crate::{
    documents::csv,
    domain::{
        actor::Actor,
        calendar::{self, Instant},
        names::Gazetteer,
    },
    imports::{
        counts::Counts,
        grid::{Book, Cell},
        header::Mapping,
        read::{Limits, read},
        zones::Zone,
    },
    store::{
        Conn,
        import_memory::{Alias, Upload},
        imports::Import,
        plans::StoredPlan,
    },
    usecases::{
        self, UnitRef, UseCaseError,
        decide_zones::Effect,
        import_counts::{self, GivenFile, ReadFile},
        import_report::{AsCells, FileFault, FileReport, Note, RowCounts, SaidRow, WarnedRow, ZoneRow},
        import_zones::{self, Document},
        keep_upload::{Kind, check_scope, choices, last_import, see_upload},
        look_at_file::Look,
        remember_import::{Memory, memory},
    },
    web::problem::Problem,
};

/// What levels change, by place and day.
pub type Effects = HashMap<(String, NaiveDate), Effect>;

/// A file and what is made of it.
pub struct Seen {
    /// The file.
    pub upload: Upload,
    /// What it holds.
    pub kind: Kind,
    /// Its header and the rows that are refused, as they stand in it.
    pub refused: BTreeMap<usize, Vec<Cell>>,
    /// The last time the same file was taken in.
    pub already: Option<Import>,
    /// How it looks.
    pub look: Look,
    /// Its rows.
    pub rows: Rows,
    /// Names that the account has confirmed before.
    pub names: Vec<Alias>,
    /// Units that a name can be said to mean.
    pub choices: Vec<UnitRef>,
    /// Full names of the units its rows speak of, by code.
    pub units: HashMap<String, String>,
    /// What its levels change.
    pub effects: Effects,
    /// The plan its counts are for.
    pub plan: Option<Arc<StoredPlan>>,
}

/// The rows of a file, whatever it holds.
pub struct Rows {
    /// Why nothing can be taken.
    pub file_level: Option<&'static str>,
    /// The same in words of the program.
    pub file_detail: String,
    /// How its text is encoded.
    pub encoding: Option<&'static str>,
    /// Its sheet.
    pub sheet: String,
    /// Numbers of the header's rows.
    pub header: Vec<usize>,
    /// What its rows hold: codes of the columns.
    pub columns: &'static [&'static str],
    /// Rows that are right.
    pub taken: Vec<Taken>,
    /// Rows that are not taken.
    pub refused: Vec<SaidRow>,
    /// What is odd.
    pub warned: Vec<WarnedRow>,
    /// What should be known of the whole.
    pub notes: Vec<Note>,
    /// How many rows there are of each kind.
    pub counts: RowCounts,
}

/// A row that is right.
pub struct Taken {
    /// Where it stands.
    pub row: usize,
    /// Code of its unit.
    pub code: String,
    /// The day it speaks of.
    pub date: NaiveDate,
    /// What it says.
    pub cells: Vec<csv::Cell>,
    /// What it does to what is recorded: `new`, `changed`, `unchanged`, `older`.
    pub effect: &'static str,
}

impl<T: AsCells> From<FileReport<T>> for Rows {
    fn from(report: FileReport<T>) -> Self {
        let is_in = |rows: &[usize], row: usize| rows.binary_search(&row).is_ok();
        let effect = |row: usize| match row {
            _ if is_in(&report.unchanged, row) => "unchanged",
            _ if is_in(&report.older, row) => "older",
            _ if is_in(&report.changed, row) => "changed",
            _ => "new",
        };
        let taken = report.accept.iter().map(|row| Taken {
            row: row.row,
            code: row.code.clone(),
            date: row.date,
            cells: row.value.cells(),
            effect: effect(row.row),
        });
        Self {
            taken: taken.collect(),
            file_level: report.file_level,
            file_detail: report.file_detail.unwrap_or_default(),
            encoding: report.encoding,
            sheet: report.sheet.unwrap_or_default(),
            header: report.header_rows,
            columns: T::COLUMNS,
            refused: report.refuse,
            warned: report.warn,
            notes: report.notes,
            counts: report.counts,
        }
    }
}

/// A file that was read, with what it is for: what a preview looks at and a confirmation records.
pub enum ReadFor {
    /// Counts of a plan.
    Counts(Arc<StoredPlan>, ReadFile<Counts>),
    /// Levels that a document decides.
    Zones(Document, ReadFile<Zone>),
    /// Nothing of it can be taken.
    Nothing(FileFault, Option<Book>),
}

/// What the actor asks of a file that waits.
struct Task {
    token: String,
    kind: Kind,
    asked: Asked,
    counted: Option<(Arc<StoredPlan>, String)>,
    actor: Actor,
    now: Instant,
}

/// The file and what was read of it.
pub struct Opened {
    /// The file as it waits.
    pub upload: Upload,
    /// The same with everything that is said of it.
    pub file: GivenFile,
    /// What was read.
    pub read: ReadFor,
    memory: Memory,
}

impl Task {
    fn new(visit: &Visit, token: &str, asked: &Asked) -> Result<Self, Problem> {
        let kind = asked.kind(visit).ok_or(UseCaseError::NotAllowed)?;
        let counted = if kind == Kind::Counts { Some(asked.counted(visit)?) } else { None };
        let (token, asked, actor) = (token.to_owned(), asked.clone(), visit.actor.clone());
        Ok(Self { token, kind, asked, counted, actor, now: visit.now })
    }

    fn open(&self, conn: &mut Conn, gazetteer: &Gazetteer) -> usecases::Result<Opened> {
        let upload = see_upload(conn, &self.actor, self.kind, &self.token)?;
        check_scope(conn, &self.actor, self.kind, &self.asked.scope)?;
        let memory = memory(conn, &self.actor, &self.asked.scope)?;
        let mut file = given_file(&upload, &self.asked, &memory);
        if !memory.mappings.is_empty()
            && let Ok(book) = read(&upload.content, &Limits::WEB)
        {
            file.mapping = Look::new(&book, file.sheet.as_deref(), wanted(self.kind), &memory.mappings).said;
        }
        let nothing = |fault| ReadFor::Nothing(fault, read(&upload.content, &Limits::WEB).ok());
        let read = if let Some((plan, cohort)) = &self.counted {
            file.cohort.clone_from(cohort);
            let read = import_counts::read_file(gazetteer, plan, &file, self.now);
            read.map_or_else(nothing, |read| ReadFor::Counts(Arc::clone(plan), read))
        } else {
            let unknown = || UseCaseError::NotFound { kind: "scheme", name: self.asked.scheme.clone() };
            let scheme = self.asked.scheme(self.now).ok_or_else(unknown)?;
            let read = import_zones::read_file(gazetteer, scheme, &file, self.now);
            read.map_or_else(nothing, |read| ReadFor::Zones(self.asked.document(scheme), read))
        };
        Ok(Opened { upload, file, read, memory })
    }
}

/// Reads the file that waits under this name, to be recorded.
pub async fn open(visit: &Visit, token: &str, asked: &Asked) -> Result<Opened, Problem> {
    let task = Task::new(visit, token, asked)?;
    visit.state.read_file(move |conn, gazetteer| task.open(conn, gazetteer)).await
}

/// What would come of the file that waits under this name. Nothing is recorded.
pub async fn see(visit: &Visit, token: &str, asked: &Asked) -> Result<Seen, Problem> {
    let task = Task::new(visit, token, asked)?;
    let work = move |conn: &mut Conn, gazetteer: &Gazetteer| {
        let Opened { upload, file, read, memory } = task.open(conn, gazetteer)?;
        let mut effects = Effects::new();
        let (rows, book) = match &read {
            ReadFor::Counts(plan, read) => {
                let preview = import_counts::preview(conn, &task.actor, plan, &file, read, None, task.now)?;
                (Rows::from(preview.report()), Some(&read.book))
            }
            ReadFor::Zones(document, read) => {
                let (report, checks) = import_zones::preview(conn, &task.actor, document, read, task.now)?;
                let places = checks.into_iter().flat_map(|check| check.places);
                let of_place =
                    |effect: Effect| ((effect.unit.code.clone(), calendar::day(effect.after.effective_from)), effect);
                effects.extend(places.map(of_place));
                (Rows::from(report), Some(&read.book))
            }
            ReadFor::Nothing(fault, book) => (Rows::from(FileReport::<ZoneRow>::refused(fault)), book.as_ref()),
        };
        let look = book.map(|book| {
            let sheet = Some(rows.sheet.as_str()).filter(|name| !name.is_empty()).or(file.sheet.as_deref());
            Look::new(book, sheet, wanted(task.kind), &memory.mappings)
        });
        Ok(Seen {
            units: named(gazetteer, &rows, &memory.names),
            choices: choices(conn, &task.actor, task.kind, &task.asked.scope)?,
            already: last_import(conn, &task.actor, &upload.sha256)?,
            refused: refused_rows(book, &rows),
            look: look.unwrap_or_default(),
            kind: task.kind,
            names: memory.names,
            plan: task.counted.map(|(plan, _)| plan),
            upload,
            rows,
            effects,
        })
    };
    visit.state.read_file(work).await
}

/// The header and the refused rows as they stand in the file, by number.
fn refused_rows(book: Option<&Book>, rows: &Rows) -> BTreeMap<usize, Vec<Cell>> {
    let sheets = book.iter().flat_map(|book| &book.sheets);
    let sheet = sheets.into_iter().find(|sheet| sheet.name == rows.sheet);
    let wanted: BTreeSet<usize> = rows.header.iter().copied().chain(rows.refused.iter().map(|row| row.row)).collect();
    let rows = sheet.iter().flat_map(|sheet| &sheet.rows).filter(|row| wanted.contains(&row.number));
    rows.map(|row| (row.number, row.cells.clone())).collect()
}

/// The file with everything that is said of it.
fn given_file(upload: &Upload, asked: &Asked, memory: &Memory) -> GivenFile {
    GivenFile {
        name: upload.name.clone(),
        bytes: upload.content.clone(),
        limits: Limits::WEB,
        scope: Some(asked.scope.clone()).filter(|code| !code.is_empty()),
        cohort: String::new(),
        as_of: asked.day(),
        sheet: asked.sheet(),
        mapping: Mapping::new(),
        aliases: memory.aliases(),
    }
}

/// The full names of every unit that the page will speak of.
fn named(gazetteer: &Gazetteer, rows: &Rows, names: &[Alias]) -> HashMap<String, String> {
    let taken = rows.taken.iter().map(|row| row.code.as_str());
    let refused = rows.refused.iter().flat_map(|row| row.why.units().iter().chain(&row.code)).map(String::as_str);
    let known = names.iter().map(|alias| alias.unit_code.as_str());
    let codes = taken.chain(refused).chain(known);
    codes.filter_map(|code| Some((code.to_owned(), gazetteer.full_name(code)?.to_owned()))).collect()
}
