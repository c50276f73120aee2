//! The office's week, in a real browser: a schedule, somebody late, a letter, a report returned and sent again, what is
//! difficult, the official report and its files, a correction afterwards.

use serde_json::json;
use vungxanh::{domain::actor::Role, web::mail};

use super::driver::{Browser, WINDOWS, Window};
use crate::{
    chase::{COMMITTEE, OFFICE, report, server::MailServer},
    consolidated::documents,
    harness::{Kind, NOW, TestApp},
};

async fn the_office_plays_its_week(app: &TestApp, window: Window) {
    let server = MailServer::start();
    assert!(app.state.mailer.set(server.mailer()).is_ok());
    let people = app.account(Role::FocalPoint, "893").await;
    // One on time, the others late.
    report(&people, COMMITTEE, "2021-11-18T09:00:00+07:00", 9).await;

    let office = Browser::open(app, window).await;
    office.sign_in(app, Role::Consolidator, "893").await;
    office.go("/lich-bao-cao").await;
    office.must_say("giả định của hệ thống").await;
    office.fill("#chot", "10").await;
    office.fill("#ly-do", "thống nhất với các đơn vị").await;
    office.press("form[action='/lich-bao-cao'] button").await;
    office.must_say("Đã đặt lịch báo cáo").await;

    office.go(&format!("/don-doc/lien-he?don-vi={OFFICE}")).await;
    office.fill("#thu", "phong-y-te").await;
    office.press("form[action='/don-doc/lien-he'] button").await;
    let wrong = office.find(".govuk-error-summary").await.text().await.unwrap();
    assert!(wrong.contains("địa chỉ thư điện tử"), "{wrong}");
    office.fill("#thu", "yte@chomoi.example.vn").await;
    office.press("form[action='/don-doc/lien-he'] button").await;

    office.go("/don-doc").await;
    office.must_say("Chưa từng báo cáo").await;
    office.press(&format!("input[name='chon'][value='{OFFICE}']")).await;
    office.press("button[value='nhac']").await;
    office.must_say("Đã xếp 1 thư nhắc").await;
    assert_eq!(mail::round(&app.state, &server.mailer()).await.unwrap(), 1);
    assert_eq!(server.letters()[0].0, "yte@chomoi.example.vn");

    // Late, and not what the office knows: it is returned.
    let id = report(&people, OFFICE, NOW, 10).await.json()["reports"][0]["report"].clone();
    office.go(&format!("/duyet?bao-cao={id}")).await;
    office.fill("#ly-do", "thiếu danh sách kèm theo").await;
    office.press("button[value='tra-lai']").await;
    office.must_say("thiếu danh sách kèm theo").await;
    office.go("/don-doc?trang-thai=returned").await;
    office.must_say("Phòng Y tế").await;

    let relatives = json!({ "relatives": { "relatives_helped": 3 } });
    report(&people, OFFICE, NOW, 8).await;
    let rest = json!({ "unit": OFFICE, "as_of": NOW, "figures": relatives });
    assert_eq!(people.post("/api/v1/reports", &rest).await.status, 201);
    office.go("/don-doc?trang-thai=received").await;
    office.must_say("Phòng Y tế").await;
    office.must_say("UBND xã").await;
    office.go("/day-du").await;
    office.must_say("Đúng hạn").await;

    let difficulty = json!({ "unit": OFFICE, "category": "network", "text": "Sóng yếu ở trạm y tế" });
    assert_eq!(people.post("/api/v1/difficulties", &difficulty).await.status, 201);
    office.go("/kho-khan").await;
    office.must_say("Sóng yếu ở trạm y tế").await;

    office.go("/bao-cao").await;
    office.press("form[action='/bao-cao'] button:not([type])").await;
    let paper = office.find(".paper").await.text().await.unwrap();
    assert!(paper.contains("Sóng yếu ở trạm y tế"), "{paper}");
    office.press("main a[href$='/chot']").await;
    office.press("form[action$='/chot'] button").await;
    office.must_say("Đã chốt báo cáo").await;
    let client = app.account(Role::Consolidator, "893").await;
    assert_eq!(documents::compare(&client, &json!(1)).await, 8, "two units of four figures");

    report(&people, OFFICE, NOW, 9).await;
    office.go("/bao-cao/1").await;
    office.must_say("8 (80,0%)").await;
    office.must_say("9 (90,0%)").await;
    office.close().await;
}

#[test]
fn the_office_plays_its_week_at_a_desk() {
    TestApp::run(Kind::Sqlite, async |app: &TestApp| the_office_plays_its_week(app, WINDOWS[2]).await);
}

#[test]
fn the_office_plays_its_week_on_a_phone_without_scripts() {
    TestApp::run(Kind::Sqlite, async |app: &TestApp| the_office_plays_its_week(app, WINDOWS[1]).await);
}
