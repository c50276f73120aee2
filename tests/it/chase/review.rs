//! Accepting and returning: what is returned stays in history and leaves every total until the unit sends another.

use serde_json::{Value, json};
use vungxanh::{domain::actor::Role, usecases::verify::verify};

use super::{COMMITTEE, done, list, report, row, submit};
use crate::harness::{Client, NOW, TestApp, app_tests};

async fn installed(client: &Client) -> Value {
    let overview = client.get("/api/v1/overview").await.json();
    let cohort =
        overview["cohorts"].as_array().unwrap().iter().find(|c| c["cohort"]["code"] == "staff_d").unwrap().clone();
    let measure =
        cohort["measures"].as_array().unwrap().iter().find(|m| m["code"] == "bluezone_installed").unwrap().clone();
    measure["count"].clone()
}

async fn a_returned_report_leaves_the_totals_until_another_is_sent(app: &TestApp) {
    let people = app.account(Role::FocalPoint, "30634").await;
    let office = app.account(Role::Consolidator, "893").await;
    report(&people, COMMITTEE, "2021-11-10T09:00:00+07:00", 4).await;
    let wrong = report(&people, COMMITTEE, "2021-11-18T09:00:00+07:00", 9).await.json()["reports"][0]["report"].clone();
    assert_eq!(installed(&office).await, 9);
    let path = format!("/api/v1/reports/{wrong}/review");
    let no_reason = office.post(&path, &json!({ "outcome": "returned" })).await;
    assert_eq!((no_reason.status, &no_reason.json()["errors"][0]["field"]), (422, &json!("reason")), "{no_reason}");
    assert_eq!(people.post(&path, &json!({ "outcome": "returned", "reason": "x" })).await.status, 403);
    done(&office, &path, &json!({ "outcome": "accepted" })).await;
    done(&office, &path, &json!({ "outcome": "returned", "reason": "lệch với danh sách" })).await;
    // That of the week before is in force again; the list says what happened.
    assert_eq!(installed(&office).await, 4);
    assert_eq!(row(&list(&office).await, COMMITTEE)["state"], "returned");
    let again = office.post(&path, &json!({ "outcome": "accepted" })).await;
    assert_eq!((again.status, &again.json()["errors"][0]["rule"]), (422, &json!("returned")), "{again}");
    let history = people.get(&format!("/api/v1/units/{COMMITTEE}/reports")).await;
    let listed = history.json().as_array().unwrap().iter().find(|listed| listed["id"] == wrong).cloned();
    assert_eq!(listed.unwrap()["returned"]["reason"], "lệch với danh sách", "{history}");
    let path = format!("/api/v1/units/{COMMITTEE}/figures/staff_d/bluezone_installed");
    let versions = people.get(&path).await.json()["versions"].clone();
    let said = |at: usize| (versions[at]["new"].clone(), versions[at]["is_in_force"].clone());
    assert_eq!((said(0), said(1)), ((json!(9), json!(false)), (json!(4), json!(true))), "{versions}");
    assert_eq!(versions[0]["returned"]["reason"], "lệch với danh sách");
    assert_eq!(app.store.read_now(verify).unwrap().difference, None);
    report(&people, COMMITTEE, "2021-11-18T09:00:00+07:00", 8).await;
    assert_eq!(installed(&office).await, 8);
    let versions = people.get(&path).await.json()["versions"].clone();
    assert_eq!((&versions[0]["old"], &versions[0]["new"]), (&json!(4), &json!(8)), "the returned 9 stood no more");
    assert_eq!(row(&list(&office).await, COMMITTEE)["state"], "received");
    assert_eq!(app.store.read_now(verify).unwrap().difference, None);
    // Whoever consolidates never alters a figure.
    let forged = json!({ "unit": COMMITTEE, "as_of": NOW, "figures": { "staff_d": { "headcount": 1 } } });
    assert_eq!(office.post("/api/v1/reports", &forged).await.status, 403);
}

async fn the_page_returns_with_a_reason(app: &TestApp) {
    let people = app.account(Role::FocalPoint, "30634").await;
    let office = app.account(Role::Consolidator, "893").await;
    let id = report(&people, COMMITTEE, NOW, 9).await.json()["reports"][0]["report"].clone();
    let page = office.get(&format!("/duyet?bao-cao={id}")).await;
    assert!(page.body.contains("Tiếp nhận") && page.body.contains("Trả lại để sửa"), "{page}");
    let nothing = office.get("/duyet").await;
    assert_eq!(nothing.status, 400, "{nothing}");
    assert!(nothing.body.contains("bao-cao") && nothing.body.contains("Mở lại trang từ mục lục"), "{nothing}");
    assert!(!nothing.body.contains("deserialize"), "{nothing}");
    let wrong = submit(&office, "/duyet", &format!("bao-cao={id}&ket-qua=tra-lai&ly-do=")).await;
    assert_eq!(wrong.status, 422, "{wrong}");
    assert!(wrong.body.contains("href=\"#ly-do\""), "{wrong}");
    let reply = submit(&office, "/duyet", &format!("bao-cao={id}&ket-qua=tra-lai&ly-do=sai+cột")).await;
    assert_eq!(reply.status, 303, "{reply}");
    // The unit reads why.
    let page = people.get(&format!("/duyet?bao-cao={id}")).await;
    assert!(page.body.contains("sai cột") && !page.body.contains("ket-qua"), "{page}");
}

app_tests!(a_returned_report_leaves_the_totals_until_another_is_sent, the_page_returns_with_a_reason);
