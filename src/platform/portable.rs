//! Ways that every Unix has. What they cannot do is `None`, or an error of the kind `Unsupported`: the caller then does
//! without.

use std::{
    convert::Infallible,
    fs::{self, File},
    io,
    os::{
        fd::{BorrowedFd, OwnedFd},
        unix::fs::MetadataExt as _,
    },
    path::{Path, PathBuf},
};

use rustix::process::Pid;

use crate::Identity;
pub use crate::process_list::{process, processes};

/// Whether these are the portable ways.
pub const PORTABLE: bool = true;

/// Returns `None`: whether a directory's file system is memory is not known.
pub fn is_memory(_: &Path) -> Option<bool> {
    None
}

/// Returns `None`: there is no directory in memory that all users share.
pub fn shared_memory() -> Option<&'static Path> {
    None
}

/// Does nothing: which processes may read this one's memory is the system's to say.
pub fn forbid_reading() {}

/// Returns the path of this program's file.
///
/// # Errors
/// If the system does not know it.
pub fn program() -> io::Result<PathBuf> {
    std::env::current_exe()
}

/// Returns an error: there are no handles, only numbers.
///
/// # Errors
/// Always.
pub fn process_handle(_: Pid) -> io::Result<OwnedFd> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Returns what process numbers are unique in; the system does not say.
pub fn process_scope() -> Option<String> {
    None
}

/// Returns `None`: when a process began is not known.
pub fn started(_: Option<Pid>) -> Option<u64> {
    None
}

/// Does nothing: space is allocated when it is written to.
///
/// # Errors
/// None.
pub fn reserve(_: &File, _: u64, _: u64) -> io::Result<()> {
    Ok(())
}

/// Returns the identity of the file that a path names, not followed, or `None` if there is none.
pub fn identity(path: &Path) -> Option<Identity> {
    fs::symlink_metadata(path).ok().map(|found| (found.dev(), found.ino()))
}

/// A file without a name, of which there are none.
pub struct Unnamed(Infallible);

impl Unnamed {
    /// Returns `None`: every file has a name.
    ///
    /// # Errors
    /// None.
    pub fn make(_: BorrowedFd<'_>) -> io::Result<Option<Self>> {
        Ok(None)
    }

    /// Returns the file.
    pub fn file(&self) -> &File {
        match self.0 {}
    }

    /// Gives it a name.
    ///
    /// # Errors
    /// None.
    pub fn link(self, _: BorrowedFd<'_>, _: &str) -> io::Result<bool> {
        match self.0 {}
    }
}

/// Returns `None`: changes are polled for.
pub fn changes() -> Option<OwnedFd> {
    None
}

/// Does nothing: there is no queue.
pub fn add_to_changes(_: BorrowedFd<'_>, _: &Path) {}
