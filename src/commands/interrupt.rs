//! Ctrl-C, where it must not end the process at once.

use rustix::process::Signal;

pub use crate::edit::signals::Watched;
use crate::error::Error;

/// Begins to watch Ctrl-C: see [`Watched::begin`].
pub fn watch() -> Option<Watched> {
    Watched::begin(Signal::INT)
}

/// Returns `error` as that of a process that Ctrl-C ended.
pub fn interrupted(error: Error) -> Error {
    error.ended_by(u8::try_from(Signal::INT.as_raw()).unwrap_or_default())
}
