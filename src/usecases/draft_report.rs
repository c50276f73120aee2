//! The office prepares a report: what it chose and wrote is kept with what the report then said. Nothing is sent.

use serde::Serialize;
use serde_json::json;

use super::{Result, UseCaseError, allowed, audit, consolidate::consolidate, see_issued::File};
use crate::{
    documents::official,
    domain::{
        actor::{Actor, Deed},
        calendar::Instant,
        consolidated::{
            ConsolidatedReport,
            choices::{Choices, Texts},
            compare::{Difference, compare},
        },
    },
    store::{Conn, StoreError, plans, plans::StoredPlan, report_drafts, units},
};

/// A report as it was prepared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DraftView {
    /// Its number.
    pub id: i64,
    /// What was chosen.
    pub choices: Choices,
    /// When it was prepared.
    pub recorded_at: Instant,
    /// What it says.
    pub report: ConsolidatedReport,
    /// Whether the actor may issue it.
    pub may_issue: bool,
}

/// A report that was made and is not kept yet.
#[derive(Debug, Clone)]
pub struct PreparedDraft {
    plan_id: i64,
    choices: Choices,
    report: ConsolidatedReport,
    due_at: Option<Instant>,
}

/// Prepares a report: reads only, so that nobody's report waits for it.
pub fn prepare_draft(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    scope: Option<&str>,
    choices: &Choices,
    now: Instant,
) -> Result<PreparedDraft> {
    let report = consolidate(conn, actor, plan, scope, choices, now)?;
    let choices = Choices { texts: report.texts.clone(), ..choices.clone() };
    Ok(PreparedDraft { plan_id: plan.id, choices, report, due_at: None })
}

/// Prepares the report of the plan's area that is due at an hour; none where it is kept already, or where the plan is of
/// the whole country and nobody's area.
pub fn prepare_scheduled(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    (choices, due_at): (&Choices, Instant),
    now: Instant,
) -> Result<Option<PreparedDraft>> {
    let Some(area) = plan.area else { return Ok(None) };
    if report_drafts::is_made(conn, plan.id, area, due_at)? {
        return Ok(None);
    }
    let area = units::get(conn, area)?.code;
    let prepared = prepare_draft(conn, actor, plan, Some(&area), choices, now)?;
    Ok(Some(PreparedDraft { due_at: Some(due_at), ..prepared }))
}

/// Keeps what was prepared; its number. Of several instances that prepared it for one hour the first keeps it.
pub fn keep_draft(conn: &mut Conn, actor: &Actor, prepared: &PreparedDraft, now: Instant) -> Result<Option<i64>> {
    let PreparedDraft { plan_id, choices, report, due_at } = prepared;
    let place = allowed(conn, actor, Deed::Consolidate, &report.scope.code)?;
    let by = (actor.account_id, now);
    let id = report_drafts::insert(conn, (*plan_id, place.unit.id), (choices, report), *due_at, by)?;
    if let Some(id) = id {
        let detail = json!({
            "draft": id, "starts_on": choices.period.starts_on, "ends_on": choices.period.ends_on,
            "as_of": report.as_of, "due_at": due_at,
        });
        audit(conn, actor, "report.drafted", Some(place.unit.id), detail, now)?;
    }
    Ok(id)
}

/// The draft with this number, its place and the plan.
pub(super) fn find(conn: &mut Conn, actor: &Actor, deed: Deed, id: i64) -> Result<(report_drafts::Draft, StoredPlan)> {
    let unknown = || UseCaseError::NotFound { kind: "draft", name: id.to_string() };
    if !actor.may_somewhere(deed) {
        return Err(UseCaseError::NotAllowed);
    }
    let draft = report_drafts::find(conn, id)?.ok_or_else(unknown)?;
    let code = units::get(conn, draft.unit)?.code;
    allowed(conn, actor, deed, &code)?;
    let plan = plans::all(conn)?.into_iter().find(|plan| plan.id == draft.plan_id).ok_or_else(unknown)?;
    Ok((draft, plan))
}

/// A report as it was prepared.
pub fn see_draft(conn: &mut Conn, actor: &Actor, id: i64) -> Result<DraftView> {
    let (draft, _) = find(conn, actor, Deed::ReadConsolidated, id)?;
    let place = allowed(conn, actor, Deed::ReadConsolidated, &draft.content.scope.code)?;
    let lineage: Vec<_> = place.lineage.iter().map(|unit| unit.id).collect();
    Ok(DraftView {
        id: draft.id,
        choices: draft.choices,
        recorded_at: draft.recorded_at,
        report: draft.content,
        may_issue: actor.may(Deed::Consolidate, &lineage),
    })
}

/// A file of a report as it was prepared; it says that it is a draft.
pub fn see_draft_file(conn: &mut Conn, actor: &Actor, id: i64, file: File) -> Result<Vec<u8>> {
    let (draft, _) = find(conn, actor, Deed::ReadConsolidated, id)?;
    let made = match file {
        File::Docx => official::word(&draft.content, None),
        File::Xlsx => official::excel(&draft.content, None),
    };
    made.map_err(|e| StoreError::Broken(format!("draft {id}: {e}")).into())
}

/// What has changed since a report was prepared; nothing: it still says the same. Words and difficulties can have changed
/// where no figure has.
pub fn see_changes_since_draft(
    conn: &mut Conn,
    actor: &Actor,
    id: i64,
    now: Instant,
) -> Result<Option<Vec<Difference>>> {
    let (draft, plan) = find(conn, actor, Deed::ReadConsolidated, id)?;
    let today = consolidate(conn, actor, &plan, Some(&draft.content.scope.code), &draft.choices, now)?;
    Ok((!draft.content.says_the_same(&today)).then(|| compare(&draft.content, &today)))
}

/// Prepares a report again with the same choices and words, as the figures stand now.
pub fn prepare_again(conn: &mut Conn, actor: &Actor, id: i64, now: Instant) -> Result<PreparedDraft> {
    let (draft, plan) = find(conn, actor, Deed::Consolidate, id)?;
    prepare_draft(conn, actor, &plan, Some(&draft.content.scope.code), &draft.choices, now)
}

/// The words of the report before, for whoever begins the next.
pub fn last_texts(conn: &mut Conn, actor: &Actor, plan: &StoredPlan, scope: &str) -> Result<Texts> {
    let place = allowed(conn, actor, Deed::Consolidate, scope)?.unit;
    let Some(last) = report_drafts::last(conn, plan.id, place.id, 1)?.pop() else { return Ok(Texts::default()) };
    Ok(report_drafts::find(conn, last.id)?.map(|draft| draft.choices.texts).unwrap_or_default())
}
