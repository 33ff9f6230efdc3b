//! The body of an answer: bytes that are there, or a watch that goes on.

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

/// What a stream gives next: a chunk and the rest of the stream, or the end.
pub type Next = Pin<Box<dyn Future<Output = Option<(Bytes, Box<dyn Source>)>> + Send>>;

/// Something that gives chunks until it ends.
pub trait Source: Send {
    /// The next chunk.
    fn next(self: Box<Self>) -> Next;
}

/// The body of an answer. It never fails: an error inside a watch is an event of it.
pub struct Body(Inner);

enum Inner {
    Whole(Option<Bytes>),
    Stream(Option<Next>),
}

impl Body {
    /// Bytes that are there.
    pub fn whole(bytes: impl Into<Bytes>) -> Self {
        Self(Inner::Whole(Some(bytes.into()).filter(|b: &Bytes| !b.is_empty())))
    }

    /// The bytes, unless they come as a stream.
    pub fn bytes(&self) -> Option<&[u8]> {
        match &self.0 {
            Inner::Whole(bytes) => bytes.as_deref(),
            Inner::Stream(_) => None,
        }
    }

    /// Chunks as they come.
    pub fn stream(source: impl Source + 'static) -> Self {
        Self(Inner::Stream(Some(Box::new(source).next())))
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match &mut self.0 {
            Inner::Whole(bytes) => Poll::Ready(bytes.take().map(|b| Ok(Frame::data(b)))),
            Inner::Stream(next) => {
                let Some(future) = next else { return Poll::Ready(None) };
                match future.as_mut().poll(context) {
                    Poll::Pending => Poll::Pending,
                    Poll::Ready(None) => {
                        *next = None;
                        Poll::Ready(None)
                    }
                    Poll::Ready(Some((chunk, rest))) => {
                        *next = Some(rest.next());
                        Poll::Ready(Some(Ok(Frame::data(chunk))))
                    }
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.0, Inner::Whole(None) | Inner::Stream(None))
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Inner::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |b| b.len() as u64)),
            Inner::Stream(_) => SizeHint::default(),
        }
    }
}
