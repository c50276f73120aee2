//! The overview of a district with 400 agencies and 400 days of daily reports, alone in the database and beside ten
//! other districts like it.

use std::time::Instant;

use vungxanh::{
    clock::Clock,
    domain::{
        actor::{Actor, Grant, Role},
        calendar,
        text::search_key,
        unit::UnitKind,
    },
    store::{
        Store, StoreError, Tuning, plans,
        plans::{Assignment, StoredPlan},
        received, tallies, units,
        units::NewUnit,
    },
    usecases::{
        progress::{Moment, Obligations, progress},
        see_overview::see_overview,
        verify::verify,
    },
};

use crate::{
    Options, Outcome,
    bulk::Bulk,
    databases::{Database, bodies},
    statements,
    table::{Must, heading, median, percentile, reach},
};

/// Agencies in each district, and the other districts.
const UNITS: i64 = 400;
const ELSEWHERE: usize = 10;
/// The district measured: it has no agencies of the plan's own.
const MEASURED: &str = "890";
/// Calls in each round on each side, and rounds.
const CALLS: usize = 20;
const ROUNDS: usize = 10;
/// The clause and cohort the made agencies answer for, and its measures: two bases first.
const SECTION: &str = "III.1";
const COHORT: &str = "staff_a";
const MEASURES: [&str; 6] =
    ["headcount", "smartphone_users", "bluezone_installed", "ncovi_declared", "ncovi_installed", "tokhaiyte_declared"];

/// SQLite, and PostgreSQL if there is one.
pub fn measure(options: &Options) -> Outcome<()> {
    statements::watch_every_connection()?;
    compare(options, "SQLite", &Database::sqlite)?;
    if let Some(url) = &options.postgres {
        return compare(options, "PostgreSQL", &|| Database::postgres(url));
    }
    println!("\nPostgreSQL was not measured: give --postgres URL or VUNGXANH_TEST_POSTGRES");
    Ok(())
}

fn compare(options: &Options, backend: &str, database: &dyn Fn() -> Outcome<Database>) -> Outcome<()> {
    heading(&format!("overview: {backend}, {UNITS} agencies, {} days", options.days));
    check_filling(&database()?)?;
    let start = Instant::now();
    let (alone, beside) = (database()?, database()?);
    let alone_store = Filled::new(&alone, options.days, UNITS, 0)?;
    let beside_store = Filled::new(&beside, options.days, UNITS, ELSEWHERE)?;
    println!("  filled in {:.0} s", start.elapsed().as_secs_f64());
    let (mut of_alone, mut of_beside) = (Vec::new(), Vec::new());
    for (name, store) in [("alone", &alone_store), ("beside ten others", &beside_store)] {
        println!("  {name:<18} first  {:>7.2} ms   with the figures of a week ago", median(store.calls(1)?));
        store.calls(CALLS)?;
    }
    for _ in 0..ROUNDS {
        of_alone.extend(alone_store.calls(CALLS)?);
        of_beside.extend(beside_store.calls(CALLS)?);
    }
    for (name, times) in [("alone", &of_alone), ("beside ten others", &of_beside)] {
        let of = |share| percentile(times.iter().copied(), share);
        println!("  {name:<18} median {:>7.2} ms   p95 {:>7.2} ms   {} calls", of(0.5), of(0.95), times.len());
    }
    let (alone, beside) = (median(of_alone), median(of_beside));
    reach("overview of a district, median", &Must::AtMost(10.0), alone, "ms");
    reach("the same beside ten times the rows", &Must::AtMost(10.0), beside, "ms");
    reach("beside ÷ alone", &Must::AtMost(1.5), beside / alone, "×");
    statements::watched("an overview alone", CALLS, || alone_store.calls(CALLS).map(|_| ()))?;
    statements::watched("an overview beside ten others", CALLS, || beside_store.calls(CALLS).map(|_| ()))
}

/// A store with made districts.
struct Filled {
    store: Store,
    plan: StoredPlan,
    actor: Actor,
}

impl Filled {
    fn new(database: &Database, days: i64, units: i64, elsewhere: usize) -> Outcome<Self> {
        let store = database.open(Tuning::default())?;
        let (plan, _) = bodies(&store)?;
        let districts = store.read_now(|conn| {
            let mut districts = vec![MEASURED.to_owned()];
            let all = (1..=99).map(|number| format!("{number:02}"));
            for province in all {
                if let Some(province) = units::find(conn, &province)? {
                    let found = units::subtree(conn, province.id, Some(UnitKind::District))?;
                    districts.extend(found.into_iter().map(|unit| unit.code).filter(|code| code != MEASURED).take(1));
                }
            }
            Ok::<_, StoreError>(districts)
        })?;
        let districts = &districts[..=elsewhere];
        add_units(&store, &plan, districts, units)?;
        let mut filler = Filler::new(database, &plan, days)?;
        for district in districts {
            filler.fill(district, units)?;
        }
        // As the running service does every minute with the days that are over.
        store.write_now::<usize, StoreError>(|conn| tallies::fold(conn, calendar::day(Clock::System.now())))?;
        filler.conn.settle()?;
        let top = store.read_now(|conn| units::find(conn, MEASURED))?.ok_or("the district is missing")?.id;
        let actor = Actor {
            account_id: 1,
            username: "bench".to_owned(),
            display_name: "Ban Chỉ đạo".to_owned(),
            grants: vec![Grant { role: Role::Committee, unit: top }],
        };
        let moment = Moment::new(None, Clock::System.now()).week_before();
        let before = store.read_now(|conn| {
            let obligations = Obligations::read(conn, &plan, top)?;
            progress(conn, &obligations, moment, |_| true)
        })?;
        let reported = before.iter().filter(|unit| !unit.figures.is_empty()).count();
        if i64::try_from(reported)? != if days > 7 { units } else { 0 } {
            return Err(format!("{reported} of {units} agencies had reported a week ago").into());
        }
        Ok(Self { store, plan, actor })
    }

    /// The milliseconds of each of some calls.
    fn calls(&self, how_many: usize) -> Outcome<Vec<f64>> {
        let moment = Moment::new(None, Clock::System.now());
        (0..how_many)
            .map(|_| {
                let start = Instant::now();
                let seen =
                    self.store.read_now(|conn| see_overview(conn, &self.actor, &self.plan, Some(MEASURED), moment))?;
                let lasted = start.elapsed().as_secs_f64() * 1000.0;
                if seen.bodies_reported == 0 || seen.trend.iter().all(|line| line.points.is_empty()) {
                    return Err("the overview shows nothing".into());
                }
                Ok(lasted)
            })
            .collect()
    }
}

fn add_units(store: &Store, plan: &StoredPlan, districts: &[String], each: i64) -> Outcome<()> {
    let new: Vec<NewUnit> = districts
        .iter()
        .flat_map(|district| (0..each).map(move |number| (district, number)))
        .map(|(district, number)| {
            let name = format!("Cơ quan {number} huyện {district}");
            NewUnit {
                code: format!("BN-{district}-{number:04}"),
                kind: UnitKind::DistrictOffice,
                search_key: search_key(&name),
                full_name: name.clone(),
                name,
                is_class: false,
                parent: Some(district.clone()),
            }
        })
        .collect();
    let plan_id = plan.id;
    store.write_now(move |conn| {
        units::add(conn, &new)?;
        let obliged = new
            .iter()
            .map(|new| {
                let unit = units::find(conn, &new.code)?.ok_or(StoreError::NotFound)?.id;
                Ok(Assignment { unit, section: SECTION.to_owned(), cohort: COHORT.to_owned() })
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        plans::assign(conn, plan_id, &obliged)
    })?;
    Ok(())
}

/// Writes reports in bulk: what `record_report` would have written, without operations and audit events, which an
/// overview does not read.
struct Filler {
    conn: Bulk,
    plan_id: i64,
    days: i64,
    /// (indicator, kind): 0 the people, 1 the base, 2 what grows.
    measures: String,
}

impl Filler {
    fn new(database: &Database, plan: &StoredPlan, days: i64) -> Outcome<Self> {
        let conn = Bulk::connect(database)?;
        let rows = MEASURES
            .iter()
            .enumerate()
            .map(|(place, measure)| Ok(format!("({}, {})", plan.indicator(COHORT, measure)?, place.min(2))))
            .collect::<Outcome<Vec<_>>>()?;
        Ok(Self { conn, plan_id: plan.id, days, measures: rows.join(", ") })
    }

    /// Reports of every made agency of a district, each day at nine in the morning up to yesterday.
    fn fill(&mut self, district: &str, units: i64) -> Outcome<()> {
        let (days, plan_id, measures) = (self.days, self.plan_id, &self.measures);
        let first_day = calendar::day(Clock::System.now()) - chrono::Duration::days(days);
        let first = calendar::start_of(first_day).timestamp() + 9 * 3600;
        let seconds = format!("({first} + d.n * 86400)");
        // A table grows by day on PostgreSQL; SQLite keeps its order by key, so that is the fast way in.
        let (as_of, day, slot, order, overriding) = match self.conn {
            Bulk::Sqlite(_) => {
                let day = format!("date('{first_day}', '+' || d.n || ' days')");
                (format!("{seconds} * 1000000"), day, "0", "u.id, d.n", "")
            }
            Bulk::Postgres(_) => (
                format!("to_timestamp({seconds})"),
                format!("DATE '{first_day}' + d.n::int"),
                "t.unit_id % 16",
                "d.n, u.id",
                "OVERRIDING SYSTEM VALUE",
            ),
        };
        let with = format!(
            "WITH RECURSIVE d (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM d WHERE n < {last}), \
             m (indicator, kind) AS (VALUES {measures}), \
             u (id, p) AS (SELECT id, row_number() OVER (ORDER BY id) - 1 FROM unit WHERE code LIKE 'BN-{district}-%'), \
             r (first) AS (SELECT coalesce(max(id), 0) + 1 FROM report)",
            last = days - 1
        );
        // The reports are there when their figures are written, so theirs is the number before.
        let report = format!("(r.first + u.p * {days} + d.n)");
        let figure_of = format!("(r.first - {units} * {days} + u.p * {days} + d.n)");
        let count = |n: &str| {
            format!(
                "CASE m.kind WHEN 0 THEN 1000 + u.p WHEN 1 THEN 900 + u.p ELSE (900 + u.p) * ({n} + 1) / {days} END"
            )
        };
        let base = "CASE m.kind WHEN 0 THEN NULL WHEN 1 THEN 1000 + u.p ELSE 900 + u.p END";
        let (today, yesterday) = (count("d.n"), count("(d.n - 1)"));
        let change = format!("({today}) - CASE d.n WHEN 0 THEN 0 ELSE {yesterday} END");
        self.conn.run(&[
            format!(
                "{with} INSERT INTO report (id, unit_id, plan_id, as_of, recorded_at, account_id, channel, reason) \
                 {overriding} SELECT {report}, u.id, {plan_id}, {as_of}, {as_of}, 1, 'api', '' FROM u, d, r \
                 ORDER BY {order}"
            ),
            format!(
                "{with} INSERT INTO figure (report_id, unit_id, indicator_id, as_of, count, base) \
                 SELECT {figure_of}, u.id, m.indicator, {as_of}, {today}, {base} FROM u, d, m, r \
                 ORDER BY {order_of_figures}",
                order_of_figures = if overriding.is_empty() { "u.id, m.indicator, d.n" } else { order },
            ),
            format!(
                "{with} INSERT INTO latest (report_id, unit_id, indicator_id, as_of, count, base) \
                 SELECT {figure_of}, u.id, m.indicator, {as_of}, {today}, {base} FROM u, d, m, r \
                 WHERE d.n = {last} ORDER BY u.id, m.indicator",
                last = days - 1
            ),
            format!(
                "{with}, t (unit_id, indicator_id, day, change, base, units) AS \
                 (SELECT u.id, m.indicator, {day}, {change}, CASE d.n WHEN 0 THEN coalesce({base}, 0) ELSE 0 END, \
                 CASE d.n WHEN 0 THEN 1 ELSE 0 END FROM u, d, m WHERE d.n = 0 OR {change} <> 0) \
                 INSERT INTO tally (unit_id, indicator_id, day, slot, count, counted, base, units) \
                 SELECT c.ancestor_id, t.indicator_id, t.day, {slot}, sum(t.change), sum(t.change), sum(t.base), \
                 sum(t.units) FROM t JOIN unit_closure c ON c.unit_id = t.unit_id AND c.depth > 0 \
                 WHERE true GROUP BY 1, 2, 3, 4 ORDER BY 3, 1, 2, 4 \
                 ON CONFLICT (unit_id, indicator_id, day, slot) DO UPDATE SET count = tally.count + excluded.count, \
                 counted = tally.counted + excluded.counted, base = tally.base + excluded.base, \
                 units = tally.units + excluded.units"
            ),
        ])
    }
}

/// A small filling is what `verify` expects, but for the audit events that were left out on purpose.
fn check_filling(database: &Database) -> Outcome<()> {
    let filled = Filled::new(database, 6, 5, 2)?;
    // What was received of each week is not read by an overview, and made here from the reports.
    let plan = filled.plan.clone();
    filled.store.write_now(move |conn| received::rebuild(conn, &plan))?;
    let found = filled.store.read_now(verify)?;
    match found.difference {
        Some(difference) if difference.ends_with("has no audit event") => Ok(()),
        difference => Err(format!("the filling is not what the program writes: {difference:?}").into()),
    }
}
