//! One request on objects, parsed, and its answer.

use std::sync::Arc;

use http::{HeaderMap, request::Parts};
use serde_json::{Value as Json, json};

use go::quote::is_print;

use crate::{
    Inner,
    encode::items::Items,
    http::{backlog::Share, negotiate::Format, query::Query, route::Part},
    store::{Failure, Stored},
};
use secret::{resource::Resource, status::Status};

/// An extension that marks requests which the listener received from the network.
#[derive(Debug, Clone, Copy)]
pub struct FromNetwork;

/// A request on objects, parsed.
#[derive(Clone)]
pub struct Call {
    /// The server that received it.
    pub server: Arc<Inner>,
    /// The resource that its path names.
    pub resource: Resource,
    /// The namespace: empty for Namespaces, `None` for all namespaces.
    pub namespace: Option<String>,
    /// The name of one object, empty for a collection.
    pub name: String,
    /// The subresource, or the object itself.
    pub part: Part,
    /// The query parameters.
    pub query: Query,
    /// The request without its body.
    pub parts: Arc<Parts>,
    /// The form of the answer.
    pub format: Format,
    /// Whether the answer is read in this process, which needs no protection from itself (limits of memory, fairness).
    pub is_local: bool,
    /// Whether the body, or the object that it is about, is so large that it must be processed in the blocking pool
    /// ([`crate::blocking`]).
    pub is_large: bool,
}

/// A successful answer about objects.
pub struct Reply {
    /// The HTTP status.
    pub code: u16,
    /// The object, list or Status.
    pub object: Json,
    /// The items of a list, already encoded, if `items` of `object` is empty. Why: a long list never exists as a tree.
    pub items: Option<Items>,
    /// Texts for `Warning` headers.
    pub warnings: Vec<String>,
    /// The room that it takes in the server's memory already.
    pub share: Option<Share>,
    /// Whether it is so large that it must be encoded in the blocking pool ([`crate::blocking`]).
    pub is_large: bool,
}

impl Reply {
    /// Returns an answer that is one object.
    pub fn new(code: u16, object: Json, warnings: Vec<String>) -> Self {
        Self { code, object, items: None, warnings, share: None, is_large: false }
    }
}

impl Call {
    /// Returns the namespace of one object.
    pub fn namespace(&self) -> &str {
        self.namespace.as_deref().unwrap_or_default()
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    /// Returns the field manager: `fieldManager`, or the User-Agent up to the first slash (`managerOrUserAgent`).
    pub fn manager(&self, given: Option<&str>) -> String {
        if let Some(manager) = given {
            return manager.to_owned();
        }
        let agent = self.headers().get(http::header::USER_AGENT).map_or(&[][..], http::HeaderValue::as_bytes);
        let manager = prefix_from_user_agent(agent);
        if manager.is_empty() { "unknown".to_owned() } else { manager }
    }

    /// Returns the 404 for the object.
    pub fn not_found(&self) -> Status {
        not_found(self.resource, &self.name)
    }

    /// Returns the 409 for the object.
    pub fn conflict(&self, why: &str) -> Status {
        let plural = self.resource.plural();
        let text = format!("Operation cannot be fulfilled on {plural} {}: {why}", go::quote::quote(&self.name));
        Status::new(409, "Conflict", text).details(json!({"name": self.name, "kind": plural}))
    }
}

/// Returns the printable characters of a User-Agent up to its first slash, at most 128 bytes (`prefixFromUserAgent`).
/// As in Go, each byte that is not UTF-8 becomes a replacement character, which is printable.
fn prefix_from_user_agent(agent: &[u8]) -> String {
    const MAX: usize = 128;
    let name = agent.split(|byte| *byte == b'/').next().unwrap_or_default();
    let characters = name
        .utf8_chunks()
        .flat_map(|chunk| chunk.valid().chars().chain(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER)));
    let mut prefix = String::new();
    for character in characters.filter(|c| is_print(*c)) {
        if prefix.len() + character.len_utf8() > MAX {
            break;
        }
        prefix.push(character);
    }
    prefix
}

/// Returns the 404 for an object of that name.
pub fn not_found(resource: Resource, name: &str) -> Status {
    let plural = resource.plural();
    Status::new(404, "NotFound", format!("{plural} {} not found", go::quote::quote(name)))
        .details(json!({"name": name, "kind": plural}))
}

/// Returns an object as it is served: with kind and version, and with its resourceVersion if it has one.
pub fn serve(resource: Resource, object: Json, revision: Option<u64>) -> Json {
    let mut object = item(object, revision);
    object["kind"] = json!(resource.kind());
    object["apiVersion"] = json!("v1");
    object
}

/// Returns an object as an item of a list.
pub fn item(mut object: Json, revision: Option<u64>) -> Json {
    if let Some(revision) = revision {
        crate::strategy::metadata(&mut object).insert("resourceVersion".into(), json!(revision.to_string()));
    }
    object
}

/// Returns a stored object as it is served.
pub fn serve_stored(resource: Resource, stored: Stored) -> Json {
    serve(resource, stored.object, Some(stored.revision))
}

impl From<Failure> for Status {
    fn from(failure: Failure) -> Self {
        Self::new(500, "InternalError", format!("Internal error occurred: store: {failure}"))
    }
}
