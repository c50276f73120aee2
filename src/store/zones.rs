//! Zone decisions, append-only.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    Conn, StoreError, Ts, on_each,
    schema::{account, unit_closure, zone_decision as z},
};
use crate::domain::{calendar::Instant, unit::UnitId, zone::Decision};

type Row =
    ((i64, i64, String, i32, Ts), (Option<String>, Option<String>, Option<NaiveDate>, bool, String), (Ts, String));

macro_rules! columns {
    () => {
        (
            (z::id, z::unit_id, z::scheme, z::level, z::effective_from),
            (z::decision_number, z::decision_issuer, z::decision_date, z::is_official, z::note),
            (z::recorded_at, account::display_name),
        )
    };
}

fn read(row: Row) -> Decision {
    let (
        (id, unit, scheme, level, effective_from),
        (decision_number, decision_issuer, decision_date, is_official, note),
        (at, by),
    ) = row;
    Decision {
        id,
        unit: UnitId(unit),
        scheme,
        level,
        effective_from: effective_from.0,
        decision_number,
        decision_issuer,
        decision_date,
        is_official,
        note,
        recorded_at: at.0,
        recorded_by: by,
    }
}

/// The official decision in force at `at` of every unit below `top` that has one: the last effective, ties to the
/// one recorded last (see `domain::zone::in_force`). One index look-up for each unit.
pub fn in_force(conn: &mut Conn, top: UnitId, at: Instant) -> Result<Vec<Decision>, StoreError> {
    let later = diesel::alias!(z as later);
    let rows: Vec<Row> = on_each!(conn, |c| unit_closure::table
        .inner_join(z::table.on(z::unit_id.eq(unit_closure::unit_id)))
        .inner_join(account::table.on(account::id.eq(z::account_id)))
        .filter(unit_closure::ancestor_id.eq(top.0))
        .filter(
            z::id.nullable().eq(later
                .filter(later.field(z::unit_id).eq(unit_closure::unit_id))
                .filter(later.field(z::is_official).eq(true))
                .filter(later.field(z::effective_from).le(Ts::from(at)))
                .order((later.field(z::effective_from).desc(), later.field(z::id).desc()))
                .select(later.field(z::id))
                .limit(1)
                .single_value())
        )
        .order(z::unit_id)
        .select(columns!())
        .load(c))?;
    Ok(rows.into_iter().map(read).collect())
}

/// The official decisions below `top` that take effect after `at`, by time.
pub fn coming(conn: &mut Conn, top: UnitId, at: Instant) -> Result<Vec<Decision>, StoreError> {
    let rows: Vec<Row> = on_each!(conn, |c| z::table
        .inner_join(account::table)
        .inner_join(unit_closure::table.on(unit_closure::unit_id.eq(z::unit_id)))
        .filter(unit_closure::ancestor_id.eq(top.0))
        .filter(z::is_official.eq(true).and(z::effective_from.gt(Ts::from(at))))
        .order((z::effective_from, z::id))
        .select(columns!())
        .load(c))?;
    Ok(rows.into_iter().map(read).collect())
}

/// The decisions on one unit, by time.
pub fn of(conn: &mut Conn, unit: UnitId) -> Result<Vec<Decision>, StoreError> {
    let rows: Vec<Row> = on_each!(conn, |c| z::table
        .inner_join(account::table)
        .filter(z::unit_id.eq(unit.0))
        .order((z::effective_from, z::id))
        .select(columns!())
        .load(c))?;
    Ok(rows.into_iter().map(read).collect())
}

/// A decision to be recorded.
#[derive(Debug, Clone)]
pub struct NewDecision {
    /// The place.
    pub unit: UnitId,
    /// The scheme's code.
    pub scheme: String,
    /// The level in it.
    pub level: i32,
    /// When it takes effect.
    pub effective_from: Instant,
    /// Number of the document.
    pub decision_number: Option<String>,
    /// Who signed it.
    pub decision_issuer: Option<String>,
    /// Its date.
    pub decision_date: Option<NaiveDate>,
    /// Whether it counts.
    pub is_official: bool,
    /// Remarks.
    pub note: String,
    /// When it is recorded.
    pub recorded_at: Instant,
    /// Who records it.
    pub account_id: i64,
}

/// Records a decision and returns its number.
pub fn insert(conn: &mut Conn, new: &NewDecision) -> Result<i64, StoreError> {
    let row = (
        (
            z::unit_id.eq(new.unit.0),
            z::scheme.eq(&new.scheme),
            z::level.eq(new.level),
            z::effective_from.eq(Ts::from(new.effective_from)),
            z::decision_number.eq(&new.decision_number),
            z::decision_issuer.eq(&new.decision_issuer),
        ),
        (
            z::decision_date.eq(new.decision_date),
            z::is_official.eq(new.is_official),
            z::note.eq(&new.note),
            z::recorded_at.eq(Ts::from(new.recorded_at)),
            z::account_id.eq(new.account_id),
        ),
    );
    Ok(on_each!(conn, |c| diesel::insert_into(z::table).values(row).returning(z::id).get_result(c))?)
}
