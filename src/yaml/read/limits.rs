//! How much is read: nothing that is read can make it run long or grow.

use serde_json::Value as Json;

/// The most bytes that the text of one document may have. A `List` of many objects may well be that long.
pub const DOCUMENT_LIMIT: usize = 16 << 20;

/// The most bytes that one object may have: what an API server takes in one request.
pub const OBJECT_LIMIT: usize = 3 << 20;

/// The most bytes that are read from one source.
pub const STREAM_LIMIT: usize = 64 << 20;

/// The most documents that are read from one source.
pub(super) const STREAM_DOCUMENTS: usize = 100_000;

/// The most keys and items of one document.
pub(super) const MAX_NODES: usize = 750_000;

/// The deepest nesting that is read: what `serde_json` takes, and so our server. (Go stops at 10,000; no Secret comes near.)
pub const MAX_DEPTH: usize = 100;

/// About how many bytes `json` takes as text.
pub(super) fn weight(json: &Json) -> usize {
    pub(super) const NODE: usize = 4;
    NODE + match json {
        Json::String(text) => text.len(),
        Json::Array(items) => items.iter().map(weight).sum(),
        Json::Object(map) => map.iter().map(|(key, value)| NODE + key.len() + weight(value)).sum(),
        _ => 0,
    }
}
