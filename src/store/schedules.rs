//! When reports are asked for: timetables, more time for one unit, and units that need not report.

use std::{collections::BTreeMap, sync::Arc};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    Conn, StoreError, Ts,
    among::among,
    on_each,
    plans::{self, Obliged, StoredPlan},
    schema::{account, exemption, extension, schedule, unit_closure},
};
use crate::domain::{
    calendar::Instant,
    completeness::Reporter,
    plan::Plan,
    schedule::{Rules, Timetable, Version},
    unit::UnitId,
};

/// A version of a timetable as it is kept: from when, what, and who set it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetVersion {
    /// Its number.
    pub id: i64,
    /// What holds.
    pub version: Version,
    /// Why.
    pub reason: String,
    /// When it was set.
    pub recorded_at: Instant,
    /// By whom.
    pub recorded_by: String,
}

/// Every version ever set for a plan, in the order they were set.
pub fn versions(conn: &mut Conn, plan_id: i64) -> Result<Vec<SetVersion>, StoreError> {
    type Row = (i64, NaiveDate, String, bool, String, Ts, String);
    let rows: Vec<Row> = on_each!(conn, |c| schedule::table
        .inner_join(account::table)
        .filter(schedule::plan_id.eq(plan_id))
        .order(schedule::id)
        .select((
            schedule::id,
            schedule::valid_from,
            schedule::rules,
            schedule::is_assumed,
            schedule::reason,
            schedule::recorded_at,
            account::display_name
        ))
        .load(c))?;
    rows.into_iter()
        .map(|(id, from, rules, assumed, reason, recorded_at, recorded_by)| {
            let rules: Rules =
                serde_json::from_str(&rules).map_err(|e| StoreError::Broken(format!("schedule {id}: {e}")))?;
            let version = Version { from, rules, assumed };
            Ok(SetVersion { id, version, reason, recorded_at: recorded_at.0, recorded_by })
        })
        .collect()
}

/// A plan's timetable.
pub fn timetable(conn: &mut Conn, plan_id: i64, plan: &Plan) -> Result<Timetable, StoreError> {
    Ok(Timetable::new(versions(conn, plan_id)?.into_iter().map(|set| set.version), plan.ends_on))
}

/// Sets a version. Returns its number.
pub fn set(
    conn: &mut Conn,
    plan_id: i64,
    version: &Version,
    reason: &str,
    account_id: i64,
    now: Instant,
) -> Result<i64, StoreError> {
    let rules = serde_json::to_string(&version.rules).map_err(|e| StoreError::Broken(e.to_string()))?;
    let row = (
        schedule::plan_id.eq(plan_id),
        schedule::valid_from.eq(version.from),
        schedule::rules.eq(rules),
        schedule::is_assumed.eq(version.assumed),
        schedule::reason.eq(reason),
        schedule::recorded_at.eq(Ts::from(now)),
        schedule::account_id.eq(account_id),
    );
    Ok(on_each!(conn, |c| diesel::insert_into(schedule::table).values(row).returning(schedule::id).get_result(c))?)
}

/// Gives a unit more time for a period.
pub fn extend(
    conn: &mut Conn,
    plan_id: i64,
    (unit, period_from, until): (UnitId, NaiveDate, Instant),
    reason: &str,
    account_id: i64,
    now: Instant,
) -> Result<i64, StoreError> {
    let row = (
        extension::plan_id.eq(plan_id),
        extension::unit_id.eq(unit.0),
        extension::period_from.eq(period_from),
        extension::until.eq(Ts::from(until)),
        extension::reason.eq(reason),
        extension::recorded_at.eq(Ts::from(now)),
        extension::account_id.eq(account_id),
    );
    Ok(on_each!(conn, |c| diesel::insert_into(extension::table).values(row).returning(extension::id).get_result(c))?)
}

/// Says that a unit need not report from a day on, to another or without end.
pub fn exempt(
    conn: &mut Conn,
    plan_id: i64,
    (unit, first, last): (UnitId, NaiveDate, Option<NaiveDate>),
    reason: &str,
    account_id: i64,
    now: Instant,
) -> Result<i64, StoreError> {
    let row = (
        exemption::plan_id.eq(plan_id),
        exemption::unit_id.eq(unit.0),
        exemption::first_day.eq(first),
        exemption::last_day.eq(last),
        exemption::reason.eq(reason),
        exemption::recorded_at.eq(Ts::from(now)),
        exemption::account_id.eq(account_id),
    );
    Ok(on_each!(conn, |c| diesel::insert_into(exemption::table).values(row).returning(exemption::id).get_result(c))?)
}

/// The last instant given to each of these units for a period, where more time was given.
pub fn extended(
    conn: &mut Conn,
    plan_id: i64,
    units: &[UnitId],
    period_from: NaiveDate,
) -> Result<BTreeMap<UnitId, Instant>, StoreError> {
    let rows: Vec<(i64, Ts)> = on_each!(conn, |c| extension::table
        .filter(extension::plan_id.eq(plan_id).and(among(extension::unit_id, units.iter().map(|unit| unit.0))))
        .filter(extension::period_from.eq(period_from))
        .order(extension::id)
        .select((extension::unit_id, extension::until))
        .load(c))?;
    Ok(rows.into_iter().map(|(unit, until)| (UnitId(unit), until.0)).collect())
}

/// Every unit below `top`, itself included, that the plan obliges to anything, by code; and since when, until when,
/// exempt when, extended when.
pub fn reporters(conn: &mut Conn, plan: &StoredPlan, top: UnitId) -> Result<Vec<(Arc<Obliged>, Reporter)>, StoreError> {
    let obliged = plans::obliged(conn, plan.id, top)?;
    let mut special = special(conn, plan.id, top)?;
    let reporter = |obliged: &Arc<Obliged>| {
        let (exempt, extended) = special.remove(&obliged.unit.id.0).unwrap_or_default();
        (Arc::clone(obliged), Reporter { from: obliged.from, to: obliged.to, exempt, extended })
    };
    Ok(obliged.iter().map(reporter).collect())
}

type Special = (Vec<(NaiveDate, Option<NaiveDate>)>, BTreeMap<NaiveDate, Instant>);

/// Exemptions and extensions below a unit, by unit.
fn special(conn: &mut Conn, plan_id: i64, top: UnitId) -> Result<BTreeMap<i64, Special>, StoreError> {
    let exempt: Vec<(i64, NaiveDate, Option<NaiveDate>)> = on_each!(conn, |c| exemption::table
        .inner_join(unit_closure::table.on(unit_closure::unit_id.eq(exemption::unit_id)))
        .filter(exemption::plan_id.eq(plan_id).and(unit_closure::ancestor_id.eq(top.0)))
        .order(exemption::id)
        .select((exemption::unit_id, exemption::first_day, exemption::last_day))
        .load(c))?;
    let extended: Vec<(i64, NaiveDate, Ts)> = on_each!(conn, |c| extension::table
        .inner_join(unit_closure::table.on(unit_closure::unit_id.eq(extension::unit_id)))
        .filter(extension::plan_id.eq(plan_id).and(unit_closure::ancestor_id.eq(top.0)))
        .order(extension::id)
        .select((extension::unit_id, extension::period_from, extension::until))
        .load(c))?;
    let mut special: BTreeMap<i64, Special> = BTreeMap::new();
    let mut exemptions: BTreeMap<(i64, NaiveDate), Option<NaiveDate>> = BTreeMap::new();
    // In the order they were recorded: the last row about a first day counts.
    for (unit, first, last) in exempt {
        exemptions.insert((unit, first), last);
    }
    for ((unit, first), last) in exemptions {
        special.entry(unit).or_default().0.push((first, last));
    }
    for (unit, period, until) in extended {
        special.entry(unit).or_default().1.insert(period, until.0);
    }
    Ok(special)
}
