//! A file of zone levels into decisions: preview and commit. Every day in the file is one decision on all of its places.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveTime};

use super::{
    Result,
    decide_zones::{Check, Ruled, Ruling, check_zones, decide_zones},
    import_counts::{GivenFile, ReadFile, keep_import},
    import_report::{FileFault, FileReport, ZoneRow},
};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::{self, Instant},
        names::Gazetteer,
        unit::UnitId,
        zone::Scheme,
    },
    imports::{
        read::read,
        register::Register,
        verdict::{Detail, Passed, Reason, Refused, Skipped, Verdicts},
        zones::{Zone, read_zones},
    },
    store::{Conn, units},
};

/// The document that a file's levels were decided by.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// Code of the scheme of levels.
    pub scheme: String,
    /// Its number; without one the levels are recorded as proposals.
    pub number: String,
    /// Who signed it; asked for with a number.
    pub issuer: String,
    /// Its date.
    pub dated: Option<NaiveDate>,
    /// The time of day from which it holds.
    pub from: NaiveTime,
    /// Remarks.
    pub note: String,
}

/// Reads a file of levels of a scheme: pure, nothing is written and no decision is looked at.
pub fn read_file(
    gazetteer: &Gazetteer,
    scheme: &Scheme,
    file: &GivenFile,
    now: Instant,
) -> std::result::Result<ReadFile<Zone>, FileFault> {
    let book = read(&file.bytes, &file.limits)?;
    let register = Register::new(gazetteer, file.aliases.clone(), false);
    let rows = read_zones(&book, &file.request(None, now), scheme, &register)
        .map_err(|cause| FileFault::Unrecognised { cause, encoding: book.encoding })?;
    Ok(ReadFile { book, rows })
}

/// What would come of a file, and what each place changes from and to. Writes nothing.
pub fn preview(
    conn: &mut Conn,
    actor: &Actor,
    document: &Document,
    read: &ReadFile<Zone>,
    now: Instant,
) -> Result<(FileReport<ZoneRow>, Vec<Check>)> {
    let (verdicts, rulings) = rulings(conn, actor, document, read, None)?;
    let checks = rulings.iter().map(|ruling| check_zones(conn, actor, ruling, now)).collect::<Result<Vec<_>>>()?;
    Ok((report(read, &verdicts, &rulings, &checks), checks))
}

/// Records the decisions, in the one transaction it is called in. What is recorded already is not recorded again; of a
/// file all of which is, nothing is kept.
pub fn commit(
    conn: &mut Conn,
    actor: &Actor,
    document: &Document,
    file: &GivenFile,
    read: &ReadFile<Zone>,
    chosen: Option<&BTreeSet<usize>>,
    now: Instant,
) -> Result<FileReport<ZoneRow>> {
    let (verdicts, mut rulings) = rulings(conn, actor, document, read, chosen)?;
    let mut ids: Vec<UnitId> = Vec::new();
    for ruling in &rulings {
        let codes: Vec<&str> = ruling.places.iter().map(|place| place.unit.as_str()).collect();
        ids.extend(units::with_codes(conn, &codes)?.iter().map(|unit| unit.id));
    }
    ids.sort_unstable();
    ids.dedup();
    units::lock_all(conn, &ids)?;
    let checks = rulings.iter().map(|ruling| check_zones(conn, actor, ruling, now)).collect::<Result<Vec<_>>>()?;
    let mut report = report(read, &verdicts, &rulings, &checks);
    if report.counts.accepted == 0 {
        return Ok(report);
    }
    let kind = ("zones", None, Some(document.scheme.clone()));
    let (import, _) = keep_import(conn, actor, file, &report, "", kind, now)?;
    for ruling in &mut rulings {
        ruling.import = Some(import);
        decide_zones(conn, actor, ruling, now)?;
    }
    report.import = Some(import);
    Ok(report)
}

/// A decision for each day of the file; rows on places this account does not decide for are refused.
fn rulings(
    conn: &mut Conn,
    actor: &Actor,
    document: &Document,
    read: &ReadFile<Zone>,
    chosen: Option<&BTreeSet<usize>>,
) -> Result<(Verdicts<Zone>, Vec<Ruling>)> {
    let mut verdicts = read.rows.verdicts.clone();
    let codes: BTreeSet<&str> = read.rows.verdicts.accept.iter().map(|row| row.code.as_str()).collect();
    let found = units::with_codes(conn, &codes.into_iter().collect::<Vec<_>>())?;
    let ids: Vec<UnitId> = found.iter().map(|unit| unit.id).collect();
    let scopes: Vec<UnitId> = actor.scopes(Deed::DecideZone).collect();
    let allowed = units::below_any(conn, &ids, &scopes)?;
    let allowed: BTreeSet<&str> =
        found.iter().filter(|unit| allowed.contains(&unit.id)).map(|unit| unit.code.as_str()).collect();
    let mut of_day: BTreeMap<NaiveDate, Vec<Ruled>> = BTreeMap::new();
    for row in std::mem::take(&mut verdicts.accept) {
        if chosen.is_some_and(|chosen| !chosen.contains(&row.row)) {
            verdicts.skip.push(Skipped { row: row.row, reason: Passed::NotChosen });
        } else if !allowed.contains(row.code.as_str()) {
            let (name, code) = (row.name, Some(row.code));
            let refused = Refused { row: row.row, name, code, reason: Reason::NotAllowed, detail: Detail::None };
            verdicts.refuse.push(refused);
        } else {
            let number = i32::try_from(row.row).unwrap_or(i32::MAX);
            let ruled = Ruled { unit: row.code.clone(), level: row.value.level, seen: None, row: Some(number) };
            of_day.entry(row.date).or_default().push(ruled);
            verdicts.accept.push(row);
        }
    }
    verdicts.refuse.sort_by_key(|row| row.row);
    verdicts.skip.sort_by_key(|row| row.row);
    let ruling = |(day, places): (NaiveDate, Vec<Ruled>)| Ruling {
        places,
        scheme: document.scheme.clone(),
        effective_from: calendar::instant(day.and_time(document.from)),
        decision_number: document.number.clone(),
        decision_issuer: document.issuer.clone(),
        decision_date: document.dated,
        note: document.note.clone(),
        ..Ruling::default()
    };
    Ok((verdicts, of_day.into_iter().map(ruling).collect()))
}

fn report(
    read: &ReadFile<Zone>,
    verdicts: &Verdicts<Zone>,
    rulings: &[Ruling],
    checks: &[Check],
) -> FileReport<ZoneRow> {
    let mut report = FileReport::read(&read.book_facts(), verdicts);
    let effects = rulings.iter().zip(checks).flat_map(|(ruling, check)| ruling.places.iter().zip(&check.places));
    for (place, effect) in effects {
        let Some(row) = place.row.and_then(|row| usize::try_from(row).ok()) else { continue };
        if effect.is_known {
            report.unchanged.push(row);
        } else if effect.before.as_ref().is_some_and(|before| before.level != effect.after.level) {
            report.changed.push(row);
        }
    }
    report.unchanged.sort_unstable();
    report.changed.sort_unstable();
    report.count();
    report
}
