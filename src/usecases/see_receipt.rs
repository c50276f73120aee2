//! What one's own operation recorded, for the page after sending.

use super::{Result, UseCaseError, record_report::Receipt};
use crate::{
    domain::actor::Actor,
    store::{Conn, StoreError, operations},
};

/// The receipt of the actor's operation; it is kept for seven days.
pub fn see_receipt(conn: &mut Conn, actor: &Actor, op_id: &str) -> Result<Receipt> {
    let answer = operations::find(conn, actor.account_id, op_id)?
        .ok_or_else(|| UseCaseError::NotFound { kind: "operation", name: op_id.to_owned() })?;
    serde_json::from_str(&answer).map_err(|e| StoreError::Broken(format!("the answer of {op_id}: {e}")).into())
}
