//! A server on loopback that writes down every request and answers what the test says.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpListener,
    sync::{Arc, Mutex},
    thread,
};

/// The server.
pub struct Recorder {
    address: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Recorder {
    /// Answers each request with the status line and the JSON that `answer` gives for its method and target
    /// (`GET /apis`).
    pub fn start(answer: impl Fn(&str) -> (&'static str, String) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address").to_string();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let recorded = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                let mut reader = BufReader::new(stream.try_clone().expect("the connection"));
                let (mut request, mut line, mut length) = (String::new(), String::new(), 0);
                while reader.read_line(&mut line).is_ok_and(|n| n > 2) {
                    if request.is_empty() {
                        request = line.trim_end().trim_end_matches(" HTTP/1.1").to_owned();
                    }
                    if let Some(text) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                        length = text.trim().parse().unwrap_or(0);
                    }
                    line.clear();
                }
                let _ = reader.take(length).read_to_end(&mut Vec::new());
                let (status, body) = answer(&request);
                recorded.lock().expect("the record").push(request);
                let head = "Content-Type: application/json\r\nConnection: close\r\n";
                let length = body.len();
                let _ = stream
                    .write_all(format!("HTTP/1.1 {status}\r\n{head}Content-Length: {length}\r\n\r\n{body}").as_bytes());
            }
        });
        Self { address, seen }
    }

    /// A server without anything: every request is answered with 404.
    pub fn empty() -> Self {
        Self::start(|_| ("404 Not Found", status(404, "NotFound", "not found")))
    }

    /// The value of `--server`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// `HOST:PORT`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The requests since the last call.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.seen.lock().expect("the record"))
    }
}

/// A failure as an API server answers it.
pub fn status(code: u16, reason: &str, message: &str) -> String {
    format!(
        r#"{{"kind":"Status","apiVersion":"v1","metadata":{{}},"status":"Failure","message":"{message}","reason":"{reason}","code":{code}}}"#
    )
}
