//! `/day-du`: who has reported, in time and in full, period by period.

use actix_web::{HttpResponse, web::Query};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use super::{
    parts::{Choice, Downloads, Link},
    pictures::{self, Picture, Texts},
    sheets::{self, moment},
    visit::{self, Visit, given, taken},
};
use crate::{
    charts::{
        Width,
        completeness::{self, Class, CompletenessChart, Row},
    },
    documents::csv::{Cell, Table},
    domain::{
        completeness::{PeriodCell, Sent},
        rate::Rate,
        schedule::Period,
    },
    usecases::see_completeness::{
        CompletenessView, MOST_PERIODS, PeriodCompleteness, UnitCompleteness, see_completeness,
    },
    web::{links, problem::Problem, shell::Shell, words::Lang},
};

/// How many periods are shown unless others are asked for.
const PERIODS: usize = 12;
/// More units than this are only counted: nobody reads such a picture.
const MOST_DRAWN: usize = 120;

/// What may be asked of the page.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(rename = "don-vi")]
    unit: Option<String>,
    /// The first day of the newest period.
    #[serde(rename = "ky")]
    period: Option<String>,
    #[serde(rename = "so-ky")]
    count: Option<String>,
}

impl Asked {
    fn count(&self) -> usize {
        given(self.count.as_ref()).and_then(|text| text.parse().ok()).unwrap_or(PERIODS).clamp(1, MOST_PERIODS)
    }
}

#[derive(Template)]
#[template(path = "completeness.html", config = "dashboards/askama.toml")]
struct CompletenessPage {
    shell: Shell,
    heading: String,
    as_of: String,
    assumed: Option<String>,
    unit: String,
    counts: Vec<Choice>,
    picture: Option<Picture>,
    too_many: Option<String>,
    periods: Vec<PeriodRow>,
    units: Vec<UnitRow>,
    chase: String,
    png: String,
    downloads: Downloads,
}

struct PeriodRow {
    name: String,
    due: String,
    cells: Vec<(String, String)>,
}

struct UnitRow {
    unit: Link,
    full: String,
    missing: String,
}

async fn view(visit: &Visit, asked: &Asked) -> Result<CompletenessView, Problem> {
    let (plan, unit, count) = (visit.plan()?, taken(asked.unit.as_ref()), asked.count());
    let newest = visit.day(asked.period.as_ref())?;
    visit
        .read(move |conn, actor, now| see_completeness(conn, actor, &plan, unit.as_deref(), (newest, count), now))
        .await
}

/// `GET`: the last periods of a place.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let view = view(&visit, &asked).await?;
    visit.answer(&view, table, |view| CompletenessPage::new(&visit, view, &asked))
}

/// `GET /day-du/chart.png`: the picture as a file.
pub async fn picture(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let view = view(&visit, &asked).await?;
    Ok(visit::png(pictures::file(completeness::draw(&chart(visit.lang, &view), Width::Wide))?))
}

/// A period as people call it: "16–22/11/2026", "20/11/2026".
pub fn period_name(lang: Lang, period: &Period) -> String {
    if period.from == period.to {
        return lang.day(period.from);
    }
    format!("{} – {}", lang.short_day(period.from), lang.day(period.to))
}

/// What the words of a unit and period are called by.
pub fn cell_key(cell: &PeriodCell) -> &'static str {
    match (cell.state, cell.is_on_time) {
        (Sent::NotExpected, _) => "full.not_expected",
        (Sent::Waiting, _) => "full.waiting",
        (Sent::Missing, _) => "full.missing",
        (Sent::Returned, _) => "full.returned",
        (Sent::Partial, true) => "full.partial",
        (Sent::Partial, false) => "full.partial_late",
        (Sent::Complete, true) => "full.on_time",
        (Sent::Complete, false) => "full.late",
    }
}

fn class(cell: &PeriodCell) -> Class {
    match cell.state {
        Sent::NotExpected => Class::NotExpected,
        Sent::Waiting => Class::Waiting,
        Sent::Missing | Sent::Returned => Class::Missing,
        Sent::Partial => Class::Partial,
        Sent::Complete if cell.is_on_time => Class::OnTime,
        Sent::Complete => Class::Late,
    }
}

/// Periods in full, of those that something was expected of and is over.
fn full(unit: &UnitCompleteness) -> Rate {
    let counted = |cell: &&PeriodCell| !matches!(cell.state, Sent::NotExpected | Sent::Waiting);
    let cells = unit.cells.iter().filter(counted);
    let complete = cells.clone().filter(|cell| cell.state == Sent::Complete).count();
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    Rate::new(number(complete), number(cells.count()))
}

/// The finding: of the newest period that is due, and how the reports of all came.
fn finding(lang: Lang, view: &CompletenessView) -> String {
    let is_due = |of: &&PeriodCompleteness| of.period.due <= view.as_of && of.expected > 0;
    let Some(newest) = view.periods.iter().rev().find(is_due) else { return lang.t("full.nothing_due") };
    let name = period_name(lang, &newest.period);
    let missing = newest.expected - newest.received;
    let values = [("k", lang.number(missing)), ("n", lang.number(newest.expected)), ("period", name)];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    lang.tr(if missing == 0 { "full.all_sent" } else { "full.some_missing" }, &values)
}

/// The view as the picture of it.
fn chart(lang: Lang, view: &CompletenessView) -> CompletenessChart {
    let span = view.periods.first().zip(view.periods.last()).map_or_else(String::new, |(first, last)| {
        format!("{} – {}", lang.day(first.period.from), lang.day(last.period.to))
    });
    let texts = Texts {
        id: "day-du",
        title: finding(lang, view),
        subtitle: lang.tr("full.sub", &[("place", &view.scope.name), ("span", &span)]),
        as_of: view.as_of,
        is_illustrative: view.plan.is_illustrative,
    };
    let row = |unit: &UnitCompleteness| {
        let share = full(unit);
        let cells: Vec<_> = unit
            .cells
            .iter()
            .zip(&view.periods)
            .map(|(cell, of)| (class(cell), format!("{}: {}", period_name(lang, &of.period), lang.t(cell_key(cell)))))
            .collect();
        let is_whole = share.base > 0 && share.counted == share.base;
        Row {
            name: unit.unit.name.clone(),
            href: (!is_whole).then(|| links::unit(&unit.unit)),
            title: format!("{}: {}", unit.unit.name, said(lang, share)),
            share: share.tenths(),
            share_label: lang.rate(share).unwrap_or_default(),
            cells,
        }
    };
    CompletenessChart {
        frame: texts.frame(lang),
        periods: view.periods.iter().map(|of| lang.short_day(of.period.from)).collect(),
        rows: view.units.iter().map(row).collect(),
        share_head: lang.t("full.share"),
        words: ["full.missing", "full.waiting", "full.partial", "full.late", "full.on_time"].map(|key| lang.t(key)),
    }
}

/// "8/12 kỳ đủ".
fn said(lang: Lang, share: Rate) -> String {
    lang.tr("full.of_periods", &[("k", &lang.number(share.counted)), ("n", &lang.number(share.base))])
}

/// How long before or after the due time the middle report came.
fn delay(lang: Lang, minutes: Option<i64>) -> String {
    let Some(minutes) = minutes else { return lang.t("full.none_sent") };
    let hours = minutes.abs() / 60;
    let (key, n) = if hours >= 48 { ("days", hours / 24) } else { ("hours", hours) };
    let side = if minutes > 0 { "late" } else { "early" };
    lang.tr(&format!("full.{side}_{key}"), &[("n", &lang.number(n))])
}

impl PeriodRow {
    fn new(lang: Lang, of: &PeriodCompleteness) -> Self {
        let share = |count: i64| {
            let rate = Rate::new(count, of.expected);
            let percent = lang.rate(rate).unwrap_or_else(|| lang.t("full.not_expected"));
            format!("{percent} ({})", lang.fraction(rate))
        };
        let cells = [
            ("full.expected", lang.number(of.expected)),
            ("full.received", share(of.received)),
            ("full.on_time_head", share(of.on_time)),
            ("full.complete", share(of.complete)),
            ("full.delay", delay(lang, of.median_delay_minutes)),
        ];
        Self {
            name: period_name(lang, &of.period),
            due: lang.moment(of.period.due),
            cells: cells.into_iter().map(|(key, value)| (lang.t(key), value)).collect(),
        }
    }
}

impl CompletenessPage {
    fn new(visit: &Visit, view: &CompletenessView, asked: &Asked) -> Self {
        let lang = visit.lang;
        let heading = lang.tr("full.title", &[("place", &view.scope.name)]);
        let count = asked.count().to_string();
        let period = given(asked.period.as_ref()).unwrap_or_default();
        let filters = [("don-vi", view.scope.code.as_str()), ("ky", period), ("so-ky", count.as_str())];
        let is_drawn = view.units.len() <= MOST_DRAWN;
        let drawing = chart(lang, view);
        let choice = |n: &str| Choice::new(n, &lang.tr("full.periods", &[("n", n)]), Some(&count));
        let unit_row = |unit: &UnitCompleteness| {
            let missing: Vec<String> = unit
                .cells
                .iter()
                .zip(&view.periods)
                .filter(|(cell, _)| !matches!(cell.state, Sent::NotExpected | Sent::Waiting | Sent::Complete))
                .map(|(cell, of)| format!("{} ({})", lang.short_day(of.period.from), lang.t(cell_key(cell))))
                .collect();
            UnitRow {
                unit: Link::to(&unit.unit),
                full: said(lang, full(unit)),
                missing: if missing.is_empty() { lang.t("full.nothing_missing") } else { missing.join(", ") },
            }
        };
        Self {
            shell: visit.shell(&heading).illustrative(view.plan.is_illustrative),
            heading,
            as_of: lang.as_of(view.as_of),
            assumed: view.is_assumed.then(|| lang.t("schedule.assumed")),
            unit: given(asked.unit.as_ref()).unwrap_or_default().to_owned(),
            counts: ["4", "12", "26", "52"].into_iter().map(choice).collect(),
            picture: is_drawn.then(|| Picture::of(|width| completeness::draw(&drawing, width), true)).flatten(),
            too_many: (!is_drawn).then(|| lang.tr("full.too_many", &[("n", &lang.count(view.units.len()))])),
            periods: view.periods.iter().rev().map(|of| PeriodRow::new(lang, of)).collect(),
            units: if is_drawn { view.units.iter().map(unit_row).collect() } else { Vec::new() },
            chase: links::with_query("/don-doc", &[("don-vi", given(asked.unit.as_ref()).unwrap_or_default())]),
            png: links::with_query("/day-du/chart.png", &filters),
            downloads: Downloads::of("/day-du", &filters),
        }
    }
}

/// A row for each unit and period.
fn table(view: &CompletenessView) -> Table {
    let columns = vec![
        "period_from",
        "period_to",
        "opens",
        "due",
        "locks",
        "unit_code",
        "unit_name",
        "section",
        "state",
        "is_on_time",
        "is_zero",
        "delay_minutes",
    ];
    let mut rows = Vec::new();
    for (place, of) in view.periods.iter().enumerate() {
        let day = |day: NaiveDate| sheets::day(day);
        let period = &of.period;
        for unit in &view.units {
            let Some(cell) = unit.cells.get(place) else { continue };
            let yes = |yes: bool| Cell::from(if yes { "yes" } else { "no" });
            rows.push(vec![
                day(period.from),
                day(period.to),
                moment(period.opens),
                moment(period.due),
                period.locks.map_or(Cell::Blank, moment),
                unit.unit.code.as_str().into(),
                unit.unit.name.as_str().into(),
                unit.section.as_str().into(),
                cell.state.code().into(),
                yes(cell.is_on_time),
                yes(cell.is_zero),
                cell.delay_minutes.into(),
            ]);
        }
    }
    sheets::noted(Table { columns, rows }, &view.plan)
}
