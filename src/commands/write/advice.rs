//! Advice about a Secret that a server refuses: the position in the manifest of a value that it cannot accept.

use serde_json::Value as Json;

use crate::{
    manifest::Document,
    secret::{Value, resource::Resource, sanitize},
};

/// Returns the position of the first value that no server accepts, and what it should be; never the value.
pub fn of(document: &Document) -> Option<String> {
    let object = document.object.json();
    if document.object.kind() != Resource::Secrets.kind() {
        return None;
    }
    ["data", "stringData"].into_iter().find_map(|field| {
        let map = object.get(field)?.as_object()?;
        map.iter().find_map(|(key, value)| {
            let fault = fault(field, value)?;
            let origin = &document.origin;
            let line = document.line_of(&[field, key]);
            let key = sanitize::line(key);
            Some(format!("{}, document {}, line {line}: {field}.{key} {fault}", origin.path, origin.document))
        })
    })
}

fn fault(field: &str, value: &Json) -> Option<String> {
    let what = match value {
        Json::Number(_) => "a number",
        Json::Bool(_) => "a boolean",
        Json::Array(_) => "a list",
        Json::Object(_) => "a map",
        Json::String(text) if field == "data" && Value::from_base64(text).is_none() => {
            return Some("is not base64: plain text belongs in stringData".to_owned());
        }
        Json::String(_) | Json::Null => return None,
    };
    Some(match field {
        "data" => format!("is {what} and should be base64; plain text belongs in stringData, in quotes"),
        _ => format!("is {what} and should be text, in quotes"),
    })
}
