//! Builds Secrets from their parts, as `kubectl create secret` does.

use std::collections::{BTreeMap, btree_map};

use serde_json::{Map, Value as Json};

use super::{Object, Value, validate};
use go::quote::quote;

/// The entries of one Secret. Invariant: every key is valid, and none occurs twice.
#[derive(Clone, Default)]
pub struct Entries(BTreeMap<String, Value>);

impl Entries {
    /// Adds an entry.
    ///
    /// # Errors
    /// An invalid or duplicate key, in kubectl's words (without `error: `).
    pub fn add(&mut self, key: impl Into<String>, value: Value) -> Result<(), String> {
        let key = key.into();
        check_key(&key)?;
        match self.0.entry(key) {
            btree_map::Entry::Occupied(entry) => {
                Err(format!("cannot add key {}, another key by that name already exists", entry.key()))
            }
            btree_map::Entry::Vacant(entry) => {
                entry.insert(value);
                Ok(())
            }
        }
    }
}

impl Entries {
    /// Returns the same keys with empty values, to try further keys.
    #[must_use]
    pub fn without_values(&self) -> Self {
        Self(self.0.keys().map(|key| (key.clone(), Value::default())).collect())
    }
}

impl IntoIterator for Entries {
    type Item = (String, Value);
    type IntoIter = btree_map::IntoIter<String, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Collects the parts of a Secret. Keys are checked as they are added; names and types are left to the server.
#[derive(Clone, Default)]
pub struct SecretBuilder {
    name: String,
    namespace: Option<String>,
    kind: String,
    immutable: Option<bool>,
    labels: BTreeMap<String, String>,
    annotations: BTreeMap<String, String>,
    entries: Entries,
}

impl SecretBuilder {
    /// Returns a builder for a name, which is not checked: kubectl's client dry run accepts any.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Sets `metadata.namespace`. kubectl writes it only when `-n` was given.
    #[must_use]
    pub fn namespace(mut self, namespace: Option<impl Into<String>>) -> Self {
        self.namespace = namespace.map(Into::into);
        self
    }

    /// Sets `type`; an empty one is omitted.
    #[must_use]
    pub fn kind(mut self, kind: impl Into<String>) -> Self {
        self.kind = kind.into();
        self
    }

    /// Sets `immutable`.
    #[must_use]
    pub fn immutable(mut self, immutable: Option<bool>) -> Self {
        self.immutable = immutable;
        self
    }

    /// Adds a label without checking it.
    #[must_use]
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(key.into(), value.into());
        self
    }

    /// Adds an annotation without checking it.
    #[must_use]
    pub fn annotation(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.annotations.insert(key.into(), value.into());
        self
    }

    /// Adds an entry.
    ///
    /// # Errors
    /// As [`Entries::add`].
    pub fn entry(&mut self, key: impl Into<String>, value: Value) -> Result<(), String> {
        self.entries.add(key, value)
    }

    /// Adds several entries.
    ///
    /// # Errors
    /// As [`Entries::add`], for the first entry that is refused.
    pub fn entries(mut self, entries: impl IntoIterator<Item = (String, Value)>) -> Result<Self, String> {
        for (key, value) in entries {
            self.entry(key, value)?;
        }
        Ok(self)
    }

    /// Returns the keys of the entries, to try further ones.
    #[must_use]
    pub fn keys(&self) -> Entries {
        self.entries.without_values()
    }

    /// Returns the Secret. Empty fields are omitted, `data` too.
    pub fn build(self) -> Object {
        let mut metadata = Map::new();
        metadata.insert("name".into(), self.name.into());
        if let Some(namespace) = self.namespace {
            metadata.insert("namespace".into(), namespace.into());
        }
        for (field, pairs) in [("labels", self.labels), ("annotations", self.annotations)] {
            if !pairs.is_empty() {
                let pairs = pairs.into_iter().map(|(key, value)| (key, value.into())).collect();
                metadata.insert(field.into(), Json::Object(pairs));
            }
        }
        let mut secret = Map::new();
        secret.insert("apiVersion".into(), "v1".into());
        secret.insert("kind".into(), "Secret".into());
        secret.insert("metadata".into(), metadata.into());
        if !self.entries.0.is_empty() {
            let data = self.entries.into_iter().map(|(key, value)| (key, value.to_base64().into())).collect();
            secret.insert("data".into(), Json::Object(data));
        }
        if let Some(immutable) = self.immutable {
            secret.insert("immutable".into(), immutable.into());
        }
        if !self.kind.is_empty() {
            secret.insert("type".into(), self.kind.into());
        }
        Object::new(Json::Object(secret))
    }
}

/// Checks a key of `data`.
///
/// # Errors
/// kubectl's words: `"a b" is not valid key name for a Secret a valid config key must …`.
pub fn check_key(key: &str) -> Result<(), String> {
    let wrong = validate::key(key);
    if wrong.is_empty() {
        return Ok(());
    }
    Err(format!("{} is not valid key name for a Secret {}", quote(key), wrong.join(";")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn value(text: &str) -> Value {
        Value::new(text)
    }

    #[test]
    fn builds_what_kubectl_prints() {
        let bare = SecretBuilder::new("s").namespace(None::<String>).build();
        assert_eq!(*bare.json(), json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}}));
        let full = SecretBuilder::new("Bad_Name")
            .namespace(Some("n"))
            .kind("example.com/thing")
            .immutable(Some(true))
            .label("a", "b")
            .annotation("c", "d")
            .entries([("k".to_owned(), value("v")), ("empty".to_owned(), value(""))])
            .expect("good keys")
            .build();
        assert_eq!(
            *full.json(),
            json!({
                "apiVersion": "v1", "kind": "Secret", "type": "example.com/thing", "immutable": true,
                "metadata": {"name": "Bad_Name", "namespace": "n", "labels": {"a": "b"}, "annotations": {"c": "d"}},
                "data": {"k": "dg==", "empty": ""},
            })
        );
    }

    #[test]
    fn refuses_keys() {
        let mut builder = SecretBuilder::new("s");
        assert_eq!(builder.entry("a", value("1")), Ok(()));
        assert_eq!(
            builder.entry("a", value("2")),
            Err("cannot add key a, another key by that name already exists".to_owned())
        );
        assert_eq!(
            builder.entry("a b", value("1")),
            Err("\"a b\" is not valid key name for a Secret a valid config key must consist of alphanumeric characters, \
                 '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is \
                 '[-._a-zA-Z0-9]+')"
                .to_owned())
        );
        for (key, wrong) in [
            (".", "\".\" is not valid key name for a Secret must not be '.'"),
            ("..x", "\"..x\" is not valid key name for a Secret must not start with '..'"),
        ] {
            assert_eq!(check_key(key), Err(wrong.to_owned()));
        }
    }
}
