//! Timeouts of a connection: a client that sends nothing, or reads nothing, is not waited for without a limit; a client
//! that is still sending when the connection ends can read its answer first.

use std::{
    future::Future as _,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::Sleep,
};

/// How long the server waits for the other end of a connection, by what it waits for.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// Until the first authenticated request: handshake and headers together.
    pub authentication: Duration,
    /// Until the beginning of the TLS handshake, if other connections are waiting for a place. Why so short: clients
    /// send it as soon as they are connected.
    pub hello: Duration,
    /// Until the end of the handshake, and then until the request, if other connections are waiting for a place.
    pub step: Duration,
    /// Until the HTTP/2 preface is complete.
    pub greeting: Duration,
    /// Until the client reads on, in an answer that it leaves unread.
    pub unread: Duration,
    /// The same for a long answer, if another answer is waiting for memory.
    pub unread_pressed: Duration,
    /// Until the client stops sending, once an answer and the connection have ended. What arrives is dropped, as Go's
    /// `net/http` does. Why: closing at once would reset the connection, and the client could lose the answer.
    pub linger: Duration,
}

impl Timeouts {
    /// The server's limits. Why 60 s for an unread answer: kube-apiserver's timeout of a request (`--request-timeout`).
    pub const SERVER: Self = Self {
        authentication: Duration::from_secs(10),
        hello: Duration::from_millis(20),
        step: Duration::from_millis(250),
        greeting: Duration::from_secs(30),
        unread: Duration::from_secs(60),
        unread_pressed: Duration::from_secs(1),
        linger: Duration::from_millis(500),
    };
}

/// A stream with timeouts. Their errors are of the kind [`io::ErrorKind::TimedOut`].
pub struct TimedStream<S> {
    stream: S,
    timeouts: Timeouts,
    /// How many bytes are missing from the greeting.
    greeting: usize,
    /// Runs until the greeting is complete.
    greeted: Option<Pin<Box<Sleep>>>,
    /// Runs while a write is pending.
    unread: Option<Pin<Box<Sleep>>>,
    /// Runs once this side is closed and the other side still sends.
    linger: Option<Pin<Box<Sleep>>>,
    closed: bool,
}

impl<S> TimedStream<S> {
    /// Wraps a stream, of which the first `greeting` bytes must arrive in time (0: there is no greeting).
    pub fn new(stream: S, greeting: usize, timeouts: Timeouts) -> Self {
        let greeted = (greeting > 0).then(|| Box::pin(tokio::time::sleep(timeouts.greeting)));
        Self { stream, timeouts, greeting, greeted, unread: None, linger: None, closed: false }
    }

    /// Returns the result of a write, or an error if writes have been pending for too long.
    fn written<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.unread = None;
            return written;
        }
        let limit = self.timeouts.unread;
        let unread = self.unread.get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        unread.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for TimedStream<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = out.filled().len();
        match Pin::new(&mut self.stream).poll_read(context, out) {
            Poll::Ready(read) => {
                self.greeting = self.greeting.saturating_sub(out.filled().len() - before);
                if self.greeting == 0 {
                    self.greeted = None;
                }
                Poll::Ready(read)
            }
            Poll::Pending => match &mut self.greeted {
                Some(greeted) => greeted.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into())),
                None => Poll::Pending,
            },
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for TimedStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.written(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.written(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.written(context, flushed)
    }

    /// Closes this side; if the other side is still sending, reads and drops that for a limited time.
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.closed {
            let closed = Pin::new(&mut self.stream).poll_shutdown(context);
            ready!(self.written(context, closed))?;
            self.closed = true;
        }
        let mut dropped = [0; 8192];
        loop {
            let mut buffer = ReadBuf::new(&mut dropped);
            match Pin::new(&mut self.stream).poll_read(context, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {
                    let limit = self.timeouts.linger;
                    self.linger.get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
                }
                Poll::Ready(_) => return Poll::Ready(Ok(())),
                Poll::Pending => break,
            }
            if let Some(linger) = &mut self.linger
                && linger.as_mut().poll(context).is_ready()
            {
                return Poll::Ready(Ok(()));
            }
        }
        match &mut self.linger {
            Some(linger) => linger.as_mut().poll(context).map(Ok),
            None => Poll::Ready(Ok(())),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    const SHORT: Timeouts = Timeouts {
        greeting: Duration::from_millis(30),
        unread: Duration::from_millis(30),
        linger: Duration::from_millis(30),
        ..Timeouts::SERVER
    };
    const LONG: Duration = Duration::from_secs(3600);

    #[tokio::test]
    async fn one_who_does_not_finish_the_greeting_is_not_waited_for() {
        let (here, mut there) = duplex(64);
        let mut here =
            TimedStream::new(here, 3, Timeouts { greeting: SHORT.greeting, unread: LONG, linger: LONG, ..SHORT });
        there.write_all(b"PR").await.expect("a part of it");
        let mut greeting = [0; 3];
        let error = here.read_exact(&mut greeting).await.expect_err("no more comes");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn one_who_has_greeted_may_be_silent() {
        let (here, mut there) = duplex(64);
        let mut here = TimedStream::new(here, 3, SHORT);
        there.write_all(b"PRI").await.expect("all of it");
        let mut greeting = [0; 3];
        here.read_exact(&mut greeting).await.expect("the greeting");
        let silence = tokio::time::timeout(2 * SHORT.greeting, here.read_exact(&mut greeting)).await;
        assert!(silence.is_err(), "{silence:?}");
    }

    #[tokio::test]
    async fn an_unread_answer_is_given_up() {
        let (here, _there) = duplex(64);
        let mut here =
            TimedStream::new(here, 0, Timeouts { greeting: LONG, unread: SHORT.unread, linger: LONG, ..SHORT });
        let error = here.write_all(&[0; 1000]).await.expect_err("a peer that does not read");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn one_who_still_sends_at_the_end_is_heard_out_for_a_moment() {
        let (here, mut there) = duplex(64);
        let mut here = TimedStream::new(here, 0, Timeouts { greeting: LONG, unread: LONG, linger: LONG, ..SHORT });
        let sending = tokio::spawn(async move {
            there.write_all(&[0; 100_000]).await.expect("it is taken");
            // Dropping `there` ends its sending.
        });
        tokio::task::yield_now().await;
        here.shutdown().await.expect("an end");
        sending.await.expect("all was sent");

        let (here, mut there) = duplex(64);
        let mut here = TimedStream::new(here, 0, SHORT);
        there.write_all(b"and then silence").await.expect("it is taken");
        here.shutdown().await.expect("an end, though the other keeps its own open");
        drop(there);
    }
}
