//! A file that somebody sends is kept from preview to confirmation, for its sender alone.

use super::{Result, UnitRef, UseCaseError};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::Instant,
        digest::sha256,
        text,
        unit::{UnitId, UnitKind},
    },
    store::{
        Conn,
        import_memory::{self, Upload},
        imports::{self, Import},
        units,
    },
};

/// The longest name of a file that is kept, in characters.
const LONGEST_NAME: usize = 200;

/// What a file can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Counts of a plan's cohort.
    Counts,
    /// Zone levels.
    Zones,
}

impl Kind {
    /// What somebody must be allowed to do who sends such a file.
    pub fn deed(self) -> Deed {
        match self {
            Self::Counts => Deed::TakeFileIn,
            Self::Zones => Deed::DecideZone,
        }
    }

    /// The kinds an actor may send.
    pub fn of(actor: &Actor) -> Vec<Self> {
        [Self::Counts, Self::Zones].into_iter().filter(|kind| actor.may_somewhere(kind.deed())).collect()
    }
}

/// A file as it waits.
pub fn waiting(name: &str, content: Vec<u8>) -> Upload {
    // Browsers of old send the whole path.
    let name = text::clean(name.rsplit(['/', '\\']).next().unwrap_or(name));
    Upload {
        token: format!("{:032x}", rand::random::<u128>()),
        name: name.chars().take(LONGEST_NAME).collect(),
        sha256: sha256(&content),
        content,
    }
}

/// Keeps a file; nothing of it is recorded.
pub fn keep_upload(conn: &mut Conn, actor: &Actor, upload: &Upload, now: Instant) -> Result<()> {
    if Kind::of(actor).is_empty() {
        return Err(UseCaseError::NotAllowed);
    }
    Ok(import_memory::keep_upload(conn, actor.account_id, upload, now)?)
}

/// The file that the actor sent under this name.
pub fn see_upload(conn: &mut Conn, actor: &Actor, kind: Kind, token: &str) -> Result<Upload> {
    if !actor.may_somewhere(kind.deed()) {
        return Err(UseCaseError::NotAllowed);
    }
    import_memory::upload(conn, actor.account_id, token)?
        .ok_or_else(|| UseCaseError::NotFound { kind: "upload", name: token.to_owned() })
}

/// The places whose units a file of the actor's may list: the district or province of each part of the tree the actor
/// answers for, and the districts of a province.
pub fn scopes(conn: &mut Conn, actor: &Actor, kind: Kind) -> Result<Vec<UnitRef>> {
    let mut scopes: Vec<UnitRef> = Vec::new();
    for top in actor.scopes(kind.deed()) {
        let code = units::get(conn, top)?.code;
        let lineage = units::lineage(conn, &code)?;
        // A row names the units inside a place; of a commune or an office that place is its district.
        let Some(place) = lineage.iter().find(|unit| unit.kind.is_upper_level()) else { continue };
        scopes.push(place.into());
        if place.kind == UnitKind::Province {
            scopes.extend(units::subtree(conn, place.id, Some(UnitKind::District))?.iter().map(UnitRef::from));
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    scopes.retain(|scope| seen.insert(scope.code.clone()));
    Ok(scopes)
}

/// Refuses a place whose units the actor's files may not list; none is the whole country's.
pub fn check_scope(conn: &mut Conn, actor: &Actor, kind: Kind, scope: &str) -> Result<()> {
    if scope.is_empty() || scopes(conn, actor, kind)?.iter().any(|known| known.code == scope) {
        return Ok(());
    }
    Err(UseCaseError::NotFound { kind: "unit", name: scope.to_owned() })
}

/// How many units are offered for a name at most; where there are more, only communes are.
const MOST_OFFERED: usize = 250;

/// The units inside a place that a name can be said to mean, of those the actor answers for; none of the whole country's.
pub fn choices(conn: &mut Conn, actor: &Actor, kind: Kind, scope: &str) -> Result<Vec<UnitRef>> {
    let Some(place) = units::find(conn, scope)? else { return Ok(Vec::new()) };
    let mut found = units::subtree(conn, place.id, None)?;
    let ids: Vec<UnitId> = found.iter().map(|unit| unit.id).collect();
    let scopes: Vec<UnitId> = actor.scopes(kind.deed()).collect();
    let own = units::below_any(conn, &ids, &scopes)?;
    found.retain(|unit| unit.id != place.id && !unit.is_class && own.contains(&unit.id));
    if found.len() > MOST_OFFERED {
        found.retain(|unit| unit.kind == UnitKind::Commune);
    }
    found.truncate(MOST_OFFERED);
    Ok(found.iter().map(UnitRef::from).collect())
}

/// The last time this account took in the very same content.
pub fn last_import(conn: &mut Conn, actor: &Actor, sha256: &str) -> Result<Option<Import>> {
    Ok(imports::last_of_file(conn, actor.account_id, sha256)?)
}

/// An import of the actor's own.
pub fn own_import(conn: &mut Conn, actor: &Actor, id: i64) -> Result<Import> {
    let found = imports::find(conn, id)?.filter(|import| import.account_id == actor.account_id);
    found.ok_or_else(|| UseCaseError::NotFound { kind: "import", name: id.to_string() })
}
