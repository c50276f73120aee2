//! A file of counts into reports: preview and commit.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use serde_json::json;

use super::{
    Result, UseCaseError, audit,
    import_report::{BookFacts, CountRow, FileFault, FileReport},
    record_report::LONGEST_REASON,
    seal_import::{Sealed, seal_of},
    weigh_counts::{Ancestor, Effect, Lock, Weighed, WeighedRow, choose, weigh},
};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::{self, Instant},
        digest::sha256,
        ledger::Change,
        names::Gazetteer,
        report::{Fault, Rule},
        text,
        unit::UnitId,
    },
    imports::{
        counts::{Counts, Recognised, read_counts},
        grid::Book,
        header::Mapping,
        read::{Limits, read},
        register::Register,
        table::Request,
    },
    store::{
        Conn,
        imports::{self, Common, ImportedReport, NewImport},
        plans::StoredPlan,
        received::{self, Counted},
        tallies, units,
    },
};

/// The longest file name that is kept, in characters.
const LONGEST_NAME: usize = 200;

/// The first day of any campaign.
const EARLIEST: Option<NaiveDate> = NaiveDate::from_ymd_opt(2020, 1, 1);

/// A file and what is asked of it.
#[derive(Debug, Clone)]
pub struct GivenFile {
    /// Its name; nothing is concluded from it.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// How large it may be.
    pub limits: Limits,
    /// Code of the place whose units the rows are; the whole country without it.
    pub scope: Option<String>,
    /// The cohort, or what several begin with: `staff` for `staff_a` to `staff_d`.
    pub cohort: String,
    /// The day the figures are true at, where neither a column nor a title says it.
    pub as_of: Option<NaiveDate>,
    /// The sheet meant, where there are several.
    pub sheet: Option<String>,
    /// What somebody said of columns.
    pub mapping: Mapping,
    /// Names that somebody has confirmed, by their key, with the code of the unit.
    pub aliases: HashMap<String, String>,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadFile<T> {
    /// Its sheets.
    pub book: Book,
    /// Its rows.
    pub rows: Recognised<T>,
}

impl<T> ReadFile<T> {
    /// What is said of the file beside its rows.
    pub fn book_facts(&self) -> BookFacts {
        BookFacts {
            encoding: self.book.encoding,
            sheet: self.rows.sheet.clone(),
            header_rows: self.rows.header_rows.clone(),
        }
    }
}

impl GivenFile {
    /// SHA-256 of its content, by which the same file is known again.
    pub fn hash(&self) -> String {
        sha256(&self.bytes)
    }

    /// What recognition is asked, on a day.
    pub(super) fn request(&self, plan_starts: Option<NaiveDate>, now: Instant) -> Request {
        Request {
            sheet: self.sheet.clone(),
            scope: self.scope.clone(),
            as_of: self.as_of,
            earliest: plan_starts.max(EARLIEST).unwrap_or_default(),
            today: calendar::day(now),
            mapping: self.mapping.clone(),
        }
    }
}

/// Reads a file: pure, nothing is written and nothing of the figures recorded so far is looked at.
pub fn read_file(
    gazetteer: &Gazetteer,
    plan: &StoredPlan,
    file: &GivenFile,
    now: Instant,
) -> std::result::Result<ReadFile<Counts>, FileFault> {
    let book = read(&file.bytes, &file.limits)?;
    let counts_bodies = plan.plan.cohorts.iter().any(|cohort| {
        is_meant(&file.cohort, &cohort.code) && cohort.counted_on == crate::domain::plan::CountedOn::Body
    });
    let register = Register::new(gazetteer, file.aliases.clone(), counts_bodies);
    let rows = read_counts(&book, &file.request(Some(plan.plan.starts_on), now), &register)
        .map_err(|cause| FileFault::Unrecognised { cause, encoding: book.encoding })?;
    Ok(ReadFile { book, rows })
}

/// Whether a plan has the cohort that is asked for, or several that begin so.
pub fn has_cohort(plan: &StoredPlan, asked: &str) -> bool {
    plan.plan.cohorts.iter().any(|cohort| is_meant(asked, &cohort.code))
}

/// Whether a cohort is the one asked for: itself, or one of those whose name goes on.
pub(super) fn is_meant(asked: &str, cohort: &str) -> bool {
    cohort.strip_prefix(asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
}

/// A file as it was weighed against the record at one moment.
pub struct Preview {
    facts: BookFacts,
    weighed: Weighed,
    /// Only these rows; all that are right without it.
    rows: Option<BTreeSet<usize>>,
    /// Where whoever looked may take files in.
    scopes: Vec<UnitId>,
    /// How many events the record held.
    events: i64,
    now: Instant,
}

/// Weighs the rows of a file that was read, or some of them, against what is recorded. Writes nothing.
pub fn preview(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    file: &GivenFile,
    read: &ReadFile<Counts>,
    rows: Option<BTreeSet<usize>>,
    now: Instant,
) -> Result<Preview> {
    // A look locks nothing: it is made where nothing can be written.
    look(conn, actor, plan, file, read, (rows, now), |_, _| Ok(()))
}

fn look(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    file: &GivenFile,
    read: &ReadFile<Counts>,
    (rows, now): (Option<BTreeSet<usize>>, Instant),
    lock: Lock,
) -> Result<Preview> {
    let events = audit::length(conn)?;
    let mut verdicts = read.rows.verdicts.clone();
    if let Some(rows) = &rows {
        choose(&mut verdicts, rows);
    }
    let weighed = weigh(conn, actor, plan, &file.cohort, verdicts, now, lock)?;
    Ok(Preview { facts: read.book_facts(), weighed, rows, scopes: scopes(actor), events, now })
}

fn scopes(actor: &Actor) -> Vec<UnitId> {
    actor.scopes(Deed::TakeFileIn).collect()
}

impl Preview {
    /// What would come of every row.
    pub fn report(&self) -> FileReport<CountRow> {
        let mut report = FileReport::read(&self.facts, &self.weighed.verdicts);
        let rows = |effects: &[Effect]| {
            let of_effect = self.weighed.rows.iter().filter(|row| effects.contains(&row.effect));
            let mut rows: Vec<usize> = of_effect.map(|row| row.row).collect();
            rows.sort_unstable();
            rows
        };
        report.unchanged = rows(&[Effect::Unchanged]);
        report.changed = rows(&[Effect::Changed]);
        report.older = rows(&[Effect::Older]);
        report.count();
        report
    }

    /// Whether everything stands as it did, and will for this transaction, and is the actor's to do. Every write adds an
    /// event to the record.
    fn still_holds(&self, conn: &mut Conn, actor: &Actor) -> Result<bool> {
        let units: BTreeSet<UnitId> = self.weighed.rows.iter().map(|row| row.unit).collect();
        units::lock_all(conn, &units.into_iter().collect::<Vec<_>>())?;
        Ok(audit::length(conn)? == self.events && scopes(actor) == self.scopes)
    }
}

/// Records every row that is right, in the one transaction it is called in: a report for each unit and day, of channel
/// `file`, with the row it comes from. What is recorded already is not written again; of a file all of which is, nothing
/// is kept. Where the record has moved since the preview, the file is weighed again first. `reason` says why figures
/// fall, jump or are 0.
pub fn commit(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    file: &GivenFile,
    read: &ReadFile<Counts>,
    preview: &Preview,
    reason: &str,
) -> Result<FileReport<CountRow>> {
    let reason = text::clean(reason);
    if reason.chars().count() > LONGEST_REASON {
        let fault = Fault::of_report("reason", Rule::TooLong, "", Some(LONGEST_REASON.to_string()));
        return Err(UseCaseError::Invalid(vec![fault]));
    }
    let now = preview.now;
    let again;
    let preview = if preview.still_holds(conn, actor)? {
        preview
    } else {
        again = look(conn, actor, plan, file, read, (preview.rows.clone(), now), units::lock_all)?;
        &again
    };
    let weighed = &preview.weighed;
    if reason.is_empty() && !weighed.odd.is_empty() {
        return Err(UseCaseError::NeedsReason(weighed.odd.iter().map(|(_, odd)| odd.clone()).collect()));
    }
    let mut report = preview.report();
    let new: Vec<ImportedReport> = weighed.rows.iter().filter_map(new_report).collect();
    if new.is_empty() {
        return Ok(report);
    }
    let (import_id, file_hash) =
        keep_import(conn, actor, file, &report, &reason, ("counts", Some(plan.id), None), now)?;
    let common =
        Common { import_id, plan_id: plan.id, recorded_at: now, account_id: actor.account_id, reason: reason.clone() };
    let ids = imports::insert_reports(conn, &common, &new)?;
    tallies::add_many(conn, ledger_changes(weighed))?;
    note_received(conn, plan, &ids, &new, now)?;
    let seal = seal_of(ids.iter().zip(&new).map(|(id, report)| Sealed {
        report: *id,
        row: report.row,
        unit: report.unit.0,
        as_of: report.as_of,
        figures: report.values.iter().map(|(figure, _)| *figure).collect(),
    }));
    let detail = json!({
        "import": import_id, "plan": plan.plan.code, "file": file.name, "sha256": file_hash, "sheet": report.sheet,
        "channel": "file", "reason": reason, "rows": report.counts, "reports": ids.len(), "seal": seal,
    });
    let units: Vec<UnitId> = new.iter().map(|report| report.unit).collect();
    audit(conn, actor, "import.recorded", common_unit(&weighed.lines, &units), detail, now)?;
    for (unit, period) in &weighed.excepted {
        let detail = json!({ "plan": plan.plan.code, "import": import_id, "period": period });
        audit(conn, actor, "lock.excepted", Some(*unit), detail, now)?;
    }
    report.import = Some(import_id);
    Ok(report)
}

/// Keeps what was received of each period in step.
fn note_received(
    conn: &mut Conn,
    plan: &StoredPlan,
    ids: &[i64],
    new: &[ImportedReport],
    recorded_at: Instant,
) -> Result<()> {
    let names = plan.names();
    let counted = |(report, new): (&i64, &ImportedReport)| {
        let figures = new.values.iter().filter_map(|((indicator, value), _)| {
            let (cohort, measure) = names.get(indicator)?;
            Some((*cohort, *measure, value.count))
        });
        Counted::of(plan, (*report, new.unit, new.as_of, recorded_at), figures)
    };
    let rows: Vec<Counted> = ids.iter().zip(new).filter_map(counted).collect();
    Ok(received::note(conn, plan.id, &rows)?)
}

/// Records the import itself: its number, and the hash of its file.
pub(super) fn keep_import<T>(
    conn: &mut Conn,
    actor: &Actor,
    file: &GivenFile,
    report: &FileReport<T>,
    reason: &str,
    (kind, plan_id, scheme): (&'static str, Option<i64>, Option<String>),
    now: Instant,
) -> Result<(i64, String)> {
    let file_hash = file.hash();
    let scope = file.scope.as_deref().map(|code| units::find(conn, code)).transpose()?.flatten();
    let counts = report.counts;
    let rows = [counts.read, counts.accepted, counts.unchanged, counts.refused, counts.skipped];
    let new = NewImport {
        kind,
        plan_id,
        scheme,
        file_name: text::clean(&file.name).chars().take(LONGEST_NAME).collect(),
        file_hash: file_hash.clone(),
        sheet: text::clean(report.sheet.as_deref().unwrap_or_default()),
        scope: scope.map(|unit| unit.id),
        reason: reason.to_owned(),
        rows: rows.map(|n| i32::try_from(n).unwrap_or(i32::MAX)),
        recorded_at: now,
        account_id: actor.account_id,
    };
    Ok((imports::insert(conn, &new)?, file_hash))
}

fn new_report(row: &WeighedRow) -> Option<ImportedReport> {
    let values = row.values.iter().copied().zip(row.in_force.iter().copied()).collect();
    let number = i32::try_from(row.row).unwrap_or(i32::MAX);
    let new = ImportedReport { unit: row.unit, as_of: row.as_of, row: number, values };
    (row.effect != Effect::Unchanged).then_some(new)
}

/// Every change for each unit above the row's.
fn ledger_changes(weighed: &Weighed) -> impl Iterator<Item = (UnitId, bool, i64, Change)> + '_ {
    // The line of a unit stands in one stretch.
    let lines = weighed.lines.chunk_by(|a, b| a.0 == b.0);
    let above: HashMap<UnitId, &[Ancestor]> =
        lines.filter_map(|line| line.split_first().map(|((unit, ..), above)| (*unit, above))).collect();
    weighed.rows.iter().flat_map(move |row| {
        let of_unit = move |(_, unit, kind): &Ancestor| {
            let (unit, is_upper) = (*unit, kind.is_upper_level());
            row.changes.iter().map(move |(indicator, by)| (unit, is_upper, *indicator, *by))
        };
        above.get(&row.unit).copied().unwrap_or_default().iter().flat_map(of_unit)
    })
}

/// The lowest unit that all of these stand below, if there is one: whose trail tells of the import.
fn common_unit(lines: &[Ancestor], units: &[UnitId]) -> Option<UnitId> {
    let mut of_unit: HashMap<UnitId, Vec<UnitId>> = HashMap::new();
    for (unit, ancestor, _) in lines {
        of_unit.entry(*unit).or_default().push(*ancestor);
    }
    // Themselves first, then upwards.
    let mut common = of_unit.get(units.first()?)?.clone();
    for unit in units {
        let line = of_unit.get(unit)?;
        common.retain(|ancestor| line.contains(ancestor));
    }
    common.first().copied()
}
