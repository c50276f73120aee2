//! Writing side by side: what succeeds is durable, what fails harms nobody else, what is refused is not stored.

use std::{collections::BTreeSet, sync::Arc, sync::Mutex, sync::mpsc};

use actix_web::rt;
use chrono::Duration;
use tokio::task::JoinSet;
use vungxanh::{
    domain::{actor::Role, calendar},
    store::{Conn, Store, StoreError, accounts, tallies},
    usecases::{UseCaseError, record_report::record_report, verify::verify},
};

use crate::harness::{
    Kind, NOW, TestDatabase, database_tests, instant, plan,
    reporting::{actor, staff, submission},
};

fn add(conn: &mut Conn, name: &str) -> Result<i64, StoreError> {
    accounts::insert(conn, name, name, "!", instant(NOW))
}

/// The names that begin with `w-`, as a program that was just started reads them.
fn stored(database: &TestDatabase) -> BTreeSet<String> {
    let accounts: Result<_, StoreError> = database.store().read_now(accounts::all);
    accounts.unwrap().into_iter().map(|listed| listed.account.username).filter(|name| name.starts_with("w-")).collect()
}

/// Writes all at once; the names of those answered with success, and the errors of the others.
async fn write_together(
    store: &Store,
    names: impl Iterator<Item = String>,
    work: fn(&mut Conn, &str) -> Result<i64, StoreError>,
) -> (BTreeSet<String>, Vec<StoreError>) {
    let mut tasks = JoinSet::new();
    for name in names {
        let store = store.clone();
        tasks.spawn(async move {
            let written = name.clone();
            (store.write(move |conn| work(conn, &written)).await, name)
        });
    }
    let (mut done, mut refused) = (BTreeSet::new(), Vec::new());
    for (outcome, name) in tasks.join_all().await {
        match outcome {
            Ok(_) => assert!(done.insert(name)),
            Err(error) => refused.push(error),
        }
    }
    (done, refused)
}

fn a_write_that_fails_or_panics_harms_no_other(database: &TestDatabase) {
    rt::System::new().block_on(async {
        let store = database.store();
        let names = (0..64).map(|i| format!("w-{i}"));
        let (done, refused) = write_together(&store, names, |conn, name| {
            let id = add(conn, name)?;
            match name[2..].parse::<u32>().unwrap() % 4 {
                1 => Err(StoreError::NotFound),
                2 => panic!("a fault in the work itself"),
                3 => add(conn, name), // the name is taken: the database refuses
                _ => Ok(id),
            }
        })
        .await;
        assert_eq!(done, (0..64).step_by(4).map(|i| format!("w-{i}")).collect());
        assert_eq!(refused.iter().filter(|e| matches!(e, StoreError::NotFound)).count(), 16);
        assert_eq!(refused.iter().filter(|e| matches!(e, StoreError::Broken(_))).count(), 16);
        assert_eq!(refused.iter().filter(|e| matches!(e, StoreError::Exists(_))).count(), 16);
        assert_eq!(stored(database), done);
    });
}

#[test]
fn what_a_full_queue_refuses_is_not_stored_and_what_it_took_is() {
    const QUEUE: usize = 1024;
    let database = TestDatabase::seeded(Kind::Sqlite);
    rt::System::new().block_on(async {
        let store = database.store();
        let (started, has_started) = mpsc::channel();
        let (go_on, may_go_on) = mpsc::channel::<()>();
        let may_go_on = Arc::new(Mutex::new(may_go_on));
        let holding_up = store.clone();
        let first = rt::spawn(async move {
            holding_up
                .write(move |_| {
                    started.send(()).unwrap();
                    may_go_on.lock().unwrap().recv().unwrap();
                    Ok::<_, StoreError>(())
                })
                .await
        });
        rt::task::spawn_blocking(move || has_started.recv().unwrap()).await.unwrap();
        // While the writer is held up, one more than the queue holds is refused at once, before any other is answered.
        let mut tasks = JoinSet::new();
        for i in 0..=QUEUE {
            let store = store.clone();
            tasks.spawn(async move {
                let name = format!("w-{i}");
                let written = name.clone();
                (store.write(move |conn| add(conn, &written)).await, name)
            });
        }
        let (outcome, refused) = tasks.join_next().await.unwrap().unwrap();
        assert!(matches!(outcome, Err(StoreError::Busy)), "{outcome:?}");
        go_on.send(()).unwrap();
        first.await.unwrap().unwrap();
        let done: BTreeSet<String> = tasks
            .join_all()
            .await
            .into_iter()
            .map(|(outcome, name)| {
                outcome.unwrap();
                name
            })
            .collect();
        assert_eq!(done.len(), QUEUE);
        assert!(!done.contains(&refused));
        assert_eq!(stored(&database), done);
    });
}

fn reports_sent_together_lose_nothing(database: &TestDatabase) {
    const EACH: i64 = 10;
    let units = [("CM-P-YTE", "staff_b"), ("CM-T-YTE", "staff_b"), ("CM-P-VHTT", "staff_a"), ("CM-X-30634", "staff_d")];
    let store = database.store();
    let plan = Arc::new(plan(&store));
    let senders = units.map(|(unit, cohort)| (unit, cohort, actor(&store, Role::FocalPoint, unit)));
    rt::System::new().block_on(async {
        let mut tasks = JoinSet::new();
        for (unit, cohort, actor) in senders {
            for i in 0..EACH {
                let (store, plan, actor) = (store.clone(), plan.clone(), actor.clone());
                // Some of the same moment, some of other days, in no order.
                let as_of = instant(NOW) - Duration::days((i * 7) % 5);
                let report = submission(unit, as_of, &[(cohort, &staff(40, 30, i, 30 - i))]);
                tasks.spawn(async move {
                    store.write(move |conn| record_report(conn, &actor, &plan, &report, instant(NOW))).await
                });
            }
        }
        for outcome in tasks.join_all().await {
            outcome.unwrap();
        }
    });
    let found: Result<_, UseCaseError> = store.read_now(verify);
    let found = found.unwrap();
    assert_eq!(found.difference, None);
    assert_eq!(found.reports, EACH * i64::try_from(units.len()).unwrap());
    assert!(found.ledger_rows > 0);
    // A day that is over keeps its totals when its slots are put together, and has none left to be.
    let fold =
        || store.write_now(|conn| tallies::fold(conn, calendar::end_of(calendar::day(instant(NOW))).date_naive()));
    let folded: Result<usize, StoreError> = fold();
    folded.unwrap();
    let again: Result<_, UseCaseError> = store.read_now(verify);
    assert_eq!(again.unwrap(), found);
    assert_eq!(fold().unwrap(), 0);
}

database_tests!(a_write_that_fails_or_panics_harms_no_other, reports_sent_together_lose_nothing);
