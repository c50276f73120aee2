//! III. Đánh giá chung.

use std::{cmp::Reverse, collections::BTreeMap};

use super::{
    Block,
    compose::written,
    words::{count, number, rate, t, tr},
};
use crate::domain::{
    consolidated::{ConsolidatedReport, Line},
    plan::Directive,
    standing::Standing,
};

/// How many of the units furthest from their target are named.
const FURTHEST: usize = 5;

pub(super) fn assessment(report: &ConsolidatedReport) -> Vec<Block> {
    let mut blocks = Vec::new();
    let parts = [
        ("assessment.achievements", achievements(report)),
        ("assessment.shortcomings", shortcomings(report)),
        ("assessment.unreported", unreported(report)),
    ];
    for (i, (heading, part)) in parts.into_iter().enumerate() {
        blocks.push(Block::Heading(format!("{}. {}", i + 1, t(heading))));
        blocks.extend(part);
    }
    blocks
}

/// The bodies that met their target with every cohort they have somebody in, by code.
fn met(report: &ConsolidatedReport) -> Vec<&str> {
    let mut bodies: BTreeMap<&str, (&str, bool, bool)> = BTreeMap::new();
    for line in report.lines.iter().filter(|line| line.target.is_some()) {
        let body = bodies.entry(&line.unit.code).or_insert((&line.unit.name, false, true));
        body.1 |= line.standing == Standing::Met;
        body.2 &= matches!(line.standing, Standing::Met | Standing::NobodyToCount);
    }
    bodies.into_values().filter(|(_, any, all)| *any && *all).map(|(name, ..)| name).collect()
}

fn achievements(report: &ConsolidatedReport) -> Vec<Block> {
    let met = met(report);
    let said = match met.len() {
        0 => t("assessment.none_met"),
        n => tr("assessment.met", &[("n", &count(n)), ("units", &met.join("; "))]),
    };
    let mut blocks = vec![Block::Paragraph(said)];
    blocks.extend(written(&report.texts.achievements));
    blocks
}

fn shortcomings(report: &ConsolidatedReport) -> Vec<Block> {
    let gap = |line: &Line| report.cohort(&line.cohort).map_or(0, |cohort| line.gap(report.fields(cohort)));
    let mut short: Vec<(&Line, i64)> = report
        .lines
        .iter()
        .filter(|line| line.standing == Standing::NotMet)
        .map(|line| (line, gap(line)))
        .filter(|(_, gap)| *gap > 0)
        .collect();
    short.sort_by_key(|(_, gap)| Reverse(*gap));
    let mut blocks = Vec::new();
    if short.is_empty() {
        blocks.push(Block::Paragraph(t("assessment.none_short")));
    } else {
        let n = count(short.len().min(FURTHEST));
        blocks.push(Block::Paragraph(tr("assessment.furthest", &[("n", &n)])));
        let last = short.len().min(FURTHEST) - 1;
        for (i, (line, gap)) in short.into_iter().take(FURTHEST).enumerate() {
            let end = if i == last { "." } else { ";" };
            blocks.push(Block::Item(format!("{}{end}", furthest(report, line, gap))));
        }
    }
    blocks.extend(written(&report.texts.shortcomings));
    blocks
}

/// "UBND xã A: còn thiếu 41 người (đã cài Bluezone 72,0%; đã khai báo NCOVI 80,1%)".
fn furthest(report: &ConsolidatedReport, line: &Line, gap: i64) -> String {
    let fields = report.cohort(&line.cohort).map_or(&[][..], |cohort| report.fields(cohort));
    let rates: Vec<String> = fields
        .iter()
        .filter(|field| field.is_decisive)
        .filter_map(|field| Some(format!("{} {}", super::words::inner(&field.name), rate(line.rate(&field.measure)?))))
        .collect();
    let values = [("unit", line.unit.name.as_str()), ("gap", &number(gap)), ("rates", &rates.join("; "))];
    tr("assessment.gap", &values)
}

/// Those that did not report: ordered ones are required to, requested ones asked (requirements A-11).
fn unreported(report: &ConsolidatedReport) -> Vec<Block> {
    let of = &report.coverage;
    if of.unreported.is_empty() {
        return vec![Block::Paragraph(t("assessment.all_reported"))];
    }
    let mut blocks = Vec::new();
    for (directive, key) in
        [(Directive::Order, "assessment.unreported_order"), (Directive::Request, "assessment.unreported_request")]
    {
        let names: Vec<&str> = of
            .unreported
            .iter()
            .filter(|unit| unit.directive == directive)
            .map(|unit| unit.unit.name.as_str())
            .collect();
        if !names.is_empty() {
            blocks.push(Block::Paragraph(tr(key, &[("n", &count(names.len())), ("units", &names.join("; "))])));
        }
    }
    blocks
}
