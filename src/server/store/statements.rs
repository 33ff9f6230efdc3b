//! The statements that read. Each finds a row in one way and checks it in another: the entry of an index against the
//! row, the row against its checksum, an old version against the write that replaced it, and a range of revisions for
//! gaps.
//!
//! Why `+?` in joins: `live` is a partial index, and SQLite plans such a statement anew for each value that is bound to
//! a plain `?`. That took as long as all the rest of a read.

use rusqlite::{CachedStatement, OptionalExtension as _, Row};
use serde::de::DeserializeOwned;

use super::{
    Compacted, Connection, Event, Failure, Range, Resource, Stored, params,
    row::{Code as _, Key, Unparsed, Version, version},
    state::State,
};

/// Returns one live object.
pub(super) fn get(
    connection: &Connection,
    resource: Resource,
    namespace: &str,
    name: &str,
) -> Result<Option<Stored>, Failure> {
    let found = find(connection, resource, namespace, name)?;
    Ok(found.map(|(revision, object)| Stored { revision, object }))
}

/// Returns the revision of a live object, and the object deserialized into `T`.
pub(super) fn find<T: DeserializeOwned>(
    connection: &Connection,
    resource: Resource,
    namespace: &str,
    name: &str,
) -> Result<Option<(u64, T)>, Failure> {
    found(connection, resource, namespace, name, |version, key| Ok((key.revision, version.open(key)?)))
}

/// Returns one live object whose JSON is not parsed yet.
pub(super) fn unparsed(
    connection: &Connection,
    resource: Resource,
    namespace: &str,
    name: &str,
) -> Result<Option<Unparsed>, Failure> {
    found(connection, resource, namespace, name, |version, key| version.to_unparsed(key))
}

/// Returns the size of a live object in bytes, or 0 if there is none.
pub(super) fn length(
    connection: &Connection,
    resource: Resource,
    namespace: &str,
    name: &str,
) -> Result<usize, Failure> {
    let length = connection
        .prepare_cached(
            "SELECT length(object) FROM versions INDEXED BY live \
             WHERE resource = ? AND namespace = ? AND name = ? AND superseded = 0",
        )?
        .query_row(params![resource.code(), namespace, name], |row| row.get::<_, Option<usize>>(0))
        .optional()?;
    Ok(length.flatten().unwrap_or(0))
}

/// Returns the revision of a live object.
pub(super) fn revision(
    connection: &Connection,
    resource: Resource,
    namespace: &str,
    name: &str,
) -> Result<Option<u64>, Failure> {
    let found = connection
        .prepare_cached(
            "SELECT revision FROM versions INDEXED BY live \
             WHERE resource = ? AND namespace = ? AND name = ? AND superseded = 0",
        )?
        .query_row(params![resource.code(), namespace, name], |row| row.get(0))
        .optional()?;
    Ok(found)
}

/// Returns what `open` makes of a live object.
fn found<T>(
    connection: &Connection,
    resource: Resource,
    namespace: &str,
    name: &str,
    open: impl FnOnce(&Version<'_>, &Key<'_>) -> Result<T, Failure>,
) -> Result<Option<T>, Failure> {
    let found = connection
        .prepare_cached(concat!(
            "SELECT i.revision, ",
            version!("t"),
            " FROM versions AS i INDEXED BY live LEFT JOIN versions AS t ON t.revision = i.revision \
             WHERE i.resource = +? AND i.namespace = +? AND i.name = +? AND i.superseded = 0"
        ))?
        .query_row(params![resource.code(), namespace, name], |row| {
            let key = Key { resource, namespace, name, revision: row.get(0)? };
            Ok(live(row, 1, &key).and_then(|version| open(&version, &key)))
        })
        .optional()?;
    found.transpose()
}

/// Reads the version in the columns from `first` on.
///
/// # Errors
/// If it is damaged, or not a live one.
fn live<'row>(row: &'row Row<'_>, first: usize, key: &Key<'_>) -> Result<Version<'row>, Failure> {
    let version = Version::read(row, first, key)?;
    if version.superseded == 0 { Ok(version) } else { Err(key.damaged()) }
}

/// Calls `each` for the objects of `range` in order until it returns `false`; returns the revision of the snapshot.
pub(super) fn list(
    connection: &Connection,
    state: &State,
    range: &Range<'_>,
    each: &mut dyn FnMut(&str, &str, Stored) -> bool,
) -> Result<Result<u64, Compacted>, Failure> {
    let at = match range.at {
        Some(at) if at < state.head => at,
        _ => return list_live(connection, range, each).map(|()| Ok(state.head)),
    };
    if at < state.compacted {
        return Ok(Err(Compacted));
    }
    // A merge of two sorted sequences: the objects that were live at `at` and still are, and those that were live at
    // `at` and have been replaced or deleted since.
    let mut past = history(connection, state, range, at)?.into_iter().peekable();
    let (mut more, mut failed) = (true, None);
    let mut give = |past: Past, each: &mut dyn FnMut(&str, &str, Stored) -> bool| match past.open(connection, at) {
        Ok(stored) => each(&past.namespace, &past.name, stored),
        Err(failure) => {
            failed = Some(failure);
            false
        }
    };
    list_live(connection, range, &mut |namespace, name, stored| {
        while more && let Some(old) = past.next_if(|old| old.place() <= (namespace, name)) {
            more = give(old, each);
        }
        if more && stored.revision <= at {
            more = each(namespace, name, stored);
        }
        more
    })?;
    while more && let Some(old) = past.next() {
        more = give(old, each);
    }
    match failed {
        Some(failure) => Err(failure),
        None => Ok(Ok(at)),
    }
}

/// A version that was live at an earlier revision and has been replaced or deleted since.
struct Past {
    resource: Resource,
    namespace: String,
    name: String,
    revision: u64,
}

impl Past {
    fn place(&self) -> (&str, &str) {
        (&self.namespace, &self.name)
    }

    /// Reads the object, which must have been live at revision `at`.
    fn open(&self, connection: &Connection, at: u64) -> Result<Stored, Failure> {
        let key =
            Key { resource: self.resource, namespace: &self.namespace, name: &self.name, revision: self.revision };
        let mut statement =
            connection.prepare_cached(concat!("SELECT ", version!("t"), " FROM versions AS t WHERE t.revision = ?"))?;
        let mut rows = statement.query([self.revision])?;
        let version = Version::read(rows.next()?.ok_or_else(|| key.damaged())?, 0, &key)?;
        if version.superseded <= at {
            return Err(key.damaged());
        }
        Ok(Stored { revision: self.revision, object: version.open(&key)? })
    }
}

/// Returns the versions of `range` that were live at revision `at` and have been replaced since, in order of namespace
/// and name.
///
/// # Errors
/// If a write after `at` is missing or damaged.
fn history(connection: &Connection, state: &State, range: &Range<'_>, at: u64) -> Result<Vec<Past>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT revision, resource, namespace, name, previous, written, checksum FROM versions \
         WHERE revision > ? ORDER BY revision",
    )?;
    let mut rows = statement.query([at])?;
    let (mut past, mut next) = (Vec::new(), at + 1);
    while let Some(row) = rows.next()? {
        let (resource, namespace, name) = named(row, 1)?;
        let key = Key { resource, namespace, name, revision: row.get(0)? };
        let previous = row.get::<_, i64>(4)?.cast_unsigned();
        if key.revision != next || !key.is_linked(previous, row.get(5)?, row.get(6)?) {
            return Err(missing(next));
        }
        next += 1;
        let wanted = resource == range.resource
            && range.namespace.is_none_or(|only| only == namespace)
            && (namespace, name) >= (range.namespace.unwrap_or(range.start.0), range.start.1);
        if wanted && (1..=at).contains(&previous) {
            let (namespace, name) = (namespace.to_owned(), name.to_owned());
            past.push(Past { resource, namespace, name, revision: previous });
        }
    }
    if next <= state.head {
        return Err(missing(next));
    }
    past.sort_unstable_by(|one, other| one.place().cmp(&other.place()));
    Ok(past)
}

/// Reads resource, namespace and name from the columns from `first` on.
fn named<'row>(row: &'row Row<'_>, first: usize) -> Result<(Resource, &'row str, &'row str), Failure> {
    let damaged = || Failure::of_object("a row is damaged: it has no name");
    let text = |column| row.get_ref(column).ok().and_then(|text| text.as_str().ok()).ok_or_else(damaged);
    let resource = Resource::of_code(row.get(first)?).ok_or_else(damaged)?;
    Ok((resource, text(first + 1)?, text(first + 2)?))
}

/// Returns the failure for a revision that has no row, or a damaged one. Invariant: every write after `compacted` has
/// its row.
fn missing(revision: u64) -> Failure {
    Failure::of_object(format!("the file is damaged: the write of revision {revision} is not as it was"))
}

fn list_live(
    connection: &Connection,
    range: &Range<'_>,
    each: &mut dyn FnMut(&str, &str, Stored) -> bool,
) -> Result<(), Failure> {
    let (code, (namespace, name)) = (range.resource.code(), range.start);
    match range.namespace {
        Some(only) => {
            let statement = connection.prepare_cached(concat!(
                "SELECT i.revision, i.namespace, i.name, ",
                version!("t"),
                " FROM versions AS i INDEXED BY live LEFT JOIN versions AS t ON t.revision = i.revision \
                 WHERE i.resource = +? AND i.namespace = +? AND i.name >= +? AND i.superseded = 0 ORDER BY i.name"
            ))?;
            give_all(statement, params![code, only, name], range.resource, each)
        }
        None => {
            let statement = connection.prepare_cached(concat!(
                "SELECT i.revision, i.namespace, i.name, ",
                version!("t"),
                " FROM versions AS i INDEXED BY live LEFT JOIN versions AS t ON t.revision = i.revision \
                 WHERE i.resource = +? AND (i.namespace, i.name) >= (+?, +?) AND i.superseded = 0 \
                 ORDER BY i.namespace, i.name"
            ))?;
            give_all(statement, params![code, namespace, name], range.resource, each)
        }
    }
}

fn give_all(
    mut statement: CachedStatement<'_>,
    parameters: &[&dyn rusqlite::ToSql],
    resource: Resource,
    each: &mut dyn FnMut(&str, &str, Stored) -> bool,
) -> Result<(), Failure> {
    let mut rows = statement.query(parameters)?;
    while let Some(row) = rows.next()? {
        let text = |column| row.get_ref(column).ok().and_then(|text| text.as_str().ok());
        let (Some(namespace), Some(name)) = (text(1), text(2)) else {
            return Err(Failure::of_object("an entry of the index is damaged: it has no name"));
        };
        let key = Key { resource, namespace, name, revision: row.get(0)? };
        let object = live(row, 3, &key)?.open(&key)?;
        if !each(namespace, name, Stored { revision: key.revision, object }) {
            break;
        }
    }
    Ok(())
}

/// Counts the objects of `range` after `range.start`, that one not included.
pub(super) fn count_after(connection: &Connection, state: &State, range: &Range<'_>) -> Result<u64, Failure> {
    let (code, (namespace, name)) = (range.resource.code(), range.start);
    let at = range.at.filter(|at| *at < state.head);
    let upto = at.unwrap_or(state.head);
    let live: u64 = match range.namespace {
        Some(only) => connection
            .prepare_cached(
                "SELECT count(*) FROM versions INDEXED BY live \
                 WHERE resource = ? AND namespace = ? AND name > ? AND superseded = 0 AND revision <= ?",
            )?
            .query_row(params![code, only, name, upto], |row| row.get(0))?,
        None => connection
            .prepare_cached(
                "SELECT count(*) FROM versions INDEXED BY live \
                 WHERE resource = ? AND (namespace, name) > (?, ?) AND superseded = 0 AND revision <= ?",
            )?
            .query_row(params![code, namespace, name, upto], |row| row.get(0))?,
    };
    let past = match at {
        Some(at) => {
            let start = (range.namespace.unwrap_or(namespace), name);
            history(connection, state, range, at)?.iter().filter(|past| past.place() != start).count()
        }
        None => 0,
    };
    Ok(live + past as u64)
}

/// How many bytes of objects [`events`] reads before it stops; at least one event is read.
const EVENTS: usize = 1 << 20;

/// Returns up to `limit` writes after revision `after`, oldest first.
pub(super) fn events(
    connection: &Connection,
    state: &State,
    after: u64,
    limit: usize,
) -> Result<Result<Vec<Event>, Compacted>, Failure> {
    if after < state.compacted {
        return Ok(Err(Compacted));
    }
    let (mut events, mut bytes) = (Vec::new(), 0);
    // Why before the query: SQLite's integers are signed, so a revision above `i64::MAX` cannot be bound.
    if after >= state.head {
        return Ok(Ok(events));
    }
    let mut statement = connection.prepare_cached(concat!(
        "SELECT new.revision, new.resource, new.namespace, new.name, ",
        version!("new"),
        ", ",
        version!("old"),
        " FROM versions AS new LEFT JOIN versions AS old ON old.revision = new.previous \
         WHERE new.revision > ? ORDER BY new.revision LIMIT ?"
    ))?;
    let mut rows = statement.query(params![after, limit])?;
    while let Some(row) = rows.next()? {
        let (resource, namespace, name) = named(row, 1)?;
        let key = Key { resource, namespace, name, revision: row.get(0)? };
        let (version, revision) = (Version::read(row, 4, &key)?, key.revision);
        bytes += version.size();
        if revision != after + 1 + events.len() as u64 {
            break;
        }
        let new = if version.is_end() { None } else { Some(Stored { revision, object: version.open(&key)? }) };
        let old = match version.previous {
            0 => None,
            previous => {
                let key = Key { revision: previous, ..key };
                let old = Version::read(row, 9, &key)?;
                bytes += old.size();
                if old.superseded != revision {
                    return Err(key.damaged());
                }
                Some(Stored { revision: previous, object: old.open(&key)? })
            }
        };
        events.push(Event { revision, resource, namespace: namespace.to_owned(), old, new });
        if bytes >= EVENTS {
            break;
        }
    }
    let last = after + events.len() as u64;
    if last < state.head && events.len() < limit && bytes < EVENTS {
        return Err(missing(last + 1));
    }
    Ok(Ok(events))
}
