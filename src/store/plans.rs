//! Plans, their indicators and who is obliged by which clause.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use chrono::NaiveDate;
use diesel::{
    dsl::max,
    prelude::*,
    sql_types::{BigInt, Text},
};

use super::{
    Conn, StoreError,
    among::among,
    memo::{self, Version},
    on_each, schedules,
    schema::{assignment, indicator, plan, unit, unit_closure},
    units,
};
use crate::domain::{
    plan::Plan,
    schedule::Timetable,
    unit::{Unit, UnitId, UnitKind},
};

/// A plan as it is kept.
#[derive(Debug, Clone)]
pub struct StoredPlan {
    /// Identity.
    pub id: i64,
    /// The plan.
    pub plan: Plan,
    /// The unit whose subtree it speaks of; none: the whole country.
    pub area: Option<UnitId>,
    /// Name of that unit.
    pub area_name: Option<String>,
    /// The units that have to do with it: below its area, and above; none: every unit has.
    pub reach: Option<BTreeSet<UnitId>>,
    /// Whether made-up counts have been put into it: every page and file then says so.
    pub is_illustrative: bool,
    /// The identity of each (cohort, measure).
    pub indicators: BTreeMap<(String, String), i64>,
    /// When its reports are asked for.
    pub timetable: Timetable,
}

impl StoredPlan {
    /// The indicator's identity.
    pub fn indicator(&self, cohort: &str, measure: &str) -> Result<i64, StoreError> {
        self.indicators
            .get(&(cohort.to_owned(), measure.to_owned()))
            .copied()
            .ok_or_else(|| StoreError::Broken(format!("plan {} has no indicator {cohort}.{measure}", self.plan.code)))
    }

    /// Days between two reports, as things stand: an older figure is marked as old.
    pub fn every_days(&self, day: chrono::NaiveDate) -> u32 {
        let version = self.timetable.version(day);
        version.and_then(|version| version.rules.every_days()).unwrap_or(self.plan.schedule.every_days)
    }

    /// Whether it speaks of a unit, of units below it or of one above.
    pub fn concerns(&self, unit: UnitId) -> bool {
        self.reach.as_ref().is_none_or(|reach| reach.contains(&unit))
    }

    /// Whether it asks for figures.
    pub fn asks_for_figures(&self) -> bool {
        !self.indicators.is_empty()
    }

    /// The identities of a cohort's indicators.
    pub fn indicators_of(&self, cohort: &str) -> Vec<i64> {
        self.indicators.iter().filter(|((of, _), _)| of == cohort).map(|(_, id)| *id).collect()
    }

    /// What an indicator's identity stands for.
    pub fn names(&self) -> BTreeMap<i64, (&str, &str)> {
        self.indicators.iter().map(|((cohort, measure), id)| (*id, (cohort.as_str(), measure.as_str()))).collect()
    }
}

/// Every plan, in the order they were loaded.
pub fn all(conn: &mut Conn) -> Result<Vec<StoredPlan>, StoreError> {
    type Row = (i64, Option<i64>, String, bool);
    let rows: Vec<Row> = on_each!(conn, |c| plan::table
        .order(plan::id)
        .select((plan::id, plan::area_id, plan::definition, plan::is_illustrative))
        .load(c))?;
    let indicators: Vec<(i64, i64, String, String)> = on_each!(conn, |c| indicator::table
        .select((indicator::plan_id, indicator::id, indicator::cohort, indicator::measure))
        .load(c))?;
    rows.into_iter()
        .map(|(id, area, definition, is_illustrative)| {
            let plan: Plan =
                serde_json::from_str(&definition).map_err(|e| StoreError::Broken(format!("plan {id}: {e}")))?;
            let indicators = indicators
                .iter()
                .filter(|(of, ..)| *of == id)
                .map(|(_, id, cohort, measure)| ((cohort.clone(), measure.clone()), *id))
                .collect();
            let area = area.map(|id| units::get(conn, UnitId(id))).transpose()?;
            let (area, area_name) = area.map(|unit| (unit.id, unit.full_name)).unzip();
            let timetable = schedules::timetable(conn, id, &plan)?;
            let reach = area.map(|area| around(conn, area)).transpose()?;
            Ok(StoredPlan { id, plan, area, area_name, reach, is_illustrative, indicators, timetable })
        })
        .collect()
}

/// A unit, the units above it and those below.
fn around(conn: &mut Conn, unit: UnitId) -> Result<BTreeSet<UnitId>, StoreError> {
    let rows: Vec<(i64, i64)> = on_each!(conn, |c| unit_closure::table
        .filter(unit_closure::unit_id.eq(unit.0).or(unit_closure::ancestor_id.eq(unit.0)))
        .select((unit_closure::ancestor_id, unit_closure::unit_id))
        .load(c))?;
    Ok(rows.into_iter().flat_map(|(above, below)| [UnitId(above), UnitId(below)]).collect())
}

/// Loads a plan or brings its definition up to date. Indicators are only ever added: figures rest on them.
pub fn save(conn: &mut Conn, new: &Plan, area: Option<UnitId>) -> Result<i64, StoreError> {
    let definition = serde_json::to_string(new).map_err(|e| StoreError::Broken(e.to_string()))?;
    let row = (
        plan::code.eq(&new.code),
        plan::area_id.eq(area.map(|unit| unit.0)),
        plan::definition.eq(&definition),
        plan::is_illustrative.eq(false),
    );
    let id: i64 = on_each!(conn, |c| diesel::insert_into(plan::table)
        .values(row)
        .on_conflict(plan::code)
        .do_update()
        .set((plan::definition.eq(&definition), plan::area_id.eq(area.map(|unit| unit.0))))
        .returning(plan::id)
        .get_result(c))?;
    for (cohort, field) in new.indicators() {
        let row =
            (indicator::plan_id.eq(id), indicator::cohort.eq(&cohort.code), indicator::measure.eq(&field.measure));
        on_each!(conn, |c| diesel::insert_into(indicator::table).values(row).on_conflict_do_nothing().execute(c))?;
    }
    Ok(id)
}

/// Says that made-up counts were put into the plan. There is no way back but another database.
pub fn mark_illustrative(conn: &mut Conn, id: i64) -> Result<(), StoreError> {
    on_each!(conn, |c| diesel::update(plan::table.find(id)).set(plan::is_illustrative.eq(true)).execute(c))?;
    Ok(())
}

/// Someone obliged by a clause to report a cohort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// Who.
    pub unit: UnitId,
    /// By which clause.
    pub section: String,
    /// For which cohort.
    pub cohort: String,
}

#[derive(Insertable)]
#[diesel(table_name = assignment, treat_none_as_default_value = false)]
struct AssignmentRow<'a> {
    plan_id: i64,
    unit_id: i64,
    cohort: &'a str,
    section: &'a str,
}

/// Obliges units; those already obliged stay as they are.
pub fn assign(conn: &mut Conn, plan_id: i64, assignments: &[Assignment]) -> Result<usize, StoreError> {
    let rows: Vec<AssignmentRow<'_>> = assignments
        .iter()
        .map(|a| AssignmentRow { plan_id, unit_id: a.unit.0, cohort: &a.cohort, section: &a.section })
        .collect();
    let mut added = 0;
    for batch in rows.chunks(1000) {
        added += on_each!(conn, |c| diesel::insert_into(assignment::table)
            .values(batch)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    add_assigned(conn, plan_id, added)
}

/// Obliges every unit of these kinds, below `area` or in the whole country, classes left out; those already obliged
/// stay as they are.
pub fn assign_kinds(
    conn: &mut Conn,
    plan_id: i64,
    kinds: &[UnitKind],
    area: Option<UnitId>,
    cohort: &str,
    section: &str,
) -> Result<usize, StoreError> {
    use diesel::dsl::{exists, not};
    let kinds: Vec<&str> = kinds.iter().map(|kind| kind.code()).collect();
    macro_rules! new {
        () => {
            unit::table.filter(unit::is_class.eq(false).and(unit::kind.eq_any(&kinds))).filter(not(exists(
                assignment::table.filter(
                    assignment::plan_id
                        .eq(plan_id)
                        .and(assignment::unit_id.eq(unit::id))
                        .and(assignment::cohort.eq(cohort)),
                ),
            )))
        };
    }
    macro_rules! into {
        ($units:expr, $c:expr) => {
            $units
                .select((plan_id.into_sql::<BigInt>(), unit::id, cohort.into_sql::<Text>(), section.into_sql::<Text>()))
                .insert_into(assignment::table)
                .into_columns((assignment::plan_id, assignment::unit_id, assignment::cohort, assignment::section))
                .execute($c)
        };
    }
    let added = match area {
        None => on_each!(conn, |c| into!(new!(), c)),
        Some(top) => on_each!(conn, |c| into!(
            new!().filter(exists(
                unit_closure::table.filter(unit_closure::ancestor_id.eq(top.0).and(unit_closure::unit_id.eq(unit::id)))
            )),
            c
        )),
    }?;
    add_assigned(conn, plan_id, added)
}

/// A unit obliged by a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obliged {
    /// Who.
    pub unit: Unit,
    /// Section and cohort of each obligation.
    pub cohorts: Vec<(String, String)>,
    /// The first day the unit is there; none: always was.
    pub from: Option<NaiveDate>,
    /// The last day it is there.
    pub to: Option<NaiveDate>,
}

impl Obliged {
    /// The unit with section and cohort of each obligation.
    pub fn each(&self) -> impl Iterator<Item = (&Unit, &str, &str)> {
        self.cohorts.iter().map(|(section, cohort)| (&self.unit, section.as_str(), cohort.as_str()))
    }
}

/// Every unit below `top`, itself included, that the plan obliges to anything, by code.
pub fn obliged(conn: &mut Conn, plan_id: i64, top: UnitId) -> Result<Arc<Vec<Arc<Obliged>>>, StoreError> {
    let version = |conn: &mut Conn| obliged_version(conn, plan_id);
    let read = |conn: &mut Conn| read_obliged(conn, plan_id, top);
    memo::rows(conn, |memo| &memo.obliged, (plan_id, top), version, read)
}

/// How many obligations the plan has and which unit is the newest: both are only ever added to.
fn obliged_version(conn: &mut Conn, plan_id: i64) -> Result<Version, StoreError> {
    let newest = unit::table.select(max(unit::id)).single_value();
    let (obligations, newest): (i64, Option<i64>) =
        on_each!(conn, |c| plan::table.find(plan_id).select((plan::assigned, newest)).get_result(c))?;
    Ok((obligations, newest.unwrap_or_default(), 0))
}

/// Keeps their number, which would take long to count, with the plan.
fn add_assigned(conn: &mut Conn, plan_id: i64, added: usize) -> Result<usize, StoreError> {
    let by = i64::try_from(added).unwrap_or(i64::MAX);
    if by > 0 {
        let plan = diesel::update(plan::table.find(plan_id));
        on_each!(conn, |c| plan.set(plan::assigned.eq(plan::assigned + by)).execute(c))?;
    }
    Ok(added)
}

fn read_obliged(conn: &mut Conn, plan_id: i64, top: UnitId) -> Result<Vec<Arc<Obliged>>, StoreError> {
    type Row = (units::UnitRow, Option<NaiveDate>, Option<NaiveDate>, String, String);
    let rows: Vec<Row> = on_each!(conn, |c| assignment::table
        .inner_join(unit::table)
        .inner_join(unit_closure::table.on(unit_closure::unit_id.eq(assignment::unit_id)))
        .filter(assignment::plan_id.eq(plan_id).and(unit_closure::ancestor_id.eq(top.0)))
        .order((unit::code, assignment::cohort))
        .select((units::columns!(), unit::valid_from, unit::valid_to, assignment::section, assignment::cohort))
        .load(c))?;
    let mut obliged: Vec<Obliged> = Vec::new();
    for (row, from, to, section, cohort) in rows {
        match obliged.last_mut().filter(|last| last.unit.id.0 == row.0) {
            Some(last) => last.cohorts.push((section, cohort)),
            None => obliged.push(Obliged { unit: units::read(row)?, cohorts: vec![(section, cohort)], from, to }),
        }
    }
    Ok(obliged.into_iter().map(Arc::new).collect())
}

/// A unit, and the cohorts that a plan obliges it to report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The unit.
    pub unit: UnitId,
    /// What it is.
    pub kind: UnitKind,
    /// The cohorts.
    pub cohorts: Vec<String>,
}

/// What the units with these codes, as far as there are any, are obliged to report; by code.
pub fn asked_of(conn: &mut Conn, plan_id: i64, codes: &[&str]) -> Result<HashMap<String, Asked>, StoreError> {
    let of_plan = assignment::unit_id.eq(unit::id).and(assignment::plan_id.eq(plan_id));
    let rows: Vec<(i64, String, String, Option<String>)> = on_each!(conn, |c| unit::table
        .left_join(assignment::table.on(of_plan))
        .filter(among(unit::code, codes.iter().copied()))
        .order((unit::id, assignment::cohort))
        .select((unit::id, unit::code, unit::kind, assignment::cohort.nullable()))
        .load(c))?;
    let mut asked: HashMap<String, Asked> = HashMap::with_capacity(codes.len());
    for (id, code, kind, cohort) in rows {
        let kind = units::kind_of(&code, &kind)?;
        let of_unit = || Asked { unit: UnitId(id), kind, cohorts: Vec::new() };
        asked.entry(code).or_insert_with(of_unit).cohorts.extend(cohort);
    }
    Ok(asked)
}

/// What the units right below some places are obliged to report: (place, unit, what it is, cohort).
pub fn cohorts_below(
    conn: &mut Conn,
    plan_id: i64,
    places: &[UnitId],
) -> Result<Vec<(UnitId, UnitId, UnitKind, String)>, StoreError> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let below = among(unit::parent_id.assume_not_null(), places.iter().map(|place| place.0));
    let rows: Vec<(i64, i64, String, String)> = on_each!(conn, |c| assignment::table
        .inner_join(unit::table)
        .filter(assignment::plan_id.eq(plan_id).and(below))
        .order((unit::code, assignment::cohort))
        .select((unit::parent_id.assume_not_null(), unit::id, unit::kind, assignment::cohort))
        .load(c))?;
    let known = |(place, id, kind, cohort): (i64, i64, String, String)| {
        Ok((UnitId(place), UnitId(id), units::kind_of(id, &kind)?, cohort))
    };
    rows.into_iter().map(known).collect()
}
