//! The items of a list, each encoded as it is read, and the list around them.

use bytes::Bytes;
use serde_json::Value as Json;

use super::json;
use crate::{
    http::negotiate::{Format, Media, Shape},
    protobuf,
};
use secret::resource::Resource;

/// The size of a chunk in bytes; an item may make it a little longer.
const CHUNK: usize = 256 << 10;

/// Encoded items, in chunks. Why: a long list is never in memory in one piece, and each chunk is dropped once it is
/// sent.
#[derive(Default)]
pub struct Items {
    chunks: Vec<Bytes>,
    /// The number of bytes in `chunks`.
    complete: usize,
    /// The chunk that is being filled.
    last: Vec<u8>,
}

impl Items {
    /// Returns the number of bytes.
    pub fn length(&self) -> usize {
        self.complete + self.last.len()
    }

    /// Adds an item, in the representation that it has in the list.
    pub fn add(&mut self, resource: Resource, item: &Json, format: Format) {
        let is_first = self.length() == 0;
        let out = &mut self.last;
        match format.media {
            Media::Json => json::add_item(item, format.pretty, is_first, out),
            Media::Yaml => out.extend_from_slice(yaml::write::to_string(&Json::Array(vec![item.clone()])).as_bytes()),
            Media::Protobuf => {
                let kind = if format.shape == Shape::Whole { resource.kind() } else { "PartialObjectMetadata" };
                protobuf::add_item(kind, item, out);
            }
        }
        if out.len() >= CHUNK {
            self.complete += out.len();
            // Why: the capacity of a chunk that is kept must be about its length, and the next one will be about as
            // long.
            let mut chunk = std::mem::replace(out, Vec::with_capacity(CHUNK + CHUNK / 8));
            chunk.shrink_to_fit();
            self.chunks.push(chunk.into());
        }
    }

    /// Encodes `list`, a list or table without items, around the items.
    pub fn within(self, list: &Json, format: Format) -> Vec<Bytes> {
        let is_empty = self.length() == 0;
        let (before, behind) = match format.media {
            Media::Json => {
                let (before, behind) = json::around(list, format.pretty, is_empty);
                (before, Bytes::from_static(behind))
            }
            Media::Yaml => {
                let (before, behind) = around_yaml(yaml::write::to_string(list), is_empty);
                (before, behind.into())
            }
            Media::Protobuf => {
                let (before, behind) = protobuf::around(list, self.length()).unwrap_or_default();
                (before, behind.into())
            }
        };
        let mut chunks = self.chunks;
        chunks.insert(0, before.into());
        chunks.push(self.last.into());
        chunks.push(behind);
        chunks
    }
}

/// Splits the YAML of a list without items into the text before the items and the text after them.
fn around_yaml(text: String, is_empty: bool) -> (Vec<u8>, Vec<u8>) {
    if is_empty {
        return (text.into_bytes(), Vec::new());
    }
    // Invariant: no other member of the list is an empty sequence, and the member comes before all strings of the list
    // that could look like one (`items`), or after them (`rows`).
    let (before, name, behind) =
        match text.split_once("\nitems: []\n").map(|(before, behind)| (before, "items", behind)) {
            Some(found) => found,
            None => text.rsplit_once("\nrows: []\n").map_or((text.as_str(), "rows", ""), |(b, a)| (b, "rows", a)),
        };
    ([before.as_bytes(), b"\n", name.as_bytes(), b":\n"].concat(), behind.as_bytes().to_vec())
}
