//! The JSON of a patch: what it is, what is said twice in it, and Go's words for what is wrong with it.

use std::collections::HashSet;

use serde_json::Value as Json;

use super::super::decode::json::{self, Node};

/// What Go calls a JSON object of any shape.
pub(super) const MAP: &str = "map[string]interface {}";

/// How many findings are kept; nobody reads more, and a header carries less.
const MAX_FINDINGS: usize = 100;

/// The JSON, and `duplicate field "PATH"` for every member that is there twice (the last one wins).
///
/// Errors with the text of Go's decoder.
pub(super) fn parse(body: &[u8]) -> Result<(Json, Vec<String>), String> {
    let node = json::parse(body)?;
    let mut findings = Vec::new();
    duplicates(&node, &mut String::new(), &mut findings);
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

fn duplicates(node: &Node, path: &mut String, findings: &mut Vec<String>) {
    let length = path.len();
    match node {
        Node::Object(members) => {
            let mut seen = HashSet::with_capacity(members.len());
            for (name, value) in members {
                if length > 0 {
                    path.push('.');
                }
                path.push_str(name);
                if !seen.insert(name) && findings.len() < MAX_FINDINGS {
                    findings.push(format!("duplicate field {}", Json::String(path.clone())));
                }
                duplicates(value, path, findings);
                path.truncate(length);
            }
        }
        Node::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                path.push_str(&format!("[{at}]"));
                duplicates(item, path, findings);
                path.truncate(length);
            }
        }
        _ => {}
    }
}
