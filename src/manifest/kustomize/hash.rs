//! The suffix that kustomize gives a generated Secret: a digest of its type and data.

use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::secret::Object;

/// Ten letters and digits: SHA-256 of `{"data":…,"kind":"Secret","name":"","type":…}` as Go writes it.
pub(super) fn suffix(secret: &Object) -> String {
    let json = secret.json();
    let mut text = Zeroizing::new(String::from("{\"data\":{"));
    for (at, (key, value)) in json["data"].as_object().into_iter().flatten().enumerate() {
        if at > 0 {
            text.push(',');
        }
        push_quoted(&mut text, key);
        text.push(':');
        push_quoted(&mut text, value.as_str().unwrap_or_default());
    }
    text.push_str("},\"kind\":\"Secret\",\"name\":\"\",\"type\":");
    push_quoted(&mut text, json["type"].as_str().unwrap_or_default());
    text.push('}');
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(5).flat_map(|byte| [byte >> 4, byte & 15]).map(letter).collect()
}

/// A string as `encoding/json` writes it, with what HTML claims escaped.
fn push_quoted(out: &mut String, text: &str) {
    for character in Json::from(text).to_string().chars() {
        match character {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(character))),
            other => out.push(other),
        }
    }
}

/// A hexadecimal digit, with those replaced that would make words or be misread.
fn letter(digit: u8) -> char {
    match char::from_digit(u32::from(digit), 16).unwrap_or_default() {
        '0' => 'g',
        '1' => 'h',
        '3' => 'k',
        'a' => 'm',
        'e' => 't',
        other => other,
    }
}
