//! The output of `explain`: the fields of a resource, from the OpenAPI document of its API version.

mod document;
mod openapi_v2;
mod plaintext;
mod wrap;

use std::fmt;

pub use document::Document;
pub use openapi_v2::explain as openapi_v2;
pub use plaintext::explain as plaintext;

/// The resource to explain, and how.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Its group; empty for the core.
    pub group: String,
    /// Its version.
    pub version: String,
    /// Its plural.
    pub resource: String,
    /// Its kind, where that is known.
    pub kind: String,
    /// The path of the field below the resource.
    pub fields: Vec<String>,
    /// `--recursive`
    pub recursive: bool,
    /// `--max-depth`; 0 is no limit.
    pub max_depth: usize,
}

impl Request {
    /// Returns `GROUP/VERSION, Kind=KIND`, as Go shows a `GroupVersionKind`.
    pub fn group_version_kind(&self) -> String {
        format!("{}/{}, Kind={}", self.group, self.version, self.kind)
    }
}

/// Formats as Go does a `GroupVersionResource`.
impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}, Resource={}", self.group, self.version, self.resource)
    }
}

/// Text to print, and the error that ended it early.
pub struct Explained {
    /// The text.
    pub text: String,
    /// The error, without `error: `.
    pub error: Option<String>,
}

/// The largest output in bytes. Why: in a malicious document, following references can multiply its size without limit.
const MOST: usize = super::held::MOST;
/// How deep references are followed at most.
const DEEPEST: usize = 100;
