//! Tracing figures: recorded, corrected, seen, and small counts of hamlets kept from those they are not for.

use reqwest::Method;
use serde_json::{Value, json};
use vungxanh::domain::actor::Role;

use crate::harness::{Client, Reply, TestApp, app_tests};

const COMMUNE: &str = "30634";
const HAMLET: &str = "30634-01";
const NEXT: &str = "30634-02";
const DAY: &str = "2021-11-20";

async fn record(client: &Client, unit: &str, day: &str, figures: Value) -> Reply {
    client.post("/api/v1/tracing", &json!({ "unit": unit, "day": day, "figures": figures })).await
}

async fn must_record(client: &Client, unit: &str, day: &str, figures: Value) {
    let reply = record(client, unit, day, figures).await;
    assert_eq!(reply.status, 201, "{reply}");
}

async fn seen(client: &Client, query: &str) -> Value {
    let reply = client.get(&format!("/api/v1/tracing?{query}")).await;
    assert_eq!(reply.status, 200, "{reply}");
    reply.json()
}

/// A figure of a list of figures: its count, or its state where it has none.
fn of(figures: &Value, code: &str) -> Value {
    let found = figures.as_array().unwrap().iter().find(|figure| figure["figure"] == code).unwrap();
    if found["count"].is_null() { found["state"].clone() } else { found["count"].clone() }
}

fn row(view: &Value, unit: &str) -> Value {
    view["rows"].as_array().unwrap().iter().find(|row| row["unit"]["code"] == unit).unwrap().clone()
}

fn ratio(view: &Value, code: &str) -> Value {
    view["ratios"].as_array().unwrap().iter().find(|ratio| ratio["ratio"] == code).unwrap().clone()
}

async fn the_district_sums_its_communes_and_never_their_hamlets(app: &TestApp) {
    let health = app.account(Role::HealthStaff, "893").await;
    let some = json!({ "f0_new": 9, "f0_community": 2, "f1_traced": 40, "f2_traced": 90, "f1_lists_complete_24h": 8 });
    must_record(&health, COMMUNE, DAY, some).await;
    must_record(&health, "30631", DAY, json!({ "f0_new": 3, "f1_lists_complete_24h": 3, "quarantine_home": 7 })).await;
    must_record(&health, "30631", "2021-11-19", json!({ "f0_new": 5, "quarantine_home": 11 })).await;
    must_record(&health, HAMLET, DAY, json!({ "f0_new": 6 })).await;
    let view = seen(&health, "").await;
    assert_eq!((of(&view["totals"], "f0_new"), of(&view["totals"], "f1_traced")), (json!(17), json!(40)));
    assert_eq!(of(&view["totals"], "quarantine_home"), 7, "a stock is that of the last day");
    assert_eq!(of(&view["totals"], "quarantine_central"), "not_reported");
    assert_eq!((&view["reported"], &view["is_target_of_plan"]), (&json!(2), &json!(false)));
    let lists = ratio(&view, "lists_in_24h");
    assert_eq!((&lists["counted"], &lists["base"], &lists["tenths"]), (&json!(11), &json!(12), &json!(916)));
    let depth = ratio(&view, "f1_per_f0");
    assert_eq!((&depth["counted"], &depth["base"], &depth["tenths"]), (&json!(40), &json!(9), &json!(44)));
    assert_eq!(ratio(&view, "in_quarantine")["state"], "not_reported");
    assert_eq!(of(&row(&view, "30637")["figures"], "f0_new"), "not_reported");
}

async fn what_breaks_a_rule_is_refused_and_nothing_is_kept(app: &TestApp) {
    let health = app.account(Role::HealthStaff, "893").await;
    let table = [
        (COMMUNE, DAY, json!({ "f0_new": 2, "f0_community": 3 }), "f0_community", "above_limit"),
        (COMMUNE, DAY, json!({ "f0_new": 2, "f1_lists_complete_24h": 3 }), "f1_lists_complete_24h", "above_limit"),
        (COMMUNE, DAY, json!({ "f0_new": -2 }), "f0_new", "negative"),
        (COMMUNE, DAY, json!({ "f0_new": 1.5 }), "f0_new", "not_whole"),
        (COMMUNE, DAY, json!({ "f3": 1 }), "f3", "measure_not_asked"),
        (COMMUNE, DAY, json!({}), "f0_new", "required"),
        (COMMUNE, "2021-11-21", json!({ "f0_new": 1 }), "day", "in_future"),
        (COMMUNE, "2012-11-20", json!({ "f0_new": 1 }), "day", "too_early"),
        ("893", DAY, json!({ "f0_new": 1 }), "unit", "not_commune_or_hamlet"),
    ];
    for (unit, day, figures, field, rule) in table {
        let reply = record(&health, unit, day, figures).await;
        assert_eq!(reply.status, 422, "{reply}");
        let fault = &reply.json()["errors"][0];
        assert_eq!((&fault["field"], &fault["rule"]), (&json!(field), &json!(rule)), "{reply}");
        assert!(fault["message"].as_str().unwrap().len() > 15, "{reply}");
    }
    assert_eq!(app.database.peek("SELECT count(*) FROM tracing_record"), "0");
    assert_eq!(app.database.peek("SELECT count(*) FROM audit_event WHERE action LIKE 'tracing%'"), "0");
}

async fn a_correction_supersedes_and_the_history_keeps_both(app: &TestApp) {
    let health = app.account(Role::HealthStaff, "893").await;
    must_record(&health, COMMUNE, "2021-11-18", json!({ "f0_new": 4, "f1_traced": 20 })).await;
    let reply = record(&health, COMMUNE, "2021-11-18", json!({ "f0_new": 6 })).await;
    assert_eq!((reply.status, &reply.json()["code"]), (422, &json!("needs_reason")), "{reply}");
    let body = json!({ "unit": COMMUNE, "day": "2021-11-18", "reason": "sót hai ca", "figures": { "f0_new": 6 } });
    let reply = health.post("/api/v1/tracing", &body).await;
    assert_eq!(reply.status, 201, "{reply}");
    // Again: nothing changes, nothing is written.
    assert_eq!(health.post("/api/v1/tracing", &body).await.json()["record"], reply.json()["record"]);
    let view = seen(&health, &format!("unit={COMMUNE}")).await;
    assert_eq!((of(&view["totals"], "f0_new"), of(&view["totals"], "f1_traced")), (json!(6), json!(20)));
    let history = health.get(&format!("/api/v1/tracing/{COMMUNE}/2021-11-18")).await.json();
    let versions = history["versions"].as_array().unwrap();
    assert_eq!(versions.len(), 2, "{history:#}");
    assert_eq!((&versions[0]["reason"], &versions[0]["channel"]), (&json!("sót hai ca"), &json!("api")));
    let change = &versions[0]["changes"][0];
    assert_eq!((&change["old"]["count"], &change["new"]["count"]), (&json!(4), &json!(6)));
    assert_eq!(versions[0]["changes"].as_array().unwrap().len(), 1, "only what changed");
    assert_eq!(app.database.peek("SELECT count(*) FROM audit_event WHERE action LIKE 'tracing%'"), "2");
    // The database itself holds one line of records for a day: none may branch off.
    let all = app.database.peek("SELECT count(DISTINCT coalesce(supersedes_id, 0)) FROM tracing_record");
    assert_eq!(all, "2");
}

async fn who_saw_an_older_record_is_told_and_a_resent_operation_records_once(app: &TestApp) {
    let health = app.account(Role::HealthStaff, "893").await;
    let body = json!({ "unit": COMMUNE, "day": DAY, "op_id": "a", "supersedes": 0, "figures": { "f0_new": 4 } });
    let first = health.post("/api/v1/tracing", &body).await;
    assert_eq!(first.status, 201, "{first}");
    assert_eq!(health.post("/api/v1/tracing", &body).await.body, first.body);
    let other = json!({ "unit": COMMUNE, "day": DAY, "op_id": "a", "figures": { "f0_new": 5 } });
    assert_eq!(health.post("/api/v1/tracing", &other).await.status, 409);
    let unseen = json!({ "unit": COMMUNE, "day": DAY, "supersedes": 0, "figures": { "f0_new": 7 } });
    let reply = health.post("/api/v1/tracing", &unseen).await;
    assert_eq!((reply.status, &reply.json()["errors"][0]["rule"]), (422, &json!("outdated")), "{reply}");
    assert_eq!(app.database.peek("SELECT count(*) FROM tracing_record"), "1");
}

async fn only_health_staff_record_and_only_those_concerned_see(app: &TestApp) {
    for role in Role::ALL {
        let client = app.account(*role, "893").await;
        let sees = matches!(role, Role::Committee | Role::Consolidator | Role::HealthStaff);
        let records = *role == Role::HealthStaff;
        let status = |is: bool, good| if is { good } else { 403 };
        assert_eq!(record(&client, COMMUNE, DAY, json!({ "f0_new": 1 })).await.status, status(records, 201), "{role}");
        assert_eq!(client.get("/truy-vet").await.status, status(sees, 200), "{role}");
        assert_eq!(client.get("/truy-vet/nhap").await.status, status(records, 200), "{role}");
        let menu = client.get("/").await;
        assert_eq!(menu.body.contains(r#"href="/truy-vet""#), sees, "{role}");
    }
    let elsewhere = app.account(Role::HealthStaff, "30631").await;
    assert_eq!(record(&elsewhere, COMMUNE, DAY, json!({ "f0_new": 1 })).await.status, 403);
}

/// Words that stand only in what is kept from others.
const SECRET: [&str; 3] = ["chỉ y tế biết", "4444", "4.444"];

/// The text without the seals of the audit trail: a hash may hold any digits.
fn without_seals(text: &str) -> String {
    let runs = text.split(|c: char| !c.is_ascii_hexdigit());
    runs.filter(|run| run.len() == 64).fold(text.to_owned(), |said, seal| said.replace(seal, ""))
}

async fn small_counts_of_a_hamlet_are_on_no_surface_for_others(app: &TestApp) {
    let health = app.account(Role::HealthStaff, "893").await;
    must_record(&health, COMMUNE, DAY, json!({ "f0_new": 6, "f1_traced": 4447 })).await;
    // 6 less the 5 beside it would say 1; 4447 less 4444 would say 3.
    must_record(&health, HAMLET, DAY, json!({ "f0_new": 5, "f1_traced": 4444 })).await;
    must_record(&health, NEXT, DAY, json!({ "f0_new": 1, "f1_traced": 3, "f2_traced": 2 })).await;
    must_record(&health, NEXT, "2021-11-19", json!({ "f0_new": 8, "f1_traced": 2 })).await;
    let body = json!({ "unit": NEXT, "day": "2021-11-19", "reason": "chỉ y tế biết", "figures": { "f1_traced": 1 } });
    assert_eq!(health.post("/api/v1/tracing", &body).await.status, 201);
    let committee = app.account(Role::Committee, "893").await;
    let view = seen(&committee, &format!("unit={COMMUNE}&from=2021-11-20&to=2021-11-20")).await;
    assert_eq!(of(&row(&view, NEXT)["figures"], "f0_new"), "withheld");
    assert_eq!(of(&row(&view, HAMLET)["figures"], "f0_new"), "withheld");
    assert_eq!(of(&row(&view, NEXT)["figures"], "f2_traced"), "under_5");
    assert_eq!(of(&row(&view, HAMLET)["figures"], "f1_traced"), "withheld");
    assert_eq!(of(&view["totals"], "f0_new"), 6, "the commune's own count is not protected");
    // A day alone and two days: nothing to subtract from each other.
    let both = seen(&committee, &format!("unit={NEXT}&from=2021-11-19&to=2021-11-20")).await;
    assert_eq!(of(&both["totals"], "f0_new"), "withheld");
    assert_eq!(of(&both["days"][1]["figures"], "f0_new"), 8);
    assert_eq!(ratio(&both, "f1_per_f0")["state"], "withheld");
    let pages = [
        format!("/truy-vet?don-vi={COMMUNE}"),
        format!("/truy-vet.json?don-vi={COMMUNE}"),
        format!("/truy-vet.csv?don-vi={COMMUNE}"),
        format!("/truy-vet?don-vi={HAMLET}"),
        format!("/truy-vet.csv?don-vi={HAMLET}"),
        format!("/truy-vet/lich-su/{HAMLET}/{DAY}"),
        format!("/truy-vet/lich-su/{HAMLET}/{DAY}.json"),
        format!("/truy-vet/lich-su/{NEXT}/2021-11-19.csv"),
        format!("/api/v1/tracing/{NEXT}/2021-11-19"),
        "/nhat-ky".to_owned(),
        "/nhat-ky.csv".to_owned(),
        "/api/v1/audit?unit=893".to_owned(),
    ];
    for role in [Role::Committee, Role::Consolidator, Role::Administrator] {
        let client = app.account(role, "893").await;
        for page in &pages {
            let reply = client.get(page).await;
            let said = without_seals(&reply.body);
            assert!(SECRET.iter().all(|words| !said.contains(words)), "{role} {page}: {reply}");
        }
    }
    for page in &pages[..4] {
        let reply = health.get(page).await;
        assert!(SECRET.iter().any(|words| reply.body.contains(words)), "{page}: {reply}");
    }
    let sheet = committee.get(&format!("/truy-vet.csv?don-vi={NEXT}&tu=2021-11-20&den=2021-11-20")).await;
    assert!(sheet.body.contains("f2_traced,under_5,<5"), "{sheet}");
}

async fn a_form_is_filled_in_two_steps_without_scripts(app: &TestApp) {
    let health = app.account(Role::HealthStaff, "893").await;
    let form = health.get(&format!("/truy-vet/nhap?don-vi={COMMUNE}&ngay=19/11/2021")).await;
    assert!(form.body.contains(r#"name="f0_new""#) && form.body.contains(r#"name="thay" value="0""#), "{form}");
    let send = async |body: &str| {
        let request = health.request(Method::POST, "/truy-vet/nhap").header("sec-fetch-site", "same-origin");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        Reply::to(request.body(body.to_owned())).await
    };
    let typed = format!("don-vi={COMMUNE}&ngay=19/11/2021&thay=0&f0_new=3&f0_community=5");
    let reply = send(&typed).await;
    assert_eq!(reply.status, 422);
    assert!(reply.body.contains(r##"href="#f0_community""##) && reply.body.contains(r#"value="5""#), "{reply}");
    let reply = send(&typed.replace("community=5", "community=2")).await;
    assert_eq!(reply.status, 303, "{reply}");
    let page = health.get(reply.header("location")).await;
    assert!(page.body.contains("Đã ghi số liệu ngày 19/11/2021"), "{page}");
    assert!(page.body.contains("Không phải chỉ tiêu của kế hoạch"), "{page}");
    let record = app.database.peek("SELECT max(id) FROM tracing_record");
    let reply = send(&format!("don-vi={COMMUNE}&ngay=19/11/2021&thay={record}&f0_new=4")).await;
    assert_eq!(reply.status, 422);
    assert!(reply.body.contains(r#"name="ly-do""#), "an older day asks for a reason: {reply}");
    let reply = send(&format!("don-vi={COMMUNE}&ngay=19/11/2021&thay={record}&f0_new=4&ly-do=x")).await;
    assert_eq!(reply.status, 303, "{reply}");
}

async fn a_period_is_at_most_as_long_as_a_page_can_show(app: &TestApp) {
    let committee = app.account(Role::Committee, "893").await;
    for (query, rule) in
        [("from=2021-11-20&to=2021-11-19", "before_start"), ("from=2021-01-01&to=2021-11-20", "too_many_days")]
    {
        let reply = committee.get(&format!("/api/v1/tracing?{query}")).await;
        assert_eq!((reply.status, &reply.json()["errors"][0]["rule"]), (422, &json!(rule)), "{reply}");
    }
    let view = seen(&committee, "from=2021-08-21&to=2021-11-20").await;
    assert_eq!(view["days"].as_array().unwrap().len(), 92);
}

app_tests!(
    the_district_sums_its_communes_and_never_their_hamlets,
    what_breaks_a_rule_is_refused_and_nothing_is_kept,
    a_correction_supersedes_and_the_history_keeps_both,
    who_saw_an_older_record_is_told_and_a_resent_operation_records_once,
    only_health_staff_record_and_only_those_concerned_see,
    small_counts_of_a_hamlet_are_on_no_surface_for_others,
    a_form_is_filled_in_two_steps_without_scripts,
    a_period_is_at_most_as_long_as_a_page_can_show,
);
