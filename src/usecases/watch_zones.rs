//! What the live stream tells of: zones decided since the last look, and what they change.

use serde::Serialize;

use super::{Result, UnitRef, UseCaseError, zone_state::ZoneChange};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::Instant,
        unit::UnitId,
        zone::line::Line,
    },
    store::{Conn, units, zones},
};

/// What is new since a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct News {
    /// The newest record there is: where to go on from.
    pub newest: i64,
    /// What it changes in the actor's places, in the order recorded.
    pub changes: Vec<ZoneChange>,
}

/// The official decisions recorded after `after` on places the actor sees; without it only where to begin.
pub fn watch_zones(conn: &mut Conn, actor: &Actor, after: Option<i64>, now: Instant) -> Result<News> {
    let scopes: Vec<UnitId> = actor.scopes(Deed::See).collect();
    if scopes.is_empty() {
        return Err(UseCaseError::NotAllowed);
    }
    let newest = zones::newest(conn)?;
    let Some(after) = after.filter(|after| *after < newest) else { return Ok(News { newest, changes: Vec::new() }) };
    let decided = zones::after(conn, after)?;
    let places: Vec<UnitId> = decided.iter().map(|decision| decision.unit).collect();
    let seen: Vec<UnitId> = units::below_any(conn, &places, &scopes)?.into_iter().collect();
    let history = zones::of_units(conn, &seen)?;
    let units = units::with_ids(conn, &seen)?;
    let changes = decided
        .iter()
        .filter_map(|decision| {
            let unit = units.iter().find(|unit| unit.id == decision.unit)?;
            let of_unit: Vec<_> = history.iter().filter(|other| other.unit == decision.unit).cloned().collect();
            let line = Line::of(&of_unit);
            let step = line.steps.iter().find(|step| step.decision == decision.id)?;
            ZoneChange::of(&UnitRef::from(unit), &line, *step, now).filter(ZoneChange::is_change)
        })
        .collect();
    Ok(News { newest, changes })
}
