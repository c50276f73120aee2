//! `/truy-vet/nhap`: health staff record the tracing figures of a commune or hamlet on a day. First the place and the
//! day, then the figures with what stands.

use std::collections::BTreeMap;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::{Form, Query},
};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use super::{
    entry::new_op_id,
    parts::{Choice, Link},
    tracing::day,
    visit::{Visit, taken},
};
use crate::{
    domain::{calendar, number::Given, tracing::TracingFigure, unit::UnitKind},
    usecases::{
        UseCaseError,
        record_tracing::{TracingSheet, TracingSubmission, record_tracing, see_tracing_sheet},
    },
    web::{links, messages, problem::Problem, shell::Shell, words::Lang},
};

/// What the page is asked for.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(rename = "don-vi")]
    unit: Option<String>,
    #[serde(rename = "ngay")]
    day: Option<String>,
}

/// What was typed, by name of the input.
type Typed = BTreeMap<String, String>;

#[derive(Template)]
#[template(path = "tracing_entry.html", config = "dashboards/askama.toml")]
struct EntryPage {
    shell: Shell,
    heading: String,
    summary: Vec<Link>,
    summary_title: String,
    units: Vec<Choice>,
    day: String,
    /// The form of the chosen place.
    form: Option<EntryForm>,
}

struct EntryForm {
    heading: String,
    stands: String,
    unit: String,
    day: String,
    seen: String,
    op_id: String,
    fields: Vec<Field>,
    asks_reason: bool,
    reason: String,
    reason_error: Option<String>,
}

/// An input, as `parts/entry_field.html` shows it.
struct Field {
    id: String,
    name: String,
    label: String,
    hint: String,
    value: String,
    previous: String,
    error: Option<String>,
}

/// What came back from the use case: the field and the words.
#[derive(Default)]
struct Refused {
    errors: Vec<(String, String)>,
    /// Whether only a reason is missing.
    is_odd: bool,
}

/// `GET`: the choice, and the form of what was chosen.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let of = day(&visit, "day", asked.day.as_ref())?.unwrap_or_else(|| calendar::day(visit.now));
    let sheet = sheet(&visit, taken(asked.unit.as_ref()), of).await?;
    visit.page(&EntryPage::new(&visit, &sheet, of, &Typed::new(), &Refused::default()))
}

async fn sheet(visit: &Visit, unit: Option<String>, of: NaiveDate) -> Result<TracingSheet, Problem> {
    visit.read(move |conn, actor, _| see_tracing_sheet(conn, actor, unit.as_deref(), of)).await
}

/// `POST`: records the figures and goes to the page of the place.
pub async fn create(visit: Visit, Form(typed): Form<Typed>) -> Result<HttpResponse, Problem> {
    let text = |name: &str| typed.get(name).map(|text| text.trim().to_owned()).unwrap_or_default();
    let of = day(&visit, "day", typed.get("ngay"))?.unwrap_or_else(|| calendar::day(visit.now));
    let figures = TracingFigure::ALL.iter().map(|figure| {
        let typed = typed.get(figure.code()).cloned().unwrap_or_default();
        (figure.to_string(), Given::Typed(typed))
    });
    let submission = TracingSubmission {
        op_id: Some(text("op_id")).filter(|id| !id.is_empty()),
        unit: text("don-vi"),
        day: of,
        figures: figures.collect(),
        supersedes: text("thay").parse().ok(),
        reason: text("ly-do"),
        channel: "form",
    };
    let recorded = visit.state.store.write({
        let (actor, now, submission) = (visit.actor.clone(), visit.now, submission.clone());
        move |conn| record_tracing(conn, &actor, &submission, now)
    });
    let refused = match recorded.await {
        Ok(receipt) => {
            let day = receipt.day.to_string();
            let to = links::with_query("/truy-vet", &[("don-vi", &receipt.unit), ("da-ghi", &day)]);
            return Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, to)).finish());
        }
        Err(UseCaseError::Invalid(faults)) => {
            let said = |fault: &_| messages::fault(visit.lang, None, fault);
            Refused { errors: faults.iter().map(|f| (f.field.clone(), said(f))).collect(), is_odd: false }
        }
        Err(UseCaseError::NeedsReason(warnings)) => {
            let said = |warning: &_| messages::warning(visit.lang, None, warning);
            Refused { errors: warnings.iter().map(|w| (w.field.clone(), said(w))).collect(), is_odd: true }
        }
        Err(error) => return Err(error.into()),
    };
    let sheet = sheet(&visit, Some(submission.unit), of).await?;
    let mut answer = visit.page(&EntryPage::new(&visit, &sheet, of, &typed, &refused))?;
    *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(answer)
}

impl EntryPage {
    fn new(visit: &Visit, sheet: &TracingSheet, of: NaiveDate, typed: &Typed, refused: &Refused) -> Self {
        let lang = visit.lang;
        let heading = lang.t("tracing.enter");
        let shell = visit.shell(&heading);
        let chosen = sheet.unit.as_ref().map(|unit| unit.code.as_str());
        let choose = Choice::new("", &lang.t("tracing.choose"), Some(chosen.unwrap_or_default()));
        let units = sheet.units.iter().map(|unit| {
            // Hamlets stand below their commune.
            let indent = if unit.kind == UnitKind::Hamlet { "\u{a0}\u{a0}\u{a0}– " } else { "" };
            Choice::new(&unit.code, &format!("{indent}{}", unit.name), chosen)
        });
        let link = |(field, text): &(String, String)| {
            let is_figure = TracingFigure::from_code(field).is_some();
            let id = match field.as_str() {
                _ if refused.is_odd => "ly-do",
                "reason" => "ly-do",
                "day" => "ngay",
                field if is_figure => field,
                _ => "don-vi",
            };
            Link { href: format!("#{id}"), label: text.clone() }
        };
        Self {
            shell: if refused.errors.is_empty() { shell } else { shell.with_errors() },
            heading,
            summary: refused.errors.iter().map(link).collect(),
            summary_title: lang.t(if refused.is_odd { "entry.odd" } else { "err.title" }),
            units: std::iter::once(choose).chain(units).collect(),
            day: lang.day_to_type(of),
            form: EntryForm::new(lang, sheet, of, typed, refused),
        }
    }
}

impl EntryForm {
    fn new(lang: Lang, sheet: &TracingSheet, of: NaiveDate, typed: &Typed, refused: &Refused) -> Option<Self> {
        let unit = sheet.unit.as_ref()?;
        let stands = sheet.stands.as_ref();
        let text = |name: &str| typed.get(name).cloned().unwrap_or_default();
        let field = |figure: &TracingFigure| {
            let code = figure.code();
            let before = stands.and_then(|(_, counts)| counts.get(figure)).map(|count| lang.number(*count));
            Field {
                id: code.to_owned(),
                name: code.to_owned(),
                label: lang.t(&format!("field.{code}")),
                hint: lang.t(&format!("tracing.hint.{code}")),
                value: typed.get(code).cloned().or_else(|| before.clone()).unwrap_or_default(),
                previous: String::new(),
                error: refused
                    .errors
                    .iter()
                    .find(|(of, _)| of == code && !refused.is_odd)
                    .map(|(_, said)| said.clone()),
            }
        };
        let is_reason = |(of, _): &&(String, String)| refused.is_odd || of == "reason";
        Some(Self {
            heading: lang.tr("tracing.of_day", &[("unit", &unit.name), ("day", &lang.day(of))]),
            stands: lang.t(if stands.is_some() { "tracing.stands" } else { "tracing.nothing_stands" }),
            unit: unit.code.clone(),
            day: lang.day_to_type(of),
            seen: stands.map_or(0, |(record, _)| *record).to_string(),
            op_id: new_op_id(),
            fields: TracingFigure::ALL.iter().map(field).collect(),
            asks_reason: refused.errors.iter().any(|error| is_reason(&error)) || !text("ly-do").is_empty(),
            reason_error: refused.errors.iter().find(is_reason).map(|(_, said)| said.clone()),
            reason: text("ly-do"),
        })
    }
}
