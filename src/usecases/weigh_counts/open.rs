//! Rows of periods that are locked are refused like typed figures; a unit that was given more time is not.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{Row, sift};
use crate::{
    domain::{calendar::Instant, unit::UnitId},
    imports::{
        counts::Counts,
        verdict::{Detail, Reason, Verdicts},
    },
    store::{Conn, plans::StoredPlan},
    usecases::{
        Result,
        check_lock::{Locked, lock_on},
    },
};

/// A unit with a period that is locked for others.
pub(in crate::usecases) type Excepted = (UnitId, NaiveDate);

/// Refuses the rows whose period is locked; says which units have more time.
pub(super) fn still_open<'p>(
    conn: &mut Conn,
    plan: &StoredPlan,
    rows: Vec<Row<'p>>,
    verdicts: &mut Verdicts<Counts>,
    now: Instant,
) -> Result<(Vec<Row<'p>>, BTreeSet<Excepted>)> {
    let period_of = |row: &Row<'p>| plan.timetable.period_at(row.as_of).map(|period| period.from);
    let mut by_period: BTreeMap<NaiveDate, (Instant, BTreeSet<UnitId>)> = BTreeMap::new();
    for row in &rows {
        if let Some(period) = period_of(row) {
            by_period.entry(period).or_insert_with(|| (row.as_of, BTreeSet::new())).1.insert(row.unit);
        }
    }
    let mut locks: BTreeMap<NaiveDate, Locked> = BTreeMap::new();
    for (period, (at, units)) in by_period {
        let units: Vec<UnitId> = units.into_iter().collect();
        locks.extend(lock_on(conn, plan, &units, at, now)?.map(|locked| (period, locked)));
    }
    // Of those that stay open.
    let mut excepted = BTreeSet::new();
    let open = sift(rows, verdicts, |row| {
        let locked = locks.get(&period_of(row)?)?;
        if locked.units.contains(&row.unit) {
            let period = locked.period_from.format("%d/%m/%Y").to_string();
            return Some((Reason::PeriodLocked, Detail::Given(period)));
        }
        excepted.insert((row.unit, locked.period_from));
        None
    });
    Ok((open, excepted))
}
