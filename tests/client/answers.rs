//! Answers of every kind: failures, nonsense, none at all.

use std::{
    io::Write as _,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use http::Method;
use ksecret::client::{Call, Path, Settings};

use super::{
    SECRET, client, error_of, get, run, server as flags,
    server::{Reply, Server, answer, answer_with, json},
};

fn plain(reply: impl Fn() -> Reply + Send + Sync + 'static) -> (Server, Settings) {
    let server = Server::plain(move |_| reply());
    let settings = flags(format!("http://{}", server.address));
    (server, settings)
}

fn line(reply: impl Fn() -> Reply + Send + Sync + 'static) -> String {
    let (_server, settings) = plain(reply);
    error_of(settings)
}

/// As kubectl 1.33 words them.
#[test]
fn words_for_answers_that_are_none() {
    let status =
        r#"{"kind":"Status","apiVersion":"v1","status":"Failure","message":"boom","reason":"NotFound","code":404}"#;
    assert_eq!(line(move || answer("404 Not Found", "application/json", status)), "Error from server (NotFound): boom");
    // A failure is a failure even when it says 200.
    assert_eq!(line(move || json(status)), "Error from server (NotFound): boom");
    assert_eq!(
        line(|| answer("404 Not Found", "text/plain; charset=utf-8", "404 page not found\n")),
        "Error from server (NotFound): the server could not find the requested resource (get secrets db)"
    );
    assert_eq!(
        line(|| answer("500 Oops", "application/json", "")),
        "Error from server (InternalError): an error on the server (\"unknown\") has prevented the request from succeeding \
         (get secrets db)"
    );
    assert_eq!(
        line(|| answer("502 Bad Gateway", "text/html", "<html>\u{1b}[31m</html>")),
        "Error from server (InternalError): an error on the server (\"<html>^[[31m</html>\") has prevented the request from \
         succeeding (get secrets db)"
    );
    assert_eq!(line(|| answer("200 OK", "text/html", "<html>")), "error: serializer for text/html doesn't exist");
    let (_server, settings) = plain(|| json("{\"kind\":\"Sec"));
    let failure = get(&client(&settings), SECRET).expect("an answer").object().expect_err("no object");
    assert_eq!(failure.words().line, "error: unexpected end of JSON input");
}

#[test]
fn words_for_connections_that_break() {
    assert_eq!(line(|| Reply::Close(Vec::new())), "Unable to connect to the server: EOF");
    assert_eq!(
        line(|| Reply::Close(b"SSH-2.0-OpenSSH_9\r\n".to_vec())),
        "Unable to connect to the server: net/http: HTTP/1.x transport connection broken: malformed HTTP response"
    );
    assert_eq!(
        line(|| Reply::Close(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".to_vec())),
        "error: unexpected error when reading response body. Please retry. Original error: unexpected EOF"
    );
    let endless = || {
        let mut head = b"HTTP/1.1 200 OK\r\n".to_vec();
        head.extend(b"X-Filler: 0123456789012345678901234567890123456789\r\n".repeat(20_000));
        Reply::Close(head)
    };
    let line = line(endless);
    assert!(line.starts_with("Unable to connect to the server: "), "{line}");
}

#[test]
fn a_hanging_server_is_left_in_time() {
    let hangs: [(&[u8], &str); 2] = [
        (
            b"",
            "Unable to connect to the server: net/http: request canceled (Client.Timeout exceeded while awaiting headers)",
        ),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
            "error: unexpected error when reading response body. Please retry. Original error: net/http: request canceled \
             (Client.Timeout or context cancellation while reading body)",
        ),
    ];
    for (bytes, words) in hangs {
        let (server, settings) = plain(move || Reply::Hang(bytes.to_vec()));
        let begun = Instant::now();
        let settings = Settings { request_timeout: Some("200ms".to_owned()), ..settings };
        assert_eq!(error_of(settings), words);
        assert!(begun.elapsed().as_secs() < 5);
        assert_eq!(server.targets(), [format!("GET {SECRET}?timeout=200ms")]);
    }
}

#[test]
fn asks_again_where_the_server_says_later() {
    let busy = |status: &'static str| {
        let count = Arc::new(AtomicUsize::new(0));
        plain(move || match count.fetch_add(1, Ordering::SeqCst) {
            0 | 1 => answer_with(status, "Retry-After: 0\r\n", "later"),
            _ => json("{}"),
        })
    };
    for status in ["429 Too Many Requests", "503 Service Unavailable"] {
        let (server, settings) = busy(status);
        get(&client(&settings), SECRET).expect("the third answer");
        assert_eq!(server.targets().len(), 3);
        // client-go repeats writes too: who says "later" has not done them.
        let (server, settings) = busy(status);
        let post = Call::new(Method::POST, Path::fixed(SECRET)).body("application/json", "{}");
        run(client(&settings).call(post)).expect("the third answer");
        assert_eq!(server.targets().len(), 3);
    }
    // Without Retry-After the answer stands, and so does the last one of a server that never stops saying "later".
    let (server, settings) = plain(|| answer("503 No", "text/plain", ""));
    get(&client(&settings), SECRET).expect_err("a failure");
    assert_eq!(server.targets().len(), 1);
    let (server, settings) = plain(|| answer_with("429 No", "Retry-After: 0\r\n", ""));
    get(&client(&settings), SECRET).expect_err("a failure");
    assert_eq!(server.targets().len(), 5);
}

#[test]
fn asks_again_when_a_connection_breaks_before_an_answer() {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = count.clone();
    let (_server, settings) = plain(move || match counter.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::Close(Vec::new()),
        _ => json("{}"),
    });
    get(&client(&settings), SECRET).expect("the second answer");
    assert_eq!(count.load(Ordering::SeqCst), 2);
    count.store(0, Ordering::SeqCst);
    let post = Call::new(Method::POST, Path::fixed(SECRET)).body("application/json", "{}");
    run(client(&settings).call(post)).expect_err("a POST is sent once");
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(data).expect("packed");
    encoder.finish().expect("packed")
}

#[test]
fn unpacks_answers_within_limits() {
    let head = "Content-Type: application/json\r\nContent-Encoding: gzip\r\n";
    let (_server, settings) = plain(move || answer_with("200 OK", head, gzip(b"{\"kind\":\"Secret\"}")));
    assert_eq!(&get(&client(&settings), SECRET).expect("an answer").body[..], b"{\"kind\":\"Secret\"}");
    let bomb = gzip(&vec![b' '; 40 << 20]);
    assert_eq!(line(move || answer_with("200 OK", head, &bomb)), "error: the server's answer is larger than 8 MiB");
    assert_eq!(line(move || answer_with("200 OK", head, "junk")), "error: gzip: invalid data");
    assert_eq!(
        line(|| Reply::Close(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n".to_vec())),
        "error: the server's answer is larger than 8 MiB"
    );
    let (server, settings) = plain(|| json("{}"));
    get(&client(&Settings { disable_compression: Some(true), ..settings }), SECRET).expect("an answer");
    assert_eq!(server.requests()[0].header("accept-encoding"), None);
}

#[test]
fn gives_each_warning_once() {
    let (_server, settings) = plain(|| {
        answer_with("200 OK", "Content-Type: application/json\r\nWarning: 299 - \"one\", 299 - \"two\"\r\n", "{}")
    });
    let client = client(&settings);
    run(async {
        let first = client.call(Call::get(Path::fixed(SECRET))).await.expect("an answer");
        assert_eq!(first.warnings, ["one", "two"]);
        let second = client.call(Call::get(Path::fixed(SECRET))).await.expect("an answer");
        assert_eq!(second.warnings, [""; 0]);
    });
}

#[test]
fn shows_requests_without_credentials_and_bodies() {
    let (server, ca) = super::server::tls_server(|_| json("{\"data\":\"s3cr3t\"}"));
    let config = super::kubeconfig(&format!("https://{}", server.address), &ca, "{token: t0ken}");
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sink = lines.clone();
    let client = super::client_of(&config, Settings::default())
        .verbose(10, Box::new(move |line| sink.lock().expect("no panic").push(line.to_owned())));
    let call = Call::new(Method::POST, Path::fixed(SECRET))
        .query("dryRun", "All")
        .body("application/json", "{\"x\":\"s3cr3t\"}");
    run(client.call(call)).expect("an answer");
    let text = lines.lock().expect("no panic").join("\n");
    assert!(text.contains(&format!("POST https://{}{SECRET}?dryRun=All 200 OK in ", server.address)), "{text}");
    assert!(text.contains("authorization: <masked>"), "{text}");
    assert!(!text.contains("t0ken") && !text.contains("s3cr3t"), "{text}");
}
