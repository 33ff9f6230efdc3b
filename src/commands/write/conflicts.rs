//! Writes that are repeated after a conflict: another process wrote in between, and both may be right.

use std::time::Duration;

use crate::source::generate;

/// How many conflicts in a row a write may have. Why so many: of fifty processes that write one object at once, each round
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
    /// Returns those of a write that is repeated so often at most.
    pub fn at_most(most: u32) -> Self {
        Self { had: 0, most }
    }

    /// Waits a little, each time longer, and not all processes equally long. Returns `false` if there were too many.
    pub async fn wait(&mut self) -> bool {
        self.had += 1;
        let longest = u64::from(self.had.min(20)) * 5;
        // Without randomness the wait is only less even.
        let part = generate::text(1, b"0123456789").ok().and_then(|digit| digit.parse().ok()).unwrap_or(10_u64);
        tokio::time::sleep(Duration::from_millis(longest * part / 10)).await;
        self.had < self.most
    }
}
