//! The series of figures, whole: to recompute what is derived from them.

use diesel::prelude::*;

use super::{
    Conn, StoreError, on_each,
    reports::{self, InForce},
    schema::{figure, latest, report},
};
use crate::domain::unit::UnitId;

/// Every figure, series by series in record order, for recomputation: (unit, indicator, report, as-of, value).
pub fn every_figure(conn: &mut Conn) -> Result<Vec<InForce>, StoreError> {
    Ok(on_each!(conn, |c| figure::table
        .order((figure::unit_id, figure::indicator_id, figure::report_id))
        .select((figure::unit_id, figure::indicator_id, figure::report_id, figure::as_of, figure::count, figure::base))
        .load(c))?)
}

/// The report of a figure that says another unit or time than its report does, or that is of none, if there is one.
pub fn first_stray(conn: &mut Conn) -> Result<Option<i64>, StoreError> {
    let own =
        report::id.eq(figure::report_id).and(report::unit_id.eq(figure::unit_id)).and(report::as_of.eq(figure::as_of));
    Ok(on_each!(conn, |c| figure::table
        .left_join(report::table.on(own))
        .filter(report::id.is_null())
        .select(figure::report_id)
        .first(c)
        .optional())?)
}

/// Every series' figure in force, by unit and indicator.
pub fn every_latest(conn: &mut Conn) -> Result<Vec<InForce>, StoreError> {
    Ok(on_each!(conn, |c| latest::table
        .order((latest::unit_id, latest::indicator_id))
        .select((latest::unit_id, latest::indicator_id, latest::report_id, latest::as_of, latest::count, latest::base))
        .load(c))?)
}

/// The figures of a unit that stand, of every series that a report speaks of, in record order.
pub fn series_of(conn: &mut Conn, unit: UnitId, of_report: i64) -> Result<Vec<InForce>, StoreError> {
    let of_this = figure::unit_id.eq(unit.0).and(figure::report_id.eq(of_report));
    let indicators: Vec<i64> = on_each!(conn, |c| figure::table.filter(of_this).select(figure::indicator_id).load(c))?;
    reports::figures_of(conn, &indicators, &[unit])
}

/// How many reports there are.
pub fn count(conn: &mut Conn) -> Result<i64, StoreError> {
    Ok(on_each!(conn, |c| report::table.count().get_result(c))?)
}
