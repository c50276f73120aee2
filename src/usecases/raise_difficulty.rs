//! A unit says what it finds difficult; the consolidator takes it up, puts it before the committee, and records how it
//! was resolved. Nothing said is changed afterwards.

use serde::Serialize;
use serde_json::json;

use super::{Result, UseCaseError, allowed, audit};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::Instant,
        difficulty::{DifficultyState, LONGEST, Matter},
        report::{Fault, Rule},
        text,
    },
    store::{Conn, difficulties, plans::StoredPlan, units},
};

/// What was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Raised {
    /// Its number.
    pub difficulty: i64,
    /// Where it stands.
    pub state: DifficultyState,
}

/// A text within its limit that names nobody.
pub(super) fn check_text(field: &str, text: &str, longest: usize) -> Option<Fault> {
    if text.chars().count() > longest {
        return Some(Fault::of_report(field, Rule::TooLong, "", Some(longest.to_string())));
    }
    text::personal(text).map(|found| Fault::of_report(field, Rule::PersonalData, found, None))
}

/// Records what the unit with this code finds difficult.
pub fn raise_difficulty(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    unit: &str,
    (category, body): (Matter, &str),
    now: Instant,
) -> Result<Raised> {
    let place = allowed(conn, actor, Deed::RaiseDifficulty, unit)?;
    let body = text::clean_lines(body);
    let mut faults: Vec<Fault> = check_text("text", &body, LONGEST).into_iter().collect();
    if body.is_empty() {
        faults.push(Fault::of_report("text", Rule::Required, "", None));
    }
    if !faults.is_empty() {
        return Err(UseCaseError::Invalid(faults));
    }
    let by = (actor.account_id, now);
    let id = difficulties::insert(conn, (plan.id, place.unit.id), (category, &body), by)?;
    let detail = json!({ "difficulty": id, "category": category, "text": body });
    audit(conn, actor, "difficulty.raised", Some(place.unit.id), detail, now)?;
    Ok(Raised { difficulty: id, state: DifficultyState::Received })
}

/// Carries a difficulty one step on.
pub fn carry_on(
    conn: &mut Conn,
    actor: &Actor,
    id: i64,
    (state, note): (DifficultyState, &str),
    now: Instant,
) -> Result<Raised> {
    let unknown = || UseCaseError::NotFound { kind: "difficulty", name: id.to_string() };
    if !actor.may_somewhere(Deed::Consolidate) {
        return Err(UseCaseError::NotAllowed);
    }
    let (unit, _) = difficulties::find(conn, id)?.ok_or_else(unknown)?;
    let place = allowed(conn, actor, Deed::Consolidate, &unit.code)?;
    units::lock(conn, place.unit.id)?;
    let before = difficulties::state(conn, id)?;
    let note = text::clean_lines(note);
    let mut faults: Vec<Fault> = check_text("note", &note, LONGEST).into_iter().collect();
    if !state.may_follow(before) {
        let next: Vec<&str> =
            DifficultyState::ALL.iter().filter(|next| next.may_follow(before)).map(|s| s.code()).collect();
        faults.push(Fault::of_report("state", Rule::NotAStepOn, state.code(), Some(next.join(", "))));
    }
    if note.is_empty() && state.needs_note() {
        faults.push(Fault::of_report("note", Rule::Required, "", None));
    }
    if !faults.is_empty() {
        return Err(UseCaseError::Invalid(faults));
    }
    let step = difficulties::step(conn, id, (state, &note), (actor.account_id, now))?;
    let detail = json!({ "difficulty": id, "step": step, "state_before": before, "state": state, "note": note });
    audit(conn, actor, "difficulty.carried_on", Some(place.unit.id), detail, now)?;
    Ok(Raised { difficulty: id, state })
}
