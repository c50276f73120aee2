//! `/`: are we at 100 %, who is missing, where is red?

use actix_web::{HttpResponse, web::Query};
use askama::Template;
use serde::Deserialize;

use super::{
    parts::{self, Chip, CohortLine, Downloads, Link, Share},
    pictures::{self, Picture},
    sheets,
    trend_table::TrendTable,
    visit::{self, Visit, taken},
    zones::ChangeLine,
};
use crate::{
    domain::{actor::Deed, calendar, zone::Colour},
    usecases::{
        progress::UnitProgress,
        see_completeness::{CompletenessView, see_completeness},
        see_overview::{Overview, see_overview},
    },
    web::{links, problem::Problem, shell::Shell, words::Lang},
};

/// What may be asked of the overview.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(rename = "don-vi")]
    unit: Option<String>,
    #[serde(rename = "ngay")]
    day: Option<String>,
}

#[derive(Template)]
#[template(path = "overview.html", config = "dashboards/askama.toml")]
struct OverviewPage {
    shell: Shell,
    heading: String,
    as_of: String,
    day: String,
    unit: String,
    /// Whether anybody is obliged to reach a target here.
    has_bodies: bool,
    /// Whether anybody has reported.
    has_reports: bool,
    /// "Còn 7 đơn vị chưa báo cáo kỳ này: …"
    missing: Option<String>,
    /// "3 đơn vị chưa có số liệu"
    partial: Option<String>,
    met: Share,
    met_change: String,
    reported: Share,
    without_anyone: Option<String>,
    this_period: Option<PeriodCard>,
    /// Whether there are communes to classify.
    has_zones: bool,
    zones: Vec<ZoneCount>,
    zone_change: String,
    zone_alerts: Vec<ChangeLine>,
    cohorts: Vec<CohortLine>,
    informational: Vec<CohortLine>,
    trend: Option<Picture>,
    trend_png: String,
    table: TrendTable,
    furthest: Vec<Behind>,
    silent: Vec<Link>,
    silent_title: String,
    worst: Vec<Risky>,
    downloads: Downloads,
}

/// Who has reported in the period now.
struct PeriodCard {
    href: String,
    share: Share,
    note: String,
}

/// How many places have a colour.
struct ZoneCount {
    chip: Chip,
    count: String,
}

/// A unit short of its target.
struct Behind {
    unit: Link,
    cohort: String,
    gap: String,
    rate: String,
}

/// A place of high risk.
struct Risky {
    unit: Link,
    chip: Chip,
    since: String,
}

/// `GET`: the overview of a place or agency, or of the top of what one sees.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let (view, period, day) = view(&visit, &asked).await?;
    visit.answer(&view, sheets::overview, |view| OverviewPage::new(&visit, view, (&asked, period.as_ref(), day)))
}

/// `GET /chart.png`: its trend as a picture.
pub async fn picture(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let (view, ..) = view(&visit, &asked).await?;
    let chart = pictures::overview_trend(visit.lang, &view);
    Ok(visit::png(pictures::file(pictures::draw_trend(&chart)(crate::charts::Width::Wide))?))
}

/// The overview, who has reported in the period now, and the day as it was asked for.
async fn view(visit: &Visit, asked: &Asked) -> Result<(Overview, Option<CompletenessView>, String), Problem> {
    let (plan, moment, unit) = (visit.plan()?, visit.moment(asked.day.as_ref())?, taken(asked.unit.as_ref()));
    let day = if moment.is_today() { String::new() } else { visit.lang.day_to_type(moment.day) };
    let read = visit.read(move |conn, actor, now| {
        let view = see_overview(conn, actor, &plan, unit.as_deref(), moment)?;
        if !moment.is_today() {
            return Ok((view, None));
        }
        Ok((view, Some(see_completeness(conn, actor, &plan, unit.as_deref(), (None, 1), now)?)))
    });
    let (view, period) = read.await?;
    Ok((view, period, day))
}

impl OverviewPage {
    fn new(visit: &Visit, view: &Overview, (asked, now, day): (&Asked, Option<&CompletenessView>, String)) -> Self {
        let lang = visit.lang;
        let heading = lang.tr("overview.title", &[("place", &view.scope.name)]);
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let of_bodies =
            |n: usize| Share::of(lang, crate::domain::rate::Rate::new(number(n), number(view.bodies_obliged)));
        let missing = view.bodies_obliged - view.bodies_reported;
        let now = now.filter(|now| now.newest().is_some_and(|period| period.expected > 0));
        let silent: Vec<Link> = now.map_or_else(
            || view.silent.iter().map(Link::to).collect(),
            |now| now.silent().map(|of| Link::to(&of.unit)).collect(),
        );
        let unit = taken(asked.unit.as_ref()).unwrap_or_default();
        let coverage = parts::reported(lang, number(view.bodies_reported), number(view.bodies_obliged));
        let as_of = lang.as_of(view.as_of);
        let shell = visit.shell(&heading).illustrative(view.plan.is_illustrative);
        Self {
            shell: if day.is_empty() { shell.live() } else { shell },
            heading,
            as_of: if view.bodies_obliged > 0 { format!("{as_of} · {coverage}") } else { as_of },
            has_bodies: view.bodies_obliged > 0,
            has_reports: view.cohorts.iter().chain(&view.informational).any(|cohort| cohort.reported > 0),
            missing: (view.bodies_reported > 0).then(|| said_missing(lang, &silent, now.is_some())).flatten(),
            partial: (missing > 0).then(|| lang.tr("overview.without_figures", &[("n", &lang.count(missing))])),
            met: of_bodies(view.bodies_met),
            met_change: week_change(lang, number(view.bodies_met) - number(view.bodies_met_before)),
            reported: of_bodies(view.bodies_reported),
            without_anyone: (view.bodies_without_anyone > 0)
                .then(|| lang.tr("overview.without_anyone", &[("n", &lang.count(view.bodies_without_anyone))])),
            this_period: now.and_then(CompletenessView::newest).map(|of| {
                // Who chases finds whom to call; everybody else, who has reported.
                let page = if visit.actor.may_somewhere(Deed::SeeChase) { "/don-doc" } else { "/day-du" };
                PeriodCard {
                    href: links::with_query(page, &[("don-vi", &unit)]),
                    share: Share::of(lang, crate::domain::rate::Rate::new(of.received, of.expected)),
                    note: lang.tr("overview.period_due", &[("due", &lang.moment(of.period.due))]),
                }
            }),
            has_zones: view.zones.summary.total > 0,
            zones: zone_counts(lang, view),
            zone_alerts: view.zones.alerts.iter().map(|change| ChangeLine::new(lang, change)).collect(),
            zone_change: match view.zones.summary.changed_this_week {
                0 => lang.t("zones.unchanged"),
                n => lang.tr("zones.changed", &[("n", &lang.count(n))]),
            },
            cohorts: view.cohorts.iter().map(|cohort| CohortLine::of(lang, cohort, &day)).collect(),
            informational: view.informational.iter().map(|cohort| CohortLine::of(lang, cohort, &day)).collect(),
            trend: has_points(view)
                .then(|| pictures::overview_trend(lang, view))
                .and_then(|chart| Picture::of(pictures::draw_trend(&chart), false)),
            trend_png: links::with_query("/chart.png", &[("don-vi", &unit), ("ngay", &day)]),
            table: TrendTable::new(lang, &view.trend, Some(14)),
            furthest: view.furthest.iter().map(|unit| behind(visit, unit)).collect(),
            silent,
            silent_title: lang.t(if now.is_some() { "overview.silent_now" } else { "overview.silent" }),
            downloads: Downloads::of("/tong-quan", &[("don-vi", &unit), ("ngay", &day)]),
            worst: view.zones.worst.iter().filter_map(|row| risky(lang, row)).collect(),
            day,
            unit,
        }
    }
}

/// How many of the missing are named in a sentence; the whole list is read below.
const NAMED: usize = 3;

/// "Còn 6 đơn vị chưa báo cáo kỳ này: UBND xã Hội An, …".
fn said_missing(lang: Lang, silent: &[Link], is_now: bool) -> Option<String> {
    let said = lang.tr(if is_now { "cov.missing_now" } else { "cov.missing" }, &[("n", &lang.count(silent.len()))]);
    let names: Vec<&str> = silent.iter().take(NAMED).map(|unit| unit.label.as_str()).collect();
    let more = match silent.len().saturating_sub(names.len()) {
        0 => String::new(),
        n => format!(" {}", lang.tr("cov.others", &[("n", &lang.count(n))])),
    };
    (!names.is_empty()).then(|| format!("{said}: {}{more}.", names.join(", ")))
}

fn has_points(view: &Overview) -> bool {
    view.trend.iter().any(|line| !line.points.is_empty())
}

fn week_change(lang: Lang, change: i64) -> String {
    match change {
        0 => lang.t("change.none"),
        change => lang.tr("change.units", &[("n", &lang.signed(change))]),
    }
}

fn zone_counts(lang: Lang, view: &Overview) -> Vec<ZoneCount> {
    let zones = &view.zones.summary;
    let coloured = Colour::ALL.iter().map(|colour| (Some(*colour), zones.counts.get(colour).copied().unwrap_or(0)));
    coloured
        .chain((zones.unclassified > 0).then_some((None, zones.unclassified)))
        .map(|(colour, count)| ZoneCount { chip: Chip::coloured(lang, colour), count: lang.count(count) })
        .collect()
}

fn behind(visit: &Visit, unit: &UnitProgress) -> Behind {
    let lang = visit.lang;
    // The measure that lags most is the one whose gap is named.
    let figure = unit
        .figures
        .iter()
        .filter(|figure| figure.is_decisive)
        .find(|figure| figure.rate.is_some_and(|rate| rate.gap() == unit.gap()));
    let said = figure.and_then(|figure| {
        let (name, percent) = (parts::words(lang, &figure.name), lang.rate(figure.rate?)?);
        Some(format!("{name} {percent}"))
    });
    let plan = visit.plan().ok();
    let cohort = plan.map_or_else(|| unit.cohort.clone(), |plan| parts::cohort_short(lang, &plan, &unit.cohort));
    Behind { unit: Link::to(&unit.unit), cohort, gap: parts::gap(lang, unit.gap()), rate: said.unwrap_or_default() }
}

fn risky(lang: Lang, row: &crate::usecases::see_zones::ZoneRow) -> Option<Risky> {
    let state = row.state.as_ref()?;
    let since = lang.day(calendar::day(state.decision.effective_from));
    Some(Risky {
        unit: Link::to(&row.unit),
        chip: Chip::of(lang, Some(state)),
        since: lang.tr("zones.since", &[("date", &since)]),
    })
}
