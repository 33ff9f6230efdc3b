//! `describe` for Secrets and, briefly, Namespaces: names, labels, annotations, and the size of each value. Invariant:
//! no value is printed; kubectl prints the token of a service account in clear.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::{Map, Value as Json};

use super::{details, escape::kubectl_safe, table::Style};
use context::color::{HEADER, fields, paint};
use go::tabwriter;
use secret::LAST_APPLIED;

/// The longest annotation, in bytes with its key, that is printed on the line of its key.
const LONGEST_ANNOTATION: usize = 140;

/// Describes a Secret or a Namespace. `now` asks for the [`details`] of a Secret too.
pub fn object(object: &Json, style: Style, now: Option<Timestamp>) -> String {
    if object["kind"] == "Namespace" { namespace(object, style) } else { secret(object, style, now) }
}

/// Describes a Secret as `kubectl describe` does, or with what is public of its values. Several are separated by two empty
/// lines.
pub fn secret(object: &Json, style: Style, now: Option<Timestamp>) -> String {
    let metadata = &object["metadata"];
    let mut text = String::new();
    field("Name", &metadata["name"], &mut text);
    field("Namespace", &metadata["namespace"], &mut text);
    labels(metadata["labels"].as_object(), &mut text);
    annotations(metadata["annotations"].as_object(), &mut text);
    text.push('\n');
    field("Type", &object["type"], &mut text);
    text.push_str("\nData\n====\n");
    for (key, value) in object["data"].as_object().into_iter().flatten() {
        let length = decoded_length(value.as_str().unwrap_or_default());
        let _ = writeln!(text, "{key}:\t{length} bytes{}", now.map(|_| readable(length)).unwrap_or_default());
    }
    let mut text = align(&text, style);
    if let Some(now) = now {
        text.push_str(&details::of(object, style, now));
    }
    text
}

/// Describes a Namespace as `kubectl describe` does, without quotas and limits, which would take further requests.
pub fn namespace(object: &Json, style: Style) -> String {
    let metadata = &object["metadata"];
    let mut text = String::new();
    field("Name", &metadata["name"], &mut text);
    labels(metadata["labels"].as_object(), &mut text);
    annotations(metadata["annotations"].as_object(), &mut text);
    field("Status", &object["status"]["phase"], &mut text);
    align(&text, style)
}

fn align(text: &str, style: Style) -> String {
    let text = tabwriter::DESCRIPTION.align(&kubectl_safe(text, style.terminal));
    if !style.color {
        return text;
    }
    fields(&text).replacen("\nData\n====\n", &format!("\n{}\n{}\n", paint(HEADER, "Data"), paint(HEADER, "====")), 1)
}

/// Returns a size in KiB, in brackets, where the number of bytes is hard to read.
fn readable(bytes: usize) -> String {
    if bytes < 10_000 { String::new() } else { format!(" ({} KiB)", bytes.div_ceil(1024)) }
}

fn field(name: &str, value: &Json, text: &mut String) {
    let _ = writeln!(text, "{name}:\t{}", value.as_str().unwrap_or_default());
}

fn labels(labels: Option<&Map<String, Json>>, text: &mut String) {
    text.push_str("Labels:");
    for (key, value) in labels.into_iter().flatten() {
        let _ = writeln!(text, "\t{key}={}", value.as_str().unwrap_or_default());
    }
    if labels.is_none_or(Map::is_empty) {
        text.push_str("\t<none>\n");
    }
}

fn annotations(annotations: Option<&Map<String, Json>>, text: &mut String) {
    text.push_str("Annotations:");
    let mut any = false;
    for (key, value) in annotations.into_iter().flatten().filter(|(key, _)| *key != LAST_APPLIED) {
        any = true;
        let value = value.as_str().unwrap_or_default();
        let value = value.strip_suffix('\n').unwrap_or(value);
        if value.len() + key.len() + 2 <= LONGEST_ANNOTATION && !value.contains('\n') {
            let _ = writeln!(text, "\t{key}: {value}");
            continue;
        }
        let _ = writeln!(text, "\t{key}:");
        for line in value.split('\n') {
            let _ = writeln!(text, "\t  {}", shorten(line));
        }
    }
    if !any {
        text.push_str("\t<none>\n");
    }
}

/// Shortens a line of an annotation. kubectl may cut within a character.
fn shorten(line: &str) -> String {
    let mut longest = LONGEST_ANNOTATION - 2;
    if line.len() <= longest {
        return line.to_owned();
    }
    while !line.is_char_boundary(longest) {
        longest -= 1;
    }
    format!("{}...", &line[..longest])
}

/// Returns the size of the bytes that a base64 text encodes, without decoding it.
fn decoded_length(base64: &str) -> usize {
    base64.bytes().filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')).count() * 6 / 8
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn shows_sizes_and_no_values() {
        let object = json!({
            "metadata": { "name": "a", "namespace": "ns", "labels": { "app": "y", "env": "prod" }, "annotations": {} },
            "type": "kubernetes.io/service-account-token",
            "data": { "token": "c2VjcmV0", "USER_NAME": "YWRtaW4=", "one": "MQ==", "two": "MTI=", "none": "" },
        });
        let want = "\
Name:         a
Namespace:    ns
Labels:       app=y
              env=prod
Annotations:  <none>

Type:  kubernetes.io/service-account-token

Data
====
USER_NAME:  5 bytes
none:       0 bytes
one:        1 bytes
token:      6 bytes
two:        2 bytes
";
        assert_eq!(secret(&object, Style::default(), None), want);
    }

    #[test]
    fn namespaces_have_a_status() {
        let namespace = json!({ "kind": "Namespace", "metadata": { "name": "n" }, "status": { "phase": "Active" } });
        let want = "Name:         n\nLabels:       <none>\nAnnotations:  <none>\nStatus:       Active\n";
        assert_eq!(object(&namespace, Style::default(), None), want);
        assert!(object(&json!({ "metadata": { "name": "s" } }), Style::default(), None).contains("Data\n====\n"));
    }

    #[test]
    fn annotations_that_are_long_or_have_lines_are_indented() {
        let long = "x".repeat(150);
        let object = json!({
            "metadata": { "name": "a", "namespace": "ns", "annotations": {
                "empty": "", "long": long, "multi": "one\ntwo\n", "tab": "a\tb", "esc": "\u{1b}[2J\r",
                "kubectl.kubernetes.io/last-applied-configuration": "{}",
            } },
            "type": "Opaque",
        });
        let want = format!(
            "\
Name:         a
Namespace:    ns
Labels:       <none>
Annotations:  empty: \n              esc: ^[[2J\\r
              long:
                {}...
              multi:
                one
                two
              tab: a  b

Type:  Opaque

Data
====
",
            "x".repeat(138)
        );
        assert_eq!(secret(&object, Style::default(), None), want);
    }
}
