//! Cooperative scheduling of long requests: the work is done in turns, and between two turns the task yields, so that
//! no other request waits for all of it.

use std::time::{Duration, Instant};

/// How long a turn that writes keeps the write lock, and its thread.
///
/// Why: a commit costs some milliseconds on a disk, and a turn much shorter than that would multiply the cost of the whole.
const TIME: Duration = Duration::from_millis(10);
/// How many objects one turn processes at most. Why fewer in tests: they see many turns with few objects.
const OBJECTS: usize = if cfg!(test) { 2 } else { 256 };

/// A turn in progress.
pub struct Turn {
    begun: Instant,
    objects: usize,
}

impl Turn {
    /// Begins a turn.
    pub fn begin() -> Self {
        Self { begun: Instant::now(), objects: 0 }
    }

    /// Counts another object. Returns `false` if that one must wait for the next turn; the first is always accepted.
    pub fn takes_another(&mut self) -> bool {
        let takes = self.objects == 0 || self.objects < OBJECTS && self.begun.elapsed() < TIME;
        self.objects += usize::from(takes);
        takes
    }
}

/// Yields to all other tasks of this thread.
pub async fn give_way() {
    tokio::task::yield_now().await;
}
