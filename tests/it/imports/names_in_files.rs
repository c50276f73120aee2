//! The sample of how offices write names, as rows of files: what `units match` says of a name is what becomes of its row.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use reqwest::Method;
use serde_json::Value;
use vungxanh::domain::actor::Role;

use crate::harness::{Reply, TestApp, app_tests};

/// A name of the sample and what its row must come to: the code of a commune, a reason, or nothing taken at all.
pub struct Sampled {
    pub name: String,
    pub expected: String,
}

/// The names of the sample that are certain, by the place their file is about.
pub fn sample() -> BTreeMap<String, Vec<Sampled>> {
    let mut by_scope: BTreeMap<String, Vec<Sampled>> = BTreeMap::new();
    let mut sample = csv::Reader::from_reader(include_bytes!("../../assets/name-variants-sample.csv").as_slice());
    for row in sample.records() {
        let row = row.unwrap();
        // Districts do not report; a name alone may say so.
        let is_commune = row[3].len() == 5 || !row[3].starts_with(|c: char| c.is_ascii_digit());
        if &row[6] != "either" && is_commune {
            let sampled = Sampled { name: row[1].to_owned(), expected: row[3].to_owned() };
            by_scope.entry(row[2].to_owned()).or_default().push(sampled);
        }
    }
    by_scope
}

/// The day of a row: each has its own, so that no two are of one unit and day.
pub fn day(at: usize) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, 8, 1).unwrap() + Days::new(at as u64)
}

/// A file with a row for each name, from line 2.
pub fn file(names: &[Sampled]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    writer.write_record(["Tên đơn vị", "Ngày", "Dân số", "Smartphone", "Bluezone"]).unwrap();
    for (at, sampled) in names.iter().enumerate() {
        let day = day(at).format("%d/%m/%Y").to_string();
        writer.write_record([&sampled.name, &day, "5000", "4000", "3000"]).unwrap();
    }
    writer.into_inner().unwrap()
}

async fn the_names_of_the_sample_find_their_units_in_files(app: &TestApp) {
    let mut wrong = Vec::new();
    for (scope, names) in sample() {
        if scope.is_empty() {
            continue;
        }
        let client = app.account(Role::FocalPoint, &scope).await;
        let address = format!("/api/v1/imports?kind=counts&plan=theo-doi-chung&cohort=residents&scope={scope}");
        let reply = Reply::to(client.request(Method::POST, &address).body(file(&names))).await;
        assert_eq!(reply.status, 200, "{scope}: {reply}");
        let report = reply.json();
        let of_row = |list: &str, row: usize| -> Option<Value> {
            report[list].as_array().unwrap().iter().find(|said| said["row"] == row).cloned()
        };
        for (at, Sampled { name, expected }) in names.iter().enumerate() {
            let row = at + 2;
            let said = if let Some(taken) = of_row("accept", row) {
                taken["code"].as_str().unwrap().to_owned()
            } else if let Some(refused) = of_row("refuse", row) {
                refused["reason"].as_str().unwrap().to_owned()
            } else {
                of_row("skip", row).map_or("lost".to_owned(), |_| "skipped".to_owned())
            };
            let is_right = match expected.as_str() {
                "ambiguous" => said == "name_ambiguous",
                "unknown" => ["name_unknown", "code_abolished", "skipped"].contains(&said.as_str()),
                code => said == code,
            };
            if !is_right {
                wrong.push(format!("{scope} {name:?}: {said}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

app_tests!(the_names_of_the_sample_find_their_units_in_files);
