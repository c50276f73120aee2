//! `/kho-khan`: what units find difficult; submitted by them, carried on by the consolidator.

use std::collections::BTreeMap;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::{Form, Path, Query},
};
use askama::Template;
use serde::Deserialize;

use super::{
    parts::{Badge, Choice, Downloads, Link},
    sheets,
    visit::{Visit, given, taken},
};
use crate::{
    documents::csv::{Cell, Table},
    domain::{
        difficulty::{DifficultyState, Matter},
        report::{Fault, Rule},
    },
    usecases::{
        UseCaseError,
        raise_difficulty::{carry_on, raise_difficulty},
        see_difficulties::{Difficulties, DifficultyView, see_difficulties},
    },
    web::{links, messages, problem::Problem, shell::Shell, words::Lang},
};

/// What the page is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(rename = "don-vi")]
    unit: Option<String>,
    #[serde(rename = "trang-thai")]
    state: Option<String>,
    #[serde(rename = "da-ghi")]
    done: Option<String>,
}

/// What was typed, by name of the input.
type Typed = BTreeMap<String, String>;

#[derive(Template)]
#[template(path = "difficulties.html", config = "dashboards/askama.toml")]
struct DifficultiesPage {
    shell: Shell,
    heading: String,
    scope: String,
    done: Option<String>,
    summary: Vec<Link>,
    summary_title: String,
    states: Vec<Choice>,
    lines: Vec<Line>,
    /// The form, for those who speak for a unit.
    form: Option<RaiseForm>,
    downloads: Downloads,
}

struct RaiseForm {
    units: Vec<Choice>,
    matters: Vec<Choice>,
    text: String,
    error: Option<String>,
}

struct Line {
    id: String,
    unit: Link,
    matter: String,
    text: Vec<String>,
    badge: Badge,
    by: String,
    steps: Vec<(String, String, Vec<String>)>,
    /// The steps that may follow, for those who take them.
    next: Vec<Choice>,
    note: String,
    error: Option<String>,
}

/// What is wrong: with which difficulty (none: the new one), and the words.
#[derive(Default)]
struct Refused {
    id: Option<i64>,
    errors: Vec<String>,
    typed: Typed,
}

/// `GET`: the list.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let view = view(&visit, &asked).await?;
    visit.answer(&view, sheet, |view| DifficultiesPage::new(&visit, view, &asked, &Refused::default()))
}

async fn view(visit: &Visit, asked: &Asked) -> Result<Difficulties, Problem> {
    let (plan, unit) = (visit.plan()?, taken(asked.unit.as_ref()));
    let state = match given(asked.state.as_ref()) {
        None => None,
        Some(code) => Some(DifficultyState::from_code(code).ok_or_else(|| Problem::not_found("state", code))?),
    };
    visit.read(move |conn, actor, _| see_difficulties(conn, actor, &plan, unit.as_deref(), state)).await
}

fn to(done: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, links::with_query("/kho-khan", &[("da-ghi", done)])))
        .finish()
}

/// `POST`: a unit submits one.
pub async fn create(visit: Visit, Form(typed): Form<Typed>) -> Result<HttpResponse, Problem> {
    let text = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let (plan, unit, body) = (visit.plan()?, text("don-vi"), text("noi-dung"));
    let code = text("loai");
    let unknown = || Problem::invalid(vec![Fault::of_report("matter", Rule::Unknown, code.clone(), None)]);
    let matter = Matter::from_code(&code).ok_or_else(unknown)?;
    let (actor, now) = (visit.actor.clone(), visit.now);
    let recorded =
        visit.state.store.write(move |conn| raise_difficulty(conn, &actor, &plan, &unit, (matter, &body), now));
    match recorded.await {
        Ok(_) => Ok(to("moi")),
        Err(UseCaseError::Invalid(faults)) => refused(&visit, None, &faults, typed).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /kho-khan/{id}/buoc`: the consolidator carries one on.
pub async fn step(visit: Visit, id: Path<i64>, Form(typed): Form<Typed>) -> Result<HttpResponse, Problem> {
    let text = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let (id, code, note) = (*id, text("trang-thai"), text("ghi-chu"));
    let unknown = || Problem::invalid(vec![Fault::of_report("state", Rule::Unknown, code.clone(), None)]);
    let state = DifficultyState::from_code(&code).ok_or_else(unknown)?;
    let (actor, now) = (visit.actor.clone(), visit.now);
    match visit.state.store.write(move |conn| carry_on(conn, &actor, id, (state, &note), now)).await {
        Ok(_) => Ok(to("buoc")),
        Err(UseCaseError::Invalid(faults)) => refused(&visit, Some(id), &faults, typed).await,
        Err(error) => Err(error.into()),
    }
}

async fn refused(visit: &Visit, id: Option<i64>, faults: &[Fault], typed: Typed) -> Result<HttpResponse, Problem> {
    let asked = Asked::default();
    let view = view(visit, &asked).await?;
    let errors = faults.iter().map(|fault| messages::fault(visit.lang, None, fault)).collect();
    let mut answer = visit.page(&DifficultiesPage::new(visit, &view, &asked, &Refused { id, errors, typed }))?;
    *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(answer)
}

/// The word and the colour of a state.
pub fn badge(lang: Lang, state: DifficultyState) -> Badge {
    let class = match state {
        DifficultyState::Received => "not-reported",
        DifficultyState::Consolidated => "closed",
        DifficultyState::Escalated => "late",
        DifficultyState::Resolved => "met",
    };
    Badge { class, words: lang.t(&format!("difficulty.{state}")) }
}

fn paragraphs(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

impl DifficultiesPage {
    fn new(visit: &Visit, view: &Difficulties, asked: &Asked, refused: &Refused) -> Self {
        let lang = visit.lang;
        let heading = lang.t("nav.difficulties");
        let shell = visit.shell(&heading).illustrative(view.plan.is_illustrative);
        let state = taken(asked.state.as_ref()).unwrap_or_default();
        let any = Choice::new("", &lang.t("difficulty.any"), Some(&state));
        let choice = |of: &DifficultyState| Choice::new(of.code(), &lang.t(&format!("difficulty.{of}")), Some(&state));
        let typed = |name: &str| refused.typed.get(name).cloned().unwrap_or_default();
        let target = refused.id.map_or_else(|| "#noi-dung-moi".to_owned(), |id| format!("#ghi-chu-{id}"));
        let error = refused.errors.first().cloned();
        let unit = taken(asked.unit.as_ref()).unwrap_or_default();
        let filters = [("don-vi", unit.as_str()), ("trang-thai", state.as_str())];
        Self {
            shell: if refused.errors.is_empty() { shell } else { shell.with_errors() },
            heading,
            scope: view.scope.name.clone(),
            done: given(asked.done.as_ref())
                .map(|done| lang.t(if done == "moi" { "difficulty.sent" } else { "difficulty.stepped" })),
            summary: refused.errors.iter().map(|said| Link { href: target.clone(), label: said.clone() }).collect(),
            summary_title: lang.t("err.title"),
            states: std::iter::once(any).chain(DifficultyState::ALL.iter().map(choice)).collect(),
            lines: view.difficulties.iter().map(|one| Line::new(lang, view, one, refused)).collect(),
            form: (!view.may_raise_for.is_empty()).then(|| RaiseForm {
                units: view
                    .may_raise_for
                    .iter()
                    .map(|unit| Choice::new(&unit.code, &unit.name, Some(&typed("don-vi"))))
                    .collect(),
                matters: Matter::ALL
                    .iter()
                    .map(|of| Choice::new(of.code(), &lang.t(&format!("matter.{of}")), Some(&typed("loai"))))
                    .collect(),
                text: typed("noi-dung"),
                error: if refused.id.is_none() { error } else { None },
            }),
            downloads: Downloads::of("/kho-khan", &filters),
        }
    }
}

impl Line {
    fn new(lang: Lang, view: &Difficulties, of: &DifficultyView, refused: &Refused) -> Self {
        let is_refused = refused.id == Some(of.id);
        let typed = |name: &str| if is_refused { refused.typed.get(name).cloned() } else { None };
        let follows = |next: &&DifficultyState| view.may_carry_on && next.may_follow(of.state);
        let step = |step: &crate::usecases::see_difficulties::StepView| {
            let by = lang.tr("unit.recorded", &[("who", &step.recorded_by), ("when", &lang.moment(step.recorded_at))]);
            (lang.t(&format!("difficulty.{}", step.state)), by, paragraphs(&step.note))
        };
        Self {
            id: of.id.to_string(),
            unit: Link::to(&of.unit),
            matter: lang.t(&format!("matter.{}", of.category)),
            text: paragraphs(&of.text),
            badge: badge(lang, of.state),
            by: lang.tr("unit.recorded", &[("who", &of.recorded_by), ("when", &lang.moment(of.recorded_at))]),
            steps: of.steps.iter().map(step).collect(),
            next: DifficultyState::ALL
                .iter()
                .filter(follows)
                .map(|next| {
                    let chosen = typed("trang-thai");
                    Choice::new(next.code(), &lang.t(&format!("difficulty.{next}")), chosen.as_deref())
                })
                .collect(),
            note: typed("ghi-chu").unwrap_or_default(),
            error: if is_refused { refused.errors.first().cloned() } else { None },
        }
    }
}

/// Every difficulty with where it stands.
fn sheet(view: &Difficulties) -> Table {
    let columns = vec![
        "difficulty",
        "unit_code",
        "unit_name",
        "category",
        "text",
        "state",
        "recorded_at",
        "recorded_by",
        "note",
        "state_since",
    ];
    let row = |of: &DifficultyView| -> Vec<Cell> {
        let last = of.steps.last();
        vec![
            of.id.into(),
            of.unit.code.as_str().into(),
            of.unit.name.as_str().into(),
            of.category.code().into(),
            of.text.as_str().into(),
            of.state.code().into(),
            sheets::moment(of.recorded_at),
            of.recorded_by.as_str().into(),
            last.map(|step| step.note.as_str()).into(),
            last.map_or(Cell::Blank, |step| sheets::moment(step.recorded_at)),
        ]
    };
    sheets::noted(Table { columns, rows: view.difficulties.iter().map(row).collect() }, &view.plan)
}
