//! What is public of the values of a Secret, below its description.

use context::color::{BAD, HEADER, KEY, WARNING, paint};
use go::tabwriter;
use jiff::Timestamp;
use secret::{
    age,
    details::{Certificate, Detail, Expiry, SshKey, Token},
    sanitize,
};
use serde_json::Value as Json;

use super::table::Style;

/// How near the end of something is when it is pointed out, in seconds.
const NEAR: i64 = 30 * 86_400;

/// A line: what it says, of what, and in which colour.
type Row = (&'static str, String, Option<&'static str>);

/// Returns the details of a Secret, each with a heading; nothing if it has none.
pub(super) fn of(secret: &Json, style: Style, now: Timestamp) -> String {
    let mut text = String::new();
    let details = secret::details::of(secret);
    let mut registries = Vec::new();
    for detail in &details {
        match detail {
            Detail::Certificate(certificate) => {
                section(
                    &format!("Certificate {}", certificate.key),
                    &rows_of_certificate(certificate, now),
                    style,
                    &mut text,
                );
            }
            Detail::SshKey(key) => section(&format!("SSH key {}", key.key), &rows_of_ssh(key), style, &mut text),
            Detail::Token(token) => {
                section(&format!("Token {}", token.key), &rows_of_token(token, now), style, &mut text)
            }
            Detail::Registry(registry) => registries.push(registry),
        }
    }
    for registry in registries {
        let user = registry.user.as_deref().unwrap_or("<none>").to_owned();
        section(&format!("Registry {}", registry.server), &[("User", user, None)], style, &mut text);
    }
    text
}

fn rows_of_certificate(certificate: &Certificate, now: Timestamp) -> Vec<Row> {
    let mut rows = vec![("Subject", certificate.subject.clone(), None)];
    if !certificate.names.is_empty() {
        rows.push(("Names", certificate.names.join(", "), None));
    }
    rows.push(("Issuer", certificate.issuer.clone(), None));
    if certificate.not_before > now.as_second() {
        rows.push(("Begins", moment(certificate.not_before), Some(BAD)));
    }
    rows.push(expires(certificate.not_after, now));
    if certificate.count > 1 {
        rows.push(("Chain", format!("{} certificates", certificate.count), None));
    }
    rows
}

fn rows_of_ssh(key: &SshKey) -> Vec<Row> {
    let encrypted = if key.is_encrypted { ", encrypted" } else { "" };
    let mut rows = vec![("Kind", format!("{}{encrypted}", key.kind), None)];
    rows.extend(key.fingerprint.clone().map(|fingerprint| ("Fingerprint", fingerprint, None)));
    rows
}

fn rows_of_token(token: &Token, now: Timestamp) -> Vec<Row> {
    let mut rows: Vec<Row> = token.subject.clone().map(|subject| ("Subject", subject, None)).into_iter().collect();
    let end = match &token.expires {
        None => None,
        Some(Expiry::At(second)) => Some(*second),
        Some(Expiry::Text(text)) => text.trim().parse::<Timestamp>().ok().map(Timestamp::as_second),
    };
    rows.push(end.map_or(("Expires", "never".to_owned(), None), |end| expires(end, now)));
    rows
}

fn expires(end: i64, now: Timestamp) -> Row {
    let left = end - now.as_second();
    let (words, color) = match left {
        ..0 => (format!("expired {} ago", age::human(-left)), Some(BAD)),
        _ => (format!("in {}", age::human(left)), (left < NEAR).then_some(WARNING)),
    };
    ("Expires", format!("{}, {words}", moment(end)), color)
}

fn moment(second: i64) -> String {
    Timestamp::from_second(second).map(|time| time.to_string()).unwrap_or_default()
}

fn section(title: &str, rows: &[Row], style: Style, text: &mut String) {
    if rows.is_empty() {
        return;
    }
    // Why: what stands in a value has no lines of its own.
    let title = sanitize::line(title);
    let bold = |line: &str| if style.color { paint(HEADER, line) } else { line.to_owned() };
    text.push_str(&format!("\n{}\n{}\n", bold(&title), bold(&"=".repeat(title.chars().count()))));
    let lines: String = rows.iter().map(|(name, value, _)| format!("{name}:\t{}\n", sanitize::line(value))).collect();
    for (line, (name, _, color)) in tabwriter::DESCRIPTION.align(&lines).lines().zip(rows) {
        let (field, value) = line.split_at(name.len() + 1);
        match (style.color, color) {
            (false, _) => text.push_str(line),
            (true, color) => {
                text.push_str(&paint(KEY, field));
                text.push_str(&color.map_or_else(|| value.to_owned(), |color| paint(color, value)));
            }
        }
        text.push('\n');
    }
}
