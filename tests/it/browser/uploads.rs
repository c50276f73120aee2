//! A file from choosing to the result, in a real browser, on a phone and at a desk, with scripts and without.

use std::path::Path;

use vungxanh::{domain::actor::Role, usecases::match_units::seeded_gazetteer};

use super::{
    driver::{Browser, WINDOWS, Window},
    looks::look_at,
};
use crate::{
    harness::{Kind, TestApp},
    imports::names_in_files,
};

fn sample(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/assets/imports");
    folder.join(name).display().to_string()
}

async fn a_file_is_previewed_and_taken_in(app: &TestApp, window: Window) {
    let browser = Browser::open(app, window).await;
    browser.sign_in(app, Role::FocalPoint, "893").await;
    browser.go("/tai-len").await;
    browser.find("#tep").await.send_keys(sample("01_chomoi_utf8_bom_semicolon.csv")).await.unwrap();
    browser.press("#nhom option[value='cho-moi-1677:residents']").await;
    browser.fill("#ngay", "20/08/2020").await;
    browser.press("form[action='/tai-len'] button:not([type])").await;
    browser.find("#tom-tat").await;
    let page = browser.text().await;
    assert!(page.contains("17 nhập được, 0 không đổi, 1 lỗi, 3 bỏ qua"), "{page}");
    let mut wrong = Vec::new();
    if window.has_scripts {
        let address = browser.path().await;
        for shown in ["", "&xem=can-xem", "&xem=nhap-duoc"] {
            look_at(&browser, &format!("{address}{shown}"), window.width, &mut wrong).await;
        }
        let (path, query) = address.split_once('?').unwrap();
        look_at(&browser, &format!("{path}/cot?{query}"), window.width, &mut wrong).await;
        browser.go(&address).await;
    }
    browser.press("form[action$='/nhap'] button").await;
    browser.must_say("Đã nhập 17 dòng").await;
    if window.has_scripts {
        look_at(&browser, &browser.path().await, window.width, &mut wrong).await;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    browser.close().await;
}

#[test]
fn a_file_comes_in_on_a_phone() {
    TestApp::run(Kind::Sqlite, async |app: &TestApp| a_file_is_previewed_and_taken_in(app, WINDOWS[0]).await);
}

#[test]
fn a_file_comes_in_without_scripts() {
    TestApp::run(Kind::Sqlite, async |app: &TestApp| a_file_is_previewed_and_taken_in(app, WINDOWS[1]).await);
}

#[test]
fn a_file_comes_in_at_a_desk() {
    TestApp::run(Kind::Postgres, async |app: &TestApp| a_file_is_previewed_and_taken_in(app, WINDOWS[2]).await);
}

async fn the_names_of_the_sample_find_their_units(app: &TestApp) {
    let names = names_in_files::sample().remove("893").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ten-don-vi.csv");
    std::fs::write(&path, names_in_files::file(&names)).unwrap();
    let browser = Browser::open(app, WINDOWS[2]).await;
    browser.sign_in(app, Role::FocalPoint, "893").await;
    browser.go("/tai-len").await;
    browser.find("#tep").await.send_keys(path.display().to_string()).await.unwrap();
    browser.press("#nhom option[value='theo-doi-chung:residents']").await;
    browser.press("form[action='/tai-len'] button:not([type])").await;
    browser.find("#tom-tat").await;
    let address = browser.path().await;
    browser.go(&format!("{address}&xem=nhap-duoc")).await;
    let rows =
        "[...document.querySelectorAll('tbody tr')].map(tr => tr.cells[0].innerText + ' ' + tr.cells[1].innerText)";
    let shown = browser.ask(&format!("return {rows}")).await;
    let shown: Vec<&str> = shown.as_array().unwrap().iter().map(|row| row.as_str().unwrap()).collect();
    let units = seeded_gazetteer().unwrap();
    let expected: Vec<String> = names
        .iter()
        .enumerate()
        .filter_map(|(at, sampled)| {
            let unit = units.full_name(&sampled.expected)?;
            Some(format!("{unit} {}", names_in_files::day(at).format("%d/%m/%Y")))
        })
        .collect();
    assert!(expected.len() > 40);
    assert_eq!(shown, expected);
    browser.close().await;
}

#[test]
fn the_names_of_the_sample_find_their_units_in_a_browser() {
    TestApp::run(Kind::Sqlite, async |app: &TestApp| the_names_of_the_sample_find_their_units(app).await);
}
