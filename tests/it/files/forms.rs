//! The blank form goes out with the rows of whoever asks, and comes back in without a question.

use std::io::{Cursor, Read as _, Write as _};

use reqwest::Method;
use serde_json::json;
use vungxanh::{
    domain::actor::Role,
    imports::{
        grid::{Book, Cell},
        read::{Limits, read},
    },
    usecases::{
        import_counts::{GivenFile, read_file},
        import_report::{CountRow, FileReport},
        match_units::gazetteer,
    },
};

use crate::{
    harness::{Client, Reply, TestApp, app_tests, reporting::staff},
    imports::asset,
};

async fn download(client: &Client, address: &str) -> Vec<u8> {
    let reply = client.request(Method::GET, address).send().await.unwrap();
    assert_eq!(reply.status(), 200, "{address}");
    reply.bytes().await.unwrap().to_vec()
}

/// Number and text of a cell, as a person sees it.
fn shown(book: &Book, row: usize, column: usize) -> String {
    let found = book.sheets[0].rows.iter().find(|of| of.number == row);
    match found.and_then(|row| row.cells.get(column)) {
        Some(Cell::Text(text)) => text.clone(),
        Some(Cell::Number { value, .. }) => value.to_string(),
        _ => String::new(),
    }
}

/// The workbook with figures typed into blank cells, as Excel would save them.
fn filled(workbook: &[u8], figures: &[(&str, i64)]) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for place in 0..from.len() {
        let mut part = from.by_index(place).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        if name == "xl/worksheets/sheet1.xml" {
            let mut sheet = String::from_utf8(content).unwrap();
            for (cell, figure) in figures {
                let at = sheet.find(&format!("<c r=\"{cell}\"")).unwrap();
                let end = at + sheet[at..].find("/>").unwrap();
                assert!(!sheet[at..end].contains('>'), "{cell} is not blank");
                sheet.replace_range(end..end + 2, &format!("><v>{figure}</v></c>"));
            }
            content = sheet.into_bytes();
        }
        to.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        to.write_all(&content).unwrap();
    }
    to.finish().unwrap().into_inner()
}

async fn a_form_that_was_filled_in_is_read_without_a_question(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "CM-X-30634").await;
    let figures: serde_json::Map<_, _> =
        staff(30, 25, 20, 19).into_iter().map(|(measure, count)| (measure.to_owned(), count.into())).collect();
    let sent = client.post_report("CM-X-30634", json!({ "staff_d": figures })).await;
    assert_eq!(sent.status, 201, "{sent}");
    let form = download(&client, "/nhap-lieu/bieu-mau.xlsx?nhom=staff").await;
    let book = read(&form, &Limits::WEB).unwrap();
    // Under title, day and note: number, code, name, six counts, last time's six.
    assert_eq!(shown(&book, 4, 1), "Mã đơn vị");
    assert_eq!([1, 3, 9, 10, 11].map(|column| shown(&book, 5, column)), ["CM-X-30634", "", "30", "25", "20"]);
    let back = filled(&form, &[("D5", 31), ("E5", 26), ("F5", 26), ("G5", 30)]);
    let report = preview_of(app, back, "staff");
    assert_eq!((report.file_level, report.refuse.len(), report.warn.len()), (None, 0, 0), "{report:?}");
    let [row] = report.accept.as_slice() else { panic!("{report:?}") };
    let said = [row.value.total, row.value.smartphone, row.value.bluezone, row.value.declared, row.value.ncovi];
    assert_eq!((row.code.as_str(), row.date.to_string()), ("CM-X-30634", "2021-11-20".to_owned()));
    assert_eq!(said, [Some(31), Some(26), Some(26), Some(30), None]);
}
app_tests!(a_form_that_was_filled_in_is_read_without_a_question);

async fn a_commune_gets_a_row_for_each_of_its_hamlets_and_blank_ones_are_passed_over(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "30634").await;
    let form = download(&client, "/nhap-lieu/bieu-mau.xlsx?nhom=residents&don-vi=30634").await;
    let book = read(&form, &Limits::WEB).unwrap();
    let rows = book.sheets[0].rows.iter().filter(|row| row.number > 4).count();
    assert!(rows > 1, "{rows}");
    let back = filled(&form, &[("D5", 1200), ("E5", 300), ("F5", 280)]);
    let report = preview_of(app, back, "residents");
    assert_eq!((report.file_level, report.refuse.len()), (None, 0), "{report:?}");
    assert_eq!(report.accept.len(), 1, "{report:?}");
    assert_eq!((report.accept[0].value.total, report.accept[0].value.bluezone), (Some(1200), Some(300)));
    let none = client.request(Method::GET, "/nhap-lieu/bieu-mau.xlsx?nhom=pupils").send().await.unwrap();
    assert_eq!(none.status(), 404);
}
app_tests!(a_commune_gets_a_row_for_each_of_its_hamlets_and_blank_ones_are_passed_over);

/// What goes out comes in again as nothing new, in whatever form it went out.
async fn the_figures_in_force_go_out_and_come_in_again_unchanged(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "893").await;
    for (cohort, as_of, name) in [
        ("residents", "2020-08-20", "01_chomoi_utf8_bom_semicolon.csv"),
        ("staff", "2020-08-20", "03_chomoi_merged_title_two_row_header.xlsx"),
    ] {
        let address = format!("/api/v1/imports?kind=counts&cohort={cohort}&scope=893");
        let taken = client.request(Method::POST, &format!("{address}&as_of={as_of}&commit=true")).body(asset(name));
        let taken = Reply::to(taken).await;
        assert_eq!(taken.status, 201, "{taken}");
        let figures = client.get(&format!("/nhap-lieu/so-lieu.json?nhom={cohort}")).await.json();
        let rows = figures["rows"].as_array().unwrap().len();
        assert_eq!(json!(rows), taken.json()["counts"]["accepted"]);
        for end in ["csv", "csv?csv=excel", "csv?csv=plain", "xlsx"] {
            let joint = if end.contains('?') { '&' } else { '?' };
            let file = download(&client, &format!("/nhap-lieu/so-lieu.{end}{joint}nhom={cohort}")).await;
            let back = Reply::to(client.request(Method::POST, &address).body(file)).await;
            let expected = json!({"read": rows, "accepted": 0, "unchanged": rows, "refused": 0, "skipped": 0});
            assert_eq!(back.json()["counts"], expected, "{cohort} {end}: {back}");
        }
    }
}
app_tests!(the_figures_in_force_go_out_and_come_in_again_unchanged);

fn preview_of(app: &TestApp, bytes: Vec<u8>, cohort: &str) -> FileReport<CountRow> {
    let file = GivenFile {
        name: "bieu-mau.xlsx".to_owned(),
        bytes,
        limits: Limits::WEB,
        scope: Some("893".to_owned()),
        cohort: cohort.to_owned(),
        as_of: None,
        sheet: None,
        mapping: std::collections::BTreeMap::new(),
        aliases: std::collections::HashMap::new(),
    };
    let names = app.store.read_now(gazetteer).unwrap();
    let plan = app.state.plan(None).unwrap();
    let read = read_file(&names, &plan, &file, app.state.clock.now()).unwrap();
    FileReport::read(&read.book_facts(), &read.rows.verdicts)
}
