//! What the rows of a file would change: whose report each row is, whether this account may make it, and what it does
//! to what is recorded. The rules are those of a report that is typed; only the questions to the database are asked
//! once for all rows.

mod open;
mod scale;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{Duration, NaiveDate};

use open::still_open;
use scale::Scale;

pub(super) use open::Excepted;

use super::{Result, import_counts::is_meant};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::{self, Instant},
        ledger::Change,
        plan::{Cohort, CountedOn, Plan},
        report::{Oddity, Warning},
        standing::Value,
        unit::{UnitId, UnitKind},
    },
    imports::{
        columns::Count,
        counts::Counts,
        verdict::{Accepted, Detail, Notice, Passed, Reason, Refused, Skipped, Verdicts, Warned},
    },
    store::{
        Conn, StoreError,
        plans::{self, Asked, StoredPlan},
        reports, units,
    },
};

/// What a row does to what is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// The first figures of this time, or the same ones at a later time.
    New,
    /// Other figures than those that stood at its time.
    Changed,
    /// Recorded already: nothing is written.
    Unchanged,
    /// Figures of a time before those in force: they enter the history only.
    Older,
}

/// A row that will be a report.
#[derive(Debug, Clone)]
pub(super) struct WeighedRow {
    /// Where it stands in the file.
    pub row: usize,
    /// Whose report it is.
    pub unit: UnitId,
    /// The time its figures are true at.
    pub as_of: Instant,
    /// What it does.
    pub effect: Effect,
    /// Its figures.
    pub values: Vec<(i64, Value)>,
    /// Which of them will be in force.
    pub in_force: Vec<bool>,
    /// What they change in the roll-up ledger.
    pub changes: Vec<(i64, Change)>,
}

/// Everything that is said of a file's rows.
pub(super) struct Weighed {
    /// Every row in one of the lists.
    pub verdicts: Verdicts<Counts>,
    /// The accepted rows in the order in which they are recorded: unit by unit, each by time.
    pub rows: Vec<WeighedRow>,
    /// What is odd and asks for a reason, with its row.
    pub odd: Vec<(usize, Warning)>,
    /// Units that were given more time than their period has, with the period's first day.
    pub excepted: BTreeSet<Excepted>,
    /// The ancestors of the units, themselves included: the line of each in one stretch, the nearest first.
    pub lines: Vec<Ancestor>,
}

/// A unit, an ancestor of it, and what the ancestor is.
pub(super) type Ancestor = (UnitId, UnitId, UnitKind);

/// Keeps other writers of some units away.
pub(super) type Lock = fn(&mut Conn, &[UnitId]) -> std::result::Result<(), StoreError>;

/// A row of the file, and whose figures of what moment it gives.
struct Row<'p> {
    given: Accepted<Counts>,
    unit: UnitId,
    cohort: &'p Cohort,
    as_of: Instant,
}

/// Why a row cannot be a report.
type Why = (Reason, Detail);

/// Weighs the rows that were accepted; `asked` is the cohort, or what several begin with.
pub(super) fn weigh(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    asked: &str,
    mut verdicts: Verdicts<Counts>,
    now: Instant,
    lock: Lock,
) -> Result<Weighed> {
    let rows = targets(conn, plan, asked, &mut verdicts, now)?;
    let lines = units::lines_of(conn, &units_of(&rows))?;
    let rows = only_allowed(actor, &lines, rows, &mut verdicts);
    lock(conn, &units_of(&rows))?;
    let rows = counted_once(conn, plan, &lines, rows, &mut verdicts)?;
    let (rows, excepted) = still_open(conn, plan, rows, &mut verdicts, now)?;
    note_columns_left(plan, &rows, &mut verdicts);
    let by_unit = by_unit(&rows);
    let mut scale = Scale::new(conn, plan, &by_unit)?;
    let mut weighed = Weighed { verdicts, rows: Vec::with_capacity(rows.len()), odd: Vec::new(), excepted, lines };
    let mut faults: HashMap<usize, Why> = HashMap::new();
    for (unit, rows) in by_unit {
        let mut history = scale.history_of(unit);
        for row in rows {
            let given = &row.given;
            match scale.weigh(plan, &mut history, row, now) {
                Ok((done, warnings)) => {
                    if done.effect != Effect::Unchanged {
                        warn(&mut weighed, given.row, &given.code, warnings);
                    }
                    weighed.rows.push(done);
                }
                Err(why) => {
                    faults.insert(given.row, why);
                }
            }
        }
    }
    let rows = sift(rows, &mut weighed.verdicts, |row| faults.remove(&row.given.row));
    weighed.verdicts.accept = rows.into_iter().map(|row| row.given).collect();
    weighed.verdicts.refuse.sort_by_key(|row| row.row);
    weighed.verdicts.warn.sort_by_key(|row| row.row);
    weighed.odd.sort_by_key(|(row, _)| *row);
    Ok(weighed)
}

/// Leaves out the rows that were not chosen.
pub(super) fn choose(verdicts: &mut Verdicts<Counts>, chosen: &BTreeSet<usize>) {
    let (kept, left): (Vec<_>, Vec<_>) =
        std::mem::take(&mut verdicts.accept).into_iter().partition(|row| chosen.contains(&row.row));
    verdicts.accept = kept;
    verdicts.skip.extend(left.into_iter().map(|row| Skipped { row: row.row, reason: Passed::NotChosen }));
    verdicts.skip.sort_by_key(|row| row.row);
}

/// Refuses the rows that have a fault, and gives back the others.
fn sift<'p>(
    rows: Vec<Row<'p>>,
    verdicts: &mut Verdicts<Counts>,
    mut fault_of: impl FnMut(&Row<'p>) -> Option<Why>,
) -> Vec<Row<'p>> {
    let kept = rows.into_iter().filter_map(|row| match fault_of(&row) {
        Some((reason, detail)) => {
            refuse(verdicts, row.given, reason, detail);
            None
        }
        None => Some(row),
    });
    kept.collect()
}

fn refuse(verdicts: &mut Verdicts<Counts>, row: Accepted<Counts>, reason: Reason, detail: Detail) {
    let Accepted { row, name, code, .. } = row;
    verdicts.refuse.push(Refused { row, name, code: Some(code), reason, detail });
}

/// Whose report each row is: the unit's own where it is obliged; its committee's where staff are counted; and a commune
/// may count as a whole what its hamlets are obliged to count.
fn targets<'p>(
    conn: &mut Conn,
    plan: &'p StoredPlan,
    asked: &str,
    verdicts: &mut Verdicts<Counts>,
    now: Instant,
) -> Result<Vec<Row<'p>>> {
    let accepted = std::mem::take(&mut verdicts.accept);
    let codes: HashSet<&str> = accepted.iter().map(|row| row.code.as_str()).collect();
    let found = plans::asked_of(conn, plan.id, &codes.into_iter().collect::<Vec<_>>())?;
    let meant = |cohort: &str| plan.plan.cohort(cohort).filter(|_| is_meant(asked, cohort));
    let of_own = |of: &Asked| -> Vec<&'p Cohort> { of.cohorts.iter().filter_map(|code| meant(code)).collect() };
    let without: BTreeSet<UnitId> =
        found.values().filter(|of| of.kind.is_place() && of_own(of).is_empty()).map(|of| of.unit).collect();
    let mut below: BTreeMap<UnitId, Vec<(UnitId, UnitKind, String)>> = BTreeMap::new();
    for (place, unit, kind, cohort) in plans::cohorts_below(conn, plan.id, &without.into_iter().collect::<Vec<_>>())? {
        below.entry(place).or_default().push((unit, kind, cohort));
    }
    let target_of = |of: &Asked| -> std::result::Result<(UnitId, &'p Cohort), String> {
        let own = of_own(of);
        if let [cohort] = own[..] {
            return Ok((of.unit, cohort));
        }
        let under = below.get(&of.unit).into_iter().flatten();
        let under = under.filter_map(|(id, kind, code)| Some((*id, kind.is_place(), meant(code)?)));
        let (parts, bodies): (Vec<_>, Vec<_>) = under.partition(|(_, is_place, _)| *is_place);
        let part = parts.first().filter(|_| of.kind == UnitKind::Commune);
        match (&bodies[..], part) {
            ([(body, _, cohort)], _) if cohort.counted_on == CountedOn::Body => Ok((*body, *cohort)),
            (_, Some((_, _, cohort))) if cohort.counted_on == CountedOn::Area => Ok((of.unit, *cohort)),
            _ => Err(own.iter().map(|cohort| cohort.code.as_str()).collect::<Vec<_>>().join(", ")),
        }
    };
    let of_code: HashMap<&str, _> = found.iter().map(|(code, of)| (code.as_str(), target_of(of))).collect();
    let mut rows = Vec::with_capacity(accepted.len());
    for given in accepted {
        match of_code.get(given.code.as_str()) {
            Some(Ok((unit, cohort))) => {
                // The last minute of its day, or now.
                let as_of = (calendar::end_of(given.date) - Duration::minutes(1)).min(now);
                rows.push(Row { given, unit: *unit, cohort, as_of });
            }
            Some(Err(several)) if !several.is_empty() => {
                refuse(verdicts, given, Reason::NotObliged, Detail::Given(several.clone()));
            }
            _ => refuse(verdicts, given, Reason::NotObliged, Detail::None),
        }
    }
    Ok(rows)
}

/// The units of some rows, each once.
fn units_of(rows: &[Row<'_>]) -> Vec<UnitId> {
    rows.iter().map(|row| row.unit).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The rows of each unit in the order of their moments; those of one moment as they stand in the file.
fn by_unit<'r, 'p>(rows: &'r [Row<'p>]) -> BTreeMap<UnitId, Vec<&'r Row<'p>>> {
    let mut by_unit: BTreeMap<UnitId, Vec<&Row<'p>>> = BTreeMap::new();
    for row in rows {
        by_unit.entry(row.unit).or_default().push(row);
    }
    for rows in by_unit.values_mut() {
        rows.sort_by_key(|row| row.as_of);
    }
    by_unit
}

/// The cohorts of some rows by their codes.
fn cohorts_of<'r, 'p: 'r>(rows: impl IntoIterator<Item = &'r Row<'p>>) -> BTreeMap<&'p str, &'p Cohort> {
    rows.into_iter().map(|row| (row.cohort.code.as_str(), row.cohort)).collect()
}

fn only_allowed<'p>(
    actor: &Actor,
    lines: &[Ancestor],
    rows: Vec<Row<'p>>,
    verdicts: &mut Verdicts<Counts>,
) -> Vec<Row<'p>> {
    let scopes: HashSet<UnitId> = actor.scopes(Deed::TakeFileIn).collect();
    let own = lines.iter().filter(|(_, ancestor, _)| scopes.contains(ancestor));
    let allowed: HashSet<UnitId> = own.map(|(unit, ..)| *unit).collect();
    sift(rows, verdicts, |row| (!allowed.contains(&row.unit)).then_some((Reason::NotAllowed, Detail::None)))
}

/// Nobody is counted twice: not in two rows, not in a unit and in a part of it.
fn counted_once<'p>(
    conn: &mut Conn,
    plan: &StoredPlan,
    lines: &[Ancestor],
    rows: Vec<Row<'p>>,
    verdicts: &mut Verdicts<Counts>,
) -> Result<Vec<Row<'p>>> {
    type Who<'a> = (UnitId, &'a str);
    let mut first_rows: HashMap<(Who<'_>, NaiveDate), usize> = HashMap::with_capacity(rows.len());
    let mut of_unit: HashMap<Who<'_>, &str> = HashMap::new();
    let mut faults: HashMap<usize, Why> = HashMap::new();
    for Row { given, unit, cohort, .. } in &rows {
        let who = (*unit, cohort.code.as_str());
        let first = *first_rows.entry((who, given.date)).or_insert(given.row);
        if first != given.row {
            faults.insert(given.row, (Reason::Repeated, Detail::Row(first)));
            faults.entry(first).or_insert((Reason::Repeated, Detail::Row(given.row)));
        }
        of_unit.insert(who, &given.code);
    }
    let mut twice: HashMap<Who<'_>, Detail> = HashMap::new();
    for (code, cohort) in cohorts_of(&rows) {
        if cohort.counted_on == CountedOn::Body && !plan.plan.is_nested() {
            continue;
        }
        for (part, whole, _) in lines.iter().filter(|(part, whole, _)| part != whole) {
            if let Some(part) = of_unit.get(&(*part, code)).filter(|_| of_unit.contains_key(&(*whole, code))) {
                twice.insert((*whole, code), Detail::Units(vec![(*part).to_owned()]));
            }
        }
        let ids: BTreeSet<UnitId> = of_unit.keys().filter(|(_, of)| *of == code).map(|(unit, _)| *unit).collect();
        let above = || lines.iter().filter(|(unit, other, _)| unit != other && ids.contains(unit));
        let indicators = plan.indicators_of(code);
        let counting =
            reports::counting(conn, &indicators, &above().map(|(_, other, _)| *other).collect::<BTreeSet<_>>())?;
        let counted_above = above().filter(|(_, other, _)| counting.contains(other));
        let mut others: Vec<(UnitId, UnitId)> = counted_above.map(|(unit, other, _)| (*unit, *other)).collect();
        others.extend(reports::counted_below(conn, &indicators, &ids)?);
        let named: BTreeSet<UnitId> = others.iter().map(|(_, other)| *other).collect();
        let named = units::with_ids(conn, &named.into_iter().collect::<Vec<_>>())?;
        let named: HashMap<UnitId, String> = named.into_iter().map(|unit| (unit.id, unit.code)).collect();
        for (unit, other) in others {
            let other = named.get(&other).cloned().unwrap_or_default();
            twice.insert((unit, code), Detail::Units(vec![other]));
        }
    }
    for row in &rows {
        if let Some(detail) = twice.get(&(row.unit, row.cohort.code.as_str())) {
            faults.insert(row.given.row, (Reason::CountedTwice, detail.clone()));
        }
    }
    Ok(sift(rows, verdicts, |row| faults.remove(&row.given.row)))
}

/// The measure a count is in a cohort's form.
pub(super) fn measure_of<'p>(plan: &'p Plan, cohort: &Cohort, count: Count) -> Option<&'p str> {
    let names: &[&str] = match count {
        Count::Total => &["headcount", "population"],
        Count::Smartphone => &["smartphone_users"],
        Count::Bluezone => &["bluezone_installed"],
        Count::Ncovi => &["ncovi_installed"],
        Count::Declared => &["ncovi_declared"],
        Count::Tokhaiyte => &["tokhaiyte_declared"],
    };
    plan.fields(cohort).iter().map(|field| field.measure.as_str()).find(|measure| names.contains(measure))
}

/// The count a measure is in a file.
fn count_of(measure: &str) -> Count {
    match measure {
        "smartphone_users" => Count::Smartphone,
        "bluezone_installed" => Count::Bluezone,
        "ncovi_installed" => Count::Ncovi,
        "ncovi_declared" => Count::Declared,
        "tokhaiyte_declared" => Count::Tokhaiyte,
        _ => Count::Total,
    }
}

fn note_columns_left(plan: &StoredPlan, rows: &[Row<'_>], verdicts: &mut Verdicts<Counts>) {
    let mut left: Vec<Count> = Vec::new();
    for row in rows {
        for (count, _) in row.given.value.reported() {
            if !left.contains(&count) && measure_of(&plan.plan, row.cohort, count).is_none() {
                left.push(count);
            }
        }
    }
    verdicts.notices.extend(left.into_iter().map(Notice::NotAsked));
}

/// Warnings as reasons of a file; those that need a reason are kept apart too.
fn warn(weighed: &mut Weighed, row: usize, code: &str, warnings: Vec<Warning>) {
    for warning in warnings {
        let reason = match warning.oddity {
            Oddity::Fall => Reason::Fall,
            Oddity::Zero => Reason::Zero,
            Oddity::Jump => Reason::Jump,
            Oddity::AboveBase => Reason::AboveTotal,
            Oddity::Surplus | Oddity::OlderDay => continue,
        };
        let detail = Detail::Before(count_of(&warning.field), warning.before, warning.given);
        weighed.verdicts.warn.push(Warned { row, reason, detail });
        if warning.oddity.needs_reason() {
            weighed.odd.push((row, Warning { unit: code.to_owned(), ..warning }));
        }
    }
}
