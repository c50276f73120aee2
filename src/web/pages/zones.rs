//! `/vung`: which commune is green, yellow, orange or red, at any time.

use std::cmp::Reverse;

use actix_web::{HttpResponse, web::Query};
use askama::Template;
use serde::Deserialize;

use super::{
    decide::moved,
    decide_form,
    parts::{Chip, Downloads, Link, words},
    pictures::{self, Picture},
    unit_parts::basis,
    visit::{self, Visit, given, taken},
    zone_pictures::{self, Drawing, Shape},
    zone_sheets,
};
use crate::{
    charts::Width,
    domain::{
        calendar::{self, Instant},
        report::{Fault, Rule},
        zone::Colour,
    },
    usecases::{
        see_zones::{Proposal, ZoneBoard, ZoneGroup, ZoneRow, ZoneSummary, see_zones},
        zone_state::{Alert, ZoneChange},
    },
    web::{links, problem::Problem, shell::Shell, words::Lang},
};

/// What may be asked of the board.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(rename = "don-vi")]
    unit: Option<String>,
    /// A day, or a day and an hour: `20/11/2026`, `16:00 20/11/2026`.
    tai: Option<String>,
    /// `o` (tiles) or `ban-do`.
    #[serde(rename = "kieu")]
    shape: Option<String>,
    /// The records just made, how many were known before, how many were taken back.
    #[serde(rename = "da-ghi")]
    recorded: Option<String>,
    #[serde(rename = "da-co")]
    known: Option<String>,
    #[serde(rename = "da-rut")]
    withdrawn: Option<String>,
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
    hamlets: Vec<Row>,
    groups: Vec<Group>,
    changes: Vec<ChangeLine>,
    coming: Vec<ChangeLine>,
    proposals: Vec<ProposalLine>,
    may_decide: bool,
    confirmation: Option<String>,
    /// The records that can still be taken back without saying why.
    undo: Option<String>,
    picture: Option<Picture>,
    shapes: Vec<(Link, bool)>,
    png: String,
    downloads: Downloads,
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

/// A district with the distribution of its communes beside its own zone.
struct Group {
    unit: Link,
    board: String,
    own: Chip,
    counts: Vec<Counted>,
}

/// One place goes from one zone to another.
pub struct ChangeLine {
    pub unit: Link,
    pub before: Chip,
    pub after: Chip,
    pub when: String,
    /// What the committee is told: "rời vùng xanh".
    pub alert: Option<String>,
}

struct ProposalLine {
    unit: Link,
    chip: Chip,
    from: String,
    by: String,
    correct: String,
}

/// `GET`: the board.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let view = view(&visit, &asked).await?;
    visit.answer(&view, zone_sheets::board, |view| ZonesPage::new(&visit, view, &asked))
}

/// `GET /vung/chart.png`: the board's picture as a file.
pub async fn picture(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let view = view(&visit, &asked).await?;
    let drawing = drawing(&visit, &view, &asked).ok_or_else(|| Problem::not_found("picture", &view.scope.name))?;
    Ok(visit::png(pictures::file(drawing(Width::Wide))?))
}

async fn view(visit: &Visit, asked: &Asked) -> Result<ZoneBoard, Problem> {
    let at = instant(visit, asked)?;
    let unit = taken(asked.unit.as_ref());
    visit.read(move |conn, actor, _| see_zones(conn, actor, unit.as_deref(), at)).await
}

fn drawing<'a>(visit: &'a Visit, view: &ZoneBoard, asked: &Asked) -> Option<Drawing<'a>> {
    let shape = Shape::of(given(asked.shape.as_ref()));
    zone_pictures::board(visit.lang, view, &visit.state.outlines, shape)
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
        let current = Shape::of(given(asked.shape.as_ref()));
        let shell = visit.shell(&heading);
        Self {
            shell: if at.is_empty() { shell.live() } else { shell },
            heading,
            as_of: format!(
                "{} · {}",
                lang.as_of(view.at),
                lang.tr("zones.communes", &[("n", &lang.count(view.summary.total))])
            ),
            own: Chip::marked(lang, view.own.as_ref()),
            own_name: view.scope.name.clone(),
            own_since: view.own.as_ref().map(|mark| since(lang, mark.effective_from)).unwrap_or_default(),
            counts: counts(lang, &view.summary),
            changed: match view.summary.changed_this_week {
                0 => lang.t("zones.unchanged"),
                n => lang.tr("zones.changed", &[("n", &lang.count(n))]),
            },
            rows: by_risk(&view.rows).map(|row| Row::new(lang, row)).collect(),
            hamlets: view.hamlets.iter().map(|row| Row::new(lang, row)).collect(),
            groups: view.groups.iter().map(|group| Group::new(lang, group)).collect(),
            changes: view.changes.iter().map(|change| ChangeLine::new(lang, change)).collect(),
            coming: view.coming.iter().map(|change| ChangeLine::new(lang, change)).collect(),
            proposals: view.proposals.iter().map(|proposal| ProposalLine::new(lang, proposal)).collect(),
            may_decide: view.may_decide,
            confirmation: confirmation(lang, asked),
            undo: given(asked.recorded.as_ref()).filter(|_| view.may_decide).map(str::to_owned),
            picture: drawing(visit, view, asked).and_then(|draw| Picture::of(draw, false)),
            shapes: [("o", Shape::Tiles), ("ban-do", Shape::Map)]
                .map(|(code, this)| shape(lang, &filters, code, this == current))
                .into(),
            png: links::with_query("/vung/chart.png", &[filters[0], filters[1], ("kieu", &pick(&asked.shape))]),
            downloads: Downloads::of("/vung", &filters),
            unit,
            at,
        }
    }
}

fn shape(lang: Lang, filters: &[(&str, &str)], code: &str, is_here: bool) -> (Link, bool) {
    let with: Vec<(&str, &str)> = filters.iter().copied().chain([("kieu", code)]).collect();
    let label = lang.t(&format!("map.shape_{}", code.replace('-', "_")));
    (Link { href: links::with_query("/vung", &with), label }, is_here)
}

fn since(lang: Lang, at: Instant) -> String {
    lang.tr("zones.since_moment", &[("time", &lang.time(at)), ("date", &lang.day(calendar::day(at)))])
}

/// What was just done, in words.
fn confirmation(lang: Lang, asked: &Asked) -> Option<String> {
    if let Some(n) = given(asked.withdrawn.as_ref()).and_then(|n| n.parse::<usize>().ok()) {
        return Some(lang.tr("zones.withdrawn", &[("n", &lang.count(n))]));
    }
    let new = given(asked.recorded.as_ref()).and_then(decide_form::long).map_or(0, |ids| ids.len());
    let known = given(asked.known.as_ref()).and_then(|n| n.parse::<usize>().ok()).unwrap_or(0);
    let said = |key, n: usize| (n > 0).then(|| lang.tr(key, &[("n", &lang.count(n))]));
    let parts: Vec<String> = [said("zones.recorded", new), said("zones.known", known)].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn counts(lang: Lang, summary: &ZoneSummary) -> Vec<Counted> {
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

/// The most at risk first, the unclassified last; within a colour as they come.
fn by_risk(rows: &[ZoneRow]) -> impl Iterator<Item = &ZoneRow> {
    let mut rows: Vec<&ZoneRow> = rows.iter().collect();
    rows.sort_by_key(|row| Reverse(row.state.as_ref().map(|state| state.colour)));
    rows.into_iter()
}

impl Row {
    fn new(lang: Lang, row: &ZoneRow) -> Self {
        let change = match (row.change(), row.state.is_some(), row.week_before.is_some()) {
            (Some(levels), ..) => moved(lang, levels),
            (None, false, false) => lang.t("zones.same"),
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

impl Group {
    fn new(lang: Lang, group: &ZoneGroup) -> Self {
        Self {
            unit: Link::to(&group.unit),
            board: links::with_query("/vung", &[("don-vi", &group.unit.code)]),
            own: Chip::marked(lang, group.own.as_ref()),
            counts: counts(lang, &group.summary),
        }
    }
}

impl ChangeLine {
    /// A change to show.
    pub fn new(lang: Lang, change: &ZoneChange) -> Self {
        let at = change.to.effective_from;
        let key = if change.alert == Some(Alert::Coming) { "zones.effective" } else { "zones.since_moment" };
        Self {
            unit: Link::to(&change.unit),
            before: Chip::marked(lang, change.from.as_ref()),
            after: Chip::marked(lang, Some(&change.to)),
            when: lang.tr(key, &[("time", &lang.time(at)), ("date", &lang.day(calendar::day(at)))]),
            alert: change.alert.map(|alert| lang.t(&format!("alert.{alert}"))),
        }
    }
}

impl ProposalLine {
    fn new(lang: Lang, proposal: &Proposal) -> Self {
        let decision = &proposal.state.decision;
        Self {
            unit: Link::to(&proposal.unit),
            chip: Chip::of(lang, Some(&proposal.state)),
            from: lang.moment(decision.effective_from),
            by: decision.recorded_by.clone(),
            correct: links::with_query("/vung/ghi-nhan", &[("sua", &decision.id.to_string())]),
        }
    }
}
