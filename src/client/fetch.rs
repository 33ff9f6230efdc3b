//! Manifests at URLs: one GET, without credentials.

use super::{Call, Client, Patience, site};
use crate::failure::{Failure, Result};
use environment::Env;
use go::quote::quote;

/// What `-f http://…` and `-f https://…` name. No credentials are sent, and no redirect to another origin is
/// followed: what is read here is applied to a cluster. Proxies are those of the environment. `patience` limits the wait: no
/// flag does, as in kubectl.
///
/// # Errors
/// kubectl's `unable to read URL`, with what went wrong.
pub async fn fetch(url: &str, env: &Env, patience: Patience) -> Result<Vec<u8>> {
    let failed = |why: &str| Failure::local(format_args!("unable to read URL {}, {why}", quote(&site::shown(url))));
    let (config, path) = site::of(url, env).map_err(|failure| failed(failure.message()))?;
    let call = Call::get(path).accept("*/*");
    match Client::remote(config).with_patience(patience).call(call).await {
        Ok(answer) => Ok(answer.body.to_vec()),
        Err(failure) if failure.code() > 0 => Err(failed(&format!("status code={}", failure.code()))),
        Err(failure) => {
            let line = failure.words().line;
            Err(failed(line.strip_prefix("error: ").unwrap_or(&line)))
        }
    }
}
