//! Loads the data that comes with the program: units, population, plans, known zone decisions. Doing it again changes
//! nothing.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, FixedOffset, NaiveDate};
use rust_embed::RustEmbed;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;

use super::{Result, UseCaseError};
use crate::{
    domain::{
        calendar::Instant,
        names::{Entry, Former},
        plan::{CountedOn, Plan},
        schedule::Version,
        text,
        unit::{UnitId, UnitKind},
    },
    store::{
        Conn, StoreError, accounts,
        audit::{self, NewEvent},
        plans::{self, Assignment},
        received, schedules,
        units::{self, NewUnit, Population},
        zone_drives::{self, PublishedTotal},
        zones::{self, NewDecision},
    },
};

#[derive(RustEmbed)]
#[folder = "seed"]
struct Seed;

/// The account that seeded facts are recorded under; nobody can sign in with it.
const RECORDER: (&str, &str) = ("seed", "Dữ liệu ban đầu");

/// What was new.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Units.
    pub units: usize,
    /// Population counts.
    pub populations: usize,
    /// Units newly obliged by a plan.
    pub assignments: usize,
    /// Timetables newly set, where a plan begins with one.
    pub schedules: usize,
    /// Zone decisions.
    pub zones: usize,
    /// Lines of published zone totals.
    pub zone_totals: usize,
}

#[derive(Deserialize)]
struct UnitLine {
    code: String,
    kind: UnitKind,
    name: String,
    full_name: Option<String>,
    parent_code: Option<String>,
    naming: Option<String>,
    list_is_complete: Option<bool>,
}

#[derive(Deserialize)]
struct PopulationLine {
    code: String,
    as_of: NaiveDate,
    persons: i32,
    households: i32,
    source: String,
}

#[derive(Deserialize)]
struct ZoneLine {
    unit_code: String,
    scheme: String,
    level: i32,
    effective_from: DateTime<FixedOffset>,
    decision_number: Option<String>,
    decision_issuer: Option<String>,
    decision_date: Option<NaiveDate>,
    note: String,
}

#[derive(Deserialize)]
struct TotalLine {
    unit_code: String,
    kind: UnitKind,
    effective_from: DateTime<FixedOffset>,
    scheme: String,
    level_1: i32,
    level_2: i32,
    level_3: i32,
    level_4: i32,
    source: String,
    source_url: String,
}

/// Loads everything under `seed/`.
pub fn load_seed(conn: &mut Conn, now: Instant) -> Result<Loaded> {
    let mut loaded = Loaded::default();
    let lines = unit_lines()?;
    let with_hamlets: BTreeSet<&str> = lines
        .iter()
        .filter(|line| line.list_is_complete == Some(true))
        .filter_map(|line| line.parent_code.as_deref())
        .collect();
    let new: Vec<NewUnit> = lines.iter().map(new_unit).collect();
    loaded.units = units::add(conn, &new)?;
    loaded.populations = load_populations(conn)?;
    let recorder = accounts::recorder(conn, RECORDER.0, RECORDER.1, now)?;
    for file in files("plans/") {
        loaded.assignments += load_plan(conn, &file, &with_hamlets)?;
    }
    loaded.schedules = begin_timetables(conn, recorder, now)?;
    for file in files("zones/decisions/") {
        loaded.zones += load_zones(conn, &file, recorder, now)?;
    }
    loaded.zone_totals = load_totals(conn)?;
    if loaded != Loaded::default() {
        let Loaded { units, populations, assignments, schedules, zones, zone_totals } = loaded;
        let detail = json!({
            "units": units, "populations": populations, "assignments": assignments, "schedules": schedules,
            "zones": zones, "zone_totals": zone_totals,
        });
        let (account_id, actor) = (Some(recorder), RECORDER.1.to_owned());
        audit::append(conn, &NewEvent { at: now, account_id, actor, action: "seed.loaded", unit: None, detail })?;
    }
    Ok(loaded)
}

fn unit_lines() -> Result<Vec<UnitLine>> {
    let mut lines: Vec<UnitLine> = read("units/vietnam-2021.csv")?;
    lines.extend(read("units/cho-moi-agencies.csv")?);
    lines.extend(read("units/cho-moi-hamlets.csv")?);
    Ok(lines)
}

/// The units that come with the program, as names are matched with them where there is no database.
pub(super) fn seeded_units() -> Result<Vec<Entry>> {
    let entry = |new: NewUnit| {
        let NewUnit { code, kind, name, full_name, parent, is_class, .. } = new;
        Entry { code, kind, name, full_name, parent, is_class }
    };
    Ok(unit_lines()?.iter().map(new_unit).map(entry).collect())
}

#[derive(Deserialize)]
struct FormerLine {
    full_name: String,
    parent_code: String,
    successor_codes: String,
}

/// Units that are no more.
pub(super) fn former_units() -> Result<Vec<Former>> {
    let former = |line: FormerLine| Former {
        full_name: line.full_name,
        parent: line.parent_code,
        successors: line.successor_codes.split_whitespace().map(str::to_owned).collect(),
    };
    Ok(read::<FormerLine>("units/abolished.csv")?.into_iter().map(former).collect())
}

fn files(folder: &'static str) -> impl Iterator<Item = String> {
    let mut names: Vec<String> = Seed::iter().filter(|name| name.starts_with(folder)).map(Into::into).collect();
    names.sort();
    names.into_iter()
}

fn text_of(name: &str) -> Result<String> {
    let file = Seed::get(name).ok_or_else(|| broken(name, &"is missing"))?;
    String::from_utf8(file.data.into_owned()).map_err(|e| broken(name, &e))
}

/// The files of outlines that come with the program.
pub(super) fn maps() -> impl Iterator<Item = (String, Vec<u8>)> {
    files("maps/").filter_map(|name| Some((name.clone(), Seed::get(&name)?.data.into_owned())))
}

fn broken(name: &str, cause: &dyn std::fmt::Display) -> UseCaseError {
    StoreError::Broken(format!("seed/{name}: {cause}")).into()
}

fn read<T: DeserializeOwned>(name: &str) -> Result<Vec<T>> {
    let text = text_of(name)?;
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<std::result::Result<_, _>>()
        .map_err(|e| broken(name, &e))
}

fn new_unit(line: &UnitLine) -> NewUnit {
    let name = text::clean(&line.name);
    let full_name = line.full_name.as_deref().map_or_else(|| name.clone(), text::clean);
    NewUnit {
        code: line.code.clone(),
        kind: line.kind,
        search_key: text::search_key(&full_name),
        name,
        full_name,
        is_class: line.naming.as_deref() == Some("class"),
        parent: line.parent_code.clone().filter(|code| !code.is_empty()),
    }
}

fn load_populations(conn: &mut Conn) -> Result<usize> {
    let lines = read::<PopulationLine>("units/population-2019.csv")?
        .into_iter()
        .map(|line| {
            let PopulationLine { code, as_of, persons, households, source } = line;
            (code, Population { as_of, persons, households, source })
        })
        .collect::<Vec<_>>();
    Ok(units::add_populations(conn, &lines)?)
}

fn load_plan(conn: &mut Conn, file: &str, with_hamlets: &BTreeSet<&str>) -> Result<usize> {
    let plan: Plan = toml::from_str(&text_of(file)?).map_err(|e| broken(file, &e))?;
    let plan = plan.checked().map_err(|e| broken(file, &e))?;
    let find = |conn: &mut Conn, code: &str| {
        units::find(conn, code)?.ok_or_else(|| broken(file, &format!("there is no unit {code}")))
    };
    let area = plan.area.as_deref().map(|code| find(conn, code)).transpose()?.map(|unit| unit.id);
    let plan_id = plans::save(conn, &plan, area)?;
    let mut assignments = Vec::new();
    let mut added = 0;
    for clause in &plan.clauses {
        for asked in clause.asks.iter().filter(|_| !clause.kinds.is_empty()) {
            added += plans::assign_kinds(conn, plan_id, &clause.kinds, area, &asked.cohort, &clause.section)?;
        }
        for code in &clause.units {
            let body = find(conn, code)?;
            if body.is_class {
                return Err(broken(file, &format!("{code} is a class of bodies: it cannot report")));
            }
            let areas = areas_of(conn, code, with_hamlets)?;
            for asked in &clause.asks {
                let on_area = plan.cohort(&asked.cohort).is_some_and(|cohort| cohort.counted_on == CountedOn::Area);
                let units = if on_area { &areas } else { &vec![body.id] };
                assignments.extend(units.iter().map(|unit| Assignment {
                    unit: *unit,
                    section: clause.section.clone(),
                    cohort: asked.cohort.clone(),
                }));
            }
        }
    }
    Ok(added + plans::assign(conn, plan_id, &assignments)?)
}

/// Sets the timetable that comes with a plan, where none was ever set: from then on it is the office's. What was reported
/// before is counted by it too.
fn begin_timetables(conn: &mut Conn, account_id: i64, now: Instant) -> Result<usize> {
    let mut begun = 0;
    for mut stored in plans::all(conn)? {
        let Some(rules) = stored.plan.schedule.rules.clone() else { continue };
        if !stored.timetable.versions().is_empty() {
            continue;
        }
        let version = Version { from: stored.plan.starts_on, rules, assumed: stored.plan.schedule.assumed };
        schedules::set(conn, stored.id, &version, "", account_id, now)?;
        stored.timetable = schedules::timetable(conn, stored.id, &stored.plan)?;
        received::rebuild(conn, &stored)?;
        begun += 1;
    }
    Ok(begun)
}

/// The areas a body answers for: the hamlets of its commune where all of them are known, else the commune itself, so
/// that nobody is counted both in a hamlet and in the whole.
fn areas_of(conn: &mut Conn, body: &str, with_hamlets: &BTreeSet<&str>) -> Result<Vec<crate::domain::unit::UnitId>> {
    let lineage = units::lineage(conn, body)?;
    let Some(place) = lineage.iter().find(|unit| unit.kind.is_place()) else { return Ok(Vec::new()) };
    if with_hamlets.contains(place.code.as_str()) {
        return Ok(units::subtree(conn, place.id, Some(UnitKind::Hamlet))?.iter().map(|unit| unit.id).collect());
    }
    Ok(vec![place.id])
}

fn load_zones(conn: &mut Conn, file: &str, account_id: i64, now: Instant) -> Result<usize> {
    let lines: Vec<ZoneLine> = read(file)?;
    let codes: Vec<&str> = lines.iter().map(|line| line.unit_code.as_str()).collect();
    let found = units::with_codes(conn, &codes)?;
    let ids: BTreeMap<&str, UnitId> = found.iter().map(|unit| (unit.code.as_str(), unit.id)).collect();
    let known = zones::of_units(conn, &ids.values().copied().collect::<Vec<_>>())?;
    let clean = |text: Option<String>| text.map(|text| text::clean(&text)).filter(|text| !text.is_empty());
    let mut new = Vec::new();
    for line in lines {
        let unit = *ids
            .get(line.unit_code.as_str())
            .ok_or_else(|| broken(file, &format!("there is no unit {}", line.unit_code)))?;
        let issuer = clean(line.decision_issuer);
        let decision = NewDecision {
            unit_id: unit.0,
            scheme: line.scheme,
            level: line.level,
            effective_from: line.effective_from.to_utc().into(),
            decision_number: clean(line.decision_number),
            // Published by its issuer: official even where the press does not print its number.
            is_official: issuer.is_some(),
            decision_issuer: issuer,
            decision_date: line.decision_date,
            note: text::clean(&line.note),
            recorded_at: now.into(),
            account_id,
            corrects_id: None,
            is_withdrawal: false,
            reason: String::new(),
            import_id: None,
            import_row: None,
        };
        // Also where it was corrected since: the seed never speaks twice.
        let is_known = known.iter().any(|known| {
            known.unit == unit
                && known.scheme == decision.scheme
                && known.level == decision.level
                && known.effective_from == decision.effective_from.0
                && known.decision_number == decision.decision_number
        });
        if !is_known {
            new.push(decision);
        }
    }
    Ok(zones::insert(conn, &new)?.len())
}

/// Totals as they were published, beside which computed ones are shown.
fn load_totals(conn: &mut Conn) -> Result<usize> {
    const FILE: &str = "zones/totals/published.csv";
    let mut totals = Vec::new();
    for line in read::<TotalLine>(FILE)? {
        let unit = units::find(conn, &line.unit_code)?
            .ok_or_else(|| broken(FILE, &format!("there is no unit {}", line.unit_code)))?;
        for (level, places) in [(1, line.level_1), (2, line.level_2), (3, line.level_3), (4, line.level_4)] {
            totals.push(PublishedTotal {
                unit_id: unit.id.0,
                kind: line.kind.code().to_owned(),
                effective_from: line.effective_from.to_utc().into(),
                scheme: line.scheme.clone(),
                level,
                places,
                source: text::clean(&line.source),
                source_url: line.source_url.clone(),
            });
        }
    }
    Ok(zone_drives::add_totals(conn, &totals)?)
}
