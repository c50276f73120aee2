//! SQLite's one writer: whatever is waiting shares one durable commit, each piece of work in a savepoint of its own.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    thread,
    time::Duration,
};

use tokio::sync::oneshot;

use super::{
    Failure, StoreError,
    connection::{Address, Conn},
};

/// How much may wait before new work is refused.
const QUEUE: usize = 1024;
/// How long commits stay in SQLite's log before they are copied into the database.
const CHECKPOINT_AFTER: Duration = Duration::from_secs(1);
/// Does the work in its savepoint and returns what tells the sender, once the commit is durable or has failed.
type Job = Box<dyn FnOnce(Result<&mut Conn, &StoreError>) -> Announce + Send>;
type Announce = Box<dyn FnOnce(Result<(), &StoreError>)>;

/// The queue into the writer thread.
pub(super) struct Writer {
    queue: SyncSender<Job>,
}

impl Writer {
    /// Starts its threads; they end when the last sender is gone. At most `most_per_commit` jobs share a commit.
    pub fn start(address: &Address, most_per_commit: usize) -> Result<Self, StoreError> {
        let (queue, jobs) = sync_channel(QUEUE);
        let (conn, copying) = (Conn::open(address, false)?, Conn::open(address, false)?);
        let (committed, commits) = sync_channel(1);
        let address = address.clone();
        start("writer", move || run(conn, &address, &jobs, most_per_commit, &committed))?;
        start("checkpoints", move || checkpoint(copying, &commits))?;
        Ok(Self { queue })
    }

    /// Queues work; the answer comes after its commit. Refused with [`StoreError::Busy`] when the queue is full.
    pub fn submit<T, E>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T, E>>, StoreError>
    where
        T: Send + 'static,
        E: Failure,
    {
        let (answer, receiver) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            let outcome = match conn {
                Ok(conn) => in_savepoint(conn, work),
                Err(error) => Err(StoreError::Unavailable(error.to_string()).into()),
            };
            Box::new(move |committed| {
                let answered = match (outcome, committed) {
                    (Ok(value), Ok(())) => Ok(value),
                    (Err(error), _) => Err(error),
                    (Ok(_), Err(error)) => Err(StoreError::Unavailable(error.to_string()).into()),
                };
                // The sender may have gone away; what was committed stays.
                let _gone = answer.send(answered);
            })
        });
        match self.queue.try_send(job) {
            Ok(()) => Ok(receiver),
            Err(TrySendError::Full(_)) => Err(StoreError::Busy),
            Err(TrySendError::Disconnected(_)) => Err(super::lost()),
        }
    }
}

fn start(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), StoreError> {
    let started = thread::Builder::new().name(name.into()).spawn(work);
    started.map(drop).map_err(|e| StoreError::Unavailable(e.to_string()))
}

/// Copies what was committed from the log into the database, so that no commit has to: it would keep everybody waiting
/// for two syncs more. Ends with the writer.
fn checkpoint(mut conn: Conn, commits: &Receiver<()>) {
    while commits.recv().is_ok() {
        thread::sleep(CHECKPOINT_AFTER);
        while commits.try_recv().is_ok() {}
        if let Err(error) = conn.execute_batch("PRAGMA wal_checkpoint(PASSIVE)") {
            tracing::warn!(%error, "the log could not be copied into the database; it is tried again");
        }
    }
}

fn in_savepoint<T, E: Failure>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
    conn.begin()?;
    // Diesel does not roll back on a panic: it is caught inside, so that the savepoint is always closed.
    let outcome = catch_unwind(AssertUnwindSafe(|| work(conn)))
        .unwrap_or_else(|_| Err(StoreError::Broken("the work panicked".into()).into()));
    match outcome {
        Ok(value) => conn.commit().map(|()| value).map_err(E::from),
        Err(error) => {
            conn.rollback()?;
            Err(error)
        }
    }
}

fn run(mut conn: Conn, address: &Address, jobs: &Receiver<Job>, most_per_commit: usize, committed: &SyncSender<()>) {
    while let Ok(first) = jobs.recv() {
        let outcome = match conn.begin() {
            Ok(()) => commit_batch(&mut conn, first, jobs, most_per_commit),
            Err(error) => {
                first(Err(&error))(Err(&error));
                Err(error)
            }
        };
        // Full: it is known already that there is something to copy.
        let _known = committed.try_send(());
        if let Err(error) = outcome {
            tracing::error!(%error, "a commit failed; opening the database again");
            // Diesel's idea of the open transaction may be wrong after an I/O error.
            match Conn::open(address, false) {
                Ok(fresh) => conn = fresh,
                Err(error) => tracing::error!(%error, "the database cannot be opened"),
            }
        }
    }
}

fn commit_batch(conn: &mut Conn, first: Job, jobs: &Receiver<Job>, most_per_commit: usize) -> Result<(), StoreError> {
    let mut announcements = vec![first(Ok(conn))];
    while announcements.len() < most_per_commit
        && let Ok(job) = jobs.try_recv()
    {
        announcements.push(job(Ok(conn)));
    }
    let committed = conn.commit();
    for announce in announcements {
        announce(committed.as_ref().copied());
    }
    committed
}
