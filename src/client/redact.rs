//! Takes values out of what a server says. Its errors sometimes repeat what they complain about, up to the whole object.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value as Json;
use zeroize::Zeroizing;

use crate::secret::LAST_APPLIED;

/// What stands where a value stood.
const MARK: &str = "<redacted>";

/// `message` without `values`, be they plain, in base64, quoted as Go quotes or escaped as JSON; and without objects
/// that the message repeats after `Invalid value: `, which may hold values that we do not know.
pub(super) fn redact(message: &str, values: &[&[u8]]) -> String {
    let mut message = without_objects(message);
    let mut forms: Vec<Zeroizing<String>> = values.iter().flat_map(|value| forms(value)).collect();
    // The longest first: one value may be a part of another.
    forms.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.as_str().cmp(b.as_str())));
    forms.dedup();
    for form in &forms {
        message = replace(&message, form);
    }
    message
}

/// Every value that an object carries, decoded and as written.
pub(super) fn values_of(object: &Json) -> Vec<Zeroizing<Vec<u8>>> {
    let mut values = Vec::new();
    collect(object, &mut values);
    values
}

fn collect(object: &Json, values: &mut Vec<Zeroizing<Vec<u8>>>) {
    let entries = |field: &str| object[field].as_object().into_iter().flat_map(|map| map.values());
    for text in entries("data").filter_map(Json::as_str) {
        values.push(Zeroizing::new(text.as_bytes().to_vec()));
        if let Ok(bytes) = STANDARD.decode(text) {
            values.push(Zeroizing::new(bytes));
        }
    }
    for value in entries("stringData") {
        match value {
            Json::String(text) => values.push(Zeroizing::new(text.as_bytes().to_vec())),
            other => values.push(Zeroizing::new(other.to_string().into_bytes())),
        }
    }
    for item in object["items"].as_array().into_iter().flatten() {
        collect(item, values);
    }
    if let Some(applied) = object["metadata"]["annotations"][LAST_APPLIED].as_str()
        && let Ok(mut applied) = serde_json::from_str::<Json>(applied)
    {
        // An annotation inside the annotation would be a loop.
        applied["metadata"] = Json::Null;
        collect(&applied, values);
        crate::secret::wipe(&mut applied);
    }
}

/// How a value may be written.
fn forms(value: &[u8]) -> Vec<Zeroizing<String>> {
    // A server's words hold any one to three characters by themselves; taking those out would say nothing and hide much.
    if value.len() < 4 {
        return Vec::new();
    }
    let mut forms = vec![Zeroizing::new(STANDARD.encode(value))];
    if let Ok(text) = std::str::from_utf8(value) {
        let quoted = quoted(text);
        let json = Zeroizing::new(Json::from(text).to_string());
        let json = json.trim_matches('"');
        let html = json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
        forms.extend([json.to_owned(), self::quoted(json), self::quoted(&html), html].map(Zeroizing::new));
        forms.push(Zeroizing::new(quoted));
        // As it stands in a message that was made fit for a terminal.
        forms.push(Zeroizing::new(crate::secret::sanitize::text(text).into_owned()));
        forms.push(Zeroizing::new(text.to_owned()));
        let trimmed = text.trim();
        if !trimmed.is_empty() {
            forms.push(Zeroizing::new(trimmed.to_owned()));
        }
    }
    forms
}

/// The inside of Go's `%q`.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            c if c.is_ascii_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// Replaces `form`; a very short one only where it stands alone, or nothing of the message would remain.
fn replace(message: &str, form: &str) -> String {
    if form.is_empty() {
        return message.to_owned();
    }
    let mut out = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(at) = rest.find(form) {
        let (before, tail) = rest.split_at(at);
        let after = tail.get(form.len()..).unwrap_or_default();
        out.push_str(before);
        let alone = !out.ends_with(|c: char| c.is_alphanumeric()) && !after.starts_with(|c: char| c.is_alphanumeric());
        out.push_str(if form.len() > 3 || alone { MARK } else { form });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Cuts whole objects, as JSON, as Go prints its maps and structures, and either of them in quotes: whatever stands so
/// after `Invalid value: `, and elsewhere what speaks of `data`. Rather too much goes than too little.
pub(super) fn without_objects(message: &str) -> String {
    const INTRO: &str = "Invalid value: ";
    let mut out = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(at) = object_start(rest, INTRO) {
        let (before, tail) = rest.split_at(at);
        let always = before.ends_with(INTRO);
        let end = if tail.starts_with('"') {
            quoted_end(tail)
        } else if let Some(end) = json_end(tail) {
            end
        } else if let Some(end) = pair_end(tail).filter(|end| !always && !speaks_of_data(tail, *end)) {
            end
        } else {
            last_bracket(tail)
        };
        out.push_str(before);
        if always || speaks_of_data(tail, end) {
            out.push_str(MARK);
            rest = tail.get(end..).unwrap_or_default();
        } else {
            // Braces of another kind: there may be an object further on.
            let first = if tail.starts_with('"') { 2 } else { 1 };
            out.push_str(tail.get(..first).unwrap_or_default());
            rest = tail.get(first..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    out
}

fn speaks_of_data(text: &str, end: usize) -> bool {
    text.get(..end).is_some_and(|object| object.contains("data") || object.contains("Data"))
}

/// Where the first bracket is closed, values not understood.
fn pair_end(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' if depth == 1 => return Some(at + 1),
            '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// Where the next object or list begins, its opening quote included.
fn object_start(text: &str, intro: &str) -> Option<usize> {
    let list = text.match_indices('[').map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).unwrap_or_default();
        before.ends_with(intro) || before.strip_suffix('"').is_some_and(|before| before.ends_with(intro))
    });
    let at = [text.find('{'), text.find("map["), list].into_iter().flatten().min()?;
    let before = text.get(..at).unwrap_or_default();
    Some(if before.ends_with('"') && !before.ends_with("\\\"") { at - 1 } else { at })
}

/// The end of a JSON value that is one.
fn json_end(text: &str) -> Option<usize> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
    values.next()?.ok()?;
    Some(values.byte_offset())
}

/// The end of what is no JSON: its values may hold brackets of their own, so it ends with the last one of all that
/// follows, and where they do not come in pairs (it was cut short), with all that follows.
fn last_bracket(text: &str) -> usize {
    let Some(last) = text.rfind(['}', ']']) else { return text.len() };
    let object = text.get(..=last).unwrap_or_default();
    let count = |brackets: [char; 2]| object.matches(brackets).count();
    if count(['{', '[']) == count(['}', ']']) { last + 1 } else { text.len() }
}

/// The values in the body of a request: an object, a patch that looks like one, or a JSON patch.
pub(super) fn values_of_body(body: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
    let Ok(mut body) = serde_json::from_slice::<Json>(body) else { return Vec::new() };
    let mut values = values_of(&body);
    for operation in body.as_array().into_iter().flatten() {
        let value = &operation["value"];
        match operation["path"].as_str().unwrap_or_default() {
            "" => collect(value, &mut values),
            path if path.starts_with("/data/") || path.starts_with("/stringData/") => {
                let key = path.trim_start_matches('/').split('/').next().unwrap_or_default();
                let mut object = serde_json::json!({key: {"value": value}});
                collect(&object, &mut values);
                crate::secret::wipe(&mut object);
            }
            path @ ("/data" | "/stringData") => {
                let mut object = serde_json::json!({path.trim_start_matches('/'): value});
                collect(&object, &mut values);
                crate::secret::wipe(&mut object);
            }
            _ => {}
        }
    }
    crate::secret::wipe(&mut body);
    values
}

/// Where a Go-quoted string ends; the end of all when it does not.
fn quoted_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn finds_a_value_in_every_form() {
        let value = b"pa\"ss\n<w>".as_slice();
        for message in [
            "x: cGEic3MKPHc+ y",
            "x: pa\"ss\n<w> y",
            r#"x: pa\"ss\n<w> y"#,
            r#"x: pa\"ss\n\u003cw\u003e y"#,
            r#"x: pa\\\"ss\\n<w> y"#,
        ] {
            assert_eq!(redact(message, &[value]), "x: <redacted> y", "{message}");
        }
        assert_eq!(redact("the value\u{1} here", &[b"value\x01"]), "the <redacted> here");
        assert_eq!(redact(r"the value\x01 here", &[b"value\x01"]), "the <redacted> here");
    }

    #[test]
    fn longer_values_go_first_and_short_ones_only_alone() {
        assert_eq!(redact("secret-long secret", &[b"secret", b"secret-long"]), "<redacted> <redacted>");
        assert_eq!(
            redact("data[abcd]: value \"abcd\" at abcd", &[b"abcd"]),
            "data[<redacted>]: value \"<redacted>\" at <redacted>"
        );
        assert_eq!(redact("invalid character 'x'", &[b"", b"x", b"inv"]), "invalid character 'x'");
    }

    #[test]
    fn whole_objects_go_whether_known_or_not() {
        assert_eq!(
            redact(r#"patch: Invalid value: "map[data:map[K:NOT*BASE64]]": error decoding from json: illegal"#, &[]),
            "patch: Invalid value: <redacted>: error decoding from json: illegal"
        );
        assert_eq!(
            redact(r#"a: Invalid value: "{\"data\":{\"k\":\"dg==\"}}": b, c: Invalid value: {"d":["}"]}: e"#, &[]),
            "a: Invalid value: <redacted>: b, c: Invalid value: <redacted>: e"
        );
        for (object, tail) in [
            (r#"{"kind":"Secret","data":{"k":"dg}=="}}"#, ": boom"),
            (r#""{\"kind\":\"Secret\",\"data\":{\"k\":\"dg==\"}}""#, ": boom"),
            (r#"{\"kind\":\"Secret\",\"data\":{\"k\":\"dg==\"}}"#, ": boom\") has"),
            ("map[data:map[k:a]b] kind:Secret]", ""),
            ("map[data:map[k:dg==] kind:Secret]", ": boom"),
            ("&Secret{Data:map[string][]byte{k: [1 2],},}", ": boom"),
            (r#"{"data":{"k":"dg==","#, ""),
        ] {
            let text = redact(&format!("a {{b}} c: {object}{tail}"), &[]);
            let name = if object.starts_with('&') { "&Secret" } else { "" };
            assert_eq!(text, format!("a {{b}} c: {name}<redacted>{tail}"), "{object}");
        }
        assert_eq!(redact("a: Invalid value: \"Bogus\": text", &[]), "a: Invalid value: \"Bogus\": text");
        assert_eq!(redact("a: Invalid value: \"{never closed", &[]), "a: Invalid value: <redacted>");
    }

    #[test]
    fn knows_the_values_of_a_patch() {
        let patch = json!([
            {"op": "add", "path": "/data/a", "value": "cGxhaW4tdmFsdWU="},
            {"op": "add", "path": "/stringData", "value": {"k": "typed"}},
            {"op": "add", "path": "/metadata/labels/app", "value": "label"},
        ]);
        let values = values_of_body(patch.to_string().as_bytes());
        let values: Vec<&[u8]> = values.iter().map(|v| v.as_slice()).collect();
        assert_eq!(redact("plain-value typed label", &values), "<redacted> <redacted> label");
    }

    #[test]
    fn knows_the_values_of_an_object() {
        let applied = json!({"stringData": {"z": "from-annotation"}}).to_string();
        let object = json!({
            "kind": "Secret",
            "metadata": {"name": "n", "annotations": {LAST_APPLIED: applied}},
            "data": {"a": "cGxhaW4tdmFsdWU=", "b": "not base64"},
            "stringData": {"c": "typed", "n": 12345},
        });
        let values = values_of(&object);
        let values: Vec<&[u8]> = values.iter().map(|v| v.as_slice()).collect();
        let message = "plain-value cGxhaW4tdmFsdWU= [not base64] typed 12345 from-annotation";
        assert_eq!(redact(message, &values), "<redacted> <redacted> [<redacted>] <redacted> <redacted> <redacted>");
    }
}
