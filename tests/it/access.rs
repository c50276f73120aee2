//! Who gets in, and what nobody outside gets to see.

mod forgery;
mod routes;
mod sessions;

use reqwest::Method;
use serde_json::json;
use vungxanh::domain::actor::Role;

pub use self::routes::pages;
use self::routes::{ROUTES, Route, Who};
use crate::harness::{Client, NOW, Reply, TestApp, app_tests};

/// A commune that the others have nothing to do with, and words that stand only in its figures and decisions: the
/// number is so long that it is not found in a seal by chance.
const OUTSIDE: &str = "30634";
const ITS_BODY: &str = "CM-X-30634";
const ITS_WORDS: [&str; 5] = ["Kiến An", "Kiến Bình", "chỉ xã này biết", "7654321", "7.654.321"];
const INSIDE: [(&str, &str); 2] = [("30631", "30631"), ("CM-P-YTE", "CM-P-YTE")];

/// Puts something into the commune that others could be shown by mistake.
async fn fill_outside(app: &TestApp) {
    let people = app.account(Role::FocalPoint, OUTSIDE).await;
    let figures = json!({ "staff_d": {
        "headcount": 7_654_321, "smartphone_users": 7_654_321, "bluezone_installed": 7_654_321, "ncovi_declared": 7_654_321,
    } });
    let report = json!({
        "unit": ITS_BODY, "as_of": NOW, "reason": "chỉ xã này biết", "op_id": "việc-của-xã", "figures": figures,
    });
    let reply = people.post("/api/v1/reports", &report).await;
    assert_eq!(reply.status, 201, "{reply}");
    let health = app.account(Role::HealthStaff, OUTSIDE).await;
    let decision = json!({
        "unit": OUTSIDE, "scheme": "nq_128_qd_218", "level": 4, "effective_from": NOW, "note": "chỉ xã này biết",
    });
    let reply = health.post("/api/v1/zones/decisions", &decision).await;
    assert_eq!(reply.status, 201, "{reply}");
    let counted = json!({ "unit": OUTSIDE, "day": "2021-11-20", "figures": { "f0_new": 7_654_321 } });
    let reply = health.post("/api/v1/tracing", &counted).await;
    assert_eq!(reply.status, 201, "{reply}");
}

/// Asks for an address as the route says, of a unit.
async fn ask(client: &Client, route: &Route, unit: &str) -> Reply {
    let request = client.request(route.method.parse::<Method>().unwrap(), &route.address_for(unit));
    let request = request.header("sec-fetch-site", "same-origin");
    Reply::to(match route.body_for(unit) {
        Some((kind, body)) => request.header("content-type", kind).body(body),
        None => request,
    })
    .await
}

fn assert_says_nothing_of_outside(what: &str, reply: &Reply) {
    for words in ITS_WORDS {
        assert!(!reply.body.contains(words), "{what} says “{words}”: {reply}");
    }
}

async fn nobody_is_shown_a_unit_outside_the_own_subtree(app: &TestApp) {
    fill_outside(app).await;
    for (unit, _) in INSIDE {
        for role in Role::ALL {
            let client = app.account(*role, unit).await;
            for route in ROUTES.iter().filter(|route| route.who == Who::SignedIn) {
                let what = format!("{role} of {unit}: {} {}", route.method, route.path);
                let of_outside = ask(&client, route, OUTSIDE).await;
                if route.names_unit() {
                    assert!([403, 404, 422].contains(&of_outside.status), "{what}: {of_outside}");
                }
                assert_says_nothing_of_outside(&what, &of_outside);
                let of_its_body = ask(&client, route, ITS_BODY).await;
                assert_says_nothing_of_outside(&what, &of_its_body);
                assert!(!route.names_unit() || of_its_body.status >= 400, "{what}: {of_its_body}");
                // Nor by leaving the unit out.
                assert_says_nothing_of_outside(&what, &ask(&client, route, "").await);
            }
        }
    }
    assert_eq!(app.database.peek("SELECT count(*) FROM report"), "1");
    assert_eq!(app.database.peek("SELECT count(*) FROM tracing_record WHERE f0_new = 7654321"), "1");
    assert_eq!(app.database.peek("SELECT count(*) FROM zone_decision WHERE note = 'chỉ xã này biết'"), "1");
}

async fn the_check_of_what_is_shown_notices_it(app: &TestApp) {
    fill_outside(app).await;
    let committee = app.account(Role::Committee, "893").await;
    let mut says_it = 0;
    for route in ROUTES.iter().filter(|route| route.who == Who::SignedIn && route.method == "GET") {
        let reply = ask(&committee, route, OUTSIDE).await;
        says_it += usize::from(ITS_WORDS.iter().any(|words| reply.body.contains(words)));
    }
    assert!(says_it > 15, "the district's committee sees the commune at only {says_it} addresses");
}

async fn who_is_not_signed_in_is_sent_away_from_every_address(app: &TestApp) {
    fill_outside(app).await;
    let stranger = app.stranger();
    for route in ROUTES.iter().filter(|route| route.who == Who::SignedIn) {
        let reply = ask(&stranger, route, OUTSIDE).await;
        let what = format!("{} {}", route.method, route.path);
        if route.is_for_programs() {
            assert_eq!(
                (reply.status, reply.content_type.as_str()),
                (401, "application/problem+json"),
                "{what}: {reply}"
            );
            assert_eq!(reply.header("www-authenticate"), "Bearer", "{what}");
        } else {
            assert_eq!(reply.status, 307, "{what}: {reply}");
            let renewal = reply.header("location").to_owned();
            assert!(renewal.starts_with("/phien?tiep="), "{what}: {renewal}");
            let reply = Reply::to(stranger.request(Method::GET, &renewal)).await;
            assert_eq!(reply.status, 303, "{what}: {reply}");
            assert!(reply.header("location").starts_with("/dang-nhap"), "{what}: {}", reply.header("location"));
        }
        assert_says_nothing_of_outside(&what, &reply);
    }
}

async fn every_answer_carries_the_security_headers(app: &TestApp) {
    let client = app.account(Role::Committee, "893").await;
    for route in ROUTES {
        let reply = ask(&client, route, "893").await;
        for (header, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(reply.header(header), value, "{} {}: {header}", route.method, route.path);
        }
        let policy = reply.header("content-security-policy");
        for part in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"] {
            assert!(policy.contains(part), "{} {}: {policy}", route.method, route.path);
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(!reply.header("cache-control").is_empty(), "{} {}", route.method, route.path);
        // Without TLS a promise to use only TLS would lock people out.
        assert_eq!(reply.header("strict-transport-security"), "");
    }
}

async fn a_method_that_an_address_does_not_take_is_refused(app: &TestApp) {
    let client = app.account(Role::Committee, "893").await;
    for route in ROUTES.iter().filter(|route| route.path.starts_with("/api/v1/")) {
        let reply = Reply::to(client.request(Method::PUT, &route.address_for("893"))).await;
        assert_eq!((reply.status, &reply.json()["code"]), (405, &json!("method")), "{}: {reply}", route.path);
    }
    let reply = client.get("/api/v1/nowhere").await;
    assert_eq!((reply.status, reply.content_type.as_str()), (404, "application/problem+json"), "{reply}");
}

async fn a_page_that_refuses_keeps_the_menu_of_who_is_signed_in(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "30634").await;
    for (address, status) in [("/khong-co", 404), ("/xa/khong-co", 404), ("/don-doc", 403)] {
        let reply = client.get(address).await;
        assert_eq!(reply.status, status, "{address}: {reply}");
        assert!(reply.body.contains(r#"href="/nhap-lieu""#), "{address}: {reply}");
        let stranger = app.stranger().get(address).await;
        assert!(!stranger.body.contains(r#"href="/nhap-lieu""#), "{address}: {stranger}");
    }
}

app_tests!(
    nobody_is_shown_a_unit_outside_the_own_subtree,
    the_check_of_what_is_shown_notices_it,
    who_is_not_signed_in_is_sent_away_from_every_address,
    every_answer_carries_the_security_headers,
    a_method_that_an_address_does_not_take_is_refused,
    a_page_that_refuses_keeps_the_menu_of_who_is_signed_in,
);
