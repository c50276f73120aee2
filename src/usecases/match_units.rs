//! Matches written names with units: from the register of the database, or from the one that comes with the program.

use super::{
    Result,
    load_seed::{former_units, seeded_units},
};
use crate::{
    domain::names::{Entry, Gazetteer},
    store::{Conn, units},
};

pub use crate::imports::register::match_unit;

/// The names of all units of the database.
pub fn gazetteer(conn: &mut Conn) -> Result<Gazetteer> {
    let entry = |(unit, parent): (crate::domain::unit::Unit, Option<String>)| Entry {
        code: unit.code,
        kind: unit.kind,
        name: unit.name,
        full_name: unit.full_name,
        parent,
        is_class: unit.is_class,
    };
    Ok(Gazetteer::new(units::register(conn)?.into_iter().map(entry), &former_units()?))
}

/// The names of the units that come with the program.
pub fn seeded_gazetteer() -> Result<Gazetteer> {
    Ok(Gazetteer::new(seeded_units()?, &former_units()?))
}
