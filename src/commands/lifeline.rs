//! What a server's life hangs on: the process that started it, and the other end of a file descriptor.
//!
//! `PR_SET_PDEATHSIG` is not used: it follows the *thread* that started the process, and the threads of Go, Rust and Java
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

/// How often the parent is looked for where the kernel has no handles for processes.
const POLL: Duration = Duration::from_millis(100);

/// The flag that ties a server to a file descriptor.
#[derive(clap::Args, Debug, Clone, Copy, Default)]
pub struct DescriptorFlags {
    /// Stop when the other end of this inherited pipe or socket is closed
    #[arg(long, value_name = "N")]
    exit_with_fd: Option<u32>,
}

/// What this process does not outlive.
#[derive(Debug, Default)]
pub struct Lifeline {
    parent: Option<Parent>,
    /// Its number, to name it by, and a duplicate of it.
    descriptor: Option<(u32, OwnedFd)>,
}

/// The process that started this one.
#[derive(Debug)]
enum Parent {
    /// A handle, which stays its own when the number is given to another process.
    Handle(OwnedFd),
    /// Its number; `None` for a process outside of this PID namespace.
    Number(Option<Pid>),
}

impl Lifeline {
    /// Ties this process to the descriptor that the flag names, and to its parent if `parent`. Call it first thing: a
    /// parent that ends before this cannot be told from the process that inherits its children.
    ///
    /// # Errors
    /// A parent that has ended already, a descriptor that is not open or has no other end.
    pub fn tie(parent: bool, flags: DescriptorFlags) -> Result<Self> {
        let parent = if parent { Some(Parent::of_this_process()?) } else { None };
        Ok(Self { parent, descriptor: flags.exit_with_fd.map(descriptor).transpose()? })
    }

    /// Begins to wait: the future is done when the parent has ended or the descriptor's other end is closed, and never if
    /// this process is tied to neither. Needs a tokio runtime with I/O and time.
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
        // Invariant: only now. The parent could have ended before the handle was made, and its number be another's.
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

/// Whether this process was inherited by another before it could look: a program and what it starts have one session,
/// unless the new process leads one.
fn is_orphan(parent: Pid) -> bool {
    match (getsid(None), getsid(Some(unistd::Pid::from_raw(Pid::as_raw(Some(parent)))))) {
        (Ok(ours), Ok(theirs)) => ours != theirs && ours != unistd::getpid(),
        _ => false,
    }
}

/// Whether the user wants this process to go on after its parent: it was started with `nohup`, or leads a session
/// (`setsid`).
pub fn is_detached() -> bool {
    getsid(None).is_ok_and(|session| session == unistd::getpid()) || platform::is_ignored(Signal::HUP)
}

/// A duplicate of an inherited descriptor.
fn descriptor(number: u32) -> Result<(u32, OwnedFd)> {
    // No larger number is a descriptor either.
    let duplicate = platform::inherited(RawFd::try_from(number).unwrap_or(RawFd::MAX));
    let duplicate = duplicate.map_err(|error| match Errno::from_io_error(&error) {
        Some(Errno::BADF) => Error::new(format!("--exit-with-fd={number}: no such file descriptor")),
        _ => Error::new(format!("--exit-with-fd={number}: {error}")),
    })?;
    Ok((number, duplicate))
}

/// A descriptor as the runtime can wait for it. Any will do: nothing is read, and its mode, which other processes may
/// share, stays as it is.
fn waitable(descriptor: OwnedFd) -> io::Result<pipe::Receiver> {
    pipe::Receiver::from_owned_fd_unchecked(descriptor)
}

/// Waits for the other end to be closed. What is written to it is left alone: it may be this process's standard input, and
/// a read could wait where another reader was faster.
async fn closed(descriptor: &pipe::Receiver) {
    while let Ok(ready) = descriptor.ready(Interest::READABLE).await {
        if ready.is_read_closed() {
            return;
        }
        // Forgets that there is something to read, so that the next news is waited for.
        let _ = descriptor.try_io(|| Err::<(), _>(io::ErrorKind::WouldBlock.into()));
    }
}
