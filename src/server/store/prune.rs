//! What clears old versions away: those that only watches and paged lists still want.

use std::time::Duration;

use rusqlite::OptionalExtension as _;

use super::{Connection, Failure, params, state::State, transaction::now};

/// How much of the past is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept {
    /// Revisions.
    pub revisions: u64,
    /// Bytes of objects that are live no more.
    pub bytes: u64,
    /// For how long an object that is live no more.
    pub time: Duration,
}

impl Kept {
    /// Nothing: for a store that no watch looks at.
    pub const NOTHING: Self = Self { revisions: 0, bytes: 0, time: Duration::ZERO };
}

/// How many revisions are cleared away in one transaction while others wait for its end.
pub(super) const STEP: u64 = if cfg!(test) { 3 } else { 1_000 };

/// Clears away what is beyond `kept`, in the transaction that is open.
pub(super) fn prune(connection: &Connection, state: &mut State, kept: Kept) -> Result<(), Failure> {
    let upto = target(connection, state, kept)?;
    clear(connection, state, upto)
}

/// The revision up to which there is something beyond `kept`; if nothing is, one that is cleared away already.
pub(super) fn target(connection: &Connection, state: &State, kept: Kept) -> Result<u64, Failure> {
    let by_count = state.head.saturating_sub(kept.revisions);
    let by_time = match by_count < state.head {
        true => overdue(connection, state.compacted, kept.time)?.unwrap_or(0),
        false => 0,
    };
    let upto = by_count.max(by_time);
    Ok(upto.max(over_bytes(connection, upto.max(state.compacted), kept.bytes)?))
}

/// Clears away a step of what is there up to revision `upto`, in the transaction that is open; `false` if there is more.
pub(super) fn clear_step(connection: &Connection, state: &mut State, upto: u64) -> Result<bool, Failure> {
    clear(connection, state, upto.min(state.compacted + STEP))?;
    Ok(upto <= state.compacted)
}

fn clear(connection: &Connection, state: &mut State, upto: u64) -> Result<(), Failure> {
    if upto <= state.compacted {
        return Ok(());
    }
    // A version is removed together with the write that replaced it from the range of those that can still be asked for:
    // the rows after `compacted` are always complete.
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

/// The newest write after revision `after` that has been kept for `time` and replaced something.
///
/// Why: a time that is ahead of the clock counts as over. It was written while the clock was wrong, and what it replaced
/// would be kept until then.
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

/// The newest revision after `after` beyond which what later writes replaced is more than `bytes`; 0 when it is less.
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
