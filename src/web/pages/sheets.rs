//! Views as tables for CSV and workbooks: columns in English and stable, one fact a row.

use chrono::{FixedOffset, NaiveDate};

use crate::{
    documents::csv::{Cell, Table},
    domain::{calendar::Instant, rate::Rate},
    usecases::{
        import_report::CountRow,
        progress::{ILLUSTRATIVE, PlanRef, UnitProgress},
        read_audit::Trail,
        see_figures::{FigureRow, Figures},
        see_history::FigureHistory,
        see_league::League,
        see_overview::{CohortProgress, Overview},
        see_trend::Trend,
        see_unit::UnitView,
    },
};

/// Seconds east of Greenwich.
const EAST: i32 = 7 * 3600;

/// An instant by Vietnam's clocks.
pub fn moment(at: Instant) -> Cell {
    FixedOffset::east_opt(EAST).map_or(Cell::Blank, |east| Cell::Moment(at.with_timezone(&east)))
}

/// A day.
pub fn day(day: NaiveDate) -> Cell {
    Cell::Day(day)
}

/// Counted, base and percent of a rate.
fn rate(rate: Option<Rate>) -> [Cell; 3] {
    [
        rate.map(|rate| rate.counted).into(),
        rate.map(|rate| rate.base).into(),
        rate.and_then(Rate::tenths).map_or(Cell::Blank, Cell::Tenths),
    ]
}

/// A file with made-up figures says so in every row.
pub fn noted(table: Table, plan: &PlanRef) -> Table {
    if plan.is_illustrative { table.noted("note", ILLUSTRATIVE) } else { table }
}

/// Every total of an overview.
pub fn overview(view: &Overview) -> Table {
    let table = totals(&view.scope.code, view.as_of, view.cohorts.iter().chain(&view.informational));
    noted(table, &view.plan)
}

fn totals<'a>(unit: &str, as_of: Instant, cohorts: impl Iterator<Item = &'a CohortProgress>) -> Table {
    let columns = vec![
        "unit_code",
        "cohort",
        "measure",
        "count",
        "counted",
        "base",
        "percent",
        "surplus",
        "units_reported",
        "units_obliged",
        "target_percent",
        "as_of",
    ];
    let mut rows = Vec::new();
    for of in cohorts {
        for measure in &of.measures {
            let mut row: Vec<Cell> = vec![unit.into(), of.cohort.code.as_str().into(), measure.code.as_str().into()];
            row.push(measure.count.into());
            row.extend(rate(measure.rate));
            row.extend([
                measure.surplus.into(),
                of.reported.into(),
                of.obliged.into(),
                of.cohort.target.map(i64::from).into(),
                moment(as_of),
            ]);
            rows.push(row);
        }
    }
    Table { columns, rows }
}

const UNIT_COLUMNS: [&str; 12] = [
    "unit_code",
    "unit_name",
    "section",
    "cohort",
    "measure",
    "count",
    "counted",
    "base",
    "percent",
    "surplus",
    "standing",
    "as_of",
];

/// The rows of one obliged unit: one for each figure, or a single one that says it has not reported.
fn unit_rows(unit: &UnitProgress) -> Vec<Vec<Cell>> {
    let head = || -> Vec<Cell> {
        [&unit.unit.code, &unit.unit.name, &unit.section, &unit.cohort].map(|text| Cell::from(text.as_str())).to_vec()
    };
    let standing = || Cell::from(unit.standing.code());
    if unit.figures.is_empty() {
        let mut row = head();
        row.extend([const { Cell::Blank }; 6]);
        row.extend([standing(), Cell::Blank]);
        return vec![row];
    }
    unit.figures
        .iter()
        .map(|figure| {
            let mut row = head();
            row.extend([figure.measure.as_str().into(), figure.count.into()]);
            row.extend(rate(figure.rate));
            row.extend([figure.surplus.into(), standing(), moment(figure.as_of)]);
            row
        })
        .collect()
}

/// Every unit of a league with its rank.
pub fn league(view: &League) -> Table {
    let columns = vec![
        "cohort",
        "rank",
        "unit_code",
        "unit_name",
        "section",
        "measure",
        "counted",
        "base",
        "percent",
        "percent_week_before",
        "standing",
        "as_of",
    ];
    let mut rows = Vec::new();
    for (group, row) in view.groups.iter().flat_map(|group| group.rows.iter().map(move |row| (group, row))) {
        let of = &row.progress;
        let mut cells: Vec<Cell> = vec![
            group.cohort.code.as_str().into(),
            row.rank.and_then(|rank| i64::try_from(rank).ok()).into(),
            of.unit.code.as_str().into(),
            of.unit.name.as_str().into(),
            of.section.as_str().into(),
            view.measure.as_str().into(),
        ];
        cells.extend(rate(row.rate));
        cells.extend([
            row.rate_before.and_then(Rate::tenths).map_or(Cell::Blank, Cell::Tenths),
            of.standing.code().into(),
            of.as_of.map_or(Cell::Blank, moment),
        ]);
        rows.push(cells);
    }
    noted(Table { columns, rows }, &view.plan)
}

/// The figures in force with the headings of the files offices send: this one can be read in again. A count that nobody
/// is asked for has no column, because a blank cell is a figure left out.
pub fn figures(view: &Figures) -> Table {
    type Get = fn(CountRow) -> Option<i64>;
    let counts: [(&str, Get); 5] = [
        ("Tổng số", |of| of.total),
        ("Smartphone", |of| of.smartphone),
        ("Đã cài Bluezone", |of| of.bluezone),
        ("Đã cài NCOVI", |of| of.ncovi),
        ("Đã khai báo", |of| of.declared),
    ];
    let counts = counts.into_iter().filter(|(_, get)| view.rows.iter().any(|row| get(row.counts).is_some()));
    let (headings, gets): (Vec<&str>, Vec<_>) = counts.unzip();
    let columns = ["Mã đơn vị", "Tên đơn vị", "Số liệu đến ngày"].into_iter().chain(headings).collect();
    let row = |of: &FigureRow| -> Vec<Cell> {
        let unit = [of.unit.code.as_str().into(), of.unit.name.as_str().into(), day(of.day)];
        unit.into_iter().chain(gets.iter().map(|get| get(of.counts).into())).collect()
    };
    noted(Table { columns, rows: view.rows.iter().map(row).collect() }, &view.plan)
}

/// Every figure below a unit.
pub fn unit(view: &UnitView) -> Table {
    let rows = view.progress.iter().flat_map(unit_rows).collect();
    noted(Table { columns: UNIT_COLUMNS.to_vec(), rows }, &view.plan)
}

/// Every version of a figure.
pub fn history(view: &FigureHistory) -> Table {
    let columns = vec![
        "report",
        "supersedes",
        "unit_code",
        "cohort",
        "measure",
        "as_of",
        "recorded_at",
        "recorded_by",
        "channel",
        "old",
        "new",
        "base",
        "in_force",
        "returned",
        "reason",
        "file",
        "file_sha256",
        "sheet",
        "row",
    ];
    let rows = view
        .versions
        .iter()
        .map(|version| {
            vec![
                version.report.into(),
                version.supersedes.into(),
                view.unit.code.as_str().into(),
                view.cohort.as_str().into(),
                view.measure.as_str().into(),
                moment(version.as_of),
                moment(version.recorded_at),
                version.recorded_by.as_str().into(),
                version.channel.as_str().into(),
                version.old.into(),
                version.new.into(),
                version.base.into(),
                i64::from(version.is_in_force).into(),
                version.returned.as_ref().map(|review| review.reason.as_str()).into(),
                version.reason.as_str().into(),
                version.origin.as_ref().map(|of| of.file_name.as_str()).into(),
                version.origin.as_ref().map(|of| of.file_hash.as_str()).into(),
                version.origin.as_ref().map(|of| of.sheet.as_str()).into(),
                version.origin.as_ref().map(|of| i64::from(of.row)).into(),
            ]
        })
        .collect();
    noted(Table { columns, rows }, &view.plan)
}

/// Every point of a trend.
pub fn trend(view: &Trend) -> Table {
    let columns =
        vec!["day", "unit_code", "cohort", "measure", "counted", "base", "percent", "units_reported", "complete"];
    let cohort = view.cohort.as_ref().map(|cohort| cohort.code.as_str());
    let mut rows = Vec::new();
    for (line, point) in view.lines.iter().flat_map(|line| line.points.iter().map(move |point| (line, point))) {
        let mut row = vec![day(point.day), view.scope.code.as_str().into(), cohort.into(), line.code.as_str().into()];
        row.extend(rate(Some(point.rate)));
        row.extend([point.reported.into(), i64::from(point.is_complete).into()]);
        rows.push(row);
    }
    noted(Table { columns, rows }, &view.plan)
}

/// A page of the audit trail.
pub fn audit(view: &Trail) -> Table {
    let columns = vec!["event", "at", "actor", "action", "unit_code", "unit_name", "detail", "hash"];
    let rows = view
        .events
        .iter()
        .map(|event| {
            vec![
                event.id.into(),
                moment(event.at),
                event.actor.as_str().into(),
                event.action.as_str().into(),
                event.unit_code.as_deref().into(),
                event.unit_name.as_deref().into(),
                event.detail.as_str().into(),
                event.hash.as_str().into(),
            ]
        })
        .collect();
    Table { columns, rows }
}
