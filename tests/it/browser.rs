//! What people do, in a real browser: on a phone and at a desk, with scripts and without.

mod chase;
mod driver;
mod looks;
mod reports;
mod uploads;
mod zones;

use vungxanh::domain::actor::Role;

use self::driver::{Browser, WINDOWS, Window};
use crate::harness::{Kind, TestApp};

const LEAGUE: &str = "/don-vi?nhom=staff_b&chi-so=bluezone_installed";

/// The ranking as the committee sees it: its pictures and its tables.
async fn league(app: &TestApp, window: Window) -> (String, String) {
    let browser = Browser::open(app, window).await;
    browser.sign_in(app, Role::Committee, "893").await;
    browser.go(LEAGUE).await;
    let text = browser.find("main").await.text().await.unwrap();
    let picture = browser.find("main svg").await.outer_html().await.unwrap();
    browser.close().await;
    (picture, text)
}

async fn fill_in(browser: &Browser, figures: [&str; 4]) {
    let measures = ["headcount", "smartphone_users", "bluezone_installed", "ncovi_declared"];
    for (measure, figure) in measures.iter().zip(figures) {
        browser.fill(&format!("#f-CM-P-YTE-staff_b-{measure}"), figure).await;
    }
}

/// A focal point makes a mistake, corrects it and sends; the committee sees the figure.
async fn a_figure_goes_from_the_focal_point_to_the_committee(app: &TestApp, window: Window) {
    let before = league(app, window).await;
    assert!(!before.1.contains("94,4"), "{}", before.1);

    let browser = Browser::open(app, window).await;
    browser.sign_in(app, Role::FocalPoint, "CM-P-YTE").await;
    browser.go("/nhap-lieu").await;
    fill_in(&browser, ["20", "18", "19", "12"]).await;
    let send = "form[action='/nhap-lieu'] button:not([type])";
    browser.press(send).await;

    let summary = browser.find(".govuk-error-summary").await.text().await.unwrap();
    assert!(summary.contains("Đã cài Bluezone (19)") && summary.contains("(18)"), "{summary}");
    assert!(
        browser.focus("class").await.contains("govuk-error-summary"),
        "focus: {}",
        browser.focus("outerHTML").await
    );
    assert!(browser.title().await.starts_with("Lỗi"), "{}", browser.title().await);
    // What was typed is still there, and the summary leads to the field.
    let typed = browser.find("#f-CM-P-YTE-staff_b-headcount").await.value().await.unwrap();
    assert_eq!(typed.as_deref(), Some("20"));
    browser.press(".govuk-error-summary a").await;
    assert_eq!(browser.focus("id").await, "f-CM-P-YTE-staff_b-bluezone_installed");

    fill_in(&browser, ["20", "18", "17", "12"]).await;
    browser.press(send).await;
    // Only the page of what was sent has it in a table.
    browser.find("main .table-box").await;
    assert!(browser.path().await.starts_with("/nhap-lieu/da-gui"), "{}", browser.path().await);
    browser.close().await;

    let after = league(app, window).await;
    assert!(after.1.contains("94,4") && after.1.contains("Phòng Y tế"), "{}", after.1);
    assert_ne!(before.0, after.0, "the picture");
    assert!(after.0.contains("94,4"), "{}", after.0);
}

fn run(window: Window) {
    TestApp::run(Kind::Sqlite, async |app: &TestApp| {
        a_figure_goes_from_the_focal_point_to_the_committee(app, window).await;
    });
}

#[test]
fn a_figure_reaches_the_committee_from_a_phone() {
    run(WINDOWS[0]);
}

#[test]
fn a_figure_reaches_the_committee_from_a_phone_without_scripts() {
    run(WINDOWS[1]);
}

#[test]
fn a_figure_reaches_the_committee_from_a_desk() {
    run(WINDOWS[2]);
}

#[test]
fn a_figure_reaches_the_committee_from_a_desk_without_scripts() {
    run(WINDOWS[3]);
}
