//! A unit says whether it has issued a document of its own to carry out the plan.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::json;

use super::{
    Result, UnitRef, UseCaseError, allowed, allowed_or_own, audit, progress::PlanRef, see_difficulties::own_bodies,
};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::{self, Instant},
        report::{Fault, Rule},
        text,
    },
    store::{Conn, own_documents, plans, plans::StoredPlan},
};

/// The longest number of a document, in characters.
const LONGEST: usize = 100;

/// The documents of the units of a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct OwnDocuments {
    /// The plan they carry out.
    pub plan: PlanRef,
    /// The top of what is shown.
    pub scope: UnitRef,
    /// Each obliged body.
    pub units: Vec<OwnDocumentView>,
    /// The units the actor may speak for.
    pub may_state_for: Vec<UnitRef>,
}

/// What a unit says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct OwnDocumentView {
    /// The unit.
    pub unit: UnitRef,
    /// Whether it has issued one; none: it has not said.
    pub is_issued: Option<bool>,
    /// Its number.
    pub number: String,
    /// Its date.
    pub issued_on: Option<NaiveDate>,
    /// When that was said.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub recorded_at: Option<Instant>,
    /// Who said it.
    pub recorded_by: String,
}

/// What the obliged bodies of `scope`, or of the top of what the actor sees, say.
pub fn see_documents(conn: &mut Conn, actor: &Actor, plan: &StoredPlan, scope: Option<&str>) -> Result<OwnDocuments> {
    let place = allowed_or_own(conn, actor, Deed::SeeDifficulties, scope)?;
    let mut said = own_documents::in_force(conn, plan.id, place.unit.id, None)?;
    let mut units: Vec<OwnDocumentView> = Vec::new();
    for obliged in plans::obliged(conn, plan.id, place.unit.id)?.iter().filter(|of| !of.unit.kind.is_place()) {
        let said = said.remove(&obliged.unit.id);
        units.push(OwnDocumentView {
            unit: UnitRef::from(&obliged.unit),
            is_issued: said.as_ref().map(|said| said.is_issued),
            number: said.as_ref().map(|said| said.number.clone()).unwrap_or_default(),
            issued_on: said.as_ref().and_then(|said| said.issued_on),
            recorded_at: said.as_ref().map(|said| said.recorded_at),
            recorded_by: said.map(|said| said.recorded_by).unwrap_or_default(),
        });
    }
    Ok(OwnDocuments {
        plan: PlanRef::from(plan),
        scope: UnitRef::from(&place.unit),
        units,
        may_state_for: own_bodies(conn, actor, plan)?,
    })
}

/// Records what a unit says: a document with its number and date, or that there is none.
pub fn state_document(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    unit: &str,
    (is_issued, number, issued_on): (bool, &str, Option<NaiveDate>),
    now: Instant,
) -> Result<i64> {
    let place = allowed(conn, actor, Deed::RaiseDifficulty, unit)?;
    let number = text::clean(number);
    let mut faults = Vec::new();
    if is_issued && number.is_empty() {
        faults.push(Fault::of_report("number", Rule::Required, "", None));
    }
    if number.chars().count() > LONGEST {
        faults.push(Fault::of_report("number", Rule::TooLong, "", Some(LONGEST.to_string())));
    }
    let today = calendar::day(now);
    if let Some(day) = issued_on.filter(|day| *day > today) {
        let shown = |day: NaiveDate| day.format("%d/%m/%Y").to_string();
        faults.push(Fault::of_report("issued_on", Rule::InFuture, shown(day), Some(shown(today))));
    }
    if !faults.is_empty() {
        return Err(UseCaseError::Invalid(faults));
    }
    let said = if is_issued { (true, number.as_str(), issued_on) } else { (false, "", None) };
    let id = own_documents::insert(conn, (plan.id, place.unit.id), said, (actor.account_id, now))?;
    let detail = json!({ "record": id, "is_issued": said.0, "number": said.1, "issued_on": said.2 });
    audit(conn, actor, "document.stated", Some(place.unit.id), detail, now)?;
    Ok(id)
}
