//! How long a durable commit takes on this disk: one row, SQLite, WAL, synchronous FULL.

use std::time::Instant;

use diesel::{Connection, SqliteConnection, connection::SimpleConnection};

use crate::Outcome;

/// A file to commit to.
pub struct Probe {
    conn: SqliteConnection,
    _folder: tempfile::TempDir,
}

impl Probe {
    /// Beside the databases.
    pub fn new() -> Outcome<Self> {
        let folder = tempfile::TempDir::new_in(env!("CARGO_TARGET_TMPDIR"))?;
        let mut conn = SqliteConnection::establish(&folder.path().join("probe.db").display().to_string())?;
        conn.batch_execute(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             CREATE TABLE row (id INTEGER PRIMARY KEY, body TEXT NOT NULL);",
        )?;
        Ok(Self { conn, _folder: folder })
    }

    /// The milliseconds of each of some commits.
    pub fn commits(&mut self, how_many: usize) -> Outcome<Vec<f64>> {
        (0..how_many)
            .map(|_| {
                let start = Instant::now();
                self.conn
                    .batch_execute("INSERT INTO row (body) VALUES ('a row of about fifty bytes, like a figure')")?;
                Ok(start.elapsed().as_secs_f64() * 1000.0)
            })
            .collect()
    }
}
