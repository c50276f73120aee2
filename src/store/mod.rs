//! Where facts are kept: the only floor that knows Diesel. Reads never wait for writes; an answer of success is
//! given only after a durable commit.

mod among;
mod connection;
mod memo;
mod migrations;
mod past;
mod pending;
pub mod schema;
mod upsert;
mod writer;

pub mod accounts;
pub mod audit;
pub mod contact_tracing;
pub mod contacts;
pub mod difficulties;
pub mod history;
pub mod import_memory;
pub mod imports;
pub mod issued_reports;
pub mod operations;
pub mod own_documents;
pub mod plans;
pub mod received;
pub mod reminders;
pub mod report_drafts;
pub mod report_settings;
pub mod reports;
pub mod reviews;
pub mod schedules;
pub mod series;
pub mod sessions;
pub mod tallies;
pub mod units;
pub mod zone_drives;
pub mod zone_lines;
mod zone_packing;
pub mod zones;

use std::{sync::Arc, time::Duration};

use diesel::r2d2::{ManageConnection, Pool, PooledConnection};

pub(crate) use connection::on_each;
pub use connection::{Address, Conn, Ts};

/// What can go wrong in the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No such row.
    #[error("not found")]
    NotFound,
    /// A row with this key is there already.
    #[error("exists already: {0}")]
    Exists(String),
    /// Another transaction was in the way; trying again may help.
    #[error("another transaction was in the way: {0}")]
    Retry(String),
    /// More is waiting to be written than the queue holds. Nothing was recorded.
    #[error("too much is waiting to be written")]
    Busy,
    /// The database cannot be reached.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// Anything else: a fault of ours.
    #[error("the database refused: {0}")]
    Broken(String),
}

impl From<diesel::result::Error> for StoreError {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind as Kind, Error};
        let text = error.to_string();
        match error {
            Error::NotFound => Self::NotFound,
            Error::DatabaseError(Kind::UniqueViolation, _) => Self::Exists(text),
            Error::DatabaseError(Kind::SerializationFailure, _) => Self::Retry(text),
            Error::DatabaseError(Kind::ClosedConnection, _) | Error::BrokenTransactionManager => {
                Self::Unavailable(text)
            }
            // Diesel has no kind for these; the texts are PostgreSQL's and SQLite's own.
            _ if ["deadlock detected", "database is locked", "lock timeout"].iter().any(|t| text.contains(t)) => {
                Self::Retry(text)
            }
            _ if text.contains("server closed the connection") || text.contains("terminating connection") => {
                Self::Unavailable(text)
            }
            _ => Self::Broken(text),
        }
    }
}

/// An error of a piece of work done in the store: it can be one of the store's own.
pub trait Failure: From<StoreError> + Send + 'static {
    /// The store's error behind it, if that is what it is.
    fn store_error(&self) -> Option<&StoreError>;
}

impl Failure for StoreError {
    fn store_error(&self) -> Option<&StoreError> {
        Some(self)
    }
}

/// How many connections read at once (and write, on PostgreSQL).
const POOL_SIZE: u32 = 16;
const POOL_WAIT: Duration = Duration::from_secs(5);
/// How often a write that met another is tried.
const ATTEMPTS: u32 = 6;

struct Manager {
    address: Address,
    read_only: bool,
    memo: Arc<memo::Memo>,
}

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = StoreError;

    fn connect(&self) -> Result<Conn, StoreError> {
        Ok(Conn::open(&self.address, self.read_only)?.sharing(&self.memo))
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), StoreError> {
        conn.execute_batch("SELECT 1")
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        conn.is_broken()
    }
}

enum Writes {
    /// SQLite: one thread, many submissions to a commit.
    Grouped(writer::Writer),
    /// PostgreSQL groups commits itself: a pooled transaction each.
    Pooled,
}

/// What a benchmark sets otherwise than the service does.
#[derive(Debug, Clone, Copy)]
pub struct Tuning {
    /// How many submissions share one durable commit at most (SQLite), so that the first never waits long for the
    /// last; with 1, every submission pays for a commit of its own.
    pub most_per_commit: usize,
}

impl Default for Tuning {
    fn default() -> Self {
        Self { most_per_commit: 256 }
    }
}

/// The store. Cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    pool: Pool<Manager>,
    writes: Writes,
}

impl Store {
    /// Opens the store, bringing its schema up to date first.
    pub fn open(address: &Address) -> Result<Self, StoreError> {
        Self::open_with(address, Tuning::default())
    }

    /// Opens the store like [`Store::open`], tuned otherwise than the service.
    pub fn open_with(address: &Address, tuning: Tuning) -> Result<Self, StoreError> {
        migrations::run(address)?;
        let is_sqlite = matches!(address, Address::Sqlite(_));
        let pool = Pool::builder()
            .max_size(POOL_SIZE)
            .min_idle(Some(1))
            .connection_timeout(POOL_WAIT)
            .test_on_check_out(false)
            .error_handler(Box::new(LogPoolErrors))
            .build(Manager { address: address.clone(), read_only: is_sqlite, memo: Arc::default() })
            .map_err(|e| StoreError::Unavailable(e.to_string()))?;
        let writes = if is_sqlite {
            Writes::Grouped(writer::Writer::start(address, tuning.most_per_commit)?)
        } else {
            Writes::Pooled
        };
        Ok(Self(Arc::new(Inner { pool, writes })))
    }

    fn connection(&self) -> Result<PooledConnection<Manager>, StoreError> {
        self.0.pool.get().map_err(|e| StoreError::Unavailable(e.to_string()))
    }

    /// Reads one moment of the database, on this thread: all queries of `work` agree with each other.
    pub fn read_now<T, E: Failure>(&self, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        let mut conn = self.connection()?;
        conn.begin_snapshot()?;
        let outcome = work(&mut conn);
        conn.rollback()?;
        outcome
    }

    /// Writes in one durable transaction, waiting on this thread. Work may be done again when another transaction
    /// was in the way, so it must have no effect but on the store.
    pub fn write_now<T, E>(&self, work: impl Fn(&mut Conn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
    {
        match &self.0.writes {
            Writes::Grouped(writer) => writer.submit(work)?.blocking_recv().map_err(|_| lost())?,
            Writes::Pooled => self.write_pooled(work),
        }
    }

    /// Asks one question, on a thread that may wait: like [`Store::read`], without the cost of a transaction around it.
    pub async fn look_up<T, E>(&self, work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
    {
        let store = self.clone();
        on_waiting_thread(move || work(&mut *store.connection()?)).await
    }

    /// Reads one moment of the database, on a thread that may wait.
    pub async fn read<T, E>(&self, work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
    {
        let store = self.clone();
        on_waiting_thread(move || store.read_now(work)).await
    }

    /// Writes in one durable transaction; see [`Store::write_now`].
    pub async fn write<T, E>(&self, work: impl Fn(&mut Conn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
    {
        match &self.0.writes {
            Writes::Grouped(writer) => writer.submit(work)?.await.map_err(|_| lost())?,
            Writes::Pooled => {
                let store = self.clone();
                on_waiting_thread(move || store.write_pooled(work)).await
            }
        }
    }

    fn write_pooled<T, E: Failure>(&self, work: impl Fn(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        let mut conn = self.connection()?;
        for attempt in 1.. {
            conn.begin()?;
            let outcome = work(&mut conn).and_then(|value| conn.commit().map(|()| value).map_err(E::from));
            match outcome {
                Ok(value) => return Ok(value),
                Err(error) => {
                    if conn.rollback().is_err() {
                        tracing::debug!("the transaction was gone before it could be rolled back");
                    }
                    let is_retry = matches!(error.store_error(), Some(StoreError::Retry(_)));
                    if !is_retry || attempt >= ATTEMPTS {
                        return Err(error);
                    }
                    let jitter = rand::random_range(1..=8_u64);
                    std::thread::sleep(Duration::from_millis(jitter << attempt));
                }
            }
        }
        Err(StoreError::Busy.into())
    }

    /// Whether the database answers and its schema is this program's.
    pub fn is_ready(&self) -> Result<bool, StoreError> {
        // Outside a read-only transaction: Diesel makes sure of its own table first.
        let mut conn = self.connection()?;
        conn.execute_batch("SELECT 1")?;
        migrations::is_current(&mut conn)
    }
}

/// A write whose outcome is not known: the writer went away.
fn lost() -> StoreError {
    StoreError::Unavailable("the writer stopped".into())
}

async fn on_waiting_thread<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: Failure,
{
    let span = tracing::Span::current();
    tokio::task::spawn_blocking(move || span.in_scope(work))
        .await
        .unwrap_or_else(|panic| Err(StoreError::Broken(panic.to_string()).into()))
}

#[derive(Debug)]
struct LogPoolErrors;

impl diesel::r2d2::HandleError<StoreError> for LogPoolErrors {
    fn handle_error(&self, error: StoreError) {
        tracing::warn!(%error, "a database connection could not be opened");
    }
}
