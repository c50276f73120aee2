//! `/tai-len/…/loi.xlsx`: the rows that were refused, as they stand in the sender's own file, with what is wrong.

use actix_web::{
    HttpResponse,
    http::header,
    web::{Path, Query},
};

use super::{
    upload_form::Asked,
    upload_read::{Seen, see},
    upload_said,
    visit::Visit,
};
use crate::{
    documents::workbook::{Value, of_refused},
    imports::grid::Cell,
    web::{problem::Problem, words::Lang},
};

/// `GET`: the workbook.
pub async fn show(visit: Visit, token: Path<String>, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let seen = see(&visit, &token, &asked).await?;
    let bytes = workbook(visit.lang, &seen).map_err(|error| Problem::broken(&error))?;
    Ok(HttpResponse::Ok()
        .content_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"dong-loi.xlsx\""))
        .body(bytes))
}

fn workbook(lang: Lang, seen: &Seen) -> Result<Vec<u8>, impl std::fmt::Display + use<>> {
    let cells = |number: &usize| -> Vec<Value> {
        seen.refused.get(number).map(|cells| cells.iter().map(value).collect()).unwrap_or_default()
    };
    let head: Vec<Vec<Value>> = seen.rows.header.iter().map(cells).collect();
    let refused: Vec<(Vec<Value>, String)> =
        seen.rows.refused.iter().map(|row| (cells(&row.row), upload_said::refusal(lang, &seen.units, row))).collect();
    of_refused(&seen.rows.sheet, &lang.t("upload.error_column"), &head, &refused)
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Blank,
        Cell::Text(text) | Cell::Broken(text) => Value::Text(text.clone()),
        Cell::Number { value, shows_percent: true } => Value::Percent(*value),
        Cell::Number { value, shows_percent: false } => Value::Number(*value),
        Cell::Date(moment) => Value::Moment(*moment),
        Cell::Bool(truth) => Value::Bool(*truth),
    }
}
