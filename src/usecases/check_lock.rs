//! Is a period still open? The one question that every way in asks before it records: pages, API and files alike.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::{
    domain::{
        calendar::{self, Instant},
        report::{Fault, Rule},
        unit::{Unit, UnitId},
    },
    store::{Conn, plans::StoredPlan, schedules},
};

use super::{Result, UseCaseError};

/// A period that is locked.
pub struct Locked {
    /// Its first day.
    pub period_from: NaiveDate,
    /// When it locked.
    pub at: Instant,
    /// The units asked for that were given no more time; the others are excepted.
    pub units: BTreeSet<UnitId>,
}

/// The lock on figures true at `as_of`; none while their period is open, or where there is no timetable.
pub fn lock_on(
    conn: &mut Conn,
    plan: &StoredPlan,
    units: &[UnitId],
    as_of: Instant,
    now: Instant,
) -> Result<Option<Locked>> {
    let Some(period) = plan.timetable.period_at(as_of) else { return Ok(None) };
    // No question to the database while the period is open, which it nearly always is.
    let Some(at) = period.locks.filter(|locks| now > *locks) else { return Ok(None) };
    let extended = schedules::extended(conn, plan.id, units, period.from)?;
    let is_locked = |unit: &UnitId| extended.get(unit).is_none_or(|until| now > *until);
    let units = units.iter().copied().filter(is_locked).collect();
    Ok(Some(Locked { period_from: period.from, at, units }))
}

/// Refuses figures of a period that is locked. Returns the units that are excepted: the period is locked for the others,
/// and the audit trail says that these were not.
pub fn check_open<'a>(
    conn: &mut Conn,
    plan: &StoredPlan,
    units: impl IntoIterator<Item = &'a Unit>,
    as_of: Instant,
    now: Instant,
) -> Result<Vec<UnitId>> {
    let units: Vec<&Unit> = units.into_iter().collect();
    let ids: Vec<UnitId> = units.iter().map(|unit| unit.id).collect();
    let Some(locked) = lock_on(conn, plan, &ids, as_of, now)? else { return Ok(Vec::new()) };
    let shown = |at: Instant| calendar::local(at).format("%H:%M %d/%m/%Y").to_string();
    let faults: Vec<Fault> = units
        .iter()
        .filter(|unit| locked.units.contains(&unit.id))
        .map(|unit| Fault {
            unit: unit.code.clone(),
            ..Fault::of_report("as_of", Rule::PeriodLocked, shown(as_of), Some(shown(locked.at)))
        })
        .collect();
    if faults.is_empty() { Ok(ids) } else { Err(UseCaseError::Invalid(faults)) }
}
