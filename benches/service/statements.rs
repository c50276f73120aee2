//! Where the time of one report goes: each statement of `record_report`, one after the other on one thread.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use vungxanh::{
    clock::Clock,
    domain::{
        actor::{Actor, Grant, Role},
        number::Given,
    },
    store::{Store, Tuning, plans::StoredPlan},
    usecases::record_report::{Part, Submission, record_report},
};

use crate::{
    Options, Outcome,
    databases::{Body, Database, bodies},
    table::heading,
};

/// Reports before the watch starts, and reports watched.
const FIRST: i64 = 500;
const REPORTS: i64 = 2000;
/// Reports that share a transaction, as under load.
pub const TOGETHER: i64 = 32;

static IS_WATCHING: AtomicBool = AtomicBool::new(false);
static SEEN: Mutex<BTreeMap<String, (f64, u32)>> = Mutex::new(BTreeMap::new());

#[derive(Default)]
struct Watch(Option<(String, Instant)>);

impl Instrumentation for Watch {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if !IS_WATCHING.load(Ordering::Relaxed) {
            return;
        }
        match event {
            InstrumentationEvent::StartQuery { query, .. } => {
                let text = query.to_string();
                let name: String = text.split("-- binds").next().unwrap_or_default().chars().take(72).collect();
                self.0 = Some((name, Instant::now()));
            }
            InstrumentationEvent::FinishQuery { .. } => {
                if let Some((name, start)) = self.0.take()
                    && let Ok(mut seen) = SEEN.lock()
                {
                    let entry = seen.entry(name).or_default();
                    entry.0 += start.elapsed().as_secs_f64() * 1e6;
                    entry.1 += 1;
                }
            }
            _ => {}
        }
    }
}

/// Makes every connection opened from now on one that can be watched.
pub fn watch_every_connection() -> Outcome<()> {
    Ok(set_default_instrumentation(|| Some(Box::new(Watch::default())))?)
}

/// SQLite, and PostgreSQL if there is one.
pub fn measure(options: &Options) -> Outcome<()> {
    watch_every_connection()?;
    heading("statements: SQLite, 32 reports to a transaction");
    report(&Database::sqlite()?, TOGETHER)?;
    if let Some(url) = &options.postgres {
        heading("statements: PostgreSQL, one report to a transaction");
        report(&Database::postgres(url)?, 1)?;
    }
    Ok(())
}

fn report(database: &Database, together: i64) -> Outcome<()> {
    let mut recorder = Recorder::open(database)?;
    recorder.record(FIRST, together)?;
    let start = Instant::now();
    recorder.record(REPORTS, together)?;
    let each = start.elapsed().as_secs_f64() * 1e6 / f64::from(u32::try_from(REPORTS)?);
    println!("  {each:>8.1} µs a report, not watched");
    watched("a report", usize::try_from(REPORTS)?, || recorder.record(REPORTS, together).map(drop))
}

/// Does something a number of times and prints where the time of one went, by statement.
pub fn watched(what: &str, times: usize, work: impl FnOnce() -> Outcome<()>) -> Outcome<()> {
    let times = f64::from(u32::try_from(times)?);
    IS_WATCHING.store(true, Ordering::Relaxed);
    let outcome = work();
    IS_WATCHING.store(false, Ordering::Relaxed);
    outcome?;
    let mut seen: Vec<(String, (f64, u32))> = SEEN.lock().map_err(|_| "poisoned")?.split_off("").into_iter().collect();
    seen.sort_by(|a, b| b.1.0.total_cmp(&a.1.0));
    let total: f64 = seen.iter().map(|(_, (micros, _))| micros).sum();
    println!("  {:>8.1} µs {what} in statements, watched:", total / times);
    for (name, (micros, count)) in seen {
        println!("  {:>8.1} µs  {:>5.2} times  {}", micros / times, f64::from(count) / times, name.replace('\n', " "));
    }
    Ok(())
}

/// Records reports without HTTP.
pub struct Recorder {
    store: Store,
    plan: StoredPlan,
    bodies: Vec<Body>,
    /// The next report's number: its moment, operation and figures follow from it.
    next: i64,
}

impl Recorder {
    /// One for a database of its own.
    pub fn open(database: &Database) -> Outcome<Self> {
        let store = database.open(Tuning::default())?;
        let (plan, bodies) = bodies(&store)?;
        Ok(Self { store, plan, bodies, next: 0 })
    }

    /// Records some, so many to a transaction; the milliseconds of each transaction.
    pub fn record(&mut self, reports: i64, together: i64) -> Outcome<Vec<f64>> {
        let area = self.plan.area.ok_or(vungxanh::store::StoreError::NotFound)?;
        let actor = Actor {
            account_id: 1,
            username: "bench".to_owned(),
            display_name: "Đầu mối đo tải".to_owned(),
            grants: vec![Grant { role: Role::FocalPoint, unit: area }],
        };
        let now = Clock::System.now();
        let end = self.next + reports;
        let mut lasted = Vec::new();
        while self.next < end {
            let numbers = self.next..end.min(self.next + together);
            self.next = numbers.end;
            let batch: Vec<Submission> = numbers.map(|number| submission(&self.bodies, number, now)).collect();
            let (actor, plan) = (actor.clone(), self.plan.clone());
            let start = Instant::now();
            self.store.write_now(move |conn| {
                batch.iter().try_for_each(|submission| record_report(conn, &actor, &plan, submission, now).map(|_| ()))
            })?;
            lasted.push(start.elapsed().as_secs_f64() * 1000.0);
        }
        Ok(lasted)
    }
}

fn submission(bodies: &[Body], number: i64, now: chrono::DateTime<chrono::Utc>) -> Submission {
    let of_unit = i64::try_from(bodies.len()).unwrap_or(1);
    let body = &bodies[usize::try_from(number % of_unit).unwrap_or_default()];
    let growing = 1_000_000 + number / of_unit;
    let figures = [
        ("headcount", 6_000_000),
        ("smartphone_users", 5_000_000),
        ("bluezone_installed", growing),
        ("ncovi_declared", growing),
        ("ncovi_installed", growing),
        ("tokhaiyte_declared", growing),
    ];
    let figures = figures.into_iter().map(|(measure, count)| (measure.to_owned(), Given::Whole(count))).collect();
    Submission {
        op_id: Some(format!("statement-{number}")),
        as_of: now - chrono::Duration::days(3) + chrono::Duration::seconds(number),
        channel: "api",
        reason: String::new(),
        supersedes: None,
        parts: vec![Part { unit: body.code.clone(), lines: BTreeMap::from([(body.cohort.clone(), figures)]) }],
    }
}
