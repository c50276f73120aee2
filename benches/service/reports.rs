//! What the official report costs: consolidated, and written as Word and Excel, for a district and for a province.

use std::{collections::BTreeMap, time::Instant};

use vungxanh::{
    clock::Clock,
    documents::official,
    domain::{
        actor::{Actor, Grant, Role},
        calendar,
        consolidated::{
            ConsolidatedReport,
            choices::{Choices, Period},
        },
        number::Given,
        text::search_key,
        unit::UnitKind,
    },
    store::{
        Conn, Store, StoreError, Tuning, accounts,
        plans::{self, Assignment, StoredPlan},
        units::{self, NewUnit},
    },
    usecases::{
        UseCaseError,
        consolidate::consolidate,
        make_demo::make_demo,
        record_report::{Part, Submission, record_report},
    },
};

use crate::{
    Options, Outcome,
    databases::Database,
    table::{Must, heading, median, reach},
};

/// The district of the plan, and the province around it: 156 communes.
const PLAN: &str = "cho-moi-1677";
const PROVINCE: &str = "89";
/// Most milliseconds a Word file may take, with consolidating what is in it.
const DISTRICT_MOST: f64 = 1000.0;
const PROVINCE_MOST: f64 = 3000.0;

/// SQLite, and PostgreSQL if there is one.
pub fn measure(options: &Options) -> Outcome<()> {
    run(options, "SQLite", &Database::sqlite()?)?;
    match &options.postgres {
        Some(url) => run(options, "PostgreSQL", &Database::postgres(url)?),
        None => Ok(()),
    }
}

fn run(options: &Options, name: &str, database: &Database) -> Outcome<()> {
    heading(&format!("reports, {name}: milliseconds, figures read and file written"));
    let store = database.open(Tuning::default())?;
    let (district, province) = fill(&store)?;
    for (place, plan, most) in
        [("district, 18 communes", &district, DISTRICT_MOST), ("province, 156 communes", &province, PROVINCE_MOST)]
    {
        let actor = actor(plan, Role::Consolidator);
        let consolidated = took(options.rounds, || report(&store, &actor, plan).map(drop))?;
        println!("  {:<62} {consolidated:>27.1} ms", format!("{place}: consolidated"));
        let word = took(options.rounds, || {
            official::word(&report(&store, &actor, plan)?, None)?;
            Ok(())
        })?;
        reach(&format!("{place}: Word"), &Must::AtMost(most), word, "ms");
        let excel = took(options.rounds, || {
            official::excel(&report(&store, &actor, plan)?, None)?;
            Ok(())
        })?;
        println!("  {:<62} {excel:>27.1} ms", format!("{place}: Excel"));
    }
    Ok(())
}

/// The median over the rounds; the first is not counted.
fn took(rounds: usize, work: impl Fn() -> Outcome<()>) -> Outcome<f64> {
    let mut of_rounds = Vec::new();
    for _ in 0..=rounds {
        let start = Instant::now();
        work()?;
        of_rounds.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(median(of_rounds.into_iter().skip(1)))
}

fn report(store: &Store, actor: &Actor, plan: &StoredPlan) -> Outcome<ConsolidatedReport> {
    let now = Clock::System.now();
    let choices = Choices::of(Period::holding(calendar::day(now), 7, plan.plan.starts_on));
    let report: Result<_, UseCaseError> =
        store.read_now(|conn| consolidate(conn, actor, plan, plan.plan.area.as_deref(), &choices, now));
    Ok(report?)
}

fn actor(plan: &StoredPlan, role: Role) -> Actor {
    let grants = plan.area.map(|unit| Grant { role, unit }).into_iter().collect();
    Actor { account_id: 1, username: "bench".to_owned(), display_name: "Bench".to_owned(), grants }
}

/// The district with six made-up weeks, and a province of which every commune has reported once.
fn fill(store: &Store) -> Outcome<(StoredPlan, StoredPlan)> {
    let now = Clock::System.now();
    let filled: Result<_, UseCaseError> = store.write_now(move |conn| {
        let district = find(conn, PLAN)?;
        make_demo(conn, &district, now)?;
        let province = province(conn, &district)?;
        accounts::recorder(conn, "bench", "Bench", now)?;
        let focal = actor(&province, Role::FocalPoint);
        for code in &province.plan.clauses[0].units {
            let lines = BTreeMap::from([(
                "staff_d".to_owned(),
                figures(&["headcount", "smartphone_users", "bluezone_installed", "ncovi_declared"]),
            )]);
            let area = code.trim_start_matches("BENCH-").to_owned();
            let residents = figures(&["population", "bluezone_installed", "ncovi_declared"]);
            let areas = BTreeMap::from([("residents".to_owned(), residents)]);
            let submission = Submission {
                op_id: None,
                as_of: now,
                channel: "api",
                reason: "bench".to_owned(),
                supersedes: None,
                parts: vec![Part { unit: code.clone(), lines }, Part { unit: area, lines: areas }],
            };
            record_report(conn, &focal, &province, &submission, now)?;
        }
        Ok((find(conn, PLAN)?, province))
    });
    Ok(filled?)
}

fn figures(measures: &[&str]) -> BTreeMap<String, Given> {
    measures.iter().zip([140, 130, 104, 91]).map(|(measure, n)| ((*measure).to_owned(), Given::Whole(n))).collect()
}

fn find(conn: &mut Conn, code: &str) -> Result<StoredPlan, StoreError> {
    plans::all(conn)?.into_iter().find(|stored| stored.plan.code == code).ok_or(StoreError::NotFound)
}

/// The same plan for the province: the committee of every commune is obliged, made up where there is none.
fn province(conn: &mut Conn, district: &StoredPlan) -> Result<StoredPlan, StoreError> {
    let area = units::find(conn, PROVINCE)?.ok_or(StoreError::NotFound)?;
    let communes = units::subtree(conn, area.id, Some(UnitKind::Commune))?;
    let committees: Vec<NewUnit> = communes
        .iter()
        .map(|commune| NewUnit {
            code: format!("BENCH-{}", commune.code),
            kind: UnitKind::CommuneCommittee,
            name: format!("UBND {}", commune.full_name),
            full_name: format!("UBND {}", commune.full_name),
            search_key: search_key(&commune.full_name),
            is_class: false,
            parent: Some(commune.code.clone()),
        })
        .collect();
    units::add(conn, &committees)?;
    let mut plan = district.plan.clone();
    "bench-province".clone_into(&mut plan.code);
    plan.area = Some(PROVINCE.to_owned());
    plan.clauses.retain(|clause| clause.section == "III.8");
    for clause in &mut plan.clauses {
        clause.units = committees.iter().map(|unit| unit.code.clone()).collect();
    }
    let id = plans::save(conn, &plan, Some(area.id))?;
    let mut assignments = Vec::new();
    let codes: Vec<&str> = committees.iter().map(|unit| unit.code.as_str()).collect();
    let of = |unit, cohort: &str| Assignment { unit, section: "III.8".to_owned(), cohort: cohort.to_owned() };
    assignments.extend(units::with_codes(conn, &codes)?.iter().map(|unit| of(unit.id, "staff_d")));
    assignments.extend(communes.iter().flat_map(|unit| [of(unit.id, "residents"), of(unit.id, "households")]));
    plans::assign(conn, id, &assignments)?;
    find(conn, "bench-province")
}
