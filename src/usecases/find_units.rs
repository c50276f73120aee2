//! Finding units by part of their name, marks or not.

use super::{Result, UnitRef, UseCaseError};
use crate::{
    domain::{
        actor::{Actor, Deed},
        text,
    },
    store::{Conn, units},
};

/// How many are listed.
const MOST: i64 = 50;

/// The units the actor sees whose name contains the words (golden case G-14: "hoa an" finds "Hòa An").
pub fn find_units(conn: &mut Conn, actor: &Actor, words: &str) -> Result<Vec<UnitRef>> {
    let tops: Vec<_> = actor.scopes(Deed::See).collect();
    if tops.is_empty() {
        return Err(UseCaseError::NotAllowed);
    }
    let key = text::search_key(words);
    let mut found: Vec<UnitRef> = Vec::new();
    for top in tops {
        for unit in units::search(conn, top, &key, MOST)? {
            let unit = UnitRef::from(&unit);
            if !found.contains(&unit) {
                found.push(unit);
            }
        }
    }
    found.sort_by(|a, b| text::compare(&a.name, &b.name));
    Ok(found)
}
