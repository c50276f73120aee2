//! `/nhap-lieu`: a focal point enters figures, or corrects a report of before.

use std::{collections::BTreeMap, sync::Arc};

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::{Form, Query},
};
use askama::Template;
use serde::Deserialize;

use super::{
    completeness::period_name,
    entry_form::{AreaForm, BodyForm, Filling, Posted},
    entry_read::{self, Corrections},
    parts::Link,
    visit::{Visit, given, taken},
};
use crate::{
    store::plans::StoredPlan,
    usecases::{
        enter_figures::{EntrySheet, see_entry_sheet},
        record_report::record_report,
        see_unit::{ReportView, see_report},
    },
    web::{links, problem::Problem, shell::Shell, words::Lang},
};

/// What may be asked of the page.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(rename = "don-vi")]
    unit: Option<String>,
    #[serde(rename = "dinh-chinh")]
    corrected: Option<String>,
}

#[derive(Template)]
#[template(path = "entry.html", config = "dashboards/askama.toml")]
struct EntryPage {
    shell: Shell,
    heading: String,
    /// "Kỳ 16/11 – 22/11/2026, hạn nộp 16:00 20/11/2026"; none where none is open or a report is corrected.
    period: Option<String>,
    unit: String,
    summary: Vec<Link>,
    /// Whether nothing is wrong but a reason is missing.
    is_odd: bool,
    correction: Option<String>,
    /// Forms for a spreadsheet, and what stands now.
    files: Vec<Link>,
    /// Links to the forms, where there are several.
    jumps: Vec<Link>,
    bodies: Vec<BodyForm>,
    areas: Option<AreaForm>,
}

/// What a form is made for: the sheet, and the report to correct.
struct Task {
    plan: Arc<StoredPlan>,
    sheet: EntrySheet,
    corrected: Option<ReportView>,
}

/// `GET`: the forms.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let unit = taken(asked.unit.as_ref());
    let task = task(&visit, unit.clone(), given(asked.corrected.as_ref())).await?;
    let page = EntryPage::new(&visit, &task, unit, None);
    visit.page(&page)
}

/// `POST`: records what was typed, or shows it again with what is wrong.
pub async fn create(visit: Visit, Form(pairs): Form<Vec<(String, String)>>) -> Result<HttpResponse, Problem> {
    let posted: Posted = pairs.into_iter().collect();
    let unit = taken(posted.get("don-vi"));
    let task = task(&visit, unit.clone(), given(posted.get("dinh-chinh"))).await?;
    match record(&visit, &task, &posted).await {
        Ok(op_id) => {
            let to = links::with_query("/nhap-lieu/da-gui", &[("thao-tac", &op_id)]);
            Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, to)).finish())
        }
        Err(problem) if ["invalid", "needs_reason", "operation_differs"].contains(&problem.code) => {
            let mut answer = visit.page(&EntryPage::new(&visit, &task, unit, Some((&posted, &problem))))?;
            *answer.status_mut() = if problem.code == "operation_differs" {
                StatusCode::CONFLICT
            } else {
                StatusCode::UNPROCESSABLE_ENTITY
            };
            Ok(answer)
        }
        Err(problem) => Err(problem),
    }
}

/// Records it; returns the operation's id.
async fn record(visit: &Visit, task: &Task, posted: &Posted) -> Result<String, Problem> {
    let mut submission = entry_read::submission(visit.lang, &task.sheet, posted, task.corrected.as_ref(), visit.now)?;
    let op_id = submission.op_id.get_or_insert_with(new_op_id).clone();
    let plan = Arc::clone(&task.plan);
    visit.write(move |conn, actor, now| record_report(conn, actor, &plan, &submission, now)).await?;
    Ok(op_id)
}

/// Reads what the form is made for.
async fn task(visit: &Visit, unit: Option<String>, corrected: Option<&str>) -> Result<Task, Problem> {
    let plan = visit.plan()?;
    let Some(id) = corrected else {
        let of = Arc::clone(&plan);
        let sheet = visit.read(move |conn, actor, now| see_entry_sheet(conn, actor, &of, unit.as_deref(), now)).await?;
        return Ok(Task { plan, sheet, corrected: None });
    };
    let id: i64 = id.parse().map_err(|_| Problem::not_found("report", id))?;
    let of = Arc::clone(&plan);
    let (report, mut sheet) = visit
        .read(move |conn, actor, now| {
            let report = see_report(conn, actor, &of, id)?;
            let sheet = see_entry_sheet(conn, actor, &of, Some(&report.unit.code), now)?;
            Ok((report, sheet))
        })
        .await?;
    // A correction is of one unit, and on the form the report came by.
    for forms in [&mut sheet.bodies, &mut sheet.areas] {
        forms.retain(|form| {
            form.unit.code == report.unit.code
                && form.sections.iter().any(|of| report.figures.iter().any(|figure| figure.cohort == of.cohort.code))
        });
    }
    Ok(Task { plan, sheet, corrected: Some(report) })
}

/// An id for an operation: 128 random bits.
pub fn new_op_id() -> String {
    format!("{:032x}", rand::random::<u128>())
}

impl EntryPage {
    fn new(visit: &Visit, task: &Task, unit: Option<String>, refused: Option<(&Posted, &Problem)>) -> Self {
        let lang = visit.lang;
        let form = refused.and_then(|(posted, _)| posted.get("bieu")).map(String::as_str).unwrap_or_default();
        let corrections = refused
            .map(|(_, problem)| Corrections::of(lang, &task.plan, &task.sheet, form, problem))
            .unwrap_or_default();
        let is_spent = refused.is_some_and(|(_, problem)| problem.code == "operation_differs");
        let kept = refused.and_then(|(posted, _)| posted.get("op_id")).filter(|id| !is_spent && !id.is_empty());
        let had_reason = refused.is_some_and(|(posted, _)| posted.contains_key("ly-do"));
        let filling = Filling {
            lang,
            posted: refused.map(|(posted, _)| (form, posted)),
            errors: &corrections.by_input,
            asks_reason: corrections.asks_reason || had_reason,
            corrected: task.corrected.as_ref(),
            now: visit.now,
            op_id: kept.cloned().unwrap_or_else(new_op_id),
        };
        let heading = lang.t(if task.corrected.is_some() { "entry.correct_title" } else { "nav.entry" });
        let shell = visit.shell(&heading).illustrative(task.sheet.plan.is_illustrative);
        let open = task.plan.timetable.period_at(visit.now).filter(|_| task.corrected.is_none());
        let bodies = filling.bodies(&task.sheet);
        let areas = filling.areas(&task.sheet);
        Self {
            shell: if refused.is_some() { shell.with_errors() } else { shell },
            heading,
            period: open.filter(|_| !bodies.is_empty() || areas.is_some()).map(|of| {
                let (span, due) = (period_name(lang, &of), lang.moment(of.due));
                lang.tr("entry.period", &[("period", &span), ("due", &due)])
            }),
            files: files(lang, unit.as_deref(), !bodies.is_empty(), areas.is_some()),
            unit: unit.unwrap_or_default(),
            is_odd: refused.is_some_and(|(_, problem)| problem.code == "needs_reason"),
            correction: task.corrected.as_ref().map(|report| correction(visit, report)),
            jumps: jumps(visit, &bodies, areas.as_ref()),
            summary: corrections.summary,
            bodies,
            areas,
        }
    }
}

fn jumps(visit: &Visit, bodies: &[BodyForm], areas: Option<&AreaForm>) -> Vec<Link> {
    let of_bodies = bodies.iter().map(|form| (form.common.key.as_str(), form.unit.label.clone()));
    let of_areas = areas.map(|form| (form.common.key.as_str(), visit.lang.t("entry.areas")));
    let all: BTreeMap<usize, (&str, String)> = of_bodies.chain(of_areas).enumerate().collect();
    if all.len() < 2 {
        return Vec::new();
    }
    all.into_values().map(|(key, label)| Link { href: format!("#bieu-{key}"), label }).collect()
}

fn correction(visit: &Visit, report: &ReportView) -> String {
    let lang = visit.lang;
    lang.tr(
        "entry.correcting",
        &[
            ("unit", &report.unit.name),
            ("asof", &lang.moment(report.as_of)),
            ("who", &report.recorded_by),
            ("when", &lang.moment(report.recorded_at)),
        ],
    )
}

/// Files of the bodies' figures and of the areas': a form to fill in, and the figures in force, which can be changed and
/// sent again.
fn files(lang: Lang, unit: Option<&str>, has_bodies: bool, has_areas: bool) -> Vec<Link> {
    let of = |cohort: &'static str, form: &str, figures: &str| {
        let asked: Vec<(&str, &str)> =
            [("nhom", cohort)].into_iter().chain(unit.map(|code| ("don-vi", code))).collect();
        [("/nhap-lieu/bieu-mau.xlsx", form), ("/nhap-lieu/so-lieu.xlsx", figures)]
            .map(|(address, label)| Link { href: links::with_query(address, &asked), label: lang.t(label) })
    };
    let bodies = has_bodies.then(|| of("staff", "entry.blank_form", "entry.figures"));
    let areas = has_areas.then(|| of("residents", "entry.blank_form_areas", "entry.figures_areas"));
    bodies.into_iter().chain(areas).flatten().collect()
}
