//! The line of every place's zones: derived from the decisions whenever one is recorded, so that the state of ten
//! thousand places is one scan of short rows. All that was ever decided of a place stands apart from its last steps.

use std::{
    collections::BTreeMap,
    ops::{Bound, RangeBounds},
    sync::Arc,
};

use diesel::{dsl::case_when, prelude::*, sql_types::BigInt};

use super::{
    Conn, StoreError,
    memo::{self, Version},
    on_each,
    schema::{unit, unit_closure, zone_decision, zone_history, zone_line},
    units,
    zone_packing::{pack, unpack},
    zones,
};
use crate::domain::{
    calendar::Instant,
    unit::{UnitId, UnitKind},
    zone::{Decision, line::Line},
};

/// A place with its line, without its name: a country has ten thousand places, and shows a few of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Which.
    pub unit: UnitId,
    /// What it is.
    pub kind: UnitKind,
    /// What it stands under.
    pub parent: Option<UnitId>,
    /// Its zones; without a step where nothing was decided.
    pub line: Line,
}

/// How much of a line is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Every decision that counts.
    Decisions,
    /// Where the zone changes, and not where the same level was decided again.
    Changes,
}

/// A place with its line as it is kept.
pub(super) struct PlaceRow {
    unit: UnitId,
    kind: UnitKind,
    parent: Option<UnitId>,
    /// Unix second from which on the recent steps say all.
    recent_since: i64,
    packed: Option<Vec<u8>>,
}

impl PlaceRow {
    fn read((unit, kind, parent, since, packed): ReadRow) -> Result<Self, StoreError> {
        Ok(Self {
            unit: UnitId(unit),
            kind: units::kind_of(unit, &kind)?,
            parent: parent.map(UnitId),
            recent_since: since.unwrap_or(ALWAYS),
            packed,
        })
    }

    fn place(&self, span: &impl RangeBounds<Instant>) -> Result<Place, StoreError> {
        let line = self.packed.as_ref().map_or_else(|| Ok(Line::default()), |packed| unpack(packed, span))?;
        Ok(Place { unit: self.unit, kind: self.kind, parent: self.parent, line })
    }
}

/// Unit, kind, parent, since when the recent steps say all, packed line.
type ReadRow = (i64, String, Option<i64>, Option<i64>, Option<Vec<u8>>);

/// `top` and the places below it. Their lines go as far as they speak of `span`: what is in force anywhere in it, and
/// when that took effect. Of what was before they say nothing.
pub fn below(
    conn: &mut Conn,
    top: UnitId,
    span: impl RangeBounds<Instant>,
    detail: Detail,
) -> Result<Vec<Place>, StoreError> {
    let start = match span.start_bound() {
        Bound::Included(from) | Bound::Excluded(from) => from.timestamp(),
        Bound::Unbounded => ALWAYS,
    };
    let mut rows = short(conn, top, detail)?;
    if detail == Detail::Decisions && rows.iter().any(|row| row.recent_since > start) {
        rows = Arc::new(long(conn, top, start)?);
    }
    rows.iter().map(|row| row.place(&span)).collect()
}

macro_rules! places {
    ($conn:expr, $top:expr, $line:expr) => {{
        let kinds: Vec<&str> = UnitKind::ALL.iter().filter(|kind| kind.is_place()).map(|kind| kind.code()).collect();
        let rows: Vec<ReadRow> = on_each!($conn, |c| unit_closure::table
            .inner_join(unit::table.on(unit::id.eq(unit_closure::unit_id)))
            .left_join(zone_line::table.on(zone_line::unit_id.eq(unit_closure::unit_id)))
            .filter(unit_closure::ancestor_id.eq($top.0).and(unit::kind.eq_any(&kinds)))
            .select((unit::id, unit::kind, unit::parent_id, zone_line::recent_since.nullable(), $line))
            .load(c))?;
        rows.into_iter().map(PlaceRow::read).collect()
    }};
}

/// The short rows of the places below `top`: their changes, or their recent steps.
fn short(conn: &mut Conn, top: UnitId, detail: Detail) -> Result<Arc<Vec<PlaceRow>>, StoreError> {
    let is_recent = detail == Detail::Decisions;
    let read = |conn: &mut Conn| {
        if is_recent {
            places!(conn, top, zone_line::recent.nullable())
        } else {
            places!(conn, top, zone_line::changes.nullable())
        }
    };
    memo::rows(conn, |memo| &memo.lines, (is_recent, top), |conn| version(conn, top), read)
}

/// The same with every step where the recent ones do not reach back to `start`.
fn long(conn: &mut Conn, top: UnitId, start: i64) -> Result<Vec<PlaceRow>, StoreError> {
    places!(
        conn,
        top,
        case_when(zone_line::recent_since.nullable().le(start), zone_line::recent.nullable()).otherwise(
            zone_history::table
                .filter(zone_history::unit_id.eq(zone_line::unit_id))
                .select(zone_history::steps)
                .single_value()
        )
    )
}

/// How many places, how many with a line, and the sum of their last records: the newest of a place only ever grows.
fn version(conn: &mut Conn, top: UnitId) -> Result<Version, StoreError> {
    use diesel::dsl::{count, count_star, sql};
    Ok(on_each!(conn, |c| unit_closure::table
        .left_join(zone_line::table.on(zone_line::unit_id.eq(unit_closure::unit_id)))
        .filter(unit_closure::ancestor_id.eq(top.0))
        .select((
            count_star(),
            count(zone_line::unit_id.nullable()),
            sql::<BigInt>("CAST(COALESCE(SUM(zone_line.newest_id), 0) AS BIGINT)")
        ))
        .get_result(c))?)
}

/// The number of the last record on each of these units, whether it counts or not.
pub fn newest(conn: &mut Conn, units: &[UnitId]) -> Result<BTreeMap<UnitId, i64>, StoreError> {
    let units: Vec<i64> = units.iter().map(|unit| unit.0).collect();
    let rows: Vec<(i64, i64)> = on_each!(conn, |c| zone_line::table
        .filter(zone_line::unit_id.eq_any(&units))
        .select((zone_line::unit_id, zone_line::newest_id))
        .load(c))?;
    Ok(rows.into_iter().map(|(unit, id)| (UnitId(unit), id)).collect())
}

/// Most views look at the last weeks: so many steps are kept apart from the rest.
const RECENT: usize = 12;
/// Before every step: the recent ones are all there are.
const ALWAYS: i64 = i64::MIN;

/// The short forms of a line, each no longer than the views that read it need.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = zone_line, treat_none_as_default_value = false)]
struct Short {
    unit_id: i64,
    newest_id: i64,
    /// Unix second of the first of the recent steps; what was before it only the whole line says.
    recent_since: i64,
    recent: Vec<u8>,
    changes: Vec<u8>,
}

/// The whole line.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = zone_history, treat_none_as_default_value = false)]
struct Whole {
    unit_id: i64,
    steps: Vec<u8>,
}

/// What is kept of one unit's decisions.
fn kept(unit: UnitId, decisions: &[Decision]) -> Result<(Short, Whole), StoreError> {
    let line = Line::of(decisions);
    let recent = line.steps.len().saturating_sub(RECENT);
    let first = line.steps.get(recent).filter(|_| recent > 0);
    let short = Short {
        unit_id: unit.0,
        newest_id: decisions.iter().map(|decision| decision.id).max().unwrap_or_default(),
        recent_since: first.map_or(ALWAYS, |step| step.second),
        recent: pack(&Line { steps: line.steps.get(recent..).unwrap_or_default().to_vec(), ..line.clone() })?,
        changes: pack(&line.changes())?,
    };
    Ok((short, Whole { unit_id: unit.0, steps: pack(&line)? }))
}

/// What is kept, for a person who looks for a difference.
fn told((short, whole): &(Short, Whole)) -> String {
    let said = |packed: &[u8]| match unpack(packed, &..) {
        Ok(line) => format!("{line:?}"),
        Err(error) => error.to_string(),
    };
    let Short { newest_id, recent_since, recent, changes, .. } = short;
    let [recent, changes, all] = [recent, changes, &whole.steps].map(|packed| said(packed));
    format!("newest {newest_id}, since {recent_since}: {recent}, changes {changes}, all {all}")
}

/// How many units are worked on together: five values a row, and SQLite takes 32,766.
const BATCH: usize = 1000;

/// Makes the lines of these units anew from their decisions.
pub(super) fn rebuild(conn: &mut Conn, units: &[UnitId]) -> Result<(), StoreError> {
    use diesel::upsert::excluded;
    for batch in units.chunks(BATCH) {
        let decisions = zones::of_units(conn, batch)?;
        let rows = decisions
            .chunk_by(|a, b| a.unit == b.unit)
            .filter_map(|of_unit| Some(kept(of_unit.first()?.unit, of_unit)))
            .collect::<Result<Vec<_>, StoreError>>()?;
        let (short, whole): (Vec<Short>, Vec<Whole>) = rows.into_iter().unzip();
        on_each!(conn, |c| diesel::insert_into(zone_line::table)
            .values(&short)
            .on_conflict(zone_line::unit_id)
            .do_update()
            .set((
                zone_line::newest_id.eq(excluded(zone_line::newest_id)),
                zone_line::recent_since.eq(excluded(zone_line::recent_since)),
                zone_line::recent.eq(excluded(zone_line::recent)),
                zone_line::changes.eq(excluded(zone_line::changes)),
            ))
            .execute(c))?;
        on_each!(conn, |c| diesel::insert_into(zone_history::table)
            .values(&whole)
            .on_conflict(zone_history::unit_id)
            .do_update()
            .set(zone_history::steps.eq(excluded(zone_history::steps)))
            .execute(c))?;
    }
    Ok(())
}

/// Makes the lines of units that have decisions and no line: those of a database from before there were lines.
pub(super) fn complete(conn: &mut Conn) -> Result<(), StoreError> {
    let without: Vec<i64> = on_each!(conn, |c| zone_decision::table
        .filter(zone_decision::unit_id.ne_all(zone_line::table.select(zone_line::unit_id)))
        .select(zone_decision::unit_id)
        .distinct()
        .order(zone_decision::unit_id)
        .load(c))?;
    rebuild(conn, &without.into_iter().map(UnitId).collect::<Vec<_>>())
}

/// The first place whose line is not what its decisions say, for `verify`.
pub fn first_difference(conn: &mut Conn) -> Result<Option<(UnitId, String)>, StoreError> {
    let short: Vec<Short> = on_each!(conn, |c| zone_line::table.order(zone_line::unit_id).load(c))?;
    let whole: Vec<Whole> = on_each!(conn, |c| zone_history::table.load(c))?;
    let decided: Vec<i64> = on_each!(conn, |c| zone_decision::table
        .select(zone_decision::unit_id)
        .distinct()
        .order(zone_decision::unit_id)
        .load(c))?;
    let mut whole: BTreeMap<i64, Whole> = whole.into_iter().map(|whole| (whole.unit_id, whole)).collect();
    let mut known: BTreeMap<i64, (Short, Whole)> = BTreeMap::new();
    for short in short {
        let Some(whole) = whole.remove(&short.unit_id) else {
            return Ok(Some((UnitId(short.unit_id), "there is a line without its history".into())));
        };
        known.insert(short.unit_id, (short, whole));
    }
    if let Some(unit) = whole.into_keys().next() {
        return Ok(Some((UnitId(unit), "there is a history without its line".into())));
    }
    for batch in decided.chunks(BATCH) {
        let units: Vec<UnitId> = batch.iter().copied().map(UnitId).collect();
        let decisions: Vec<Decision> = zones::of_units(conn, &units)?;
        for of_unit in decisions.chunk_by(|a, b| a.unit == b.unit) {
            let Some(unit) = of_unit.first().map(|decision| decision.unit) else { continue };
            let expected = kept(unit, of_unit)?;
            let said = match known.remove(&unit.0) {
                Some(known) if known == expected => continue,
                Some(known) => format!("kept {}, recomputed {}", told(&known), told(&expected)),
                None => "there is no line".into(),
            };
            return Ok(Some((unit, said)));
        }
    }
    Ok(known.into_keys().next().map(|unit| (UnitId(unit), "there is a line without a decision".into())))
}
