//! Parts of served objects: the metadata alone, an item of a list as an object.

use serde_json::{Value as Json, json};

use secret::resource::Resource;

/// Returns the metadata of an object as a `PartialObjectMetadata`.
pub fn metadata_only(mut object: Json, version: &str) -> Json {
    let mut partial = json!({"kind": "PartialObjectMetadata", "apiVersion": format!("meta.k8s.io/{version}")});
    partial["metadata"] = object["metadata"].take();
    partial
}

/// Returns an item of a list as an object of its own, with kind and version.
pub fn whole(resource: Resource, mut object: Json) -> Json {
    object["kind"] = json!(resource.kind());
    object["apiVersion"] = json!("v1");
    object
}
