//! `vungxanh serve`

use std::{
    fs,
    io::{self, Write},
    net::{SocketAddr, TcpListener, ToSocketAddrs},
    path::Path,
    process::ExitCode,
    time::Duration,
};

use actix_web::web::Data;
use clap::Args;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use tracing_subscriber::EnvFilter;

use super::{CliError, open, say};
use crate::{
    clock::Clock,
    config::{Keeping, Mailing, Serving},
    domain::{calendar, outlines::Outlines},
    store::{Store, import_memory, operations, sessions, tallies},
    usecases::{UseCaseError, draft_on_schedule, load_maps::load_maps},
    web::{
        self, SigningKey, State, TrustedProxies,
        mail::{self, Mailer},
    },
};

/// How often letters are looked for.
const BETWEEN_ROUNDS: Duration = Duration::from_secs(10);

/// Run the service
#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    keeping: Keeping,
    #[command(flatten)]
    serving: Serving,
    #[command(flatten)]
    mailing: Mailing,
}

impl Serve {
    pub(super) fn run(self) -> Result<ExitCode, CliError> {
        log(self.serving.log_json);
        let (store, clock) = open(&self.keeping)?;
        let mailer = Mailer::new(&self.mailing).map_err(CliError::Said)?;
        serve(store, clock, &self.keeping.data_dir, &self.serving, mailer)
    }
}

/// Starts the log: warnings and requests that failed, or what `RUST_LOG` asks for.
pub(super) fn log(as_json: bool) {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("warn,vungxanh=info,tracing_actix_web=warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    if as_json { log.json().init() } else { log.compact().init() }
}

/// Binds, then serves until told to stop.
pub(super) fn serve(
    store: Store,
    clock: Clock,
    data_dir: &Path,
    serving: &Serving,
    mailer: Option<Mailer>,
) -> Result<ExitCode, CliError> {
    let addresses: Vec<SocketAddr> = serving
        .listen
        .to_socket_addrs()
        .map_err(|e| CliError::Said(format!("--listen {}: {e}; an example is 127.0.0.1:8080", serving.listen)))?
        .collect();
    let tls = tls(serving)?;
    if tls.is_none() && addresses.iter().any(|address| !address.ip().is_loopback()) {
        if !serving.plain_http {
            return Err(CliError::Said(format!(
                "{} can be reached from the network without TLS: give --tls-cert and --tls-key, or listen on loopback behind a proxy, or say --plain-http",
                serving.listen
            )));
        }
        say(
            "CẢNH BÁO: đang phục vụ HTTP không mã hóa ra ngoài máy này; mật khẩu và số liệu có thể bị xem trên đường truyền.",
        );
    }
    let key = signing_key(data_dir, serving.signing_key.as_deref())?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let mut state = State::new(store, clock, key, TrustedProxies(serving.trusted_proxy.clone()), tls.is_some())?;
    state.outlines = outlines(data_dir);
    state.mailer = mailer.map_or_else(std::sync::OnceLock::new, std::sync::OnceLock::from);
    let state = Data::new(state);
    let listeners = addresses
        .iter()
        .map(|address| {
            TcpListener::bind(address).map_err(|e| CliError::Said(format!("cannot listen on {address}: {e}")))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let bound = listeners.iter().map(TcpListener::local_addr).collect::<Result<Vec<_>, _>>()?;
    actix_web::rt::System::new().block_on(async move {
        let server = web::start(state.clone(), listeners, tls.as_ref(), serving.workers.into())?;
        actix_web::rt::spawn(letters(state.clone()));
        actix_web::rt::spawn(upkeep(state));
        for address in bound {
            say(format!("Vùng Xanh đang chạy tại {scheme}://{address}/  (Ctrl+C để dừng)"));
        }
        server.await
    })?;
    Ok(ExitCode::SUCCESS)
}

/// What maps are drawn from; a bad file of the province's own is said and left out.
fn outlines(data_dir: &Path) -> Outlines {
    let (outlines, bad) = load_maps(&data_dir.join("maps"));
    for map in bad {
        say(format!("Bỏ qua bản đồ {map}"));
    }
    outlines
}

/// Sends what waits, every few seconds; which process of several sends a letter is decided in the database.
async fn letters(state: Data<State>) {
    let Some(mailer) = state.mailer.get().cloned() else { return };
    let mut beat = actix_web::rt::time::interval(BETWEEN_ROUNDS);
    loop {
        beat.tick().await;
        if let Err(problem) = mail::round(&state, &mailer).await {
            tracing::warn!(%problem, "letters were not sent");
        }
    }
}

/// Once a minute: reads the plans again, folds the ledger of days that are over, forgets what is no longer needed.
async fn upkeep(state: Data<State>) {
    let mut minute = actix_web::rt::time::interval(Duration::from_mins(1));
    minute.tick().await;
    loop {
        minute.tick().await;
        let now = state.clock.now();
        let forgotten = state
            .store
            .write(move |conn| {
                tallies::fold(conn, calendar::day(now))?;
                operations::forget_old(conn, now)?;
                import_memory::forget_old(conn, now)?;
                sessions::forget_expired(conn, now - chrono::Duration::days(30))
            })
            .await;
        let reading = state.clone();
        let reloaded = actix_web::web::block(move || {
            reading.forget_tries();
            reading.reload_plans()
        })
        .await;
        if let Err(error) = draft(&state).await {
            tracing::warn!(%error, "the report that is due was not prepared");
        }
        if let Err(error) = forgotten {
            tracing::warn!(%error, "the store was not tidied");
        }
        if let Ok(Err(error)) = reloaded {
            tracing::warn!(%error, "the plans were not read again");
        }
    }
}

/// Prepares the reports whose hour has come, for a person to check.
async fn draft(state: &State) -> Result<(), UseCaseError> {
    let now = state.clock.now();
    for due in state.store.read(move |conn| draft_on_schedule::due(conn, now)).await? {
        let of = due.clone();
        let actor = state.store.write(move |conn| draft_on_schedule::recorder(conn, &of, now)).await?;
        let reader = actor.clone();
        let prepared = state.store.read(move |conn| draft_on_schedule::prepare_due(conn, &reader, &due, now)).await?;
        if let Some(prepared) = prepared {
            state.store.write(move |conn| draft_on_schedule::keep_due(conn, &actor, &prepared, now)).await?;
        }
    }
    Ok(())
}

fn tls(serving: &Serving) -> Result<Option<rustls::ServerConfig>, CliError> {
    let (Some(cert), Some(key)) = (&serving.tls_cert, &serving.tls_key) else { return Ok(None) };
    let unreadable = |file: &Path, e: &dyn std::fmt::Display| CliError::Said(format!("{}: {e}", file.display()));
    let chain = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|e| unreadable(cert, &e))?;
    let key_der = PrivateKeyDer::from_pem_file(key).map_err(|e| unreadable(key, &e))?;
    let config = rustls::ServerConfig::builder_with_provider(rustls::crypto::aws_lc_rs::default_provider().into())
        .with_safe_default_protocol_versions()
        .map_err(|e| CliError::Said(e.to_string()))?
        .with_no_client_auth()
        .with_single_cert(chain, key_der)
        .map_err(|e| unreadable(cert, &e))?;
    Ok(Some(config))
}

/// The key given, or the one made at the first start.
fn signing_key(data_dir: &Path, given: Option<&str>) -> Result<SigningKey, CliError> {
    let secret = if let Some(secret) = given {
        secret.to_owned()
    } else {
        fs::create_dir_all(data_dir)?;
        let file = data_dir.join("signing.key");
        if !file.exists() {
            write_private(&file, &crate::domain::digest::hex(&rand::random::<[u8; 32]>()))?;
        }
        fs::read_to_string(&file)?.trim().to_owned()
    };
    SigningKey::new(secret.as_bytes()).map_err(CliError::Said)
}

/// Writes a file only its owner can read.
pub(super) fn write_private(file: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(file)?.write_all(text.as_bytes())
}
