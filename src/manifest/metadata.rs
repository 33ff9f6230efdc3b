//! The field types of `metadata`. kubectl checks them before it sends an object, with the errors of Go's
//! `encoding/json`.

use serde_json::Value as Json;

/// An error, and the path of the key that it is about.
pub(super) struct Fault {
    pub text: String,
    pub path: Vec<String>,
}

/// A Go type of a field of `ObjectMeta`.
enum Type {
    Text,
    Bool,
    Int,
    Time,
    /// Any JSON.
    Raw,
    Texts,
    TextMap,
    /// A list of structs: the name and fields of the struct.
    List(&'static str, &'static [(&'static str, Type)]),
}

const OBJECT_META: &[(&str, Type)] = &[
    ("annotations", Type::TextMap),
    ("creationTimestamp", Type::Time),
    ("deletionGracePeriodSeconds", Type::Int),
    ("deletionTimestamp", Type::Time),
    ("finalizers", Type::Texts),
    ("generateName", Type::Text),
    ("generation", Type::Int),
    ("labels", Type::TextMap),
    ("managedFields", Type::List("ManagedFieldsEntry", MANAGED_FIELDS)),
    ("name", Type::Text),
    ("namespace", Type::Text),
    ("ownerReferences", Type::List("OwnerReference", OWNER_REFERENCE)),
    ("resourceVersion", Type::Text),
    ("selfLink", Type::Text),
    ("uid", Type::Text),
];

const MANAGED_FIELDS: &[(&str, Type)] = &[
    ("apiVersion", Type::Text),
    ("fieldsType", Type::Text),
    ("fieldsV1", Type::Raw),
    ("manager", Type::Text),
    ("operation", Type::Text),
    ("subresource", Type::Text),
    ("time", Type::Time),
];

const OWNER_REFERENCE: &[(&str, Type)] = &[
    ("apiVersion", Type::Text),
    ("blockOwnerDeletion", Type::Bool),
    ("controller", Type::Bool),
    ("kind", Type::Text),
    ("name", Type::Text),
    ("uid", Type::Text),
];

/// Checks the metadata of an object.
pub(super) fn check(object: &Json) -> Result<(), Fault> {
    match &object["metadata"] {
        Json::Null => Ok(()),
        metadata @ Json::Object(_) => {
            check_struct(metadata, "ObjectMeta", OBJECT_META, &mut vec!["metadata".to_owned()])
        }
        other => Err(Fault {
            text: format!(
                "json: cannot unmarshal {} into Go struct field metadataOnlyObject.metadata of type v1.ObjectMeta",
                go::type_name(other)
            ),
            path: vec!["metadata".to_owned()],
        }),
    }
}

fn check_struct(json: &Json, name: &str, fields: &[(&str, Type)], path: &mut Vec<String>) -> Result<(), Fault> {
    for (field, kind) in fields {
        if let Some(value) = json.get(field) {
            path.push((*field).to_owned());
            check_field(value, kind, name, path)?;
            path.pop();
        }
    }
    Ok(())
}

fn check_field(value: &Json, kind: &Type, owner: &str, path: &mut Vec<String>) -> Result<(), Fault> {
    let mismatch = |value: &Json, wanted: &str, path: &[String]| {
        // Go's error has no list indices in its path.
        let shown: Vec<&str> = path.iter().map(String::as_str).filter(|name| name.parse::<usize>().is_err()).collect();
        Err(Fault {
            text: format!(
                "json: cannot unmarshal {} into Go struct field {owner}.{} of type {wanted}",
                go::type_name(value),
                shown.join(".")
            ),
            path: path.to_vec(),
        })
    };
    match (kind, value) {
        (_, Json::Null) | (Type::Raw, _) | (Type::Text, Json::String(_)) | (Type::Bool, Json::Bool(_)) => Ok(()),
        (Type::Int, Json::Number(number)) if number.is_i64() => Ok(()),
        (Type::Text, other) => mismatch(other, "string", path),
        (Type::Bool, other) => mismatch(other, "bool", path),
        (Type::Int, other) => mismatch(other, "int64", path),
        (Type::Time, Json::String(text)) if is_time(text) => Ok(()),
        (Type::Time, Json::String(_)) => Err(Fault {
            text: format!("the time in {} is not of the form 2006-01-02T15:04:05Z", path.join(".")),
            path: path.clone(),
        }),
        (Type::Time, other) => mismatch(other, "string", path),
        (Type::Texts, Json::Array(items)) => match items.iter().find(|item| !item.is_string() && !item.is_null()) {
            Some(item) => mismatch(item, "string", path),
            None => Ok(()),
        },
        (Type::Texts, other) => mismatch(other, "[]string", path),
        (Type::TextMap, Json::Object(map)) => {
            match map.iter().find(|(_, value)| !value.is_string() && !value.is_null()) {
                Some((key, value)) => mismatch(value, "string", path)
                    .map_err(|fault: Fault| Fault { path: [fault.path, vec![key.clone()]].concat(), ..fault }),
                None => Ok(()),
            }
        }
        (Type::TextMap, other) => mismatch(other, "map[string]string", path),
        (Type::List(name, fields), Json::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                match item {
                    Json::Null => {}
                    Json::Object(_) => {
                        path.push(index.to_string());
                        check_struct(item, name, fields, path)?;
                        path.pop();
                    }
                    other => return mismatch(other, &format!("v1.{name}"), path),
                }
            }
            Ok(())
        }
        (Type::List(name, _), other) => mismatch(other, &format!("[]v1.{name}"), path),
    }
}

fn is_time(text: &str) -> bool {
    text.len() >= 20 && text.as_bytes().get(10) == Some(&b'T') && text.parse::<jiff::Timestamp>().is_ok()
}
