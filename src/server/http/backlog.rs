//! The memory of answers: of those that are being made and of those that wait for their readers. It is bounded, however
//! many clients ask for long lists and read none.
//!
//! A long answer takes room as it grows, and gives it back as it is read. If there is no room it waits, and meanwhile
//! clients that do not read on lose their connection sooner ([`Backlog::is_pressed`]).

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// How many bytes all answers may have together before long ones have to wait for room.
const MOST: usize = if cfg!(test) { 4 << 20 } else { 128 << 20 };
/// How many bytes beyond [`MOST`] small answers may take before they have to wait, too.
///
/// Why: most requests have small answers, which must not wait for long ones.
const RESERVE: usize = MOST / 4;
/// The largest size of a small answer, and of a chunk of a watch, in bytes.
const SMALL: usize = 256 << 10;
/// An answer of at most so many bytes never waits.
const TINY: usize = 4 << 10;

/// The count of the bytes of all answers of a server.
pub struct Backlog {
    bytes: Mutex<Bytes>,
    /// The right to wait for room.
    ///
    /// Invariant: at most one answer waits at a time. An answer that waits keeps the room that it has; if several could
    /// wait, each might wait for what the others hold.
    turn: Arc<Semaphore>,
    freed: Notify,
    pressed: AtomicBool,
}

#[derive(Default)]
struct Bytes {
    /// Bytes of answers that are being made.
    making: usize,
    /// Bytes of answers that wait for their readers.
    unread: usize,
}

impl Default for Backlog {
    fn default() -> Self {
        Self {
            bytes: Mutex::default(),
            turn: Arc::new(Semaphore::new(1)),
            freed: Notify::new(),
            pressed: AtomicBool::new(false),
        }
    }
}

impl Backlog {
    fn bytes(&self) -> MutexGuard<'_, Bytes> {
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns `true` while an answer waits for room, so that clients that do not read on are to be given up.
    pub fn is_pressed(&self) -> bool {
        self.pressed.load(Ordering::Relaxed)
    }

    /// Takes `more` bytes for an answer that is being made, if there is room. The answer that may wait gets them also
    /// if no reader could make room.
    ///
    /// Why: an answer larger than all room must be possible, alone. And if all room is taken by answers that are still
    /// being made, waiting would never end.
    fn take(&self, more: usize, room: usize, may_wait: bool) -> bool {
        let mut bytes = self.bytes();
        let takes = bytes.making + bytes.unread + more <= room || may_wait && bytes.unread == 0;
        if takes {
            bytes.making += more;
        }
        takes
    }

    /// Returns how many bytes all answers may have.
    #[cfg(test)]
    pub fn room(&self) -> usize {
        MOST
    }

    /// Returns how many bytes all answers have.
    #[cfg(test)]
    pub fn total(&self) -> usize {
        let bytes = self.bytes();
        bytes.making + bytes.unread
    }
}

/// The part of the room that one answer has.
pub struct Share {
    backlog: Arc<Backlog>,
    bytes: usize,
    is_made: bool,
    turn: Option<OwnedSemaphorePermit>,
}

impl Share {
    /// Returns a share without bytes.
    pub fn new(backlog: &Arc<Backlog>) -> Self {
        Self { backlog: Arc::clone(backlog), bytes: 0, is_made: false, turn: None }
    }

    /// Takes room for an answer that has grown to `bytes`; waits for it if there is none, unless the answer is tiny.
    pub async fn grow(&mut self, bytes: usize) {
        let more = bytes.saturating_sub(self.bytes);
        let room = match bytes {
            bytes if bytes <= TINY => usize::MAX,
            bytes if bytes <= SMALL => MOST + RESERVE,
            _ => MOST,
        };
        if self.turn.is_some() || !self.backlog.take(more, room, false) {
            self.wait(more, room).await;
        }
        self.bytes += more;
    }

    async fn wait(&mut self, more: usize, room: usize) {
        if self.turn.is_none() {
            self.turn = Arc::clone(&self.backlog.turn).acquire_owned().await.ok();
        }
        let backlog = &self.backlog;
        loop {
            let freed = backlog.freed.notified();
            if backlog.take(more, room, true) {
                return;
            }
            let _pressure = Pressure::on(backlog);
            freed.await;
        }
    }

    /// Records that the answer is complete and has `bytes` bytes; from now on it waits for its reader.
    pub fn made(&mut self, bytes: usize) {
        let before = std::mem::replace(&mut self.bytes, bytes);
        let mut all = self.backlog.bytes();
        all.making -= before;
        all.unread += bytes;
        drop(all);
        self.is_made = true;
        self.turn = None;
        self.backlog.freed.notify_one();
    }

    /// Gives back bytes that were read.
    pub fn read(&mut self, bytes: usize) {
        let bytes = bytes.min(self.bytes);
        self.bytes -= bytes;
        let mut all = self.backlog.bytes();
        if self.is_made {
            all.unread -= bytes;
        } else {
            all.making -= bytes;
        }
        drop(all);
        self.backlog.freed.notify_one();
    }

    /// Gives back everything, for the next chunk of the same stream.
    pub fn reset(&mut self) {
        self.read(self.bytes);
        self.is_made = false;
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.read(self.bytes);
    }
}

/// Keeps [`Backlog::is_pressed`] set while it exists.
struct Pressure<'a>(&'a Backlog);

impl<'a> Pressure<'a> {
    fn on(backlog: &'a Backlog) -> Self {
        backlog.pressed.store(true, Ordering::Relaxed);
        Self(backlog)
    }
}

impl Drop for Pressure<'_> {
    fn drop(&mut self) {
        self.0.pressed.store(false, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns `true` if `work` ends without waiting.
    async fn goes_on(work: impl Future<Output = ()>) -> bool {
        tokio::select! {
            biased;
            () = work => true,
            () = tokio::task::yield_now() => false,
        }
    }

    #[tokio::test]
    async fn a_long_answer_waits_until_others_are_read_or_gone() {
        let backlog = Arc::new(Backlog::default());
        let [mut first, mut second, mut third, mut small] = [0; 4].map(|_| Share::new(&backlog));
        first.grow(MOST - SMALL).await;
        first.made(MOST - SMALL);
        assert!(
            !goes_on(second.grow(2 * SMALL)).await && !backlog.is_pressed(),
            "that one is gone, and so is its wait"
        );
        {
            let mut waits = std::pin::pin!(second.grow(2 * SMALL));
            assert!(!goes_on(waits.as_mut()).await && backlog.is_pressed());
            assert!(goes_on(small.grow(SMALL)).await, "what is small does not wait yet");
            assert!(!goes_on(third.grow(2 * SMALL)).await);
            first.read(SMALL);
            assert!(!goes_on(waits.as_mut()).await && backlog.is_pressed(), "that is what the small one has");
            first.read(SMALL);
            assert!(goes_on(waits.as_mut()).await && !backlog.is_pressed());
        }
        drop((first, third));
        assert_eq!(backlog.total(), 3 * SMALL);
        drop((second, small));
        assert_eq!(backlog.total(), 0);
    }

    #[tokio::test]
    async fn a_small_answer_has_room_of_its_own_and_a_tiny_one_never_waits() {
        let backlog = Arc::new(Backlog::default());
        let mut shares = Vec::new();
        let mut ask = async |bytes| {
            let mut share = Share::new(&backlog);
            let goes_on = goes_on(share.grow(bytes)).await;
            share.made(if goes_on { bytes } else { 0 });
            shares.push(share);
            goes_on
        };
        assert!(ask(MOST).await);
        for _ in 0..RESERVE / SMALL {
            assert!(ask(SMALL).await && !ask(SMALL + 1).await);
        }
        assert!(!ask(SMALL).await && ask(TINY).await);
        for _ in 0..RESERVE / TINY {
            assert!(ask(TINY).await);
        }
        shares[0].reset();
        assert!(!shares.is_empty() && backlog.total() == 2 * RESERVE + TINY);
    }

    #[tokio::test]
    async fn answers_that_are_being_made_do_not_wait_for_each_other() {
        let backlog = Arc::new(Backlog::default());
        let [mut first, mut second, mut third] = [0; 3].map(|_| Share::new(&backlog));
        first.grow(MOST / 2).await;
        second.grow(MOST / 2).await;
        assert!(goes_on(first.grow(MOST)).await, "there is no reader to wait for");
        assert!(!goes_on(second.grow(MOST)).await, "but only one goes beyond what there is");
        first.made(MOST);
        let mut waits = std::pin::pin!(second.grow(MOST));
        assert!(!goes_on(waits.as_mut()).await && backlog.is_pressed());
        drop(first);
        assert!(goes_on(waits.as_mut()).await);
        assert!(goes_on(third.grow(SMALL)).await);
    }
}
