//! Limits of requests: the size of the headers, and the time for the body, so that a client that sends a byte a minute
//! is cut off.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::Sleep;

/// The largest size of the headers of one request, in bytes.
pub const MAX_HEADERS: usize = 64 * 1024;
/// How long a body may take after the first wait for data.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// A request body that fails if it does not arrive in time.
pub struct Limited {
    body: Incoming,
    /// Set by the first poll that finds no data.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl Limited {
    /// Wraps a body.
    pub fn new(body: Incoming) -> Self {
        Self { body, deadline: None }
    }
}

/// The error of a body that was cut off or did not arrive in time.
#[derive(Debug)]
pub struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body of the request did not arrive")
    }
}

impl Body for Limited {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(frame) => Poll::Ready(frame.map(|f| f.map_err(|_| Broken))),
            Poll::Pending => {
                let deadline = self.deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep(BODY_TIMEOUT)));
                match deadline.as_mut().poll(context) {
                    Poll::Ready(()) => Poll::Ready(Some(Err(Broken))),
                    Poll::Pending => Poll::Pending,
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
