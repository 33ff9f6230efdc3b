//! Readers of answers: an answer that its client leaves unread is given up after a time, and no more than a chunk of it
//! is buffered meanwhile. [`super::timeouts`] notices a socket that takes no more bytes; this module notices an HTTP/2
//! client that gives one stream no window while it goes on with others.

use std::{
    convert::Infallible,
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use tokio::time::{Instant, Sleep};

use super::timeouts::Timeouts;
use crate::{Body, http::backlog::Backlog};

/// How many bytes of a body are handed to hyper at once, at most.
const CHUNK: usize = 64 * 1024;
/// An answer that is smaller, in bytes, is never given up for the sake of others' memory, and a chunk that is smaller
/// is handed over in one piece.
const SMALL: usize = 4 * 1024;

tokio::task_local! {
    /// The reader of the answers of the current task.
    static READER: Reader;
}

/// How far the client has read an answer: `None` if it has all that there is, otherwise what it leaves unread.
#[derive(Clone, Default)]
struct Reader(Arc<Mutex<Option<Unread>>>);

/// Says that there has been data to read since `since`, and the client has not asked for more.
#[derive(Clone, Copy)]
struct Unread {
    since: Instant,
    /// Whether the answer is long enough for its memory to matter.
    is_long: bool,
}

impl Reader {
    fn unread(&self) -> MutexGuard<'_, Option<Unread>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The policy for answers that are left unread.
#[derive(Clone)]
pub struct UnreadPolicy {
    /// The timeouts.
    pub timeouts: Timeouts,
    /// The memory of all answers.
    pub backlog: Arc<Backlog>,
}

impl UnreadPolicy {
    /// Returns when an answer is given up, or when to check again whether it is.
    ///
    /// Invariant: a long answer is given up after `unread_pressed` only if another answer is waiting for memory at that
    /// time; otherwise, as any answer, after `unread`.
    fn deadline(&self, unread: Unread, now: Instant) -> Instant {
        let last = unread.since + self.timeouts.unread;
        if !unread.is_long {
            return last;
        }
        let pressed = unread.since + self.timeouts.unread_pressed;
        match now < pressed || self.backlog.is_pressed() {
            true => last.min(pressed),
            false => last.min(now + self.timeouts.unread_pressed),
        }
    }
}

/// Runs `work`, which answers requests, to its end; returns `None` if one of its answers is left unread for too long.
pub async fn while_read<F: Future>(work: F, unread_policy: &UnreadPolicy) -> Option<F::Output> {
    let reader = Reader::default();
    let mut work = pin!(READER.scope(reader.clone(), work));
    let mut alarm: Option<Pin<Box<Sleep>>> = None;
    poll_fn(|context| {
        if let Poll::Ready(output) = work.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        let Some(unread) = *reader.unread() else { return Poll::Pending };
        loop {
            let now = Instant::now();
            let deadline = unread_policy.deadline(unread, now);
            if deadline <= now {
                return Poll::Ready(None);
            }
            let alarm = alarm.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
            if alarm.deadline() != deadline {
                alarm.as_mut().reset(deadline);
            }
            ready!(alarm.as_mut().poll(context));
        }
    })
    .await
}

/// The body of an answer, handed out in chunks; records when its client last asked for one.
pub struct Attended {
    body: Body,
    reader: Option<Reader>,
    /// The rest of the current chunk of the body, and the chunk's whole length. Why the whole: the chunk's memory is
    /// freed only with its last piece.
    rest: Bytes,
    chunk: usize,
    /// Whether the last byte of a chunk is a piece of its own.
    apart: bool,
}

impl Attended {
    /// Wraps a body for the client of the current task; `apart` for HTTP/2.
    pub fn new(body: Body, apart: bool) -> Self {
        let reader = READER.try_with(Reader::clone).ok();
        let while_read = Self { body, reader, rest: Bytes::new(), chunk: 0, apart };
        while_read.note(!while_read.is_end_stream());
        while_read
    }

    fn note(&self, unread: bool) {
        if let Some(reader) = &self.reader {
            let is_long = self.body.length().unwrap_or(0) + self.chunk >= SMALL;
            *reader.unread() = unread.then(|| Unread { since: Instant::now(), is_long });
        }
    }

    /// Splits the next piece off the current chunk.
    fn piece(&mut self) -> Bytes {
        let length = self.rest.len();
        let piece = match length {
            // Why: hyper completes an HTTP/2 stream once it may begin to send the last piece. If that were large, it
            // would stay buffered until the client opens its window, and nothing would notice a client that never does.
            SMALL..=CHUNK if self.apart => length - 1,
            _ => length.min(CHUNK),
        };
        self.rest.split_to(piece)
    }
}

impl Drop for Attended {
    fn drop(&mut self) {
        self.note(false);
    }
}

impl http_body::Body for Attended {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            match Pin::new(&mut self.body).poll_frame(context) {
                Poll::Pending => {
                    self.chunk = 0;
                    self.note(false);
                    return Poll::Pending;
                }
                Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                    Ok(data) => {
                        self.chunk = data.len();
                        self.rest = data;
                    }
                    Err(other) => return Poll::Ready(Some(Ok(other))),
                },
                Poll::Ready(None) => {
                    self.note(false);
                    return Poll::Ready(None);
                }
            }
        }
        let piece = self.piece();
        self.note(self.apart || !self.is_end_stream());
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let rest = self.rest.len() as u64;
        let mut hint = self.body.size_hint();
        match hint.exact() {
            Some(exact) => hint.set_exact(exact + rest),
            None => hint.set_lower(hint.lower() + rest),
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http_body_util::BodyExt as _;

    use super::*;
    use crate::http::{
        backlog::Share,
        body::{Next, Source},
    };

    const SHORT: Duration = Duration::from_millis(30);

    async fn while_read<F: Future>(work: F, unread: Duration) -> Option<F::Output> {
        let timeouts = Timeouts { unread, unread_pressed: unread, ..Timeouts::SERVER };
        super::while_read(work, &UnreadPolicy { timeouts, backlog: Arc::default() }).await
    }

    /// A source that never has a chunk.
    struct Silent;

    impl Source for Silent {
        fn next(self: Box<Self>) -> Next {
            Box::pin(std::future::pending())
        }
    }

    #[tokio::test]
    async fn an_answer_that_is_left_unread_is_given_up() {
        for apart in [false, true] {
            for frames in [0, 1, 2] {
                let unread = async {
                    let mut body = Attended::new(Body::whole(vec![0; 3 * CHUNK]), apart);
                    for _ in 0..frames {
                        body.frame().await.expect("a frame").expect("no error");
                    }
                    std::future::pending::<()>().await;
                };
                assert!(while_read(unread, SHORT).await.is_none(), "{apart} {frames}");
            }
        }
        // In HTTP/2 that holds for the end of an answer, too.
        let unread = async {
            let mut body = Attended::new(Body::whole(vec![0; CHUNK]), true);
            while !body.is_end_stream() {
                body.frame().await.expect("a frame").expect("no error");
            }
            std::future::pending::<()>().await;
        };
        assert!(while_read(unread, SHORT).await.is_none());
    }

    #[tokio::test]
    async fn a_long_answer_that_is_left_unread_is_given_up_sooner_when_another_waits_for_room() {
        let backlog = Arc::<Backlog>::default();
        let timeouts = Timeouts { unread: Duration::from_secs(3600), unread_pressed: SHORT, ..Timeouts::SERVER };
        let unread_policy = UnreadPolicy { timeouts, backlog: Arc::clone(&backlog) };
        let left = async |length: usize| {
            let unread = async {
                let mut share = Share::new(&backlog);
                share.grow(length).await;
                let mut body = Body::whole(vec![0; length]);
                body.count(share);
                let _body = Attended::new(body, true);
                std::future::pending::<()>().await;
            };
            super::while_read(unread, &unread_policy).await
        };
        let all = backlog.room();
        {
            let mut first = pin!(left(all - CHUNK));
            let mut short = pin!(left(SMALL - 1));
            let early = tokio::time::timeout(4 * SHORT, async { tokio::join!(first.as_mut(), short.as_mut()) }).await;
            assert!(early.is_err(), "there is room");
            let mut second = Share::new(&backlog);
            let pressed = async { tokio::join!(first, second.grow(all / 2)) };
            tokio::select! {
                (given_up, ()) = pressed => assert!(given_up.is_none()),
                _ = short => panic!("it is not long"),
            }
        }
        assert_eq!(backlog.total(), 0);
    }

    #[tokio::test]
    async fn a_reader_that_waits_is_waited_for() {
        let silent = async { Attended::new(Body::stream(Silent), true).frame().await.is_some() };
        let empty = async { drop(Attended::new(Body::whole(""), false).frame().await) };
        let read = async { drop(Attended::new(Body::whole("all of it"), false).frame().await) };
        let dropped = async { drop(Attended::new(Body::whole("none of it"), false)) };
        let forever = std::future::pending::<()>();
        let all = async { tokio::join!(empty, read, dropped, silent, forever) };
        let whole = tokio::time::timeout(4 * SHORT, while_read(all, SHORT)).await;
        assert!(whole.is_err(), "it goes on");
    }

    #[tokio::test]
    async fn a_body_comes_whole_and_in_small_pieces() {
        let bytes = (0..5 * CHUNK / 2).map(|n| n as u8).collect::<Vec<_>>();
        for apart in [false, true] {
            let mut body = Attended::new(Body::whole(bytes.clone()), apart);
            let (mut whole, mut last) = (Vec::new(), 0);
            assert_eq!(body.size_hint().exact(), Some(bytes.len() as u64));
            while let Some(Ok(frame)) = body.frame().await {
                last = frame.data_ref().map_or(0, Bytes::len);
                assert!((1..=CHUNK).contains(&last));
                whole.extend(frame.into_data().expect("data"));
                assert_eq!(body.size_hint().exact(), Some((bytes.len() - whole.len()) as u64));
            }
            assert!(whole == bytes && (last == 1) == apart);
        }
    }
}
