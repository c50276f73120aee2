//! Zones: who decides them, which is in force when, how a drive came out.

mod board;
mod deciding;
mod drives;
mod golden;
mod histories;
mod replay;
mod taking_back;

use serde_json::{Value, json};

use crate::harness::{Client, Reply, TestApp};

/// The district the tests decide in, by the scheme of its seeded decisions.
const DISTRICT: &str = "893";
const SCHEME: &str = "nq_128_qd_4800";
/// Communes of it with the level the seed gives them, and one of another district.
const RED: &str = "30631";
const YELLOW: &str = "30634";
const GREEN: &str = "30637";
const ELSEWHERE: &str = "31528";

/// An official decision on some places, as the API takes it.
fn decision(places: &[(&str, i32)], effective_from: &str) -> Value {
    let places: Vec<Value> = places.iter().map(|(unit, level)| json!({ "unit": unit, "level": level })).collect();
    json!({
        "places": places, "scheme": SCHEME, "effective_from": effective_from,
        "decision_number": "15/QĐ-UBND", "decision_issuer": "Ủy ban nhân dân huyện Chợ Mới",
    })
}

/// Records a decision; its record numbers.
async fn decide(client: &Client, decision: &Value) -> Vec<i64> {
    let reply = client.post("/api/v1/zones/decisions", decision).await;
    assert_eq!(reply.status, 201, "{reply}");
    serde_json::from_value(reply.json()["decisions"].clone()).unwrap()
}

/// Takes a record back.
async fn withdraw(client: &Client, id: i64, reason: &str) -> Reply {
    client.post(&format!("/api/v1/zones/decisions/{id}/withdrawal"), &json!({ "reason": reason })).await
}

/// The board of a place, at a moment or now.
async fn board(client: &Client, unit: &str, at: Option<&str>) -> Value {
    let at = at.map_or_else(String::new, |at| format!("&at={}", at.replace('+', "%2B")));
    let reply = client.get(&format!("/api/v1/zones?unit={unit}{at}")).await;
    assert_eq!(reply.status, 200, "{reply}");
    reply.json()
}

/// The level of a commune on the board of its district now; null where it is unclassified.
async fn level(client: &Client, unit: &str) -> Value {
    of_unit(&board(client, DISTRICT, None).await["rows"], unit)["state"]["level"].clone()
}

/// The one of a list that is of a unit; null when there is none.
fn of_unit(list: &Value, unit: &str) -> Value {
    list.as_array().unwrap().iter().find(|one| one["unit"]["code"] == unit).cloned().unwrap_or_default()
}

/// How many decisions and audit events there are.
fn records(app: &TestApp) -> [String; 2] {
    ["zone_decision", "audit_event"].map(|table| app.database.peek(&format!("SELECT count(*) FROM {table}")))
}

/// The field and rule of each fault of a refusal.
fn faults(reply: &Reply) -> Vec<[String; 2]> {
    assert_eq!(reply.status, 422, "{reply}");
    let errors = reply.json()["errors"].as_array().unwrap().clone();
    errors.iter().map(|error| ["field", "rule"].map(|name| error[name].as_str().unwrap().to_owned())).collect()
}
