//! A gate in a scripted server.

use std::{
    sync::{Condvar, Mutex},
    time::Duration,
};

/// Requests that a server holds until so many are there.
#[derive(Default)]
pub struct Gate {
    held: Mutex<Held>,
    changed: Condvar,
}

#[derive(Default)]
struct Held {
    now: usize,
    most: usize,
    is_open: bool,
}

impl Gate {
    /// Holds a request until `count` are held at once or the gate is open, but not for ever.
    pub fn pass(&self, count: usize) {
        let mut held = self.held.lock().expect("no panic");
        held.now += 1;
        held.most = held.most.max(held.now);
        held.is_open |= held.now == count;
        self.changed.notify_all();
        let limit = Duration::from_secs(20);
        let (mut held, _) = self.changed.wait_timeout_while(held, limit, |held| !held.is_open).expect("no panic");
        held.now -= 1;
    }

    /// Waits until exactly so many are held.
    pub fn wait_for(&self, count: usize) {
        let held = self.held.lock().expect("no panic");
        let limit = Duration::from_secs(20);
        let (held, _) = self.changed.wait_timeout_while(held, limit, |held| held.now < count).expect("no panic");
        assert_eq!(held.now, count, "requests in flight");
    }

    /// Lets all go on, now and later.
    pub fn open(&self) {
        self.held.lock().expect("no panic").is_open = true;
        self.changed.notify_all();
    }

    /// How many were held at once at most.
    pub fn most(&self) -> usize {
        self.held.lock().expect("no panic").most
    }
}
