//! What `explain` prints: the fields of a resource, from the OpenAPI document of its version.

mod document;
mod openapi_v2;
mod plaintext;
mod wrap;

use std::fmt;

pub use document::Document;
pub use openapi_v2::explain as openapi_v2;
pub use plaintext::explain as plaintext;

/// Which resource is explained, and how.
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
    /// The field that is meant, below the resource.
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

/// As Go shows a `GroupVersionResource`.
impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}, Resource={}", self.group, self.version, self.resource)
    }
}

/// Text to print, and what ended it early.
pub struct Explained {
    /// The text.
    pub text: String,
    /// The error, without `error: `.
    pub error: Option<String>,
}

/// The most that is printed. Why: a document may be written so that it is ever so much longer when its references are
/// followed.
const MOST: usize = super::held::MOST;
/// How deep references are followed where nothing else ends them.
const DEEPEST: usize = 100;
