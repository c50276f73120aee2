//! Health staff record a decision on the zones of one place or of many, correct one, or take it back.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Duration, NaiveDate};
use serde::Serialize;
use serde_json::json;

use super::{
    Result, UnitRef, UseCaseError, audit,
    zone_state::{ZoneMark, ZoneState, scheme},
};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::{self, Instant},
        report::{Fault, Rule},
        text,
        unit::{Unit, UnitId},
        zone::{self, Decision, line::Line},
    },
    store::{
        Conn, StoreError, units, zone_lines,
        zones::{self, NewDecision},
    },
};

/// A decision as it is given: one document, one or many places.
#[derive(Debug, Clone, Default)]
pub struct Ruling {
    /// The places with their levels.
    pub places: Vec<Ruled>,
    /// Code of the scheme.
    pub scheme: String,
    /// The minute it takes effect; may lie ahead.
    pub effective_from: Instant,
    /// Number of the document; without one it is recorded as a proposal (requirements A-12).
    pub decision_number: String,
    /// Who signed it; asked for with a number.
    pub decision_issuer: String,
    /// Its date.
    pub decision_date: Option<NaiveDate>,
    /// Remarks.
    pub note: String,
    /// The record it corrects; it must be of the only place given.
    pub corrects: Option<i64>,
    /// Why it corrects that.
    pub reason: String,
}

/// A place and its level in a decision.
#[derive(Debug, Clone, Default)]
pub struct Ruled {
    /// Code of the place.
    pub unit: String,
    /// Level in the scheme.
    pub level: i32,
    /// Number of the last record on this place that whoever decides has seen, 0 for none: a later one is shown
    /// before anything is recorded. Without it nothing is asked.
    pub seen: Option<i64>,
}

/// What a decision would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Check {
    /// Whether it has a number: only then it counts.
    pub is_official: bool,
    /// The places, in the order given.
    pub places: Vec<Effect>,
}

/// What a decision would change on one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Effect {
    /// The place.
    pub unit: UnitRef,
    /// In force at the moment the decision takes effect.
    pub before: Option<ZoneMark>,
    /// What it decides.
    pub after: ZoneMark,
    /// Whether the same was recorded before: it will not be recorded again.
    pub is_known: bool,
    /// Number of the last record on this place, 0 for none.
    pub seen: i64,
}

/// Records made on a place since somebody looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The place.
    pub unit: UnitRef,
    /// What others recorded meanwhile, oldest first.
    pub records: Vec<ZoneState>,
}

/// What was recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Decided {
    /// Numbers of the new records.
    pub decisions: Vec<i64>,
    /// Places whose decision had been recorded before.
    pub unchanged: usize,
}

/// The longest text of a decision that is kept, in characters.
const LONGEST: usize = 500;

/// What the decision would change; records nothing.
pub fn check_zones(conn: &mut Conn, actor: &Actor, given: &Ruling, now: Instant) -> Result<Check> {
    // A look locks nothing: it is made where nothing can be written.
    let checked = Checked::new(conn, actor, given, now, |_, _| Ok(()))?;
    Ok(Check {
        is_official: checked.number.is_some(),
        places: checked.places.iter().map(|place| place.effect.clone()).collect(),
    })
}

/// Records the decision for every place, or for none. What was recorded before is not recorded again.
pub fn decide_zones(conn: &mut Conn, actor: &Actor, given: &Ruling, now: Instant) -> Result<Decided> {
    let checked = Checked::new(conn, actor, given, now, units::lock_all)?;
    let clashes: Vec<Clash> = checked.places.iter().filter_map(Place::clash).collect();
    if !clashes.is_empty() {
        return Err(UseCaseError::ZonesClash(clashes));
    }
    let new: Vec<&Place> = checked.places.iter().filter(|place| !place.effect.is_known).collect();
    let rows: Vec<NewDecision> = new
        .iter()
        .map(|place| NewDecision {
            unit_id: place.id.0,
            level: place.effect.after.level,
            decision_number: checked.number.clone(),
            decision_issuer: checked.issuer.clone(),
            decision_date: given.decision_date,
            is_official: checked.number.is_some(),
            note: text::clean(&given.note),
            corrects_id: given.corrects,
            is_withdrawal: false,
            reason: text::clean(&given.reason),
            ..blank(actor, &given.scheme, checked.effective_from, now)
        })
        .collect();
    let decisions = zones::insert(conn, &rows)?;
    let line = |(place, id): (&&Place, &i64)| {
        let Effect { unit, before, after, .. } = &place.effect;
        json!({ "decision": id, "unit": unit.code, "level": after.level, "level_before": before.as_ref().map(|b| b.level) })
    };
    let acted: Vec<(UnitId, serde_json::Value)> =
        new.iter().zip(&decisions).map(|pair| (pair.0.id, line(pair))).collect();
    let common = json!({
        "scheme": given.scheme, "effective_from": checked.effective_from, "decision_number": checked.number,
        "official": checked.number.is_some(), "corrects": given.corrects, "reason": text::clean(&given.reason),
    });
    let action = if given.corrects.is_some() { "zone.corrected" } else { "zone.decided" };
    audit_places(conn, actor, action, &common, &acted, now)?;
    Ok(Decided { decisions, unchanged: checked.places.len() - new.len() })
}

pub(super) fn no_longer_stands(id: i64) -> UseCaseError {
    UseCaseError::Invalid(vec![Fault::of_report("corrects", Rule::NoLongerStands, id.to_string(), None)])
}

/// A row that says nothing yet.
pub(super) fn blank(actor: &Actor, scheme: &str, effective_from: Instant, now: Instant) -> NewDecision {
    NewDecision {
        unit_id: 0,
        scheme: scheme.to_owned(),
        level: 0,
        effective_from: effective_from.into(),
        decision_number: None,
        decision_issuer: None,
        decision_date: None,
        is_official: false,
        note: String::new(),
        recorded_at: now.into(),
        account_id: actor.account_id,
        corrects_id: None,
        is_withdrawal: false,
        reason: String::new(),
    }
}

/// A decision whose every part is in order.
struct Checked {
    places: Vec<Place>,
    effective_from: Instant,
    number: Option<String>,
    issuer: Option<String>,
}

struct Place {
    id: UnitId,
    effect: Effect,
    seen: Option<i64>,
    history: Vec<Decision>,
}

impl Place {
    /// What others recorded on the place since whoever decides looked at it.
    fn clash(&self) -> Option<Clash> {
        let seen = self.seen?;
        let since = self.history.iter().filter(|decision| decision.id > seen);
        let records: Vec<ZoneState> = since.filter_map(ZoneState::of).collect();
        (!records.is_empty() && !self.effect.is_known).then(|| Clash { unit: self.effect.unit.clone(), records })
    }
}

impl Checked {
    /// `lock` keeps other writers away from the places before their histories are read.
    fn new(
        conn: &mut Conn,
        actor: &Actor,
        given: &Ruling,
        now: Instant,
        lock: fn(&mut Conn, &[UnitId]) -> std::result::Result<(), StoreError>,
    ) -> Result<Self> {
        let (found, mut faults) = places(conn, actor, given)?;
        // A decision takes effect at a minute of the clock.
        let effective_from = given.effective_from - Duration::seconds(given.effective_from.timestamp().rem_euclid(60));
        let clean = |given: &str| Some(text::clean(given)).filter(|text| !text.is_empty());
        let (number, issuer) = (clean(&given.decision_number), clean(&given.decision_issuer));
        faults.extend(head_faults(given, effective_from, now));
        if number.is_some() && issuer.is_none() {
            faults.push(Fault::of_report("decision_issuer", Rule::Required, "", None));
        }
        if !faults.is_empty() {
            return Err(UseCaseError::Invalid(faults));
        }
        let ids: Vec<UnitId> = found.iter().map(|unit| unit.id).collect();
        lock(conn, &ids)?;
        let mut of_units: BTreeMap<UnitId, Vec<Decision>> = BTreeMap::new();
        for batch in ids.chunks(10_000) {
            of_units.extend(histories(&zones::of_units(conn, batch)?));
        }
        let newest = newest(conn, &ids)?;
        let mut checked = Vec::with_capacity(found.len());
        for (unit, ruled) in found.iter().zip(&given.places) {
            let history = of_units.remove(&unit.id).unwrap_or_default();
            let Some(after) = ZoneMark::new(&given.scheme, ruled.level, effective_from, 0) else { continue };
            let is_known = given.corrects.is_none()
                && zone::standing(&history).any(|known| {
                    (known.scheme.as_str(), known.level, known.effective_from)
                        == (&given.scheme, ruled.level, effective_from)
                        && known.decision_number == number
                });
            if let Some(id) = given.corrects
                && !zone::standing(&history).any(|decision| decision.id == id)
            {
                return Err(no_longer_stands(id));
            }
            let effect = Effect {
                unit: UnitRef::from(unit),
                before: ZoneMark::at(&Line::of(&history), effective_from),
                after,
                is_known,
                seen: newest.get(&unit.id).copied().unwrap_or(0),
            };
            checked.push(Place { id: unit.id, effect, seen: ruled.seen, history });
        }
        Ok(Self { places: checked, effective_from, number, issuer })
    }
}

fn newest(conn: &mut Conn, ids: &[UnitId]) -> Result<BTreeMap<UnitId, i64>> {
    let mut newest = BTreeMap::new();
    for batch in ids.chunks(10_000) {
        newest.extend(zone_lines::newest(conn, batch)?);
    }
    Ok(newest)
}

/// The decisions of each place.
pub(super) fn histories(decisions: &[Decision]) -> BTreeMap<UnitId, Vec<Decision>> {
    let mut of_units: BTreeMap<UnitId, Vec<Decision>> = BTreeMap::new();
    for decision in decisions {
        of_units.entry(decision.unit).or_default().push(decision.clone());
    }
    of_units
}

/// The places given, in their order, and what is wrong with them; each must be one the actor may decide on.
fn places(conn: &mut Conn, actor: &Actor, given: &Ruling) -> Result<(Vec<Unit>, Vec<Fault>)> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, rule, value: &str, limit: Option<String>| {
        faults.push(Fault::of_report(field, rule, value, limit));
    };
    if given.places.is_empty() {
        fault("unit", Rule::Required, "", None);
    }
    if given.corrects.is_some() && given.places.len() != 1 {
        fault("corrects", Rule::Unknown, &given.places.len().to_string(), None);
    }
    let codes: Vec<&str> = given.places.iter().map(|place| place.unit.as_str()).collect();
    let known = units::with_codes(conn, &codes)?;
    let known: BTreeMap<&str, &Unit> = known.iter().map(|unit| (unit.code.as_str(), unit)).collect();
    let ids: Vec<UnitId> = known.values().map(|unit| unit.id).collect();
    allow_all(conn, actor, &ids)?;
    let scheme = scheme(&given.scheme);
    if scheme.is_none() {
        fault("scheme", Rule::Unknown, &given.scheme, None);
    }
    let (mut found, mut twice) = (Vec::new(), BTreeSet::new());
    for place in &given.places {
        match known.get(place.unit.as_str()) {
            Some(unit) if !twice.insert(unit.id) => fault("unit", Rule::CohortTwice, &place.unit, None),
            Some(unit) if unit.kind.is_place() => found.push((*unit).clone()),
            _ => fault("unit", Rule::Unknown, &place.unit, None),
        }
        if let Some(scheme) = scheme.filter(|scheme| scheme.level(place.level).is_none()) {
            let levels = scheme.levels.iter().map(|level| level.level.to_string()).collect::<Vec<_>>().join(", ");
            fault("level", Rule::Unknown, &place.level.to_string(), Some(levels));
        }
    }
    Ok((found, faults))
}

/// What is wrong with the document itself.
fn head_faults(given: &Ruling, effective_from: Instant, now: Instant) -> Vec<Fault> {
    let mut faults = Vec::new();
    // The first plan is of 2020; more than a year ahead is a typing error.
    let first = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap_or_default();
    let last = calendar::day(now + Duration::days(366));
    if !(first..=last).contains(&calendar::day(effective_from)) {
        let range = format!("{}–{}", first.format("%d/%m/%Y"), last.format("%d/%m/%Y"));
        let day = calendar::day(effective_from).format("%d/%m/%Y").to_string();
        faults.push(Fault::of_report("effective_from", Rule::OutOfRange, day, Some(range)));
    }
    for (field, value) in [
        ("decision_number", &given.decision_number),
        ("decision_issuer", &given.decision_issuer),
        ("note", &given.note),
        ("reason", &given.reason),
    ] {
        if value.chars().count() > LONGEST {
            faults.push(Fault::of_report(field, Rule::TooLong, "", Some(LONGEST.to_string())));
        }
    }
    if given.corrects.is_some() && text::clean(&given.reason).is_empty() {
        faults.push(Fault::of_report("reason", Rule::ReasonNeeded, "", None));
    }
    faults
}

/// Refuses unless the actor may decide on every one of these places.
pub(super) fn allow_all(conn: &mut Conn, actor: &Actor, places: &[UnitId]) -> Result<()> {
    let scopes: Vec<UnitId> = actor.scopes(Deed::DecideZone).collect();
    let allowed = units::below_any(conn, places, &scopes)?;
    let all = !scopes.is_empty() && places.iter().all(|place| allowed.contains(place));
    if all { Ok(()) } else { Err(UseCaseError::NotAllowed) }
}

/// One event for a place alone; for many, one on each part of the tree the actor decides for.
pub(super) fn audit_places(
    conn: &mut Conn,
    actor: &Actor,
    action: &'static str,
    common: &serde_json::Value,
    acted: &[(UnitId, serde_json::Value)],
    now: Instant,
) -> Result<()> {
    let with = |places: Vec<&serde_json::Value>| {
        let mut detail = common.clone();
        detail["places"] = json!(places);
        detail
    };
    if let [(unit, place)] = acted {
        return audit(conn, actor, action, Some(*unit), with(vec![place]), now);
    }
    let mut left: Vec<&(UnitId, serde_json::Value)> = acted.iter().collect();
    for scope in actor.scopes(Deed::DecideZone) {
        let ids: Vec<UnitId> = left.iter().map(|(unit, _)| *unit).collect();
        let below = units::below_any(conn, &ids, &[scope])?;
        let (here, elsewhere): (Vec<_>, Vec<_>) = left.into_iter().partition(|(unit, _)| below.contains(unit));
        if !here.is_empty() {
            audit(conn, actor, action, Some(scope), with(here.into_iter().map(|(_, place)| place).collect()), now)?;
        }
        left = elsewhere;
    }
    Ok(())
}
