//! The fields of `kustomization.yaml` that concern Secrets. Every other field is refused by name, never ignored.

use std::borrow::Cow;

use go::quote::quote;
use serde_json::{Map, Value as Json};

/// A kustomization.
#[derive(Default)]
pub(super) struct Kustomization {
    pub name_prefix: String,
    pub name_suffix: String,
    pub namespace: String,
    /// Each of `labels`, then `commonLabels`. A later one overrides an earlier one.
    pub labels: Vec<Labels>,
    pub annotations: Pairs,
    pub resources: Vec<String>,
    pub secrets: Vec<Generator>,
    pub options: GeneratorOptions,
}

pub(super) type Pairs = Vec<(String, String)>;

/// Labels, and the fields that get them.
pub(super) struct Labels {
    pub pairs: Pairs,
    places: Vec<Place>,
}

impl Labels {
    /// Returns the fields that get them in a Namespace, or in a Secret.
    pub fn places(&self, is_namespace: bool) -> impl Iterator<Item = &Place> {
        let kind = if is_namespace { "Namespace" } else { "Secret" };
        self.places.iter().filter(move |place| place.kind.is_empty() || place.kind == kind)
    }
}

/// A field of the objects of a kind, which holds a map (kustomize's `FieldSpec`).
pub(super) struct Place {
    pub path: Cow<'static, str>,
    /// Whether the map is created if it is absent.
    pub create: bool,
    /// The kind; empty for any.
    kind: String,
}

/// The field of labels.
pub(super) static LABELS: Place = Place::made("metadata/labels");
/// The field of annotations.
pub(super) static ANNOTATIONS: Place = Place::made("metadata/annotations");

impl Place {
    const fn made(path: &'static str) -> Self {
        Self { path: Cow::Borrowed(path), create: true, kind: String::new() }
    }
}

/// An entry of `secretGenerator`.
#[derive(Default)]
pub(super) struct Generator {
    pub name: String,
    pub namespace: String,
    pub kind: String,
    pub behavior: Behavior,
    pub literals: Vec<String>,
    pub files: Vec<String>,
    pub envs: Vec<String>,
    pub options: GeneratorOptions,
}

/// What a generator does about an existing Secret of its name.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behavior {
    /// It must not exist.
    #[default]
    Create,
    /// Keep its entries, except those that the generator has too.
    Merge,
    /// Keep its labels and annotations, replace its entries.
    Replace,
}

/// `options` of a generator, or `generatorOptions` for all of them.
#[derive(Default)]
pub(super) struct GeneratorOptions {
    pub labels: Pairs,
    pub annotations: Pairs,
    pub disable_name_suffix_hash: bool,
    pub immutable: bool,
}

/// Fields that are not for Secrets alone, need a program beside this one, or are newer than the kustomize in kubectl
/// 1.37.
const UNSUPPORTED: [&str; 23] = [
    "buildMetadata",
    "components",
    "configMapGenerator",
    "configurations",
    "crds",
    "generators",
    "helmChartInflationGenerator",
    "helmCharts",
    "helmGlobals",
    "imageTags",
    "images",
    "includeVolumeClaimTemplates",
    "inventory",
    "openapi",
    "patches",
    "patchesJson6902",
    "patchesStrategicMerge",
    "replacements",
    "replicas",
    "sortOptions",
    "transformers",
    "validators",
    "vars",
];

/// An error of a kustomization.
pub(super) struct Fault {
    pub text: String,
    /// Whether the kustomization is valid, but cannot be built here.
    pub is_foreign: bool,
}

impl From<String> for Fault {
    fn from(text: String) -> Self {
        Self { text, is_foreign: false }
    }
}

type Result<T> = std::result::Result<T, Fault>;

impl Kustomization {
    /// Reads the document of a kustomization file.
    pub(super) fn read(json: Json) -> Result<Self> {
        let Json::Object(mut fields) = json else { return Err("kustomization.yaml is empty".to_owned().into()) };
        match text(&mut fields, "apiVersion")?.as_str() {
            "" | "kustomize.config.k8s.io/v1beta1" => {}
            other => return Err(unsupported(format!("apiVersion {} of the kustomization", quote(other)))),
        }
        match text(&mut fields, "kind")?.as_str() {
            "" | "Kustomization" => {}
            other => return Err(unsupported(format!("kind {} of the kustomization", quote(other)))),
        }
        let is_empty = fields.values().all(|value| value.is_null() || value == "");
        take(&mut fields, "metadata");
        let mut labels = maps(&mut fields, "labels")?.into_iter().map(label).collect::<Result<Vec<_>>>()?;
        labels
            .push(Labels { pairs: pairs(&mut fields, "commonLabels")?, places: vec![Place::made("metadata/labels")] });
        let mut resources = texts(&mut fields, "resources")?;
        resources.extend(texts(&mut fields, "bases")?);
        let read = Self {
            name_prefix: text(&mut fields, "namePrefix")?,
            name_suffix: text(&mut fields, "nameSuffix")?,
            namespace: text(&mut fields, "namespace")?,
            labels,
            annotations: pairs(&mut fields, "commonAnnotations")?,
            resources,
            secrets: maps(&mut fields, "secretGenerator")?.into_iter().map(generator).collect::<Result<_>>()?,
            options: options(&mut fields, "generatorOptions")?,
        };
        none_left(&fields)?;
        if is_empty { Err("kustomization.yaml is empty".to_owned().into()) } else { Ok(read) }
    }
}

/// An entry of `labels`.
fn label(mut fields: Map<String, Json>) -> Result<Labels> {
    let pairs = pairs(&mut fields, "pairs")?;
    // Why these are ignored: they select and fill workloads; a Secret has neither selector nor template.
    for name in ["includeSelectors", "includeTemplates"] {
        flag(&mut fields, name)?;
    }
    let mut places = maps(&mut fields, "fields")?.into_iter().map(place).collect::<Result<Vec<_>>>()?;
    none_left(&fields)?;
    match places.iter().flatten().find(|place| place.path == LABELS.path) {
        Some(place) if !place.create => return Err("failed to merge labels: conflicting fieldspecs".to_owned().into()),
        Some(_) => {}
        None => places.push(Some(Place::made("metadata/labels"))),
    }
    Ok(Labels { pairs, places: places.into_iter().flatten().collect() })
}

/// Reads an entry of `labels[].fields`. Returns `None` if it is for another group or version than Secrets and
/// Namespaces.
fn place(mut fields: Map<String, Json>) -> Result<Option<Place>> {
    let [group, version, kind, path] = ["group", "version", "kind", "path"].map(|name| text(&mut fields, name));
    let create = flag(&mut fields, "create")?;
    none_left(&fields)?;
    let (path, is_core) = (path?, group?.is_empty() && matches!(version?.as_str(), "" | "v1"));
    // Refused: parts that are lists, and escaped slashes.
    if path.contains(['[', '\\', '*']) || path.split('/').any(str::is_empty) {
        return Err(unsupported("this path in the kustomization field labels.fields"));
    }
    Ok(Some(Place { path: Cow::Owned(path), create, kind: kind? }).filter(|_| is_core))
}

fn generator(mut fields: Map<String, Json>) -> Result<Generator> {
    let mut envs = texts(&mut fields, "envs")?;
    envs.extend(Some(text(&mut fields, "env")?).filter(|env| !env.is_empty()));
    let read = Generator {
        name: text(&mut fields, "name")?,
        namespace: text(&mut fields, "namespace")?,
        kind: text(&mut fields, "type")?,
        behavior: match text(&mut fields, "behavior")?.as_str() {
            "" | "create" => Behavior::Create,
            "merge" => Behavior::Merge,
            "replace" => Behavior::Replace,
            other => return Err(format!("behavior {} must be create, merge or replace", quote(other)).into()),
        },
        literals: texts(&mut fields, "literals")?,
        files: texts(&mut fields, "files")?,
        envs,
        options: options(&mut fields, "options")?,
    };
    none_left(&fields)?;
    Ok(read)
}

fn options(fields: &mut Map<String, Json>, name: &str) -> Result<GeneratorOptions> {
    let mut fields = match take(fields, name) {
        Json::Null => return Ok(GeneratorOptions::default()),
        Json::Object(fields) => fields,
        _ => return Err(wrong(name, "a map")),
    };
    let read = GeneratorOptions {
        labels: pairs(&mut fields, "labels")?,
        annotations: pairs(&mut fields, "annotations")?,
        disable_name_suffix_hash: flag(&mut fields, "disableNameSuffixHash")?,
        immutable: flag(&mut fields, "immutable")?,
    };
    none_left(&fields)?;
    Ok(read)
}

fn none_left(fields: &Map<String, Json>) -> Result<()> {
    for (name, value) in fields {
        match UNSUPPORTED.iter().find(|known| known.eq_ignore_ascii_case(name)) {
            None => return Err(format!("invalid Kustomization: json: unknown field {}", quote(name)).into()),
            Some(_) if value.is_null() || value.as_array().is_some_and(Vec::is_empty) => {}
            Some(known) => return Err(unsupported(format!("the kustomization field {known}"))),
        }
    }
    Ok(())
}

/// Removes a field and returns it. As in Go's JSON the case of its name does not matter, and the last of several
/// counts.
fn take(fields: &mut Map<String, Json>, name: &str) -> Json {
    let mut found = Json::Null;
    fields.retain(|key, value| {
        let is_it = key.eq_ignore_ascii_case(name);
        if is_it && !value.is_null() {
            found = value.take();
        }
        !is_it
    });
    found
}

fn unsupported(what: impl std::fmt::Display) -> Fault {
    Fault { text: format!("{what} is not supported"), is_foreign: true }
}

fn wrong(name: &str, wanted: &str) -> Fault {
    format!("invalid Kustomization: {name} must be {wanted}").into()
}

fn text(fields: &mut Map<String, Json>, name: &str) -> Result<String> {
    match take(fields, name) {
        Json::Null => Ok(String::new()),
        Json::String(text) => Ok(text),
        _ => Err(wrong(name, "a string")),
    }
}

fn flag(fields: &mut Map<String, Json>, name: &str) -> Result<bool> {
    match take(fields, name) {
        Json::Null => Ok(false),
        Json::Bool(flag) => Ok(flag),
        _ => Err(wrong(name, "true or false")),
    }
}

fn list(fields: &mut Map<String, Json>, name: &str) -> Result<Vec<Json>> {
    match take(fields, name) {
        Json::Null => Ok(Vec::new()),
        Json::Array(items) => Ok(items),
        _ => Err(wrong(name, "a list")),
    }
}

fn texts(fields: &mut Map<String, Json>, name: &str) -> Result<Vec<String>> {
    list(fields, name)?
        .into_iter()
        .map(|item| if let Json::String(text) = item { Ok(text) } else { Err(wrong(name, "a list of strings")) })
        .collect()
}

fn maps(fields: &mut Map<String, Json>, name: &str) -> Result<Vec<Map<String, Json>>> {
    list(fields, name)?
        .into_iter()
        .map(|item| if let Json::Object(map) = item { Ok(map) } else { Err(wrong(name, "a list of maps")) })
        .collect()
}

fn pairs(fields: &mut Map<String, Json>, name: &str) -> Result<Pairs> {
    match take(fields, name) {
        Json::Null => Ok(Vec::new()),
        Json::Object(map) => map
            .into_iter()
            .map(|(key, value)| match value {
                Json::String(text) => Ok((key, text)),
                Json::Null => Ok((key, String::new())),
                _ => Err(wrong(&format!("{name}.{key}"), "a string")),
            })
            .collect(),
        _ => Err(wrong(name, "a map of strings")),
    }
}
