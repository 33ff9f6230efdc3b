//! Several kubeconfig files merged, as the `config` commands show and change them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value as Json, json};

use super::{
    document::{self, Document},
    list::List,
    read,
    schema::Unknown,
};
use secret::Object;

/// A whole entry of a list: its name, its content, and the file that it is in.
#[derive(Clone, PartialEq)]
pub struct Entry {
    pub(super) list: List,
    pub(super) item: Object,
    /// The name of its file; `None` for an entry that is not in a file yet.
    pub(super) origin: Option<PathBuf>,
}

/// Entries by name.
pub type Entries = BTreeMap<String, Entry>;

impl Entry {
    /// Returns an entry without any field.
    pub fn new(list: List) -> Self {
        Self { list, item: Object::new(document::item(list, "")), origin: None }
    }

    /// Returns its fields.
    pub fn body(&self) -> &Json {
        self.item.json().get(self.list.field()).unwrap_or(&Json::Null)
    }

    /// Returns its fields, to be changed. Fields that are set to an empty value are not written.
    pub fn body_mut(&mut self) -> &mut Json {
        let body = &mut self.item.json_mut()[self.list.field()];
        if !body.is_object() {
            *body = Json::Object(Map::new());
        }
        body
    }

    /// Returns a text field; an empty text if there is none.
    pub fn text(&self, name: &str) -> &str {
        self.body()[name].as_str().unwrap_or_default()
    }

    /// Sets a field.
    pub fn set(&mut self, name: &str, value: impl Into<Json>) {
        if let Some(map) = self.body_mut().as_object_mut() {
            map.insert(name.to_owned(), value.into()).iter_mut().for_each(secret::wipe);
        }
    }

    /// Removes a field.
    pub fn unset(&mut self, name: &str) {
        self.set(name, Json::Null);
    }

    /// Returns the entry as it will be read once it is written: a field with an empty value is gone.
    ///
    /// # Errors
    /// If a field was set to a wrong type.
    pub(super) fn written(&self, name: &str) -> Result<Self, String> {
        let mut item = self.item.json().clone();
        item["name"] = name.into();
        let mut whole = read::canonical(json!({ self.list.name(): [item] }))?;
        Ok(Self { list: self.list, item: Object::new(whole[self.list.name()][0].take()), origin: self.origin.clone() })
    }

    /// Returns the name of its file.
    pub(super) fn origin(&self) -> Option<&Path> {
        self.origin.as_deref()
    }
}

/// Several files merged: the first one that has an entry takes precedence.
#[derive(Clone, Default)]
pub struct Merged {
    clusters: Entries,
    users: Entries,
    contexts: Entries,
    /// The current context.
    pub current_context: String,
    /// Preferences, extensions, and fields that client-go does not know.
    pub(super) rest: Object,
}

impl Merged {
    /// Returns the entries of a list.
    pub fn list(&self, list: List) -> &Entries {
        match list {
            List::Clusters => &self.clusters,
            List::Users => &self.users,
            List::Contexts => &self.contexts,
        }
    }

    /// Returns the entries of a list, to be changed.
    pub fn list_mut(&mut self, list: List) -> &mut Entries {
        match list {
            List::Clusters => &mut self.clusters,
            List::Users => &mut self.users,
            List::Contexts => &mut self.contexts,
        }
    }

    /// Returns the preferences.
    pub fn preferences(&self) -> &Json {
        &self.rest.json()["preferences"]
    }

    /// Sets the preferences.
    pub fn set_preferences(&mut self, value: Json) {
        if !self.rest.json().is_object() {
            *self.rest.json_mut() = Json::Object(Map::new());
        }
        self.rest.json_mut()["preferences"] = value;
    }

    /// Adds what the file of that name has and earlier files do not have.
    pub(super) fn add(&mut self, name: &Path, document: &Document) {
        for list in List::ALL {
            let entries = self.list_mut(list);
            for (key, item) in document.items(list) {
                let entry = || Entry { list, item: Object::new(item.clone()), origin: Some(name.to_owned()) };
                entries.entry(key.to_owned()).or_insert_with(entry);
            }
        }
        if self.current_context.is_empty() {
            self.current_context = document.get("current-context").as_str().unwrap_or_default().to_owned();
        }
        let mut rest = document.json().clone();
        if let Some(map) = rest.as_object_mut() {
            for known in ["kind", "apiVersion", "current-context"].into_iter().chain(List::ALL.map(List::name)) {
                map.remove(known).iter_mut().for_each(secret::wipe);
            }
        }
        add(self.rest.json_mut(), rest);
    }

    /// Returns all files as one kubeconfig, in the form that kubectl prints.
    pub fn to_object(&self, unknown: Unknown) -> Object {
        let mut map = self.rest.json().as_object().cloned().unwrap_or_default();
        for list in List::ALL {
            let items = self.list(list).iter().map(|(name, entry)| {
                let mut item = entry.item.json().clone();
                item["name"] = name.as_str().into();
                item
            });
            map.insert(list.name().to_owned(), items.collect());
        }
        map.insert("current-context".to_owned(), self.current_context.as_str().into());
        // Cannot fail: the files were read by the same schema, and the commands set no field to another type.
        Object::new(read::finished(Json::Object(map), unknown).unwrap_or_default())
    }
}

/// Adds the fields of `other` that `first` does not have; extensions are compared by name.
fn add(first: &mut Json, other: Json) {
    match (first, other) {
        (Json::Object(first), Json::Object(other)) => {
            for (key, value) in other {
                match first.get_mut(&key) {
                    Some(mine) if key == "preferences" => add(mine, value),
                    Some(Json::Array(mine)) if key == "extensions" => {
                        for extension in value.as_array().into_iter().flatten() {
                            if !mine.iter().any(|known| known["name"] == extension["name"]) {
                                mine.push(extension.clone());
                            }
                        }
                    }
                    Some(_) => {}
                    None => drop(first.insert(key, value)),
                }
            }
        }
        (first, other) if first.is_null() => *first = other,
        _ => {}
    }
}
