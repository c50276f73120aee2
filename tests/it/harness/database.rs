//! A seeded database of its own for each test, copied from a template that is made once and kept.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::OnceLock,
};

use diesel::{
    Connection, PgConnection, RunQueryDsl, SqliteConnection,
    connection::SimpleConnection,
    dsl::sql,
    select,
    sql_types::{Bool, Text},
};
use vungxanh::{
    domain::digest::{Digest, hex},
    store::{Address, Store, plans, plans::StoredPlan},
    usecases::{UseCaseError, load_seed::load_seed},
};

use super::{NOW, instant};

/// Which of the two databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// Any number that nothing else on the test server locks.
const LOCK: i64 = 0x7465_7374;

/// The server to test on; `tests/run` starts one.
fn server() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "a setting of the tests, not of the program")]
    std::env::var("VUNGXANH_TEST_POSTGRES").ok()
}

impl Kind {
    /// Whether this database can be tested here; says so when it cannot.
    pub fn is_here(self) -> bool {
        let is_here = self == Self::Sqlite || server().is_some();
        if !is_here {
            #[expect(clippy::print_stderr, reason = "who runs the tests should know")]
            {
                eprintln!("skipped: VUNGXANH_TEST_POSTGRES names no server (tests/run starts one)");
            }
        }
        is_here
    }
}

/// A database that is gone when this value is.
pub struct TestDatabase {
    pub kind: Kind,
    /// Files of the test; on SQLite the database is one of them.
    pub folder: tempfile::TempDir,
    name: String,
}

impl TestDatabase {
    /// A database with everything under `seed/` loaded.
    pub fn seeded(kind: Kind) -> Self {
        let database = Self::unmade(kind);
        match kind {
            Kind::Sqlite => {
                fs::copy(sqlite_template(), database.file()).unwrap();
            }
            Kind::Postgres => {
                let template = postgres_template();
                in_server(&format!("CREATE DATABASE {} TEMPLATE {template}", database.name));
            }
        }
        database
    }

    /// A database without even tables.
    pub fn empty(kind: Kind) -> Self {
        let database = Self::unmade(kind);
        if kind == Kind::Postgres {
            in_server(&format!("CREATE DATABASE {}", database.name));
        }
        database
    }

    fn unmade(kind: Kind) -> Self {
        let name = format!("vx_{}", hex(&rand::random::<[u8; 8]>()));
        Self { kind, folder: tempfile::tempdir().unwrap(), name }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("vungxanh.db")
    }

    /// The address, as `--database` takes it.
    pub fn url(&self) -> String {
        match self.kind {
            Kind::Sqlite => format!("sqlite://{}", self.file().display()),
            Kind::Postgres => url_of(&self.name),
        }
    }

    /// Opens the database as the program does.
    pub fn store(&self) -> Store {
        Store::open(&Address::parse(&self.url()).unwrap()).unwrap()
    }

    /// Changes the database behind the program's back.
    pub fn tamper(&self, sql: &str) {
        match self.kind {
            Kind::Sqlite => {
                let mut conn = SqliteConnection::establish(&self.file().display().to_string()).unwrap();
                conn.batch_execute("PRAGMA busy_timeout = 10000").unwrap();
                conn.batch_execute(sql).unwrap();
            }
            Kind::Postgres => PgConnection::establish(&self.url()).unwrap().batch_execute(sql).unwrap(),
        }
    }

    /// Reads one text behind the program's back.
    pub fn peek(&self, query: &str) -> String {
        let read = select(sql::<Text>(&format!("CAST(({query}) AS TEXT)")));
        match self.kind {
            Kind::Sqlite => {
                let mut conn = SqliteConnection::establish(&self.file().display().to_string()).unwrap();
                read.get_result(&mut conn).unwrap()
            }
            Kind::Postgres => read.get_result(&mut PgConnection::establish(&self.url()).unwrap()).unwrap(),
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if self.kind == Kind::Postgres {
            in_server(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        }
    }
}

/// The plan whose figures the tests report.
pub fn plan(store: &Store) -> StoredPlan {
    let plans = store.read_now(plans::all).unwrap();
    plans.into_iter().find(|stored| stored.plan.code == "cho-moi-1677").unwrap()
}

fn url_of(database: &str) -> String {
    let server = server().unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{database}")
}

fn in_server(sql: &str) {
    PgConnection::establish(&server().unwrap()).unwrap().batch_execute(sql).unwrap();
}

fn seed(address: &Address) {
    let store = Store::open(address).unwrap();
    let loaded: Result<_, UseCaseError> = store.write_now(|conn| load_seed(conn, instant(NOW)));
    loaded.unwrap();
}

/// Changes with everything a seeded database is made of.
fn fingerprint() -> &'static str {
    static FINGERPRINT: OnceLock<String> = OnceLock::new();
    FINGERPRINT.get_or_init(|| {
        let mut digest = Digest::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for place in ["migrations", "seed", "src/domain", "src/store", "src/usecases/load_seed.rs"] {
            for file in files_below(&root.join(place)) {
                digest.update(file.display().to_string());
                digest.update(fs::read(file).unwrap());
            }
        }
        digest.hex()[..16].to_owned()
    })
}

/// Every file below a folder, or the file itself, in order.
pub fn files_below(place: &Path) -> Vec<PathBuf> {
    if place.is_file() {
        return vec![place.to_owned()];
    }
    let mut entries: Vec<PathBuf> = fs::read_dir(place).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries.iter().flat_map(|entry| files_below(entry)).collect()
}

fn sqlite_template() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let template = folder.join(format!("seeded-{}.db", fingerprint()));
    // Tests run side by side, each in its own process: one makes the template, the others wait.
    let lock = File::create(folder.join("seeded.lock")).unwrap();
    lock.lock().unwrap();
    if !template.exists() {
        for old in files_below(folder).iter().filter(|file| file.display().to_string().contains("seeded-")) {
            fs::remove_file(old).unwrap();
        }
        let raw = tempfile::tempdir_in(folder).unwrap();
        let file = raw.path().join("raw.db").display().to_string();
        seed(&Address::Sqlite(file.clone()));
        let packed = raw.path().join("packed.db");
        let mut conn = SqliteConnection::establish(&file).unwrap();
        conn.batch_execute(&format!("PRAGMA busy_timeout = 10000; VACUUM INTO '{}'", packed.display())).unwrap();
        fs::rename(packed, &template).unwrap();
    }
    template
}

fn postgres_template() -> String {
    let template = format!("vx_seeded_{}", fingerprint());
    let mut conn = PgConnection::establish(&server().unwrap()).unwrap();
    conn.batch_execute(&format!("SELECT pg_advisory_lock({LOCK})")).unwrap();
    let exists = sql::<Bool>("EXISTS (SELECT 1 FROM pg_database WHERE datname = ").bind::<Text, _>(&template).sql(")");
    let is_there: bool = select(exists).get_result(&mut conn).unwrap();
    if !is_there {
        conn.batch_execute("DROP DATABASE IF EXISTS vx_being_seeded WITH (FORCE)").unwrap();
        conn.batch_execute("CREATE DATABASE vx_being_seeded").unwrap();
        seed(&Address::Postgres(url_of("vx_being_seeded")));
        let leave = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'vx_being_seeded'";
        conn.batch_execute(leave).unwrap();
        conn.batch_execute(&format!("ALTER DATABASE vx_being_seeded RENAME TO {template}")).unwrap();
    }
    template
}
