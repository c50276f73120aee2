//! `/api/v1/reports` and `/api/v1/units/{unit}/reports`

use std::collections::BTreeMap;

use actix_web::{
    HttpResponse,
    web::{Data, Json, Path, Query},
};
use chrono::{DateTime, FixedOffset};
use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::{
    domain::number::Given,
    usecases::{
        record_report::{Part, Receipt, Submission, record_report},
        see_unit::{ReportView, see_reports},
    },
    web::{State, problem::Problem, session::SignedIn},
};

/// Figures of one unit.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReport {
    /// Plan code; the current plan by default.
    plan: Option<String>,
    /// Unit code, for example `CM-P-YTE`.
    unit: String,
    /// The time the figures are true at, with its offset, for example `2026-11-20T16:00:00+07:00`.
    as_of: DateTime<FixedOffset>,
    /// Chosen by the sender, at most 64 characters: the same id within seven days records once and gives the same answer.
    op_id: Option<String>,
    /// Why a figure fell, jumped or is corrected.
    #[serde(default)]
    reason: String,
    /// Number of the report this one corrects; unit and as-of must be the same.
    supersedes: Option<i64>,
    /// Cohort → measure → whole number, for example `{"staff_b": {"headcount": 20, "smartphone_users": 18}}`.
    #[schema(value_type = BTreeMap<String, BTreeMap<String, i64>>)]
    figures: BTreeMap<String, BTreeMap<String, Value>>,
}

/// What a JSON value says as a figure: only whole numbers and text are numbers to us; 1.234 is not one thousand.
pub(super) fn given(value: Value) -> Given {
    match value {
        Value::Null => Given::Typed(String::new()),
        Value::String(text) => Given::Typed(text),
        Value::Number(number) => number.as_i64().map_or_else(|| Given::Other(number.to_string()), Given::Whole),
        other => Given::Other(other.to_string()),
    }
}

/// Reports the figures of a unit.
#[utoipa::path(post, path = "/reports", tag = "reports", request_body = NewReport,
    responses((status = 201, body = Receipt),
        (status = 409, description = "the op_id was used for something else")))]
pub async fn create(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Json(body): Json<NewReport>,
) -> Result<HttpResponse, Problem> {
    let plan = state.plan(body.plan.as_deref())?;
    let lines = body
        .figures
        .into_iter()
        .map(|(cohort, figures)| {
            (cohort, figures.into_iter().map(|(measure, value)| (measure, given(value))).collect())
        })
        .collect();
    let submission = Submission {
        op_id: body.op_id,
        as_of: body.as_of.to_utc(),
        channel: "api",
        reason: body.reason,
        supersedes: body.supersedes,
        parts: vec![Part { unit: body.unit, lines }],
    };
    let now = state.clock.now();
    let receipt = state.store.write(move |conn| record_report(conn, &actor, &plan, &submission, now)).await?;
    Ok(HttpResponse::Created().json(receipt))
}

/// Which page of a list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Before {
    /// Only reports recorded before this one.
    before: Option<i64>,
}

/// The reports of a unit and everything below it, newest record first.
#[utoipa::path(get, path = "/units/{unit}/reports", tag = "reports", params(("unit" = String, Path), Before),
    responses((status = 200, body = Vec<ReportView>)))]
pub async fn list(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    unit: Path<String>,
    Query(page): Query<Before>,
) -> Result<HttpResponse, Problem> {
    let plan = state.plan(None)?;
    let reports = state.store.read(move |conn| see_reports(conn, &actor, &plan, &unit, page.before)).await?;
    Ok(HttpResponse::Ok().json(reports))
}
