//! The server behind a socket: HTTPS on a loopback address, with certificates made at start. Only clients that have the
//! token (or the client certificate) of its kubeconfig are served as the administrator.

mod access_log;
mod certificates;
mod connection;
mod guard;
mod kubeconfig;
mod limits;
mod reader;
mod threads;
mod timeouts;
mod unauthenticated;

use std::{
    fmt::Write as _,
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use rustls::ServerConfig;
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    task::JoinSet,
};

use self::{
    certificates::Certificates,
    connection::Protocol,
    guard::{Guard, Guarded},
    reader::UnreadPolicy,
    threads::Threads,
    timeouts::Timeouts,
    unauthenticated::{Capacity, Unauthenticated},
};
use crate::Server;

/// The length of the queue of connections that wait to be accepted; Linux allows no more by default
/// (`net.core.somaxconn`).
const BACKLOG: u32 = 4096;
/// The size of the kernel's send buffer of one connection, in bytes. Why: by default it grows to 4 MiB for a client
/// that does not read.
const SEND_BUFFER: u32 = 256 * 1024;
/// How long requests that are under way when the server stops may still take.
const GRACE: Duration = Duration::from_millis(800);

/// A server that is bound to its address and has credentials, and does not accept connections yet.
pub struct Listener {
    server: Server,
    socket: TcpListener,
    address: SocketAddr,
    tls: Arc<ServerConfig>,
    guard: Arc<Guard>,
    kubeconfig: String,
    timeouts: Timeouts,
    log: Option<access_log::Log>,
}

type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

impl Listener {
    /// Binds a loopback address (port 0: any that is free), and makes certificates and a token. Needs a tokio runtime
    /// with network and time.
    ///
    /// # Errors
    /// If the address is not loopback, the port is taken, or the system has no randomness.
    pub async fn bind(server: Server, address: SocketAddr) -> io::Result<Self> {
        if !address.ip().is_loopback() {
            let text = format!("{} is not a loopback address", address.ip());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        let socket = listen(address)?;
        let address = socket.local_addr()?;
        let token = token(&server)?;
        let certificates = Certificates::make(address.ip())?;
        let kubeconfig = kubeconfig::text(&url(address), &certificates, &token);
        let tls = Arc::new(certificates.server_config()?);
        let guard = Arc::new(Guard::new(&token));
        Ok(Self { server, socket, address, tls, guard, kubeconfig, timeouts: Timeouts::SERVER, log: None })
    }

    /// Returns the URL, `https://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        url(self.address)
    }

    /// Returns the port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Returns `true` if `text` is a kubeconfig that [`Listener::kubeconfig`] of this or an earlier server returned.
    pub fn wrote(text: &str) -> bool {
        kubeconfig::is_ours(text)
    }

    /// Returns a kubeconfig with the server's certificate authority and its administrator's credentials. A process that
    /// can read it has full access: write it with mode 0600.
    pub fn kubeconfig(&self) -> &str {
        &self.kubeconfig
    }

    /// Calls `log` with a line for each request: what was asked, how long the answer took, its status; no body, no
    /// credential.
    #[must_use]
    pub fn logging(mut self, log: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.log = Some(Arc::new(log));
        self
    }

    /// Shortens the time after which an unread answer is given up, without and with pressure on memory.
    #[cfg(test)]
    pub fn impatient(mut self, unread: Duration, unread_pressed: Duration) -> Self {
        self.timeouts = Timeouts { unread, unread_pressed, ..self.timeouts };
        self
    }

    /// Serves until `shutdown` is done; then watches end, requests that are under way have [`GRACE`] to finish, and the
    /// socket is closed.
    ///
    /// # Errors
    /// If the store's file is deleted, renamed or replaced.
    pub fn run(self, shutdown: impl Future<Output = ()> + Send + 'static) -> Boxed<io::Result<()>> {
        self.serve(Box::pin(shutdown))
    }

    /// Why boxed: a future that crosses into another crate unboxed is compiled there, by that crate's level of
    /// optimization.
    fn serve(self, shutdown: Boxed<()>) -> Boxed<io::Result<()>> {
        Box::pin(self.serve_until(shutdown))
    }

    async fn serve_until(self, mut shutdown: Boxed<()>) -> io::Result<()> {
        let mut lost = std::pin::pin!(self.server.maintain());
        let mut threads = Threads::start();
        let mut connections = JoinSet::new();
        let waiting = Unauthenticated::new(Capacity::of_process(), self.timeouts);
        let backlog = Arc::clone(&self.server.0.backlog);
        let protocol = Protocol::new(self.tls, UnreadPolicy { timeouts: self.timeouts, backlog });
        let failed = loop {
            let accepted = async {
                while waiting.is_full() {
                    threads.catch_up().await;
                    waiting.make_room().await;
                }
                self.socket.accept().await
            };
            let accepted = tokio::select! {
                () = &mut shutdown => break None,
                failure = &mut lost => break Some(failure),
                Some(_) = connections.join_next() => continue,
                accepted = accepted => accepted,
            };
            let stream = match accepted {
                Ok((stream, _)) => stream,
                Err(error) if is_connection_error(&error) => continue,
                Err(_) => {
                    // Out of file descriptors: connections that have not authenticated are ended, without waiting for
                    // their deadlines.
                    waiting.evict(false);
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    continue;
                }
            };
            let authenticating = waiting.enter();
            let guarded = Guarded {
                server: self.server.clone(),
                guard: Arc::clone(&self.guard),
                authenticating: Arc::clone(&authenticating),
                certified: None,
                log: self.log.clone(),
            };
            let Ok(stream) = stream.into_std() else { continue };
            let protocol = protocol.clone();
            let serving = async move {
                if let Ok(stream) = TcpStream::from_std(stream) {
                    protocol.serve(stream, guarded).await;
                }
            };
            authenticating.served_by(connections.spawn_on(serving, threads.next()));
        };
        drop(self.socket);
        self.server.close();
        let _ = tokio::time::timeout(GRACE, async { while connections.join_next().await.is_some() {} }).await;
        self.server.leave();
        failed.map_or(Ok(()), |failure| Err(io::Error::other(failure)))
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    // Accepted connections inherit it from the listening socket.
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

fn is_connection_error(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    )
}

fn url(address: SocketAddr) -> String {
    match address.ip() {
        IpAddr::V4(_) => format!("https://{address}"),
        IpAddr::V6(ip) => format!("https://[{ip}]:{}", address.port()),
    }
}

/// Returns 256 random bits in hexadecimal.
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
