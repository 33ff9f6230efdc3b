//! Repairs values where there is no doubt about what was meant: bytes that carry no meaning, and that make a value unreadable
//! or wrong. Base64 that was encoded twice is not among them: it could be meant.

use go::pem::blocks;
use secret::{
    Value,
    types::{self, BASIC_AUTH, BOOTSTRAP_TOKEN, SERVICE_ACCOUNT_TOKEN, SSH_AUTH, SSH_PRIVATE_KEY},
};
use serde_json::{Map, Value as Json};
use zeroize::Zeroizing;

use super::Rule;
use crate::rules::{KS213, KS301, KS302, KS303, KS308};

const MARK: &[u8] = b"\xEF\xBB\xBF";
const BEGIN: &[u8] = b"-----BEGIN ";
const DASHES: &[u8] = b"-----";

/// The ends of the names of keys whose value is one line, whatever the type is.
const LINES: [&str; 13] = [
    "accesskey",
    "accesskeyid",
    "apikey",
    "passphrase",
    "passwd",
    "password",
    "pwd",
    "secretaccesskey",
    "secretkey",
    "token",
    "user",
    "userid",
    "username",
];

/// A value that was repaired.
pub struct Repaired {
    /// The value as it should be.
    pub value: Zeroizing<Vec<u8>>,
    /// The rules that found something.
    pub rules: Vec<&'static Rule>,
}

/// Repairs the value of a key of a Secret of this type, but for what `skipped` rules find; `None` if there is nothing to repair.
pub fn of(kind: &str, key: &str, value: &[u8], skipped: &[&'static Rule]) -> Option<Repaired> {
    // What is no text has no ends of lines. What is blank is found to be that, and is not repaired by being a little shorter.
    std::str::from_utf8(value).ok().filter(|text| !text.trim_ascii().is_empty())?;
    let mut repaired = Zeroizing::new(value.to_vec());
    let mut rules: Vec<&'static Rule> = Vec::new();
    let steps: [(&'static Rule, Step); 5] = [
        (&KS303, without_mark),
        (&KS308, with_lines_of_pem),
        (&KS302, with_ends_of_unix),
        (&KS301, without_newline),
        (&KS213, with_newline),
    ];
    for (rule, step) in steps.into_iter().filter(|(rule, _)| !skipped.contains(rule)) {
        if let Some(next) = step(kind, key, &repaired) {
            repaired = Zeroizing::new(next);
            rules.push(rule);
        }
    }
    (!rules.is_empty()).then_some(Repaired { value: repaired, rules })
}

/// Repairs the values of a Secret as a server holds it; returns those that change, in base64, and puts them into the Secret.
pub fn values(secret: &mut Json, skipped: &[&'static Rule]) -> Map<String, Json> {
    let kind = secret["type"].as_str().unwrap_or_default().to_owned();
    let mut changed = Map::new();
    for (key, value) in secret.get_mut("data").and_then(Json::as_object_mut).into_iter().flatten() {
        let Some(bytes) = value.as_str().and_then(Value::from_base64) else { continue };
        if let Some(repaired) = of(&kind, key, bytes.expose(), skipped) {
            let text = Value::new(repaired.value.as_slice()).to_base64();
            secret::wipe(value);
            *value = text.as_str().into();
            changed.insert(key.clone(), text.into());
        }
    }
    changed
}

/// Returns the value after one kind of repair, or `None` if it needs none.
type Step = fn(&str, &str, &[u8]) -> Option<Vec<u8>>;

/// Takes a byte order mark away, where what follows is not read with it.
pub(super) fn without_mark(kind: &str, key: &str, value: &[u8]) -> Option<Vec<u8>> {
    let mut rest = value.strip_prefix(MARK)?;
    while let Some(more) = rest.strip_prefix(MARK) {
        rest = more;
    }
    let is_read_without = is_pem(rest) || is_json(key, rest) || is_line(kind, key);
    (is_read_without && std::str::from_utf8(rest).is_ok()).then(|| rest.to_vec())
}

/// Ends lines as Unix does, in PEM.
pub(super) fn with_ends_of_unix(_: &str, _: &str, value: &[u8]) -> Option<Vec<u8>> {
    if !is_pem(value) || blocks(value).next().is_none() || !value.windows(2).any(|pair| pair == b"\r\n") {
        return None;
    }
    let mut out = Vec::with_capacity(value.len());
    for byte in value {
        // Why all of them: one that was left would be repaired the next time.
        while *byte == b'\n' && out.ends_with(b"\r") {
            out.pop();
        }
        out.push(*byte);
    }
    Some(out)
}

/// Takes away the newlines behind a value that is one line by its type or its key.
pub(super) fn without_newline(kind: &str, key: &str, value: &[u8]) -> Option<Vec<u8>> {
    let line = one_line(value)?;
    (is_line(kind, key) && line.len() < value.len() && !is_pem(value)).then(|| line.to_vec())
}

/// Adds the newline that OpenSSH's own form of keys ends with.
pub(super) fn with_newline(kind: &str, key: &str, value: &[u8]) -> Option<Vec<u8>> {
    let is_key = kind == SSH_AUTH && key == SSH_PRIVATE_KEY && value.ends_with(b"-----END OPENSSH PRIVATE KEY-----");
    (is_key && blocks(value).next().is_some()).then(|| [value, b"\n"].concat())
}

/// Puts PEM whose lines were joined by spaces, by `\n` or by nothing back into lines. `None` if it can be read already, and
/// if it could not be read then either.
pub(super) fn with_lines_of_pem(_: &str, _: &str, value: &[u8]) -> Option<Vec<u8>> {
    let begins = count_pem(value);
    if begins == 0 || blocks(value).count() >= begins {
        return None;
    }
    let text = std::str::from_utf8(value).ok()?;
    let mut out = Zeroizing::new(String::with_capacity(text.len() + text.len() / 32 + 64));
    let mut rest = strip_space(text);
    while !rest.is_empty() {
        let after = rest.strip_prefix("-----BEGIN ")?;
        let (label, after) = after.split_once("-----")?;
        let (body, after) = after.split_once("-----END ")?;
        rest = strip_space(after.strip_prefix(label)?.strip_prefix("-----")?);
        if label.contains(['\\', '\n', '-']) || body.contains(':') {
            return None;
        }
        out.push_str(&format!("-----BEGIN {label}-----"));
        let body = Zeroizing::new(body.replace("\\r", " ").replace("\\n", " "));
        for (at, digit) in body.split_whitespace().flat_map(str::chars).enumerate() {
            if at.is_multiple_of(64) {
                out.push('\n');
            }
            out.push(digit);
        }
        out.push_str(&format!("\n-----END {label}-----\n"));
    }
    (blocks(out.as_bytes()).count() == begins).then(|| out.as_bytes().to_vec())
}

/// Takes white space away from the front, written out or not.
fn strip_space(text: &str) -> &str {
    let mut rest = text.trim_start();
    while let Some(more) = rest.strip_prefix("\\n").or_else(|| rest.strip_prefix("\\r")) {
        rest = more.trim_start();
    }
    rest
}

/// Returns whether a value begins as PEM.
pub(super) fn is_pem(value: &[u8]) -> bool {
    value.trim_ascii_start().starts_with(BEGIN)
}

/// Returns how many blocks a value seems to have that begins as PEM.
pub(super) fn count_pem(value: &[u8]) -> usize {
    if !is_pem(value) {
        return 0;
    }
    let begins = value.windows(BEGIN.len()).enumerate().filter(|(_, part)| *part == BEGIN);
    begins.filter(|(at, _)| *at == 0 || value.get(at.saturating_sub(DASHES.len())..*at) != Some(DASHES)).count()
}

/// Returns whether a value is JSON by its key, or looks like it.
pub(super) fn is_json(key: &str, value: &[u8]) -> bool {
    key.ends_with(".json")
        || matches!(key, types::DOCKERCFG_KEY | types::DOCKERCONFIGJSON_KEY)
        || matches!(value.trim_ascii_start().first(), Some(b'{' | b'[')) && value.contains(&b'"')
}

/// Returns whether the value of a key is one line: by the type, or by what the key is called.
pub(super) fn is_line(kind: &str, key: &str) -> bool {
    match kind {
        BASIC_AUTH => matches!(key, types::USERNAME_KEY | types::PASSWORD_KEY),
        BOOTSTRAP_TOKEN => key != "description",
        SERVICE_ACCOUNT_TOKEN => matches!(key, "token" | "namespace"),
        _ => {
            let name: String =
                key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
            LINES.iter().any(|end| name.ends_with(end))
        }
    }
}

/// Returns a value without the newlines at its end, if it is one line of text then.
pub(super) fn one_line(value: &[u8]) -> Option<&[u8]> {
    let mut line = value;
    // Why: a carriage return means something only in front of a newline.
    if value.ends_with(b"\n") {
        while let [rest @ .., b'\n' | b'\r'] = line {
            line = rest;
        }
    }
    (!line.is_empty() && !line.contains(&b'\n') && std::str::from_utf8(line).is_ok()).then_some(line)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use secret::types::OPAQUE;

    use super::*;
    use crate::{Remedy, Settings, check};

    fn repaired(kind: &str, key: &str, value: &str) -> Option<String> {
        of(kind, key, value.as_bytes(), &[]).map(|repaired| String::from_utf8(repaired.value.to_vec()).expect("text"))
    }

    #[test]
    fn only_what_is_beyond_doubt() {
        let pem = "-----BEGIN A-----\nMQ==\n-----END A-----\n";
        for (kind, key, value, expected) in [
            (BASIC_AUTH, "password", "a\n", Some("a")),
            (BASIC_AUTH, "password", "a\r\n\n", Some("a")),
            (BASIC_AUTH, "password", "a\nb\n", None),
            (BASIC_AUTH, "password", "\n", None),
            (BASIC_AUTH, "password", " \n", None),
            (OPAQUE, "DB_PASSWORD", "a\n", Some("a")),
            (OPAQUE, "motd", "a\n", None),
            (OPAQUE, "token", "\u{FEFF}a\r\n", Some("a")),
            (OPAQUE, "motd", "\u{FEFF}a", None),
            (OPAQUE, "x.json", "\u{FEFF}{}", Some("{}")),
            (OPAQUE, "x", "-----BEGIN A-----\\nMQ==\\n-----END A-----\\n", Some(pem)),
            (OPAQUE, "x", "-----BEGIN A----- MQ== -----END A-----", Some(pem)),
            (OPAQUE, "x", "-----BEGIN A-----MQ==-----END A-----", Some(pem)),
            (OPAQUE, "x", "-----BEGIN A-----\r\nMQ==\r\n-----END A-----\r\n", Some(pem)),
            (OPAQUE, "x", pem, None),
            (OPAQUE, "x", "-----BEGIN A----- M!== -----END A-----", None),
            (OPAQUE, "x", "aGVsbG8gd29ybGQ=", None),
        ] {
            assert_eq!(repaired(kind, key, value).as_deref(), expected, "{kind} {key} {value:?}");
        }
    }

    proptest! {
        #![proptest_config(crate::properties::config(512))]

        #[test]
        fn once_is_enough(
            parts in proptest::collection::vec(proptest::sample::select(vec![
                "\u{FEFF}", "a", " ", "\n", "\r\n", "\r", "\\n", "\\r", "-----BEGIN A-----", "-----END A-----", "MQ==", "{", "\"",
                "-----BEGIN OPENSSH PRIVATE KEY-----", "-----END OPENSSH PRIVATE KEY-----", ":",
            ]), 0..12),
            kind in proptest::sample::select(vec![OPAQUE, BASIC_AUTH, SSH_AUTH, types::TLS, BOOTSTRAP_TOKEN]),
            key in proptest::sample::select(vec!["password", "ssh-privatekey", "tls.crt", "token-id", "x", "x.json"]),
        ) {
            let value = parts.concat();
            let findings = |value: &[u8]| {
                let object = serde_json::json!({
                    "metadata": {"name": "s"}, "type": kind, "data": {key: secret::Value::new(value).to_base64()}
                });
                check(&object, &Settings { now: 0, expiry_warn: 0, is_stored: true }).0
            };
            let fixes = |value: &[u8]| findings(value).iter().filter(|found| found.remedy == Remedy::Fix).count();
            let repaired = of(kind, key, value.as_bytes(), &[]);
            prop_assert_eq!(repaired.is_some(), fixes(value.as_bytes()) > 0, "{:?}", value);
            if let Some(repaired) = repaired {
                prop_assert!(of(kind, key, &repaired.value, &[]).is_none(), "{:?}", value);
                prop_assert_eq!(fixes(&repaired.value), 0);
            }
        }
    }
}
