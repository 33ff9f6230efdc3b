//! Writes of other processes to a store's file: one thread looks for them while there are watches, and none of them wakes
//! for it. The kernel tells of changes to the file; as long as it does not, nothing is done.

use std::{
    os::fd::{AsFd as _, OwnedFd},
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, Weak},
    thread,
    time::Duration,
};

use rustix::fs::inotify;
use tokio::{
    net::unix::pipe,
    runtime::Builder,
    sync::{oneshot, watch},
};

use super::{Failure, POLL, Store, file, place::Place, reader, state::State};

/// When to look after a change: so many milliseconds after the look before. A commit can be seen a while after the last change that tells of it: when it is on disk.
const LOOKS: [u64; 7] = [5, 10, 20, 40, 80, 160, 320];
/// How often to look where no change is told of: what a disk takes longer for, and what another kernel writes.
const NO_NEWS: Duration = Duration::from_secs(1);

/// As long as there is one of these, [`Store::commits`] tells of the commits of all processes.
pub struct Lookout {
    /// Dropped, it ends the thread.
    _alive: oneshot::Sender<()>,
}

impl Store {
    /// Looks for commits of other processes, unless that is done already. `None` for memory, which has no others.
    ///
    /// # Errors
    /// When the system has no thread for it.
    pub fn look_out(&self) -> Result<Option<Arc<Lookout>>, Failure> {
        let Some(place) = &self.place else { return Ok(None) };
        let mut lookout = self.lookout.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lookout) = lookout.upgrade() {
            return Ok(Some(lookout));
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
        let started = thread::Builder::new().name("lookout".into()).spawn(look);
        started.map_err(|error| Failure::new(format!("no thread to look for other writers: {}", error.kind())))?;
        let new = Arc::new(Lookout { _alive: alive });
        *lookout = Arc::downgrade(&new);
        Ok(Some(new))
    }

    /// Tells those who wait that the store has reached a revision.
    pub(super) fn announce(&self, head: u64) {
        announce(&self.committed, head);
    }
}

/// Where the lookout of a store is found.
pub(super) type Shared = std::sync::Mutex<Weak<Lookout>>;

fn announce(committed: &watch::Sender<u64>, head: u64) {
    // Invariant: it only grows. Two commits may be announced in either order.
    committed.send_if_modified(|known| {
        let news = head > *known;
        *known = head.max(*known);
        news
    });
}

/// Invariant: `place` outlives the connection, which the thread may close after the store is gone.
async fn look(place: &Place, committed: watch::Sender<u64>) {
    let mut connection = None;
    let mut look = || {
        // What fails now is an error to those who read the store, and is looked at again. One that is gone is not opened
        // anew: that would be another.
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

/// What the kernel tells of a store's files.
struct Changes {
    queue: pipe::Receiver,
    files: [PathBuf; 2],
}

impl Changes {
    /// `None` where the kernel has no more queues to give.
    fn of(path: &Path) -> Option<Self> {
        let queue: OwnedFd = inotify::init(inotify::CreateFlags::NONBLOCK | inotify::CreateFlags::CLOEXEC).ok()?;
        let queue = pipe::Receiver::from_owned_fd_unchecked(queue).ok()?;
        let changes = Self { queue, files: [path.to_owned(), file::beside(path, "-wal")] };
        changes.name_files();
        Some(changes)
    }

    /// Names the files that are meant, as they are now: one may have been made anew.
    fn name_files(&self) {
        for file in &self.files {
            let _ = inotify::add_watch(self.queue.as_fd(), file, inotify::WatchFlags::MODIFY);
        }
    }

    /// Waits for a change, and forgets all that there were.
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
