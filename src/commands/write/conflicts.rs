//! Retries of writes after conflicts with other processes.

use std::time::Duration;

use crate::source::generate;

/// How many conflicts in a row a write may have. Why so many: if fifty processes write one object, each round lets one
/// of them through.
/// lets one through.
const MAX: u32 = 100;

/// The conflicts of one write.
pub struct Conflicts {
    had: u32,
    most: u32,
}

impl Default for Conflicts {
    fn default() -> Self {
        Self::at_most(MAX)
    }
}

impl Conflicts {
    /// Returns the conflicts of a write that is repeated at most this often.
    pub fn at_most(most: u32) -> Self {
        Self { had: 0, most }
    }

    /// Waits before the next attempt, longer each time, with jitter. Returns `false` if there were too many conflicts.
    pub async fn wait(&mut self) -> bool {
        self.had += 1;
        let longest = u64::from(self.had.min(20)) * 5;
        // Without random numbers there is only less jitter.
        let part = generate::text(1, b"0123456789").ok().and_then(|digit| digit.parse().ok()).unwrap_or(10_u64);
        tokio::time::sleep(Duration::from_millis(longest * part / 10)).await;
        self.had < self.most
    }
}
