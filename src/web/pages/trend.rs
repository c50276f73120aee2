//! `/dien-bien`: how the rates of a place or unit moved.

use actix_web::{HttpResponse, http::StatusCode, web::Query};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use super::{
    parts::{Choice, Downloads, words},
    pictures::{self, Picture},
    sheets,
    trend_table::TrendTable,
    visit::{self, Visit, taken},
};
use crate::{
    domain::calendar,
    usecases::{
        progress::Moment,
        see_trend::{Trend, see_trend},
    },
    web::{links, problem::Problem, shell::Shell},
};

/// What may be asked of the trend.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(rename = "don-vi")]
    unit: Option<String>,
    #[serde(rename = "nhom")]
    cohort: Option<String>,
    #[serde(rename = "tu")]
    from: Option<String>,
    #[serde(rename = "den")]
    to: Option<String>,
}

#[derive(Template)]
#[template(path = "trend.html", config = "dashboards/askama.toml")]
struct TrendPage {
    shell: Shell,
    heading: String,
    unit: String,
    cohorts: Vec<Choice>,
    from: String,
    to: String,
    from_error: Option<String>,
    to_error: Option<String>,
    picture: Option<Picture>,
    /// Said instead of a picture when a single day is known.
    only: Vec<String>,
    nearest: Option<String>,
    table: TrendTable,
    png: String,
    downloads: Downloads,
}

/// The days asked for, or what is wrong with them.
#[derive(Default)]
struct Span {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    from_error: Option<String>,
    to_error: Option<String>,
}

impl Span {
    fn of(visit: &Visit, asked: &Asked) -> Self {
        let mut span = Self::default();
        let lang = visit.lang;
        let wrong = |key: &str, typed: &Option<String>| {
            let example = lang.day_to_type(calendar::day(visit.now));
            lang.tr(key, &[("given", typed.as_deref().unwrap_or_default()), ("example", &example)])
        };
        match visit.day(asked.from.as_ref()) {
            Ok(day) => span.from = day,
            Err(_) => span.from_error = Some(wrong("trend.bad_from", &asked.from)),
        }
        match visit.day(asked.to.as_ref()) {
            Ok(day) => span.to = day,
            Err(_) => span.to_error = Some(wrong("trend.bad_to", &asked.to)),
        }
        if let (Some(from), Some(to)) = (span.from, span.to)
            && from > to
        {
            let values = [("from", lang.day(from)), ("to", lang.day(to))];
            span.to_error = Some(lang.tr("trend.bad_range", &[("from", &values[0].1), ("to", &values[1].1)]));
        }
        span
    }

    fn is_wrong(&self) -> bool {
        self.from_error.is_some() || self.to_error.is_some()
    }
}

/// `GET`: the trend of one cohort.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let span = Span::of(&visit, &asked);
    let is_wrong = span.is_wrong();
    let view = view(&visit, &asked, &span).await?;
    let mut answer = visit.answer(&view, sheets::trend, |view| TrendPage::new(&visit, view, &asked, span))?;
    if is_wrong {
        *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(answer)
}

/// `GET /dien-bien/chart.png`: the chart as a file.
pub async fn picture(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let view = view(&visit, &asked, &Span::of(&visit, &asked)).await?;
    let chart = pictures::trend(visit.lang, &view);
    Ok(visit::png(pictures::file(pictures::draw_trend(&chart)(crate::charts::Width::Wide))?))
}

async fn view(visit: &Visit, asked: &Asked, span: &Span) -> Result<Trend, Problem> {
    let plan = visit.plan()?;
    let (unit, cohort) = (taken(asked.unit.as_ref()), taken(asked.cohort.as_ref()));
    let (from, to) = if span.is_wrong() { (None, None) } else { (span.from, span.to) };
    let moment = Moment::new(to, visit.now);
    visit
        .read(move |conn, actor, _| see_trend(conn, actor, &plan, unit.as_deref(), cohort.as_deref(), from, moment))
        .await
}

impl TrendPage {
    fn new(visit: &Visit, view: &Trend, asked: &Asked, span: Span) -> Self {
        let lang = visit.lang;
        let heading = lang.tr("trend.title", &[("place", &view.scope.name)]);
        let pick = |typed: &Option<String>| taken(typed.as_ref()).unwrap_or_default();
        let (unit, from, to) = (pick(&asked.unit), pick(&asked.from), pick(&asked.to));
        let cohort = view.cohort.as_ref().map(|cohort| cohort.code.as_str());
        let filters = [("don-vi", unit.as_str()), ("nhom", cohort.unwrap_or_default()), ("tu", &from), ("den", &to)];
        let days: std::collections::BTreeSet<NaiveDate> =
            view.lines.iter().flat_map(|line| line.points.iter().map(|point| point.day)).collect();
        let shell = visit.shell(&heading).illustrative(view.plan.is_illustrative);
        let only = view.lines.iter().filter_map(|line| {
            let point = line.points.last()?;
            let percent = lang.rate(point.rate).unwrap_or_else(|| lang.t("st.nobody_to_count"));
            Some(format!("{}: {percent} ({})", words(lang, &line.name), lang.fraction(point.rate)))
        });
        Self {
            shell: if span.is_wrong() { shell.with_errors() } else { shell },
            heading,
            cohorts: view
                .cohorts
                .iter()
                .map(|of| {
                    let (short, name) = (words(lang, &of.short), words(lang, &of.name));
                    let label = if short == name { name.to_owned() } else { format!("{short} – {name}") };
                    Choice::new(&of.code, &label, cohort)
                })
                .collect(),
            picture: (days.len() > 1)
                .then(|| pictures::trend(lang, view))
                .and_then(|chart| Picture::of(pictures::draw_trend(&chart), false)),
            only: if days.len() == 1 { only.collect() } else { Vec::new() },
            nearest: view.nearest.map(|day| lang.tr("trend.nearest", &[("date", &lang.day(day))])),
            table: TrendTable::new(lang, &view.lines, None),
            png: links::with_query("/dien-bien/chart.png", &filters),
            downloads: Downloads::of("/dien-bien", &filters),
            from: if from.is_empty() { lang.day_to_type(view.from) } else { from },
            to: if to.is_empty() { lang.day_to_type(view.to) } else { to },
            from_error: span.from_error,
            to_error: span.to_error,
            unit,
        }
    }
}
