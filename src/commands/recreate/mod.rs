//! Delete, wait, create, for `replace --force` and `apply --force`. Nothing is deleted that the server would not create again.
//!
//! The new object is checked here and by a dry run of its creation under its own name. The name is taken, so what a good
//! object gets is `AlreadyExists`: kube-apiserver looks whether a name is free in the very last step of a create, after
//! decoding, admission and validation (`registry/generic/registry.Store.Create`). Any other refusal would be that of the
//! creation itself. A dry run under another name would ask admission about another object; one of a PUT would refuse what
//! `--force` is there for.

mod former;
mod piece;

use std::time::{Duration, Instant};

use super::write::Write;

pub use self::{former::Former, piece::Piece};

/// How long to wait for an object to be gone where nothing is said (kubectl's for `replace`).
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// How objects are deleted and created.
#[derive(Debug, Clone)]
pub struct Recreate {
    /// What every request says.
    pub write: Write,
    /// `propagationPolicy`.
    pub cascade: &'static str,
    /// `gracePeriodSeconds`.
    pub grace_period: Option<i64>,
    /// How long to wait for an object to be gone; `None` is [`PATIENCE`].
    pub timeout: Option<Duration>,
    /// Whether a time that is over is worded as by a delete that waits.
    pub wait: bool,
}

impl Recreate {
    /// Returns when the wait that begins now is over.
    pub fn deadline(&self) -> Option<Instant> {
        Some(Instant::now() + self.timeout.unwrap_or(PATIENCE))
    }
}
