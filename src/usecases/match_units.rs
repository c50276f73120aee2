//! Matches written names with units: from the register of the database, or from the one that comes with the program.

use super::{
    Result,
    load_seed::{former_units, seeded_units},
};
use crate::{
    domain::names::{Context, Entry, Gazetteer, How, Match},
    imports::legacy,
    store::{Conn, units},
};

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

/// The unit a written name means. A name that means none is read once more as text of a legacy font or of a wrong
/// encoding; then only an exact match counts.
pub fn match_unit<'g>(gazetteer: &'g Gazetteer, name: &str, context: &Context<'_>) -> Match<'g> {
    let found = gazetteer.resolve(name, context);
    if found != Match::Unknown || name.is_ascii() {
        return found;
    }
    let restored = legacy::restored(name).into_iter().map(|name| gazetteer.resolve(&name, context));
    restored.into_iter().find(|found| matches!(found, Match::One(_, How::Exact))).unwrap_or(Match::Unknown)
}
