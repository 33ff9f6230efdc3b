//! An answer that goes on.

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

/// When `--request-timeout` has run out, and what that means.
#[derive(Clone, Copy)]
pub(crate) struct Deadline {
    /// The moment.
    pub at: Instant,
    /// Whether the answer ends there as it would by itself: a watch has no other end. Else it is cut short.
    pub is_end: bool,
}

impl Stream {
    pub(crate) fn new(body: Body, warnings: Vec<String>, deadline: Option<Deadline>, expected: Expected) -> Self {
        Self { body, warnings, deadline, expected }
    }

    /// Returns the next piece, or `None` at the end.
    ///
    /// # Errors
    /// When the connection breaks, or the time of `--request-timeout` runs out before the end of what is no watch.
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

    /// Warnings of the server that this client has not returned before.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}
