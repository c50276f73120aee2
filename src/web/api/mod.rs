//! The JSON API, `/api/v1/…`: the same deeds as the pages. Described by `/api-docs/openapi.json`.

mod chase;
mod consolidated;
mod difficulties;
mod imports;
mod live;
mod reports;
mod schemas;
mod session;
mod tracing;
mod views;
mod zones;

use actix_web::{
    HttpResponse,
    web::{self, ServiceConfig},
};
use serde::Deserialize;
use utoipa::{
    IntoParams, Modify, OpenApi,
    openapi::{
        ContentBuilder, Ref, ResponseBuilder,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

pub use chase::reload;

use super::problem;

/// Whose: what most reads ask for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Whose {
    /// Plan code; the current plan by default.
    plan: Option<String>,
    /// Unit code; the top of what the account may by default.
    unit: Option<String>,
}

/// The addresses of the API.
pub fn routes(config: &mut ServiceConfig) {
    let at = |address: &str, allow| problem::taking(web::resource(address), allow);
    config
        .service(
            at("/session", "GET, POST, DELETE")
                .route(web::get().to(session::show))
                .route(web::post().to(session::create))
                .route(web::delete().to(session::remove)),
        )
        .service(at("/session/refresh", "POST").route(web::post().to(session::refresh)))
        .service(at("/plans", "GET").route(web::get().to(views::plans)))
        .service(at("/plans/{plan}", "GET").route(web::get().to(views::plan)))
        .service(at("/units", "GET").route(web::get().to(views::units)))
        .service(at("/units/{unit}", "GET").route(web::get().to(views::unit)))
        .service(at("/units/{unit}/reports", "GET").route(web::get().to(reports::list)))
        .service(at("/units/{unit}/figures/{cohort}/{measure}", "GET").route(web::get().to(views::history)))
        .service(at("/reports", "POST").route(web::post().to(reports::create)))
        .service(at("/reports/{id}/review", "POST").route(web::post().to(chase::review)))
        .service(
            at("/units/{unit}/contact", "GET, POST")
                .route(web::get().to(chase::contact))
                .route(web::post().to(chase::keep_contact)),
        )
        .service(at("/schedule", "GET, POST").route(web::get().to(chase::schedule)).route(web::post().to(chase::set)))
        .service(at("/completeness", "GET").route(web::get().to(chase::completeness)))
        .service(at("/chase", "GET").route(web::get().to(chase::list)))
        .service(at("/chase/reminders", "POST").route(web::post().to(chase::remind)))
        .service(at("/chase/calls", "POST").route(web::post().to(chase::call)))
        .service(at("/chase/extensions", "POST").route(web::post().to(chase::extend)))
        .service(at("/chase/exemptions", "POST").route(web::post().to(chase::exempt)))
        .service(at("/entry-sheet", "GET").route(web::get().to(views::entry_sheet)))
        .service(at("/overview", "GET").route(web::get().to(views::overview)))
        .service(at("/league", "GET").route(web::get().to(views::league)))
        .service(at("/trend", "GET").route(web::get().to(views::trend)))
        .service(at("/zones", "GET").route(web::get().to(zones::show)))
        .service(at("/zones/schemes", "GET").route(web::get().to(zones::schemes)))
        .service(at("/zones/course", "GET").route(web::get().to(zones::course)))
        .service(at("/zones/drive", "GET").route(web::get().to(zones::drive)))
        .service(at("/zones/drive/marks", "POST").route(web::post().to(zones::mark)))
        .service(at("/zones/decisions", "POST").route(web::post().to(zones::create)))
        .service(at("/zones/decisions/check", "POST").route(web::post().to(zones::check)))
        .service(at("/zones/decisions/{id}/withdrawal", "POST").route(web::post().to(zones::withdraw)))
        .service(at("/imports", "POST").route(web::post().to(imports::create)))
        .service(at("/imports/{id}", "GET").route(web::get().to(imports::show)))
        .service(at("/live", "GET").route(web::get().to(live::stream)))
        .service(at("/tracing", "GET, POST").route(web::get().to(tracing::show)).route(web::post().to(tracing::create)))
        .service(at("/tracing/{unit}/{day}", "GET").route(web::get().to(tracing::history)))
        .service(
            at("/difficulties", "GET, POST")
                .route(web::get().to(difficulties::list))
                .route(web::post().to(difficulties::create)),
        )
        .service(at("/difficulties/{id}/steps", "POST").route(web::post().to(difficulties::step)))
        .service(
            at("/own-documents", "GET, POST")
                .route(web::get().to(difficulties::documents))
                .route(web::post().to(difficulties::state_own)),
        )
        .service(at("/consolidated", "GET").route(web::get().to(consolidated::show)))
        .service(
            at("/consolidated/letter", "GET, POST")
                .route(web::get().to(consolidated::letter))
                .route(web::post().to(consolidated::set)),
        )
        .service(at("/consolidated/drafts", "POST").route(web::post().to(consolidated::draft)))
        .service(at("/consolidated/drafts/{id}", "GET").route(web::get().to(consolidated::see_one_draft)))
        .service(at("/consolidated/drafts/{id}/changes", "GET").route(web::get().to(consolidated::draft_changes)))
        .service(at("/consolidated/drafts/{id}/issue", "POST").route(web::post().to(consolidated::issue)))
        .service(at("/consolidated/issued", "GET").route(web::get().to(consolidated::list)))
        .service(at("/consolidated/issued/{id}", "GET").route(web::get().to(consolidated::issued)))
        .service(at("/consolidated/issued/{id}/changes", "GET").route(web::get().to(consolidated::changes)))
        .service(at("/consolidated/issued/{id}/docx", "GET").route(web::get().to(consolidated::word)))
        .service(at("/consolidated/issued/{id}/xlsx", "GET").route(web::get().to(consolidated::excel)))
        .service(at("/audit", "GET").route(web::get().to(views::audit)));
}

/// What the API is, for programs that read it.
#[derive(OpenApi)]
#[openapi(
    info(title = "Vùng Xanh", description = "Số liệu triển khai theo cơ quan và theo xã, phân vùng nguy cơ."),
    servers((url = "/api/v1")),
    paths(
        session::create, session::show, session::refresh, session::remove,
        views::plans, views::plan, views::units, views::unit, views::history, views::entry_sheet,
        views::overview, views::league, views::trend, views::audit,
        reports::list, reports::create,
        imports::create, imports::show,
        live::stream,
        zones::show, zones::schemes, zones::course, zones::drive, zones::mark,
        zones::create, zones::check, zones::withdraw,
        consolidated::show, consolidated::letter, consolidated::set, consolidated::draft, consolidated::see_one_draft,
        consolidated::draft_changes, consolidated::issue, consolidated::list, consolidated::issued,
        consolidated::changes, consolidated::word, consolidated::excel,
        difficulties::list, difficulties::create, difficulties::step, difficulties::documents, difficulties::state_own,
        tracing::show, tracing::create, tracing::history,
        chase::completeness, chase::list, chase::remind, chase::call, chase::extend, chase::exempt,
        chase::contact, chase::keep_contact, chase::schedule, chase::set, chase::review,
    ),
    components(schemas(ProblemDocument)),
    modifiers(&Common),
    security(("bearer" = [])),
)]
struct Description;

/// How programs sign their requests, and the refusals any request can meet.
struct Common;

impl Modify for Common {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        openapi.components.get_or_insert_default().add_security_scheme("bearer", SecurityScheme::Http(scheme));
        let refusals = [
            ("400", "the request cannot be read"),
            ("401", "not signed in"),
            ("403", "this account may not do this here"),
            ("404", "there is no such thing"),
            ("409", "something else was recorded meanwhile, or the operation id was used for something else"),
            ("422", "values break rules or need a reason"),
            ("429", "too many tries; Retry-After says when"),
            ("503", "busy or unavailable; nothing was recorded; Retry-After says when"),
        ];
        let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        for path in openapi.paths.paths.values_mut() {
            for operation in [&mut path.get, &mut path.post, &mut path.delete].into_iter().flatten() {
                for (status, meaning) in refusals {
                    let refusal = ResponseBuilder::new()
                        .description(meaning)
                        .content("application/problem+json", problem.clone())
                        .build();
                    operation.responses.responses.entry(status.to_owned()).or_insert_with(|| refusal.into());
                }
            }
        }
    }
}

/// A refusal: RFC 9457 problem details.
#[derive(utoipa::ToSchema)]
#[schema(as = Problem)]
#[expect(dead_code, reason = "only describes what `Problem::to_json` writes")]
struct ProblemDocument {
    /// Always `about:blank`: `code` tells the kind.
    r#type: String,
    /// Heading, in the request's language.
    title: String,
    /// HTTP status.
    status: u16,
    /// What happened and what to do.
    detail: String,
    /// Stable kind, for example `invalid` or `not_allowed`.
    code: String,
    /// Each value that breaks a rule: unit, cohort, field, rule, given, limit, message.
    errors: Option<Vec<serde_json::Value>>,
    /// Each value that needs a reason.
    warnings: Option<Vec<serde_json::Value>>,
}

/// `/api-docs/openapi.json`
pub async fn openapi() -> HttpResponse {
    HttpResponse::Ok().json(Description::openapi())
}
