//! The server is killed while 32 people send reports: what it acknowledged is there, once; what it did not, at most once.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use actix_web::rt;
use serde_json::{Value, json};
use tokio::{sync::Notify, task::JoinSet};

use crate::harness::{
    Client, Kind, PASSWORD, Reply, TestDatabase,
    program::{Server, run, vungxanh},
};

const WRITERS: usize = 32;
const ROUNDS: usize = 3;
const UNITS: [&str; 5] = ["CM-P-YTE", "CM-T-YTE", "CM-P-VHTT", "CM-V-HDUB", "CM-P-KTHT"];

/// Every report that was ever sent, by operation id: noted before it is sent, the answer after.
#[derive(Default)]
struct Notes(Mutex<BTreeMap<String, (Value, Option<Value>)>>);

impl Notes {
    fn attempt(&self, op_id: &str, report: &Value) {
        self.0.lock().unwrap().insert(op_id.to_owned(), (report.clone(), None));
    }

    fn acknowledge(&self, op_id: &str, answer: Value) {
        self.0.lock().unwrap().get_mut(op_id).unwrap().1 = Some(answer);
    }

    fn all(&self) -> BTreeMap<String, (Value, Option<Value>)> {
        self.0.lock().unwrap().clone()
    }
}

/// The reason carries the operation id, so that the list of reports tells which report is which.
fn report(op_id: &str, writer: usize, n: usize) -> Value {
    json!({
        "unit": UNITS[(writer + n) % UNITS.len()], "as_of": format!("2021-11-{:02}T09:00:00+07:00", 1 + n % 19),
        "op_id": op_id, "reason": op_id, "figures": { "relatives": { "relatives_helped": writer * 1000 + n } },
    })
}

/// Sends reports until the server is gone.
async fn send_until_gone(
    client: Client,
    writer: usize,
    round: usize,
    notes: Arc<Notes>,
    answered: Arc<(AtomicUsize, Notify)>,
) {
    for n in 0.. {
        let op_id = format!("vòng {round} người {writer} lần {n}");
        let report = report(&op_id, writer, n);
        notes.attempt(&op_id, &report);
        let request = client.request(reqwest::Method::POST, "/api/v1/reports").json(&report);
        match Reply::try_to(request).await {
            Ok(reply) if reply.status == 201 => notes.acknowledge(&op_id, reply.json()),
            // Busy: not recorded, and never sent again here.
            Ok(reply) => assert_eq!(reply.status, 503, "{reply}"),
            Err(_) => return,
        }
        answered.0.fetch_add(1, Ordering::SeqCst);
        answered.1.notify_one();
    }
}

/// The operations whose reports the district lists, newest first, with how often each is there.
async fn listed(client: &Client) -> BTreeMap<String, usize> {
    let (mut found, mut before) = (BTreeMap::new(), String::new());
    loop {
        let page = client.get(&format!("/api/v1/units/893/reports{before}")).await.json();
        let reports = page.as_array().unwrap();
        let Some(last) = reports.last() else { return found };
        before = format!("?before={}", last["id"]);
        for report in reports {
            *found.entry(report["reason"].as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
}

/// What is wrong with the reports that are there, after a crash, given what was sent and answered.
fn wrong(there: &BTreeMap<String, usize>, sent: &BTreeMap<String, (Value, Option<Value>)>) -> Vec<String> {
    let phantoms = there.keys().filter(|op_id| !sent.contains_key(*op_id)).map(|op_id| format!("{op_id} never sent"));
    let doubled = there.iter().filter(|(_, times)| **times > 1).map(|(op_id, times)| format!("{op_id} {times} times"));
    let lost = sent.iter().filter(|(op_id, (_, answer))| answer.is_some() && !there.contains_key(*op_id));
    phantoms.chain(doubled).chain(lost.map(|(op_id, _)| format!("{op_id} lost"))).collect()
}

#[test]
fn the_check_after_a_crash_notices_what_is_wrong() {
    let sent = BTreeMap::from([
        ("acknowledged".to_owned(), (json!({}), Some(json!({})))),
        ("unknown".to_owned(), (json!({}), None)),
    ]);
    let there = |reports: &[(&str, usize)]| reports.iter().map(|(op_id, n)| ((*op_id).to_owned(), *n)).collect();
    assert_eq!(wrong(&there(&[("acknowledged", 1)]), &sent), [""; 0]);
    assert_eq!(wrong(&there(&[("acknowledged", 1), ("unknown", 1)]), &sent), [""; 0]);
    assert_eq!(wrong(&there(&[("unknown", 1)]), &sent), ["acknowledged lost"]);
    assert_eq!(wrong(&there(&[("acknowledged", 2)]), &sent), ["acknowledged 2 times"]);
    assert_eq!(wrong(&there(&[("acknowledged", 1), ("x", 1)]), &sent), ["x never sent"]);
}

async fn check(client: &Client, notes: &Notes, resent: &mut BTreeSet<String>) {
    let sent = notes.all();
    assert_eq!(wrong(&listed(client).await, &sent), [""; 0]);
    for (op_id, (report, answer)) in &sent {
        if !resent.insert(op_id.clone()) {
            continue;
        }
        // Sent again it is recorded once, and who was told so before is told the same.
        let reply = client.post("/api/v1/reports", report).await;
        assert_eq!(reply.status, 201, "{op_id}: {reply}");
        match answer {
            Some(answer) => assert_eq!(&reply.json(), answer, "{op_id} is answered differently"),
            None => notes.acknowledge(op_id, reply.json()),
        }
    }
    let there = listed(client).await;
    assert_eq!(wrong(&there, &notes.all()), [""; 0]);
    assert_eq!(there.len(), sent.len());
}

fn prepared(kind: Kind) -> TestDatabase {
    let database = TestDatabase::seeded(kind);
    let words = ["account", "add", "nguoi-gui", "--role", "focal_point", "--unit", "893", "--password-stdin"];
    let output = run(vungxanh(&database, &words), &format!("{PASSWORD}\n"));
    assert!(output.status.success(), "{output:?}");
    database
}

async fn signed_in(server: &Server) -> Client {
    let mut client = server.stranger();
    let reply = client.sign_in("nguoi-gui", PASSWORD).await;
    assert_eq!(reply.status, 200, "{reply}");
    client
}

fn verify(database: &TestDatabase) {
    let output = run(vungxanh(database, &["verify"]), "");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

fn what_was_acknowledged_survives_kills(kind: Kind) {
    if !kind.is_here() {
        return;
    }
    let database = prepared(kind);
    let notes = Arc::new(Notes::default());
    let mut resent = BTreeSet::new();
    rt::System::new().block_on(async {
        for round in 0..ROUNDS {
            let mut server = Server::start(vungxanh(&database, &["serve"]));
            let client = signed_in(&server).await;
            check(&client, &notes, &mut resent).await;
            let answered = Arc::new((AtomicUsize::new(0), Notify::new()));
            let mut writers = JoinSet::new();
            for writer in 0..WRITERS {
                writers.spawn(send_until_gone(client.clone(), writer, round, notes.clone(), answered.clone()));
            }
            let enough = rand::random_range(WRITERS..400);
            while answered.0.load(Ordering::SeqCst) < enough {
                answered.1.notified().await;
            }
            server.signal("KILL");
            server.child.wait().unwrap();
            writers.join_all().await;
            verify(&database);
        }
        let server = Server::start(vungxanh(&database, &["serve"]));
        check(&signed_in(&server).await, &notes, &mut resent).await;
    });
    verify(&database);
    assert!(notes.all().len() > ROUNDS * WRITERS);
}

fn a_server_told_to_stop_ends_by_itself_and_keeps_what_it_answered(kind: Kind) {
    if !kind.is_here() {
        return;
    }
    let database = prepared(kind);
    let notes = Arc::new(Notes::default());
    rt::System::new().block_on(async {
        let mut server = Server::start(vungxanh(&database, &["serve"]));
        let client = signed_in(&server).await;
        let answered = Arc::new((AtomicUsize::new(0), Notify::new()));
        let mut writers = JoinSet::new();
        for writer in 0..4 {
            writers.spawn(send_until_gone(client.clone(), writer, 0, notes.clone(), answered.clone()));
        }
        answered.1.notified().await;
        server.signal("TERM");
        let ended = rt::task::spawn_blocking(move || server.child.wait().unwrap()).await.unwrap();
        assert!(ended.success(), "{ended}");
        writers.join_all().await;
        let server = Server::start(vungxanh(&database, &["serve"]));
        check(&signed_in(&server).await, &notes, &mut BTreeSet::new()).await;
    });
    verify(&database);
}

macro_rules! kind_tests {
    ($($name:ident),+) => {
        $(mod $name {
            use crate::harness::Kind;
            #[test]
            fn sqlite() { super::$name(Kind::Sqlite); }
            #[test]
            fn postgres() { super::$name(Kind::Postgres); }
        })+
    };
}
kind_tests!(what_was_acknowledged_survives_kills, a_server_told_to_stop_ends_by_itself_and_keeps_what_it_answered);
