//! `/dang-nhap`, `/dang-xuat` and `/phien`: signing in, out, and renewing a sign-in.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{Data, Form, Query},
};
use askama::Template;
use serde::Deserialize;

use crate::{
    usecases::sign_in,
    web::{
        State, error_pages, links,
        problem::Problem,
        session::{self, SignedIn},
        shell::{self, Shell},
        words::Lang,
    },
};

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub struct Onward {
    /// An address of ours.
    pub tiep: Option<String>,
}

impl Onward {
    fn local(&self) -> Option<&str> {
        self.tiep.as_deref().and_then(links::local)
    }
}

/// What is typed to sign in.
#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    ten: String,
    #[serde(default, rename = "mat-khau")]
    mat_khau: String,
    #[serde(flatten)]
    onward: Onward,
}

#[derive(Template)]
#[template(path = "sign_in.html", config = "dashboards/askama.toml")]
struct SignInPage {
    shell: Shell,
    username: String,
    onward: String,
    error: Option<String>,
    /// Whether somebody was signed in until a moment ago.
    is_expired: bool,
}

impl SignInPage {
    fn new(state: &State, lang: Lang, onward: &Onward) -> Self {
        Self {
            shell: Shell::outside(lang, &state.place(), session_page(), &lang.t("auth.login")),
            username: String::new(),
            onward: onward.local().unwrap_or_default().to_owned(),
            error: None,
            is_expired: false,
        }
    }

    fn answer(&self, status: StatusCode) -> Result<HttpResponse, Problem> {
        let body = self.render().map_err(|e| Problem::broken(&e))?;
        Ok(HttpResponse::build(status)
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(body))
    }
}

fn session_page() -> &'static str {
    "/dang-nhap"
}

/// `GET /dang-nhap`
pub async fn show(state: Data<State>, lang: Lang, onward: Query<Onward>) -> Result<HttpResponse, Problem> {
    let page = SignInPage { is_expired: onward.tiep.is_some(), ..SignInPage::new(&state, lang, &onward) };
    page.answer(StatusCode::OK)
}

/// `POST /dang-nhap`
pub async fn create(
    request: HttpRequest,
    state: Data<State>,
    lang: Lang,
    Form(typed): Form<Typed>,
) -> Result<HttpResponse, Problem> {
    let checked = session::check_password(&state, &request, &typed.ten, typed.mat_khau).await;
    let (opened, refresh) = match checked {
        Ok(opened) => opened,
        Err(problem) if [StatusCode::UNAUTHORIZED, StatusCode::TOO_MANY_REQUESTS].contains(&problem.status) => {
            return refused(&state, lang, (typed.ten, &typed.onward), &problem);
        }
        Err(problem) => return Err(problem),
    };
    let access = state.signing_key.access_token(&opened, state.clock.now())?;
    let to = typed.onward.local().unwrap_or_else(|| shell::start_page(opened.role));
    let response = HttpResponse::SeeOther().insert_header((header::LOCATION, to)).finish();
    session::with_cookies(response, &session::cookies(&request, &state, &access, &refresh))
}

/// The form again, the name kept; one text for a wrong name and a wrong password.
fn refused(
    state: &State,
    lang: Lang,
    (username, onward): (String, &Onward),
    problem: &Problem,
) -> Result<HttpResponse, Problem> {
    let error = problem.retry_after.map_or_else(
        || lang.t("auth.bad"),
        |seconds| format!("{} {}", lang.t("auth.slow"), error_pages::again(lang, state.clock.now(), seconds)),
    );
    let page = SignInPage::new(state, lang, onward);
    let page = SignInPage { username, error: Some(error), shell: page.shell.clone().with_errors(), ..page };
    let mut response = page.answer(problem.status)?;
    if let Some(seconds) = problem.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    Ok(response)
}

/// `POST /dang-xuat`
pub async fn remove(
    request: HttpRequest,
    state: Data<State>,
    signed_in: Result<SignedIn, Problem>,
) -> Result<HttpResponse, Problem> {
    // A sign-in that ran out is as good as ended: the cookies go in any case.
    if let Ok(SignedIn { actor, family }) = signed_in {
        let now = state.clock.now();
        state.store.write(move |conn| sign_in::sign_out(conn, &actor, &family, now)).await?;
    }
    let response = HttpResponse::SeeOther().insert_header((header::LOCATION, session_page())).finish();
    session::with_cookies(response, &session::no_cookies(&request, &state))
}

/// `/phien`, with the method of the request that was sent here: renews the sign-in and sends it back.
pub async fn renew(request: HttpRequest, state: Data<State>, onward: Query<Onward>) -> Result<HttpResponse, Problem> {
    let to = onward.local().unwrap_or("/");
    let renewed = match session::refresh_cookie(&request, &state).filter(|token| !token.is_empty()) {
        Some(token) => session::renew(&state, &token).await,
        None => Err(Problem::not_signed_in()),
    };
    match renewed {
        Ok((access, refresh)) => {
            let response = HttpResponse::TemporaryRedirect().insert_header((header::LOCATION, to)).finish();
            session::with_cookies(response, &session::cookies(&request, &state, &access, &refresh))
        }
        Err(problem) if problem.status == StatusCode::UNAUTHORIZED => {
            let to = links::with_query(session_page(), &[("tiep", to)]);
            let response = HttpResponse::SeeOther().insert_header((header::LOCATION, to)).finish();
            session::with_cookies(response, &session::no_cookies(&request, &state))
        }
        Err(problem) => Err(problem),
    }
}
