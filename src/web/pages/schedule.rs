//! `/lich-bao-cao`: when reports are asked for; the office sets it for periods to come.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::{Form, Query},
};
use askama::Template;
use chrono::Datelike;
use serde::Deserialize;

use super::{
    completeness::period_name,
    parts::{Choice, Link, Tick},
    schedule_form::Typed,
    visit::Visit,
};
use crate::{
    domain::{
        calendar,
        plan::{Clause, Plan},
        report::Fault,
        schedule::{Cadence, Period, Rules, Version},
    },
    usecases::{
        UseCaseError,
        set_schedule::{ScheduleView, see_schedule, set_schedule},
    },
    web::{api, messages, problem::Problem, shell::Shell, words::Lang},
};

/// What was just done.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(rename = "da")]
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "schedule.html", config = "dashboards/askama.toml")]
struct SchedulePage {
    shell: Shell,
    heading: String,
    assumed: bool,
    confirmation: bool,
    summary: Vec<Link>,
    summary_title: String,
    in_force: Option<String>,
    to_come: Vec<String>,
    next: Vec<[String; 4]>,
    versions: Vec<[String; 4]>,
    may_set: bool,
    cadences: Vec<Choice>,
    begins: Vec<Choice>,
    applies_to: AppliesTo,
    fields: Vec<Field>,
}

struct AppliesTo {
    clauses: Vec<Tick>,
    areas_too: bool,
    error: Option<String>,
}

struct Field {
    id: &'static str,
    label: String,
    hint: String,
    is_short: bool,
    value: String,
    error: Option<String>,
}

/// `GET`: the timetable.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let view = view(&visit).await?;
    let plan = &visit.plan()?.plan;
    let typed = view.in_force.as_ref().map(|version| Typed::from_rules(visit.lang, plan, &version.rules));
    visit.page(&SchedulePage::new(&visit, plan, &view, &typed.unwrap_or_default(), &[], asked.done.is_some()))
}

async fn view(visit: &Visit) -> Result<ScheduleView, Problem> {
    let plan = visit.plan()?;
    visit.read(move |conn, actor, now| see_schedule(conn, actor, &plan, now)).await
}

/// `POST`: sets it.
pub async fn set(visit: Visit, Form(fields): Form<Vec<(String, String)>>) -> Result<HttpResponse, Problem> {
    let plan = visit.plan()?;
    let given = Typed::of(fields);
    let before = plan.timetable.version(calendar::day(visit.now)).map(|version| &version.rules);
    let faults = match given.read(&plan.plan, before) {
        Err(faults) => faults,
        Ok((from, rules)) => {
            let (actor, now, reason) = (visit.actor.clone(), visit.now, given.reason.clone());
            let plan = plan.clone();
            let work = move |conn: &mut _| set_schedule(conn, &actor, &plan, (from, &rules, &reason), now);
            match visit.state.store.write(work).await {
                Ok(_) => {
                    api::reload(&visit.state).await?;
                    let to = (header::LOCATION, "/lich-bao-cao?da=dat");
                    return Ok(HttpResponse::SeeOther().insert_header(to).finish());
                }
                Err(UseCaseError::Invalid(faults)) => faults,
                Err(error) => return Err(error.into()),
            }
        }
    };
    let mut answer =
        visit.page(&SchedulePage::new(&visit, &plan.plan, &view(&visit).await?, &given, &faults, false))?;
    *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(answer)
}

/// Rules in words: "hằng tuần, hạn 16:00 Thứ Sáu; không ân hạn; không chốt; mọi đơn vị của kế hoạch".
fn said(lang: Lang, rules: &Rules) -> String {
    let time = rules.due_time.format("%H:%M").to_string();
    let number = |n: i64| lang.number(n);
    let when = match &rules.cadence {
        Cadence::Weekly { starts } if (-6..=0).contains(&rules.due_days) => {
            let weekday = (i64::from(*starts) + 5 + i64::from(rules.due_days)).rem_euclid(7) + 1;
            lang.tr("schedule.weekly", &[("day", &lang.t(&format!("weekday.{weekday}"))), ("time", &time)])
        }
        cadence => {
            let kind = lang.t(&format!("schedule.kind.{}", cadence.kind()));
            let days = i64::from(rules.due_days);
            let side = if days < 0 { "before" } else { "after" };
            let key = if days == 0 { "schedule.on_last".to_owned() } else { format!("schedule.{side}_last") };
            lang.tr(&key, &[("kind", &kind), ("n", &number(days.abs())), ("time", &time)])
        }
    };
    let grace = match rules.grace_hours {
        0 => lang.t("schedule.no_grace"),
        hours => lang.tr("schedule.grace", &[("n", &number(hours.into()))]),
    };
    let lock = rules
        .lock_days
        .map_or_else(|| lang.t("schedule.no_lock"), |days| lang.tr("schedule.lock", &[("n", &number(days.into()))]));
    let who = match rules.sections.as_slice() {
        [] => lang.t("schedule.who_all"),
        sections => lang.tr("schedule.who_some", &[("sections", &sections.join(", "))]),
    };
    let who = if rules.areas_too { lang.tr("schedule.who_areas", &[("who", &who)]) } else { who };
    format!("{when}; {grace}; {lock}; {who}")
}

/// The input a fault is of.
fn input(field: &str) -> &'static str {
    match field {
        "due" => "han",
        "time" => "gio",
        "grace" => "an-han",
        "lock" => "chot",
        "dates" => "cac-ngay",
        "holidays" => "nghi",
        "reason" => "ly-do",
        "rules" => "nhip",
        "rules.sections" => "muc",
        _ => "tu",
    }
}

impl SchedulePage {
    fn new(visit: &Visit, plan: &Plan, view: &ScheduleView, typed: &Typed, faults: &[Fault], done: bool) -> Self {
        let lang = visit.lang;
        let heading = lang.t("nav.schedule");
        let shell = visit.shell(&heading).illustrative(view.plan.is_illustrative);
        let error = |name: &str| {
            faults.iter().find(|fault| fault.field == name).map(|fault| messages::fault(lang, None, fault))
        };
        let field = |name: &str, value: &str| Field {
            id: input(name),
            label: lang.t(&format!("schedule.field.{name}")),
            hint: lang.t(&format!("schedule.hint.{name}")),
            is_short: ["due", "time", "grace", "lock"].contains(&name),
            value: value.to_owned(),
            error: error(name),
        };
        let fields = vec![
            field("due", &typed.due),
            field("time", &typed.time),
            field("grace", &typed.grace),
            field("lock", &typed.lock),
            field("dates", &typed.dates),
            field("holidays", &typed.holidays),
            field("reason", &typed.reason),
        ];
        let place = |fault: &Fault| Link {
            href: format!("#{}", input(&fault.field)),
            label: messages::fault(lang, None, fault),
        };
        let clause = |clause: &Clause| Tick {
            value: clause.section.clone(),
            label: format!("{}: {}", clause.section, clause.bodies),
            is_ticked: typed.sections.contains(&clause.section),
        };
        let since = |version: &Version| {
            let from = lang.day(version.from);
            lang.tr("schedule.since", &[("from", &from), ("rules", &said(lang, &version.rules))])
        };
        let holiday = |period: &Period| {
            let version = view.to_come.iter().chain(&view.in_force).find(|version| version.from <= period.from);
            let due = calendar::day(period.due);
            let weekday = lang.t(&format!("weekday.{}", due.weekday().number_from_monday()));
            let moved = version
                .is_some_and(|version| version.rules.holidays.iter().any(|day| *day < due && *day >= period.from));
            let note = if moved { format!(" ({})", lang.t("schedule.moved")) } else { String::new() };
            format!("{weekday}, {}{note}", lang.moment(period.due))
        };
        Self {
            shell: if faults.is_empty() { shell } else { shell.with_errors() },
            heading,
            assumed: view.in_force.as_ref().is_some_and(|version| version.assumed),
            confirmation: done,
            summary: faults.iter().map(place).collect(),
            summary_title: lang.t("err.title"),
            in_force: view.in_force.as_ref().map(since),
            to_come: view.to_come.iter().map(since).collect(),
            next: view
                .next
                .iter()
                .map(|period| {
                    let locks = period.locks.map_or_else(|| lang.t("schedule.never"), |locks| lang.moment(locks));
                    [period_name(lang, period), lang.moment(period.opens), holiday(period), locks]
                })
                .collect(),
            versions: view
                .versions
                .iter()
                .map(|set| {
                    let who = format!("{}, {}", set.recorded_by, lang.moment(set.recorded_at));
                    [lang.day(set.version.from), said(lang, &set.version.rules), set.reason.clone(), who]
                })
                .collect(),
            may_set: view.may_set,
            cadences: ["once", "daily", "weekly", "monthly", "dates"]
                .into_iter()
                .map(|kind| Choice::new(kind, &lang.t(&format!("schedule.kind.{kind}")), Some(&typed.cadence)))
                .collect(),
            begins: view
                .can_begin
                .iter()
                .map(|day| Choice::new(&lang.day_to_type(*day), &lang.day(*day), Some(&typed.from)))
                .collect(),
            applies_to: AppliesTo {
                clauses: plan.clauses.iter().map(clause).collect(),
                areas_too: typed.areas_too,
                error: error("rules.sections"),
            },
            fields,
        }
    }
}
