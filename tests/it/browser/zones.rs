//! Health staff and zones, in a real browser: recording from a phone, undo, two at once, the page of a drive.

use vungxanh::domain::actor::Role;

use super::driver::{Browser, WINDOWS};
use crate::harness::{Kind, TestApp};

const SEND: &str = "form[action='/vung/ghi-nhan'] button";

/// Fills the form for two communes and goes to the check page.
async fn fill_in(browser: &Browser, level: &str, number: &str) {
    browser.go("/vung/ghi-nhan").await;
    for code in ["30631", "30634"] {
        browser.press(&format!("input[name='don-vi'][value='{code}']")).await;
    }
    browser.press(&format!("label[for='muc-{level}']")).await;
    browser.fill("#ngay", "19/11/2021").await;
    browser.fill("#gio", "07:00").await;
    browser.fill("#so", number).await;
    browser.fill("#co-quan", "UBND huyện").await;
    browser.press("form[action='/vung/ghi-nhan/kiem-tra'] button:not([type])").await;
    browser.find("form[action='/vung/ghi-nhan']").await;
}

async fn a_decision_is_checked_recorded_and_undone(app: &TestApp) {
    let browser = Browser::open(app, WINDOWS[0]).await;
    browser.sign_in(app, Role::HealthStaff, "893").await;
    fill_in(&browser, "4", "").await;
    let checked = browser.text().await;
    assert!(checked.contains("Xã Kiến An") && checked.contains("Thị trấn Mỹ Luông"), "{checked}");
    assert!(checked.contains("Đề xuất, chưa có quyết định"), "{checked}");
    let before = app.database.peek("SELECT count(*) FROM zone_decision");

    fill_in(&browser, "4", "120/QĐ-UBND").await;
    assert_eq!(app.database.peek("SELECT count(*) FROM zone_decision"), before, "checking records nothing");
    browser.press(SEND).await;
    browser.must_say("Đã ghi nhận cho 2 nơi").await;
    browser.go("/vung").await;
    assert!(browser.text().await.contains("120/QĐ-UBND"), "{}", browser.text().await);

    browser.go("/vung/ghi-nhan").await;
    fill_in(&browser, "1", "121/QĐ-UBND").await;
    browser.press(SEND).await;
    browser.press("form[action='/vung/rut-lai'] button").await;
    browser.must_say("Đã rút lại 2 bản ghi").await;
    browser.go("/vung").await;
    let board = browser.text().await;
    assert!(board.contains("120/QĐ-UBND") && !board.contains("121/QĐ-UBND"), "{board}");
    // The history keeps what was taken back.
    browser.go("/xa/30634").await;
    let history = browser.text().await;
    assert!(history.contains("121/QĐ-UBND") && history.contains("đã bị thay"), "{history}");
    browser.close().await;
}

async fn the_second_of_two_sees_both_versions_and_chooses(app: &TestApp) {
    let (first, second) = (Browser::open(app, WINDOWS[3]).await, Browser::open(app, WINDOWS[2]).await);
    first.sign_in(app, Role::HealthStaff, "893").await;
    second.sign_in(app, Role::HealthStaff, "893").await;
    fill_in(&first, "2", "122/QĐ-UBND").await;
    fill_in(&second, "3", "123/QĐ-UBND").await;
    first.press(SEND).await;
    first.find(".notice[role='status']").await;
    first.close().await;
    let before = app.database.peek("SELECT count(*) FROM zone_decision");

    second.press(SEND).await;
    second.find(".govuk-error-summary").await;
    let both = second.text().await;
    assert!(both.contains("122/QĐ-UBND") && both.contains("123/QĐ-UBND"), "{both}");
    assert_eq!(
        app.database.peek("SELECT count(*) FROM zone_decision"),
        before,
        "nothing is recorded before they choose"
    );
    second.press(SEND).await;
    second.must_say("Đã ghi nhận cho 2 nơi").await;
    second.close().await;
}

async fn the_drive_shows_its_shortlist_and_keeps_a_persons_mark(app: &TestApp) {
    let browser = Browser::open(app, WINDOWS[2]).await;
    browser.sign_in(app, Role::HealthStaff, "94").await;
    browser.go("/vung/dot").await;
    let page = browser.text().await;
    assert!(page.contains("127/KH-UBND") && page.contains("30/109"), "{page}");
    assert!(page.contains("vùng xanh 45, vùng vàng 28, vùng cam 27, vùng đỏ 9 (cộng 109)"), "{page}");
    browser.fill(".drive-list li:first-child input[name='ly-do']", "giữ vững suốt đợt").await;
    browser.press(".drive-list li:first-child form button").await;
    browser.must_say("Đã ghi trạng thái").await;
    browser.must_say("Đã đề nghị: giữ vững suốt đợt").await;
    browser.close().await;
}

#[test]
fn health_staff_record_from_a_phone_and_undo() {
    TestApp::run(Kind::Sqlite, a_decision_is_checked_recorded_and_undone);
}

#[test]
fn two_at_once_are_shown_both_versions() {
    TestApp::run(Kind::Sqlite, the_second_of_two_sees_both_versions_and_chooses);
}

#[test]
fn a_drive_is_judged_by_a_person() {
    TestApp::run(Kind::Sqlite, the_drive_shows_its_shortlist_and_keeps_a_persons_mark);
}
