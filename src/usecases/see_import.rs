//! A file that was taken in, as its sender and whoever sees its place are shown it.

use super::{Result, UseCaseError, allowed, allowed_or_own};
use crate::{
    domain::actor::{Actor, Deed},
    store::{
        Conn,
        imports::{self, Import},
        units,
    },
};

/// The import with this number: of one's own account, or of a place one sees.
pub fn see_import(conn: &mut Conn, actor: &Actor, id: i64) -> Result<Import> {
    let unknown = || UseCaseError::NotFound { kind: "import", name: id.to_string() };
    let import = imports::find(conn, id)?.ok_or_else(unknown)?;
    if import.account_id == actor.account_id {
        return Ok(import);
    }
    // Somebody else's number tells nothing, not even that it exists.
    let scope = import.scope_unit().ok_or_else(unknown)?;
    let code = units::get(conn, scope)?.code;
    allowed(conn, actor, Deed::See, &code).map_err(|_| unknown())?;
    Ok(import)
}

/// The place whose units the rows of a file are: the one asked for, or the top of what the actor may take files in for.
pub fn scope_of(conn: &mut Conn, actor: &Actor, deed: Deed, asked: Option<&str>) -> Result<String> {
    Ok(allowed_or_own(conn, actor, deed, asked)?.unit.code)
}
