//! Recording decisions: many places in one act, the same twice, two people at once, places that are not one's own.

use serde_json::{Value, json};
use vungxanh::domain::actor::Role;

use super::{DISTRICT, ELSEWHERE, GREEN, RED, YELLOW, board, decide, decision, faults, level, of_unit, records};
use crate::harness::{Client, NOW, Reply, TestApp, app_tests};

async fn post(client: &Client, decision: &Value) -> Reply {
    client.post("/api/v1/zones/decisions", decision).await
}

async fn check(client: &Client, decision: &Value) -> Value {
    let reply = client.post("/api/v1/zones/decisions/check", decision).await;
    assert_eq!(reply.status, 200, "{reply}");
    reply.json()["places"].clone()
}

async fn one_decision_on_many_places_is_checked_first_and_takes_effect_on_each(app: &TestApp) {
    let client = app.account(Role::HealthStaff, DISTRICT).await;
    let given = decision(&[(RED, 3), (YELLOW, 1), (GREEN, 1)], NOW);
    let before = records(app);
    let places = check(&client, &given).await;
    let levels = |unit| ["before", "after"].map(|which| of_unit(&places, unit)[which]["level"].clone());
    assert_eq!([levels(RED), levels(YELLOW), levels(GREEN)], [[4, 3], [2, 1], [1, 1]].map(|l| l.map(|l| json!(l))));
    assert_eq!(records(app), before, "a check records nothing");
    let ids = decide(&client, &given).await;
    assert_eq!(ids.len(), 3);
    let board = board(&client, DISTRICT, None).await;
    for (unit, level) in [(RED, 3), (YELLOW, 1), (GREEN, 1)] {
        let state = of_unit(&board["rows"], unit)["state"].clone();
        let said = [&state["level"], &state["decision_number"], &state["is_official"]];
        assert_eq!(said, [&json!(level), &json!("15/QĐ-UBND"), &json!(true)], "{unit}");
    }
    // One event on the district that names every place, sealed with the others.
    let event = app.database.peek("SELECT detail FROM audit_event WHERE action = 'zone.decided'");
    let event: Value = serde_json::from_str(&event).unwrap();
    let told: Vec<[&Value; 3]> =
        event["places"].as_array().unwrap().iter().map(|p| [&p["unit"], &p["level_before"], &p["level"]]).collect();
    let expected = [(RED, 4, 3), (YELLOW, 2, 1), (GREEN, 1, 1)].map(|(u, b, l)| [json!(u), json!(b), json!(l)]);
    assert_eq!(told, expected.each_ref().map(<[Value; 3]>::each_ref));
    let on = app
        .database
        .peek("SELECT u.code FROM audit_event a JOIN unit u ON u.id = a.unit_id WHERE a.action = 'zone.decided'");
    assert_eq!(on, DISTRICT);
}

async fn the_same_decision_twice_changes_nothing(app: &TestApp) {
    let client = app.account(Role::HealthStaff, DISTRICT).await;
    let given = decision(&[(RED, 3), (YELLOW, 1)], NOW);
    decide(&client, &given).await;
    let after = records(app);
    let again = post(&client, &given).await;
    assert_eq!(again.status, 200, "{again}");
    assert_eq!(again.json(), json!({ "decision": null, "decisions": [], "unchanged": 2 }));
    assert_eq!(records(app), after);
    assert!(check(&client, &given).await.as_array().unwrap().iter().all(|place| place["is_known"] == true));
    // With a place that is new, only that one is recorded.
    let more = post(&client, &decision(&[(RED, 3), (YELLOW, 1), (GREEN, 2)], NOW)).await;
    assert_eq!((more.status, &more.json()["unchanged"]), (201, &json!(2)), "{more}");
    assert_eq!(more.json()["decisions"], json!([more.json()["decision"]]));
    // Once more after it was taken back, it is new again.
    let id = more.json()["decision"].as_i64().unwrap();
    assert_eq!(super::withdraw(&client, id, "").await.status, 201);
    assert_eq!(decide(&client, &decision(&[(GREEN, 2)], NOW)).await.len(), 1);
    assert_eq!(level(&client, GREEN).await, 2);
}

async fn who_has_not_seen_the_last_record_is_asked_and_nothing_is_recorded(app: &TestApp) {
    let client = app.account(Role::HealthStaff, DISTRICT).await;
    let colleague = app.account(Role::HealthStaff, DISTRICT).await;
    let mut given = decision(&[(RED, 3), (YELLOW, 1)], NOW);
    let seen = check(&client, &given).await;
    for (place, seen) in given["places"].as_array_mut().unwrap().iter_mut().zip(seen.as_array().unwrap()) {
        place["seen"] = seen["seen"].clone();
    }
    // On one of the two somebody else decides meanwhile, if only a proposal.
    let mut theirs = decision(&[(YELLOW, 4)], NOW);
    theirs["decision_number"] = json!("");
    decide(&colleague, &theirs).await;
    let before = records(app);
    let clash = post(&client, &given).await;
    assert_eq!((clash.status, &clash.json()["code"]), (409, &json!("zones_clash")), "{clash}");
    assert!(clash.json()["detail"].as_str().unwrap().contains("Kiến An"), "{clash}");
    assert_eq!((records(app), level(&client, RED).await), (before, json!(4)));
    // Having seen it, they choose.
    let seen = check(&client, &given).await[1]["seen"].clone();
    given["places"][1]["seen"] = seen;
    assert_eq!(decide(&client, &given).await.len(), 2);
    assert_eq!((level(&client, RED).await, level(&client, YELLOW).await), (json!(3), json!(1)));
}

async fn of_two_people_who_decide_at_once_the_second_sees_the_first(app: &TestApp) {
    let client = app.account(Role::HealthStaff, DISTRICT).await;
    let colleague = app.account(Role::HealthStaff, DISTRICT).await;
    let seen = check(&client, &decision(&[(RED, 3)], NOW)).await[0]["seen"].clone();
    let given = |level| {
        let mut given = decision(&[(RED, level)], NOW);
        given["places"][0]["seen"] = seen.clone();
        given
    };
    let (mine, theirs) = (given(3), given(2));
    let (mine, theirs) = tokio::join!(post(&client, &mine), post(&colleague, &theirs));
    let mut statuses = [mine.status, theirs.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409], "{mine}\n{theirs}");
    let first = if mine.status == 201 { 3 } else { 2 };
    assert_eq!(level(&client, RED).await, first);
}

async fn nobody_decides_outside_the_own_subtree_and_nothing_is_half_written(app: &TestApp) {
    let client = app.account(Role::HealthStaff, DISTRICT).await;
    let before = records(app);
    for places in [&[(ELSEWHERE, 1)][..], &[(RED, 3), (ELSEWHERE, 1)], &[(RED, 3), ("94", 1), (GREEN, 2)]] {
        let given = decision(places, NOW);
        for path in ["/api/v1/zones/decisions", "/api/v1/zones/decisions/check"] {
            let reply = client.post(path, &given).await;
            assert_eq!((reply.status, &reply.json()["code"]), (403, &json!("not_allowed")), "{places:?}: {reply}");
        }
    }
    let unknown = post(&client, &decision(&[(RED, 3), ("99999", 1)], NOW)).await;
    assert_eq!(faults(&unknown), [["unit", "unknown"]]);
    let of_their_own = decision(&[(RED, 3)], NOW);
    for role in Role::ALL.iter().filter(|role| **role != Role::HealthStaff) {
        let other = app.account(*role, DISTRICT).await;
        assert_eq!(post(&other, &of_their_own).await.status, 403, "{role}");
    }
    assert_eq!(records(app)[0], before[0]);
    // Nor do they take back what others recorded.
    let id = decide(&client, &of_their_own).await[0];
    let neighbour = app.account(Role::HealthStaff, "94").await;
    assert_eq!(super::withdraw(&neighbour, id, "không phải của mình").await.status, 403);
    assert_eq!(super::withdraw(&client, 999_999, "không có").await.status, 404);
    assert_eq!(level(&client, RED).await, 3);
}

async fn what_cannot_be_decided_is_refused_with_its_field(app: &TestApp) {
    let client = app.account(Role::HealthStaff, DISTRICT).await;
    let before = records(app);
    let with = |field: &str, value: Value| {
        let mut given = decision(&[(RED, 3)], NOW);
        given[field] = value;
        given
    };
    for (given, field, rule) in [
        (decision(&[], NOW), "unit", "required"),
        (decision(&[(RED, 0)], NOW), "level", "unknown"),
        (decision(&[(RED, 5)], NOW), "level", "unknown"),
        (decision(&[(RED, 1), (RED, 2)], NOW), "unit", "cohort_twice"),
        (decision(&[("CM-P-YTE", 1)], NOW), "unit", "unknown"),
        (with("scheme", json!("qd_1")), "scheme", "unknown"),
        (with("decision_issuer", json!(" ")), "decision_issuer", "required"),
        (with("effective_from", json!("2019-12-31T23:59:59+07:00")), "effective_from", "out_of_range"),
        (with("effective_from", json!("2022-11-23T00:00:00+07:00")), "effective_from", "out_of_range"),
        (with("effective_from", json!("+262142-12-31T23:59:59Z")), "effective_from", "out_of_range"),
        (with("effective_from", json!("-262143-01-01T00:00:00Z")), "effective_from", "out_of_range"),
        (with("note", json!("a".repeat(501))), "note", "too_long"),
        (with("corrects", json!(999_999)), "reason", "reason_needed"),
    ] {
        let reply = post(&client, &given).await;
        assert_eq!(faults(&reply), [[field, rule]], "{given}");
    }
    assert_eq!(records(app), before);
}

async fn a_decision_takes_effect_at_any_minute_from_2020_on(app: &TestApp) {
    let client = app.account(Role::HealthStaff, DISTRICT).await;
    decide(&client, &decision(&[(RED, 2)], "2020-01-01T00:00:00+07:00")).await;
    for (at, expected) in [("2019-12-31T23:59:59+07:00", Value::Null), ("2020-01-01T00:00:00+07:00", json!(2))] {
        let then = board(&client, DISTRICT, Some(at)).await;
        assert_eq!(of_unit(&then["rows"], RED)["state"]["level"], expected, "{at}");
    }
    // Seconds are cut off: a decision speaks of a minute.
    decide(&client, &decision(&[(RED, 3)], "2021-11-20T08:30:59+07:00")).await;
    let then = board(&client, DISTRICT, Some("2021-11-20T08:30:00+07:00")).await;
    assert_eq!(of_unit(&then["rows"], RED)["state"]["level"], 3);
}

app_tests!(
    one_decision_on_many_places_is_checked_first_and_takes_effect_on_each,
    the_same_decision_twice_changes_nothing,
    who_has_not_seen_the_last_record_is_asked_and_nothing_is_recorded,
    of_two_people_who_decide_at_once_the_second_sees_the_first,
    nobody_decides_outside_the_own_subtree_and_nothing_is_half_written,
    what_cannot_be_decided_is_refused_with_its_field,
    a_decision_takes_effect_at_any_minute_from_2020_on,
);
