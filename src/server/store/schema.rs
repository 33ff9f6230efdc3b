//! The tables: created once, recognised by SQLite's `user_version`, and migrated by [`super::prepare`].

use rusqlite::config::DbConfig;

use super::{
    Connection, Failure, Resource, params,
    row::{Code as _, Key},
    state::State,
    transaction::now,
};

/// The `user_version` of a file whose tables are complete and have this shape.
///
/// Invariant: a new version gives its table a new name, so that an older program that has the file open fails from then
/// on and cannot write rows that the new one does not understand. The table of version 1 was `revisions`.
pub(super) const VERSION: i64 = 2;

/// Each write is a row of `versions`. `previous` is the revision that it replaced (0 for a new object). `superseded` is
/// the revision that replaced it: 0 for a live one, its own for a deletion, which has no `object`. `written` is in
/// seconds since 1970. The index `live` has the objects that exist, `replacing` the writes whose predecessors may be
/// removed.
pub(super) const TABLES: &str = "
CREATE TABLE versions (
    revision INTEGER PRIMARY KEY,
    resource INTEGER NOT NULL,
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    previous INTEGER NOT NULL,
    written INTEGER NOT NULL,
    superseded INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    object BLOB
);
CREATE UNIQUE INDEX live ON versions (resource, namespace, name, superseded) WHERE superseded = 0;
CREATE INDEX replacing ON versions (revision, previous, written) WHERE previous > 0;
CREATE TABLE state (
    head INTEGER NOT NULL,
    compacted INTEGER NOT NULL,
    live INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    checksum INTEGER NOT NULL
);
INSERT INTO state VALUES (0, 0, 0, 0, 0);
";

/// What a file contains.
pub(super) enum Found {
    /// The tables of [`VERSION`].
    Current,
    /// The tables of an earlier version.
    Earlier,
    /// No tables of this program.
    Nothing,
}

impl Found {
    /// Reads the version of a file.
    ///
    /// # Errors
    /// If it is of a later version.
    pub fn of(connection: &Connection) -> Result<Self, Failure> {
        match connection.query_row("PRAGMA user_version", [], |row| row.get(0))? {
            0 => Ok(Self::Nothing),
            1 => Ok(Self::Earlier),
            VERSION => Ok(Self::Current),
            version => Err(Failure::new(format!(
                "the file has version {version}, this program knows versions up to {VERSION}"
            ))),
        }
    }
}

/// The size of the write-ahead log, in pages of 4 KiB, at which SQLite checkpoints it. Why more than SQLite's 1,000: a
/// busy writer writes the same pages again and again, and a checkpoint copies each of them once.
const CHECKPOINT: usize = 4_000;
/// The page cache of the connection that writes, in KiB. Why: writes to a large store touch pages all over it.
const CACHE: usize = 8 << 10;

/// Makes a connection check the pages that it reads, and keep what it sorts in memory, not in temporary files.
pub(super) fn careful(connection: &Connection) -> Result<(), Failure> {
    connection.execute_batch("PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;")?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    Ok(())
}

/// Makes a connection's commits survive a loss of power, and its deletions overwrite what they delete.
pub(super) fn durable(connection: &Connection) -> Result<(), Failure> {
    connection.execute_batch(&format!(
        "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = {CHECKPOINT}; \
         PRAGMA cache_size = -{CACHE};"
    ))?;
    Ok(())
}

/// Inserts a live object under the revision `state.head`, as one that replaces none.
pub(super) fn insert(
    connection: &Connection,
    state: &mut State,
    resource: Resource,
    namespace: &str,
    name: &str,
    object: &[u8],
) -> Result<(), Failure> {
    let key = Key { resource, namespace, name, revision: state.head };
    let written = now();
    connection
        .prepare_cached(
            "INSERT INTO versions (revision, resource, namespace, name, previous, written, superseded, checksum, object) \
             VALUES (?, ?, ?, ?, 0, ?, 0, ?, ?)",
        )?
        .execute(params![
            key.revision,
            resource.code(),
            namespace,
            name,
            written,
            key.checksum(0, written, Some(object)),
            object
        ])?;
    state.add(&key);
    Ok(())
}

/// Writes the state, and sets `user_version` to say that the tables are complete.
pub(super) fn finish(connection: &Connection, state: &State) -> Result<(), Failure> {
    state.save(connection)?;
    connection.execute_batch(&format!("PRAGMA user_version = {VERSION}"))?;
    Ok(())
}
