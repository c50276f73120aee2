//! The office prepares and issues the official report, in a real browser.

use serde_json::json;
use vungxanh::domain::actor::Role;

use super::driver::{Browser, WINDOWS, Window};
use crate::{
    consolidated::{self, fill},
    harness::{Kind, TestApp},
};

/// A difficulty, a draft and an issued report, each the first of its kind, for whoever looks at their pages.
pub async fn issue(app: &TestApp) {
    let (unit, office) =
        (app.account(Role::FocalPoint, "CM-P-YTE").await, app.account(Role::Consolidator, "893").await);
    let difficulty = json!({ "unit": "CM-P-YTE", "category": "network", "text": "Sóng yếu ở trạm y tế" });
    let reply = unit.post("/api/v1/difficulties", &difficulty).await;
    assert_eq!(reply.status, 201, "{reply}");
    let reply = consolidated::issue(&office, json!({})).await;
    assert_eq!(reply.status, 201, "{reply}");
}

async fn a_report_is_written_checked_and_issued(app: &TestApp, window: Window) {
    fill(app).await;
    let browser = Browser::open(app, window).await;
    browser.sign_in(app, Role::Consolidator, "893").await;
    browser.go("/bao-cao").await;
    browser.fill("#chi-dao", "Đã tổ chức 02 hội nghị trực tuyến.").await;
    browser.fill("#ngay", "hôm nay").await;
    let preview = "form[action='/bao-cao'] button:not([type])";
    browser.press(preview).await;
    let summary = browser.find(".govuk-error-summary").await.text().await.unwrap();
    assert!(summary.contains("hôm nay"), "{summary}");
    let typed = browser.find("#chi-dao").await.value().await.unwrap();
    assert_eq!(typed.as_deref(), Some("Đã tổ chức 02 hội nghị trực tuyến."), "what was typed is kept");
    browser.fill("#ngay", "").await;
    browser.press(preview).await;
    let paper = browser.find(".paper").await.text().await.unwrap();
    assert!(paper.contains("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") && paper.contains("02 hội nghị"), "{paper}");
    assert!(paper.contains("99,9%") && paper.contains("Phụ lục III"), "{paper}");
    browser.press("main a[href$='/chot']").await;
    browser.must_say("chưa báo cáo sẽ được nêu").await;
    assert_eq!(app.database.peek("SELECT count(*) FROM issued_report"), "0", "checking issues nothing");
    browser.press("form[action$='/chot'] button").await;
    browser.must_say("Đã chốt báo cáo").await;
    assert_eq!(browser.path().await.split('?').next(), Some("/bao-cao/1"));
    browser.go("/bao-cao").await;
    browser.must_say("lần 1").await;
    browser.close().await;
}

fn run(window: Window) {
    TestApp::run(Kind::Sqlite, async |app: &TestApp| a_report_is_written_checked_and_issued(app, window).await);
}

#[test]
fn a_report_is_issued_from_a_phone() {
    run(WINDOWS[0]);
}

#[test]
fn a_report_is_issued_from_a_desk_without_scripts() {
    run(WINDOWS[3]);
}
