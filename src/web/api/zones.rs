//! `/api/v1/zones`

use actix_web::{
    HttpResponse,
    web::{Data, Json, Query},
};
use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    usecases::{
        decide_zone::{ZoneDecision, decide_zone},
        see_zones::{self, ZoneBoard, see_zones},
    },
    web::{State, problem::Problem, session::SignedIn},
};

/// Where and when.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct At {
    /// Unit code; the top of what the account sees by default.
    unit: Option<String>,
    /// The instant, with its offset; now by default.
    at: Option<DateTime<FixedOffset>>,
}

/// The zone of every commune of a place at a time.
#[utoipa::path(get, path = "/zones", tag = "zones", params(At), responses((status = 200, body = ZoneBoard)))]
pub async fn show(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Query(asked): Query<At>,
) -> Result<HttpResponse, Problem> {
    let at = asked.at.map_or_else(|| state.clock.now(), |at| at.to_utc());
    let board = state.store.read(move |conn| see_zones(conn, &actor, asked.unit.as_deref(), at)).await?;
    Ok(HttpResponse::Ok().json(board))
}

/// The official schemes: levels, names, colours.
#[utoipa::path(get, path = "/zones/schemes", tag = "zones", responses((status = 200, body = Vec<serde_json::Value>)))]
pub async fn schemes(_: SignedIn) -> HttpResponse {
    HttpResponse::Ok().json(see_zones::schemes())
}

/// A decision on a place's zone; without a number it is recorded as a proposal.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDecision {
    /// Unit code of the place.
    unit: String,
    /// `qd_2686`, `nq_128_qd_4800` or `nq_128_qd_218`.
    scheme: String,
    /// Level in the scheme, 1 to 4.
    level: i32,
    /// When it takes effect, with its offset; may lie ahead.
    effective_from: DateTime<FixedOffset>,
    #[serde(default)]
    decision_number: String,
    #[serde(default)]
    decision_issuer: String,
    decision_date: Option<NaiveDate>,
    #[serde(default)]
    note: String,
}

/// Its number in the record.
#[derive(Serialize, ToSchema)]
pub struct Recorded {
    decision: i64,
}

/// Records a decision.
#[utoipa::path(post, path = "/zones/decisions", tag = "zones", request_body = NewDecision,
    responses((status = 201, body = Recorded)))]
pub async fn create(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Json(body): Json<NewDecision>,
) -> Result<HttpResponse, Problem> {
    let given = ZoneDecision {
        unit: body.unit,
        scheme: body.scheme,
        level: body.level,
        effective_from: body.effective_from.to_utc(),
        decision_number: body.decision_number,
        decision_issuer: body.decision_issuer,
        decision_date: body.decision_date,
        note: body.note,
    };
    let now = state.clock.now();
    let decision = state.store.write(move |conn| decide_zone(conn, &actor, &given, now)).await?;
    Ok(HttpResponse::Created().json(Recorded { decision }))
}
