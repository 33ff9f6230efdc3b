//! Writes that hold only for the version that was read: what an observer is told of before and after is then what this
//! write has changed, and nothing that another one wrote in between.

use std::collections::BTreeMap;

use http::Method;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::Call;

/// Returns `call` with the version as its precondition. `None` if it has one of its own, or its body is none that can take
/// one.
pub(crate) fn to(call: &Call, version: &str) -> Option<Call> {
    let mut bound = call.clone();
    let value = serde_json::Value::from(version).to_string();
    let (content_type, body) = match &call.body {
        Some((content_type, body)) => (*content_type, std::str::from_utf8(body).ok()?),
        None if call.method == Method::DELETE => ("application/json", "{}"),
        None => return None,
    };
    let text = match call.method {
        Method::DELETE => with_member(body, &["preconditions", "resourceVersion"], &value)?,
        _ if content_type == "application/json-patch+json" => with_operation(body, &value)?,
        _ => with_member(body, &["metadata", "resourceVersion"], &value)?,
    };
    bound.body = Some((content_type, text));
    Some(bound)
}

/// Adds a member to a JSON object. Why in its text: written anew, members that stand there twice would be lost, and the
/// server is to see them.
fn with_member(text: &str, path: &[&str], value: &str) -> Option<Zeroizing<Vec<u8>>> {
    let (name, rest) = path.split_first()?;
    let members: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    let (at, length, new) = match members.get(*name) {
        Some(_) if rest.is_empty() => return None,
        Some(inner) => {
            let at = inner.get().as_ptr() as usize - text.as_ptr() as usize;
            (at, inner.get().len(), with_member(inner.get(), rest, value)?)
        }
        None => {
            let inner = rest.iter().rev().fold(value.to_owned(), |inner, name| format!("{{\"{name}\":{inner}}}"));
            let separator = if members.is_empty() { "" } else { "," };
            (text.find('{')? + 1, 0, Zeroizing::new(format!("\"{name}\":{inner}{separator}").into_bytes()))
        }
    };
    let (before, after) = (text.get(..at)?, text.get(at + length..)?);
    Some(Zeroizing::new([before.as_bytes(), &new, after.as_bytes()].concat()))
}

/// Adds to a JSON patch that the version is the one that was read: a server takes that for a precondition.
fn with_operation(text: &str, value: &str) -> Option<Zeroizing<Vec<u8>>> {
    let operations: Vec<&RawValue> = serde_json::from_str(text).ok()?;
    let separator = if operations.is_empty() { "" } else { "," };
    let new = format!("{separator}{{\"op\":\"replace\",\"path\":\"/metadata/resourceVersion\",\"value\":{value}}}]");
    Some(Zeroizing::new([text.trim_end().strip_suffix(']')?.as_bytes(), new.as_bytes()].concat()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Path;

    #[test]
    fn a_body_gets_the_version_and_keeps_its_text() {
        let call = |method: Method, content_type: &'static str, body: &str| {
            Call::new(method, Path::fixed("/x")).body(content_type, body)
        };
        let text = |call: Call| to(&call, "7").map(|call| String::from_utf8(call.body.unwrap().1.to_vec()).unwrap());
        let merge = |body: &str| text(call(Method::PATCH, "application/merge-patch+json", body));
        let json = |body: &str| text(call(Method::PATCH, "application/json-patch+json", body));
        let delete = |body: &str| text(call(Method::DELETE, "application/json", body));
        for (found, expected) in [
            (merge(" {}"), Some(r#" {"metadata":{"resourceVersion":"7"}}"#)),
            (
                merge(r#"{"data":{"a":1, "a":2}}"#),
                Some(r#"{"metadata":{"resourceVersion":"7"},"data":{"a":1, "a":2}}"#),
            ),
            (merge(r#"{"metadata": {}}"#), Some(r#"{"metadata": {"resourceVersion":"7"}}"#)),
            (
                merge(r#"{"data":{}, "metadata" : { "name":"{\"s"} }"#),
                Some(r#"{"data":{}, "metadata" : {"resourceVersion":"7", "name":"{\"s"} }"#),
            ),
            (merge(r#"{"metadata":{"resourceVersion":"1"}}"#), None),
            (merge(r#"{"metadata":null}"#), None),
            (merge("data: {}"), None),
            (merge("[]"), None),
            (json("[]\n"), Some(r#"[{"op":"replace","path":"/metadata/resourceVersion","value":"7"}]"#)),
            (json(r#"[{}]"#), Some(r#"[{},{"op":"replace","path":"/metadata/resourceVersion","value":"7"}]"#)),
            (json("{}"), None),
            (
                delete(r#"{"preconditions":{"uid":"u"}}"#),
                Some(r#"{"preconditions":{"resourceVersion":"7","uid":"u"}}"#),
            ),
            (text(Call::new(Method::DELETE, Path::fixed("/x"))), Some(r#"{"preconditions":{"resourceVersion":"7"}}"#)),
            (text(Call::new(Method::PUT, Path::fixed("/x"))), None),
        ] {
            assert_eq!(found.as_deref(), expected);
        }
    }
}
