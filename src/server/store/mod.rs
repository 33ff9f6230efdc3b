//! Where objects live: every write is a revision in one SQLite table, the newest of each name is live, older ones stay for
//! a while so that watches can catch up and paged lists show one moment (the design of kine, etcd's stand-in).
//!
//! A store is a file shared by many processes, or memory. Reads see only what is durable: a file is read through a
//! connection of its own, and writes ([`writing`]) go through another. This is also the one place where bytes go to rest and
//! come back ([`Sealed`], `open`), and where a failing disk would show.

mod end;
mod lookout;
mod schema;
mod transaction;
mod writing;

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError, TryLockError},
    time::Duration,
};

use rusqlite::{Connection, config::DbConfig, params};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use tokio::sync::watch;

use super::resource::Resource;
pub use lookout::Lookout;
pub use transaction::Transaction;
use writing::Writing;

/// How long another process may keep the file to itself.
const BUSY: Duration = Duration::from_secs(10);
/// How often to look for writes of other processes where nothing else tells of them.
pub const POLL: Duration = Duration::from_millis(25);

/// Where a server keeps its objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Storage {
    /// In memory: gone with the server.
    Memory,
    /// In a SQLite file (0600, in a directory that is made 0700 when it is not there), shared with other processes.
    File(PathBuf),
}

/// A store that does not work: the disk is full, the file is no store, somebody holds its lock for ever. The text names no
/// content.
#[derive(Debug, Clone)]
pub struct Failure(pub String);

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        // Only the code's text: rusqlite's own Display may quote SQL and, with it, parameters.
        Self(match error.sqlite_error_code() {
            Some(code) => format!("store: {code:?}"),
            None => "store: unexpected content".to_owned(),
        })
    }
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
}

/// The store. One is shared by all requests of a server; calls are short and synchronous, only commits are waited for.
pub struct Store {
    path: Option<PathBuf>,
    reader: Mutex<Reader>,
    writing: Mutex<Writing>,
    committed: watch::Sender<u64>,
    lookout: lookout::Shared,
}

impl Store {
    /// Opens the store; makes it, with `initial` in it, when it is not there.
    pub fn open(storage: &Storage, initial: impl FnOnce() -> Vec<(Resource, String, Json)>) -> Result<Self, Failure> {
        let (reader, path) = match storage {
            Storage::Memory => (Connection::open_in_memory()?, None),
            Storage::File(path) => {
                schema::prepare_file(path)?;
                let reader = connect(path)?;
                // A process that only reads leaves the log alone: no checkpoint, no fsync when it ends.
                reader.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
                (reader, Some(path.clone()))
            }
        };
        let store = Self {
            path,
            reader: Mutex::new(Reader { connection: reader }),
            writing: Mutex::default(),
            committed: watch::channel(0).0,
            lookout: lookout::Shared::default(),
        };
        {
            let reader = store.reader();
            if !schema::is_current(&reader.connection)? {
                match &store.path {
                    None => schema::create(&reader.connection, initial)?,
                    Some(path) => schema::create(&connect(path)?, initial)?,
                }
            }
        }
        Ok(store)
    }

    fn reader(&self) -> MutexGuard<'_, Reader> {
        lock(&self.reader)
    }

    /// One object as it is now.
    pub fn get(&self, resource: Resource, namespace: &str, name: &str) -> Result<Option<Stored>, Failure> {
        transaction::get(&self.reader().connection, resource, namespace, name)
    }

    /// The revision of the last write to the store.
    pub fn head(&self) -> Result<u64, Failure> {
        transaction::head(&self.reader().connection)
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
        let reader = self.reader();
        let connection = &reader.connection;
        connection.prepare_cached("SAVEPOINT list")?.execute([])?;
        let result = transaction::list(connection, range, each);
        connection.prepare_cached("RELEASE list")?.execute([])?;
        result
    }

    /// How many objects of `range` there are after (and without) `range.start`.
    pub fn count_after(&self, range: &Range<'_>) -> Result<u64, Failure> {
        transaction::count_after(&self.reader().connection, range)
    }

    /// Up to `limit` writes after revision `after`, oldest first.
    pub fn events(&self, after: u64, limit: usize) -> Result<Result<Vec<Event>, Compacted>, Failure> {
        transaction::events(&self.reader().connection, after, limit)
    }

    /// The oldest revision from which a watch can begin and a snapshot be shown.
    pub fn oldest(&self) -> Result<u64, Failure> {
        transaction::compacted(&self.reader().connection)
    }

    /// How many transactions were committed.
    #[cfg(test)]
    pub fn commit_count(&self) -> u64 {
        lock(&self.writing).commits()
    }

    /// How many bytes the objects have, history included.
    #[cfg(test)]
    pub fn size(&self) -> u64 {
        let sum = "SELECT sum(length(object)) FROM revisions";
        self.reader().connection.query_row(sum, [], |row| row.get(0)).expect("a sum")
    }

    /// Lets the store grow no more, as a full disk does.
    #[cfg(test)]
    pub fn fill(&self) {
        let (writing, reader) = (lock(&self.writing), self.reader());
        let writer = writing.connection().unwrap_or(&reader.connection);
        writer.query_row("PRAGMA max_page_count = 1", [], |_| Ok(())).expect("a limit");
    }

    /// Forgets all but the last `keep` revisions and `keep_bytes`, as time does.
    #[cfg(test)]
    pub fn forget(&self, keep: i64, keep_bytes: u64) {
        transaction::prune(&self.reader().connection, keep, keep_bytes, writing::KEPT_FOR).expect("pruning");
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

fn connect(path: &Path) -> Result<Connection, Failure> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    Ok(connection)
}

/// How deep an object may nest. `serde_json` reads 127 levels, and lists, tables and watches put an object into up to
/// three more: what rests here must come back, and be read by clients of the same library.
const MAX_DEPTH: usize = 120;

/// Whether arrays and objects stand more than `levels` deep in each other; `levels` bounds how far it looks.
fn is_deeper(value: &Json, levels: usize) -> bool {
    let deeper = |inner: &Json| is_deeper(inner, levels.saturating_sub(1));
    match value {
        Json::Array(items) => levels == 0 || items.iter().any(deeper),
        Json::Object(members) => levels == 0 || members.values().any(deeper),
        _ => false,
    }
}

/// Most objects are not larger.
const USUAL_SIZE: usize = 1024;

/// An object as it goes to rest.
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// Makes of an object what is kept of it.
    ///
    /// # Errors
    /// When it nests so deep that it could not be read back.
    pub fn new(object: &Json) -> Result<Self, Failure> {
        if is_deeper(object, MAX_DEPTH) {
            return Err(Failure(format!("store: object nests deeper than {MAX_DEPTH} levels")));
        }
        let mut bytes = Vec::with_capacity(USUAL_SIZE);
        serde_json::to_writer(&mut bytes, object).map_err(|_| Failure("store: object not writable".into()))?;
        Ok(Self(bytes))
    }
}

/// An object, or what `T` has of it, as it comes back.
fn open<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(bytes).map_err(|_| Failure("store: object not readable".into()))
}
