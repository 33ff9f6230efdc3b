//! Delete, wait, create: for `replace --force` and `apply --force`. Invariant: nothing is deleted that the server would
//! not create again.
//!
//! The new object is checked here, and by a dry run of its creation under its own name. Since the name is taken, a
//! valid object is answered with `AlreadyExists`: kube-apiserver checks the name in the last step of a create, after
//! decoding, admission and validation (`registry/generic/registry.Store.Create`). Any other refusal is that of the
//! creation itself. Why not a dry run under another name: admission would judge another object. Why not one of a PUT:
//! it would be refused for the very reason that `--force` is needed.

mod former;
mod piece;

use std::time::{Duration, Instant};

use super::write::Write;

pub use self::{former::Former, piece::Piece};

/// How long to wait until an object is gone, without `--timeout` (kubectl's for `replace`).
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// How objects are deleted and created.
#[derive(Debug, Clone)]
pub struct Recreate {
    /// What every request contains.
    pub write: Write,
    /// `propagationPolicy`.
    pub cascade: &'static str,
    /// `gracePeriodSeconds`.
    pub grace_period: Option<i64>,
    /// How long to wait until an object is gone; `None` means [`PATIENCE`].
    pub timeout: Option<Duration>,
    /// Whether a timeout is worded as that of `delete --wait`.
    pub wait: bool,
}

impl Recreate {
    /// Returns the deadline of a wait that begins now.
    pub fn deadline(&self) -> Option<Instant> {
        Some(Instant::now() + self.timeout.unwrap_or(PATIENCE))
    }
}
