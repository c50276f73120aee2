//! Annexes: every unit, every commune with its hamlets, those that did not report.

use super::{
    Block, Column, Row, RowKind, Table,
    results::{is_leading, zone_name},
    words::{change, count, day, number, rate, screen, standing, t, tr},
};
use crate::domain::{
    consolidated::{CohortTotal, ConsolidatedReport, Figure, FormField, Line, OwnDocument},
    plan::{CountedOn, Directive},
    standing::Standing,
};

/// Title and pieces of each annex.
pub(super) fn annexes(report: &ConsolidatedReport) -> Vec<(String, Vec<Block>)> {
    let is_agency = |line: &Line| line.commune.is_none();
    let is_committee = |line: &Line| line.commune.is_some() && !line.unit.kind.is_place();
    let mut out = Vec::new();
    for (title, is_shown) in
        [("annex.agencies", &is_agency as &dyn Fn(&Line) -> bool), ("annex.committees", &is_committee)]
    {
        let blocks = units(report, is_shown);
        if !blocks.is_empty() {
            out.push((t(title), blocks));
        }
    }
    if report.communes.iter().any(|commune| !commune.totals.is_empty()) {
        out.push((t("annex.communes"), vec![communes(report)]));
    }
    out.push((t("annex.unreported"), unreported(report)));
    out
}

/// Whether a table shows the rate of a figure beside it.
fn shows_rate(report: &ConsolidatedReport, field: &FormField) -> bool {
    field.of.is_some() && is_leading(report, &field.measure)
}

/// The columns of a form's figures.
fn columns_of(report: &ConsolidatedReport, fields: &[FormField]) -> Vec<Column> {
    let mut columns = Vec::new();
    for field in fields {
        columns.push(Column::number(field.name.clone(), 18));
        if shows_rate(report, field) {
            columns.push(Column::number(t("col.rate"), 14));
        }
    }
    columns
}

/// The cells of a form's figures; of a unit that has not reported the first says so.
fn cells_of<'a>(
    report: &ConsolidatedReport,
    fields: &[FormField],
    find: impl Fn(&str) -> Option<&'a Figure>,
    is_silent: bool,
) -> Vec<String> {
    let mut cells = Vec::new();
    for field in fields {
        let figure = find(&field.measure);
        cells.push(figure.map(|figure| number(figure.count)).unwrap_or_default());
        if shows_rate(report, field) {
            cells.push(figure.and_then(|figure| figure.rate).map(rate).unwrap_or_default());
        }
    }
    if is_silent && let Some(first) = cells.first_mut() {
        *first = standing(Standing::NotReported);
    }
    cells
}

/// The units that `is_shown` picks, clause by clause; a table for each form with a target.
fn units(report: &ConsolidatedReport, is_shown: &dyn Fn(&Line) -> bool) -> Vec<Block> {
    let mut forms: Vec<&str> = Vec::new();
    for cohort in report.cohorts.iter().filter(|cohort| cohort.target.is_some()) {
        if !forms.contains(&cohort.form.as_str()) {
            forms.push(&cohort.form);
        }
    }
    forms.into_iter().filter_map(|form| units_of_form(report, form, is_shown)).map(Block::Table).collect()
}

fn units_of_form(report: &ConsolidatedReport, form: &str, is_shown: &dyn Fn(&Line) -> bool) -> Option<Table> {
    let of_form = |line: &&Line| {
        let cohort = report.cohort(&line.cohort);
        cohort.is_some_and(|cohort| cohort.form == form && cohort.target.is_some()) && is_shown(line)
    };
    let lines: Vec<&Line> = report.lines.iter().filter(of_form).collect();
    let cohort = report.cohort(&lines.first()?.cohort)?;
    let fields = report.fields(cohort);
    let leading = fields.iter().find(|field| field.is_decisive).map(|field| field.measure.as_str());
    let mut columns = vec![Column::mark(t("col.no"), 10), Column::words(t("col.unit"), 50)];
    columns.extend(columns_of(report, fields));
    columns.extend([
        Column::mark(t("col.rank"), 13),
        Column::mark(t("col.change"), 15),
        Column::words(t("col.document"), 24),
        Column::words(t("col.result"), 20),
    ]);
    let mut rows = Vec::new();
    let mut number_of = 0;
    for clause in &report.clauses {
        let of_clause: Vec<&&Line> = lines.iter().filter(|line| line.section == clause.section).collect();
        if of_clause.is_empty() {
            continue;
        }
        let values = [("section", clause.section.as_str()), ("bodies", &clause.bodies)];
        rows.push(Row::group(tr("annex.clause", &values)));
        for line in of_clause {
            number_of += 1;
            rows.push(Row::plain(unit_row(report, line, (number_of, fields, leading), &lines)));
        }
    }
    Some(Table { caption: String::new(), columns, rows })
}

fn unit_row(
    report: &ConsolidatedReport,
    line: &Line,
    (number_of, fields, leading): (usize, &[FormField], Option<&str>),
    all: &[&Line],
) -> Vec<String> {
    let is_twice = all.iter().filter(|other| other.unit.code == line.unit.code).count() > 1;
    let short = report.cohort(&line.cohort).filter(|_| is_twice).map(|cohort| cohort.short.as_str());
    let name = short.map_or_else(|| line.unit.name.clone(), |short| format!("{} – {short}", line.unit.name));
    let mut cells = vec![count(number_of), name];
    let is_silent = line.standing == Standing::NotReported;
    cells.extend(cells_of(report, fields, |measure| line.figure(measure), is_silent));
    let rank = line.rank.map(|rank| format!("{rank}{}", if line.is_tied { "=" } else { "" }));
    let before = line.before.and_then(|before| before.rate);
    let document = report.documents.iter().find(|of| of.unit.code == line.unit.code);
    cells.extend([
        rank.unwrap_or_default(),
        change(before, leading.and_then(|measure| line.rate(measure))),
        document.map(document_said).unwrap_or_default(),
        standing(line.standing),
    ]);
    cells
}

/// Number and date of a unit's own document, or that there is none.
fn document_said(of: &OwnDocument) -> String {
    match of.is_issued {
        Some(true) => {
            let dated = of.issued_on.map(|on| format!(" {}", screen("zones.dated").replace("%{date}", &day(on))));
            format!("{}{}", of.number, dated.unwrap_or_default())
        }
        Some(false) => screen("document.no"),
        None => screen("document.unsaid"),
    }
}

/// Every commune with its hamlets: what is counted on areas.
fn communes(report: &ConsolidatedReport) -> Block {
    let areas: Vec<&CohortTotal> =
        report.cohorts.iter().filter(|cohort| cohort.counted_on == CountedOn::Area).collect();
    let mut columns = vec![Column::mark(t("col.no"), 10), Column::words(t("col.area"), 42)];
    for cohort in &areas {
        columns.extend(columns_of(report, report.fields(cohort)));
    }
    columns.push(Column::words(t("col.zone"), 24));
    let mut rows = Vec::new();
    for (i, commune) in report.communes.iter().enumerate() {
        let mut cells = vec![count(i + 1), commune.unit.name.clone()];
        for cohort in &areas {
            let total = commune.totals.iter().find(|total| total.cohort == cohort.code);
            let find = |measure: &str| total?.figures.iter().find(|figure| figure.measure == measure);
            cells.extend(cells_of(report, report.fields(cohort), find, total.is_none_or(|total| total.reported == 0)));
        }
        cells.push(zone_name(commune.zone.as_ref().map(|zone| zone.colour)));
        rows.push(Row { kind: RowKind::Total, cells });
        for hamlet in &commune.hamlets {
            let mut cells = vec![String::new(), format!("– {}", hamlet.name)];
            for cohort in &areas {
                let line = report.lines_of(&cohort.code).find(|line| line.unit.code == hamlet.code);
                let is_silent = line.is_none_or(|line| line.standing == Standing::NotReported);
                let find = |measure: &str| line?.figure(measure);
                cells.extend(cells_of(report, report.fields(cohort), find, is_silent));
            }
            cells.push(String::new());
            rows.push(Row::plain(cells));
        }
    }
    Block::Table(Table { caption: String::new(), columns, rows })
}

/// Those that did not report, and who has said what of an own document.
fn unreported(report: &ConsolidatedReport) -> Vec<Block> {
    let of = &report.coverage;
    if of.unreported.is_empty() {
        return vec![Block::Paragraph(t("assessment.all_reported"))];
    }
    let columns = vec![
        Column::mark(t("col.no"), 12),
        Column::words(t("col.unit"), 110),
        Column::mark(t("col.clause"), 28),
        Column::words(t("col.directive"), 40),
        Column::words(t("col.document"), 50),
    ];
    let row = |(i, unit): (usize, &crate::domain::consolidated::Unreported)| {
        let directive = if unit.directive == Directive::Order { "directive.order" } else { "directive.request" };
        let document = report.documents.iter().find(|of| of.unit.code == unit.unit.code);
        Row::plain(vec![
            count(i + 1),
            unit.unit.name.clone(),
            unit.section.clone(),
            t(directive),
            document.map(document_said).unwrap_or_default(),
        ])
    };
    let rows = of.unreported.iter().enumerate().map(row).collect();
    vec![Block::Table(Table { caption: String::new(), columns, rows })]
}
