//! The threads that serve. Each has a runtime of its own, and a connection stays where it was put: what its requests need is
//! made and dropped by one thread, so that threads do not wait for each other's memory.

use std::{num::NonZero, sync::mpsc, thread};

use tokio::{
    runtime::{Builder, Handle},
    sync::oneshot,
};

/// How many threads serve at most. More would wait for each other: a store has one reader and one writer.
const MAX: usize = 4;

/// How often a task gives way until all others have had their turn: in each turn the runtime polls some 60 of them, and asks
/// the kernel for news.
const TURNS: usize = 16;

/// The threads of one listener; those that it started end when this is dropped.
pub struct Threads {
    handles: Vec<Handle>,
    /// Whose turn it is.
    next: usize,
    /// Dropped, they end their threads.
    others: Vec<oneshot::Sender<()>>,
}

impl Threads {
    /// The current thread, and another for each further core, as far as the system gives them.
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

    /// Waits until each thread has seen to what had arrived for it.
    pub async fn catch_up(&self) {
        let turns = self.handles.iter().map(|handle| {
            handle.spawn(async {
                for _ in 0..TURNS {
                    tokio::task::yield_now().await;
                }
            })
        });
        for turns in turns.collect::<Vec<_>>() {
            // An error: the thread is ending.
            let _ = turns.await;
        }
    }

    /// Where the next connection is served.
    pub fn next(&mut self) -> &Handle {
        self.next = (self.next + 1) % self.handles.len();
        &self.handles[self.next]
    }
}

/// A thread with a runtime, which ends when the sender is dropped. The runtime is made and dropped on its thread: where
/// others run it may not be dropped.
fn another() -> Option<(Handle, oneshot::Sender<()>)> {
    let (alive, end) = oneshot::channel::<()>();
    let (started, handle) = mpsc::channel();
    let serve = move || {
        let Ok(runtime) = Builder::new_current_thread().enable_all().build() else { return };
        if started.send(runtime.handle().clone()).is_ok() {
            // An error: the sender is dropped.
            let _ = runtime.block_on(end);
        }
        runtime.shutdown_background();
    };
    thread::Builder::new().name("serve".into()).spawn(serve).ok()?;
    Some((handle.recv().ok()?, alive))
}
