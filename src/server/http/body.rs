//! The body of an answer: either complete bytes, or the stream of a watch.

use std::{
    collections::VecDeque,
    convert::Infallible,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use super::backlog::Share;

/// The next step of a stream: a chunk and the rest of the stream, or `None` at the end.
pub type Next = Pin<Box<dyn Future<Output = Option<(Bytes, Box<dyn Source>)>> + Send>>;

/// A source of chunks, until it ends.
pub trait Source: Send {
    /// Returns the next chunk, when there is one.
    fn next(self: Box<Self>) -> Next;
}

/// The body of an answer. It never fails: an error in a watch is one of its events.
pub struct Body(Inner);

enum Inner {
    Whole(Chunks),
    Stream(Option<Next>),
}

/// Complete bytes, without empty chunks; each chunk is dropped once it is read.
#[derive(Default)]
struct Chunks {
    chunks: VecDeque<Bytes>,
    length: usize,
    /// The length of the chunk that was handed out last: its reader may still hold it.
    last: usize,
    /// The room that the chunks take in the server's memory.
    share: Option<Share>,
}

impl Body {
    /// Returns a body of complete bytes.
    pub fn whole(bytes: impl Into<Bytes>) -> Self {
        Self::chunks([bytes.into()])
    }

    /// Returns a body of complete bytes in chunks, whose memory is given back chunk by chunk.
    pub fn chunks(chunks: impl IntoIterator<Item = Bytes>) -> Self {
        let chunks = chunks.into_iter().filter(|chunk| !chunk.is_empty()).collect::<VecDeque<_>>();
        let length = chunks.iter().map(Bytes::len).sum();
        Self(Inner::Whole(Chunks { chunks, length, last: 0, share: None }))
    }

    /// Returns the number of bytes that are left, or `None` for a stream.
    pub fn length(&self) -> Option<usize> {
        match &self.0 {
            Inner::Whole(whole) => Some(whole.length),
            Inner::Stream(_) => None,
        }
    }

    /// Removes and returns the chunks.
    pub fn take_chunks(&mut self) -> VecDeque<Bytes> {
        match &mut self.0 {
            Inner::Whole(whole) => {
                whole.length = 0;
                std::mem::take(&mut whole.chunks)
            }
            Inner::Stream(_) => VecDeque::new(),
        }
    }

    /// Counts the bytes as unread, until they are read.
    pub fn count(&mut self, mut share: Share) {
        if let Inner::Whole(whole) = &mut self.0 {
            share.made(whole.length);
            whole.share = Some(share);
        }
    }

    /// Returns a body that streams the chunks of `source`.
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
            Inner::Whole(whole) => {
                let chunk = whole.chunks.pop_front();
                let length = chunk.as_ref().map_or(0, Bytes::len);
                let last = std::mem::replace(&mut whole.last, length);
                if let Some(share) = &mut whole.share {
                    share.read(last);
                }
                let Some(chunk) = chunk else { return Poll::Ready(None) };
                whole.length -= length;
                Poll::Ready(Some(Ok(Frame::data(chunk))))
            }
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
        match &self.0 {
            Inner::Whole(whole) => whole.chunks.is_empty(),
            Inner::Stream(next) => next.is_none(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Inner::Whole(whole) => SizeHint::with_exact(whole.length as u64),
            Inner::Stream(_) => SizeHint::default(),
        }
    }
}
