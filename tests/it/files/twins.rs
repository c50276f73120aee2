//! What goes out as a workbook says what the CSV says, and comes back in.

use reqwest::Method;
use vungxanh::{
    documents::workbook::{Value, of_refused},
    domain::actor::Role,
    imports::{
        grid::{Book, Cell},
        read::{Limits, read},
    },
};

use super::{book, day, number, percent, row, text};
use crate::harness::{TestApp, app_tests, reporting::staff};

fn written(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.trim_start_matches('\'').to_owned(),
        Cell::Number { value, .. } => value.to_string(),
        Cell::Date(moment) => moment.format("%Y-%m-%dT%H:%M").to_string(),
        Cell::Empty => String::new(),
        other => format!("{other:?}"),
    }
}

/// Cells as they compare: whole tenths and moments are written otherwise in CSV.
fn rows(book: &Book) -> Vec<Vec<String>> {
    let plain = |text: String| {
        let moment = chrono::DateTime::parse_from_rfc3339(&text).map(|at| at.format("%Y-%m-%dT%H:%M").to_string());
        let day =
            chrono::NaiveDate::parse_from_str(&text, "%Y-%m-%d").map(|day| day.format("%Y-%m-%dT00:00").to_string());
        let float = text.parse::<f64>().map(|float| float.to_string());
        moment.or(day.map_err(|_| ())).or(float.map_err(|_| ())).unwrap_or(text)
    };
    let cells = |row: &vungxanh::imports::grid::Row| row.cells.iter().map(written).map(plain).collect();
    book.sheets[0].rows.iter().map(cells).collect()
}

/// A cell as the usual CSV writes it, if only the decimal sign differs.
fn same(cell: &str, usual: &str) -> String {
    let number = |text: &str| text.replace(',', ".").parse::<f64>().ok();
    if number(cell).is_some() && number(cell) == number(usual) { usual.to_owned() } else { cell.to_owned() }
}

async fn every_workbook_says_what_the_csv_says(app: &TestApp) {
    let client = app.account(Role::Consolidator, "893").await;
    let sender = app.account(Role::FocalPoint, "CM-P-YTE").await;
    let figures = staff(12, 10, 8, 7).into_iter().map(|(measure, count)| (measure.to_owned(), count.into())).collect();
    let sent =
        sender.post_report("CM-P-YTE", serde_json::json!({ "staff_b": serde_json::Value::Object(figures) })).await;
    assert_eq!(sent.status, 201, "{sent}");
    for (page, query) in [
        ("/tong-quan", "?don-vi=893"),
        ("/don-vi", "?don-vi=893"),
        ("/don-vi/CM-P-YTE", ""),
        ("/lich-su/CM-P-YTE/staff_b/headcount", ""),
        ("/dien-bien", "?don-vi=893"),
        ("/vung", "?don-vi=893"),
        ("/nhat-ky", ""),
    ] {
        let file = async |end: &str, query: &str| {
            let reply = client.request(Method::GET, &format!("{page}{end}{query}")).send().await.unwrap();
            assert_eq!(reply.status(), 200, "{page}{end}");
            let disposition = reply.headers()["content-disposition"].to_str().unwrap().to_owned();
            assert!(disposition.ends_with(&format!("{end}\"")), "{disposition}");
            read(&reply.bytes().await.unwrap(), &Limits::WEB).unwrap()
        };
        let (csv, xlsx) = (rows(&file(".csv", query).await), rows(&file(".xlsx", query).await));
        assert!(!csv.is_empty(), "{page}");
        assert_eq!(csv, xlsx, "{page}");
        for style in ["csv=excel", "csv=plain"] {
            let sign = if query.is_empty() { '?' } else { '&' };
            let styled = rows(&file(".csv", &format!("{query}{sign}{style}")).await);
            let with_points: Vec<Vec<String>> = styled
                .iter()
                .zip(&csv)
                .map(|(row, usual)| row.iter().zip(usual).map(|(cell, usual)| same(cell, usual)).collect())
                .collect();
            assert_eq!((styled.len(), with_points), (csv.len(), csv.clone()), "{page} {style}");
        }
        let shown = client.get(&format!("{page}{query}")).await;
        assert!(shown.body.contains(".xlsx"), "{page} has no link");
    }
}

app_tests!(every_workbook_says_what_the_csv_says);

#[test]
fn refused_rows_go_back_as_they_came_with_the_reason_in_the_last_column() {
    let head = [
        vec![Value::Text("BÁO CÁO".to_owned())],
        vec![Value::Text("Đơn vị".to_owned()), Value::Text("Số".to_owned()), Value::Text("Ngày".to_owned())],
    ];
    let refused = [
        (vec![Value::Text("=1+1".to_owned()), Value::Number(1234.0)], "không rõ tên".to_owned()),
        (vec![Value::Blank, Value::Percent(0.5), Value::Moment(day(2020, 8, 20))], "trống".to_owned()),
    ];
    let book = book(&of_refused("Dòng lỗi: 1/2", "Lỗi", &head, &refused).unwrap());
    let sheet = &book.sheets[0];
    assert_eq!(sheet.name, "Dòng lỗi 12");
    assert_eq!(row(sheet, 1).1, [text("BÁO CÁO")]);
    assert_eq!(row(sheet, 2).1, [text("Đơn vị"), text("Số"), text("Ngày"), text("Lỗi")]);
    assert_eq!(row(sheet, 3).1, [text("=1+1"), number(1234.0), Cell::Empty, text("không rõ tên")]);
    assert_eq!(row(sheet, 4).1, [Cell::Empty, percent(0.5), Cell::Date(day(2020, 8, 20)), text("trống")]);
}
