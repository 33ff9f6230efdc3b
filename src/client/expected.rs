//! Checks that an answer has the object that was asked for.
//!
//! Invariant: an object of another name than the user's is never shown, written or edited under that name, although a
//! server or a proxy may return one.

use serde::Deserialize;
use serde_json::Value as Json;

use super::{Call, failure::Failure};

/// What the object in an answer must be. A field is empty if the request does not determine it.
#[derive(Clone, Default)]
pub(crate) struct Expected {
    kind: &'static str,
    namespace: String,
    name: String,
    /// Whether a `Status` of success is an answer, too, as for a DELETE.
    status: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Sent {
    metadata: SentMetadata,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct SentMetadata {
    name: String,
}

/// Returns the name if the request's field selector is for one name only; an empty text otherwise.
fn selected_name(call: &Call) -> String {
    let selector = call.query.iter().find(|(name, _)| name == "fieldSelector").map_or("", |(_, value)| value);
    let name = selector.strip_prefix("metadata.name=").unwrap_or_default();
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    if plain { name.to_owned() } else { String::new() }
}

impl Expected {
    /// Returns what the answer to `call` with `body` must have.
    pub(crate) fn of(call: &Call, body: &[u8]) -> Self {
        let mut expected = Self { status: call.method == http::Method::DELETE, ..Self::default() };
        let path = call.path.as_str().split('?').next().unwrap_or_default();
        let Some(rest) = path.strip_prefix("/api/v1/").filter(|_| !call.accept.contains("*/*")) else {
            return Self::default();
        };
        let parts: Vec<&str> = rest.split('/').collect();
        let name = match parts.as_slice() {
            ["namespaces", namespace, "secrets", rest @ ..] => {
                expected.kind = "Secret";
                (*namespace).clone_into(&mut expected.namespace);
                rest.first()
            }
            ["secrets"] => {
                expected.kind = "Secret";
                None
            }
            // Another resource in a namespace.
            ["namespaces", _, part, ..] if !["status", "finalize"].contains(part) => return Self::default(),
            ["namespaces", rest @ ..] => {
                expected.kind = "Namespace";
                rest.first()
            }
            _ => return Self::default(),
        };
        match name {
            Some(name) => (*name).clone_into(&mut expected.name),
            None if call.method == http::Method::POST => {
                let sent = serde_json::from_slice::<Sent>(body).unwrap_or_default();
                expected.name = sent.metadata.name;
            }
            // One object is watched through its collection, with a field selector.
            None if call.method == http::Method::GET => expected.name = selected_name(call),
            None => {}
        }
        // Why: percent-encoded text cannot be the name of an object.
        for text in [&mut expected.namespace, &mut expected.name] {
            if text.contains('%') {
                text.clear();
            }
        }
        expected
    }

    /// Returns `true` if one object is expected.
    pub(crate) fn is_named(&self) -> bool {
        !self.name.is_empty()
    }

    /// Checks one object, a Table with it, or its metadata.
    ///
    /// # Errors
    /// If it has another kind, name or namespace. The answer is not repeated.
    pub(crate) fn check(&self, answer: &Json) -> Result<(), Failure> {
        if self.kind.is_empty() {
            return Ok(());
        }
        match answer["kind"].as_str().unwrap_or_default() {
            "Table" => {
                let rows = answer["rows"].as_array().into_iter().flatten();
                rows.map(|row| &row["object"]).try_for_each(|object| self.check_metadata(object))
            }
            "Status" if self.status => Ok(()),
            "PartialObjectMetadata" => self.check_metadata(answer),
            kind if kind == self.kind => self.check_metadata(answer),
            _ => Err(self.other()),
        }
    }

    /// Checks an item of a list, or the object of a row; these may have no kind.
    ///
    /// # Errors
    /// As [`Expected::check`].
    pub(crate) fn check_item(&self, item: &Json) -> Result<(), Failure> {
        let kind = item["kind"].as_str().unwrap_or_default();
        let known = self.kind.is_empty() || [self.kind, "", "PartialObjectMetadata"].contains(&kind);
        if known { self.check_metadata(item) } else { Err(self.other()) }
    }

    fn check_metadata(&self, object: &Json) -> Result<(), Failure> {
        let same = |field: &str, asked: &str| {
            let given = object["metadata"][field].as_str().unwrap_or_default();
            asked.is_empty() || given == asked || (given.is_empty() && field == "namespace")
        };
        // The rows of a Table need not have their objects.
        let fine = object.is_null() || (same("name", &self.name) && same("namespace", &self.namespace));
        if fine { Ok(()) } else { Err(self.other()) }
    }

    fn other(&self) -> Failure {
        let Self { kind, namespace, name, .. } = self;
        let mut asked = format!("{}s", kind.to_ascii_lowercase());
        if !name.is_empty() {
            asked.push_str(&format!(" {}", go::quote::quote(name)));
        }
        if !namespace.is_empty() {
            asked.push_str(&format!(" in namespace {}", go::quote::quote(namespace)));
        }
        Failure::other(format!("the server answered with another object than was asked for: {asked}"))
            .hint("a proxy or another server may stand in its place; nothing of the answer was used")
    }
}
