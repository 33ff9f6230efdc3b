//! Parts of what is served: the metadata of an object alone, an item of a list by itself.

use serde_json::{Value as Json, json};

use secret::resource::Resource;

/// The metadata of an object, as a `PartialObjectMetadata`.
pub fn metadata_only(mut object: Json, version: &str) -> Json {
    let mut partial = json!({"kind": "PartialObjectMetadata", "apiVersion": format!("meta.k8s.io/{version}")});
    partial["metadata"] = object["metadata"].take();
    partial
}

/// An item of a list as an object of its own.
pub fn whole(resource: Resource, mut object: Json) -> Json {
    object["kind"] = json!(resource.kind());
    object["apiVersion"] = json!("v1");
    object
}
