//! Ends a server together with the process that started it, or when the other end of a file descriptor is closed.
//!
//! Why not `PR_SET_PDEATHSIG`: it follows the *thread* that started the process, and threads of Go, Rust and Java
//! programs end while the program goes on.

use std::{
    io,
    os::fd::{OwnedFd, RawFd},
    time::Duration,
};

use nix::unistd::{self, getsid};
use rustix::{
    io::Errno,
    process::{Pid, Signal, getppid},
};
use tokio::{io::Interest, net::unix::pipe};

use crate::error::{Error, Result};

/// How often the parent is checked if the kernel has no pidfds.
const POLL: Duration = Duration::from_millis(100);

/// The flag that ties a server to a file descriptor.
#[derive(clap::Args, Debug, Clone, Copy, Default)]
pub struct DescriptorFlags {
    /// Stop when the other end of this inherited pipe or socket is closed
    #[arg(long, value_name = "N")]
    exit_with_fd: Option<u32>,
}

/// What ends this process.
#[derive(Debug, Default)]
pub struct Lifeline {
    parent: Option<Parent>,
    /// The number, for errors, and a duplicate of the descriptor.
    descriptor: Option<(u32, OwnedFd)>,
}

/// The process that started this one.
#[derive(Debug)]
enum Parent {
    /// A pidfd, which keeps naming this process even if its pid is used again.
    Handle(OwnedFd),
    /// Its pid; `None` for a process outside this PID namespace.
    Number(Option<Pid>),
}

impl Lifeline {
    /// Ties this process to the descriptor of the flag, and with `parent` to its parent. Invariant: this is called
    /// before anything else. If the parent ends earlier, it cannot be told from the process that adopts its children.
    ///
    /// # Errors
    /// A parent that has ended already, a descriptor that is not open or has no other end.
    pub fn tie(parent: bool, flags: DescriptorFlags) -> Result<Self> {
        let parent = if parent { Some(Parent::of_this_process()?) } else { None };
        Ok(Self { parent, descriptor: flags.exit_with_fd.map(descriptor).transpose()? })
    }

    /// Returns a future that completes when the parent has ended or the descriptor's other end is closed; never if this
    /// process is tied to neither. Needs a Tokio runtime with I/O and time.
    ///
    /// # Errors
    /// A descriptor that has no other end: a file or a device.
    pub fn cut(self) -> Result<impl Future<Output = ()>> {
        let waitable = |(number, descriptor)| {
            waitable(descriptor).map_err(|_| Error::new(format!("--exit-with-fd={number}: not a pipe or socket")))
        };
        let descriptor = self.descriptor.map(waitable).transpose()?;
        let parent = async {
            match self.parent {
                Some(parent) => parent.ended().await,
                None => std::future::pending().await,
            }
        };
        let closed = async {
            match descriptor {
                Some(descriptor) => closed(&descriptor).await,
                None => std::future::pending().await,
            }
        };
        Ok(async {
            tokio::select! {
                () = parent => {}
                () = closed => {}
            }
        })
    }
}

impl Parent {
    fn of_this_process() -> Result<Self> {
        let Some(pid) = getppid() else { return Ok(Self::Number(None)) };
        let handle = platform::process_handle(pid);
        // Invariant: checked after the handle was made. The parent could have ended before, and its pid be that of
        // another process.
        if getppid() != Some(pid) || is_orphan(pid) {
            return Err(Error::new("the process that started this one has ended already"));
        }
        Ok(handle.map_or(Self::Number(Some(pid)), Self::Handle))
    }

    async fn ended(self) {
        let number = match self {
            Self::Handle(handle) => match waitable(handle) {
                Ok(handle) if handle.readable().await.is_ok() => return,
                _ => getppid(),
            },
            Self::Number(number) => number,
        };
        while getppid() == number {
            tokio::time::sleep(POLL).await;
        }
    }
}

/// Returns whether this process was adopted before it could check. Parent and child are in the same session, unless the
/// child leads one.
fn is_orphan(parent: Pid) -> bool {
    match (getsid(None), getsid(Some(unistd::Pid::from_raw(Pid::as_raw(Some(parent)))))) {
        (Ok(ours), Ok(theirs)) => ours != theirs && ours != unistd::getpid(),
        _ => false,
    }
}

/// Returns whether the user wants this process to outlive its parent: it was started with `nohup`, or leads a session
/// (`setsid`).
pub fn is_detached() -> bool {
    getsid(None).is_ok_and(|session| session == unistd::getpid()) || platform::is_ignored(Signal::HUP)
}

/// Duplicates an inherited descriptor.
fn descriptor(number: u32) -> Result<(u32, OwnedFd)> {
    // A larger number is not an open descriptor either.
    let duplicate = platform::inherited(RawFd::try_from(number).unwrap_or(RawFd::MAX));
    let duplicate = duplicate.map_err(|error| match Errno::from_io_error(&error) {
        Some(Errno::BADF) => Error::new(format!("--exit-with-fd={number}: no such file descriptor")),
        _ => Error::system(format_args!("--exit-with-fd={number}"), &error),
    })?;
    Ok((number, duplicate))
}

/// Returns a descriptor in a form that the runtime can wait for. Why unchecked: nothing is read, and the descriptor's
/// mode, which other processes may share, must not change.
fn waitable(descriptor: OwnedFd) -> io::Result<pipe::Receiver> {
    pipe::Receiver::from_owned_fd_unchecked(descriptor)
}

/// Waits until the other end is closed. Why nothing is read: the descriptor may be this process's standard input, and a
/// read would block if another reader was faster.
async fn closed(descriptor: &pipe::Receiver) {
    while let Ok(ready) = descriptor.ready(Interest::READABLE).await {
        if ready.is_read_closed() {
            return;
        }
        // Clears the readiness, so that the next event is waited for.
        let _ = descriptor.try_io(|| Err::<(), _>(io::ErrorKind::WouldBlock.into()));
    }
}
