//! `/don-vi/{code}` and `/xa/{code}`: one agency or place; its figures, zone and reports.

use actix_web::{
    HttpResponse,
    http::header,
    web::{Path, Query},
};
use askama::Template;
use serde::Deserialize;

use super::{
    parts::{Chip, CohortLine, Downloads, Link},
    sheets,
    unit_parts::{Below, Figures, Report, ZoneLine, in_plan_order},
    visit::Visit,
};
use crate::{
    domain::{calendar, unit::UnitKind},
    usecases::see_unit::{UnitView, see_unit},
    web::{links, problem::Problem, shell::Shell, words::Lang},
};

/// More units below than this are folded away.
const LONG: usize = 30;

/// What may be asked of the page.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(rename = "ngay")]
    day: Option<String>,
}

#[derive(Template)]
#[template(path = "unit.html", config = "dashboards/askama.toml")]
struct UnitPage {
    shell: Shell,
    heading: String,
    as_of: String,
    ancestors: Vec<Link>,
    /// Its zone now; only places have one.
    zone: Option<Chip>,
    zone_said: String,
    zones: Vec<ZoneLine>,
    may_decide: bool,
    population: Option<String>,
    /// What it answers for itself, cohort by cohort.
    own: Vec<Figures>,
    /// Totals of what lies below it.
    totals: Vec<CohortLine>,
    /// The units below it.
    below: Vec<Below>,
    below_heading: String,
    /// Whether they are so many that they are folded away.
    is_long: bool,
    below_count: String,
    reports: Vec<Report>,
    may_report: bool,
    entry: String,
    trend: String,
    downloads: Downloads,
}

/// `GET`: the page of the unit; asked for as the wrong kind, it sends to the right address.
pub async fn show(visit: Visit, code: Path<String>, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let (plan, moment, code) = (visit.plan()?, visit.moment(asked.day.as_ref())?, code.into_inner());
    let view = visit.read(move |conn, actor, _| see_unit(conn, actor, &plan, &code, moment)).await?;
    let right = links::unit(&view.unit);
    if !visit.address.starts_with(&right) {
        let rest = visit.address.find(&view.unit.code).map_or("", |at| &visit.address[at + view.unit.code.len()..]);
        return Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, format!("{right}{rest}"))).finish());
    }
    visit.answer(&view, sheets::unit, |view| UnitPage::new(&visit, view))
}

impl UnitPage {
    fn new(visit: &Visit, view: &UnitView) -> Self {
        let lang = visit.lang;
        let code = view.unit.code.as_str();
        let current = view.zones.as_ref().and_then(|zones| zones.current.as_ref());
        let has_below = view.progress.iter().any(|unit| unit.unit.code != code);
        let address = links::unit(&view.unit);
        let below = Below::all(lang, visit.plan().ok().as_deref(), view);
        let plan = visit.plan().ok();
        let units = in_plan_order(plan.as_deref(), &view.progress);
        let own = units.into_iter().filter(|unit| unit.unit.code == code);
        Self {
            shell: visit.shell(&view.unit.name).illustrative(view.plan.is_illustrative),
            heading: view.unit.name.clone(),
            as_of: lang.as_of(view.as_of),
            ancestors: view.ancestors.iter().map(Link::to).collect(),
            zone: view.zones.as_ref().map(|_| Chip::of(lang, current)),
            zone_said: current.map(|state| since(lang, state.decision.effective_from)).unwrap_or_default(),
            zones: view
                .zones
                .iter()
                .flat_map(|zones| {
                    zones.decisions.iter().map(move |state| (state, zones.out.contains(&state.decision.id)))
                })
                .map(|(state, is_out)| {
                    let is_current = current.is_some_and(|now| now.decision.id == state.decision.id);
                    ZoneLine::new(lang, state, is_current).out(is_out)
                })
                .collect(),
            may_decide: view.zones.as_ref().is_some_and(|zones| zones.may_decide),
            population: view.population.as_ref().map(|counted| {
                lang.tr(
                    "unit.population",
                    &[
                        ("persons", &lang.number(counted.persons.into())),
                        ("households", &lang.number(counted.households.into())),
                        ("date", &lang.day(counted.as_of)),
                        ("source", &counted.source),
                    ],
                )
            }),
            own: own.filter_map(|unit| Figures::new(lang, plan.as_deref(), unit)).collect(),
            totals: if has_below {
                view.totals.iter().map(|cohort| CohortLine::of(lang, cohort, "")).collect()
            } else {
                Vec::new()
            },
            is_long: below.len() > LONG,
            below_count: lang.tr("unit.see_below", &[("n", &lang.count(below.len()))]),
            below,
            below_heading: lang.t(if view.unit.kind == UnitKind::Commune { "unit.hamlets" } else { "unit.below" }),
            reports: view.reports.iter().map(|report| Report::new(lang, plan.as_deref(), report)).collect(),
            may_report: view.may_report,
            entry: links::with_query("/nhap-lieu", &[("don-vi", code)]),
            trend: links::with_query("/dien-bien", &[("don-vi", code)]),
            downloads: Downloads::of(&address, &[]),
        }
    }
}

fn since(lang: Lang, at: calendar::Instant) -> String {
    lang.tr("zones.since_moment", &[("time", &lang.time(at)), ("date", &lang.day(calendar::day(at)))])
}
