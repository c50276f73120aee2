//! Health staff take back what they recorded on zones.

use std::collections::BTreeSet;

use chrono::Duration;
use serde_json::json;

use super::{
    Result, UseCaseError,
    decide_zones::{Decided, allow_all, audit_places, blank, histories, no_longer_stands},
};
use crate::{
    domain::{
        actor::Actor,
        calendar::Instant,
        report::{Fault, Rule},
        text,
        unit::UnitId,
        zone,
    },
    store::{
        Conn, units,
        zones::{self, NewDecision},
    },
};

/// How long a record can be taken back without a reason.
const UNDO: Duration = Duration::minutes(10);

/// Takes records back, all or none: afterwards it is as if they had not been made, and they stay in the history.
/// Within ten minutes nobody needs to say why.
pub fn withdraw_zones(conn: &mut Conn, actor: &Actor, ids: &[i64], reason: &str, now: Instant) -> Result<Decided> {
    let found = zones::with_ids(conn, ids)?;
    if found.is_empty() || found.len() != ids.len() {
        let missing = ids.iter().find(|id| !found.iter().any(|d| d.id == **id)).copied().unwrap_or_default();
        return Err(UseCaseError::NotFound { kind: "decision", name: missing.to_string() });
    }
    let places: Vec<UnitId> = found.iter().map(|decision| decision.unit).collect();
    allow_all(conn, actor, &places)?;
    units::lock_all(conn, &places)?;
    let reason = text::clean(reason);
    if reason.is_empty() && found.iter().any(|decision| now - decision.recorded_at > UNDO) {
        return Err(UseCaseError::Invalid(vec![Fault::of_report("reason", Rule::ReasonNeeded, "", None)]));
    }
    let history = zones::of_units(conn, &places)?;
    let standing: BTreeSet<i64> = histories(&history)
        .values()
        .flat_map(|of_unit| zone::standing(of_unit).map(|decision| decision.id).collect::<Vec<_>>())
        .collect();
    if let Some(gone) = found.iter().find(|decision| !standing.contains(&decision.id)) {
        return Err(no_longer_stands(gone.id));
    }
    let rows: Vec<NewDecision> = found
        .iter()
        .map(|decision| NewDecision {
            unit_id: decision.unit.0,
            level: decision.level,
            corrects_id: Some(decision.id),
            is_withdrawal: true,
            reason: reason.clone(),
            ..blank(actor, &decision.scheme, decision.effective_from, now)
        })
        .collect();
    let decisions = zones::insert(conn, &rows)?;
    let acted: Vec<(UnitId, serde_json::Value)> =
        found.iter().map(|decision| (decision.unit, json!({ "decision": decision.id }))).collect();
    audit_places(conn, actor, "zone.withdrawn", &json!({ "reason": reason }), &acted, now)?;
    Ok(Decided { decisions, unchanged: 0 })
}
