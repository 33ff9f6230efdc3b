//! Writes: those that meet in time share one transaction, one commit, one fsync, and no lock is held meanwhile: reads go on,
//! and so does whatever requests do before they write.
//!
//! A transaction is committed as soon as no task holds it any more ([`Hold`]): neither the one that began it and lets those
//! that are ready write first, nor those that came while the one before was being committed. A statement that fails ends it
//! before that: it is taken back, and all that have a part in it fail.

use std::{
    sync::MutexGuard,
    time::{Duration, Instant},
};

use rusqlite::ErrorCode;

use super::{
    BUSY, BUSY_POLL, Connection, Failure, Store, Transaction, connect,
    end::{Awaited, End},
    file::Access,
    lock,
    place::Place,
    prune::{self, Kept},
    schema,
    transaction::Notes,
};

/// What is kept for watches and paged lists while there are writes; a store in a file is tidied besides ([`super::tidy`]).
pub(super) const KEPT: Kept = Kept { revisions: 10_000, bytes: 64 << 20, time: Duration::from_secs(300) };

/// How long the end of another process's transaction is waited for, to overwrite a commit that failed.
const OVERWRITE: Duration = Duration::from_secs(1);

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
    /// It is being committed: no request can join it any more.
    closed: bool,
}

/// When old revisions are cleared away next: after so many commits, or so many bytes.
#[derive(Default)]
struct Pruning {
    commits: u32,
    bytes: u64,
    /// Up to which revision they are, step by step.
    upto: u64,
}

/// What a commit clears away.
struct Clearing {
    /// Whether to look up to which revision.
    is_due: bool,
    upto: u64,
}

impl Pruning {
    fn wrote(&mut self, bytes: u64) {
        self.bytes = self.bytes.saturating_sub(bytes);
    }

    fn is_due(&mut self) -> bool {
        let due = self.commits == 0 || self.bytes == 0;
        *self = if due {
            Self { commits: 1_000, bytes: KEPT.bytes / 4, ..*self }
        } else {
            Self { commits: self.commits - 1, ..*self }
        };
        due
    }
}

impl Writing {
    /// The connection that writes to a file, on which no transaction is open; a new one if there is none.
    ///
    /// # Errors
    /// When a transaction is open or being committed, or the file cannot be opened.
    pub(super) fn idle_connection(&mut self, place: &Place) -> Result<&Connection, Failure> {
        match (self.current.is_some(), self.connection.take()) {
            (true, connection) => {
                self.connection = connection;
                Err(Failure::new("a write has not ended"))
            }
            (false, Some(connection)) => Ok(self.connection.insert(connection)),
            (false, None) => Ok(self.connection.insert(writer(place)?)),
        }
    }

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
    ///
    /// # Errors
    /// When a statement failed: the transaction must be taken back.
    fn run<T, E>(
        &mut self,
        memory: Option<&Connection>,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<(Result<T, E>, bool), Failure> {
        let connection = memory.or(self.connection.as_ref()).ok_or_else(no_connection)?;
        let mut transaction = Transaction::new(connection, &mut self.notes);
        let result = work(&mut transaction);
        let wrote = transaction.finish()?;
        self.pruning.wrote(wrote.unwrap_or(0));
        Ok((result, wrote.is_some()))
    }

    /// What a commit has to do before it.
    fn begin_commit(&mut self) -> Clearing {
        #[cfg(test)]
        {
            self.commits += 1;
        }
        Clearing { is_due: self.pruning.is_due(), upto: self.pruning.upto }
    }
}

/// Keeps the open transaction, or the next, from being committed.
///
/// Invariant: dropping the last `Hold` commits the transaction, even if its own request was cancelled: other requests have
/// written into it.
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
    /// Runs `work` on the newest state, with no other writer meanwhile, and returns once what it wrote is durable.
    ///
    /// Writers that arrive while another is about to commit join its transaction. A request that only reads in it has seen
    /// what is not durable yet, and waits too. Nothing is taken back for one of them: what `work` has written before it fails is
    /// committed, so it must be right by itself.
    pub async fn write<T, E: From<Failure>>(
        &self,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let Some(place) = &self.place else { return self.write_in_memory(work) };
        if place.access() != Access::Write {
            return Err(place.read_only().into());
        }
        self.verify()?;
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
            match writing.run(None, work) {
                Ok((result, wrote)) => (result, end, hold.is_some() && !waited && wrote),
                Err(failure) => {
                    abort(writing, &failure);
                    return Err(failure.into());
                }
            }
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
        let connection = &reader.connection;
        connection.prepare_cached("BEGIN").and_then(|mut begin| begin.execute([])).map_err(Failure::from)?;
        let done = (|| {
            writing.notes = Notes::begin(connection)?;
            let (result, _) = writing.run(Some(connection), work)?;
            let mut clearing = writing.begin_commit();
            let committed = commit(connection, &mut writing.notes, &mut clearing);
            writing.pruning.upto = clearing.upto;
            committed?;
            Ok(result)
        })();
        match done {
            Ok(result) => {
                self.announce(writing.notes.state.head);
                result
            }
            Err(failure) => {
                take_back(connection);
                Err(E::from(failure))
            }
        }
    }

    /// Joins the transaction that is open, or begins one. A caller that begins one or has to wait for a commit gets a `hold`.
    /// While another process is writing, that is an error unless there is `patience`.
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
        let connection = match (writing.connection.take(), &self.place) {
            (None, Some(place)) => writer(place)?,
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
        match Notes::begin(connection) {
            Ok(notes) => writing.notes = notes,
            Err(failure) => {
                take_back(connection);
                return Err(failure);
            }
        }
        hold.get_or_insert_with(|| Hold::new(self, &mut writing));
        let end = writing.current.insert(Current::default()).end.awaited();
        Ok(Ok(Part { writing, end }))
    }

    /// Commits the open transaction and tells all that are in it. The connection is away meanwhile, so no lock is held.
    fn commit_shared(&self, mut writing: MutexGuard<'_, Writing>) {
        if let Some(current) = &mut writing.current {
            current.closed = true;
        }
        let (connection, mut clearing) = (writing.connection.take(), writing.begin_commit());
        let mut notes = std::mem::take(&mut writing.notes);
        drop(writing);
        let mut done = connection.as_ref().ok_or_else(no_connection).and_then(|connection| {
            let done = commit(connection, &mut notes, &mut clearing);
            if done.is_err() {
                take_back(connection);
                overwrite(connection);
            }
            done
        });
        if done.is_ok() {
            self.announce(notes.state.head);
            // Why: what was committed to a file that is gone is not durable.
            done = self.check();
        }
        let mut writing = lock(&self.writing);
        // One that cannot take back what it has begun is closed, which does.
        writing.connection = connection.filter(Connection::is_autocommit);
        writing.pruning.upto = clearing.upto;
        let current = writing.current.take();
        drop(writing);
        if let Some(current) = current {
            current.end.tell(done);
        }
    }
}

/// Opens a connection that writes.
fn writer(place: &Place) -> Result<Connection, Failure> {
    place.check()?;
    let connection = connect(place)?;
    schema::durable(&connection)?;
    // Why: a task that must wait for another process's commit waits where its thread does other work.
    connection.busy_timeout(Duration::ZERO)?;
    Ok(connection)
}

/// Takes the open transaction back and tells all that are in it why.
///
/// Invariant: no task can join a transaction once a statement in it has failed; what SQLite rolls back by itself must not
/// leave a connection on which every statement is a transaction of its own.
fn abort(mut writing: MutexGuard<'_, Writing>, failure: &Failure) {
    if let Some(connection) = writing.connection.take() {
        take_back(&connection);
        writing.connection = Some(connection).filter(Connection::is_autocommit);
    }
    let current = writing.current.take();
    drop(writing);
    if let Some(current) = current {
        current.end.tell(Err(failure.clone()));
    }
}

/// Rolls back, unless SQLite has done so.
fn take_back(connection: &Connection) {
    if !connection.is_autocommit() {
        let _ = connection.execute_batch("ROLLBACK");
    }
}

/// Writes a transaction that changes nothing.
///
/// Why: a commit whose fsync fails has written to the log all that a reader of the log after a crash would take for a
/// transaction. The next commit overwrites that, so there is one at once. Should it fail, too, the disk says nothing that can
/// be relied on.
///
/// Why the value changes twice: SQLite writes no page for an update that changes nothing.
fn overwrite(connection: &Connection) {
    // Another process that is writing ends soon; it may have nothing to commit.
    let _ = connection.busy_timeout(OVERWRITE);
    let _ = connection
        .execute_batch("BEGIN IMMEDIATE; UPDATE state SET head = ~head; UPDATE state SET head = ~head; COMMIT");
    take_back(connection);
    let _ = connection.busy_timeout(Duration::ZERO);
}

fn no_connection() -> Failure {
    Failure::new("there is no connection to the file")
}

/// Commits what the connection has open; a step of what is to be cleared away is done first.
fn commit(connection: &Connection, notes: &mut Notes, clearing: &mut Clearing) -> Result<(), Failure> {
    if clearing.is_due {
        clearing.upto = prune::target(connection, &notes.state, KEPT)?;
    }
    prune::clear_step(connection, &mut notes.state, clearing.upto)?;
    notes.save(connection)?;
    connection.prepare_cached("COMMIT")?.execute([])?;
    Ok(())
}
