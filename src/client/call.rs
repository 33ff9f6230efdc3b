//! Requests, before they are sent.

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
    /// Names and values, not encoded.
    pub query: Vec<(String, String)>,
    /// What answer is wanted; one that contains `*/*` may be other than JSON.
    pub accept: &'static str,
    /// Content type and body, which may hold values and is wiped.
    pub body: Option<(&'static str, Zeroizing<Vec<u8>>)>,
}

impl Call {
    /// A GET of JSON.
    pub fn get(path: Path) -> Self {
        Self::new(Method::GET, path)
    }

    /// A request without a body.
    pub fn new(method: Method, path: Path) -> Self {
        Self { method, path, query: Vec::new(), accept: "application/json", body: None }
    }

    /// Adds a query parameter.
    #[must_use]
    pub fn query(mut self, name: &str, value: impl Into<String>) -> Self {
        self.query.push((name.to_owned(), value.into()));
        self
    }

    /// Sets what is accepted.
    #[must_use]
    pub fn accept(mut self, accept: &'static str) -> Self {
        self.accept = accept;
        self
    }

    /// Takes the body, to be sent as often as need be; its content type stays. It is wiped when the last part of it is dropped.
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
