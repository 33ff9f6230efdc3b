//! API objects: JSON that may contain values, and is therefore not printed by `Debug`.

use std::fmt;

use serde_json::{Map, Value as Json};
use zeroize::Zeroize;

/// A Kubernetes object (a Secret, a Namespace, a List, a Table) as JSON. `Debug` shows its name and no content; its
/// strings are wiped on drop.
#[derive(Clone, PartialEq, Default)]
pub struct Object(Json);

impl Object {
    /// Wraps JSON.
    pub fn new(json: Json) -> Self {
        Self(json)
    }

    /// Returns the JSON.
    pub fn json(&self) -> &Json {
        &self.0
    }

    /// Returns the JSON, to be changed.
    pub fn json_mut(&mut self) -> &mut Json {
        &mut self.0
    }

    /// Returns the JSON, which is no longer wiped on drop: the caller is responsible for its values.
    pub fn into_json(mut self) -> Json {
        std::mem::take(&mut self.0)
    }

    /// Returns `kind`, or an empty text.
    pub fn kind(&self) -> &str {
        self.0["kind"].as_str().unwrap_or_default()
    }

    /// Returns `apiVersion`, or an empty text.
    pub fn api_version(&self) -> &str {
        self.0["apiVersion"].as_str().unwrap_or_default()
    }

    /// Returns `metadata.name`, or an empty text.
    pub fn name(&self) -> &str {
        self.0["metadata"]["name"].as_str().unwrap_or_default()
    }

    /// Returns `metadata.namespace`, if there is one.
    pub fn namespace(&self) -> Option<&str> {
        self.0["metadata"]["namespace"].as_str()
    }

    /// Returns `metadata.resourceVersion`, if there is one.
    pub fn resource_version(&self) -> Option<&str> {
        self.0["metadata"]["resourceVersion"].as_str()
    }

    /// Returns `metadata`; adds it if it is missing. `None` if the object or its metadata is not a map.
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
        // Why not left to the compiler: the drop of the field would be compiled in each crate that drops an object, by
        // that crate's level of optimization.
        drop(std::mem::take(&mut self.0));
    }
}

/// Overwrites every string in `json`, keys excepted.
pub fn wipe(json: &mut Json) {
    match json {
        Json::String(text) => text.zeroize(),
        Json::Array(items) => items.iter_mut().for_each(wipe),
        Json::Object(map) => map.values_mut().for_each(wipe),
        _ => {}
    }
}

#[cfg(all(test, target_os = "linux"))]
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
