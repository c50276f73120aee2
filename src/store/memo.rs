//! What is read of many places and seldom changes, kept by the process with the version it was read at: asking whether
//! it still holds costs a fraction of reading it. Every table behind it is only ever added to, or counts its changes, so a
//! version that is the same is the same rows, whichever instance wrote them.

use std::{
    ops::RangeInclusive,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::NaiveDate;

use super::{Conn, StoreError, plans::Obliged, reports::InForce, tallies, zone_lines::PlaceRow};
use crate::domain::{calendar::Instant, ledger::Amount, unit::UnitId};

/// Fewer rows than the first number are read as fast as their version; more than the last would take much memory.
const WORTH_KEEPING: RangeInclusive<usize> = 100..=20_000;
/// How many readings of a kind are kept; the one kept longest goes first.
const MOST: usize = 8;
/// Sums are few and made of many: each is worth keeping, except where nothing was added up, and for many places.
const WORTH_KEEPING_OF_SUMS: RangeInclusive<usize> = 1..=1000;
const MOST_SUMS: usize = 200;

/// Numbers that grow, one of them at least, whenever the rows change.
pub(super) type Version = (i64, i64, i64);

/// Below which place, of which indicators, true up to which day.
pub(super) type UpTo = (UnitId, Vec<i64>, NaiveDate);

/// What a store keeps, shared by its connections.
pub(super) struct Memo {
    /// Whether the recent lines or only the changes, below which place.
    pub lines: Shelf<(bool, UnitId), PlaceRow>,
    /// Who is obliged by which plan, below which place.
    pub obliged: Shelf<(i64, UnitId), Arc<Obliged>>,
    /// Figures below which place, of which indicators, true before which time.
    pub past: Shelf<(UnitId, Vec<i64>, Instant), InForce>,
    /// Totals by indicator.
    pub totals: Shelf<UpTo, (i64, Amount)>,
    /// Changes of totals by indicator and day.
    pub changes: Shelf<UpTo, tallies::Step>,
}

impl Default for Memo {
    fn default() -> Self {
        Self {
            lines: Shelf::default(),
            obliged: Shelf::default(),
            past: Shelf::default(),
            totals: Shelf::new(WORTH_KEEPING_OF_SUMS, MOST_SUMS),
            changes: Shelf::default(),
        }
    }
}

/// Readings of one kind.
pub(super) struct Shelf<K, T> {
    /// How many rows a reading has that is kept.
    worth: RangeInclusive<usize>,
    /// How many readings are kept.
    most: usize,
    kept: Mutex<Vec<Kept<K, T>>>,
}

struct Kept<K, T> {
    key: K,
    version: Version,
    rows: Arc<Vec<T>>,
}

impl<K, T> Default for Shelf<K, T> {
    fn default() -> Self {
        Self::new(WORTH_KEEPING, MOST)
    }
}

impl<K, T> Shelf<K, T> {
    fn new(worth: RangeInclusive<usize>, most: usize) -> Self {
        Self { worth, most, kept: Mutex::new(Vec::new()) }
    }
}

impl<K: PartialEq, T> Shelf<K, T> {
    fn find(&self, key: &K) -> Option<(Version, Arc<Vec<T>>)> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|kept| kept.key == *key).map(|kept| (kept.version, Arc::clone(&kept.rows)))
    }

    fn keep(&self, key: K, version: Version, rows: Arc<Vec<T>>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|kept| kept.key != key);
        if kept.len() == self.most {
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
    if shelf.worth.contains(&rows.len()) {
        let version = now.map_or_else(|| version(conn), Ok)?;
        shelf.keep(key, version, Arc::clone(&rows));
    }
    Ok(rows)
}
