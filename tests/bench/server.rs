//! The embedded server's figures: `cargo bench --bench server`. Beside each stands its target; nothing here is a test.
//!
//! Reads come over 64 kept connections from a second thread, without TLS and with it; creates go to a file; the curve is
//! what one call takes with 1,000 to 100,000 objects stored.

use std::{
    io::Write as _,
    sync::{Arc, LazyLock},
    thread,
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use ksecret::server::{Listener, Server, Storage};
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject as _};
use tokio::{io::AsyncRead, io::AsyncWrite, net::TcpListener, net::TcpStream, runtime::Runtime, task::JoinSet};
use tower::ServiceExt as _;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CLIENTS: usize = 64;
const SECRETS: &str = "/api/v1/namespaces/default/secrets";
const RUN: Duration = Duration::from_secs(2);
/// What is compared is measured so often, so long.
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_millis(700);

fn main() {
    let plain = reads(false);
    let tls = reads(true);
    say(&format!(
        "reads of one object, {CLIENTS} kept connections, without TLS: {plain:.0}/s (target: at least 15000)"
    ));
    say(&format!("the same with TLS: {tls:.0}/s, {:.1} us more a read", 1e6 / tls - 1e6 / plain));
    let (one, many, ratio) = creates();
    say(&format!(
        "durable creates: one client {one:.0}/s, {CLIENTS} clients {many:.0}/s: {ratio:.1} times (target: at least 8)"
    ));
    runtime().block_on(curve());
}

fn say(line: &str) {
    writeln!(std::io::stdout(), "{line}").expect("standard output");
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn request(method: Method, path: &str, body: String) -> Request<Full<Bytes>> {
    let request = Request::builder().method(method).uri(path).header("host", "localhost");
    request.header("content-type", "application/json").body(Full::from(body)).expect("a request")
}

fn secret(name: &str) -> String {
    static VALUE: LazyLock<String> = LazyLock::new(|| STANDARD.encode([b'x'; 180]));
    let value = &*VALUE;
    format!(
        r#"{{"apiVersion":"v1","kind":"Secret","metadata":{{"name":"{name}","labels":{{"app":"bench"}}}},"data":{{"password":"{value}"}}}}"#
    )
}

/// A call in this process; how long the answer is.
async fn call(server: &Server, request: Request<Full<Bytes>>) -> usize {
    let response = server.as_admin().oneshot(request).await.expect("an answer");
    assert!(response.status().is_success(), "{}", response.status());
    response.into_body().collect().await.expect("a body").to_bytes().len()
}

async fn create(server: &Server, name: &str) {
    call(server, request(Method::POST, SECRETS, secret(name))).await;
}

/// Reads a second: the server on one thread, its clients on this one.
fn reads(tls: bool) -> f64 {
    let (sender, receiver) = std::sync::mpsc::channel();
    thread::spawn(move || {
        runtime().block_on(async {
            let server = Server::open(&Storage::Memory).expect("a server");
            create(&server, "one").await;
            if tls {
                let listener = Listener::bind(server, ([127, 0, 0, 1], 0).into()).await.expect("a listener");
                sender.send((listener.port(), listener.kubeconfig().to_owned())).expect("a receiver");
                return listener.run(std::future::pending()).await.expect("a socket");
            }
            let socket = TcpListener::bind(("127.0.0.1", 0)).await.expect("a socket");
            sender.send((socket.local_addr().expect("an address").port(), String::new())).expect("a receiver");
            loop {
                let (stream, _) = socket.accept().await.expect("a connection");
                stream.set_nodelay(true).expect("an option");
                let service = TowerToHyperService::new(server.as_admin());
                tokio::spawn(
                    hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service),
                );
            }
        });
    });
    let (port, kubeconfig) = receiver.recv().expect("a server");
    let field = |name: &str| {
        let line = kubeconfig.lines().find_map(|line| line.trim().strip_prefix(name)).unwrap_or_default();
        line.trim_start_matches([':', ' ']).to_owned()
    };
    let connector = tls.then(|| {
        let pem = STANDARD.decode(field("certificate-authority-data")).expect("base64");
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(&pem).expect("a certificate")).expect("an authority");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.expect("TLS").with_root_certificates(roots).with_no_client_auth();
        tokio_rustls::TlsConnector::from(Arc::new(config))
    });
    let authorization = format!("Bearer {}", field("token"));
    runtime().block_on(async {
        let mut tasks = JoinSet::new();
        for _ in 0..CLIENTS {
            let stream = TcpStream::connect(("127.0.0.1", port)).await.expect("a connection");
            stream.set_nodelay(true).expect("an option");
            match &connector {
                Some(connector) => {
                    let name = ServerName::try_from("127.0.0.1").expect("a name");
                    let stream = connector.connect(name, stream).await.expect("a handshake");
                    tasks.spawn(read_on(stream, authorization.clone()));
                }
                None => drop(tasks.spawn(read_on(stream, authorization.clone()))),
            }
        }
        let begin = Instant::now();
        let count: usize = tasks.join_all().await.into_iter().sum();
        count as f64 / begin.elapsed().as_secs_f64()
    })
}

/// Reads one object over one connection until the time is over; how often.
async fn read_on(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static, authorization: String) -> usize {
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("a handshake");
    tokio::spawn(connection);
    let begin = Instant::now();
    let mut count = 0;
    while begin.elapsed() < RUN {
        let mut request = request(Method::GET, &format!("{SECRETS}/one"), String::new());
        request.headers_mut().insert("authorization", authorization.parse().expect("a header"));
        sender.ready().await.expect("a connection");
        let response = sender.send_request(request).await.expect("an answer");
        assert!(response.status().is_success(), "{}", response.status());
        response.into_body().collect().await.expect("a body");
        count += 1;
    }
    count
}

/// Durable creates a second, by one client and by many, in turn, and their ratio: medians. Requests are served on as many
/// threads as `serve` has.
fn creates() -> (f64, f64, f64) {
    let dir = tempfile::tempdir().expect("a directory");
    let server = Server::open(&Storage::File(dir.path().join("store.db"))).expect("a server");
    let threads = thread::available_parallelism().map_or(1, usize::from).min(4);
    let rate = |round: usize, clients: usize| {
        let begin = Instant::now();
        let part = |thread: usize| {
            let mut tasks = JoinSet::new();
            for client in (thread..clients).step_by(threads) {
                let server = server.clone();
                tasks.spawn(async move {
                    let mut count = 0;
                    while begin.elapsed() < ROUND {
                        create(&server, &format!("s-{round}-{clients}-{client}-{count}")).await;
                        count += 1;
                    }
                    count
                });
            }
            tasks.join_all()
        };
        let count: i32 = thread::scope(|scope| {
            let parts =
                (0..threads).map(|number| scope.spawn(move || runtime().block_on(async { part(number).await })));
            let parts = parts.collect::<Vec<_>>();
            parts.into_iter().flat_map(|part| part.join().expect("a thread")).sum()
        });
        f64::from(count) / begin.elapsed().as_secs_f64()
    };
    let rounds = (0..ROUNDS).map(|round| (rate(round, 1), rate(round, CLIENTS))).collect::<Vec<_>>();
    let median = |of: &dyn Fn(&(f64, f64)) -> f64| {
        let mut figures = rounds.iter().map(of).collect::<Vec<_>>();
        figures.sort_by(f64::total_cmp);
        figures[ROUNDS / 2]
    };
    (median(&|(one, _)| *one), median(&|(_, many)| *many), median(&|(one, many)| many / one))
}

/// What one call takes, by how much is stored; and the memory of what is stored.
async fn curve() {
    let resident = || {
        let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
        statm.split(' ').nth(1).and_then(|pages| pages.parse::<f64>().ok()).unwrap_or_default() * 4096.0
    };
    let server = Server::open(&Storage::Memory).expect("a server");
    let before = resident();
    let mut stored: usize = 0;
    let mut size = 0;
    for goal in [1_000, 10_000, 100_000] {
        while stored < goal {
            create(&server, &format!("secret-{stored:06}")).await;
            stored += 1;
        }
        let now = resident();
        let mut took = [Vec::new(), Vec::new(), Vec::new()];
        let watch = request(Method::GET, &format!("{SECRETS}?watch=true"), String::new());
        let mut watch = server.as_admin().oneshot(watch).await.expect("an answer").into_body();
        // What is there already comes first, several events in a frame.
        let mut seen = 0;
        while seen < stored {
            let frame = watch.frame().await.expect("an event").expect("an event");
            seen += frame.data_ref().map_or(0, |data| data.iter().filter(|byte| **byte == b'\n').count());
        }
        for round in 0..500 {
            let begin = Instant::now();
            let path = format!("{SECRETS}/secret-{:06}", round * goal / 500);
            size = call(&server, request(Method::GET, &path, String::new())).await;
            took[0].push(begin.elapsed());
            let begin = Instant::now();
            let name = format!("extra-{goal}-{round}");
            create(&server, &name).await;
            took[1].push(begin.elapsed());
            watch.frame().await.expect("an event").expect("an event");
            took[2].push(begin.elapsed());
            call(&server, request(Method::DELETE, &format!("{SECRETS}/{name}"), String::new())).await;
            watch.frame().await.expect("an event").expect("an event");
        }
        let [get, create, delivery] = took.map(|mut times| {
            times.sort();
            times[times.len() / 2].as_secs_f64() * 1e6
        });
        let each = (now - before) / stored as f64;
        say(&format!(
            "{stored:6} stored: get {get:.0} us, create {create:.0} us, from create to watch {delivery:.0} us (target: flat); \
             {each:.0} bytes of memory for each of {size} ({:.1} times, target: at most 3)",
            each / size as f64
        ));
    }
}
