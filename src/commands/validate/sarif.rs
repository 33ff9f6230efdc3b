//! SARIF 2.1.0 (OASIS), the format of code scanning.

use super::{
    location::{Location, message},
    members::Members,
};
use crate::findings::{Finding, Level, rules};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The text after the last result.
pub(super) const TAIL: &str = "\n]}]}\n";

/// Returns the text before the first result: the tool and its rules.
pub(super) fn head() -> String {
    let mut rules = String::new();
    for rule in rules::ALL {
        if !rules.is_empty() {
            rules.push(',');
        }
        let mut members = Members::new();
        members.text("id", rule.code).text("name", rule.name).within("shortDescription", "text", rule.what);
        members.within("fullDescription", "text", &format!("{}. {}", rule.what, rule.why));
        members.within("help", "text", rule.remedy);
        rules.push_str(&members.within("defaultConfiguration", "level", level(rule.level)).end());
    }
    let mut driver = Members::new();
    driver.text("name", "ksecret").text("version", env!("CARGO_PKG_VERSION"));
    let driver = driver.json("rules", &format!("[{rules}]")).end();
    format!(
        "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":{driver}}},\"results\":["
    )
}

/// Returns the text of a result.
pub(super) fn result(finding: &Finding, place: &Location, line: usize) -> String {
    let name = [&place.namespace, &place.kind, &place.name].into_iter().chain(&finding.field);
    let name: Vec<&str> = name.map(String::as_str).filter(|part| !part.is_empty()).collect();
    let logical = Members::new().text("fullyQualifiedName", &name.join("/")).text("kind", "resource").end();
    let mut location = Members::new();
    location.json("logicalLocations", &format!("[{logical}]"));
    if let Some(file) = &place.file {
        let mut physical = Members::new();
        physical.within("artifactLocation", "uri", &uri(&file.path));
        let region = format!("{{\"startLine\":{}}}", line.max(1));
        location.json("physicalLocation", &physical.json("region", &region).end());
    }
    let mut result = Members::new();
    result.text("ruleId", finding.rule.code).text("level", level(finding.rule.level));
    result.within("message", "text", &format!("{}: {}", place.shown(), message(finding)));
    result.json("locations", &format!("[{}]", location.end())).end()
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    }
}

/// Returns a path as a URI reference, relative if the path is.
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
