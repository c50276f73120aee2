//! `/api/v1/zones`

use actix_web::{
    HttpResponse,
    web::{Data, Json, Path, Query},
};
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    domain::{
        report::{Fault, Rule},
        unit::UnitKind,
        zone::drive::{AwardState, Window},
    },
    usecases::{
        decide_zones::{Check, Decided, Ruled, Ruling, check_zones, decide_zones},
        judge_drive::{DriveResult, Question, judge_drive},
        mark_award::mark_award,
        see_zone_course::{ZoneCourse, see_zone_course},
        see_zones::{ZoneBoard, see_zones},
        withdraw_zones::withdraw_zones,
        zone_state,
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

/// The zone of every commune of a place at a time, what changed in seven days, what is coming, what is proposed.
#[utoipa::path(get, path = "/zones", tag = "zones", params(At), responses((status = 200, body = ZoneBoard)))]
pub async fn show(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Query(asked): Query<At>,
) -> Result<HttpResponse, Problem> {
    let at = asked.at.map_or_else(|| state.clock.now(), |at| at.to_utc());
    if !(1000..=9999).contains(&at.year()) {
        let fault = Fault::of_report("at", Rule::OutOfRange, at.to_rfc3339(), Some("1000–9999".to_owned()));
        return Err(Problem::invalid(vec![fault]));
    }
    let board = state.store.read(move |conn| see_zones(conn, &actor, asked.unit.as_deref(), at)).await?;
    Ok(HttpResponse::Ok().json(board))
}

/// The official schemes: levels, names, colours.
#[utoipa::path(get, path = "/zones/schemes", tag = "zones", responses((status = 200, body = Vec<serde_json::Value>)))]
pub async fn schemes(_: SignedIn) -> HttpResponse {
    HttpResponse::Ok().json(zone_state::schemes())
}

/// Which days, of which places.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Days {
    /// Unit code; the top of what the account sees by default.
    unit: Option<String>,
    /// First day.
    starts_on: NaiveDate,
    /// Last day, included; at most 1,100 days in all.
    ends_on: NaiveDate,
    /// `commune` (by default) or `district`.
    kind: Option<UnitKind>,
}

impl Days {
    fn window(&self) -> Result<Window, Problem> {
        window(self.starts_on, self.ends_on)
    }

    fn kind(&self) -> UnitKind {
        self.kind.unwrap_or(UnitKind::Commune)
    }
}

fn window(starts_on: NaiveDate, ends_on: NaiveDate) -> Result<Window, Problem> {
    let range = format!("{starts_on}…");
    let fault = || Fault::of_report("ends_on", Rule::OutOfRange, ends_on.to_string(), Some(range));
    Window::new(starts_on, ends_on).ok_or_else(|| Problem::invalid(vec![fault()]))
}

/// Places by colour day by day, and the strip of each.
#[utoipa::path(get, path = "/zones/course", tag = "zones", params(Days), responses((status = 200, body = ZoneCourse)))]
pub async fn course(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Query(asked): Query<Days>,
) -> Result<HttpResponse, Problem> {
    let (window, kind) = (asked.window()?, asked.kind());
    let read = move |conn: &mut _| see_zone_course(conn, &actor, asked.unit.as_deref(), window, kind);
    Ok(HttpResponse::Ok().json(state.store.read(read).await?))
}

/// How a drive came out: kept green, improved, worsened, the shortlist with its evidence and marks.
#[utoipa::path(get, path = "/zones/drive", tag = "zones", params(Days), responses((status = 200, body = DriveResult)))]
pub async fn drive(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Query(asked): Query<Days>,
) -> Result<HttpResponse, Problem> {
    let question = Question { window: asked.window()?, kind: asked.kind(), scope: asked.unit };
    Ok(HttpResponse::Ok().json(state.store.read(move |conn| judge_drive(conn, &actor, &question)).await?))
}

/// A decision on the zones of one place (`unit`, `level`) or of many (`places`); without a number it is recorded as a
/// proposal. What was recorded before is not recorded again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDecision {
    /// Unit code of the place, with `level`; or give `places`.
    unit: Option<String>,
    /// Level in the scheme, 1 to 4.
    level: Option<i32>,
    /// Number of the last record on `unit` that was seen; a later one by somebody else is then answered with 409.
    seen: Option<i64>,
    /// Several places, each with its level.
    #[serde(default)]
    places: Vec<Place>,
    /// `qd_2686`, `nq_128_qd_4800` or `nq_128_qd_218`.
    scheme: String,
    /// When it takes effect, with its offset; may lie ahead.
    effective_from: DateTime<FixedOffset>,
    #[serde(default)]
    decision_number: String,
    #[serde(default)]
    decision_issuer: String,
    decision_date: Option<NaiveDate>,
    #[serde(default)]
    note: String,
    /// Number of the record it corrects; then a `reason` is needed.
    corrects: Option<i64>,
    #[serde(default)]
    reason: String,
}

/// A place of a decision.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Unit code.
    unit: String,
    /// Level in the scheme, 1 to 4.
    level: i32,
    /// Number of the last record on the place that was seen.
    seen: Option<i64>,
}

impl NewDecision {
    fn ruling(self) -> Result<Ruling, Problem> {
        let mut places: Vec<Ruled> =
            self.places.into_iter().map(|Place { unit, level, seen }| Ruled { unit, level, seen, row: None }).collect();
        match (self.unit, self.level) {
            (Some(unit), Some(level)) => places.push(Ruled { unit, level, seen: self.seen, row: None }),
            (Some(_), None) => {
                return Err(Problem::invalid(vec![Fault::of_report("level", Rule::Required, "", None)]));
            }
            (None, _) => {}
        }
        Ok(Ruling {
            places,
            scheme: self.scheme,
            effective_from: self.effective_from.to_utc(),
            decision_number: self.decision_number,
            decision_issuer: self.decision_issuer,
            decision_date: self.decision_date,
            note: self.note,
            corrects: self.corrects,
            reason: self.reason,
            import: None,
        })
    }
}

/// What the new records are.
#[derive(Serialize, ToSchema)]
pub struct Recorded {
    /// Number of the record, where there is one new one.
    decision: Option<i64>,
    #[serde(flatten)]
    decided: Decided,
}

/// Records a decision for every place of it, or for none.
#[utoipa::path(post, path = "/zones/decisions", tag = "zones", request_body = NewDecision,
    responses((status = 201, body = Recorded), (status = 200, body = Recorded, description = "Everything was known")))]
pub async fn create(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Json(body): Json<NewDecision>,
) -> Result<HttpResponse, Problem> {
    let given = body.ruling()?;
    let now = state.clock.now();
    let decided = state.store.write(move |conn| decide_zones(conn, &actor, &given, now)).await?;
    let mut answer = if decided.decisions.is_empty() { HttpResponse::Ok() } else { HttpResponse::Created() };
    let decision = if let [only] = decided.decisions[..] { Some(only) } else { None };
    Ok(answer.json(Recorded { decision, decided }))
}

/// What a decision would change: before and after for every place. Records nothing.
#[utoipa::path(post, path = "/zones/decisions/check", tag = "zones", request_body = NewDecision,
    responses((status = 200, body = Check)))]
pub async fn check(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Json(body): Json<NewDecision>,
) -> Result<HttpResponse, Problem> {
    let given = body.ruling()?;
    let now = state.clock.now();
    Ok(HttpResponse::Ok().json(state.store.read(move |conn| check_zones(conn, &actor, &given, now)).await?))
}

/// Why a record is taken back; needed later than ten minutes after it was made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    #[serde(default)]
    reason: String,
}

/// Takes a record back: afterwards it is as if it had not been made; it stays in the history.
#[utoipa::path(post, path = "/zones/decisions/{id}/withdrawal", tag = "zones", params(("id" = i64, Path)),
    request_body = Withdrawal, responses((status = 201, body = Decided)))]
pub async fn withdraw(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    id: Path<i64>,
    Json(body): Json<Withdrawal>,
) -> Result<HttpResponse, Problem> {
    let (ids, now) = ([*id], state.clock.now());
    let done = state.store.write(move |conn| withdraw_zones(conn, &actor, &ids, &body.reason, now)).await?;
    Ok(HttpResponse::Created().json(done))
}

/// A mark on a place of a drive's shortlist.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMark {
    /// Unit code of the place.
    unit: String,
    /// First day of the drive.
    starts_on: NaiveDate,
    /// Last day of the drive.
    ends_on: NaiveDate,
    /// `proposed`, then `appraised`, then `awarded`; `declined` at any time after the first.
    state: AwardState,
    /// Why; always needed.
    #[serde(default)]
    reason: String,
}

/// Its number in the record.
#[derive(Serialize, ToSchema)]
pub struct Marked {
    mark: i64,
}

/// Marks where a nomination stands. Nothing is awarded by itself.
#[utoipa::path(post, path = "/zones/drive/marks", tag = "zones", request_body = NewMark,
    responses((status = 201, body = Marked)))]
pub async fn mark(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Json(body): Json<NewMark>,
) -> Result<HttpResponse, Problem> {
    let window = window(body.starts_on, body.ends_on)?;
    let now = state.clock.now();
    let write = move |conn: &mut _| mark_award(conn, &actor, (&body.unit, window), (body.state, &body.reason), now);
    Ok(HttpResponse::Created().json(Marked { mark: state.store.write(write).await? }))
}
