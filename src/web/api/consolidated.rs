//! `/api/v1/consolidated`: the official report.

use actix_web::{
    HttpResponse,
    web::{Data, Json, Path, Query},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Whose;
use crate::{
    domain::{
        calendar,
        consolidated::choices::{Choices, Period, Section, Texts},
        letter::{Letter, Signer},
    },
    store::plans::StoredPlan,
    usecases::{
        consolidate::{consolidate, period_of},
        draft_report::{keep_draft, prepare_draft, see_changes_since_draft, see_draft},
        issue_report::{Issued, issue_report, prepare_issue},
        see_issued::{File, ReportsOf, see_changes_since_issue, see_issued, see_issued_file, see_issued_reports},
        set_letter::{see_letter, set_letter},
    },
    web::{State, problem::Problem, session::SignedIn},
};

/// Which report.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// Plan code; the current plan by default.
    plan: Option<String>,
    /// Unit code of the place; the top of what the account reads reports of by default.
    unit: Option<String>,
    /// First day of the period; that of the current one by default.
    from: Option<NaiveDate>,
    /// Last day of the period.
    to: Option<NaiveDate>,
    /// The day figures are as of; the last of the period that has come by default.
    day: Option<NaiveDate>,
}

/// The period asked for, or the one that runs.
fn period(state: &State, plan: &StoredPlan, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Period {
    let of = |day| period_of(plan, day);
    match (from, to) {
        (Some(starts_on), Some(ends_on)) => Period { starts_on, ends_on },
        (Some(starts_on), None) => Period { starts_on, ends_on: of(starts_on).ends_on },
        (None, Some(ends_on)) => Period { starts_on: of(ends_on).starts_on, ends_on },
        (None, None) => of(calendar::day(state.clock.now())),
    }
}

/// Everything the official report of a period would show now. Nothing is kept.
#[utoipa::path(get, path = "/consolidated", tag = "consolidated", params(Asked),
    responses((status = 200, body = serde_json::Value)))]
pub async fn show(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let (plan, now) = (state.plan(asked.plan.as_deref())?, state.clock.now());
    let choices = Choices { day: asked.day, ..Choices::of(period(&state, &plan, asked.from, asked.to)) };
    let read = move |conn: &mut _| consolidate(conn, &actor, &plan, asked.unit.as_deref(), &choices, now);
    Ok(HttpResponse::Ok().json(state.store.read(read).await?))
}

/// Letterhead, recipients and signers of a place's reports.
#[utoipa::path(get, path = "/consolidated/letter", tag = "consolidated", params(Whose),
    responses((status = 200, body = serde_json::Value)))]
pub async fn letter(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Query(asked): Query<Whose>,
) -> Result<HttpResponse, Problem> {
    let plan = state.plan(asked.plan.as_deref())?;
    let read = move |conn: &mut _| see_letter(conn, &actor, &plan, asked.unit.as_deref());
    Ok(HttpResponse::Ok().json(state.store.read(read).await?))
}

/// Letterhead, recipients and signers from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLetter {
    /// Plan code; the current plan by default.
    plan: Option<String>,
    /// Unit code of the place; the top of what the account consolidates by default.
    unit: Option<String>,
    /// The body above.
    #[serde(default)]
    superior: String,
    /// The body that issues reports.
    office: String,
    /// What follows the number: `BC-VHTT`.
    symbol: String,
    /// The place beside the date.
    place: String,
    /// Kính gửi.
    addressee: String,
    /// What reports are about (trích yếu), the period left out.
    subject: String,
    /// Nơi nhận.
    #[serde(default)]
    recipients: Vec<String>,
    /// Who keeps them: `VT, VHTT`.
    #[serde(default)]
    archive: String,
    /// Those who may sign.
    signers: Vec<NewSigner>,
}

/// Somebody who may sign.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSigner {
    /// For whom: `KT. Trưởng phòng`.
    #[serde(default)]
    authority: String,
    /// As what: `Phó Trưởng phòng`.
    position: String,
    /// Name; may be empty.
    #[serde(default)]
    name: String,
}

/// Sets letterhead, recipients and signers. Reports that are issued keep theirs.
#[utoipa::path(post, path = "/consolidated/letter", tag = "consolidated", request_body = NewLetter,
    responses((status = 201, body = serde_json::Value)))]
pub async fn set(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Json(new): Json<NewLetter>,
) -> Result<HttpResponse, Problem> {
    let (plan, now) = (state.plan(new.plan.as_deref())?, state.clock.now());
    let signer = |of: NewSigner| Signer { authority: of.authority, position: of.position, name: of.name };
    let letter = Letter {
        superior: new.superior,
        office: new.office,
        symbol: new.symbol,
        place: new.place,
        addressee: new.addressee,
        subject: new.subject,
        recipients: new.recipients,
        archive: new.archive,
        signers: new.signers.into_iter().map(signer).collect(),
    };
    let write = move |conn: &mut _| set_letter(conn, &actor, &plan, new.unit.as_deref(), letter.clone(), now);
    Ok(HttpResponse::Created().json(state.store.write(write).await?))
}

/// What is chosen and written for a report; figures cannot be given.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDraft {
    /// Plan code; the current plan by default.
    plan: Option<String>,
    /// Unit code of the place; the top of what the account consolidates by default.
    unit: Option<String>,
    /// First day of the period; that of the current one by default.
    from: Option<NaiveDate>,
    /// Last day of the period.
    to: Option<NaiveDate>,
    /// The day figures are as of.
    day: Option<NaiveDate>,
    /// `direction`, `results`, `assessment`, `difficulties`, `recommendations`, `annexes`; all by default.
    #[schema(value_type = Option<Vec<String>>)]
    sections: Option<Vec<Section>>,
    /// Numbers of the difficulties named; every one that is not resolved by default.
    difficulties: Option<Vec<i64>>,
    /// Which of the letter's signers, from 0.
    #[serde(default)]
    signer: usize,
    /// Nơi nhận; the letter's by default.
    recipients: Option<Vec<String>>,
    /// Free texts, a paragraph a line: `direction`, `communication`, `achievements`, `shortcomings`, `recommendations`.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    texts: Texts,
}

/// The number of a draft.
#[derive(Serialize, ToSchema)]
pub struct Drafted {
    draft: Option<i64>,
}

/// Prepares a report and keeps it. Nothing is sent.
#[utoipa::path(post, path = "/consolidated/drafts", tag = "consolidated", request_body = NewDraft,
    responses((status = 201, body = Drafted)))]
pub async fn draft(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Json(new): Json<NewDraft>,
) -> Result<HttpResponse, Problem> {
    let (plan, now) = (state.plan(new.plan.as_deref())?, state.clock.now());
    let choices = Choices {
        period: period(&state, &plan, new.from, new.to),
        day: new.day,
        sections: new.sections,
        difficulties: new.difficulties,
        signer: new.signer,
        recipients: new.recipients,
        texts: new.texts,
    };
    let reader = actor.clone();
    let read = move |conn: &mut _| prepare_draft(conn, &reader, &plan, new.unit.as_deref(), &choices, now);
    let prepared = state.store.read(read).await?;
    let draft = state.store.write(move |conn| keep_draft(conn, &actor, &prepared, now)).await?;
    Ok(HttpResponse::Created().json(Drafted { draft }))
}

/// A report as it was prepared.
#[utoipa::path(get, path = "/consolidated/drafts/{id}", tag = "consolidated", params(("id" = i64, Path)),
    responses((status = 200, body = serde_json::Value)))]
pub async fn see_one_draft(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    id: Path<i64>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(state.store.read(move |conn| see_draft(conn, &actor, *id)).await?))
}

/// What has changed since a report was prepared: old and new, figure by figure.
#[utoipa::path(get, path = "/consolidated/drafts/{id}/changes", tag = "consolidated", params(("id" = i64, Path)),
    responses((status = 200, body = Vec<serde_json::Value>)))]
pub async fn draft_changes(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    id: Path<i64>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let changes = state.store.read(move |conn| see_changes_since_draft(conn, &actor, *id, now)).await?;
    Ok(HttpResponse::Ok().json(changes.unwrap_or_default()))
}

/// Issues a report as it was prepared: frozen with its files. 409 when figures have changed since.
#[utoipa::path(post, path = "/consolidated/drafts/{id}/issue", tag = "consolidated", params(("id" = i64, Path)),
    responses((status = 201, body = Issued), (status = 200, body = Issued, description = "It was issued already"),
        (status = 409, description = "figures have changed since it was prepared")))]
pub async fn issue(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    id: Path<i64>,
) -> Result<HttpResponse, Problem> {
    let (id, now, reader) = (*id, state.clock.now(), actor.clone());
    let prepared = state.store.read(move |conn| prepare_issue(conn, &reader, id, now)).await?;
    let issued = state.store.write(move |conn| issue_report(conn, &actor, &prepared)).await?;
    let mut answer = if issued.is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.json(issued))
}

/// The reports of a place: those that were issued, and the last that were prepared.
#[utoipa::path(get, path = "/consolidated/issued", tag = "consolidated", params(Whose),
    responses((status = 200, body = ReportsOf)))]
pub async fn list(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Query(asked): Query<Whose>,
) -> Result<HttpResponse, Problem> {
    let plan = state.plan(asked.plan.as_deref())?;
    let read = move |conn: &mut _| see_issued_reports(conn, &actor, &plan, asked.unit.as_deref());
    Ok(HttpResponse::Ok().json(state.store.read(read).await?))
}

/// A report as it was issued.
#[utoipa::path(get, path = "/consolidated/issued/{id}", tag = "consolidated", params(("id" = i64, Path)),
    responses((status = 200, body = serde_json::Value)))]
pub async fn issued(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    id: Path<i64>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(state.store.read(move |conn| see_issued(conn, &actor, *id)).await?))
}

/// What has changed since a report was issued: old and new, figure by figure.
#[utoipa::path(get, path = "/consolidated/issued/{id}/changes", tag = "consolidated", params(("id" = i64, Path)),
    responses((status = 200, body = Vec<serde_json::Value>)))]
pub async fn changes(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    id: Path<i64>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    Ok(HttpResponse::Ok().json(state.store.read(move |conn| see_changes_since_issue(conn, &actor, *id, now)).await?))
}

/// The Word file of a report, as it was issued.
#[utoipa::path(get, path = "/consolidated/issued/{id}/docx", tag = "consolidated", params(("id" = i64, Path)),
    responses((status = 200, description = "the file")))]
pub async fn word(state: Data<State>, signed_in: SignedIn, id: Path<i64>) -> Result<HttpResponse, Problem> {
    file(&state, signed_in, *id, File::Docx).await
}

/// The workbook of a report, as it was issued.
#[utoipa::path(get, path = "/consolidated/issued/{id}/xlsx", tag = "consolidated", params(("id" = i64, Path)),
    responses((status = 200, description = "the file")))]
pub async fn excel(state: Data<State>, signed_in: SignedIn, id: Path<i64>) -> Result<HttpResponse, Problem> {
    file(&state, signed_in, *id, File::Xlsx).await
}

async fn file(state: &State, SignedIn { actor, .. }: SignedIn, id: i64, file: File) -> Result<HttpResponse, Problem> {
    let bytes = state.store.read(move |conn| see_issued_file(conn, &actor, id, file)).await?;
    Ok(HttpResponse::Ok().content_type(file.media_type()).body(bytes))
}
