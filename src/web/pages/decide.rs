//! `/vung/ghi-nhan`: health staff record a zone decision or a proposal for one place or many, after seeing what it
//! changes; correct a record, or take it back.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::{Form, Query},
};
use askama::Template;
use serde::Deserialize;

use super::{
    decide_form::{self, Errors, Typed, input_of},
    parts::{Chip, Link, words},
    unit_parts::ZoneLine,
    visit::Visit,
};
use crate::{
    domain::{
        calendar,
        report::{Fault, Rule},
        zone::Scheme,
    },
    usecases::{
        UseCaseError,
        decide_zones::{Check, Clash, check_zones, decide_zones},
        see_zones::{ZoneBoard, see_decision, see_zones},
        withdraw_zones::withdraw_zones,
        zone_state::schemes,
    },
    web::{links, messages, problem::Problem, shell::Shell, words::Lang},
};

/// The fields of a form or a query, names repeated where several places are ticked.
type Fields = Vec<(String, String)>;

#[derive(Template)]
#[template(path = "decide.html", config = "dashboards/askama.toml")]
struct DecidePage {
    shell: Shell,
    heading: String,
    typed: Typed,
    errors: Errors,
    summary: Vec<Link>,
    units: Vec<Tick>,
    scheme: String,
    /// The other schemes, for papers of their time.
    others: Vec<Link>,
    levels: Vec<LevelChoice>,
    /// The record that is corrected.
    corrected: Option<ZoneLine>,
}

struct Tick {
    code: String,
    name: String,
    chip: Chip,
    is_ticked: bool,
}

struct LevelChoice {
    id: String,
    value: i32,
    chip: Chip,
    name: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "decide_check.html", config = "dashboards/askama.toml")]
struct CheckPage {
    shell: Shell,
    heading: String,
    /// Others recorded meanwhile; what they recorded.
    clashes: Vec<(String, Vec<ZoneLine>)>,
    is_official: bool,
    from: String,
    basis: String,
    note: String,
    reason: String,
    lines: Vec<EffectLine>,
    /// Whether anything will be recorded.
    has_new: bool,
    carried: Vec<(&'static str, String)>,
    back: String,
}

struct EffectLine {
    unit: String,
    before: Chip,
    after: Chip,
    said: String,
}

/// `GET`: the form; empty, or with a record to be corrected.
pub async fn show(visit: Visit, Query(fields): Query<Fields>) -> Result<HttpResponse, Problem> {
    let mut typed = Typed::of(fields);
    let board = board(&visit).await?;
    if let (Ok(id), true) = (typed.corrects.parse::<i64>(), typed.level.is_empty()) {
        let (unit, state) = visit.read(move |conn, actor, _| see_decision(conn, actor, id)).await?;
        typed = Typed::of_record(visit.lang, &unit.code, &state);
    }
    if typed.day.is_empty() {
        typed.day = visit.lang.day_to_type(calendar::day(visit.now));
        typed.time = visit.lang.time(visit.now);
    }
    form(&visit, &board, typed, Errors::default()).await
}

/// `POST /vung/ghi-nhan/kiem-tra`: what the decision would change; records nothing.
pub async fn check(visit: Visit, Form(fields): Form<Fields>) -> Result<HttpResponse, Problem> {
    let typed = Typed::of(fields);
    let ruling = match typed.read(visit.lang, visit.now) {
        Ok(ruling) => ruling,
        Err(errors) => return refused(&visit, typed, errors).await,
    };
    let checked = {
        let (actor, now, ruling) = (visit.actor.clone(), visit.now, ruling.clone());
        visit.state.store.read(move |conn| check_zones(conn, &actor, &ruling, now)).await
    };
    match checked {
        Ok(check) => visit.page(&CheckPage::new(&visit, &typed, &check, &[])),
        Err(UseCaseError::Invalid(faults)) => refused(&visit, typed, errors(visit.lang, &faults)).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST`: records it and goes back to the board; where others recorded meanwhile, both versions are shown first.
pub async fn create(visit: Visit, Form(fields): Form<Fields>) -> Result<HttpResponse, Problem> {
    let typed = Typed::of(fields);
    let ruling = match typed.read(visit.lang, visit.now) {
        Ok(ruling) => ruling,
        Err(errors) => return refused(&visit, typed, errors).await,
    };
    let recorded = visit.state.store.write({
        let (actor, now, ruling) = (visit.actor.clone(), visit.now, ruling.clone());
        move |conn| decide_zones(conn, &actor, &ruling, now)
    });
    match recorded.await {
        Ok(decided) => {
            let values = [
                ("da-ghi", decide_form::short(&decided.decisions)),
                ("da-co", if decided.unchanged > 0 { decided.unchanged.to_string() } else { String::new() }),
            ];
            let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            Ok(to(&links::with_query("/vung", &values)))
        }
        Err(UseCaseError::ZonesClash(clashes)) => {
            let check = visit.read(move |conn, actor, now| check_zones(conn, actor, &ruling, now)).await?;
            let mut answer = visit.page(&CheckPage::new(&visit, &typed, &check, &clashes))?;
            *answer.status_mut() = StatusCode::CONFLICT;
            Ok(answer)
        }
        Err(UseCaseError::Invalid(faults)) => refused(&visit, typed, errors(visit.lang, &faults)).await,
        Err(error) => Err(error.into()),
    }
}

/// Which records are taken back, and why.
#[derive(Debug, Deserialize)]
pub struct Withdrawal {
    #[serde(rename = "ban-ghi")]
    ids: String,
    #[serde(rename = "ly-do", default)]
    reason: String,
}

/// `POST /vung/rut-lai`: takes records back.
pub async fn withdraw(visit: Visit, Form(given): Form<Withdrawal>) -> Result<HttpResponse, Problem> {
    let fault = || Problem::invalid(vec![Fault::of_report("corrects", Rule::Unknown, given.ids.clone(), None)]);
    let ids = decide_form::long(&given.ids).ok_or_else(fault)?;
    let done = visit.write(move |conn, actor, now| withdraw_zones(conn, actor, &ids, &given.reason, now)).await?;
    Ok(to(&links::with_query("/vung", &[("da-rut", &done.decisions.len().to_string())])))
}

fn to(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish()
}

fn errors(lang: Lang, faults: &[Fault]) -> Errors {
    let mut errors = Errors::default();
    for fault in faults {
        errors.add(input_of(&fault.field), messages::fault(lang, None, fault));
    }
    errors
}

async fn refused(visit: &Visit, typed: Typed, errors: Errors) -> Result<HttpResponse, Problem> {
    let board = board(visit).await?;
    let mut answer = form(visit, &board, typed, errors).await?;
    *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(answer)
}

async fn form(visit: &Visit, board: &ZoneBoard, typed: Typed, errors: Errors) -> Result<HttpResponse, Problem> {
    let corrected = match typed.corrects.parse::<i64>() {
        Ok(id) => Some(visit.read(move |conn, actor, _| see_decision(conn, actor, id)).await?.1),
        Err(_) => None,
    };
    let corrected = corrected.map(|state| ZoneLine::new(visit.lang, &state, false));
    visit.page(&DecidePage::new(visit, board, typed, errors, corrected))
}

/// The places one may decide on; whoever may not is told so before typing anything.
async fn board(visit: &Visit) -> Result<ZoneBoard, Problem> {
    let board = visit.read(|conn, actor, now| see_zones(conn, actor, None, now)).await?;
    if board.may_decide { Ok(board) } else { Err(UseCaseError::NotAllowed.into()) }
}

impl DecidePage {
    fn new(visit: &Visit, board: &ZoneBoard, mut typed: Typed, errors: Errors, corrected: Option<ZoneLine>) -> Self {
        let lang = visit.lang;
        let heading = lang.t(if corrected.is_some() { "decide.correct" } else { "decide.title" });
        let shell = visit.shell(&heading);
        let scheme = chosen(&typed.scheme);
        typed.scheme = scheme.map(|scheme| scheme.code.clone()).unwrap_or_default();
        let is_ticked = |code: &String| typed.units.contains(code);
        let of_rows =
            board.rows.iter().chain(&board.hamlets).map(|row| (&row.unit, Chip::of(lang, row.state.as_ref())));
        let of_groups = board.groups.iter().map(|group| (&group.unit, Chip::marked(lang, group.own.as_ref())));
        let own = [(&board.scope, Chip::marked(lang, board.own.as_ref()))];
        let units = of_rows
            .chain(of_groups)
            .chain(own)
            .filter(|(unit, _)| corrected.is_none() || is_ticked(&unit.code))
            .map(|(unit, chip)| Tick {
                code: unit.code.clone(),
                name: unit.name.clone(),
                is_ticked: is_ticked(&unit.code),
                chip,
            })
            .collect();
        let link = |(input, text): &(&'static str, String)| {
            let id = if *input == "muc" { "muc-1" } else { input };
            Link { href: format!("#{id}"), label: text.clone() }
        };
        let carried: Vec<(&str, &str)> =
            typed.carried().into_iter().filter(|(name, _)| !["thang", "muc"].contains(name)).collect();
        let other = |other: &Scheme| {
            let with: Vec<(&str, &str)> =
                std::iter::once(("thang", other.code.as_str())).chain(carried.iter().copied()).collect();
            Link { href: links::with_query("/vung/ghi-nhan", &with), label: other.decision.clone() }
        };
        let others = schemes().iter().filter(|scheme| scheme.code != typed.scheme).map(other).collect();
        Self {
            shell: if errors.0.is_empty() { shell } else { shell.with_errors() },
            heading,
            summary: errors.0.iter().map(link).collect(),
            units,
            scheme: scheme.map(|scheme| scheme.decision.clone()).unwrap_or_default(),
            others,
            levels: scheme.map(|scheme| levels(lang, scheme, &typed.level)).unwrap_or_default(),
            corrected,
            typed,
            errors,
        }
    }
}

impl CheckPage {
    fn new(visit: &Visit, typed: &Typed, check: &Check, clashes: &[Clash]) -> Self {
        let lang = visit.lang;
        let heading = lang.t(if clashes.is_empty() { "decide.check" } else { "decide.clash" });
        let mut carried: Vec<(&'static str, String)> =
            typed.carried().into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        carried.extend(check.places.iter().map(|place| ("thay", format!("{}:{}", place.unit.code, place.seen))));
        let line = |place: &crate::usecases::decide_zones::Effect| EffectLine {
            unit: place.unit.name.clone(),
            before: Chip::marked(lang, place.before.as_ref()),
            after: Chip { is_proposed: !check.is_official, ..Chip::marked(lang, Some(&place.after)) },
            said: match (place.is_known, &place.before) {
                (true, _) => lang.t("decide.known"),
                (_, Some(before)) if before.scheme != place.after.scheme => lang.t("zones.other_scheme"),
                (_, Some(before)) => moved(lang, place.after.level - before.level),
                (_, None) => lang.t("zones.new"),
            },
        };
        let dated = calendar::parse_day(&typed.dated).map(|day| lang.tr("zones.dated", &[("date", &lang.day(day))]));
        let basis = [Some(typed.number.trim().to_owned()), Some(typed.issuer.trim().to_owned()), dated];
        let back: Vec<(&str, &str)> = typed.carried();
        Self {
            shell: visit.shell(&heading),
            heading,
            clashes: clashes
                .iter()
                .map(|clash| {
                    let lines = clash.records.iter().map(|state| ZoneLine::new(lang, state, false)).collect();
                    (clash.unit.name.clone(), lines)
                })
                .collect(),
            is_official: check.is_official,
            from: format!("{} {}", typed.time, typed.day),
            basis: basis.into_iter().flatten().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", "),
            note: typed.note.clone(),
            reason: typed.reason.clone(),
            lines: check.places.iter().map(line).collect(),
            has_new: check.places.iter().any(|place| !place.is_known),
            carried,
            back: links::with_query("/vung/ghi-nhan", &back),
        }
    }
}

/// "tăng 1 mức".
pub fn moved(lang: Lang, levels: i32) -> String {
    match levels {
        0 => lang.t("zones.same"),
        1.. => lang.tr("zones.up", &[("n", &lang.number(levels.into()))]),
        _ => lang.tr("zones.down", &[("n", &lang.number((-levels).into()))]),
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
