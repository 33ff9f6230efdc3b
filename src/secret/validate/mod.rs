//! Validation as kube-apiserver does it: the field errors of Secrets and Namespaces, in its exact words.
//!
//! Used by the embedded server for its answers, and by commands that fail early with the same words. The order of the
//! checks is that of kube-apiserver (`pkg/apis/core/validation`, `apimachinery/pkg/api/validation`), and so are
//! repetitions: an update checks metadata several times, and `causes` has every result. Invariant: no error repeats a
//! value of `data`.

mod field;
mod meta;
pub mod names;
mod warnings;

use std::collections::HashSet;

use serde_json::{Map, Value as Json};

use self::field::text;
pub use self::{
    field::{FieldError, Reason},
    names::key,
    warnings::{Dedup, dedup_owner_references, warnings},
};
use super::{
    Value,
    types::{
        BASIC_AUTH, DOCKERCFG, DOCKERCFG_KEY, DOCKERCONFIGJSON, DOCKERCONFIGJSON_KEY, PASSWORD_KEY,
        SERVICE_ACCOUNT_NAME, SERVICE_ACCOUNT_TOKEN, SSH_AUTH, SSH_PRIVATE_KEY, TLS, TLS_CERT_KEY, TLS_PRIVATE_KEY,
        USERNAME_KEY,
    },
};
use go::{json_scan, quote::quote};

/// The largest total size of a Secret's values, in bytes (keys are not counted).
pub const MAX_SECRET_SIZE: usize = 1024 * 1024;

/// Returns the message of a 422: `Secret "s" is invalid: FIELD: BODY`, several in brackets. Equal texts are in it once,
/// although each is a cause. `kind` is `Secret`, or `CreateOptions.meta.k8s.io` for options.
pub fn message(kind: &str, name: &str, errors: &[FieldError]) -> String {
    let subject = format!("{kind} {} is invalid", quote(name));
    if errors.is_empty() {
        return subject;
    }
    format!("{subject}: {}", joined(errors.iter().map(|error| (error.field.as_str(), error.body.as_str()))))
}

/// Joins errors, each a field and a text, as `utilerrors.Aggregate` does: equal ones once, several in brackets.
pub fn joined<'a>(errors: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut seen = HashSet::new();
    let texts = errors.filter(|error| seen.insert(*error)).map(|(field, body)| format!("{field}: {body}"));
    let texts = texts.collect::<Vec<_>>();
    match texts.as_slice() {
        [one] => one.clone(),
        several => format!("[{}]", several.join(", ")),
    }
}

/// Validates a Secret that is to be created (`ValidateSecret`).
///
/// `secret` must be decoded and prepared: `stringData` folded into `data`, `type` defaulted, the name generated, the
/// base64 valid. A missing namespace is not an error here, since the URL has it.
pub fn secret_create(secret: &Json) -> Vec<FieldError> {
    let metadata = &secret["metadata"];
    let mut errors = meta::create(metadata, meta::Rules::SECRET);
    errors.extend(contents(secret));
    errors
}

/// Validates an update of a Secret from `old` to `new` (`BeforeUpdate`, then `ValidateSecretUpdate`).
///
/// `new` must be prepared as for [`secret_create`]. Whether its `data` is `{}` or absent matters for an immutable
/// Secret, as it does for kube-apiserver. Fields that the server restores if they are missing (UID, timestamps,
/// resourceVersion) may be absent.
pub fn secret_update(new: &Json, old: &Json) -> Vec<FieldError> {
    const SET: &str = "field is immutable when `immutable` is set";
    let (new_meta, old_meta) = (&new["metadata"], &old["metadata"]);
    let mut errors = meta::before_update(new_meta, old_meta, meta::Rules::SECRET);
    errors.extend(meta::update(new_meta, old_meta));
    errors.extend(meta::kube_finalizers(new_meta));

    let (new_type, old_type) = (text(&new["type"]), text(&old["type"]));
    if new_type != old_type {
        errors.push(FieldError::invalid("type", &quote(new_type), meta::IMMUTABLE));
    }
    if old["immutable"] == true {
        if new["immutable"] != true {
            errors.push(FieldError::forbidden("immutable", SET));
        }
        if !same_data(&new["data"], &old["data"]) {
            errors.push(FieldError::forbidden("data", SET));
        }
    }
    errors.extend(secret_create(new));
    errors
}

/// Validates a Namespace that is to be created (`ValidateNamespace`).
pub fn namespace_create(namespace: &Json) -> Vec<FieldError> {
    let mut errors = meta::create(&namespace["metadata"], meta::Rules::NAMESPACE);
    for finalizer in meta::strings(&namespace["spec"]["finalizers"]) {
        errors.extend(meta::finalizer_name(finalizer, "spec.finalizers"));
        errors.extend(meta::kube_finalizer(finalizer, "spec.finalizers"));
    }
    errors
}

/// Validates an update of a Namespace (`ValidateNamespaceUpdate`; its spec is restored, not checked).
pub fn namespace_update(new: &Json, old: &Json) -> Vec<FieldError> {
    let (new_meta, old_meta) = (&new["metadata"], &old["metadata"]);
    let mut errors = meta::before_update(new_meta, old_meta, meta::Rules::NAMESPACE);
    errors.extend(meta::update(new_meta, old_meta));
    errors.extend(meta::kube_finalizers(new_meta));
    errors
}

/// Validates an update of a Namespace's status (`ValidateNamespaceStatusUpdate`): its phase must agree with
/// `deletionTimestamp`.
pub fn namespace_status_update(new: &Json, old: &Json) -> Vec<FieldError> {
    let mut errors = namespace_update(new, old);
    let (phase, wrong) = match new["metadata"]["deletionTimestamp"].as_str() {
        None => ("Active", "may only be 'Active' if `deletionTimestamp` is empty"),
        Some(_) => ("Terminating", "may only be 'Terminating' if `deletionTimestamp` is not empty"),
    };
    let given = text(&new["status"]["phase"]);
    if given != phase {
        errors.push(FieldError::invalid("status.Phase", &quote(given), wrong));
    }
    errors
}

/// Validates an update of a Namespace's `spec.finalizers` (`ValidateNamespaceFinalizeUpdate`).
pub fn namespace_finalize_update(new: &Json, old: &Json) -> Vec<FieldError> {
    let mut errors = namespace_update(new, old);
    for (index, finalizer) in meta::strings(&new["spec"]["finalizers"]).enumerate() {
        let field = format!("spec.finalizers[{index}]");
        errors.extend(meta::finalizer_name(finalizer, &field));
        errors.extend(meta::kube_finalizer(finalizer, &field));
    }
    errors
}

/// Validates keys, sizes, and the keys that the type requires.
fn contents(secret: &Json) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let none = Map::new();
    let data = secret["data"].as_object().unwrap_or(&none);
    let mut size = 0;
    for (name, value) in data {
        for wrong in key(name) {
            errors.push(FieldError::invalid(format!("data[{name}]"), &quote(name), &wrong));
        }
        size += value.as_str().map_or(0, decoded_len);
    }
    if size > MAX_SECRET_SIZE {
        errors.push(FieldError::too_long("data", MAX_SECRET_SIZE));
    }
    type_rules(secret, data, &mut errors);
    errors
}

fn type_rules(secret: &Json, data: &Map<String, Json>, errors: &mut Vec<FieldError>) {
    let missing = |key: &str| FieldError::required(format!("data[{key}]"), "");
    match text(&secret["type"]) {
        SERVICE_ACCOUNT_TOKEN => {
            let named = !text(&secret["metadata"]["annotations"][SERVICE_ACCOUNT_NAME]).is_empty();
            let field = || format!("metadata.annotations[{SERVICE_ACCOUNT_NAME}]");
            errors.extend((!named).then(|| FieldError::required(field(), "")));
        }
        DOCKERCFG => errors.extend(json_value(data, DOCKERCFG_KEY)),
        DOCKERCONFIGJSON => errors.extend(json_value(data, DOCKERCONFIGJSON_KEY)),
        BASIC_AUTH => {
            let neither = !data.contains_key(USERNAME_KEY) && !data.contains_key(PASSWORD_KEY);
            errors.extend(neither.then(|| [missing(USERNAME_KEY), missing(PASSWORD_KEY)]).into_iter().flatten());
        }
        SSH_AUTH => {
            let empty = data.get(SSH_PRIVATE_KEY).is_none_or(|value| text(value).is_empty());
            errors.extend(empty.then(|| missing(SSH_PRIVATE_KEY)));
        }
        TLS => {
            let keys = [TLS_CERT_KEY, TLS_PRIVATE_KEY];
            errors.extend(keys.into_iter().filter(|key| !data.contains_key(*key)).map(missing));
        }
        _ => {}
    }
}

/// Checks that an entry exists and is a JSON object (or `null`).
fn json_value(data: &Map<String, Json>, key: &str) -> Option<FieldError> {
    let field = format!("data[{key}]");
    let Some(value) = data.get(key) else {
        return Some(FieldError::required(field, ""));
    };
    let bytes = Value::from_base64(text(value)).unwrap_or_default();
    let wrong = json_scan::unmarshal_map(bytes.expose()).err()?;
    Some(FieldError::invalid(field, &quote("<secret contents redacted>"), &wrong))
}

/// Returns what `reflect.DeepEqual` says of two decoded `data`: an absent map differs from an empty one, but a `null`
/// value equals an empty value, and base64 may have line breaks.
fn same_data(new: &Json, old: &Json) -> bool {
    fn bytes(value: &Json) -> impl Iterator<Item = u8> {
        text(value).bytes().filter(|b| !matches!(b, b'\r' | b'\n'))
    }
    match (new.as_object(), old.as_object()) {
        (Some(new), Some(old)) => {
            new.len() == old.len()
                && new.iter().all(|(name, value)| old.get(name).is_some_and(|o| bytes(value).eq(bytes(o))))
        }
        (None, None) => true,
        _ => false,
    }
}

/// Returns how many bytes a base64 text encodes.
fn decoded_len(base64: &str) -> usize {
    base64.bytes().filter(|b| !matches!(b, b'=' | b'\r' | b'\n')).count() * 3 / 4
}

#[cfg(test)]
mod tests;
