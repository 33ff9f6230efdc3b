//! SIGINT and SIGTERM, for work that must not be ended at once.

use rustix::process::Signal;

pub use crate::edit::signals::Noticed;
use crate::{edit::signals::Watched, error::Error};

/// SIGINT and SIGTERM, which do not end the process while this exists: see [`Self::next`].
pub struct Interrupts([Option<Watched>; 2]);

impl Interrupts {
    /// Begins to watch both signals (see [`Watched::begin`]).
    pub fn watch() -> Self {
        Self([Signal::INT, Signal::TERM].map(Watched::begin))
    }

    /// Watches neither: each has its default action.
    pub fn unwatched() -> Self {
        Self([None, None])
    }

    /// Watches both for work on several objects. Why not for one: there is no partial result to report.
    pub fn of_many(count: usize) -> Self {
        if count > 1 { Self::watch() } else { Self::unwatched() }
    }

    /// Waits for the next signal; for ever if none are watched.
    pub async fn next(&mut self) -> Signal {
        let [interrupt, terminate] = &mut self.0;
        tokio::select! {
            () = Watched::next(interrupt) => Signal::INT,
            () = Watched::next(terminate) => Signal::TERM,
        }
    }
}

/// Returns `error` with the exit status of this signal.
pub fn interrupted(error: Error, signal: Signal) -> Error {
    error.ended_by(u8::try_from(signal.as_raw()).unwrap_or_default())
}
