//! What people can do: one file per verb. Plain functions over a connection and an [`Actor`]; the permission rule is
//! asked here and the audit event written here, so that CLI, API and pages cannot differ.

pub mod act_locally;
pub mod check_lock;
pub mod consolidate;
mod consolidate_parts;
pub mod decide_zones;
pub mod draft_on_schedule;
pub mod draft_report;
pub mod enter_figures;
pub mod find_units;
pub mod import_counts;
pub mod import_report;
pub mod import_zones;
pub mod issue_report;
pub mod judge_drive;
pub mod keep_upload;
pub mod load_maps;
pub mod load_seed;
pub mod look_at_file;
pub mod make_demo;
pub mod make_form;
mod make_tracing_demo;
pub mod manage_accounts;
pub mod mark_award;
pub mod match_units;
mod operation;
pub mod progress;
pub mod raise_difficulty;
pub mod read_audit;
pub mod record_report;
pub mod record_tracing;
pub mod remember_import;
pub mod remind;
pub mod review_report;
mod seal_import;
pub mod see_chase;
pub mod see_completeness;
pub mod see_difficulties;
pub mod see_figures;
pub mod see_history;
pub mod see_import;
pub mod see_issued;
pub mod see_league;
pub mod see_overview;
pub mod see_receipt;
pub mod see_tracing;
pub mod see_trend;
pub mod see_unit;
pub mod see_zone_course;
pub mod see_zones;
pub mod send_reminders;
pub mod set_letter;
pub mod set_schedule;
pub mod sign_in;
pub mod state_document;
pub mod verify;
pub mod watch_zones;
mod weigh_counts;
pub mod withdraw_zones;
pub mod zone_picture;
pub mod zone_state;

use serde::Serialize;

use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::Instant,
        consolidated::compare::Difference,
        report::{Fault, Warning},
        unit::{Unit, UnitId, UnitKind},
    },
    store::{Conn, Failure, StoreError, audit, plans::StoredPlan, units},
};

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum UseCaseError {
    /// There is no such thing.
    #[error("there is no {kind} {name}")]
    NotFound {
        /// What was looked for: `unit`, `plan`, `account`, …
        kind: &'static str,
        /// The name it was looked for by.
        name: String,
    },
    /// The actor may not do this here.
    #[error("this account may not do this here")]
    NotAllowed,
    /// What was given breaks rules; all of them are listed.
    #[error("{} values break a rule", .0.len())]
    Invalid(Vec<Fault>),
    /// What was given is odd and needs a reason.
    #[error("{} values need a reason", .0.len())]
    NeedsReason(Vec<Warning>),
    /// Others recorded decisions on these places since they were looked at.
    #[error("others recorded decisions on {} places meanwhile", .0.len())]
    ZonesClash(Vec<decide_zones::Clash>),
    /// Figures were recorded since the report was looked at; what differs.
    #[error("{} figures have changed since the report was prepared", .0.len())]
    FiguresMoved(Vec<Difference>),
    /// The same operation id was used for something else.
    #[error("the operation {0} was something else")]
    OperationDiffers(String),
    /// The name is taken.
    #[error("{kind} {name} exists already")]
    Exists {
        /// What: `account`.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// Wrong name or password, a closed account, or a token that is no longer good: one answer for all.
    #[error("the sign-in is not valid")]
    NotSignedIn,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Failure for UseCaseError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

/// The outcome of a use case.
pub type Result<T> = std::result::Result<T, UseCaseError>;

/// A unit as views name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct UnitRef {
    /// Official code.
    pub code: String,
    /// Full name.
    pub name: String,
    /// What it is.
    pub kind: UnitKind,
}

impl From<&Unit> for UnitRef {
    fn from(unit: &Unit) -> Self {
        Self { code: unit.code.clone(), name: unit.full_name.clone(), kind: unit.kind }
    }
}

/// The unit whose subtree a plan speaks of. A plan of the whole country has none: it has no timetable, and nobody is
/// chased for it.
fn area_of(plan: &StoredPlan) -> Result<UnitId> {
    plan.area.ok_or_else(|| UseCaseError::NotFound { kind: "unit", name: plan.plan.code.clone() })
}

/// A unit the actor was allowed to act on, with its ancestors (itself first).
struct Allowed {
    unit: Unit,
    lineage: Vec<Unit>,
}

impl Allowed {
    /// The units above it, the nearest first.
    fn above(&self) -> &[Unit] {
        self.lineage.get(1..).unwrap_or_default()
    }
}

/// Finds the unit and asks whether the actor may do this to it.
fn allowed(conn: &mut Conn, actor: &Actor, deed: Deed, code: &str) -> Result<Allowed> {
    let lineage = units::lineage(conn, code)?;
    let Some(unit) = lineage.first().cloned() else {
        // Someone who sees nothing learns nothing, not even which codes exist.
        return Err(if actor.may_somewhere(deed) {
            UseCaseError::NotFound { kind: "unit", name: code.to_owned() }
        } else {
            UseCaseError::NotAllowed
        });
    };
    let ids: Vec<UnitId> = lineage.iter().map(|unit| unit.id).collect();
    if actor.may(deed, &ids) { Ok(Allowed { unit, lineage }) } else { Err(UseCaseError::NotAllowed) }
}

/// The unit asked for, or the top of what the actor may do this to.
fn allowed_or_own(conn: &mut Conn, actor: &Actor, deed: Deed, code: Option<&str>) -> Result<Allowed> {
    if let Some(code) = code {
        return allowed(conn, actor, deed, code);
    }
    let top = actor.scopes(deed).next().ok_or(UseCaseError::NotAllowed)?;
    let code = units::get(conn, top)?.code;
    allowed(conn, actor, deed, &code)
}

/// Appends the audit event of something an actor did. Call it last in the transaction.
fn audit(
    conn: &mut Conn,
    actor: &Actor,
    action: &'static str,
    unit: Option<UnitId>,
    detail: serde_json::Value,
    now: Instant,
) -> Result<()> {
    let event = audit::NewEvent {
        at: now,
        account_id: Some(actor.account_id),
        actor: actor.display_name.clone(),
        action,
        unit,
        detail,
    };
    Ok(audit::append(conn, &event)?)
}
