//! The migrations of both databases, embedded and run at start under a lock.

use std::fs::File;

use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{
    StoreError,
    connection::{Address, Backend, Conn},
    zone_lines,
};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Any number that nothing else in the database locks.
const LOCK: i64 = 0x7675_6e67_7861_6e68;

/// Brings the schema up to date. Programs that start together wait for the first; a schema newer than this
/// program is refused.
pub(crate) fn run(address: &Address) -> Result<(), StoreError> {
    let failed = |e: Box<dyn std::error::Error + Send + Sync>| StoreError::Broken(format!("migration: {e}"));
    let mut conn = Conn::open(address, false)?;
    match (address, &mut conn.backend) {
        (Address::Sqlite(path), Backend::Sqlite(c)) => {
            let lock = File::create(format!("{path}.migrating")).map_err(|e| StoreError::Unavailable(e.to_string()))?;
            lock.lock().map_err(|e| StoreError::Unavailable(e.to_string()))?;
            refuse_newer(c.applied_migrations().map_err(failed)?.len(), "migrations/sqlite")?;
            c.run_pending_migrations(SQLITE).map_err(failed)?;
        }
        (_, Backend::Postgres(c)) => {
            use diesel::connection::SimpleConnection;
            c.batch_execute(&format!("SET lock_timeout = 0; SELECT pg_advisory_lock({LOCK});"))?;
            refuse_newer(c.applied_migrations().map_err(failed)?.len(), "migrations/postgres")?;
            c.run_pending_migrations(POSTGRES).map_err(failed)?;
            c.batch_execute(&format!("SELECT pg_advisory_unlock({LOCK});"))?;
        }
        _ => return Err(StoreError::Broken("the connection is not of its address".into())),
    }
    zone_lines::complete(&mut conn)
}

fn refuse_newer(applied: usize, folder: &str) -> Result<(), StoreError> {
    use diesel::migration::MigrationSource;
    let known = if folder.ends_with("sqlite") {
        MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE).map(|m| m.len())
    } else {
        MigrationSource::<diesel::pg::Pg>::migrations(&POSTGRES).map(|m| m.len())
    }
    .map_err(|e| StoreError::Broken(e.to_string()))?;
    if applied > known {
        return Err(StoreError::Broken(format!(
            "the database was made by a newer version: it has {applied} migrations, this program knows {known}"
        )));
    }
    Ok(())
}

/// Whether the schema is the one this program knows.
pub(crate) fn is_current(conn: &mut Conn) -> Result<bool, StoreError> {
    let pending = match &mut conn.backend {
        Backend::Sqlite(c) => c.has_pending_migration(SQLITE),
        Backend::Postgres(c) => c.has_pending_migration(POSTGRES),
    };
    pending.map(|pending| !pending).map_err(|e| StoreError::Broken(e.to_string()))
}
