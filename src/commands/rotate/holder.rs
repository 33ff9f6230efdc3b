//! Which process works on a rotation, and whether it still does.

use platform::ProcessId;
use serde::{Deserialize, Serialize};

use crate::{error::Result, source::generate};

/// A process that works on a rotation. It renews its mark while it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Holder {
    /// Made anew by each process.
    pub id: String,
    /// The machine, for a person.
    pub host: String,
    /// Its number there.
    pub pid: i32,
    /// When it began, in units of the system.
    began: u64,
    /// Within what process numbers mean the same; empty where the system does not say.
    scope: String,
}

impl Holder {
    /// Returns this process.
    ///
    /// # Errors
    /// An operating system that has no randomness.
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

    /// Returns whether it is known that the process has ended: it was one of this machine, and is no more. `false` says
    /// nothing about another machine's.
    pub fn is_gone(&self) -> bool {
        self.is_here() && !self.runs()
    }

    /// Returns whether it is known that the process runs: it is one of this machine.
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
