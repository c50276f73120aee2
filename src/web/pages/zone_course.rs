//! `/vung/dien-bien`: how many places were in each zone day by day, and the strip of each.

use actix_web::{HttpResponse, web::Query};
use askama::Template;

use super::{
    parts::{Choice, Downloads},
    pictures::{self, Picture},
    visit::{self, Visit},
    zone_days::{Asked, last_days},
    zone_pictures, zone_sheets,
};
use crate::{
    charts::Width,
    domain::{
        unit::UnitKind,
        zone::{Colour, drive::Window},
    },
    usecases::see_zone_course::{ZoneCourse, see_zone_course},
    web::{links, problem::Problem, shell::Shell, words::Lang},
};

#[derive(Template)]
#[template(path = "zone_course.html", config = "dashboards/askama.toml")]
struct CoursePage {
    shell: Shell,
    heading: String,
    unit: String,
    from: String,
    to: String,
    kinds: Vec<Choice>,
    columns: Option<Picture>,
    strips: Option<Picture>,
    /// The names over the counts, and a line for each day counted.
    names: Vec<String>,
    table: Vec<(String, Vec<String>)>,
    changes: Vec<String>,
    png: String,
    strips_png: String,
    downloads: Downloads,
}

/// `GET`: the course over the last 90 days, or those asked for.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let window = asked.window(&visit, last_days(&visit, 90))?;
    let view = view(&visit, &asked, window).await?;
    visit.answer(&view, zone_sheets::course, |view| CoursePage::new(&visit, view, &asked, window))
}

/// `GET /vung/dien-bien/chart.png`: the columns as a file.
pub async fn picture(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let view = view(&visit, &asked, asked.window(&visit, last_days(&visit, 90))?).await?;
    let chart = zone_pictures::columns(visit.lang, &view);
    Ok(visit::png(pictures::file(zone_pictures::draw_columns(&chart)(Width::Wide))?))
}

/// `GET /vung/dien-bien/dai.png`: the strips as a file.
pub async fn strips(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let view = view(&visit, &asked, asked.window(&visit, last_days(&visit, 90))?).await?;
    let chart = zone_pictures::strips(visit.lang, &view);
    Ok(visit::png(pictures::file(zone_pictures::draw_strips(&chart)(Width::Wide))?))
}

async fn view(visit: &Visit, asked: &Asked, window: Window) -> Result<ZoneCourse, Problem> {
    let (unit, kind) = (asked.unit(), asked.kind());
    visit.read(move |conn, actor, _| see_zone_course(conn, actor, unit.as_deref(), window, kind)).await
}

/// Communes or districts.
pub fn kinds(lang: Lang, current: UnitKind) -> Vec<Choice> {
    [UnitKind::Commune, UnitKind::District]
        .iter()
        .map(|kind| Choice::new(kind.code(), &lang.t(&format!("kinds.{kind}")), Some(current.code())))
        .collect()
}

impl CoursePage {
    fn new(visit: &Visit, view: &ZoneCourse, asked: &Asked, window: Window) -> Self {
        let lang = visit.lang;
        let heading = lang.tr("course.title", &[("place", &view.scope.name)]);
        let filters = asked.filters(visit, window);
        let filters: Vec<(&str, &str)> = filters.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let colours: Vec<Option<Colour>> = Colour::ALL.iter().copied().map(Some).chain([None]).collect();
        let count = |column: &crate::usecases::see_zone_course::Column, colour: &Option<Colour>| {
            lang.count(colour.map_or(column.unclassified, |c| column.counts.get(&c).copied().unwrap_or(0)))
        };
        let changed = |change: &crate::usecases::see_zone_course::SchemeChange| {
            lang.tr("course.scheme_change", &[("when", &lang.moment(change.at)), ("scheme", change.decision)])
        };
        let columns = zone_pictures::columns(lang, view);
        let strips = zone_pictures::strips(lang, view);
        Self {
            shell: visit.shell(&heading),
            heading,
            unit: asked.unit().unwrap_or_default(),
            from: lang.day_to_type(window.starts_on),
            to: lang.day_to_type(window.ends_on),
            kinds: kinds(lang, view.kind),
            columns: Picture::of(zone_pictures::draw_columns(&columns), false),
            strips: (!view.strips.is_empty()).then(|| Picture::of(zone_pictures::draw_strips(&strips), true)).flatten(),
            names: colours.iter().map(|c| lang.t(&format!("zone.{}", c.map_or("none", Colour::code)))).collect(),
            table: view
                .columns
                .iter()
                .rev()
                .map(|column| (lang.day(column.day), colours.iter().map(|colour| count(column, colour)).collect()))
                .collect(),
            changes: view.scheme_changes.iter().map(changed).collect(),
            png: links::with_query("/vung/dien-bien/chart.png", &filters),
            strips_png: links::with_query("/vung/dien-bien/dai.png", &filters),
            downloads: Downloads::of("/vung/dien-bien", &filters),
        }
    }
}
