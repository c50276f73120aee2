//! What one's own operation recorded, for the page after sending.

use super::{Result, UseCaseError, operation, record_report::Receipt};
use crate::{
    domain::actor::Actor,
    store::{Conn, operations},
};

/// The receipt of the actor's operation; it is kept for seven days.
pub fn see_receipt(conn: &mut Conn, actor: &Actor, op_id: &str) -> Result<Receipt> {
    let answer = operations::find(conn, actor.account_id, op_id)?
        .ok_or_else(|| UseCaseError::NotFound { kind: "operation", name: op_id.to_owned() })?;
    operation::read(op_id, &answer)
}
