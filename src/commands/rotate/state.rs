//! What a rotation keeps of itself, in the companion Secret: how far it is, what it was asked for, who works on it. It has no
//! value of the Secret.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::holder::Holder;

/// The form of the state. Another one was written by another version of this program.
pub const VERSION: u32 = 1;

/// How far a rotation is. Each is visible in `--status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// The new values are kept, and nothing else knows them.
    Pending,
    /// The backend has them.
    Set,
    /// The backend accepts them.
    Verified,
    /// The Secret holds them.
    Promoted,
    /// The former values are accepted too, for a while.
    Overlap,
    /// The former values are accepted no longer.
    Revoked,
}

impl Step {
    /// Returns the word for it.
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

/// What a rotation was asked for. Why it is kept: what goes on with it must not depend on the flags being typed again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Plan {
    /// The keys that get new values.
    pub keys: Vec<String>,
    /// The keys that hold several certificates during the overlap.
    pub bundles: Vec<String>,
    /// Where the former value of a key is kept, by the key.
    pub previous: BTreeMap<String, String>,
    /// How long the former values stay accepted, in seconds.
    pub grace: Option<u64>,
    /// `--every`, as it was typed.
    pub every: Option<String>,
    /// Whether a failure before the promotion ends in the former state.
    pub restores: bool,
    /// The hooks, by their flags, to show them. Invariant: none is run from here; what is stored in a cluster must not choose
    /// programs to run.
    pub hooks: BTreeMap<String, String>,
    /// Whether the Secret is immutable, and gets a successor.
    pub successor: bool,
}

impl Plan {
    /// Returns whether former and new values are accepted side by side, until `--finish`.
    pub fn overlaps(&self) -> bool {
        self.grace.is_some() || !self.bundles.is_empty()
    }
}

/// The state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct State {
    /// [`VERSION`].
    pub version: u32,
    /// Identifies the rotation: the same token continues it.
    pub token: String,
    /// The uid of the Secret.
    pub uid: String,
    /// How far it is.
    pub step: Step,
    /// How often each hook was begun. Invariant: written before the hook runs.
    pub begun: BTreeMap<String, u32>,
    /// Whether a backend may know the new values.
    pub set_begun: bool,
    /// What it was asked for.
    pub plan: Plan,
    /// When it was begun.
    pub since: Timestamp,
    /// When the overlap may end.
    pub until: Option<Timestamp>,
    /// Which process works on it.
    pub holder: Option<Holder>,
    /// Counts the writes: each differs from the one before.
    pub serial: u64,
}

impl State {
    /// Returns whether what a person is shown of it is one line each. Why: a cluster may say anything.
    pub fn is_sound(&self) -> bool {
        let host = self.holder.iter().map(|holder| &holder.host);
        let shown = host.chain([&self.token]).chain(&self.plan.keys).chain(self.plan.hooks.keys());
        shown.into_iter().all(|text| !text.contains(char::is_control))
    }

    /// Returns whether what is left to do may need this hook.
    pub fn needs(&self, flag: &str) -> bool {
        let is_promoted = self.step >= Step::Promoted;
        match flag {
            "set" | "undo" => !is_promoted,
            "revoke" => is_promoted || !self.plan.overlaps(),
            _ => true,
        }
    }
}
