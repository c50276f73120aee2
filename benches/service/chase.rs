//! The chase list of a made-up country: 12,000 bodies that report every week, two years of weeks; without HTTP.

use std::time::Instant;

use vungxanh::{
    clock::Clock,
    domain::{
        actor::{Actor, Grant, Role},
        schedule::Period,
        text::search_key,
        unit::{UnitId, UnitKind},
    },
    store::{
        Store, StoreError, Tuning, plans,
        plans::{Assignment, StoredPlan},
        units,
        units::NewUnit,
    },
    usecases::see_chase::{Asked, see_chase},
};

use crate::{
    Options, Outcome,
    bulk::Bulk,
    databases::{Database, bodies},
    statements,
    table::{Must, heading, median, percentile, reach},
};

const UNITS: usize = 12_000;
const WEEKS: usize = 104;
const CALLS: usize = 10;
const ROUNDS: usize = 10;
/// Of so many bodies in a hundred the report of the last week is there.
const SENT: usize = 60;
/// The clause and cohorts they answer for.
const SECTION: &str = "III.1";
const COHORTS: [&str; 2] = ["staff_a", "relatives"];

/// SQLite, and PostgreSQL if there is one.
pub fn measure(options: &Options) -> Outcome<()> {
    statements::watch_every_connection()?;
    measured("SQLite", &Database::sqlite()?)?;
    if let Some(url) = &options.postgres {
        return measured("PostgreSQL", &Database::postgres(url)?);
    }
    println!("\nPostgreSQL was not measured: give --postgres URL or VUNGXANH_TEST_POSTGRES");
    Ok(())
}

fn measured(backend: &str, database: &Database) -> Outcome<()> {
    heading(&format!("chase: {backend}, {UNITS} bodies, {WEEKS} weeks"));
    let start = Instant::now();
    let (store, plan, actor) = filled(database)?;
    println!("  filled in {:.0} s", start.elapsed().as_secs_f64());
    let now = Clock::System.now();
    let call = || {
        let begun = Instant::now();
        let asked = Asked { scope: Some("89".to_owned()), ..Asked::default() };
        let list = store.read_now(|conn| see_chase(conn, &actor, &plan, &asked, now))?;
        let lasted = begun.elapsed().as_secs_f64() * 1000.0;
        let sent: usize = list.counts.iter().filter(|(state, _)| !state.is_silent()).map(|(_, n)| n).sum();
        if list.expected < UNITS || sent < UNITS * SENT / 100 {
            return Err(format!("{sent} of {} had sent", list.expected).into());
        }
        Ok::<f64, Box<dyn std::error::Error + Send + Sync>>(lasted)
    };
    let calls = |n: usize| (0..n).map(|_| call()).collect::<Outcome<Vec<f64>>>();
    calls(CALLS)?;
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        times.extend(calls(CALLS)?);
    }
    let of = |share| percentile(times.iter().copied(), share);
    println!("  median {:>7.2} ms   p95 {:>7.2} ms   {} calls", of(0.5), of(0.95), times.len());
    reach("chase list of 12,000 bodies, median", &Must::AtMost(50.0), median(times), "ms");
    statements::watched("a chase list", CALLS, || calls(CALLS).map(|_| ()))
}

fn filled(database: &Database) -> Outcome<(Store, StoredPlan, Actor)> {
    let store = database.open(Tuning::default())?;
    let (plan, _) = bodies(&store)?;
    let top = store.read_now(|conn| units::find(conn, "89"))?.ok_or("the province is missing")?.id;
    let new: Vec<NewUnit> = (0..UNITS)
        .map(|number| {
            let name = format!("Cơ quan {number}");
            NewUnit {
                code: format!("DD-{number:05}"),
                kind: UnitKind::DistrictOffice,
                search_key: search_key(&name),
                full_name: name.clone(),
                name,
                is_class: false,
                parent: Some("890".to_owned()),
            }
        })
        .collect();
    let plan_id = plan.id;
    let ids = store.write_now(move |conn| {
        units::add(conn, &new)?;
        let codes: Vec<&str> = new.iter().map(|unit| unit.code.as_str()).collect();
        let ids: Vec<UnitId> = units::with_codes(conn, &codes)?.iter().map(|unit| unit.id).collect();
        let obliged = |unit: &UnitId| {
            COHORTS.map(|cohort| Assignment { unit: *unit, section: SECTION.to_owned(), cohort: cohort.to_owned() })
        };
        let obliged: Vec<Assignment> = ids.iter().flat_map(obliged).collect();
        plans::assign(conn, plan_id, &obliged)?;
        Ok::<_, StoreError>(ids)
    })?;
    let weeks = plan.timetable.newest(Clock::System.now(), WEEKS);
    fill(database, &plan, &weeks, &ids)?;
    let grants = vec![Grant { role: Role::Consolidator, unit: top }];
    let actor = Actor { account_id: 1, username: "bench".to_owned(), display_name: "Phòng VH&TT".to_owned(), grants };
    Ok((store, plan, actor))
}

/// Writes what `record_report` would have written of each week for the list: every body sent every week but one in
/// seven, and of the last week so many.
fn fill(database: &Database, plan: &StoredPlan, weeks: &[Period], ids: &[UnitId]) -> Outcome<()> {
    let mut conn = Bulk::connect(database)?;
    let bit = |cohort: &str| plan.plan.cohort_bit(cohort).map_or(0_i64, |bit| 1 << bit);
    let given: i64 = COHORTS.iter().map(|cohort| bit(cohort)).sum();
    let (Some(first), Some(last)) = (ids.iter().min(), ids.iter().max()) else { return Err("no bodies".into()) };
    for (place, week) in weeks.iter().enumerate() {
        let wanted = if place + 1 == weeks.len() {
            format!("u.id % 100 < {SENT}")
        } else {
            format!("(u.id + {place}) % 7 <> 0")
        };
        let at = conn.instant(&week.opens.timestamp().to_string());
        let from = week.from;
        let day = if matches!(conn, Bulk::Sqlite(_)) { format!("'{from}'") } else { format!("DATE '{from}'") };
        conn.run(&[format!(
            "INSERT INTO received (plan_id, period_from, unit_id, first_at, last_report_id, given, counted) \
             SELECT {plan}, {day}, u.id, {at}, 1, {given}, {given} FROM unit u \
             WHERE u.id BETWEEN {first} AND {last} AND {wanted} ORDER BY u.id",
            plan = plan.id,
            first = first.0,
            last = last.0,
        )])?;
    }
    conn.settle()
}
