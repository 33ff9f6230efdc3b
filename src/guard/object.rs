//! An API object as it travels: JSON that may hold values, and so does not print itself.

use std::fmt;

use serde_json::{Map, Value as Json};
use zeroize::Zeroize;

/// A Kubernetes object (a Secret, a Namespace, a List, a Table) as JSON. `Debug` names it and shows no content; the
/// strings in it are wiped on drop.
#[derive(Clone, PartialEq, Default)]
pub struct Object(Json);

impl Object {
    /// Takes the JSON over.
    pub fn new(json: Json) -> Self {
        Self(json)
    }

    /// The JSON itself.
    pub fn json(&self) -> &Json {
        &self.0
    }

    /// The JSON, to change it.
    pub fn json_mut(&mut self) -> &mut Json {
        &mut self.0
    }

    /// Returns the JSON, which is no longer wiped: the caller answers for its values.
    pub fn into_json(mut self) -> Json {
        std::mem::take(&mut self.0)
    }

    /// `kind`, or nothing.
    pub fn kind(&self) -> &str {
        self.0["kind"].as_str().unwrap_or_default()
    }

    /// `apiVersion`, or nothing.
    pub fn api_version(&self) -> &str {
        self.0["apiVersion"].as_str().unwrap_or_default()
    }

    /// `metadata.name`, or nothing.
    pub fn name(&self) -> &str {
        self.0["metadata"]["name"].as_str().unwrap_or_default()
    }

    /// `metadata.namespace`, where there is one.
    pub fn namespace(&self) -> Option<&str> {
        self.0["metadata"]["namespace"].as_str()
    }

    /// `metadata.resourceVersion`, where there is one.
    pub fn resource_version(&self) -> Option<&str> {
        self.0["metadata"]["resourceVersion"].as_str()
    }

    /// `metadata`, made if it is not there; nothing when the object or its metadata is not a map.
    pub fn metadata_mut(&mut self) -> Option<&mut Map<String, Json>> {
        self.0.as_object_mut()?.entry("metadata").or_insert_with(|| Json::Object(Map::new())).as_object_mut()
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Object({} {})", self.kind(), self.name())
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        wipe(&mut self.0);
        // Why: what the compiler adds for the field is built anew, by the level of each crate that drops an object.
        drop(std::mem::take(&mut self.0));
    }
}

/// Overwrites every string in `json`.
pub fn wipe(json: &mut Json) {
    match json {
        Json::String(text) => text.zeroize(),
        Json::Array(items) => items.iter_mut().for_each(wipe),
        Json::Object(map) => map.values_mut().for_each(wipe),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::value::tests::{Peek, holds_none, marker},
        *,
    };

    #[test]
    fn a_dropped_object_is_wiped() {
        let text = marker(2);
        let object = Object::new(json!({"list": [{"data": text}], "data": {"k": text}}));
        let mut peeks = ["/list/0/data", "/data/k"].map(|path| {
            let held = object.json().pointer(path).and_then(Json::as_str).unwrap();
            Peek::at(held.as_bytes())
        });
        assert!(peeks.iter_mut().all(|peek| !holds_none(&text, peek.look())), "it was there");
        drop(object);
        assert!(peeks.iter_mut().all(|peek| holds_none(&text, peek.look())));
    }

    #[test]
    fn debug_names_it_and_shows_no_content() {
        let object = Object::new(json!({"kind": "Secret", "metadata": {"name": "s"}, "data": {"k": "aHVudGVyMg=="}}));
        assert_eq!(format!("{object:?}"), "Object(Secret s)");
    }
}
