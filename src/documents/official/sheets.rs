//! The report as six sheets: the same figures as in its text, as numbers.

use super::{
    Edition,
    results::zone_name,
    words::{inner, moment, period, rate as rate_said, screen, standing, t, tr},
};
use crate::{
    documents::workbook::{Sheet, Value},
    domain::{
        calendar::{self, Instant},
        consolidated::{CohortTotal, ConsolidatedReport, Figure, FormField, Line},
        plan::{CountedOn, Directive},
        rate::Rate,
        standing::Standing,
    },
};

/// The six sheets.
pub(super) fn sheets(report: &ConsolidatedReport, edition: Option<&Edition>) -> Vec<Sheet> {
    let title = title(report, edition);
    let sheet = |name: &str, (head, rows): (Vec<String>, Vec<Vec<Value>>)| Sheet {
        name: t(&format!("sheet.{name}")),
        title: title.clone(),
        head,
        rows,
    };
    vec![
        sheet("totals", totals(report)),
        sheet("units", units(report)),
        sheet("areas", areas(report)),
        sheet("zones", zones(report)),
        sheet("unreported", unreported(report)),
        sheet("terms", terms(report)),
    ]
}

/// What stands above every table.
fn title(report: &ConsolidatedReport, edition: Option<&Edition>) -> Vec<String> {
    let mut lines = vec![
        format!("{} – {}", report.letter.subject, inner(&report.scope.name)),
        format!("{}; {}", capital(&period(report.period)), super::compose::foot(report, edition)),
    ];
    if report.plan.is_illustrative {
        lines.push(screen("demo.notice"));
    }
    lines
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn text(text: impl Into<String>) -> Value {
    let text = text.into();
    if text.is_empty() { Value::Blank } else { Value::Text(text) }
}

#[expect(clippy::cast_precision_loss, reason = "no count of people reaches 2^53")]
fn number(n: i64) -> Value {
    Value::Number(n as f64)
}

fn size(n: usize) -> Value {
    number(i64::try_from(n).unwrap_or(i64::MAX))
}

/// A rate cut to tenths as everywhere, so that only all of them is 100 %.
#[expect(clippy::cast_precision_loss, reason = "tenths of a percent have few digits")]
fn rate(of: Option<Rate>) -> Value {
    match of {
        None => Value::Blank,
        Some(of) => of.tenths().map_or_else(|| text(rate_said(of)), |tenths| Value::Percent(tenths as f64 / 1000.0)),
    }
}

fn time(at: Option<Instant>) -> Value {
    at.map_or(Value::Blank, |at| Value::Moment(calendar::local(at)))
}

fn heads(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| t(&format!("col.{key}"))).collect()
}

/// Every total of every cohort.
fn totals(report: &ConsolidatedReport) -> (Vec<String>, Vec<Vec<Value>>) {
    let head = heads(&[
        "cohort", "measure", "count", "counted", "base", "rate", "missing", "surplus", "target", "reported", "obliged",
        "before",
    ]);
    let mut rows = Vec::new();
    for (of, total) in report.cohorts.iter().flat_map(|of| of.measures.iter().map(move |total| (of, total))) {
        let field = report.fields(of).iter().find(|field| field.measure == total.measure);
        let gap = total.rate.filter(|_| of.target.is_some()).map(Rate::gap);
        rows.push(vec![
            text(of.short.as_str()),
            text(field.map_or_else(|| total.measure.clone(), |field| field.name.clone())),
            total.count.map_or_else(|| text(standing(Standing::NotReported)), number),
            total.rate.map_or(Value::Blank, |rate| number(rate.counted)),
            total.rate.map_or(Value::Blank, |rate| number(rate.base)),
            rate(total.rate),
            gap.map_or(Value::Blank, number),
            number(total.surplus),
            of.target.map_or(Value::Blank, |asked| Value::Percent(f64::from(asked) / 100.0)),
            number(of.reported),
            number(of.obliged),
            rate(total.before),
        ]);
    }
    (head, rows)
}

/// The fields of the forms of some cohorts, each once.
fn fields(report: &ConsolidatedReport, is_of: impl Fn(&CohortTotal) -> bool) -> Vec<&FormField> {
    let mut out: Vec<&FormField> = Vec::new();
    for field in report.cohorts.iter().filter(|cohort| is_of(cohort)).flat_map(|cohort| report.fields(cohort)) {
        if out.iter().all(|known| known.measure != field.measure) {
            out.push(field);
        }
    }
    out
}

/// The headings of fields: a count, and a rate where the field has one.
fn heads_of(fields: &[&FormField]) -> Vec<String> {
    let of = |field: &&FormField| {
        let rated = field.of.is_some().then(|| tr("col.rate_of", &[("measure", &field.name)]));
        std::iter::once(field.name.clone()).chain(rated).collect::<Vec<_>>()
    };
    fields.iter().flat_map(of).collect()
}

fn cells_of<'a>(fields: &[&FormField], find: impl Fn(&str) -> Option<&'a Figure>) -> Vec<Value> {
    let mut cells = Vec::new();
    for field in fields {
        let figure = find(&field.measure);
        cells.push(figure.map_or(Value::Blank, |figure| number(figure.count)));
        if field.of.is_some() {
            cells.push(rate(figure.and_then(|figure| figure.rate)));
        }
    }
    cells
}

/// Every body with every cohort it answers for.
fn units(report: &ConsolidatedReport) -> (Vec<String>, Vec<Vec<Value>>) {
    let fields = fields(report, |cohort| cohort.counted_on == CountedOn::Body);
    let mut head = heads(&["clause", "code", "unit", "cohort"]);
    head.extend(heads_of(&fields));
    head.extend(heads(&["rank", "rank_before", "result", "asof", "document"]));
    let row = |line: &Line| {
        let short = report.cohort(&line.cohort).map(|cohort| cohort.short.clone()).unwrap_or_default();
        let document = report.documents.iter().find(|of| of.unit.code == line.unit.code);
        let document = document.map(|of| match of.is_issued {
            Some(true) => of.number.clone(),
            Some(false) => screen("document.no"),
            None => screen("document.unsaid"),
        });
        let mut cells = vec![
            text(line.section.as_str()),
            text(line.unit.code.as_str()),
            text(line.unit.name.as_str()),
            text(short),
        ];
        cells.extend(cells_of(&fields, |measure| line.figure(measure)));
        cells.extend([
            line.rank.map_or(Value::Blank, size),
            line.before.and_then(|before| before.rank).map_or(Value::Blank, size),
            text(standing(line.standing)),
            time(line.as_of),
            text(document.unwrap_or_default()),
        ]);
        cells
    };
    (head, report.lines.iter().filter(|line| !line.unit.kind.is_place()).map(row).collect())
}

/// Every commune and its hamlets.
fn areas(report: &ConsolidatedReport) -> (Vec<String>, Vec<Vec<Value>>) {
    let cohorts: Vec<&CohortTotal> =
        report.cohorts.iter().filter(|cohort| cohort.counted_on == CountedOn::Area).collect();
    let mut head = heads(&["code", "commune", "area"]);
    for cohort in &cohorts {
        let fields: Vec<&FormField> = report.fields(cohort).iter().collect();
        head.extend(heads_of(&fields).into_iter().map(|name| format!("{}: {}", cohort.short, inner(&name))));
    }
    let mut rows = Vec::new();
    for commune in &report.communes {
        let name = commune.unit.name.as_str();
        let mut cells = vec![text(commune.unit.code.as_str()), text(name), text(name)];
        for cohort in &cohorts {
            let fields: Vec<&FormField> = report.fields(cohort).iter().collect();
            let total = commune.totals.iter().find(|total| total.cohort == cohort.code);
            cells.extend(cells_of(&fields, |measure| total?.figures.iter().find(|figure| figure.measure == measure)));
        }
        rows.push(cells);
        for hamlet in &commune.hamlets {
            let mut cells = vec![text(hamlet.code.as_str()), text(name), text(hamlet.name.as_str())];
            for cohort in &cohorts {
                let fields: Vec<&FormField> = report.fields(cohort).iter().collect();
                let line = report.lines_of(&cohort.code).find(|line| line.unit.code == hamlet.code);
                cells.extend(cells_of(&fields, |measure| line?.figure(measure)));
            }
            rows.push(cells);
        }
    }
    (head, rows)
}

/// The zone of every commune.
fn zones(report: &ConsolidatedReport) -> (Vec<String>, Vec<Vec<Value>>) {
    let head = heads(&["code", "commune", "zone", "level", "since", "decision", "issuer"]);
    let row = |commune: &crate::domain::consolidated::Commune| {
        let zone = commune.zone.as_ref();
        let of = |part: Option<&String>| text(part.cloned().unwrap_or_default());
        vec![
            text(commune.unit.code.as_str()),
            text(commune.unit.name.as_str()),
            text(zone_name(zone.map(|zone| zone.colour))),
            of(zone.map(|zone| &zone.name)),
            time(zone.map(|zone| zone.since)),
            of(zone.and_then(|zone| zone.decision_number.as_ref())),
            of(zone.and_then(|zone| zone.decision_issuer.as_ref())),
        ]
    };
    (head, report.communes.iter().map(row).collect())
}

/// Those that did not report.
fn unreported(report: &ConsolidatedReport) -> (Vec<String>, Vec<Vec<Value>>) {
    let head = heads(&["no", "code", "unit", "clause", "directive"]);
    let row = |(i, of): (usize, &crate::domain::consolidated::Unreported)| {
        let directive = if of.directive == Directive::Order { "directive.order" } else { "directive.request" };
        vec![
            size(i + 1),
            text(of.unit.code.as_str()),
            text(of.unit.name.as_str()),
            text(of.section.as_str()),
            text(t(directive)),
        ]
    };
    (head, report.coverage.unreported.iter().enumerate().map(row).collect())
}

/// What the words mean.
fn terms(report: &ConsolidatedReport) -> (Vec<String>, Vec<Vec<Value>>) {
    let mut rows = vec![vec![text(t("col.asof")), text(moment(report.as_of))]];
    for (term, meaning) in [
        ("term.rate", "def.rate"),
        ("term.rate", "def.truncated"),
        ("official.col.surplus", "def.surplus"),
        ("term.cohort", "def.cohorts"),
        ("term.asof", "def.asof"),
        ("official.col.zone", "def.zones"),
    ] {
        rows.push(vec![text(screen(term)), text(screen(meaning))]);
    }
    for of in Standing::ALL {
        rows.push(vec![text(standing(*of)), text(screen(&format!("def.{of}")))]);
    }
    rows.extend(report.cohorts.iter().map(|of| vec![text(of.short.as_str()), text(of.name.as_str())]));
    (heads(&["term", "meaning"]), rows)
}
