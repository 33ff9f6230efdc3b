//! Differences on purpose: in which lines ours does something else than kubectl, and why.

use crate::support::Outcome;

/// What both gave for a line.
pub struct Both {
    /// What ksecret gave.
    pub ours: Outcome,
    /// What kubectl gave.
    pub theirs: Outcome,
    /// Whether they left the same.
    pub same_left: bool,
}

/// A difference on purpose.
pub struct Known {
    /// Its name, for the counts.
    pub name: &'static str,
    /// Why ours is right; printed beside the count.
    pub reason: &'static str,
    /// Whether a line's difference is this one.
    pub is: fn(&Both) -> bool,
}

/// Every difference on purpose.
pub const KNOWN: &[Known] = &[
    Known {
        name: "force",
        reason: "of the documents of a replace --force that can be created each is; kubectl creates none when one cannot be \
                 deleted, and those that were deleted are gone",
        is: |both| {
            let theirs = both.theirs.stdout.as_str();
            both.ours.exit != 0
                && both.theirs.exit != 0
                && theirs.contains(" deleted from ")
                && !theirs.contains(" replaced\n")
                && both.ours.stdout.starts_with(theirs)
        },
    },
    Known {
        name: "printer",
        reason: "an output format that is none is refused before a request; kubectl applies first",
        is: |both| {
            both.ours.exit != 0
                && both.ours.stderr.starts_with("error: unable to match a printer")
                && both.ours.stderr == both.theirs.stderr
        },
    },
    Known {
        name: "nameless",
        reason: "an object without a name that can be one is refused before a request; kubectl lists the collection in its place",
        is: |both| {
            let refused = ["resource name may not be empty", "invalid resource name"];
            both.ours.exit != 0
                && refused.iter().any(|words| both.ours.stderr.contains(words) && !both.theirs.stderr.contains(words))
                && both.same_left
        },
    },
];
