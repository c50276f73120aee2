//! What is read of many places and seldom changes, kept by the process with the version it was read at: asking whether
//! it still holds costs a fraction of reading it. Every table behind it is only ever added to, or counts its changes, so a
//! version that is the same is the same rows, whichever instance wrote them.

use std::{
    ops::RangeInclusive,
    sync::{Arc, Mutex, PoisonError},
};

use super::{Conn, StoreError, plans, reports::InForce, schedules, zone_lines::PlaceRow};
use crate::domain::{calendar::Instant, unit::UnitId};

/// Fewer rows than the first number are read as fast as their version; more than the last would take much memory.
const WORTH_KEEPING: RangeInclusive<usize> = 100..=20_000;
/// How many readings of a kind are kept; the one kept longest goes first.
const MOST: usize = 8;

/// Numbers that grow, one of them at least, whenever the rows change.
pub(super) type Version = (i64, i64, i64);

/// What a store keeps, shared by its connections.
#[derive(Default)]
pub(super) struct Memo {
    /// Whether the recent lines or only the changes, below which place.
    pub lines: Shelf<(bool, UnitId), PlaceRow>,
    /// Who is obliged by which plan, below which place.
    pub assignments: Shelf<(i64, UnitId), plans::Obliged>,
    /// The same with what completeness asks of them.
    pub obliged: Shelf<(i64, UnitId), Arc<schedules::Obliged>>,
    /// Figures below which place, of which indicators, true before which time.
    pub past: Shelf<(UnitId, Vec<i64>, Instant), InForce>,
}

/// Readings of one kind.
pub(super) struct Shelf<K, T>(Mutex<Vec<Kept<K, T>>>);

struct Kept<K, T> {
    key: K,
    version: Version,
    rows: Arc<Vec<T>>,
}

impl<K, T> Default for Shelf<K, T> {
    fn default() -> Self {
        Self(Mutex::new(Vec::new()))
    }
}

impl<K: PartialEq, T> Shelf<K, T> {
    fn find(&self, key: &K) -> Option<(Version, Arc<Vec<T>>)> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|kept| kept.key == *key).map(|kept| (kept.version, Arc::clone(&kept.rows)))
    }

    fn keep(&self, key: K, version: Version, rows: Arc<Vec<T>>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|kept| kept.key != key);
        if kept.len() == MOST {
            kept.remove(0);
        }
        kept.push(Kept { key, version, rows });
    }
}

/// The rows of `key`: those kept if they are of the version that the transaction sees, else read.
pub(super) fn rows<K: PartialEq, T>(
    conn: &mut Conn,
    shelf: impl Fn(&Memo) -> &Shelf<K, T>,
    key: K,
    version: impl Fn(&mut Conn) -> Result<Version, StoreError>,
    read: impl FnOnce(&mut Conn) -> Result<Vec<T>, StoreError>,
) -> Result<Arc<Vec<T>>, StoreError> {
    // What a transaction has written itself may never be, and two questions outside of one see two moments.
    if !conn.sees_one_moment() {
        return read(conn).map(Arc::new);
    }
    let memo = Arc::clone(conn.memo());
    let shelf = shelf(&memo);
    let mut now = None;
    if let Some((known, rows)) = shelf.find(&key) {
        let version = version(conn)?;
        if version == known {
            return Ok(rows);
        }
        now = Some(version);
    }
    let rows = Arc::new(read(conn)?);
    if WORTH_KEEPING.contains(&rows.len()) {
        let version = now.map_or_else(|| version(conn), Ok)?;
        shelf.keep(key, version, Arc::clone(&rows));
    }
    Ok(rows)
}
