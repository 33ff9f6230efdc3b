//! Time and randomness, passed in so that tests can fix them.

use std::{cell::RefCell, sync::Arc};

use jiff::Timestamp;
use zeroize::{Zeroize as _, Zeroizing};

type Now = dyn Fn() -> Timestamp + Send + Sync;
type Random = dyn Fn(&mut [u8]) + Send + Sync;

/// How many random bytes are requested from the kernel at once.
const READY_BYTES: usize = 512;

/// The clock and the source of randomness of a server.
#[derive(Clone)]
pub struct ClockRng {
    now: Arc<Now>,
    random: Arc<Random>,
}

impl ClockRng {
    /// Returns the system's clock and randomness.
    pub fn of_system() -> Self {
        Self { now: Arc::new(Timestamp::now), random: Arc::new(fill) }
    }

    /// Returns the given clock and randomness, for tests.
    pub fn made(
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
        random: impl Fn(&mut [u8]) + Send + Sync + 'static,
    ) -> Self {
        Self { now: Arc::new(now), random: Arc::new(random) }
    }

    /// Returns the time.
    pub fn now(&self) -> Timestamp {
        (self.now)()
    }

    /// Returns the time as API objects have it, in RFC 3339 with whole seconds.
    pub fn timestamp(&self) -> String {
        seconds(self.now())
    }

    /// Returns random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.random)(&mut bytes);
        bytes
    }

    /// Returns a random UUID (version 4), as in `metadata.uid`.
    pub fn uid(&self) -> String {
        let mut bytes: [u8; 16] = self.bytes();
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let mut text = String::with_capacity(36);
        for (index, byte) in bytes.into_iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            text.extend([byte >> 4, byte & 0x0f].map(|nibble| char::from(b"0123456789abcdef"[usize::from(nibble)])));
        }
        text
    }

    /// Returns five random characters for a generated name (`rand.String` of apimachinery).
    pub fn suffix(&self) -> String {
        const ALPHABET: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";
        self.bytes::<5>()
            .iter()
            .map(|b| char::from(ALPHABET.get(usize::from(*b) % ALPHABET.len()).copied().unwrap_or(b'b')))
            .collect()
    }
}

thread_local! {
    /// Random bytes that are not used yet. Why: one system call for many requests; and the bytes are wiped once they
    /// are used.
    static READY: RefCell<Zeroizing<Vec<u8>>> = RefCell::default();
}

fn fill(bytes: &mut [u8]) {
    READY.with_borrow_mut(|ready| {
        if ready.len() < bytes.len() {
            ready.resize(READY_BYTES.max(bytes.len()), 0);
            // If the kernel has no randomness (*ring* calls `getrandom`), there is no safe fallback. Invariant: the
            // zeros that remain are refused where a token is made of them (`listen::token`).
            if rustls::crypto::ring::default_provider().secure_random.fill(ready).is_err() {
                ready.fill(0);
            }
        }
        let rest = ready.len() - bytes.len();
        bytes.copy_from_slice(&ready[rest..]);
        ready[rest..].zeroize();
        ready.truncate(rest);
    });
}

/// Returns a time in UTC with whole seconds: `2026-11-23T20:15:00Z`.
pub fn seconds(time: Timestamp) -> String {
    Timestamp::from_second(time.as_second()).unwrap_or(time).to_string()
}
