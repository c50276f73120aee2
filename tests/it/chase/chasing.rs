//! The list: who stands where, in which order; more time, calls, exemptions, contacts; the schedule.

use serde_json::{Value, json};
use vungxanh::domain::actor::Role;

use super::{COMMITTEE, FRONT, OFFICE, WEEK, done, list, report, row, submit};
use crate::harness::{NOW, Reply, TestApp, app_tests};

async fn units_stand_in_the_order_they_are_called(app: &TestApp) {
    let people = app.account(Role::FocalPoint, "893").await;
    let office = app.account(Role::Consolidator, "893").await;
    // One sent that of three weeks ago, one that of last week, one half of this week's, one nothing but zeros.
    report(&people, "CM-X-30631", "2021-10-28T09:00:00+07:00", 5).await;
    report(&people, "CM-X-30637", "2021-11-11T09:00:00+07:00", 5).await;
    report(&people, OFFICE, NOW, 5).await;
    report(&people, COMMITTEE, NOW, 0).await;
    let seen = list(&office).await;
    let states: Vec<(&str, &str)> = seen["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["unit"]["code"].as_str().unwrap(), row["state"].as_str().unwrap()))
        .collect();
    assert_eq!(states.len(), 30);
    assert_eq!(states[..2], [("CM-X-30631", "overdue"), ("CM-X-30637", "overdue")]);
    assert!(states[2..28].iter().all(|(_, state)| *state == "never"), "{states:?}");
    assert_eq!(states[28..], [(OFFICE, "partial"), (COMMITTEE, "zero")]);
    assert_eq!(row(&seen, "CM-X-30631")["days_overdue"], 15);
    assert_eq!(seen["counts"], json!({ "overdue": 2, "never": 26, "partial": 1, "zero": 1 }));
    assert_eq!([&row(&seen, FRONT)["directive"], &row(&seen, OFFICE)["directive"]], ["request", "order"]);
    // The same figures wherever they are asked for.
    let twins = office.get("/don-doc.json").await.json();
    assert_eq!(twins["rows"], seen["rows"]);
    let csv = office.get("/don-doc.csv?trang-thai=overdue").await;
    assert_eq!(csv.body.lines().count(), 3, "{csv}");
    let page = office.get("/don-doc").await;
    for words in ["Quá hạn 15 ngày", "Chưa từng báo cáo", "Đã gửi thiếu", "(đề nghị)", "giả định của hệ thống"]
    {
        assert!(page.body.contains(words), "{words}: {page}");
    }
}

async fn more_time_a_call_and_an_exemption_are_seen_on_the_list(app: &TestApp) {
    let office = app.account(Role::Consolidator, "893").await;
    let until = "2021-11-22T11:00:00+07:00";
    let given = json!({ "units": [OFFICE], "period": WEEK, "until": until, "reason": "mất điện" });
    done(&office, "/api/v1/chase/extensions", &given).await;
    done(&office, "/api/v1/chase/calls", &json!({ "units": [FRONT], "period": WEEK, "note": "hẹn chiều" })).await;
    done(&office, "/api/v1/chase/calls", &json!({ "units": [FRONT], "period": WEEK, "note": "không nghe máy" })).await;
    let exempt = json!({ "units": [COMMITTEE], "first_day": WEEK, "last_day": "2021-11-30", "reason": "phong tỏa" });
    done(&office, "/api/v1/chase/exemptions", &exempt).await;
    let seen = list(&office).await;
    assert_eq!((&row(&seen, OFFICE)["state"], &row(&seen, OFFICE)["is_extended"]), (&json!("waiting"), &json!(true)));
    let called = &row(&seen, FRONT)["reminded"];
    assert_eq!(
        (&called["state"], &called["times"], &called["note"]),
        (&json!("logged"), &json!(2), &json!("không nghe máy"))
    );
    assert!(seen["rows"].as_array().unwrap().iter().all(|row| row["unit"]["code"] != COMMITTEE));
    assert_eq!(seen["expected"], 29);
    let reply = office
        .post("/api/v1/chase/extensions", &json!({ "units": [OFFICE], "period": WEEK, "until": NOW, "reason": "x" }))
        .await;
    assert_eq!((reply.status, &reply.json()["errors"][0]["field"]), (422, &json!("until")), "{reply}");
    let reply = office.post("/api/v1/chase/calls", &json!({ "units": [OFFICE], "period": "2021-11-16" })).await;
    assert_eq!((reply.status, &reply.json()["errors"][0]["rule"]), (422, &json!("not_a_period")), "{reply}");
    assert_eq!(app.database.peek("SELECT count(*) FROM audit_event WHERE action = 'period.extended'"), "1");
}

async fn the_form_says_what_was_done_and_what_is_wrong(app: &TestApp) {
    let office = app.account(Role::Consolidator, "893").await;
    let reply = submit(&office, "/don-doc", &format!("ky={WEEK}&viec=goi&chon={OFFICE}&chon={FRONT}&ghi-chu=x")).await;
    assert_eq!(reply.status, 303, "{reply}");
    let page = office.get(reply.header("location")).await;
    assert!(page.body.contains("Đã ghi 2 cuộc gọi."), "{page}");
    let wrong =
        submit(&office, "/don-doc", &format!("ky={WEEK}&viec=gia-han&chon={OFFICE}&ngay=mai&gio=16:00&ly-do=x")).await;
    assert_eq!(wrong.status, 422, "{wrong}");
    assert!(wrong.body.contains("href=\"#ngay\"") && wrong.body.contains("Lỗi:"), "{wrong}");
    let nobody = submit(&office, "/don-doc", &format!("ky={WEEK}&viec=goi")).await;
    assert_eq!(nobody.status, 422, "{nobody}");
}

async fn a_new_schedule_holds_from_a_period_that_has_not_begun(app: &TestApp) {
    let office = app.account(Role::Consolidator, "893").await;
    let committee = app.account(Role::Committee, "893").await;
    let rules = json!({ "cadence": { "kind": "daily" }, "due_time": "17:00:00", "lock_days": 2 });
    let set = |from: &str| json!({ "from": from, "rules": rules, "reason": "dịch lan nhanh" });
    assert_eq!(committee.post("/api/v1/schedule", &set("2021-11-22")).await.status, 403);
    let begun = office.post("/api/v1/schedule", &set(WEEK)).await;
    assert_eq!((begun.status, &begun.json()["errors"][0]["limit_name"]), (422, &json!("has_begun")), "{begun}");
    let before = office.get("/api/v1/completeness?count=4").await.json()["periods"].clone();
    done(&office, "/api/v1/schedule", &set("2021-11-22")).await;
    assert_eq!(office.get("/api/v1/completeness?count=4").await.json()["periods"], before);
    let seen: Value = committee.get("/api/v1/schedule").await.json();
    assert_eq!(seen["in_force"]["assumed"], true);
    assert_eq!((&seen["to_come"][0]["from"], &seen["to_come"][0]["assumed"]), (&json!("2021-11-22"), &json!(false)));
    assert_eq!(
        [&seen["next"][1]["opens"], &seen["next"][1]["due"], &seen["next"][1]["locks"]],
        ["2021-11-21T17:00:00Z", "2021-11-22T10:00:00Z", "2021-11-24T10:00:00Z"]
    );
    let typed = "nhip=monthly&han=3&gio=16h&an-han=24&chot=&tu=22/11/2021&ly-do=theo+công+văn&nghi=01/01/2022";
    assert_eq!(submit(&office, "/lich-bao-cao", &format!("{typed}&muc=III.7&muc=III.8")).await.status, 303);
    let page = office.get("/lich-bao-cao").await;
    let said =
        "hằng tháng, hạn 16:00, 3 ngày sau ngày cuối kỳ; ân hạn 24 giờ; không chốt; các đơn vị ở mục III.7, III.8";
    assert!(page.body.contains(said), "{page}");
    let wrong = submit(&office, "/lich-bao-cao", "nhip=weekly&han=x&gio=&tu=22/11/2021&ly-do=&muc=III.7").await;
    assert_eq!(wrong.status, 422, "{wrong}");
    assert!(wrong.body.contains("value=\"III.7\" checked") && !wrong.body.contains("value=\"III.8\" checked"));
}

async fn a_schedule_names_the_clauses_and_areas_it_applies_to(app: &TestApp) {
    let office = app.account(Role::Consolidator, "893").await;
    let rules = |sections: &[&str], areas_too: bool| {
        let rules = json!({
            "cadence": { "kind": "daily" }, "due_time": "17:00:00", "sections": sections, "areas_too": areas_too
        });
        json!({ "from": "2021-11-22", "rules": rules, "reason": "dịch lan nhanh" })
    };
    let unknown = office.post("/api/v1/schedule", &rules(&["III.8", "IX"], false)).await;
    let fault = |reply: &Reply| {
        let faults = reply.json()["errors"].clone();
        (reply.status, faults[0]["field"].clone(), faults[0]["limit_name"].clone(), faults.as_array().unwrap().len())
    };
    assert_eq!(fault(&unknown), (422, json!("rules.sections"), json!("unknown_section"), 1), "{unknown}");
    done(&office, "/api/v1/schedule", &rules(&["III.8"], true)).await;
    let page = office.get("/lich-bao-cao").await;
    assert!(page.body.contains("không chốt; các đơn vị ở mục III.8, cả số liệu địa bàn"), "{page}");

    // None ticked asks nobody; all ticked is all, those to come as well.
    let typed = "nhip=weekly&han=-2&gio=16:00&an-han=0&tu=22/11/2021&ly-do=thử";
    let nobody = submit(&office, "/lich-bao-cao", typed).await;
    assert_eq!(nobody.status, 422, "{nobody}");
    assert!(nobody.body.contains("href=\"#muc\"") && nobody.body.contains("Chọn ít nhất một mục"), "{nobody}");
    let all = ["III.1", "III.2", "III.3", "III.4", "III.5", "III.6", "III.7", "III.8"].map(|of| format!("&muc={of}"));
    assert_eq!(submit(&office, "/lich-bao-cao", &format!("{typed}{}&dia-ban=1", all.concat())).await.status, 303);
    let seen: Value = office.get("/api/v1/schedule").await.json();
    assert_eq!(seen["to_come"][0]["rules"]["sections"], json!([]));
    assert_eq!(seen["to_come"][0]["rules"]["areas_too"], true);
}

app_tests!(
    units_stand_in_the_order_they_are_called,
    more_time_a_call_and_an_exemption_are_seen_on_the_list,
    the_form_says_what_was_done_and_what_is_wrong,
    a_new_schedule_holds_from_a_period_that_has_not_begun,
    a_schedule_names_the_clauses_and_areas_it_applies_to,
);
