//! An hour after a period's reports are due its report is prepared by itself, for a person to check: nothing is issued and
//! nothing is sent. Of several instances that share a database one keeps it; a run that was missed is made up for.

use chrono::Duration;

use super::{
    Result,
    draft_report::{PreparedDraft, keep_draft, prepare_scheduled},
};
use crate::{
    domain::{
        actor::{Actor, Grant, Role},
        calendar::Instant,
        consolidated::choices::{Choices, Period},
        unit::UnitId,
    },
    store::{Conn, accounts, plans, plans::StoredPlan, report_drafts},
};

/// How long after the due time: Friday 17:00 for reports due on Friday at 16:00.
const AFTER_DUE: Duration = Duration::hours(1);
/// The account scheduled drafts are kept under; nobody can sign in with it.
const RECORDER: (&str, &str) = ("lich-bao-cao", "Soạn theo lịch");

/// What is to be prepared: the plan, its period and the hour.
#[derive(Debug, Clone)]
pub struct Due {
    plan: StoredPlan,
    area: UnitId,
    period: Period,
    hour: Instant,
}

/// The last period of each plan with a letterhead whose hour has come and whose report nobody has prepared for it.
pub fn due(conn: &mut Conn, now: Instant) -> Result<Vec<Due>> {
    let mut due = Vec::new();
    for plan in plans::all(conn)?.into_iter().filter(|plan| plan.plan.letter.is_some()) {
        let opened = plan.timetable.newest(now, 2);
        let Some(period) = opened.into_iter().rev().find(|period| period.due + AFTER_DUE <= now) else { continue };
        let hour = period.due + AFTER_DUE;
        // A plan of the whole country is nobody's to report on.
        let Some(area) = plan.area else { continue };
        if !report_drafts::is_made(conn, plan.id, area, hour)? {
            let period = Period { starts_on: period.from, ends_on: period.to };
            due.push(Due { plan, area, period, hour });
        }
    }
    Ok(due)
}

/// Who keeps it: an account of its own, so that the trail says that nobody did.
pub fn recorder(conn: &mut Conn, due: &Due, now: Instant) -> Result<Actor> {
    let (username, display_name) = RECORDER;
    Ok(Actor {
        account_id: accounts::recorder(conn, username, display_name, now)?,
        username: username.to_owned(),
        display_name: display_name.to_owned(),
        grants: vec![Grant { role: Role::Consolidator, unit: due.area }],
    })
}

/// Prepares what is due; reads only.
pub fn prepare_due(conn: &mut Conn, actor: &Actor, due: &Due, now: Instant) -> Result<Option<PreparedDraft>> {
    prepare_scheduled(conn, actor, &due.plan, (&Choices::of(due.period), due.hour), now)
}

/// Keeps what was prepared, unless another instance was first.
pub fn keep_due(conn: &mut Conn, actor: &Actor, prepared: &PreparedDraft, now: Instant) -> Result<Option<i64>> {
    keep_draft(conn, actor, prepared, now)
}
