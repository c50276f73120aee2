//! The roll-up ledger: changes of every total by day (see `domain::ledger`).

use chrono::NaiveDate;
use diesel::{dsl::sum, prelude::*, upsert::excluded};

use super::{Conn, StoreError, on_each, schema::tally};
use crate::domain::{
    ledger::{Amount, Change},
    unit::{Unit, UnitId},
};

type AmountRow = (Option<i64>, Option<i64>, Option<i64>, Option<i64>);

macro_rules! summed {
    () => {
        (sum(tally::count), sum(tally::counted), sum(tally::base), sum(tally::units))
    };
}

fn read(row: AmountRow) -> Amount {
    let (count, counted, base, units) = row;
    Amount {
        count: count.unwrap_or(0),
        counted: counted.unwrap_or(0),
        base: base.unwrap_or(0),
        units: units.unwrap_or(0),
    }
}

#[derive(Insertable)]
#[diesel(table_name = tally, treat_none_as_default_value = false)]
struct TallyRow {
    unit_id: i64,
    indicator_id: i64,
    day: NaiveDate,
    slot: i32,
    count: i32,
    counted: i32,
    base: i32,
    units: i32,
}

/// Adds a report's changes to its unit and every ancestor. Rows are written in one fixed order, so that two writers
/// never wait for each other crosswise.
pub fn add(conn: &mut Conn, lineage: &[Unit], changes: &[(i64, Change)]) -> Result<(), StoreError> {
    let small = |n: i64| i32::try_from(n).map_err(|_| StoreError::Broken(format!("{n} is too large a count")));
    let slot = conn.slot();
    let mut keys: Vec<(i64, i64, NaiveDate, i32, Amount)> = lineage
        .iter()
        .flat_map(|unit| {
            let slot = if unit.kind.is_upper_level() { slot } else { 0 };
            changes.iter().map(move |(indicator, change)| (unit.id.0, *indicator, change.day, slot, change.by))
        })
        .collect();
    keys.sort_by_key(|(unit, indicator, day, slot, _)| (*unit, *indicator, *day, *slot));
    let rows = keys
        .into_iter()
        .map(|(unit, indicator, day, slot, by)| {
            Ok(TallyRow {
                unit_id: unit,
                indicator_id: indicator,
                day,
                slot,
                count: small(by.count)?,
                counted: small(by.counted)?,
                base: small(by.base)?,
                units: small(by.units)?,
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    for batch in rows.chunks(500) {
        on_each!(conn, |c| diesel::insert_into(tally::table)
            .values(batch)
            .on_conflict((tally::unit_id, tally::indicator_id, tally::day, tally::slot))
            .do_update()
            .set((
                tally::count.eq(tally::count + excluded(tally::count)),
                tally::counted.eq(tally::counted + excluded(tally::counted)),
                tally::base.eq(tally::base + excluded(tally::base)),
                tally::units.eq(tally::units + excluded(tally::units)),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// Puts the slots of days that are over together: nobody writes them at once any more, and every reading would add
/// them up again. Returns how many rows went.
pub fn fold(conn: &mut Conn, today: NaiveDate) -> Result<usize, StoreError> {
    let super::connection::Backend::Postgres(c) = &mut conn.backend else { return Ok(0) };
    Ok(diesel::sql_query(
        "WITH gone AS (DELETE FROM tally WHERE slot > 0 AND day < $1 RETURNING *) \
         INSERT INTO tally (unit_id, indicator_id, day, slot, count, counted, base, units) \
         SELECT unit_id, indicator_id, day, 0, sum(count), sum(counted), sum(base), sum(units) \
         FROM gone GROUP BY unit_id, indicator_id, day \
         ON CONFLICT (unit_id, indicator_id, day, slot) DO UPDATE SET count = tally.count + excluded.count, \
         counted = tally.counted + excluded.counted, base = tally.base + excluded.base, units = tally.units + excluded.units",
    )
    .bind::<diesel::sql_types::Date, _>(today)
    .execute(c)?)
}

/// The total of each indicator below `top`, itself included, at the end of a day.
pub fn totals(
    conn: &mut Conn,
    top: UnitId,
    indicators: &[i64],
    day: NaiveDate,
) -> Result<Vec<(i64, Amount)>, StoreError> {
    let rows: Vec<(i64, AmountRow)> = on_each!(conn, |c| tally::table
        .filter(tally::unit_id.eq(top.0).and(tally::indicator_id.eq_any(indicators)).and(tally::day.le(day)))
        .group_by(tally::indicator_id)
        .select((tally::indicator_id, summed!()))
        .load(c))?;
    Ok(rows.into_iter().map(|(indicator, row)| (indicator, read(row))).collect())
}

/// The changes of each indicator's total below `top` up to a day, by day.
pub fn by_day(
    conn: &mut Conn,
    top: UnitId,
    indicators: &[i64],
    until: NaiveDate,
) -> Result<Vec<(i64, Change)>, StoreError> {
    let rows: Vec<(i64, NaiveDate, AmountRow)> = on_each!(conn, |c| tally::table
        .filter(tally::unit_id.eq(top.0).and(tally::indicator_id.eq_any(indicators)).and(tally::day.le(until)))
        .group_by((tally::indicator_id, tally::day))
        .order((tally::indicator_id, tally::day))
        .select((tally::indicator_id, tally::day, summed!()))
        .load(c))?;
    Ok(rows.into_iter().map(|(indicator, day, row)| (indicator, Change { day, by: read(row) })).collect())
}

/// Which total of which day a ledger row changes: unit, indicator, day.
pub type RowKey = (i64, i64, NaiveDate);

/// The whole ledger, slots summed, for comparison with a recomputation.
pub fn everything(conn: &mut Conn) -> Result<Vec<(RowKey, Amount)>, StoreError> {
    let rows: Vec<(i64, i64, NaiveDate, AmountRow)> = on_each!(conn, |c| tally::table
        .group_by((tally::unit_id, tally::indicator_id, tally::day))
        .order((tally::unit_id, tally::indicator_id, tally::day))
        .select((tally::unit_id, tally::indicator_id, tally::day, summed!()))
        .load(c))?;
    Ok(rows.into_iter().map(|(unit, indicator, day, row)| ((unit, indicator, day), read(row))).collect())
}
