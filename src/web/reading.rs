//! Files are read one at a time, away from the threads that answer: a large one takes seconds and much memory.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;

use super::{State, problem::Problem};
use crate::{
    domain::names::Gazetteer,
    store::{Conn, StoreError},
    usecases::{self, match_units::gazetteer},
};

/// Whose turn it is, and the names of all units, as long as somebody sends files.
pub(super) struct Reading {
    turn: Semaphore,
    names: Mutex<Option<Arc<Gazetteer>>>,
}

impl Default for Reading {
    fn default() -> Self {
        Self { turn: Semaphore::new(1), names: Mutex::new(None) }
    }
}

impl Reading {
    /// Forgets the names: units may have been added, and most of the time nobody sends files.
    pub fn forget(&self) {
        *self.names.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn names(&self, conn: &mut Conn) -> usecases::Result<Arc<Gazetteer>> {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = names.as_ref() {
            return Ok(Arc::clone(known));
        }
        let made = Arc::new(gazetteer(conn)?);
        *names = Some(Arc::clone(&made));
        Ok(made)
    }
}

impl State {
    /// Does work on a file, with the names of all units, when it is its turn. It sees one moment of the database.
    pub async fn read_file<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&mut Conn, &Gazetteer) -> usecases::Result<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let _turn = self.reading.turn.acquire().await.map_err(|_| Problem::from(StoreError::Busy))?;
        let state = Arc::clone(self);
        let read = move |conn: &mut Conn| {
            let names = state.reading.names(conn)?;
            work(conn, &names)
        };
        Ok(self.store.read(read).await?)
    }
}
