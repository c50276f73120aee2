//! The league as charts: agencies with three measures side by side, communes in the order of their rates.

use std::{cmp::Reverse, collections::BTreeMap};

use super::{
    parts::words,
    pictures::{Texts, cell_words, target},
};
use crate::{
    charts::{
        Cell,
        adoption_by_agency::{self, AdoptionByAgency},
        ranking::{self, Ranking},
    },
    domain::{rate::Rate, standing::Standing, unit::UnitKind},
    usecases::{
        progress::UnitProgress,
        see_league::{League, LeagueGroup, LeagueRow},
    },
    web::{links, words::Lang},
};

/// The measures drawn side by side.
const MEASURES: [&str; 3] = ["bluezone_installed", "ncovi_declared", "ncovi_installed"];
/// Rates below this are drawn in the warning colour.
const LOW_TENTHS: i64 = 600;

fn cell(unit: &UnitProgress, measure: &str) -> Cell {
    match (unit.standing, unit.rate(measure)) {
        (Standing::NobodyToCount, _) => Cell::NobodyToCount,
        (_, Some(rate)) => Cell::Rate(rate),
        (_, None) => Cell::NotReported,
    }
}

/// The exact order of shares, best first; what is not known last.
fn share_of(unit: &UnitProgress, measure: &str) -> (bool, Reverse<i64>) {
    let rate = unit.rate(measure).filter(|rate| rate.base > 0);
    // Thousandths of a percent are finer than any list of agencies needs.
    (rate.is_none(), Reverse(rate.map_or(0, |rate| rate.counted * 100_000 / rate.base)))
}

/// Whether the unit is an agency rather than a commune's committee.
fn is_agency(row: &LeagueRow) -> bool {
    row.progress.unit.kind != UnitKind::CommuneCommittee && !row.progress.unit.kind.is_place()
}

fn judged(view: &League) -> impl Iterator<Item = (&LeagueGroup, &LeagueRow)> {
    view.groups
        .iter()
        .filter(|group| group.cohort.target.is_some())
        .flat_map(|group| group.rows.iter().map(move |row| (group, row)))
}

/// Every agency with its staff, and once more with its members where it has any.
pub fn adoption(lang: Lang, view: &League) -> Option<AdoptionByAgency> {
    let mut rows: Vec<(&LeagueGroup, &LeagueRow)> = judged(view).filter(|(_, row)| is_agency(row)).collect();
    if rows.is_empty() {
        return None;
    }
    let first = MEASURES[0];
    rows.sort_by_key(|(_, row)| share_of(&row.progress, first));
    let mut seen: BTreeMap<&str, bool> = BTreeMap::new();
    for (_, row) in &rows {
        let is_full = row.progress.rate(first).is_some_and(Rate::is_full);
        *seen.entry(&row.progress.unit.code).or_insert(true) &= is_full;
    }
    let twice = |code: &str| rows.iter().filter(|(_, row)| row.progress.unit.code == code).count() > 1;
    let full = seen.values().filter(|is_full| **is_full).count();
    let percent = rows.iter().find_map(|(group, _)| group.cohort.target);
    let values = [("k", lang.count(full)), ("n", lang.count(seen.len()))];
    let names: Vec<String> = MEASURES
        .iter()
        .filter_map(|code| view.measures.iter().find(|measure| measure.code == *code))
        .map(|measure| words(lang, &measure.name).to_owned())
        .collect();
    let texts = Texts {
        id: "co-quan",
        title: lang.tr("league.agencies_full", &[("k", &values[0].1), ("n", &values[1].1)]),
        subtitle: lang.tr("league.agencies_sub", &[("place", &view.scope.name)]),
        as_of: view.as_of,
        is_illustrative: view.plan.is_illustrative,
    };
    Some(AdoptionByAgency {
        frame: texts.frame(lang),
        measures: names,
        people_heading: lang.t("league.people"),
        rows: rows
            .iter()
            .map(|(group, row)| {
                let unit = &row.progress.unit;
                let name = if twice(&unit.code) {
                    format!("{} – {}", unit.name, words(lang, &group.cohort.short))
                } else {
                    unit.name.clone()
                };
                adoption_by_agency::Row {
                    name,
                    people: row.progress.figure("smartphone_users").map(|figure| figure.count),
                    href: Some(links::unit(unit)),
                    cells: MEASURES.iter().map(|measure| cell(&row.progress, measure)).collect(),
                }
            })
            .collect(),
        target: target(lang, percent),
        low_below: Some(LOW_TENTHS),
        words: cell_words(lang),
    })
}

/// The communes' committees by the league's measure, each beside its rate a week before.
pub fn communes(lang: Lang, view: &League) -> Option<Ranking> {
    let group = view.groups.iter().find(|group| {
        group.cohort.target.is_some()
            && group.rows.iter().any(|row| row.progress.unit.kind == UnitKind::CommuneCommittee)
    })?;
    let rows: Vec<&LeagueRow> = group.rows.iter().filter(|row| !is_agency(row)).collect();
    let full = rows.iter().filter(|row| row.rate.is_some_and(Rate::is_full)).count();
    let measure = words(lang, &view.measure_name);
    let texts = Texts {
        id: "xa",
        title: lang.tr(
            "league.communes_full",
            &[("k", &lang.count(full)), ("n", &lang.count(rows.len())), ("measure", measure)],
        ),
        subtitle: lang.tr("league.communes_sub", &[("measure", measure), ("cohort", words(lang, &group.cohort.name))]),
        as_of: view.as_of,
        is_illustrative: view.plan.is_illustrative,
    };
    Some(Ranking {
        frame: texts.frame(lang),
        rows: rows
            .iter()
            .map(|row| ranking::Row {
                rank: rank(row),
                name: row.progress.unit.name.clone(),
                href: Some(links::unit(&row.progress.unit)),
                cell: cell(&row.progress, &view.measure),
                previous: row.rate_before,
            })
            .collect(),
        target: target(lang, group.cohort.target),
        previous_label: lang.t("league.week_before"),
        points: lang.t("term.points"),
        words: cell_words(lang),
    })
}

/// "1", "1=" where others share it, nothing where there is none.
pub fn rank(row: &LeagueRow) -> String {
    row.rank.map(|rank| format!("{rank}{}", if row.is_tied { "=" } else { "" })).unwrap_or_default()
}
