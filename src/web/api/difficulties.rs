//! `/api/v1/difficulties` and `/api/v1/own-documents`

use actix_web::{
    HttpResponse,
    web::{Data, Json, Path, Query},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Whose;
use crate::{
    domain::difficulty::{DifficultyState, Matter},
    usecases::{
        raise_difficulty::{Raised, carry_on, raise_difficulty},
        see_difficulties::{Difficulties, see_difficulties},
        state_document::{OwnDocuments, see_documents, state_document},
    },
    web::{State, problem::Problem, session::SignedIn},
};

/// Whose, and where they stand.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// Plan code; the current plan by default.
    plan: Option<String>,
    /// Unit code; the top of what the account sees by default.
    unit: Option<String>,
    /// Only those in this state.
    state: Option<DifficultyState>,
}

/// What units find difficult, newest first.
#[utoipa::path(get, path = "/difficulties", tag = "difficulties", params(Asked),
    responses((status = 200, body = Difficulties)))]
pub async fn list(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let plan = state.plan(asked.plan.as_deref())?;
    let read = move |conn: &mut _| see_difficulties(conn, &actor, &plan, asked.unit.as_deref(), asked.state);
    Ok(HttpResponse::Ok().json(state.store.read(read).await?))
}

/// What a unit finds difficult. No telephone numbers, identity numbers or e-mail addresses.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDifficulty {
    /// Plan code; the current plan by default.
    plan: Option<String>,
    /// Unit code.
    unit: String,
    /// What it is about.
    category: Matter,
    /// Its words, at most 2,000 characters.
    text: String,
}

/// Submits a difficulty.
#[utoipa::path(post, path = "/difficulties", tag = "difficulties", request_body = NewDifficulty,
    responses((status = 201, body = Raised)))]
pub async fn create(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Json(new): Json<NewDifficulty>,
) -> Result<HttpResponse, Problem> {
    let (plan, now) = (state.plan(new.plan.as_deref())?, state.clock.now());
    let write = move |conn: &mut _| raise_difficulty(conn, &actor, &plan, &new.unit, (new.category, &new.text), now);
    Ok(HttpResponse::Created().json(state.store.write(write).await?))
}

/// A step on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStep {
    /// Where it stands after it: `consolidated`, `escalated` or `resolved`; never back.
    state: DifficultyState,
    /// What is said of it; needed to resolve.
    #[serde(default)]
    note: String,
}

/// Carries a difficulty one step on.
#[utoipa::path(post, path = "/difficulties/{id}/steps", tag = "difficulties", params(("id" = i64, Path)),
    request_body = NewStep, responses((status = 201, body = Raised)))]
pub async fn step(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    id: Path<i64>,
    Json(new): Json<NewStep>,
) -> Result<HttpResponse, Problem> {
    let (id, now) = (*id, state.clock.now());
    let done = state.store.write(move |conn| carry_on(conn, &actor, id, (new.state, &new.note), now)).await?;
    Ok(HttpResponse::Created().json(done))
}

/// Which units have issued a document of their own to carry out the plan.
#[utoipa::path(get, path = "/own-documents", tag = "difficulties", params(Whose),
    responses((status = 200, body = OwnDocuments)))]
pub async fn documents(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Query(asked): Query<Whose>,
) -> Result<HttpResponse, Problem> {
    let plan = state.plan(asked.plan.as_deref())?;
    let read = move |conn: &mut _| see_documents(conn, &actor, &plan, asked.unit.as_deref());
    Ok(HttpResponse::Ok().json(state.store.read(read).await?))
}

/// What a unit says of its own document.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStatement {
    /// Plan code; the current plan by default.
    plan: Option<String>,
    /// Unit code.
    unit: String,
    /// Whether it has issued one.
    is_issued: bool,
    /// Its number; needed where it has.
    #[serde(default)]
    number: String,
    /// Its date.
    issued_on: Option<NaiveDate>,
}

/// Its number in the record.
#[derive(Serialize, ToSchema)]
pub struct Stated {
    record: i64,
}

/// Says whether a unit has issued a document of its own.
#[utoipa::path(post, path = "/own-documents", tag = "difficulties", request_body = NewStatement,
    responses((status = 201, body = Stated)))]
pub async fn state_own(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Json(new): Json<NewStatement>,
) -> Result<HttpResponse, Problem> {
    let (plan, now) = (state.plan(new.plan.as_deref())?, state.clock.now());
    let write = move |conn: &mut _| {
        state_document(conn, &actor, &plan, &new.unit, (new.is_issued, &new.number, new.issued_on), now)
    };
    Ok(HttpResponse::Created().json(Stated { record: state.store.write(write).await? }))
}
