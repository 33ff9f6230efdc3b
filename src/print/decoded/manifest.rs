//! Manifests with decoded values: text in `stringData`, binary values in `data`.

use serde_json::{Map, Value as Json, json};

use super::{Shape, key, scalar, shape};
use secret::{Object, Value, wipe};

use crate::Order;

/// Decodes an entry of `data` as Go does; `None` if it is not base64.
pub fn decode(base64: &Json) -> Option<Value> {
    Value::from_base64(base64.as_str()?)
}

/// Returns the entries of a Secret by key: those of `data` decoded, and those of `stringData`, which take precedence,
/// as in the API.
///
/// # Errors
/// The key of an entry that is neither base64 nor a string.
pub fn entries(secret: &Json) -> Result<Vec<(String, Value)>, String> {
    let mut entries = std::collections::BTreeMap::new();
    for (key, value) in secret["data"].as_object().into_iter().flatten() {
        entries.insert(key.clone(), decode(value).ok_or_else(|| key.clone())?);
    }
    for (key, value) in secret["stringData"].as_object().into_iter().flatten() {
        entries.insert(key.clone(), Value::new(value.as_str().ok_or_else(|| key.clone())?));
    }
    Ok(entries.into_iter().collect())
}

/// Returns the object with these entries decoded.
pub fn json(secret: &Object, entries: &[(String, Value)]) -> Object {
    let mut json = secret.json().clone();
    if let Some(object) = json.as_object_mut() {
        for field in ["data", "stringData"] {
            if let Some(mut old) = object.remove(field) {
                wipe(&mut old);
            }
        }
        if let Some(metadata) = object.get_mut("metadata").and_then(Json::as_object_mut) {
            metadata.remove("managedFields");
        }
        let (mut text, mut binary) = (Map::new(), Map::new());
        for (key, value) in entries {
            match shape(value) {
                Shape::Text(shown) => text.insert(key.clone(), json!(shown)),
                Shape::Binary(_) => binary.insert(key.clone(), json!(value.to_base64())),
            };
        }
        for (field, map) in [("data", binary), ("stringData", text)] {
            if !map.is_empty() {
                object.insert(field.to_owned(), Json::Object(map));
            }
        }
    }
    Object::new(json)
}

/// Returns [`json`] as YAML in which every byte of the values is preserved and visible.
pub fn yaml(secret: &Object, entries: &[(String, Value)]) -> String {
    let decoded = json(secret, entries);
    let mut out = String::new();
    for (field, value) in decoded.json().as_object().into_iter().flatten() {
        match (field.as_str(), value.as_object()) {
            ("stringData", Some(map)) => {
                out.push_str("stringData:\n");
                for (name, text) in map {
                    out.push_str("  ");
                    key(name, &mut out);
                    out.push_str(": ");
                    scalar(text.as_str().unwrap_or_default(), 2, &mut out);
                }
            }
            _ => {
                let mut member = json!({field: value});
                out.push_str(&yaml::write::portable(&member));
                wipe(&mut member);
            }
        }
    }
    out
}

/// Escapes, beyond what JSON itself does, characters that a terminal would interpret.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        // Outside of strings there are only ASCII characters and line feeds, so the structure does not change.
        if c == '\n' || super::is_visible(c) {
            out.push(c);
            continue;
        }
        let mut units = [0; 2];
        for unit in c.encode_utf16(&mut units) {
            out.push_str(&format!("\\u{unit:04x}"));
        }
    }
    out
}

/// Returns objects as JSON: one as it is, several as a List.
pub fn json_text(objects: &[Object]) -> String {
    match objects {
        [one] => escaped(&go::json_write::to_string(one.json(), Order::Sorted)),
        several => {
            let items: Vec<&Json> = several.iter().map(Object::json).collect();
            let mut list = json!({"apiVersion": "v1", "items": items, "kind": "List"});
            let text = escaped(&go::json_write::to_string(&list, Order::Sorted));
            wipe(&mut list);
            text
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Object {
        Object::new(json!({
            "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "managedFields": []}, "type": "Opaque",
            "data": {"a": "eApc", "b": "/w==", "c": "b2xk"}, "stringData": {"c": "new\u{202e}"},
        }))
    }

    #[test]
    fn text_in_string_data_binary_in_data() {
        let entries = entries(secret().json()).unwrap();
        assert_eq!(
            yaml(&secret(), &entries),
            "apiVersion: v1\ndata:\n  b: /w==\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  a: |-\n    x\n    \\\n  \
             c: \"new\\u202e\"\ntype: Opaque\n"
        );
        let text = json_text(&[json(&secret(), &entries)]);
        assert!(text.contains("\"c\": \"new\\u202e\""), "{text}");
        let read: Json = serde_json::from_str(&text).unwrap();
        assert_eq!(read["stringData"], json!({"a": "x\n\\", "c": "new\u{202e}"}));
    }

    #[test]
    fn what_is_not_base64_is_named() {
        assert_eq!(entries(&json!({"data": {"k": "?"}})).unwrap_err(), "k");
        assert_eq!(entries(&json!({"stringData": {"k": 1}})).unwrap_err(), "k");
    }
}
