//! `/vung/dot`: how a drive to keep and widen green zones came out; the shortlist, on which people mark who is proposed.

use std::sync::Arc;

use actix_web::{
    HttpResponse,
    http::header,
    web::{Form, Query},
};
use askama::Template;
use serde::Deserialize;

use super::{
    parts::{Chip, Choice, Downloads, Link},
    pictures::{self, Picture},
    unit_parts::basis,
    visit::{self, Visit, given},
    zone_course::kinds,
    zone_days::{Asked, last_days},
    zone_pictures::{self, Shape},
    zone_sheets,
};
use crate::{
    charts::Width,
    domain::{
        calendar,
        report::{Fault, Rule},
        zone::{
            Colour,
            drive::{AwardState, Outcome, Window},
        },
    },
    store::plans::StoredPlan,
    usecases::{
        judge_drive::{DrivePlace, DriveResult, Growth, Published, Question, Tally, judge_drive},
        mark_award::mark_award,
    },
    web::{links, problem::Problem, shell::Shell, words::Lang},
};

#[derive(Template)]
#[template(path = "zone_drive.html", config = "dashboards/askama.toml")]
struct DrivePage {
    shell: Shell,
    heading: String,
    /// The drives of the plans, and their themes.
    plans: Vec<(Link, String)>,
    unit: String,
    from: String,
    to: String,
    kinds: Vec<Choice>,
    kind: &'static str,
    confirmation: Option<String>,
    /// Whether no decision is known at either end: nothing to count or to draw.
    is_unknown: bool,
    finding: Vec<OutcomeLine>,
    colours: Vec<ColourLine>,
    known: String,
    green: String,
    red: String,
    published: Vec<PublishedLine>,
    pair: Option<Picture>,
    shapes: Vec<(Link, bool)>,
    strips: Option<Picture>,
    shortlist: Vec<PlaceLine>,
    others: Vec<PlaceLine>,
    may_mark: bool,
    png: String,
    downloads: Downloads,
}

struct OutcomeLine {
    name: String,
    meaning: String,
    count: String,
}

struct ColourLine {
    chip: Chip,
    first: String,
    last: String,
}

struct PublishedLine {
    when: String,
    counts: String,
    source: String,
    url: String,
}

struct PlaceLine {
    unit: Link,
    code: String,
    outcome: String,
    path: Vec<(Chip, String)>,
    days_green: String,
    evidence: Vec<String>,
    marks: Vec<String>,
    next: Vec<Choice>,
}

/// `GET`: the drive of the first plan of the actor's that calls for one, or the days asked for.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let (asked, window) = settled(&visit, asked)?;
    let view = view(&visit, &asked, window).await?;
    visit.answer(&view, zone_sheets::drive, |view| DrivePage::new(&visit, view, &asked, window))
}

/// `GET /vung/dot/chart.png`: both ends of the drive as a file.
pub async fn picture(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let (asked, window) = settled(&visit, asked)?;
    let view = view(&visit, &asked, window).await?;
    let shape = Shape::of(given(asked.shape.as_ref()));
    let drawing = zone_pictures::pair(visit.lang, &view, &visit.state.outlines, shape);
    let drawing = drawing.ok_or_else(|| Problem::not_found("picture", &view.scope.name))?;
    Ok(visit::png(pictures::file(drawing(Width::Wide))?))
}

/// What is asked, and its days: where nothing is said, those of a drive of the actor's plans, or the last ten.
fn settled(visit: &Visit, asked: Asked) -> Result<(Asked, Window), Problem> {
    let usual = drives(visit).next().map_or_else(|| last_days(visit, 10), |(_, window)| window);
    let window = asked.window(visit, usual)?;
    Ok((asked, window))
}

/// The plans that call for a drive where the actor has a role, with their days.
fn drives(visit: &Visit) -> impl Iterator<Item = (Arc<StoredPlan>, Window)> {
    visit.plans().into_iter().filter_map(|stored| {
        stored.plan.drive.as_ref()?;
        let window = Window::new(stored.plan.starts_on, stored.plan.ends_on?)?;
        Some((stored, window))
    })
}

async fn view(visit: &Visit, asked: &Asked, window: Window) -> Result<DriveResult, Problem> {
    let question = Question { scope: asked.unit(), window, kind: asked.kind() };
    visit.read(move |conn, actor, _| judge_drive(conn, actor, &question)).await
}

/// A mark as it is sent.
#[derive(Debug, Deserialize)]
pub struct Mark {
    /// The place.
    #[serde(rename = "noi")]
    place: String,
    #[serde(rename = "trang-thai")]
    state: String,
    #[serde(rename = "ly-do", default)]
    reason: String,
    #[serde(flatten)]
    asked: Asked,
}

/// `POST`: marks where a nomination stands and goes back.
pub async fn mark(visit: Visit, Form(given): Form<Mark>) -> Result<HttpResponse, Problem> {
    let (asked, window) = settled(&visit, given.asked)?;
    let state = AwardState::from_code(&given.state).ok_or_else(|| {
        let all = AwardState::ALL.iter().map(|state| state.code()).collect::<Vec<_>>().join(", ");
        Problem::invalid(vec![Fault::of_report("state", Rule::Unknown, given.state.clone(), Some(all))])
    })?;
    let place = given.place.clone();
    visit.write(move |conn, actor, now| mark_award(conn, actor, (&place, window), (state, &given.reason), now)).await?;
    let mut filters: Vec<(&str, String)> = asked.filters(&visit, window).to_vec();
    filters.push(("da-ghi", given.place));
    let filters: Vec<(&str, &str)> = filters.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, links::with_query("/vung/dot", &filters))).finish())
}

impl DrivePage {
    fn new(visit: &Visit, view: &DriveResult, asked: &Asked, window: Window) -> Self {
        let lang = visit.lang;
        let heading = lang.tr("drive.title", &[("place", &view.scope.name)]);
        let filters = asked.filters(visit, window);
        let filters: Vec<(&str, &str)> = filters.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let shape = Shape::of(given(asked.shape.as_ref()));
        let drawing = zone_pictures::pair(lang, view, &visit.state.outlines, shape);
        let shape_link = |code: &'static str, this: Shape| {
            let with: Vec<(&str, &str)> = filters.iter().copied().chain([("kieu", code)]).collect();
            let label = lang.t(&format!("map.shape_{}", code.replace('-', "_")));
            (Link { href: links::with_query("/vung/dot", &with), label }, this == shape)
        };
        let strips = zone_pictures::drive_strips(lang, view);
        let (shortlist, others): (Vec<&DrivePlace>, Vec<&DrivePlace>) =
            view.places.iter().partition(|place| place.is_shortlisted || !place.marks.is_empty());
        let lines = |places: Vec<&DrivePlace>| places.into_iter().map(|place| PlaceLine::new(lang, place)).collect();
        let marked = given(asked.marked.as_ref()).and_then(|code| view.places.iter().find(|p| p.unit.code == code));
        let png: Vec<(&str, &str)> =
            filters.iter().copied().chain([("kieu", asked.shape.as_deref().unwrap_or_default())]).collect();
        Self {
            shell: visit.shell(&heading),
            heading,
            plans: drives(visit).map(|(stored, window)| plan_line(lang, &stored.plan, window)).collect(),
            unit: asked.unit().unwrap_or_default(),
            from: lang.day_to_type(window.starts_on),
            to: lang.day_to_type(window.ends_on),
            kinds: kinds(lang, view.kind),
            kind: view.kind.code(),
            confirmation: marked.map(|place| lang.tr("drive.marked", &[("unit", &place.unit.name)])),
            is_unknown: view.published.is_empty()
                && [&view.baseline, &view.last].iter().all(|tally| tally.unclassified == tally.total),
            finding: view.outcomes.iter().map(|(outcome, count)| outcome_line(lang, *outcome, *count)).collect(),
            colours: colours(lang, &view.baseline, &view.last),
            known: lang.tr(
                "drive.known",
                &[
                    ("known", &lang.count(view.baseline.total - view.baseline.unclassified)),
                    ("total", &lang.count(view.baseline.total)),
                ],
            ),
            green: growth(lang, "drive.green", view.green),
            red: growth(lang, "drive.red", view.red),
            published: view.published.iter().map(|total| published(lang, total)).collect(),
            pair: drawing.and_then(|draw| Picture::of(draw, true)),
            shapes: vec![shape_link("o", Shape::Tiles), shape_link("ban-do", Shape::Map)],
            strips: (!view.places.is_empty()).then(|| Picture::of(zone_pictures::draw_strips(&strips), true)).flatten(),
            shortlist: lines(shortlist),
            others: lines(others),
            may_mark: view.may_mark,
            png: links::with_query("/vung/dot/chart.png", &png),
            downloads: Downloads::of("/vung/dot", &filters),
        }
    }
}

fn plan_line(lang: Lang, plan: &crate::domain::plan::Plan, window: Window) -> (Link, String) {
    let days = [lang.day_to_type(window.starts_on), lang.day_to_type(window.ends_on)];
    let query = [("don-vi", plan.area.as_deref().unwrap_or_default()), ("tu", &days[0]), ("den", &days[1])];
    let label = format!("{} ({}–{})", plan.number, lang.day(window.starts_on), lang.day(window.ends_on));
    let theme = plan.drive.as_ref().map(|drive| drive.theme.in_lang(lang.code()).to_owned()).unwrap_or_default();
    (Link { href: links::with_query("/vung/dot", &query), label }, theme)
}

fn outcome_line(lang: Lang, outcome: Outcome, count: usize) -> OutcomeLine {
    OutcomeLine {
        name: lang.t(&format!("outcome.{outcome}")),
        meaning: lang.t(&format!("outcome.{outcome}_means")),
        count: lang.count(count),
    }
}

fn colours(lang: Lang, first: &Tally, last: &Tally) -> Vec<ColourLine> {
    let of = |tally: &Tally, colour: Option<Colour>| {
        let Some(colour) = colour else { return lang.count(tally.unclassified) };
        let count = lang.count(tally.counts.get(&colour).copied().unwrap_or(0));
        match tally.shares.get(&colour).and_then(|share| lang.rate(*share)) {
            Some(share) => format!("{count} ({share})"),
            None => count,
        }
    };
    let every = Colour::ALL.iter().copied().map(Some).chain([None]);
    every.map(|c| ColourLine { chip: Chip::coloured(lang, c), first: of(first, c), last: of(last, c) }).collect()
}

/// "Vùng xanh: tăng 3 nơi (+2,7 điểm)".
fn growth(lang: Lang, key: &str, growth: Growth) -> String {
    let points = growth.tenths.map(|tenths| lang.change(tenths)).unwrap_or_default();
    let n = lang.number(growth.places.abs());
    let way = match (growth.tenths, growth.places) {
        (None, _) => "unknown",
        (_, 0) => "same",
        (_, 1..) => "more",
        _ => "fewer",
    };
    lang.tr(&format!("{key}_{way}"), &[("n", &n), ("points", &points)])
}

fn published(lang: Lang, total: &Published) -> PublishedLine {
    let count = |colour: &Colour| {
        let n = total.counts.get(colour).copied().unwrap_or(0);
        format!("{} {}", lang.t(&format!("zone.{colour}")).to_lowercase(), lang.count(n))
    };
    let counts = Colour::ALL.iter().map(count).collect::<Vec<_>>().join(", ");
    PublishedLine {
        when: lang.moment(total.effective_from),
        counts: lang.tr("drive.published_counts", &[("counts", &counts), ("total", &lang.count(total.total))]),
        source: total.source.clone(),
        url: total.source_url.clone(),
    }
}

impl PlaceLine {
    fn new(lang: Lang, place: &DrivePlace) -> Self {
        let before = place.marks.last().map(|mark| mark.state);
        let next = AwardState::ALL.iter().filter(|next| next.may_follow(before));
        let next = next.filter(|next| **next != AwardState::Proposed || place.is_shortlisted);
        Self {
            unit: Link::to(&place.unit),
            code: place.unit.code.clone(),
            outcome: lang.t(&format!("outcome.{}", place.outcome)),
            path: place
                .path
                .iter()
                .map(|stretch| (Chip::marked(lang, stretch.mark.as_ref()), lang.short_day(calendar::day(stretch.from))))
                .collect(),
            days_green: lang
                .tr("drive.days_green", &[("n", &lang.count(place.days_green)), ("days", &lang.count(place.days))]),
            evidence: place
                .evidence
                .iter()
                .map(|state| format!("{} ({})", basis(lang, state), lang.moment(state.decision.effective_from)))
                .collect(),
            marks: place
                .marks
                .iter()
                .map(|mark| {
                    let state = lang.t(&format!("award.{}", mark.state));
                    format!("{state}: {} – {}, {}", mark.reason, mark.recorded_by, lang.moment(mark.recorded_at))
                })
                .collect(),
            next: next.map(|next| Choice::new(next.code(), &lang.t(&format!("award.to_{next}")), None)).collect(),
        }
    }
}
