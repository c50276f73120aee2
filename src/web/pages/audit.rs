//! `/nhat-ky`: what happened, newest first.

use actix_web::{HttpResponse, web::Query};
use askama::Template;
use serde::Deserialize;
use serde_json::Value;

use super::{
    parts::Downloads,
    sheets,
    visit::{Visit, given, taken},
};
use crate::{
    domain::calendar::Instant,
    store::audit::Event,
    usecases::read_audit::{Trail, read_audit},
    web::{links, problem::Problem, shell::Shell, words::Lang},
};

/// How the trail names what was done on the command line.
const COMMAND_LINE: &str = "command line";

/// What may be asked of the trail.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(rename = "don-vi")]
    unit: Option<String>,
    /// Where an older page begins.
    #[serde(rename = "truoc")]
    before: Option<String>,
}

#[derive(Template)]
#[template(path = "audit.html", config = "dashboards/askama.toml")]
struct AuditPage {
    shell: Shell,
    heading: String,
    scope: String,
    events: Vec<Line>,
    newest: Option<String>,
    older: Option<String>,
    downloads: Downloads,
}

struct Line {
    at: String,
    actor: String,
    action: String,
    unit: String,
    href: String,
    reason: String,
    details: Vec<(String, String)>,
    number: String,
    hash: String,
}

/// `GET`: a page of the trail.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let unit = taken(asked.unit.as_ref());
    let before = match given(asked.before.as_ref()) {
        Some(text) => Some(text.parse::<i64>().map_err(|_| Problem::not_found("event", text))?),
        None => None,
    };
    let view = visit.read(move |conn, actor, _| read_audit(conn, actor, unit.as_deref(), before)).await?;
    visit.answer(&view, sheets::audit, |view| AuditPage::new(&visit, view, &asked))
}

impl AuditPage {
    fn new(visit: &Visit, view: &Trail, asked: &Asked) -> Self {
        let lang = visit.lang;
        let heading = lang.t("nav.audit");
        let pick = |typed: &Option<String>| taken(typed.as_ref()).unwrap_or_default();
        let (unit, before) = (pick(&asked.unit), pick(&asked.before));
        let filters = [("don-vi", unit.as_str()), ("truoc", before.as_str())];
        let older = view.older.map(|id| id.to_string());
        Self {
            shell: visit.shell(&heading).illustrative(visit.plan().is_ok_and(|plan| plan.is_illustrative)),
            heading,
            scope: view.scope.name.clone(),
            events: view.events.iter().map(|event| Line::new(lang, event)).collect(),
            newest: (!before.is_empty()).then(|| links::with_query("/nhat-ky", &[("don-vi", &unit)])),
            older: older.map(|id| links::with_query("/nhat-ky", &[("don-vi", &unit), ("truoc", &id)])),
            downloads: Downloads::of("/nhat-ky", &filters),
        }
    }
}

impl Line {
    fn new(lang: Lang, event: &Event) -> Self {
        let detail: Value = serde_json::from_str(&event.detail).unwrap_or_default();
        let key = format!("audit.{}", event.action);
        let action = lang.t(&key);
        let mut details = Vec::new();
        flatten(lang, "", &detail, &mut details);
        Self {
            at: lang.moment(event.at),
            actor: if event.actor == COMMAND_LINE { lang.t("audit.command_line") } else { event.actor.clone() },
            action: if action.ends_with(&key) { event.action.clone() } else { action },
            unit: event.unit_name.clone().unwrap_or_default(),
            // The unit page itself sends on to `/xa` where the unit is a place.
            href: event.unit_code.as_ref().map(|code| format!("/don-vi/{code}")).unwrap_or_default(),
            reason: detail["reason"].as_str().unwrap_or_default().to_owned(),
            details,
            number: event.id.to_string(),
            hash: event.hash.clone(),
        }
    }
}

/// The parts of a detail, each with the path that leads to it.
fn flatten(lang: Lang, path: &str, value: &Value, out: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) if fields.contains_key("measure") => {
            let name = [&fields["measure"], fields.get("cohort").unwrap_or(&Value::Null)];
            let name = name.iter().filter_map(|part| part.as_str()).collect::<Vec<_>>().join(", ");
            let number = |key: &str| fields.get(key).map(|value| said(lang, value)).unwrap_or_default();
            out.push((name, format!("{} → {} / {}", number("before"), number("count"), number("base"))));
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                flatten(lang, &if path.is_empty() { name.clone() } else { format!("{path}.{name}") }, value, out);
            }
        }
        Value::Array(values) => {
            for value in values {
                flatten(lang, path, value, out);
            }
        }
        Value::Null => {}
        Value::String(text) if text.is_empty() => {}
        value => out.push((label(lang, path), said(lang, value))),
    }
}

fn label(lang: Lang, path: &str) -> String {
    let key = format!("detail.{path}");
    let text = lang.t(&key);
    if text.ends_with(&key) { path.to_owned() } else { text }
}

fn said(lang: Lang, value: &Value) -> String {
    match value {
        Value::String(text) => text.parse::<Instant>().map_or_else(|_| text.clone(), |at| lang.moment(at)),
        Value::Number(number) => number.as_i64().map_or_else(|| number.to_string(), |n| lang.number(n)),
        Value::Bool(is) => lang.t(if *is { "word.yes" } else { "word.no" }),
        Value::Null => lang.t("history.nothing"),
        other => other.to_string(),
    }
}
