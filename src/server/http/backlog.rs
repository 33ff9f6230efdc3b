//! The memory of answers: of those that are being made and of those that wait for their readers, however many clients ask
//! for long lists and read none.
//!
//! A long answer takes room as it grows, and gives it back as it is read. Where there is no room it waits, and meanwhile
//! readers that stand still are given up sooner ([`Backlog::is_pressed`]).

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// How many bytes all answers may have before those that grow have to wait.
const MOST: usize = if cfg!(test) { 4 << 20 } else { 128 << 20 };
/// How many bytes more all may have before those have to wait that are small.
///
/// Why: what is asked for most is small, and must not wait for what is long.
const RESERVE: usize = MOST / 4;
/// How long a small answer is, or the chunk of a watch.
const SMALL: usize = 256 << 10;
/// An answer of so many bytes never waits.
const TINY: usize = 4 << 10;

/// What all answers of a server have together.
pub struct Backlog {
    bytes: Mutex<Bytes>,
    /// The right to wait for room.
    ///
    /// Invariant: an answer that waits holds what it has. If several could wait, each might wait for what the others hold.
    turn: Arc<Semaphore>,
    freed: Notify,
    pressed: AtomicBool,
}

#[derive(Default)]
struct Bytes {
    /// Of answers that are being made.
    making: usize,
    /// Of answers that wait for their readers.
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

    /// Whether an answer waits for room, so that readers that stand still are to be given up.
    pub fn is_pressed(&self) -> bool {
        self.pressed.load(Ordering::Relaxed)
    }

    /// Takes `more` bytes for an answer that is being made, if there is room; for the one that has the right to wait also if
    /// there is no reader that could make room.
    ///
    /// Why: an answer larger than all room is made as well, alone; and where all that there is is still being made, to wait
    /// would be to wait for ever.
    fn take(&self, more: usize, room: usize, may_wait: bool) -> bool {
        let mut bytes = self.bytes();
        let takes = bytes.making + bytes.unread + more <= room || may_wait && bytes.unread == 0;
        if takes {
            bytes.making += more;
        }
        takes
    }

    /// How many bytes all answers may have.
    #[cfg(test)]
    pub fn room(&self) -> usize {
        MOST
    }

    /// How many they have.
    #[cfg(test)]
    pub fn total(&self) -> usize {
        let bytes = self.bytes();
        bytes.making + bytes.unread
    }
}

/// What one answer has of the room.
pub struct Share {
    backlog: Arc<Backlog>,
    bytes: usize,
    is_made: bool,
    turn: Option<OwnedSemaphorePermit>,
}

impl Share {
    /// None yet.
    pub fn new(backlog: &Arc<Backlog>) -> Self {
        Self { backlog: Arc::clone(backlog), bytes: 0, is_made: false, turn: None }
    }

    /// Takes room for an answer that has grown to `bytes`; waits for it if the answer is long.
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

    /// Notes that the answer is made, and has so many bytes: from now on it waits for its reader.
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

    /// Gives back what was read.
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

    /// Gives back all, for what is made next.
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

/// Has readers that stand still be given up, as long as this is there.
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

    /// Whether it goes on without waiting.
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
