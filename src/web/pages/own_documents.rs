//! `/van-ban`: which units have issued a document of their own to carry out the plan.

use std::collections::BTreeMap;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::{Form, Query},
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
    domain::report::Fault,
    usecases::{
        UseCaseError,
        state_document::{OwnDocumentView, OwnDocuments, see_documents, state_document},
    },
    web::{messages, problem::Problem, shell::Shell, words::Lang},
};

/// What the page is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(rename = "don-vi")]
    unit: Option<String>,
    #[serde(rename = "da-ghi")]
    done: Option<String>,
}

/// What was typed, by name of the input.
type Typed = BTreeMap<String, String>;

#[derive(Template)]
#[template(path = "own_documents.html", config = "dashboards/askama.toml")]
struct DocumentsPage {
    shell: Shell,
    heading: String,
    scope: String,
    done: bool,
    summary: Vec<Link>,
    summary_title: String,
    lines: Vec<Line>,
    form: Option<StateForm>,
    downloads: Downloads,
}

struct StateForm {
    units: Vec<Choice>,
    is_none: bool,
    number: String,
    day: String,
    number_error: Option<String>,
    day_error: Option<String>,
}

struct Line {
    unit: Link,
    badge: Badge,
    document: String,
    by: String,
}

/// What is wrong, by field.
#[derive(Default)]
struct Refused {
    errors: Vec<(&'static str, String)>,
    typed: Typed,
}

/// `GET`: the list.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let view = view(&visit, &asked).await?;
    visit.answer(&view, sheet, |view| DocumentsPage::new(&visit, view, &asked, &Refused::default()))
}

async fn view(visit: &Visit, asked: &Asked) -> Result<OwnDocuments, Problem> {
    let (plan, unit) = (visit.plan()?, taken(asked.unit.as_ref()));
    visit.read(move |conn, actor, _| see_documents(conn, actor, &plan, unit.as_deref())).await
}

/// `POST`: a unit says what it has issued.
pub async fn create(visit: Visit, Form(typed): Form<Typed>) -> Result<HttpResponse, Problem> {
    let text = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let day = match visit.day(typed.get("ngay")) {
        Ok(day) => day,
        Err(problem) => {
            let said = problem.faults.iter().map(|fault| ("ngay", message(&visit, fault))).collect();
            return refused(&visit, Refused { errors: said, typed }).await;
        }
    };
    let (plan, unit, number, is_issued) = (visit.plan()?, text("don-vi"), text("so"), text("da-co") != "khong");
    let (actor, now) = (visit.actor.clone(), visit.now);
    let write = move |conn: &mut _| state_document(conn, &actor, &plan, &unit, (is_issued, &number, day), now);
    match visit.state.store.write(write).await {
        Ok(_) => Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, "/van-ban?da-ghi=1")).finish()),
        Err(UseCaseError::Invalid(faults)) => {
            let input = |fault: &Fault| if fault.field == "issued_on" { "ngay" } else { "so" };
            let errors = faults.iter().map(|fault| (input(fault), message(&visit, fault))).collect();
            refused(&visit, Refused { errors, typed }).await
        }
        Err(error) => Err(error.into()),
    }
}

fn message(visit: &Visit, fault: &Fault) -> String {
    messages::fault(visit.lang, None, fault)
}

async fn refused(visit: &Visit, refused: Refused) -> Result<HttpResponse, Problem> {
    let asked = Asked::default();
    let view = view(visit, &asked).await?;
    let mut answer = visit.page(&DocumentsPage::new(visit, &view, &asked, &refused))?;
    *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(answer)
}

impl DocumentsPage {
    fn new(visit: &Visit, view: &OwnDocuments, asked: &Asked, refused: &Refused) -> Self {
        let lang = visit.lang;
        let heading = lang.t("nav.documents");
        let shell = visit.shell(&heading);
        let typed = |name: &str| refused.typed.get(name).cloned().unwrap_or_default();
        let error = |input: &str| refused.errors.iter().find(|(of, _)| *of == input).map(|(_, said)| said.clone());
        let link = |(input, said): &(&str, String)| Link { href: format!("#{input}"), label: said.clone() };
        let unit = taken(asked.unit.as_ref()).unwrap_or_default();
        Self {
            shell: if refused.errors.is_empty() { shell } else { shell.with_errors() },
            heading,
            scope: view.scope.name.clone(),
            done: given(asked.done.as_ref()).is_some(),
            summary: refused.errors.iter().map(link).collect(),
            summary_title: lang.t("err.title"),
            lines: view.units.iter().map(|of| Line::new(lang, of)).collect(),
            form: (!view.may_state_for.is_empty()).then(|| StateForm {
                units: view
                    .may_state_for
                    .iter()
                    .map(|unit| Choice::new(&unit.code, &unit.name, Some(&typed("don-vi"))))
                    .collect(),
                is_none: typed("da-co") == "khong",
                number: typed("so"),
                day: typed("ngay"),
                number_error: error("so"),
                day_error: error("ngay"),
            }),
            downloads: Downloads::of("/van-ban", &[("don-vi", &unit)]),
        }
    }
}

impl Line {
    fn new(lang: Lang, of: &OwnDocumentView) -> Self {
        let (class, key) = match of.is_issued {
            Some(true) => ("met", "document.yes"),
            Some(false) => ("not-met", "document.no"),
            None => ("not-reported", "document.unsaid"),
        };
        let dated = of.issued_on.map(|day| lang.tr("zones.dated", &[("date", &lang.day(day))]));
        let parts = [Some(of.number.clone()).filter(|number| !number.is_empty()), dated];
        Self {
            unit: Link::to(&of.unit),
            badge: Badge { class, words: lang.t(key) },
            document: parts.into_iter().flatten().collect::<Vec<_>>().join(", "),
            by: of
                .recorded_at
                .map(|at| lang.tr("unit.recorded", &[("who", &of.recorded_by), ("when", &lang.moment(at))]))
                .unwrap_or_default(),
        }
    }
}

/// Every body and what it says.
fn sheet(view: &OwnDocuments) -> Table {
    let columns = vec!["unit_code", "unit_name", "issued", "number", "issued_on", "recorded_at", "recorded_by"];
    let row = |of: &OwnDocumentView| -> Vec<Cell> {
        vec![
            of.unit.code.as_str().into(),
            of.unit.name.as_str().into(),
            of.is_issued.map(i64::from).into(),
            of.number.as_str().into(),
            of.issued_on.map_or(Cell::Blank, sheets::day),
            of.recorded_at.map_or(Cell::Blank, sheets::moment),
            of.recorded_by.as_str().into(),
        ]
    };
    Table { columns, rows: view.units.iter().map(row).collect() }
}
