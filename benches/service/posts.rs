//! POST of one report, durable, 32 clients: against one transaction per request, and against pgbench.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use vungxanh::store::Tuning;

use crate::{
    Options, Outcome,
    databases::{Database, bodies},
    disk::Probe,
    pgbench::Pgbench,
    round::{Round, Server},
    statements::{Recorder, TOGETHER},
    table::{Must, heading, median, percentile, reach},
};

/// Commits the disk is measured by in each round.
const COMMITS: usize = 200;
/// Transactions of 32 reports that the program is measured by in each round.
const SHARED: i64 = 20;

/// Milliseconds of a sync: of a usual SSD, and of a hard disk that turns twice (7,200 a minute).
const SLOW_SYNCS: [u64; 2] = [2, 17];

/// SQLite on this disk and on slower ones, and PostgreSQL if there is one.
pub fn measure(options: &Options) -> Outcome<()> {
    if let Some(ms) = options.slow_sync {
        return sqlite(options, &format!("disk with {ms} ms sync"));
    }
    sqlite(options, "this disk")?;
    with_slow_syncs(options)?;
    if let Some(url) = &options.postgres {
        return postgres(options, url);
    }
    println!("\nPostgreSQL was not measured: give --postgres URL or VUNGXANH_TEST_POSTGRES");
    Ok(())
}

struct Line {
    /// Milliseconds of a commit of one row.
    commit: f64,
    /// Milliseconds of a transaction that 32 reports share.
    shared: f64,
    one: Round,
    grouped: Round,
}

fn sqlite(options: &Options, disk: &str) -> Outcome<()> {
    heading(&format!("posts: SQLite, {disk}"));
    let (one_database, grouped_database) = (Database::sqlite()?, Database::sqlite()?);
    let one_store = one_database.open(Tuning { most_per_commit: 1 })?;
    let grouped_store = grouped_database.open(Tuning::default())?;
    let (_, bodies) = bodies(&one_store)?;
    let one = Server::start("one", one_store, &bodies)?;
    let grouped = Server::start("grouped", grouped_store, &bodies)?;
    let mut probe = Probe::new()?;
    let shared_database = Database::sqlite()?;
    let mut recorder = Recorder::open(&shared_database)?;
    let lasting = Duration::from_secs_f64(options.seconds);
    println!("  round   commit p50   one per commit: /s   p99 ms   µs CPU      grouped: /s   p99 ms   µs CPU   ratio");
    let mut lines = Vec::new();
    for round in 0..=options.rounds {
        let line = Line {
            commit: median(probe.commits(COMMITS)?),
            shared: median(recorder.record(SHARED * TOGETHER, TOGETHER)?),
            one: one.round(lasting)?,
            grouped: grouped.round(lasting)?,
        };
        println!(
            "  {round:>5}   {:>7.2} ms   {:>18.0}  {:>7.1}  {:>7.0}  {:>14.0}  {:>7.1}  {:>7.0}  {:>6.2}{}",
            line.commit,
            line.one.rate,
            p99(&line.one),
            line.one.cpu,
            line.grouped.rate,
            p99(&line.grouped),
            line.grouped.cpu,
            line.grouped.rate / line.one.rate,
            if round == 0 { "   (warming up, not counted)" } else { "" },
        );
        if round > 0 {
            lines.push(line);
        }
    }
    reach(
        "grouped ÷ one transaction per request, rate",
        &Must::AtLeast(5.0),
        median(lines.iter().map(|line| line.grouped.rate / line.one.rate)),
        "×",
    );
    reach(
        "p99 ÷ durable commit p50 of one row",
        &Must::AtMost(5.0),
        median(lines.iter().map(|line| p99(&line.grouped) / line.commit)),
        "×",
    );
    println!(
        "  p99 ÷ a transaction of 32 reports, work and commit: {:.1} ×",
        median(lines.iter().map(|line| p99(&line.grouped) / line.shared)),
    );
    println!(
        "  commit p50 {:.2} ms, transaction of 32 reports {:.1} ms; grouped: p50 {:.1} ms, p99 {:.1} ms, {:.0} µs of processor time a POST",
        median(lines.iter().map(|line| line.commit)),
        median(lines.iter().map(|line| line.shared)),
        median(lines.iter().map(|line| percentile(line.grouped.latencies.iter().copied(), 0.5))),
        median(lines.iter().map(|line| p99(&line.grouped))),
        median(lines.iter().map(|line| line.grouped.cpu)),
    );
    Ok(())
}

fn p99(round: &Round) -> f64 {
    percentile(round.latencies.iter().copied(), 0.99)
}

/// The same in child processes whose `fsync` and `fdatasync` take longer.
fn with_slow_syncs(options: &Options) -> Outcome<()> {
    let Some(library) = slow_sync_library() else {
        println!("\nA slow disk was not tried: there is no C compiler `cc`");
        return Ok(());
    };
    for ms in SLOW_SYNCS.map(|ms| ms.to_string()) {
        let status = Command::new(std::env::current_exe()?)
            .args(["posts", "--slow-sync", &ms, "--rounds", &options.rounds.to_string()])
            .args(["--seconds", &options.seconds.to_string()])
            .env("LD_PRELOAD", &library)
            .env("SLOW_SYNC_MS", &ms)
            .status()?;
        if !status.success() {
            return Err("the process with a slow sync failed".into());
        }
    }
    Ok(())
}

fn slow_sync_library() -> Option<PathBuf> {
    let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join("slow_sync.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/service/slow_sync.c");
    std::fs::create_dir_all(library.parent()?).ok()?;
    let compiled = Command::new("cc").args(["-shared", "-fPIC", "-O2", "-o"]).arg(&library).arg(source).status();
    compiled.is_ok_and(|status| status.success()).then_some(library)
}

fn postgres(options: &Options, url: &str) -> Outcome<()> {
    heading("posts: PostgreSQL");
    // pgbench reports as of now: in one database with ours, it would make every report of ours one of an earlier time.
    let (database, bare_database) = (Database::postgres(url)?, Database::postgres(url)?);
    let store = database.open(Tuning::default())?;
    let (plan, of_bare) = bodies(&bare_database.open(Tuning::default())?)?;
    let (_, bodies) = bodies(&store)?;
    let Some(pgbench) = Pgbench::find(&bare_database, &plan, &of_bare)? else {
        println!("  pgbench was not found");
        return Ok(());
    };
    let server = Server::start("postgres", store, &bodies)?;
    let lasting = Duration::from_secs_f64(options.seconds);
    println!("  round   pgbench: /s        ours: /s   p50 ms   p99 ms   µs CPU   ratio");
    let mut ratios = Vec::new();
    for round in 0..=options.rounds {
        let bare = pgbench.rate(lasting)?;
        let ours = server.round(lasting)?;
        println!(
            "  {round:>5}   {bare:>11.0}  {:>14.0}  {:>7.1}  {:>7.1}  {:>7.0}  {:>6.2}{}",
            ours.rate,
            percentile(ours.latencies.iter().copied(), 0.5),
            p99(&ours),
            ours.cpu,
            ours.rate / bare,
            if round == 0 { "   (warming up, not counted)" } else { "" },
        );
        if round > 0 {
            ratios.push(ours.rate / bare);
        }
    }
    reach("ours ÷ pgbench with the same writes, rate", &Must::AtLeast(0.5), median(ratios), "×");
    Ok(())
}
