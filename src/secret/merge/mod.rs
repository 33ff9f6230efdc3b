//! Patches: strategic merge as Kubernetes defines it (apply a patch, compute one from two or three objects), JSON merge
//! (RFC 7396) and JSON patch (RFC 6902) as the API server's libraries implement them. Pure, and used by both sides: the
//! embedded server applies the patches of clients, the commands compute them.
//!
//! Of the metadata of strategic merge, only that of Secrets and Namespaces is known: `metadata.finalizers` is a set,
//! `metadata.ownerReferences` merges by `uid`, `status.conditions` by `type`; any other list is replaced.

mod bounds;
pub mod client_side;
mod diff;
mod json;
mod overlap;
pub mod request;
mod strategic;

pub use diff::{three_way, two_way};
pub use json::{json_patch, merge_patch};
pub use overlap::overlap;
pub use strategic::strategic;

use std::fmt;

use serde_json::Value as Json;

/// An error of a patch. Invariant: the text never repeats a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The patch is malformed (400 in kube-apiserver).
    Malformed(&'static str),
    /// The patch is well-formed and cannot be applied (422).
    Unprocessable(&'static str),
    /// An error that kube-apiserver does not classify (500).
    Other(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(text) | Self::Unprocessable(text) => f.write_str(text),
            Self::Other(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Error {}

/// How a list merges: the API's `patchStrategy` and `patchMergeKey`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    Replace,
    Set,
    Keyed(&'static str),
}

/// The position in an object, as far as it decides how lists merge.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Object,
    Metadata,
    Status,
    Elsewhere,
}

impl Place {
    fn field(self, name: &str) -> Self {
        match (self, name) {
            (Self::Object, "metadata") => Self::Metadata,
            (Self::Object, "status") => Self::Status,
            _ => Self::Elsewhere,
        }
    }

    fn list(self, name: &str) -> List {
        match (self, name) {
            (Self::Metadata, "finalizers") => List::Set,
            (Self::Metadata, "ownerReferences") => List::Keyed("uid"),
            (Self::Status, "conditions") => List::Keyed("type"),
            _ => List::Replace,
        }
    }
}

impl List {
    /// Returns the key by which elements of two lists are the same one.
    fn identity(self, item: &Json) -> String {
        match self {
            Self::Keyed(key) => item.get(key).unwrap_or(&Json::Null).to_string(),
            Self::Set | Self::Replace => item.to_string(),
        }
    }
}

const DIRECTIVE: &str = "$patch";
const RETAIN_KEYS: &str = "$retainKeys";
const DELETE_FROM_LIST: &str = "$deleteFromPrimitiveList";
const ELEMENT_ORDER: &str = "$setElementOrder";

/// Returns `true` if an element is a directive to delete the element with its key.
fn is_deletion(item: &Json) -> bool {
    item.get(DIRECTIVE).and_then(Json::as_str) == Some("delete")
}
