//! The end of a shared transaction, of which all requests in it are notified.
//!
//! Why in two steps: waking a task is cheap on its own thread and expensive from another. So of the tasks on another
//! thread only one is woken, and that one wakes the others.

use std::{
    sync::{Arc, OnceLock},
    thread::{self, ThreadId},
};

use tokio::sync::{Notify, watch};

use super::Failure;

type Outcome = Arc<OnceLock<Result<(), Failure>>>;

/// The sender's side: notifies every [`Awaited`] of the outcome.
#[derive(Default)]
pub struct End {
    outcome: Outcome,
    groups: Vec<Arc<WaiterGroup>>,
}

/// What the tasks of one thread wait on. A task that has moved to another thread is woken all the same.
struct WaiterGroup {
    thread: ThreadId,
    /// Wakes one of the tasks, or another if that one is dropped before it runs (as [`Notify`] promises).
    first: Notify,
    all: watch::Sender<bool>,
}

impl End {
    /// Returns a receiver for a task on the current thread.
    pub fn awaited(&mut self) -> Awaited {
        let thread = thread::current().id();
        let group = match self.groups.iter().find(|group| group.thread == thread) {
            Some(group) => Arc::clone(group),
            None => {
                let group = Arc::new(WaiterGroup { thread, first: Notify::new(), all: watch::channel(false).0 });
                self.groups.push(Arc::clone(&group));
                group
            }
        };
        Awaited { outcome: Arc::clone(&self.outcome), group }
    }

    /// Notifies all receivers.
    pub fn notify(self, outcome: Result<(), Failure>) {
        // Invariant: the outcome is set before any task is woken, and only here.
        let _ = self.outcome.set(outcome);
        for group in self.groups {
            if group.thread == thread::current().id() {
                group.all.send_replace(true);
            } else {
                group.first.notify_one();
            }
        }
    }
}

/// The receiver's side of an [`End`].
pub struct Awaited {
    outcome: Outcome,
    group: Arc<WaiterGroup>,
}

impl Awaited {
    /// Waits for the end of the transaction.
    ///
    /// # Errors
    /// The failure that ended the transaction.
    pub async fn reached(self) -> Result<(), Failure> {
        let mut all = self.group.all.subscribe();
        tokio::select! {
            biased;
            _ = all.wait_for(|ended| *ended) => {}
            () = self.group.first.notified() => drop(self.group.all.send_replace(true)),
        }
        self.outcome.get().cloned().unwrap_or_else(|| Err(Failure::new("the commit was lost")))
    }
}

#[cfg(test)]
mod tests {
    use std::{
        pin::{Pin, pin},
        task,
    };

    use super::*;

    /// Returns `true` if the wait is over.
    fn is_over(wait: Pin<&mut impl Future<Output = Result<(), Failure>>>) -> bool {
        wait.poll(&mut task::Context::from_waker(task::Waker::noop())).is_ready()
    }

    #[test]
    fn one_of_another_thread_wakes_the_others_also_when_the_first_is_gone() {
        let mut end = End::default();
        let [first, second, third] = [0; 3].map(|_| end.awaited());
        let mut waits = (Box::pin(first.reached()), pin!(second.reached()), pin!(third.reached()));
        assert!(!is_over(waits.0.as_mut()) && !is_over(waits.1.as_mut()) && !is_over(waits.2.as_mut()));
        thread::scope(|scope| scope.spawn(|| end.notify(Ok(()))).join()).expect("the thread that tells");
        // Dropped before it could wake the others.
        drop(waits.0);
        assert!(!is_over(waits.2.as_mut()), "only one is woken from outside");
        assert!(is_over(waits.1.as_mut()));
        assert!(is_over(waits.2.as_mut()));
    }

    #[test]
    fn who_comes_late_hears_it_too() {
        let mut end = End::default();
        let (here, there) = (end.awaited(), thread::scope(|scope| scope.spawn(|| end.awaited()).join()).expect("one"));
        end.notify(Err(Failure::new("full")));
        for late in [here, there] {
            let mut late = pin!(late.reached());
            assert!(is_over(late.as_mut()));
        }
    }
}
