//! Reports as they were issued, with their files: never changed.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    Conn, StoreError, Ts, on_each,
    schema::{account, issued_report as i, unit},
    units,
};
use crate::domain::{
    calendar::Instant,
    consolidated::{ConsolidatedReport, choices::Period},
    unit::{Unit, UnitId},
};

/// An issued report, in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedHead {
    /// Its number in the record.
    pub id: i64,
    /// The plan.
    pub plan_id: i64,
    /// The place.
    pub unit: Unit,
    /// Its period.
    pub period: Period,
    /// Its version: the first for a period is 1.
    pub version: i32,
    /// The instant its figures are as of.
    pub as_of: Instant,
    /// SHA-256 of its content.
    pub digest: String,
    /// When it was issued.
    pub issued_at: Instant,
    /// Name of who issued it.
    pub issued_by: String,
}

type Row = (i64, i64, units::UnitRow, NaiveDate, NaiveDate, i32, Ts, String, Ts, String);

macro_rules! head {
    () => {
        (
            i::id,
            i::plan_id,
            units::columns!(),
            i::starts_on,
            i::ends_on,
            i::version,
            i::as_of,
            i::digest,
            i::recorded_at,
            account::display_name,
        )
    };
}

fn read(row: Row) -> Result<IssuedHead, StoreError> {
    let (id, plan_id, unit, starts_on, ends_on, version, as_of, digest, at, issued_by) = row;
    Ok(IssuedHead {
        id,
        plan_id,
        unit: units::read(unit)?,
        period: Period { starts_on, ends_on },
        version,
        as_of: as_of.0,
        digest,
        issued_at: at.0,
        issued_by,
    })
}

/// The reports issued for a place, newest first.
pub fn of(conn: &mut Conn, plan_id: i64, place: UnitId) -> Result<Vec<IssuedHead>, StoreError> {
    let rows: Vec<Row> = on_each!(conn, |c| i::table
        .inner_join(unit::table)
        .inner_join(account::table)
        .filter(i::plan_id.eq(plan_id).and(i::unit_id.eq(place.0)))
        .order(i::id.desc())
        .select(head!())
        .load(c))?;
    rows.into_iter().map(read).collect()
}

/// The one with this number.
pub fn find(conn: &mut Conn, id: i64) -> Result<Option<IssuedHead>, StoreError> {
    let row: Option<Row> = on_each!(conn, |c| i::table
        .inner_join(unit::table)
        .inner_join(account::table)
        .filter(i::id.eq(id))
        .select(head!())
        .get_result(c)
        .optional())?;
    row.map(read).transpose()
}

/// Its content, as text whose digest was kept.
pub fn text(conn: &mut Conn, id: i64) -> Result<String, StoreError> {
    Ok(on_each!(conn, |c| i::table.find(id).select(i::content).get_result(c))?)
}

/// Its content.
pub fn content(conn: &mut Conn, id: i64) -> Result<ConsolidatedReport, StoreError> {
    serde_json::from_str(&text(conn, id)?).map_err(|e| StoreError::Broken(format!("issued report {id}: {e}")))
}

/// Its Word file and its workbook.
pub fn files(conn: &mut Conn, id: i64) -> Result<(Vec<u8>, Vec<u8>), StoreError> {
    Ok(on_each!(conn, |c| i::table.find(id).select((i::docx, i::xlsx)).get_result(c))?)
}

/// The last version of a period; 0: none was issued.
pub fn last_version(conn: &mut Conn, plan_id: i64, place: UnitId, period: Period) -> Result<i32, StoreError> {
    let of_period = i::plan_id
        .eq(plan_id)
        .and(i::unit_id.eq(place.0))
        .and(i::starts_on.eq(period.starts_on))
        .and(i::ends_on.eq(period.ends_on));
    let last: Option<i32> =
        on_each!(conn, |c| i::table.filter(of_period).select(diesel::dsl::max(i::version)).get_result(c))?;
    Ok(last.unwrap_or(0))
}

/// A report to be issued.
#[derive(Debug, Clone)]
pub struct NewIssue {
    /// The plan.
    pub plan_id: i64,
    /// The place.
    pub unit: UnitId,
    /// Its period.
    pub period: Period,
    /// Its version.
    pub version: i32,
    /// The instant its figures are as of.
    pub as_of: Instant,
    /// Its content as text, and the SHA-256 of that.
    pub content: String,
    /// See `content`.
    pub digest: String,
    /// Its Word file.
    pub docx: Vec<u8>,
    /// Its workbook.
    pub xlsx: Vec<u8>,
    /// When.
    pub issued_at: Instant,
    /// By whom.
    pub account_id: i64,
}

/// Issues it; its number.
pub fn insert(conn: &mut Conn, new: &NewIssue) -> Result<i64, StoreError> {
    let row = (
        i::plan_id.eq(new.plan_id),
        i::unit_id.eq(new.unit.0),
        i::starts_on.eq(new.period.starts_on),
        i::ends_on.eq(new.period.ends_on),
        i::version.eq(new.version),
        i::as_of.eq(Ts::from(new.as_of)),
        i::content.eq(&new.content),
        i::digest.eq(&new.digest),
        i::docx.eq(&new.docx),
        i::xlsx.eq(&new.xlsx),
        i::recorded_at.eq(Ts::from(new.issued_at)),
        i::account_id.eq(new.account_id),
    );
    Ok(on_each!(conn, |c| diesel::insert_into(i::table).values(row).returning(i::id).get_result(c))?)
}
