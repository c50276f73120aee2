//! Every refusal in one shape: RFC 9457 `application/problem+json` with a stable `code`. Pages dress it in
//! `error_pages`. Causes of ours go to the log, once, and never to the sender.

use std::fmt;

use actix_web::{
    Error, HttpRequest, HttpResponse, HttpResponseBuilder, Resource, ResponseError,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    error::QueryPayloadError,
    http::{StatusCode, header},
    middleware::Next,
    web::{self, Data, FormConfig, JsonConfig, PathConfig, QueryConfig},
};
use serde::Serialize;

use super::{State, words::Lang};
use crate::{
    domain::report::{Fault, Warning},
    store::{StoreError, plans::StoredPlan},
    usecases::UseCaseError,
};

/// A refusal on its way to the sender.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Stable: programs match on it. Texts are the locale keys `problem.<code>.title` and `.detail`.
    pub code: &'static str,
    /// HTTP status.
    pub status: StatusCode,
    /// What fills in the texts.
    pub values: Vec<(&'static str, String)>,
    /// Hard errors, each with its field.
    pub faults: Vec<Fault>,
    /// Oddities that need a reason.
    pub warnings: Vec<Warning>,
    /// Seconds after which trying again makes sense.
    pub retry_after: Option<u64>,
    /// The methods an address takes.
    pub allow: Option<&'static str>,
}

impl Problem {
    /// A refusal without more to say than its code.
    pub fn new(code: &'static str, status: StatusCode) -> Self {
        Self {
            code,
            status,
            values: Vec::new(),
            faults: Vec::new(),
            warnings: Vec::new(),
            retry_after: None,
            allow: None,
        }
    }

    /// There is no such thing.
    pub fn not_found(kind: &str, name: &str) -> Self {
        let values = vec![("kind", kind.to_owned()), ("name", name.to_owned())];
        Self { values, ..Self::new("not_found", StatusCode::NOT_FOUND) }
    }

    /// A request that cannot be read; `what` says where.
    pub fn unreadable(what: impl fmt::Display) -> Self {
        Self { values: vec![("what", what.to_string())], ..Self::new("unreadable", StatusCode::BAD_REQUEST) }
    }

    /// Values that break rules.
    pub fn invalid(faults: Vec<Fault>) -> Self {
        Self { faults, ..Self::new("invalid", StatusCode::UNPROCESSABLE_ENTITY) }
    }

    /// A fault of ours: the cause is logged here and told to nobody.
    pub fn broken(cause: &dyn fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::new("broken", StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The database is away or not ready.
    pub fn unavailable() -> Self {
        Self { retry_after: Some(5), ..Self::new("unavailable", StatusCode::SERVICE_UNAVAILABLE) }
    }

    /// Too many tries; `seconds` until the next.
    pub fn too_many(seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..Self::new("too_many", StatusCode::TOO_MANY_REQUESTS) }
    }

    /// Not signed in, or no longer.
    pub fn not_signed_in() -> Self {
        Self::new("not_signed_in", StatusCode::UNAUTHORIZED)
    }

    /// The text of the refusal.
    pub fn detail(&self, lang: Lang) -> String {
        let values: Vec<(&str, &str)> = self.values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        lang.tr(&format!("problem.{}.detail", self.code), &values)
    }

    /// Its heading.
    pub fn title(&self, lang: Lang) -> String {
        lang.t(&format!("problem.{}.title", self.code))
    }

    /// An answer with its status and what its headers say, still without a body.
    pub fn response(&self) -> HttpResponseBuilder {
        let mut response = HttpResponse::build(self.status);
        if let Some(seconds) = self.retry_after {
            response.insert_header((header::RETRY_AFTER, seconds));
        }
        if let Some(methods) = self.allow {
            response.insert_header((header::ALLOW, methods));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        response
    }

    /// The refusal as a program receives it, in the language it asked in.
    pub fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let plan = request.app_data::<Data<State>>().and_then(|state| state.plan(None).ok());
        self.to_json(Lang::of(request), plan.as_deref())
    }

    /// `plan` gives the words for measures and cohorts.
    fn to_json(&self, lang: Lang, plan: Option<&StoredPlan>) -> HttpResponse {
        let body = Body {
            r#type: "about:blank",
            title: self.title(lang),
            status: self.status.as_u16(),
            detail: self.detail(lang),
            code: self.code,
            errors: self
                .faults
                .iter()
                .map(|fault| Line { said_of: fault, message: super::messages::fault(lang, plan, fault) })
                .collect(),
            warnings: self
                .warnings
                .iter()
                .map(|warning| Line { said_of: warning, message: super::messages::warning(lang, plan, warning) })
                .collect(),
        };
        let mut response = self.response();
        response.content_type("application/problem+json");
        response.body(serde_json::to_string(&body).unwrap_or_default())
    }
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: &'static str,
    title: String,
    status: u16,
    detail: String,
    code: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Line<&'a Fault>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Line<&'a Warning>>,
}

#[derive(Serialize)]
struct Line<T> {
    #[serde(flatten)]
    said_of: T,
    message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        self.to_json(Lang::Vi, None)
    }
}

impl From<UseCaseError> for Problem {
    fn from(error: UseCaseError) -> Self {
        match error {
            UseCaseError::NotFound { kind, name } => Self::not_found(kind, &name),
            UseCaseError::NotAllowed => Self::new("not_allowed", StatusCode::FORBIDDEN),
            UseCaseError::Invalid(faults) => Self::invalid(faults),
            UseCaseError::NeedsReason(warnings) => {
                Self { warnings, ..Self::new("needs_reason", StatusCode::UNPROCESSABLE_ENTITY) }
            }
            UseCaseError::ZonesClash(clashes) => {
                let places = clashes.iter().map(|clash| clash.unit.name.as_str()).collect::<Vec<_>>().join(", ");
                Self { values: vec![("places", places)], ..Self::new("zones_clash", StatusCode::CONFLICT) }
            }
            UseCaseError::FiguresMoved(differences) => Self {
                values: vec![("n", differences.len().to_string())],
                ..Self::new("figures_moved", StatusCode::CONFLICT)
            },
            UseCaseError::OperationDiffers(op_id) => {
                Self { values: vec![("name", op_id)], ..Self::new("operation_differs", StatusCode::CONFLICT) }
            }
            UseCaseError::Exists { kind, name } => Self {
                values: vec![("kind", kind.to_owned()), ("name", name)],
                ..Self::new("exists", StatusCode::CONFLICT)
            },
            UseCaseError::NotSignedIn => Self::not_signed_in(),
            UseCaseError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy | StoreError::Retry(_) => {
                Self { retry_after: Some(1), ..Self::new("busy", StatusCode::SERVICE_UNAVAILABLE) }
            }
            StoreError::Unavailable(cause) => {
                tracing::error!(cause, "the database is away");
                Self::unavailable()
            }
            StoreError::NotFound => Self::not_found("row", ""),
            error @ (StoreError::Exists(_) | StoreError::Broken(_)) => Self::broken(&error),
        }
    }
}

/// Refusals of actix itself, in our shape.
pub fn refuse_in_one_shape(config: &mut web::ServiceConfig) {
    config
        .app_data(
            JsonConfig::default()
                .limit(1 << 20)
                .content_type_required(true)
                .error_handler(|e, _| Problem::unreadable(e).into()),
        )
        .app_data(FormConfig::default().limit(1 << 20).error_handler(|e, _| Problem::unreadable(e).into()))
        .app_data(QueryConfig::default().error_handler(|e, _| match e {
            // Without the library's English before it.
            QueryPayloadError::Deserialize(cause) => Problem::unreadable(cause).into(),
            other => Problem::unreadable(other).into(),
        }))
        .app_data(PathConfig::default().error_handler(|e, _| Problem::unreadable(e).into()));
}

/// Says refusals in the request's language and the plan's words: `error_response` above knows neither.
pub async fn speak(request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse, Error> {
    let response = next.call(request).await?.map_into_boxed_body();
    let Some(problem) = response.response().error().and_then(Error::as_error::<Problem>) else { return Ok(response) };
    let said = problem.answer(response.request());
    Ok(response.into_response(said))
}

/// No such address.
pub async fn unknown_address(request: HttpRequest) -> Result<HttpResponse, Problem> {
    Err(Problem::not_found("address", request.path()))
}

/// Has an address refuse methods that are not in `allow` with 405, where actix would say 404.
pub fn taking(address: Resource, allow: &'static str) -> Resource {
    let refuse = move || async move {
        Err::<HttpResponse, _>(Problem { allow: Some(allow), ..Problem::new("method", StatusCode::METHOD_NOT_ALLOWED) })
    };
    address.default_service(web::to(refuse))
}
