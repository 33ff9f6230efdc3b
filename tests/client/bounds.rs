//! Servers that never end: every wait has a limit, and so has the memory of every answer.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    thread,
    time::{Duration, Instant},
};

use ksecret::client::{Client, ListOptions, Patience, Resource};

use super::{SECRET, client, get, run, server as flags, server::Server, server::json};

const PATIENCE: Patience = Patience { headers: Duration::from_millis(400), idle: Duration::from_millis(400) };

/// A client of a server that reads a request and then does this with its connection.
fn of(serve: impl Fn(TcpStream) + Clone + Send + 'static) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let serve = serve.clone();
            thread::spawn(move || {
                let _ = stream.read(&mut [0; 4096]);
                serve(stream);
            });
        }
    });
    client(&flags(format!("http://{address}"))).with_patience(PATIENCE)
}

/// The line of the failure, which comes in time.
fn ends(client: &Client) -> String {
    let begun = Instant::now();
    let line = get(client, SECRET).map(|_| String::new()).unwrap_or_else(|failure| failure.into_error().to_string());
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}: {line}", begun.elapsed());
    line
}

#[test]
fn a_server_that_never_begins_an_answer_is_left() {
    let silent = of(|mut stream| {
        let _ = stream.read(&mut [0; 1]);
    });
    assert_eq!(ends(&silent), "Unable to connect to the server: net/http: timeout awaiting response headers");
    let informing = of(|mut stream| {
        while stream.write_all(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n").is_ok() {
            thread::sleep(Duration::from_millis(1));
        }
    });
    assert_eq!(ends(&informing), "Unable to connect to the server: net/http: timeout awaiting response headers");
}

#[test]
fn a_body_that_trickles_is_left() {
    let trickling = of(|mut stream| {
        let _ =
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999999\r\n\r\n{");
        while stream.write_all(b" ").is_ok() {
            thread::sleep(Duration::from_millis(50));
        }
    });
    let line = ends(&trickling);
    assert!(line.contains("the server sent next to nothing for 0.4 s"), "{line}");
    let silent = of(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{");
        let _ = stream.read(&mut [0; 1]);
    });
    let line = ends(&silent);
    assert!(line.contains("the server sent next to nothing for 0.4 s"), "{line}");
}

#[test]
fn a_slow_body_that_makes_progress_is_read() {
    let slow = of(|mut stream| {
        let body = format!("{{\"kind\":\"Secret\",\"x\":\"{}\"}}", "x".repeat(60_000));
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
        let _ = stream.write_all(head.as_bytes());
        for piece in body.as_bytes().chunks(6_000) {
            let _ = stream.write_all(piece);
            thread::sleep(Duration::from_millis(100));
        }
    });
    assert_eq!(ends(&slow), "");
}

#[test]
fn continue_tokens_that_come_round_are_an_error() {
    for round in [&["a"][..], &["a", "b"], &["a", "b", "c", "b"]] {
        let server = Server::plain(move |request| {
            let token = request.target().split("continue=").nth(1).and_then(|rest| rest.split('&').next());
            let at = token.and_then(|token| round.iter().rposition(|other| *other == token));
            let next = round[at.map_or(0, |at| (at + 1) % round.len())];
            let list = r#"{"kind":"SecretList","apiVersion":"v1","metadata":{"continue":"NEXT"},"items":[]}"#;
            json(&list.replace("NEXT", next))
        });
        let client = client(&flags(format!("http://{}", server.address)));
        let path = Resource::Secrets.everywhere();
        let failure = run(async {
            let mut pages = client.list(Resource::Secrets, path, ListOptions::default());
            loop {
                match pages.next().await {
                    Ok(Some(_)) => assert!(server.targets().len() < 100, "{round:?}: it goes on"),
                    Ok(None) => return None,
                    Err(failure) => return Some(failure),
                }
            }
        });
        let line = failure.map(|failure| failure.into_error().to_string()).unwrap_or_default();
        assert_eq!(line, "error: the server's list has no end: a continue token came round again", "{round:?}");
    }
}
