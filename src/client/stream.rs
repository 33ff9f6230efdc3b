//! An answer that is read as a stream.

use std::time::Instant;

use bytes::Bytes;
use kube::client::Body;

use super::{answer, expected::Expected, failure::Failure};

/// The body of an answer, piece by piece.
pub struct Stream {
    body: Body,
    warnings: Vec<String>,
    deadline: Option<Deadline>,
    /// What the objects in it must be.
    pub(crate) expected: Expected,
}

/// The end of the time of `--request-timeout`.
#[derive(Clone, Copy)]
pub(crate) struct Deadline {
    /// The time of it.
    pub at: Instant,
    /// Whether the stream ends normally then, as a watch does, which has no other end. Otherwise that is a failure.
    pub is_end: bool,
}

impl Stream {
    pub(crate) fn new(body: Body, warnings: Vec<String>, deadline: Option<Deadline>, expected: Expected) -> Self {
        Self { body, warnings, deadline, expected }
    }

    /// Returns the next piece, or `None` at the end.
    ///
    /// # Errors
    /// If the connection breaks, or the time of `--request-timeout` is over before a stream ends that is not a watch.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Failure> {
        match self.deadline {
            None => answer::next(&mut self.body).await,
            Some(Deadline { at, is_end }) => {
                match tokio::time::timeout_at(at.into(), answer::next(&mut self.body)).await {
                    Ok(result) => result,
                    Err(_) if is_end => Ok(None),
                    Err(_) => Err(Failure::body_timeout()),
                }
            }
        }
    }

    /// Returns warnings of the server that this client has not reported before.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}
