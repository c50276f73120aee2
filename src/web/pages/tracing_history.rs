//! `/truy-vet/lich-su/{unit}/{day}`: every version of a day's tracing figures.

use actix_web::{HttpResponse, web::Path};
use askama::Template;

use super::{
    parts::{Downloads, Link},
    tracing::{cell, day},
    tracing_sheets,
    unit_parts::channel,
    visit::Visit,
};
use crate::{
    usecases::see_tracing::{TracingHistory, TracingVersion, see_tracing_history},
    web::{links, problem::Problem, shell::Shell, words::Lang},
};

#[derive(Template)]
#[template(path = "tracing_history.html", config = "dashboards/askama.toml")]
struct HistoryPage {
    shell: Shell,
    heading: String,
    back: Link,
    is_guarded: bool,
    versions: Vec<VersionLine>,
    downloads: Downloads,
}

struct VersionLine {
    recorded_at: String,
    recorded_by: String,
    channel: String,
    changes: Vec<(String, String, String)>,
    reason: String,
    is_in_force: bool,
}

/// `GET`: the history, last recorded first.
pub async fn show(visit: Visit, path: Path<(String, String)>) -> Result<HttpResponse, Problem> {
    let (unit, typed) = path.into_inner();
    let of = day(&visit, "day", Some(&typed))?.ok_or_else(|| Problem::not_found("day", &typed))?;
    let view = visit.read(move |conn, actor, _| see_tracing_history(conn, actor, &unit, of)).await?;
    visit.answer(&view, tracing_sheets::history, |view| HistoryPage::new(&visit, view))
}

impl HistoryPage {
    fn new(visit: &Visit, view: &TracingHistory) -> Self {
        let lang = visit.lang;
        let values = [("unit", view.unit.name.as_str()), ("day", &lang.day(view.day))];
        let heading = lang.tr("tracing.history_title", &values);
        let address = format!("/truy-vet/lich-su/{}/{}", view.unit.code, view.day);
        Self {
            shell: visit.shell(&heading).illustrative(view.is_illustrative),
            heading,
            back: Link {
                href: links::with_query("/truy-vet", &[("don-vi", &view.unit.code)]),
                label: lang.tr("tracing.title", &[("place", &view.unit.name)]),
            },
            is_guarded: view.is_guarded,
            versions: view.versions.iter().enumerate().map(|(i, of)| VersionLine::new(lang, of, i == 0)).collect(),
            downloads: Downloads::of(&address, &[]),
        }
    }
}

impl VersionLine {
    fn new(lang: Lang, of: &TracingVersion, is_in_force: bool) -> Self {
        let changes = of.changes.iter().map(|change| {
            let name = lang.t(&format!("field.{}", change.figure));
            (name, cell(lang, change.old), cell(lang, change.new))
        });
        Self {
            recorded_at: lang.moment(of.recorded_at),
            recorded_by: of.recorded_by.clone(),
            channel: channel(lang, &of.channel),
            changes: changes.collect(),
            reason: of.reason.clone(),
            is_in_force,
        }
    }
}
