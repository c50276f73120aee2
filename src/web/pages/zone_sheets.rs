//! Views of zones as tables for CSV.

use super::sheets::{day, moment};
use crate::{
    documents::csv::{Cell, Table},
    domain::zone::Colour,
    usecases::{
        judge_drive::{DrivePlace, DriveResult},
        see_zone_course::ZoneCourse,
        see_zones::ZoneBoard,
        zone_state::ZoneMark,
    },
};

/// The zone board.
pub fn board(view: &ZoneBoard) -> Table {
    let columns = vec![
        "unit_code",
        "unit_name",
        "zone",
        "scheme",
        "level",
        "effective_from",
        "decision_number",
        "decision_issuer",
        "decision_date",
        "zone_week_before",
    ];
    let rows = view
        .rows
        .iter()
        .map(|row| {
            let mut cells: Vec<Cell> = vec![row.unit.code.as_str().into(), row.unit.name.as_str().into()];
            match &row.state {
                None => cells.extend([const { Cell::Blank }; 7]),
                Some(state) => cells.extend([
                    state.colour.code().into(),
                    state.decision.scheme.as_str().into(),
                    i64::from(state.decision.level).into(),
                    moment(state.decision.effective_from),
                    state.decision.decision_number.as_deref().into(),
                    state.decision.decision_issuer.as_deref().into(),
                    state.decision.decision_date.map_or(Cell::Blank, day),
                ]),
            }
            cells.push(row.week_before.as_ref().map(|mark| mark.colour.code()).into());
            cells
        })
        .collect();
    Table { columns, rows }
}

fn count(n: usize) -> Cell {
    i64::try_from(n).unwrap_or(i64::MAX).into()
}

/// Places per colour, day by day.
pub fn course(view: &ZoneCourse) -> Table {
    let columns = vec!["unit_code", "day", "kind", "green", "yellow", "orange", "red", "unclassified"];
    let rows = view
        .columns
        .iter()
        .map(|column| {
            let mut cells: Vec<Cell> = vec![view.scope.code.as_str().into(), day(column.day), view.kind.code().into()];
            cells.extend(Colour::ALL.iter().map(|colour| count(column.counts.get(colour).copied().unwrap_or(0))));
            cells.push(count(column.unclassified));
            cells
        })
        .collect();
    Table { columns, rows }
}

/// Every place of a drive with its outcome, its path, the decisions behind it and the last mark on it.
pub fn drive(view: &DriveResult) -> Table {
    let columns = vec![
        "unit_code",
        "unit_name",
        "outcome",
        "shortlisted",
        "scheme",
        "level_at_start",
        "zone_at_start",
        "level_at_end",
        "zone_at_end",
        "path",
        "days_green",
        "days",
        "decisions",
        "nomination",
        "nomination_reason",
        "nomination_by",
        "nomination_at",
    ];
    Table { columns, rows: view.places.iter().map(place).collect() }
}

fn place(place: &DrivePlace) -> Vec<Cell> {
    let at = |mark: &Option<ZoneMark>| -> [Cell; 2] {
        [mark.as_ref().map(|mark| i64::from(mark.level)).into(), mark.as_ref().map(|mark| mark.colour.code()).into()]
    };
    let path = place.path.iter().map(|stretch| {
        let colour = stretch.mark.as_ref().map_or("unclassified", |mark| mark.colour.code());
        format!("{} {colour}", crate::domain::calendar::local(stretch.from).format("%Y-%m-%dT%H:%M"))
    });
    let decisions = place.evidence.iter().map(|state| {
        let decision = &state.decision;
        let number = decision.decision_number.as_deref().or(decision.decision_issuer.as_deref());
        number.map_or_else(|| decision.id.to_string(), str::to_owned)
    });
    let last = place.marks.last();
    let mut cells: Vec<Cell> = vec![
        place.unit.code.as_str().into(),
        place.unit.name.as_str().into(),
        place.outcome.code().into(),
        i64::from(place.is_shortlisted).into(),
        place.baseline.as_ref().map(|mark| mark.scheme).into(),
    ];
    cells.extend(at(&place.baseline));
    cells.extend(at(&place.last));
    cells.extend([
        path.collect::<Vec<_>>().join("; ").as_str().into(),
        count(place.days_green),
        count(place.days),
        decisions.collect::<Vec<_>>().join("; ").as_str().into(),
        last.map(|mark| mark.state.code()).into(),
        last.map(|mark| mark.reason.as_str()).into(),
        last.map(|mark| mark.recorded_by.as_str()).into(),
        last.map_or(Cell::Blank, |mark| moment(mark.recorded_at)),
    ]);
    cells
}
