//! Failures of requests, and kubectl's words for them.

mod words;

use std::fmt;

pub use words::Words;

use super::status::Status;
use secret::{Object, redact::Known};

/// The result of the client's functions.
pub(super) type Result<T, E = Failure> = std::result::Result<T, E>;

/// A failed request, or an error that was found before a request.
#[derive(Clone)]
pub enum Failure {
    /// The server answered with a failure.
    Status(Box<Status>),
    /// There is no answer, or none that can be used.
    Transport(Box<Transport>),
}

/// A request that brought no usable answer.
#[derive(Clone)]
pub struct Transport {
    pub(super) kind: Kind,
    /// The reason in Go's words, without any value.
    pub(super) text: String,
    /// `Get`, `Post` … and the URL, for the commands that show them.
    pub(super) request: Option<(String, String)>,
    pub(super) hint: Option<String>,
}

/// How kubectl presents a failure of transport.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// The connection was refused. Has `host:port` as configured.
    Refused(String),
    /// The connection could not be made (Go's `url.Error`).
    Connection,
    /// The connection broke before any part of an answer came.
    Lost,
    /// What came is no answer of HTTP.
    Malformed,
    /// Anything else: `error: TEXT`.
    Other,
    /// The answer is larger than what is read: `error: TEXT`.
    TooLarge,
    /// An error on the client's side, found before a request: printed as `error: TEXT`.
    Local,
    /// The same, where the text is the complete line.
    Line,
    /// The time of `--request-timeout` is over.
    Timeout,
}

impl Failure {
    /// Returns an error that was found before a request: `error: TEXT`.
    pub fn local(text: impl fmt::Display) -> Self {
        Self::of_kind(Kind::Local, text.to_string())
    }

    /// Returns the same with kubectl's complete line.
    pub(super) fn line(line: impl Into<String>) -> Self {
        Self::of_kind(Kind::Line, line)
    }

    /// Returns a failure that is not about the connection: `error: TEXT`.
    pub(super) fn other(text: impl Into<String>) -> Self {
        Self::Transport(Box::new(Transport { kind: Kind::Other, text: text.into(), request: None, hint: None }))
    }

    pub(super) fn connection(text: impl Into<String>) -> Self {
        Self::Transport(Box::new(Transport { kind: Kind::Connection, text: text.into(), request: None, hint: None }))
    }

    pub(super) fn malformed(text: impl Into<String>) -> Self {
        Self::of_kind(Kind::Malformed, text)
    }

    pub(super) fn of_kind(kind: Kind, text: impl Into<String>) -> Self {
        Self::Transport(Box::new(Transport { kind, text: text.into(), request: None, hint: None }))
    }

    /// Returns the failure that the time of `--request-timeout` was over while an answer was read.
    pub(super) fn body_timeout() -> Self {
        Self::other(
            "unexpected error when reading response body. Please retry. Original error: net/http: request canceled \
             (Client.Timeout or context cancellation while reading body)",
        )
    }

    /// Adds the request that failed.
    pub(super) fn during(mut self, method: &http::Method, url: &str) -> Self {
        if let Self::Transport(transport) = &mut self
            && transport.request.is_none()
        {
            let method = method.as_str();
            let (first, rest) = method.split_at(1.min(method.len()));
            transport.request = Some((format!("{first}{}", rest.to_ascii_lowercase()), url.to_owned()));
        }
        self
    }

    /// Adds a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        if let Self::Transport(transport) = &mut self {
            transport.hint = Some(hint.into());
        }
        self
    }

    /// Returns the HTTP status, or 0 without an answer.
    pub fn code(&self) -> u16 {
        match self {
            Self::Status(status) => status.code,
            Self::Transport(_) => 0,
        }
    }

    /// Returns the reason (`NotFound`, `Conflict` …), or an empty text.
    pub fn reason(&self) -> &str {
        match self {
            Self::Status(status) => &status.reason,
            Self::Transport(_) => "",
        }
    }

    /// Returns the bare message: the server's, or the reason in Go's words.
    pub fn message(&self) -> &str {
        match self {
            Self::Status(status) => &status.message,
            Self::Transport(transport) => &transport.text,
        }
    }

    /// Returns `true` if the server says that the object does not exist.
    pub fn is_not_found(&self) -> bool {
        self.reason() == "NotFound"
    }

    /// Returns `true` if the server says that the object exists already.
    pub fn is_already_exists(&self) -> bool {
        self.reason() == "AlreadyExists"
    }

    /// Returns `true` if the server says that the object was changed meanwhile.
    pub fn is_conflict(&self) -> bool {
        self.reason() == "Conflict"
    }

    /// Returns `true` if the server refuses the object because of its fields.
    pub fn is_invalid(&self) -> bool {
        self.reason() == "Invalid"
    }

    /// Returns `true` if the snapshot of a list is no longer kept (410).
    pub fn is_expired(&self) -> bool {
        matches!(self.reason(), "Expired" | "Gone")
    }

    /// Returns whether the server may have done what it was asked for: it was reached, and did not refuse. As for
    /// repeated requests, 429 and 503 mean that nothing was done.
    pub(super) fn may_be_done(&self) -> bool {
        match self {
            Self::Status(status) => status.code >= 500 && !matches!(status.code, 501 | 503),
            Self::Transport(transport) => {
                !matches!(transport.kind, Kind::Refused(_) | Kind::Connection | Kind::Local | Kind::Line)
            }
        }
    }

    /// Returns `true` if the answer is larger than the client accepts.
    pub(super) fn is_too_large(&self) -> bool {
        matches!(self, Self::Transport(transport) if transport.kind == Kind::TooLarge)
    }

    /// Returns the server's failure, if it is one.
    pub fn status(&self) -> Option<&Status> {
        match self {
            Self::Status(status) => Some(status),
            Self::Transport(_) => None,
        }
    }

    /// Removes the values of `object` from the server's words, and all whole objects.
    #[must_use]
    pub fn redacted(self, object: &Object) -> Self {
        self.without(&Known::of([object]))
    }

    /// Does [`Failure::redacted`] for known values and credentials.
    #[must_use]
    pub fn without(mut self, known: &Known) -> Self {
        let clean = |text: &mut String| *text = known.redact(text);
        match &mut self {
            Self::Status(status) => {
                clean(&mut status.message);
                clean(&mut status.reason);
                if let Some(details) = &mut status.details {
                    clean(&mut details.name);
                    clean(&mut details.kind);
                    for cause in &mut details.causes {
                        clean(&mut cause.message);
                        clean(&mut cause.field);
                    }
                }
            }
            Self::Transport(transport) => {
                clean(&mut transport.text);
                transport.request.iter_mut().for_each(|(_, url)| clean(url));
            }
        }
        self
    }

    /// Changes the server's message; the failure stays one of the server.
    #[must_use]
    pub(crate) fn map_message(mut self, change: impl FnOnce(&str) -> String) -> Self {
        if let Self::Status(status) = &mut self {
            status.message = change(&status.message);
        }
        self
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // Why: the server's message may repeat a value.
            Self::Status(status) => write!(f, "Status({} {})", status.code, status.reason),
            Self::Transport(transport) => write!(f, "Transport({})", transport.text),
        }
    }
}
