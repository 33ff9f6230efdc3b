//! Migrates a store of an earlier version.

use rusqlite::OptionalExtension as _;

use super::{Connection, Failure, Resource, params, row::Code as _, schema, state::State};

/// Migrates version 1, which had no checksums. Live rows keep their revision; history is dropped, and so watches cannot
/// go on across the migration.
///
/// Why row by row: each old row is deleted as soon as it is copied, so that the file does not grow to twice its size.
pub(super) fn from_version_1(connection: &Connection) -> Result<(), Failure> {
    let head = connection
        .query_row("SELECT seq FROM sqlite_sequence WHERE name = 'revisions'", [], |row| row.get(0))
        .optional()?
        .unwrap_or(0);
    connection
        .execute_batch("DROP INDEX live; DELETE FROM revisions WHERE superseded IS NOT NULL; DROP INDEX history")?;
    connection.execute_batch(schema::TABLES)?;
    let mut state = State::default();
    let mut next = connection.prepare(
        "SELECT revision, resource, namespace, name, object FROM revisions WHERE revision > ? ORDER BY revision LIMIT 1",
    )?;
    let mut remove = connection.prepare("DELETE FROM revisions WHERE revision = ?")?;
    loop {
        let found = next
            .query_row([state.head], |row| {
                let object: Vec<u8> = row.get(4)?;
                let row = (row.get::<_, u64>(0)?, row.get(1)?, row.get::<_, String>(2)?, row.get::<_, String>(3)?);
                Ok((row, zeroize::Zeroizing::new(object)))
            })
            .optional()?;
        let Some(((revision, resource, namespace, name), object)) = found else { break };
        state.head = revision;
        remove.execute(params![revision])?;
        let resource =
            Resource::of_code(resource).ok_or_else(|| Failure::new("a row is damaged: it has no resource"))?;
        schema::insert(connection, &mut state, resource, &namespace, &name, &object)?;
    }
    drop((next, remove));
    state.head = head.max(state.head);
    state.compacted = state.head;
    connection.execute_batch("DROP TABLE revisions; DROP TABLE compacted")?;
    schema::finish(connection, &state)
}
