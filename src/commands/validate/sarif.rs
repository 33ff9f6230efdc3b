//! SARIF 2.1.0 (OASIS), which code scanning reads.

use serde_json::{Value as Json, json};

use super::place::{Place, message};
use crate::findings::{Finding, Level, rules};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// What stands behind the last result.
pub(super) const TAIL: &str = "\n]}]}\n";

/// Returns all up to the first result: the tool and its rules.
pub(super) fn head() -> String {
    let rules: Vec<Json> = rules::ALL
        .iter()
        .map(|rule| {
            json!({
                "id": rule.code,
                "name": rule.name,
                "shortDescription": {"text": rule.what},
                "fullDescription": {"text": format!("{}. {}", rule.what, rule.why)},
                "help": {"text": rule.mend},
                "defaultConfiguration": {"level": level(rule.level)},
            })
        })
        .collect();
    let driver = json!({"name": "ksecret", "version": env!("CARGO_PKG_VERSION"), "rules": rules});
    format!(
        "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":{driver}}},\"results\":["
    )
}

/// Returns a result.
pub(super) fn result(finding: &Finding, place: &Place, line: usize) -> Json {
    let name = [&place.namespace, &place.kind, &place.name].into_iter().chain(&finding.field);
    let name: Vec<&str> = name.map(String::as_str).filter(|part| !part.is_empty()).collect();
    let mut location = json!({"logicalLocations": [{"fullyQualifiedName": name.join("/"), "kind": "resource"}]});
    if let Some(file) = &place.file {
        location["physicalLocation"] =
            json!({"artifactLocation": {"uri": uri(&file.path)}, "region": {"startLine": line.max(1)}});
    }
    json!({
        "ruleId": finding.rule.code,
        "level": level(finding.rule.level),
        "message": {"text": format!("{}: {}", place.shown(), message(finding))},
        "locations": [location],
    })
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    }
}

/// Writes a path as a reference, relative if the path is.
fn uri(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'/');
    if path.contains("://") {
        return path.to_owned();
    }
    let path = path.strip_prefix("./").unwrap_or(path);
    path.bytes()
        .map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
