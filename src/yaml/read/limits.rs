//! Limits on input. Invariant: no input can make parsing take unbounded time or memory.

use serde_json::Value as Json;

/// The largest text of one document, in bytes. Why more than [`OBJECT_LIMIT`]: a `List` may have many objects.
pub const DOCUMENT_LIMIT: usize = 16 << 20;

/// The largest object, in bytes: kube-apiserver's limit on a request.
pub const OBJECT_LIMIT: usize = 3 << 20;

/// The most bytes that are read from one source.
pub const STREAM_LIMIT: usize = 64 << 20;

/// The most documents that are read from one source.
pub(super) const STREAM_DOCUMENTS: usize = 100_000;

/// The most keys and items in one document.
pub(super) const MAX_NODES: usize = 750_000;

/// The deepest nesting: what `serde_json` accepts, and so the embedded server. (Go's limit is 10,000; no Secret nests
/// as deep.)
pub const MAX_DEPTH: usize = 100;

/// Returns roughly how many bytes `json` has as text.
pub(super) fn weight(json: &Json) -> usize {
    pub(super) const NODE: usize = 4;
    NODE + match json {
        Json::String(text) => text.len(),
        Json::Array(items) => items.iter().map(weight).sum(),
        Json::Object(map) => map.iter().map(|(key, value)| NODE + key.len() + weight(value)).sum(),
        _ => 0,
    }
}
