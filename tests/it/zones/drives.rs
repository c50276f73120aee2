//! The drive of plan 127 on what is known of Sóc Trăng, and the marks of people on its shortlist.

use serde_json::{Value, json};
use vungxanh::domain::actor::Role;

use super::{DISTRICT, decide, decision, faults, of_unit};
use crate::harness::{Client, Reply, TestApp, app_tests};

const PROVINCE: &str = "94";
/// Communes of the province: green, yellow, orange and red in decision 89 of 15 August, and one it is not known of.
const KEPT: &str = "31528";
const YELLOW: &str = "31531";
const ORANGE: &str = "31534";
const RED: &str = "31569";
const UNKNOWN: &str = "31639";

async fn judged(client: &Client, query: &str) -> Value {
    let reply = client.get(&format!("/api/v1/zones/drive?unit=94&{query}")).await;
    assert_eq!(reply.status, 200, "{reply}");
    reply.json()
}

const PLAN: &str = "starts_on=2021-08-16&ends_on=2021-08-25";

/// A decision under the scheme of the summer of 2021.
fn of_2686(places: &[(&str, i32)], effective_from: &str) -> Value {
    let mut given = decision(places, effective_from);
    given["scheme"] = json!("qd_2686");
    given
}

fn outcomes(drive: &Value) -> Value {
    let mut outcomes = drive["outcomes"].clone();
    outcomes.as_object_mut().unwrap().retain(|_, count| *count != 0);
    outcomes
}

async fn of_109_communes_30_are_known_and_the_others_are_not_eligible(app: &TestApp) {
    let client = app.account(Role::Committee, PROVINCE).await;
    let drive = judged(&client, PLAN).await;
    let known = json!({ "green": 13, "yellow": 9, "orange": 5, "red": 3 });
    for tally in ["baseline", "last"] {
        let tally = &drive[tally];
        assert_eq!([&tally["total"], &tally["unclassified"], &tally["counts"]], [&json!(109), &json!(79), &known]);
        // The share is of every commune, known or not.
        assert_eq!(tally["shares"]["green"], json!({ "counted": 13, "base": 109 }));
    }
    assert_eq!(outcomes(&drive), json!({ "kept_green": 13, "unchanged": 17, "unclassified": 79 }));
    assert_eq!((&drive["green"], &drive["red"]), (&json!({ "places": 0, "tenths": 0 }), &drive["green"]));
    // Beside what is computed stands what was published.
    let [published] = &drive["published"].as_array().unwrap()[..] else { panic!("{:#}", drive["published"]) };
    assert_eq!(published["counts"], json!({ "green": 45, "yellow": 28, "orange": 27, "red": 9 }));
    assert_eq!((&published["total"], &published["scheme"]), (&json!(109), &json!("qd_2686")));
    let places = drive["places"].as_array().unwrap();
    assert_eq!(places.len(), 109);
    assert!(places.iter().all(|place| place["is_shortlisted"] == json!(place["outcome"] == "kept_green")));
    let kept = of_unit(&drive["places"], KEPT);
    assert_eq!(
        [&kept["days_green"], &kept["days"], &kept["path"][0]["mark"]["level"]],
        [10, 10, 1].map(|n| json!(n)).each_ref()
    );
    assert_eq!(kept["evidence"][0]["decision_number"], "89/QĐ-BCĐUBND");
    let unknown = of_unit(&drive["places"], UNKNOWN);
    assert_eq!((&unknown["outcome"], &unknown["evidence"]), (&json!("unclassified"), &json!([])), "{unknown:#}");
}

async fn decisions_inside_the_window_move_places(app: &TestApp) {
    let health = app.account(Role::HealthStaff, PROVINCE).await;
    // G-09, G-10 and G-11 on the real places.
    decide(&health, &of_2686(&[(KEPT, 2)], "2021-08-18T00:00:00+07:00")).await;
    decide(&health, &of_2686(&[(KEPT, 1)], "2021-08-22T00:00:00+07:00")).await;
    decide(&health, &of_2686(&[(RED, 3), (YELLOW, 1)], "2021-08-25T23:00:00+07:00")).await;
    decide(&health, &of_2686(&[(ORANGE, 1)], "2021-08-26T00:00:00+07:00")).await;
    decide(&health, &of_2686(&[(UNKNOWN, 1)], "2021-08-16T00:01:00+07:00")).await;
    let drive = judged(&health, PLAN).await;
    let outcome = |unit| of_unit(&drive["places"], unit)["outcome"].clone();
    let came_out = [KEPT, RED, YELLOW, ORANGE, UNKNOWN].map(outcome);
    assert_eq!(came_out, ["dipped", "improved", "improved", "unchanged", "unclassified"].map(|code| json!(code)));
    let expected = json!({ "kept_green": 12, "dipped": 1, "improved": 2, "unchanged": 15, "unclassified": 79 });
    assert_eq!(outcomes(&drive), expected);
    // One green more among the 30 places that can be judged, one red less: 3.3 percent, cut. The place that was not
    // classified at the start is no gain.
    assert_eq!(drive["green"], json!({ "places": 1, "tenths": 33 }));
    assert_eq!(drive["red"], json!({ "places": -1, "tenths": -33 }));
    let dipped = of_unit(&drive["places"], KEPT);
    let path: Vec<&Value> = dipped["path"].as_array().unwrap().iter().map(|s| &s["mark"]["colour"]).collect();
    assert_eq!(path, ["green", "yellow", "green"]);
    assert_eq!(dipped["days_green"], 6);
    // What stands behind a place of the shortlist: the decision before and the one that moved it.
    assert_eq!(of_unit(&drive["places"], RED)["evidence"].as_array().unwrap().len(), 2);
}

async fn a_change_of_scheme_inside_the_window_is_not_compared(app: &TestApp) {
    let health = app.account(Role::HealthStaff, PROVINCE).await;
    decide(&health, &decision(&[(RED, 1)], "2021-08-20T07:00:00+07:00")).await;
    let drive = judged(&health, PLAN).await;
    let changed = of_unit(&drive["places"], RED);
    assert_eq!((&changed["outcome"], &changed["is_shortlisted"]), (&json!("scheme_changed"), &json!(false)));
    assert_eq!(outcomes(&drive)["scheme_changed"], 1);
    let course = course_of(&health, "starts_on=2021-08-16&ends_on=2021-08-25").await;
    let [change] = &course["scheme_changes"].as_array().unwrap()[..] else { panic!("{course:#}") };
    assert_eq!((&change["scheme"], &change["at"]), (&json!("nq_128_qd_4800"), &json!("2021-08-20T00:00:00Z")));
    // Before the window, or at its very start, it is not inside.
    let after = judged(&health, "starts_on=2021-08-21&ends_on=2021-08-25").await;
    assert_eq!(of_unit(&after["places"], RED)["outcome"], "kept_green");
}

async fn course_of(client: &Client, query: &str) -> Value {
    let reply = client.get(&format!("/api/v1/zones/course?unit=94&{query}")).await;
    assert_eq!(reply.status, 200, "{reply}");
    reply.json()
}

async fn the_course_counts_every_place_at_the_end_of_each_day(app: &TestApp) {
    let health = app.account(Role::HealthStaff, PROVINCE).await;
    decide(&health, &of_2686(&[(KEPT, 4)], "2021-08-18T23:00:00+07:00")).await;
    decide(&health, &of_2686(&[(KEPT, 1)], "2021-08-20T00:00:00+07:00")).await;
    let course = course_of(&health, "starts_on=2021-08-14&ends_on=2021-08-20").await;
    let columns = course["columns"].as_array().unwrap();
    let green: Vec<&Value> = columns.iter().map(|column| &column["counts"]["green"]).collect();
    // The 14th has no decision yet; the 18th ends red.
    assert_eq!(green, [0, 13, 13, 13, 12, 12, 13].map(|n| json!(n)).each_ref());
    for column in columns {
        let classified: i64 = column["counts"].as_object().unwrap().values().map(|n| n.as_i64().unwrap()).sum();
        assert_eq!(classified + column["unclassified"].as_i64().unwrap(), 109, "{column}");
    }
    let strip = of_unit(&course["strips"], KEPT);
    let colours: Vec<&Value> = strip["stretches"].as_array().unwrap().iter().map(|s| &s["mark"]["colour"]).collect();
    assert_eq!(colours, [&Value::Null, &json!("green"), &json!("red"), &json!("green")], "{strip:#}");
    assert_eq!(course["strips"].as_array().unwrap().len(), 109);
    // Two years are counted every few days, the last day always.
    let long = course_of(&health, "starts_on=2020-01-01&ends_on=2021-12-31").await;
    let columns = long["columns"].as_array().unwrap();
    assert!((60..=120).contains(&columns.len()) && columns.last().unwrap()["day"] == "2021-12-31", "{}", columns.len());
}

async fn districts_are_judged_like_communes_and_agree_with_what_was_published(app: &TestApp) {
    let client = app.account(Role::Committee, PROVINCE).await;
    let drive = judged(&client, "starts_on=2021-11-20&ends_on=2021-11-29&kind=district").await;
    assert_eq!(outcomes(&drive), json!({ "improved": 2, "worsened": 4, "unchanged": 5 }));
    // The last decision takes effect at the first hour of the last day.
    let published: Vec<&Value> = drive["published"].as_array().unwrap().iter().map(|total| &total["counts"]).collect();
    assert_eq!(published, [&drive["baseline"]["counts"], &drive["last"]["counts"]]);
    assert_eq!(drive["baseline"]["counts"], json!({ "green": 0, "yellow": 8, "orange": 3, "red": 0 }));
    assert_eq!(drive["green"], json!({ "places": 2, "tenths": 181 }));
    assert_eq!(drive["places"].as_array().unwrap().len(), 11);
}

async fn mark(client: &Client, unit: &str, state: &str, reason: &str) -> Reply {
    let body = json!({
        "unit": unit, "starts_on": "2021-08-16", "ends_on": "2021-08-25", "state": state, "reason": reason,
    });
    client.post("/api/v1/zones/drive/marks", &body).await
}

async fn a_nomination_is_proposed_appraised_and_awarded_by_people_with_reasons(app: &TestApp) {
    let health = app.account(Role::HealthStaff, PROVINCE).await;
    // Nothing is awarded by itself, nor out of turn.
    assert_eq!(of_unit(&judged(&health, PLAN).await["places"], KEPT)["marks"], json!([]));
    for state in ["appraised", "awarded", "declined"] {
        assert_eq!(faults(&mark(&health, KEPT, state, "vội").await), [["state", "unknown"]], "{state}");
    }
    assert_eq!(faults(&mark(&health, KEPT, "proposed", " ").await), [["reason", "required"]]);
    assert_eq!(faults(&mark(&health, KEPT, "proposed", &"a".repeat(501)).await), [["reason", "too_long"]]);
    assert_eq!(app.database.peek("SELECT count(*) FROM award_mark"), "0");
    for state in ["proposed", "declined", "proposed", "appraised", "awarded"] {
        let reply = mark(&health, KEPT, state, &format!("lý do {state}")).await;
        assert_eq!(reply.status, 201, "{state}: {reply}");
        assert_eq!(faults(&mark(&health, KEPT, state, "hai lần").await), [["state", "unknown"]], "{state} twice");
    }
    let marks = of_unit(&judged(&health, PLAN).await["places"], KEPT)["marks"].clone();
    let states: Vec<&Value> = marks.as_array().unwrap().iter().map(|mark| &mark["state"]).collect();
    assert_eq!(states, ["proposed", "declined", "proposed", "appraised", "awarded"]);
    assert_eq!(marks[4]["reason"], "lý do awarded");
    // Marks are of a window: another drive begins anew.
    let other = judged(&health, "starts_on=2021-08-16&ends_on=2021-08-24").await;
    assert_eq!(of_unit(&other["places"], KEPT)["marks"], json!([]));
    let events = app.database.peek("SELECT count(*) FROM audit_event WHERE action = 'award.marked'");
    assert_eq!(events, "5");
    let event =
        app.database.peek("SELECT detail FROM audit_event WHERE action = 'award.marked' ORDER BY id DESC LIMIT 1");
    let event: Value = serde_json::from_str(&event).unwrap();
    let told = ["state_before", "state", "outcome", "reason"].map(|name| event[name].as_str().unwrap());
    assert_eq!(told, ["appraised", "awarded", "kept_green", "lý do awarded"]);
}

async fn only_the_shortlist_is_proposed_and_only_by_those_who_may(app: &TestApp) {
    let health = app.account(Role::HealthStaff, PROVINCE).await;
    for unit in [YELLOW, UNKNOWN] {
        assert_eq!(faults(&mark(&health, unit, "proposed", "đề nghị").await), [["unit", "not_shortlisted"]]);
    }
    for role in [Role::Committee, Role::FocalPoint, Role::Administrator] {
        let other = app.account(role, PROVINCE).await;
        assert_eq!(mark(&other, KEPT, "proposed", "đề nghị").await.status, 403, "{role}");
        assert_eq!(judged(&other, PLAN).await["may_mark"], false, "{role}");
    }
    let neighbour = app.account(Role::HealthStaff, DISTRICT).await;
    assert_eq!(mark(&neighbour, KEPT, "proposed", "đề nghị").await.status, 403);
    let consolidator = app.account(Role::Consolidator, PROVINCE).await;
    assert_eq!(mark(&consolidator, KEPT, "proposed", "đề nghị").await.status, 201);
    // What moved it out of the shortlist since does not undo a mark, and it can still be declined.
    decide(&health, &of_2686(&[(KEPT, 2)], "2021-08-18T00:00:00+07:00")).await;
    assert_eq!(mark(&consolidator, KEPT, "declined", "không còn xanh").await.status, 201);
    assert_eq!(faults(&mark(&consolidator, KEPT, "proposed", "lại").await), [["unit", "not_shortlisted"]]);
}

async fn the_page_opens_with_a_drive_of_ones_own_or_with_the_last_days(app: &TestApp) {
    for (place, own, starts_on) in [(PROVINCE, true, "2021-08-16"), (DISTRICT, false, "2021-11-11")] {
        let client = app.account(Role::Committee, place).await;
        let page = client.get("/vung/dot").await;
        assert_eq!((page.status, page.body.contains("127/KH-UBND")), (200, own), "{place}");
        assert_eq!(client.get("/vung/dot.json").await.json()["starts_on"], starts_on, "{place}");
    }
}

app_tests!(
    of_109_communes_30_are_known_and_the_others_are_not_eligible,
    decisions_inside_the_window_move_places,
    a_change_of_scheme_inside_the_window_is_not_compared,
    the_course_counts_every_place_at_the_end_of_each_day,
    districts_are_judged_like_communes_and_agree_with_what_was_published,
    a_nomination_is_proposed_appraised_and_awarded_by_people_with_reasons,
    only_the_shortlist_is_proposed_and_only_by_those_who_may,
    the_page_opens_with_a_drive_of_ones_own_or_with_the_last_days,
);
