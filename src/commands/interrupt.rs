//! Ctrl-C, where it must not end the process at once.

use rustix::process::Signal;
use tokio::signal::unix::{self, SignalKind, signal};

use crate::error::Error;

/// SIGINT, from now on told instead of ending the process.
pub struct Interrupts(unix::Signal);

impl Interrupts {
    /// Begins to watch; needs a runtime. `None` where the process was started with SIGINT ignored, as a shell starts what
    /// runs in the background, and where it cannot be watched.
    pub fn watch() -> Option<Self> {
        if is_ignored(Signal::INT) {
            return None;
        }
        signal(SignalKind::interrupt()).ok().map(Self)
    }

    /// Waits for the next one; for ever if none are watched.
    pub async fn next(interrupts: &mut Option<Self>) {
        let told = match interrupts {
            Some(Self(signal)) => signal.recv().await,
            None => None,
        };
        if told.is_none() {
            std::future::pending().await
        }
    }
}

/// Returns `error` as that of a process that Ctrl-C ended.
pub fn interrupted(error: Error) -> Error {
    error.ended_by(u8::try_from(Signal::INT.as_raw()).unwrap_or_default())
}

/// Returns whether this process was started with a signal ignored.
pub fn is_ignored(signal: Signal) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let bit = 1 << (signal.as_raw() - 1);
    ignored.and_then(|set| u64::from_str_radix(set.trim(), 16).ok()).is_some_and(|set| set & bit != 0)
}
