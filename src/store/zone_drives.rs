//! Beside the decisions of a drive: totals as they were published, and the marks of people on its shortlist.

use diesel::prelude::*;

use super::{
    Conn, StoreError, Ts, on_each,
    schema::{account, award_mark as m, published_zone_total as t, unit_closure},
};
use crate::domain::{
    calendar::Instant,
    unit::{UnitId, UnitKind},
    zone::drive::{AwardState, Window},
};

/// Places of one level, as an issuer published them.
#[derive(Debug, Clone, PartialEq, Eq, Insertable)]
#[diesel(table_name = t, treat_none_as_default_value = false)]
pub struct PublishedTotal {
    /// The place the total is of.
    pub unit_id: i64,
    /// What was counted: communes or districts.
    pub kind: String,
    /// When it took effect.
    pub effective_from: Ts,
    /// The scheme's code.
    pub scheme: String,
    /// The level.
    pub level: i32,
    /// How many places.
    pub places: i32,
    /// Who published it: the document.
    pub source: String,
    /// Where it was read.
    pub source_url: String,
}

/// Records published totals, each once. Returns how many were new.
pub fn add_totals(conn: &mut Conn, totals: &[PublishedTotal]) -> Result<usize, StoreError> {
    Ok(on_each!(conn, |c| diesel::insert_into(t::table).values(totals).on_conflict_do_nothing().execute(c))?)
}

/// The totals published of `unit`, by time and level.
pub fn totals(conn: &mut Conn, unit: UnitId, kind: UnitKind) -> Result<Vec<PublishedTotal>, StoreError> {
    type Row = (i64, String, Ts, String, i32, i32, String, String);
    let rows: Vec<Row> = on_each!(conn, |c| t::table
        .filter(t::unit_id.eq(unit.0).and(t::kind.eq(kind.code())))
        .order((t::effective_from, t::level))
        .select((t::unit_id, t::kind, t::effective_from, t::scheme, t::level, t::places, t::source, t::source_url))
        .load(c))?;
    let read = |(unit_id, kind, effective_from, scheme, level, places, source, source_url)| PublishedTotal {
        unit_id,
        kind,
        effective_from,
        scheme,
        level,
        places,
        source,
        source_url,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// A person's mark on a place of a shortlist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Record number.
    pub id: i64,
    /// The place.
    pub unit: UnitId,
    /// Where it stands with this mark.
    pub state: AwardState,
    /// Why.
    pub reason: String,
    /// When it was made.
    pub recorded_at: Instant,
    /// By whom.
    pub recorded_by: String,
}

/// Every mark on places below `top` for a window, in the order they were made.
pub fn marks(conn: &mut Conn, top: UnitId, window: Window) -> Result<Vec<Mark>, StoreError> {
    let rows: Vec<(i64, i64, String, String, Ts, String)> = on_each!(conn, |c| m::table
        .inner_join(account::table)
        .inner_join(unit_closure::table.on(unit_closure::unit_id.eq(m::unit_id)))
        .filter(unit_closure::ancestor_id.eq(top.0))
        .filter(m::starts_on.eq(window.starts_on).and(m::ends_on.eq(window.ends_on)))
        .order(m::id)
        .select((m::id, m::unit_id, m::state, m::reason, m::recorded_at, account::display_name))
        .load(c))?;
    rows.into_iter()
        .map(|(id, unit, state, reason, at, recorded_by)| {
            let state = AwardState::from_code(&state)
                .ok_or_else(|| StoreError::Broken(format!("award mark {id} says {state}")))?;
            Ok(Mark { id, unit: UnitId(unit), state, reason, recorded_at: at.0, recorded_by })
        })
        .collect()
}

/// Records a mark and returns its number.
pub fn mark(
    conn: &mut Conn,
    (unit, window): (UnitId, Window),
    (state, reason): (AwardState, &str),
    (account_id, now): (i64, Instant),
) -> Result<i64, StoreError> {
    let row = (
        m::unit_id.eq(unit.0),
        m::starts_on.eq(window.starts_on),
        m::ends_on.eq(window.ends_on),
        m::state.eq(state.code()),
        m::reason.eq(reason),
        m::recorded_at.eq(Ts::from(now)),
        m::account_id.eq(account_id),
    );
    Ok(on_each!(conn, |c| diesel::insert_into(m::table).values(row).returning(m::id).get_result(c))?)
}
