//! The server behind a socket: TLS with certificates made at start, on loopback only, for those who have the token (or the
//! client certificate) that its kubeconfig holds.

mod access;
mod certificates;
mod guard;
mod kubeconfig;
mod limits;
mod patience;
mod threads;

use std::{
    fmt::Write as _,
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    task::JoinSet,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use self::{
    certificates::Certificates,
    guard::{Guard, Guarded},
    patience::{Limits, Patience},
    threads::Threads,
};
use super::Server;

/// How many connections are served at once; more wait.
const MAX_CONNECTIONS: usize = 4096;
/// How long the headers of one request may be.
const MAX_HEADERS: usize = 64 * 1024;
/// How long they may take; a kept connection that waits for its next request is waiting for headers, too.
const HEADER_TIMEOUT: Duration = Duration::from_secs(90);
/// How many requests one HTTP/2 connection may have under way, as kube-apiserver allows it.
const MAX_STREAMS: u32 = 100;
/// What every HTTP/2 client says first.
const HTTP2_PREFACE: usize = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".len();
/// What Go's server says to those who do not speak TLS.
const NO_TLS: &[u8] = b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";
/// How long a TLS handshake may take.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long requests that are under way when the server stops may still take.
const GRACE: Duration = Duration::from_millis(800);

/// A server that listens and has credentials, and serves nobody yet.
pub struct Listener {
    server: Server,
    socket: TcpListener,
    address: SocketAddr,
    acceptor: TlsAcceptor,
    guard: Arc<Guard>,
    kubeconfig: String,
    log: Option<access::Log>,
}

impl Listener {
    /// Binds a loopback address (port 0: any that is free), makes certificates and a token. Needs a tokio runtime with
    /// network and time.
    ///
    /// # Errors
    /// For addresses that are not loopback, ports that are taken, and a system without randomness.
    pub async fn bind(server: Server, address: SocketAddr) -> io::Result<Self> {
        if !address.ip().is_loopback() {
            let text = format!("{} is not a loopback address", address.ip());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        let socket = TcpListener::bind(address).await?;
        let address = socket.local_addr()?;
        let token = token(&server)?;
        let certificates = Certificates::make(address.ip())?;
        let kubeconfig = kubeconfig::text(&url(address), &certificates, &token);
        let acceptor = TlsAcceptor::from(Arc::new(certificates.server_config()?));
        let guard = Arc::new(Guard::new(&token));
        Ok(Self { server, socket, address, acceptor, guard, kubeconfig, log: None })
    }

    /// `https://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        url(self.address)
    }

    /// The port that is listened on.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Whether `text` is a kubeconfig as [`Listener::kubeconfig`] gives it, of this or an earlier server.
    pub fn wrote(text: &str) -> bool {
        kubeconfig::is_ours(text)
    }

    /// A kubeconfig with the server's certificate authority and its administrator's token. Whoever reads it owns the
    /// server: write it 0600.
    pub fn kubeconfig(&self) -> &str {
        &self.kubeconfig
    }

    /// Gives `log` a line for each request: what was asked, how long the answer took, its status; no body, no credential.
    #[must_use]
    pub fn logging(mut self, log: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.log = Some(Arc::new(log));
        self
    }

    /// Serves until `shutdown` is done; then watches end, requests that are under way finish within a second, and the
    /// socket is closed.
    ///
    /// # Errors
    /// When the socket itself fails.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        let mut shutdown = std::pin::pin!(shutdown);
        let mut threads = Threads::start();
        let mut connections = JoinSet::new();
        let free = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIMEOUT)
            .max_buf_size(MAX_HEADERS)
            .max_headers(256);
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_header_list_size(4 * u32::try_from(MAX_HEADERS).unwrap_or(u32::MAX))
            .max_concurrent_streams(MAX_STREAMS)
            .keep_alive_interval(Duration::from_secs(60));
        loop {
            let permit = Arc::clone(&free).acquire_owned();
            let accepted = async { (permit.await, self.socket.accept().await) };
            let (permit, accepted) = tokio::select! {
                () = &mut shutdown => break,
                Some(_) = connections.join_next() => continue,
                accepted = accepted => accepted,
            };
            let stream = match accepted {
                Ok((stream, _)) => stream,
                Err(error) if is_connection_error(&error) => continue,
                Err(_) => {
                    // Out of file descriptors: those who are being served must end first.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            };
            let guarded = Guarded {
                server: self.server.clone(),
                guard: Arc::clone(&self.guard),
                certified: None,
                log: self.log.clone(),
            };
            let Ok(stream) = stream.into_std() else { continue };
            let (acceptor, builder) = (self.acceptor.clone(), builder.clone());
            let serving = async move {
                if let Ok(stream) = TcpStream::from_std(stream) {
                    connection(stream, acceptor, guarded, builder).await;
                }
                drop(permit);
            };
            connections.spawn_on(serving, threads.next());
        }
        drop(self.socket);
        self.server.close();
        let _ = tokio::time::timeout(GRACE, async { while connections.join_next().await.is_some() {} }).await;
        Ok(())
    }
}

fn is_connection_error(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    )
}

/// Serves one connection to its end, or to the server's.
async fn connection(
    stream: TcpStream,
    acceptor: TlsAcceptor,
    mut service: Guarded,
    builder: auto::Builder<TokioExecutor>,
) {
    let _ = stream.set_nodelay(true);
    let mut closing: watch::Receiver<bool> = service.server.closing();
    let Ok(Some(stream)) = tokio::time::timeout(HANDSHAKE_TIMEOUT, handshake(stream, &acceptor)).await else { return };
    let session = stream.get_ref().1;
    service.certified = session.peer_certificates().and_then(|c| c.first()).and_then(|c| guard::certified(c));
    // Looking for the preface of HTTP/2 would wait for ever for one who says nothing.
    let (builder, greeting) = match session.alpn_protocol() {
        Some(b"h2") => (builder.http2_only(), HTTP2_PREFACE),
        _ => (builder.http1_only(), 0),
    };
    let stream = TokioIo::new(Patience::new(stream, greeting, Limits::SERVER));
    let connection = builder.serve_connection(stream, hyper_util::service::TowerToHyperService::new(service));
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = closing.wait_for(|closing| *closing) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = connection.await;
}

/// TLS with one who speaks it; an answer that can be read for one who speaks HTTP without.
async fn handshake(mut stream: TcpStream, acceptor: &TlsAcceptor) -> Option<TlsStream<TcpStream>> {
    let mut first = [0];
    stream.peek(&mut first).await.ok()?;
    if first[0].is_ascii_uppercase() {
        let _ = stream.write_all(NO_TLS).await;
        let _ = Patience::new(stream, 0, Limits::SERVER).shutdown().await;
        return None;
    }
    acceptor.accept(stream).await.ok()
}

fn url(address: SocketAddr) -> String {
    match address.ip() {
        IpAddr::V4(_) => format!("https://{address}"),
        IpAddr::V6(ip) => format!("https://[{ip}]:{}", address.port()),
    }
}

/// 256 random bits, in hexadecimal.
fn token(server: &Server) -> io::Result<String> {
    let bytes: [u8; 32] = server.random();
    if bytes.iter().all(|b| *b == 0) {
        return Err(io::Error::other("the system has no randomness"));
    }
    Ok(bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}
