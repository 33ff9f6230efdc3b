//! What is said of a write besides its data: when, by which verb, where, and what was done.

use jiff::Timestamp;

use crate::client::{After, Written};

/// What was written, and by whom.
#[derive(Debug, Clone)]
pub struct Origin {
    /// When.
    pub time: Timestamp,
    /// The verb of this program.
    pub verb: String,
    /// The server's address.
    pub server: String,
}

/// Returns the word for what was done.
pub fn operation(written: &Written) -> &'static str {
    match (&written.after, &written.before) {
        (After::Unknown, _) => "unknown",
        (After::Gone, _) => "deleted",
        (After::Object(_), None) => "created",
        (After::Object(_), _) if written.is_without_effect() => "unchanged",
        (After::Object(_), _) if written.is_deleting() => "deleting",
        (After::Object(_), _) => "changed",
    }
}

/// Returns the uid of the object that was written.
pub fn uid(written: &Written) -> Option<String> {
    let object = written.object().or(written.before.as_ref())?;
    object.json()["metadata"]["uid"].as_str().map(str::to_owned)
}

/// Returns a time as receipts and the journal have it: RFC 3339, in UTC, with milliseconds.
pub fn time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::secret::Object;

    fn written(before: Json, after: After) -> Written {
        let before = before.is_object().then(|| Object::new(before));
        Written { namespace: "ns".into(), name: "s".into(), before, after }
    }

    fn object(version: &str, data: Json) -> Json {
        json!({"metadata": {"name": "s", "uid": "u", "resourceVersion": version}, "data": data})
    }

    #[test]
    fn operations_are_told_apart() {
        let now = |version: &str| After::Object(Object::new(object(version, json!({}))));
        let marked = json!({"metadata": {"resourceVersion": "2", "deletionTimestamp": "t", "finalizers": ["a/b"]}});
        for (before, after, word) in [
            (Json::Null, now("1"), "created"),
            (object("1", json!({})), now("2"), "changed"),
            (object("1", json!({})), now("1"), "unchanged"),
            (object("1", json!({})), After::Object(Object::new(marked)), "deleting"),
            (object("1", json!({})), After::Gone, "deleted"),
            (object("1", json!({})), After::Unknown, "unknown"),
            (Json::Null, After::Unknown, "unknown"),
        ] {
            assert_eq!(operation(&written(before, after)), word);
        }
    }
}
