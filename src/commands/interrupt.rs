//! Ctrl-C and SIGTERM, where they must not end the process at once.

use rustix::process::Signal;

pub use crate::edit::signals::Noticed;
use crate::{edit::signals::Watched, error::Error};

/// The signals that ask work to end: each is told instead of ending the process for as long as this lives.
pub struct Interrupts([Option<Watched>; 2]);

impl Interrupts {
    /// Begins to watch both: see [`Watched::begin`].
    pub fn watch() -> Self {
        Self([Signal::INT, Signal::TERM].map(Watched::begin))
    }

    /// Watches none: each does what it always does.
    pub fn unwatched() -> Self {
        Self([None, None])
    }

    /// Watches both for work on several objects. Why: work on one has no part that is done.
    pub fn of_many(count: usize) -> Self {
        if count > 1 { Self::watch() } else { Self::unwatched() }
    }

    /// Waits for the next one; for ever if none are watched.
    pub async fn next(&mut self) -> Signal {
        let [interrupt, terminate] = &mut self.0;
        tokio::select! {
            () = Watched::next(interrupt) => Signal::INT,
            () = Watched::next(terminate) => Signal::TERM,
        }
    }
}

/// Returns `error` as that of a process that this signal ended.
pub fn interrupted(error: Error, signal: Signal) -> Error {
    error.ended_by(u8::try_from(signal.as_raw()).unwrap_or_default())
}
