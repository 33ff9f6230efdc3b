//! Prepares a store for use: creates its tables, or migrates those of an earlier version.

use std::{thread, time::Instant};

use rusqlite::ErrorCode;

use super::{
    BUSY, BUSY_POLL, Connection, Failure, Json, Resource, Serialized, migrate,
    schema::{Found, TABLES, finish, insert},
    state::State,
};

/// Creates the tables with `initial` in them, or migrates those of an earlier version. Does nothing if another process
/// has done so first: the check is repeated under the write lock.
pub fn prepare(
    connection: &Connection,
    initial: impl FnOnce() -> Vec<(Resource, String, Json)>,
) -> Result<(), Failure> {
    let file = connection.path().is_some_and(|p| !p.is_empty());
    if file {
        write_ahead(connection)?;
    }
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let prepared = match Found::of(connection) {
        Ok(Found::Current) => Ok(()),
        Ok(Found::Earlier) => migrate::from_version_1(connection),
        Ok(Found::Nothing) => create(connection, initial),
        Err(failure) => Err(failure),
    };
    if prepared.is_ok() {
        connection.execute_batch("COMMIT")?;
    } else if !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK")?;
    }
    prepared
}

/// Sets the journal mode of the file to WAL.
///
/// Why a loop: if two processes do this at the same time, SQLite refuses one at once, without its busy timeout, because
/// each would wait for the other.
fn write_ahead(connection: &Connection) -> Result<(), Failure> {
    let begun = Instant::now();
    loop {
        match connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())) {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && begun.elapsed() < BUSY => {
                thread::sleep(BUSY_POLL);
            }
            done => return Ok(done?),
        }
    }
}

fn create(connection: &Connection, initial: impl FnOnce() -> Vec<(Resource, String, Json)>) -> Result<(), Failure> {
    let tables = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
    if tables > 0 {
        return Err(Failure::new("the file is another program's database"));
    }
    connection.execute_batch(TABLES)?;
    let mut state = State::default();
    for (resource, name, object) in initial() {
        state.head += 1;
        insert(connection, &mut state, resource, "", &name, Serialized::new(&object)?.bytes())?;
    }
    finish(connection, &state)
}
