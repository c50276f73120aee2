//! Is a period still open? The one question that every way in asks before it records: pages, API and files alike.

use crate::{
    domain::{
        calendar::{self, Instant},
        report::{Fault, Rule},
        unit::{Unit, UnitId},
    },
    store::{Conn, plans::StoredPlan, schedules},
};

use super::{Result, UseCaseError};

/// Refuses figures of a period that is locked. Returns the units that are excepted: the period is locked for the others,
/// and the audit trail says that these were not.
pub fn check_open<'a>(
    conn: &mut Conn,
    plan: &StoredPlan,
    units: impl IntoIterator<Item = &'a Unit>,
    as_of: Instant,
    now: Instant,
) -> Result<Vec<UnitId>> {
    let Some(period) = plan.timetable.period_at(as_of) else { return Ok(Vec::new()) };
    // No question to the database while the period is open, which it nearly always is.
    let Some(locks) = period.locks.filter(|locks| now > *locks) else { return Ok(Vec::new()) };
    let units: Vec<&Unit> = units.into_iter().collect();
    let ids: Vec<UnitId> = units.iter().map(|unit| unit.id).collect();
    let shown = |at: Instant| calendar::local(at).format("%H:%M %d/%m/%Y").to_string();
    let extended = schedules::extended(conn, plan.id, &ids, period.from)?;
    let is_locked = |unit: &&&Unit| extended.get(&unit.id).is_none_or(|until| now > *until);
    let faults: Vec<Fault> = units
        .iter()
        .filter(is_locked)
        .map(|unit| Fault {
            unit: unit.code.clone(),
            ..Fault::of_report("as_of", Rule::PeriodLocked, shown(as_of), Some(shown(locks)))
        })
        .collect();
    if faults.is_empty() { Ok(ids) } else { Err(UseCaseError::Invalid(faults)) }
}
