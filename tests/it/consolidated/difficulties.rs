//! Difficulties and own documents: said by units, carried on by the consolidator, never changed.

use reqwest::Method;
use serde_json::{Value, json};
use vungxanh::domain::actor::Role;

use crate::harness::{Client, Reply, TestApp, app_tests};

const BODY: &str = "CM-P-YTE";

async fn raise(client: &Client, unit: &str, text: &str) -> Reply {
    client.post("/api/v1/difficulties", &json!({ "unit": unit, "category": "network", "text": text })).await
}

async fn step(client: &Client, id: &Value, state: &str, note: &str) -> Reply {
    client.post(&format!("/api/v1/difficulties/{id}/steps"), &json!({ "state": state, "note": note })).await
}

async fn listed(client: &Client, query: &str) -> Vec<Value> {
    let reply = client.get(&format!("/api/v1/difficulties{query}")).await;
    assert_eq!(reply.status, 200, "{reply}");
    reply.json()["difficulties"].as_array().unwrap().clone()
}

async fn a_difficulty_goes_from_the_unit_to_the_office_and_is_resolved_there(app: &TestApp) {
    let (unit, office) = (app.account(Role::FocalPoint, BODY).await, app.account(Role::Consolidator, "893").await);
    let reply = raise(&unit, BODY, "Sóng yếu ở trạm\n\n  y tế. ").await;
    assert_eq!((reply.status, &reply.json()["state"]), (201, &json!("received")), "{reply}");
    let id = reply.json()["difficulty"].clone();
    assert_eq!(listed(&office, "").await[0]["text"], "Sóng yếu ở trạm\ny tế.");
    let table = [
        ("received", "", 422),
        ("escalated", "", 201),
        ("consolidated", "", 422),
        ("escalated", "lần nữa", 422),
        ("resolved", " ", 422),
        ("resolved", "Đã đề nghị nhà mạng tăng trạm phát", 201),
        ("resolved", "lần nữa", 422),
    ];
    for (state, note, status) in table {
        let reply = step(&office, &id, state, note).await;
        assert_eq!(reply.status, status, "{state}: {reply}");
    }
    let seen = listed(&unit, "").await;
    assert_eq!(seen[0]["state"], "resolved");
    assert_eq!(seen[0]["steps"].as_array().unwrap().len(), 2, "{seen:#?}");
    assert_eq!(listed(&office, "?state=received").await, [Value::Null; 0]);
    assert_eq!(app.database.peek("SELECT count(*) FROM audit_event WHERE action LIKE 'difficulty.%'"), "3");
}

async fn everyone_sees_and_does_only_what_is_theirs(app: &TestApp) {
    let (unit, other) = (app.account(Role::FocalPoint, BODY).await, app.account(Role::FocalPoint, "30631").await);
    let id = raise(&unit, BODY, "Thiếu máy").await.json()["difficulty"].clone();
    assert_eq!(listed(&other, "").await, [Value::Null; 0]);
    assert_eq!(raise(&other, BODY, "Thiếu máy").await.status, 403);
    for role in Role::ALL {
        let client = app.account(*role, "893").await;
        let (raises, carries) = (*role == Role::FocalPoint, *role == Role::Consolidator);
        let sees = matches!(role, Role::FocalPoint | Role::Consolidator | Role::Committee);
        let status = |is: bool, good| if is { good } else { 403 };
        assert_eq!(raise(&client, BODY, "x").await.status, status(raises, 201), "{role}");
        assert_eq!(client.get("/kho-khan").await.status, status(sees, 200), "{role}");
        assert_eq!(client.get("/van-ban").await.status, status(sees, 200), "{role}");
        assert_eq!(step(&client, &id, "consolidated", "").await.status, status(carries, 201), "{role}");
    }
    let elsewhere = app.account(Role::Consolidator, "30631").await;
    assert_eq!(step(&elsewhere, &id, "resolved", "x").await.status, 403);
}

async fn what_names_a_person_or_is_too_long_is_refused(app: &TestApp) {
    let unit = app.account(Role::FocalPoint, BODY).await;
    for (text, rule) in [
        ("Gọi ông A 0912 345 678", "personal_data"),
        ("CCCD 089123456789", "personal_data"),
        ("thư a@b.vn", "personal_data"),
        ("  \n ", "required"),
        (&"dài ".repeat(501), "too_long"),
    ] {
        let reply = raise(&unit, BODY, text).await;
        assert_eq!((reply.status, &reply.json()["errors"][0]["rule"]), (422, &json!(rule)), "{text}: {reply}");
        assert!(reply.json()["errors"][0]["message"].as_str().unwrap().starts_with(['N', 'T']), "{reply}");
    }
    assert_eq!(app.database.peek("SELECT count(*) FROM difficulty"), "0");
}

async fn a_form_works_without_scripts_and_keeps_what_was_typed(app: &TestApp) {
    let (unit, office) = (app.account(Role::FocalPoint, BODY).await, app.account(Role::Consolidator, "893").await);
    let send = async |client: &Client, path: &str, body: &str| {
        let request = client.request(Method::POST, path).header("sec-fetch-site", "same-origin");
        Reply::to(request.header("content-type", "application/x-www-form-urlencoded").body(body.to_owned())).await
    };
    let reply = send(&unit, "/kho-khan", "don-vi=CM-P-YTE&loai=funding&noi-dung=0912345678").await;
    assert_eq!(reply.status, 422);
    assert!(
        reply.body.contains(r##"href="#noi-dung-moi""##) && reply.body.contains("0912345678</textarea>"),
        "{reply}"
    );
    let reply = send(&unit, "/kho-khan", "don-vi=CM-P-YTE&loai=funding&noi-dung=Thiếu+kinh+phí").await;
    assert_eq!((reply.status, reply.header("location")), (303, "/kho-khan?da-ghi=moi"), "{reply}");
    let page = office.get("/kho-khan").await;
    assert!(page.body.contains("Thiếu kinh phí") && page.body.contains("/buoc"), "{page}");
    let id = app.database.peek("SELECT max(id) FROM difficulty");
    let reply = send(&office, &format!("/kho-khan/{id}/buoc"), "trang-thai=resolved&ghi-chu=").await;
    assert!(reply.status == 422 && reply.body.contains(&format!("href=\"#ghi-chu-{id}\"")), "{reply}");
    let reply = send(&office, &format!("/kho-khan/{id}/buoc"), "trang-thai=consolidated&ghi-chu=").await;
    assert_eq!(reply.status, 303, "{reply}");
    assert!(office.get("/kho-khan.csv").await.body.contains("funding,Thiếu kinh phí,consolidated"));
}

async fn a_unit_says_whether_it_issued_a_document_and_the_last_word_stands(app: &TestApp) {
    let (unit, office) = (app.account(Role::FocalPoint, BODY).await, app.account(Role::Consolidator, "893").await);
    let state = async |body: Value| unit.post("/api/v1/own-documents", &body).await;
    assert_eq!(state(json!({ "unit": BODY, "is_issued": false })).await.status, 201);
    assert_eq!(state(json!({ "unit": BODY, "is_issued": true })).await.status, 422, "a document has a number");
    let late = json!({ "unit": BODY, "is_issued": true, "number": "9/KH", "issued_on": "2021-11-21" });
    assert_eq!(state(late).await.json()["errors"][0]["rule"], "in_future");
    let issued = json!({ "unit": BODY, "is_issued": true, "number": "45/KH-PYT", "issued_on": "2020-08-10" });
    assert_eq!(state(issued).await.status, 201);
    let units = office.get("/api/v1/own-documents").await.json()["units"].as_array().unwrap().clone();
    let of = |code: &str| units.iter().find(|one| one["unit"]["code"] == code).unwrap().clone();
    assert_eq!((&of(BODY)["is_issued"], &of(BODY)["number"]), (&json!(true), &json!("45/KH-PYT")));
    assert_eq!(of("CM-P-VHTT")["is_issued"], Value::Null, "not said is not no");
    let page = office.get("/van-ban").await;
    assert!(page.body.contains("45/KH-PYT, ngày 10/08/2020") && page.body.contains("Chưa báo"), "{page}");
    assert_eq!(app.database.peek("SELECT count(*) FROM own_document"), "2");
}

app_tests!(
    a_difficulty_goes_from_the_unit_to_the_office_and_is_resolved_there,
    everyone_sees_and_does_only_what_is_theirs,
    what_names_a_person_or_is_too_long_is_refused,
    a_form_works_without_scripts_and_keeps_what_was_typed,
    a_unit_says_whether_it_issued_a_document_and_the_last_word_stands,
);
