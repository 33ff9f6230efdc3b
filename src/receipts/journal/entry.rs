//! One write as the journal keeps it: with the data before and after.

use serde_json::{Map, Value as Json, json};
use zeroize::Zeroizing;

use crate::{
    client::Written,
    receipts::{
        keys::Keys,
        origin::{self, Origin},
    },
    secret::Object,
};

/// The version of an entry. One of another version is passed over as damaged.
const VERSION: u64 = 1;

/// An entry. It holds values, which are wiped on drop.
#[derive(Debug)]
pub struct Entry(Object);

/// A Secret at the time of an entry: `type`, `immutable`, `data`, `labels`, `annotations`.
pub type State<'a> = Option<&'a Json>;

impl Entry {
    /// Returns the entry of a write whose outcome is known.
    pub fn of(written: &Written, origin: &Origin) -> Self {
        let (before, after) = (written.before.as_ref(), written.object());
        let version = |object: Option<&Object>| object.and_then(Object::resource_version).map(str::to_owned);
        Self(Object::new(json!({
            "version": VERSION,
            "time": origin::time(origin.time),
            "verb": origin.verb,
            "server": origin.server,
            "namespace": written.namespace,
            "name": written.name,
            "uid": origin::uid(written),
            "operation": origin::operation(written),
            "versions": {"before": version(before), "after": version(after)},
            "before": before.map(state),
            "after": after.map(state),
        })))
    }

    /// Returns a field of text; empty if there is none.
    pub fn text(&self, field: &str) -> &str {
        self.0.json()[field].as_str().unwrap_or_default()
    }

    /// Returns the version before or after the write.
    pub fn version(&self, when: &str) -> Option<&str> {
        self.0.json()["versions"][when].as_str()
    }

    /// Returns the Secret before the write, or `None` if it did not exist.
    pub fn before(&self) -> State<'_> {
        Some(&self.0.json()["before"]).filter(|state| !state.is_null())
    }

    /// Returns the Secret after the write, or `None` if it was deleted.
    pub fn after(&self) -> State<'_> {
        Some(&self.0.json()["after"]).filter(|state| !state.is_null())
    }

    /// Returns the keys that the write changed.
    pub fn keys(&self) -> Keys {
        Keys::between(&self.0.json()["before"]["data"], &self.0.json()["after"]["data"])
    }

    /// Returns whether the write changed data, or whether there is a Secret at all.
    pub fn changes_data(&self) -> bool {
        self.before().is_some() != self.after().is_some() || !self.keys().is_empty()
    }

    pub(super) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.json().to_string().into_bytes())
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let entry = Self(Object::new(serde_json::from_slice(bytes).ok()?));
        (entry.0.json()["version"] == VERSION).then_some(entry)
    }
}

/// Takes out of an object what a new one of its kind needs.
fn state(object: &Object) -> Json {
    let mut state = Map::new();
    for field in ["type", "immutable", "data"] {
        state.extend(object.json().get(field).map(|value| (field.to_owned(), value.clone())));
    }
    for field in ["labels", "annotations"] {
        let map = object.json()["metadata"].get(field);
        state.extend(map.map(|value| (field.to_owned(), value.clone())));
    }
    Json::Object(state)
}

/// Returns the data of a state, as a copy that is wiped on drop; empty if there is no Secret.
pub fn data(state: State<'_>) -> Object {
    Object::new(state.map_or(Json::Null, |state| state["data"].clone()))
}

/// Returns a Secret of this state that can be created.
pub fn secret(state: &Json, namespace: &str, name: &str) -> Object {
    let mut json = json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": namespace},
    });
    for field in ["type", "immutable", "data"] {
        if let Some(value) = state.get(field) {
            json[field] = value.clone();
        }
    }
    for field in ["labels", "annotations"] {
        if let Some(value) = state.get(field) {
            json["metadata"][field] = value.clone();
        }
    }
    Object::new(json)
}
