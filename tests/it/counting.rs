//! Counting, end to end: the golden cases of the requirements, and what becomes of reports that are late, wrong or sent
//! twice.

mod refusals;

use serde_json::{Value, json};
use vungxanh::domain::{actor::Role, rate::Rate};

use crate::harness::{Client, NOW, Reply, TestApp, app_tests};

/// A staff report as the API takes it.
fn staff(cohort: &str, headcount: i64, phones: i64, bluezone: i64, declared: i64) -> Value {
    json!({ cohort: {
        "headcount": headcount, "smartphone_users": phones,
        "bluezone_installed": bluezone, "ncovi_declared": declared,
    } })
}

async fn post(client: &Client, unit: &str, figures: Value) -> Value {
    let reply = client.post_report(unit, figures).await;
    assert_eq!(reply.status, 201, "{reply}");
    reply.json()
}

/// How far a unit has come with one cohort.
async fn progress(client: &Client, unit: &str, cohort: &str) -> Value {
    let view = client.get(&format!("/api/v1/units/{unit}")).await.json();
    let lines = view["progress"].as_array().unwrap();
    lines.iter().find(|line| line["unit"]["code"] == unit && line["cohort"] == cohort).unwrap().clone()
}

fn figure<'a>(progress: &'a Value, measure: &str) -> &'a Value {
    progress["figures"].as_array().unwrap().iter().find(|figure| figure["measure"] == measure).unwrap()
}

/// The total of one measure of one cohort of the district.
async fn total(client: &Client, cohort: &str, measure: &str) -> Value {
    let view = client.get("/api/v1/overview?unit=893").await.json();
    let cohorts = view["cohorts"].as_array().unwrap();
    let found = cohorts.iter().find(|line| line["cohort"]["code"] == cohort).unwrap();
    found["measures"].as_array().unwrap().iter().find(|line| line["code"] == measure).unwrap().clone()
}

async fn g_01_one_person_missing_is_99_9_percent_and_not_met(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "893").await;
    post(&client, "CM-P-YTE", staff("staff_b", 2000, 2000, 1999, 2000)).await;
    let line = progress(&client, "CM-P-YTE", "staff_b").await;
    assert_eq!(line["standing"], "not_met");
    assert_eq!(figure(&line, "bluezone_installed")["rate"], json!({ "counted": 1999, "base": 2000 }));
    assert_eq!((Rate::new(1999, 2000).tenths(), Rate::new(1999, 2000).gap()), (Some(999), 1));
    let page = client.get("/don-vi/CM-P-YTE").await;
    assert!(page.body.contains("99,9"), "{page}");
}

async fn g_02_the_clause_is_met_only_with_both_measures(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "893").await;
    post(&client, "CM-P-YTE", staff("staff_b", 2000, 2000, 2000, 1999)).await;
    assert_eq!(progress(&client, "CM-P-YTE", "staff_b").await["standing"], "not_met");
    post(&client, "CM-P-YTE", staff("staff_b", 2000, 2000, 2000, 2000)).await;
    assert_eq!(progress(&client, "CM-P-YTE", "staff_b").await["standing"], "met");
}

async fn g_03_nobody_to_count_is_neither_met_nor_unmet(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "893").await;
    post(&client, "CM-P-YTE", staff("staff_b", 5, 0, 0, 0)).await;
    assert_eq!(progress(&client, "CM-P-YTE", "staff_b").await["standing"], "nobody_to_count");
    let overview = client.get("/api/v1/overview?unit=893").await.json();
    let seen = ["bodies_met", "bodies_without_anyone", "bodies_reported"].map(|name| overview[name].clone());
    assert_eq!(seen, [json!(0), json!(1), json!(1)]);
    assert_eq!(overview["furthest"], json!([]));
}

async fn g_04_no_report_is_not_zero_and_lowers_completeness(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "893").await;
    let line = progress(&client, "CM-P-YTE", "staff_b").await;
    assert_eq!((&line["standing"], &line["figures"]), (&json!("not_reported"), &json!([])));
    assert_eq!(total(&client, "staff_b", "bluezone_installed").await["rate"], Value::Null);
    post(&client, "CM-P-YTE", staff("staff_b", 10, 10, 0, 0)).await;
    assert_eq!(progress(&client, "CM-P-YTE", "staff_b").await["standing"], "not_met");
    let overview = client.get("/api/v1/overview?unit=893").await.json();
    assert_eq!(overview["bodies_reported"], 1);
    assert!(overview["bodies_obliged"].as_i64().unwrap() > 20);
    let silent: Vec<&Value> = overview["silent"].as_array().unwrap().iter().map(|unit| &unit["code"]).collect();
    assert!(silent.contains(&&json!("CM-T-YTE")) && !silent.contains(&&json!("CM-P-YTE")), "{silent:?}");
}

async fn g_05_an_aggregate_is_the_sum_of_counts_over_the_sum_of_bases(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "893").await;
    post(&client, "CM-P-YTE", staff("staff_b", 10, 10, 10, 10)).await;
    post(&client, "CM-T-YTE", staff("staff_b", 90, 90, 10, 10)).await;
    let rate = json!({ "counted": 20, "base": 100 });
    assert_eq!(total(&client, "staff_b", "bluezone_installed").await["rate"], rate);
    let league = client.get("/api/v1/league?unit=893&cohort=staff_b").await.json();
    assert_eq!(league["groups"][0]["total"], rate);
}

async fn g_14_a_name_is_found_with_either_tone_place_and_without_marks(app: &TestApp) {
    let client = app.account(Role::Committee, "893").await;
    for words in ["Ho%C3%A0%20An", "H%C3%B2a%20An", "hoa%20an"] {
        let reply = client.get(&format!("/api/v1/units?q={words}")).await;
        assert!(reply.json().as_array().unwrap().iter().any(|unit| unit["name"] == "Xã Hòa An"), "{words}: {reply}");
    }
}

async fn g_15_decomposed_text_is_stored_composed(app: &TestApp) {
    let client = app.account(Role::HealthStaff, "893").await;
    let decision = json!({
        "unit": "30631", "scheme": "nq_128_qd_218", "level": 1, "effective_from": NOW, "note": "My\u{303} Luo\u{302}ng",
    });
    let reply = client.post("/api/v1/zones/decisions", &decision).await;
    assert_eq!(reply.status, 201, "{reply}");
    assert_eq!(app.database.peek("SELECT note FROM zone_decision ORDER BY id DESC LIMIT 1"), "Mỹ Luông");
    let found = client.get("/api/v1/units?q=My%CC%83%20Luo%CC%82ng").await.json();
    assert!(found.as_array().unwrap().iter().any(|unit| unit["code"] == "30631"), "{found}");
}

async fn g_16_an_earlier_figure_posted_later_does_not_replace_the_later_one(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "CM-P-YTE").await;
    post(&client, "CM-P-YTE", staff("staff_b", 20, 18, 12, 12)).await;
    let earlier = json!({
        "unit": "CM-P-YTE", "as_of": "2021-11-10T16:00:00+07:00", "figures": staff("staff_b", 20, 18, 7, 7),
    });
    let reply = client.post("/api/v1/reports", &earlier).await;
    assert_eq!(reply.status, 201, "{reply}");
    for (day, count) in [("2021-11-20", 12), ("2021-11-19", 7), ("2021-11-10", 7)] {
        let view = client.get(&format!("/api/v1/units/CM-P-YTE?day={day}")).await.json();
        let counted = figure(&view["progress"][1], "bluezone_installed")["count"].clone();
        assert_eq!(counted, count, "{day}: {view:#}");
    }
    let view = client.get("/api/v1/units/CM-P-YTE?day=2021-11-09").await.json();
    assert!(view["progress"].as_array().unwrap().iter().all(|line| line["standing"] == "not_reported"), "{view:#}");
}

async fn a_report_sent_again_is_recorded_once_and_answered_the_same(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "CM-P-YTE").await;
    let mut report = json!({
        "unit": "CM-P-YTE", "as_of": NOW, "op_id": "một-lần", "figures": staff("staff_b", 20, 18, 12, 12),
    });
    let first = client.post("/api/v1/reports", &report).await;
    assert_eq!(first.status, 201, "{first}");
    app.advance(chrono::Duration::minutes(5));
    let again = client.post("/api/v1/reports", &report).await;
    assert_eq!((again.status, again.json()), (201, first.json()));
    report["figures"]["staff_b"]["bluezone_installed"] = json!(13);
    let other = client.post("/api/v1/reports", &report).await;
    assert_eq!((other.status, &other.json()["code"]), (409, &json!("operation_differs")), "{other}");
    // The same id chosen by somebody else is another operation.
    let colleague = app.account(Role::FocalPoint, "CM-P-YTE").await;
    let theirs: Reply = colleague.post("/api/v1/reports", &report).await;
    assert_eq!(theirs.status, 201, "{theirs}");
    let reports = client.get("/api/v1/units/CM-P-YTE/reports").await.json();
    assert_eq!(reports.as_array().unwrap().len(), 2, "{reports:#}");
}

async fn a_correction_supersedes_and_the_history_shows_old_and_new(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "893").await;
    let first = post(&client, "CM-P-YTE", staff("staff_b", 20, 18, 12, 12)).await["reports"][0]["report"].clone();
    let mut correction = json!({
        "unit": "CM-P-YTE", "as_of": NOW, "supersedes": first, "figures": staff("staff_b", 20, 18, 11, 12),
    });
    let silent = client.post("/api/v1/reports", &correction).await;
    assert_eq!((silent.status, &silent.json()["errors"][0]["rule"]), (422, &json!("reason_needed")), "{silent}");
    correction["reason"] = json!("đếm nhầm một người");
    let reply = client.post("/api/v1/reports", &correction).await;
    assert_eq!(reply.status, 201, "{reply}");
    let path = "/api/v1/units/CM-P-YTE/figures/staff_b/bluezone_installed";
    let history = client.get(path).await.json();
    let version = |i: usize| {
        let version = &history["versions"][i];
        ["old", "new", "reason", "supersedes", "is_in_force"].map(|name| version[name].clone())
    };
    assert_eq!(version(0), [json!(12), json!(11), json!("đếm nhầm một người"), first, json!(true)]);
    assert_eq!(version(1), [Value::Null, json!(12), json!(""), Value::Null, json!(false)]);
    assert_eq!(total(&client, "staff_b", "bluezone_installed").await["count"], 11);
    // What it corrects must be of the same unit and moment.
    correction["as_of"] = json!("2021-11-19T09:00:00+07:00");
    let elsewhere = client.post("/api/v1/reports", &correction).await;
    assert_eq!((elsewhere.status, &elsewhere.json()["errors"][0]["field"]), (422, &json!("supersedes")), "{elsewhere}");
}

async fn a_surplus_counts_up_to_the_base_in_the_unit_and_in_the_total(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "893").await;
    // Two declared without a phone of their own: no reason is asked, and none of the other unit's gap is hidden.
    post(&client, "CM-P-YTE", staff("staff_b", 12, 10, 10, 12)).await;
    post(&client, "CM-T-YTE", staff("staff_b", 10, 10, 8, 8)).await;
    let line = progress(&client, "CM-P-YTE", "staff_b").await;
    let declared = figure(&line, "ncovi_declared");
    assert_eq!((&declared["count"], &declared["surplus"]), (&json!(12), &json!(2)));
    assert_eq!(declared["rate"], json!({ "counted": 10, "base": 10 }));
    let total = total(&client, "staff_b", "ncovi_declared").await;
    assert_eq!((&total["count"], &total["surplus"]), (&json!(20), &json!(2)));
    assert_eq!(total["rate"], json!({ "counted": 18, "base": 20 }));
}

app_tests!(
    g_01_one_person_missing_is_99_9_percent_and_not_met,
    g_02_the_clause_is_met_only_with_both_measures,
    g_03_nobody_to_count_is_neither_met_nor_unmet,
    g_04_no_report_is_not_zero_and_lowers_completeness,
    g_05_an_aggregate_is_the_sum_of_counts_over_the_sum_of_bases,
    g_14_a_name_is_found_with_either_tone_place_and_without_marks,
    g_15_decomposed_text_is_stored_composed,
    g_16_an_earlier_figure_posted_later_does_not_replace_the_later_one,
    a_report_sent_again_is_recorded_once_and_answered_the_same,
    a_correction_supersedes_and_the_history_shows_old_and_new,
    a_surplus_counts_up_to_the_base_in_the_unit_and_in_the_total,
);
