//! Writes renewed tokens to the kubeconfig that they came from.
//!
//! Two locks are used. A `flock` on the file is held from before its tokens are read until the new ones are written.
//! Invariant: of several processes, one uses a refresh token. The kernel releases this lock if the process ends. The
//! other is `PATH.lock`, which clientcmd creates around each write; it is held only while the file is written
//! ([`super::store`]).

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    time::Instant,
};

use rustix::{
    fs::{FlockOperation, OFlags},
    io::Errno,
};

use super::{
    AuthProvider,
    amend::amend,
    read::parse,
    store::{self, Attempt, Lock, PAUSE, Refused, Target},
};
use crate::limits::KUBECONFIG_HELD;
use go::quote::quote;

/// A kubeconfig whose tokens no other process of this program is renewing.
pub(crate) struct Held {
    path: PathBuf,
    /// Dropping it releases the `flock`.
    _file: File,
}

impl Held {
    /// Waits for the `flock` of the file at `path`.
    ///
    /// # Errors
    /// A fragment that names the path: it is not a regular file, cannot be opened, or is not released in time.
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
            // Invariant: the lock is on the file that the path names now; another process may have replaced the file
            // while this one waited.
            let current =
                || fs::metadata(path).is_ok_and(|now| (now.dev(), now.ino()) == (metadata.dev(), metadata.ino()));
            match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) if current() => return Ok(Self { path: path.to_owned(), _file: file }),
                Ok(()) | Err(Errno::WOULDBLOCK | Errno::INTR) => {}
                // Why not an error: the file system may not support locks. Without one the file stays consistent, but
                // two processes may use the same refresh token.
                Err(_) => return Ok(Self { path: path.to_owned(), _file: file }),
            }
            if begun.elapsed() > KUBECONFIG_HELD {
                return Err(format!("{} is held by another process", path.display()).into());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Returns the auth provider of `user` as it is in the file now.
    ///
    /// # Errors
    /// If the file can no longer be read, or has no such user.
    pub fn provider(&self, user: &str) -> Result<AuthProvider, Refusal> {
        let text = self.read()?;
        let mut file = parse(&text).map_err(|reason| format!("{}: {reason}", self.path.display()))?;
        let index = file.users.iter().position(|named| named.name == user);
        index.and_then(|index| file.users.swap_remove(index).entry.auth_provider).ok_or_else(|| {
            format!("{} has no user {} with an auth-provider any more", self.path.display(), quote(user)).into()
        })
    }

    /// Checks that the file can be written, as far as possible. Why: an issuer may accept a refresh token only once, so
    /// it must not be used if the next one cannot be stored.
    ///
    /// # Errors
    /// The reason why it cannot be written.
    pub async fn check_writable(&self) -> Result<(), Refusal> {
        store::check_writable(self.target())?;
        self.take().await.map(drop)
    }

    /// Sets fields of the auth provider of `user`.
    ///
    /// # Errors
    /// The reason why it cannot be written; the file is unchanged then.
    pub async fn write(self, user: &str, fields: &[(&str, &str)]) -> Result<(), Refusal> {
        let lock = self.take().await?;
        let text = self.read()?;
        let text = std::str::from_utf8(&text).map_err(|_| format!("{} is not UTF-8", self.path.display()))?;
        let text = amend(text, user, fields).map_err(|reason| format!("{}: {reason}", self.path.display()))?;
        Ok(lock.write(self.target(), text.as_bytes())?)
    }

    fn target(&self) -> Target<'_> {
        Target { path: &self.path, name: &self.path }
    }

    async fn take(&self) -> Result<Lock, Refusal> {
        let begun = Instant::now();
        loop {
            match Lock::attempt(self.target(), begun)? {
                Attempt::Taken(lock) => return Ok(lock),
                Attempt::Held => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    fn read(&self) -> Result<zeroize::Zeroizing<Vec<u8>>, Refusal> {
        let read = super::read(&self.path).map_err(|error| failed("read", &self.path, &error))?;
        Ok(zeroize::Zeroizing::new(read.0))
    }
}

/// Why tokens cannot be stored: a fragment of a message, without any value, and a hint.
pub(crate) struct Refusal {
    pub why: String,
    pub hint: &'static str,
}

const WRITABLE: &str = "renewed tokens are kept in the kubeconfig, which must be a file that can be written";

impl From<Refused> for Refusal {
    fn from(Refused { why, hint }: Refused) -> Self {
        Self { why, hint: hint.unwrap_or(WRITABLE) }
    }
}

impl From<String> for Refusal {
    fn from(why: String) -> Self {
        Self { why, hint: WRITABLE }
    }
}

fn failed(verb: &str, path: &Path, error: &io::Error) -> Refusal {
    Refused::new(verb, path, error).into()
}
