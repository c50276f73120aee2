//! II. Kết quả thực hiện.

use super::{
    Block, Column, Picture, Row, Table,
    compose::written,
    words::{count, inner, moment, number, rate, screen, standing, t, tr},
};
use crate::domain::{
    consolidated::{CohortTotal, ConsolidatedReport, Figure, FormField},
    plan::CountedOn,
    rate::Rate,
    standing::Standing,
    zone::Colour,
};

/// The measures that decide for any cohort.
pub(super) fn is_leading(report: &ConsolidatedReport, measure: &str) -> bool {
    report.forms.iter().flat_map(|form| &form.fields).any(|field| field.is_decisive && field.measure == measure)
}

/// The fields of a cohort a short table shows: those that decide for some cohort, or else its first with a rate.
pub(super) fn leading<'a>(report: &'a ConsolidatedReport, cohort: &CohortTotal) -> Vec<&'a FormField> {
    let rated: Vec<&FormField> = report.fields(cohort).iter().filter(|field| field.of.is_some()).collect();
    let leading: Vec<&FormField> = rated.iter().filter(|field| is_leading(report, &field.measure)).copied().collect();
    if leading.is_empty() { rated.into_iter().take(1).collect() } else { leading }
}

/// Cohorts that have a target.
pub(super) fn judged(report: &ConsolidatedReport) -> impl Iterator<Item = &CohortTotal> {
    report.cohorts.iter().filter(|cohort| cohort.target.is_some())
}

pub(super) fn results(report: &ConsolidatedReport) -> Vec<Block> {
    let of = &report.coverage;
    let values =
        [("asof", moment(report.as_of)), ("k", count(of.received)), ("n", count(of.expected)), ("met", count(of.met))];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut blocks = vec![Block::Paragraph(tr("results.lead", &values))];
    if let Some(sent) = of.in_period {
        let values = [
            ("n", number(sent.expected)),
            ("k", number(sent.received)),
            ("on_time", number(sent.on_time)),
            ("missing", count(of.unreported.len())),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        blocks.push(Block::Paragraph(tr("results.in_period", &values)));
    }
    let headings = ["results.agencies", "results.communes", "results.communication", "results.zones"];
    let parts = [agencies(report), communes(report), communication(report), zones(report)];
    for (i, (heading, part)) in headings.iter().zip(parts).enumerate() {
        blocks.push(Block::Heading(format!("{}. {}", i + 1, t(heading))));
        blocks.extend(part);
    }
    blocks
}

/// The totals of every cohort with a target.
fn agencies(report: &ConsolidatedReport) -> Vec<Block> {
    let cohorts: Vec<&CohortTotal> = judged(report).collect();
    let Some(first) = cohorts.first() else { return vec![Block::Paragraph(t("results.no_target"))] };
    let fields = leading(report, first);
    let base = fields.first().and_then(|field| field.of.as_deref());
    let base = report.fields(first).iter().find(|field| Some(field.measure.as_str()) == base);
    let mut columns = vec![
        Column::words(t("col.cohort"), 45),
        Column::number(t("col.reported"), 15),
        Column::number(base.map_or_else(|| t("col.base"), |field| field.name.clone()), 18),
    ];
    for field in &fields {
        columns.push(Column::number(field.name.clone(), 15));
        columns.push(Column::number(t("col.rate"), 13));
    }
    columns.push(Column::number(t("col.missing"), 13));
    let row = |cohort: &&CohortTotal| {
        let total = |measure: &str| cohort.measures.iter().find(|total| total.measure == measure);
        let mut cells = vec![
            if cohort.short == cohort.name {
                cohort.name.clone()
            } else {
                format!("{}: {}", cohort.short, inner(&cohort.name))
            },
            format!("{}/{}", number(cohort.reported), number(cohort.obliged)),
            fields
                .first()
                .and_then(|field| total(&field.measure)?.rate)
                .map_or_else(|| standing(Standing::NotReported), |rate| number(rate.base)),
        ];
        let mut gap = 0;
        for field in &fields {
            let of = total(&field.measure).and_then(|total| total.rate);
            gap = gap.max(of.map_or(0, Rate::gap));
            cells.push(of.map_or_else(String::new, |rate| number(rate.counted)));
            cells.push(of.map_or_else(String::new, rate));
        }
        cells.push(number(gap));
        Row::plain(cells)
    };
    let caption = t("table.cohorts");
    let rows = cohorts.iter().map(row).collect();
    vec![
        Block::Table(Table { caption, columns, rows }),
        Block::Paragraph(t("results.never_added")),
        Block::Picture(Picture::Trend, t("picture.trend")),
        Block::Picture(Picture::Agencies, t("picture.agencies")),
    ]
}

/// What a commune shows of a cohort: of its committee, or of its area.
fn of_commune<'a>(
    report: &'a ConsolidatedReport,
    cohort: &'a CohortTotal,
    commune: &str,
    measure: &str,
) -> Option<&'a Figure> {
    if cohort.counted_on == CountedOn::Area {
        let commune = report.communes.iter().find(|of| of.unit.code == commune)?;
        let total = commune.totals.iter().find(|total| total.cohort == cohort.code)?;
        return total.figures.iter().find(|figure| figure.measure == measure);
    }
    let line = report.lines_of(&cohort.code).find(|line| line.commune.as_deref() == Some(commune))?;
    line.figure(measure)
}

/// Every commune: its committee, its residents, its households, its zone.
fn communes(report: &ConsolidatedReport) -> Vec<Block> {
    let is_local = |cohort: &&CohortTotal| report.lines_of(&cohort.code).any(|line| line.commune.is_some());
    let cohorts: Vec<&CohortTotal> = report.cohorts.iter().filter(is_local).collect();
    if cohorts.is_empty() {
        return vec![Block::Paragraph(t("results.no_communes"))];
    }
    let mut columns = vec![Column::mark(t("col.no"), 9), Column::words(t("col.commune"), 33)];
    let mut shown = Vec::new();
    for cohort in &cohorts {
        for field in leading(report, cohort) {
            columns.push(Column::number(format!("{}: {} (%)", cohort.short, inner(&field.name)), 20));
            shown.push((*cohort, field.measure.as_str()));
        }
    }
    columns.push(Column::words(t("col.zone"), 22));
    let rows = report
        .communes
        .iter()
        .enumerate()
        .map(|(i, commune)| {
            let mut cells = vec![count(i + 1), commune.unit.name.clone()];
            for (cohort, measure) in &shown {
                let figure = of_commune(report, cohort, &commune.unit.code, measure);
                let said = figure.and_then(|figure| figure.rate).map(rate);
                cells.push(said.unwrap_or_else(|| standing(Standing::NotReported)));
            }
            cells.push(zone_name(commune.zone.as_ref().map(|zone| zone.colour)));
            Row::plain(cells)
        })
        .collect();
    let mut blocks = vec![Block::Table(Table { caption: t("table.communes"), columns, rows })];
    blocks.push(Block::Paragraph(t("results.residents_not_judged")));
    blocks.push(Block::Picture(Picture::Communes, t("picture.communes")));
    blocks
}

/// "Vùng xanh"; "Chưa phân loại" where nobody decided.
pub(super) fn zone_name(colour: Option<Colour>) -> String {
    screen(&format!("zone.{}", colour.map_or("none", Colour::code)))
}

/// What is counted of propaganda, without a target.
fn communication(report: &ConsolidatedReport) -> Vec<Block> {
    let is_shown = |cohort: &&CohortTotal| {
        cohort.target.is_none() && !report.fields(cohort).iter().any(|field| is_leading(report, &field.measure))
    };
    let mut rows = Vec::new();
    for cohort in report.cohorts.iter().filter(is_shown) {
        for total in &cohort.measures {
            let field = report.fields(cohort).iter().find(|field| field.measure == total.measure);
            let name = field.map_or_else(|| total.measure.clone(), |field| field.name.clone());
            rows.push(Row::plain(vec![
                name,
                format!("{}/{}", number(cohort.reported), number(cohort.obliged)),
                total.count.map_or_else(|| standing(Standing::NotReported), number),
                total.rate.map(rate).unwrap_or_default(),
            ]));
        }
    }
    let columns = vec![
        Column::words(t("col.measure"), 70),
        Column::number(t("col.reported"), 24),
        Column::number(t("col.count"), 26),
        Column::number(t("col.rate"), 20),
    ];
    let mut blocks = Vec::new();
    if !rows.is_empty() {
        blocks.push(Block::Table(Table { caption: t("table.communication"), columns, rows }));
    }
    blocks.extend(written(&report.texts.communication));
    if blocks.is_empty() { vec![Block::Paragraph(t("results.no_communication"))] } else { blocks }
}

/// Zones, and what was traced.
fn zones(report: &ConsolidatedReport) -> Vec<Block> {
    let zones = &report.zones;
    let mut said: Vec<String> = zones
        .counts
        .iter()
        .filter(|of| of.places > 0)
        .map(|of| format!("{} {}", count(of.places), inner(&zone_name(Some(of.colour)))))
        .collect();
    if zones.unclassified > 0 {
        said.push(format!("{} {}", count(zones.unclassified), inner(&zone_name(None))));
    }
    let values = [("n", count(zones.total)), ("counts", said.join(", ")), ("changed", count(zones.changed_this_week))];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut blocks = vec![Block::Paragraph(tr("zones.counts", &values))];
    let above: Vec<String> = report
        .communes
        .iter()
        .filter(|commune| commune.zone.as_ref().is_some_and(|zone| zone.colour > Colour::Green))
        .map(|commune| {
            let name = zone_name(commune.zone.as_ref().map(|zone| zone.colour));
            format!("{} ({})", commune.unit.name, inner(&name))
        })
        .collect();
    if !above.is_empty() {
        blocks.push(Block::Paragraph(tr("zones.above", &[("communes", &above.join(", "))])));
    }
    if report.tracing.is_empty() {
        blocks.push(Block::Paragraph(t("zones.no_tracing")));
        return blocks;
    }
    let figures: Vec<String> = report
        .tracing
        .iter()
        .filter_map(|of| {
            let name = screen(&format!("field.{}", of.figure));
            Some(format!("{name}: {}", number(of.count?)))
        })
        .collect();
    blocks.push(Block::Paragraph(tr("zones.tracing", &[("figures", &figures.join("; "))])));
    blocks
}
