//! `/truy-vet`: tracing figures and ratios of a place over a period. No target of the plan.

use actix_web::{HttpResponse, web::Query};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use super::{
    parts::Downloads,
    tracing_sheets,
    visit::{Visit, given, taken},
};
use crate::{
    domain::{
        calendar,
        rate::Rate,
        report::{Fault, Rule},
        tracing_shown::Cell,
        unit::UnitKind,
    },
    usecases::see_tracing::{FigureShown, RatioView, TracingDay, TracingView, see_tracing},
    web::{links, problem::Problem, shell::Shell, words::Lang},
};

/// What may be asked of the page.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(rename = "don-vi")]
    unit: Option<String>,
    #[serde(rename = "tu")]
    from: Option<String>,
    #[serde(rename = "den")]
    to: Option<String>,
    /// The day figures were just recorded of.
    #[serde(rename = "da-ghi")]
    recorded: Option<String>,
}

#[derive(Template)]
#[template(path = "tracing.html", config = "dashboards/askama.toml")]
struct TracingPage {
    shell: Shell,
    heading: String,
    period: String,
    confirmation: Option<String>,
    /// The place above, for the way back.
    unit: String,
    from: String,
    to: String,
    enter: Option<String>,
    is_guarded: bool,
    ratios: Vec<RatioCard>,
    heads: Vec<String>,
    rows_title: String,
    /// What a row is: "Xã, thị trấn", "Ấp, khóm".
    row_head: String,
    rows: Vec<Row>,
    total: Option<Row>,
    /// Whether hamlets stand in the rows: they are shown beside the commune's figures and never added to them.
    rows_are_hamlets: bool,
    days: Vec<Row>,
    downloads: Downloads,
}

/// A ratio with its words.
struct RatioCard {
    name: String,
    value: String,
    /// Whether the value is a number rather than words.
    is_number: bool,
    counts: Option<String>,
    about: String,
}

/// A row of figures.
struct Row {
    name: String,
    href: Option<String>,
    /// Address of the history, where the row is one record.
    history: Option<String>,
    note: String,
    is_silent: bool,
    cells: Vec<ShownCell>,
}

struct ShownCell {
    label: String,
    value: String,
    /// Whether it is words that stand for a number.
    is_muted: bool,
}

/// `GET`: the figures.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let unit = taken(asked.unit.as_ref());
    let (from, to) = (day(&visit, "from", asked.from.as_ref())?, day(&visit, "to", asked.to.as_ref())?);
    let work =
        move |conn: &mut _, actor: &_, now| see_tracing(conn, actor, unit.as_deref(), from, to, calendar::day(now));
    let view = visit.read(work).await?;
    visit.answer(&view, tracing_sheets::figures, |view| TracingPage::new(&visit, view, &asked))
}

/// A day as it was typed into the field.
pub fn day(visit: &Visit, field: &str, typed: Option<&String>) -> Result<Option<NaiveDate>, Problem> {
    let Some(text) = given(typed) else { return Ok(None) };
    let example = visit.lang.day_to_type(calendar::day(visit.now));
    let wrong = || Problem::invalid(vec![Fault::of_report(field, Rule::NotADate, text, Some(example))]);
    calendar::parse_day(text).map(Some).ok_or_else(wrong)
}

/// A count in words: the number, "<5", "ẩn" or "chưa báo cáo".
pub fn cell(lang: Lang, cell: Cell) -> String {
    match cell {
        Cell::Count(count) => lang.number(count),
        other => lang.t(&format!("tracing.cell.{}", other.state())),
    }
}

impl TracingPage {
    fn new(visit: &Visit, view: &TracingView, asked: &Asked) -> Self {
        let lang = visit.lang;
        let heading = lang.tr("tracing.title", &[("place", &view.scope.name)]);
        let kind = view.scope.kind;
        let (from, to) = (lang.day_to_type(view.from), lang.day_to_type(view.to));
        let filters = [("don-vi", view.scope.code.as_str()), ("tu", from.as_str()), ("den", to.as_str())];
        let own = matches!(kind, UnitKind::Commune | UnitKind::Hamlet);
        let recorded = given(asked.recorded.as_ref()).and_then(calendar::parse_day);
        let unit_of_entry = if own { view.scope.code.as_str() } else { "" };
        let rows_are_hamlets = kind == UnitKind::Commune;
        let of_rows = if rows_are_hamlets { "tracing.by_hamlet" } else { "tracing.by_commune" };
        Self {
            shell: visit.shell(&heading).illustrative(view.is_illustrative),
            heading,
            period: period(lang, view, own),
            confirmation: recorded
                .map(|day| lang.tr("tracing.recorded", &[("unit", &view.scope.name), ("day", &lang.day(day))])),
            enter: view.may_record.then(|| links::with_query("/truy-vet/nhap", &[("don-vi", unit_of_entry)])),
            is_guarded: !view.may_record && own,
            ratios: view.ratios.iter().map(|ratio| RatioCard::new(lang, ratio)).collect(),
            heads: view.totals.iter().map(|shown| head(lang, shown)).collect(),
            rows_title: lang.t(of_rows),
            row_head: lang.t(if rows_are_hamlets { "tracing.hamlet" } else { "term.commune" }),
            rows: view
                .rows
                .iter()
                .map(|row| Row {
                    href: Some(links::with_query(
                        "/truy-vet",
                        &[("don-vi", &row.unit.code), ("tu", &from), ("den", &to)],
                    )),
                    note: lang.tr("tracing.days_reported", &[("n", &lang.count(row.days_reported))]),
                    ..Row::new(lang, row.unit.name.clone(), &row.figures)
                })
                .collect(),
            total: (!own && !view.rows.is_empty()).then(|| Row::new(lang, lang.t("tracing.total"), &view.totals)),
            rows_are_hamlets,
            days: view.days.iter().map(|day| day_row(lang, view, day, own)).collect(),
            downloads: Downloads::of("/truy-vet", &filters),
            unit: view.scope.code.clone(),
            from,
            to,
        }
    }
}

fn period(lang: Lang, view: &TracingView, own: bool) -> String {
    let days = lang.tr("tracing.period", &[("from", &lang.day(view.from)), ("to", &lang.day(view.to))]);
    if own {
        return days;
    }
    let values = [("k", lang.count(view.reported)), ("n", lang.count(view.places))];
    format!("{days} · {}", lang.tr("tracing.reported", &[("k", &values[0].1), ("n", &values[1].1)]))
}

fn head(lang: Lang, shown: &FigureShown) -> String {
    lang.t(&format!("field.{}", shown.figure))
}

impl Row {
    fn new(lang: Lang, name: String, figures: &[FigureShown]) -> Self {
        let cells = figures
            .iter()
            .map(|shown| ShownCell {
                label: head(lang, shown),
                value: cell(lang, shown.cell),
                is_muted: shown.cell.count().is_none(),
            })
            .collect();
        let is_silent = figures.iter().all(|shown| shown.cell == Cell::NotReported);
        Self { name, href: None, history: None, note: String::new(), is_silent, cells }
    }
}

/// A day: of a commune or hamlet with its history, of a larger place leading to that day by communes.
fn day_row(lang: Lang, view: &TracingView, of: &TracingDay, own: bool) -> Row {
    let (code, day) = (view.scope.code.as_str(), lang.day_to_type(of.day));
    let row = Row::new(lang, lang.day(of.day), &of.figures);
    if own {
        let history = (!row.is_silent).then(|| format!("/truy-vet/lich-su/{code}/{}", of.day));
        return Row { history, ..row };
    }
    let href = Some(links::with_query("/truy-vet", &[("don-vi", code), ("tu", &day), ("den", &day)]));
    let note = lang.tr("tracing.reported_short", &[("k", &lang.count(of.reported)), ("n", &lang.count(view.places))]);
    Row { href, note, ..row }
}

impl RatioCard {
    fn new(lang: Lang, of: &RatioView) -> Self {
        let text = |part: &str| lang.t(&format!("tracing.{part}.{}", of.ratio));
        let rate = of.counted.zip(of.base).map(|(counted, base)| Rate::new(counted, base));
        let value = match of.tenths {
            Some(tenths) if of.is_multiple => lang.points(tenths),
            Some(tenths) => lang.percent(tenths),
            None => lang.t(&format!("tracing.ratio_state.{}", of.state)),
        };
        Self {
            name: text("ratio"),
            value,
            is_number: of.tenths.is_some(),
            counts: rate.map(|rate| {
                let values = [("n", lang.number(rate.counted)), ("of", lang.number(rate.base))];
                lang.tr(&format!("tracing.counts.{}", of.ratio), &[("n", &values[0].1), ("of", &values[1].1)])
            }),
            about: text("about"),
        }
    }
}
