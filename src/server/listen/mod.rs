//! The server behind a socket: TLS with certificates made at start, on loopback only, for those who have the token (or the
//! client certificate) that its kubeconfig holds.

mod access_log;
mod certificates;
mod connection;
mod guard;
mod kubeconfig;
mod limits;
mod patience;
mod reader;
mod threads;
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
    patience::Limits,
    reader::Attendance,
    threads::Threads,
    unauthenticated::{Capacity, Unauthenticated},
};
use crate::Server;

/// How many connections may wait to be accepted; the kernel allows no more either, unless it is told to.
const BACKLOG: u32 = 4096;
/// How much the kernel keeps of what one connection's client does not read. Left to itself it keeps 4 MiB.
const SEND_BUFFER: u32 = 256 * 1024;
/// How long requests that are under way when the server stops may still take.
const GRACE: Duration = Duration::from_millis(800);

/// A server that listens and has credentials, and does not answer yet.
pub struct Listener {
    server: Server,
    socket: TcpListener,
    address: SocketAddr,
    tls: Arc<ServerConfig>,
    guard: Arc<Guard>,
    kubeconfig: String,
    limits: Limits,
    log: Option<access_log::Log>,
}

type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

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
        let socket = listen(address)?;
        let address = socket.local_addr()?;
        let token = token(&server)?;
        let certificates = Certificates::make(address.ip())?;
        let kubeconfig = kubeconfig::text(&url(address), &certificates, &token);
        let tls = Arc::new(certificates.server_config()?);
        let guard = Arc::new(Guard::new(&token));
        Ok(Self { server, socket, address, tls, guard, kubeconfig, limits: Limits::SERVER, log: None })
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

    /// A kubeconfig with the server's certificate authority and its administrator's token. To read it is to own
    /// the server: write it 0600.
    pub fn kubeconfig(&self) -> &str {
        &self.kubeconfig
    }

    /// Gives `log` a line for each request: what was asked, how long the answer took, its status; no body, no credential.
    #[must_use]
    pub fn logging(mut self, log: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.log = Some(Arc::new(log));
        self
    }

    /// Gives up readers that leave an answer unread sooner; sooner still when there is no room.
    #[cfg(test)]
    pub fn impatient(mut self, unread: Duration, unread_pressed: Duration) -> Self {
        self.limits = Limits { unread, unread_pressed, ..self.limits };
        self
    }

    /// Serves until `shutdown` is done; then watches end, requests that are under way finish within a second, and the
    /// socket is closed.
    ///
    /// # Errors
    /// When the store is gone.
    pub fn run(self, shutdown: impl Future<Output = ()> + Send + 'static) -> Boxed<io::Result<()>> {
        self.serve(Box::pin(shutdown))
    }

    /// Why boxed: so that all of the server is compiled in its crate, and not in the one that waits for it, by that one's
    /// level of optimization.
    fn serve(self, shutdown: Boxed<()>) -> Boxed<io::Result<()>> {
        Box::pin(self.serve_until(shutdown))
    }

    async fn serve_until(self, mut shutdown: Boxed<()>) -> io::Result<()> {
        let mut lost = std::pin::pin!(self.server.tend());
        let mut threads = Threads::start();
        let mut connections = JoinSet::new();
        let waiting = Unauthenticated::new(Capacity::of_process(), self.limits);
        let backlog = Arc::clone(&self.server.0.backlog);
        let protocol = Protocol::new(self.tls, Attendance { limits: self.limits, backlog });
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
                    // Out of file descriptors: those who have nothing to say go first.
                    waiting.evict(false);
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    continue;
                }
            };
            let probation = waiting.enter();
            let guarded = Guarded {
                server: self.server.clone(),
                guard: Arc::clone(&self.guard),
                probation: Arc::clone(&probation),
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
            probation.served_by(connections.spawn_on(serving, threads.next()));
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
    // Its connections have it from the listening socket.
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
