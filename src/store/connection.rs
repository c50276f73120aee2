//! One connection type over both databases, and the one macro that compiles a statement for each.

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};
use diesel::{
    connection::{AnsiTransactionManager, SimpleConnection, TransactionManager},
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::{Pg, PgConnection},
    prelude::*,
    serialize::{self, IsNull, Output, ToSql},
    sql_types::{BigInt, Timestamptz},
    sqlite::{Sqlite, SqliteConnection},
};

use super::{
    StoreError,
    memo::{Memo, Version},
    pending::Pending,
    schema::sql_types::UtcTimestamp,
};

/// How many slots the roll-up rows of an upper level are split into on PostgreSQL (database.md §6).
const SLOTS: i32 = 16;
/// How many audit chains there are on PostgreSQL; the migration makes as many.
const CHAINS: i32 = 64;

/// The connection of one of the two databases.
pub(crate) enum Backend {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// A connection to the store.
pub struct Conn {
    pub(crate) backend: Backend,
    /// A number of this connection, spreading what all connections write over slots and chains.
    lane: i32,
    /// What the open transaction, and each savepoint in it, has still to write; the innermost last.
    pending: Vec<Pending>,
    /// What the connections of a store have read and keep.
    memo: Arc<Memo>,
    /// How often figures of a time long gone have changed, where the open snapshot has asked (`past`).
    pub(super) past_version: Option<Version>,
}

impl Conn {
    /// The slot this connection adds to in roll-up rows that everybody writes.
    pub(crate) fn slot(&self) -> i32 {
        self.lane % SLOTS
    }

    /// The audit chain this connection adds to.
    pub(crate) fn chain(&self) -> i32 {
        self.lane % CHAINS
    }

    /// Opens a connection; `read_only` ones cannot write (SQLite).
    pub(crate) fn open(address: &Address, read_only: bool) -> Result<Self, StoreError> {
        match address {
            Address::Sqlite(path) => {
                let mut conn = SqliteConnection::establish(path).map_err(|e| StoreError::Unavailable(e.to_string()))?;
                conn.batch_execute(
                    "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                     PRAGMA foreign_keys = ON;",
                )?;
                // The writer keeps the pages it writes again and again; readers are many, and share the system's cache.
                let more = if read_only {
                    "PRAGMA query_only = ON;"
                } else {
                    // A thread copies the log into the database (`writer`); a commit itself only where that never comes to
                    // the log's end, so that the log ends at 128 MB.
                    "PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 32768;"
                };
                conn.batch_execute(more)?;
                Ok(Self {
                    backend: Backend::Sqlite(conn),
                    lane: 0,
                    pending: Vec::new(),
                    memo: Arc::default(),
                    past_version: None,
                })
            }
            Address::Postgres(url) => {
                let mut conn = PgConnection::establish(url).map_err(|e| StoreError::Unavailable(e.to_string()))?;
                conn.batch_execute(
                    "SET statement_timeout = '30s'; SET lock_timeout = '10s'; SET synchronous_commit = on;",
                )?;
                let lane = diesel::select(diesel::dsl::sql::<diesel::sql_types::Integer>("pg_backend_pid()"))
                    .get_result(&mut conn)?;
                Ok(Self {
                    backend: Backend::Postgres(conn),
                    lane,
                    pending: Vec::new(),
                    memo: Arc::default(),
                    past_version: None,
                })
            }
        }
    }

    /// Runs plain SQL without parameters.
    pub(crate) fn execute_batch(&mut self, sql: &str) -> Result<(), StoreError> {
        Ok(on_each!(self, |c| c.batch_execute(sql))?)
    }

    /// Begins a transaction that sees one moment of the database, however much is written meanwhile.
    pub(crate) fn begin_snapshot(&mut self) -> Result<(), StoreError> {
        self.past_version = None;
        match &mut self.backend {
            Backend::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN DEFERRED")?,
            Backend::Postgres(c) => {
                AnsiTransactionManager::begin_transaction_sql(c, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
            }
        }
        Ok(())
    }

    /// Begins a transaction that may write; inside one, a savepoint.
    pub(crate) fn begin(&mut self) -> Result<(), StoreError> {
        // SQLite takes the write lock at once: a reader that turns writer fails where another wrote meanwhile.
        let nested = self.depth() > 0;
        match &mut self.backend {
            Backend::Sqlite(c) if !nested => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")?,
            Backend::Postgres(c) if !nested => {
                AnsiTransactionManager::begin_transaction_sql(c, "BEGIN ISOLATION LEVEL READ COMMITTED")?;
            }
            Backend::Sqlite(c) => AnsiTransactionManager::begin_transaction(c)?,
            Backend::Postgres(c) => AnsiTransactionManager::begin_transaction(c)?,
        }
        self.pending.push(Pending::default());
        Ok(())
    }

    /// The connection with what other connections of its store keep.
    pub(super) fn sharing(self, memo: &Arc<Memo>) -> Self {
        Self { memo: Arc::clone(memo), ..self }
    }

    pub(super) fn memo(&self) -> &Arc<Memo> {
        &self.memo
    }

    /// Whether all that is asked is answered from one moment of the database, without writes of its own.
    pub(super) fn sees_one_moment(&mut self) -> bool {
        self.pending.is_empty() && self.depth() > 0
    }

    /// What the transactions and savepoints that are open have still to write, the outermost first.
    pub(super) fn pending(&self) -> &[Pending] {
        &self.pending
    }

    /// The same, to be written before its time.
    pub(super) fn pending_levels(&mut self) -> &mut Vec<Pending> {
        &mut self.pending
    }

    /// Where the innermost of them keeps it.
    pub(super) fn pending_mut(&mut self) -> Result<&mut Pending, StoreError> {
        self.pending.last_mut().ok_or_else(|| StoreError::Broken("a write outside any transaction".into()))
    }

    /// Whether the connection should not be used again: lost, or left inside a transaction.
    pub(crate) fn is_broken(&mut self) -> bool {
        let lost = on_each!(self, |c| AnsiTransactionManager::is_broken_transaction_manager(c));
        lost || self.depth() > 0
    }

    fn depth(&mut self) -> u32 {
        on_each!(self, |c| AnsiTransactionManager::transaction_manager_status_mut(c)
            .transaction_depth()
            .ok()
            .flatten()
            .map_or(0, std::num::NonZeroU32::get))
    }

    /// Commits, after writing what was left for the end; a savepoint leaves it to the transaction around it.
    pub(crate) fn commit(&mut self) -> Result<(), StoreError> {
        let ended = self.pending.pop().unwrap_or_default();
        match self.pending.last_mut() {
            Some(around) => around.take_over(ended),
            None => ended.write(self)?,
        }
        Ok(on_each!(self, |c| AnsiTransactionManager::commit_transaction(c))?)
    }

    pub(crate) fn rollback(&mut self) -> Result<(), StoreError> {
        self.pending.pop();
        Ok(on_each!(self, |c| AnsiTransactionManager::rollback_transaction(c))?)
    }
}

/// Compiles one statement for each database: `on_each!(conn, |c| table.load::<Row>(c))`.
macro_rules! on_each {
    ($conn:expr, |$c:ident| $body:expr) => {
        match &mut $conn.backend {
            $crate::store::connection::Backend::Sqlite($c) => $body,
            $crate::store::connection::Backend::Postgres($c) => $body,
        }
    };
}
pub(crate) use on_each;

/// Where the facts are kept. Decided by the scheme, never by trying: a typing error must not make a new file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A file.
    Sqlite(String),
    /// A server's URL.
    Postgres(String),
}

impl Address {
    /// Reads `sqlite://path` or `postgres://…`.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite://").filter(|path| !path.is_empty()) {
            return Ok(Self::Sqlite(path.to_owned()));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        Err("expected sqlite://PATH or postgres://USER@HOST/NAME".to_owned())
    }
}

/// An instant as a column; cut to microseconds, which both databases keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = UtcTimestamp)]
pub struct Ts(pub DateTime<Utc>);

impl From<DateTime<Utc>> for Ts {
    fn from(at: DateTime<Utc>) -> Self {
        Self(at.trunc_subsecs(6))
    }
}

impl ToSql<UtcTimestamp, Pg> for Ts {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<Timestamptz, Pg>::to_sql(&self.0, out)
    }
}
impl FromSql<UtcTimestamp, Pg> for Ts {
    fn from_sql(value: diesel::pg::PgValue<'_>) -> deserialize::Result<Self> {
        <DateTime<Utc> as FromSql<Timestamptz, Pg>>::from_sql(value).map(Self)
    }
}
impl ToSql<UtcTimestamp, Sqlite> for Ts {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.timestamp_micros());
        Ok(IsNull::No)
    }
}
impl FromSql<UtcTimestamp, Sqlite> for Ts {
    fn from_sql(value: diesel::sqlite::SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let micros = <i64 as FromSql<BigInt, Sqlite>>::from_sql(value)?;
        DateTime::from_timestamp_micros(micros).map(Self).ok_or_else(|| "instant out of range".into())
    }
}
