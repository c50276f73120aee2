//! What was reported, version by version: every report and every figure, whatever superseded them.

use diesel::prelude::*;

use super::{
    Conn, StoreError, Ts,
    among::among,
    on_each,
    reports::IndicatorValue,
    schema::{account, figure, import, report, unit, unit_closure},
    units,
};
use crate::domain::{
    calendar::Instant,
    standing::Value,
    unit::{Unit, UnitId},
};

/// A report as its history shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its number.
    pub id: i64,
    /// The unit it speaks of.
    pub unit: Unit,
    /// The time its figures are true at.
    pub as_of: Instant,
    /// The time it was recorded.
    pub recorded_at: Instant,
    /// Name of who recorded it.
    pub recorded_by: String,
    /// How it came.
    pub channel: String,
    /// Why a figure is odd or corrected.
    pub reason: String,
    /// The report it corrects.
    pub supersedes: Option<i64>,
    /// Its figures.
    pub values: Vec<IndicatorValue>,
}

/// The reports on the units below `top`, newest record first, at most `limit`; those before report `before` if given.
pub fn reports(
    conn: &mut Conn,
    plan_id: i64,
    top: UnitId,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Recorded>, StoreError> {
    type Row = (i64, units::UnitRow, Ts, Ts, String, String, String, Option<i64>);
    let rows: Vec<Row> = on_each!(conn, |c| report::table
        .inner_join(account::table)
        .inner_join(unit::table)
        .inner_join(unit_closure::table.on(unit_closure::unit_id.eq(report::unit_id)))
        .filter(unit_closure::ancestor_id.eq(top.0).and(report::plan_id.eq(plan_id)))
        .filter(report::id.lt(before.unwrap_or(i64::MAX)))
        .order(report::id.desc())
        .limit(limit)
        .select((
            report::id,
            units::columns!(),
            report::as_of,
            report::recorded_at,
            account::display_name,
            report::channel,
            report::reason,
            report::supersedes_id,
        ))
        .load(c))?;
    let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
    // What the key of the figures begins with.
    let key =
        figure::unit_id.eq(report::unit_id).and(figure::as_of.eq(report::as_of)).and(figure::report_id.eq(report::id));
    let figures: Vec<(i64, i64, i32, Option<i32>)> = on_each!(conn, |c| report::table
        .inner_join(figure::table.on(key))
        .filter(among(report::id, ids))
        .order((figure::report_id, figure::indicator_id))
        .select((figure::report_id, figure::indicator_id, figure::count, figure::base))
        .load(c))?;
    rows.into_iter()
        .map(|(id, unit, as_of, recorded_at, recorded_by, channel, reason, supersedes)| {
            let values = figures
                .iter()
                .filter(|figure| figure.0 == id)
                .map(|(_, indicator, count, base)| {
                    (*indicator, Value { count: (*count).into(), base: base.map(Into::into) })
                })
                .collect();
            Ok(Recorded {
                id,
                unit: units::read(unit)?,
                as_of: as_of.0,
                recorded_at: recorded_at.0,
                recorded_by,
                channel,
                reason,
                supersedes,
                values,
            })
        })
        .collect()
}

/// A version of one figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The report it came with.
    pub report: i64,
    /// The time it is true at.
    pub as_of: Instant,
    /// The time it was recorded.
    pub recorded_at: Instant,
    /// Name of who recorded it.
    pub recorded_by: String,
    /// How it came.
    pub channel: String,
    /// Why it is odd or corrected.
    pub reason: String,
    /// The report it corrects.
    pub supersedes: Option<i64>,
    /// The file it came with.
    pub origin: Option<Origin>,
    /// The figure.
    pub value: Value,
}

/// The place in a file that a figure came from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Origin {
    /// Number of the import.
    pub import: i64,
    /// The file's name.
    pub file_name: String,
    /// SHA-256 of the file.
    pub file_hash: String,
    /// The sheet; empty in a text file.
    pub sheet: String,
    /// The row.
    pub row: i32,
}

/// Every version of a series, in record order.
pub fn versions(conn: &mut Conn, unit: UnitId, indicator: i64) -> Result<Vec<Version>, StoreError> {
    type File = (i64, String, String, String);
    type Row = (i64, Ts, Ts, String, String, String, Option<i64>, (i32, Option<i32>), (Option<File>, Option<i32>));
    let file = (import::id, import::file_name, import::file_hash, import::sheet);
    let rows: Vec<Row> = on_each!(conn, |c| figure::table
        .inner_join(report::table.inner_join(account::table).left_join(import::table))
        .filter(figure::unit_id.eq(unit.0).and(figure::indicator_id.eq(indicator)))
        .order(figure::report_id)
        .select((
            report::id,
            report::as_of,
            report::recorded_at,
            account::display_name,
            report::channel,
            report::reason,
            report::supersedes_id,
            (figure::count, figure::base),
            (file.nullable(), report::import_row),
        ))
        .load(c))?;
    Ok(rows
        .into_iter()
        .map(|(report, as_of, recorded_at, recorded_by, channel, reason, supersedes, (count, base), (file, row))| {
            let origin = |(import, file_name, file_hash, sheet)| Origin {
                import,
                file_name,
                file_hash,
                sheet,
                row: row.unwrap_or(0),
            };
            Version {
                report,
                as_of: as_of.0,
                recorded_at: recorded_at.0,
                recorded_by,
                channel,
                reason,
                supersedes,
                origin: file.map(origin),
                value: Value { count: count.into(), base: base.map(Into::into) },
            }
        })
        .collect())
}
