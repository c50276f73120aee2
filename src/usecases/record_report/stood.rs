//! What stood of a unit's series around the time of a report that comes in.

use chrono::Duration;

use crate::{
    domain::{
        calendar::{self, Instant},
        ledger::Around,
        standing::Value,
        unit::UnitId,
    },
    store::{
        Conn, StoreError,
        reports::{self, InForce},
    },
};

/// The figures of a unit around a time. Those in force now say it all for the usual report, which is the newest; for a
/// report of an earlier time the figures of that time are read too.
pub(super) struct Stood {
    as_of: Instant,
    in_force: Vec<InForce>,
    /// True at the time.
    before: Vec<InForce>,
    /// True at the end of its day.
    at_end: Vec<InForce>,
    /// The first of a later day.
    later: Vec<InForce>,
}

impl Stood {
    /// Reads what is behind the figures in force, where they are of a later time than `as_of`.
    pub(super) fn around(
        conn: &mut Conn,
        unit: UnitId,
        in_force: Vec<InForce>,
        as_of: Instant,
    ) -> Result<Self, StoreError> {
        let end = calendar::end_of(calendar::day(as_of));
        let since = |from: Instant| -> Vec<i64> {
            in_force.iter().filter(|known| known.as_of() >= from).map(|known| known.indicator_id).collect()
        };
        let just_after = as_of + Duration::microseconds(1);
        let before = reports::before(conn, &since(just_after), unit, just_after)?;
        let at_end = reports::before(conn, &since(end), unit, end)?;
        let later = reports::first_from(conn, &since(end), unit, end)?;
        Ok(Self { as_of, in_force, before, at_end, later })
    }

    /// The figures in force now.
    pub(super) fn in_force(&self) -> &[InForce] {
        &self.in_force
    }

    /// The value of a series at the time.
    pub(super) fn value(&self, indicator: i64) -> Option<Value> {
        let known = of(&self.in_force, indicator)?;
        let known = if known.as_of() <= self.as_of { Some(known) } else { of(&self.before, indicator) };
        known.map(InForce::value)
    }

    /// What the ledger asks of a series.
    pub(super) fn in_ledger(&self, indicator: i64) -> Around {
        let Some(known) = of(&self.in_force, indicator) else { return Around::default() };
        let is_later = calendar::day(known.as_of()) > calendar::day(self.as_of);
        let current = if is_later { of(&self.at_end, indicator) } else { Some(known) };
        let next_day = of(&self.later, indicator).map(|next| calendar::day(next.as_of()));
        Around { current: current.map(|figure| (figure.as_of(), figure.value())), next_day }
    }
}

fn of(figures: &[InForce], indicator: i64) -> Option<&InForce> {
    figures.iter().find(|figure| figure.indicator_id == indicator)
}
