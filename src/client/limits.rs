//! How long the client waits, and how much it reads.

use std::time::Duration;

/// How long the issuer of an id-token may take to give another one, all requests together.
pub(super) const ISSUER: Duration = Duration::from_secs(30);
/// How long another process may hold a kubeconfig to renew the tokens in it: somewhat longer than that takes.
pub(super) const KUBECONFIG_HELD: Duration = Duration::from_secs(40);
/// How long another program may be writing a kubeconfig.
pub(super) const KUBECONFIG_WRITTEN: Duration = Duration::from_secs(2);

/// How long a server may take where no `--request-timeout` says it. kubectl waits for ever.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// To connect, and to begin an answer. Why: kube-apiserver gives up a request after one minute itself.
    pub headers: Duration,
    /// Between two pieces of an answer that is read whole. A watch may be silent; TCP keepalive ends it.
    pub idle: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { headers: Duration::from_secs(120), idle: Duration::from_secs(60) }
    }
}
