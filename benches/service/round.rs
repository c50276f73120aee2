//! One round: 32 clients post reports to a server for a while.

use std::{
    fs,
    net::{SocketAddr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use actix_web::web::Data;
use chrono::{DateTime, SecondsFormat, Utc};
use vungxanh::{
    clock::Clock,
    store::Store,
    web::{SigningKey, State, TrustedProxies, start},
};

use crate::{
    Outcome,
    client::Client,
    databases::{Body, PASSWORD, USERNAME},
};

/// How many post at once.
pub const CLIENTS: usize = 32;
const WORKERS: usize = 2;

/// A server in this process.
pub struct Server {
    address: SocketAddr,
    bodies: Arc<[Body]>,
    /// The next report's number: its moment, operation and figures follow from it.
    next: Arc<AtomicI64>,
    first_as_of: DateTime<Utc>,
    name: &'static str,
}

/// What a round showed.
pub struct Round {
    /// Reports recorded a second.
    pub rate: f64,
    /// Milliseconds of every one.
    pub latencies: Vec<f64>,
    /// Microseconds of processor time for each, the clients' left out.
    pub cpu: f64,
}

impl Server {
    /// Starts it on a free port.
    pub fn start(name: &'static str, store: Store, bodies: &[Body]) -> Outcome<Self> {
        let key = SigningKey::new(&[7; 32])?;
        let state = State::new(store, Clock::System, key, TrustedProxies::default(), false)?;
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        thread::Builder::new().name("server".into()).spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                match start(Data::new(state), vec![listener], None, WORKERS) {
                    Ok(server) => server.await,
                    Err(error) => Err(error),
                }
            })
        })?;
        let first_as_of = Clock::System.now() - chrono::Duration::days(20);
        Ok(Self { address, bodies: bodies.into(), next: Arc::default(), first_as_of, name })
    }

    fn token(&self) -> Outcome<String> {
        let body = serde_json::json!({ "username": USERNAME, "password": PASSWORD }).to_string();
        let (status, answer) = Client::connect(self.address)?.post("/api/v1/session", None, &body)?;
        let answer: serde_json::Value = serde_json::from_str(&answer)?;
        let token = answer["access_token"].as_str().ok_or_else(|| format!("no token: {status} {answer}"))?;
        Ok(token.to_owned())
    }

    /// Lets the clients post for a while.
    pub fn round(&self, lasting: Duration) -> Outcome<Round> {
        let token: Arc<str> = self.token()?.into();
        let cpu_before = process_cpu()?;
        let start = Instant::now();
        let clients = (0..CLIENTS)
            .map(|_| {
                let poster = Poster {
                    client: Client::connect(self.address)?,
                    token: token.clone(),
                    bodies: self.bodies.clone(),
                    next: self.next.clone(),
                    first_as_of: self.first_as_of,
                    server: self.name,
                };
                Ok(thread::spawn(move || poster.post_until(start + lasting)))
            })
            .collect::<Outcome<Vec<_>>>()?;
        let mut latencies = Vec::new();
        let mut cpu_of_clients = 0.0;
        for client in clients {
            let (of_one, cpu) = client.join().map_err(|_| "a client panicked")??;
            latencies.extend(of_one);
            cpu_of_clients += cpu;
        }
        let lasted = start.elapsed().as_secs_f64();
        let cpu = process_cpu()? - cpu_before - cpu_of_clients;
        let count = f64::from(u32::try_from(latencies.len())?);
        Ok(Round { rate: count / lasted, latencies, cpu: cpu / count * 1e6 })
    }
}

struct Poster {
    client: Client,
    token: Arc<str>,
    bodies: Arc<[Body]>,
    next: Arc<AtomicI64>,
    first_as_of: DateTime<Utc>,
    server: &'static str,
}

impl Poster {
    fn post_until(mut self, end: Instant) -> Outcome<(Vec<f64>, f64)> {
        let mut latencies = Vec::with_capacity(4096);
        while Instant::now() < end {
            let body = self.report();
            let start = Instant::now();
            let (status, answer) = self.client.post("/api/v1/reports", Some(&self.token), &body)?;
            latencies.push(start.elapsed().as_secs_f64() * 1000.0);
            if status != 201 {
                return Err(format!("{status}: {answer}").into());
            }
        }
        Ok((latencies, thread_cpu()?))
    }

    /// The next report: one unit after the other, each a second after the one before. Two of six figures are bases
    /// and stay, four grow with every report of the unit: slowly enough to need no reason.
    fn report(&self) -> String {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let of_unit = i64::try_from(self.bodies.len()).unwrap_or(1);
        let body = &self.bodies[usize::try_from(number % of_unit).unwrap_or_default()];
        let growing = 1_000_000 + number / of_unit;
        let as_of = (self.first_as_of + chrono::Duration::seconds(number)).to_rfc3339_opts(SecondsFormat::Secs, true);
        format!(
            r#"{{"unit":"{}","as_of":"{as_of}","op_id":"{}-{number}","figures":{{"{}":{{"headcount":6000000,"smartphone_users":5000000,"bluezone_installed":{growing},"ncovi_declared":{growing},"ncovi_installed":{growing},"tokhaiyte_declared":{growing}}}}}}}"#,
            body.code, self.server, body.cohort,
        )
    }
}

/// Seconds of processor time of this thread, read from the kernel's own account of it.
fn thread_cpu() -> Outcome<f64> {
    let text = fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = text.split(' ').next().ok_or("no schedstat")?.parse::<f64>()?;
    Ok(nanoseconds / 1e9)
}

/// Seconds of processor time of this process; the kernel counts them in hundredths.
fn process_cpu() -> Outcome<f64> {
    let text = fs::read_to_string("/proc/self/stat")?;
    let (_, after_name) = text.rsplit_once(')').ok_or("no stat")?;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks = |place: usize| fields.get(place).and_then(|field| field.parse::<f64>().ok()).ok_or("no stat");
    Ok((ticks(11)? + ticks(12)?) / 100.0)
}
