//! `/bao-cao/ban-nhap/{id}`: a report as it was prepared; written as files, prepared again, issued.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::Path,
};
use askama::Template;

use super::{
    paper::{PaperView, sheet},
    parts::Downloads,
    report_form::shown,
    visit::Visit,
};
use crate::{
    documents::official::{Block, RowKind},
    domain::consolidated::{
        ConsolidatedReport,
        compare::{Difference, RECEIVED, Told},
    },
    usecases::{
        UseCaseError,
        draft_report::{DraftView, keep_draft, prepare_again, see_changes_since_draft, see_draft, see_draft_file},
        issue_report::{issue_report, prepare_issue},
        see_issued::File,
    },
    web::{problem::Problem, shell::Shell, words::Lang},
};

#[derive(Template)]
#[template(path = "report_draft.html", config = "dashboards/askama.toml")]
struct DraftPage {
    shell: Shell,
    heading: String,
    note: String,
    id: i64,
    unreported: Option<String>,
    may_issue: bool,
    downloads: Downloads,
    view: PaperView,
}

#[derive(Template)]
#[template(path = "report_issue.html", config = "dashboards/askama.toml")]
struct IssuePage {
    shell: Shell,
    heading: String,
    id: i64,
    facts: Vec<(String, String)>,
    unreported: Option<String>,
    changes: Option<Vec<Change>>,
}

/// A difference in words.
pub struct Change {
    /// The unit, and the place it is a total of.
    pub unit: String,
    /// What of it.
    pub what: String,
    /// As it was.
    pub old: String,
    /// As it is.
    pub new: String,
    /// The history of the figure.
    pub href: Option<String>,
}

/// `GET`: the preview.
pub async fn show(visit: Visit, path: Path<String>) -> Result<HttpResponse, Problem> {
    let id = id_of(&path)?;
    let view = visit.read(move |conn, actor, _| see_draft(conn, actor, id)).await?;
    visit.answer(&view, |view| sheet(&view.report), |view| DraftPage::new(&visit, view))
}

/// The number in an address; what follows a dot names the form of the answer.
pub fn id_of(path: &str) -> Result<i64, Problem> {
    path.parse().map_err(|_| Problem::not_found("report", path))
}

/// `GET ….docx`
pub async fn word(visit: Visit, path: Path<String>) -> Result<HttpResponse, Problem> {
    file(&visit, id_of(&path)?, File::Docx).await
}

/// `GET ….xlsx`
pub async fn excel(visit: Visit, path: Path<String>) -> Result<HttpResponse, Problem> {
    file(&visit, id_of(&path)?, File::Xlsx).await
}

async fn file(visit: &Visit, id: i64, file: File) -> Result<HttpResponse, Problem> {
    let bytes = visit.read(move |conn, actor, _| see_draft_file(conn, actor, id, file)).await?;
    Ok(visit.file(file.media_type(), bytes))
}

/// `POST …/cap-nhat`: prepares it again as the figures stand now.
pub async fn refresh(visit: Visit, path: Path<String>) -> Result<HttpResponse, Problem> {
    let id = id_of(&path)?;
    let prepared = visit.read(move |conn, actor, now| prepare_again(conn, actor, id, now)).await?;
    let new = visit.write(move |conn, actor, now| keep_draft(conn, actor, &prepared, now)).await?.unwrap_or_default();
    Ok(to(&format!("/bao-cao/ban-nhap/{new}")))
}

fn to(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish()
}

/// `GET …/chot`: what is about to be issued.
pub async fn confirm(visit: Visit, path: Path<String>) -> Result<HttpResponse, Problem> {
    let id = id_of(&path)?;
    let (view, changes) = visit
        .read(move |conn, actor, now| {
            let view = see_draft(conn, actor, id)?;
            if !view.may_issue {
                return Err(UseCaseError::NotAllowed);
            }
            Ok((view, see_changes_since_draft(conn, actor, id, now)?))
        })
        .await?;
    visit.page(&IssuePage::new(&visit, &view, changes.as_deref()))
}

/// `POST …/chot`: issues it; where figures have changed meanwhile both are shown first.
pub async fn issue(visit: Visit, path: Path<String>) -> Result<HttpResponse, Problem> {
    let id = id_of(&path)?;
    let (actor, now) = (visit.actor.clone(), visit.now);
    let prepared = match visit.state.store.read(move |conn| prepare_issue(conn, &actor, id, now)).await {
        Ok(prepared) => prepared,
        Err(UseCaseError::FiguresMoved(changes)) => {
            let view = visit.read(move |conn, actor, _| see_draft(conn, actor, id)).await?;
            let mut answer = visit.page(&IssuePage::new(&visit, &view, Some(&changes)))?;
            *answer.status_mut() = StatusCode::CONFLICT;
            return Ok(answer);
        }
        Err(error) => return Err(error.into()),
    };
    let issued = visit.write(move |conn, actor, _| issue_report(conn, actor, &prepared)).await?;
    Ok(to(&format!("/bao-cao/{}?da-chot=1", issued.issued.id)))
}

impl DraftPage {
    fn new(visit: &Visit, view: &DraftView) -> Self {
        let lang = visit.lang;
        let heading = lang.tr("consolidated.draft_of", &[("period", &shown(lang, view.report.period))]);
        Self {
            shell: visit.shell(&heading).illustrative(view.report.plan.is_illustrative),
            heading,
            note: lang.tr("consolidated.prepared", &[("when", &lang.moment(view.recorded_at))]),
            id: view.id,
            unreported: unreported(lang, &view.report),
            may_issue: view.may_issue,
            downloads: Downloads::of(&format!("/bao-cao/ban-nhap/{}", view.id), &[]),
            view: PaperView::of(&view.report, None),
        }
    }
}

/// "7 đơn vị chưa báo cáo sẽ được nêu trong báo cáo."
fn unreported(lang: Lang, report: &ConsolidatedReport) -> Option<String> {
    let n = report.coverage.unreported.len();
    (n > 0).then(|| lang.tr("consolidated.unreported", &[("n", &lang.count(n))]))
}

impl IssuePage {
    fn new(visit: &Visit, view: &DraftView, changes: Option<&[Difference]>) -> Self {
        let lang = visit.lang;
        let heading = lang.t(if changes.is_some() { "consolidated.moved" } else { "consolidated.issue" });
        let report = &view.report;
        let coverage = &report.coverage;
        let values = [("k", lang.count(coverage.received)), ("n", lang.count(coverage.expected))];
        Self {
            shell: visit.shell(&heading).illustrative(report.plan.is_illustrative),
            heading,
            id: view.id,
            facts: vec![
                (lang.t("consolidated.period"), shown(lang, report.period)),
                (lang.t("term.asof"), lang.moment(report.as_of)),
                (lang.t("overview.reported"), values.iter().map(|(_, n)| n.as_str()).collect::<Vec<_>>().join("/")),
                (lang.t("field.difficulties"), lang.count(report.difficulties.len())),
                (lang.t("field.signer"), report.signer.said()),
            ],
            unreported: unreported(lang, report),
            changes: changes.map(|changes| changes.iter().map(|of| Change::new(lang, report, of)).collect()),
        }
    }
}

impl Change {
    /// A difference to a report, in words.
    pub fn new(lang: Lang, report: &ConsolidatedReport, of: &Difference) -> Self {
        let told = |told: &Told| match told {
            Told::Nothing if of.cohort.is_empty() && of.measure.is_empty() => lang.t("zone.none"),
            Told::Nothing => lang.t("st.not_reported"),
            Told::Figure { count, rate: None } => lang.number(*count),
            Told::Figure { count, rate: Some(rate) } => {
                let share = lang.rate(*rate).unwrap_or_else(|| lang.t("st.nobody_to_count"));
                format!("{} ({share})", lang.number(*count))
            }
            Told::Standing { standing } => lang.t(&format!("st.{standing}")),
            Told::Zone { name } => name.clone(),
        };
        let cohort = report.cohort(&of.cohort);
        let measure = cohort
            .and_then(|cohort| report.fields(cohort).iter().find(|field| field.measure == of.measure))
            .map(|field| field.name.clone());
        let what = match (cohort, measure) {
            (Some(cohort), Some(measure)) => format!("{}: {measure}", cohort.short),
            (Some(cohort), None) => format!("{}: {}", cohort.short, lang.t("term.result")),
            _ if of.measure == RECEIVED => lang.t("overview.reported"),
            _ => lang.t("term.zone"),
        };
        let has_history = !of.is_total && !of.measure.is_empty();
        Self {
            unit: if of.is_total {
                lang.tr("consolidated.whole", &[("place", &of.unit.name)])
            } else {
                of.unit.name.clone()
            },
            what,
            old: told(&of.old),
            new: told(&of.new),
            href: has_history.then(|| crate::web::links::history(&of.unit.code, &of.cohort, &of.measure)),
        }
    }
}
