//! The file `kustomization.yaml`: the fields that concern Secrets. Every other is refused by name, never skipped.

use go::quote::quote;
use serde_json::{Map, Value as Json};

/// What a kustomization says.
#[derive(Default)]
pub(super) struct Kustomization {
    pub name_prefix: String,
    pub name_suffix: String,
    pub namespace: String,
    /// Each `labels[].pairs`, then `commonLabels`; a later one replaces an earlier.
    pub labels: Vec<Pairs>,
    pub annotations: Pairs,
    pub resources: Vec<String>,
    pub secrets: Vec<Generator>,
    pub options: GeneratorOptions,
}

pub(super) type Pairs = Vec<(String, String)>;

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

/// What becomes of a Secret of that name which is already there.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behavior {
    /// There must be none.
    #[default]
    Create,
    /// Its entries stay where the generator has none of that name.
    Merge,
    /// Its labels and annotations stay, its entries go.
    Replace,
}

/// `options` of a generator, or `generatorOptions` for all.
#[derive(Default)]
pub(super) struct GeneratorOptions {
    pub labels: Pairs,
    pub annotations: Pairs,
    pub disable_name_suffix_hash: bool,
    pub immutable: bool,
}

/// Fields of kustomize that are not for Secrets alone, or would need a program beside this one.
const UNSUPPORTED: [&str; 23] = [
    "bases",
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

type Result<T> = std::result::Result<T, String>;

impl Kustomization {
    /// Reads the document of a kustomization file.
    pub(super) fn read(json: Json) -> Result<Self> {
        let Json::Object(mut fields) = json else { return Err("kustomization.yaml is empty".to_owned()) };
        fields.remove("metadata");
        match text(&mut fields, "apiVersion")?.as_str() {
            "" | "kustomize.config.k8s.io/v1beta1" => {}
            other => return Err(format!("apiVersion {} of the kustomization is not supported", quote(other))),
        }
        match text(&mut fields, "kind")?.as_str() {
            "" | "Kustomization" => {}
            other => return Err(format!("kind {} of the kustomization is not supported", quote(other))),
        }
        if fields.is_empty() {
            return Err("kustomization.yaml is empty".to_owned());
        }
        let mut labels = maps(&mut fields, "labels")?.into_iter().map(label_pairs).collect::<Result<Vec<_>>>()?;
        labels.push(pairs(&mut fields, "commonLabels")?);
        let read = Self {
            name_prefix: text(&mut fields, "namePrefix")?,
            name_suffix: text(&mut fields, "nameSuffix")?,
            namespace: text(&mut fields, "namespace")?,
            labels,
            annotations: pairs(&mut fields, "commonAnnotations")?,
            resources: texts(&mut fields, "resources")?,
            secrets: maps(&mut fields, "secretGenerator")?.into_iter().map(generator).collect::<Result<_>>()?,
            options: options(&mut fields, "generatorOptions")?,
        };
        none_left(&fields)?;
        Ok(read)
    }
}

fn label_pairs(mut fields: Map<String, Json>) -> Result<Pairs> {
    let found = pairs(&mut fields, "pairs")?;
    // Selectors and templates are for workloads; a Secret has neither.
    for name in ["includeSelectors", "includeTemplates"] {
        flag(&mut fields, name)?;
    }
    if fields.contains_key("fields") {
        return Err(unsupported("labels.fields"));
    }
    none_left(&fields)?;
    Ok(found)
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
            other => return Err(format!("behavior {} must be create, merge or replace", quote(other))),
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
    let mut fields = match fields.remove(name) {
        None | Some(Json::Null) => return Ok(GeneratorOptions::default()),
        Some(Json::Object(fields)) => fields,
        Some(_) => return Err(wrong(name, "a map")),
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
    match fields.keys().next() {
        None => Ok(()),
        Some(name) if UNSUPPORTED.contains(&name.as_str()) => Err(unsupported(name)),
        Some(name) => Err(format!("invalid Kustomization: json: unknown field {}", quote(name))),
    }
}

fn unsupported(name: &str) -> String {
    format!("the kustomization field {name} is not supported")
}

fn wrong(name: &str, wanted: &str) -> String {
    format!("invalid Kustomization: {name} must be {wanted}")
}

fn text(fields: &mut Map<String, Json>, name: &str) -> Result<String> {
    match fields.remove(name) {
        None | Some(Json::Null) => Ok(String::new()),
        Some(Json::String(text)) => Ok(text),
        Some(_) => Err(wrong(name, "a string")),
    }
}

fn flag(fields: &mut Map<String, Json>, name: &str) -> Result<bool> {
    match fields.remove(name) {
        None | Some(Json::Null) => Ok(false),
        Some(Json::Bool(flag)) => Ok(flag),
        Some(_) => Err(wrong(name, "true or false")),
    }
}

fn list(fields: &mut Map<String, Json>, name: &str) -> Result<Vec<Json>> {
    match fields.remove(name) {
        None | Some(Json::Null) => Ok(Vec::new()),
        Some(Json::Array(items)) => Ok(items),
        Some(_) => Err(wrong(name, "a list")),
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
    match fields.remove(name) {
        None | Some(Json::Null) => Ok(Vec::new()),
        Some(Json::Object(map)) => map
            .into_iter()
            .map(|(key, value)| match value {
                Json::String(text) => Ok((key, text)),
                _ => Err(wrong(&format!("{name}.{key}"), "a string")),
            })
            .collect(),
        Some(_) => Err(wrong(name, "a map of strings")),
    }
}
