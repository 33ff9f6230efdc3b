//! Connections: from a configuration to a tower Service that answers HTTP requests.
//!
//! hyper speaks HTTP over connections that are made here: direct or through a proxy, with TLS or without. Errors keep
//! their words as [`Carried`], because the layers above only know that "a connector failed".

use std::{
    error::Error as StdError,
    fmt, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{self, Poll},
};

use http::{HeaderValue, Request, Response, Uri};
use hyper_util::{
    client::legacy::{
        self,
        connect::{
            Connected, Connection, HttpConnector,
            dns::Name,
            proxy::{SocksV5, Tunnel},
        },
    },
    rt::{TokioExecutor, TokioIo},
};
use kube::client::Body;
use rustls::{ClientConfig, pki_types::ServerName};
use tower::{Service, ServiceExt as _};

use super::{
    config::Config,
    failure::{Failure, Kind},
    limits,
    proxy::{Protocol, Proxy},
    tls,
};
use go::quote::quote;

type BoxFuture<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;

/// A failure inside the boxed errors of hyper and tower.
#[derive(Debug)]
pub(crate) struct Carried(pub Failure);

impl fmt::Display for Carried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.message())
    }
}

impl StdError for Carried {}

/// Returns the Service for a configuration: hyper with this module's connector. `tls` is required for `https` servers
/// and proxies.
pub(crate) fn service(
    config: &Config,
    tls: Option<ClientConfig>,
) -> Result<
    impl Service<Request<Body>, Response = Response<hyper::body::Incoming>, Error = Carried, Future: Send> + use<>,
    Failure,
> {
    let secure = config.server.scheme_str() == Some("https");
    let tls = tls.map(Arc::new);
    let host = bare_host(&config.server);
    let name = match config.cluster.tls_server_name.as_str() {
        "" => host,
        name => name,
    };
    let target_tls = match tls.clone().filter(|_| secure) {
        Some(config) => {
            let name = ServerName::try_from(name.to_owned())
                .map_err(|_| Failure::connection(format!("tls: {} is no name for a server", quote(name))))?;
            Some((config, name))
        }
        None => None,
    };
    let mut http = HttpConnector::new_with_resolver(Resolver);
    http.enforce_http(false);
    http.set_nodelay(true);
    http.set_connect_timeout(Some(limits::CONNECT));
    http.set_keepalive(Some(limits::KEEPALIVE));
    http.set_keepalive_interval(Some(limits::KEEPALIVE));
    http.set_keepalive_retries(Some(limits::KEEPALIVE_PROBES));
    let connector = Connector {
        dial: Dial { http, tls },
        route: config.proxy.as_ref().map_or(Route::Direct, |proxy| Route::new(proxy, secure)),
        tls: target_tls,
    };
    let authority = config.server.authority().map(ToString::to_string).unwrap_or_default();
    let client = legacy::Client::builder(TokioExecutor::new()).build(connector);
    Ok(client.map_err(move |error| Carried(request_failure(&error, &authority))))
}

fn bare_host(uri: &Uri) -> &str {
    uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']')
}

/// Resolves names; starts a thread for that only if DNS is needed.
#[derive(Clone)]
struct Resolver;

impl Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = Carried;
    type Future = BoxFuture<Self::Response, Carried>;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> Poll<Result<(), Carried>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        Box::pin(async move {
            let name = name.as_str();
            // RFC 6761: `localhost` needs no resolver.
            if name.eq_ignore_ascii_case("localhost") {
                let both = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
                return Ok(both.map(|ip| SocketAddr::new(ip, 0)).to_vec().into_iter());
            }
            match tokio::net::lookup_host((name, 0)).await {
                Ok(addresses) => Ok(addresses.collect::<Vec<_>>().into_iter()),
                Err(_) => Err(Carried(Failure::connection(format!("dial tcp: lookup {name}: no such host")))),
            }
        })
    }
}

/// A connection, with TLS or without.
struct Stream {
    io: Box<dyn Io>,
    /// Whether the other end is a proxy that expects absolute URLs.
    proxied: bool,
}

trait Io: hyper::rt::Read + hyper::rt::Write + Send + Unpin {}
impl<T: hyper::rt::Read + hyper::rt::Write + Send + Unpin> Io for T {}

impl Stream {
    fn new(io: impl Io + 'static) -> Self {
        Self { io: Box::new(io), proxied: false }
    }
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        Connected::new().proxy(self.proxied)
    }
}

impl hyper::rt::Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
        buf: hyper::rt::ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.io).poll_read(cx, buf)
    }
}

impl hyper::rt::Write for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.io).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.io).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.io).poll_write_vectored(cx, bufs)
    }
}

/// Connects by TCP to the host of a URL, and with TLS if the scheme says so: for proxies, and for servers without a
/// proxy.
#[derive(Clone)]
struct Dial {
    http: HttpConnector<Resolver>,
    tls: Option<Arc<ClientConfig>>,
}

impl Service<Uri> for Dial {
    type Response = Stream;
    type Error = Carried;
    type Future = BoxFuture<Stream, Carried>;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> Poll<Result<(), Carried>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let tcp = self.http.call(uri.clone());
        let tls = self.tls.clone().filter(|_| uri.scheme_str() == Some("https"));
        Box::pin(async move {
            let tcp = tcp.await.map_err(|error| Carried(dial_failure(&error, &uri)))?;
            match tls {
                None => Ok(Stream::new(tcp)),
                Some(tls) => {
                    let name = ServerName::try_from(bare_host(&uri).to_owned())
                        .map_err(|_| Carried(Failure::connection("tls: bad name of a proxy")))?;
                    shake_hands(Stream::new(tcp), tls, name).await
                }
            }
        })
    }
}

/// The way to the server.
#[derive(Clone)]
enum Route {
    Direct,
    /// A proxy that makes the request for the client: plain HTTP only.
    Forward(Uri),
    /// A CONNECT tunnel through a proxy, with the credentials for it.
    Tunnel(Uri, Option<HeaderValue>),
    Socks(Uri, Option<(String, String)>),
}

impl Route {
    fn new(proxy: &Proxy, secure: bool) -> Self {
        let uri = proxy.uri.clone();
        match proxy.protocol {
            Protocol::Socks5 => Self::Socks(uri, proxy.credentials.as_ref().map(|(u, p)| (u.clone(), p.to_string()))),
            _ if secure => Self::Tunnel(uri, proxy.authorization()),
            _ => Self::Forward(uri),
        }
    }
}

impl Proxy {
    /// Returns the header with the credentials for an HTTP proxy.
    pub(crate) fn authorization(&self) -> Option<HeaderValue> {
        let (user, password) = self.credentials.as_ref()?;
        super::basic(user, password)
    }
}

/// The connector that hyper uses.
#[derive(Clone)]
struct Connector {
    dial: Dial,
    route: Route,
    tls: Option<(Arc<ClientConfig>, ServerName<'static>)>,
}

impl Service<Uri> for Connector {
    type Response = Stream;
    type Error = Carried;
    type Future = BoxFuture<Stream, Carried>;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> Poll<Result<(), Carried>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let Self { mut dial, route, tls } = self.clone();
        Box::pin(async move {
            let stream = match route {
                Route::Direct => {
                    // Why: the connection in the tunnel gets TLS below, with the server's name.
                    dial.tls = None;
                    dial.call(uri).await?
                }
                Route::Forward(proxy) => {
                    let mut stream = dial.call(proxy).await.map_err(|error| proxy_failure(&error))?;
                    stream.proxied = true;
                    return Ok(stream);
                }
                Route::Tunnel(proxy, authorization) => {
                    let mut tunnel = Tunnel::new(proxy, dial);
                    if let Some(authorization) = authorization {
                        tunnel = tunnel.with_auth(authorization);
                    }
                    tunnel.call(uri).await.map_err(|error| proxy_failure(&error))?
                }
                Route::Socks(proxy, credentials) => {
                    let mut socks = SocksV5::new(proxy, dial);
                    if let Some((user, password)) = credentials {
                        socks = socks.with_auth(user, password);
                    }
                    socks.call(uri).await.map_err(|error| proxy_failure(&error))?
                }
            };
            match tls {
                Some((config, name)) => shake_hands(stream, config, name).await,
                None => Ok(stream),
            }
        })
    }
}

async fn shake_hands(stream: Stream, config: Arc<ClientConfig>, name: ServerName<'static>) -> Result<Stream, Carried> {
    let connecting = tokio_rustls::TlsConnector::from(config).connect(name, TokioIo::new(stream));
    match tokio::time::timeout(limits::HANDSHAKE, connecting).await {
        Ok(Ok(tls)) => Ok(Stream::new(TokioIo::new(tls))),
        Ok(Err(error)) => Err(Carried(Failure::connection(io_words(&error)))),
        Err(_) => Err(Carried(Failure::connection("net/http: TLS handshake timeout"))),
    }
}

/// Returns Go's words for an I/O error of a connection.
fn io_words(error: &io::Error) -> String {
    if let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return tls::handshake_words(tls);
    }
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "EOF".to_owned(),
        io::ErrorKind::ConnectionReset => "read: connection reset by peer".to_owned(),
        io::ErrorKind::BrokenPipe => "write: broken pipe".to_owned(),
        _ => go::errno::text(error),
    }
}

/// Returns the chain of an error's sources.
fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    chain(error).find_map(|error| error.downcast_ref::<E>())
}

/// Returns the failure for a TCP connection that could not be made.
fn dial_failure(error: &(dyn StdError + 'static), uri: &Uri) -> Failure {
    if let Some(Carried(failure)) = find::<Carried>(error) {
        return failure.clone();
    }
    let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
    let host = match uri.host().unwrap_or_default() {
        "localhost" => "127.0.0.1",
        host => host,
    };
    let dial = format!("dial tcp {host}:{port}");
    match find::<io::Error>(error) {
        Some(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            let host = uri.authority().map(ToString::to_string).unwrap_or_default();
            Failure::of_kind(Kind::Refused(host), format!("{dial}: connect: connection refused"))
        }
        Some(error) if error.kind() == io::ErrorKind::TimedOut => Failure::connection(format!("{dial}: i/o timeout")),
        Some(error) => Failure::connection(format!("{dial}: connect: {}", go::errno::text(error))),
        None => Failure::connection(format!("{dial}: i/o timeout")),
    }
}

/// Returns the failure for a proxy that did not connect to the server.
fn proxy_failure(error: &(dyn StdError + 'static)) -> Carried {
    let text = match find::<Carried>(error) {
        Some(Carried(failure)) => failure.message().to_owned(),
        None => match find::<io::Error>(error) {
            Some(error) => io_words(error),
            None => error.to_string(),
        },
    };
    Carried(Failure::connection(format!("proxyconnect tcp: {text}")))
}

/// Returns the failure for a request without an answer. `authority` is the server's host and port, for kubectl's line
/// about refused connections.
fn request_failure(error: &(dyn StdError + 'static), authority: &str) -> Failure {
    if let Some(Carried(failure)) = find::<Carried>(error) {
        let mut failure = failure.clone();
        if let Failure::Transport(transport) = &mut failure
            && let Kind::Refused(host) = &mut transport.kind
        {
            authority.clone_into(host);
        }
        return failure;
    }
    if let Some(error) = find::<io::Error>(error) {
        return Failure::of_kind(Kind::Lost, io_words(error));
    }
    match find::<hyper::Error>(error) {
        Some(error) if error.is_parse_too_large() => {
            Failure::malformed("net/http: server response headers exceeded the limit")
        }
        Some(error) if error.is_parse() => {
            Failure::malformed("net/http: HTTP/1.x transport connection broken: malformed HTTP response")
        }
        Some(error) if error.is_timeout() => {
            Failure::of_kind(Kind::Timeout, "net/http: timeout awaiting response headers")
        }
        // The connection ended before an answer.
        _ => Failure::of_kind(Kind::Lost, "EOF"),
    }
}

/// Returns the failure for a body that broke off.
pub(crate) fn body_failure(error: &(dyn StdError + 'static)) -> Failure {
    let reason = match find::<io::Error>(error) {
        Some(error) => io_words(error).replace("EOF", "unexpected EOF"),
        None => "unexpected EOF".to_owned(),
    };
    Failure::other(format!("unexpected error when reading response body. Please retry. Original error: {reason}"))
}
