//! The office sets the letterhead, the recipients and the signers of its official reports.

use serde::Serialize;
use serde_json::json;

use super::{Result, UnitRef, UseCaseError, allowed_or_own, audit};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::Instant,
        letter::Letter,
        unit::Unit,
    },
    store::{Conn, plans::StoredPlan, report_settings},
};

/// The letter of a place's reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LetterView {
    /// The place.
    pub scope: UnitRef,
    /// What is in force.
    pub letter: Letter,
    /// Whether it is the plan's, and nobody has set another.
    pub is_default: bool,
}

/// What is in force for a place; before anybody set it, what comes with the plan.
pub(super) fn letter_of(conn: &mut Conn, plan: &StoredPlan, place: &Unit) -> Result<Letter> {
    Ok(report_settings::in_force(conn, plan.id, place.id)?.unwrap_or_else(|| default_of(plan, place)))
}

fn default_of(plan: &StoredPlan, place: &Unit) -> Letter {
    let of_plan = plan.plan.letter.clone().filter(|_| plan.area == place.id);
    of_plan.unwrap_or_else(|| Letter {
        place: place.name.clone(),
        subject: plan.plan.title.clone(),
        ..Letter::default()
    })
}

/// The letter of `scope`, or of the top of what the actor consolidates.
pub fn see_letter(conn: &mut Conn, actor: &Actor, plan: &StoredPlan, scope: Option<&str>) -> Result<LetterView> {
    let place = allowed_or_own(conn, actor, Deed::Consolidate, scope)?.unit;
    let set = report_settings::in_force(conn, plan.id, place.id)?;
    Ok(LetterView {
        scope: UnitRef::from(&place),
        is_default: set.is_none(),
        letter: set.unwrap_or_else(|| default_of(plan, &place)),
    })
}

/// Sets the letter from now on. Reports that are issued keep theirs.
pub fn set_letter(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    scope: Option<&str>,
    letter: Letter,
    now: Instant,
) -> Result<LetterView> {
    let place = allowed_or_own(conn, actor, Deed::Consolidate, scope)?.unit;
    let letter = letter.cleaned();
    let faults = letter.faults();
    if !faults.is_empty() {
        return Err(UseCaseError::Invalid(faults));
    }
    let id = report_settings::insert(conn, (plan.id, place.id), &letter, (actor.account_id, now))?;
    audit(conn, actor, "letter.set", Some(place.id), json!({ "record": id, "letter": letter }), now)?;
    Ok(LetterView { scope: UnitRef::from(&place), letter, is_default: false })
}
