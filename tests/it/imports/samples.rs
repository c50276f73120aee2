//! The sample files come out as they say they must.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Value, json};
use vungxanh::{
    domain::{calendar::parse_day, zone::Scheme},
    imports::{
        columns::Count,
        counts::{Counts, Recognised},
        read::{Limits, read},
        verdict::Verdicts,
        zones::{Zone, read_zones},
    },
};

use super::support::{self, register, request};

fn asset(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/assets/imports").join(name)).unwrap()
}

fn expected(name: &str) -> Value {
    serde_json::from_slice(&asset(&format!("{name}.expected.json"))).unwrap()
}

/// (row, code, value) of what is taken; (row, reason, code) of what is not; (row, reason) of the rest.
type Lists = (BTreeSet<String>, BTreeSet<String>, BTreeSet<String>, BTreeSet<String>);

fn lists<T>(verdicts: &Verdicts<T>, value: impl Fn(&T) -> Value) -> Lists {
    (
        verdicts.accept.iter().map(|row| json!([row.row, row.code, value(&row.value)]).to_string()).collect(),
        verdicts.refuse.iter().map(|row| json!([row.row, row.reason, row.code]).to_string()).collect(),
        verdicts.skip.iter().map(|row| json!([row.row, row.reason.to_string()]).to_string()).collect(),
        verdicts.warn.iter().map(|row| json!([row.row, row.reason]).to_string()).collect(),
    )
}

fn wanted(expected: &Value, value: impl Fn(&Value) -> Value) -> Lists {
    let list = |name: &str, line: &dyn Fn(&Value) -> Value| {
        expected[name].as_array().unwrap().iter().map(|row| line(row).to_string()).collect()
    };
    (
        list("accept", &|row| json!([row["row"], row["code"], value(row)])),
        list("refuse", &|row| json!([row["row"], row["reason"], row["code"]])),
        list("skip", &|row| json!([row["row"], row["reason"]])),
        list("warn", &|row| json!([row["row"], row["reason"]])),
    )
}

fn check<T>(name: &str, read: &Recognised<T>, value: impl Fn(&T) -> Value, of_row: impl Fn(&Value) -> Value) {
    let expected = expected(name);
    let (accept, refuse, skip, warn) = wanted(&expected, of_row);
    let found = lists(&read.verdicts, value);
    assert_eq!(found.0, accept, "{name}: accept");
    assert_eq!(found.1, refuse, "{name}: refuse");
    assert_eq!(found.2, skip, "{name}: skip");
    assert_eq!(found.3, warn, "{name}: warn");
    assert_eq!(read.sheet, expected["sheet"].as_str().unwrap_or_default(), "{name}");
    let header = expected.get("header_rows").cloned().unwrap_or_else(|| json!([expected["header_row"]]));
    assert_eq!(json!(read.header_rows), header, "{name}");
    let counts = &expected["expected_counts"];
    let sum: u64 = ["accepted", "refused", "skipped"].iter().filter_map(|key| counts[key].as_u64()).sum();
    assert_eq!(read.verdicts.rows_read() as u64, sum, "{name}");
}

const COUNTS: [(Count, &str); 5] = [
    (Count::Total, "total"),
    (Count::Smartphone, "smartphone"),
    (Count::Bluezone, "bluezone"),
    (Count::Ncovi, "ncovi"),
    (Count::Declared, "declared"),
];

fn read_counts_of(name: &str) -> Recognised<Counts> {
    let context = &expected(name)["context"];
    let as_of = parse_day(context["as_of"].as_str().unwrap()).unwrap();
    let book = read(&asset(name), &Limits::WEB).unwrap();
    support::read(&book, &request(context["unit_code"].as_str().unwrap(), as_of)).unwrap()
}

#[test]
fn every_sample_file_of_counts_comes_out_as_it_says() {
    for name in [
        "01_chomoi_utf8_bom_semicolon.csv",
        "03_chomoi_merged_title_two_row_header.xlsx",
        "09_chomoi_numbers_as_text.xlsx",
        "11_soctrang_sections.xlsx",
    ] {
        let value = |counts: &Counts| json!(COUNTS.map(|(count, _)| counts.get(count)));
        check(name, &read_counts_of(name), value, |row| json!(COUNTS.map(|(_, key)| row[key].as_i64())));
    }
}

#[test]
fn the_rows_of_the_first_sample_add_up() {
    let name = "01_chomoi_utf8_bom_semicolon.csv";
    let read = read_counts_of(name);
    for (count, key) in COUNTS {
        let sum: i64 = read.verdicts.accept.iter().filter_map(|row| row.value.get(count)).sum();
        assert_eq!(json!(sum), expected(name)["accepted_sums"][key], "{key}");
    }
}

#[test]
fn the_sample_file_of_zones_comes_out_as_it_says() {
    #[derive(serde::Deserialize)]
    struct Schemes {
        scheme: Vec<Scheme>,
    }
    let name = "16_chomoi_zone_levels_2021-10-27.csv";
    let schemes: Schemes = toml::from_str(include_str!("../../../seed/zones/schemes.toml")).unwrap();
    let scheme = schemes.scheme.iter().find(|scheme| scheme.code == "nq_128_qd_4800").unwrap();
    let book = read(&asset(name), &Limits::WEB).unwrap();
    let day = parse_day("27/10/2021").unwrap();
    let mut read = read_zones(&book, &request("893", day), scheme, &register()).unwrap();
    assert!(read.verdicts.accept.iter().all(|row| row.date == day));
    // The sample does not say which unit a refused row is of.
    read.verdicts.refuse.iter_mut().for_each(|row| row.code = None);
    check(name, &read, |zone: &Zone| json!([zone.level, zone.label]), |row| json!([row["level"], row["label"]]));
}
