//! Correcting a record and taking one back.

use chrono::Duration;
use serde_json::{Value, json};
use vungxanh::domain::actor::Role;

use super::{DISTRICT, GREEN, RED, decide, decision, faults, level, records, withdraw};
use crate::harness::{Client, NOW, TestApp, app_tests};

/// A decision on a place that corrects a record.
fn correction(unit: &str, level: i32, corrects: i64, reason: &str) -> Value {
    let mut given = decision(&[(unit, level)], NOW);
    given["corrects"] = json!(corrects);
    given["reason"] = json!(reason);
    given
}

/// Whether a record of a place stands: the history of the place lists those that are out.
async fn is_out(client: &Client, unit: &str, id: i64) -> bool {
    let history = client.get(&format!("/api/v1/units/{unit}")).await.json()["zones"].clone();
    let decisions = history["decisions"].as_array().unwrap();
    assert!(decisions.iter().any(|decision| decision["id"] == id), "nothing leaves the history: {history:#}");
    history["out"].as_array().unwrap().contains(&json!(id))
}

async fn a_correction_needs_a_reason_and_puts_the_old_record_out(app: &TestApp) {
    let client = app.account(Role::HealthStaff, DISTRICT).await;
    let old = decide(&client, &decision(&[(RED, 3)], NOW)).await[0];
    let before = records(app);
    for reason in ["", "  "] {
        let silent = client.post("/api/v1/zones/decisions", &correction(RED, 2, old, reason)).await;
        assert_eq!(faults(&silent), [["reason", "reason_needed"]]);
    }
    // A record is corrected on its own place, and on no other.
    let elsewhere = client.post("/api/v1/zones/decisions", &correction(GREEN, 2, old, "ghi nhầm")).await;
    assert_eq!(faults(&elsewhere), [["corrects", "no_longer_stands"]]);
    assert_eq!(records(app), before);
    let new = decide(&client, &correction(RED, 2, old, "ghi nhầm mức")).await[0];
    assert_eq!(level(&client, RED).await, 2);
    assert_eq!((is_out(&client, RED, old).await, is_out(&client, RED, new).await), (true, false));
    let event = app.database.peek("SELECT detail FROM audit_event WHERE action = 'zone.corrected'");
    let event: Value = serde_json::from_str(&event).unwrap();
    assert_eq!((&event["corrects"], &event["reason"]), (&json!(old), &json!("ghi nhầm mức")), "{event:#}");
    // What is out is not corrected again, nor taken back.
    let again = client.post("/api/v1/zones/decisions", &correction(RED, 1, old, "ghi nhầm")).await;
    assert_eq!(faults(&again), [["corrects", "no_longer_stands"]]);
    assert_eq!(faults(&withdraw(&client, old, "ghi nhầm").await), [["corrects", "no_longer_stands"]]);
    // A correction may say the same level: then only the old record's number or note was wrong.
    decide(&client, &correction(RED, 2, new, "sai số quyết định")).await;
    assert!(is_out(&client, RED, new).await);
}

async fn within_ten_minutes_a_record_is_taken_back_without_a_reason_and_later_with_one(app: &TestApp) {
    let client = app.account(Role::HealthStaff, DISTRICT).await;
    let quick = decide(&client, &decision(&[(RED, 3)], NOW)).await[0];
    let slow = decide(&client, &decision(&[(GREEN, 3)], NOW)).await[0];
    app.advance(Duration::minutes(10));
    // The token is as old as the record.
    let client = app.account(Role::HealthStaff, DISTRICT).await;
    let reply = withdraw(&client, quick, "").await;
    assert_eq!(reply.status, 201, "{reply}");
    assert_eq!((level(&client, RED).await, is_out(&client, RED, quick).await), (json!(4), true));
    app.advance(Duration::seconds(1));
    let before = records(app);
    assert_eq!(faults(&withdraw(&client, slow, " ").await), [["reason", "reason_needed"]]);
    assert_eq!((records(app), level(&client, GREEN).await), (before, json!(3)));
    assert_eq!(withdraw(&client, slow, "chưa có hiệu lực").await.status, 201);
    assert_eq!(level(&client, GREEN).await, 1);
    assert_eq!(faults(&withdraw(&client, slow, "lần nữa").await), [["corrects", "no_longer_stands"]]);
    let events = app.database.peek("SELECT count(*) FROM audit_event WHERE action = 'zone.withdrawn'");
    assert_eq!(events, "2");
}

async fn taking_a_correction_back_brings_the_corrected_record_back(app: &TestApp) {
    let client = app.account(Role::HealthStaff, DISTRICT).await;
    let old = decide(&client, &decision(&[(RED, 3)], NOW)).await[0];
    let new = decide(&client, &correction(RED, 2, old, "ghi nhầm")).await[0];
    let reply = withdraw(&client, new, "").await;
    assert_eq!(level(&client, RED).await, 3, "{reply}");
    assert_eq!((is_out(&client, RED, old).await, is_out(&client, RED, new).await), (false, true));
    // It stands again, so it can be corrected again. What took the correction back cannot be taken back itself.
    let withdrawal = reply.json()["decisions"][0].as_i64().unwrap();
    assert_eq!(faults(&withdraw(&client, withdrawal, "thôi").await), [["corrects", "no_longer_stands"]]);
    decide(&client, &correction(RED, 1, old, "ghi nhầm")).await;
    assert_eq!(level(&client, RED).await, 1);
}

async fn a_seeded_decision_that_was_taken_back_is_not_seeded_again(app: &TestApp) {
    use vungxanh::usecases::{UseCaseError, load_seed::load_seed};
    let client = app.account(Role::HealthStaff, DISTRICT).await;
    let seeded = super::of_unit(&super::board(&client, DISTRICT, None).await["rows"], RED);
    let id = seeded["state"]["id"].as_i64().unwrap();
    assert_eq!(withdraw(&client, id, "chưa ký").await.status, 201);
    assert_eq!(level(&client, RED).await, Value::Null);
    let now = app.state.clock.now();
    let loaded: Result<_, UseCaseError> = app.store.write(move |conn| load_seed(conn, now)).await;
    assert_eq!(loaded.unwrap().zones, 0);
    assert_eq!(level(&client, RED).await, Value::Null);
}

app_tests!(
    a_correction_needs_a_reason_and_puts_the_old_record_out,
    within_ten_minutes_a_record_is_taken_back_without_a_reason_and_later_with_one,
    taking_a_correction_back_brings_the_corrected_record_back,
    a_seeded_decision_that_was_taken_back_is_not_seeded_again,
);
