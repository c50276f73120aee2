//! `/api/v1/session`: signing in and out for programs.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Json},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    usecases::sign_in,
    web::{
        State,
        problem::Problem,
        session::{self, ACCESS_SECONDS, SignedIn},
    },
};

/// A name and its password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    username: String,
    password: String,
}

/// A refresh token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    refresh_token: String,
}

/// Tokens of a sign-in.
#[derive(Serialize, ToSchema)]
pub struct Tokens {
    /// Send it as `Authorization: Bearer …`.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds the access token is good for.
    expires_in: i64,
    /// Good once, for the next tokens.
    refresh_token: String,
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub struct Who {
    username: String,
    name: String,
    roles: Vec<&'static str>,
}

fn tokens(access_token: String, refresh_token: String) -> HttpResponse {
    HttpResponse::Ok().json(Tokens { access_token, token_type: "Bearer", expires_in: ACCESS_SECONDS, refresh_token })
}

/// Signs in.
#[utoipa::path(post, path = "/session", tag = "session", security(()), request_body = Credentials,
    responses((status = 200, body = Tokens)))]
pub async fn create(
    state: Data<State>,
    request: HttpRequest,
    Json(given): Json<Credentials>,
) -> Result<HttpResponse, Problem> {
    let (sign_in, refresh) = session::check_password(&state, &request, &given.username, given.password).await?;
    Ok(tokens(state.signing_key.access_token(&sign_in, state.clock.now())?, refresh))
}

/// Exchanges a refresh token for new tokens; seen a second time after 30 s, it ends the sign-in.
#[utoipa::path(post, path = "/session/refresh", tag = "session", security(()), request_body = Refresh,
    responses((status = 200, body = Tokens)))]
pub async fn refresh(state: Data<State>, Json(given): Json<Refresh>) -> Result<HttpResponse, Problem> {
    let (access, refresh) = session::renew(&state, &given.refresh_token).await?;
    Ok(tokens(access, refresh))
}

/// Who is signed in.
#[utoipa::path(get, path = "/session", tag = "session", responses((status = 200, body = Who)))]
pub async fn show(SignedIn { actor, .. }: SignedIn) -> HttpResponse {
    let roles = actor.grants.iter().map(|grant| grant.role.code()).collect();
    HttpResponse::Ok().json(Who { username: actor.username, name: actor.display_name, roles })
}

/// Signs out: every token of this sign-in ends.
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204)))]
pub async fn remove(state: Data<State>, SignedIn { actor, family }: SignedIn) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    state.store.write(move |conn| sign_in::sign_out(conn, &actor, &family, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}
