//! How people and programs come in over HTTP: this file is the map of addresses.

pub mod api;
mod assets;
mod client;
mod error_pages;
mod forgery;
mod format;
mod headers;
mod links;
pub mod mail;
mod messages;
pub mod pages;
mod problem;
mod reading;
mod session;
mod shell;
mod words;

use std::{net::TcpListener, sync::Arc};

use actix_web::{
    App, HttpResponse, HttpServer,
    dev::Server,
    middleware::{Compress, from_fn},
    web::{self, Data, get},
};
use tracing_actix_web::TracingLogger;

pub use client::TrustedProxies;
pub use session::SigningKey;
pub use words::Lang;

use crate::{
    clock::Clock,
    domain::outlines::Outlines,
    passwords::Checker,
    store::{Store, StoreError, plans, plans::StoredPlan},
};
use problem::Problem;

/// What every request needs.
pub struct State {
    /// Where facts are kept.
    pub store: Store,
    /// Where the time comes from.
    pub clock: Clock,
    /// Signs access tokens.
    pub signing_key: SigningKey,
    /// Proxies whose word on the client's address and on TLS is taken.
    pub trusted_proxies: TrustedProxies,
    /// Whether this server itself speaks TLS.
    pub has_tls: bool,
    /// What maps are drawn from; none to begin with.
    pub outlines: Outlines,
    /// How letters go out, set once at the start; nothing: this server sends none.
    pub mailer: std::sync::OnceLock<mail::Mailer>,
    plans: std::sync::RwLock<Arc<[Arc<StoredPlan>]>>,
    limits: client::SignInLimits,
    passwords: Checker,
    reading: reading::Reading,
}

impl State {
    /// Reads the plans and puts everything together.
    pub fn new(
        store: Store,
        clock: Clock,
        signing_key: SigningKey,
        trusted_proxies: TrustedProxies,
        has_tls: bool,
    ) -> Result<Self, StoreError> {
        let state = Self {
            store,
            clock,
            signing_key,
            trusted_proxies,
            has_tls,
            outlines: Outlines::default(),
            mailer: std::sync::OnceLock::new(),
            plans: std::sync::RwLock::new(Arc::from([])),
            limits: client::SignInLimits::new(),
            reading: reading::Reading::default(),
            passwords: Checker::start().map_err(|e| StoreError::Unavailable(e.to_string()))?,
        };
        state.reload_plans()?;
        Ok(state)
    }

    /// Reads the plans again: they change only when a plan file is loaded, so requests share one copy.
    pub fn reload_plans(&self) -> Result<(), StoreError> {
        let read: Arc<[Arc<StoredPlan>]> = self.store.read_now(plans::all)?.into_iter().map(Arc::new).collect();
        *self.plans.write().unwrap_or_else(std::sync::PoisonError::into_inner) = read;
        Ok(())
    }

    /// Forgets those who tried to sign in and may try freely again, and names that may have changed.
    pub fn forget_tries(&self) {
        self.limits.shrink();
        self.reading.forget();
    }

    /// Every plan.
    pub fn plans(&self) -> Arc<[Arc<StoredPlan>]> {
        self.plans.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// The plan with this code; without one, the first that asks for figures.
    pub fn plan(&self, code: Option<&str>) -> Result<Arc<StoredPlan>, Problem> {
        let plans = self.plans();
        let wanted =
            |stored: &&Arc<StoredPlan>| code.map_or(stored.asks_for_figures(), |code| stored.plan.code == code);
        plans.iter().find(wanted).cloned().ok_or_else(|| Problem::not_found("plan", code.unwrap_or_default()))
    }

    /// Name of the place the first plan speaks of, for headings; nothing before a plan is loaded.
    pub fn place(&self) -> String {
        self.plan(None).ok().and_then(|plan| plan.area_name.clone()).unwrap_or_default()
    }
}

/// Every address there is.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .configure(problem::refuse_in_one_shape)
        .route("/healthz", get().to(healthz))
        .route("/readyz", get().to(readyz))
        .route("/static/{path:.*}", get().to(assets::show))
        .route("/favicon.ico", get().to(assets::favicon))
        .route("/api-docs/openapi.json", get().to(api::openapi))
        .service(
            web::scope("/api/v1")
                .wrap(from_fn(problem::speak))
                .configure(api::routes)
                .default_service(web::to(problem::unknown_address)),
        )
        .service(
            web::scope("")
                .wrap(from_fn(error_pages::dress))
                .configure(pages::routes)
                .default_service(web::to(error_pages::unknown)),
        );
}

/// Starts the server on listeners that are already bound; `tls` for all of them, if given.
pub fn start(
    state: Data<State>,
    listeners: Vec<TcpListener>,
    tls: Option<&rustls::ServerConfig>,
    workers: usize,
) -> std::io::Result<Server> {
    let mut server = HttpServer::new(move || {
        App::new()
            .app_data(state.clone())
            .wrap(Compress::default())
            .wrap(from_fn(forgery::refuse))
            .wrap(from_fn(headers::add))
            .wrap(TracingLogger::default())
            .configure(routes)
    })
    .workers(workers)
    .shutdown_timeout(8);
    for listener in listeners {
        server = match tls {
            Some(tls) => server.listen_rustls_0_23(listener, tls.clone())?,
            None => server.listen(listener)?,
        };
    }
    Ok(server.run())
}

/// Alive: the process answers.
async fn healthz() -> HttpResponse {
    HttpResponse::Ok().body("ok")
}

/// Ready: the database answers and is migrated.
async fn readyz(state: Data<State>) -> Result<HttpResponse, Problem> {
    let store = state.store.clone();
    let ready = web::block(move || store.is_ready()).await.map_err(|e| Problem::broken(&e))?;
    match ready {
        Ok(true) => Ok(HttpResponse::Ok().body("ready")),
        Ok(false) => Err(Problem::unavailable()),
        Err(error) => Err(error.into()),
    }
}
