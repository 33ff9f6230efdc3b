//! One connection: its handshake, its requests, and its end.

use std::{future::Future, sync::Arc, time::Duration};

use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use rustls::{ServerConfig, server::Acceptor};
use tokio::{io::AsyncWriteExt as _, net::TcpStream, sync::watch};
use tokio_rustls::{LazyConfigAcceptor, server::TlsStream};

use super::{
    guard::{self, Guarded},
    limits::MAX_HEADERS,
    reader::{self, UnreadPolicy},
    timeouts::TimedStream,
    unauthenticated::Authenticating,
};

/// How long the headers of a request may take. For a connection that is kept alive, this is also how long it may be
/// idle.
const HEADER_TIMEOUT: Duration = Duration::from_secs(90);
/// How many concurrent requests one HTTP/2 connection may have, as in kube-apiserver (`MaxConcurrentStreams` in
/// `secure_serving.go`).
const MAX_STREAMS: u32 = 100;
/// How many bytes hyper buffers for one HTTP/2 stream besides a chunk.
const SEND_BUFFER: usize = 64 * 1024;
/// The length of the connection preface that every HTTP/2 client sends first.
const HTTP2_PREFACE: usize = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".len();
/// The answer of Go's `net/http` server to a client that speaks HTTP without TLS.
const NO_TLS: &[u8] = b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";
/// How long a request may still take if it is under way when the client's time to authenticate is over.
const LAST_MOMENT: Duration = Duration::from_secs(1);

/// The configuration that all connections share.
#[derive(Clone)]
pub struct Protocol {
    tls: Arc<ServerConfig>,
    http: auto::Builder<Streams>,
    unread_policy: UnreadPolicy,
}

/// Spawns the streams of HTTP/2 connections; a stream whose answer is left unread too long is dropped.
#[derive(Clone)]
struct Streams(UnreadPolicy);

impl<F: Future<Output: Send> + Send + 'static> hyper::rt::Executor<F> for Streams {
    fn execute(&self, stream: F) {
        let unread_policy = self.0.clone();
        // Dropping the future of a stream resets the stream.
        TokioExecutor::new().execute(async move { drop(reader::while_read(stream, &unread_policy).await) });
    }
}

impl Protocol {
    /// Returns the configuration for HTTP over TLS.
    pub fn new(tls: Arc<ServerConfig>, unread_policy: UnreadPolicy) -> Self {
        let mut http = auto::Builder::new(Streams(unread_policy.clone()));
        http.http1()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIMEOUT)
            .max_buf_size(MAX_HEADERS)
            .max_headers(256);
        http.http2()
            .timer(TokioTimer::new())
            .max_header_list_size(4 * u32::try_from(MAX_HEADERS).unwrap_or(u32::MAX))
            .max_concurrent_streams(MAX_STREAMS)
            .max_send_buf_size(SEND_BUFFER)
            .keep_alive_interval(Duration::from_secs(60));
        Self { tls, http, unread_policy }
    }

    /// Serves one connection until its client ends it, the server stops, or the time to authenticate is over.
    pub async fn serve(self, stream: TcpStream, mut service: Guarded) {
        let _ = stream.set_nodelay(true);
        let authenticating = Arc::clone(&service.authenticating);
        let mut closing: watch::Receiver<bool> = service.server.closing();
        let handshake = tokio::time::timeout_at(authenticating.deadline(), self.handshake(stream, &authenticating));
        let Ok(Some(stream)) = handshake.await else { return };
        let session = stream.get_ref().1;
        service.certified = session.peer_certificates().and_then(|c| c.first()).and_then(|c| guard::certified(c));
        // Why by ALPN: hyper's detection of HTTP/2 reads until it has seen a preface, so a client that sends nothing
        // would be waited for without a limit.
        let (http, greeting) = match session.alpn_protocol() {
            Some(b"h2") => (self.http.http2_only(), HTTP2_PREFACE),
            _ => (self.http.http1_only(), 0),
        };
        let stream = TokioIo::new(TimedStream::new(stream, greeting, self.unread_policy.timeouts));
        let connection = http.serve_connection(stream, hyper_util::service::TowerToHyperService::new(service));
        let serving = async {
            let mut connection = std::pin::pin!(connection);
            let is_over = tokio::select! {
                _ = connection.as_mut() => return,
                _ = closing.wait_for(|closing| *closing) => false,
                () = authenticating.overdue() => true,
            };
            connection.as_mut().graceful_shutdown();
            if is_over {
                let _ = tokio::time::timeout(LAST_MOMENT, connection).await;
            } else {
                let _ = connection.await;
            }
        };
        let _ = reader::while_read(serving, &self.unread_policy).await;
    }

    /// Returns the TLS stream; or answers 400 in plain text to a client that begins with HTTP, and returns `None`.
    async fn handshake(&self, mut stream: TcpStream, authenticating: &Authenticating) -> Option<TlsStream<TcpStream>> {
        let mut first = [0];
        stream.peek(&mut first).await.ok()?;
        if first[0].is_ascii_uppercase() {
            let _ = stream.write_all(NO_TLS).await;
            let _ = TimedStream::new(stream, 0, self.unread_policy.timeouts).shutdown().await;
            return None;
        }
        let hello = LazyConfigAcceptor::new(Acceptor::default(), stream).await.ok()?;
        authenticating.step();
        let stream = hello.into_stream(Arc::clone(&self.tls)).await.ok()?;
        authenticating.step();
        Some(stream)
    }
}
