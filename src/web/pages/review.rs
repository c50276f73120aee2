//! `/duyet`: a report is looked at, accepted or returned. The office that consolidates never alters a figure.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::{Form, Query},
};
use askama::Template;
use serde::Deserialize;

use super::{
    parts::{Link, words},
    unit_parts::channel,
    visit::Visit,
};
use crate::{
    domain::{report::Fault, review::Outcome},
    usecases::{
        UseCaseError,
        review_report::{Review, review_report, see_reviews},
        see_unit::{ReportView, ReportedFigure, see_report},
    },
    web::{links, messages, problem::Problem, shell::Shell},
};

/// Which report.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(rename = "bao-cao")]
    report: i64,
}

/// What is said of it.
#[derive(Debug, Clone, Deserialize)]
pub struct Typed {
    #[serde(rename = "bao-cao")]
    report: i64,
    #[serde(rename = "ket-qua")]
    outcome: String,
    #[serde(rename = "ly-do", default)]
    reason: String,
}

#[derive(Template)]
#[template(path = "review.html", config = "dashboards/askama.toml")]
struct ReviewPage {
    shell: Shell,
    heading: String,
    summary: Vec<Link>,
    summary_title: String,
    unit: Link,
    report: i64,
    about: String,
    sender_reason: String,
    /// Each group of people with its figures.
    figures: Vec<(String, Vec<(String, String)>)>,
    reviews: Vec<String>,
    is_accepted: bool,
    is_returned: bool,
    may_review: bool,
    reason: String,
    reason_error: Option<String>,
}

async fn view(visit: &Visit, report: i64) -> Result<(ReportView, Vec<Review>), Problem> {
    let plan = visit.plan()?;
    visit
        .read(move |conn, actor, _| {
            let view = see_report(conn, actor, &plan, report)?;
            let reviews = see_reviews(conn, actor, &view.unit.code, view.id)?;
            Ok((view, reviews))
        })
        .await
}

/// `GET`: the report and what was said of it.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let view = view(&visit, asked.report).await?;
    visit.page(&ReviewPage::new(&visit, &view, "", &[]))
}

/// `POST`: accepts or returns it.
pub async fn create(visit: Visit, Form(typed): Form<Typed>) -> Result<HttpResponse, Problem> {
    let outcome = if typed.outcome == "tra-lai" { Outcome::Returned } else { Outcome::Accepted };
    let (plan, actor, now, given) = (visit.plan()?, visit.actor.clone(), visit.now, typed.clone());
    let work = move |conn: &mut _| review_report(conn, &actor, &plan, (given.report, outcome, &given.reason), now);
    match visit.state.store.write(work).await {
        Ok(_) => {
            let to = links::with_query("/duyet", &[("bao-cao", &typed.report.to_string())]);
            Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, to)).finish())
        }
        Err(UseCaseError::Invalid(faults)) => {
            let view = view(&visit, typed.report).await?;
            let mut answer = visit.page(&ReviewPage::new(&visit, &view, &typed.reason, &faults))?;
            *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(answer)
        }
        Err(error) => Err(error.into()),
    }
}

impl ReviewPage {
    fn new(visit: &Visit, (view, reviews): &(ReportView, Vec<Review>), reason: &str, faults: &[Fault]) -> Self {
        let lang = visit.lang;
        let number = lang.number(view.id);
        let heading = lang.tr("review.title", &[("n", &number), ("unit", &view.unit.name)]);
        let plan = visit.plan().ok();
        let is_illustrative = plan.as_ref().is_some_and(|plan| plan.is_illustrative);
        let shell = visit.shell(&heading).illustrative(is_illustrative);
        let said: Vec<String> = faults.iter().map(|fault| messages::fault(lang, None, fault)).collect();
        let cohort = |code: &str| {
            let cohort = plan.as_ref().and_then(|plan| plan.plan.cohort(code).map(|cohort| cohort.short.clone()));
            cohort.map_or_else(|| code.to_owned(), |short| words(lang, &short).to_owned())
        };
        let values = [("at", lang.moment(view.recorded_at)), ("asof", lang.moment(view.as_of))];
        let how = channel(lang, &view.channel);
        let said_of = |review: &Review| {
            let (key, at) = (format!("review.said.{}", review.outcome), lang.moment(review.at));
            let values = [("who", review.by.as_str()), ("at", &at), ("reason", &review.reason)];
            lang.tr(&key, &values)
        };
        Self {
            shell: if faults.is_empty() { shell } else { shell.with_errors() },
            heading,
            summary: said.iter().map(|label| Link { href: "#ly-do".to_owned(), label: label.clone() }).collect(),
            summary_title: lang.t("err.title"),
            unit: Link::to(&view.unit),
            report: view.id,
            about: lang.tr(
                "review.about",
                &[("asof", &values[1].1), ("at", &values[0].1), ("who", &view.recorded_by), ("how", &how)],
            ),
            sender_reason: view.reason.clone(),
            figures: view
                .figures
                .chunk_by(|a, b| a.cohort == b.cohort)
                .map(|of| {
                    let line = |f: &ReportedFigure| (words(lang, &f.name).to_owned(), lang.number(f.count));
                    (cohort(&of[0].cohort), of.iter().map(line).collect())
                })
                .collect(),
            reviews: reviews.iter().map(said_of).collect(),
            is_accepted: reviews.last().is_some_and(|review| review.outcome == Outcome::Accepted),
            is_returned: reviews.iter().any(|review| review.outcome == Outcome::Returned),
            may_review: visit.actor.may_somewhere(crate::domain::actor::Deed::Review),
            reason: reason.to_owned(),
            reason_error: said.into_iter().next(),
        }
    }
}
