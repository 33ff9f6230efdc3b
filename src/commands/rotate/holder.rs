//! The process that works on a rotation, and whether it still runs.

use platform::ProcessId;
use serde::{Deserialize, Serialize};

use crate::{error::Result, source::generate};

/// A process that works on a rotation. It renews its lease meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Holder {
    /// Random, chosen by each process.
    pub id: String,
    /// The machine's name, for messages.
    pub host: String,
    /// Its pid on that machine.
    pub pid: i32,
    /// When it started, in units of the system.
    began: u64,
    /// The PID namespace, in which pids can be compared; empty if the system does not tell.
    scope: String,
}

impl Holder {
    /// Returns this process.
    ///
    /// # Errors
    /// No random numbers from the operating system.
    pub fn of_this_process() -> Result<Self> {
        let pid = rustix::process::getpid().as_raw_nonzero().get();
        Ok(Self {
            id: generate::text(20, b"abcdefghijklmnopqrstuvwxyz0123456789")?,
            host: rustix::system::uname().nodename().to_string_lossy().into_owned(),
            pid,
            began: platform::started(None).unwrap_or_default(),
            scope: platform::process_scope().unwrap_or_default(),
        })
    }

    /// Returns whether the process is known to have ended: it ran on this machine, and runs no longer. `false` for a
    /// process on another machine proves nothing.
    pub fn is_gone(&self) -> bool {
        self.is_here() && !self.runs()
    }

    /// Returns whether the process is known to run, on this machine.
    pub fn is_alive(&self) -> bool {
        self.is_here() && self.runs()
    }

    fn is_here(&self) -> bool {
        platform::process_scope().is_some_and(|scope| scope == self.scope)
    }

    fn runs(&self) -> bool {
        let id = ProcessId { pid: self.pid, began: self.began };
        platform::process(self.pid).is_some_and(|process| process.id == id)
    }
}
