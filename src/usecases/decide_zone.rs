//! Health staff record a decision on a place's zone.

use chrono::NaiveDate;
use serde_json::json;

use super::{Result, UseCaseError, allowed, audit, see_zones::scheme};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::Instant,
        report::{Fault, Rule},
        text,
    },
    store::{
        Conn,
        zones::{self, NewDecision},
    },
};

/// A decision as it is given.
#[derive(Debug, Clone)]
pub struct ZoneDecision {
    /// Code of the place.
    pub unit: String,
    /// Code of the scheme.
    pub scheme: String,
    /// Level in the scheme.
    pub level: i32,
    /// The hour it takes effect; may lie ahead.
    pub effective_from: Instant,
    /// Number of the document; without one it is recorded as a proposal (requirements A-12).
    pub decision_number: String,
    /// Who signed it; asked for with a number.
    pub decision_issuer: String,
    /// Its date.
    pub decision_date: Option<NaiveDate>,
    /// Remarks.
    pub note: String,
}

/// The longest text of a decision that is kept, in characters.
const LONGEST: usize = 500;

/// Records a decision, or a proposal when it has no number. Returns its record number.
pub fn decide_zone(conn: &mut Conn, actor: &Actor, given: &ZoneDecision, now: Instant) -> Result<i64> {
    let place = allowed(conn, actor, Deed::DecideZone, &given.unit)?;
    let clean = |given: &str| Some(text::clean(given)).filter(|text| !text.is_empty());
    let (number, issuer) = (clean(&given.decision_number), clean(&given.decision_issuer));
    let mut faults = Vec::new();
    let mut fault = |field: &str, rule, value: &str, limit: Option<String>| {
        faults.push(Fault::of_report(field, rule, value, limit));
    };
    if !place.unit.kind.is_place() {
        fault("unit", Rule::Unknown, &given.unit, None);
    }
    match scheme(&given.scheme) {
        None => fault("scheme", Rule::Unknown, &given.scheme, None),
        Some(known) if known.level(given.level).is_none() => {
            let levels = known.levels.iter().map(|level| level.level.to_string()).collect::<Vec<_>>().join(", ");
            fault("level", Rule::Unknown, &given.level.to_string(), Some(levels));
        }
        Some(_) => {}
    }
    if number.is_some() && issuer.is_none() {
        fault("decision_issuer", Rule::Required, "", None);
    }
    for (field, value) in [
        ("decision_number", &given.decision_number),
        ("decision_issuer", &given.decision_issuer),
        ("note", &given.note),
    ] {
        if value.chars().count() > LONGEST {
            fault(field, Rule::TooLong, "", Some(LONGEST.to_string()));
        }
    }
    if !faults.is_empty() {
        return Err(UseCaseError::Invalid(faults));
    }
    let before = crate::domain::zone::in_force(&zones::of(conn, place.unit.id)?, given.effective_from).map(|d| d.level);
    let new = NewDecision {
        unit: place.unit.id,
        scheme: given.scheme.clone(),
        level: given.level,
        effective_from: given.effective_from,
        is_official: number.is_some(),
        decision_number: number,
        decision_issuer: issuer,
        decision_date: given.decision_date,
        note: text::clean(&given.note),
        recorded_at: now,
        account_id: actor.account_id,
    };
    let id = zones::insert(conn, &new)?;
    let detail = json!({
        "decision": id, "scheme": new.scheme, "level": new.level, "level_before": before,
        "effective_from": new.effective_from, "decision_number": new.decision_number, "official": new.is_official,
    });
    audit(conn, actor, "zone.decided", Some(place.unit.id), detail, now)?;
    Ok(id)
}
