//! A person marks where a nomination of a drive's shortlist stands. Nothing is awarded by itself.

use serde_json::json;

use super::{Result, UseCaseError, allowed, audit, zone_state::schemes};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::Instant,
        report::{Fault, Rule},
        text,
        unit::UnitId,
        zone::{
            drive::{self, AwardState, Window},
            line::Line,
        },
    },
    store::{Conn, units, zone_drives, zones},
};

/// The longest reason that is kept, in characters.
const LONGEST: usize = 500;

/// Records a mark on a place for a window and returns its record number. Only a place of the shortlist is proposed,
/// and each state follows the one before it.
pub fn mark_award(
    conn: &mut Conn,
    actor: &Actor,
    (code, window): (&str, Window),
    (state, reason): (AwardState, &str),
    now: Instant,
) -> Result<i64> {
    let place = allowed(conn, actor, Deed::MarkAward, code)?;
    let unit: UnitId = place.unit.id;
    units::lock_all(conn, &[unit])?;
    let before = zone_drives::marks(conn, unit, window)?.into_iter().rfind(|mark| mark.unit == unit).map(|m| m.state);
    let line = Line::of(&zones::of(conn, unit)?);
    let outcome = drive::judge(&line, window, schemes()).outcome;
    let reason = text::clean(reason);
    let mut faults = Vec::new();
    if !state.may_follow(before) {
        let possible: Vec<&str> =
            AwardState::ALL.iter().filter(|next| next.may_follow(before)).map(|next| next.code()).collect();
        faults.push(Fault::of_report("state", Rule::Unknown, state.code(), Some(possible.join(", "))));
    } else if state == AwardState::Proposed && !outcome.is_shortlisted() {
        faults.push(Fault::of_report("unit", Rule::NotShortlisted, place.unit.full_name.clone(), None));
    }
    if reason.is_empty() {
        faults.push(Fault::of_report("reason", Rule::Required, "", None));
    }
    if reason.chars().count() > LONGEST {
        faults.push(Fault::of_report("reason", Rule::TooLong, "", Some(LONGEST.to_string())));
    }
    if !faults.is_empty() {
        return Err(UseCaseError::Invalid(faults));
    }
    let id = zone_drives::mark(conn, (unit, window), (state, &reason), (actor.account_id, now))?;
    let detail = json!({
        "mark": id, "starts_on": window.starts_on, "ends_on": window.ends_on, "outcome": outcome,
        "state_before": before, "state": state, "reason": reason,
    });
    audit(conn, actor, "award.marked", Some(unit), detail, now)?;
    Ok(id)
}
