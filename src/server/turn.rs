//! Turns: how much of its work a long request does at a stretch. Between two turns it gives way, so that no other request
//! waits for its end.

use std::time::{Duration, Instant};

/// How long a turn with writes in it keeps the store, and its thread.
///
/// Why: a commit costs some milliseconds on a disk, and a turn much shorter than that would multiply the cost of the whole.
const TIME: Duration = Duration::from_millis(10);
/// How many objects it is about at most. The tests have many turns with few objects.
const OBJECTS: usize = if cfg!(test) { 2 } else { 256 };

/// A turn that has begun.
pub struct Turn {
    begun: Instant,
    objects: usize,
}

impl Turn {
    /// Begins a turn.
    pub fn begin() -> Self {
        Self { begun: Instant::now(), objects: 0 }
    }

    /// Counts another object; `false` if that one is for the next turn. There is always one for this.
    pub fn takes_another(&mut self) -> bool {
        let takes = self.objects == 0 || self.objects < OBJECTS && self.begun.elapsed() < TIME;
        self.objects += usize::from(takes);
        takes
    }
}

/// Lets all others have their turn.
pub async fn give_way() {
    tokio::task::yield_now().await;
}
