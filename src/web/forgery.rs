//! Requests that another site made a browser send are refused: the Fetch-Metadata rule (stack.md row 11).

use actix_web::{
    Error, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, StatusCode, header},
    middleware::Next,
};

use super::problem::Problem;

/// Lets safe methods pass, and unsafe ones that did not come from another site.
pub async fn refuse(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if is_forged(request.request()) {
        return Err(Problem::new("forgery", StatusCode::FORBIDDEN).into());
    }
    next.call(request).await
}

fn is_forged(request: &HttpRequest) -> bool {
    if [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method()) {
        return false;
    }
    let said = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = said("sec-fetch-site") {
        return !["same-origin", "none"].contains(&site);
    }
    if let Some(origin) = said("origin") {
        let host = said("host").unwrap_or_default();
        return origin.split_once("://").is_none_or(|(_, origin)| origin != host);
    }
    // No browser of the last years sends neither. A program has its token, or nothing a browser added by itself.
    request.headers().contains_key(header::COOKIE) && !request.headers().contains_key(header::AUTHORIZATION)
}
