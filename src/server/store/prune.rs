//! Compaction: removes old versions, which only watches and paged lists need.

use std::time::Duration;

use rusqlite::OptionalExtension as _;

use super::{Connection, Failure, params, state::State, transaction::now};

/// How much history is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept {
    /// Number of revisions.
    pub revisions: u64,
    /// Total size, in bytes, of the objects that were replaced or deleted.
    pub bytes: u64,
    /// Time since an object was replaced or deleted.
    pub time: Duration,
}

impl Kept {
    /// No history at all: for a store that no watch uses.
    pub const NOTHING: Self = Self { revisions: 0, bytes: 0, time: Duration::ZERO };
}

/// How many revisions one transaction removes at most while other requests wait for its end.
pub(super) const STEP: u64 = if cfg!(test) { 3 } else { 1_000 };

/// Removes the history beyond `kept`, in the open transaction.
pub(super) fn prune(connection: &Connection, state: &mut State, kept: Kept) -> Result<(), Failure> {
    let upto = target(connection, state, kept)?;
    clear(connection, state, upto)
}

/// Returns the revision up to which history is beyond `kept`; one that is compacted already if none is.
pub(super) fn target(connection: &Connection, state: &State, kept: Kept) -> Result<u64, Failure> {
    let by_count = state.head.saturating_sub(kept.revisions);
    let by_time = match by_count < state.head {
        true => overdue(connection, state.compacted, kept.time)?.unwrap_or(0),
        false => 0,
    };
    let upto = by_count.max(by_time);
    Ok(upto.max(over_bytes(connection, upto.max(state.compacted), kept.bytes)?))
}

/// Removes one step of the history up to revision `upto`, in the open transaction; returns `false` if more is left.
pub(super) fn clear_step(connection: &Connection, state: &mut State, upto: u64) -> Result<bool, Failure> {
    clear(connection, state, upto.min(state.compacted + STEP))?;
    Ok(upto <= state.compacted)
}

fn clear(connection: &Connection, state: &mut State, upto: u64) -> Result<(), Failure> {
    if upto <= state.compacted {
        return Ok(());
    }
    // Invariant: the history after `compacted` is complete. A version goes only together with the write that replaced
    // it, when that write leaves the range that can still be asked for.
    let range = params![state.compacted, upto];
    connection
        .prepare_cached(
            "DELETE FROM versions WHERE superseded > 0 AND superseded <= ?2 AND revision IN \
             (SELECT previous FROM versions INDEXED BY replacing \
              WHERE previous > 0 AND revision > ?1 AND revision <= ?2)",
        )?
        .execute(range)?;
    connection
        .prepare_cached(
            "DELETE FROM versions WHERE object IS NULL AND revision IN \
             (SELECT revision FROM versions INDEXED BY replacing \
              WHERE previous > 0 AND revision > ?1 AND revision <= ?2)",
        )?
        .execute(range)?;
    state.compacted = upto;
    Ok(())
}

/// Returns the newest write after revision `after` that is older than `time` and replaced something.
///
/// Why: a write whose time lies in the future by more than `time` counts as older. It was made while the clock was
/// wrong, and what it replaced would otherwise be kept until that time has come.
pub(super) fn overdue(connection: &Connection, after: u64, time: Duration) -> Result<Option<u64>, Failure> {
    let time = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    let (since, until) = (now().saturating_sub(time), now().saturating_add(time));
    let found = connection
        .prepare_cached(
            "SELECT revision FROM versions INDEXED BY replacing \
             WHERE previous > 0 AND revision > ? AND (written <= ? OR written > ?) ORDER BY revision DESC LIMIT 1",
        )?
        .query_row(params![after, since, until], |row| row.get(0))
        .optional()?;
    Ok(found)
}

/// Returns the newest revision after `after` such that the versions replaced from it on are larger than `bytes`
/// together; 0 if there is none.
fn over_bytes(connection: &Connection, after: u64, bytes: u64) -> Result<u64, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT new.revision, length(old.object) FROM versions AS new INDEXED BY replacing \
         CROSS JOIN versions AS old ON old.revision = new.previous \
         WHERE new.previous > 0 AND new.revision > ? ORDER BY new.revision DESC",
    )?;
    let mut rows = statement.query([after])?;
    let mut total = 0;
    while let Some(row) = rows.next()? {
        total += row.get::<_, Option<u64>>(1)?.unwrap_or(0);
        if total > bytes {
            return Ok(row.get(0)?);
        }
    }
    Ok(0)
}
