//! The tables: made once, recognised afterwards by one number, and brought up to date by [`super::prepare`].

use super::{
    Connection, Failure, Resource, params,
    row::{Code as _, Key},
    state::State,
    transaction::now,
};

/// Says that the tables are there, in this shape.
///
/// A new number gives its table a new name: a program of the old one that has the file open fails from then on, rather than
/// write what the new one cannot read. Version 1 had `revisions`.
pub(super) const VERSION: i64 = 2;

/// A write is a row of `versions`. `previous` is the revision that it replaced (0 for a new object), `superseded` the one that
/// replaced it (its own for an object's end, which has no `object`; 0 for a live one), `written` the time in seconds since
/// 1970. The index `live` is what there is, `replacing` what may be cleared away.
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

/// What is in the file.
pub(super) enum Found {
    /// These tables.
    Current,
    /// Those of an earlier version.
    Earlier,
    /// None.
    Nothing,
}

impl Found {
    /// Looks.
    ///
    /// # Errors
    /// When the file is no store, or one of a later version.
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

/// After so many pages (of 4 KiB) the log is copied into the file: more than SQLite's 1,000, since those who write much write
/// the same pages again and again.
const CHECKPOINT: usize = 4_000;
/// How many KiB of the file a writer has in memory: the pages that writes all over a large store touch.
const CACHE: usize = 8 << 10;

/// Makes what a connection reads be checked, and keeps what it sorts out of temporary files.
pub(super) fn careful(connection: &Connection) -> Result<(), Failure> {
    connection
        .execute_batch("PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;")?;
    Ok(())
}

/// Makes a connection's commits survive a power cut, and its deletions erase what they delete.
pub(super) fn durable(connection: &Connection) -> Result<(), Failure> {
    connection.execute_batch(&format!(
        "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = {CHECKPOINT}; \
         PRAGMA cache_size = -{CACHE};"
    ))?;
    Ok(())
}

/// Inserts a live object under the revision `state.head`, without a past.
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

/// Says that the tables are complete.
pub(super) fn finish(connection: &Connection, state: &State) -> Result<(), Failure> {
    state.save(connection)?;
    connection.execute_batch(&format!("PRAGMA user_version = {VERSION}"))?;
    Ok(())
}
