//! Processing of large requests and objects in tokio's blocking pool, without the store: it would keep a thread that
//! serves requests for too long.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::http::call::Call;
use secret::status::Status;

/// The size in bytes from which a request or object counts as large; processing it takes some milliseconds. In tests
/// most are.
pub const LARGE: usize = if cfg!(test) { 256 } else { 64 << 10 };
/// How many large ones are processed at the same time.
///
/// Why so few: the blocking pool has threads of its own, but shares the cores with those that serve requests.
const AT_ONCE: usize = 2;

/// The permits for processing large ones.
pub struct Permits(Semaphore);

impl Default for Permits {
    fn default() -> Self {
        Self(Semaphore::new(AT_ONCE))
    }
}

#[cfg(test)]
impl Permits {
    /// Takes all permits.
    pub async fn all(&self) -> tokio::sync::SemaphorePermit<'_> {
        self.0.acquire_many(AT_ONCE as u32).await.expect("permits")
    }
}

/// Runs `work`; in the blocking pool if `is_large`.
///
/// # Errors
/// Those of `work`; 500 if it panics.
pub async fn run<T: Send + 'static>(
    is_large: bool,
    call: &Arc<Call>,
    work: impl FnOnce(&Arc<Call>) -> Result<T, Status> + Send + 'static,
) -> Result<T, Status> {
    if !is_large {
        return work(call);
    }
    let _permit = call.server.permits.0.acquire().await;
    let call = Arc::clone(call);
    let done = tokio::task::spawn_blocking(move || work(&call)).await;
    done.unwrap_or_else(|_| Err(Status::internal("the request was not finished")))
}
