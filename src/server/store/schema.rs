//! The file and its tables: made once, recognised afterwards by one number.

use std::{
    fs::{DirBuilder, OpenOptions},
    io::ErrorKind,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::Path,
};

use super::{Connection, Failure, Json, Resource, Sealed, params};

/// Says that the tables are there, in this shape.
const VERSION: i64 = 1;

/// `superseded` is the revision that replaced this one (its own, for a deletion); the two indexes split live rows from
/// history, so that neither slows the other (`superseded` stands in `live` so that counting reads nothing else).
/// AUTOINCREMENT keeps revisions growing when the newest row is cleared away.
const TABLES: &str = "
CREATE TABLE revisions (
    revision INTEGER PRIMARY KEY AUTOINCREMENT,
    resource INTEGER NOT NULL,
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    superseded INTEGER,
    superseded_at INTEGER,
    object BLOB
);
CREATE INDEX live ON revisions (resource, namespace, name, superseded) WHERE superseded IS NULL;
CREATE INDEX history ON revisions (superseded) WHERE superseded IS NOT NULL;
CREATE TABLE compacted (revision INTEGER NOT NULL);
INSERT INTO compacted VALUES (0);
";

/// Makes the directory (0700) and the empty file (0600) unless they are there. What is there keeps its mode.
pub fn prepare_file(path: &Path) -> Result<(), Failure> {
    if path.exists() {
        return Ok(());
    }
    let failure = |error: std::io::Error| Failure(format!("store {}: {}", path.display(), error.kind()));
    if let Some(directory) = path.parent().filter(|d| !d.as_os_str().is_empty()) {
        DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(failure)?;
    }
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(failure(error)),
    }
}

/// Whether the tables are there. An error when somebody else's are.
pub fn is_current(connection: &Connection) -> Result<bool, Failure> {
    let version: i64 = connection
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .map_err(|_| Failure("store: the file is not a ksecret store".into()))?;
    match version {
        0 => Ok(false),
        VERSION => Ok(true),
        _ => Err(Failure(format!("store: the file has version {version}, this program knows {VERSION}"))),
    }
}

/// After so many pages (of 4 KiB) the log is copied into the file: more than SQLite's 1,000, since those who write much write
/// the same pages again and again.
const CHECKPOINT: usize = 4_000;
/// How many KiB of the file a writer has in memory: the pages that writes all over a large store touch.
const CACHE: usize = 8 << 10;

/// Makes a connection's commits survive a power cut, and its deletions erase what they delete.
pub fn durable(connection: &Connection) -> Result<(), Failure> {
    connection.execute_batch(&format!(
        "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = {CHECKPOINT}; \
         PRAGMA cache_size = -{CACHE};"
    ))?;
    Ok(())
}

/// Makes the tables and puts `initial` into them, unless another process was faster.
pub fn create(connection: &Connection, initial: impl FnOnce() -> Vec<(Resource, String, Json)>) -> Result<(), Failure> {
    let file = connection.path().is_some_and(|p| !p.is_empty());
    if file {
        connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    }
    connection.execute_batch("BEGIN IMMEDIATE")?;
    if is_current(connection)? {
        connection.execute_batch("ROLLBACK")?;
        return Ok(());
    }
    let tables = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
    if tables > 0 {
        connection.execute_batch("ROLLBACK")?;
        return Err(Failure("store: the file is another program's database".into()));
    }
    connection.execute_batch(TABLES)?;
    for (resource, name, object) in initial() {
        connection.execute(
            "INSERT INTO revisions (resource, namespace, name, object) VALUES (?, '', ?, ?)",
            params![resource.code(), name, Sealed::new(&object)?.0],
        )?;
    }
    connection.execute_batch(&format!("PRAGMA user_version = {VERSION}; COMMIT"))?;
    Ok(())
}
