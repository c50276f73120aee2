//! `vungxanh verify` exits with 1 at the first difference when somebody changed the database behind its back.

use std::process::Command;

use chrono::Duration;
use vungxanh::{
    domain::{actor::Role, review::Outcome},
    usecases::{record_report::record_report, review_report::review_report},
};

use crate::harness::{
    Kind, NOW, TestDatabase, database_tests, instant, plan,
    reporting::{actor, staff, submission},
};

/// A change, what undoes it, and what is said of it.
const CHANGES: [(&str, &str, &str); 16] = [
    (
        "UPDATE figure SET count = count + 1 WHERE count = 17",
        "UPDATE figure SET count = 17 WHERE count = 18",
        "figure in force",
    ),
    (
        "UPDATE figure SET base = base + 1 WHERE count = 16",
        "UPDATE figure SET base = base - 1 WHERE count = 16",
        "ledger",
    ),
    (
        "UPDATE figure SET report_id = report_id + 1000 WHERE count = 16",
        "UPDATE figure SET report_id = report_id - 1000 WHERE count = 16",
        "another unit or time",
    ),
    ("UPDATE tally SET count = count + 7 WHERE count = 16", "UPDATE tally SET count = 16 WHERE count = 23", "ledger"),
    (
        "UPDATE latest SET count = count + 1 WHERE count = 17",
        "UPDATE latest SET count = 17 WHERE count = 18",
        "figure in force",
    ),
    (
        "UPDATE audit_event SET detail = replace(detail, '\"count\":17', '\"count\":71') WHERE action = 'report.recorded'",
        "UPDATE audit_event SET detail = replace(detail, '\"count\":71', '\"count\":17') WHERE action = 'report.recorded'",
        "seal",
    ),
    ("UPDATE audit_event SET actor = actor || '?'", "UPDATE audit_event SET actor = replace(actor, '?', '')", "seal"),
    (
        "UPDATE audit_chain SET seq = seq + 1 WHERE seq > 0",
        "UPDATE audit_chain SET seq = seq - 1 WHERE seq > 0",
        "head",
    ),
    (
        "UPDATE tally SET day = '2021-01-01' WHERE count = 16",
        "UPDATE tally SET day = '2021-11-17' WHERE day = '2021-01-01'",
        "ledger",
    ),
    // The zones of a place that was decided on, and of one that was not.
    (
        "UPDATE zone_decision SET level = 3 WHERE level = 1 AND unit_id = (SELECT id FROM unit WHERE code = '30637')",
        "UPDATE zone_decision SET level = 1 WHERE level = 3 AND unit_id = (SELECT id FROM unit WHERE code = '30637')",
        "zones of unit",
    ),
    (
        "UPDATE zone_decision SET is_official = FALSE WHERE scheme = 'qd_2686'",
        "UPDATE zone_decision SET is_official = TRUE WHERE scheme = 'qd_2686'",
        "zones of unit",
    ),
    (
        "CREATE TABLE spare AS SELECT * FROM zone_history; \
         UPDATE zone_history SET steps = substr(steps, 1, length(steps) - 1)",
        "UPDATE zone_history SET steps = (SELECT s.steps FROM spare s WHERE s.unit_id = zone_history.unit_id); \
         DROP TABLE spare",
        "cannot be read",
    ),
    (
        "UPDATE zone_line SET recent_since = recent_since + 1",
        "UPDATE zone_line SET recent_since = recent_since - 1",
        "zones of unit",
    ),
    (
        "CREATE TABLE spare AS SELECT * FROM zone_history; DELETE FROM zone_history",
        "INSERT INTO zone_history SELECT * FROM spare; DROP TABLE spare",
        "without its history",
    ),
    (
        "UPDATE zone_line SET newest_id = newest_id - 1 WHERE newest_id = (SELECT max(newest_id) FROM zone_line)",
        "UPDATE zone_line SET newest_id = newest_id + 1 WHERE unit_id = (SELECT unit_id FROM zone_decision \
         ORDER BY id DESC LIMIT 1)",
        "zones of unit",
    ),
    (
        "INSERT INTO zone_history SELECT u.id, h.steps FROM unit u, zone_history h WHERE u.code = 'CM-P-YTE' \
         AND h.unit_id = (SELECT min(unit_id) FROM zone_history); \
         INSERT INTO zone_line SELECT u.id, l.newest_id, l.recent_since, l.recent, l.changes FROM unit u, zone_line l \
         WHERE u.code = 'CM-P-YTE' AND l.newest_id = (SELECT max(newest_id) FROM zone_line)",
        "DELETE FROM zone_line WHERE unit_id = (SELECT id FROM unit WHERE code = 'CM-P-YTE'); \
         DELETE FROM zone_history WHERE unit_id = (SELECT id FROM unit WHERE code = 'CM-P-YTE')",
        "without a decision",
    ),
];

fn verify(database: &TestDatabase) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_vungxanh"))
        .args(["verify", "--database", &database.url()])
        .arg("--data-dir")
        .arg(database.folder.path())
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

/// The migration that took what units report themselves out of the ledger, by the folder it lies in.
macro_rules! ledger_below {
    ($folder:literal) => {
        [
            include_str!(concat!("../../migrations/", $folder, "/2026-11-22-000013_ledger_below/down.sql")),
            include_str!(concat!("../../migrations/", $folder, "/2026-11-22-000013_ledger_below/up.sql")),
        ]
    };
}

fn a_ledger_of_an_earlier_version_is_made_anew(database: &TestDatabase) {
    let store = database.store();
    let plan = plan(&store);
    let (who, office) = (actor(&store, Role::FocalPoint, "893"), actor(&store, Role::Consolidator, "893"));
    let posts = [("CM-P-YTE", "staff_b", 9, 20), ("CM-P-YTE", "staff_b", 9, 22), ("CM-P-YTE", "staff_b", 5, 30)];
    let posts = posts.into_iter().chain([("CM-X-30634", "staff_d", 5, 60), ("CM-P-YTE", "staff_b", 0, 40)]);
    for (unit, cohort, days_ago, installed) in posts {
        let figures = staff(90, 80, installed, 85);
        let report = submission(unit, instant(NOW) - Duration::days(days_ago), &[(cohort, &figures)]);
        let (who, office, plan) = (who.clone(), office.clone(), plan.clone());
        let outcome = store.write_now(move |conn| {
            let report = record_report(conn, &who, &plan, &report, instant(NOW))?.reports[0].report;
            // The one in the middle is returned.
            let is_middle = installed == 30;
            let returned = (report, Outcome::Returned, "sai");
            if is_middle { review_report(conn, &office, &plan, returned, instant(NOW)).map(drop) } else { Ok(()) }
        });
        outcome.unwrap();
    }
    let [down, up] = match database.kind {
        Kind::Sqlite => ledger_below!("sqlite"),
        Kind::Postgres => ledger_below!("postgres"),
    };
    database.tamper(down);
    let (code, said) = verify(database);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("nothing was reported then"), "{said}");
    database.tamper(up);
    let (code, said) = verify(database);
    assert_eq!(code, Some(0), "{said}");
}

fn whatever_was_changed_behind_its_back_is_found(database: &TestDatabase) {
    let store = database.store();
    let plan = plan(&store);
    let who = actor(&store, Role::FocalPoint, "893");
    for (unit, cohort, figures, days_ago) in
        [("CM-P-YTE", "staff_b", staff(90, 80, 16, 15), 3), ("CM-P-YTE", "staff_b", staff(90, 80, 17, 15), 0)]
    {
        let report = submission(unit, instant(NOW) - Duration::days(days_ago), &[(cohort, &figures)]);
        let (who, plan) = (who.clone(), plan.clone());
        store.write_now(move |conn| record_report(conn, &who, &plan, &report, instant(NOW))).unwrap();
    }
    let (code, said) = verify(database);
    assert_eq!(code, Some(0), "{said}");
    for (change, undo, word) in CHANGES {
        database.tamper(change);
        let (code, said) = verify(database);
        assert_eq!(code, Some(1), "{change}\n{said}");
        assert!(said.contains("SAI LỆCH") && said.contains(word), "{change}\n{said}");
        database.tamper(undo);
        let (code, said) = verify(database);
        assert_eq!(code, Some(0), "{undo}\n{said}");
    }
    // A report whose trail was cut off together with the chain's head.
    database.tamper(
        "UPDATE audit_chain SET seq = 0, hash = ''; DELETE FROM audit_event WHERE action LIKE 'report.%' OR id > 0",
    );
    let (code, said) = verify(database);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("has no audit event"), "{said}");
}

database_tests!(whatever_was_changed_behind_its_back_is_found, a_ledger_of_an_earlier_version_is_made_anew);
