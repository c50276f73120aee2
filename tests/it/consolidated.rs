//! The consolidated report: what goes into it, how it is issued, what its files say.

mod difficulties;
pub mod documents;
mod files;
mod issuing;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Client, NOW, Reply, TestApp, reporting::staff};
use vungxanh::domain::actor::Role;

/// Reports that the reports of these tests consolidate: two agencies, a committee, two hamlets.
pub async fn fill(app: &TestApp) {
    let units = app.account(Role::FocalPoint, "893").await;
    let figures = |of: [(&str, i64); 4]| Value::Object(of.iter().map(|(m, n)| ((*m).to_owned(), json!(n))).collect());
    let residents = |all: i64, bluezone: i64, declared: i64| json!({ "residents": { "population": all, "bluezone_installed": bluezone, "ncovi_declared": declared } });
    for (unit, lines) in [
        (
            "CM-P-YTE",
            json!({ "staff_b": figures(staff(1245, 1234, 1233, 1111)), "relatives": { "relatives_helped": 77 } }),
        ),
        ("CM-P-VHTT", json!({ "staff_a": figures(staff(9, 8, 8, 8)) })),
        ("CM-X-30634", json!({ "staff_d": figures(staff(140, 130, 104, 91)) })),
        ("30634-01", residents(2003, 1500, 1001)),
        ("30634-02", residents(1000, 250, 125)),
    ] {
        let reply = units.post_report(unit, lines).await;
        assert_eq!(reply.status, 201, "{reply}");
    }
}

/// Prepares the report of the week and issues it: its number.
pub async fn issue(office: &Client, texts: Value) -> Reply {
    let body = json!({ "from": "2021-11-15", "to": "2021-11-21", "texts": texts });
    let reply = office.post("/api/v1/consolidated/drafts", &body).await;
    assert_eq!(reply.status, 201, "{reply}");
    let draft = reply.json()["draft"].clone();
    office.post(&format!("/api/v1/consolidated/drafts/{draft}/issue"), &json!({})).await
}

async fn bytes(client: &Client, path: &str) -> Vec<u8> {
    let response = client.request(Method::GET, path).send().await.unwrap();
    assert_eq!(response.status(), 200, "{path}");
    response.bytes().await.unwrap().to_vec()
}

async fn send(client: &Client, path: &str, body: &str) -> Reply {
    let request = client.request(Method::POST, path).header("sec-fetch-site", "same-origin");
    Reply::to(request.header("content-type", "application/x-www-form-urlencoded").body(body.to_owned())).await
}

/// Another figure of the health office, true at the same hour, with its reason.
async fn correct(app: &TestApp) {
    let unit = app.account(Role::FocalPoint, "CM-P-YTE").await;
    let report =
        app.database.peek("SELECT max(r.id) FROM report r JOIN unit u ON u.id = r.unit_id WHERE u.code = 'CM-P-YTE'");
    let body = json!({
        "unit": "CM-P-YTE", "as_of": NOW, "reason": "bổ sung một người", "supersedes": report.parse::<i64>().unwrap(),
        "figures": { "staff_b": {
            "headcount": 1245, "smartphone_users": 1234, "bluezone_installed": 1234, "ncovi_declared": 1111,
        }, "relatives": { "relatives_helped": 77 } },
    });
    let reply = unit.post("/api/v1/reports", &body).await;
    assert_eq!(reply.status, 201, "{reply}");
}
