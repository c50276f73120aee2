//! What units find difficult, and what became of it.

use serde::Serialize;

use super::{Result, UnitRef, allowed_or_own, progress::PlanRef};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::Instant,
        difficulty::{DifficultyState, Matter},
    },
    store::{Conn, difficulties, plans, plans::StoredPlan, units},
};

/// How many are listed.
const MOST: i64 = 1000;

/// The difficulties of a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Difficulties {
    /// The plan.
    pub plan: PlanRef,
    /// The top of what is shown.
    pub scope: UnitRef,
    /// Each, newest first.
    pub difficulties: Vec<DifficultyView>,
    /// The units the actor may submit for.
    pub may_raise_for: Vec<UnitRef>,
    /// Whether the actor may carry them on.
    pub may_carry_on: bool,
}

/// A difficulty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct DifficultyView {
    /// Its number.
    pub id: i64,
    /// Whose it is.
    pub unit: UnitRef,
    /// What it is about.
    pub category: Matter,
    /// Its words.
    pub text: String,
    /// Where it stands.
    pub state: DifficultyState,
    /// When it was submitted.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
    /// Who submitted it.
    pub recorded_by: String,
    /// The steps taken with it, in order.
    pub steps: Vec<StepView>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct StepView {
    /// Where it stood after it.
    pub state: DifficultyState,
    /// What was said of it.
    pub note: String,
    /// When it was taken.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
    /// Who took it.
    pub recorded_by: String,
}

impl From<difficulties::Difficulty> for DifficultyView {
    fn from(found: difficulties::Difficulty) -> Self {
        let state = found.state();
        let step = |step: difficulties::Step| StepView {
            state: step.state,
            note: step.note,
            recorded_at: step.recorded_at,
            recorded_by: step.recorded_by,
        };
        Self {
            id: found.id,
            unit: UnitRef::from(&found.unit),
            category: found.category,
            text: found.body,
            state,
            recorded_at: found.recorded_at,
            recorded_by: found.recorded_by,
            steps: found.steps.into_iter().map(step).collect(),
        }
    }
}

/// The difficulties of `scope`, or of the top of what the actor sees; in one state, if given.
pub fn see_difficulties(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    scope: Option<&str>,
    state: Option<DifficultyState>,
) -> Result<Difficulties> {
    let place = allowed_or_own(conn, actor, Deed::SeeDifficulties, scope)?;
    let ids: Vec<_> = place.lineage.iter().map(|unit| unit.id).collect();
    let found = difficulties::below(conn, plan.id, place.unit.id, None, MOST)?;
    let shown = found.into_iter().map(DifficultyView::from).filter(|one| state.is_none_or(|state| one.state == state));
    Ok(Difficulties {
        plan: PlanRef::from(plan),
        scope: UnitRef::from(&place.unit),
        difficulties: shown.collect(),
        may_raise_for: own_bodies(conn, actor, plan)?,
        may_carry_on: actor.may(Deed::Consolidate, &ids),
    })
}

/// The obliged bodies the actor speaks for, each once.
pub(super) fn own_bodies(conn: &mut Conn, actor: &Actor, plan: &StoredPlan) -> Result<Vec<UnitRef>> {
    let mut own: Vec<UnitRef> = Vec::new();
    for top in actor.scopes(Deed::RaiseDifficulty) {
        let obliged = plans::obliged(conn, plan.id, top)?;
        for unit in obliged.iter().map(|obliged| &obliged.unit).filter(|unit| !unit.kind.is_place()) {
            if own.iter().all(|known| known.code != unit.code) {
                own.push(UnitRef::from(unit));
            }
        }
        if obliged.is_empty() {
            own.push(UnitRef::from(&units::get(conn, top)?));
        }
    }
    Ok(own)
}
