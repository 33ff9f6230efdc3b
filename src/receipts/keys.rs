//! Which keys of a Secret a write has added, changed and removed.

use serde_json::{Map, Value as Json};

use crate::secret::{Object, Value};

/// Keys by what became of them, in their order; names alone.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Keys {
    pub added: Vec<String>,
    pub changed: Vec<String>,
    pub removed: Vec<String>,
}

impl Keys {
    /// Compares the data of a Secret before and after.
    pub fn between(before: &Json, after: &Json) -> Self {
        let nothing = Map::new();
        let (before, after) = (before.as_object().unwrap_or(&nothing), after.as_object().unwrap_or(&nothing));
        let mut keys = Self::default();
        for (key, value) in after {
            match before.get(key) {
                None => keys.added.push(key.clone()),
                Some(was) if was != value => keys.changed.push(key.clone()),
                Some(_) => {}
            }
        }
        keys.removed.extend(before.keys().filter(|key| !after.contains_key(*key)).cloned());
        keys
    }

    /// Returns whether no key differs.
    pub fn is_empty(&self) -> bool {
        self.all().next().is_none()
    }

    /// Returns every key that differs.
    pub fn all(&self) -> impl Iterator<Item = &String> {
        self.added.iter().chain(&self.changed).chain(&self.removed)
    }
}

/// Returns `data` of an object, null where there is none.
pub fn data(object: Option<&Object>) -> &Json {
    object.map_or(&Json::Null, |object| &object.json()["data"])
}

/// Returns the value of a key of `data`; an empty one if it has none.
pub fn value(data: &Json, key: &str) -> Value {
    data[key].as_str().and_then(Value::from_base64).unwrap_or_default()
}
