//! Notices commits of other processes to a store's file. One thread looks for them while there are watches; it wakes
//! the watches only for a new revision. It sleeps as long as the system reports no change of the files (with
//! [`NO_NEWS`] as a bound); where the system reports none, it reads the store every [`POLL`].

use std::{
    os::fd::AsFd as _,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, Weak},
    thread,
    time::Duration,
};

use tokio::{
    net::unix::pipe,
    runtime::Builder,
    sync::{oneshot, watch},
};

use super::{Failure, POLL, Store, file, reader, state::State, store_file::StoreFile};

/// The delays, in milliseconds, of the reads that follow a reported change. Why several: the last change of the files
/// precedes the moment at which the commit becomes visible, which is when it is on the disk.
const LOOKS: [u64; 7] = [5, 10, 20, 40, 80, 160, 320];
/// How often to read if no change is reported. Why: a slow disk may take longer than the sum of [`LOOKS`], and writes of
/// another kernel (a shared file system) are not reported.
const NO_NEWS: Duration = Duration::from_secs(1);

/// A guard: while one exists, [`Store::commits`] reports the commits of all processes.
pub struct CommitWatcher {
    /// Dropping it ends the thread.
    _alive: oneshot::Sender<()>,
}

impl Store {
    /// Starts to look for commits of other processes, or returns the guard of the thread that does so already. Returns
    /// `None` for memory, which no other process can write to.
    ///
    /// # Errors
    /// If the system cannot start a thread.
    pub fn watch_commits(&self) -> Result<Option<Arc<CommitWatcher>>, Failure> {
        let Some(place) = &self.place else { return Ok(None) };
        let mut commit_watcher = self.commit_watcher.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(commit_watcher) = commit_watcher.upgrade() {
            return Ok(Some(commit_watcher));
        }
        let (alive, end) = oneshot::channel();
        let (place, committed) = (Arc::clone(place), self.committed.clone());
        let look = move || {
            if let Ok(runtime) = Builder::new_current_thread().enable_all().build() {
                runtime.block_on(async {
                    tokio::select! {
                        _ = end => {}
                        () = look(&place, committed) => {}
                    }
                });
            }
        };
        let started = thread::Builder::new().name("commit_watcher".into()).spawn(look);
        started.map_err(|error| Failure::new(format!("no thread to look for other writers: {}", error.kind())))?;
        let new = Arc::new(CommitWatcher { _alive: alive });
        *commit_watcher = Arc::downgrade(&new);
        Ok(Some(new))
    }

    /// Publishes the revision that the store has reached.
    pub(super) fn announce(&self, head: u64) {
        announce(&self.committed, head);
    }
}

/// The place where requests find the current [`CommitWatcher`] of their store.
pub(super) type Shared = std::sync::Mutex<Weak<CommitWatcher>>;

fn announce(committed: &watch::Sender<u64>, head: u64) {
    // Invariant: the published revision only grows. Two commits may be announced in either order.
    committed.send_if_modified(|known| {
        let news = head > *known;
        *known = head.max(*known);
        news
    });
}

/// Looks for commits until the future is dropped.
///
/// Invariant: `place` outlives the connection, which this thread may close after the store has been dropped.
async fn look(place: &StoreFile, committed: watch::Sender<u64>) {
    let mut connection = None;
    let mut look = || {
        // Failures are ignored: requests that read the store report them, and the next look tries again. Invariant: if
        // the file was replaced, no connection is opened, since that would read another store.
        if place.check().is_err() {
            return;
        }
        if connection.is_none() {
            connection = reader(place).ok();
        }
        if let Some(state) = connection.as_ref().and_then(|connection| State::load(connection).ok()) {
            announce(&committed, state.head);
        }
    };
    let Some(changes) = Changes::of(place.path()) else {
        loop {
            look();
            tokio::time::sleep(POLL).await;
        }
    };
    loop {
        look();
        let news = tokio::time::timeout(NO_NEWS, changes.next()).await.is_ok();
        for delay in LOOKS.into_iter().filter(|_| news) {
            tokio::time::sleep(Duration::from_millis(delay)).await;
            look();
        }
    }
}

/// A queue of changes of a store's files.
struct Changes {
    queue: pipe::Receiver,
    files: [PathBuf; 2],
}

impl Changes {
    /// Returns `None` if the system has no queues, or no more to give.
    fn of(path: &Path) -> Option<Self> {
        let queue = pipe::Receiver::from_owned_fd_unchecked(platform::changes()?).ok()?;
        let changes = Self { queue, files: [path.to_owned(), file::beside(path, "-wal")] };
        changes.name_files();
        Some(changes)
    }

    /// Adds the watches for the current files: a log may have been created anew under its name.
    fn name_files(&self) {
        for file in &self.files {
            platform::add_to_changes(self.queue.as_fd(), file);
        }
    }

    /// Waits for a change, and discards all events that are queued.
    async fn next(&self) {
        self.name_files();
        loop {
            if self.queue.readable().await.is_err() {
                return std::future::pending().await;
            }
            let mut forgotten = [0_u8; 4096];
            let read = || rustix::io::read(self.queue.as_fd(), &mut forgotten).map_err(std::io::Error::from);
            if self.queue.try_io(read).is_ok() {
                return;
            }
        }
    }
}
