//! The threads that serve. Each has a runtime of its own, and a connection stays where it was put: what its requests need is
//! made and dropped by one thread, so that threads do not wait for each other's memory.

use std::{io, num::NonZero, thread};

use tokio::{
    runtime::{Builder, Handle},
    sync::oneshot,
};

/// How many threads serve at most. More would wait for each other: a store has one reader and one writer.
const MAX: usize = 4;

/// The threads of one listener; those that it started end when this is dropped.
pub struct Threads {
    handles: Vec<Handle>,
    /// Whose turn it is.
    next: usize,
    /// Dropped, they end their threads.
    others: Vec<oneshot::Sender<()>>,
}

impl Threads {
    /// The current thread, and another for each further core.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn start() -> io::Result<Self> {
        let count = thread::available_parallelism().map_or(1, NonZero::get).min(MAX);
        let mut threads = Self { handles: vec![Handle::current()], next: 0, others: Vec::new() };
        for number in 1..count {
            let runtime = Builder::new_current_thread().enable_all().build()?;
            let (alive, end) = oneshot::channel();
            threads.handles.push(runtime.handle().clone());
            threads.others.push(alive);
            thread::Builder::new().name(format!("serve-{number}")).spawn(move || {
                // An error: the sender is dropped.
                let _ = runtime.block_on(end);
                runtime.shutdown_background();
            })?;
        }
        Ok(threads)
    }

    /// Where the next connection is served.
    pub fn next(&mut self) -> &Handle {
        self.next = (self.next + 1) % self.handles.len();
        &self.handles[self.next]
    }
}
