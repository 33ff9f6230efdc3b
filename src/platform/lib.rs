//! What depends on the operating system. Linux has ways that others lack: memory-backed directories, files without
//! names, notices of changed files, `/proc`, handles for processes. [`linux`] has these, [`portable`] what stands in for
//! them elsewhere, with the same interface; both are compiled and tested on Linux, and callers see one of them.
//!
//! The choice is made when the program is built. Why not by a variable: the environment of a released program must not
//! move the text of an edit from memory to a disk.

use std::{
    io,
    os::fd::{OwnedFd, RawFd},
    process::Command,
};

use rustix::process::{Pid, Resource, Rlimit, Signal, setrlimit};

#[cfg(target_os = "linux")]
pub mod linux;
pub mod portable;
mod process_list;
mod raw;

#[cfg(all(target_os = "linux", not(feature = "portable")))]
pub use linux::*;
#[cfg(not(all(target_os = "linux", not(feature = "portable"))))]
pub use portable::*;

/// The platform in Go's terms, as it stands in a `User-Agent`.
pub const GO: &str = match (cfg!(target_os = "macos"), cfg!(target_arch = "aarch64")) {
    (false, false) => "linux/amd64",
    (false, true) => "linux/arm64",
    (true, false) => "darwin/amd64",
    (true, true) => "darwin/arm64",
};

/// Device and inode of a file.
pub type Identity = (u64, u64);

/// A process that runs; one that has ended and waits for its parent is none.
#[derive(Debug, Clone)]
pub struct Process {
    /// Its number and its start.
    pub id: ProcessId,
    /// The number of its parent.
    pub parent: i32,
    /// Whether the environment that it was started with holds the variable that was asked for.
    pub marked: bool,
}

/// A process's number and when it began, in units of the system. Why both: numbers are given again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub struct ProcessId {
    pub pid: i32,
    pub began: u64,
}

/// Forbids core files, and to other processes of the user to read this one's memory where the system can forbid it.
pub fn harden() {
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    forbid_reading();
}

/// Returns whether this process ignores a signal, which it does from its start if its parent did (`nohup`).
pub fn is_ignored(signal: Signal) -> bool {
    raw::is_ignored(signal.as_raw())
}

/// Returns a duplicate of an inherited file descriptor, which this process's children do not inherit.
///
/// # Errors
/// `EBADF` if there is no such descriptor.
pub fn inherited(number: i32) -> io::Result<OwnedFd> {
    raw::duplicate(number)
}

/// Gives a child descriptors under numbers of their own, from 3 on. This process's ends close when `command` is dropped.
///
/// # Errors
/// If no more descriptors can be opened.
pub fn pass(command: &mut Command, descriptors: Vec<(OwnedFd, RawFd)>) -> io::Result<()> {
    raw::pass(command, descriptors)
}

/// Returns whether a process exists, also one that this process may not signal.
pub fn exists(pid: Pid) -> bool {
    rustix::process::test_kill_process(pid) != Err(rustix::io::Errno::SRCH)
}

#[cfg(test)]
mod tests;
