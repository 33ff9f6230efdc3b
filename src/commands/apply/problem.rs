//! Errors of apply, with kubectl's texts but without the values that kubectl prints.

use go::quote::quote;

use crate::secret::resource::Resource;
use crate::{client::Failure, error::Error, secret::merge::client_side::Refused};

/// A patch that could not be computed, or that the server refused.
pub enum Problem {
    /// The error of computing it, with the context that was added so far.
    Patch(String),
    /// The failed request.
    Server(Failure),
}

impl Problem {
    /// Returns whether the server refused with 409, because the object has changed.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Server(failure) if failure.is_conflict())
    }

    /// Returns whether deleting and creating can succeed where the patch failed (kubectl's `Patcher.Patch`).
    pub fn helps_force(&self) -> bool {
        matches!(self, Self::Server(failure) if failure.is_conflict() || failure.is_invalid())
    }

    /// Adds what was attempted, and the file (kubectl's `AddSourceToErr`).
    #[must_use]
    pub fn when(self, verb: &str, source: &str) -> Self {
        match self {
            Self::Patch(text) => Self::Patch(format!("error when {verb} {}: {text}", quote(source))),
            Self::Server(failure) => Self::Server(failure.when(verb, source)),
        }
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        // Why without them: kubectl prints all three documents here, values included.
        Self::Patch(format!("creating patch: {refused}"))
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self::Server(failure)
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::Patch(text) => Error::new(text),
            Problem::Server(failure) => failure.into(),
        }
    }
}

/// Describes an object as cli-runtime's `Info.String` does, on two lines.
pub fn info(resource: Resource, namespace: Option<&str>, name: &str) -> String {
    format!(
        "Resource: \"/v1, Resource={}\", GroupVersionKind: \"/v1, Kind={}\"\nName: {}, Namespace: {}",
        resource.plural(),
        resource.kind(),
        quote(name),
        quote(namespace.unwrap_or_default())
    )
}
