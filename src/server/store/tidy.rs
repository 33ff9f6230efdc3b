//! Erases deleted values from a file: removes the history that watches no longer need, which overwrites it
//! (`secure_delete`), and then truncates the write-ahead log, which still contains it, after copying it into the file.
//!
//! A server does this periodically, whether there are writes or not. A process that ends does it if no other process
//! has the file open: then no watch needs the history.

use std::{thread, time::Duration};

use super::{
    Connection, Failure, State, Store, connect,
    file::Access,
    group_commit, lock,
    prune::{self, Kept},
    schema,
};

/// When values that were deleted or replaced are erased from the file of a running server.
#[derive(Debug, Clone, Copy)]
pub struct Tidying {
    /// How long they are kept for watches and paged lists.
    pub keep: Duration,
    /// How often to look for values that have been kept that long.
    pub every: Duration,
}

/// How long the write lock is free between two steps. Why: to other processes this one is another process, and they
/// poll for the lock ([`super::BUSY_POLL`]).
const PAUSE: Duration = Duration::from_millis(5);

impl Default for Tidying {
    /// Erases within a minute, with time to spare.
    fn default() -> Self {
        Self { keep: Duration::from_secs(40), every: Duration::from_secs(5) }
    }
}

impl Store {
    /// Removes the history older than `keep`, and empties the write-ahead log. Returns at once if there is neither. May
    /// block on other processes and on the disk.
    ///
    /// # Errors
    /// If the file cannot be written, or is gone. What was left undone is done by the next call.
    pub fn tidy(&self, keep: Duration) -> Result<(), Failure> {
        let Some(place) = self.place.as_ref().filter(|place| place.access() == Access::Write) else { return Ok(()) };
        place.check()?;
        let overdue = self.snapshot(|connection, state| prune::overdue(connection, state.compacted, keep))?;
        if overdue.is_none() && place.log_size() == 0 {
            return Ok(());
        }
        // Why: a connection of its own waits for locks in SQLite as another process would, and does not keep this
        // process's writers from their connection.
        let connection = connect(place)?;
        schema::durable(&connection)?;
        if overdue.is_some() {
            let kept = Kept { time: keep, ..group_commit::KEPT };
            let upto = self.snapshot(|connection, state| prune::target(connection, state, kept))?;
            while !transaction(&connection, |state| prune::clear_step(&connection, state, upto))? {
                thread::sleep(PAUSE);
            }
        }
        empty_log(&connection)
    }

    /// Removes the whole history, if no other process has the file open: what a process does before it ends.
    ///
    /// # Errors
    /// As [`Store::tidy`].
    pub fn leave(&self) -> Result<(), Failure> {
        let Some(place) = self.place.as_ref().filter(|place| place.access() == Access::Write) else { return Ok(()) };
        place.check()?;
        if !place.is_alone() {
            return Ok(());
        }
        let state = self.snapshot(|_, state| Ok(*state))?;
        if state.compacted == state.head && place.log_size() == 0 {
            return Ok(());
        }
        let mut writing = lock(&self.writing);
        let connection = writing.idle_connection(place)?;
        if state.compacted < state.head {
            // Why: no commit needs an fsync of its own here, because the log is copied into the file, and made durable,
            // right after.
            connection.execute_batch("PRAGMA synchronous = NORMAL")?;
            let pruned = transaction(connection, |state| prune::prune(connection, state, Kept::NOTHING));
            // Invariant: a connection that may write again makes its commits durable.
            schema::durable(connection)?;
            pruned?;
        }
        empty_log(connection)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // Ignored: what is not removed now is removed by the next process that ends.
        let _ = self.leave();
    }
}

/// Copies the write-ahead log into the file and truncates it.
fn empty_log(connection: &Connection) -> Result<(), Failure> {
    // Why two calls: PASSIVE copies while others read and write; TRUNCATE then has little to copy, and waits only until
    // no reader uses the log.
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

/// Runs `work` in a transaction of its own.
fn transaction<T>(connection: &Connection, work: impl FnOnce(&mut State) -> Result<T, Failure>) -> Result<T, Failure> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let done = State::load(connection).and_then(|mut state| {
        let done = work(&mut state)?;
        state.save(connection)?;
        connection.execute_batch("COMMIT")?;
        Ok(done)
    });
    if done.is_err() && !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK")?;
    }
    done
}
