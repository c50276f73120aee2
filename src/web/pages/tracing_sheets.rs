//! Tracing figures as tables for CSV, one fact a row.

use super::sheets::{day, moment};
use crate::{
    documents::csv::{Cell as Field, Table},
    domain::tracing_shown::Cell,
    usecases::{
        progress::ILLUSTRATIVE,
        see_tracing::{FigureShown, TracingHistory, TracingView},
    },
};

/// A count as a person reads it in a sheet; the state beside it is for programs.
fn count(cell: Cell) -> Field {
    if cell == Cell::UnderFive { "<5".into() } else { cell.count().into() }
}

fn noted(table: Table, is_illustrative: bool) -> Table {
    if is_illustrative { table.noted("note", ILLUSTRATIVE) } else { table }
}

/// Every figure and ratio of a view. Nothing of it is a target of the plan.
pub fn figures(view: &TracingView) -> Table {
    let columns = vec!["part", "unit_code", "unit_name", "from", "to", "code", "state", "count", "base", "value"];
    let mut rows = Vec::new();
    let scope = (view.scope.code.as_str(), view.scope.name.as_str());
    let mut add = |part: &str, unit: (&str, &str), span, shown: &[FigureShown]| {
        for shown in shown {
            let mut row = head(part, unit, span, shown.figure.code());
            row.extend([shown.cell.state().into(), count(shown.cell), Field::Blank, Field::Blank]);
            rows.push(row);
        }
    };
    add("total", scope, (view.from, view.to), &view.totals);
    for row in &view.rows {
        add("unit", (&row.unit.code, &row.unit.name), (view.from, view.to), &row.figures);
    }
    for of in &view.days {
        add("day", scope, (of.day, of.day), &of.figures);
    }
    for ratio in &view.ratios {
        let mut row = head("ratio", scope, (view.from, view.to), ratio.ratio.code());
        let value = ratio.tenths.map_or(Field::Blank, Field::Tenths);
        row.extend([ratio.state.into(), ratio.counted.into(), ratio.base.into(), value]);
        rows.push(row);
    }
    noted(Table { columns, rows }, view.is_illustrative)
}

fn head(part: &str, unit: (&str, &str), span: (chrono::NaiveDate, chrono::NaiveDate), code: &str) -> Vec<Field> {
    vec![part.into(), unit.0.into(), unit.1.into(), day(span.0), day(span.1), code.into()]
}

/// Every version of a day's figures.
pub fn history(view: &TracingHistory) -> Table {
    let columns = vec![
        "record",
        "unit_code",
        "day",
        "recorded_at",
        "recorded_by",
        "channel",
        "code",
        "old_state",
        "old",
        "new_state",
        "new",
        "reason",
    ];
    let mut rows = Vec::new();
    for version in &view.versions {
        for change in &version.changes {
            let said = |cell: Cell| [Field::from(cell.state()), count(cell)];
            let mut row = vec![
                version.record.into(),
                view.unit.code.as_str().into(),
                day(view.day),
                moment(version.recorded_at),
                version.recorded_by.as_str().into(),
                version.channel.as_str().into(),
                change.figure.code().into(),
            ];
            row.extend(said(change.old));
            row.extend(said(change.new));
            row.push(version.reason.as_str().into());
            rows.push(row);
        }
    }
    noted(Table { columns, rows }, view.is_illustrative)
}
