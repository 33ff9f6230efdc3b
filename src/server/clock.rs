//! Time and randomness, passed in so that tests can fix them.

use std::{cell::RefCell, sync::Arc};

use jiff::Timestamp;
use zeroize::{Zeroize as _, Zeroizing};

type Now = dyn Fn() -> Timestamp + Send + Sync;
type Random = dyn Fn(&mut [u8]) + Send + Sync;

/// How many random bytes are had from the kernel at once.
const READY_BYTES: usize = 512;

/// Where a server takes the time and its random bytes from.
#[derive(Clone)]
pub struct Chance {
    now: Arc<Now>,
    random: Arc<Random>,
}

impl Chance {
    /// The system's.
    pub fn of_system() -> Self {
        Self { now: Arc::new(Timestamp::now), random: Arc::new(fill) }
    }

    /// Made up, for tests.
    pub fn made(
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
        random: impl Fn(&mut [u8]) + Send + Sync + 'static,
    ) -> Self {
        Self { now: Arc::new(now), random: Arc::new(random) }
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        (self.now)()
    }

    /// The time as API objects carry it.
    pub fn timestamp(&self) -> String {
        seconds(self.now())
    }

    /// Random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.random)(&mut bytes);
        bytes
    }

    /// A random UUID (version 4).
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

    /// The five characters that end a generated name.
    pub fn suffix(&self) -> String {
        const ALPHABET: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";
        self.bytes::<5>()
            .iter()
            .map(|b| char::from(ALPHABET.get(usize::from(*b) % ALPHABET.len()).copied().unwrap_or(b'b')))
            .collect()
    }
}

thread_local! {
    /// Random bytes that were not given out yet. Why: the kernel is asked for many at once.
    static READY: RefCell<Zeroizing<Vec<u8>>> = RefCell::default();
}

fn fill(bytes: &mut [u8]) {
    READY.with_borrow_mut(|ready| {
        if ready.len() < bytes.len() {
            ready.resize(READY_BYTES.max(bytes.len()), 0);
            // Ring asks the kernel; when that fails there is no safe way on, and the zeros that remain are refused
            // where a token is made of them.
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

/// A time in whole seconds, UTC: `2026-11-23T20:15:00Z`.
pub fn seconds(time: Timestamp) -> String {
    Timestamp::from_second(time.as_second()).unwrap_or(time).to_string()
}
