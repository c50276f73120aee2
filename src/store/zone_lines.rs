//! The line of every place's zones, packed into one row: derived from the decisions whenever one is recorded, so that
//! the state of ten thousand places at any time is one scan of short rows.

use std::{
    collections::BTreeMap,
    ops::{Bound, RangeBounds},
};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    Conn, StoreError, on_each,
    schema::{unit, unit_closure, zone_decision, zone_line},
    zones,
};
use crate::domain::{
    calendar::{self, Instant},
    unit::{UnitId, UnitKind},
    zone::{
        Decision,
        line::{Line, Step},
    },
};

/// Steps count seconds from the first instant of 2020 in Vietnam, in four bytes: until the year 2156.
fn epoch() -> Instant {
    calendar::start_of(NaiveDate::from_ymd_opt(2020, 1, 1).unwrap_or_default())
}

/// Bytes of a packed step: seconds, decision, scheme, level.
const STEP: usize = 10;

/// Codes of the schemes, each after its length, closed by a zero; the number of open proposals and each of them; then
/// the steps.
fn pack(line: &Line) -> Result<Vec<u8>, StoreError> {
    let out_of_range = || StoreError::Broken("a zone decision is out of the range of a line".into());
    let byte = |n: usize| u8::try_from(n).map_err(|_| out_of_range());
    let mut packed = Vec::with_capacity(40 + line.steps.len() * STEP);
    for code in &line.schemes {
        packed.push(byte(code.len())?);
        packed.extend(code.as_bytes());
    }
    packed.push(0);
    let four_bytes = |n: i64| u32::try_from(n).map(u32::to_le_bytes).map_err(|_| out_of_range());
    packed.extend(u16::try_from(line.open.len()).map_err(|_| out_of_range())?.to_le_bytes());
    for proposal in &line.open {
        packed.extend(four_bytes(*proposal)?);
    }
    let epoch = epoch().timestamp();
    for step in &line.steps {
        packed.extend(four_bytes(step.second - epoch)?);
        packed.extend(four_bytes(step.decision)?);
        packed.push(byte(step.scheme)?);
        packed.push(u8::try_from(step.level).map_err(|_| out_of_range())?);
    }
    Ok(packed)
}

/// The steps inside `span` and the one in force where it begins.
fn unpack(packed: &[u8], span: &impl RangeBounds<Instant>) -> Result<Line, StoreError> {
    let broken = || StoreError::Broken("a zone line cannot be read".into());
    let mut schemes = Vec::new();
    let mut rest = packed;
    loop {
        let (length, after) = rest.split_first().ok_or_else(broken)?;
        if *length == 0 {
            rest = after;
            break;
        }
        let (code, after) = after.split_at_checked(usize::from(*length)).ok_or_else(broken)?;
        schemes.push(String::from_utf8(code.to_vec()).map_err(|_| broken())?);
        rest = after;
    }
    let (count, rest) = rest.split_first_chunk::<2>().ok_or_else(broken)?;
    let (open, rest) = rest.split_at_checked(4 * usize::from(u16::from_le_bytes(*count))).ok_or_else(broken)?;
    let open = open.as_chunks::<4>().0.iter().map(|id| u32::from_le_bytes(*id).into()).collect();
    let epoch = epoch().timestamp();
    let (steps, left) = rest.as_chunks::<STEP>();
    if !left.is_empty() {
        return Err(broken());
    }
    let seconds = |step: &[u8; STEP]| {
        let &[a, b, c, d, ..] = step;
        epoch + i64::from(u32::from_le_bytes([a, b, c, d]))
    };
    // Steps begin at whole seconds, so a bound inside a second is one at its start.
    let first = match span.start_bound() {
        Bound::Included(from) | Bound::Excluded(from) => {
            steps.partition_point(|step| seconds(step) <= from.timestamp()).saturating_sub(1)
        }
        Bound::Unbounded => 0,
    };
    let end = match span.end_bound() {
        Bound::Included(to) | Bound::Excluded(to) => steps.partition_point(|step| seconds(step) <= to.timestamp()),
        Bound::Unbounded => steps.len(),
    };
    let step = |packed: &[u8; STEP]| {
        let &[_, _, _, _, e, f, g, h, scheme, level] = packed;
        Step {
            second: seconds(packed),
            decision: u32::from_le_bytes([e, f, g, h]).into(),
            scheme: scheme.into(),
            level: level.into(),
        }
    };
    Ok(Line { schemes, steps: steps.get(first..end).unwrap_or_default().iter().map(step).collect(), open })
}

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

/// Unit, kind, parent, packed line.
type PlaceRow = (i64, String, Option<i64>, Option<Vec<u8>>);

/// `top` and the places below it. Their lines go as far as they speak of `span`: what is in force anywhere in it, and
/// when that took effect. Of what was before they say nothing.
pub fn below(conn: &mut Conn, top: UnitId, span: impl RangeBounds<Instant>) -> Result<Vec<Place>, StoreError> {
    let kinds: Vec<&str> = UnitKind::ALL.iter().filter(|kind| kind.is_place()).map(|kind| kind.code()).collect();
    let rows: Vec<PlaceRow> = on_each!(conn, |c| unit_closure::table
        .inner_join(unit::table.on(unit::id.eq(unit_closure::unit_id)))
        .left_join(zone_line::table.on(zone_line::unit_id.eq(unit_closure::unit_id)))
        .filter(unit_closure::ancestor_id.eq(top.0).and(unit::kind.eq_any(&kinds)))
        .select((unit::id, unit::kind, unit::parent_id, zone_line::steps.nullable()))
        .load(c))?;
    let place = |(unit, kind, parent, packed): PlaceRow| {
        let unknown = || StoreError::Broken(format!("unit {unit} is of kind {kind}"));
        Ok(Place {
            unit: UnitId(unit),
            kind: UnitKind::from_code(&kind).ok_or_else(unknown)?,
            parent: parent.map(UnitId),
            line: packed.map_or_else(|| Ok(Line::default()), |packed| unpack(&packed, &span))?,
        })
    };
    rows.into_iter().map(place).collect()
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

#[derive(Insertable)]
#[diesel(table_name = zone_line, treat_none_as_default_value = false)]
struct LineRow {
    unit_id: i64,
    newest_id: i64,
    steps: Vec<u8>,
}

/// The number of the last record of a history.
fn newest_of(decisions: &[Decision]) -> i64 {
    decisions.iter().map(|decision| decision.id).max().unwrap_or_default()
}

/// How many units are worked on together.
const BATCH: usize = 1000;

/// Makes the lines of these units anew from their decisions.
pub(super) fn rebuild(conn: &mut Conn, units: &[UnitId]) -> Result<(), StoreError> {
    use diesel::upsert::excluded;
    for batch in units.chunks(BATCH) {
        let decisions = zones::of_units(conn, batch)?;
        let rows = decisions
            .chunk_by(|a, b| a.unit == b.unit)
            .filter_map(|of_unit| Some((of_unit.first()?.unit, of_unit)))
            .map(|(unit, of_unit)| {
                Ok(LineRow { unit_id: unit.0, newest_id: newest_of(of_unit), steps: pack(&Line::of(of_unit))? })
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        on_each!(conn, |c| diesel::insert_into(zone_line::table)
            .values(&rows)
            .on_conflict(zone_line::unit_id)
            .do_update()
            .set((
                zone_line::newest_id.eq(excluded(zone_line::newest_id)),
                zone_line::steps.eq(excluded(zone_line::steps))
            ))
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
    let kept: Vec<(i64, (i64, Vec<u8>))> = on_each!(conn, |c| zone_line::table
        .select((zone_line::unit_id, (zone_line::newest_id, zone_line::steps)))
        .order(zone_line::unit_id)
        .load(c))?;
    let decided: Vec<i64> = on_each!(conn, |c| zone_decision::table
        .select(zone_decision::unit_id)
        .distinct()
        .order(zone_decision::unit_id)
        .load(c))?;
    let mut kept: BTreeMap<i64, (i64, Vec<u8>)> = kept.into_iter().collect();
    for batch in decided.chunks(BATCH) {
        let units: Vec<UnitId> = batch.iter().copied().map(UnitId).collect();
        let decisions: Vec<Decision> = zones::of_units(conn, &units)?;
        for of_unit in decisions.chunk_by(|a, b| a.unit == b.unit) {
            let Some(unit) = of_unit.first().map(|decision| decision.unit) else { continue };
            let expected = (newest_of(of_unit), Line::of(of_unit));
            let said = match kept.remove(&unit.0).map(|(newest, packed)| Ok((newest, unpack(&packed, &..)?))) {
                Some(Ok(kept)) if kept == expected => continue,
                Some(Ok(kept)) => format!("kept {kept:?}, recomputed {expected:?}"),
                Some(Err::<_, StoreError>(error)) => error.to_string(),
                None => "there is no line".into(),
            };
            return Ok(Some((unit, said)));
        }
    }
    Ok(kept.into_keys().next().map(|unit| (UnitId(unit), "there is a line without a decision".into())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    prop_compose! {
        fn any_line()(
            schemes in vec("[a-z0-9_]{1,20}", 0..4),
            steps in vec((any::<u32>(), any::<u32>(), any::<prop::sample::Index>(), any::<u8>()), 0..60),
            open in vec(any::<u32>(), 0..4),
        ) -> Line {
            let step = |(seconds, decision, scheme, level): (u32, u32, prop::sample::Index, u8)| Step {
                second: epoch().timestamp() + i64::from(seconds),
                decision: decision.into(),
                scheme: scheme.index(schemes.len().max(1)),
                level: level.into(),
            };
            Line { steps: steps.into_iter().map(step).collect(), schemes, open: open.into_iter().map(i64::from).collect() }
        }
    }

    proptest! {
        #[test]
        fn a_line_is_read_as_it_was_packed(line in any_line()) {
            prop_assert_eq!(unpack(&pack(&line).unwrap(), &..).unwrap(), line);
        }

        #[test]
        fn a_line_cut_short_is_refused(line in any_line(), cut in 1..STEP) {
            let packed = pack(&line).unwrap();
            let cut = packed.len().saturating_sub(cut);
            prop_assert!(line.steps.is_empty() || unpack(&packed[..cut], &..).is_err());
        }

        #[test]
        fn whatever_is_read_nothing_panics(packed in vec(any::<u8>(), 0..200)) {
            if let Ok(line) = unpack(&packed, &..) {
                prop_assert_eq!(pack(&line).unwrap(), packed);
            }
        }
    }

    #[test]
    fn what_a_line_cannot_hold_is_refused() {
        let step = Step { second: epoch().timestamp(), decision: 1, scheme: 0, level: 1 };
        let with = |step| pack(&Line { schemes: vec!["qd_2686".into()], steps: vec![step], open: Vec::new() });
        assert!(with(step).is_ok());
        for wrong in [
            Step { second: step.second - 1, ..step },
            Step { second: step.second + (1 << 32), ..step },
            Step { decision: 1 << 32, ..step },
            Step { decision: -1, ..step },
            Step { scheme: 256, ..step },
            Step { level: 256, ..step },
        ] {
            assert!(with(wrong).is_err(), "{wrong:?}");
        }
        assert!(pack(&Line { schemes: vec!["a".repeat(256)], ..Line::default() }).is_err());
        assert!(pack(&Line { open: vec![1 << 32], ..Line::default() }).is_err());
    }
}
