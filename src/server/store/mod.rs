//! Stores objects in SQLite. Every write is a row, with a revision, of one table. The newest row of a name is live;
//! older rows stay for a while, so that watches can catch up and all pages of a list show one snapshot (the design of
//! kine, which puts etcd's API on a SQL database).
//!
//! A store is a file that several processes may share, or memory. A file has one connection that reads
//! ([`Store::read`]), which therefore sees only what is durable, and one that writes ([`group_commit`]). The file is
//! checked before it is opened ([`file`]) and as long as it is open ([`store_file`]), each row when it is read ([`row`]),
//! the index once ([`state`]). Deleted values leave the file soon after ([`tidy`]).

mod checksum;
mod commit_watcher;
mod end;
mod failure;
mod file;
mod group_commit;
mod migrate;
mod prepare;
mod prune;
mod row;
mod schema;
mod state;
mod statements;
mod store_file;
mod tidy;
mod transaction;

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, TryLockError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use rusqlite::{Connection, OpenFlags, config::DbConfig, params};
use serde_json::Value as Json;
use tokio::sync::watch;

pub use commit_watcher::CommitWatcher;
pub use failure::Failure;
use file::Access;
use group_commit::Writing;
pub use row::{Serialized, Unparsed};
use schema::Found;
use secret::resource::Resource;
use state::State;
use store_file::StoreFile;
pub use tidy::Tidying;
pub use transaction::Transaction;

/// How long to wait for a lock that another process has on the file.
const BUSY: Duration = Duration::from_secs(10);
/// How long to sleep between two attempts to take a lock that another process has.
const BUSY_POLL: Duration = Duration::from_millis(2);
/// How often to poll for commits of other processes where nothing reports them.
pub const POLL: Duration = Duration::from_millis(25);
/// The least time between two checks that the file is still at its path.
const CHECK_INTERVAL: Duration = Duration::from_millis(100);

/// Where a server keeps its objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Storage {
    /// In memory: gone with the server.
    Memory,
    /// In a SQLite file (0600, in a directory that is created with 0700 if it does not exist), shared with other
    /// processes.
    File(PathBuf),
}

/// An object as it is in the store, with the revision of its last write.
#[derive(Clone)]
pub struct Stored {
    /// Its `resourceVersion`.
    pub revision: u64,
    /// The object without `kind`, `apiVersion` and `metadata.resourceVersion`.
    pub object: Json,
}

/// One write, as the history of the store has it.
pub struct Event {
    /// The revision that the write made.
    pub revision: u64,
    /// The resource that the object is of.
    pub resource: Resource,
    /// The namespace, empty for Namespaces.
    pub namespace: String,
    /// The state before the write, or `None` if the write created the object.
    pub old: Option<Stored>,
    /// The state after the write, or `None` if the write deleted the object.
    pub new: Option<Stored>,
}

/// The objects that a list is to return.
pub struct Range<'a> {
    /// The resource of the objects.
    pub resource: Resource,
    /// The only namespace, or `None` for all.
    pub namespace: Option<&'a str>,
    /// The namespace and name to begin with, themselves included; empty strings for the beginning.
    pub start: (&'a str, &'a str),
    /// The revision whose snapshot to list, or `None` for the newest.
    pub at: Option<u64>,
}

/// Says that a revision was asked for which is no longer kept (etcd's `ErrCompacted`).
pub struct Compacted;

struct Reader {
    /// Sees only what is committed. A store in memory has no other connection.
    connection: Connection,
    /// When [`StoreFile::check`] last succeeded.
    checked: Option<Instant>,
}

/// The store that all requests of a server share. Calls are short and synchronous; only commits are awaited.
pub struct Store {
    // Invariant: fields are dropped in the order in which they are declared. `reader` goes first, since it never copies
    // the log into the file; `writing` has the last connection, whose end copies the log and removes it; `place`
    // outlives all connections (see [`StoreFile`] for why).
    reader: Mutex<Reader>,
    writing: Mutex<Writing>,
    committed: watch::Sender<u64>,
    /// Whether the index `live` has been compared with the checksum in the table `state`.
    verified: AtomicBool,
    commit_watcher: commit_watcher::Shared,
    /// `None` for memory.
    place: Option<Arc<StoreFile>>,
}

impl Store {
    /// Opens the store; creates it, with `initial` in it, if the file does not exist.
    ///
    /// # Errors
    /// If the file cannot be created or opened, is not a store, or must not be used (others can read or replace it).
    pub fn open(storage: &Storage, initial: impl FnOnce() -> Vec<(Resource, String, Json)>) -> Result<Self, Failure> {
        let place = match storage {
            Storage::Memory => None,
            Storage::File(path) => Some(Arc::new(StoreFile::prepare(path)?)),
        };
        let reader = match &place {
            None => Connection::open_in_memory()?,
            Some(place) => reader(place)?,
        };
        match (Found::of(&reader)?, &place) {
            (Found::Current, _) => {}
            (_, None) => prepare::prepare(&reader, initial)?,
            (Found::Earlier, Some(place)) if place.access() != Access::Write => {
                let text = format!("{} is of an earlier version and read-only", place.path().display());
                return Err(Failure::new(text).with_hint("use it once where it can be written"));
            }
            (Found::Nothing, Some(place)) if place.access() != Access::Write => {
                return Err(Failure::new(format!("{} is not a ksecret store", place.path().display())));
            }
            (_, Some(place)) => {
                let writer = connect(place)?;
                schema::durable(&writer)?;
                prepare::prepare(&writer, initial)?;
            }
        }
        let head = State::load(&reader)?.head;
        if let Some(place) = &place {
            place.opened();
        }
        Ok(Self {
            reader: Mutex::new(Reader { connection: reader, checked: None }),
            writing: Mutex::default(),
            committed: watch::channel(head).0,
            commit_watcher: commit_watcher::Shared::default(),
            verified: AtomicBool::new(place.is_none()),
            place,
        })
    }

    /// Returns `true` if other processes may write to the store, too.
    pub fn is_shared(&self) -> bool {
        self.place.is_some()
    }

    fn reader(&self) -> MutexGuard<'_, Reader> {
        lock(&self.reader)
    }

    /// Checks that the file is still where it was opened.
    fn check(&self) -> Result<(), Failure> {
        self.place.as_ref().map_or(Ok(()), |place| place.check())
    }

    /// Waits until the file is deleted, renamed or replaced, and returns that as a failure; never returns for memory.
    pub async fn lost(&self) -> Failure {
        match &self.place {
            Some(place) => place.lost().await,
            None => std::future::pending().await,
        }
    }

    /// Runs `work` on the connection that sees only what is committed.
    fn read<T>(&self, work: impl FnOnce(&mut Reader) -> Result<T, Failure>) -> Result<T, Failure> {
        let mut reader = self.reader();
        if let Some(place) = &self.place
            && reader.checked.is_none_or(|checked| checked.elapsed() > CHECK_INTERVAL)
        {
            place.check()?;
            reader.checked = Some(Instant::now());
        }
        work(&mut reader)
    }

    /// Runs `work` on one snapshot of what is committed.
    fn snapshot<T>(&self, work: impl FnOnce(&Connection, &State) -> Result<T, Failure>) -> Result<T, Failure> {
        self.read(|reader| {
            let connection = &reader.connection;
            connection.prepare_cached("BEGIN")?.execute([])?;
            let result = State::load(connection).and_then(|state| work(connection, &state));
            // Invariant: the read transaction ends here, whatever `work` returned. A connection that stays in one keeps
            // seeing the old snapshot, and the write-ahead log cannot be checkpointed beyond it.
            let ended = connection.prepare_cached("COMMIT").and_then(|mut end| end.execute([]));
            if ended.is_err() && !connection.is_autocommit() {
                connection.execute_batch("ROLLBACK")?;
            }
            result
        })
    }

    /// Compares the index `live` with its checksum, once. Why: the checksum of a row cannot show that a row is missing
    /// from the index, and its object would seem never to have existed.
    fn verify(&self) -> Result<(), Failure> {
        if self.verified.load(Ordering::Relaxed) { Ok(()) } else { self.verified_snapshot(|_, _| Ok(())) }
    }

    /// As [`Store::snapshot`], of a store that is verified.
    fn verified_snapshot<T>(&self, work: impl FnOnce(&Connection, &State) -> Result<T, Failure>) -> Result<T, Failure> {
        self.snapshot(|connection, state| {
            if !self.verified.load(Ordering::Relaxed) {
                state.verify(connection)?;
                self.verified.store(true, Ordering::Relaxed);
            }
            work(connection, state)
        })
    }

    /// Returns one live object.
    ///
    /// # Errors
    /// If the file cannot be read or the row is damaged.
    pub fn get(&self, resource: Resource, namespace: &str, name: &str) -> Result<Option<Stored>, Failure> {
        let found = self.find(resource, namespace, name)?;
        found.map(|found| found.open(resource, namespace, name)).transpose()
    }

    /// Returns one live object whose JSON is not parsed yet: the caller can do that without holding the store.
    ///
    /// # Errors
    /// As [`Store::get`].
    pub fn find(&self, resource: Resource, namespace: &str, name: &str) -> Result<Option<Unparsed>, Failure> {
        let found = self.read(|reader| statements::unparsed(&reader.connection, resource, namespace, name))?;
        if found.is_none() {
            self.verify()?;
        }
        Ok(found)
    }

    /// Returns the size of one live object in bytes, or 0 if there is none.
    pub fn length(&self, resource: Resource, namespace: &str, name: &str) -> Result<usize, Failure> {
        self.read(|reader| statements::length(&reader.connection, resource, namespace, name))
    }

    /// Returns the revision of the last write to the store.
    pub fn head(&self) -> Result<u64, Failure> {
        self.read(|reader| Ok(State::load(&reader.connection)?.head))
    }

    /// Subscribes to the revisions of commits: those of this process, and of all processes while there is a
    /// [`CommitWatcher`].
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.committed.subscribe()
    }

    /// Calls `each` for the objects of `range`, in order of namespace and name, until it returns `false`. All are of
    /// one snapshot, whose revision is returned; [`Compacted`] if `range.at` is no longer kept.
    pub fn list(
        &self,
        range: &Range<'_>,
        each: &mut dyn FnMut(&str, &str, Stored) -> bool,
    ) -> Result<Result<u64, Compacted>, Failure> {
        self.verified_snapshot(|connection, state| statements::list(connection, state, range, each))
    }

    /// Counts the objects of `range` after `range.start`, that one not included.
    pub fn count_after(&self, range: &Range<'_>) -> Result<u64, Failure> {
        self.verified_snapshot(|connection, state| statements::count_after(connection, state, range))
    }

    /// Returns up to `limit` writes after revision `after`, oldest first; [`Compacted`] if some of them are no longer
    /// kept.
    pub fn events(&self, after: u64, limit: usize) -> Result<Result<Vec<Event>, Compacted>, Failure> {
        self.snapshot(|connection, state| statements::events(connection, state, after, limit))
    }

    /// Returns the oldest revision at which a watch can begin and which a list can show.
    pub fn oldest(&self) -> Result<u64, Failure> {
        self.read(|reader| Ok(State::load(&reader.connection)?.compacted))
    }
}

#[cfg(test)]
impl Store {
    /// Returns how many transactions were committed.
    pub fn commit_count(&self) -> u64 {
        lock(&self.writing).commits()
    }

    /// Returns `PRAGMA synchronous` of the connection that writes: 2 is FULL.
    pub fn synchronous(&self) -> i64 {
        let writing = lock(&self.writing);
        let writer = writing.connection().expect("a connection that writes");
        writer.query_row("PRAGMA synchronous", [], |row| row.get(0)).expect("a number")
    }

    /// Calls `look` with every connection.
    pub fn connections(&self, mut look: impl FnMut(&Connection)) {
        look(&self.reader().connection);
        lock(&self.writing).connection().into_iter().for_each(look);
    }

    /// Returns the size of all objects in bytes, history included.
    pub fn size(&self) -> u64 {
        let sum = "SELECT sum(length(object)) FROM versions";
        self.reader().connection.query_row(sum, [], |row| row.get(0)).expect("a sum")
    }

    /// Keeps the store from growing, as a full disk does.
    pub fn fill(&self) {
        let (writing, reader) = (lock(&self.writing), self.reader());
        let writer = writing.connection().unwrap_or(&reader.connection);
        writer.query_row("PRAGMA max_page_count = 1", [], |_| Ok(())).expect("a limit");
    }

    /// Removes one step of the history up to revision `upto`; returns `false` if more is left.
    pub fn forget_step(&self, upto: u64) -> bool {
        let connection = &self.reader().connection;
        let mut state = State::load(connection).expect("a state");
        let is_all = prune::clear_step(connection, &mut state, upto).expect("pruning");
        state.save(connection).expect("the state");
        is_all
    }

    /// Removes the history beyond the last `revisions` and `bytes`, as later commits would.
    pub fn forget(&self, revisions: u64, bytes: u64) {
        let connection = &self.reader().connection;
        let mut state = State::load(connection).expect("a state");
        prune::prune(connection, &mut state, prune::Kept { revisions, bytes, ..group_commit::KEPT }).expect("pruning");
        state.save(connection).expect("the state");
    }
}

/// How often a lock is tried before the thread sleeps. Why: a lock is held for some microseconds, and to sleep and be
/// woken takes longer.
const SPINS: usize = 1_000;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    for _ in 0..SPINS {
        match mutex.try_lock() {
            Ok(guard) => return guard,
            Err(TryLockError::Poisoned(poisoned)) => return poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => std::hint::spin_loop(),
        }
    }
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect(place: &StoreFile) -> Result<Connection, Failure> {
    let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = match place.access() {
        Access::Write => Connection::open_with_flags(place.path(), flags | OpenFlags::SQLITE_OPEN_READ_WRITE),
        Access::Read => Connection::open_with_flags(place.path(), flags | OpenFlags::SQLITE_OPEN_READ_ONLY),
        Access::Immutable => {
            let flags = flags | OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
            Connection::open_with_flags(place.immutable_uri(), flags)
        }
    }?;
    connection.busy_timeout(BUSY)?;
    schema::careful(&connection)?;
    Ok(connection)
}

/// Opens a connection that only reads. Invariant: closing it neither checkpoints the log nor calls fsync; that is left
/// to the connection that writes.
fn reader(place: &StoreFile) -> Result<Connection, Failure> {
    let connection = connect(place)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(connection)
}
