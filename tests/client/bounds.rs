//! Servers that never end: every wait has a limit, and so has the memory of every answer.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    thread,
    time::{Duration, Instant},
};

use ksecret::{
    client::{Client, ListOptions, Path, Timeouts},
    context::Env,
    secret::resource::Resource,
};

use super::{SECRET, client, get, run, server as flags, server::Server, server::json};

const TIMEOUTS: Timeouts = Timeouts { headers: Duration::from_millis(400), idle: Duration::from_millis(400) };

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
    client(&flags(format!("http://{address}"))).with_timeouts(TIMEOUTS)
}

/// The line of the failure, which comes in time.
fn ends(client: &Client) -> String {
    let begun = Instant::now();
    let line = get(client, SECRET).map(|_| String::new()).unwrap_or_else(|failure| failure.words().line);
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
            thread::sleep(Duration::from_millis(50));
        }
    });
    assert_eq!(ends(&informing), "Unable to connect to the server: net/http: timeout awaiting response headers");
}

/// Also where no time is set: what counts is how many there are.
#[test]
fn informational_answers_without_end_are_cut() {
    let informing = |count: usize| {
        of(move |mut stream| {
            for _ in 0..count {
                if stream.write_all(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n").is_err() {
                    return;
                }
            }
            let _ =
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
        })
        .with_timeouts(Timeouts { headers: Duration::from_secs(600), idle: Duration::from_secs(600) })
    };
    assert_eq!(ends(&informing(20)), "");
    let line = "Unable to connect to the server: net/http: too many 1xx informational responses";
    assert_eq!(ends(&informing(usize::MAX)), line);
}

/// Attempts, the pauses between them and redirects share one limit.
#[test]
fn what_is_tried_again_has_one_limit_in_all() {
    let line = "Unable to connect to the server: net/http: timeout awaiting response headers";
    let closing = of(|_| thread::sleep(Duration::from_millis(150)));
    assert_eq!(ends(&closing), line);
    let later = of(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 8\r\nContent-Length: 0\r\n\r\n");
    });
    assert_eq!(ends(&later), line);
    let elsewhere = of(|mut stream| {
        thread::sleep(Duration::from_millis(150));
        let _ = stream.write_all(b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n");
    });
    assert_eq!(ends(&elsewhere), line);
}

#[test]
fn a_url_of_a_manifest_that_never_answers_is_left() {
    let url = |serve: fn(TcpStream)| {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address");
        thread::spawn(move || listener.incoming().map_while(Result::ok).for_each(serve));
        format!("http://{address}/s.yaml")
    };
    let silent = url(|mut stream| while stream.read(&mut [0; 4096]).is_ok_and(|count| count > 0) {});
    let trickling = url(|mut stream| {
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n");
        while stream.write_all(b" ").is_ok() {
            thread::sleep(Duration::from_millis(50));
        }
    });
    for (url, why) in [
        (silent, "Unable to connect to the server: net/http: timeout awaiting response headers"),
        (
            trickling,
            "error: unexpected error when reading response body. Please retry. Original error: the server sent next to \
             nothing for 0.4 s",
        ),
    ] {
        let begun = Instant::now();
        let error = run(ksecret::client::fetch(&url, &Env::default(), TIMEOUTS)).expect_err("no manifest");
        let why = why.trim_start_matches("error: ");
        assert_eq!(error.words().line, format!("error: unable to read URL {url:?}, {why}"));
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    }
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
        let path = Path::all(Resource::Secrets);
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
        let line = failure.map(|failure| failure.words().line).unwrap_or_default();
        assert_eq!(line, "error: the server's list has no end: a continue token came round again", "{round:?}");
    }
}

/// Pages with nothing in them, and another token each.
#[test]
fn pages_without_items_end() {
    let count = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::plain(move |_| {
        let next = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        json(&format!(r#"{{"kind":"SecretList","apiVersion":"v1","metadata":{{"continue":"t{next}"}},"items":[]}}"#))
    });
    let client = client(&flags(format!("http://{}", server.address)));
    let line = run(async {
        let mut pages = client.list(Resource::Secrets, Path::all(Resource::Secrets), ListOptions::default());
        loop {
            match pages.next().await {
                Ok(Some(_)) => assert!(server.targets().len() < 5000, "it goes on"),
                Ok(None) => return String::new(),
                Err(failure) => return failure.words().line,
            }
        }
    });
    assert_eq!(line, "error: the server's list has no end: it has too many pages");
}
