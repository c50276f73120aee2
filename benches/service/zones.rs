//! The zones of a whole country: every commune with a decision a week for two years.

use std::time::Instant;

use chrono::{Duration, NaiveDate};
use serde::Serialize;
use vungxanh::{
    clock::Clock,
    domain::{
        actor::{Actor, Grant, Role},
        calendar,
        text::search_key,
        unit::UnitKind,
        zone::drive::Window,
    },
    store::{
        Conn, Store, Tuning,
        units::{self, NewUnit},
        zone_lines::{self, Detail},
    },
    usecases::{
        UseCaseError,
        judge_drive::{Question, judge_drive},
        see_zone_course::see_zone_course,
        see_zones::see_zones,
        verify::verify,
    },
};

use crate::{
    Options, Outcome,
    bulk::Bulk,
    databases::Database,
    statements,
    table::{Must, heading, median, percentile, reach},
};

/// The made-up unit above the provinces.
const COUNTRY: &str = "VN";
const COMMUNES: usize = 10_599;
/// Two years of weekly decisions, and those of a filling that is only checked.
const WEEKS: i64 = 104;
const FEW_WEEKS: i64 = 3;
/// The drive judged, in days up to today.
const DRIVE_DAYS: i64 = 10;
/// Calls of each view in each round.
const CALLS: usize = 5;

/// SQLite, and PostgreSQL if there is one.
pub fn measure(options: &Options) -> Outcome<()> {
    statements::watch_every_connection()?;
    run(options, "SQLite", &Database::sqlite)?;
    if let Some(url) = &options.postgres {
        return run(options, "PostgreSQL", &|| Database::postgres(url));
    }
    println!("\nPostgreSQL was not measured: give --postgres URL or VUNGXANH_TEST_POSTGRES");
    Ok(())
}

/// Milliseconds until the answer is there, and until it is written as JSON.
type Times = (f64, f64);
type View = fn(&Filled) -> Outcome<Times>;

fn run(options: &Options, backend: &str, database: &dyn Fn() -> Outcome<Database>) -> Outcome<()> {
    heading(&format!("zones: {backend}, {COMMUNES} communes, {WEEKS} weeks of decisions"));
    Filled::new(&database()?, FEW_WEEKS)?.check()?;
    let start = Instant::now();
    let database = database()?;
    let filled = Filled::new(&database, WEEKS)?;
    println!("  filled in {:.0} s", start.elapsed().as_secs_f64());
    let views: [(&str, View); 3] =
        [("board", Filled::board), ("course over two years", Filled::course), ("drive of ten days", Filled::drive)];
    let mut times: [Vec<Times>; 3] = Default::default();
    for round in 0..=options.rounds {
        for ((_, view), times) in views.iter().zip(&mut times) {
            let of_round = filled.calls(*view)?;
            // The first round only warms up.
            if round > 0 {
                times.extend(of_round);
            }
        }
    }
    for ((name, view), times) in views.iter().zip(times) {
        let of = |share| percentile(times.iter().map(|(seen, written)| seen + written), share);
        let (seen, written) = (median(times.iter().map(|t| t.0)), median(times.iter().map(|t| t.1)));
        println!("  {name:<24} median {seen:>6.1} ms + JSON {written:>5.1} ms   p95 {:>6.1} ms", of(0.95));
        reach(&format!("{name}, median with JSON"), &Must::AtMost(50.0), of(0.5), "ms");
        statements::watched(name, CALLS, || filled.calls(*view).map(|_| ()))?;
    }
    Ok(())
}

/// A store with the country in it.
struct Filled {
    store: Store,
    actor: Actor,
    today: NaiveDate,
    weeks: i64,
}

impl Filled {
    fn new(database: &Database, weeks: i64) -> Outcome<Self> {
        // The seed leaves provinces that are there as they are, so they stay below the country.
        Store::open(&database.address)?.write_now(|conn| units::add(conn, &country()))?;
        drop(database.open(Tuning::default())?);
        let today = calendar::day(Clock::System.now());
        decide(database, today, weeks)?;
        // Opening makes the lines of places that have none: the seeded ones are made anew with the others.
        let store = Store::open(&database.address)?;
        Bulk::connect(database)?.settle()?;
        let top = store.read_now(|conn| units::find(conn, COUNTRY))?.ok_or("the country is missing")?.id;
        let actor = Actor {
            account_id: 1,
            username: "bench".to_owned(),
            display_name: "Ban Chỉ đạo".to_owned(),
            grants: vec![Grant { role: Role::Committee, unit: top }],
        };
        Ok(Self { store, actor, today, weeks })
    }

    /// Whether the filling is what the program itself would have written.
    fn check(&self) -> Outcome<()> {
        if let Some(difference) = self.store.read_now(verify)?.difference {
            return Err(format!("the filling is not what the program writes: {difference}").into());
        }
        let top = self.actor.grants.first().ok_or("nothing is granted")?.unit;
        let lines = self.store.read_now(|conn| zone_lines::below(conn, top, .., Detail::Decisions))?;
        let first = calendar::start_of(self.today - Duration::weeks(self.weeks)).timestamp();
        let full = lines.iter().filter(|place| {
            let steps = place.line.steps.iter().filter(|step| step.second >= first);
            steps.count() == usize::try_from(self.weeks).unwrap_or(0)
        });
        let full = full.count();
        if full == COMMUNES { Ok(()) } else { Err(format!("{full} of {COMMUNES} communes have every decision").into()) }
    }

    fn timed<T: Serialize>(&self, view: impl FnOnce(&mut Conn) -> Result<T, UseCaseError>) -> Outcome<Times> {
        let start = Instant::now();
        let seen = self.store.read_now(view)?;
        let read = start.elapsed();
        let start = Instant::now();
        let text = serde_json::to_vec(&seen)?;
        let written = start.elapsed();
        if text.len() < 300 {
            return Err("there is nothing to see".into());
        }
        Ok((read.as_secs_f64() * 1000.0, written.as_secs_f64() * 1000.0))
    }

    fn board(&self) -> Outcome<Times> {
        let now = Clock::System.now();
        self.timed(|conn| see_zones(conn, &self.actor, Some(COUNTRY), now))
    }

    fn course(&self) -> Outcome<Times> {
        let window = self.window(7 * WEEKS)?;
        self.timed(|conn| see_zone_course(conn, &self.actor, Some(COUNTRY), window, UnitKind::Commune))
    }

    fn drive(&self) -> Outcome<Times> {
        let window = self.window(DRIVE_DAYS)?;
        let asked = Question { scope: Some(COUNTRY.to_owned()), window, kind: UnitKind::Commune };
        self.timed(|conn| judge_drive(conn, &self.actor, &asked))
    }

    fn window(&self, days: i64) -> Outcome<Window> {
        Ok(Window::new(self.today - Duration::days(days - 1), self.today).ok_or("the window is too long")?)
    }

    fn calls(&self, view: View) -> Outcome<Vec<Times>> {
        (0..CALLS).map(|_| view(self)).collect()
    }
}

/// The country and its provinces.
fn country() -> Vec<NewUnit> {
    let unit = |code: &str, name: &str, parent: Option<&str>| NewUnit {
        code: code.to_owned(),
        kind: UnitKind::Province,
        name: name.to_owned(),
        full_name: name.to_owned(),
        search_key: search_key(name),
        is_class: false,
        parent: parent.map(str::to_owned),
    };
    let list = include_str!("../../seed/units/vietnam-2021.csv");
    let provinces = list.lines().filter_map(|line| {
        let (code, rest) = line.split_once(',')?;
        let (name, _) = rest.strip_prefix("province,")?.split_once(',')?;
        Some(unit(code, name, Some(COUNTRY)))
    });
    std::iter::once(unit(COUNTRY, "Cả nước", None)).chain(provinces).collect()
}

/// A decision a week on every commune up to yesterday, each at an hour of its own; a commune changes every fourth week.
/// Every fiftieth has proposals too, all but the last overtaken.
fn decide(database: &Database, today: NaiveDate, weeks: i64) -> Outcome<()> {
    let mut bulk = Bulk::connect(database)?;
    let first = calendar::start_of(today - Duration::days(7 * weeks - 6)).timestamp();
    let at = bulk.instant(&format!("{first} + w.n * 604800 + u.id % 24 * 3600"));
    let insert = format!(
        "WITH RECURSIVE w (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM w WHERE n < {last}), \
         u (id) AS (SELECT id FROM unit WHERE kind = 'commune') \
         INSERT INTO zone_decision (unit_id, scheme, level, effective_from, decision_number, decision_issuer, \
         is_official, note, recorded_at, account_id, is_withdrawal, reason)",
        last = weeks - 1
    );
    let block = "((w.n + u.id % 4) / 4)";
    let level = format!("1 + (u.id + {block} * ({block} + 1) / 2) % 4");
    let scheme = format!("CASE WHEN w.n < {} THEN 'nq_128_qd_4800' ELSE 'nq_128_qd_218' END", weeks / 2);
    bulk.run(&[
        format!(
            "{insert} SELECT u.id, {scheme}, 1, {at}, NULL, NULL, FALSE, '', {at}, 1, FALSE, '' FROM u, w \
             WHERE u.id % 50 = 0 AND w.n < {last} ORDER BY w.n, u.id",
            last = weeks - 1
        ),
        format!(
            "{insert} SELECT u.id, {scheme}, {level}, {at}, w.n || '/QĐ-UBND', 'Ủy ban nhân dân tỉnh', TRUE, '', {at}, \
             1, FALSE, '' FROM u, w ORDER BY w.n, u.id"
        ),
        format!(
            "{insert} SELECT u.id, {scheme}, 1, {at}, NULL, NULL, FALSE, '', {at}, 1, FALSE, '' FROM u, w \
             WHERE u.id % 50 = 0 AND w.n = {last} ORDER BY u.id",
            last = weeks - 1
        ),
        "DELETE FROM zone_line".to_owned(),
    ])
}
