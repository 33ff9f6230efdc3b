//! The items of a list, each written as it comes, and the list around them.

use serde_json::Value as Json;

use super::json;
use crate::server::{
    negotiate::{Format, Media, Shape},
    protobuf,
    resource::Resource,
};

/// Adds an item, in the shape that it has in the list, to those that are written already.
pub fn add(resource: Resource, item: &Json, format: Format, items: &mut Vec<u8>) {
    match format.media {
        Media::Json => json::add_item(item, format.pretty, items),
        Media::Yaml => items.extend_from_slice(yaml::write::to_string(&Json::Array(vec![item.clone()])).as_bytes()),
        Media::Protobuf => {
            let kind = if format.shape == Shape::Whole { resource.kind() } else { "PartialObjectMetadata" };
            protobuf::add_item(kind, item, items);
        }
    }
}

/// Writes a list or table without items around those that are written.
pub fn within(list: &Json, format: Format, items: &[u8]) -> Vec<u8> {
    match format.media {
        Media::Json => json::with_items(list, format.pretty, items),
        Media::Yaml => {
            let text = yaml::write::to_string(list);
            if items.is_empty() {
                return text.into_bytes();
            }
            // Invariant: nothing else in it is an empty list, but a text might look like one; the items come before all
            // texts, and the rows after them.
            let (before, name, after) = match text
                .split_once("\nitems: []\n")
                .map(|(before, after)| (before, "items", after))
            {
                Some(found) => found,
                None => text.rsplit_once("\nrows: []\n").map_or((text.as_str(), "rows", ""), |(b, a)| (b, "rows", a)),
            };
            [before.as_bytes(), b"\n", name.as_bytes(), b":\n", items, after.as_bytes()].concat()
        }
        Media::Protobuf => protobuf::with_items(list, items).unwrap_or_default(),
    }
}
