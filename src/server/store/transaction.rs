//! The statements: what a read or a write of the store is in SQL.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{ErrorCode, OptionalExtension as _};
use serde::de::DeserializeOwned;

use super::{Compacted, Connection, Event, Failure, Json, Range, Resource, Sealed, Stored, open, params};

/// The newest state, and the right to change it, for as long as one request's work takes.
pub struct Transaction<'a> {
    connection: &'a Connection,
    notes: &'a mut Notes,
    /// How many bytes were written, if anything was.
    wrote: Option<u64>,
}

/// What was found out in a transaction and holds for those who join it, too.
#[derive(Default)]
pub(super) struct Notes {
    open_namespace: Option<String>,
}

impl<'a> Transaction<'a> {
    pub(super) fn new(connection: &'a Connection, notes: &'a mut Notes) -> Self {
        Self { connection, notes, wrote: None }
    }

    /// Whether new objects can be made in a namespace, if that was noted and no Namespace was written since.
    pub fn is_noted_open(&self, namespace: &str) -> bool {
        self.notes.open_namespace.as_deref() == Some(namespace)
    }

    /// Notes that new objects can be made in a namespace.
    pub fn note_open(&mut self, namespace: &str) {
        self.notes.open_namespace = Some(namespace.to_owned());
    }

    /// Forgets the notes that a write of that resource makes wrong, and counts what it writes.
    fn writes(&mut self, resource: Resource, object: &Sealed) {
        if resource == Resource::Namespaces {
            self.notes.open_namespace = None;
        }
        *self.wrote.get_or_insert(0) += object.0.len() as u64;
    }

    pub(super) fn wrote(&self) -> Option<u64> {
        self.wrote
    }

    /// One object.
    pub fn get(&self, resource: Resource, namespace: &str, name: &str) -> Result<Option<Stored>, Failure> {
        get(self.connection, resource, namespace, name)
    }

    /// What `T` has of an object: the rest of it is not made.
    pub fn part<T: DeserializeOwned>(
        &self,
        resource: Resource,
        namespace: &str,
        name: &str,
    ) -> Result<Option<T>, Failure> {
        Ok(find(self.connection, resource, namespace, name)?.map(|(_, part)| part))
    }

    /// The objects of `range`, as [`super::Store::list`] gives them.
    pub fn list(
        &self,
        range: &Range<'_>,
        each: &mut dyn FnMut(&str, &str, Stored) -> bool,
    ) -> Result<Result<u64, Compacted>, Failure> {
        list(self.connection, range, each)
    }

    /// How many objects of `range` there are, as [`super::Store::count_after`] counts them.
    pub fn count_after(&self, range: &Range<'_>) -> Result<u64, Failure> {
        count_after(self.connection, range)
    }

    /// Creates an object; answers its revision, or nothing where there is one of its name.
    pub fn create(
        &mut self,
        resource: Resource,
        namespace: &str,
        name: &str,
        object: &Sealed,
    ) -> Result<Option<u64>, Failure> {
        // One statement rather than two: a column that may not be null refuses the row.
        let inserted = self
            .connection
            .prepare_cached(
                "INSERT INTO revisions (resource, namespace, name, object) VALUES ( \
                   CASE WHEN EXISTS (SELECT 1 FROM revisions \
                     WHERE resource = ?1 AND namespace = ?2 AND name = ?3 AND superseded IS NULL) \
                   THEN NULL ELSE ?1 END, ?2, ?3, ?4)",
            )?
            .execute(params![resource.code(), namespace, name, object.0]);
        match inserted {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => return Ok(None),
            inserted => inserted?,
        };
        self.writes(resource, object);
        self.last().map(Some)
    }

    /// Replaces an object; answers its revision.
    pub fn replace(&mut self, resource: Resource, namespace: &str, name: &str, object: &Json) -> Result<u64, Failure> {
        let object = Sealed::new(object)?;
        self.writes(resource, &object);
        self.supersede(resource, namespace, name)?;
        self.connection
            .prepare_cached("INSERT INTO revisions (resource, namespace, name, object) VALUES (?, ?, ?, ?)")?
            .execute(params![resource.code(), namespace, name, object.0])?;
        self.last()
    }

    /// Removes an object; answers the revision of its end. A watch is told the state that the object had.
    pub fn delete(&mut self, resource: Resource, namespace: &str, name: &str) -> Result<u64, Failure> {
        self.writes(resource, &Sealed(Vec::new()));
        let revision = self.supersede(resource, namespace, name)?;
        self.connection
            .prepare_cached(
                "INSERT INTO revisions (revision, resource, namespace, name, superseded, superseded_at) \
                 VALUES (?1, ?2, ?3, ?4, ?1, ?5)",
            )?
            .execute(params![revision, resource.code(), namespace, name, now()])?;
        Ok(revision)
    }

    /// Makes history of what an object was until the next revision; answers that.
    fn supersede(&self, resource: Resource, namespace: &str, name: &str) -> Result<u64, Failure> {
        let revision = head(self.connection)? + 1;
        self.connection
            .prepare_cached(
                "UPDATE revisions SET superseded = ?, superseded_at = ? \
                 WHERE resource = ? AND namespace = ? AND name = ? AND superseded IS NULL",
            )?
            .execute(params![revision, now(), resource.code(), namespace, name])?;
        Ok(revision)
    }

    /// The revision that the last insertion made: AUTOINCREMENT gives each one more than any before.
    fn last(&self) -> Result<u64, Failure> {
        u64::try_from(self.connection.last_insert_rowid()).map_err(|_| Failure("store: no revision".into()))
    }
}

/// Seconds since 1970, only to know how long history has been kept.
fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| i64::try_from(d.as_secs()).unwrap_or(i64::MAX))
}

pub(super) fn get(
    connection: &Connection,
    resource: Resource,
    namespace: &str,
    name: &str,
) -> Result<Option<Stored>, Failure> {
    let found = find(connection, resource, namespace, name)?;
    Ok(found.map(|(revision, object)| Stored { revision, object }))
}

/// The revision of a live object, and what `T` has of it.
fn find<T: DeserializeOwned>(
    connection: &Connection,
    resource: Resource,
    namespace: &str,
    name: &str,
) -> Result<Option<(u64, T)>, Failure> {
    let row = connection
        .prepare_cached(
            "SELECT revision, object FROM revisions \
             WHERE resource = ? AND namespace = ? AND name = ? AND superseded IS NULL",
        )?
        .query_row(params![resource.code(), namespace, name], |row| Ok((row.get(0)?, open(row.get_ref(1)?.as_blob()?))))
        .optional()?;
    row.map(|(revision, object)| Ok((revision, object?))).transpose()
}

pub(super) fn head(connection: &Connection) -> Result<u64, Failure> {
    let head = connection
        .prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = 'revisions'")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(head.unwrap_or(0))
}

pub(super) fn compacted(connection: &Connection) -> Result<u64, Failure> {
    Ok(connection.prepare_cached("SELECT revision FROM compacted")?.query_row([], |row| row.get(0))?)
}

pub(super) fn list(
    connection: &Connection,
    range: &Range<'_>,
    each: &mut dyn FnMut(&str, &str, Stored) -> bool,
) -> Result<Result<u64, Compacted>, Failure> {
    let newest = head(connection)?;
    let at = match range.at {
        Some(at) if at < newest => at,
        _ => return list_live(connection, range, each).map(|()| Ok(newest)),
    };
    if at < compacted(connection)? {
        return Ok(Err(Compacted));
    }
    // The past: what was live then and is still, merged with what was live then and is history.
    let mut past = history(connection, range, at)?.into_iter().peekable();
    let mut more = true;
    list_live(connection, range, &mut |namespace, name, stored| {
        while more && let Some((n, m, old)) = past.next_if(|(n, m, _)| (n.as_str(), m.as_str()) <= (namespace, name)) {
            more = each(&n, &m, old);
        }
        if more && stored.revision <= at {
            more = each(namespace, name, stored);
        }
        more
    })?;
    for (namespace, name, old) in past {
        if !more {
            break;
        }
        more = each(&namespace, &name, old);
    }
    Ok(Ok(at))
}

/// The rows of `range` that were live at revision `at` and are no more.
fn history(connection: &Connection, range: &Range<'_>, at: u64) -> Result<Vec<(String, String, Stored)>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT revision, namespace, name, object FROM revisions INDEXED BY history \
         WHERE superseded > ?1 AND revision <= ?1 AND object IS NOT NULL AND resource = ?2 \
           AND (?3 IS NULL OR namespace = ?3) AND (namespace, name) >= (?4, ?5) \
         ORDER BY namespace, name",
    )?;
    let start = (range.namespace.unwrap_or(range.start.0), range.start.1);
    let mut rows = statement.query(params![at, range.resource.code(), range.namespace, start.0, start.1])?;
    let mut past = Vec::new();
    while let Some(row) = rows.next()? {
        give(row, &mut |namespace, name, stored| {
            past.push((namespace.to_owned(), name.to_owned(), stored));
            true
        })?;
    }
    Ok(past)
}

fn list_live(
    connection: &Connection,
    range: &Range<'_>,
    each: &mut dyn FnMut(&str, &str, Stored) -> bool,
) -> Result<(), Failure> {
    let code = range.resource.code();
    let (namespace, name) = range.start;
    match range.namespace {
        Some(only) => {
            let mut statement = connection.prepare_cached(
                "SELECT revision, namespace, name, object FROM revisions \
                 WHERE resource = ? AND namespace = ? AND name >= ? AND superseded IS NULL ORDER BY name",
            )?;
            let mut rows = statement.query(params![code, only, name])?;
            while let Some(row) = rows.next()? {
                if !give(row, each)? {
                    break;
                }
            }
        }
        None => {
            let mut statement = connection.prepare_cached(
                "SELECT revision, namespace, name, object FROM revisions \
                 WHERE resource = ? AND (namespace, name) >= (?, ?) AND superseded IS NULL ORDER BY namespace, name",
            )?;
            let mut rows = statement.query(params![code, namespace, name])?;
            while let Some(row) = rows.next()? {
                if !give(row, each)? {
                    break;
                }
            }
        }
    }
    Ok(())
}

fn give(row: &rusqlite::Row<'_>, each: &mut dyn FnMut(&str, &str, Stored) -> bool) -> Result<bool, Failure> {
    let blob = row.get_ref(3)?.as_blob().map_err(|_| Failure("store: object missing".into()))?;
    let stored = Stored { revision: row.get(0)?, object: open(blob)? };
    let text = |index| {
        row.get_ref(index).ok().and_then(|r| r.as_str().ok()).ok_or_else(|| Failure("store: name missing".into()))
    };
    Ok(each(text(1)?, text(2)?, stored))
}

pub(super) fn count_after(connection: &Connection, range: &Range<'_>) -> Result<u64, Failure> {
    let newest = head(connection)?;
    let (code, namespace, name) = (range.resource.code(), range.start.0, range.start.1);
    let at = range.at.filter(|at| *at < newest);
    let live: u64 = match range.namespace {
        Some(only) => connection
            .prepare_cached(
                "SELECT count(*) FROM revisions \
                 WHERE resource = ? AND namespace = ? AND name > ? AND revision <= ? AND superseded IS NULL",
            )?
            .query_row(params![code, only, name, at.unwrap_or(newest)], |row| row.get(0))?,
        None => connection
            .prepare_cached(
                "SELECT count(*) FROM revisions \
                 WHERE resource = ? AND (namespace, name) > (?, ?) AND revision <= ? AND superseded IS NULL",
            )?
            .query_row(params![code, namespace, name, at.unwrap_or(newest)], |row| row.get(0))?,
    };
    let past = match at {
        Some(at) => history(connection, range, at)?
            .iter()
            .filter(|(s, n, _)| (s.as_str(), n.as_str()) != (range.namespace.unwrap_or(namespace), name))
            .count(),
        None => 0,
    };
    let count = live + past as u64;
    Ok(count)
}

pub(super) fn events(
    connection: &Connection,
    after: u64,
    limit: usize,
) -> Result<Result<Vec<Event>, Compacted>, Failure> {
    if after < compacted(connection)? {
        return Ok(Err(Compacted));
    }
    let mut statement = connection.prepare_cached(
        "SELECT new.revision, new.resource, new.namespace, new.object, old.revision, old.object \
         FROM revisions AS new \
         LEFT JOIN revisions AS old ON old.superseded = new.revision AND old.revision < new.revision \
         WHERE new.revision > ? ORDER BY new.revision LIMIT ?",
    )?;
    // SQLite's integers end earlier than revisions do; nothing was ever written after such a one.
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let mut rows = statement.query(params![after, limit])?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        let revision = row.get(0)?;
        let state = |revision: Option<u64>, index| -> Result<Option<Stored>, Failure> {
            match (revision, row.get_ref(index)?.as_blob_or_null().ok().flatten()) {
                (Some(revision), Some(blob)) => Ok(Some(Stored { revision, object: open(blob)? })),
                _ => Ok(None),
            }
        };
        events.push(Event {
            revision,
            resource: Resource::of_code(row.get(1)?),
            namespace: row.get(2)?,
            new: state(Some(revision), 3)?,
            old: state(row.get(4)?, 5)?,
        });
    }
    Ok(Ok(events))
}

/// Clears away history beyond `keep` revisions or `keep_bytes`, or older than `keep_for`.
pub(super) fn prune(connection: &Connection, keep: i64, keep_bytes: u64, keep_for: Duration) -> Result<(), Failure> {
    let oldest_time = now().saturating_sub(i64::try_from(keep_for.as_secs()).unwrap_or(i64::MAX));
    let by_count = i64::try_from(head(connection)?).unwrap_or(i64::MAX) - keep;
    let by_age: Option<i64> = connection
        .prepare_cached(
            "SELECT superseded FROM revisions WHERE superseded IS NOT NULL AND superseded_at < ? \
             ORDER BY superseded DESC LIMIT 1",
        )?
        .query_row([oldest_time], |row| row.get(0))
        .optional()?;
    let upto = by_count.max(by_age.unwrap_or(0)).max(over_bytes(connection, keep_bytes)?);
    if upto <= 0 {
        return Ok(());
    }
    let removed = connection.prepare_cached("DELETE FROM revisions WHERE superseded <= ?")?.execute([upto])?;
    if removed > 0 {
        connection.prepare_cached("UPDATE compacted SET revision = max(revision, ?)")?.execute([upto])?;
    }
    Ok(())
}

/// The newest revision beyond which history is more than `keep` bytes; 0 when it is less.
fn over_bytes(connection: &Connection, keep: u64) -> Result<i64, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT superseded, length(object) FROM revisions WHERE superseded IS NOT NULL ORDER BY superseded DESC",
    )?;
    let mut rows = statement.query([])?;
    let mut total = 0;
    while let Some(row) = rows.next()? {
        total += row.get::<_, Option<u64>>(1)?.unwrap_or(0);
        if total > keep {
            return Ok(row.get(0)?);
        }
    }
    Ok(0)
}
