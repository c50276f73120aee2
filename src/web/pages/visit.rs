//! A signed-in person's request for a page, and the answer in the form the address names: page, JSON, CSV or workbook.

use std::{future::Future, pin::Pin, sync::Arc};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    http::header,
    web::{Bytes, Data, Query},
};
use askama::Template;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    documents::{
        csv::{Style, Table},
        workbook,
    },
    domain::{
        actor::Actor,
        calendar::{self, Instant},
        digest::sha256,
        report::{Fault, Rule},
    },
    store::{Conn, plans::StoredPlan},
    usecases::{self, progress::Moment},
    web::{State, problem::Problem, session::SignedIn, shell::Shell, words::Lang},
};

/// What the address asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wants {
    Page,
    Json,
    Csv(Style),
    Workbook,
}

/// Who asks, for what, in which language.
pub struct Visit {
    /// What every request needs.
    pub state: Data<State>,
    /// Who.
    pub actor: Actor,
    /// In which language.
    pub lang: Lang,
    /// When.
    pub now: Instant,
    /// Path and query.
    pub address: String,
    wants: Wants,
    known: Option<String>,
}

impl FromRequest for Visit {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let signed_in = SignedIn::from_request(request, payload);
        let state = request.app_data::<Data<State>>().cloned();
        let lang = Lang::of(request);
        let address = request.uri().path_and_query().map_or("/", |address| address.as_str()).to_owned();
        let wants = match request.path().rsplit_once('.') {
            Some((_, "json")) => Wants::Json,
            Some((_, "csv")) => Wants::Csv(style(request.query_string())),
            Some((_, "xlsx")) => Wants::Workbook,
            _ => Wants::Page,
        };
        let known = request.headers().get(header::IF_NONE_MATCH).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        Box::pin(async move {
            let SignedIn { actor, .. } = signed_in.await?;
            let state = state.ok_or_else(Problem::not_signed_in)?;
            let now = state.clock.now();
            Ok(Self { state, actor, lang, now, address, wants, known })
        })
    }
}

impl Visit {
    /// The plan whose figures are shown: the first that asks for figures where the actor has a role; without any such
    /// plan, the first that asks for figures at all.
    pub fn plan(&self) -> Result<Arc<StoredPlan>, Problem> {
        let plan = self.plans().into_iter().find(|plan| plan.asks_for_figures());
        plan.map_or_else(|| self.state.plan(None), Ok)
    }

    /// The plans that have to do with the units where the actor has a role.
    pub fn plans(&self) -> Vec<Arc<StoredPlan>> {
        let plans = self.state.plans();
        let is_own = |plan: &&Arc<StoredPlan>| self.actor.grants.iter().any(|grant| plan.concerns(grant.unit));
        plans.iter().filter(is_own).cloned().collect()
    }

    /// Reads through one use case.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn, &Actor, Instant) -> usecases::Result<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let (actor, now) = (self.actor.clone(), self.now);
        Ok(self.state.store.read(move |conn| work(conn, &actor, now)).await?)
    }

    /// Writes through one use case.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Conn, &Actor, Instant) -> usecases::Result<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let (actor, now) = (self.actor.clone(), self.now);
        Ok(self.state.store.write(move |conn| work(conn, &actor, now)).await?)
    }

    /// The frame of a page with this heading.
    pub fn shell(&self, heading: &str) -> Shell {
        Shell::inside(self.lang, &self.state.place(), &self.address, heading, &self.actor)
    }

    /// The day asked for, as it was typed; today when nothing was.
    pub fn moment(&self, typed: Option<&String>) -> Result<Moment, Problem> {
        Ok(Moment::new(self.day(typed)?, self.now))
    }

    /// A day as it was typed.
    pub fn day(&self, typed: Option<&String>) -> Result<Option<NaiveDate>, Problem> {
        let Some(text) = given(typed) else { return Ok(None) };
        let today = self.lang.day(calendar::day(self.now));
        let wrong = || Problem::invalid(vec![Fault::of_report("as_of", Rule::NotADate, text, Some(today))]);
        calendar::parse_day(text).map(Some).ok_or_else(wrong)
    }

    /// The view as the address asks for it.
    pub fn answer<V: Serialize, P: Template>(
        &self,
        view: &V,
        sheet: impl FnOnce(&V) -> Table,
        page: impl FnOnce(&V) -> P,
    ) -> Result<HttpResponse, Problem> {
        if self.wants == Wants::Page { self.page(&page(view)) } else { self.data(view, sheet) }
    }

    /// The same of a view that is read as a file only.
    pub fn data<V: Serialize>(&self, view: &V, sheet: impl FnOnce(&V) -> Table) -> Result<HttpResponse, Problem> {
        match self.wants {
            Wants::Page | Wants::Json => Ok(HttpResponse::Ok().json(view)),
            Wants::Csv(style) => {
                let bytes = sheet(view).to_csv(style).map_err(|e| Problem::broken(&e))?;
                Ok(self.file("text/csv; charset=utf-8", bytes))
            }
            Wants::Workbook => {
                let bytes = workbook::of_table(&sheet(view), &self.file_name()).map_err(|e| Problem::broken(&e))?;
                Ok(self.workbook(bytes))
            }
        }
    }

    /// A page; a browser that has it already is only told so.
    pub fn page(&self, page: &impl Template) -> Result<HttpResponse, Problem> {
        let body = page.render().map_err(|e| Problem::broken(&e))?;
        // Weak: the same page may travel compressed or not.
        let tag = format!("W/\"{}\"", &sha256(&body)[..20]);
        if self.known.as_ref().is_some_and(|known| known.contains(&tag)) {
            return Ok(HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish());
        }
        Ok(HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header((header::ETAG, tag))
            .insert_header((header::VARY, "cookie"))
            .body(body))
    }

    /// The name of a file by the address it is read at.
    fn file_name(&self) -> String {
        let path = self.address.split('?').next().unwrap_or_default();
        let name: String = path
            .trim_matches('/')
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' })
            .collect();
        if name.starts_with('.') { format!("tong-quan{name}") } else { name }
    }

    /// A workbook, named by the address.
    pub fn workbook(&self, bytes: Vec<u8>) -> HttpResponse {
        self.file("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", bytes)
    }

    /// A file by the name of its address.
    pub fn file(&self, kind: &str, bytes: Vec<u8>) -> HttpResponse {
        HttpResponse::Ok()
            .content_type(kind)
            .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", self.file_name())))
            .body(Bytes::from(bytes))
    }
}

/// The style of CSV that an address asks for: `?csv=excel`, `?csv=plain`; a style that is not known is the usual one.
fn style(query: &str) -> Style {
    #[derive(Deserialize)]
    struct Asked {
        csv: String,
    }
    match Query::<Asked>::from_query(query).as_ref().map(|asked| asked.csv.as_str()) {
        Ok("excel") => Style::Excel,
        Ok("plain") => Style::Plain,
        _ => Style::Marked,
    }
}

/// What was typed, unless it is blank: an empty choice of a filter form.
pub fn given(typed: Option<&String>) -> Option<&str> {
    typed.map(|text| text.trim()).filter(|text| !text.is_empty())
}

/// The same to own.
pub fn taken(typed: Option<&String>) -> Option<String> {
    given(typed).map(str::to_owned)
}

/// A picture as a file.
pub fn png(bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok().content_type("image/png").body(bytes)
}
