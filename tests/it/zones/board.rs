//! What the board shows: what is in force, proposed, coming and changed.

use chrono::Duration;
use serde_json::{Value, json};
use vungxanh::domain::actor::Role;

use super::{DISTRICT, GREEN, RED, YELLOW, board, decide, decision, level, of_unit};
use crate::harness::{NOW, TestApp, app_tests};

const LATER: &str = "2021-11-22T12:00:00+07:00";

/// How many communes a list speaks of; the district's own seeded zones change too.
fn communes(list: &Value) -> usize {
    list.as_array().unwrap().iter().filter(|one| one["unit"]["kind"] == "commune").count()
}

async fn a_proposal_is_shown_and_never_counts(app: &TestApp) {
    let client = app.account(Role::HealthStaff, DISTRICT).await;
    let before = board(&client, DISTRICT, None).await;
    let mut proposal = decision(&[(GREEN, 4)], NOW);
    proposal["decision_number"] = json!(" ");
    let checked = client.post("/api/v1/zones/decisions/check", &proposal).await.json();
    assert_eq!(checked["is_official"], false);
    decide(&client, &proposal).await;
    let after = board(&client, DISTRICT, None).await;
    for unmoved in ["summary", "rows", "changes", "coming"] {
        assert_eq!(after[unmoved], before[unmoved], "{unmoved}");
    }
    assert_eq!(before["proposals"], json!([]));
    assert_eq!(of_unit(&after["proposals"], GREEN)["state"]["level"], 4, "{after:#}");
    // Deciding on it, whatever it says, takes it off the list.
    decide(&client, &decision(&[(GREEN, 2)], NOW)).await;
    let decided = board(&client, DISTRICT, None).await;
    assert_eq!((&decided["proposals"], level(&client, GREEN).await), (&json!([]), json!(2)));
}

async fn what_takes_effect_later_is_shown_as_coming_and_is_not_in_force_before(app: &TestApp) {
    let client = app.account(Role::HealthStaff, DISTRICT).await;
    decide(&client, &decision(&[(GREEN, 3)], LATER)).await;
    let now = board(&client, DISTRICT, None).await;
    let coming = of_unit(&now["coming"], GREEN);
    assert_eq!(
        [&coming["alert"], &coming["from"]["level"], &coming["to"]["level"]],
        [&json!("coming"), &json!(1), &json!(3)]
    );
    assert_eq!((of_unit(&now["changes"], GREEN), level(&client, GREEN).await), (Value::Null, json!(1)));
    let alerts = client.get("/api/v1/overview?unit=893").await.json()["zones"]["alerts"].clone();
    assert_eq!(of_unit(&alerts, GREEN)["alert"], "coming", "{alerts:#}");
    // The minute before, and the minute.
    for (at, expected) in [("2021-11-22T11:59:59+07:00", 1), (LATER, 3)] {
        let then = board(&client, DISTRICT, Some(at)).await;
        assert_eq!(of_unit(&then["rows"], GREEN)["state"]["level"], expected, "{at}");
    }
    app.advance(Duration::days(3));
    let client = app.account(Role::HealthStaff, DISTRICT).await;
    let then = board(&client, DISTRICT, None).await;
    assert_eq!((of_unit(&then["coming"], GREEN), level(&client, GREEN).await), (Value::Null, json!(3)));
    assert_eq!(of_unit(&then["changes"], GREEN)["alert"], "left_green");
}

async fn leaving_green_and_worsening_are_alerts_and_getting_better_is_not(app: &TestApp) {
    let client = app.account(Role::HealthStaff, DISTRICT).await;
    let before = board(&client, DISTRICT, None).await;
    assert_eq!((communes(&before["changes"]), &before["summary"]["changed_this_week"]), (0, &json!(0)));
    // One more decides the same level again: no change at all.
    let places = [(GREEN, 2), (YELLOW, 3), (RED, 3), ("30640", 2)];
    decide(&client, &decision(&places, "2021-11-19T18:00:00+07:00")).await;
    let board = board(&client, DISTRICT, None).await;
    let alert = |unit| of_unit(&board["changes"], unit)["alert"].clone();
    assert_eq!([alert(GREEN), alert(YELLOW), alert(RED)], [json!("left_green"), json!("worsened"), Value::Null]);
    assert_eq!(communes(&board["changes"]), 3, "{board:#}");
    assert_eq!(board["summary"]["changed_this_week"], 3);
    let overview = client.get("/api/v1/overview?unit=893").await.json();
    let alerts = &overview["zones"]["alerts"];
    assert_eq!(communes(alerts), 2, "{alerts:#}");
    assert_eq!(of_unit(alerts, GREEN)["alert"], "left_green");
    // A week later it is no news.
    app.advance(Duration::days(7));
    let client = app.account(Role::HealthStaff, DISTRICT).await;
    assert_eq!(communes(&super::board(&client, DISTRICT, None).await["changes"]), 0);
}

async fn levels_of_two_schemes_are_not_compared(app: &TestApp) {
    let client = app.account(Role::HealthStaff, DISTRICT).await;
    let mut other = decision(&[(GREEN, 3)], "2021-11-19T18:00:00+07:00");
    other["scheme"] = json!("nq_128_qd_218");
    decide(&client, &other).await;
    let board = board(&client, DISTRICT, None).await;
    let change = of_unit(&board["changes"], GREEN);
    assert_eq!((&change["to"]["level"], &change["alert"]), (&json!(3), &Value::Null), "{change:#}");
}

async fn before_its_first_decision_a_place_is_unclassified(app: &TestApp) {
    let client = app.account(Role::Committee, DISTRICT).await;
    let before = board(&client, DISTRICT, Some("2021-10-26T23:59:59+07:00")).await;
    assert_eq!(before["summary"]["unclassified"], 18, "{:#}", before["summary"]);
    assert!(before["rows"].as_array().unwrap().iter().all(|row| row["state"].is_null()));
    let after = board(&client, DISTRICT, Some("2021-10-27T00:00:00+07:00")).await;
    let counts = json!({ "green": 7, "yellow": 6, "orange": 1, "red": 4 });
    assert_eq!((&after["summary"]["counts"], &after["summary"]["unclassified"]), (&counts, &json!(0)));
    // The district's own zone is recorded, not computed from these.
    assert_eq!((&before["own"], &after["own"]["colour"]), (&Value::Null, &json!("orange")));
}

async fn any_moment_that_can_be_written_has_an_answer(app: &TestApp) {
    let client = app.account(Role::Committee, DISTRICT).await;
    for at in ["-262143-01-01T00:00:00Z", "%2B262142-12-31T23:59:59Z", "0001-01-01T00:00:00%2B14:00"] {
        let reply = client.get(&format!("/api/v1/zones?unit=893&at={at}")).await;
        assert!([200, 400, 422].contains(&reply.status), "{at}: {reply}");
    }
    for days in [
        "starts_on=-262143-01-01&ends_on=-262143-01-02",
        "starts_on=%2B262142-12-30&ends_on=%2B262142-12-31",
        "starts_on=2021-11-20&ends_on=2021-11-19",
        "starts_on=2021-01-01&ends_on=2025-01-01",
        "starts_on=-262143-01-01&ends_on=%2B262142-12-31",
    ] {
        for view in ["course", "drive"] {
            let reply = client.get(&format!("/api/v1/zones/{view}?unit=893&{days}")).await;
            assert!([400, 422].contains(&reply.status), "{view} {days}: {reply}");
        }
    }
}

app_tests!(
    a_proposal_is_shown_and_never_counts,
    what_takes_effect_later_is_shown_as_coming_and_is_not_in_force_before,
    leaving_green_and_worsening_are_alerts_and_getting_better_is_not,
    levels_of_two_schemes_are_not_compared,
    before_its_first_decision_a_place_is_unclassified,
    any_moment_that_can_be_written_has_an_answer,
);
