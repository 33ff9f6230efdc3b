//! Where objects live: every write is a revision in one SQLite table, the newest of each name is live, older ones stay for
//! a while so that watches can catch up and paged lists show one moment (the design of kine, etcd's stand-in).
//!
//! A store is a file shared by many processes, or memory. Reads see only what is durable: a file is read through a
//! connection of its own ([`read`]), and writes ([`writing`]) go through another. A file is checked before it is opened
//! ([`file`]) and as long as it is open ([`place`]), each row when it is read ([`row`]), the index once ([`state`]). What is
//! deleted leaves the file soon after ([`tidy`]).

mod end;
mod failure;
mod file;
mod group_commit;
mod lookout;
mod migrate;
mod place;
mod prepare;
mod prune;
mod row;
mod schema;
mod state;
mod statements;
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

pub use failure::Failure;
use file::Access;
use group_commit::Writing;
pub use lookout::Lookout;
use place::Place;
pub use row::{Closed, Sealed};
use schema::Found;
use secret::resource::Resource;
use state::State;
pub use tidy::Tidying;
pub use transaction::Transaction;

/// How long another process may keep the file to itself.
const BUSY: Duration = Duration::from_secs(10);
/// How often is looked whether another process still keeps the file to itself.
const BUSY_POLL: Duration = Duration::from_millis(2);
/// How often to look for writes of other processes where nothing else tells of them.
pub const POLL: Duration = Duration::from_millis(25);
/// How often is looked, at most, whether the file is still there.
const LOOK: Duration = Duration::from_millis(100);

/// Where a server keeps its objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Storage {
    /// In memory: gone with the server.
    Memory,
    /// In a SQLite file (0600, in a directory that is made 0700 when it is not there), shared with other processes.
    File(PathBuf),
}

/// An object as it lies in the store, with the revision of its last write.
#[derive(Clone)]
pub struct Stored {
    /// Its `resourceVersion`.
    pub revision: u64,
    /// The object without `kind`, `apiVersion` and `metadata.resourceVersion`.
    pub object: Json,
}

/// One write, as a watch sees it.
pub struct Event {
    /// The revision that the write made.
    pub revision: u64,
    /// What kind of object it was.
    pub resource: Resource,
    /// The namespace, empty for Namespaces.
    pub namespace: String,
    /// The state before; nothing when the write created the object.
    pub old: Option<Stored>,
    /// The state after; nothing when the write deleted the object.
    pub new: Option<Stored>,
}

/// What to list.
pub struct Range<'a> {
    /// Which objects.
    pub resource: Resource,
    /// In one namespace, or in all.
    pub namespace: Option<&'a str>,
    /// Names from this one on (namespace, name); empty strings for the beginning.
    pub start: (&'a str, &'a str),
    /// As it was at this revision; the newest when absent.
    pub at: Option<u64>,
}

/// A revision that is asked for and no longer kept.
pub struct Compacted;

struct Reader {
    /// Sees only what is committed. For memory it is the only connection.
    connection: Connection,
    /// When the file was last found where it was.
    looked: Option<Instant>,
}

/// The store. One is shared by all requests of a server; calls are short and synchronous, only commits are waited for.
pub struct Store {
    // Invariant: in this order, which is the one that they are dropped in. The last connection that is closed copies the log
    // into the file and removes it, and the reader leaves that to the writer; `place` outlives all connections.
    reader: Mutex<Reader>,
    writing: Mutex<Writing>,
    committed: watch::Sender<u64>,
    /// Whether the index was found to be as it was written.
    verified: AtomicBool,
    lookout: lookout::Shared,
    /// Nothing for memory.
    place: Option<Arc<Place>>,
}

impl Store {
    /// Opens the store; makes it, with `initial` in it, when it is not there.
    ///
    /// # Errors
    /// When it cannot be made or opened, is no store, or must not be used as it is.
    pub fn open(storage: &Storage, initial: impl FnOnce() -> Vec<(Resource, String, Json)>) -> Result<Self, Failure> {
        let place = match storage {
            Storage::Memory => None,
            Storage::File(path) => Some(Arc::new(Place::prepare(path)?)),
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
            reader: Mutex::new(Reader { connection: reader, looked: None }),
            writing: Mutex::default(),
            committed: watch::channel(head).0,
            lookout: lookout::Shared::default(),
            verified: AtomicBool::new(place.is_none()),
            place,
        })
    }

    /// Whether other processes may write to it too.
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

    /// Waits until the file is gone; why.
    pub async fn lost(&self) -> Failure {
        match &self.place {
            Some(place) => place.lost().await,
            None => std::future::pending().await,
        }
    }

    /// Reads what is committed.
    fn read<T>(&self, work: impl FnOnce(&mut Reader) -> Result<T, Failure>) -> Result<T, Failure> {
        let mut reader = self.reader();
        if let Some(place) = &self.place
            && reader.looked.is_none_or(|looked| looked.elapsed() > LOOK)
        {
            place.check()?;
            reader.looked = Some(Instant::now());
        }
        work(&mut reader)
    }

    /// Reads one moment of what is committed.
    fn snapshot<T>(&self, work: impl FnOnce(&Connection, &State) -> Result<T, Failure>) -> Result<T, Failure> {
        self.read(|reader| {
            let connection = &reader.connection;
            connection.prepare_cached("BEGIN")?.execute([])?;
            let result = State::load(connection).and_then(|state| work(connection, &state));
            // Invariant: it ends here whatever came of it. A reader that stays in a transaction sees nothing new, and the
            // log grows for ever.
            let ended = connection.prepare_cached("COMMIT").and_then(|mut end| end.execute([]));
            if ended.is_err() && !connection.is_autocommit() {
                connection.execute_batch("ROLLBACK")?;
            }
            result
        })
    }

    /// Checks once that the index is as it was written: what it does not have was never there.
    fn verify(&self) -> Result<(), Failure> {
        if !self.verified.load(Ordering::Relaxed) {
            self.snapshot(|connection, state| state.verify(connection))?;
            self.verified.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    /// One object as it is now.
    pub fn get(&self, resource: Resource, namespace: &str, name: &str) -> Result<Option<Stored>, Failure> {
        let found = self.find(resource, namespace, name)?;
        found.map(|found| found.open(resource, namespace, name)).transpose()
    }

    /// One object as it is now, not yet read: that needs no store.
    pub fn find(&self, resource: Resource, namespace: &str, name: &str) -> Result<Option<Closed>, Failure> {
        let found = self.read(|reader| statements::closed(&reader.connection, resource, namespace, name))?;
        if found.is_none() {
            self.verify()?;
        }
        Ok(found)
    }

    /// How many bytes one object has; 0 for none.
    pub fn length(&self, resource: Resource, namespace: &str, name: &str) -> Result<usize, Failure> {
        self.read(|reader| statements::length(&reader.connection, resource, namespace, name))
    }

    /// The revision of the last write to the store.
    pub fn head(&self) -> Result<u64, Failure> {
        self.read(|reader| Ok(State::load(&reader.connection)?.head))
    }

    /// Tells of commits by this process, and of all others' while there is a [`Lookout`].
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.committed.subscribe()
    }

    /// The objects of `range` in order of namespace and name, given to `each` until it answers false, all from one moment;
    /// and the revision of that moment. [`Compacted`] when the range's revision is no longer kept.
    pub fn list(
        &self,
        range: &Range<'_>,
        each: &mut dyn FnMut(&str, &str, Stored) -> bool,
    ) -> Result<Result<u64, Compacted>, Failure> {
        self.verify()?;
        self.snapshot(|connection, state| statements::list(connection, state, range, each))
    }

    /// How many objects of `range` there are after (and without) `range.start`.
    pub fn count_after(&self, range: &Range<'_>) -> Result<u64, Failure> {
        self.verify()?;
        self.snapshot(|connection, state| statements::count_after(connection, state, range))
    }

    /// Up to `limit` writes after revision `after`, oldest first.
    pub fn events(&self, after: u64, limit: usize) -> Result<Result<Vec<Event>, Compacted>, Failure> {
        self.snapshot(|connection, state| statements::events(connection, state, after, limit))
    }

    /// The oldest revision from which a watch can begin and a snapshot be shown.
    pub fn oldest(&self) -> Result<u64, Failure> {
        self.read(|reader| Ok(State::load(&reader.connection)?.compacted))
    }
}

#[cfg(test)]
impl Store {
    /// How many transactions were committed.
    pub fn commit_count(&self) -> u64 {
        lock(&self.writing).commits()
    }

    /// How the connection that writes makes its commits durable: 2 is FULL.
    pub fn synchronous(&self) -> i64 {
        let writing = lock(&self.writing);
        let writer = writing.connection().expect("a connection that writes");
        writer.query_row("PRAGMA synchronous", [], |row| row.get(0)).expect("a number")
    }

    /// Shows `look` every connection.
    pub fn connections(&self, mut look: impl FnMut(&Connection)) {
        look(&self.reader().connection);
        lock(&self.writing).connection().into_iter().for_each(look);
    }

    /// How many bytes the objects have, history included.
    pub fn size(&self) -> u64 {
        let sum = "SELECT sum(length(object)) FROM versions";
        self.reader().connection.query_row(sum, [], |row| row.get(0)).expect("a sum")
    }

    /// Lets the store grow no more, as a full disk does.
    pub fn fill(&self) {
        let (writing, reader) = (lock(&self.writing), self.reader());
        let writer = writing.connection().unwrap_or(&reader.connection);
        writer.query_row("PRAGMA max_page_count = 1", [], |_| Ok(())).expect("a limit");
    }

    /// Forgets a step of what there is up to revision `upto`; `false` if there is more.
    pub fn forget_step(&self, upto: u64) -> bool {
        let connection = &self.reader().connection;
        let mut state = State::load(connection).expect("a state");
        let is_all = prune::clear_step(connection, &mut state, upto).expect("pruning");
        state.save(connection).expect("the state");
        is_all
    }

    /// Forgets all but the last `revisions` and `bytes`, as time does.
    pub fn forget(&self, revisions: u64, bytes: u64) {
        let connection = &self.reader().connection;
        let mut state = State::load(connection).expect("a state");
        prune::prune(connection, &mut state, prune::Kept { revisions, bytes, ..group_commit::KEPT }).expect("pruning");
        state.save(connection).expect("the state");
    }
}

/// How often a lock is tried before the thread sleeps. It is held for some microseconds, and to sleep and be woken takes
/// longer.
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

fn connect(place: &Place) -> Result<Connection, Failure> {
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

/// A connection that only reads: it leaves the log alone when it is closed, no checkpoint, no fsync.
fn reader(place: &Place) -> Result<Connection, Failure> {
    let connection = connect(place)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(connection)
}
