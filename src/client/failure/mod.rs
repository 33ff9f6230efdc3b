//! Why a request failed, and kubectl's words for it.

mod words;

use std::fmt;

pub use words::Words;

use super::status::Status;
use secret::{Object, redact::Known};

/// What the client returns where it can fail.
pub(super) type Result<T, E = Failure> = std::result::Result<T, E>;

/// A failed request, or what was found wrong before one.
#[derive(Clone)]
pub enum Failure {
    /// The server answered, with a failure.
    Status(Box<Status>),
    /// No answer came, or none that makes sense.
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
    /// The connection was refused. Holds `host:port` as configured.
    Refused(String),
    /// The connection could not be made (Go's `url.Error`).
    Connection,
    /// The connection broke before any part of an answer came.
    Lost,
    /// Anything else: `error: TEXT`.
    Other,
    /// The answer is larger than what is read: `error: TEXT`.
    TooLarge,
    /// Something on our side was found wrong before the request: the text stands alone, as `error: TEXT`.
    Local,
    /// The same, where the text is the whole line.
    Line,
    /// The time that `--request-timeout` gives ran out.
    Timeout,
}

impl Failure {
    /// What was found wrong before a request: `error: TEXT`.
    pub fn local(text: impl fmt::Display) -> Self {
        Self::of_kind(Kind::Local, text.to_string())
    }

    /// The same, with the whole line that kubectl has for it.
    pub(super) fn line(line: impl Into<String>) -> Self {
        Self::of_kind(Kind::Line, line)
    }

    /// A failure that is no connection's fault: `error: TEXT`.
    pub(super) fn other(text: impl Into<String>) -> Self {
        Self::Transport(Box::new(Transport { kind: Kind::Other, text: text.into(), request: None, hint: None }))
    }

    pub(super) fn connection(text: impl Into<String>) -> Self {
        Self::Transport(Box::new(Transport { kind: Kind::Connection, text: text.into(), request: None, hint: None }))
    }

    pub(super) fn of_kind(kind: Kind, text: impl Into<String>) -> Self {
        Self::Transport(Box::new(Transport { kind, text: text.into(), request: None, hint: None }))
    }

    /// The time of `--request-timeout` ran out while an answer was read.
    pub(super) fn body_timeout() -> Self {
        Self::other(
            "unexpected error when reading response body. Please retry. Original error: net/http: request canceled \
             (Client.Timeout or context cancellation while reading body)",
        )
    }

    /// Says which request it was.
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

    /// Adds a line of advice.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        if let Self::Transport(transport) = &mut self {
            transport.hint = Some(hint.into());
        }
        self
    }

    /// The HTTP status, or 0 without an answer.
    pub fn code(&self) -> u16 {
        match self {
            Self::Status(status) => status.code,
            Self::Transport(_) => 0,
        }
    }

    /// The reason (`NotFound`, `Conflict` …), or nothing.
    pub fn reason(&self) -> &str {
        match self {
            Self::Status(status) => &status.reason,
            Self::Transport(_) => "",
        }
    }

    /// The bare message: the server's, or the reason in Go's words.
    pub fn message(&self) -> &str {
        match self {
            Self::Status(status) => &status.message,
            Self::Transport(transport) => &transport.text,
        }
    }

    /// Whether the server says that the object is not there.
    pub fn is_not_found(&self) -> bool {
        self.reason() == "NotFound"
    }

    /// Whether the server says that the object is there already.
    pub fn is_already_exists(&self) -> bool {
        self.reason() == "AlreadyExists"
    }

    /// Returns whether the server says that another client was faster.
    pub fn is_conflict(&self) -> bool {
        self.reason() == "Conflict"
    }

    /// Whether the server refuses the object for its fields.
    pub fn is_invalid(&self) -> bool {
        self.reason() == "Invalid"
    }

    /// Whether a list's snapshot is gone (410).
    pub fn is_expired(&self) -> bool {
        matches!(self.reason(), "Expired" | "Gone")
    }

    /// Whether the answer is larger than what is read.
    pub(super) fn is_too_large(&self) -> bool {
        matches!(self, Self::Transport(transport) if transport.kind == Kind::TooLarge)
    }

    /// The server's failure, where it is one.
    pub fn status(&self) -> Option<&Status> {
        match self {
            Self::Status(status) => Some(status),
            Self::Transport(_) => None,
        }
    }

    /// Takes out of the server's words the values of `object`, and whatever the server repeats of whole objects.
    #[must_use]
    pub fn redacted(self, object: &Object) -> Self {
        self.without(&Known::of([object]))
    }

    /// [`Failure::redacted`] with values, and credentials, that are known.
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

    /// Changes the server's message without hiding that it is the server's.
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
            // The server's message may repeat a value.
            Self::Status(status) => write!(f, "Status({} {})", status.code, status.reason),
            Self::Transport(transport) => write!(f, "Transport({})", transport.text),
        }
    }
}
