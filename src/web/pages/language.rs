//! `/ngon-ngu/{code}`: remembers the language of the screens.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
    http::header,
    web::{Data, Path, Query},
};

use super::sign_in::Onward;
use crate::web::{
    State, client, links,
    problem::Problem,
    words::{self, Lang},
};

/// `GET`: sets the cookie and goes back.
pub async fn choose(
    request: HttpRequest,
    state: Data<State>,
    code: Path<String>,
    onward: Query<Onward>,
) -> Result<HttpResponse, Problem> {
    let lang = Lang::from_code(&code).ok_or_else(|| Problem::not_found("language", &code))?;
    let to = onward.tiep.as_deref().and_then(links::local).unwrap_or("/");
    let cookie = Cookie::build(words::COOKIE, lang.code())
        .path("/")
        .secure(client::is_secure(&request, &state))
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(Duration::days(365))
        .finish();
    Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, to)).cookie(cookie).finish())
}
