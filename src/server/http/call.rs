//! One request on objects, taken apart, and what is said in answer.

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

/// Marks the requests that the listener takes from the network.
#[derive(Debug, Clone, Copy)]
pub struct FromNetwork;

/// A request on objects.
#[derive(Clone)]
pub struct Call {
    /// The server that it came to.
    pub server: Arc<Inner>,
    /// Which objects.
    pub resource: Resource,
    /// Their namespace, empty for Namespaces; nothing for all.
    pub namespace: Option<String>,
    /// The name of one object, empty for a collection.
    pub name: String,
    /// Which part of the object.
    pub part: Part,
    /// The parameters.
    pub query: Query,
    /// What came before its body.
    pub parts: Arc<Parts>,
    /// The form of the answer.
    pub format: Format,
    /// Its answer is read in this very process, which need not be protected from itself.
    pub is_local: bool,
    /// Its body, or the object that it is about, is so large that it is not worked on where others wait ([`crate::apart`]).
    pub is_large: bool,
}

/// A successful answer about objects.
pub struct Reply {
    /// The HTTP status.
    pub code: u16,
    /// The object, list or Status.
    pub object: Json,
    /// The items of a list whose `items` are empty: a long list is never there as a tree.
    pub items: Option<Items>,
    /// Texts for `Warning` headers.
    pub warnings: Vec<String>,
    /// What it has of the server's memory already.
    pub share: Option<Share>,
    /// It is about so much that it is not written down where others wait ([`crate::apart`]).
    pub is_large: bool,
}

impl Reply {
    /// An answer that is one object.
    pub fn new(code: u16, object: Json, warnings: Vec<String>) -> Self {
        Self { code, object, items: None, warnings, share: None, is_large: false }
    }
}

impl Call {
    /// The namespace of one object.
    pub fn namespace(&self) -> &str {
        self.namespace.as_deref().unwrap_or_default()
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    /// Who writes: `fieldManager`, or the User-Agent up to the first slash.
    pub fn manager(&self, given: Option<&str>) -> String {
        if let Some(manager) = given {
            return manager.to_owned();
        }
        let agent = self.headers().get(http::header::USER_AGENT).map_or(&[][..], http::HeaderValue::as_bytes);
        let manager = prefix_from_user_agent(agent);
        if manager.is_empty() { "unknown".to_owned() } else { manager }
    }

    /// 404 for the object.
    pub fn not_found(&self) -> Status {
        not_found(self.resource, &self.name)
    }

    /// 409 for the object.
    pub fn conflict(&self, why: &str) -> Status {
        let plural = self.resource.plural();
        let text = format!("Operation cannot be fulfilled on {plural} {}: {why}", go::quote::quote(&self.name));
        Status::new(409, "Conflict", text).details(json!({"name": self.name, "kind": plural}))
    }
}

/// What is printable in a User-Agent up to its first slash, as far as it fits (`prefixFromUserAgent`). As in Go, each byte
/// that is no UTF-8 is a replacement character, which is printable.
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

/// 404 for an object of that name.
pub fn not_found(resource: Resource, name: &str) -> Status {
    let plural = resource.plural();
    Status::new(404, "NotFound", format!("{plural} {} not found", go::quote::quote(name)))
        .details(json!({"name": name, "kind": plural}))
}

/// An object as it is served: with its kind and version, and its resourceVersion when it has one.
pub fn serve(resource: Resource, object: Json, revision: Option<u64>) -> Json {
    let mut object = item(object, revision);
    object["kind"] = json!(resource.kind());
    object["apiVersion"] = json!("v1");
    object
}

/// An object as it stands in a list.
pub fn item(mut object: Json, revision: Option<u64>) -> Json {
    if let Some(revision) = revision {
        crate::strategy::metadata(&mut object).insert("resourceVersion".into(), json!(revision.to_string()));
    }
    object
}

/// A stored object as it is served.
pub fn serve_stored(resource: Resource, stored: Stored) -> Json {
    serve(resource, stored.object, Some(stored.revision))
}

impl From<Failure> for Status {
    fn from(failure: Failure) -> Self {
        Self::new(500, "InternalError", format!("Internal error occurred: store: {failure}"))
    }
}
