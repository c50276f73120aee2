//! `/bao-cao/{id}`: a report as it was issued, and what has changed since.

use actix_web::{
    HttpResponse,
    web::{Path, Query},
};
use askama::Template;
use serde::Deserialize;

use super::{
    paper::{PaperView, sheet},
    parts::Downloads,
    report_draft::{Change, id_of},
    report_form::shown,
    visit::{Visit, given},
};
use crate::{
    documents::official::{Block, Edition, RowKind},
    domain::consolidated::compare::Difference,
    usecases::see_issued::{File, IssuedReport, see_changes_since_issue, see_issued, see_issued_file},
    web::{problem::Problem, shell::Shell},
};

/// What the page is asked for.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(rename = "da-chot")]
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "report_issued.html", config = "dashboards/askama.toml")]
struct IssuedPage {
    shell: Shell,
    heading: String,
    note: String,
    digest: String,
    is_intact: bool,
    done: bool,
    id: i64,
    changes: Vec<Change>,
    downloads: Downloads,
    view: PaperView,
}

/// `GET`: the report.
pub async fn show(visit: Visit, path: Path<String>, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let id = id_of(&path)?;
    let (view, changes) = visit
        .read(move |conn, actor, now| {
            Ok((see_issued(conn, actor, id)?, see_changes_since_issue(conn, actor, id, now)?))
        })
        .await?;
    let done = given(asked.done.as_ref()).is_some();
    visit.answer(&view, |view| sheet(&view.report), |view| IssuedPage::new(&visit, view, &changes, done))
}

/// `GET ….docx`: the file as it was issued.
pub async fn word(visit: Visit, path: Path<String>) -> Result<HttpResponse, Problem> {
    file(&visit, id_of(&path)?, File::Docx).await
}

/// `GET ….xlsx`: the file as it was issued.
pub async fn excel(visit: Visit, path: Path<String>) -> Result<HttpResponse, Problem> {
    file(&visit, id_of(&path)?, File::Xlsx).await
}

async fn file(visit: &Visit, id: i64, file: File) -> Result<HttpResponse, Problem> {
    let bytes = visit.read(move |conn, actor, _| see_issued_file(conn, actor, id, file)).await?;
    Ok(visit.file(file.media_type(), bytes))
}

impl IssuedPage {
    fn new(visit: &Visit, view: &IssuedReport, changes: &[Difference], done: bool) -> Self {
        let lang = visit.lang;
        let of = &view.issued;
        let heading = lang.tr("consolidated.of", &[("period", &shown(lang, view.report.period))]);
        let values = [
            ("version", lang.number(of.version.into())),
            ("who", of.issued_by.clone()),
            ("when", lang.moment(of.issued_at)),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let edition = Edition { version: of.version, digest: of.sha256.clone(), issued_at: of.issued_at };
        Self {
            shell: visit.shell(&heading).illustrative(view.report.plan.is_illustrative),
            heading,
            note: lang.tr("consolidated.version_by", &values),
            digest: of.sha256.clone(),
            is_intact: view.is_intact,
            done,
            id: of.id,
            changes: changes.iter().map(|change| Change::new(lang, &view.report, change)).collect(),
            downloads: Downloads::of(&format!("/bao-cao/{}", of.id), &[]),
            view: PaperView::of(&view.report, Some(&edition)),
        }
    }
}
