//! Files taken in by programs: through the API, and on the command line.

use reqwest::Method;
use serde_json::{Value, json};
use vungxanh::domain::actor::Role;

use super::uploading::asset;
use crate::harness::{
    Client, Reply, TestApp, TestDatabase, app_tests, database_tests,
    program::{run, vungxanh},
};

const RESIDENTS: &str = "/api/v1/imports?kind=counts&cohort=residents&scope=893&as_of=2020-08-20&name=thang-8.csv";
const ZONES: &str = "/api/v1/imports?kind=zones&scope=893&as_of=2021-10-27&scheme=nq_128_qd_4800";
const COUNTS: &str = "01_chomoi_utf8_bom_semicolon.csv";
const LEVELS: &str = "16_chomoi_zone_levels_2021-10-27.csv";

async fn send(client: &Client, address: &str, content: Vec<u8>) -> Reply {
    Reply::to(client.request(Method::POST, address).body(content)).await
}

async fn a_file_is_only_recorded_when_that_is_said(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "893").await;
    let reply = send(&client, RESIDENTS, asset(COUNTS)).await;
    assert_eq!((reply.status, &reply.json()["import"]), (200, &Value::Null), "{reply}");
    assert_eq!(reply.json()["counts"], json!({"read": 21, "accepted": 17, "unchanged": 0, "refused": 1, "skipped": 3}));
    assert_eq!(app.database.peek("SELECT count(*) FROM report"), "0");
    let reply = send(&client, &format!("{RESIDENTS}&commit=true"), asset(COUNTS)).await;
    assert_eq!(reply.status, 201, "{reply}");
    let import = client.get(reply.header("location")).await;
    assert_eq!(import.json()["file_name"], "thang-8.csv", "{import}");
    assert_eq!((&import.json()["accepted"], &import.json()["rows_read"]), (&json!(17), &json!(21)));
    let again = send(&client, &format!("{RESIDENTS}&commit=true"), asset(COUNTS)).await;
    assert_eq!((again.status, &again.json()["counts"]["unchanged"]), (200, &json!(17)), "{again}");
    assert_eq!(app.database.peek("SELECT count(*) FROM report"), "17");
    // Another's import is told of only where the place is seen.
    let neighbour = app.account(Role::FocalPoint, "94").await;
    assert_eq!(neighbour.get(reply.header("location")).await.status, 404);
    assert_eq!(send(&neighbour, RESIDENTS, asset(COUNTS)).await.status, 403);
}

async fn only_the_rows_that_are_chosen_are_recorded(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "893").await;
    let reply = send(&client, &format!("{RESIDENTS}&commit=true&rows=2,4"), asset(COUNTS)).await;
    let counts = reply.json()["counts"].clone();
    assert_eq!(counts, json!({"read": 21, "accepted": 2, "unchanged": 0, "refused": 1, "skipped": 18}), "{reply}");
    assert_eq!(app.database.peek("SELECT count(*) FROM report"), "2");
}

async fn a_file_nothing_can_be_made_of_is_refused_with_the_reason(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "893").await;
    for (address, content, status, code) in [
        (RESIDENTS, b"%PDF-1.7".to_vec(), 422, "file_refused"),
        (RESIDENTS, Vec::new(), 422, "file_refused"),
        (RESIDENTS, vec![b'1'; (10 << 20) + 1], 413, "file_too_large"),
        ("/api/v1/imports?kind=counts&cohort=nobody&scope=893", asset(COUNTS), 422, "invalid"),
        ("/api/v1/imports?kind=people&cohort=staff", asset(COUNTS), 400, "unreadable"),
    ] {
        let reply = send(&client, address, content).await;
        assert_eq!((reply.status, reply.json()["code"].as_str()), (status, Some(code)), "{address}: {reply}");
    }
}

async fn levels_that_stand_change_nothing_and_those_of_another_decision_are_recorded(app: &TestApp) {
    let client = app.account(Role::HealthStaff, "893").await;
    let already = app.database.peek("SELECT count(*) FROM zone_decision");
    // The seed holds this decision.
    let reply = send(&client, &format!("{ZONES}&commit=true"), asset(LEVELS)).await;
    assert_eq!((reply.status, &reply.json()["counts"]["unchanged"]), (200, &json!(18)), "{reply}");
    assert_eq!(app.database.peek("SELECT count(*) FROM zone_decision"), already);
    let numbered = format!("{ZONES}&commit=true&number=99/QĐ-UBND&issuer=UBND huyện Chợ Mới&from=07:00");
    let reply = send(&client, &numbered, asset(LEVELS)).await;
    assert_eq!((reply.status, &reply.json()["counts"]["accepted"]), (201, &json!(18)), "{reply}");
    let reply = send(&client, &numbered, asset(LEVELS)).await;
    assert_eq!((reply.status, &reply.json()["counts"]["unchanged"]), (200, &json!(18)), "{reply}");
    let now: i64 = app.database.peek("SELECT count(*) FROM zone_decision").parse().unwrap();
    assert_eq!(now, already.parse::<i64>().unwrap() + 18);
    let unsigned = send(&client, &format!("{ZONES}&commit=true&number=99/QĐ-UBND"), asset(LEVELS)).await;
    assert_eq!(unsigned.json()["errors"][0]["field"], "decision_issuer", "{unsigned}");
}

app_tests!(
    a_file_is_only_recorded_when_that_is_said,
    only_the_rows_that_are_chosen_are_recorded,
    a_file_nothing_can_be_made_of_is_refused_with_the_reason,
    levels_that_stand_change_nothing_and_those_of_another_decision_are_recorded,
);

/// What an expected list says, to be compared with the program's.
fn rows(list: &Value, keys: &[&str]) -> Vec<Vec<Value>> {
    let row = |row: &Value| keys.iter().map(|key| row[*key].clone()).collect();
    list.as_array().unwrap().iter().map(row).collect()
}

fn the_samples_go_in_on_the_command_line(database: &TestDatabase) {
    let path = |name: &str| format!("{}/tests/assets/imports/{name}", env!("CARGO_MANIFEST_DIR"));
    let counts = ["row", "code", "total", "smartphone", "bluezone", "ncovi", "declared"];
    let (cho_moi, general) = ("cho-moi-1677", "theo-doi-chung");
    for (name, of) in [
        (COUNTS, ["counts", "--plan", cho_moi, "--cohort", "residents"].as_slice()),
        ("03_chomoi_merged_title_two_row_header.xlsx", &["counts", "--plan", cho_moi, "--cohort", "staff"]),
        (
            "09_chomoi_numbers_as_text.xlsx",
            &["counts", "--plan", cho_moi, "--cohort", "residents", "--reason", "đếm lại"],
        ),
        ("11_soctrang_sections.xlsx", &["counts", "--plan", general, "--cohort", "residents"]),
        (LEVELS, &["zones", "--scheme", "nq_128_qd_4800", "--number", "5/QĐ-UBND", "--issuer", "UBND huyện"]),
    ] {
        let expected: Value = serde_json::from_slice(&asset(&format!("{name}.expected.json"))).unwrap();
        let (file, context) = (path(name), &expected["context"]);
        let (scope, as_of) = (context["unit_code"].as_str().unwrap(), context["as_of"].as_str().unwrap());
        let words = [&["import"], of, &[&file, "--scope", scope, "--as-of", as_of, "--json"]].concat();
        let refused = expected["refuse"].as_array().unwrap().len();
        let mut import = Value::Null;
        for (commit, unchanged) in [(false, false), (true, false), (true, true), (false, true)] {
            let words = [words.as_slice(), if commit { &["--commit"] } else { &[] }].concat();
            let output = run(vungxanh(database, &words), "");
            assert_eq!(output.status.code(), Some(i32::from(refused > 0)), "{name}: {output:?}");
            let said: Value = serde_json::from_slice(&output.stdout).unwrap();
            let keys = if name == LEVELS { &["row", "code", "level", "label"][..] } else { &counts };
            assert_eq!(rows(&said["accept"], keys), rows(&expected["accept"], keys), "{name}");
            assert_eq!(rows(&said["refuse"], &["row", "reason"]), rows(&expected["refuse"], &["row", "reason"]));
            let all = said["accept"].as_array().unwrap().len();
            assert_eq!(said["unchanged"].as_array().unwrap().len(), if unchanged { all } else { 0 }, "{name}");
            assert_eq!(said["import"].is_i64(), commit && !unchanged, "{name}: {}", said["import"]);
            import = if said["import"].is_i64() { said["import"].clone() } else { import };
        }
        assert!(import.is_i64());
    }
    // A file of zones that is given for one of counts is shown for what it is, and not recorded.
    let file = path(LEVELS);
    let of_counts = ["import", "counts", &file, "--plan", cho_moi, "--cohort", "residents", "--scope", "893", "--json"];
    let shown = run(vungxanh(database, &of_counts), "");
    let said: Value = serde_json::from_slice(&shown.stdout).unwrap();
    assert_eq!((shown.status.code(), &said["accept"][0]["level"]), (Some(1), &json!(4)), "{shown:?}");
    let refused = run(vungxanh(database, &[&of_counts[..], &["--commit"]].concat()), "");
    assert_eq!((refused.status.code(), refused.stdout.is_empty()), (Some(2), true), "{refused:?}");
    let verified = run(vungxanh(database, &["verify"]), "");
    assert!(verified.status.success(), "{verified:?}");
}

database_tests!(the_samples_go_in_on_the_command_line);
