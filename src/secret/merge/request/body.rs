//! Parses the JSON of a patch: duplicate fields, and Go's words for errors.

use std::collections::HashSet;

use serde_json::Value as Json;

use go::json_read::{self, Node};

/// Go's name for a JSON object of any shape.
pub(super) const MAP: &str = "map[string]interface {}";

/// The most findings that are kept; a header has room for fewer.
const MAX_FINDINGS: usize = 100;

/// Parses JSON; returns it with `duplicate field "PATH"` for every duplicate member (the last one counts).
///
/// # Errors
/// The text of Go's decoder.
pub(super) fn parse(body: &[u8]) -> Result<(Json, Vec<String>), String> {
    let node = json_read::parse(body)?;
    let mut findings = Vec::new();
    duplicates(&node, None, &mut String::new(), &mut findings);
    Ok((node.into_json(), findings))
}

/// The fields of Go's `jsonPatchOp`.
const OPERATION: &[&str] = &["op", "path", "from", "value"];

/// Parses the JSON of a list of operations. Besides duplicates, it finds `unknown field "PATH"` for members that
/// operations do not have, both in the order of the text.
///
/// # Errors
/// The text of Go's decoder.
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

/// Returns Go's error for JSON of the wrong type.
pub(super) fn wrong_type(found: &Json, go_type: &str) -> String {
    format!("json: cannot unmarshal {} into Go value of type {go_type}", go::type_name(found))
}

/// Collects the findings of strict decoding. Of an object with `known` members, others are unknown and not visited.
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

/// Adds a finding, once.
fn find(what: &str, path: &str, findings: &mut Vec<String>) {
    if findings.len() < MAX_FINDINGS {
        let finding = format!("{what} field {}", Json::String(path.to_owned()));
        if !findings.contains(&finding) {
            findings.push(finding);
        }
    }
}
