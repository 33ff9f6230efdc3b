//! Group commit: writes that overlap in time share one transaction, so one commit and one fsync. No lock is held during
//! the commit: reads go on, and so does all that requests do before they write.
//!
//! A transaction is committed as soon as no task holds it any more. It is held ([`Hold`]) by the task that began it,
//! which first lets all tasks that are ready write, and by the tasks that were waiting for the commit before it. A
//! statement that fails ends the transaction earlier: it is rolled back, and every request with a part in it fails.

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
    prune::{self, Kept},
    schema,
    store_file::StoreFile,
    transaction::Notes,
};

/// How much history is kept for watches and paged lists while there are writes; besides, [`super::tidy`] removes
/// history from files by age.
pub(super) const KEPT: Kept = Kept { revisions: 10_000, bytes: 64 << 20, time: Duration::from_secs(300) };

/// How long [`overwrite`] waits for another process to end its transaction.
const OVERWRITE: Duration = Duration::from_secs(1);

/// The state that all writers of a store share, behind its mutex.
#[derive(Default)]
pub(super) struct Writing {
    /// The connection that writes to a file: opened by the first write, and `None` while a commit runs on it. Always
    /// `None` for memory.
    connection: Option<Connection>,
    /// The transaction that is open or being committed.
    current: Option<Current>,
    /// The number of [`Hold`]s on the open transaction or, while a commit runs, on the next one.
    holds: usize,
    /// What is known in the open transaction.
    notes: Notes,
    pruning: Pruning,
    #[cfg(test)]
    commits: u64,
}

/// The transaction that is open or being committed; several requests may have a part in it.
#[derive(Default)]
struct Current {
    end: End,
    /// Whether it is being committed: no request can join it any more.
    closed: bool,
}

/// When to look next for history to remove: after `commits` further commits or `bytes` further bytes.
#[derive(Default)]
struct Pruning {
    commits: u32,
    bytes: u64,
    /// The revision up to which history is being removed, a step with each commit.
    upto: u64,
}

/// What a commit removes of the history.
struct Clearing {
    /// Whether to determine `upto` anew.
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
    /// Returns the connection that writes to a file, on which no transaction is open; opens one if there is none.
    ///
    /// # Errors
    /// If a transaction is open or being committed, or the file cannot be opened.
    pub(super) fn idle_connection(&mut self, place: &StoreFile) -> Result<&Connection, Failure> {
        match (self.current.is_some(), self.connection.take()) {
            (true, connection) => {
                self.connection = connection;
                Err(Failure::new("a write has not ended"))
            }
            (false, Some(connection)) => Ok(self.connection.insert(connection)),
            (false, None) => Ok(self.connection.insert(writer(place)?)),
        }
    }

    /// Returns the connection that writes to a file.
    #[cfg(test)]
    pub(super) fn connection(&self) -> Option<&Connection> {
        self.connection.as_ref()
    }

    /// Returns how many transactions were committed.
    #[cfg(test)]
    pub(super) fn commits(&self) -> u64 {
        self.commits
    }

    /// Runs `work` in the open transaction; returns its result, and whether it wrote anything.
    ///
    /// # Errors
    /// If a statement failed. The caller must roll the transaction back.
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

    /// Returns what the commit that begins now has to remove.
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

/// A part in the open transaction: the right to write in it now, and its end.
struct Part<'a> {
    writing: MutexGuard<'a, Writing>,
    end: Awaited,
}

/// Why a request cannot have a part in a transaction yet.
enum Wait {
    /// A commit of this process is under way.
    Commit(Awaited),
    /// Another process has the file's write lock.
    Process,
}

impl Wait {
    async fn over(self) {
        match self {
            // Ignored: a failure of that commit concerns the requests that are in it.
            Self::Commit(end) => drop(end.reached().await),
            Self::Process => tokio::time::sleep(BUSY_POLL).await,
        }
    }
}

impl Store {
    /// Runs `work` on the newest state, without other writers meanwhile, and returns once what it wrote is durable.
    ///
    /// Writers that arrive before the commit join its transaction. A request that only reads in it waits for the
    /// commit, too: it has seen writes that are not durable yet.
    ///
    /// Invariant: what `work` wrote before it returned an error of its own is committed with the rest, because there is
    /// no savepoint for one request. `work` must therefore write nothing that is wrong without its later writes.
    ///
    /// # Errors
    /// Those of `work`; a failure of the store, after which nothing of the transaction is kept.
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
            // Why: all tasks that are ready write first, those that wait for data which the network has brought
            // included.
            tokio::task::yield_now().await;
        }
        drop(hold);
        end.reached().await?;
        result
    }

    /// Runs `work` in a transaction of its own, on the only connection. There is no disk to wait for.
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

    /// Joins the open transaction, or begins one. Fills `hold` if it begins one or has to wait for a commit.
    ///
    /// # Errors
    /// If another process has the write lock and `patience` is `false`; if the file cannot be opened or read.
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

    /// Commits the open transaction and tells every request in it how that ended.
    ///
    /// Invariant: the mutex is not locked during the commit. `closed` keeps requests from joining meanwhile, and
    /// `connection` is `None`, so that no other transaction can begin on it.
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
            // Why: a commit to a file that has been deleted or replaced is not durable.
            done = self.check();
        }
        let mut writing = lock(&self.writing);
        // Invariant: no connection is kept that has a transaction open. If the rollback failed, closing the connection
        // rolls back.
        writing.connection = connection.filter(Connection::is_autocommit);
        writing.pruning.upto = clearing.upto;
        let current = writing.current.take();
        drop(writing);
        if let Some(current) = current {
            current.end.notify(done);
        }
    }
}

/// Opens the connection that writes.
fn writer(place: &StoreFile) -> Result<Connection, Failure> {
    place.check()?;
    let connection = connect(place)?;
    schema::durable(&connection)?;
    // Why: a task that finds another process's lock must sleep in the runtime (`Wait::Process`), where its thread goes
    // on with other tasks, and not in SQLite.
    connection.busy_timeout(Duration::ZERO)?;
    Ok(connection)
}

/// Rolls the open transaction back and tells every request in it why.
///
/// Invariant: no request can join a transaction in which a statement has failed. SQLite rolls back by itself after some
/// failures, and each later statement on that connection would be a transaction of its own.
fn abort(mut writing: MutexGuard<'_, Writing>, failure: &Failure) {
    if let Some(connection) = writing.connection.take() {
        take_back(&connection);
        writing.connection = Some(connection).filter(Connection::is_autocommit);
    }
    let current = writing.current.take();
    drop(writing);
    if let Some(current) = current {
        current.end.notify(Err(failure.clone()));
    }
}

/// Rolls back, unless SQLite has done so already.
fn take_back(connection: &Connection) {
    if !connection.is_autocommit() {
        let _ = connection.execute_batch("ROLLBACK");
    }
}

/// Commits a transaction that changes nothing.
///
/// Why: a commit whose fsync failed has left complete frames in the write-ahead log, which recovery after a crash would
/// take for a committed transaction, though its requests were told that it failed. The next commit overwrites those
/// frames, so one is made at once. If that fails, too, nothing more can be done.
///
/// Why the value changes twice: SQLite writes no page for an update that changes nothing.
fn overwrite(connection: &Connection) {
    // Why: another process's transaction ends soon, and may have nothing to commit that would overwrite the frames.
    let _ = connection.busy_timeout(OVERWRITE);
    let _ = connection
        .execute_batch("BEGIN IMMEDIATE; UPDATE state SET head = ~head; UPDATE state SET head = ~head; COMMIT");
    take_back(connection);
    let _ = connection.busy_timeout(Duration::ZERO);
}

fn no_connection() -> Failure {
    Failure::new("there is no connection to the file")
}

/// Commits the open transaction, after removing a step of the history.
fn commit(connection: &Connection, notes: &mut Notes, clearing: &mut Clearing) -> Result<(), Failure> {
    if clearing.is_due {
        clearing.upto = prune::target(connection, &notes.state, KEPT)?;
    }
    prune::clear_step(connection, &mut notes.state, clearing.upto)?;
    notes.save(connection)?;
    connection.prepare_cached("COMMIT")?.execute([])?;
    Ok(())
}
