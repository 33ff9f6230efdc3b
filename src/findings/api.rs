//! The rules of the API server, in its words (`secret::validate`), each at its field.

use go::base64;
use secret::{
    Object, string_data, types,
    validate::{self, FieldError, MAX_SECRET_SIZE, Reason},
};
use serde_json::{Map, Value as Json};

use super::{Findings, Remedy, Rule, rules::*, strings};

/// The fields of a Secret and of its metadata, which strict decoding knows.
const FIELDS: [&str; 7] = ["apiVersion", "data", "immutable", "kind", "metadata", "stringData", "type"];
const METADATA: [&str; 15] = [
    "annotations",
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "finalizers",
    "generateName",
    "generation",
    "labels",
    "managedFields",
    "name",
    "namespace",
    "ownerReferences",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// The share of the largest size that is pointed out.
const NEARLY: usize = MAX_SECRET_SIZE / 10 * 9;

/// Checks an object, and returns it as a server would hold it.
pub(super) fn check(object: &Json, is_stored: bool, findings: &mut Findings) -> Object {
    if !is_stored {
        undecodable(object, findings);
        unknown(object, findings);
    }
    let prepared = prepare(object);
    if !is_stored {
        for error in validate::secret_create(prepared.json()) {
            add(&error, findings);
        }
    }
    let size: usize = strings(&prepared.json()["data"]).map(|(_, value)| decoded_len(value)).sum();
    if (NEARLY..=MAX_SECRET_SIZE).contains(&size) {
        let text = format!("the values have {size} of at most {MAX_SECRET_SIZE} bytes");
        findings.of_field(&KS108, &["data"], Remedy::Object, text);
    }
    prepared
}

/// Checks a namespace.
pub(super) fn namespace(object: &Json, findings: &mut Findings) {
    validate::namespace_create(object).iter().for_each(|error| add(error, findings));
}

/// Checks a change.
pub(super) fn update(new: &Json, old: &Json, findings: &mut Findings) {
    let mut new = prepare(new);
    // Why: a manifest need not say in which namespace it lies, nor which version it replaces.
    let namespace = old["metadata"]["namespace"].clone();
    if let Some(metadata) = new.metadata_mut() {
        metadata.insert("namespace".to_owned(), namespace);
    }
    let alone = validate::secret_create(new.json());
    for error in validate::secret_update(new.json(), old) {
        if !alone.contains(&error) {
            let field = place(&error.field);
            let field: Vec<&str> = field.iter().map(String::as_str).collect();
            findings.of_field(&KS109, &field, Remedy::Anew, error.body.clone());
        }
    }
}

fn decoded_len(value: &Json) -> usize {
    value.as_str().map_or(0, |text| text.bytes().filter(|b| !matches!(b, b'=' | b'\r' | b'\n')).count() * 3 / 4)
}

/// Adds what Go's decoder says of values of the wrong type, and of those that are not base64.
fn undecodable(object: &Json, findings: &mut Findings) {
    let wrong = |value: &Json, field: &str, of: &str| {
        format!("json: cannot unmarshal {} into Go struct field Secret.{field} of type {of}", go::type_name(value))
    };
    for (field, of) in [("data", "[]uint8"), ("stringData", "string")] {
        match &object[field] {
            Json::Null => {}
            Json::Object(map) => {
                for (key, value) in map {
                    let text = match value {
                        Json::Null => continue,
                        Json::String(text) if field == "data" => match base64::decode(text.as_bytes()) {
                            Ok(bytes) => {
                                drop(zeroize::Zeroizing::new(bytes));
                                continue;
                            }
                            Err(at) => format!("illegal base64 data at input byte {at}"),
                        },
                        Json::String(_) => continue,
                        other => wrong(other, field, of),
                    };
                    findings.of_field(&KS101, &[field, key], Remedy::Value, text);
                }
            }
            other => {
                let map = if field == "data" { "map[string][]uint8" } else { "map[string]string" };
                findings.of_field(&KS101, &[field], Remedy::Object, wrong(other, field, map));
            }
        }
    }
    for (field, fits, of) in
        [("immutable", object["immutable"].is_boolean(), "bool"), ("type", object["type"].is_string(), "v1.SecretType")]
    {
        if !fits && !object[field].is_null() {
            findings.of_field(&KS101, &[field], Remedy::Object, wrong(&object[field], field, of));
        }
    }
}

/// Adds what strict decoding says of fields that a Secret does not have.
fn unknown(object: &Json, findings: &mut Findings) {
    for (key, _) in strings(object).filter(|(key, _)| !FIELDS.contains(&key.as_str())) {
        findings.of_field(&KS102, &[key], Remedy::Object, format!("unknown field {}", go::quote::quote(key)));
    }
    for (key, _) in strings(&object["metadata"]).filter(|(key, _)| !METADATA.contains(&key.as_str())) {
        let text = format!("unknown field {}", go::quote::quote(&format!("metadata.{key}")));
        findings.of_field(&KS102, &["metadata", key], Remedy::Object, text);
    }
}

/// Returns the object as a server would hold it. What cannot be decoded is null: it was said.
fn prepare(object: &Json) -> Object {
    let mut prepared = Object::new(object.clone());
    let json = prepared.json_mut();
    for field in ["data", "stringData"] {
        match json.get_mut(field) {
            Some(Json::Object(map)) => {
                for value in map.values_mut() {
                    let is_sound = match value {
                        Json::String(text) => field != "data" || secret::Value::from_base64(text).is_some(),
                        _ => false,
                    };
                    if value.is_null() {
                        *value = Json::String(String::new());
                    } else if !is_sound {
                        secret::wipe(value);
                        *value = Json::Null;
                    }
                }
            }
            Some(other) => *other = Json::Object(Map::new()),
            None => {}
        }
    }
    string_data::fold(json, string_data::Nulls::Moved);
    if json["type"].as_str().is_none_or(str::is_empty)
        && let Some(map) = json.as_object_mut()
    {
        map.insert("type".to_owned(), types::OPAQUE.into());
    }
    let generated = json["metadata"]["generateName"].as_str().map(|name| format!("{name}xxxxx"));
    if let Some(name) = generated
        && let Some(metadata) = prepared.metadata_mut()
        && metadata.get("name").and_then(Json::as_str).is_none_or(str::is_empty)
    {
        metadata.insert("name".to_owned(), name.into());
    }
    prepared
}

fn add(error: &FieldError, findings: &mut Findings) {
    let field = place(&error.field);
    let is_data = field.first().is_some_and(|first| first == "data");
    let (rule, remedy): (&'static Rule, Remedy) = match error.reason {
        Reason::TooLong if is_data => (&KS106, Remedy::Object),
        Reason::Required if is_data || error.field.contains(types::SERVICE_ACCOUNT_NAME) => (&KS105, Remedy::Object),
        Reason::Invalid if is_data && error.body.contains("redacted") => (&KS107, Remedy::Docker),
        _ if is_data => (&KS104, Remedy::Object),
        _ => (&KS103, Remedy::Object),
    };
    let field: Vec<&str> = field.iter().map(String::as_str).collect();
    findings.of_field(rule, &field, remedy, error.body.clone());
}

/// Splits the path of a field as the API server writes it: `data[tls.key]`, `metadata.name`.
fn place(field: &str) -> Vec<String> {
    match field.split_once('[').and_then(|(before, rest)| Some((before, rest.strip_suffix(']')?))) {
        Some((before, key)) => before.split('.').chain([key]).map(str::to_owned).collect(),
        None => field.split('.').map(str::to_owned).collect(),
    }
}
