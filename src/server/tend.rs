//! What a server with a file does by itself: it has deleted values leave the file, and notices when the file is gone.

use std::sync::{Arc, atomic::Ordering};

use crate::{Failure, Inner, Server, Tidying};

impl Server {
    /// Sets when values that were deleted leave the file; of a server that has no other handle yet.
    #[must_use]
    pub fn tidying(mut self, tidying: Tidying) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.tidying = tidying;
        }
        self
    }

    /// Removes what the store keeps for watches, if no other process has it open: for a server that serves no more.
    pub(super) fn leave(&self) {
        // What is not removed now is removed by the next process that ends.
        let _ = self.0.store.leave();
    }

    /// Tends the store as long as it is there; why it is not. Needs a tokio runtime with time.
    pub(super) async fn tend(&self) -> Failure {
        self.0.tended.store(true, Ordering::Relaxed);
        tokio::select! {
            failure = self.0.store.lost() => failure,
            () = tidy_for_ever(|| Some(Arc::clone(&self.0)), self.0.tidying) => std::future::pending().await,
        }
    }
}

/// Has the store of a server that no listener tends be tidied as long as the server is there: a watch in a process of its own
/// keeps other processes from removing what it may want, so that is up to this one.
pub fn begin(server: &Arc<Inner>) {
    let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
    if server.store.is_shared() && !server.tended.swap(true, Ordering::Relaxed) {
        let (weak, tidying) = (Arc::downgrade(server), server.tidying);
        runtime.spawn(tidy_for_ever(move || weak.upgrade(), tidying));
    }
}

async fn tidy_for_ever(server: impl Fn() -> Option<Arc<Inner>>, tidying: Tidying) {
    loop {
        tokio::time::sleep(tidying.every).await;
        let Some(server) = server().filter(|server| server.store.is_shared()) else { return };
        // Why: on a thread that serves no requests, since it waits for the disk. A failure is not the end: there may be room
        // on the disk the next time.
        let _ = tokio::task::spawn_blocking(move || server.store.tidy(tidying.keep)).await;
    }
}
