use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use serde_json::Value as Json;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::{Server, Storage};
use crate::Listener;

/// Opens a TLS connection with the ALPN protocol `protocol`.
pub async fn connect(kubeconfig: &str, url: &str, protocol: &[u8]) -> TlsStream<TcpStream> {
    let config: Json = serde_yaml::from_str(kubeconfig).expect("a kubeconfig");
    let authority = config["clusters"][0]["cluster"]["certificate-authority-data"].as_str().expect("an authority");
    let pem = STANDARD.decode(authority).expect("base64");
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(&pem).expect("a certificate")).expect("a root");
    let mut client = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    client.alpn_protocols = vec![protocol.to_vec()];
    let name = ServerName::try_from("127.0.0.1").expect("a name");
    TlsConnector::from(Arc::new(client)).connect(name, socket(url).await).await.expect("a handshake")
}

/// Sends raw text over TLS; returns the whole answer.
async fn raw(kubeconfig: &str, url: &str, request: String) -> String {
    exchange(connect(kubeconfig, url, b"http/1.1").await, request).await
}

/// Opens a connection without TLS.
async fn socket(url: &str) -> TcpStream {
    TcpStream::connect(url.trim_start_matches("https://")).await.expect("a connection")
}

async fn exchange(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: String) -> String {
    stream.write_all(request.as_bytes()).await.expect("a request");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer, and a clean end");
    String::from_utf8_lossy(&answer).into_owned()
}

pub fn token(kubeconfig: &str) -> String {
    let config: Json = serde_yaml::from_str(kubeconfig).expect("a kubeconfig");
    config["users"][0]["user"]["token"].as_str().expect("a token").to_owned()
}

#[tokio::test]
async fn only_those_with_the_token_come_in() {
    let server = Server::open(&Storage::Memory).expect("a server");
    let listener = Listener::bind(server, ([127, 0, 0, 1], 0).into()).await.expect("a listener");
    let (url, kubeconfig) = (listener.url(), listener.kubeconfig().to_owned());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(listener.run(async move {
        let _ = stopped.await;
    }));
    let token = token(&kubeconfig);
    assert_eq!(token.len(), 64);
    let path = super::SECRETS;
    let request = |headers: &str| format!("GET {path} HTTP/1.1\r\nConnection: close\r\n{headers}\r\n");
    let host = "Host: 127.0.0.1\r\n";
    let bearer = format!("Authorization: Bearer {token}\r\n");
    for (headers, status) in [
        (format!("{host}{bearer}"), "200 OK"),
        (format!("Host: localhost:1\r\n{bearer}"), "200 OK"),
        (host.to_owned(), "403 Forbidden"),
        (format!("{host}Authorization: Bearer {}\r\n", "0".repeat(64)), "401 Unauthorized"),
        (format!("{host}Authorization: Bearer ü\r\n"), "401 Unauthorized"),
        (format!("{host}Authorization: Bearer\r\n"), "403 Forbidden"),
        (format!("{host}Authorization: Bearer {token}0\r\n"), "401 Unauthorized"),
        (format!("Host: evil.example\r\n{bearer}"), "403 Forbidden"),
        (format!("{host}Host: evil.example\r\n{bearer}"), "400 Bad Request"),
        (bearer.clone(), "400 Bad Request"),
        (format!("{host}{bearer}Origin: https://evil.example\r\n"), "403 Forbidden"),
        (format!("{host}{bearer}Sec-Fetch-Site: cross-site\r\n"), "403 Forbidden"),
        (format!("{host}{bearer}Sec-Fetch-Site: none\r\nSec-Fetch-Site: cross-site\r\n"), "403 Forbidden"),
        (format!("{host}{bearer}X-Long: {}\r\n", "a".repeat(70_000)), "431 Request Header Fields Too Large"),
    ] {
        let answer = raw(&kubeconfig, &url, request(&headers)).await;
        let line = answer.lines().next().unwrap_or_default();
        assert_eq!(line, format!("HTTP/1.1 {status}"), "{}", headers.replace(&token, "TOKEN"));
        assert!(answer.contains("\r\naudit-id: "), "{answer}");
    }
    let answer = raw(&kubeconfig, &url, "nonsense\r\n\r\n".into()).await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    let _ = stop.send(());
    running.await.expect("the listener").expect("a clean end");
}

#[tokio::test]
async fn a_refusal_arrives_however_much_was_sent() {
    let server = Server::open(&Storage::Memory).expect("a server");
    let listener = Listener::bind(server, ([127, 0, 0, 1], 0).into()).await.expect("a listener");
    let (url, kubeconfig) = (listener.url(), listener.kubeconfig().to_owned());
    let running = tokio::spawn(listener.run(std::future::pending()));
    let path = super::SECRETS;
    let right = format!("Bearer {}", token(&kubeconfig));
    for (method, path, bearer, length, status) in [
        ("POST", path, "Bearer wrong", 1000, "401 Unauthorized"),
        ("POST", path, "Bearer wrong", 300_000, "401 Unauthorized"),
        ("POST", path, "Basic none", 300_000, "403 Forbidden"),
        ("POST", "/nowhere", &right, 300_000, "404 Not Found"),
        ("PUT", path, &right, 300_000, "405 Method Not Allowed"),
        ("POST", path, &right, 5_000_000, "413 Payload Too Large"),
    ] {
        let head = |method, path, length| {
            format!(
                "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {bearer}\r\nContent-Length: {length}\r\n"
            )
        };
        // The next request on the same connection is answered, too.
        let (first, second) = (head(method, path, length), head("GET", "/nowhere", 0));
        let text = format!("{first}\r\n{}{second}Connection: close\r\n\r\n", "x".repeat(length));
        let answer = raw(&kubeconfig, &url, text).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{method} {path} {length}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 2, "{method} {path} {length}: {answer}");
    }
    running.abort();
}

/// Request targets that try to leave the API.
#[tokio::test]
async fn no_target_leaves_the_api() {
    let server = Server::open(&Storage::Memory).expect("a server");
    let listener = Listener::bind(server, ([127, 0, 0, 1], 0).into()).await.expect("a listener");
    let (url, kubeconfig) = (listener.url(), listener.kubeconfig().to_owned());
    let running = tokio::spawn(listener.run(std::future::pending()));
    let token = token(&kubeconfig);
    let secrets = super::SECRETS;
    for (target, statuses) in [
        ("//".to_owned(), &[404][..]),
        ("/..".to_owned(), &[404]),
        (format!("/{secrets}"), &[404]),
        (format!("{secrets}/../../../../etc/passwd"), &[404]),
        (format!("{secrets}/%2e%2e"), &[404]),
        (format!("{secrets}/..%2f..%2fetc%2fpasswd"), &[404]),
        (format!("{secrets}/%00"), &[404]),
        (format!("{secrets}/%ff"), &[404]),
        (format!("{secrets}/%zz"), &[400, 404]),
        ("/api/%2e%2e/version".to_owned(), &[404]),
        ("/api/../version".to_owned(), &[404]),
        ("http://evil.example/version".to_owned(), &[403]),
        (format!("http://user@127.0.0.1{secrets}"), &[400, 403]),
        ("http://127.0.0.1/..".to_owned(), &[404]),
        ("*".to_owned(), &[400, 404]),
        ("version".to_owned(), &[400, 403]),
        ("/version\u{7f}".to_owned(), &[400]),
    ] {
        let request = format!(
            "GET {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
        );
        let answer = raw(&kubeconfig, &url, request).await;
        let status = answer.split(' ').nth(1).and_then(|code| code.parse::<u16>().ok()).unwrap_or_default();
        assert!(statuses.contains(&status), "{target}: {answer}");
    }
    running.abort();
}

/// A body without a declared length is counted.
#[tokio::test]
async fn a_body_in_pieces_is_bounded_too() {
    let server = Server::open(&Storage::Memory).expect("a server");
    let listener = Listener::bind(server, ([127, 0, 0, 1], 0).into()).await.expect("a listener");
    let (url, kubeconfig) = (listener.url(), listener.kubeconfig().to_owned());
    let running = tokio::spawn(listener.run(std::future::pending()));
    let (path, token) = (super::SECRETS, token(&kubeconfig));
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    );
    let piece = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    // 3 MiB are 48 chunks. The last chunk, which would end the body, is not sent.
    let answer = raw(&kubeconfig, &url, format!("{head}{}", piece.repeat(49))).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    running.abort();
}

#[tokio::test]
async fn those_who_do_not_speak_tls_are_told() {
    let server = Server::open(&Storage::Memory).expect("a server");
    let listener = Listener::bind(server, ([127, 0, 0, 1], 0).into()).await.expect("a listener");
    let url = listener.url();
    let running = tokio::spawn(listener.run(std::future::pending()));
    let answer = exchange(socket(&url).await, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".into()).await;
    assert!(answer.ends_with("\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"), "{answer}");
    running.abort();
}

#[tokio::test]
async fn stopping_ends_watches_soon() {
    let server = Server::open(&Storage::Memory).expect("a server");
    let listener = Listener::bind(server, ([127, 0, 0, 1], 0).into()).await.expect("a listener");
    let (url, kubeconfig) = (listener.url(), listener.kubeconfig().to_owned());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(listener.run(async move {
        let _ = stopped.await;
    }));
    let token = token(&kubeconfig);
    let request =
        format!("GET {}?watch=1 HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n", super::SECRETS);
    let watching = tokio::spawn(async move { raw(&kubeconfig, &url, request).await });
    // No event shows that the watch has begun, so give both tasks enough turns.
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
    let begin = tokio::time::Instant::now();
    let _ = stop.send(());
    running.await.expect("the listener").expect("a clean end");
    assert!(begin.elapsed() < std::time::Duration::from_secs(1));
    let _ = watching.await.expect("the watcher");
}

#[tokio::test]
async fn other_addresses_are_refused() {
    let server = Server::open(&Storage::Memory).expect("a server");
    assert!(Listener::bind(server, ([0, 0, 0, 0], 0).into()).await.is_err());
}
