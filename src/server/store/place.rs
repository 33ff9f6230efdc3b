//! The file while it is open: whether it is still the one that has the name, and who else has it open.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError, Weak},
};

use rustix::{
    fs::{AtFlags, CWD, StatxFlags},
    process::{Flock, FlockType, fcntl_getlk},
};
use tokio::sync::watch;

use super::{
    Failure,
    file::{self, Access},
};

/// Device and inode.
type Identity = (u64, u64);

/// The handles of this process, one for each file.
///
/// Invariant: a file's handle is closed after every SQLite connection of the process to that file. To close it drops all
/// locks that the process has on the file (POSIX), and another process would believe itself alone.
static HANDLES: Mutex<BTreeMap<Identity, Weak<File>>> = Mutex::new(BTreeMap::new());

/// Where a store lies.
pub(super) struct Place {
    path: PathBuf,
    access: Access,
    identity: Identity,
    /// The log and its index, which stay the same as long as one connection is open.
    beside: OnceLock<Vec<(PathBuf, Option<Identity>)>>,
    /// Set once the store is no longer what its path names.
    lost: watch::Sender<bool>,
    handle: Arc<File>,
}

impl Place {
    /// Makes the file where it is absent, and checks it.
    ///
    /// # Errors
    /// When it cannot be made, or must not be used as it is.
    pub fn prepare(path: &Path) -> Result<Self, Failure> {
        let (path, access) = file::prepare(path)?;
        let failed =
            |error: std::io::Error| Failure::new(format!("cannot read {}: {}", path.display(), file::reason(&error)));
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

    /// The path as a URI that says that the file does not change.
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

    /// Takes down which log is in use, once a connection has opened it.
    pub fn opened(&self) {
        if self.access == Access::Write {
            let beside = ["-wal", "-shm"].map(|end| file::beside(&self.path, end));
            let _ = self
                .beside
                .set(beside.into_iter().map(|path| (identity_of(&path), path)).map(|(i, p)| (p, i)).collect());
        }
    }

    /// Checks that the store is still what its path names: otherwise a write would be acknowledged and lost.
    ///
    /// # Errors
    /// When it was deleted, renamed or replaced, or its log was.
    pub fn check(&self) -> Result<(), Failure> {
        let is = |path: &Path, was: Option<Identity>| identity_of(path) == was;
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

    /// Waits until [`Place::check`] has failed; why.
    pub async fn lost(&self) -> Failure {
        // An error: the sender is dropped, which it is not as long as `self` is there.
        let _ = self.lost.subscribe().wait_for(|lost| *lost).await;
        self.gone()
    }

    fn gone(&self) -> Failure {
        Failure::new(format!("{} was deleted, renamed or replaced while it was in use", self.path.display()))
    }

    /// Why it cannot be written to.
    pub fn read_only(&self) -> Failure {
        Failure::new(format!("{} is read-only", self.path.display()))
    }

    /// How many bytes its log has.
    pub fn log_size(&self) -> u64 {
        fs::symlink_metadata(file::beside(&self.path, "-wal")).map_or(0, |log| log.len())
    }

    /// Whether no other store of this process or another has it open: a connection has a lock on the file from its first
    /// statement on to its end.
    pub fn is_alone(&self) -> bool {
        let _handles = HANDLES.lock().unwrap_or_else(PoisonError::into_inner);
        let others = fcntl_getlk(&*self.handle, &Flock::from(FlockType::WriteLock));
        Arc::strong_count(&self.handle) == 1 && others.is_ok_and(|other| other.is_none())
    }
}

fn identity(found: &fs::Metadata) -> Identity {
    (found.dev(), found.ino())
}

/// Why: no more than the inode is asked for. Linux keeps coarse times of a file until they are asked for, and then the next
/// write has its inode written as well: with them, this made every commit wait for the file system's journal.
fn identity_of(path: &Path) -> Option<Identity> {
    match rustix::fs::statx(CWD, path, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::INO) {
        Ok(found) => Some((rustix::fs::makedev(found.stx_dev_major, found.stx_dev_minor), found.stx_ino)),
        // The file is absent, or a sandbox does not know the call.
        Err(_) => fs::symlink_metadata(path).ok().as_ref().map(identity),
    }
}
