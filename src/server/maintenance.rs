//! The upkeep of a store's file: erases deleted values from it in time, and notices when it is deleted or replaced.

use std::sync::{Arc, atomic::Ordering};

use crate::{Failure, Inner, Server, Tidying};

impl Server {
    /// Sets when deleted values are erased from the file. Only for a server without other handles; ignored otherwise.
    #[must_use]
    pub fn tidying(mut self, tidying: Tidying) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.tidying = tidying;
        }
        self
    }

    /// Removes the history that the store keeps for watches, if no other process has the file open. Called once the
    /// server serves no requests any more.
    pub(super) fn leave(&self) {
        // Ignored: what is not removed now is removed by the next process that ends.
        let _ = self.0.store.leave();
    }

    /// Tidies the store until its file is gone, and returns that as a failure. Needs a tokio runtime with time.
    pub(super) async fn maintain(&self) -> Failure {
        self.0.is_maintained.store(true, Ordering::Relaxed);
        tokio::select! {
            failure = self.0.store.lost() => failure,
            () = tidy_for_ever(|| Some(Arc::clone(&self.0)), self.0.tidying) => std::future::pending().await,
        }
    }
}

/// Spawns a task that tidies the store as long as the server exists, unless a listener does so.
///
/// Why: a watch makes other processes keep the history ([`Store::leave`](crate::store::Store::leave)), so the process
/// that has the watch must tidy the file itself.
pub fn begin(server: &Arc<Inner>) {
    let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
    if server.store.is_shared() && !server.is_maintained.swap(true, Ordering::Relaxed) {
        let (weak, tidying) = (Arc::downgrade(server), server.tidying);
        runtime.spawn(tidy_for_ever(move || weak.upgrade(), tidying));
    }
}

async fn tidy_for_ever(server: impl Fn() -> Option<Arc<Inner>>, tidying: Tidying) {
    loop {
        tokio::time::sleep(tidying.every).await;
        let Some(server) = server().filter(|server| server.store.is_shared()) else { return };
        // Why on the blocking pool: it waits for the disk. A failure does not end the loop: there may be room on the
        // disk the next time.
        let _ = tokio::task::spawn_blocking(move || server.store.tidy(tidying.keep)).await;
    }
}
