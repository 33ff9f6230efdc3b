//! Requests before they are sent.

use bytes::Bytes;
use http::Method;
use zeroize::Zeroizing;

use super::path::Path;

/// One request.
#[derive(Clone)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// The path.
    pub path: Path,
    /// Names and values, not percent-encoded.
    pub query: Vec<(String, String)>,
    /// The `Accept` header; if it contains `*/*`, the answer need not be JSON.
    pub accept: &'static str,
    /// Content type and body. The body may contain values, and is wiped on drop.
    pub body: Option<(&'static str, Zeroizing<Vec<u8>>)>,
}

impl Call {
    /// Returns a GET that accepts JSON.
    pub fn get(path: Path) -> Self {
        Self::new(Method::GET, path)
    }

    /// Returns a request without a body.
    pub fn new(method: Method, path: Path) -> Self {
        Self { method, path, query: Vec::new(), accept: "application/json", body: None }
    }

    /// Adds a query parameter.
    #[must_use]
    pub fn query(mut self, name: &str, value: impl Into<String>) -> Self {
        self.query.push((name.to_owned(), value.into()));
        self
    }

    /// Sets the `Accept` header.
    #[must_use]
    pub fn accept(mut self, accept: &'static str) -> Self {
        self.accept = accept;
        self
    }

    /// Removes the body, leaving its content type. Its bytes can be cloned cheaply for each attempt, and are wiped when
    /// the last clone is dropped.
    pub(crate) fn take_body(&mut self) -> Bytes {
        self.body.as_mut().map(|(_, body)| Bytes::from_owner(std::mem::take(body))).unwrap_or_default()
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some((content_type, Zeroizing::new(body.into())));
        self
    }
}
