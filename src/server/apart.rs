//! Work on what is large: it takes so long that it is done on a thread which serves no requests, and without the store.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::http::call::Call;
use secret::status::Status;

/// A request, or an object, of more bytes is large: some milliseconds' work. In the tests most are.
pub const LARGE: usize = if cfg!(test) { 256 } else { 64 << 10 };
/// How many such pieces of work are under way at once.
///
/// Why: they have threads of their own, but no cores.
const AT_ONCE: usize = 2;

/// The right to such work.
pub struct Places(Semaphore);

impl Default for Places {
    fn default() -> Self {
        Self(Semaphore::new(AT_ONCE))
    }
}

#[cfg(test)]
impl Places {
    /// Takes them all, as soon as they are free.
    pub async fn all(&self) -> tokio::sync::SemaphorePermit<'_> {
        self.0.acquire_many(AT_ONCE as u32).await.expect("places")
    }
}

/// Does `work`; if it is about what is large, on a thread that serves no requests.
///
/// # Errors
/// Those of the work; 500 if it has no end.
pub async fn run<T: Send + 'static>(
    is_large: bool,
    call: &Arc<Call>,
    work: impl FnOnce(&Arc<Call>) -> Result<T, Status> + Send + 'static,
) -> Result<T, Status> {
    if !is_large {
        return work(call);
    }
    let _place = call.server.places.0.acquire().await;
    let call = Arc::clone(call);
    let done = tokio::task::spawn_blocking(move || work(&call)).await;
    done.unwrap_or_else(|_| Err(Status::internal("the request was not finished")))
}
