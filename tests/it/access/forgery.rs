//! A page of another site cannot make a browser do anything here.

use reqwest::Method;
use serde_json::json;
use vungxanh::domain::actor::Role;

use crate::harness::{NOW, Reply, TestApp, app_tests};

const FOREIGN: &str = "https://example.org";

/// The headers a sender adds, and whether the request is let through. `cookie` stands for a browser that is signed in.
fn matrix(own: &str) -> Vec<(Vec<(&'static str, String)>, bool)> {
    let of =
        |headers: &[(&'static str, &str)]| headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    vec![
        (of(&[("cookie", "at"), ("sec-fetch-site", "same-origin"), ("origin", own)]), true),
        (of(&[("cookie", "at"), ("sec-fetch-site", "none")]), true),
        (of(&[("cookie", "at"), ("origin", own)]), true),
        (of(&[("cookie", "at"), ("sec-fetch-site", "cross-site"), ("origin", FOREIGN)]), false),
        (of(&[("cookie", "at"), ("sec-fetch-site", "same-site")]), false),
        // What the browser says of itself counts, not what else is claimed.
        (of(&[("cookie", "at"), ("sec-fetch-site", "cross-site"), ("origin", own)]), false),
        (of(&[("cookie", "at"), ("origin", FOREIGN)]), false),
        (of(&[("cookie", "at"), ("origin", "null")]), false),
        (of(&[("cookie", "at"), ("origin", "http://127.0.0.1.example.org")]), false),
        (of(&[("cookie", "at")]), false),
        // Programs send neither cookie nor origin.
        (of(&[("authorization", "Bearer")]), true),
        (of(&[]), true),
    ]
}

async fn what_another_site_makes_a_browser_send_is_refused(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "CM-P-YTE").await;
    let token = client.token.clone().unwrap();
    let report = json!({ "unit": "CM-P-YTE", "as_of": NOW, "figures": { "relatives": { "relatives_helped": 7 } } });
    for (headers, is_let_through) in matrix(&app.address) {
        let mut request = client.http.post(format!("{}/api/v1/reports", app.address)).json(&report);
        for (name, value) in &headers {
            request = match *name {
                "cookie" => request.header("cookie", format!("at={token}")),
                "authorization" => request.bearer_auth(&token),
                name => request.header(name, value),
            };
        }
        let reply = Reply::to(request).await;
        let is_signed_in = headers.iter().any(|(name, _)| ["cookie", "authorization"].contains(name));
        let expected = match (is_let_through, is_signed_in) {
            (false, _) => 403,
            (true, true) => 201,
            (true, false) => 401,
        };
        assert_eq!(reply.status, expected, "{headers:?}: {reply}");
        assert_eq!(is_let_through, reply.json()["code"] != "forgery", "{headers:?}: {reply}");
    }
}

async fn forms_of_other_sites_are_refused_too(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "CM-P-YTE").await;
    for (path, form) in [
        ("/dang-nhap", "ten=a&mat-khau=b"),
        ("/dang-xuat", ""),
        ("/nhap-lieu", "don-vi=CM-P-YTE"),
        ("/vung/ghi-nhan", "don-vi=30634"),
        ("/phien", ""),
    ] {
        let request = client
            .request(Method::POST, path)
            .header("sec-fetch-site", "cross-site")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        let reply = Reply::to(request).await;
        assert_eq!(reply.status, 403, "{path}: {reply}");
        assert_eq!(reply.headers.get_all("set-cookie").iter().count(), 0, "{path}: {reply}");
    }
    assert_eq!(client.get("/api/v1/session").await.status, 200, "the sign-in did not end");
}

async fn a_link_from_another_site_may_be_followed(app: &TestApp) {
    let request = app.stranger().request(Method::GET, "/dang-nhap").header("sec-fetch-site", "cross-site");
    assert_eq!(Reply::to(request).await.status, 200);
}

app_tests!(
    what_another_site_makes_a_browser_send_is_refused,
    forms_of_other_sites_are_refused_too,
    a_link_from_another_site_may_be_followed,
);
