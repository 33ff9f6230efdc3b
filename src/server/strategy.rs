//! The strategies of Secrets and Namespaces, as kube-apiserver's registry has them: defaults, fields that only the
//! server sets, validation, warnings. The order of these steps is fixed in [`crate::api::create`] and
//! [`crate::api::update`].

use serde_json::{Map, Value as Json, json};

use crate::{clock::ClockRng, http::route::Part};
use secret::{resource::Resource, validate, validate::FieldError};

/// The label that every Namespace carries.
const NAME_LABEL: &str = "kubernetes.io/metadata.name";

/// Returns `metadata` of an object; adds it if it is missing.
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
        // Unreachable: it was made an object two lines above.
        _ => unreachable!(),
    }
}

/// Returns a string of `metadata`, or the empty string.
pub fn text<'a>(object: &'a Json, field: &str) -> &'a str {
    object["metadata"][field].as_str().unwrap_or_default()
}

/// Sets the defaults that decoding sets: `type` of a Secret, and the name label of a Namespace.
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

/// Removes empty fields, as Go's `omitempty` does, and the fields that are not stored: kind, apiVersion,
/// resourceVersion.
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

/// Removes the fields that a client cannot set in a new object (`WipeObjectMetaSystemFields`). Called before
/// `managedFields` are set, so that no manager owns them.
pub fn wipe_system_fields(object: &mut Json) {
    let metadata = metadata(object);
    for field in ["creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "selfLink", "uid"] {
        metadata.remove(field);
    }
}

/// Sets the fields of a new object that only the server sets: UID, creation time, the status of a Namespace.
pub fn prepare_create(resource: Resource, object: &mut Json, clock_rng: &ClockRng) {
    let metadata = metadata(object);
    metadata.insert("uid".into(), json!(clock_rng.uid()));
    metadata.insert("creationTimestamp".into(), json!(clock_rng.timestamp()));
    if resource == Resource::Namespaces {
        object["status"] = json!({"phase": "Active"});
        let mut finalizers = object["spec"]["finalizers"].as_array().cloned().unwrap_or_default();
        if !finalizers.iter().any(|f| f == "kubernetes") {
            finalizers.push(json!("kubernetes"));
        }
        object["spec"] = json!({"finalizers": finalizers});
    }
}

/// Restores the fields that an update cannot change (`BeforeUpdate`). Does not remove a `deletionTimestamp` that the
/// update adds: validation refuses it.
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

/// Validates a changed object; `part` is the subresource that was written.
pub fn validate_update(resource: Resource, part: Part, object: &Json, old: &Json) -> Vec<FieldError> {
    match (resource, part) {
        (Resource::Secrets, _) => validate::secret_update(object, old),
        (Resource::Namespaces, Part::Object) => validate::namespace_update(object, old),
        (Resource::Namespaces, Part::Status) => validate::namespace_status_update(object, old),
        (Resource::Namespaces, Part::Finalize) => validate::namespace_finalize_update(object, old),
    }
}

/// Returns the warnings about an object.
pub fn warnings(resource: Resource, object: &Json) -> Vec<String> {
    match resource {
        Resource::Secrets => validate::warnings(object),
        Resource::Namespaces => Vec::new(),
    }
}
