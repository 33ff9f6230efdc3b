//! The JSON of a patch: what it is, what is said twice in it, and Go's words for what is wrong with it.

use std::collections::HashSet;

use serde_json::Value as Json;

use go::json_read::{self, Node};

/// What Go calls a JSON object of any shape.
pub(super) const MAP: &str = "map[string]interface {}";

/// The most findings that are kept: a header carries fewer.
const MAX_FINDINGS: usize = 100;

/// The JSON, and `duplicate field "PATH"` for every member that is there twice (the last one wins).
///
/// Errors with the text of Go's decoder.
pub(super) fn parse(body: &[u8]) -> Result<(Json, Vec<String>), String> {
    let node = json_read::parse(body)?;
    let mut findings = Vec::new();
    duplicates(&node, None, &mut String::new(), &mut findings);
    Ok((node.into_json(), findings))
}

/// The members of Go's `jsonPatchOp`.
const OPERATION: &[&str] = &["op", "path", "from", "value"];

/// The JSON of a list of operations. Beside duplicates, `unknown field "PATH"` for members that operations do not have,
/// both in the order of the text.
///
/// Errors with the text of Go's decoder.
pub(super) fn parse_operations(body: &[u8]) -> Result<(Json, Vec<String>), String> {
    let node = json_read::parse(body)?;
    let mut findings = Vec::new();
    if let Node::Array(operations) = &node {
        for (at, operation) in operations.iter().enumerate() {
            duplicates(operation, Some(OPERATION), &mut format!("[{at}]"), &mut findings);
        }
    }
    Ok((node.into_json(), findings))
}

/// Go's complaint about JSON of the wrong type.
pub(super) fn wrong_type(found: &Json, go_type: &str) -> String {
    format!("json: cannot unmarshal {} into Go value of type {go_type}", type_name(found))
}

/// Go's name for the type of a JSON value.
pub(super) fn type_name(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "bool",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

/// Looks for what strict reading finds. Of an object with `known` members, others are unknown and not looked into.
fn duplicates(node: &Node, known: Option<&[&str]>, path: &mut String, findings: &mut Vec<String>) {
    let length = path.len();
    match node {
        Node::Object(members) => {
            let mut seen = HashSet::with_capacity(members.len());
            for (name, value) in members {
                if length > 0 {
                    path.push('.');
                }
                path.push_str(name);
                if known.is_some_and(|known| !known.contains(&name.as_str())) {
                    find("unknown", path, findings);
                } else {
                    if !seen.insert(name) {
                        find("duplicate", path, findings);
                    }
                    duplicates(value, None, path, findings);
                }
                path.truncate(length);
            }
        }
        Node::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                path.push_str(&format!("[{at}]"));
                duplicates(item, None, path, findings);
                path.truncate(length);
            }
        }
        _ => {}
    }
}

/// Adds a finding that is not there yet.
fn find(what: &str, path: &str, findings: &mut Vec<String>) {
    if findings.len() < MAX_FINDINGS {
        let finding = format!("{what} field {}", Json::String(path.to_owned()));
        if !findings.contains(&finding) {
            findings.push(finding);
        }
    }
}
