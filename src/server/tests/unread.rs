//! Clients that ask for long answers and read nothing.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Empty};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{io::AsyncWriteExt as _, task::JoinSet};

use super::{
    Client, SECRETS, Storage,
    listener::{connect, token},
    secret,
};
use crate::{Listener, http::backlog::Backlog};

/// The times after which an unread answer is given up, without and with pressure on memory.
///
/// Why so different: an answer that is given up for lack of memory must not be one whose time was over.
const UNREAD: Duration = Duration::from_secs(3600);
const UNREAD_PRESSED: Duration = Duration::from_millis(100);
const CLIENTS: usize = 6;

/// A server with a list that is larger than the room for all answers, and its credentials.
struct Served {
    client: Client,
    url: String,
    kubeconfig: String,
    length: usize,
    _serving: tokio::task::JoinHandle<()>,
}

impl Served {
    async fn begin(unread: Duration) -> Self {
        let client = Client::on(&Storage::Memory);
        let value = "v".repeat(100_000);
        for number in 0..40 {
            let (status, _) = client.ask("POST", SECRETS, &secret(&format!("s{number}"), &value)).await;
            assert_eq!(status, 201);
        }
        let listener = Listener::bind(client.server.clone(), ([127, 0, 0, 1], 0).into()).await.expect("a listener");
        let listener = listener.impatient(unread, UNREAD_PRESSED);
        let (url, kubeconfig) = (listener.url(), listener.kubeconfig().to_owned());
        let serving = tokio::spawn(async move {
            let _ = listener.run(std::future::pending()).await;
        });
        let list = client.send("GET", SECRETS, &[], "").await.into_body();
        let length = list.length().expect("a length");
        assert!(length > client.server.0.backlog.room());
        Self { client, url, kubeconfig, length, _serving: serving }
    }

    fn backlog(&self) -> &Arc<Backlog> {
        &self.client.server.0.backlog
    }

    /// Sends a request over HTTP/2, with a window of this size for each stream.
    async fn ask(&self, path: &str, window: u32) -> hyper::body::Incoming {
        let stream = connect(&self.kubeconfig, &self.url, b"h2").await;
        let (mut sender, connection) = http2::Builder::new(TokioExecutor::new())
            .initial_stream_window_size(window)
            .handshake(TokioIo::new(stream))
            .await
            .expect("a handshake");
        tokio::spawn(connection);
        let request = Request::get(format!("{}{path}", self.url))
            .header("authorization", format!("Bearer {}", token(&self.kubeconfig)))
            .body(Empty::<Bytes>::new())
            .expect("a request");
        let response = sender.send_request(request).await.expect("an answer");
        assert_eq!(response.status(), 200);
        response.into_body()
    }

    /// Waits until answers take no memory.
    async fn empty(&self) {
        while self.backlog().total() > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Runs `work`; returns the most memory that answers took meanwhile.
    async fn most(&self, work: impl Future<Output = ()>) -> usize {
        let mut most = 0;
        let mut work = std::pin::pin!(work);
        loop {
            most = most.max(self.backlog().total());
            tokio::select! {
                biased;
                () = &mut work => return most,
                () = tokio::time::sleep(Duration::from_millis(1)) => {}
            }
        }
    }
}

/// Unread answers give way to those that are read, and the memory of all answers is bounded.
#[tokio::test]
async fn clients_without_a_window_neither_fill_the_memory_nor_keep_others_from_lists() {
    let served = Arc::new(Served::begin(UNREAD).await);
    let most = served.most(async {
        let mut silent = JoinSet::new();
        for number in 0..CLIENTS {
            let served = Arc::clone(&served);
            silent.spawn(async move {
                let path = if number % 2 == 0 { SECRETS.to_owned() } else { format!("{SECRETS}?watch=1") };
                let mut body = served.ask(&path, 0).await;
                // There is no window, so nothing but the end of the stream can come.
                let end = tokio::time::timeout(Duration::from_secs(60), body.frame()).await.expect("it is given up");
                assert!(end.is_none_or(|frame| frame.is_err()), "{path}");
            });
        }
        // Meanwhile another client, which reads, is answered again and again until the others are given up.
        let mut read = 0;
        while !silent.is_empty() || read == 0 {
            let list = served.ask(SECRETS, 1 << 20).await.collect().await.expect("a list").to_bytes();
            assert_eq!(list.len(), served.length);
            read += 1;
            while let Some(done) = silent.try_join_next() {
                done.expect("an end");
            }
        }
    });
    let most = most.await;
    // One answer more than there is room for, because even a single one exceeds it; and the chunks of the watches.
    assert!(most <= served.backlog().room() + 2 * served.length, "{most}");
    served.empty().await;
}

#[tokio::test]
async fn an_answer_over_http_1_that_is_left_unread_is_cut_and_its_memory_free() {
    let served = Served::begin(Duration::from_millis(200)).await;
    let mut stream = connect(&served.kubeconfig, &served.url, b"http/1.1").await;
    let token = token(&served.kubeconfig);
    let request = format!("GET {SECRETS} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("a request");
    // It takes memory and is given up, though none of it is read and no other answer waits for memory.
    while served.backlog().total() == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    served.empty().await;
}
