//! `/vung/ghi-nhan`: health staff record a zone decision or a proposal.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::{Form, Query},
};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use super::{
    parts::{Chip, Choice, Link, words},
    visit::Visit,
};
use crate::{
    domain::{
        calendar::{self, Instant},
        zone::Scheme,
    },
    usecases::{
        UseCaseError,
        decide_zone::{ZoneDecision, decide_zone},
        see_zones::{ZoneBoard, schemes, see_zones},
    },
    web::{links, messages, problem::Problem, shell::Shell, words::Lang},
};

/// What was typed; blank where it is not known yet.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    #[serde(rename = "don-vi")]
    unit: String,
    #[serde(rename = "thang")]
    scheme: String,
    #[serde(rename = "muc")]
    level: String,
    #[serde(rename = "ngay")]
    day: String,
    #[serde(rename = "gio")]
    time: String,
    #[serde(rename = "so")]
    number: String,
    #[serde(rename = "ngay-qd")]
    dated: String,
    #[serde(rename = "co-quan")]
    issuer: String,
    #[serde(rename = "ghi-chu")]
    note: String,
}

#[derive(Template)]
#[template(path = "decide.html", config = "dashboards/askama.toml")]
struct DecidePage {
    shell: Shell,
    heading: String,
    typed: Typed,
    errors: Errors,
    summary: Vec<Link>,
    units: Vec<Choice>,
    scheme: String,
    /// The other schemes, for papers of their time.
    others: Vec<Link>,
    levels: Vec<LevelChoice>,
}

struct LevelChoice {
    id: String,
    value: i32,
    chip: Chip,
    name: String,
    is_chosen: bool,
}

/// What is wrong, by input.
#[derive(Debug, Default)]
struct Errors(Vec<(&'static str, String)>);

impl Errors {
    /// The words beside an input.
    fn of(&self, input: &str) -> Option<&str> {
        self.0.iter().find(|(of, _)| *of == input).map(|(_, text)| text.as_str())
    }

    fn add(&mut self, input: &'static str, text: String) {
        self.0.push((input, text));
    }
}

/// `GET`: the empty form.
pub async fn show(visit: Visit, Query(mut typed): Query<Typed>) -> Result<HttpResponse, Problem> {
    let board = board(&visit).await?;
    let now = visit.now;
    if typed.day.is_empty() {
        typed.day = visit.lang.day_to_type(calendar::day(now));
        typed.time = visit.lang.time(now);
    }
    visit.page(&DecidePage::new(&visit, &board, typed, Errors::default()))
}

/// `POST`: records it and goes back to the board.
pub async fn create(visit: Visit, Form(typed): Form<Typed>) -> Result<HttpResponse, Problem> {
    let decision = match read(visit.lang, &typed, visit.now) {
        Ok(decision) => decision,
        Err(errors) => return refused(&visit, typed, errors).await,
    };
    let is_proposal = decision.decision_number.trim().is_empty();
    let unit = decision.unit.clone();
    let recorded = visit.state.store.write({
        let (actor, now) = (visit.actor.clone(), visit.now);
        move |conn| decide_zone(conn, &actor, &decision, now)
    });
    match recorded.await {
        Ok(_) => {
            let to = links::with_query("/vung", &[("da-ghi", &unit), ("de-xuat", if is_proposal { "1" } else { "" })]);
            Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, to)).finish())
        }
        Err(UseCaseError::Invalid(faults)) => {
            let mut errors = Errors::default();
            for fault in &faults {
                errors.add(input_of(&fault.field), messages::fault(visit.lang, None, fault));
            }
            refused(&visit, typed, errors).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn refused(visit: &Visit, typed: Typed, errors: Errors) -> Result<HttpResponse, Problem> {
    let board = board(visit).await?;
    let mut answer = visit.page(&DecidePage::new(visit, &board, typed, errors))?;
    *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(answer)
}

/// The communes one may decide on; whoever may not is told so before typing anything.
async fn board(visit: &Visit) -> Result<ZoneBoard, Problem> {
    let board = visit.read(|conn, actor, now| see_zones(conn, actor, None, now)).await?;
    if board.may_decide { Ok(board) } else { Err(UseCaseError::NotAllowed.into()) }
}

/// What was typed as a decision, or everything that cannot be read.
fn read(lang: Lang, typed: &Typed, now: Instant) -> Result<ZoneDecision, Errors> {
    let mut errors = Errors::default();
    let example = lang.day_to_type(calendar::day(now));
    let not_a_day = |key: &str, given: &str| lang.tr(key, &[("given", given), ("example", &example)]);
    if typed.unit.trim().is_empty() {
        errors.add("don-vi", lang.t("decide.need_unit"));
    }
    let level = typed.level.trim().parse::<i32>().ok();
    if level.is_none() {
        errors.add("muc", lang.t("decide.need_level"));
    }
    let (day, time) = (calendar::parse_day(&typed.day), calendar::parse_time(&typed.time));
    if day.is_none() {
        errors.add("ngay", not_a_day("decide.bad_day", &typed.day));
    }
    if time.is_none() {
        errors.add("gio", lang.tr("entry.bad_time", &[("given", &typed.time)]));
    }
    let dated: Option<NaiveDate> = calendar::parse_day(&typed.dated);
    if dated.is_none() && !typed.dated.trim().is_empty() {
        errors.add("ngay-qd", not_a_day("decide.bad_dated", &typed.dated));
    }
    if !typed.number.trim().is_empty() && typed.issuer.trim().is_empty() {
        errors.add("co-quan", lang.t("decide.need_issuer"));
    }
    match (level, day, time) {
        (Some(level), Some(day), Some(time)) if errors.0.is_empty() => Ok(ZoneDecision {
            unit: typed.unit.trim().to_owned(),
            scheme: typed.scheme.clone(),
            level,
            effective_from: calendar::instant(day.and_time(time)),
            decision_number: typed.number.clone(),
            decision_issuer: typed.issuer.clone(),
            decision_date: dated,
            note: typed.note.clone(),
        }),
        _ => Err(errors),
    }
}

/// The input a fault of the use case speaks of.
fn input_of(field: &str) -> &'static str {
    match field {
        "level" | "scheme" => "muc",
        "effective_from" => "ngay",
        "decision_number" => "so",
        "decision_issuer" => "co-quan",
        "decision_date" => "ngay-qd",
        "note" => "ghi-chu",
        _ => "don-vi",
    }
}

impl DecidePage {
    fn new(visit: &Visit, board: &ZoneBoard, mut typed: Typed, errors: Errors) -> Self {
        let lang = visit.lang;
        let heading = lang.t("decide.title");
        let shell = visit.shell(&heading);
        let scheme = chosen(&typed.scheme);
        typed.scheme = scheme.map(|scheme| scheme.code.clone()).unwrap_or_default();
        let none = Choice::new("", &lang.t("decide.choose"), Some(typed.unit.as_str()));
        let units = board.rows.iter().map(|row| Choice::new(&row.unit.code, &row.unit.name, Some(typed.unit.as_str())));
        let link = |(input, text): &(&'static str, String)| {
            let id = if *input == "muc" { "muc-1" } else { input };
            Link { href: format!("#{id}"), label: text.clone() }
        };
        Self {
            shell: if errors.0.is_empty() { shell } else { shell.with_errors() },
            heading,
            summary: errors.0.iter().map(link).collect(),
            units: std::iter::once(none).chain(units).collect(),
            scheme: scheme.map(|scheme| scheme.decision.clone()).unwrap_or_default(),
            others: schemes()
                .iter()
                .filter(|other| other.code != typed.scheme)
                .map(|other| Link {
                    href: links::with_query("/vung/ghi-nhan", &[("thang", &other.code), ("don-vi", &typed.unit)]),
                    label: other.decision.clone(),
                })
                .collect(),
            levels: scheme.map(|scheme| levels(lang, scheme, &typed.level)).unwrap_or_default(),
            typed,
            errors,
        }
    }
}

/// The scheme asked for, or the one that came last.
fn chosen(code: &str) -> Option<&'static Scheme> {
    schemes().iter().find(|scheme| scheme.code == code).or_else(|| schemes().last())
}

fn levels(lang: Lang, scheme: &Scheme, current: &str) -> Vec<LevelChoice> {
    let choice = |(i, level): (usize, &crate::domain::zone::Level)| LevelChoice {
        id: format!("muc-{}", i + 1),
        value: level.level,
        chip: Chip::coloured(lang, Some(level.colour)),
        name: words(lang, &level.words()).to_owned(),
        is_chosen: level.level.to_string() == current,
    };
    scheme.levels.iter().enumerate().map(choice).collect()
}
