//! A connection that fills a scratch database with plain SQL, as fast as the database takes it.

use diesel::{Connection, PgConnection, SqliteConnection, connection::SimpleConnection};
use vungxanh::store::Address;

use crate::{Outcome, databases::Database};

/// The connection.
pub enum Bulk {
    /// To the file.
    Sqlite(SqliteConnection),
    /// To the server.
    Postgres(PgConnection),
}

impl Bulk {
    /// Connects without what keeps data safe.
    pub fn connect(database: &Database) -> Outcome<Self> {
        Ok(match &database.address {
            Address::Sqlite(path) => {
                let mut conn = SqliteConnection::establish(path)?;
                conn.batch_execute(
                    "PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; \
                     PRAGMA cache_size = -400000; PRAGMA temp_store = MEMORY;",
                )?;
                Self::Sqlite(conn)
            }
            Address::Postgres(url) => {
                let mut conn = PgConnection::establish(url)?;
                // Foreign keys are checked by triggers; what is written here is known to keep them.
                conn.batch_execute("SET session_replication_role = replica; SET synchronous_commit = off;")?;
                Self::Postgres(conn)
            }
        })
    }

    /// An instant in SQL, from seconds since 1970 in SQL.
    pub fn instant(&self, seconds: &str) -> String {
        match self {
            Self::Sqlite(_) => format!("({seconds}) * 1000000"),
            Self::Postgres(_) => format!("to_timestamp({seconds})"),
        }
    }

    /// Runs statements one after the other.
    pub fn run(&mut self, statements: &[String]) -> Outcome<()> {
        for statement in statements {
            match self {
                Self::Sqlite(conn) => conn.batch_execute(statement)?,
                Self::Postgres(conn) => conn.batch_execute(statement)?,
            }
        }
        Ok(())
    }

    /// What the databases do by themselves in time.
    pub fn settle(&mut self) -> Outcome<()> {
        match self {
            Self::Sqlite(_) => self.run(&["PRAGMA wal_checkpoint(TRUNCATE)".to_owned()]),
            Self::Postgres(_) => self.run(&["VACUUM ANALYZE".to_owned()]),
        }
    }
}
