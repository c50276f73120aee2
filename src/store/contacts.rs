//! Office contacts of units: who is written to and called. Append-only; the last row counts.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{Conn, StoreError, Ts, among::among, on_each, schema::unit_contact};
use crate::domain::{calendar::Instant, unit::UnitId};

/// A contact. An office's, never a private one; all blank: there is none any more.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Contact {
    /// The focal point.
    pub name: String,
    /// Address of the office.
    pub email: String,
    /// Telephone of the office.
    pub phone: String,
}

impl Contact {
    /// Whether nothing is known.
    pub fn is_blank(&self) -> bool {
        self.name.is_empty() && self.email.is_empty() && self.phone.is_empty()
    }
}

/// The contacts of these units, where there are any.
pub fn of(conn: &mut Conn, units: &[UnitId]) -> Result<BTreeMap<UnitId, Contact>, StoreError> {
    let rows: Vec<(i64, String, String, String)> = on_each!(conn, |c| unit_contact::table
        .filter(among(unit_contact::unit_id, units.iter().map(|unit| unit.0)))
        .order(unit_contact::id)
        .select((unit_contact::unit_id, unit_contact::name, unit_contact::email, unit_contact::phone))
        .load(c))?;
    let read = |(unit, name, email, phone)| (UnitId(unit), Contact { name, email, phone });
    let mut found: BTreeMap<UnitId, Contact> = rows.into_iter().map(read).collect();
    found.retain(|_, contact| !contact.is_blank());
    Ok(found)
}

/// Records a unit's contact.
pub fn set(conn: &mut Conn, unit: UnitId, contact: &Contact, account_id: i64, now: Instant) -> Result<(), StoreError> {
    let row = (
        unit_contact::unit_id.eq(unit.0),
        unit_contact::name.eq(&contact.name),
        unit_contact::email.eq(&contact.email),
        unit_contact::phone.eq(&contact.phone),
        unit_contact::recorded_at.eq(Ts::from(now)),
        unit_contact::account_id.eq(account_id),
    );
    on_each!(conn, |c| diesel::insert_into(unit_contact::table).values(row).execute(c))?;
    Ok(())
}
