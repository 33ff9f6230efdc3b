//! A manifest made fit to be applied: `stringData` folded into `data`, nothing of client-side apply's bookkeeping in it.
//!
//! The server owns `stringData` and `data` apart, and so never removes from `data` what a later apply leaves out of
//! `stringData` (kubernetes/kubernetes#123843): a client must send `data` only.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value as Json};

use crate::{
    commands::create::LAST_APPLIED,
    error::{Error, Result},
    manifest::Document,
    secret::wipe,
};

/// Folds `stringData` into `data`, over entries of the same key, as the server does.
///
/// # Errors
/// What is no text, by its key: the server's line about it repeats the value.
pub fn string_data(document: &mut Document) -> Result<()> {
    let Some(mut texts) = document.object.json_mut().as_object_mut().and_then(|map| map.remove("stringData")) else {
        return Ok(());
    };
    let outcome = fold(&texts, document);
    wipe(&mut texts);
    outcome
}

fn fold(texts: &Json, document: &mut Document) -> Result<()> {
    let faults: Vec<(String, &str)> = match texts {
        Json::Object(texts) => {
            let wrong = |text: &Json| !text.is_string() && !text.is_null();
            let wrong = texts.iter().filter(|(_, text)| wrong(text));
            wrong.map(|(key, text)| (key.clone(), type_of(text))).collect()
        }
        Json::Null => Vec::new(),
        other => return Err(refused(document, &[], &format!(".stringData: expected map, got {}", type_of(other)))),
    };
    match faults.as_slice() {
        [] => {}
        [(key, found)] => {
            let text = format!(".stringData.{key}: expected string, got {found}");
            return Err(refused(document, &[key], &text));
        }
        [(first, _), ..] => {
            let lines =
                faults.iter().map(|(key, found)| format!("\n  .stringData.{key}: expected string, got {found}"));
            return Err(refused(document, &[first], &format!("errors:{}", lines.collect::<String>())));
        }
    }
    let (Json::Object(texts), Json::Object(object)) = (texts, document.object.json_mut()) else { return Ok(()) };
    let data = object.entry("data").or_insert(Json::Null);
    if data.is_null() {
        *data = Json::Object(Map::new());
    }
    if let Json::Object(data) = data {
        for (key, text) in texts {
            data.insert(key.clone(), STANDARD.encode(text.as_str().unwrap_or_default()).into());
        }
    }
    Ok(())
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

/// Takes kubectl's annotation out of a manifest, and says whether it was there: what `get -o yaml` prints of an object
/// that kubectl applied has it.
pub fn strip(document: &mut Document) -> bool {
    let Some(metadata) = document.object.metadata_mut() else { return false };
    let Some(annotations) = metadata.get_mut("annotations").and_then(Json::as_object_mut) else { return false };
    let Some(mut taken) = annotations.remove(LAST_APPLIED) else { return false };
    wipe(&mut taken);
    if annotations.is_empty() {
        metadata.remove("annotations");
    }
    true
}
