//! Who is signed in: a signed token of ten minutes, renewed by a refresh token that is good once.

use std::{future::Future, pin::Pin, sync::Arc};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration as CookieAge},
    dev::Payload,
    http::header,
    web::Data,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::{State, client, problem::Problem};
use crate::{
    domain::{
        actor::Actor,
        calendar::Instant,
        digest::{Digest, sha256},
    },
    store::StoreError,
    usecases::sign_in::{self, Exchange, SignIn},
};

/// How long an access token is good, in seconds.
pub const ACCESS_SECONDS: i64 = 600;
const REFRESH_DAYS: i64 = 30;
/// The only path the refresh token is sent to.
pub const REFRESH_PATH: &str = "/phien";

/// The secret that signs access tokens and derives refresh tokens; at least 32 bytes.
#[derive(Clone)]
pub struct SigningKey(Arc<[u8]>);

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

/// What an access token says. Role and scope are not in it: they are read from the database at each request.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    /// Account.
    sub: String,
    /// Sign-in.
    sid: String,
    /// The account's token epoch.
    ver: i32,
    iat: i64,
    exp: i64,
}

impl SigningKey {
    /// Takes a secret of at least 32 bytes and tries it once: a wrong build of the library fails here, at start.
    pub fn new(secret: &[u8]) -> Result<Self, String> {
        if secret.len() < 32 {
            return Err(format!("the signing key has {} bytes; it needs at least 32", secret.len()));
        }
        let key = Self(secret.into());
        let claims = Claims { sub: "0".into(), sid: "test".into(), ver: 0, iat: 0, exp: i64::MAX / 2 };
        let token = key.encode(&claims).map_err(|e| e.to_string())?;
        let back = key.decode(&token, 1).ok_or("a token that was just signed is not accepted")?;
        let forged = format!("{}A", &token[..token.len() - 1]);
        if back.sub != "0" || (forged != token && key.decode(&forged, 1).is_some()) {
            return Err("the token library does not check signatures".into());
        }
        Ok(key)
    }

    fn encode(&self, claims: &Claims) -> Result<String, jsonwebtoken::errors::Error> {
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &EncodingKey::from_secret(&self.0))
    }

    fn decode(&self, token: &str, now: i64) -> Option<Claims> {
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_required_spec_claims(&["exp", "sub"]);
        // Checked below against our own clock.
        rules.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &DecodingKey::from_secret(&self.0), &rules).ok()?.claims;
        (claims.exp > now).then_some(claims)
    }

    /// A fresh access token for a sign-in.
    pub fn access_token(&self, sign_in: &SignIn, now: Instant) -> Result<String, Problem> {
        let iat = now.timestamp();
        let claims = Claims {
            sub: sign_in.account_id.to_string(),
            sid: sign_in.family.clone(),
            ver: sign_in.epoch,
            iat,
            exp: iat + ACCESS_SECONDS,
        };
        self.encode(&claims).map_err(|e| Problem::broken(&e))
    }

    /// The one successor of a refresh token: derived, so that it can be given twice without being kept.
    pub fn successor(&self, token: &str) -> String {
        let mut digest = Digest::new();
        digest.update(&self.0);
        digest.update(token);
        URL_SAFE_NO_PAD.encode(digest.bytes())
    }
}

/// A new refresh token: 256 random bits.
pub fn new_refresh_token() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// What is kept of a refresh token.
pub fn token_hash(token: &str) -> String {
    sha256(token)
}

/// Cookie names: the browser itself holds `__Host-` and `__Secure-` ones to TLS.
fn names(is_secure: bool) -> (&'static str, &'static str) {
    if is_secure { ("__Host-at", "__Secure-rt") } else { ("at", "rt") }
}

/// The cookies of a sign-in.
pub fn cookies(request: &HttpRequest, state: &State, access: &str, refresh: &str) -> [Cookie<'static>; 2] {
    let is_secure = client::is_secure(request, state);
    let (access_name, refresh_name) = names(is_secure);
    let base = |name: &'static str, value: &str, path: &'static str, same_site, age| {
        Cookie::build(name, value.to_owned())
            .path(path)
            .secure(is_secure)
            .http_only(true)
            .same_site(same_site)
            .max_age(age)
            .finish()
    };
    [
        base(access_name, access, "/", SameSite::Lax, CookieAge::seconds(ACCESS_SECONDS)),
        base(refresh_name, refresh, REFRESH_PATH, SameSite::Strict, CookieAge::days(REFRESH_DAYS)),
    ]
}

/// The cookies that take a sign-in away.
pub fn no_cookies(request: &HttpRequest, state: &State) -> [Cookie<'static>; 2] {
    cookies(request, state, "", "").map(|mut cookie| {
        cookie.make_removal();
        cookie
    })
}

/// The refresh token a browser sent.
pub fn refresh_cookie(request: &HttpRequest, state: &State) -> Option<String> {
    request.cookie(names(client::is_secure(request, state)).1).map(|cookie| cookie.value().to_owned())
}

/// Exchanges a refresh token: the new access and refresh token.
pub async fn renew(state: &State, refresh: &str) -> Result<(String, String), Problem> {
    let now = state.clock.now();
    let successor = state.signing_key.successor(refresh);
    let (old, new) = (token_hash(refresh), token_hash(&successor));
    match state.store.write(move |conn| sign_in::exchange(conn, &old, &new, now)).await? {
        Exchange::Done(sign_in) => Ok((state.signing_key.access_token(&sign_in, now)?, successor)),
        Exchange::Reused => Err(Problem::not_signed_in()),
    }
}

/// Who made the request: proved by being an argument of the handler.
pub struct SignedIn {
    /// Who.
    pub actor: Actor,
    /// Their sign-in.
    pub family: String,
}

impl FromRequest for SignedIn {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let found = claims(request);
        let state = request.app_data::<Data<State>>().cloned();
        let request = request.clone();
        Box::pin(async move {
            let (claims, state) = found.zip(state).ok_or_else(Problem::not_signed_in)?;
            let account: i64 = claims.sub.parse().map_err(|_| Problem::not_signed_in())?;
            let Claims { sid, ver, .. } = claims;
            let family = sid.clone();
            let actor = state.store.look_up(move |conn| sign_in::who(conn, account, ver, &sid)).await?;
            // A page that says what went wrong stands in the frame of whoever asked.
            request.extensions_mut().insert(actor.clone());
            Ok(Self { actor, family })
        })
    }
}

/// The token's claims: of the `Authorization` header if there is one, and only else of the cookie.
fn claims(request: &HttpRequest) -> Option<Claims> {
    let state = request.app_data::<Data<State>>()?;
    let now = state.clock.now().timestamp();
    if let Some(header) = request.headers().get(header::AUTHORIZATION) {
        let token = header.to_str().ok()?.strip_prefix("Bearer ")?;
        return state.signing_key.decode(token.trim(), now);
    }
    let cookie = request.cookie(names(client::is_secure(request, state)).0)?;
    state.signing_key.decode(cookie.value(), now)
}

/// Checks a name and password; the same work is done for a name that does not exist.
pub async fn check_password(
    state: &State,
    request: &HttpRequest,
    username: &str,
    password: String,
) -> Result<(SignIn, String), Problem> {
    let username = crate::domain::text::clean(username);
    state.limits.check(&username, client::address(request, &state.trusted_proxies))?;
    let account = state.store.look_up(move |conn| sign_in::find_account(conn, &username)).await?;
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let fits = state.passwords.check(password, hash).await.ok_or_else(|| Problem::from(StoreError::Busy))?;
    let account = account.filter(|_| fits).ok_or_else(Problem::not_signed_in)?;
    let refresh = new_refresh_token();
    let (family, hash, now) = (new_refresh_token(), token_hash(&refresh), state.clock.now());
    let sign_in = state.store.write(move |conn| sign_in::open_session(conn, &account, &family, &hash, now)).await?;
    Ok((sign_in, refresh))
}

/// An answer with a sign-in's cookies.
pub fn with_cookies(mut response: HttpResponse, cookies: &[Cookie<'static>; 2]) -> Result<HttpResponse, Problem> {
    for cookie in cookies {
        response.add_cookie(cookie).map_err(|e| Problem::broken(&e))?;
    }
    Ok(response)
}
