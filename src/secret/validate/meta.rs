//! Validates `metadata`, as `ValidateObjectMetaAccessor` and `ValidateObjectMetaAccessorUpdate` of apimachinery do.

use serde_json::{Value as Json, json};

use super::{
    field::{FieldError, text},
    names::{label, label_key, label_value, masked, subdomain},
};
use go::json_write::push_string;
use go::quote::{is_print, quote};

/// The message about a field that must not change.
pub(super) const IMMUTABLE: &str = "field is immutable";

/// The largest total size of keys and values of all annotations, in bytes.
const MAX_ANNOTATIONS: usize = 256 * 1024;

/// The longest name of a field manager or subresource, in bytes.
const MAX_MANAGER: usize = 128;
const MAX_SUBRESOURCE: usize = 256;

/// Finalizers without a domain.
const STANDARD_FINALIZERS: [&str; 3] = ["kubernetes", "orphan", "foregroundDeletion"];

/// The rules that differ between kinds.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    namespaced: bool,
    name: fn(&str) -> Vec<String>,
}

impl Rules {
    pub(super) const SECRET: Self = Self { namespaced: true, name: subdomain };
    pub(super) const NAMESPACE: Self = Self { namespaced: false, name: label };
}

/// Validates the metadata of a new object (`ValidateObjectMeta` of core: apimachinery's checks, then its own of
/// finalizers).
pub(super) fn create(metadata: &Json, rules: Rules) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let generate = text(&metadata["generateName"]);
    if !generate.is_empty() {
        for wrong in (rules.name)(&masked(generate)) {
            errors.push(FieldError::invalid("metadata.generateName", &quote(generate), &wrong));
        }
    }
    let name = text(&metadata["name"]);
    if name.is_empty() {
        errors.push(FieldError::required("metadata.name", "name or generateName is required"));
    } else {
        for wrong in (rules.name)(name) {
            errors.push(FieldError::invalid("metadata.name", &quote(name), &wrong));
        }
    }
    common(metadata, rules, &mut errors);
    errors.extend(kube_finalizers(metadata));
    errors
}

/// Does the checks of `BeforeUpdate`, which precede those of the kind: the new metadata as in a create, without the
/// form of its name, then the change itself.
pub(super) fn before_update(new: &Json, old: &Json, rules: Rules) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if text(&new["name"]).is_empty() {
        errors.push(FieldError::required("metadata.name", "name or generateName is required"));
    }
    common(new, rules, &mut errors);
    errors.extend(update(new, old));
    errors
}

/// Validates the change from `old` to `new` (`ValidateObjectMetaAccessorUpdate`). Fields that the server restores if
/// they are missing are compared only if they are set.
pub(super) fn update(new: &Json, old: &Json) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if !old["deletionTimestamp"].is_null() {
        let mut added = strings(&new["finalizers"])
            .filter(|finalizer| !strings(&old["finalizers"]).any(|o| o == *finalizer))
            .collect::<Vec<_>>();
        added.sort_unstable();
        added.dedup();
        if !added.is_empty() {
            let list = added.into_iter().map(quote).collect::<Vec<_>>().join(", ");
            let wrong = format!(
                "no new finalizers can be added if the object is being deleted, found new finalizers []string{{{list}}}"
            );
            errors.push(FieldError::forbidden("metadata.finalizers", &wrong));
        }
    }
    if generation(new) < generation(old) {
        let shown = generation(new).to_string();
        errors.push(FieldError::invalid("metadata.generation", &shown, "must not be decremented"));
    }
    for field in ["name", "namespace", "uid"] {
        let (value, before) = (text(&new[field]), text(&old[field]));
        if !value.is_empty() && value != before {
            errors.push(FieldError::invalid(format!("metadata.{field}"), &quote(value), IMMUTABLE));
        }
    }
    // The server restores the time of a deletion in progress; an update cannot set one.
    let deleted = text(&new["deletionTimestamp"]);
    if !deleted.is_empty() && deleted != text(&old["deletionTimestamp"]) {
        errors.push(FieldError::invalid("metadata.deletionTimestamp", &quote(deleted), IMMUTABLE));
    }
    let grace = &new["deletionGracePeriodSeconds"];
    if !grace.is_null() && *grace != old["deletionGracePeriodSeconds"] {
        errors.push(FieldError::invalid("metadata.deletionGracePeriodSeconds", &grace.to_string(), IMMUTABLE));
    }
    labels(new, &mut errors);
    annotations(new, &mut errors);
    owner_references(new, &mut errors);
    errors
}

/// Does core's own check of finalizers, which names them by index.
pub(super) fn kube_finalizers(metadata: &Json) -> Vec<FieldError> {
    strings(&metadata["finalizers"])
        .enumerate()
        .filter_map(|(i, finalizer)| kube_finalizer(finalizer, &format!("metadata.finalizers[{i}]")))
        .collect()
}

/// Checks that a finalizer without a domain is one of Kubernetes' own.
pub(super) fn kube_finalizer(finalizer: &str, field: &str) -> Option<FieldError> {
    let known = finalizer.contains('/') || STANDARD_FINALIZERS.contains(&finalizer);
    (!known).then(|| {
        let wrong = "name is neither a standard finalizer name nor is it fully qualified";
        FieldError::invalid(field, &quote(finalizer), wrong)
    })
}

/// Checks that a finalizer has the form of a label's key.
pub(super) fn finalizer_name(finalizer: &str, field: &str) -> Vec<FieldError> {
    label_key(finalizer).iter().map(|wrong| FieldError::invalid(field, &quote(finalizer), wrong)).collect()
}

/// Returns the strings of a list.
pub(super) fn strings(list: &Json) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Json::as_str)
}

fn common(metadata: &Json, rules: Rules, errors: &mut Vec<FieldError>) {
    let namespace = text(&metadata["namespace"]);
    if rules.namespaced && !namespace.is_empty() {
        for wrong in label(namespace) {
            errors.push(FieldError::invalid("metadata.namespace", &quote(namespace), &wrong));
        }
    } else if !namespace.is_empty() {
        errors.push(FieldError::forbidden("metadata.namespace", "not allowed on this type"));
    }
    let generation = generation(metadata);
    if generation < 0 {
        let wrong = "must be greater than or equal to 0";
        errors.push(FieldError::invalid("metadata.generation", &generation.to_string(), wrong));
    }
    labels(metadata, errors);
    annotations(metadata, errors);
    owner_references(metadata, errors);
    finalizers(metadata, errors);
    managed_fields(metadata, errors);
}

/// Does the checks of `ValidateManagedFields` that concern what the server takes from a client. Other errors make the
/// server drop the client's list before validation.
fn managed_fields(metadata: &Json, errors: &mut Vec<FieldError>) {
    for (at, entry) in metadata["managedFields"].as_array().into_iter().flatten().enumerate() {
        let field = |name: &str| format!("metadata.managedFields[{at}].{name}");
        let manager = text(&entry["manager"]);
        if manager.len() > MAX_MANAGER {
            errors.push(FieldError::too_long(field("manager"), MAX_MANAGER));
        }
        for (position, character) in manager.char_indices().filter(|(_, c)| !is_print(*c)) {
            let wrong = format!("invalid character U+{:04X} (at position {position})", u32::from(character));
            errors.push(FieldError::invalid(field("manager"), &quote(manager), &wrong));
        }
        if text(&entry["subresource"]).len() > MAX_SUBRESOURCE {
            errors.push(FieldError::too_long(field("subresource"), MAX_SUBRESOURCE));
        }
    }
}

fn generation(metadata: &Json) -> i64 {
    metadata["generation"].as_i64().unwrap_or_default()
}

fn labels(metadata: &Json, errors: &mut Vec<FieldError>) {
    for (key, value) in metadata["labels"].as_object().into_iter().flatten() {
        for wrong in label_key(key) {
            errors.push(FieldError::invalid("metadata.labels", &quote(key), &wrong));
        }
        let value = text(value);
        for wrong in label_value(value) {
            errors.push(FieldError::invalid("metadata.labels", &quote(value), &wrong));
        }
    }
}

fn annotations(metadata: &Json, errors: &mut Vec<FieldError>) {
    let mut size = 0;
    for (key, value) in metadata["annotations"].as_object().into_iter().flatten() {
        for wrong in label_key(&key.to_lowercase()) {
            errors.push(FieldError::invalid("metadata.annotations", &quote(key), &wrong));
        }
        size += key.len() + text(value).len();
    }
    if size > MAX_ANNOTATIONS {
        errors.push(FieldError::too_long("metadata.annotations", MAX_ANNOTATIONS));
    }
}

/// How many further owners that are controllers are reported. Why: each error repeats the whole list, so a request of a
/// few kilobytes would have an answer of hundreds of megabytes, as it has with kube-apiserver.
const MORE_CONTROLLERS: usize = 16;

fn owner_references(metadata: &Json, errors: &mut Vec<FieldError>) {
    const FIELD: &str = "metadata.ownerReferences";
    let references = metadata["ownerReferences"].as_array().map(Vec::as_slice).unwrap_or_default();
    let (mut controller, mut more) = (String::new(), 0);
    for reference in references {
        let version = text(&reference["apiVersion"]);
        if !has_version(version) {
            let field = format!("{FIELD}.apiVersion");
            errors.push(FieldError::invalid(field, &quote(version), "version must not be empty"));
        }
        for field in ["kind", "name", "uid"] {
            if text(&reference[field]).is_empty() {
                errors.push(FieldError::invalid(format!("{FIELD}.{field}"), "\"\"", "must not be empty"));
            }
        }
        if version == "v1" && reference["kind"] == "Event" {
            let wrong = "/v1, Kind=Event is disallowed from being an owner";
            errors.push(FieldError::invalid(FIELD, &owner_json(reference), wrong));
        }
        if reference["controller"] == true {
            let this = format!("{}/{}", text(&reference["kind"]), text(&reference["name"]));
            if controller.is_empty() {
                controller = this;
            } else if more < MORE_CONTROLLERS {
                more += 1;
                let list = references.iter().map(owner_json).collect::<Vec<_>>().join(",");
                let wrong = format!(
                    "Only one reference can have Controller set to true. Found \"true\" in references for \
                     {controller} and {this}"
                );
                errors.push(FieldError::invalid(FIELD, &format!("[{list}]"), &wrong));
            }
        }
    }
}

/// Returns `true` if `schema.ParseGroupVersion` finds a version: in `v1` and `apps/v1`, but not in ``, `apps/` or
/// `a/b/c`.
fn has_version(version: &str) -> bool {
    version.matches('/').count() < 2 && !version.is_empty() && !version.ends_with('/')
}

/// Returns an owner reference as JSON, with the members in the order of the Go type.
fn owner_json(reference: &Json) -> String {
    let mut out = String::from("{");
    for field in ["apiVersion", "kind", "name", "uid"] {
        push_string(&mut out, field);
        out.push(':');
        push_string(&mut out, text(&reference[field]));
        out.push(',');
    }
    for field in ["controller", "blockOwnerDeletion"] {
        if let Some(value) = reference[field].as_bool() {
            out.push_str(&format!("\"{field}\":{value},"));
        }
    }
    out.pop();
    out.push('}');
    out
}

fn finalizers(metadata: &Json, errors: &mut Vec<FieldError>) {
    const FIELD: &str = "metadata.finalizers";
    for finalizer in strings(&metadata["finalizers"]) {
        errors.extend(finalizer_name(finalizer, FIELD));
    }
    let has = |name: &str| strings(&metadata["finalizers"]).any(|finalizer| finalizer == name);
    if has("orphan") && has("foregroundDeletion") {
        let list = json!(strings(&metadata["finalizers"]).collect::<Vec<_>>()).to_string();
        let wrong = "finalizer orphan and foregroundDeletion cannot be both set";
        errors.push(FieldError::invalid(FIELD, &list, wrong));
    }
}
