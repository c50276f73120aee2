//! The roll-up ledger: changes of every total by day (see `domain::ledger`). It holds what stands below a unit; a unit's
//! own figures are read from its reports, and most units have nothing else.

use std::{collections::BTreeMap, ops::RangeInclusive, rc::Rc};

use chrono::NaiveDate;
use diesel::{
    dsl::sum,
    pg::Pg,
    prelude::*,
    serialize::{self, IsNull, Output, ToSql},
    sql_types::{BigInt, Date, Integer},
    sqlite::Sqlite,
};

use super::{
    Conn, StoreError,
    memo::{self, Memo, Shelf, UpTo},
    on_each, past, pending, reports,
    schema::tally,
    upsert::{upsert, upserts},
};
use crate::domain::{
    calendar::{self, Instant},
    ledger::{self, Amount, Change},
    standing::Value,
    unit::{Unit, UnitId},
};

/// Some days, the first and the last of them included.
type Days = RangeInclusive<NaiveDate>;

/// What changes the total of an indicator on a day.
pub(super) type Step = (i64, NaiveDate, Amount);

type AmountRow = (Option<i64>, Option<i64>, Option<i64>, Option<i64>);

macro_rules! summed {
    () => {
        (sum(tally::count), sum(tally::counted), sum(tally::base), sum(tally::units))
    };
}

/// The rows below `top` of some indicators, from a day to another.
macro_rules! below {
    ($top:expr, $indicators:expr, $days:expr) => {
        tally::table.filter(
            tally::unit_id
                .eq($top.0)
                .and(tally::indicator_id.eq_any($indicators))
                .and(tally::day.between($days.start(), $days.end())),
        )
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

/// A row of the ledger: unit, indicator, day, slot.
pub(super) type Key = (i64, i64, NaiveDate, i32);

upserts! {
    struct TallyRow -> "tally" {
        unit_id: i64 => BigInt,
        indicator_id: i64 => BigInt,
        day: Day => Date,
        slot: i32 => Integer,
        count: i32 => Integer,
        counted: i32 => Integer,
        base: i32 => Integer,
        units: i32 => Integer,
    }
    "ON CONFLICT (unit_id, indicator_id, day, slot) DO UPDATE SET count = tally.count + excluded.count, \
     counted = tally.counted + excluded.counted, base = tally.base + excluded.base, units = tally.units + excluded.units"
}

/// Adds a report's changes to every unit above. They are written when the transaction commits or the ledger is read in
/// it.
pub fn add(conn: &mut Conn, above: &[Unit], changes: &[(i64, Change)]) -> Result<(), StoreError> {
    let slot = conn.slot();
    for unit in above {
        let slot = if unit.kind.is_upper_level() { slot } else { 0 };
        for (indicator, change) in changes {
            let key = (unit.id.0, *indicator, change.day, slot);
            let mut sum = change.by;
            conn.pending().iter().filter_map(|level| level.tallies.get(&key)).for_each(|by| sum += *by);
            // Found out here, where it harms nobody who shares the commit.
            columns(sum)?;
            *conn.pending_mut()?.tallies.entry(key).or_default() += change.by;
        }
    }
    Ok(())
}

/// Adds many changes at once: each to the unit it names, which is one of the upper levels or not.
pub fn add_many(
    conn: &mut Conn,
    changes: impl IntoIterator<Item = (UnitId, bool, i64, Change)>,
) -> Result<(), StoreError> {
    let slot = conn.slot();
    let tallies = &mut conn.pending_mut()?.tallies;
    for (unit, is_upper_level, indicator, change) in changes {
        let key = (unit.0, indicator, change.day, if is_upper_level { slot } else { 0 });
        *tallies.entry(key).or_default() += change.by;
    }
    let Some((inner, around)) = conn.pending().split_last() else { return Ok(()) };
    for (key, by) in &inner.tallies {
        let mut sum = *by;
        around.iter().filter_map(|level| level.tallies.get(key)).for_each(|by| sum += *by);
        columns(sum)?;
    }
    Ok(())
}

/// An amount as it is kept: count, counted, base, units.
fn columns(by: Amount) -> Result<[i32; 4], StoreError> {
    let small = |n: i64| i32::try_from(n).map_err(|_| StoreError::Broken(format!("{n} is too large a count")));
    Ok([small(by.count)?, small(by.counted)?, small(by.base)?, small(by.units)?])
}

/// Writes changes in the order of their keys, so that two writers never wait for each other crosswise.
pub(super) fn write(conn: &mut Conn, changes: &BTreeMap<Key, Amount>) -> Result<(), StoreError> {
    let mut rows: Vec<TallyRow> = Vec::with_capacity(changes.len());
    for ((unit_id, indicator_id, day, slot), by) in changes {
        let [count, counted, base, units] = columns(*by)?;
        let known = rows.last().map(|row| &row.day).filter(|known| known.date == *day);
        let day = known.cloned().unwrap_or_else(|| Day::from(*day));
        let (unit_id, indicator_id, slot) = (*unit_id, *indicator_id, *slot);
        rows.push(TallyRow { unit_id, indicator_id, day, slot, count, counted, base, units });
    }
    upsert(conn, &rows)
}

/// A day with its text, which SQLite keeps: many rows are of one day, and writing it out costs more than all their numbers.
#[derive(Debug, Clone)]
struct Day {
    date: NaiveDate,
    text: Rc<str>,
}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Self {
        Self { date, text: date.to_string().into() }
    }
}

impl ToSql<Date, Sqlite> for Day {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(&*self.text);
        Ok(IsNull::No)
    }
}

impl ToSql<Date, Pg> for Day {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<Date, Pg>::to_sql(&self.date, &mut out.reborrow())
    }
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
    .bind::<Date, _>(today)
    .execute(c)?)
}

/// The total of each indicator of `top` and all below it at the end of some days.
pub fn totals<const DAYS: usize>(
    conn: &mut Conn,
    top: UnitId,
    indicators: &[i64],
    days: [NaiveDate; DAYS],
    now: Instant,
) -> Result<[BTreeMap<i64, Amount>; DAYS], StoreError> {
    pending::settle(conn)?;
    let own = own_indicators(conn, top, indicators)?;
    let mut totals: [BTreeMap<i64, Amount>; DAYS] = [const { BTreeMap::new() }; DAYS];
    for (totals, day) in totals.iter_mut().zip(days) {
        for (indicator, by) in up_to(conn, |memo| &memo.totals, (top, indicators, day), now, sums)? {
            *totals.entry(indicator).or_default() += by;
        }
        for figure in reports::before(conn, &own, top, calendar::end_of(day))? {
            *totals.entry(figure.indicator_id).or_default() += Amount::of(Some(figure.value()));
        }
    }
    Ok(totals)
}

/// The total of each indicator below `top` over some days.
fn sums(conn: &mut Conn, top: UnitId, indicators: &[i64], days: &Days) -> Result<Vec<(i64, Amount)>, StoreError> {
    let rows: Vec<(i64, AmountRow)> = on_each!(conn, |c| below!(top, indicators, days)
        .group_by(tally::indicator_id)
        .select((tally::indicator_id, summed!()))
        .load(c))?;
    Ok(rows.into_iter().map(|(indicator, row)| (indicator, read(row))).collect())
}

/// The changes of each indicator's total of `top` and all below it up to a day, by indicator and day.
pub fn by_day(
    conn: &mut Conn,
    top: UnitId,
    indicators: &[i64],
    until: NaiveDate,
    now: Instant,
) -> Result<BTreeMap<i64, BTreeMap<NaiveDate, Amount>>, StoreError> {
    pending::settle(conn)?;
    let mut changes: BTreeMap<i64, BTreeMap<NaiveDate, Amount>> = BTreeMap::new();
    for (indicator, day, by) in up_to(conn, |memo| &memo.changes, (top, indicators, until), now, steps)? {
        changes.entry(indicator).or_default().insert(day, by);
    }
    let own = own_indicators(conn, top, indicators)?;
    let figures = reports::figures_of(conn, &own, &[top])?;
    for series in figures.chunk_by(|a, b| a.indicator_id == b.indicator_id) {
        let Some(first) = series.first() else { continue };
        let history: Vec<(Instant, Value)> = series.iter().map(|figure| (figure.as_of(), figure.value())).collect();
        let of_series = changes.entry(first.indicator_id).or_default();
        for (day, by) in ledger::recompute(&history).range(..=until) {
            *of_series.entry(*day).or_default() += *by;
        }
    }
    Ok(changes)
}

/// What changes the total of each indicator below `top` on each of some days.
fn steps(conn: &mut Conn, top: UnitId, indicators: &[i64], days: &Days) -> Result<Vec<Step>, StoreError> {
    let rows: Vec<(i64, NaiveDate, AmountRow)> = on_each!(conn, |c| below!(top, indicators, days)
        .group_by((tally::indicator_id, tally::day))
        .select((tally::indicator_id, tally::day, summed!()))
        .load(c))?;
    Ok(rows.into_iter().map(|(indicator, day, row)| (indicator, day, read(row))).collect())
}

/// A question to the ledger: below which place, of which indicators, over which days.
type Read<T> = fn(&mut Conn, UnitId, &[i64], &Days) -> Result<Vec<T>, StoreError>;

/// What is read of the ledger up to a day: of days long gone what is kept, and of the days since.
fn up_to<T: Clone>(
    conn: &mut Conn,
    shelf: impl Fn(&Memo) -> &Shelf<UpTo, T>,
    (top, indicators, until): (UnitId, &[i64], NaiveDate),
    now: Instant,
    read: Read<T>,
) -> Result<Vec<T>, StoreError> {
    // 1970: before there was anything to count.
    let first = NaiveDate::default();
    let gone = until.min(past::last_day(now));
    // Two questions may see two moments: what a report adds on one day and takes back on a later one.
    if !conn.sees_one_moment() {
        return read(conn, top, indicators, &(first..=until));
    }
    let key = (top, indicators.to_vec(), gone);
    let kept = memo::rows(conn, shelf, key, past::version, |conn| read(conn, top, indicators, &(first..=gone)))?;
    let mut rows = kept.to_vec();
    if let Some(next) = gone.succ_opt().filter(|next| *next <= until) {
        rows.extend(read(conn, top, indicators, &(next..=until))?);
    }
    Ok(rows)
}

/// Those of the indicators that a unit itself has figures of: few have any that have others below them.
fn own_indicators(conn: &mut Conn, unit: UnitId, indicators: &[i64]) -> Result<Vec<i64>, StoreError> {
    Ok(reports::in_force_of(conn, indicators, &[unit])?.into_iter().map(|figure| figure.indicator_id).collect())
}

/// Which total of which day a ledger row changes: unit, indicator, day.
pub type RowKey = (i64, i64, NaiveDate);

/// The whole ledger, slots summed, for comparison with a recomputation.
pub fn everything(conn: &mut Conn) -> Result<Vec<(RowKey, Amount)>, StoreError> {
    pending::settle(conn)?;
    let rows: Vec<(i64, i64, NaiveDate, AmountRow)> = on_each!(conn, |c| tally::table
        .group_by((tally::unit_id, tally::indicator_id, tally::day))
        .order((tally::unit_id, tally::indicator_id, tally::day))
        .select((tally::unit_id, tally::indicator_id, tally::day, summed!()))
        .load(c))?;
    Ok(rows.into_iter().map(|(unit, indicator, day, row)| ((unit, indicator, day), read(row))).collect())
}
