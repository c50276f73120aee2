//! The audit trail of a subtree.

use serde::Serialize;

use super::{Result, UnitRef, allowed_or_own};
use crate::{
    domain::actor::{Actor, Deed},
    store::{
        Conn,
        audit::{self, Event},
    },
};

/// How many events a page lists.
const EVENTS: i64 = 50;

/// A page of the trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Trail {
    /// The top of what is shown.
    pub scope: UnitRef,
    /// Newest first.
    pub events: Vec<Event>,
    /// Where the next, older page begins.
    pub older: Option<i64>,
}

/// The events on units below `scope`, before event `before` if given.
pub fn read_audit(conn: &mut Conn, actor: &Actor, scope: Option<&str>, before: Option<i64>) -> Result<Trail> {
    let place = allowed_or_own(conn, actor, Deed::ReadAudit, scope)?;
    let mut events = audit::below(conn, place.unit.id, before, EVENTS + 1)?;
    let has_more = events.len() > usize::try_from(EVENTS).unwrap_or(usize::MAX);
    if has_more {
        events.pop();
    }
    let older = events.last().filter(|_| has_more).map(|event| event.id);
    Ok(Trail { scope: UnitRef::from(&place.unit), events, older })
}
