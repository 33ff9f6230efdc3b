//! An object while the kustomizations above it are applied: the names it is known by, and merging with generated
//! Secrets.

use serde_json::{Map, Value as Json};

use super::{
    generate::put_pairs,
    schema::{ANNOTATIONS, Behavior, Pairs, Place},
};
use secret::Object;

type Result<T> = std::result::Result<T, String>;

/// The annotation that asks for a hash in the name. Generated Secrets have it; an object of a file may have it too.
const WANTS_HASH: &str = "internal.config.kubernetes.io/needsHashSuffix";

/// Returns the namespace in which the name is unique: `default` if none is set; empty for a Namespace, which is in
/// none.
fn effective<'a>(kind: &str, namespace: &'a str) -> &'a str {
    match namespace {
        _ if kind == "Namespace" => "",
        "" => "default",
        _ => namespace,
    }
}

pub(super) struct Item {
    pub object: Object,
    /// Every namespace and name that the object had before, including those between the transformations of one layer. A
    /// generator of a higher layer may refer to it by any of them.
    former: Vec<(String, String)>,
    pub wants_hash: bool,
    generated: bool,
}

impl Item {
    /// Returns an item made by a generator.
    pub fn generated(object: Object, wants_hash: bool) -> Self {
        Self { object, former: Vec::new(), wants_hash, generated: true }
    }

    /// Returns an item read from a file.
    pub fn read(object: Object) -> Self {
        let wants_hash = object.json()["metadata"]["annotations"][WANTS_HASH] == "enabled";
        Self { generated: false, ..Self::generated(object, wants_hash) }
    }

    /// Adds labels at a field path.
    pub fn label(&mut self, place: &Place, pairs: &Pairs) -> Result<()> {
        // Why: kustomize records the origin of an object in its annotations. If it has any, the map exists, whatever
        // `create` of the place says.
        let annotated = place.path == ANNOTATIONS.path && (self.generated || !self.former.is_empty());
        put_pairs(self.object.json_mut(), if annotated { &ANNOTATIONS } else { place }, &[pairs])
    }

    fn id(&self) -> (String, String) {
        (self.object.namespace().unwrap_or_default().to_owned(), self.object.name().to_owned())
    }

    /// Returns kustomize's sort key, in which an absent namespace follows all others, and `a-b` precedes `a`.
    pub fn sort_key(&self) -> (bool, String) {
        let (namespace, name) = self.id();
        let namespace = if namespace.is_empty() { "~X" } else { &namespace };
        (self.object.kind() != "Namespace", format!("{namespace}|{name}"))
    }

    fn has_id(&self, (namespace, name): &(String, String), other: &Item) -> bool {
        let kind = self.object.kind();
        kind == other.object.kind()
            && name == other.object.name()
            && effective(kind, namespace) == effective(kind, other.object.namespace().unwrap_or_default())
    }

    /// Returns whether both have the same id.
    fn is(&self, other: &Item) -> bool {
        self.has_id(&self.id(), other)
    }

    /// Returns the id as errors show it.
    fn shown(&self) -> String {
        let (namespace, name) = self.id();
        let namespace = if namespace.is_empty() { "[noNs]".to_owned() } else { namespace };
        format!("{}.v1.[noGrp]/{name}.{namespace}", self.object.kind())
    }

    /// Sets the namespace and the name, and records the old ones.
    pub fn rename(&mut self, namespace: Option<&str>, name: String) {
        self.former.push(self.id());
        if let Some(metadata) = self.object.metadata_mut() {
            metadata.insert("name".to_owned(), Json::String(name));
            if let Some(namespace) = namespace {
                metadata.insert("namespace".to_owned(), namespace.into());
            }
        }
    }
}

/// Adds an item. An item of the same id is an error.
pub(super) fn append(items: &mut Vec<Item>, new: Item) -> Result<()> {
    if items.iter().any(|known| known.is(&new)) {
        return Err(format!("may not add resource with an already registered id: {}", new.shown()));
    }
    items.push(new);
    Ok(())
}

/// Returns an item whose id another item has too.
pub(super) fn twice(items: &[Item]) -> Option<&Item> {
    items
        .iter()
        .enumerate()
        .find_map(|(index, item)| items.get(..index)?.iter().any(|known| known.is(item)).then_some(item))
}

/// Adds a generated Secret, or merges it into the existing one, as `behavior` says.
pub(super) fn absorb(items: &mut Vec<Item>, new: Item, behavior: Behavior) -> Result<()> {
    let id = new.shown();
    let matches = |item: &&mut Item| item.is(&new) || item.former.iter().any(|former| item.has_id(former, &new));
    let mut matching = items.iter_mut().filter(matches);
    let (old, more) = (matching.next(), matching.next().is_some());
    match old {
        None if behavior == Behavior::Create => append(items, new),
        None => Err(format!("id {id} does not exist; cannot merge or replace")),
        Some(_) if more => Err(format!("found multiple objects that could accept merge of {id}")),
        Some(_) if behavior == Behavior::Create => Err(format!("id {id} exists; behavior must be merge or replace")),
        Some(old) if behavior == Behavior::Merge && old.object.json().get("stringData").is_some() => {
            Err(format!("{id} has stringData, which kustomize would lose: use data"))
        }
        Some(old) => {
            join(old, new, behavior == Behavior::Merge);
            Ok(())
        }
    }
    .map_err(|text| format!("merging from generator: {text}"))
}

/// Replaces `old` by the generated object. `old` keeps its name and namespace, and those labels, annotations and, in a
/// merge, entries that are not generated.
fn join(old: &mut Item, mut new: Item, merge: bool) {
    // As in kustomize: once one layer turns the hash off, it stays off.
    old.wants_hash &= new.wants_hash;
    let mut before = std::mem::replace(&mut old.object, Object::new(Json::Null));
    if merge {
        let generated = take_map(new.object.json_mut(), "data");
        let mut entries = take_map(before.json_mut(), "data");
        entries.values_mut().for_each(make_text);
        entries.extend(generated);
        if let Json::Object(fields) = new.object.json_mut()
            && !entries.is_empty()
        {
            fields.insert("data".to_owned(), Json::Object(entries));
        }
    }
    let (before, after) = (&mut before.json_mut()["metadata"], &mut new.object.json_mut()["metadata"]);
    for field in ["labels", "annotations"] {
        let replaced = take_map(after, field);
        let mut joined = take_map(before, field);
        joined.values_mut().for_each(make_text);
        joined.extend(replaced);
        if !joined.is_empty() {
            after[field] = Json::Object(joined);
        }
    }
    for field in ["name", "namespace"] {
        match before[field].take() {
            Json::Null => drop(take(after, field)),
            value => after[field] = value,
        }
    }
    old.object = new.object;
}

fn take(json: &mut Json, field: &str) -> Option<Json> {
    json.as_object_mut()?.remove(field)
}

fn take_map(json: &mut Json, field: &str) -> Map<String, Json> {
    match take(json, field) {
        Some(Json::Object(map)) => map,
        _ => Map::new(),
    }
}

/// Turns a scalar into a string, as kustomize does with the labels, annotations and entries that it rewrites.
pub(super) fn make_text(json: &mut Json) {
    if !json.is_string() {
        *json = Json::String(if json.is_null() { String::new() } else { json.to_string() });
    }
}
