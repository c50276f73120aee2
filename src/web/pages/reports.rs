//! `/bao-cao`: the office prepares the official report; everybody who may read reports finds those that were issued.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::{Form, Query},
};
use askama::Template;
use serde::Deserialize;

use super::{
    parts::{Choice, Link, Tick},
    report_form::{self, Errors, Typed, code, shown},
    visit::{Visit, given},
};
use crate::{
    domain::{
        calendar,
        consolidated::choices::{Choices, Period, Section},
        difficulty::DifficultyState,
    },
    store::plans::StoredPlan,
    usecases::{
        UseCaseError,
        consolidate::period_of,
        draft_report::{keep_draft, last_texts, prepare_draft, see_draft},
        see_difficulties::{Difficulties, see_difficulties},
        see_issued::{DraftLine, IssuedView, ReportsOf, see_issued_reports},
        set_letter::{LetterView, see_letter},
    },
    web::{messages, problem::Problem, shell::Shell, words::Lang},
};

/// How many periods one can choose from.
const PERIODS: usize = 9;

/// What the page is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(rename = "ban-nhap")]
    draft: Option<String>,
}

#[derive(Template)]
#[template(path = "reports.html", config = "dashboards/askama.toml")]
struct ReportsPage {
    shell: Shell,
    heading: String,
    scope: String,
    summary: Vec<Link>,
    summary_title: String,
    form: Option<ReportForm>,
    issued: Vec<Line>,
    drafts: Vec<Line>,
}

struct ReportForm {
    periods: Vec<Choice>,
    day: String,
    day_error: Option<String>,
    sections: Vec<Tick>,
    sections_error: Option<String>,
    difficulties: Vec<Tick>,
    signers: Vec<Choice>,
    recipients: Area,
    texts: Vec<Area>,
}

struct Area {
    id: &'static str,
    label: String,
    text: String,
    error: Option<String>,
}

struct Line {
    href: String,
    label: String,
    badge: String,
    note: String,
}

/// What the form is made of.
struct Office {
    letter: LetterView,
    difficulties: Difficulties,
}

/// `GET`: the form, and what was issued.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let plan = visit.plan()?;
    let view = reports(&visit).await?;
    let Some(office) = office(&visit, &view).await? else {
        return visit.page(&ReportsPage::new(&visit, &view, None));
    };
    let open = open(&office.difficulties);
    let choices = if let Some(id) = given(asked.draft.as_ref()) {
        let id = id.parse::<i64>().map_err(|_| Problem::not_found("draft", id))?;
        visit.read(move |conn, actor, _| see_draft(conn, actor, id)).await?.choices
    } else {
        let (stored, scope) = (plan.clone(), view.scope.code.clone());
        let texts = visit.read(move |conn, actor, _| last_texts(conn, actor, &stored, &scope)).await?;
        Choices { texts, ..Choices::of(this_period(&plan, &visit)) }
    };
    let typed = Typed::from_choices(visit.lang, &choices, &office.letter.letter, &open);
    visit.page(&ReportsPage::new(&visit, &view, Some((&plan, &office, typed, Errors::new()))))
}

async fn reports(visit: &Visit) -> Result<ReportsOf, Problem> {
    let plan = visit.plan()?;
    visit.read(move |conn, actor, _| see_issued_reports(conn, actor, &plan, None)).await
}

async fn office(visit: &Visit, view: &ReportsOf) -> Result<Option<Office>, Problem> {
    if !view.may_consolidate {
        return Ok(None);
    }
    let (plan, scope) = (visit.plan()?, view.scope.code.clone());
    let read = move |conn: &mut _, actor: &_, _| {
        Ok(Office {
            letter: see_letter(conn, actor, &plan, Some(&scope))?,
            difficulties: see_difficulties(conn, actor, &plan, Some(&scope), None)?,
        })
    };
    Ok(Some(visit.read(read).await?))
}

fn open(difficulties: &Difficulties) -> Vec<i64> {
    let is_open = |of: &&crate::usecases::see_difficulties::DifficultyView| of.state != DifficultyState::Resolved;
    difficulties.difficulties.iter().filter(is_open).map(|of| of.id).collect()
}

fn this_period(plan: &StoredPlan, visit: &Visit) -> Period {
    period_of(plan, calendar::day(visit.now))
}

/// The last periods that have opened, newest first.
fn last_periods(plan: &StoredPlan, visit: &Visit) -> Vec<Period> {
    let opened = plan.timetable.newest(visit.now, PERIODS);
    if opened.is_empty() {
        let this = this_period(plan, visit);
        return std::iter::successors(Some(this), |period| Some(period.before())).take(PERIODS).collect();
    }
    opened.iter().rev().map(|of| Period { starts_on: of.from, ends_on: of.to }).collect()
}

/// `POST`: prepares the report, keeps it and shows it.
pub async fn create(visit: Visit, Form(fields): Form<Vec<(String, String)>>) -> Result<HttpResponse, Problem> {
    let typed = Typed::of(fields);
    let plan = visit.plan()?;
    let choices = match typed.read(visit.lang, visit.now) {
        Ok(choices) => choices,
        Err(errors) => return refused(&visit, typed, errors).await,
    };
    let (actor, now, stored) = (visit.actor.clone(), visit.now, plan.clone());
    let prepared = visit.state.store.read(move |conn| prepare_draft(conn, &actor, &stored, None, &choices, now)).await;
    let prepared = match prepared {
        Ok(prepared) => prepared,
        Err(UseCaseError::Invalid(faults)) => {
            let said = |fault: &_| messages::fault(visit.lang, Some(&plan), fault);
            let errors = faults.iter().map(|f| (report_form::input_of(&f.field).to_owned(), said(f))).collect();
            return refused(&visit, typed, errors).await;
        }
        Err(error) => return Err(error.into()),
    };
    let id = visit.write(move |conn, actor, now| keep_draft(conn, actor, &prepared, now)).await?.unwrap_or_default();
    Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, format!("/bao-cao/ban-nhap/{id}"))).finish())
}

async fn refused(visit: &Visit, typed: Typed, errors: Errors) -> Result<HttpResponse, Problem> {
    let plan = visit.plan()?;
    let view = reports(visit).await?;
    let office = office(visit, &view).await?.ok_or_else(|| Problem::from(UseCaseError::NotAllowed))?;
    let mut answer = visit.page(&ReportsPage::new(visit, &view, Some((&plan, &office, typed, errors))))?;
    *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(answer)
}

impl ReportsPage {
    fn new(visit: &Visit, view: &ReportsOf, filled: Option<(&StoredPlan, &Office, Typed, Errors)>) -> Self {
        let lang = visit.lang;
        let heading = lang.t("nav.consolidated");
        let shell = visit.shell(&heading);
        let errors = filled.as_ref().map(|(.., errors)| errors.as_slice()).unwrap_or_default();
        let link = |(input, said): &(String, String)| Link { href: format!("#{input}"), label: said.clone() };
        Self {
            shell: if errors.is_empty() { shell } else { shell.with_errors() },
            heading,
            scope: view.scope.name.clone(),
            summary: errors.iter().map(link).collect(),
            summary_title: lang.t("err.title"),
            form: filled.map(|(plan, office, typed, errors)| ReportForm::new(visit, plan, office, typed, &errors)),
            issued: view.issued.iter().map(|of| Line::issued(lang, of)).collect(),
            drafts: view.drafts.iter().map(|of| Line::draft(lang, of)).collect(),
        }
    }
}

impl Line {
    fn issued(lang: Lang, of: &IssuedView) -> Self {
        let period = shown(lang, Period { starts_on: of.starts_on, ends_on: of.ends_on });
        Self {
            href: format!("/bao-cao/{}", of.id),
            label: lang.tr("consolidated.period_of", &[("period", &period)]),
            badge: lang.tr("consolidated.version", &[("version", &of.version.to_string())]),
            note: lang.tr("consolidated.issued_by", &[("who", &of.issued_by), ("when", &lang.moment(of.issued_at))]),
        }
    }

    fn draft(lang: Lang, of: &DraftLine) -> Self {
        let period = shown(lang, Period { starts_on: of.starts_on, ends_on: of.ends_on });
        let badge = if of.is_scheduled { lang.t("consolidated.scheduled") } else { String::new() };
        Self {
            href: format!("/bao-cao/ban-nhap/{}", of.id),
            label: lang.tr("consolidated.period_of", &[("period", &period)]),
            badge,
            note: lang.tr("unit.recorded", &[("who", &of.recorded_by), ("when", &lang.moment(of.recorded_at))]),
        }
    }
}

impl ReportForm {
    fn new(visit: &Visit, plan: &StoredPlan, office: &Office, typed: Typed, errors: &[(String, String)]) -> Self {
        let lang = visit.lang;
        let error = |input: &str| errors.iter().find(|(of, _)| of == input).map(|(_, said)| said.clone());
        let area = |id: &'static str, label: &str, text: String| Area {
            id,
            label: lang.t(&format!("field.{label}")),
            text,
            error: error(id),
        };
        let sections = Section::ALL
            .iter()
            .map(|of| Tick {
                value: of.to_string(),
                label: lang.t(&format!("section.{of}")),
                is_ticked: typed.sections.contains(&of.to_string()),
            })
            .collect();
        let difficulties = office
            .difficulties
            .difficulties
            .iter()
            .map(|of| Tick {
                value: of.id.to_string(),
                label: format!("{}: {}", of.unit.name, of.text),
                is_ticked: typed.difficulties.contains(&of.id.to_string()),
            })
            .collect();
        let signers = office.letter.letter.signers.iter().enumerate();
        Self {
            periods: periods(lang, &last_periods(plan, visit), &typed.period),
            day_error: error("ngay"),
            sections,
            sections_error: error("phan"),
            difficulties,
            signers: signers
                .map(|(i, signer)| Choice::new(&i.to_string(), &signer.said(), Some(&typed.signer)))
                .collect(),
            recipients: area("noi-nhan", "recipients", typed.recipients),
            texts: vec![
                area("chi-dao", "direction", typed.direction),
                area("tuyen-truyen", "communication", typed.communication),
                area("ket-qua", "achievements", typed.achievements),
                area("ton-tai", "shortcomings", typed.shortcomings),
                area("kien-nghi", "recommendations", typed.recommendations),
            ],
            day: typed.day,
        }
    }
}

/// The last periods, and the one chosen.
fn periods(lang: Lang, last: &[Period], chosen: &str) -> Vec<Choice> {
    let mut periods: Vec<Choice> =
        last.iter().map(|period| Choice::new(&code(*period), &shown(lang, *period), Some(chosen))).collect();
    if !chosen.is_empty() && periods.iter().all(|choice| !choice.is_chosen) {
        periods.push(Choice::new(chosen, &chosen.replace('/', " – "), Some(chosen)));
    }
    periods
}
