//! Values taken out of what a server says: kube-apiserver's own errors repeat them.

use serde_json::Value as Json;
use zeroize::Zeroizing;

use super::{object::check_base64, receipt::map};
use crate::secret::Object;

/// Shorter ones would be found in every other word.
const SHORTEST: usize = 4;

/// The text without any value of these objects, as it stands, in base64, or as Go quotes it.
pub fn redact<'o>(text: &str, objects: impl IntoIterator<Item = &'o Object>) -> String {
    let mut text = without_echo(text);
    for object in objects {
        for value in map(&object.json()["data"]).values().filter_map(Json::as_str) {
            hide(&mut text, value);
            if let Some(plain) = check_base64(value).ok().and_then(|bytes| String::from_utf8(bytes.to_vec()).ok()) {
                hide(&mut text, &Zeroizing::new(plain));
            }
        }
        for value in map(&object.json()["stringData"]).values().filter_map(Json::as_str) {
            hide(&mut text, value);
        }
    }
    text
}

/// A refused patch comes back whole: `Invalid value: "map[data:map[…]]": why`.
fn without_echo(text: &str) -> String {
    const OPEN: &str = "Invalid value: \"map[";
    let echo = text.find(OPEN).and_then(|start| text.rfind("]\": ").map(|end| (start + OPEN.len() - 4, end + 1)));
    match echo {
        Some((start, end)) if start < end => {
            format!("{}<redacted>{}", text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default())
        }
        _ => text.to_owned(),
    }
}

fn hide(text: &mut String, value: &str) {
    let lines = value.trim();
    if lines.len() < SHORTEST {
        return;
    }
    let quoted = Zeroizing::new(format!("{lines:?}"));
    let quoted = quoted.get(1..quoted.len() - 1).unwrap_or_default();
    for found in [lines, quoted] {
        if text.contains(found) {
            *text = text.replace(found, "<redacted>");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_value_survives() {
        let object = Object::new(json!({
            "data": {"a": "czNjcmV0LXdvcmQ=", "b": "bGluZQp0d28="}, "stringData": {"c": "plain-text", "d": "x"},
        }));
        let text = r#"bad: "czNjcmV0LXdvcmQ=" s3cret-word "line\ntwo" plain-text, x"#;
        assert_eq!(redact(text, [&object]), r#"bad: "<redacted>" <redacted> "<redacted>" <redacted>, x"#);
        assert_eq!(
            redact(r#"Invalid value: "map[data:map[K:V]]": illegal base64 data at input byte 3"#, []),
            r#"Invalid value: "<redacted>": illegal base64 data at input byte 3"#
        );
        assert_eq!(
            redact("data[a b]: Invalid value: \"a b\": bad key", []),
            "data[a b]: Invalid value: \"a b\": bad key"
        );
    }
}
