//! Collects the values in an object, a list or a patch.

use serde_json::{Map, Value as Json};

use super::{Kind, Known, LAST_APPLIED};
use crate::Value;

/// Adds the values in `object`. Of JSON that is not an object, only a list (a JSON patch) has any.
pub(super) fn object(object: &Json, known: &mut Known) {
    match object {
        Json::Object(members) => {
            for field in ["data", "stringData"] {
                members.get(field).into_iter().for_each(|values| below(values, 0, known));
            }
            last_applied(object, known);
            for item in members.get("items").and_then(Json::as_array).into_iter().flatten() {
                self::object(item, known);
            }
        }
        Json::Array(operations) => operations.iter().for_each(|operation| of_operation(operation, known)),
        _ => {}
    }
}

fn last_applied(object: &Json, known: &mut Known) {
    let annotation = &object["metadata"]["annotations"][LAST_APPLIED];
    match annotation.as_str().map(serde_json::from_str::<Json>) {
        None => below(annotation, 0, known),
        Some(Ok(mut applied)) if applied.is_object() => {
            // Why: an annotation inside the annotation would be visited for ever.
            applied["metadata"] = Json::Null;
            self::object(&applied, known);
            crate::wipe(&mut applied);
        }
        // It is not an object: all of it may be a value.
        Some(_) => below(annotation, 0, known),
    }
}

/// Adds every scalar below `json`. Keys of the map itself are names; keys below them may be values that were indented
/// wrongly: `data: {k: {PASSWORD: x}}`.
fn below(json: &Json, depth: usize, known: &mut Known) {
    match json {
        Json::String(text) => {
            known.add(text.as_bytes(), Kind::Text);
            if let Some(bytes) = Value::from_base64(text) {
                known.add(bytes.expose(), Kind::Text);
            }
        }
        Json::Number(number) => known.add(number.to_string().as_bytes(), Kind::Number),
        Json::Bool(word) => known.add(word.to_string().as_bytes(), Kind::Bool),
        Json::Null => {}
        Json::Array(items) => items.iter().for_each(|item| below(item, depth + 1, known)),
        Json::Object(members) => {
            // Directives of strategic merge patches (`$patch`) are not keys.
            for (key, value) in members.iter().filter(|(key, _)| !key.starts_with('$')) {
                if depth > 0 {
                    known.add(key.as_bytes(), Kind::Text);
                }
                below(value, depth + 1, known);
            }
        }
    }
}

/// Adds the values of an operation, after putting them where its path leads.
fn of_operation(operation: &Json, known: &mut Known) {
    let (Some(path), Some(value)) = (operation["path"].as_str(), operation.get("value")) else { return };
    let mut whole = value.clone();
    // Deeper elements add nothing that the upper ones do not; a hostile path must not nest without a limit.
    let segments: Vec<&str> = path.split('/').skip(1).take(8).collect();
    for segment in segments.into_iter().rev() {
        let mut outer = Map::new();
        outer.insert(segment.replace("~1", "/").replace("~0", "~"), whole);
        whole = Json::Object(outer);
    }
    object(&whole, known);
    crate::wipe(&mut whole);
}
