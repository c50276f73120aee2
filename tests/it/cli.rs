//! The command line: what it says, what it makes, what it refuses.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use serde_json::{Value, json};
use vungxanh::domain::actor::Role;

use crate::harness::{
    Kind, TestDatabase, database_tests,
    program::{Server, run, vungxanh},
};

const COMMANDS: [&[&str]; 15] = [
    &[],
    &["serve"],
    &["demo"],
    &["seed"],
    &["verify"],
    &["account"],
    &["account", "add"],
    &["account", "disable"],
    &["account", "passwd"],
    &["account", "list"],
    &["import"],
    &["import", "counts"],
    &["import", "zones"],
    &["units"],
    &["units", "match"],
];

/// The help as it is on a terminal of 100 letters, whatever the environment says.
fn help(command: &[&str]) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_vungxanh"));
    program.env_clear().env("COLUMNS", "100").args(command).arg("--help");
    let output = run(program, "");
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_command_says_what_it_does() {
    for command in COMMANDS {
        let name = if command.is_empty() { "help".to_owned() } else { format!("help_{}", command.join("_")) };
        insta::assert_snapshot!(name, help(command));
    }
}

#[test]
fn the_readme_shows_the_settings_that_there_are() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let (_, after) = readme.split_once("<!-- help:serve -->\n```text\n").unwrap();
    let (shown, _) = after.split_once("```\n<!-- /help -->").unwrap();
    let there = help(&["serve"]);
    assert_eq!(shown.trim_end(), there.trim_end(), "put this between the markers:\n{there}");
}

/// How many rows each table has.
fn sizes(database: &TestDatabase) -> Vec<String> {
    [
        "unit",
        "unit_closure",
        "population",
        "plan",
        "indicator",
        "assignment",
        "zone_decision",
        "zone_line",
        "zone_history",
        "published_zone_total",
        "account",
        "audit_event",
    ]
    .map(|table| format!("{table}: {}", database.peek(&format!("SELECT count(*) FROM {table}"))))
    .to_vec()
}

fn seeding_twice_changes_nothing(database: &TestDatabase) {
    let before = sizes(database);
    let output = run(vungxanh(database, &["seed"]), "");
    assert!(output.status.success(), "{output:?}");
    assert_eq!(sizes(database), before);
    assert!(String::from_utf8(output.stdout).unwrap().contains("Đã nạp: 0 đơn vị"));
}

fn accounts_are_made_listed_and_closed(database: &TestDatabase) {
    let add = ["account", "add", "bcd", "--role", "committee", "--unit", "893"];
    let output = run(vungxanh(database, &add), "");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && said.contains("Mật khẩu"), "{said}");
    let again = run(vungxanh(database, &add), "");
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8(again.stderr).unwrap().contains("exists already"));
    let short = run(vungxanh(database, &[&add[..2], &["b", "--password-stdin"], &add[3..]].concat()), "ngắn\n");
    assert_eq!(short.status.code(), Some(1));
    let nowhere = run(vungxanh(database, &["account", "add", "c", "--role", "committee", "--unit", "không có"]), "");
    assert_eq!(nowhere.status.code(), Some(1));
    let list = || String::from_utf8(run(vungxanh(database, &["account", "list"]), "").stdout).unwrap();
    assert!(list().contains("committee @ 893") && list().contains("đang dùng"), "{}", list());
    assert!(run(vungxanh(database, &["account", "disable", "bcd"]), "").status.success());
    let line = list().lines().find(|line| line.starts_with("bcd")).unwrap().to_owned();
    assert!(line.contains("đã khóa"), "{line}");
}

database_tests!(seeding_twice_changes_nothing, accounts_are_made_listed_and_closed);

fn demo_makes_accounts_only_their_owner_can_read(kind: Kind) {
    if !kind.is_here() {
        return;
    }
    let database = TestDatabase::empty(kind);
    let file = database.folder.path().join("demo-accounts.json");
    let server = Server::start(vungxanh(&database, &["demo"]));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let accounts: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    let accounts = accounts.as_array().unwrap();
    for role in Role::ALL {
        assert!(accounts.iter().any(|account| account["role"] == role.code()), "{role}");
    }
    actix_web::rt::System::new().block_on(async {
        for account in accounts {
            let keys: BTreeSet<&str> = account.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(keys, BTreeSet::from(["password", "role", "unit", "username"]));
            let text = |name: &str| account[name].as_str().unwrap();
            let mut client = server.stranger();
            let reply = client.sign_in(text("username"), text("password")).await;
            assert_eq!(reply.status, 200, "{reply}");
            let overview = client.get("/api/v1/overview").await;
            assert_eq!(
                (overview.status, &overview.json()["plan"]["is_illustrative"]),
                (200, &json!(true)),
                "{overview}"
            );
        }
    });
    assert!(run(vungxanh(&database, &["verify"]), "").status.success());
    // A second start goes on with what is there, and keeps the passwords.
    drop(server);
    let before = (fs::read_to_string(&file).unwrap(), database.peek("SELECT count(*) FROM report"));
    drop(Server::start(vungxanh(&database, &["demo"])));
    assert_eq!((fs::read_to_string(&file).unwrap(), database.peek("SELECT count(*) FROM report")), before);
}

mod a_demo_on {
    use crate::harness::Kind;

    #[test]
    fn sqlite() {
        super::demo_makes_accounts_only_their_owner_can_read(Kind::Sqlite);
    }

    #[test]
    fn postgres() {
        super::demo_makes_accounts_only_their_owner_can_read(Kind::Postgres);
    }
}

#[test]
fn passwords_do_not_cross_a_network_unprotected_by_mistake() {
    let database = TestDatabase::seeded(Kind::Sqlite);
    let output = run(vungxanh(&database, &["serve", "--listen", "0.0.0.0:0"]), "");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("--plain-http") && said.contains("--tls-cert"), "{said}");
}

#[test]
fn a_mistyped_database_makes_no_new_file() {
    let database = TestDatabase::empty(Kind::Sqlite);
    let mut program = Command::new(env!("CARGO_BIN_EXE_vungxanh"));
    program.args(["seed", "--database", "sqlit://x.db", "--data-dir"]).arg(database.folder.path());
    program.current_dir(database.folder.path());
    let output = run(program, "");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("expected sqlite://PATH or postgres://USER@HOST/NAME"));
    assert_eq!(fs::read_dir(database.folder.path()).unwrap().count(), 0);
}
