//! An answer that goes on.

use std::time::Instant;

use bytes::Bytes;
use kube::client::Body;

use super::{answer, call, failure::Failure};

/// The body of an answer, piece by piece.
pub struct Stream {
    body: Body,
    warnings: Vec<String>,
    deadline: Option<Instant>,
}

impl Stream {
    pub(super) fn new(body: Body, warnings: Vec<String>, deadline: Option<Instant>) -> Self {
        Self { body, warnings, deadline }
    }

    /// The next piece, or nothing at the end.
    ///
    /// # Errors
    /// When the connection breaks, or the time of `--request-timeout` runs out.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Failure> {
        match self.deadline {
            None => answer::next(&mut self.body).await,
            Some(deadline) => match tokio::time::timeout_at(deadline.into(), answer::next(&mut self.body)).await {
                Ok(result) => result,
                Err(_) => Err(call::body_timeout()),
            },
        }
    }

    /// Warnings of the server that this client has not returned before.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}
