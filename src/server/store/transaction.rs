//! The statements that write, and what a request may do between the beginning of a transaction and its end.

use std::{
    cell::RefCell,
    time::{SystemTime, UNIX_EPOCH},
};

use rusqlite::OptionalExtension as _;
use serde::de::DeserializeOwned;

use super::{
    Compacted, Connection, Failure, Json, Range, Resource, Sealed, Stored,
    failure::Scope,
    params,
    row::{Code as _, Key},
    state::State,
    statements,
};

/// The newest state, and the right to change it, for as long as one request's work takes.
pub struct Transaction<'a> {
    connection: &'a Connection,
    notes: &'a mut Notes,
    /// How many bytes were written, if anything was.
    wrote: Option<u64>,
    /// Why the transaction that this is a part of cannot be committed any more.
    broken: RefCell<Option<Failure>>,
}

/// What is known in a transaction and holds for those who join it, too.
#[derive(Default)]
pub(super) struct Notes {
    pub state: State,
    /// As it is in the file.
    saved: State,
    open_namespace: Option<String>,
}

impl Notes {
    /// Those of a transaction that has just begun.
    ///
    /// # Errors
    /// When the store's state cannot be read.
    pub fn begin(connection: &Connection) -> Result<Self, Failure> {
        let state = State::load(connection)?;
        Ok(Self { state, saved: state, open_namespace: None })
    }

    /// Writes the state down at the end of the transaction.
    ///
    /// # Errors
    /// The statement's.
    pub fn save(&self, connection: &Connection) -> Result<(), Failure> {
        if self.state == self.saved { Ok(()) } else { self.state.save(connection) }
    }
}

impl<'a> Transaction<'a> {
    pub(super) fn new(connection: &'a Connection, notes: &'a mut Notes) -> Self {
        Self { connection, notes, wrote: None, broken: RefCell::default() }
    }

    /// Whether new objects can be made in a namespace, if that was noted and no Namespace was written since.
    pub fn is_noted_open(&self, namespace: &str) -> bool {
        self.notes.open_namespace.as_deref() == Some(namespace)
    }

    /// Notes that new objects can be made in a namespace.
    pub fn note_open(&mut self, namespace: &str) {
        self.notes.open_namespace = Some(namespace.to_owned());
    }

    /// How many bytes were written, if anything was; or why the transaction must end here, with everything in it.
    ///
    /// Invariant: after a statement that failed the transaction is never committed. SQLite itself rolls it back after some
    /// failures (a full disk, for one), and every further statement would then commit by itself.
    pub(super) fn finish(self) -> Result<Option<u64>, Failure> {
        match self.broken.into_inner() {
            Some(failure) => Err(failure),
            None if self.connection.is_autocommit() => Err(Failure::new("the transaction was rolled back")),
            None => Ok(self.wrote),
        }
    }

    /// Gives the result of a statement, and remembers if it failed.
    fn noted<T>(&self, result: Result<T, Failure>) -> Result<T, Failure> {
        if let Err(failure) = &result
            // Why: one object that is damaged or nests too deep must not fail the requests of others; but what was written
            // before it was met would stay, and this request be answered 500.
            && (failure.scope() == Scope::Transaction || self.wrote.is_some())
        {
            self.broken.borrow_mut().get_or_insert_with(|| failure.clone());
        }
        result
    }

    /// One object.
    pub fn get(&self, resource: Resource, namespace: &str, name: &str) -> Result<Option<Stored>, Failure> {
        self.noted(statements::get(self.connection, resource, namespace, name))
    }

    /// The revision of an object.
    pub fn revision(&self, resource: Resource, namespace: &str, name: &str) -> Result<Option<u64>, Failure> {
        self.noted(statements::revision(self.connection, resource, namespace, name))
    }

    /// What `T` has of an object: the rest of it is not made.
    pub fn part<T: DeserializeOwned>(
        &self,
        resource: Resource,
        namespace: &str,
        name: &str,
    ) -> Result<Option<T>, Failure> {
        let found = self.noted(statements::find(self.connection, resource, namespace, name))?;
        Ok(found.map(|(_, part)| part))
    }

    /// The objects of `range`, as [`super::Store::list`] gives them.
    pub fn list(
        &self,
        range: &Range<'_>,
        each: &mut dyn FnMut(&str, &str, Stored) -> bool,
    ) -> Result<Result<u64, Compacted>, Failure> {
        self.noted(statements::list(self.connection, &self.notes.state, range, each))
    }

    /// Creates an object; answers its revision, or `None` where there is one of its name.
    pub fn create(
        &mut self,
        resource: Resource,
        namespace: &str,
        name: &str,
        object: &Sealed,
    ) -> Result<Option<u64>, Failure> {
        let key = Key { resource, namespace, name, revision: self.notes.state.head + 1 };
        let written = now();
        let inserted = self.noted((|| {
            let mut statement = self.connection.prepare_cached(
                "INSERT INTO versions (revision, resource, namespace, name, previous, written, superseded, checksum, object) \
                 VALUES (?, ?, ?, ?, 0, ?, 0, ?, ?) \
                 ON CONFLICT (resource, namespace, name, superseded) WHERE superseded = 0 DO NOTHING",
            )?;
            let checksum = key.checksum(0, written, Some(object.bytes()));
            Ok(statement.execute(params![
                key.revision,
                resource.code(),
                namespace,
                name,
                written,
                checksum,
                object.bytes()
            ])?)
        })())?;
        if inserted == 0 {
            return Ok(None);
        }
        self.wrote(resource, object.bytes().len());
        self.notes.state.head = key.revision;
        self.notes.state.add(&key);
        Ok(Some(key.revision))
    }

    /// Replaces an object; answers its revision.
    pub fn replace(&mut self, resource: Resource, namespace: &str, name: &str, object: &Json) -> Result<u64, Failure> {
        let object = self.noted(Sealed::new(object))?;
        self.replace_sealed(resource, namespace, name, &object)
    }

    /// Replaces an object by one that is ready to be stored; answers its revision.
    pub fn replace_sealed(
        &mut self,
        resource: Resource,
        namespace: &str,
        name: &str,
        object: &Sealed,
    ) -> Result<u64, Failure> {
        let revision = self.supersede(resource, namespace, name, Some(object))?;
        self.notes.state.add(&Key { resource, namespace, name, revision });
        Ok(revision)
    }

    /// Removes an object; answers the revision of its end. A watch is told the state that the object had.
    pub fn delete(&mut self, resource: Resource, namespace: &str, name: &str) -> Result<u64, Failure> {
        self.supersede(resource, namespace, name, None)
    }

    /// Makes history of what an object was, and writes the version that replaces it, or its end.
    fn supersede(
        &mut self,
        resource: Resource,
        namespace: &str,
        name: &str,
        object: Option<&Sealed>,
    ) -> Result<u64, Failure> {
        let revision = self.notes.state.head + 1;
        let key = Key { resource, namespace, name, revision };
        let object = object.map(Sealed::bytes);
        // Before the first of two statements: if the second fails, the first is to be taken back.
        self.wrote(resource, object.map_or(0, <[u8]>::len));
        let written = now();
        let previous = self.noted((|| {
            let previous = self
                .connection
                .prepare_cached(
                    "UPDATE versions SET superseded = ? \
                     WHERE resource = ? AND namespace = ? AND name = ? AND superseded = 0 RETURNING revision",
                )?
                .query_row(params![revision, resource.code(), namespace, name], |row| row.get::<_, u64>(0))
                .optional()?
                .unwrap_or(0);
            let superseded = if object.is_some() { 0 } else { revision };
            let checksum = key.checksum(previous, written, object);
            self.connection
                .prepare_cached(
                    "INSERT INTO versions \
                     (revision, resource, namespace, name, previous, written, superseded, checksum, object) \
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                )?
                .execute(params![
                    revision,
                    resource.code(),
                    namespace,
                    name,
                    previous,
                    written,
                    superseded,
                    checksum,
                    object
                ])?;
            Ok(previous)
        })())?;
        if previous != 0 {
            self.notes.state.remove(&Key { revision: previous, ..key });
        }
        self.notes.state.head = revision;
        Ok(revision)
    }

    /// Counts what is written, and forgets the notes that a write of that resource makes wrong.
    fn wrote(&mut self, resource: Resource, bytes: usize) {
        if resource == Resource::Namespaces {
            self.notes.open_namespace = None;
        }
        *self.wrote.get_or_insert(0) += bytes as u64;
    }
}

/// Seconds since 1970, only to know how long history has been kept.
pub(super) fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| i64::try_from(d.as_secs()).unwrap_or(i64::MAX))
}
