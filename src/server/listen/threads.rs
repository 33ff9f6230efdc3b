//! The threads that serve connections. Each has a runtime of its own, and a connection stays on its thread. Why: what
//! its requests allocate is freed by the same thread, so that threads do not contend for the allocator.

use std::{num::NonZero, sync::mpsc, thread};

use tokio::{
    runtime::{Builder, Handle},
    sync::oneshot,
};

/// How many threads serve at most. Why: more would only contend for the store, which has one reader and one writer.
const MAX: usize = 4;

/// How often a task yields until all other tasks of its thread have run. Why: between two yields tokio polls about 60
/// tasks (`event_interval`), and then asks the kernel for I/O events.
const TURNS: usize = 16;

/// The threads of one listener; dropping this ends the ones that it started.
pub struct Threads {
    handles: Vec<Handle>,
    /// The index of the thread that gets the next connection.
    next: usize,
    /// Dropping one ends its thread.
    others: Vec<oneshot::Sender<()>>,
}

impl Threads {
    /// Uses the current thread, and starts one for each further core, as far as the system allows.
    pub fn start() -> Self {
        let count = thread::available_parallelism().map_or(1, NonZero::get).min(MAX);
        let mut threads = Self { handles: vec![Handle::current()], next: 0, others: Vec::new() };
        while threads.handles.len() < count {
            let Some((handle, alive)) = another() else { break };
            threads.handles.push(handle);
            threads.others.push(alive);
        }
        threads
    }

    /// Waits until each thread has processed the data that had arrived for it.
    pub async fn catch_up(&self) {
        let turns = self.handles.iter().map(|handle| {
            handle.spawn(async {
                for _ in 0..TURNS {
                    tokio::task::yield_now().await;
                }
            })
        });
        for turns in turns.collect::<Vec<_>>() {
            // `Err`: the thread is ending.
            let _ = turns.await;
        }
    }

    /// Returns the runtime for the next connection.
    pub fn next(&mut self) -> &Handle {
        self.next = (self.next + 1) % self.handles.len();
        &self.handles[self.next]
    }
}

/// Starts a thread with a runtime, which ends when the sender is dropped. Why the runtime is made and dropped there:
/// tokio panics if a runtime is dropped within another.
fn another() -> Option<(Handle, oneshot::Sender<()>)> {
    let (alive, end) = oneshot::channel::<()>();
    let (started, handle) = mpsc::channel();
    let serve = move || {
        let Ok(runtime) = Builder::new_current_thread().enable_all().build() else { return };
        if started.send(runtime.handle().clone()).is_ok() {
            // `Err`: the sender was dropped, which is how the thread is told to end.
            let _ = runtime.block_on(end);
        }
        runtime.shutdown_background();
    };
    thread::Builder::new().name("serve".into()).spawn(serve).ok()?;
    Some((handle.recv().ok()?, alive))
}
