//! A file that somebody sends is kept from preview to confirmation, for its sender alone.

use sha2::{Digest, Sha256};

use super::{Result, UseCaseError};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::Instant,
        text,
    },
    store::{
        Conn,
        audit::hex,
        import_memory::{self, Upload},
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
            Self::Counts => Deed::Report,
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
        sha256: hex(&Sha256::digest(&content)),
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
