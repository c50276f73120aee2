//! What a transaction writes last: rows that its parts change again and again are written once, right before the
//! commit, and on PostgreSQL are locked no longer than they must be.

use std::collections::BTreeMap;

use super::{Conn, StoreError, audit, tallies};
use crate::domain::ledger::Amount;

/// Changes made in a transaction or savepoint and not written yet.
#[derive(Clone, Default)]
pub(super) struct Pending {
    /// Of the roll-up ledger.
    pub tallies: BTreeMap<tallies::Key, Amount>,
    /// Of this connection's audit chain.
    pub head: Option<audit::Head>,
    /// Whether figures of days long gone change (see `past`).
    pub changes_past: bool,
    /// Whether what was pending around this savepoint was written in it, to be read.
    wrote_around: bool,
}

impl Pending {
    /// Adds what a savepoint inside this transaction left.
    pub fn take_over(&mut self, inner: Self) {
        if inner.wrote_around {
            *self = Self { wrote_around: true, ..Self::default() };
        }
        if self.tallies.is_empty() {
            self.tallies = inner.tallies;
        } else {
            inner.tallies.into_iter().for_each(|(key, by)| *self.tallies.entry(key).or_default() += by);
        }
        if inner.head.is_some() {
            self.head = inner.head;
        }
        self.changes_past |= inner.changes_past;
    }

    /// Writes everything.
    pub fn write(&self, conn: &mut Conn) -> Result<(), StoreError> {
        if self.head.is_some() || self.changes_past {
            audit::write_head(conn, self.head.as_ref(), self.changes_past)?;
        }
        tallies::write(conn, &self.tallies)
    }
}

/// Writes what is pending now, for a transaction that reads what it wrote. A savepoint rolled back takes that with it,
/// so what is pending around it stays pending until it is released.
pub(super) fn settle(conn: &mut Conn) -> Result<(), StoreError> {
    // On a copy: nothing is forgotten that a failure left unwritten.
    let mut levels = conn.pending().to_vec();
    write_levels(conn, &mut levels)?;
    *conn.pending_levels() = levels;
    Ok(())
}

fn write_levels(conn: &mut Conn, levels: &mut [Pending]) -> Result<(), StoreError> {
    let Some((inner, around)) = levels.split_last_mut() else { return Ok(()) };
    if !inner.wrote_around {
        around.iter().try_for_each(|level| level.write(conn))?;
    }
    inner.write(conn)?;
    // The chain goes on from its newest end; what is written twice is the same.
    let head = inner.head.clone().or_else(|| around.iter().rev().find_map(|level| level.head.clone()));
    *inner = Pending { head, wrote_around: true, ..Pending::default() };
    Ok(())
}
