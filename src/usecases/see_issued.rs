//! Reports that were issued: opened, written again, and held against the figures as they stand now.

use chrono::NaiveDate;
use serde::Serialize;

use super::{Result, UnitRef, UseCaseError, allowed, allowed_or_own, consolidate::consolidate};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::{self, Instant},
        consolidated::{
            ConsolidatedReport,
            choices::{Choices, Period},
            compare::{Difference, compare},
        },
        digest::sha256,
    },
    store::{
        Conn, StoreError,
        issued_reports::{self, IssuedHead},
        plans,
        plans::StoredPlan,
        report_drafts::{self, DraftHead},
    },
};

/// How many drafts are listed.
const DRAFTS: i64 = 10;

/// The reports of a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ReportsOf {
    /// The place.
    pub scope: UnitRef,
    /// Those that were issued, newest first.
    pub issued: Vec<IssuedView>,
    /// Those that wait to be issued, newest first: the last of each period, until it is issued.
    pub drafts: Vec<DraftLine>,
    /// Whether the actor may prepare and issue.
    pub may_consolidate: bool,
}

/// A report that was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct IssuedView {
    /// Its number in the record.
    pub id: i64,
    /// The place.
    pub scope: UnitRef,
    /// First day of its period.
    pub starts_on: NaiveDate,
    /// Last day of its period.
    pub ends_on: NaiveDate,
    /// Its version: 1 is the first of its period.
    pub version: i32,
    /// The instant its figures are as of.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Instant,
    /// SHA-256 of its content as it is kept.
    pub sha256: String,
    /// When it was issued.
    #[schema(value_type = String, format = DateTime)]
    pub issued_at: Instant,
    /// Who issued it.
    pub issued_by: String,
}

/// A report that was prepared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct DraftLine {
    /// Its number.
    pub id: i64,
    /// First day of its period.
    pub starts_on: NaiveDate,
    /// Last day of its period.
    pub ends_on: NaiveDate,
    /// Whether the schedule made it, for a person to check.
    pub is_scheduled: bool,
    /// When it was prepared.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
    /// Who prepared it.
    pub recorded_by: String,
}

/// A report that was issued, with its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IssuedReport {
    /// What was issued.
    #[serde(flatten)]
    pub issued: IssuedView,
    /// Whether its content still has the digest it was issued with.
    pub is_intact: bool,
    /// What it says.
    pub report: ConsolidatedReport,
}

/// Which file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum File {
    /// Word.
    Docx,
    /// Excel.
    Xlsx,
}

impl File {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

pub(super) fn issued_view(head: &IssuedHead) -> IssuedView {
    IssuedView {
        id: head.id,
        scope: UnitRef::from(&head.unit),
        starts_on: head.period.starts_on,
        ends_on: head.period.ends_on,
        version: head.version,
        as_of: head.as_of,
        sha256: head.digest.clone(),
        issued_at: head.issued_at,
        issued_by: head.issued_by.clone(),
    }
}

/// The reports of `scope`, or of the top of what the actor reads reports of.
pub fn see_issued_reports(conn: &mut Conn, actor: &Actor, plan: &StoredPlan, scope: Option<&str>) -> Result<ReportsOf> {
    let place = allowed_or_own(conn, actor, Deed::ReadConsolidated, scope)?;
    let lineage: Vec<_> = place.lineage.iter().map(|unit| unit.id).collect();
    let issued = issued_reports::of(conn, plan.id, place.unit.id)?;
    let drafts = waiting(report_drafts::last(conn, plan.id, place.unit.id, DRAFTS)?, &issued);
    let line = |draft: DraftHead| DraftLine {
        id: draft.id,
        starts_on: draft.period.starts_on,
        ends_on: draft.period.ends_on,
        is_scheduled: draft.is_scheduled,
        recorded_at: draft.recorded_at,
        recorded_by: draft.recorded_by,
    };
    Ok(ReportsOf {
        scope: UnitRef::from(&place.unit),
        issued: issued.iter().map(issued_view).collect(),
        drafts: drafts.into_iter().map(line).collect(),
        may_consolidate: actor.may(Deed::Consolidate, &lineage),
    })
}

/// Of drafts, newest first, those that no later one of their kind and no issued report replaces.
fn waiting(drafts: Vec<DraftHead>, issued: &[IssuedHead]) -> Vec<DraftHead> {
    let mut kept: Vec<DraftHead> = Vec::new();
    for draft in drafts {
        let is_issued = issued.iter().any(|of| of.period == draft.period && of.issued_at >= draft.recorded_at);
        let is_replaced =
            kept.iter().any(|newer| (newer.period, newer.is_scheduled) == (draft.period, draft.is_scheduled));
        if !is_issued && !is_replaced {
            kept.push(draft);
        }
    }
    kept
}

fn find(conn: &mut Conn, actor: &Actor, id: i64) -> Result<IssuedHead> {
    if !actor.may_somewhere(Deed::ReadConsolidated) {
        return Err(UseCaseError::NotAllowed);
    }
    let unknown = || UseCaseError::NotFound { kind: "issued_report", name: id.to_string() };
    let head = issued_reports::find(conn, id)?.ok_or_else(unknown)?;
    allowed(conn, actor, Deed::ReadConsolidated, &head.unit.code)?;
    Ok(head)
}

/// A report as it was issued.
pub fn see_issued(conn: &mut Conn, actor: &Actor, id: i64) -> Result<IssuedReport> {
    let head = find(conn, actor, id)?;
    let text = issued_reports::text(conn, id)?;
    let report = serde_json::from_str(&text).map_err(|e| StoreError::Broken(format!("issued report {id}: {e}")))?;
    let is_intact = sha256(text) == head.digest;
    Ok(IssuedReport { issued: issued_view(&head), is_intact, report })
}

/// A file of a report, as it was when it was issued.
pub fn see_issued_file(conn: &mut Conn, actor: &Actor, id: i64, file: File) -> Result<Vec<u8>> {
    find(conn, actor, id)?;
    let (docx, xlsx) = issued_reports::files(conn, id)?;
    Ok(if file == File::Docx { docx } else { xlsx })
}

/// What has changed since a report was issued: figures of the same day, held against each other.
pub fn see_changes_since_issue(conn: &mut Conn, actor: &Actor, id: i64, now: Instant) -> Result<Vec<Difference>> {
    let head = find(conn, actor, id)?;
    let issued = issued_reports::content(conn, id)?;
    let unknown = || UseCaseError::NotFound { kind: "plan", name: head.plan_id.to_string() };
    let plan = plans::all(conn)?.into_iter().find(|plan| plan.id == head.plan_id).ok_or_else(unknown)?;
    let Period { starts_on, ends_on } = head.period;
    let choices = Choices {
        day: Some(calendar::day(issued.as_of)),
        sections: Some(issued.sections.clone()),
        ..Choices::of(Period { starts_on, ends_on })
    };
    let today = consolidate(conn, actor, &plan, Some(&head.unit.code), &choices, now)?;
    Ok(compare(&issued, &today))
}
