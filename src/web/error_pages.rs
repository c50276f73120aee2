//! Dresses a refusal on a page's address as a page, and sends who is not signed in to renew the sign-in.

use actix_web::{
    Error, HttpMessage, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{StatusCode, header},
    middleware::Next,
    web::Data,
};
use askama::Template;
use tracing_actix_web::RequestId;

use super::{
    State, links, messages,
    problem::{self, Problem},
    session::{self, SignedIn},
    shell::Shell,
    words::Lang,
};
use crate::domain::{actor::Actor, calendar::Instant};

/// A refusal as a person reads it.
#[derive(Template)]
#[template(path = "error.html", config = "dashboards/askama.toml")]
struct ErrorPage {
    shell: Shell,
    heading: String,
    detail: String,
    /// What exactly is wrong, line by line.
    faults: Vec<String>,
    /// When trying again makes sense.
    again: Option<String>,
    /// What to tell the administrator.
    code: Option<String>,
}

/// Lets answers pass, and turns a [`Problem`] into a page unless a program asked.
pub async fn dress(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = next.call(request).await?.map_into_boxed_body();
    let problem = response.response().error().and_then(|error| error.as_error::<Problem>()).cloned();
    let Some(problem) = problem else { return Ok(response) };
    let request = response.request();
    let lang = Lang::of(request);
    let answer = if is_for_program(request) {
        problem.answer(request)
    } else if problem.status == StatusCode::UNAUTHORIZED {
        to_renewal(request)
    } else {
        page(request, &problem, lang)
    };
    Ok(response.into_response(answer))
}

/// Whether the address holds a file and no browser tab asked for it.
fn is_for_program(request: &HttpRequest) -> bool {
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_file = [".json", ".csv", ".xlsx", ".docx", ".png"].iter().any(|end| request.path().ends_with(end));
    is_file && !accepts.contains("text/html")
}

/// 307 keeps a form's method and body: what was typed survives an access token that ran out meanwhile.
fn to_renewal(request: &HttpRequest) -> HttpResponse {
    let address = request.uri().path_and_query().map_or("/", |address| address.as_str());
    let to = links::with_query(session::REFRESH_PATH, &[("tiep", address)]);
    HttpResponse::TemporaryRedirect().insert_header((header::LOCATION, to)).finish()
}

/// The refusal as a page, with its status.
pub fn page(request: &HttpRequest, problem: &Problem, lang: Lang) -> HttpResponse {
    let state = request.app_data::<Data<State>>();
    let place = state.map(|state| state.place()).unwrap_or_default();
    let now = state.map(|state| state.clock.now());
    let plan = state.and_then(|state| state.plan(None).ok());
    let heading = problem.title(lang);
    let faults = problem.faults.iter().map(|fault| messages::fault(lang, plan.as_deref(), fault));
    let warnings = problem.warnings.iter().map(|warning| messages::warning(lang, plan.as_deref(), warning));
    let code = request.extensions().get::<RequestId>().map(|id| short(&id.to_string()));
    let shell = match request.extensions().get::<Actor>() {
        Some(actor) => Shell::inside(lang, &place, request.path(), &heading, actor),
        None => Shell::outside(lang, &place, request.path(), &heading),
    };
    let page = ErrorPage {
        shell,
        heading,
        detail: problem.detail(lang),
        faults: faults.chain(warnings).collect(),
        again: problem.retry_after.zip(now).map(|(seconds, now)| again(lang, now, seconds)),
        code: code.map(|code| lang.tr("error.code", &[("code", &code)])),
    };
    let mut response = problem.response();
    match page.render() {
        Ok(body) => response.content_type("text/html; charset=utf-8").body(body),
        Err(error) => Problem::broken(&error).answer(request),
    }
}

/// There is no such page; who is signed in keeps the menu.
pub async fn unknown(_: Option<SignedIn>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    problem::unknown_address(request).await
}

/// "Thử lại lúc 14:05.", a minute late rather than early.
pub fn again(lang: Lang, now: Instant, seconds: u64) -> String {
    let wait = chrono::Duration::seconds(i64::try_from(seconds).unwrap_or(0) + 59);
    lang.tr("error.again", &[("time", &lang.time(now + wait))])
}

/// The first block of a request id: enough to find it in the log, short enough to read out.
fn short(id: &str) -> String {
    id.split('-').next().unwrap_or(id).to_owned()
}
