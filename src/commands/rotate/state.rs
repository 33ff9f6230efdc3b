//! The state of a rotation, stored in the companion Secret: the step that was reached, the plan, the holder. Invariant:
//! it contains no value of the Secret.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::holder::Holder;

/// The version of the stored form. Another one was written by another version of this program.
pub const VERSION: u32 = 1;

/// The steps of a rotation, as `--status` prints them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// The new values are stored in the companion only.
    Pending,
    /// The backend has the new values.
    Set,
    /// The backend accepts the new values.
    Verified,
    /// The Secret has the new values.
    Promoted,
    /// The backend accepts the former values too, for a while.
    Overlap,
    /// The backend no longer accepts the former values.
    Revoked,
}

impl Step {
    /// Returns the word for the step.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Set => "set",
            Self::Verified => "verified",
            Self::Promoted => "promoted",
            Self::Overlap => "overlap",
            Self::Revoked => "revoked",
        }
    }
}

/// The plan of a rotation. Why it is stored: the process that continues must not depend on the flags being typed again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Plan {
    /// The keys that get new values.
    pub keys: Vec<String>,
    /// The keys whose value is a bundle during the overlap.
    pub bundles: Vec<String>,
    /// The key under which the former value of a key is kept.
    pub previous: BTreeMap<String, String>,
    /// How long the former values are accepted, in seconds.
    pub grace: Option<u64>,
    /// `--every`, as it was typed.
    pub every: Option<String>,
    /// Whether a failure before the promotion restores the former state.
    pub restores: bool,
    /// The hooks by their flags, to be printed. Invariant: a stored hook is never run, since the content of a cluster
    /// must not choose the programs to run.
    pub hooks: BTreeMap<String, String>,
    /// Whether the Secret is immutable, so that a successor is created.
    pub successor: bool,
}

impl Plan {
    /// Returns whether former and new values are both accepted, until `--finish`.
    pub fn overlaps(&self) -> bool {
        self.grace.is_some() || !self.bundles.is_empty()
    }
}

/// The state of a rotation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct State {
    /// [`VERSION`].
    pub version: u32,
    /// The token of the rotation. The same token continues it.
    pub token: String,
    /// The uid of the Secret.
    pub uid: String,
    /// The step that was reached.
    pub step: Step,
    /// How often each hook was started. Invariant: a start is stored before the hook runs, so after a kill it is known
    /// that the hook may have had an effect.
    pub begun: BTreeMap<String, u32>,
    /// Whether a backend may know the new values.
    pub set_begun: bool,
    /// The plan.
    pub plan: Plan,
    /// When the rotation was begun.
    pub since: Timestamp,
    /// When the overlap may end.
    pub until: Option<Timestamp>,
    /// The process that works on it; `None` if none does.
    pub holder: Option<Holder>,
    /// A counter of writes. Why: the API server does not store an update that changes nothing, and a renewal of the lease
    /// must be stored.
    pub serial: u64,
}

impl State {
    /// Returns whether each text that is printed is a single line. Why: the content of a cluster is not trusted.
    pub fn is_sound(&self) -> bool {
        let host = self.holder.iter().map(|holder| &holder.host);
        let shown = host.chain([&self.token]).chain(&self.plan.keys).chain(self.plan.hooks.keys());
        shown.into_iter().all(|text| !text.contains(char::is_control))
    }

    /// Returns whether one of the remaining steps may need this hook.
    pub fn needs(&self, flag: &str) -> bool {
        let is_promoted = self.step >= Step::Promoted;
        match flag {
            "set" | "undo" => !is_promoted,
            "revoke" => is_promoted || !self.plan.overlaps(),
            _ => true,
        }
    }
}
