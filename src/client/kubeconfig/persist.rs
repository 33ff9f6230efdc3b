//! Renewed tokens back into the kubeconfig that they came from.
//!
//! Two locks stand guard. A `flock` on the file is held from before its tokens are read until the new ones are in it, so that
//! of several processes one asks the issuer; it goes with its process. `PATH.lock`, which clientcmd makes around each of its
//! writes, is held for the moment of writing.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use rustix::{
    fs::{FlockOperation, Gid, OFlags, Uid},
    io::Errno,
};

use super::{AuthProvider, amend::amend, read::parse};
use crate::limits::{KUBECONFIG_HELD, KUBECONFIG_WRITTEN};
use go::quote::quote;

/// How often a lock is tried.
const PAUSE: Duration = Duration::from_millis(20);

/// A kubeconfig that no other process of this program renews tokens in.
pub(crate) struct Held {
    path: PathBuf,
    /// The locked file.
    file: File,
}

impl Held {
    /// Waits until the file at `path` is free.
    ///
    /// # Errors
    /// A fragment that names the path: what is no regular file, cannot be opened, or is not set free.
    pub async fn lock(path: &Path) -> Result<Self, Refusal> {
        let begun = Instant::now();
        loop {
            let flags = OFlags::NONBLOCK.bits().cast_signed();
            let opened = OpenOptions::new().read(true).custom_flags(flags).open(path);
            let file = opened.map_err(|error| failed("open", path, &error))?;
            let metadata = file.metadata().map_err(|error| failed("stat", path, &error))?;
            if !metadata.is_file() {
                return Err(format!("{} is not a regular file", path.display()).into());
            }
            // Invariant: the lock is on the file that the path names now; another process may have replaced it meanwhile.
            let current =
                || fs::metadata(path).is_ok_and(|now| (now.dev(), now.ino()) == (metadata.dev(), metadata.ino()));
            match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) if current() => return Ok(Self { path: path.to_owned(), file }),
                Ok(()) | Err(Errno::WOULDBLOCK | Errno::INTR) => {}
                // Why: a file system may have no locks. No file is broken without; two processes may ask the issuer then.
                Err(_) => return Ok(Self { path: path.to_owned(), file }),
            }
            if begun.elapsed() > KUBECONFIG_HELD {
                return Err(format!("{} is held by another process", path.display()).into());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Returns the auth provider of `user` as it stands in the file now.
    ///
    /// # Errors
    /// A file that cannot be read any more, or has no such user in it.
    pub fn provider(&self, user: &str) -> Result<AuthProvider, Refusal> {
        let text = self.read()?;
        let mut file = parse(&text).map_err(|reason| format!("{}: {reason}", self.path.display()))?;
        let index = file.users.iter().position(|named| named.name == user);
        index.and_then(|index| file.users.swap_remove(index).entry.auth_provider).ok_or_else(|| {
            format!("{} has no user {} with an auth-provider any more", self.path.display(), quote(user)).into()
        })
    }

    /// Makes sure that the file can be written, as far as that can be known. Why: an issuer may take a refresh token once; it
    /// must not be spent where the next one cannot be kept.
    ///
    /// # Errors
    /// What stands in the way.
    pub async fn check_writable(&self) -> Result<(), Refusal> {
        self.replacement().map(drop)?;
        Lock::take(&self.path).await.map(drop)
    }

    /// Sets fields of the auth provider of `user`. The file is replaced as a whole, with the mode and owner that it had.
    ///
    /// # Errors
    /// What stands in the way; the file is as it was then.
    pub async fn write(self, user: &str, fields: &[(&str, &str)]) -> Result<(), Refusal> {
        let lock = Lock::take(&self.path).await?;
        let text = self.read()?;
        let text = std::str::from_utf8(&text).map_err(|_| format!("{} is not UTF-8", self.path.display()))?;
        let text = amend(text, user, fields).map_err(|reason| format!("{}: {reason}", self.path.display()))?;
        let (mut new, target) = self.replacement()?;
        let written = new.write_all(text.as_bytes()).and_then(|()| new.as_file().sync_all());
        written.map_err(|error| failed("write", new.path(), &error))?;
        new.persist(&target).map_err(|error| failed("rename", &target, &error.error))?;
        drop(lock);
        Ok(())
    }

    fn read(&self) -> Result<zeroize::Zeroizing<Vec<u8>>, Refusal> {
        let read = super::read(&self.path).map_err(|error| failed("read", &self.path, &error))?;
        Ok(zeroize::Zeroizing::new(read.0))
    }

    /// Makes an empty file beside the kubeconfig, which replaces it when it is persisted, and returns where to: a link stays
    /// a link.
    fn replacement(&self) -> Result<(tempfile::NamedTempFile, PathBuf), Refusal> {
        let target = fs::canonicalize(&self.path).map_err(|error| failed("open", &self.path, &error))?;
        let directory = target.parent().unwrap_or(Path::new("/"));
        let new = tempfile::Builder::new().prefix(".ksecret-").tempfile_in(directory);
        let new = new.map_err(|error| failed("open", directory, &error))?;
        let set = || -> io::Result<()> {
            let (old, own) = (self.file.metadata()?, new.as_file().metadata()?);
            if (old.uid(), old.gid()) != (own.uid(), own.gid()) {
                rustix::fs::fchown(new.as_file(), Some(Uid::from_raw(old.uid())), Some(Gid::from_raw(old.gid())))?;
            }
            // Invariant: the mode comes before the content.
            new.as_file().set_permissions(Permissions::from_mode(old.mode() & 0o777))
        };
        set().map_err(|error| failed("chown", &target, &error))?;
        Ok((new, target))
    }
}

/// clientcmd's lock around a write, its `lockFile`: a file that exists.
struct Lock(PathBuf);

impl Lock {
    async fn take(path: &Path) -> Result<Self, Refusal> {
        let mut name = path.as_os_str().to_owned();
        name.push(".lock");
        let (name, begun) = (PathBuf::from(name), Instant::now());
        loop {
            match OpenOptions::new().write(true).create_new(true).mode(0o000).open(&name) {
                Ok(_) => return Ok(Self(name)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && begun.elapsed() < KUBECONFIG_WRITTEN => {}
                Err(error) => {
                    let held = error.kind() == io::ErrorKind::AlreadyExists;
                    let hint = if held {
                        "another program is writing the kubeconfig; if none is, remove that file"
                    } else {
                        WRITABLE
                    };
                    return Err(Refusal { hint, ..failed("open", &name, &error) });
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Why tokens cannot be kept: a fragment without any value, and what helps.
pub(crate) struct Refusal {
    pub why: String,
    pub hint: &'static str,
}

const WRITABLE: &str = "renewed tokens are kept in the kubeconfig, which must be a file that can be replaced";

impl From<String> for Refusal {
    fn from(why: String) -> Self {
        Self { why, hint: WRITABLE }
    }
}

fn failed(verb: &str, path: &Path, error: &io::Error) -> Refusal {
    format!("{verb} {}: {}", path.display(), go::errno::text(error)).into()
}
