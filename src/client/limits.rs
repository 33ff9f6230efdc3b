//! How long the client waits, and how much it reads; [`in_words`] says it where users look.

use std::time::Duration;

/// How long Go waits for a TCP connection.
pub(crate) const CONNECT: Duration = Duration::from_secs(30);
/// How long Go waits for a TLS handshake.
pub(crate) const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long connecting and the head of an answer may take in all, attempts and redirects included. Why: kube-apiserver gives
/// up a request after one minute itself.
const HEADERS: Duration = Duration::from_secs(120);
/// How long a body that is read whole may bring next to nothing.
const IDLE: Duration = Duration::from_secs(60);
/// What counts as progress of a body. Why: a byte now and then would keep a client for ever.
pub(crate) const PROGRESS: usize = 4 << 10;
/// How often a silent connection is asked whether its other end is there: client-go's. Why: a watch may be silent for
/// hours, and nothing else tells it from one whose server is gone.
pub(crate) const KEEPALIVE: Duration = Duration::from_secs(30);
/// How often it is asked in vain before it counts as broken.
pub(crate) const KEEPALIVE_PROBES: u32 = 4;
/// How many 1xx answers may come before the one that counts.
pub(crate) const MOST_INFORMATIONAL: u32 = 100;
/// No single object is as large; etcd's limit is far below.
///
/// Why: a body is held twice while it grows and a third time when it is parsed; all of it is to stay below 64 MiB.
pub(crate) const OBJECT: usize = 8 << 20;
/// A page of a list that is larger is asked for again in smaller ones.
pub(crate) const LIST: usize = 12 << 20;
/// How large a kubeconfig or a file that it names may be: a bundle of every authority there is has a quarter of a megabyte.
pub(crate) const FILE: usize = 16 << 20;
/// How long the issuer of an id-token may take to give another one, all requests together.
pub(crate) const ISSUER: Duration = Duration::from_secs(30);
/// How long another process may hold a kubeconfig to renew the tokens in it: somewhat longer than that takes.
pub(crate) const KUBECONFIG_HELD: Duration = Duration::from_secs(40);
/// How long another program may be writing a kubeconfig.
pub(crate) const KUBECONFIG_WRITTEN: Duration = Duration::from_secs(2);

/// How long a server may take where no `--request-timeout` says it. kubectl waits for ever.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// To connect, and to begin an answer.
    pub headers: Duration,
    /// Between two pieces of an answer that is read whole. A watch may be silent; TCP keepalive ends it.
    pub idle: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { headers: HEADERS, idle: IDLE }
    }
}

/// Returns what a user should know of the limits, as one paragraph.
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
