//! What PostgreSQL itself does with the writes of one POST, sent by pgbench.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use vungxanh::store::plans::StoredPlan;

use crate::{
    Outcome,
    databases::{Body, Database},
    round::CLIENTS,
};

/// Measures of the staff form, and whether they grow from report to report.
const MEASURES: [(&str, bool); 6] = [
    ("headcount", false),
    ("smartphone_users", false),
    ("bluezone_installed", true),
    ("ncovi_declared", true),
    ("ncovi_installed", true),
    ("tokhaiyte_declared", true),
];

/// pgbench with a script for this database.
pub struct Pgbench {
    program: PathBuf,
    script: tempfile::NamedTempFile,
    target: String,
}

impl Pgbench {
    /// Looks for the program and writes the script.
    pub fn find(database: &Database, plan: &StoredPlan, bodies: &[Body]) -> Outcome<Option<Self>> {
        let Some(program) = program() else { return Ok(None) };
        let script = tempfile::NamedTempFile::new()?;
        fs::write(script.path(), text(plan, bodies)?)?;
        Ok(Some(Self { program, script, target: database.target.clone() }))
    }

    /// Transactions a second.
    pub fn rate(&self, lasting: Duration) -> Outcome<f64> {
        let output = Command::new(&self.program)
            .args(["-n", "-M", "prepared", "-j", "2", "-c", &CLIENTS.to_string()])
            .args(["-T", &lasting.as_secs().max(1).to_string(), "-f"])
            .arg(self.script.path())
            .arg(&self.target)
            .output()?;
        let said = String::from_utf8_lossy(&output.stdout);
        let rate = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        let failed = || format!("pgbench: {said}{}", String::from_utf8_lossy(&output.stderr));
        if output.status.success() { rate.ok_or_else(|| failed().into()) } else { Err(failed().into()) }
    }
}

fn program() -> Option<PathBuf> {
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut candidates: Vec<PathBuf> = installed.map(|version| version.path().join("bin/pgbench")).collect();
    candidates.sort();
    candidates.push("pgbench".into());
    let runs = |program: &&PathBuf| {
        Command::new(program.as_path()).arg("--version").output().is_ok_and(|output| output.status.success())
    };
    candidates.iter().rev().find(runs).map(|program| Path::to_owned(program))
}

/// The writes of one POST. Each client reports for a unit of its own, as in the HTTP rounds; texts are
/// as long as the program's.
fn text(plan: &StoredPlan, bodies: &[Body]) -> Outcome<String> {
    let indicators = |body: &Body, only_growing: bool| {
        MEASURES
            .iter()
            .filter(|(_, grows)| *grows || !only_growing)
            .map(|(measure, _)| plan.indicator(&body.cohort, measure))
            .collect::<Result<Vec<i64>, _>>()
    };
    let mut script = String::from("\\set op random(1, 9000000000000000000)\n\\set slot random(0, 15)\n");
    script.push_str("\\set n random(1, 1000000)\n");
    for (place, body) in bodies.iter().enumerate() {
        let is_mine = format!("mod(:client_id, {}) = {place}", bodies.len());
        writeln!(script, "\\if {is_mine}")?;
        let unit = body.id;
        let all = indicators(body, false)?;
        writeln!(
            script,
            "BEGIN;\n\
             INSERT INTO operation (account_id, op_id, request_hash, recorded_at, answer) \
             SELECT min(id), :op::bigint::text, repeat('f', 64), now(), repeat('a', 800) FROM account WHERE username = 'bench';\n\
             SELECT id FROM unit WHERE id = {unit} FOR NO KEY UPDATE;\n\
             INSERT INTO report (unit_id, plan_id, as_of, recorded_at, account_id, channel, reason) \
             VALUES ({unit}, {}, now(), now(), 1, 'api', '') RETURNING id AS report \\gset",
            plan.id,
        )?;
        let rows = |count: &str| {
            let row = |indicator: &i64| format!("(:report, {unit}, {indicator}, now(), {count}, 5000000)");
            all.iter().map(row).collect::<Vec<_>>().join(", ")
        };
        writeln!(
            script,
            "INSERT INTO figure (report_id, unit_id, indicator_id, as_of, count, base) VALUES {};\n\
             INSERT INTO latest (report_id, unit_id, indicator_id, as_of, count, base) VALUES {} \
             ON CONFLICT (unit_id, indicator_id) DO UPDATE SET report_id = excluded.report_id, as_of = excluded.as_of, \
             count = excluded.count, base = excluded.base;",
            rows(":n"),
            rows(":n"),
        )?;
        writeln!(
            script,
            "INSERT INTO received (plan_id, period_from, unit_id, first_at, last_report_id, given, counted) \
             VALUES ({}, current_date, {unit}, now(), :report, 63, 63) \
             ON CONFLICT (plan_id, period_from, unit_id) DO UPDATE \
             SET first_at = COALESCE(received.first_at, excluded.first_at), \
             last_report_id = excluded.last_report_id, given = received.given | excluded.given, \
             counted = received.counted | excluded.counted;",
            plan.id,
        )?;
        let mut above = body.lineage.get(1..).unwrap_or_default().to_vec();
        above.sort_unstable();
        // The last two ancestors are district and province: their rows are split into slots.
        let upper = &body.lineage[body.lineage.len().saturating_sub(2)..];
        let growing = indicators(body, true)?;
        let tallies: Vec<String> = above
            .iter()
            .flat_map(|unit| growing.iter().map(move |indicator| (unit, indicator)))
            .map(|(unit, indicator)| {
                let slot = if upper.contains(unit) { ":slot" } else { "0" };
                format!("({unit}, {indicator}, current_date, {slot}, 1, 1, 0, 0)")
            })
            .collect();
        writeln!(
            script,
            "INSERT INTO tally (unit_id, indicator_id, day, slot, count, counted, base, units) VALUES {} \
             ON CONFLICT (unit_id, indicator_id, day, slot) DO UPDATE SET count = tally.count + excluded.count, \
             counted = tally.counted + excluded.counted, base = tally.base + excluded.base, \
             units = tally.units + excluded.units;\n\
             SELECT seq, hash FROM audit_chain WHERE chain = mod(:client_id, 64) FOR UPDATE \\gset\n\
             INSERT INTO audit_event (chain, seq, at, account_id, actor, action, unit_id, detail, previous_hash, hash) \
             VALUES (mod(:client_id, 64), :seq::bigint + 1, now(), 1, 'Đầu mối đo tải', 'report.recorded', {unit}, \
             repeat('d', 750), repeat('e', 64), repeat('f', 64));\n\
             UPDATE audit_chain SET seq = :seq::bigint + 1, hash = repeat('f', 64) WHERE chain = mod(:client_id, 64);\n\
             COMMIT;\n\\endif",
            tallies.join(", "),
        )?;
    }
    Ok(script)
}
