//! The house keeps its floors, its databases keep the same tables, its files stay short.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use unicode_normalization::is_nfc;
use vungxanh::store::schema;

use crate::harness::{TestDatabase, database_tests, files_below};

/// The floors each floor may name. Its own is always one of them; only `cli` may name all.
const MAY_NAME: [(&str, &[&str]); 10] = [
    ("domain", &[]),
    ("clock", &[]),
    ("passwords", &[]),
    ("store", &["domain"]),
    ("config", &["store"]),
    ("imports", &["domain"]),
    ("charts", &["domain"]),
    ("documents", &["domain", "charts"]),
    ("usecases", &["domain", "store", "imports", "charts", "documents"]),
    ("web", &["domain", "store", "imports", "charts", "documents", "usecases", "clock", "passwords", "config"]),
];

/// Where each framework may be named.
const FRAMEWORKS: [(&str, &[&str]); 8] = [
    ("diesel", &["store"]),
    ("diesel_migrations", &["store"]),
    ("actix_web", &["web", "cli"]),
    ("plotters", &["charts"]),
    ("resvg", &["charts"]),
    ("calamine", &["imports"]),
    ("rust_xlsxwriter", &["documents"]),
    ("clap", &["cli", "config"]),
];

const LONGEST_FILE: usize = 400;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Path below the root → text, of every file under `folder` whose name ends with `ending`.
fn texts(folder: &str, ending: &str) -> BTreeMap<String, String> {
    files_below(&root().join(folder))
        .iter()
        .map(|file| (file.strip_prefix(root()).unwrap().display().to_string(), file))
        .filter(|(name, _)| name.ends_with(ending))
        .map(|(name, file)| (name, fs::read_to_string(file).unwrap()))
        .collect()
}

/// `store` of `src/store/mod.rs`, `clock` of `src/clock.rs`.
fn floor_of(file: &str) -> &str {
    let below = file.strip_prefix("src/").unwrap();
    below.split_once('/').map_or_else(|| below.trim_end_matches(".rs"), |(floor, _)| floor)
}

fn without_comments(source: &str) -> String {
    source.lines().map(|line| line.split_once("//").map_or(line, |(code, _)| code)).collect::<Vec<_>>().join("\n")
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The first name of every path that follows `crate::`, also inside `crate::{…}`.
fn names_in_crate(code: &str) -> BTreeSet<&str> {
    let word = |text: &str| text.find(|c| !is_word(c)).unwrap_or(text.len());
    let mut names = BTreeSet::new();
    for (at, prefix) in code.match_indices("crate::") {
        let rest = &code[at + prefix.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            names.insert(&rest[..word(rest)]);
            continue;
        };
        let (mut depth, mut expects_name) = (1, true);
        for (i, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 1 => expects_name = true,
                c if depth == 1 && expects_name && is_word(c) => {
                    names.insert(&group[i..i + word(&group[i..])]);
                    expects_name = false;
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    names
}

/// What a source file names and must not.
fn violations(file: &str, source: &str) -> Vec<String> {
    let (floor, code) = (floor_of(file), without_comments(source));
    let mut found = Vec::new();
    if let Some((_, may)) = MAY_NAME.iter().find(|(name, _)| *name == floor) {
        let above = names_in_crate(&code).into_iter().filter(|name| *name != floor && !may.contains(name));
        found.extend(above.map(|name| format!("{file} names crate::{name}")));
    } else if !["cli", "main", "lib"].contains(&floor) {
        found.push(format!("{file}: the floor {floor} is not known here"));
    }
    if code.contains("super::super::") {
        found.push(format!("{file} climbs with super::super"));
    }
    for (framework, floors) in FRAMEWORKS {
        let is_named = code.match_indices(framework).any(|(at, _)| {
            let starts = !code[..at].ends_with(is_word);
            starts && code[at + framework.len()..].starts_with("::")
        });
        if is_named && !floors.contains(&floor) {
            found.push(format!("{file} names {framework}"));
        }
    }
    found
}

#[test]
fn no_floor_names_one_above() {
    let found: Vec<String> = texts("src", ".rs").iter().flat_map(|(file, source)| violations(file, source)).collect();
    assert_eq!(found, [""; 0]);
}

#[test]
fn the_check_of_floors_notices_what_is_wrong() {
    for (file, source, complaint) in [
        ("src/store/a.rs", "use crate::usecases::X;", "src/store/a.rs names crate::usecases"),
        ("src/domain/a.rs", "use crate::{\n    domain::{rate, unit},\n    store::Conn,\n};", "names crate::store"),
        ("src/usecases/a.rs", "fn f() { crate::web::start() }", "names crate::web"),
        ("src/web/api/a.rs", "use crate::cli;", "names crate::cli"),
        ("src/charts/a.rs", "use crate::store;", "names crate::store"),
        ("src/usecases/a.rs", "use crate::clock::Clock;", "names crate::clock"),
        ("src/usecases/a.rs", "use diesel::prelude::*;", "names diesel"),
        ("src/store/a.rs", "fn f(r: actix_web::HttpRequest) {}", "names actix_web"),
        ("src/web/a.rs", "use resvg::tiny_skia;", "names resvg"),
        ("src/web/a.rs", "use super::super::store;", "climbs"),
        ("src/cellar/a.rs", "", "not known"),
    ] {
        let found = violations(file, source);
        assert!(found.len() == 1 && found[0].contains(complaint), "{source}: {found:?}");
    }
    for (file, source) in [
        ("src/usecases/a.rs", "use crate::{domain::{a, b}, store::{Conn, units}};"),
        ("src/store/a.rs", "// use crate::web;\nuse crate::domain::unit;\nuse diesel::prelude::*;"),
        ("src/web/a.rs", "use my_diesel::x; use crate::{clock::Clock, passwords};"),
        ("src/cli/a.rs", "use crate::{web, store, usecases}; use actix_web::rt;"),
    ] {
        assert_eq!(violations(file, source), [""; 0], "{source}");
    }
}

#[test]
fn no_source_file_is_longer_than_a_person_reads() {
    let mut sources = texts("src", ".rs");
    sources.extend(texts("tests", ".rs"));
    let long: Vec<_> = sources.iter().filter(|(_, text)| text.lines().count() > LONGEST_FILE).map(|(f, _)| f).collect();
    assert!(long.is_empty(), "more than {LONGEST_FILE} lines: {long:?}");
}

#[test]
fn both_databases_have_the_same_migrations() {
    let of = |database: &str| -> BTreeSet<String> {
        let folder = format!("migrations/{database}/");
        texts(&folder, ".sql").into_keys().map(|name| name.trim_start_matches(&folder).to_owned()).collect()
    };
    let sqlite = of("sqlite");
    assert_eq!(sqlite, of("postgres"));
    let folders: BTreeSet<_> = sqlite.iter().filter_map(|name| name.split_once('/')).map(|(f, _)| f).collect();
    for folder in folders {
        assert!(sqlite.contains(&format!("{folder}/up.sql")) && sqlite.contains(&format!("{folder}/down.sql")));
    }
}

fn every_table_is_as_the_schema_says(database: &TestDatabase) {
    database.store().read_now(schema::probe).unwrap();
}

fn a_table_that_differs_from_the_schema_is_noticed(database: &TestDatabase) {
    let store = database.store();
    database.tamper("ALTER TABLE population RENAME COLUMN source TO origin");
    store.read_now(schema::probe).unwrap_err();
}

database_tests!(every_table_is_as_the_schema_says, a_table_that_differs_from_the_schema_is_noticed);

#[test]
fn all_seed_text_is_composed() {
    for (file, text) in texts("seed", "") {
        for (i, line) in text.lines().enumerate() {
            assert!(is_nfc(line) && !line.contains('\u{d0}'), "{file}:{}: {line}", i + 1);
        }
    }
}
