//! Schedules, who has reported, chasing, reminding, reviewing.

mod chasing;
mod completeness;
mod letters;
mod mail_tls;
mod review;
pub mod server;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Client, Reply};

/// Two cohorts are asked of it, staff and relatives; its clause orders.
pub const OFFICE: &str = "CM-P-YTE";
/// One cohort; ordered.
pub const COMMITTEE: &str = "CM-X-30634";
/// Its clause requests.
pub const FRONT: &str = "CM-M-MTTQ";
/// The week of [`crate::harness::NOW`]: due on Friday 19/11/2021 at 16:00.
pub const WEEK: &str = "2021-11-15";

/// Sends the staff figures of the office or the committee, true at a time.
pub async fn report(client: &Client, unit: &str, as_of: &str, reached: i64) -> Reply {
    let cohort = if unit == OFFICE { "staff_b" } else { "staff_d" };
    let figures = json!({ cohort: {
        "headcount": 20, "smartphone_users": 10, "bluezone_installed": reached, "ncovi_declared": reached,
    } });
    let body = json!({ "unit": unit, "as_of": as_of, "reason": "thử", "figures": figures });
    let reply = client.post("/api/v1/reports", &body).await;
    assert_eq!(reply.status, 201, "{reply}");
    reply
}

/// Sends a form.
pub async fn submit(client: &Client, path: &str, form: &str) -> Reply {
    let request = client.request(Method::POST, path).header("sec-fetch-site", "same-origin");
    Reply::to(request.header("content-type", "application/x-www-form-urlencoded").body(form.to_owned())).await
}

/// The chase list.
pub async fn list(client: &Client) -> Value {
    let reply = client.get("/api/v1/chase").await;
    assert_eq!(reply.status, 200, "{reply}");
    reply.json()
}

/// A unit on it.
pub fn row<'a>(list: &'a Value, unit: &str) -> &'a Value {
    list["rows"].as_array().unwrap().iter().find(|row| row["unit"]["code"] == unit).unwrap()
}

/// Sends a deed of the office and wants it done.
pub async fn done(client: &Client, path: &str, body: &Value) -> Value {
    let reply = client.post(path, body).await;
    assert!([200, 201, 202].contains(&reply.status), "{path}: {reply}");
    reply.json()
}

/// Gives units an address to write to.
async fn keep_contacts(office: &Client, units: &[&str]) {
    for unit in units {
        let contact = json!({ "name": "Văn thư", "email": format!("{}@example.vn", unit.to_lowercase()), "phone": "0296 388 1111" });
        done(office, &format!("/api/v1/units/{unit}/contact"), &contact).await;
    }
}
