//! Units, their tree and their population.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    Conn, StoreError,
    among::among,
    on_each,
    schema::{latest, population, unit, unit_closure},
};
use crate::domain::unit::{Unit, UnitId, UnitKind};

pub(super) type UnitRow = (i64, String, String, String, String, bool);

macro_rules! columns {
    () => {
        (unit::id, unit::code, unit::kind, unit::name, unit::full_name, unit::is_class)
    };
}
pub(super) use columns;

pub(super) fn read(row: UnitRow) -> Result<Unit, StoreError> {
    let (id, code, kind, name, full_name, is_class) = row;
    Ok(Unit { id: UnitId(id), kind: kind_of(&code, &kind)?, code, name, full_name, is_class })
}

/// What a unit is, as its row says.
pub(super) fn kind_of(unit: impl std::fmt::Display, kind: &str) -> Result<UnitKind, StoreError> {
    UnitKind::from_code(kind).ok_or_else(|| StoreError::Broken(format!("unit {unit} is of kind {kind}")))
}

fn read_all(rows: Vec<UnitRow>) -> Result<Vec<Unit>, StoreError> {
    rows.into_iter().map(read).collect()
}

/// The unit with this code.
pub fn find(conn: &mut Conn, code: &str) -> Result<Option<Unit>, StoreError> {
    on_each!(conn, |c| unit::table.filter(unit::code.eq(code)).select(columns!()).get_result::<UnitRow>(c).optional())?
        .map(read)
        .transpose()
}

/// The unit with this identity.
pub fn get(conn: &mut Conn, id: UnitId) -> Result<Unit, StoreError> {
    read(on_each!(conn, |c| unit::table.find(id.0).select(columns!()).get_result::<UnitRow>(c))?)
}

/// The unit with this code and its ancestors, itself first; empty when there is no such unit.
pub fn lineage(conn: &mut Conn, code: &str) -> Result<Vec<Unit>, StoreError> {
    let below = diesel::alias!(unit as below);
    read_all(on_each!(conn, |c| unit_closure::table
        .inner_join(below.on(below.field(unit::id).eq(unit_closure::unit_id)))
        .inner_join(unit::table.on(unit::id.eq(unit_closure::ancestor_id)))
        .filter(below.field(unit::code).eq(code))
        .order(unit_closure::depth)
        .select(columns!())
        .load::<UnitRow>(c))?)
}

/// The units that stand under no other.
pub fn tops(conn: &mut Conn) -> Result<Vec<UnitId>, StoreError> {
    let ids: Vec<i64> =
        on_each!(conn, |c| unit::table.filter(unit::parent_id.is_null()).order(unit::id).select(unit::id).load(c))?;
    Ok(ids.into_iter().map(UnitId).collect())
}

/// The units right below, classes of bodies left out.
pub fn children(conn: &mut Conn, id: UnitId) -> Result<Vec<Unit>, StoreError> {
    read_all(on_each!(conn, |c| unit::table
        .filter(unit::parent_id.eq(id.0).and(unit::is_class.eq(false)))
        .order(unit::code)
        .select(columns!())
        .load::<UnitRow>(c))?)
}

/// The unit and everything below it, of one kind or of all, by code.
pub fn subtree(conn: &mut Conn, top: UnitId, kind: Option<UnitKind>) -> Result<Vec<Unit>, StoreError> {
    let kinds: Vec<&str> =
        kind.map_or_else(|| UnitKind::ALL.iter().map(|k| k.code()).collect(), |kind| vec![kind.code()]);
    read_all(on_each!(conn, |c| unit_closure::table
        .inner_join(unit::table.on(unit::id.eq(unit_closure::unit_id)))
        .filter(unit_closure::ancestor_id.eq(top.0).and(unit::kind.eq_any(&kinds)))
        .order(unit::code)
        .select(columns!())
        .load::<UnitRow>(c))?)
}

/// The code of the commune that each unit at or below `top` lies in, or is; units of no commune are left out.
pub fn communes_of(conn: &mut Conn, top: UnitId) -> Result<BTreeMap<String, String>, StoreError> {
    let (within, below) = diesel::alias!(unit_closure as within, unit as below);
    let rows: Vec<(String, String)> = on_each!(conn, |c| unit_closure::table
        .inner_join(unit::table.on(unit::id.eq(unit_closure::unit_id)))
        .inner_join(within.on(within.field(unit_closure::ancestor_id).eq(unit::id)))
        .inner_join(below.on(below.field(unit::id).eq(within.field(unit_closure::unit_id))))
        .filter(unit_closure::ancestor_id.eq(top.0).and(unit::kind.eq(UnitKind::Commune.code())))
        .select((below.field(unit::code), unit::code))
        .load(c))?;
    Ok(rows.into_iter().collect())
}

/// Up to `limit` units below `top` whose search key contains `key`.
pub fn search(conn: &mut Conn, top: UnitId, key: &str, limit: i64) -> Result<Vec<Unit>, StoreError> {
    let pattern = format!("%{}%", key.replace(['%', '_', '\\'], ""));
    read_all(on_each!(conn, |c| unit_closure::table
        .inner_join(unit::table.on(unit::id.eq(unit_closure::unit_id)))
        .filter(unit_closure::ancestor_id.eq(top.0).and(unit::search_key.like(&pattern)))
        .order(unit::code)
        .limit(limit)
        .select(columns!())
        .load::<UnitRow>(c))?)
}

/// Every unit of the register, and the code of the unit it stands under.
pub fn register(conn: &mut Conn) -> Result<Vec<(Unit, Option<String>)>, StoreError> {
    let parents = diesel::alias!(unit as parent);
    let rows: Vec<(UnitRow, Option<String>)> = on_each!(conn, |c| unit::table
        .left_join(parents.on(parents.field(unit::id).nullable().eq(unit::parent_id)))
        .order(unit::id)
        .select((columns!(), parents.field(unit::code).nullable()))
        .load(c))?;
    rows.into_iter().map(|(row, parent)| Ok((read(row)?, parent))).collect()
}

/// How many units there are of a kind.
pub fn count(conn: &mut Conn, kind: UnitKind) -> Result<i64, StoreError> {
    Ok(on_each!(conn, |c| unit::table.filter(unit::kind.eq(kind.code())).count().get_result(c))?)
}

/// Keeps two writers of the same unit's figures in turn until the transaction ends. SQLite has one writer anyway.
pub(crate) fn lock(conn: &mut Conn, id: UnitId) -> Result<(), StoreError> {
    if let super::connection::Backend::Postgres(c) = &mut conn.backend {
        unit::table.find(id.0).select(unit::id).for_no_key_update().get_result::<i64>(c)?;
    }
    Ok(())
}

/// Keeps writers of any of these units in turn, as [`lock`] does for one; in one order, so that none waits in a ring.
pub(crate) fn lock_all(conn: &mut Conn, ids: &[UnitId]) -> Result<(), StoreError> {
    if let super::connection::Backend::Postgres(c) = &mut conn.backend {
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let found = unit::table.filter(unit::id.eq_any(ids)).order(unit::id).select(unit::id);
        found.for_no_key_update().load::<i64>(c)?;
    }
    Ok(())
}

/// The units with these codes that there are.
pub fn with_codes(conn: &mut Conn, codes: &[&str]) -> Result<Vec<Unit>, StoreError> {
    let known = among(unit::code, codes.iter().copied());
    read_all(on_each!(conn, |c| unit::table.filter(known).select(columns!()).load::<UnitRow>(c))?)
}

/// The units with these identities.
pub fn with_ids(conn: &mut Conn, ids: &[UnitId]) -> Result<Vec<Unit>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let known = among(unit::id, ids.iter().map(|id| id.0));
    read_all(on_each!(conn, |c| unit::table.filter(known).select(columns!()).load::<UnitRow>(c))?)
}

/// Every unit of these that stands below one of `tops`, or is one. `+ 0`: looked up by unit, whose ancestors are few, and
/// not by every pair of a unit and a top.
pub fn below_any(conn: &mut Conn, units: &[UnitId], tops: &[UnitId]) -> Result<BTreeSet<UnitId>, StoreError> {
    let below = among(unit_closure::unit_id, units.iter().map(|unit| unit.0))
        .and(among(unit_closure::ancestor_id + 0, tops.iter().map(|top| top.0)));
    let found: Vec<i64> = on_each!(conn, |c| unit_closure::table.filter(below).select(unit_closure::unit_id).load(c))?;
    Ok(found.into_iter().map(UnitId).collect())
}

/// The ancestors, itself included, of units: (unit, ancestor, what the ancestor is), by unit, the nearest first. Level by
/// level, because many units have few ancestors between them.
pub fn lines_of(conn: &mut Conn, ids: &[UnitId]) -> Result<Vec<(UnitId, UnitId, UnitKind)>, StoreError> {
    let mut known: HashMap<i64, (Option<i64>, UnitKind)> = HashMap::with_capacity(ids.len());
    let mut wanted: BTreeSet<i64> = ids.iter().map(|id| id.0).collect();
    while !wanted.is_empty() {
        let level = among(unit::id, std::mem::take(&mut wanted));
        let rows: Vec<(i64, Option<i64>, String)> =
            on_each!(conn, |c| unit::table.filter(level).select((unit::id, unit::parent_id, unit::kind)).load(c))?;
        for (id, parent, kind) in rows {
            known.insert(id, (parent, kind_of(id, &kind)?));
            wanted.extend(parent);
        }
        wanted.retain(|id| !known.contains_key(id));
    }
    let mut found = Vec::with_capacity(4 * ids.len());
    for unit in ids {
        let mut next = Some(unit.0);
        while let Some((id, (parent, kind))) = next.and_then(|id| Some((id, known.get(&id)?))) {
            found.push((*unit, UnitId(id), *kind));
            next = *parent;
        }
    }
    Ok(found)
}

/// The units above every unit that has figures.
pub fn above_reporting(conn: &mut Conn) -> Result<BTreeMap<i64, Vec<i64>>, StoreError> {
    let rows: Vec<(i64, i64)> = on_each!(conn, |c| unit_closure::table
        .filter(unit_closure::unit_id.eq_any(latest::table.select(latest::unit_id)).and(unit_closure::depth.gt(0)))
        .select((unit_closure::unit_id, unit_closure::ancestor_id))
        .load(c))?;
    let mut above: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for (unit, ancestor) in rows {
        above.entry(unit).or_default().push(ancestor);
    }
    Ok(above)
}

/// A unit to be put into the register.
#[derive(Debug, Clone)]
pub struct NewUnit {
    /// Official code.
    pub code: String,
    /// What it is.
    pub kind: UnitKind,
    /// Name without the kind.
    pub name: String,
    /// Name as shown.
    pub full_name: String,
    /// What it is searched by.
    pub search_key: String,
    /// Whether it is only a heading.
    pub is_class: bool,
    /// The code of the unit it stands under.
    pub parent: Option<String>,
}

#[derive(Insertable)]
#[diesel(table_name = unit, treat_none_as_default_value = false)]
struct NewRow<'a> {
    code: &'a str,
    kind: &'a str,
    name: &'a str,
    full_name: &'a str,
    search_key: &'a str,
    is_class: bool,
    parent_id: Option<i64>,
}

/// Puts units into the register, parents before children; those whose code is known are left as they are.
/// Returns how many were new.
pub fn add(conn: &mut Conn, units: &[NewUnit]) -> Result<usize, StoreError> {
    let rows: Vec<(i64, String)> = on_each!(conn, |c| unit::table.select((unit::id, unit::code)).load(c))?;
    let mut ids: std::collections::HashMap<String, i64> = rows.into_iter().map(|(id, code)| (code, id)).collect();
    let mut added = 0;
    // Level by level, so that each batch finds its parents.
    let mut waiting: Vec<&NewUnit> = units.iter().filter(|new| !ids.contains_key(&new.code)).collect();
    while !waiting.is_empty() {
        let (ready, later): (Vec<&NewUnit>, Vec<&NewUnit>) =
            waiting.into_iter().partition(|new| new.parent.as_ref().is_none_or(|parent| ids.contains_key(parent)));
        if ready.is_empty() {
            let orphan = later.first().map_or("", |new| new.code.as_str());
            return Err(StoreError::Broken(format!("unit {orphan} stands under a unit that is not known")));
        }
        for batch in ready.chunks(1000) {
            let rows: Vec<NewRow<'_>> = batch
                .iter()
                .map(|new| NewRow {
                    code: &new.code,
                    kind: new.kind.code(),
                    name: &new.name,
                    full_name: &new.full_name,
                    search_key: &new.search_key,
                    is_class: new.is_class,
                    parent_id: new.parent.as_ref().and_then(|parent| ids.get(parent).copied()),
                })
                .collect();
            on_each!(conn, |c| diesel::insert_into(unit::table).values(&rows).execute(c))?;
        }
        let codes: Vec<&str> = ready.iter().map(|new| new.code.as_str()).collect();
        for batch in codes.chunks(1000) {
            let rows: Vec<(i64, String)> = on_each!(conn, |c| unit::table
                .filter(unit::code.eq_any(batch))
                .select((unit::id, unit::code))
                .load(c))?;
            ids.extend(rows.into_iter().map(|(id, code)| (code, id)));
        }
        added += ready.len();
        close(conn)?;
        waiting = later;
    }
    Ok(added)
}

/// Adds the closure rows of units that have none: each with itself and with its parent's ancestors.
fn close(conn: &mut Conn) -> Result<(), StoreError> {
    conn.execute_batch(
        "INSERT INTO unit_closure (ancestor_id, unit_id, depth) \
         SELECT p.ancestor_id, u.id, p.depth + 1 FROM unit u JOIN unit_closure p ON p.unit_id = u.parent_id \
         WHERE NOT EXISTS (SELECT 1 FROM unit_closure s WHERE s.unit_id = u.id); \
         INSERT INTO unit_closure (ancestor_id, unit_id, depth) SELECT u.id, u.id, 0 FROM unit u \
         WHERE NOT EXISTS (SELECT 1 FROM unit_closure s WHERE s.unit_id = u.id AND s.depth = 0);",
    )
}

/// People and households of a place, counted on a day by a source.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Population {
    /// The day of the count.
    pub as_of: NaiveDate,
    /// Persons.
    pub persons: i32,
    /// Households.
    pub households: i32,
    /// Who counted.
    pub source: String,
}

/// The last population count of every unit below `top` that has one, itself included.
pub fn populations(conn: &mut Conn, top: UnitId) -> Result<BTreeMap<UnitId, Population>, StoreError> {
    let rows: Vec<(i64, NaiveDate, i32, i32, String)> = on_each!(conn, |c| population::table
        .inner_join(unit_closure::table.on(unit_closure::unit_id.eq(population::unit_id)))
        .filter(unit_closure::ancestor_id.eq(top.0))
        .order(population::as_of)
        .select((
            population::unit_id,
            population::as_of,
            population::persons,
            population::households,
            population::source
        ))
        .load(c))?;
    let read =
        |(unit, as_of, persons, households, source)| (UnitId(unit), Population { as_of, persons, households, source });
    Ok(rows.into_iter().map(read).collect())
}

/// Records population counts by unit code, each once; those of unknown units are an error. Returns how many were new.
pub fn add_populations(conn: &mut Conn, counted: &[(String, Population)]) -> Result<usize, StoreError> {
    let mut added = 0;
    for batch in counted.chunks(500) {
        let codes: Vec<&str> = batch.iter().map(|(code, _)| code.as_str()).collect();
        let ids: Vec<(String, i64)> =
            on_each!(conn, |c| unit::table.filter(unit::code.eq_any(&codes)).select((unit::code, unit::id)).load(c))?;
        let ids: BTreeMap<&str, i64> = ids.iter().map(|(code, id)| (code.as_str(), *id)).collect();
        let rows = batch
            .iter()
            .map(|(code, counted)| {
                let unit_id =
                    ids.get(code.as_str()).ok_or_else(|| StoreError::Broken(format!("there is no unit {code}")))?;
                Ok(PopulationRow {
                    unit_id: *unit_id,
                    as_of: counted.as_of,
                    persons: counted.persons,
                    households: counted.households,
                    source: &counted.source,
                })
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        added += on_each!(conn, |c| diesel::insert_into(population::table)
            .values(&rows)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(added)
}

#[derive(Insertable)]
#[diesel(table_name = population, treat_none_as_default_value = false)]
struct PopulationRow<'a> {
    unit_id: i64,
    as_of: NaiveDate,
    persons: i32,
    households: i32,
    source: &'a str,
}
