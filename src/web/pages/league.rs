//! `/don-vi`: who is how far, cohort by cohort.

use actix_web::{HttpResponse, web::Query};
use askama::Template;
use serde::Deserialize;

use super::{
    league_pictures,
    parts::{self, Badge, Choice, Downloads, Link, words},
    pictures::{self, Picture},
    sheets,
    visit::{self, Visit, given, taken},
};
use crate::{
    charts::{Width, adoption_by_agency, ranking},
    domain::{calendar, rate::Rate, standing::Standing},
    usecases::see_league::{League, LeagueGroup, LeagueRow, see_league},
    web::{links, problem::Problem, shell::Shell, words::Lang},
};

/// What may be asked of the league.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(rename = "don-vi")]
    unit: Option<String>,
    #[serde(rename = "nhom")]
    cohort: Option<String>,
    #[serde(rename = "chi-so")]
    measure: Option<String>,
    #[serde(rename = "ngay")]
    day: Option<String>,
    /// Which picture: `co-quan` or `xa`.
    #[serde(rename = "kieu")]
    picture: Option<String>,
}

#[derive(Template)]
#[template(path = "league.html", config = "dashboards/askama.toml")]
struct LeaguePage {
    shell: Shell,
    heading: String,
    as_of: String,
    unit: String,
    day: String,
    cohorts: Vec<Choice>,
    measures: Vec<Choice>,
    measure: String,
    base: String,
    groups: Vec<Group>,
    agencies: Option<Picture>,
    communes: Option<Picture>,
    agencies_png: String,
    communes_png: String,
    downloads: Downloads,
}

struct Group {
    id: String,
    name: String,
    short: String,
    summary: String,
    has_target: bool,
    ranked: Vec<Row>,
    /// Those without a rank, with why.
    unranked: Vec<Row>,
}

struct Row {
    rank: String,
    unit: Link,
    history: String,
    counts: String,
    percent: String,
    badge: Badge,
    gap: String,
    change: String,
    old: Option<String>,
}

/// `GET`: the ranking, with pictures.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let view = view(&visit, &asked).await?;
    visit.answer(&view, sheets::league, |view| LeaguePage::new(&visit, view, &asked))
}

/// `GET /don-vi/chart.png`: one of its pictures as a file.
pub async fn picture(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let view = view(&visit, &asked).await?;
    let nothing = || Problem::not_found("chart", asked.picture.as_deref().unwrap_or_default());
    let drawing = if given(asked.picture.as_ref()) == Some("xa") {
        let chart = league_pictures::communes(visit.lang, &view).ok_or_else(nothing)?;
        ranking::draw(&chart, Width::Wide)
    } else {
        let chart = league_pictures::adoption(visit.lang, &view).ok_or_else(nothing)?;
        adoption_by_agency::draw(&chart, Width::Wide)
    };
    Ok(visit::png(pictures::file(drawing)?))
}

async fn view(visit: &Visit, asked: &Asked) -> Result<League, Problem> {
    let (plan, moment) = (visit.plan()?, visit.moment(asked.day.as_ref())?);
    let (unit, cohort, measure) =
        (taken(asked.unit.as_ref()), taken(asked.cohort.as_ref()), taken(asked.measure.as_ref()));
    visit
        .read(move |conn, actor, _| {
            see_league(conn, actor, &plan, unit.as_deref(), cohort.as_deref(), measure.as_deref(), moment)
        })
        .await
}

impl LeaguePage {
    fn new(visit: &Visit, view: &League, asked: &Asked) -> Self {
        let lang = visit.lang;
        let heading = lang.t("nav.league");
        let pick = |typed: &Option<String>| taken(typed.as_ref()).unwrap_or_default();
        let (unit, cohort, day) = (pick(&asked.unit), pick(&asked.cohort), pick(&asked.day));
        let filters = [("don-vi", unit.as_str()), ("nhom", &cohort), ("chi-so", &view.measure), ("ngay", &day)];
        let png = |kind: &str| links::with_query("/don-vi/chart.png", &[&filters[..], &[("kieu", kind)]].concat());
        let plan = visit.plan().ok();
        let all = Choice::new("", &lang.t("league.all_cohorts"), Some(cohort.as_str()));
        let of_plan = plan.iter().flat_map(|plan| &plan.plan.cohorts).filter(|of| {
            let fields = plan.as_ref().map_or(&[][..], |plan| plan.plan.fields(of));
            fields.iter().any(|field| field.of.is_some())
        });
        let cohorts = of_plan.map(|of| {
            let label = format!("{} – {}", words(lang, &of.short), words(lang, &of.name));
            let label = if of.short == of.name { words(lang, &of.name).to_owned() } else { label };
            Choice::new(&of.code, &label, Some(cohort.as_str()))
        });
        let agencies = league_pictures::adoption(lang, view);
        let communes = league_pictures::communes(lang, view);
        Self {
            shell: visit.shell(&heading).illustrative(view.plan.is_illustrative),
            heading,
            as_of: lang.as_of(view.as_of),
            cohorts: std::iter::once(all).chain(cohorts).collect(),
            measures: view
                .measures
                .iter()
                .map(|of| Choice::new(&of.code, words(lang, &of.name), Some(view.measure.as_str())))
                .collect(),
            measure: words(lang, &view.measure_name).to_owned(),
            base: lang.t("league.base"),
            groups: view.groups.iter().map(|group| Group::new(lang, view, group)).collect(),
            agencies: agencies.and_then(|chart| Picture::of(|width| adoption_by_agency::draw(&chart, width), true)),
            communes: communes.and_then(|chart| Picture::of(|width| ranking::draw(&chart, width), false)),
            agencies_png: png("co-quan"),
            communes_png: png("xa"),
            downloads: Downloads::of("/don-vi", &filters),
            unit,
            day,
        }
    }
}

impl Group {
    fn new(lang: Lang, view: &League, of: &LeagueGroup) -> Self {
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let reported = parts::reported(lang, number(of.reported), number(of.obliged));
        let total = of.total.and_then(|total| Some((lang.rate(total)?, lang.fraction(total))));
        let rows = |is_ranked: bool| {
            let rows = of.rows.iter().filter(move |row| row.rank.is_some() == is_ranked);
            rows.map(|row| Row::new(lang, view, row)).collect()
        };
        Self {
            id: format!("nhom-{}", of.cohort.code),
            name: words(lang, &of.cohort.name).to_owned(),
            short: words(lang, &of.cohort.short).to_owned(),
            summary: match total {
                Some((rate, counts)) => {
                    lang.tr("league.summary", &[("reported", &reported), ("rate", &rate), ("counts", &counts)])
                }
                None => reported,
            },
            has_target: of.cohort.target.is_some(),
            ranked: rows(true),
            unranked: rows(false),
        }
    }
}

impl Row {
    fn new(lang: Lang, view: &League, row: &LeagueRow) -> Self {
        let of = &row.progress;
        let before = row.rate_before.and_then(Rate::tenths);
        let change = row.rate.and_then(Rate::tenths).zip(before).map(|(now, before)| now - before);
        let old_day = of.as_of.filter(|_| of.is_old).map(|at| lang.short_day(calendar::day(at)));
        // A unit may have reported and left this one measure blank.
        let standing = match (of.standing, row.rate) {
            (Standing::Met | Standing::NotMet | Standing::NotJudged, None) => Standing::NotReported,
            (standing, _) => standing,
        };
        Self {
            rank: league_pictures::rank(row),
            unit: Link::to(&of.unit),
            history: links::history(&of.unit.code, &of.cohort, &view.measure),
            counts: row.rate.map(|rate| lang.fraction(rate)).unwrap_or_default(),
            percent: row.rate.and_then(|rate| lang.rate(rate)).unwrap_or_default(),
            badge: Badge::of(lang, standing),
            gap: row.rate.filter(|_| of.target.is_some()).map(|rate| lang.number(rate.gap())).unwrap_or_default(),
            change: match change {
                None => String::new(),
                Some(0) => lang.t("change.none_short"),
                Some(points) => lang.tr("change.points_short", &[("n", &lang.change(points))]),
            },
            old: old_day.map(|date| lang.tr("st.old", &[("date", &date)])),
        }
    }
}
