//! Go templates and jsonpath, on an object that holds the marker wherever a Secret holds values.

use std::sync::LazyLock;

use go::{
    jsonpath::{self, JsonPath},
    limits::Limits,
    template::{self, Template},
};
use serde_json::{Value as Json, json};

use super::MARKER;

static OBJECT: LazyLock<Json> = LazyLock::new(|| {
    json!({
        "apiVersion": "v1",
        "big": 12_345_678_901_234_567_890_u64,
        "data": {"bad": format!("@{MARKER}"), "k": "dg==", "empty": "", "tls.crt": MARKER},
        "f": 1.5,
        "items": [
            {"kind": "Secret", "metadata": {"name": "a", "labels": {"app": "x"}}, "data": {"k": MARKER}},
            {"kind": "Secret", "metadata": {"name": "b"}, "data": {"k": "YQ=="}, "type": "Opaque"},
        ],
        "kind": "Secret",
        "l": [1, "a", null, {"n": 2, "x": true}, {"n": 3}, [[["deep"]]]],
        "metadata": {"generation": 7, "labels": {"app": "y"}, "name": "x", "annotations": {"a": "b"}},
        "nil": null,
        "s": "hé\"\n<&'=\u{1}",
        "t": true,
    })
});

const LIMITS: Limits = Limits { steps: 20_000, bytes: 1 << 20 };

/// Whether an error may be shown: it has the template, perhaps several times, and no value.
fn discreet(error: &str, text: &str) {
    if !text.contains(MARKER) {
        super::discreet(error, 1_000 + 20 * text.len());
    }
}

/// Go templates end, within what they may cost, and no error of theirs repeats a value.
pub fn template(data: &[u8]) {
    let Some((first, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let parsed = match Template::parse(text) {
        Ok(parsed) => parsed.limits(LIMITS),
        Err(message) => {
            let (line, column) = template::error_position(text).expect("a place");
            assert!(line >= 1 && column >= 1 && line <= 1 + text.matches('\n').count(), "{line}:{column}");
            return discreet(&template::parse_failure(text, &message), text);
        }
    };
    assert_eq!(template::error_position(text), None);
    let (output, error) = parsed.execute(&OBJECT, first % 2 == 0);
    assert!(output.len() <= LIMITS.bytes, "{} bytes", output.len());
    if let Some(message) = error {
        discreet(&template::execute_failure(text, &message), text);
    }
}

/// So do jsonpath templates; and what finds something also prints it.
pub fn jsonpath(data: &[u8]) {
    let Some((first, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    if let Ok(relaxed) = jsonpath::relaxed(text) {
        let _ = JsonPath::parse(&relaxed);
    }
    let parsed = match JsonPath::parse(text) {
        Ok(parsed) => parsed.limits(LIMITS).allow_missing(first % 2 == 0),
        Err(message) => {
            let (line, column) = jsonpath::error_position(text).expect("a place");
            assert!(line >= 1 && column >= 1 && line <= 1 + text.matches('\n').count(), "{line}:{column}");
            return discreet(&jsonpath::parse_failure(text, &message), text);
        }
    };
    let (printed, as_json, found) = (parsed.execute(&OBJECT), parsed.execute_as_json(&OBJECT), parsed.find(&OBJECT));
    assert!(found.is_ok() || (printed.is_err() && as_json.is_err()), "what is printed was not found");
    for error in [printed.err(), as_json.err(), found.err()].into_iter().flatten() {
        discreet(&jsonpath::execute_failure(text, &error), text);
    }
}
