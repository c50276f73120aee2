//! What can be read: the same views as the pages, as JSON.

use actix_web::{
    HttpResponse,
    web::{Data, Path, Query},
};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    usecases::{
        UnitRef,
        enter_figures::{EntrySheet, see_entry_sheet},
        find_units::find_units,
        progress::Moment,
        read_audit::{Trail, read_audit},
        see_history::{FigureHistory, see_history},
        see_league::{League, see_league},
        see_overview::{Overview, see_overview},
        see_trend::{Trend, see_trend},
        see_unit::{UnitView, see_unit},
    },
    web::{State, problem::Problem, session::SignedIn},
};

/// What a view is asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// Plan code; the current plan by default.
    plan: Option<String>,
    /// Unit code; the top of what the account sees by default.
    unit: Option<String>,
    /// The day it speaks of, for example `2026-11-20`; now by default.
    day: Option<NaiveDate>,
    /// Cohort code.
    cohort: Option<String>,
    /// Measure code.
    measure: Option<String>,
    /// First day of a trend.
    from: Option<NaiveDate>,
}

/// Which plan.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OfPlan {
    /// Plan code; the current plan by default.
    plan: Option<String>,
}

impl Asked {
    fn moment(&self, state: &State) -> Moment {
        Moment::new(self.day, state.clock.now())
    }
}

/// The plans: clauses, cohorts, measures, targets.
#[utoipa::path(get, path = "/plans", tag = "plans", responses((status = 200, body = Vec<serde_json::Value>)))]
pub async fn plans(state: Data<State>, _: SignedIn) -> HttpResponse {
    HttpResponse::Ok().json(state.plans().iter().map(|stored| &stored.plan).collect::<Vec<_>>())
}

/// One plan.
#[utoipa::path(get, path = "/plans/{plan}", tag = "plans", params(("plan" = String, Path)),
    responses((status = 200, body = serde_json::Value)))]
pub async fn plan(state: Data<State>, _: SignedIn, code: Path<String>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(&state.plan(Some(&code))?.plan))
}

/// What units are looked for by.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Search {
    /// Part of a name, with or without marks.
    q: String,
}

/// Up to 50 units the account sees whose name contains the words, marks or not.
#[utoipa::path(get, path = "/units", tag = "units", params(Search), responses((status = 200, body = Vec<UnitRef>)))]
pub async fn units(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Query(search): Query<Search>,
) -> Result<HttpResponse, Problem> {
    let found = state.store.read(move |conn| find_units(conn, &actor, &search.q)).await?;
    Ok(HttpResponse::Ok().json(found))
}

/// One unit: its figures and those below it, its zone, its last reports.
#[utoipa::path(get, path = "/units/{unit}", tag = "units", params(("unit" = String, Path), Asked),
    responses((status = 200, body = UnitView)))]
pub async fn unit(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    code: Path<String>,
    Query(asked): Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let (plan, moment) = (state.plan(asked.plan.as_deref())?, asked.moment(&state));
    let view = state.store.read(move |conn| see_unit(conn, &actor, &plan, &code, moment)).await?;
    Ok(HttpResponse::Ok().json(view))
}

/// Every version of one figure: who, when, how, old → new, why.
#[utoipa::path(get, path = "/units/{unit}/figures/{cohort}/{measure}", tag = "units",
    params(("unit" = String, Path), ("cohort" = String, Path), ("measure" = String, Path), OfPlan),
    responses((status = 200, body = FigureHistory)))]
pub async fn history(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    path: Path<(String, String, String)>,
    Query(of): Query<OfPlan>,
) -> Result<HttpResponse, Problem> {
    let plan = state.plan(of.plan.as_deref())?;
    let (unit, cohort, measure) = path.into_inner();
    let view = state.store.read(move |conn| see_history(conn, &actor, &plan, &unit, &cohort, &measure)).await?;
    Ok(HttpResponse::Ok().json(view))
}

/// What the account is asked to report, with what was said last time.
#[utoipa::path(get, path = "/entry-sheet", tag = "reports", params(Asked), responses((status = 200, body = EntrySheet)))]
pub async fn entry_sheet(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let (plan, now) = (state.plan(asked.plan.as_deref())?, state.clock.now());
    let sheet = state.store.read(move |conn| see_entry_sheet(conn, &actor, &plan, asked.unit.as_deref(), now)).await?;
    Ok(HttpResponse::Ok().json(sheet))
}

/// Are we at 100 %, who is missing, where is red?
#[utoipa::path(get, path = "/overview", tag = "views", params(Asked), responses((status = 200, body = Overview)))]
pub async fn overview(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let (plan, moment) = (state.plan(asked.plan.as_deref())?, asked.moment(&state));
    let view = state.store.read(move |conn| see_overview(conn, &actor, &plan, asked.unit.as_deref(), moment)).await?;
    Ok(HttpResponse::Ok().json(view))
}

/// Who is how far, cohort by cohort.
#[utoipa::path(get, path = "/league", tag = "views", params(Asked), responses((status = 200, body = League)))]
pub async fn league(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let (plan, moment) = (state.plan(asked.plan.as_deref())?, asked.moment(&state));
    let Asked { unit, cohort, measure, .. } = asked;
    let view = state
        .store
        .read(move |conn| {
            see_league(conn, &actor, &plan, unit.as_deref(), cohort.as_deref(), measure.as_deref(), moment)
        })
        .await?;
    Ok(HttpResponse::Ok().json(view))
}

/// How a cohort's rates moved.
#[utoipa::path(get, path = "/trend", tag = "views", params(Asked), responses((status = 200, body = Trend)))]
pub async fn trend(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let (plan, moment) = (state.plan(asked.plan.as_deref())?, asked.moment(&state));
    let Asked { unit, cohort, from, .. } = asked;
    let view = state
        .store
        .read(move |conn| see_trend(conn, &actor, &plan, unit.as_deref(), cohort.as_deref(), from, moment))
        .await?;
    Ok(HttpResponse::Ok().json(view))
}

/// Which stretch of the trail.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Stretch {
    /// Unit code; the top of what the account sees by default.
    unit: Option<String>,
    /// Only events before this one.
    before: Option<i64>,
}

/// The audit trail, newest first.
#[utoipa::path(get, path = "/audit", tag = "audit", params(Stretch), responses((status = 200, body = Trail)))]
pub async fn audit(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Query(asked): Query<Stretch>,
) -> Result<HttpResponse, Problem> {
    let trail = state.store.read(move |conn| read_audit(conn, &actor, asked.unit.as_deref(), asked.before)).await?;
    Ok(HttpResponse::Ok().json(trail))
}
