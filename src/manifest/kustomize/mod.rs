//! Kustomizations, as far as Secrets and Namespaces go: `secretGenerator` and its options, `resources` (files and other
//! kustomizations), prefixes, suffixes, namespace, labels, annotations, and names that carry a hash of the content.
//!
//! The order of things is kustomize's: resources, then generators, then changes of all; hashes when everything else is
//! done; Namespaces first, then by namespace and name. What is not supported is refused by its name.

mod generate;
mod root;
mod schema;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use self::{
    generate::{generate, put_pairs},
    root::Root,
    schema::{Behavior, Kustomization},
};
use super::object::{self, Found};
use context::Env;
use error::{Error, Result};
use secret::{Object, hash::kustomize_suffix};

/// The deepest stack of kustomizations.
const MAX_LAYERS: usize = 32;

/// An object with this annotation is for tools that read the files: it is left out, unless the value is `false`.
const LOCAL: &str = "config.kubernetes.io/local-config";

/// An object on its way through the layers.
struct Item {
    object: Object,
    /// Namespaces and names that it had before: a generator of a higher layer may mean it by any of them.
    former: Vec<(String, String)>,
    wants_hash: bool,
}

impl Item {
    fn new(object: Object, wants_hash: bool) -> Self {
        Self { object, former: Vec::new(), wants_hash }
    }

    fn id(&self) -> (String, String) {
        (self.object.namespace().unwrap_or_default().to_owned(), self.object.name().to_owned())
    }

    /// Whether it has, or had, this name in this namespace. No namespace is the one called `default`.
    fn answers_to(&self, other: &Item) -> bool {
        let effective = |(namespace, name): (String, String)| {
            (if namespace.is_empty() { "default".to_owned() } else { namespace }, name)
        };
        let wanted = effective(other.id());
        self.object.kind() == other.object.kind()
            && (effective(self.id()) == wanted || self.former.iter().any(|id| effective(id.clone()) == wanted))
    }

    /// How errors name it.
    fn shown(&self) -> String {
        let (namespace, name) = self.id();
        let namespace = if namespace.is_empty() { "[noNs]".to_owned() } else { namespace };
        format!("{}.v1.[noGrp]/{name}.{namespace}", self.object.kind())
    }
}

/// Builds the kustomization in `directory`, which is seen from the working directory.
///
/// # Errors
/// What kustomize says, without the values that it repeats; and the name of any field that is not supported.
pub fn build(directory: &Path, env: &Env) -> Result<Vec<Object>> {
    let shown = directory.to_string_lossy();
    if is_remote(&shown) {
        return Err(Error::new(format_args!("{shown}: remote kustomizations are not supported")));
    }
    let root = Root::open(directory, env.cwd()).map_err(Error::new)?;
    let mut items = layer(&root, &mut Vec::new())?;
    for item in items.iter_mut().filter(|item| item.wants_hash) {
        let name = format!("{}-{}", item.object.name(), kustomize_suffix(&item.object));
        rename(&mut item.object, name);
    }
    items.sort_by_cached_key(|item| {
        let (namespace, name) = item.id();
        // kustomize writes an absent namespace as `~X`, which stands behind all others.
        (item.object.kind() != "Namespace", if namespace.is_empty() { "~X".to_owned() } else { namespace }, name)
    });
    Ok(items.into_iter().map(|item| without_internals(item.object)).collect())
}

/// Takes out the annotations that kustomize and its functions keep for themselves, and annotations that are empty.
fn without_internals(mut object: Object) -> Object {
    const OWN: [&str; 4] =
        ["config.kubernetes.io/index", "config.kubernetes.io/path", "config.kubernetes.io/origin", "config.k8s.io/id"];
    if let Some(metadata) = object.metadata_mut()
        && let Some(Json::Object(annotations)) = metadata.get_mut("annotations")
    {
        annotations
            .retain(|name, _| !OWN.contains(&name.as_str()) && !name.starts_with("internal.config.kubernetes.io/"));
        if annotations.is_empty() {
            metadata.remove("annotations");
        }
    }
    object
}

fn is_remote(path: &str) -> bool {
    path.contains("://") || path.contains("git@") || path.starts_with("github.com/") || path.starts_with("git::")
}

/// One kustomization with all that it builds upon. `above` are the directories that led here.
fn layer(root: &Root, above: &mut Vec<PathBuf>) -> Result<Vec<Item>> {
    if above.contains(&root.path) {
        return Err(Error::new(format_args!("cycle detected: '{}' leads to itself", root.path.display())));
    }
    if above.len() >= MAX_LAYERS {
        return Err(Error::new(format_args!("more than {MAX_LAYERS} kustomizations build upon each other")));
    }
    let (path, content) = root.kustomization().map_err(Error::new)?;
    let located = |text: String| Error::new(text).hint(path.display().to_string());
    let json = yaml::read::parse_one(content.expose()).map_err(|error| {
        let shown = Error::new(format_args!("invalid Kustomization: {}", error.text()));
        match error.hint(&path.display().to_string()) {
            Some(hint) => shown.hint(hint),
            None => shown.hint(path.display().to_string()),
        }
    })?;
    let kustomization = Kustomization::read(json).map_err(located)?;

    above.push(root.path.clone());
    let mut items = Vec::new();
    for resource in &kustomization.resources {
        for item in resources(resource, root, above)? {
            if items.iter().any(|known: &Item| known.id() == item.id() && known.object.kind() == item.object.kind()) {
                let text = format!("may not add resource with an already registered id: {}", item.shown());
                return Err(located(format!("accumulating resources: merging resources from '{resource}': {text}")));
            }
            items.push(item);
        }
    }
    above.pop();

    for generator in &kustomization.secrets {
        let object = generate(generator, &kustomization.options, root).map_err(located)?;
        let plain = kustomization.options.disable_name_suffix_hash || generator.options.disable_name_suffix_hash;
        absorb(&mut items, Item::new(object, !plain), generator.behavior).map_err(located)?;
    }
    transform(&mut items, &kustomization).map_err(located)?;
    // kustomize's `IgnoreLocal`.
    items.retain(|item| item.object.json()["metadata"]["annotations"].get(LOCAL).is_none_or(|local| local == "false"));
    Ok(items)
}

/// What an entry of `resources` stands for.
fn resources(resource: &str, root: &Root, above: &mut Vec<PathBuf>) -> Result<Vec<Item>> {
    let failed = |text: String| Error::new(format_args!("accumulating resources from '{resource}': {text}"));
    if is_remote(resource) {
        return Err(failed("remote resources are not supported".to_owned()));
    }
    if root.path.join(resource).is_dir() {
        return layer(&Root::open(Path::new(resource), &root.path).map_err(failed)?, above);
    }
    let content = root.read(resource).map_err(failed)?;
    let mut items = Vec::new();
    for parsed in yaml::read::Documents::new(content.expose()).exact().with_words() {
        let parsed = parsed.map_err(|error| {
            let shown = failed(error.text().to_owned());
            error.hint(resource).map_or(shown.clone(), |hint| shown.hint(hint))
        })?;
        let mut found = Found { documents: Vec::new(), foreign: None };
        object::take_apart(parsed, resource, &mut found);
        for document in found.documents {
            items.push(Item::new(document?.object, false));
        }
    }
    Ok(items)
}

/// Adds a generated Secret, or joins it with the one that is there.
fn absorb(items: &mut Vec<Item>, mut new: Item, behavior: Behavior) -> std::result::Result<(), String> {
    let id = new.shown();
    let mut matching = items.iter_mut().filter(|item| item.answers_to(&new));
    let (old, more) = (matching.next(), matching.next().is_some());
    let Some(old) = old else {
        if behavior != Behavior::Create {
            return Err(format!("merging from generator: id {id} does not exist; cannot merge or replace"));
        }
        items.push(new);
        return Ok(());
    };
    if more {
        return Err(format!("merging from generator: found multiple objects that could accept merge of {id}"));
    }
    if behavior == Behavior::Create {
        return Err(format!("merging from generator: id {id} exists; behavior must be merge or replace"));
    }
    if behavior == Behavior::Merge && old.object.json().get("stringData").is_some() {
        return Err(format!("merging from generator: {id} has stringData, which kustomize would lose: use data"));
    }
    // A name stays plain once one layer asks for it.
    old.wants_hash &= new.wants_hash;
    let mut before = std::mem::take(&mut old.object);
    let mut keep = |field: &str| {
        let kept = before.json_mut()[field].take();
        if let (Json::Object(kept), Some(slot)) = (kept, new.object.json_mut().get_mut(field)) {
            let replaced = std::mem::replace(slot, Json::Object(kept));
            if let (Json::Object(replaced), Json::Object(slot)) = (replaced, slot) {
                slot.extend(replaced);
            }
        }
    };
    if behavior == Behavior::Merge {
        keep("data");
    }
    // The name and the namespace of old, and what of its labels and annotations is not replaced.
    if let (Some(old), Some(new)) = (before.metadata_mut(), new.object.metadata_mut()) {
        for field in ["labels", "annotations"] {
            let mut joined = old.get(field).and_then(Json::as_object).cloned().unwrap_or_default();
            joined.extend(new.get(field).and_then(Json::as_object).cloned().unwrap_or_default());
            if !joined.is_empty() {
                new.insert(field.to_owned(), Json::Object(joined));
            }
        }
        for field in ["name", "namespace"] {
            match old.get_mut(field) {
                Some(value) => new.insert(field.to_owned(), value.take()),
                None => new.remove(field),
            };
        }
    }
    old.object = new.object;
    Ok(())
}

/// The changes that a kustomization makes to all that it has.
fn transform(items: &mut [Item], kustomization: &Kustomization) -> std::result::Result<(), String> {
    let Kustomization { name_prefix, name_suffix, namespace, labels, annotations, .. } = kustomization;
    for item in items.iter_mut() {
        let before = item.id();
        let is_namespace = item.object.kind() == "Namespace";
        let name = if !is_namespace {
            format!("{name_prefix}{}{name_suffix}", item.object.name())
        } else if namespace.is_empty() {
            before.1.clone()
        } else {
            namespace.clone()
        };
        rename(&mut item.object, name);
        if let Some(metadata) = item.object.metadata_mut() {
            if !is_namespace && !namespace.is_empty() {
                metadata.insert("namespace".to_owned(), namespace.as_str().into());
            }
            put_pairs(metadata, "labels", &labels.iter().collect::<Vec<_>>());
            put_pairs(metadata, "annotations", &[annotations]);
        }
        if item.id() != before {
            item.former.push(before);
        }
    }
    let mut ids: Vec<_> = items.iter().map(|item| (item.object.kind().to_owned(), item.id())).collect();
    ids.sort_unstable();
    match ids.windows(2).find(|pair| pair[0] == pair[1]) {
        Some([(kind, (_, name)), ..]) => Err(format!("namespace transformation produces ID conflict: {kind} {name:?}")),
        _ => Ok(()),
    }
}

fn rename(object: &mut Object, name: String) {
    if let Some(metadata) = object.metadata_mut() {
        metadata.insert("name".to_owned(), Json::String(name));
    }
}
