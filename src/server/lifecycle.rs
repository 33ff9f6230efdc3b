//! Graceful deletion: what keeps an object that is being deleted, and how it is marked.

use serde_json::{Value as Json, json};

use crate::strategy;
use secret::resource::Resource;

/// The finalizers of the garbage collector.
pub const FINALIZERS: [&str; 2] = ["orphan", "foregroundDeletion"];

/// Returns `true` if finalizers keep an object that is being deleted.
pub fn has_finalizers(resource: Resource, object: &Json) -> bool {
    let some = |list: &Json| list.as_array().is_some_and(|l| !l.is_empty());
    some(&object["metadata"]["finalizers"]) || resource == Resource::Namespaces && some(&object["spec"]["finalizers"])
}

/// Marks an object as being deleted (`markAsDeleting`), unless it is marked already. `now` is in RFC 3339.
pub fn mark_as_deleting(resource: Resource, object: &mut Json, now: &str) {
    let metadata = strategy::metadata(object);
    if metadata.contains_key("deletionTimestamp") {
        return;
    }
    metadata.insert("deletionTimestamp".into(), json!(now));
    match resource {
        Resource::Secrets => {
            metadata.insert("deletionGracePeriodSeconds".into(), json!(0));
            if let Some(generation) = metadata.get("generation").and_then(Json::as_i64).filter(|g| *g > 0) {
                metadata.insert("generation".into(), json!(generation.saturating_add(1)));
            }
        }
        Resource::Namespaces => object["status"]["phase"] = json!("Terminating"),
    }
}

/// Removes the garbage collector's finalizers.
pub fn remove_finalizers(object: &mut Json) {
    let metadata = strategy::metadata(object);
    if let Some(Json::Array(finalizers)) = metadata.get_mut("finalizers") {
        finalizers.retain(|f| FINALIZERS.iter().all(|of| f != of));
        if finalizers.is_empty() {
            metadata.remove("finalizers");
        }
    }
}
