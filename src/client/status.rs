//! The failure that the API answers with (`Status`), and its substitute for answers that have none.

use http::Method;
use serde::Deserialize;

use go::quote::quote;
use secret::sanitize;

/// A `Status` object with `status: Failure`, or client-go's substitute for an answer without one. Its message comes
/// from the server and may repeat values, so `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Status {
    /// The HTTP status.
    pub code: u16,
    /// `NotFound`, `Invalid` …; empty if the server gives none.
    pub reason: String,
    /// The server's message.
    pub message: String,
    /// `details`, if there are any.
    pub details: Option<Details>,
    /// `metadata.continue`, in the answer to an expired list.
    pub continue_token: String,
}

/// The object that a failure is about, and details.
#[derive(Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Details {
    /// The name of the object.
    #[serde(deserialize_with = "lenient")]
    pub name: String,
    /// Its kind, or its resource.
    #[serde(deserialize_with = "lenient")]
    pub kind: String,
    /// The invalid fields.
    #[serde(deserialize_with = "lenient")]
    pub causes: Vec<Cause>,
    /// When to retry, in seconds.
    #[serde(rename = "retryAfterSeconds", deserialize_with = "lenient")]
    pub retry_after: u32,
}

/// One cause of a failure.
#[derive(Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Cause {
    /// `FieldValueInvalid`, `FieldManagerConflict` …
    #[serde(deserialize_with = "lenient")]
    pub reason: String,
    /// The message without the field's name.
    #[serde(deserialize_with = "lenient")]
    pub message: String,
    /// The path of the field.
    #[serde(deserialize_with = "lenient")]
    pub field: String,
}

fn lenient<'de, D: serde::Deserializer<'de>, T: Deserialize<'de> + Default>(d: D) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(d)?.unwrap_or_default())
}

/// The JSON of a `Status`.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Wire {
    #[serde(deserialize_with = "lenient")]
    kind: String,
    #[serde(deserialize_with = "lenient")]
    status: String,
    #[serde(deserialize_with = "lenient")]
    code: u16,
    #[serde(deserialize_with = "lenient")]
    reason: String,
    #[serde(deserialize_with = "lenient")]
    message: String,
    details: Option<Details>,
    #[serde(deserialize_with = "lenient")]
    metadata: Metadata,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Metadata {
    #[serde(rename = "continue", deserialize_with = "lenient")]
    continue_token: String,
}

impl Status {
    /// Parses a failure from a body. Returns `None` if the body is something else, also if it is a `Status` of success.
    pub fn parse(body: &[u8], http_code: u16) -> Option<Self> {
        let wire: Wire = serde_json::from_slice(body).ok()?;
        if wire.kind != "Status" || wire.status == "Success" {
            return None;
        }
        let mut details = wire.details;
        for cause in details.iter_mut().flat_map(|details| &mut details.causes) {
            cause.message = sanitize::text(&cause.message).into_owned();
            cause.field = sanitize::text(&cause.field).into_owned();
        }
        Some(Self {
            code: if wire.code == 0 { http_code } else { wire.code },
            reason: sanitize::text(&wire.reason).into_owned(),
            message: sanitize::text(&wire.message).into_owned(),
            details,
            continue_token: wire.metadata.continue_token,
        })
    }

    /// Returns the failure for an answer without a `Status`, in the words of client-go's `NewGenericServerResponse`.
    /// `text` is its body, if that was text.
    pub(crate) fn generic(code: u16, method: &Method, path: &str, text: &str) -> Self {
        let (reason, message) = match code {
            409 if method == Method::POST => ("AlreadyExists", "the server reported a conflict".to_owned()),
            409 => ("Conflict", "the server reported a conflict".to_owned()),
            404 => ("NotFound", "the server could not find the requested resource".to_owned()),
            400 => ("BadRequest", "the server rejected our request for an unknown reason".to_owned()),
            401 => ("Unauthorized", "the server has asked for the client to provide credentials".to_owned()),
            403 => ("Forbidden", text.to_owned()),
            406 if text.is_empty() || text == "unknown" => (
                "NotAcceptable",
                "the server was unable to respond with a content type that the client supports".to_owned(),
            ),
            406 => ("NotAcceptable", text.to_owned()),
            415 => ("UnsupportedMediaType", text.to_owned()),
            405 => ("MethodNotAllowed", "the server does not allow this method on the requested resource".to_owned()),
            422 => ("Invalid", "the server rejected our request due to an error in our request".to_owned()),
            503 => ("ServiceUnavailable", "the server is currently unable to handle the request".to_owned()),
            504 => (
                "Timeout",
                "the server was unable to return a response in the time allotted, but may still be processing the \
                 request"
                    .to_owned(),
            ),
            429 => (
                "TooManyRequests",
                "the server has received too many requests and has asked us to try again later".to_owned(),
            ),
            500.. => (
                "InternalError",
                format!("an error on the server ({}) has prevented the request from succeeding", quote(text)),
            ),
            _ => ("", format!("the server responded with the status code {code} but did not return more information")),
        };
        let (resource, name) = target(path);
        let verb = method.as_str().to_ascii_lowercase();
        let message = match (resource, name) {
            ("", _) => message,
            (resource, "") => format!("{message} ({verb} {resource})"),
            (resource, name) => format!("{message} ({verb} {resource} {name})"),
        };
        let cause =
            Cause { reason: "UnexpectedServerResponse".to_owned(), message: text.to_owned(), ..Cause::default() };
        Self {
            code,
            reason: reason.to_owned(),
            message,
            details: Some(Details {
                name: name.to_owned(),
                kind: resource.to_owned(),
                causes: vec![cause],
                retry_after: 0,
            }),
            continue_token: String::new(),
        }
    }
}

/// Returns the resource and the name in a path of the core API.
fn target(path: &str) -> (&str, &str) {
    let Some(rest) = path.strip_prefix("/api/v1/") else { return ("", "") };
    let parts: Vec<&str> = rest.split('/').collect();
    match parts.as_slice() {
        ["namespaces", _, resource] => (resource, ""),
        ["namespaces", _, resource, name, ..] => (resource, name),
        [resource] => (resource, ""),
        [resource, name, ..] => (resource, name),
        [] => ("", ""),
    }
}

/// Returns `true` if a path is that of one object, not of a collection.
pub(crate) fn names_object(path: &str) -> bool {
    !target(path).1.is_empty()
}
