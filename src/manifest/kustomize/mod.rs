//! Kustomizations, as far as Secrets and Namespaces go: `secretGenerator` and its options, `resources` (files and other
//! kustomizations), prefixes, suffixes, namespace, labels, annotations, and names that carry a hash of the content.
//!
//! The order is kustomize's: resources, then generators, then transformations of all; hashes after everything else.
//! Namespaces come first, then objects by namespace and name. A field that is not supported is refused by its name.

mod generate;
mod item;
mod root;
mod schema;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json};

pub use self::root::LoadRestrictions;
use self::{
    generate::{generate, put_pairs},
    item::Item,
    root::Root,
    schema::{ANNOTATIONS, Kustomization},
};
use super::{
    object::{self, Found},
    reading::Input,
};
use context::Env;
use error::{Error, Result};
use secret::{Object, hash::kustomize_suffix};

/// How deep kustomizations may be nested.
const MAX_LAYERS: usize = 32;

/// An object with this annotation is only for tools that read the files. It is left out, unless the value is `false`.
const LOCAL: &str = "config.kubernetes.io/local-config";

/// Builds the kustomization in `directory`, a path relative to the working directory.
///
/// # Errors
/// kustomize's messages, without the values that they repeat; the name of any field that is not supported.
pub fn build(directory: &Path, restrictions: LoadRestrictions, env: &Env) -> Result<Vec<Object>> {
    let shown = directory.to_string_lossy();
    if is_remote(&shown) {
        return Err(Error::new(format_args!("{shown}: remote kustomizations are not supported")).foreign());
    }
    let root = Root::open(directory, env.cwd(), restrictions).map_err(Error::new)?;
    let mut items = layer(&root, &mut Vec::new())?;
    for item in items.iter_mut().filter(|item| item.wants_hash) {
        if item.object.kind() != "Secret" {
            let error = format!("a hash in the name of a {} is not supported", item.object.kind());
            return Err(Error::new(error).foreign());
        }
        let name = format!("{}-{}", item.object.name(), kustomize_suffix(&item.object));
        item.rename(None, name);
    }
    // kustomize's `IgnoreLocal`.
    items.retain(|item| item.object.json()["metadata"]["annotations"].get(LOCAL).is_none_or(|local| local == "false"));
    items.sort_by_cached_key(Item::sort_key);
    Ok(items.into_iter().map(|item| without_internals(item.object)).collect())
}

/// Removes the annotations that kustomize and its functions use internally (`BuildAnnotations` and those of the
/// origin), and empty annotations.
fn without_internals(mut object: Object) -> Object {
    const OWN: [&str; 5] = [
        "alpha.config.kubernetes.io/transformations",
        "config.kubernetes.io/index",
        "config.kubernetes.io/path",
        "config.kubernetes.io/origin",
        "config.k8s.io/id",
    ];
    const INTERNAL: [&str; 16] = [
        "allowKindChange",
        "allowNameChange",
        "annotations-migration-resource-id",
        "generatorBehavior",
        "helm-generated",
        "id",
        "index",
        "needsHashSuffix",
        "path",
        "prefixes",
        "previousKinds",
        "previousNames",
        "previousNamespaces",
        "refBy",
        "seqindent",
        "suffixes",
    ];
    let Some(metadata) = object.metadata_mut() else { return object };
    if let Some(Json::Object(annotations)) = metadata.get_mut("annotations") {
        annotations.retain(|name, _| {
            !OWN.contains(&name.as_str())
                && name.strip_prefix("internal.config.kubernetes.io/").is_none_or(|own| !INTERNAL.contains(&own))
        });
        annotations.values_mut().for_each(item::make_text);
    }
    if metadata.get("annotations").is_some_and(|left| left.is_null() || left.as_object().is_some_and(Map::is_empty)) {
        metadata.remove("annotations");
    }
    object
}

fn is_remote(path: &str) -> bool {
    path.contains("://") || path.contains("git@") || path.starts_with("github.com/") || path.starts_with("git::")
}

/// Builds one kustomization with all that it refers to. `above` are the directories on the way to it; finding one of
/// them again is a cycle.
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
    let kustomization = Kustomization::read(json).map_err(|fault| {
        let error = located(fault.text);
        if fault.is_foreign { error.foreign() } else { error }
    })?;

    above.push(root.path.clone());
    let mut items = Vec::new();
    for resource in &kustomization.resources {
        for item in resources(resource, root, above)? {
            item::append(&mut items, item).map_err(|text| {
                located(format!("accumulating resources: merging resources from '{resource}': {text}"))
            })?;
        }
    }
    above.pop();

    for generator in &kustomization.secrets {
        let object = generate(generator, &kustomization.options, root).map_err(located)?;
        let plain = kustomization.options.disable_name_suffix_hash || generator.options.disable_name_suffix_hash;
        item::absorb(&mut items, Item::generated(object, !plain), generator.behavior).map_err(located)?;
    }
    transform(&mut items, &kustomization).map_err(located)?;
    Ok(items)
}

/// Returns the items of an entry of `resources`.
fn resources(resource: &str, root: &Root, above: &mut Vec<PathBuf>) -> Result<Vec<Item>> {
    let failed = |text: String| Error::new(format_args!("accumulating resources from '{resource}': {text}"));
    if is_remote(resource) {
        return Err(failed("remote resources are not supported".to_owned()).foreign());
    }
    if root.path.join(resource).is_dir() {
        if Path::new(resource).is_absolute() {
            return Err(failed(format!("new root '{resource}' cannot be absolute")));
        }
        return layer(&root.below(Path::new(resource)).map_err(failed)?, above);
    }
    let content = root.read(resource).map_err(failed)?;
    let mut items = Vec::new();
    for parsed in yaml::read::Documents::new(Input::new(content.expose())).exact().with_words() {
        let parsed = parsed.map_err(|error| {
            let shown = failed(error.text().to_owned());
            error.hint(resource).map_or(shown.clone(), |hint| shown.hint(hint))
        })?;
        let mut found = Found::default();
        object::take_apart(parsed, resource, &mut found);
        for document in found.documents {
            let document = document?;
            if document.object.name().is_empty() {
                let error = failed(format!("missing metadata.name in object {}", document.object.kind()));
                return Err(document.locate(error, &["metadata"]));
            }
            items.push(Item::read(document.object));
        }
    }
    Ok(items)
}

/// Applies the transformations of a kustomization to all its items.
fn transform(items: &mut [Item], kustomization: &Kustomization) -> std::result::Result<(), String> {
    let Kustomization { name_prefix, name_suffix, namespace, labels, annotations, .. } = kustomization;
    for item in items.iter_mut() {
        let is_namespace = item.object.kind() == "Namespace";
        let name = item.object.name().to_owned();
        if !namespace.is_empty() {
            match is_namespace {
                true => item.rename(None, namespace.clone()),
                false => item.rename(Some(namespace), name.clone()),
            }
        }
        if !is_namespace && !name_prefix.is_empty() {
            item.rename(None, format!("{name_prefix}{name}"));
        }
        if !is_namespace && !name_suffix.is_empty() {
            item.rename(None, format!("{name_prefix}{name}{name_suffix}"));
        }
        for label in labels {
            for place in label.places(is_namespace) {
                item.label(place, &label.pairs)?;
            }
        }
        put_pairs(item.object.json_mut(), &ANNOTATIONS, &[annotations])?;
    }
    match item::twice(items).filter(|_| !namespace.is_empty()) {
        Some(item) => Err(format!(
            "namespace transformation produces ID conflict: {} {:?}",
            item.object.kind(),
            item.object.name()
        )),
        None => Ok(()),
    }
}
