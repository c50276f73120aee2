//! `/vung`: which commune is green, yellow, orange or red, at any time.

use actix_web::{HttpResponse, web::Query};
use askama::Template;
use serde::Deserialize;

use super::{
    parts::{Chip, Link, words},
    sheets,
    unit_parts::basis,
    visit::{Visit, given, taken},
};
use crate::{
    domain::{
        calendar::{self, Instant},
        report::{Fault, Rule},
        zone::Colour,
    },
    usecases::see_zones::{Coming, ZoneBoard, ZoneRow, see_zones},
    web::{links, problem::Problem, shell::Shell, words::Lang},
};

/// What may be asked of the board.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(rename = "don-vi")]
    unit: Option<String>,
    /// A day, or a day and an hour: `20/11/2026`, `16:00 20/11/2026`.
    tai: Option<String>,
    /// The place a decision was just recorded for.
    #[serde(rename = "da-ghi")]
    recorded: Option<String>,
    /// Whether it was only a proposal.
    #[serde(rename = "de-xuat")]
    proposed: Option<String>,
}

#[derive(Template)]
#[template(path = "zones.html", config = "dashboards/askama.toml")]
struct ZonesPage {
    shell: Shell,
    heading: String,
    as_of: String,
    unit: String,
    at: String,
    own: Chip,
    own_name: String,
    own_since: String,
    counts: Vec<Counted>,
    changed: String,
    rows: Vec<Row>,
    coming: Vec<ComingLine>,
    may_decide: bool,
    confirmation: Option<String>,
    json: String,
    csv: String,
}

struct Counted {
    chip: Chip,
    count: String,
    percent: String,
}

struct Row {
    unit: Link,
    chip: Chip,
    level: String,
    since: String,
    basis: String,
    change: String,
}

struct ComingLine {
    unit: Link,
    chip: Chip,
    from: String,
}

/// `GET`: the board.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let at = instant(&visit, &asked)?;
    let unit = taken(asked.unit.as_ref());
    let view = visit.read(move |conn, actor, _| see_zones(conn, actor, unit.as_deref(), at)).await?;
    visit.answer(&view, sheets::zones, |view| ZonesPage::new(&visit, view, &asked))
}

/// The instant asked for; of a day alone its end, or now if that is earlier.
fn instant(visit: &Visit, asked: &Asked) -> Result<Instant, Problem> {
    let Some(text) = given(asked.tai.as_ref()) else { return Ok(visit.now) };
    let words: Vec<&str> = text.split([' ', 'T']).filter(|word| !word.is_empty()).collect();
    let day = words.iter().find_map(|word| calendar::parse_day(word));
    let time = words.iter().find_map(|word| calendar::parse_time(word));
    let example = visit.lang.moment(visit.now);
    let wrong = || Problem::invalid(vec![Fault::of_report("effective_from", Rule::NotADate, text, Some(example))]);
    match (day, time, words.len()) {
        (Some(day), Some(time), 2) => Ok(calendar::instant(day.and_time(time))),
        (Some(day), None, 1) if day == calendar::day(visit.now) => Ok(visit.now),
        (Some(day), None, 1) => Ok(calendar::end_of(day) - chrono::Duration::minutes(1)),
        _ => Err(wrong()),
    }
}

impl ZonesPage {
    fn new(visit: &Visit, view: &ZoneBoard, asked: &Asked) -> Self {
        let lang = visit.lang;
        let heading = lang.tr("zones.title", &[("place", &view.scope.name)]);
        let pick = |typed: &Option<String>| taken(typed.as_ref()).unwrap_or_default();
        let (unit, at) = (pick(&asked.unit), pick(&asked.tai));
        let filters = [("don-vi", unit.as_str()), ("tai", at.as_str())];
        let shell = visit.shell(&heading);
        let recorded =
            given(asked.recorded.as_ref()).and_then(|code| view.rows.iter().find(|row| row.unit.code == code));
        let key = if asked.proposed.is_some() { "zones.proposed_for" } else { "zones.recorded_for" };
        Self {
            shell: if at.is_empty() { shell.live() } else { shell },
            heading,
            as_of: format!(
                "{} · {}",
                lang.as_of(view.at),
                lang.tr("zones.communes", &[("n", &lang.count(view.summary.total))])
            ),
            own: Chip::of(lang, view.own.as_ref()),
            own_name: view.scope.name.clone(),
            own_since: view.own.as_ref().map(|state| since(lang, state.decision.effective_from)).unwrap_or_default(),
            counts: counts(lang, view),
            changed: match view.summary.changed_this_week {
                0 => lang.t("zones.unchanged"),
                n => lang.tr("zones.changed", &[("n", &lang.count(n))]),
            },
            rows: view.rows.iter().map(|row| Row::new(lang, row)).collect(),
            coming: view.coming.iter().map(|coming| ComingLine::new(lang, coming)).collect(),
            may_decide: view.may_decide,
            confirmation: recorded.map(|row| lang.tr(key, &[("unit", &row.unit.name)])),
            json: links::with_query("/vung.json", &filters),
            csv: links::with_query("/vung.csv", &filters),
            unit,
            at,
        }
    }
}

fn since(lang: Lang, at: Instant) -> String {
    lang.tr("zones.since_moment", &[("time", &lang.time(at)), ("date", &lang.day(calendar::day(at)))])
}

fn counts(lang: Lang, view: &ZoneBoard) -> Vec<Counted> {
    let summary = &view.summary;
    let counted = |colour: Option<Colour>, count: usize| {
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let rate = crate::domain::rate::Rate::new(number(count), number(summary.total));
        let percent = lang.rate(rate).map(|percent| format!("({percent})")).unwrap_or_default();
        Counted { chip: Chip::coloured(lang, colour), count: lang.count(count), percent }
    };
    Colour::ALL
        .iter()
        .map(|colour| counted(Some(*colour), summary.counts.get(colour).copied().unwrap_or(0)))
        .chain([counted(None, summary.unclassified)])
        .collect()
}

impl Row {
    fn new(lang: Lang, row: &ZoneRow) -> Self {
        let change = match (row.change(), row.state.is_some(), row.week_before.is_some()) {
            (Some(0), ..) | (None, false, false) => lang.t("zones.same"),
            (Some(n @ 1..), ..) => lang.tr("zones.up", &[("n", &lang.number(n.into()))]),
            (Some(n), ..) => lang.tr("zones.down", &[("n", &lang.number((-n).into()))]),
            (None, true, false) => lang.t("zones.new"),
            (None, ..) => lang.t("zones.other_scheme"),
        };
        Self {
            unit: Link::to(&row.unit),
            chip: Chip::of(lang, row.state.as_ref()),
            level: row.state.as_ref().map(|state| words(lang, &state.name).to_owned()).unwrap_or_default(),
            since: row.state.as_ref().map(|state| lang.moment(state.decision.effective_from)).unwrap_or_default(),
            basis: row.state.as_ref().map(|state| basis(lang, state)).unwrap_or_default(),
            change,
        }
    }
}

impl ComingLine {
    fn new(lang: Lang, coming: &Coming) -> Self {
        let at = coming.state.decision.effective_from;
        Self {
            unit: Link::to(&coming.unit),
            chip: Chip::of(lang, Some(&coming.state)),
            from: lang.tr("zones.effective", &[("time", &lang.time(at)), ("date", &lang.day(calendar::day(at)))]),
        }
    }
}
