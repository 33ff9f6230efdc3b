//! The statements that write, and what a request may do within a transaction.

use std::{
    cell::RefCell,
    time::{SystemTime, UNIX_EPOCH},
};

use rusqlite::OptionalExtension as _;
use serde::de::DeserializeOwned;

use super::{
    Compacted, Connection, Failure, Json, Range, Resource, Serialized, Stored,
    failure::Scope,
    params,
    row::{Code as _, Key},
    state::State,
    statements,
};

/// Access to the newest state, for reading and writing, while the work of one request runs.
pub struct Transaction<'a> {
    connection: &'a Connection,
    notes: &'a mut Notes,
    /// The number of bytes written, or `None` if nothing was written.
    wrote: Option<u64>,
    /// The failure that makes it impossible to commit the shared transaction.
    broken: RefCell<Option<Failure>>,
}

/// What is known about the open transaction; requests that join it use it, too.
#[derive(Default)]
pub(super) struct Notes {
    pub state: State,
    /// The state as it is in the file.
    saved: State,
    open_namespace: Option<String>,
}

impl Notes {
    /// Returns the notes of a transaction that has just begun.
    ///
    /// # Errors
    /// When the store's state cannot be read.
    pub fn begin(connection: &Connection) -> Result<Self, Failure> {
        let state = State::load(connection)?;
        Ok(Self { state, saved: state, open_namespace: None })
    }

    /// Writes the state at the end of the transaction, if it changed.
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

    /// Returns `true` if [`Transaction::note_open`] was called for the namespace and no Namespace was written since.
    pub fn is_noted_open(&self, namespace: &str) -> bool {
        self.notes.open_namespace.as_deref() == Some(namespace)
    }

    /// Notes that the namespace exists and is not being deleted.
    pub fn note_open(&mut self, namespace: &str) {
        self.notes.open_namespace = Some(namespace.to_owned());
    }

    /// Returns the number of bytes written, or `None` if nothing was written.
    ///
    /// # Errors
    /// If a statement failed: the whole transaction must be rolled back.
    ///
    /// Invariant: after a statement that failed the transaction is never committed. SQLite itself rolls back after some
    /// failures (a full disk, for one), and every further statement would then be a transaction of its own.
    pub(super) fn finish(self) -> Result<Option<u64>, Failure> {
        match self.broken.into_inner() {
            Some(failure) => Err(failure),
            None if self.connection.is_autocommit() => Err(Failure::new("the transaction was rolled back")),
            None => Ok(self.wrote),
        }
    }

    /// Returns the result of a statement; remembers a failure that must end the transaction.
    fn noted<T>(&self, result: Result<T, Failure>) -> Result<T, Failure> {
        if let Err(failure) = &result
            // Why not for every failure: an object that is damaged or nests too deep must not fail the requests of
            // others. But if this request has written before, then its failure rolls back: the writes would stay, and
            // the request be answered with 500.
            && (failure.scope() == Scope::Transaction || self.wrote.is_some())
        {
            self.broken.borrow_mut().get_or_insert_with(|| failure.clone());
        }
        result
    }

    /// Returns one live object.
    pub fn get(&self, resource: Resource, namespace: &str, name: &str) -> Result<Option<Stored>, Failure> {
        self.noted(statements::get(self.connection, resource, namespace, name))
    }

    /// Returns the revision of a live object.
    pub fn revision(&self, resource: Resource, namespace: &str, name: &str) -> Result<Option<u64>, Failure> {
        self.noted(statements::revision(self.connection, resource, namespace, name))
    }

    /// Deserializes a live object into `T`, without building the rest of it.
    pub fn part<T: DeserializeOwned>(
        &self,
        resource: Resource,
        namespace: &str,
        name: &str,
    ) -> Result<Option<T>, Failure> {
        let found = self.noted(statements::find(self.connection, resource, namespace, name))?;
        Ok(found.map(|(_, part)| part))
    }

    /// Lists `range`, as [`super::Store::list`] does.
    pub fn list(
        &self,
        range: &Range<'_>,
        each: &mut dyn FnMut(&str, &str, Stored) -> bool,
    ) -> Result<Result<u64, Compacted>, Failure> {
        self.noted(statements::list(self.connection, &self.notes.state, range, each))
    }

    /// Creates an object and returns its revision, or `None` if there is a live one of that name.
    pub fn create(
        &mut self,
        resource: Resource,
        namespace: &str,
        name: &str,
        object: &Serialized,
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

    /// Replaces an object and returns the revision of the write.
    pub fn replace(&mut self, resource: Resource, namespace: &str, name: &str, object: &Json) -> Result<u64, Failure> {
        let object = self.noted(Serialized::new(object))?;
        self.replace_serialized(resource, namespace, name, &object)
    }

    /// Replaces an object by one that is serialized already; returns the revision of the write.
    pub fn replace_serialized(
        &mut self,
        resource: Resource,
        namespace: &str,
        name: &str,
        object: &Serialized,
    ) -> Result<u64, Failure> {
        let revision = self.supersede(resource, namespace, name, Some(object))?;
        self.notes.state.add(&Key { resource, namespace, name, revision });
        Ok(revision)
    }

    /// Deletes an object and returns the revision of the deletion. Watches are sent the last state of the object.
    pub fn delete(&mut self, resource: Resource, namespace: &str, name: &str) -> Result<u64, Failure> {
        self.supersede(resource, namespace, name, None)
    }

    /// Marks the live version of an object as superseded, and inserts the one that replaces it, or a row without an
    /// object for a deletion.
    fn supersede(
        &mut self,
        resource: Resource,
        namespace: &str,
        name: &str,
        object: Option<&Serialized>,
    ) -> Result<u64, Failure> {
        let revision = self.notes.state.head + 1;
        let key = Key { resource, namespace, name, revision };
        let object = object.map(Serialized::bytes);
        // Invariant: counted before the first of two statements. If the second fails, `noted` must see that there is
        // something to roll back.
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

    /// Counts written bytes, and discards notes that a write of `resource` may have made wrong.
    fn wrote(&mut self, resource: Resource, bytes: usize) {
        if resource == Resource::Namespaces {
            self.notes.open_namespace = None;
        }
        *self.wrote.get_or_insert(0) += bytes as u64;
    }
}

/// Returns the seconds since 1970; used only for how long history has been kept.
pub(super) fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| i64::try_from(d.as_secs()).unwrap_or(i64::MAX))
}
