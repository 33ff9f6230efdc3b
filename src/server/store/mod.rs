//! Where objects live: every write is a revision in one SQLite table, the newest of each name is live, older ones stay for
//! a while so that watches can catch up and paged lists show one moment (the design of kine, etcd's stand-in).
//!
//! A store is a file shared by many processes, or memory. Reads see only what is durable: a file is read through a
//! connection of its own, and writes that meet in time share one commit ([`Store::write`]). This is also the one place
//! where bytes go to rest and come back (`seal`, `open`), and where a failing disk would show.

mod schema;
mod transaction;

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use rusqlite::{Connection, ErrorCode, config::DbConfig, params};
use serde_json::Value as Json;
use tokio::sync::watch;

use super::resource::Resource;
pub use transaction::Transaction;

/// How many revisions are kept for watches and paged lists.
const KEPT_REVISIONS: i64 = 10_000;
/// How many bytes of superseded revisions are kept.
const KEPT_BYTES: u64 = 64 << 20;
/// How long a superseded revision is kept.
const KEPT_FOR: Duration = Duration::from_secs(300);
/// How long another process may keep the file to itself, and how often is looked whether it still does.
const BUSY: Duration = Duration::from_secs(10);
const BUSY_POLL: Duration = Duration::from_millis(2);
/// How often a watch looks for writes of other processes.
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

/// How a shared transaction ended; nothing as long as it is open.
type Ending = watch::Receiver<Option<Result<(), Failure>>>;

struct Connections {
    /// Sees only what is committed. For memory it is the only connection.
    reader: Connection,
    /// Opened by the first write.
    writer: Option<Connection>,
    /// A transaction is open on the writer, and whoever opened it is about to commit it; tells those who joined how it ended.
    open: Option<watch::Sender<Option<Result<(), Failure>>>>,
    #[cfg(test)]
    commits: u64,
    /// When other processes' writes were last looked for, and what was found.
    polled: Option<(Instant, u64)>,
    /// Commits, and bytes written, until old revisions are cleared away.
    until_pruning: (u32, u64),
}

/// The store. One is shared by all requests of a server; calls are short and synchronous, only commits are waited for.
pub struct Store {
    path: Option<PathBuf>,
    connections: Mutex<Connections>,
    committed: watch::Sender<u64>,
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
            connections: Mutex::new(Connections {
                reader,
                writer: None,
                open: None,
                #[cfg(test)]
                commits: 0,
                polled: None,
                until_pruning: (0, 0),
            }),
            committed: watch::channel(0).0,
        };
        {
            let connections = store.lock();
            if !schema::is_current(&connections.reader)? {
                match &store.path {
                    None => schema::create(&connections.reader, initial)?,
                    Some(path) => schema::create(&connect(path)?, initial)?,
                }
            }
        }
        Ok(store)
    }

    /// Whether other processes may write to it too.
    pub fn is_shared(&self) -> bool {
        self.path.is_some()
    }

    fn lock(&self) -> MutexGuard<'_, Connections> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn writer<'a>(&self, connections: &'a mut Connections) -> Result<&'a Connection, Failure> {
        let Some(path) = &self.path else { return Ok(&connections.reader) };
        if connections.writer.is_none() {
            let writer = connect(path)?;
            schema::durable(&writer)?;
            // Whoever must wait for another process's commit waits where nobody waits for him: in `write`.
            writer.busy_timeout(Duration::ZERO)?;
            connections.writer = Some(writer);
        }
        connections.writer.as_ref().ok_or_else(|| Failure("store: no connection".into()))
    }

    /// One object as it is now.
    pub fn get(&self, resource: Resource, namespace: &str, name: &str) -> Result<Option<Stored>, Failure> {
        transaction::get(&self.lock().reader, resource, namespace, name)
    }

    /// The revision of the last write to the store.
    pub fn head(&self) -> Result<u64, Failure> {
        transaction::head(&self.lock().reader)
    }

    /// The head, looked up at most every [`POLL`] interval however many ask: how watches see other processes' writes.
    pub fn polled_head(&self) -> Result<u64, Failure> {
        let mut connections = self.lock();
        let now = Instant::now();
        if let Some((at, head)) = connections.polled
            && now.duration_since(at) < POLL / 2
        {
            return Ok(head.max(*self.committed.borrow()));
        }
        let head = transaction::head(&connections.reader)?;
        connections.polled = Some((now, head));
        Ok(head)
    }

    /// Tells of commits by this process.
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
        let connections = self.lock();
        let reader = &connections.reader;
        reader.prepare_cached("SAVEPOINT list")?.execute([])?;
        let result = transaction::list(reader, range, each);
        reader.prepare_cached("RELEASE list")?.execute([])?;
        result
    }

    /// How many objects of `range` there are after (and without) `range.start`.
    pub fn count_after(&self, range: &Range<'_>) -> Result<u64, Failure> {
        transaction::count_after(&self.lock().reader, range)
    }

    /// Up to `limit` writes after revision `after`, oldest first.
    pub fn events(&self, after: u64, limit: usize) -> Result<Result<Vec<Event>, Compacted>, Failure> {
        transaction::events(&self.lock().reader, after, limit)
    }

    /// The oldest revision from which a watch can begin and a snapshot be shown.
    pub fn oldest(&self) -> Result<u64, Failure> {
        transaction::compacted(&self.lock().reader)
    }

    /// Runs `work` on the newest state, with nobody else writing meanwhile, and returns once what it wrote is durable.
    ///
    /// Writers that arrive while another is about to commit join its transaction: one commit, one fsync. Whoever only reads
    /// in it has seen what is not durable yet, and waits too. Nothing is taken back for one of them: what `work` has written
    /// before it fails is committed, so it must be right by itself.
    pub async fn write<T, E: From<Failure>>(
        &self,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let asked = Instant::now();
        let (result, mut end, leads) = {
            let (mut connections, end, leads) = loop {
                if let Some(begun) = self.begin(asked.elapsed() < BUSY)? {
                    break begun;
                }
                tokio::time::sleep(BUSY_POLL).await;
            };
            let mut transaction = Transaction::new(self.writer(&mut connections)?);
            let result = work(&mut transaction);
            let wrote = transaction.wrote();
            connections.until_pruning.1 = connections.until_pruning.1.saturating_sub(wrote.unwrap_or(0));
            if leads && (wrote.is_none() || self.path.is_none()) {
                self.commit(&mut connections)?;
                return result;
            }
            (result, end, leads)
        };
        if leads {
            // Dropped half-way (the client went away), the others' writes are committed all the same.
            let leader = Leader { store: self };
            // Everything that is ready runs first, what the network has brought meanwhile included.
            tokio::task::yield_now().await;
            drop(leader);
        }
        match end.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(Ok(()))) => result,
            Ok(Some(Err(failure))) => Err(failure.clone().into()),
            Ok(None) | Err(_) => Err(Failure("store: the commit was lost".into()).into()),
        }
    }

    /// Joins the transaction that is open, or begins one and leads it: the connections, how it will end, and whether it is led.
    /// Nothing when another process is writing and the caller has `patience`.
    fn begin(&self, patience: bool) -> Result<Option<(MutexGuard<'_, Connections>, Ending, bool)>, Failure> {
        let mut connections = self.lock();
        if let Some(open) = &connections.open {
            let end = open.subscribe();
            return Ok(Some((connections, end, false)));
        }
        let begin = self.writer(&mut connections)?.prepare_cached("BEGIN IMMEDIATE");
        match begin.and_then(|mut begin| begin.execute([])) {
            Err(error) if patience && error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => return Ok(None),
            begun => begun?,
        };
        let end = connections.open.insert(watch::channel(None).0).subscribe();
        Ok(Some((connections, end, true)))
    }

    /// How many transactions were committed.
    #[cfg(test)]
    pub fn commit_count(&self) -> u64 {
        self.lock().commits
    }

    /// How many bytes the objects have, history included.
    #[cfg(test)]
    pub fn size(&self) -> u64 {
        let sum = "SELECT sum(length(object)) FROM revisions";
        self.lock().reader.query_row(sum, [], |row| row.get(0)).expect("a sum")
    }

    /// Lets the store grow no more, as a full disk does.
    #[cfg(test)]
    pub fn fill(&self) {
        let connections = self.lock();
        let writer = connections.writer.as_ref().unwrap_or(&connections.reader);
        writer.query_row("PRAGMA max_page_count = 1", [], |_| Ok(())).expect("a limit");
    }

    /// Forgets all but the last `keep` revisions and `keep_bytes`, as time does.
    #[cfg(test)]
    pub fn forget(&self, keep: i64, keep_bytes: u64) {
        transaction::prune(&self.lock().reader, keep, keep_bytes, KEPT_FOR).expect("pruning");
    }

    fn commit(&self, connections: &mut Connections) -> Result<(), Failure> {
        let Some(open) = connections.open.take() else { return Ok(()) };
        let (commits, bytes) = connections.until_pruning;
        let prune = commits == 0 || bytes == 0;
        connections.until_pruning = if prune { (1_000, KEPT_BYTES / 4) } else { (commits - 1, bytes) };
        #[cfg(test)]
        {
            connections.commits += 1;
        }
        let writer = self.writer(connections)?;
        let done = (|| {
            if prune {
                transaction::prune(writer, KEPT_REVISIONS, KEPT_BYTES, KEPT_FOR)?;
            }
            let head = transaction::head(writer)?;
            writer.prepare_cached("COMMIT")?.execute([])?;
            Ok::<u64, Failure>(head)
        })();
        let done = match done {
            Ok(head) => {
                self.committed.send_replace(head);
                Ok(())
            }
            Err(failure) => {
                let _ = writer.execute_batch("ROLLBACK");
                Err(failure)
            }
        };
        open.send_replace(Some(done.clone()));
        done
    }
}

/// Whoever opened the shared transaction: commits it when dropped.
struct Leader<'a> {
    store: &'a Store,
}

impl Drop for Leader<'_> {
    fn drop(&mut self) {
        // A failure is kept for everybody who waits for this commit, the leader too.
        let _ = self.store.commit(&mut self.store.lock());
    }
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

/// Bytes as they go to rest.
fn seal(object: &Json) -> Result<Vec<u8>, Failure> {
    if is_deeper(object, MAX_DEPTH) {
        return Err(Failure(format!("store: object nests deeper than {MAX_DEPTH} levels")));
    }
    serde_json::to_vec(object).map_err(|_| Failure("store: object not writable".into()))
}

/// Bytes as they come back.
fn open(bytes: &[u8]) -> Result<Json, Failure> {
    serde_json::from_slice(bytes).map_err(|_| Failure("store: object not readable".into()))
}
