//! The figures of many series nearest to a time, by one look-up each.

use diesel::{prelude::*, sql_types::BigInt};

use super::InForce;
use crate::{
    domain::{calendar::Instant, unit::UnitId},
    store::{Conn, StoreError, Ts, connection::Backend, on_each, schema::sql_types::UtcTimestamp},
};

/// Whose series are asked for.
#[derive(Clone, Copy)]
pub(super) enum Whose {
    /// Those of a unit and of all below it.
    Below(UnitId),
    /// Those of a unit.
    Own(UnitId),
}

/// Which figure of each series is asked for.
#[derive(Clone, Copy)]
pub(super) enum Nearest {
    /// The last before a time.
    LastBefore(Instant),
    /// The first from a time on.
    FirstFrom(Instant),
}

/// One look-up in the key of `figure` for each series; each database is told so in its own words, because left to
/// themselves both read every figure of every unit. SQLite numbers `$1`, `$2` in the order in which they are first
/// written, whatever their names: they must stand in that order.
pub(super) fn nearest(
    conn: &mut Conn,
    indicators: &[i64],
    whose: Whose,
    which: Nearest,
) -> Result<Vec<InForce>, StoreError> {
    if indicators.is_empty() {
        return Ok(Vec::new());
    }
    let (top, only) = match whose {
        Whose::Below(top) => (top, ""),
        Whose::Own(unit) => (unit, "AND c.depth = 0"),
    };
    let (at, side, order) = match which {
        Nearest::LastBefore(until) => (until, "<", "DESC"),
        Nearest::FirstFrom(from) => (from, ">=", "ASC"),
    };
    let indicators = indicators.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let columns = "SELECT f.unit_id, f.indicator_id, f.report_id, f.as_of, f.count, f.base FROM unit_closure c";
    let scope = format!("c.ancestor_id = $1 {only} AND l.unit_id = c.unit_id AND l.indicator_id + 0 IN ({indicators})");
    let found = format!(
        "FROM figure g WHERE g.unit_id = l.unit_id AND g.indicator_id = l.indicator_id AND g.as_of {side} $2 \
         AND NOT EXISTS (SELECT 1 FROM review v WHERE v.report_id = g.report_id AND v.outcome = 'returned') \
         ORDER BY g.as_of {order}, g.report_id {order} LIMIT 1"
    );
    let sql = match &conn.backend {
        Backend::Sqlite(_) => format!(
            "{columns} CROSS JOIN latest l CROSS JOIN figure f \
             WHERE {scope} AND f.unit_id = l.unit_id AND f.indicator_id = l.indicator_id \
             AND (f.as_of, f.report_id) = (SELECT g.as_of, g.report_id {found})"
        ),
        Backend::Postgres(_) => {
            format!("{columns} JOIN latest l ON {scope} CROSS JOIN LATERAL (SELECT g.* {found}) f")
        }
    };
    Ok(on_each!(conn, |c| diesel::sql_query(&sql)
        .bind::<BigInt, _>(top.0)
        .bind::<UtcTimestamp, _>(Ts::from(at))
        .load(c))?)
}
