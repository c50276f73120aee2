//! `/dinh-nghia`: what every figure, result and zone means.

use actix_web::HttpResponse;
use askama::Template;

use super::{
    parts::{Badge, Chip, words},
    visit::Visit,
};
use crate::{
    domain::{standing::Standing, zone::Colour},
    usecases::zone_state::schemes,
    web::{problem::Problem, shell::Shell},
};

#[derive(Template)]
#[template(path = "definitions.html", config = "dashboards/askama.toml")]
struct DefinitionsPage {
    shell: Shell,
    heading: String,
    plan: String,
    cohorts: Vec<(String, String)>,
    standings: Vec<(Badge, String)>,
    chips: Vec<Chip>,
    unclassified: Chip,
    schemes: Vec<Scale>,
}

/// A scheme and the names of its levels.
struct Scale {
    decision: String,
    valid: String,
    levels: Vec<(Chip, String)>,
}

/// `GET`: the definitions.
pub async fn show(visit: Visit) -> Result<HttpResponse, Problem> {
    let (plan, lang) = (visit.plan()?, visit.lang);
    let heading = lang.t("nav.definitions");
    let scale = |scheme: &crate::domain::zone::Scheme| Scale {
        decision: scheme.decision.clone(),
        valid: match scheme.valid_to {
            Some(to) => lang.tr("def.valid", &[("from", &lang.day(scheme.valid_from)), ("to", &lang.day(to))]),
            None => lang.tr("def.valid_from", &[("from", &lang.day(scheme.valid_from))]),
        },
        levels: scheme
            .levels
            .iter()
            .map(|level| (Chip::coloured(lang, Some(level.colour)), words(lang, &level.words()).to_owned()))
            .collect(),
    };
    let issued = lang.day(plan.plan.issued_on);
    let values = [
        ("number", plan.plan.number.as_str()),
        ("date", &issued),
        ("issuer", &plan.plan.issuer),
        ("title", &plan.plan.title),
    ];
    visit.page(&DefinitionsPage {
        shell: visit.shell(&heading),
        heading,
        plan: lang.tr("def.plan", &values),
        cohorts: plan
            .plan
            .cohorts
            .iter()
            .map(|cohort| (words(lang, &cohort.short).to_owned(), words(lang, &cohort.name).to_owned()))
            .collect(),
        standings: Standing::ALL
            .iter()
            .map(|standing| (Badge::of(lang, *standing), lang.t(&format!("def.{standing}"))))
            .collect(),
        chips: Colour::ALL.iter().map(|colour| Chip::coloured(lang, Some(*colour))).collect(),
        unclassified: Chip::coloured(lang, None),
        schemes: schemes().iter().map(scale).collect(),
    })
}
