//! What is special about Secrets and Namespaces when they are written: defaults, fields that the server keeps for itself,
//! validation, warnings. The order of these steps is fixed in [`crate::api::update`].

use serde_json::{Map, Value as Json, json};

use crate::{clock::Chance, http::route::Part};
use secret::{resource::Resource, validate, validate::FieldError};

/// The label that every Namespace carries.
const NAME_LABEL: &str = "kubernetes.io/metadata.name";

/// `metadata` of an object, made if need be.
pub fn metadata(object: &mut Json) -> &mut Map<String, Json> {
    if !object.is_object() {
        *object = json!({});
    }
    let metadata = &mut object["metadata"];
    if !metadata.is_object() {
        *metadata = json!({});
    }
    match metadata {
        Json::Object(map) => map,
        // Made an object two lines above.
        _ => unreachable!(),
    }
}

/// A text in `metadata`, or nothing.
pub fn text<'a>(object: &'a Json, field: &str) -> &'a str {
    object["metadata"][field].as_str().unwrap_or_default()
}

/// What decoding fills in: `type`, and the label of a Namespace.
pub fn default(resource: Resource, object: &mut Json) {
    match resource {
        Resource::Secrets => {
            if object["type"].as_str().unwrap_or_default().is_empty() {
                object["type"] = json!("Opaque");
            }
        }
        Resource::Namespaces => {
            let name = text(object, "name").to_owned();
            if !name.is_empty() {
                let labels = metadata(object).entry("labels").or_insert_with(|| json!({}));
                labels[NAME_LABEL] = json!(name);
            }
        }
    }
}

/// Takes away what stands for nothing, as Go's `omitempty` does, and what only travels: kind, version, resourceVersion.
pub fn canonical(resource: Resource, object: &mut Json) {
    let Json::Object(members) = object else { return };
    members.remove("kind");
    members.remove("apiVersion");
    let empty = |value: &Json| match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(map) => map.is_empty(),
        _ => false,
    };
    for field in ["data", "immutable"] {
        if members.get(field).is_some_and(empty) {
            members.remove(field);
        }
    }
    if resource == Resource::Namespaces {
        for field in ["spec", "status"] {
            let part = members.entry(field).or_insert_with(|| json!({}));
            if let Json::Object(part) = part {
                part.retain(|_, v| !empty(v));
            } else {
                *part = json!({});
            }
        }
    }
    let metadata = metadata(object);
    metadata.remove("resourceVersion");
    metadata.remove("selfLink");
    metadata.retain(|name, value| !(empty(value) || name == "generation" && value.as_i64() == Some(0)));
}

/// Takes away what a client cannot say of a new object (`WipeObjectMetaSystemFields`), before anybody owns it.
pub fn wipe_system_fields(object: &mut Json) {
    let metadata = metadata(object);
    for field in ["creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "selfLink", "uid"] {
        metadata.remove(field);
    }
}

/// Fields of a new object that are the server's: identity, times, the state of a Namespace.
pub fn prepare_create(resource: Resource, object: &mut Json, chance: &Chance) {
    let metadata = metadata(object);
    metadata.insert("uid".into(), json!(chance.uid()));
    metadata.insert("creationTimestamp".into(), json!(chance.timestamp()));
    if resource == Resource::Namespaces {
        object["status"] = json!({"phase": "Active"});
        let mut finalizers = object["spec"]["finalizers"].as_array().cloned().unwrap_or_default();
        if !finalizers.iter().any(|f| f == "kubernetes") {
            finalizers.push(json!("kubernetes"));
        }
        object["spec"] = json!({"finalizers": finalizers});
    }
}

/// Fields of a replaced object that stay what they were (`BeforeUpdate`). A deletion that has not begun is not kept from
/// beginning here: validation refuses it.
pub fn prepare_update(object: &mut Json, old: &Json) {
    let metadata = metadata(object);
    let old = &old["metadata"];
    if metadata.get("uid").and_then(Json::as_str).unwrap_or_default().is_empty() {
        metadata.insert("uid".into(), old["uid"].clone());
    }
    for field in ["creationTimestamp", "deletionTimestamp"] {
        if let Some(value) = old.get(field) {
            metadata.insert(field.into(), value.clone());
        }
    }
    if metadata.get("deletionGracePeriodSeconds").is_none_or(Json::is_null)
        && let Some(seconds) = old.get("deletionGracePeriodSeconds")
    {
        metadata.insert("deletionGracePeriodSeconds".into(), seconds.clone());
    }
}

/// Validates a new object.
pub fn validate_create(resource: Resource, object: &Json) -> Vec<FieldError> {
    match resource {
        Resource::Secrets => validate::secret_create(object),
        Resource::Namespaces => validate::namespace_create(object),
    }
}

/// Validates a changed object, of which `part` was changed.
pub fn validate_update(resource: Resource, part: Part, object: &Json, old: &Json) -> Vec<FieldError> {
    match (resource, part) {
        (Resource::Secrets, _) => validate::secret_update(object, old),
        (Resource::Namespaces, Part::Object) => validate::namespace_update(object, old),
        (Resource::Namespaces, Part::Status) => validate::namespace_status_update(object, old),
        (Resource::Namespaces, Part::Finalize) => validate::namespace_finalize_update(object, old),
    }
}

/// What is allowed and yet worth a warning.
pub fn warnings(resource: Resource, object: &Json) -> Vec<String> {
    match resource {
        Resource::Secrets => validate::warnings(object),
        Resource::Namespaces => Vec::new(),
    }
}
