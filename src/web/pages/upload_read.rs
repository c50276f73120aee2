//! A file that waits, read again for each of its pages: what is made of it, and what stands behind the codes.

use std::{collections::HashMap, sync::Arc};

use super::{
    upload_form::{Asked, wanted},
    visit::Visit,
};
use crate::{
    documents::csv::Cell,
    domain::{calendar, names::Gazetteer},
    imports::{
        grid::Book,
        read::{Limits, read},
    },
    store::{
        Conn,
        import_memory::{Alias, Upload},
        plans::StoredPlan,
    },
    usecases::{
        UnitRef, UseCaseError,
        decide_zones::{Effect, Ruled, Ruling, check_zones},
        import_counts::{self, GivenFile},
        import_report::{AsCells, FileReport, Note, RowCounts, SaidRow, WarnedRow, ZoneRow},
        import_zones,
        keep_upload::{Kind, choices, see_upload},
        look_at_file::Look,
        remember_import::{Memory, memory},
    },
    web::problem::Problem,
};

/// A file and what is made of it.
pub struct Seen {
    /// The file.
    pub upload: Upload,
    /// What it holds.
    pub kind: Kind,
    /// Its sheets; none where it cannot be read.
    pub book: Option<Book>,
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
    /// What its levels change, by row.
    pub effects: HashMap<usize, Effect>,
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
    pub date: chrono::NaiveDate,
    /// What it says.
    pub cells: Vec<Cell>,
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

/// Reads the file that waits under this name. Nothing is recorded.
pub async fn see(visit: &Visit, token: &str, asked: &Asked) -> Result<Seen, Problem> {
    let kind = asked.kind(visit).ok_or(UseCaseError::NotAllowed)?;
    let counted = if kind == Kind::Counts { Some(asked.counted(visit)?) } else { None };
    let (token, asked, actor, now) = (token.to_owned(), asked.clone(), visit.actor.clone(), visit.now);
    let work = move |conn: &mut Conn, gazetteer: &Gazetteer| {
        let upload = see_upload(conn, &actor, kind, &token)?;
        let memory = memory(conn, &actor, &asked.scope)?;
        let book = read(&upload.content, &Limits::WEB).ok();
        let look =
            book.as_ref().map(|book| Look::new(book, asked.sheet().as_deref(), wanted(kind), &memory.mappings, None));
        let look = look.unwrap_or_default();
        let file = given_file(&upload, &asked, &memory, &look, counted.as_ref().map_or("", |(_, cohort)| cohort));
        let plan = counted.map(|(plan, _)| plan);
        let mut effects = HashMap::new();
        let rows = if let Some(plan) = &plan {
            Rows::from(import_counts::preview(gazetteer, plan, &file, now)?)
        } else {
            let scheme = asked.scheme(now).ok_or_else(|| not_found("scheme", &asked.scheme))?;
            let report = import_zones::preview(gazetteer, scheme, &file, now);
            for ruling in rulings(&report, &asked, &scheme.code) {
                let checked = check_zones(conn, &actor, &ruling.1, now)?;
                effects.extend(ruling.0.into_iter().zip(checked.places));
            }
            Rows::from(report)
        };
        let units = named(gazetteer, &rows, &memory.names);
        let choices = choices(conn, &actor, kind, &asked.scope)?;
        Ok(Seen { upload, kind, book, look, rows, names: memory.names, choices, units, effects, plan })
    };
    visit.state.read_file(work).await
}

fn not_found(kind: &'static str, name: &str) -> UseCaseError {
    UseCaseError::NotFound { kind, name: name.to_owned() }
}

/// The file with everything that is said of it.
pub fn given_file(upload: &Upload, asked: &Asked, memory: &Memory, look: &Look, cohort: &str) -> GivenFile {
    GivenFile {
        name: upload.name.clone(),
        bytes: upload.content.clone(),
        limits: Limits::WEB,
        scope: Some(asked.scope.clone()).filter(|code| !code.is_empty()),
        cohort: cohort.to_owned(),
        as_of: asked.day(),
        sheet: asked.sheet(),
        mapping: look.said.clone(),
        aliases: memory.aliases(),
    }
}

/// The decisions a file makes, one for each of its days, with the rows each comes from.
pub fn rulings(report: &FileReport<ZoneRow>, asked: &Asked, scheme: &str) -> Vec<(Vec<usize>, Ruling)> {
    let mut by_day: std::collections::BTreeMap<chrono::NaiveDate, (Vec<usize>, Vec<Ruled>)> =
        std::collections::BTreeMap::new();
    for row in &report.accept {
        let (rows, places) = by_day.entry(row.date).or_default();
        rows.push(row.row);
        places.push(Ruled { unit: row.code.clone(), level: row.value.level, seen: None });
    }
    let time = asked.time().unwrap_or_default();
    let ruling = |(day, (rows, places)): (chrono::NaiveDate, (Vec<usize>, Vec<Ruled>))| {
        let ruling = Ruling {
            places,
            scheme: scheme.to_owned(),
            effective_from: calendar::instant(day.and_time(time)),
            decision_number: asked.number.clone(),
            decision_issuer: asked.issuer.clone(),
            decision_date: calendar::parse_day(&asked.dated),
            ..Ruling::default()
        };
        (rows, ruling)
    };
    by_day.into_iter().map(ruling).collect()
}

/// The full names of every unit that the page will speak of.
fn named(gazetteer: &Gazetteer, rows: &Rows, names: &[Alias]) -> HashMap<String, String> {
    let taken = rows.taken.iter().map(|row| row.code.as_str());
    let refused = rows.refused.iter().flat_map(|row| row.why.units().iter().chain(&row.code)).map(String::as_str);
    let known = names.iter().map(|alias| alias.unit_code.as_str());
    let codes = taken.chain(refused).chain(known);
    codes.filter_map(|code| Some((code.to_owned(), gazetteer.full_name(code)?.to_owned()))).collect()
}
