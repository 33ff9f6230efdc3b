//! What makes deleted values leave a file: the versions that watches no longer need are removed, which overwrites them
//! (`secure_delete`), and the log, which still has them, is copied into the file and cut to nothing.
//!
//! A server does it now and then, whether there are writes or not. A process that ends does it if no other has the file open:
//! then there is no watch that needs anything.

use std::{thread, time::Duration};

use super::{
    Connection, Failure, State, Store, connect,
    file::Access,
    group_commit, lock,
    prune::{self, Kept},
    schema,
};

/// When values that were deleted or replaced leave the file of a running server.
#[derive(Debug, Clone, Copy)]
pub struct Tidying {
    /// For how long watches and paged lists may want them.
    pub keep: Duration,
    /// How often is looked for those that have been kept for so long.
    pub every: Duration,
}

/// How long writers have their turn between two steps.
///
/// Why: those of other processes, and this is one to them, look now and then whether they can begin.
const PAUSE: Duration = Duration::from_millis(5);

impl Default for Tidying {
    /// Within a minute, with time to spare.
    fn default() -> Self {
        Self { keep: Duration::from_secs(40), every: Duration::from_secs(5) }
    }
}

impl Store {
    /// Removes what has been kept for longer than `keep`, and empties the log. Returns at once if there is neither. It may
    /// wait for other processes and for the disk.
    ///
    /// # Errors
    /// When the file cannot be written, or is gone. What was not done is done the next time.
    pub fn tidy(&self, keep: Duration) -> Result<(), Failure> {
        let Some(place) = self.place.as_ref().filter(|place| place.access() == Access::Write) else { return Ok(()) };
        place.check()?;
        let overdue = self.snapshot(|connection, state| prune::overdue(connection, state.compacted, keep))?;
        if overdue.is_none() && place.log_size() == 0 {
            return Ok(());
        }
        // Why: a connection of its own, so that writers wait no longer than for another process.
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

    /// Removes all that is kept for watches, if no other process can have one: what a process does before it ends.
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
            // Why: the log is made durable when it is copied into the file, which is now.
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
        // What is not removed now is removed by the next process that ends.
        let _ = self.leave();
    }
}

/// Copies the log into the file and cuts it to nothing.
fn empty_log(connection: &Connection) -> Result<(), Failure> {
    // The first call copies while others read and write; the second only has to wait until none reads from the log.
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

/// Does `work` in a transaction of its own.
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
