//! A deed that may be sent twice: the same id within seven days records once and gives the same answer.

use serde::{Serialize, de::DeserializeOwned};

use super::{Result, UseCaseError};
use crate::{
    domain::{
        actor::Actor,
        calendar::Instant,
        digest::sha256,
        report::{Fault, Rule},
    },
    store::{Conn, StoreError, operations},
};

/// The longest operation id.
const LONGEST_ID: usize = 64;

/// What is wrong with an id, if anything.
pub(super) fn check_id(op_id: Option<&str>) -> Option<Fault> {
    let is_wrong = op_id.is_some_and(|id| id.is_empty() || id.len() > LONGEST_ID);
    is_wrong.then(|| Fault::of_report("op_id", Rule::TooLong, "", Some(LONGEST_ID.to_string())))
}

/// A deed under the id its sender chose; without an id nothing is looked up or kept.
pub(super) struct Operation<'a> {
    account_id: i64,
    id: Option<(&'a str, String)>,
}

impl<'a> Operation<'a> {
    /// `said` is what makes two deeds the same: everything but the moment they were sent.
    pub(super) fn of(actor: &Actor, op_id: Option<&'a str>, said: &str) -> Self {
        let id = op_id.map(|id| (id, sha256(said)));
        Self { account_id: actor.account_id, id }
    }

    /// The answer given before, if the deed was carried out already. [`UseCaseError::OperationDiffers`] when the id
    /// stands for something else.
    pub(super) fn answer<T: DeserializeOwned>(&self, conn: &mut Conn) -> Result<Option<T>> {
        let Some((id, hash)) = &self.id else { return Ok(None) };
        match operations::carried_out(conn, self.account_id, id)? {
            None => Ok(None),
            Some((known, _)) if known != *hash => Err(UseCaseError::OperationDiffers((*id).to_owned())),
            Some((_, answer)) => read(id, &answer).map(Some),
        }
    }

    /// Keeps the answer, in the transaction of the deed.
    pub(super) fn keep<T: Serialize>(&self, conn: &mut Conn, answer: &T, now: Instant) -> Result<()> {
        let Some((id, hash)) = &self.id else { return Ok(()) };
        let answer = serde_json::to_string(answer).map_err(|e| StoreError::Broken(e.to_string()))?;
        Ok(operations::keep(conn, self.account_id, id, hash, &answer, now)?)
    }
}

/// Reads a kept answer.
pub(super) fn read<T: DeserializeOwned>(op_id: &str, answer: &str) -> Result<T> {
    serde_json::from_str(answer).map_err(|e| StoreError::Broken(format!("the answer of {op_id}: {e}")).into())
}
