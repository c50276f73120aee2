//! What somebody has said once of their files is used at the next: which unit a name means, what a column holds.

use std::collections::HashMap;

use super::Result;
use crate::{
    domain::{actor::Actor, calendar::Instant, names::alias_key, text},
    imports::{header::Mapping, mapping},
    store::{
        Conn,
        import_memory::{self, Alias},
    },
};

/// What an account has said of its files.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    /// Names inside the place, and the unit each means.
    pub names: Vec<Alias>,
    /// Columns, by the fingerprint of their header.
    pub mappings: HashMap<String, Mapping>,
}

impl Memory {
    /// The code of each name, by its key.
    pub fn aliases(&self) -> HashMap<String, String> {
        self.names.iter().map(|alias| (alias.key.clone(), alias.unit_code.clone())).collect()
    }
}

/// What the actor has said of files about a place; empty: the whole country.
pub fn memory(conn: &mut Conn, actor: &Actor, scope: &str) -> Result<Memory> {
    let names = import_memory::aliases(conn, actor.account_id, scope)?;
    let mappings = import_memory::mappings(conn, actor.account_id)?;
    let mappings = mappings.into_iter().map(|(of, columns)| (of, mapping::from_text(&columns))).collect();
    Ok(Memory { names, mappings })
}

/// Keeps which unit each name means, by code; an empty code forgets the name. It gives no right to the unit, nor makes
/// it one: both are asked of every row.
pub fn remember_names(
    conn: &mut Conn,
    actor: &Actor,
    scope: &str,
    said: &[(String, String)],
    now: Instant,
) -> Result<()> {
    let (mut kept, mut gone): (Vec<Alias>, Vec<String>) = (Vec::new(), Vec::new());
    for (name, code) in said {
        let key = alias_key(name);
        if code.is_empty() {
            gone.push(key);
            continue;
        }
        kept.retain(|known| known.key != key);
        kept.push(Alias { key, name: text::clean(name), unit_code: code.clone() });
    }
    let gone: Vec<&str> = gone.iter().map(String::as_str).collect();
    import_memory::forget_aliases(conn, actor.account_id, scope, &gone)?;
    Ok(import_memory::remember_aliases(conn, actor.account_id, scope, &kept, now)?)
}

/// Keeps what the columns under a header hold; an empty mapping forgets it.
pub fn remember_columns(conn: &mut Conn, actor: &Actor, fingerprint: &str, said: &Mapping, now: Instant) -> Result<()> {
    Ok(import_memory::remember_mapping(conn, actor.account_id, fingerprint, &mapping::to_text(said), now)?)
}
