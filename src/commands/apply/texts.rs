//! Refuses entries of `stringData` that are not text. Why here: the server's message about them repeats the values.

use serde_json::Value as Json;

use crate::{
    error::{Error, Result},
    manifest::Document,
};

/// Checks that every entry of `stringData` is text or null.
///
/// # Errors
/// kube-apiserver's line for server-side apply, without the values.
pub fn check(document: &Document) -> Result<()> {
    let wrong = |text: &Json| !text.is_string() && !text.is_null();
    let faults: Vec<(&String, &str)> = match &document.object.json()["stringData"] {
        Json::Null => return Ok(()),
        Json::Object(texts) => {
            texts.iter().filter(|(_, text)| wrong(text)).map(|(key, text)| (key, type_of(text))).collect()
        }
        other => return Err(refused(document, &[], &format!(".stringData: expected map, got {}", type_of(other)))),
    };
    match faults.as_slice() {
        [] => Ok(()),
        [(key, found)] => Err(refused(document, &[key], &format!(".stringData.{key}: expected string, got {found}"))),
        [(first, _), ..] => {
            let lines =
                faults.iter().map(|(key, found)| format!("\n  .stringData.{key}: expected string, got {found}"));
            Err(refused(document, &[first], &format!("errors:{}", lines.collect::<String>())))
        }
    }
}

fn refused(document: &Document, keys: &[&str], text: &str) -> Error {
    let object = &document.object;
    let (namespace, name) = (object.namespace().unwrap_or_default(), object.name());
    let error =
        Error::new(format!("failed to create typed patch object ({namespace}/{name}; /v1, Kind=Secret): {text}"));
    document.locate(error, &[&["stringData"], keys].concat()).hint("quote what is to be text")
}

fn type_of(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "a list",
        Json::Object(_) => "a map",
    }
}
