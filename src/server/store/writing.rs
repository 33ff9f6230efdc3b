//! Writes: those that meet in time share one transaction, one commit, one fsync, and no lock is held meanwhile: reads go on,
//! and so does whatever requests do before they write.
//!
//! A transaction is committed as soon as nobody holds it any more ([`Hold`]): neither the one who began it and lets those who
//! are ready write first, nor those who came while the one before was being committed.

use std::{
    sync::MutexGuard,
    time::{Duration, Instant},
};

use rusqlite::ErrorCode;

use super::{
    BUSY, Connection, Failure, Store, Transaction, connect,
    end::{Awaited, End},
    lock, schema,
    transaction::{self, Notes},
};

/// How many revisions are kept for watches and paged lists.
const KEPT_REVISIONS: i64 = 10_000;
/// How many bytes of superseded revisions are kept.
const KEPT_BYTES: u64 = 64 << 20;
/// How long a superseded revision is kept.
pub(super) const KEPT_FOR: Duration = Duration::from_secs(300);
/// How often is looked whether another process still keeps the file to itself.
const BUSY_POLL: Duration = Duration::from_millis(2);

/// What writers share.
#[derive(Default)]
pub(super) struct Writing {
    /// Of a file: opened by the first write, away while its transaction is being committed.
    connection: Option<Connection>,
    /// The transaction that is open or being committed.
    current: Option<Current>,
    /// How many hold the transaction that is open, or the next.
    holds: usize,
    /// About the transaction that is open.
    notes: Notes,
    pruning: Pruning,
    #[cfg(test)]
    commits: u64,
}

/// A transaction that several may have a part in.
#[derive(Default)]
struct Current {
    end: End,
    /// It is being committed: nobody can join it any more.
    closed: bool,
}

/// When old revisions are cleared away next: after so many commits, or so many bytes.
#[derive(Default)]
struct Pruning {
    commits: u32,
    bytes: u64,
}

impl Pruning {
    fn wrote(&mut self, bytes: u64) {
        self.bytes = self.bytes.saturating_sub(bytes);
    }

    fn is_due(&mut self) -> bool {
        let due = self.commits == 0 || self.bytes == 0;
        *self = if due {
            Self { commits: 1_000, bytes: KEPT_BYTES / 4 }
        } else {
            Self { commits: self.commits - 1, ..*self }
        };
        due
    }
}

impl Writing {
    /// The connection that writes to a file.
    #[cfg(test)]
    pub(super) fn connection(&self) -> Option<&Connection> {
        self.connection.as_ref()
    }

    /// How many transactions were committed.
    #[cfg(test)]
    pub(super) fn commits(&self) -> u64 {
        self.commits
    }

    /// Runs `work` on the newest state; how it ended, and whether it wrote anything.
    fn run<T, E>(
        &mut self,
        memory: Option<&Connection>,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<(Result<T, E>, bool), Failure> {
        let connection = memory.or(self.connection.as_ref()).ok_or_else(no_connection)?;
        let mut transaction = Transaction::new(connection, &mut self.notes);
        let result = work(&mut transaction);
        let wrote = transaction.wrote();
        self.pruning.wrote(wrote.unwrap_or(0));
        Ok((result, wrote.is_some()))
    }

    /// What a commit has to do before it: whether to prune.
    fn begin_commit(&mut self) -> bool {
        #[cfg(test)]
        {
            self.commits += 1;
        }
        self.pruning.is_due()
    }
}

/// As long as there is one of these, the transaction that is open, or the next, is not committed. Whoever lets go of the
/// last one commits it, also when he goes away half-way: the writes of others are in it.
struct Hold<'a> {
    store: &'a Store,
}

impl<'a> Hold<'a> {
    fn new(store: &'a Store, writing: &mut Writing) -> Self {
        writing.holds += 1;
        Self { store }
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        let mut writing = lock(&self.store.writing);
        writing.holds -= 1;
        if writing.holds == 0 && writing.current.as_ref().is_some_and(|current| !current.closed) {
            self.store.commit_shared(writing);
        }
    }
}

/// A part in the open transaction: the right to write in it now, and how it will end.
struct Part<'a> {
    writing: MutexGuard<'a, Writing>,
    end: Awaited,
}

/// Why there is no part to have yet.
enum Wait {
    /// A commit of ours is on its way.
    Commit(Awaited),
    /// Another process is writing.
    Process,
}

impl Wait {
    async fn over(self) {
        match self {
            // However that one ends.
            Self::Commit(end) => drop(end.reached().await),
            Self::Process => tokio::time::sleep(BUSY_POLL).await,
        }
    }
}

impl Store {
    /// Runs `work` on the newest state, with nobody else writing meanwhile, and returns once what it wrote is durable.
    ///
    /// Writers that arrive while another is about to commit join its transaction. Whoever only reads in it has seen what is
    /// not durable yet, and waits too. Nothing is taken back for one of them: what `work` has written before it fails is
    /// committed, so it must be right by itself.
    pub async fn write<T, E: From<Failure>>(
        &self,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.path.is_none() {
            return self.write_in_memory(work);
        }
        let asked = Instant::now();
        let mut hold = None;
        let (result, end, lingers) = {
            let mut waited = false;
            let Part { mut writing, end } = loop {
                let wait = match self.join(&mut hold, asked.elapsed() < BUSY)? {
                    Ok(part) => break part,
                    Err(wait) => wait,
                };
                waited = true;
                wait.over().await;
            };
            let (result, wrote) = writing.run(None, work)?;
            (result, end, hold.is_some() && !waited && wrote)
        };
        if lingers {
            // Everything that is ready writes first, what the network has brought meanwhile included.
            tokio::task::yield_now().await;
        }
        drop(hold);
        end.reached().await?;
        result
    }

    /// In memory nothing is waited for: each write is a transaction, on the one connection.
    fn write_in_memory<T, E: From<Failure>>(
        &self,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let (mut writing, reader) = (lock(&self.writing), self.reader());
        reader.connection.prepare_cached("BEGIN").and_then(|mut begin| begin.execute([])).map_err(Failure::from)?;
        writing.notes = Notes::default();
        let (result, _) = writing.run(Some(&reader.connection), work)?;
        let head = commit(&reader.connection, writing.begin_commit())?;
        self.announce(head);
        result
    }

    /// Joins the transaction that is open, or begins one. Whoever begins one or has to wait for a commit gets a `hold`. While
    /// another process is writing, that is an error to one who has no more `patience`.
    fn join<'a>(&'a self, hold: &mut Option<Hold<'a>>, patience: bool) -> Result<Result<Part<'a>, Wait>, Failure> {
        let mut writing = lock(&self.writing);
        if let Some(current) = &mut writing.current {
            let end = current.end.awaited();
            if !current.closed {
                return Ok(Ok(Part { writing, end }));
            }
            hold.get_or_insert_with(|| Hold::new(self, &mut writing));
            return Ok(Err(Wait::Commit(end)));
        }
        let connection = match (writing.connection.take(), &self.path) {
            (None, Some(path)) => {
                let connection = connect(path)?;
                schema::durable(&connection)?;
                // Whoever must wait for another process's commit waits where nobody waits for him.
                connection.busy_timeout(Duration::ZERO)?;
                connection
            }
            (connection, _) => connection.ok_or_else(no_connection)?,
        };
        let connection = writing.connection.insert(connection);
        let begun = connection.prepare_cached("BEGIN IMMEDIATE").and_then(|mut begin| begin.execute([]));
        match begun {
            Err(error) if patience && error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                return Ok(Err(Wait::Process));
            }
            begun => begun?,
        };
        writing.notes = Notes::default();
        hold.get_or_insert_with(|| Hold::new(self, &mut writing));
        let end = writing.current.insert(Current::default()).end.awaited();
        Ok(Ok(Part { writing, end }))
    }

    /// Commits the open transaction and tells everybody in it. The connection is away meanwhile, so no lock is held.
    fn commit_shared(&self, mut writing: MutexGuard<'_, Writing>) {
        if let Some(current) = &mut writing.current {
            current.closed = true;
        }
        let (connection, prune) = (writing.connection.take(), writing.begin_commit());
        drop(writing);
        let done = connection.as_ref().ok_or_else(no_connection).and_then(|connection| commit(connection, prune));
        if let Ok(head) = done {
            self.announce(head);
        }
        let mut writing = lock(&self.writing);
        writing.connection = connection;
        let current = writing.current.take();
        drop(writing);
        if let Some(current) = current {
            current.end.tell(done.map(drop));
        }
    }
}

fn no_connection() -> Failure {
    Failure("store: no connection".into())
}

/// Commits what the connection has open, old revisions cleared away first where `prune` says so: the revision of the last
/// write. A commit that fails is taken back.
fn commit(connection: &Connection, prune: bool) -> Result<u64, Failure> {
    let done = (|| {
        if prune {
            transaction::prune(connection, KEPT_REVISIONS, KEPT_BYTES, KEPT_FOR)?;
        }
        let head = transaction::head(connection)?;
        connection.prepare_cached("COMMIT")?.execute([])?;
        Ok(head)
    })();
    if done.is_err() {
        let _ = connection.execute_batch("ROLLBACK");
    }
    done
}
