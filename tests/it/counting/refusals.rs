//! Reports that are refused, each with the field, the value, the rule and a sentence; and those that need a reason.

use std::fmt::Write as _;

use serde_json::{Value, json};
use vungxanh::domain::actor::Role;

use crate::harness::{NOW, TestApp, app_tests};

fn report(unit: &str, as_of: &str, figures: &Value) -> Value {
    json!({ "unit": unit, "as_of": as_of, "figures": figures })
}

/// A right report of 18 phones, with one figure changed.
fn with(measure: &str, value: Value) -> Value {
    let mut figures = json!({ "staff_b": {
        "headcount": 20, "smartphone_users": 18, "bluezone_installed": 12, "ncovi_declared": 12,
    } });
    figures["staff_b"][measure] = value;
    figures
}

/// What is wrong, the field and the rule that are named, and the report.
fn wrong_reports() -> Vec<(&'static str, &'static str, &'static str, Value)> {
    let of = |figures: Value| report("CM-P-YTE", NOW, &figures);
    vec![
        ("not whole", "bluezone_installed", "not_whole", of(with("bluezone_installed", json!(12.5)))),
        ("words", "bluezone_installed", "not_whole", of(with("bluezone_installed", json!("mười hai")))),
        ("negative", "ncovi_declared", "negative", of(with("ncovi_declared", json!(-1)))),
        ("too large", "headcount", "too_large", of(with("headcount", json!(300_000_000)))),
        ("missing", "headcount", "required", of(with("headcount", json!(null)))),
        ("G-06: 19 of 18", "bluezone_installed", "above_limit", of(with("bluezone_installed", json!(19)))),
        ("beyond everybody", "ncovi_declared", "above_limit", of(with("ncovi_declared", json!(21)))),
        ("no such measure", "households", "measure_not_asked", of(with("households", json!(1)))),
        (
            "G-07: public employees of an office that has none",
            "cohort",
            "cohort_not_asked",
            report("CM-P-VHTT", NOW, &with("headcount", json!(20))),
        ),
        ("nothing at all", "lines", "empty", of(json!({}))),
        (
            "before the plan",
            "as_of",
            "before_plan",
            report("CM-P-YTE", "2020-08-05T23:59:00+07:00", &with("headcount", json!(20))),
        ),
        (
            "not yet",
            "as_of",
            "in_future",
            report("CM-P-YTE", "2021-11-20T09:01:00+07:00", &with("headcount", json!(20))),
        ),
        ("not obliged", "unit", "unit_not_obliged", report("30634", NOW, &with("headcount", json!(20)))),
    ]
}

async fn a_report_that_breaks_a_rule_is_refused_with_field_value_and_rule(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "893").await;
    let mut said = String::new();
    for (what, field, rule, report) in wrong_reports() {
        let reply = client.post("/api/v1/reports", &report).await;
        assert_eq!((reply.status, reply.content_type.as_str()), (422, "application/problem+json"), "{what}: {reply}");
        let problem = reply.json();
        let errors = problem["errors"].as_array().unwrap();
        assert_eq!((&problem["code"], errors.len()), (&json!("invalid"), 1), "{what}: {reply}");
        assert_eq!((&errors[0]["field"], &errors[0]["rule"]), (&json!(field), &json!(rule)), "{what}: {reply}");
        let text = |name: &str| errors[0][name].as_str().unwrap();
        writeln!(said, "{what}\n  {field} = {:?}: {}", text("given"), text("message")).unwrap();
    }
    insta::assert_snapshot!("refusals", said);
    assert_eq!(app.database.peek("SELECT count(*) FROM report"), "0");
    assert_eq!(app.database.peek("SELECT count(*) FROM tally"), "0");
}

async fn every_wrong_figure_is_named_at_once(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "CM-P-YTE").await;
    let figures = json!({
        "staff_b": { "headcount": "?", "smartphone_users": 18, "bluezone_installed": 19, "ncovi_declared": -2 },
        "relatives": { "relatives_helped": 1.5 },
    });
    let problem = client.post_report("CM-P-YTE", figures).await.json();
    let named: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
    assert_eq!(named, ["relatives_helped", "headcount", "bluezone_installed", "ncovi_declared"], "{problem:#}");
}

async fn what_is_odd_needs_a_reason_and_then_is_recorded(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "CM-P-YTE").await;
    let first = report("CM-P-YTE", "2021-11-13T09:00:00+07:00", &with("bluezone_installed", json!(9)));
    assert_eq!(client.post("/api/v1/reports", &first).await.status, 201);
    for (count, oddity) in [(8, "fall"), (0, "zero"), (13, "jump")] {
        let mut odd = report("CM-P-YTE", NOW, &with("bluezone_installed", json!(count)));
        let reply = client.post("/api/v1/reports", &odd).await;
        assert_eq!((reply.status, &reply.json()["code"]), (422, &json!("needs_reason")), "{reply}");
        let warning = &reply.json()["warnings"][0];
        assert_eq!((&warning["field"], &warning["oddity"]), (&json!("bluezone_installed"), &json!(oddity)), "{reply}");
        assert_eq!((&warning["given"], &warning["before"]), (&json!(count), &json!(9)), "{reply}");
        odd["reason"] = json!("đã kiểm tra lại");
        odd["op_id"] = json!(oddity);
        odd["as_of"] = json!("2021-11-13T09:00:00+07:00");
        odd["figures"] = with("bluezone_installed", json!(9));
        assert_eq!(client.post("/api/v1/reports", &odd).await.status, 201);
    }
    let mut fall = report("CM-P-YTE", NOW, &with("bluezone_installed", json!(8)));
    fall["reason"] = json!("một người nghỉ hưu");
    assert_eq!(client.post("/api/v1/reports", &fall).await.status, 201);
    let reports = client.get("/api/v1/units/CM-P-YTE/reports").await.json();
    assert_eq!(reports[0]["reason"], "một người nghỉ hưu");
}

async fn residents_above_their_census_only_need_a_reason(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "30634").await;
    let figures = json!({ "residents": { "population": 900, "bluezone_installed": 901, "ncovi_declared": 10 } });
    let reply = client.post_report("30634-01", figures.clone()).await;
    assert_eq!((reply.status, &reply.json()["warnings"][0]["oddity"]), (422, &json!("above_base")), "{reply}");
    let mut report = report("30634-01", NOW, &figures);
    report["reason"] = json!("có người từ xã khác đến ở");
    let reply = client.post("/api/v1/reports", &report).await;
    assert_eq!(reply.status, 201, "{reply}");
}

app_tests!(
    a_report_that_breaks_a_rule_is_refused_with_field_value_and_rule,
    every_wrong_figure_is_named_at_once,
    what_is_odd_needs_a_reason_and_then_is_recorded,
    residents_above_their_census_only_need_a_reason,
);
