//! `/api/v1/schedule`, `/completeness`, `/chase`, reviews and contacts.

use actix_web::{
    HttpResponse,
    web::{self, Data, Json, Path, Query},
};
use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::Deserialize;
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use crate::{
    domain::{chase::ChaseState, review::Outcome, schedule::Rules},
    store::contacts::Contact,
    usecases::{
        remind::{self, Asked as Reminded, Chosen},
        review_report::{Reviewed, review_report},
        see_chase::{Asked as ListAsked, ChaseList, see_chase},
        see_completeness::{CompletenessView, see_completeness},
        set_schedule::{ScheduleView, see_schedule, set_schedule},
    },
    web::{State, problem::Problem, session::SignedIn},
};

/// Which periods of which place.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Periods {
    /// Plan code; the current plan by default.
    plan: Option<String>,
    /// Unit code; the top of what the account sees by default.
    unit: Option<String>,
    /// First day of the newest period; the newest that has opened by default.
    period: Option<NaiveDate>,
    /// How many periods, at most 60; 12 by default.
    count: Option<usize>,
}

/// Who has reported, in time and in full: each period with the five figures as DHIS2 names them, each unit period by period.
#[utoipa::path(get, path = "/completeness", tag = "chase", params(Periods),
    responses((status = 200, body = CompletenessView)))]
pub async fn completeness(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Query(asked): Query<Periods>,
) -> Result<HttpResponse, Problem> {
    let (plan, now) = (state.plan(asked.plan.as_deref())?, state.clock.now());
    let which = (asked.period, asked.count.unwrap_or(12));
    let work = move |conn: &mut _| see_completeness(conn, &actor, &plan, asked.unit.as_deref(), which, now);
    Ok(HttpResponse::Ok().json(state.store.read(work).await?))
}

/// What of the chase list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Listed {
    /// Plan code; the current plan by default.
    plan: Option<String>,
    /// Unit code; the top of what the account may see by default.
    unit: Option<String>,
    /// First day of the period; the newest that has opened by default.
    period: Option<NaiveDate>,
    /// Only units that stand so.
    #[param(value_type = Option<String>)]
    state: Option<ChaseState>,
    /// Page of 200 rows, from 1.
    page: Option<usize>,
}

/// The chase list: the longest overdue first, then those that never reported.
#[utoipa::path(get, path = "/chase", tag = "chase", params(Listed), responses((status = 200, body = ChaseList)))]
pub async fn list(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Query(asked): Query<Listed>,
) -> Result<HttpResponse, Problem> {
    let (plan, now) = (state.plan(asked.plan.as_deref())?, state.clock.now());
    let page = asked.page.unwrap_or(1);
    let asked = ListAsked { scope: asked.unit, period: asked.period, state: asked.state, page };
    Ok(HttpResponse::Ok().json(state.store.read(move |conn| see_chase(conn, &actor, &plan, &asked, now)).await?))
}

/// Units of a period that something is done about.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReminders {
    /// Unit codes.
    units: Vec<String>,
    /// First day of the period.
    period: NaiveDate,
    /// Whether those that were sent a letter today are sent another.
    #[serde(default)]
    again: bool,
}

/// Puts a letter to each unit into the queue: one for a unit and day.
#[utoipa::path(post, path = "/chase/reminders", tag = "chase", request_body = NewReminders,
    responses((status = 202, body = Reminded)))]
pub async fn remind(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Json(body): Json<NewReminders>,
) -> Result<HttpResponse, Problem> {
    let (plan, now) = (state.plan(None)?, state.clock.now());
    let (chosen, again) = (Chosen { units: body.units, period: body.period }, body.again);
    let work = move |conn: &mut _| remind::remind(conn, &actor, &plan, (&chosen, again), now);
    Ok(HttpResponse::Accepted().json(state.store.write(work).await?))
}

/// Calls that were made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCalls {
    /// Unit codes.
    units: Vec<String>,
    /// First day of the period.
    period: NaiveDate,
    /// What was said.
    #[serde(default)]
    note: String,
}

/// Notes that these units were called.
#[utoipa::path(post, path = "/chase/calls", tag = "chase", request_body = NewCalls,
    responses((status = 201, body = serde_json::Value)))]
pub async fn call(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Json(body): Json<NewCalls>,
) -> Result<HttpResponse, Problem> {
    let (plan, now) = (state.plan(None)?, state.clock.now());
    let (chosen, note) = (Chosen { units: body.units, period: body.period }, body.note);
    let work = move |conn: &mut _| remind::note_call(conn, &actor, &plan, (&chosen, &note), now);
    let logged = state.store.write(work).await?;
    Ok(HttpResponse::Created().json(json!({ "logged": logged })))
}

/// More time.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewExtension {
    /// Unit codes.
    units: Vec<String>,
    /// First day of the period.
    period: NaiveDate,
    /// Until when, for example `2021-11-22T11:00:00+07:00`.
    #[schema(value_type = String, format = DateTime)]
    until: DateTime<FixedOffset>,
    /// Why.
    reason: String,
}

/// Gives units more time for a period: their report is due then, and the period stays open to them until then.
#[utoipa::path(post, path = "/chase/extensions", tag = "chase", request_body = NewExtension,
    responses((status = 201, body = serde_json::Value)))]
pub async fn extend(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Json(body): Json<NewExtension>,
) -> Result<HttpResponse, Problem> {
    let (plan, now) = (state.plan(None)?, state.clock.now());
    let (chosen, until) = (Chosen { units: body.units, period: body.period }, body.until.to_utc());
    let work = move |conn: &mut _| remind::extend(conn, &actor, &plan, (&chosen, until, &body.reason), now);
    let extended = state.store.write(work).await?;
    Ok(HttpResponse::Created().json(json!({ "extended": extended })))
}

/// Units that need not report.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewExemption {
    /// Unit codes.
    units: Vec<String>,
    /// The first day.
    first_day: NaiveDate,
    /// The last day; without end by default. One before the first takes an exemption from that day back.
    last_day: Option<NaiveDate>,
    /// Why.
    reason: String,
}

/// Exempts units: nothing is expected of the periods that are due in these days.
#[utoipa::path(post, path = "/chase/exemptions", tag = "chase", request_body = NewExemption,
    responses((status = 201, body = serde_json::Value)))]
pub async fn exempt(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Json(body): Json<NewExemption>,
) -> Result<HttpResponse, Problem> {
    let (plan, now) = (state.plan(None)?, state.clock.now());
    let work = move |conn: &mut _| {
        remind::exempt(conn, &actor, &plan, (&body.units, body.first_day, body.last_day, &body.reason), now)
    };
    let exempted = state.store.write(work).await?;
    Ok(HttpResponse::Created().json(json!({ "exempted": exempted })))
}

/// The office contact of a unit.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    /// The focal point.
    #[serde(default)]
    name: String,
    /// Address of the office.
    #[serde(default)]
    email: String,
    /// Telephone of the office.
    #[serde(default)]
    phone: String,
}

/// Whom a unit is written to and called.
#[utoipa::path(get, path = "/units/{unit}/contact", tag = "chase", params(("unit" = String, Path)),
    responses((status = 200, body = serde_json::Value)))]
pub async fn contact(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    unit: Path<String>,
) -> Result<HttpResponse, Problem> {
    let (_, contact) = state.store.read(move |conn| remind::see_contact(conn, &actor, &unit)).await?;
    Ok(HttpResponse::Ok().json(contact))
}

/// Records it; all blank: there is none any more.
#[utoipa::path(post, path = "/units/{unit}/contact", tag = "chase", params(("unit" = String, Path)),
    request_body = NewContact, responses((status = 201, body = serde_json::Value)))]
pub async fn keep_contact(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    unit: Path<String>,
    Json(body): Json<NewContact>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let contact = Contact { name: body.name, email: body.email, phone: body.phone };
    let kept = contact.clone();
    state.store.write(move |conn| remind::keep_contact(conn, &actor, &unit, &contact, now)).await?;
    Ok(HttpResponse::Created().json(kept))
}

/// When reports are asked for: each period opens, is due, locks.
#[utoipa::path(get, path = "/schedule", tag = "chase", responses((status = 200, body = ScheduleView)))]
pub async fn schedule(state: Data<State>, SignedIn { actor, .. }: SignedIn) -> Result<HttpResponse, Problem> {
    let (plan, now) = (state.plan(None)?, state.clock.now());
    Ok(HttpResponse::Ok().json(state.store.read(move |conn| see_schedule(conn, &actor, &plan, now)).await?))
}

/// Rules to hold from a day on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSchedule {
    /// The first day of a period that has not begun.
    from: NaiveDate,
    /// The rules.
    rules: Rules,
    /// Why.
    reason: String,
}

/// Sets rules; what is past never changes.
#[utoipa::path(post, path = "/schedule", tag = "chase", request_body = NewSchedule,
    responses((status = 201, body = serde_json::Value)))]
pub async fn set(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Json(body): Json<NewSchedule>,
) -> Result<HttpResponse, Problem> {
    let (plan, now) = (state.plan(None)?, state.clock.now());
    let work = move |conn: &mut _| set_schedule(conn, &actor, &plan, (body.from, &body.rules, &body.reason), now);
    let timetable = state.store.write(work).await?;
    reload(&state).await?;
    Ok(HttpResponse::Created().json(timetable))
}

/// Reads the plans again, on a thread that may wait.
pub async fn reload(state: &Data<State>) -> Result<(), Problem> {
    let reading = state.clone();
    Ok(web::block(move || reading.reload_plans()).await.map_err(|e| Problem::broken(&e))??)
}

/// What is said of a report.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReview {
    /// Accepted or returned.
    outcome: Outcome,
    /// Why it is returned.
    #[serde(default)]
    reason: String,
}

/// Accepts a report or returns it: a returned one stays in history and leaves every total.
#[utoipa::path(post, path = "/reports/{id}/review", tag = "chase", params(("id" = i64, Path)),
    request_body = NewReview, responses((status = 201, body = Reviewed)))]
pub async fn review(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    id: Path<i64>,
    Json(body): Json<NewReview>,
) -> Result<HttpResponse, Problem> {
    let (plan, now) = (state.plan(None)?, state.clock.now());
    let work = move |conn: &mut _| review_report(conn, &actor, &plan, (*id, body.outcome, &body.reason), now);
    Ok(HttpResponse::Created().json(state.store.write(work).await?))
}
