//! Names and result lines: `secret/NAME`, `secret/NAME created`.

use serde_json::Value as Json;

use super::escape;

/// Returns `secret/NAME`, or with a group `thing.example.com/NAME`. An object without a kind counts as a Secret, since
/// items of a typed list have none. The name is escaped on one line: no API server accepts a name with control
/// characters, but this need not be one.
pub fn of(object: &Json) -> String {
    // As cli-runtime's `NamePrinter`.
    let name = object["metadata"]["name"].as_str().filter(|name| !name.is_empty()).unwrap_or("<unknown>");
    let kind = object["kind"].as_str().filter(|kind| !kind.is_empty()).unwrap_or("Secret").to_lowercase();
    let (name, kind) = (escape::cell(name, true), escape::cell(&kind, true));
    match object["apiVersion"].as_str().unwrap_or_default().split_once('/') {
        Some((group, _)) => format!("{kind}.{group}/{name}"),
        None => format!("{kind}/{name}"),
    }
}

/// Returns kubectl's line about what a command did: `secret/NAME created`, `secret/NAME created (dry run)`.
pub fn result(object: &Json, operation: &str) -> String {
    format!("{} {operation}", of(object))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_have_kind_and_group() {
        assert_eq!(of(&json!({ "kind": "Secret", "apiVersion": "v1", "metadata": { "name": "a" } })), "secret/a");
        assert_eq!(of(&json!({ "metadata": { "name": "a" } })), "secret/a");
        assert_eq!(of(&json!({ "kind": "X", "apiVersion": "g.io/v1", "metadata": { "name": "a" } })), "x.g.io/a");
        assert_eq!(result(&json!({ "metadata": { "name": "a" } }), "created (dry run)"), "secret/a created (dry run)");
    }
}
