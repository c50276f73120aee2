//! `/lich-bao-cao`: when reports are asked for; the office sets it for periods to come.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::{Form, Query},
};
use askama::Template;
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use super::{
    completeness::period_name,
    parts::{Choice, Link},
    visit::Visit,
};
use crate::{
    domain::{
        calendar,
        report::{Fault, Rule},
        schedule::{Cadence, Rules, Version},
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

/// Rules as they were typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Typed {
    #[serde(rename = "nhip", default)]
    cadence: String,
    /// Weekday the week is due on, or days from the end of a month.
    #[serde(rename = "han", default)]
    due: String,
    #[serde(rename = "gio", default)]
    time: String,
    #[serde(rename = "an-han", default)]
    grace: String,
    #[serde(rename = "chot", default)]
    lock: String,
    #[serde(rename = "cac-ngay", default)]
    dates: String,
    #[serde(rename = "nghi", default)]
    holidays: String,
    #[serde(rename = "tu", default)]
    from: String,
    #[serde(rename = "ly-do", default)]
    reason: String,
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
    fields: Vec<Field>,
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
    let typed = view.in_force.as_ref().map(|version| typed(&visit, version)).unwrap_or_default();
    visit.page(&SchedulePage::new(&visit, &view, &typed, &[], asked.done.is_some()))
}

async fn view(visit: &Visit) -> Result<ScheduleView, Problem> {
    let plan = visit.plan()?;
    visit.read(move |conn, actor, now| see_schedule(conn, actor, &plan, now)).await
}

/// `POST`: sets it.
pub async fn set(visit: Visit, Form(given): Form<Typed>) -> Result<HttpResponse, Problem> {
    let plan = visit.plan()?;
    let before = plan.timetable.version(calendar::day(visit.now)).map(|version| version.rules.clone());
    let faults = match read(&given, before) {
        Err(faults) => faults,
        Ok((from, rules)) => {
            let (actor, now, reason) = (visit.actor.clone(), visit.now, given.reason.clone());
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
    let mut answer = visit.page(&SchedulePage::new(&visit, &view(&visit).await?, &given, &faults, false))?;
    *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(answer)
}

/// Rules as a person would type them.
fn typed(visit: &Visit, version: &Version) -> Typed {
    let lang = visit.lang;
    let rules = &version.rules;
    let days = |days: &mut dyn Iterator<Item = NaiveDate>| {
        days.map(|day| lang.day_to_type(day)).collect::<Vec<_>>().join(", ")
    };
    let (cadence, dates) = match &rules.cadence {
        Cadence::Once { on } => ("once", days(&mut std::iter::once(*on))),
        Cadence::Daily => ("daily", String::new()),
        Cadence::Weekly { .. } => ("weekly", String::new()),
        Cadence::Monthly { .. } => ("monthly", String::new()),
        Cadence::Dates { on } => ("dates", days(&mut on.iter().copied())),
    };
    Typed {
        cadence: cadence.to_owned(),
        due: rules.due_days.to_string(),
        time: rules.due_time.format("%H:%M").to_string(),
        grace: rules.grace_hours.to_string(),
        lock: rules.lock_days.map(|days| days.to_string()).unwrap_or_default(),
        dates,
        holidays: days(&mut rules.holidays.iter().copied()),
        from: String::new(),
        reason: String::new(),
    }
}

/// What was typed as rules, or everything that is wrong with it. What the form does not ask stays as it was.
fn read(typed: &Typed, before: Option<Rules>) -> Result<(NaiveDate, Rules), Vec<Fault>> {
    let mut faults = Vec::new();
    let mut days = |field: &str, text: &str| {
        let parts = text.split([',', ';', '\n']).map(str::trim).filter(|part| !part.is_empty());
        let mut read = Vec::new();
        for part in parts {
            match calendar::parse_day(part) {
                Some(day) => read.push(day),
                None => faults.push(Fault::of_report(field, Rule::NotADate, part, Some("30/04/2026".to_owned()))),
            }
        }
        read
    };
    let dates = days("dates", &typed.dates);
    let holidays = days("holidays", &typed.holidays);
    let mut number = |field: &str, text: &str| {
        let text = text.trim();
        let read = if text.is_empty() { Ok(0) } else { text.parse::<i16>() };
        read.unwrap_or_else(|_| {
            faults.push(Fault::of_report(field, Rule::NotWhole, text, None));
            0
        })
    };
    let due_days = number("due", &typed.due);
    let grace = number("grace", &typed.grace);
    let lock = (!typed.lock.trim().is_empty()).then(|| number("lock", &typed.lock));
    let mut positive = |field: &str, n: i16| {
        u16::try_from(n).unwrap_or_else(|_| {
            faults.push(Fault::of_report(field, Rule::Negative, n.to_string(), None));
            0
        })
    };
    let grace_hours = positive("grace", grace);
    let lock_days = lock.map(|days| positive("lock", days));
    let (starts_week, starts_month) = match before.as_ref().map(|rules| &rules.cadence) {
        Some(Cadence::Weekly { starts }) => (*starts, 1),
        Some(Cadence::Monthly { starts }) => (1, *starts),
        _ => (1, 1),
    };
    let cadence = match typed.cadence.as_str() {
        "once" => dates.first().map(|on| Cadence::Once { on: *on }),
        "daily" => Some(Cadence::Daily),
        "monthly" => Some(Cadence::Monthly { starts: starts_month }),
        "dates" => Some(Cadence::Dates { on: dates }),
        _ => Some(Cadence::Weekly { starts: starts_week }),
    };
    let time = calendar::parse_time(&typed.time);
    if time.is_none() {
        faults.push(Fault::of_report("time", Rule::NotADate, &typed.time, Some("16:00".to_owned())));
    }
    let from = calendar::parse_day(&typed.from);
    if from.is_none() {
        faults.push(Fault::of_report("valid_from", Rule::NotADate, &typed.from, Some("30/11/2026".to_owned())));
    }
    if cadence.is_none() {
        faults.push(Fault::of_report("dates", Rule::NotADate, "", Some("30/04/2026".to_owned())));
    }
    match (from, cadence, time) {
        (Some(from), Some(cadence), Some(due_time)) if faults.is_empty() => {
            let (sections, areas_too) = before.map_or((Vec::new(), false), |rules| (rules.sections, rules.areas_too));
            let holidays = holidays.into_iter().collect();
            let rules = Rules { cadence, due_days, due_time, grace_hours, lock_days, holidays, sections, areas_too };
            Ok((from, rules))
        }
        _ => Err(faults),
    }
}

/// Rules in words: "Hằng tuần, hạn 16:00 Thứ Sáu; không ân hạn; không chốt".
fn said(lang: Lang, rules: &Rules) -> String {
    let time = rules.due_time.format("%H:%M").to_string();
    let number = |n: i64| lang.number(n);
    let when = match &rules.cadence {
        Cadence::Weekly { starts } if (-6..=0).contains(&rules.due_days) => {
            let weekday = (i64::from(*starts) + 5 + i64::from(rules.due_days)).rem_euclid(7) + 1;
            lang.tr("schedule.weekly", &[("day", &lang.t(&format!("weekday.{weekday}"))), ("time", &time)])
        }
        cadence => {
            let kind = match cadence {
                Cadence::Once { .. } => "once",
                Cadence::Daily => "daily",
                Cadence::Weekly { .. } => "weekly",
                Cadence::Monthly { .. } => "monthly",
                Cadence::Dates { .. } => "dates",
            };
            let kind = lang.t(&format!("schedule.kind.{kind}"));
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
    format!("{when}; {grace}; {lock}")
}

impl SchedulePage {
    fn new(visit: &Visit, view: &ScheduleView, typed: &Typed, faults: &[Fault], done: bool) -> Self {
        let lang = visit.lang;
        let heading = lang.t("nav.schedule");
        let shell = visit.shell(&heading).illustrative(view.plan.is_illustrative);
        let field = |id: &'static str, name: &str, value: &str| Field {
            id,
            label: lang.t(&format!("schedule.field.{name}")),
            hint: lang.t(&format!("schedule.hint.{name}")),
            is_short: ["due", "time", "grace", "lock"].contains(&name),
            value: value.to_owned(),
            error: faults.iter().find(|fault| fault.field == name).map(|fault| messages::fault(lang, None, fault)),
        };
        let fields = vec![
            field("han", "due", &typed.due),
            field("gio", "time", &typed.time),
            field("an-han", "grace", &typed.grace),
            field("chot", "lock", &typed.lock),
            field("cac-ngay", "dates", &typed.dates),
            field("nghi", "holidays", &typed.holidays),
            field("ly-do", "reason", &typed.reason),
        ];
        let place = |fault: &Fault| {
            let of = fields.iter().find(|field| {
                field.error.is_some() && field.label == lang.t(&format!("schedule.field.{}", fault.field))
            });
            let id = of.map_or("tu", |field| field.id);
            Link { href: format!("#{id}"), label: messages::fault(lang, None, fault) }
        };
        let since = |version: &Version| {
            let from = lang.day(version.from);
            lang.tr("schedule.since", &[("from", &from), ("rules", &said(lang, &version.rules))])
        };
        let holiday = |period: &crate::domain::schedule::Period| {
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
            fields,
        }
    }
}
