//! A store before it is used: its tables are made, or brought up to date.

use std::{thread, time::Instant};

use rusqlite::ErrorCode;

use super::{
    BUSY, BUSY_POLL, Connection, Failure, Json, Resource, Sealed, migrate,
    schema::{Found, TABLES, finish, insert},
    state::State,
};

/// Makes the tables and puts `initial` into them, or brings those of an earlier version up to date, unless another process
/// was faster.
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

/// Makes the file keep a write-ahead log.
///
/// Why a loop: of two that do this at once SQLite refuses one without a wait, since each would wait for the other.
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
        insert(connection, &mut state, resource, "", &name, Sealed::new(&object)?.bytes())?;
    }
    finish(connection, &state)
}
