//! The program as it is shipped: its size, its memory, its start.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    Options, Outcome,
    client::Client,
    table::{Must, heading, median, reach},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_vungxanh");
/// Requests between the two readings of memory.
const REQUESTS: usize = 200;
const MEGABYTE: f64 = 1_000_000.0;

/// What people look at: pages and their twins in the API.
const ADDRESSES: [&str; 18] = [
    "/",
    "/chart.png",
    "/don-vi",
    "/don-vi/chart.png",
    "/don-vi/CM-P-YTE",
    "/dien-bien",
    "/dien-bien/chart.png",
    "/vung",
    "/nhat-ky",
    "/dinh-nghia",
    "/api/v1/overview",
    "/api/v1/league",
    "/api/v1/trend",
    "/api/v1/zones",
    "/api/v1/units/CM-P-YTE",
    "/api/v1/units/893/reports",
    "/api/v1/audit",
    "/api-docs/openapi.json",
];

/// Size, start, memory.
#[expect(clippy::cast_precision_loss, reason = "a file's size")]
pub fn measure(options: &Options) -> Outcome<()> {
    heading("footprint: vungxanh demo");
    let size = fs::metadata(PROGRAM)?.len() as f64 / MEGABYTE;
    reach("program file", &Must::AtMost(40.0), size, "MB");
    let folder = tempfile::TempDir::new_in(env!("CARGO_TARGET_TMPDIR"))?;
    // The first start makes the database; what counts is the next ones.
    drop(Running::start(folder.path())?);
    let mut starts = Vec::new();
    for _ in 0..options.rounds {
        starts.push(Running::start(folder.path())?.ready_after);
    }
    reach("start to /readyz on an existing database, median", &Must::AtMost(1.0), median(starts), "s");
    let running = Running::start(folder.path())?;
    let at_first = running.memory()?;
    let good = running.look_around(folder.path())?;
    let later = running.memory()?;
    println!("  memory {at_first:.1} MB after start; {good} of {REQUESTS} requests answered 200");
    reach("memory after 200 requests (VmRSS)", &Must::AtMost(80.0), later.max(at_first), "MB");
    Ok(())
}

/// A running program, ended when dropped.
struct Running {
    child: Child,
    address: SocketAddr,
    ready_after: f64,
}

impl Running {
    fn start(folder: &Path) -> Outcome<Self> {
        let start = Instant::now();
        let mut child = Command::new(PROGRAM)
            .args(["demo", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let said = child.stdout.take().ok_or("no output")?;
        let address = BufReader::new(said).lines().map_while(Result::ok).find_map(|line| {
            let (_, after) = line.split_once("http://")?;
            after.split('/').next()?.parse::<SocketAddr>().ok()
        });
        let mut running =
            Self { child, address: address.ok_or("the program named no address")?, ready_after: f64::NAN };
        while start.elapsed() < Duration::from_secs(30) {
            let answer = Client::connect(running.address).and_then(|mut client| client.get("/readyz", None));
            if matches!(answer, Ok((200, _))) {
                running.ready_after = start.elapsed().as_secs_f64();
                return Ok(running);
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Err("the program did not become ready".into())
    }

    /// Resident memory in megabytes.
    fn memory(&self) -> Outcome<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
        let kilobytes = line.trim().trim_end_matches(" kB").parse::<f64>()?;
        Ok(kilobytes * 1024.0 / MEGABYTE)
    }

    /// Asks for every address in turn as the committee: how many answers were 200.
    fn look_around(&self, folder: &Path) -> Outcome<usize> {
        let accounts: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(folder.join("demo-accounts.json"))?)?;
        let committee = accounts
            .as_array()
            .and_then(|all| all.iter().find(|account| account["role"] == "committee"))
            .ok_or("there is no committee account")?;
        let mut client = Client::connect(self.address)?;
        let body = serde_json::json!({ "username": committee["username"], "password": committee["password"] });
        let (_, answer) = client.post("/api/v1/session", None, &body.to_string())?;
        let answer: serde_json::Value = serde_json::from_str(&answer)?;
        let token = answer["access_token"].as_str().ok_or("no token")?;
        let mut good = 0;
        for address in ADDRESSES.iter().cycle().take(REQUESTS) {
            let (status, _) = client.get(address, Some(token))?;
            good += usize::from(status == 200);
        }
        Ok(good)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.child.kill();
        let _waited = self.child.wait();
    }
}
