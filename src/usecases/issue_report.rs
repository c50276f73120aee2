//! The office issues a report it prepared: frozen with its files, numbered by version, sealed by a digest. A person gives
//! it its number, signs and sends it.

use serde::Serialize;
use serde_json::json;

use super::{
    Result, UseCaseError, allowed, audit,
    consolidate::consolidate,
    draft_report::find,
    see_issued::{IssuedView, issued_view},
};
use crate::{
    documents::{self, official::Edition},
    domain::{
        actor::{Actor, Deed},
        calendar::Instant,
        consolidated::{ConsolidatedReport, compare::compare},
        digest::sha256,
    },
    store::{
        Conn, StoreError,
        issued_reports::{self, NewIssue},
        units,
    },
};

/// A report ready to be issued: looked at again, and written.
#[derive(Debug, Clone)]
pub struct Prepared {
    new: NewIssue,
    draft: i64,
    scope: String,
}

/// A report as it was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Issued {
    /// What was issued.
    #[serde(flatten)]
    pub issued: IssuedView,
    /// Whether it is new; the same twice is issued once.
    pub is_new: bool,
}

/// The report as text: the same report is always the same text.
pub fn canonical(report: &ConsolidatedReport) -> std::result::Result<(String, String), StoreError> {
    let text = serde_json::to_string(report).map_err(|e| StoreError::Broken(e.to_string()))?;
    let digest = sha256(&text);
    Ok((text, digest))
}

/// Looks at the figures again and writes the files: refused when anything has changed since the report was prepared.
/// Reads only, so that nobody's report waits for the pictures.
pub fn prepare_issue(conn: &mut Conn, actor: &Actor, id: i64, now: Instant) -> Result<Prepared> {
    let (draft, plan) = find(conn, actor, Deed::Consolidate, id)?;
    let scope = draft.content.scope.code.clone();
    let today = consolidate(conn, actor, &plan, Some(&scope), &draft.choices, now)?;
    if !draft.content.says_the_same(&today) {
        return Err(UseCaseError::FiguresMoved(compare(&draft.content, &today)));
    }
    let report = draft.content;
    let (content, digest) = canonical(&report)?;
    let version = issued_reports::last_version(conn, plan.id, draft.unit, report.period)? + 1;
    let edition = Edition { version, digest: digest.clone(), issued_at: now };
    let files = documents::official::files(&report, Some(&edition));
    let (docx, xlsx) = files.map_err(|e| StoreError::Broken(format!("draft {id}: {e}")))?;
    let new = NewIssue {
        plan_id: plan.id,
        unit: draft.unit,
        period: report.period,
        version,
        as_of: report.as_of,
        content,
        digest,
        docx,
        xlsx,
        issued_at: now,
        account_id: actor.account_id,
    };
    Ok(Prepared { new, draft: id, scope })
}

/// Issues what was prepared. The same content twice in a row is issued once.
pub fn issue_report(conn: &mut Conn, actor: &Actor, prepared: &Prepared) -> Result<Issued> {
    let Prepared { new, draft, scope } = prepared;
    let place = allowed(conn, actor, Deed::Consolidate, scope)?;
    units::lock(conn, place.unit.id)?;
    let issued = issued_reports::of(conn, new.plan_id, new.unit)?;
    let last = issued.into_iter().find(|one| one.period == new.period);
    if let Some(last) = last.as_ref().filter(|last| last.digest == new.digest) {
        return Ok(Issued { issued: issued_view(last), is_new: false });
    }
    if last.map_or(0, |last| last.version) + 1 != new.version {
        return Err(UseCaseError::Exists { kind: "issued_report", name: format!("v{}", new.version) });
    }
    let id = issued_reports::insert(conn, new)?;
    let detail = json!({
        "issued_report": id, "draft": draft, "version": new.version, "starts_on": new.period.starts_on,
        "ends_on": new.period.ends_on, "as_of": new.as_of, "sha256": new.digest,
    });
    audit(conn, actor, "report.issued", Some(new.unit), detail, new.issued_at)?;
    let unknown = || UseCaseError::NotFound { kind: "issued_report", name: id.to_string() };
    let head = issued_reports::find(conn, id)?.ok_or_else(unknown)?;
    Ok(Issued { issued: issued_view(&head), is_new: true })
}
