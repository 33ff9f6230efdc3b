//! What is looked for: every way in which a value may be written down.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use serde_json::Value as Json;

use crate::support::holds;

/// Values of a kind each: words, bytes that are no text, quotes and lines.
pub const TEXT: &str = "leak-marker-text-7f3a";
pub const BINARY: &[u8] = b"\x00\xff\xfeleakmarkerbin\x80\x81\x07";
pub const NASTY: &str = "leak\"marker'one\\\n\tsecond <line> & \u{1b}[2J more\n";

/// Shorter ones would be found in words.
const SHORTEST: usize = 8;

/// The forms to look for.
pub struct Needles(Vec<(Vec<u8>, String)>);

impl Needles {
    /// All forms of the three markers, and of these values beside them.
    pub fn of(others: &[&str]) -> Self {
        let mut needles = Self(Vec::new());
        for value in [TEXT.as_bytes(), BINARY, NASTY.as_bytes()].into_iter().chain(others.iter().map(|o| o.as_bytes()))
        {
            needles.value(value);
        }
        needles.0.retain(|(bytes, _)| bytes.len() >= SHORTEST);
        needles
    }

    fn value(&mut self, value: &[u8]) {
        let short: String =
            String::from_utf8_lossy(value).chars().filter(char::is_ascii_alphanumeric).take(16).collect();
        let mut add = |form: &str, bytes: &[u8]| self.0.push((bytes.to_vec(), format!("{short} ({form})")));
        add("raw", value);
        for line in value.split(|b| *b == b'\n') {
            add("a line of it", line.trim_ascii());
        }
        for (form, text) in [
            ("base64", STANDARD.encode(value)),
            ("base64 for URLs", URL_SAFE_NO_PAD.encode(value)),
            ("hex", hex(value)),
        ] {
            add(form, text.trim_end_matches('=').as_bytes());
            add(form, text.to_uppercase().as_bytes());
        }
        // Inside other base64, at any offset: what depends on this value alone.
        for before in 0..3_usize {
            let padded = [&b"xx"[..before.min(2)], value].concat();
            let text = STANDARD_NO_PAD.encode(&padded);
            let whole = text.get((before * 8).div_ceil(6)..padded.len() * 8 / 6).unwrap_or_default();
            add("base64 inside base64", whole.as_bytes());
        }
        let decimal = value.iter().map(u8::to_string).collect::<Vec<_>>();
        add("Go's list of bytes", decimal.join(" ").as_bytes());
        add("a list of bytes", decimal.join(", ").as_bytes());
        if let Ok(text) = std::str::from_utf8(value) {
            let json = inside(&Json::from(text).to_string());
            let html = json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
            add("JSON", json.as_bytes());
            add("JSON of Go", html.as_bytes());
            add("JSON in JSON", inside(&Json::from(json.as_str()).to_string()).as_bytes());
            add("Rust's Debug", inside(&format!("{text:?}")).as_bytes());
            add("Go's %q", inside(&format!("{text:?}")).replace("\\u{1b}", "\\x1b").as_bytes());
        }
    }

    /// The names of the forms that stand in there.
    pub fn found_in(&self, haystack: &[u8]) -> Vec<&str> {
        self.0.iter().filter(|(needle, _)| holds(haystack, needle)).map(|(_, name)| name.as_str()).collect()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn inside(quoted: &str) -> String {
    quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned()
}

#[test]
fn every_form_is_found() {
    let needles = Needles::of(&[]);
    for text in [
        "x leak-marker-text-7f3a y".to_owned(),
        STANDARD.encode(BINARY),
        STANDARD.encode(format!("{{\"password\":\"{TEXT}\"}}")),
        STANDARD.encode(format!("{{\"passwords\":\"{TEXT}\"}}")),
        STANDARD.encode(format!("{{\"passwordss\":\"{TEXT}\"}}")),
        hex(NASTY.as_bytes()),
        format!("{:?}", BINARY),
        format!("{NASTY:?}"),
        Json::from(NASTY).to_string(),
        Json::from(Json::from(NASTY).to_string()).to_string(),
        "key: |\n  second <line> & \u{1b}[2J more".to_owned(),
    ] {
        assert!(!needles.found_in(text.as_bytes()).is_empty(), "{text}");
    }
    assert!(needles.found_in(b"secret/marker created: leak of text, 21 bytes").is_empty());
}
