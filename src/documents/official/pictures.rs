//! The charts of the report, drawn from its own figures.

use std::cmp::Reverse;

use super::{
    Picture,
    words::{count, inner, moment, percent, screen, standing},
};
use crate::{
    charts::{
        self, Cell, ChartError, Frame, Locale, Svg, Target, Width, Words,
        adoption_by_agency::{self, AdoptionByAgency},
        png,
        ranking::{self, Ranking},
        trend::{self, Trend},
    },
    domain::{
        calendar,
        consolidated::{ConsolidatedReport, FormField, Line},
        rate::Rate,
        standing::Standing,
        unit::UnitKind,
    },
};

/// A chart, or nothing where there is nothing to draw.
pub fn svg(report: &ConsolidatedReport, picture: Picture, width: Width) -> Option<Result<Svg, ChartError>> {
    match picture {
        Picture::Trend => trend(report).map(|chart| charts::trend::draw(&chart, width)),
        Picture::Agencies => agencies(report).map(|chart| charts::adoption_by_agency::draw(&chart, width)),
        Picture::Communes => communes(report).map(|chart| charts::ranking::draw(&chart, width)),
    }
}

/// The same as PNG at twice its size.
pub fn png(report: &ConsolidatedReport, picture: Picture) -> Option<Result<Vec<u8>, ChartError>> {
    svg(report, picture, Width::Wide).map(|drawn| drawn.and_then(|svg| png::render(&svg)))
}

fn frame(report: &ConsolidatedReport, id: &str, title: String, subtitle: String) -> Frame {
    let as_of = screen("time.asof").replace("%{time} ngày %{date}", &moment(report.as_of));
    let mut footer = screen("chart.source").replace("%{asof}", &inner(&as_of));
    if report.plan.is_illustrative {
        footer = format!("{} {footer}", screen("chart.demo"));
    }
    Frame {
        id: id.to_owned(),
        description: title.clone(),
        title,
        subtitle,
        footer,
        no_data: screen("msg.none"),
        locale: Locale::Vi,
    }
}

fn words() -> Words {
    Words {
        not_reported: standing(Standing::NotReported),
        nobody: standing(Standing::NobodyToCount),
        counted_in: screen("term.people"),
    }
}

fn target(asked: Option<u8>) -> Option<Target> {
    let asked = asked?;
    let label = screen("term.target_of").replace("%{n}", &asked.to_string());
    Some(Target { tenths: i64::from(asked) * 10, label })
}

fn cell(line: &Line, measure: &str) -> Cell {
    match (line.standing, line.rate(measure)) {
        (Standing::NobodyToCount, _) => Cell::NobodyToCount,
        (_, Some(rate)) => Cell::Rate(rate),
        (_, None) => Cell::NotReported,
    }
}

/// The decisive measures of the first cohort with a target.
fn decisive(report: &ConsolidatedReport) -> Vec<&FormField> {
    let judged = report.cohorts.iter().find(|cohort| cohort.target.is_some());
    judged.map(|of| report.fields(of).iter().filter(|field| field.is_decisive).collect()).unwrap_or_default()
}

fn trend(report: &ConsolidatedReport) -> Option<Trend> {
    let until = calendar::day(report.as_of);
    let series: Vec<trend::Series> = report
        .trend
        .iter()
        .map(|line| {
            let point = |day, of: &crate::domain::consolidated::TrendPoint| trend::Point {
                day,
                tenths: of.tenths,
                complete: of.is_complete,
            };
            let mut points: Vec<trend::Point> = line.points.iter().map(|of| point(of.day, of)).collect();
            // A rate holds until the next report: the line runs on to the report's own day.
            if let Some(last) = line.points.last().filter(|last| last.day < until) {
                points.push(point(until, last));
            }
            trend::Series { name: line.name.clone(), points }
        })
        .collect();
    if series.iter().all(|line| line.points.is_empty()) {
        return None;
    }
    let judged = report.cohorts.iter().filter(|cohort| cohort.target.is_some());
    let lowest = judged
        .clone()
        .filter_map(|of| {
            let leading = report.fields(of).iter().find(|field| field.is_decisive)?;
            let total = of.measures.iter().find(|total| total.measure == leading.measure)?;
            Some((of, total.rate?.tenths()?))
        })
        .min_by_key(|(_, tenths)| *tenths);
    let asked = judged.clone().find_map(|cohort| cohort.target);
    let missing = |tenths: i64| asked.map_or(0, |asked| i64::from(asked) * 10 - tenths);
    let title = match lowest {
        Some((of, tenths)) if missing(tenths) > 0 => screen("trend.lowest")
            .replace("%{name}", &of.short)
            .replace("%{rate}", &percent(tenths))
            .replace("%{points}", percent(missing(tenths)).trim_end_matches('%')),
        _ => screen("trend.all_reached"),
    };
    let subtitle = screen("trend.by_cohort")
        .replace("%{measure}", &report.trend_measure)
        .replace("%{place}", &inner(&report.scope.name));
    Some(Trend {
        frame: frame(report, "dien-bien", title, subtitle),
        series,
        target: target(asked),
        incomplete: screen("trend.incomplete"),
    })
}

/// Best first by the exact share; what is not known last.
fn order(line: &Line, measure: &str) -> (bool, Reverse<i64>) {
    let rate = line.rate(measure).filter(|rate| rate.base > 0);
    (rate.is_none(), Reverse(rate.map_or(0, |rate| rate.counted * 100_000 / rate.base)))
}

fn agencies(report: &ConsolidatedReport) -> Option<AdoptionByAgency> {
    let fields = decisive(report);
    let first = fields.first()?;
    let mut lines: Vec<&Line> =
        report.lines.iter().filter(|line| line.target.is_some() && line.commune.is_none()).collect();
    if lines.is_empty() {
        return None;
    }
    lines.sort_by_key(|line| order(line, &first.measure));
    let is_twice = |code: &str| lines.iter().filter(|line| line.unit.code == code).count() > 1;
    let mut bodies: Vec<(&str, bool)> = Vec::new();
    for line in &lines {
        let is_full = line.rate(&first.measure).is_some_and(Rate::is_full);
        match bodies.iter_mut().find(|(code, _)| *code == line.unit.code) {
            Some((_, all)) => *all &= is_full,
            None => bodies.push((&line.unit.code, is_full)),
        }
    }
    let full = bodies.iter().filter(|(_, is_full)| *is_full).count();
    let title = screen("league.agencies_full").replace("%{k}", &count(full)).replace("%{n}", &count(bodies.len()));
    let subtitle = screen("league.agencies_sub").replace("%{place}", &inner(&report.scope.name));
    let row = |line: &&Line| {
        let short = report.cohort(&line.cohort).map(|cohort| cohort.short.as_str()).unwrap_or_default();
        let name =
            if is_twice(&line.unit.code) { format!("{} – {short}", line.unit.name) } else { line.unit.name.clone() };
        adoption_by_agency::Row {
            name,
            people: first.of.as_deref().and_then(|base| line.figure(base)).map(|figure| figure.count),
            href: None,
            cells: fields.iter().map(|field| cell(line, &field.measure)).collect(),
        }
    };
    Some(AdoptionByAgency {
        frame: frame(report, "co-quan", title, subtitle),
        measures: fields.iter().map(|field| field.name.clone()).collect(),
        people_heading: screen("league.people"),
        rows: lines.iter().map(row).collect(),
        target: target(lines.iter().find_map(|line| line.target)),
        low_below: None,
        words: words(),
    })
}

/// A chart of more communes than this is no longer read on paper; the annex has them all.
const MOST_COMMUNES: usize = 40;

fn communes(report: &ConsolidatedReport) -> Option<Ranking> {
    let field = *decisive(report).first()?;
    let mut lines: Vec<&Line> = report
        .lines
        .iter()
        .filter(|line| line.target.is_some() && line.unit.kind == UnitKind::CommuneCommittee)
        .collect();
    if lines.is_empty() || lines.len() > MOST_COMMUNES {
        return None;
    }
    lines.sort_by_key(|line| (line.rank.is_none(), line.rank));
    let full = lines.iter().filter(|line| line.rate(&field.measure).is_some_and(Rate::is_full)).count();
    let title = screen("league.communes_full")
        .replace("%{k}", &count(full))
        .replace("%{n}", &count(lines.len()))
        .replace("%{measure}", &field.name);
    let cohort = lines.first().and_then(|line| report.cohort(&line.cohort));
    let subtitle = screen("league.communes_sub")
        .replace("%{measure}", &field.name)
        .replace("%{cohort}", cohort.map(|cohort| cohort.name.as_str()).unwrap_or_default());
    let row = |line: &&Line| ranking::Row {
        rank: line.rank.map(|rank| format!("{rank}{}", if line.is_tied { "=" } else { "" })).unwrap_or_default(),
        name: line.unit.name.clone(),
        href: None,
        cell: cell(line, &field.measure),
        previous: line.before.and_then(|before| before.rate),
    };
    Some(Ranking {
        frame: frame(report, "xa", title, subtitle),
        rows: lines.iter().map(row).collect(),
        target: target(lines.iter().find_map(|line| line.target)),
        previous_label: super::words::t("picture.previous"),
        points: screen("term.points"),
        words: words(),
    })
}
