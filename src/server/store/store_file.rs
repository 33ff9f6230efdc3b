//! The file while it is open: whether its path still names it, and which other processes have it open.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError, Weak},
};

use platform::Identity;
use rustix::process::{Flock, FlockType, fcntl_getlk};
use tokio::sync::watch;

use super::{
    Failure,
    file::{self, Access},
};

/// The open descriptors of this process, one for each store file.
///
/// Invariant: a file's descriptor is closed after every SQLite connection of the process to that file. Closing it drops
/// all POSIX locks that the process has on the file; another process would then take the file for unused, and could
/// remove its log.
static HANDLES: Mutex<BTreeMap<Identity, Weak<File>>> = Mutex::new(BTreeMap::new());

/// A store's file, held open.
pub(super) struct StoreFile {
    path: PathBuf,
    access: Access,
    identity: Identity,
    /// The write-ahead log and its index with their inodes; those stay the same as long as one connection is open.
    beside: OnceLock<Vec<(PathBuf, Option<Identity>)>>,
    /// Set once the path no longer names the file that was opened.
    lost: watch::Sender<bool>,
    handle: Arc<File>,
}

impl StoreFile {
    /// Creates the file if it does not exist, checks it and opens it.
    ///
    /// # Errors
    /// If it cannot be created, or must not be used as it is.
    pub fn prepare(path: &Path) -> Result<Self, Failure> {
        let (path, access) = file::prepare(path)?;
        let failed = |error: std::io::Error| {
            Failure::new(format!("cannot read {}: {}", path.display(), go::errno::text(&error)))
        };
        let mut handles = HANDLES.lock().unwrap_or_else(PoisonError::into_inner);
        handles.retain(|_, handle| handle.strong_count() > 0);
        let found = fs::metadata(&path).map_err(failed)?;
        let handle = match handles.get(&identity(&found)).and_then(Weak::upgrade) {
            Some(handle) => handle,
            None => Arc::new(File::open(&path).map_err(failed)?),
        };
        let identity = identity(&handle.metadata().map_err(failed)?);
        handles.insert(identity, Arc::downgrade(&handle));
        Ok(Self { path, access, identity, beside: OnceLock::new(), lost: watch::channel(false).0, handle })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the path as an SQLite URI with `immutable=1`.
    pub fn immutable_uri(&self) -> String {
        let path = self.path.as_os_str().as_encoded_bytes().iter();
        let path = path.fold(String::new(), |mut uri, byte| {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => uri.push(char::from(*byte)),
                byte => uri.push_str(&format!("%{byte:02X}")),
            }
            uri
        });
        format!("file:{path}?immutable=1")
    }

    pub fn access(&self) -> Access {
        self.access
    }

    /// Records the inodes of the log and its index, once a connection has opened them.
    pub fn opened(&self) {
        if self.access == Access::Write {
            let beside = ["-wal", "-shm"].map(|end| file::beside(&self.path, end));
            let _ = self
                .beside
                .set(beside.into_iter().map(|path| (platform::identity(&path), path)).map(|(i, p)| (p, i)).collect());
        }
    }

    /// Checks that the path still names the file that was opened. Why: otherwise a write would be acknowledged and
    /// lost.
    ///
    /// # Errors
    /// If the file or its log was deleted, renamed or replaced.
    pub fn check(&self) -> Result<(), Failure> {
        let is = |path: &Path, was: Option<Identity>| platform::identity(path) == was;
        let beside = self.beside.get().into_iter().flatten();
        let there = !*self.lost.borrow()
            && is(&self.path, Some(self.identity))
            && beside.into_iter().all(|(path, was)| is(path, *was));
        if there {
            return Ok(());
        }
        self.lost.send_replace(true);
        Err(self.gone())
    }

    /// Waits until [`StoreFile::check`] has failed, and returns that failure.
    pub async fn lost(&self) -> Failure {
        // `Err` would mean that the sender was dropped; it is a field of `self`.
        let _ = self.lost.subscribe().wait_for(|lost| *lost).await;
        self.gone()
    }

    fn gone(&self) -> Failure {
        Failure::new(format!("{} was deleted, renamed or replaced while it was in use", self.path.display()))
    }

    /// Returns the failure of a write to a file that can only be read.
    pub fn read_only(&self) -> Failure {
        Failure::new(format!("{} is read-only", self.path.display()))
    }

    /// Returns the size of the write-ahead log in bytes, 0 if there is none.
    pub fn log_size(&self) -> u64 {
        fs::symlink_metadata(file::beside(&self.path, "-wal")).map_or(0, |log| log.len())
    }

    /// Returns `true` if no other store, of this process or another, has the file open.
    ///
    /// Invariant: SQLite in WAL mode keeps a shared lock on the file from a connection's first statement until it is
    /// closed, so a conflicting lock of another process means that the file is in use there. `F_GETLK` does not report
    /// the locks of this process; its stores share `handle`, and are counted.
    pub fn is_alone(&self) -> bool {
        let _handles = HANDLES.lock().unwrap_or_else(PoisonError::into_inner);
        let others = fcntl_getlk(&*self.handle, &Flock::from(FlockType::WriteLock));
        Arc::strong_count(&self.handle) == 1 && others.is_ok_and(|other| other.is_none())
    }
}

fn identity(found: &fs::Metadata) -> Identity {
    (found.dev(), found.ino())
}
