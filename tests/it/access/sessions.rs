//! Sign-ins: how they begin, are renewed and end.

use chrono::Duration;
use serde_json::json;
use vungxanh::{
    domain::actor::Role,
    usecases::{
        UseCaseError,
        manage_accounts::{change_password, disable_account},
    },
};

use crate::harness::{Client, PASSWORD, Reply, TestApp, app_tests};

async fn refresh(client: &Client, token: &str) -> Reply {
    client.post("/api/v1/session/refresh", &json!({ "refresh_token": token })).await
}

async fn a_closed_account_stops_at_once(app: &TestApp) {
    let client = app.account(Role::Committee, "893").await;
    assert_eq!(client.get("/api/v1/overview").await.status, 200);
    let (username, now) = (client.username.clone(), app.state.clock.now());
    let closed: Result<(), UseCaseError> = app.store.write(move |conn| disable_account(conn, &username, now)).await;
    closed.unwrap();
    assert_eq!(client.get("/api/v1/overview").await.status, 401);
    assert_eq!(client.get("/tong-quan").await.status, 307);
    assert_eq!(refresh(&client, client.refresh.as_ref().unwrap()).await.status, 401);
    assert_eq!(app.stranger().sign_in(&client.username, PASSWORD).await.status, 401);
}

async fn a_new_password_ends_every_sign_in_of_before(app: &TestApp) {
    let client = app.account(Role::Committee, "893").await;
    let (username, now) = (client.username.clone(), app.state.clock.now());
    let changed: Result<(), UseCaseError> =
        app.store.write(move |conn| change_password(conn, &username, "!", now)).await;
    changed.unwrap();
    assert_eq!(client.get("/api/v1/overview").await.status, 401);
    let reply = refresh(&client, client.refresh.as_ref().unwrap()).await;
    assert_eq!(reply.status, 401, "a refresh token of before the change: {reply}");
}

async fn signing_out_ends_every_token_of_the_sign_in_and_no_other(app: &TestApp) {
    let client = app.account(Role::Committee, "893").await;
    let mut elsewhere = app.stranger();
    assert_eq!(elsewhere.sign_in(&client.username, PASSWORD).await.status, 200);
    assert_eq!(client.delete("/api/v1/session").await.status, 204);
    assert_eq!(client.get("/api/v1/session").await.status, 401);
    assert_eq!(refresh(&client, client.refresh.as_ref().unwrap()).await.status, 401);
    assert_eq!(elsewhere.get("/api/v1/session").await.status, 200);
}

async fn a_token_runs_out_after_ten_minutes_and_is_renewed(app: &TestApp) {
    let mut client = app.account(Role::Committee, "893").await;
    app.advance(Duration::minutes(9));
    assert_eq!(client.get("/api/v1/session").await.status, 200);
    app.advance(Duration::minutes(1));
    assert_eq!(client.get("/api/v1/session").await.status, 401);
    let renewed = refresh(&client, client.refresh.as_ref().unwrap()).await;
    assert_eq!(renewed.status, 200, "{renewed}");
    client.keep_tokens(&renewed);
    assert_eq!(client.get("/api/v1/session").await.status, 200);
    app.advance(Duration::days(31));
    assert_eq!(refresh(&client, client.refresh.as_ref().unwrap()).await.status, 401);
}

async fn a_refresh_token_seen_again_within_30_seconds_has_the_same_successor(app: &TestApp) {
    let client = app.account(Role::Committee, "893").await;
    let first = client.refresh.clone().unwrap();
    let successor = refresh(&client, &first).await.json()["refresh_token"].clone();
    assert_ne!(successor, json!(first));
    app.advance(Duration::seconds(20));
    assert_eq!(refresh(&client, &first).await.json()["refresh_token"], successor);
    // Thirty seconds after the first use, not after the last.
    app.advance(Duration::seconds(11));
    assert_eq!(refresh(&client, &first).await.status, 401);
}

async fn a_refresh_token_used_again_later_ends_the_whole_sign_in(app: &TestApp) {
    let mut client = app.account(Role::Committee, "893").await;
    let stolen = client.refresh.clone().unwrap();
    client.keep_tokens(&refresh(&client, &stolen).await);
    app.advance(Duration::seconds(31));
    assert_eq!(client.get("/api/v1/session").await.status, 200);
    assert_eq!(refresh(&client, &stolen).await.status, 401);
    assert_eq!(client.get("/api/v1/session").await.status, 401, "the access token of the family");
    assert_eq!(refresh(&client, client.refresh.as_ref().unwrap()).await.status, 401, "its newest refresh token");
    let trail = "SELECT count(*) FROM audit_event WHERE action = 'session.reused_token'";
    assert_eq!(app.database.peek(trail), "1");
}

async fn a_token_that_was_changed_or_made_up_is_worth_nothing(app: &TestApp) {
    let mut client = app.account(Role::Committee, "893").await;
    let token = client.token.clone().unwrap();
    let [header, claims, signature]: [&str; 3] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    // {"alg":"none","typ":"JWT"}
    let unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
    for forged in [
        format!("{header}.{claims}."),
        format!("{unsigned}.{claims}."),
        format!("{unsigned}.{claims}.{signature}"),
        format!("{header}.{}A.{signature}", &claims[..claims.len() - 1]),
        "x".to_owned(),
    ] {
        client.token = Some(forged.clone());
        assert_eq!(client.get("/api/v1/session").await.status, 401, "{forged}");
    }
    assert_eq!(refresh(&client, "x").await.status, 401);
}

async fn a_wrong_name_and_a_wrong_password_are_answered_alike(app: &TestApp) {
    let username = app.add_account(Role::Committee, "893").await;
    let wrong_password = app.stranger().sign_in(&username, "không phải").await;
    let wrong_name = app.stranger().sign_in("không có ai", PASSWORD).await;
    assert_eq!((wrong_password.status, wrong_password.body), (401, wrong_name.body));
}

async fn who_tries_too_often_is_told_when_to_try_again(app: &TestApp) {
    let username = app.add_account(Role::Committee, "893").await;
    let other = app.add_account(Role::Committee, "893").await;
    for _ in 0..10 {
        assert_eq!(app.stranger().sign_in(&username, "không phải").await.status, 401);
    }
    let reply = app.stranger().sign_in(&username, PASSWORD).await;
    assert_eq!((reply.status, &reply.json()["code"]), (429, &json!("too_many")), "{reply}");
    let seconds: u64 = reply.header("retry-after").parse().unwrap();
    assert!((1..=31).contains(&seconds), "{seconds}");
    let form = app.stranger().http.post(format!("{}/dang-nhap", app.address));
    let page = Reply::to(form.form(&[("ten", username.as_str()), ("mat-khau", PASSWORD)])).await;
    assert_eq!(page.status, 429, "{page}");
    assert!(!page.header("retry-after").is_empty() && page.content_type.starts_with("text/html"), "{page}");
    assert_eq!(app.stranger().sign_in(&other, PASSWORD).await.status, 200, "somebody else may go on");
}

async fn signing_in_on_the_page_gives_cookies_only_the_server_reads(app: &TestApp) {
    let username = app.add_account(Role::Committee, "893").await;
    let form = app.stranger().http.post(format!("{}/dang-nhap", app.address));
    let request = form.form(&[("ten", username.as_str()), ("mat-khau", PASSWORD), ("tiep", "https://example.org/")]);
    let reply = Reply::to(request).await;
    assert_eq!(reply.status, 303, "{reply}");
    assert_eq!(reply.header("location"), "/", "an address of another site is not followed");
    let cookies: Vec<&str> = reply.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap()).collect();
    let [access, refresh] = cookies[..] else { panic!("{cookies:?}") };
    assert!(access.starts_with("at=") && access.contains("SameSite=Lax") && access.contains("Path=/;"), "{access}");
    assert!(refresh.contains("SameSite=Strict") && refresh.contains("Path=/phien"), "{refresh}");
    assert!(cookies.iter().all(|cookie| cookie.contains("HttpOnly")), "{cookies:?}");
}

app_tests!(
    a_closed_account_stops_at_once,
    a_new_password_ends_every_sign_in_of_before,
    signing_out_ends_every_token_of_the_sign_in_and_no_other,
    a_token_runs_out_after_ten_minutes_and_is_renewed,
    a_refresh_token_seen_again_within_30_seconds_has_the_same_successor,
    a_refresh_token_used_again_later_ends_the_whole_sign_in,
    a_token_that_was_changed_or_made_up_is_worth_nothing,
    a_wrong_name_and_a_wrong_password_are_answered_alike,
    who_tries_too_often_is_told_when_to_try_again,
    signing_in_on_the_page_gives_cookies_only_the_server_reads,
);
