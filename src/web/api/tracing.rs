//! `/api/v1/tracing`

use std::collections::BTreeMap;

use actix_web::{
    HttpResponse,
    web::{Data, Json, Path, Query},
};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::reports::given;
use crate::{
    domain::calendar,
    usecases::{
        record_tracing::{TracingReceipt, TracingSubmission, record_tracing},
        see_tracing::{TracingHistory, TracingView, see_tracing, see_tracing_history},
    },
    web::{State, problem::Problem, session::SignedIn},
};

/// Where and when.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Period {
    /// Unit code; the top of what the account sees by default.
    unit: Option<String>,
    /// First day; thirteen days before the last by default.
    from: Option<NaiveDate>,
    /// Last day; today by default.
    to: Option<NaiveDate>,
}

/// The tracing figures of a place over a period of at most 92 days: aggregates only, no target of any plan. Counts
/// under 5 of a hamlet are told to the health staff of its district only (`under_5`, `withheld`).
#[utoipa::path(get, path = "/tracing", tag = "tracing", params(Period), responses((status = 200, body = TracingView)))]
pub async fn show(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Query(asked): Query<Period>,
) -> Result<HttpResponse, Problem> {
    let today = calendar::day(state.clock.now());
    let work = move |conn: &mut _| see_tracing(conn, &actor, asked.unit.as_deref(), asked.from, asked.to, today);
    Ok(HttpResponse::Ok().json(state.store.read(work).await?))
}

/// What was counted of a commune or hamlet on a day.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTracing {
    /// Unit code of the commune or hamlet.
    unit: String,
    /// The day, for example `2021-11-20`.
    day: NaiveDate,
    /// Chosen by the sender, at most 64 characters: the same id within seven days records once and gives the same answer.
    op_id: Option<String>,
    /// Why a figure of an older day is changed.
    #[serde(default)]
    reason: String,
    /// Number of the record this one corrects (0: none was there); refused when another one stands by now.
    supersedes: Option<i64>,
    /// Figure → whole number, for example `{"f0_new": 6, "f0_community": 2}`; figures that are not given stay as they
    /// stand.
    #[schema(value_type = BTreeMap<String, i64>)]
    figures: BTreeMap<String, Value>,
}

/// Records the tracing figures of a day, or corrects them.
#[utoipa::path(post, path = "/tracing", tag = "tracing", request_body = NewTracing,
    responses((status = 201, body = TracingReceipt),
        (status = 409, description = "the op_id was used for something else")))]
pub async fn create(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Json(body): Json<NewTracing>,
) -> Result<HttpResponse, Problem> {
    let submission = TracingSubmission {
        op_id: body.op_id,
        unit: body.unit,
        day: body.day,
        figures: body.figures.into_iter().map(|(code, value)| (code, given(value))).collect(),
        supersedes: body.supersedes,
        reason: body.reason,
        channel: "api",
    };
    let now = state.clock.now();
    let receipt = state.store.write(move |conn| record_tracing(conn, &actor, &submission, now)).await?;
    Ok(HttpResponse::Created().json(receipt))
}

/// Every version of a unit's tracing figures of a day, last recorded first.
#[utoipa::path(get, path = "/tracing/{unit}/{day}", tag = "tracing",
    params(("unit" = String, Path), ("day" = String, Path)), responses((status = 200, body = TracingHistory)))]
pub async fn history(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    path: Path<(String, NaiveDate)>,
) -> Result<HttpResponse, Problem> {
    let (unit, day) = path.into_inner();
    let history = state.store.read(move |conn| see_tracing_history(conn, &actor, &unit, day)).await?;
    Ok(HttpResponse::Ok().json(history))
}
