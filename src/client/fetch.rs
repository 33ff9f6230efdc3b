//! Fetches manifests from URLs, with one GET and without credentials.

use super::{Call, Client, Timeouts, site};
use crate::failure::{Failure, Result};
use environment::Env;
use go::quote::quote;

/// Fetches what `-f http://…` and `-f https://…` name, through the proxies of the environment. `timeouts` limits the
/// wait, since no flag does, as in kubectl.
///
/// Invariant: no credentials are sent, and no redirect to another origin is followed, because the content is applied to
/// a cluster.
///
/// # Errors
/// kubectl's `unable to read URL`, with what went wrong.
pub async fn fetch(url: &str, env: &Env, timeouts: Timeouts) -> Result<Vec<u8>> {
    let failed = |why: &str| Failure::local(format_args!("unable to read URL {}, {why}", quote(&site::shown(url))));
    let (config, path) = site::of(url, env).map_err(|failure| failed(failure.message()))?;
    let call = Call::get(path).accept("*/*");
    match Client::remote(config).with_timeouts(timeouts).call(call).await {
        Ok(answer) => Ok(answer.body.to_vec()),
        Err(failure) if failure.code() > 0 => Err(failed(&format!("status code={}", failure.code()))),
        Err(failure) => {
            let line = failure.words().line;
            Err(failed(line.strip_prefix("error: ").unwrap_or(&line)))
        }
    }
}
