//! Timeouts and size limits of the client; [`in_words`] is their text for users.

use std::time::Duration;

/// The timeout for a TCP connection, as Go's default transport has it.
pub(crate) const CONNECT: Duration = Duration::from_secs(30);
/// The timeout for a TLS handshake, as Go's default transport has it.
pub(crate) const HANDSHAKE: Duration = Duration::from_secs(10);
/// The timeout for connecting and the headers of an answer together, attempts and redirects included. Why more than one
/// minute: kube-apiserver ends a request after that time itself.
const HEADERS: Duration = Duration::from_secs(120);
/// The period within which the body of an answer must make progress.
const IDLE: Duration = Duration::from_secs(60);
/// How many bytes count as progress. Why: a server that sends a byte now and then would otherwise hold the client for
/// ever.
pub(crate) const PROGRESS: usize = 4 << 10;
/// The interval of TCP keepalive, client-go's. Why: a watch may be silent for hours, and only keepalive finds that its
/// server is gone.
pub(crate) const KEEPALIVE: Duration = Duration::from_secs(30);
/// After how many unanswered keepalive probes a connection counts as broken.
pub(crate) const KEEPALIVE_PROBES: u32 = 4;
/// How many informational (1xx) answers may precede the final one.
pub(crate) const MOST_INFORMATIONAL: u32 = 100;
/// The largest body of a single object, far above etcd's limit.
///
/// Why: a body is in memory twice while it grows, and a third time parsed; all of it must stay below 64 MiB.
pub(crate) const OBJECT: usize = 8 << 20;
/// The largest body of a page of a list; a larger page is requested again in smaller ones.
pub(crate) const LIST: usize = 12 << 20;
/// The largest kubeconfig, or file that it names. A bundle of all public authorities has a quarter of a megabyte.
pub(crate) const FILE: usize = 16 << 20;
/// The timeout for renewing an id-token, all requests to the issuer together.
pub(crate) const ISSUER: Duration = Duration::from_secs(30);
/// How long to wait for another process that holds a kubeconfig while it renews the tokens in it: somewhat longer than
/// [`ISSUER`].
pub(crate) const KUBECONFIG_HELD: Duration = Duration::from_secs(40);
/// How long to wait for another program that is writing a kubeconfig.
pub(crate) const KUBECONFIG_WRITTEN: Duration = Duration::from_secs(2);

/// Timeouts that hold if `--request-timeout` is not given. kubectl has none.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// For connecting and the headers of an answer.
    pub headers: Duration,
    /// For progress of an answer that is read whole. A watch may be silent; TCP keepalive ends it.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { headers: HEADERS, idle: IDLE }
    }
}

/// Returns what a user should know about the limits, as one paragraph.
pub fn in_words() -> String {
    let mebibytes = |bytes: usize| bytes >> 20;
    format!(
        "Without --request-timeout a server has {} s to begin an answer, connecting ({} s, TLS {} s), attempts and redirects \
         included; an answer that brings less than {} KiB in {} s is given up. A watch may be silent: its connection is \
         probed every {} s and counts as broken after {} probes without an answer. --request-timeout sets one limit above \
         them, for the whole of an answer; 0 sets none. An object may have {} MiB, a page of a list {} MiB (a larger one is \
         asked for in smaller parts).",
        HEADERS.as_secs(),
        CONNECT.as_secs(),
        HANDSHAKE.as_secs(),
        PROGRESS >> 10,
        IDLE.as_secs(),
        KEEPALIVE.as_secs(),
        KEEPALIVE_PROBES,
        mebibytes(OBJECT),
        mebibytes(LIST),
    )
}
