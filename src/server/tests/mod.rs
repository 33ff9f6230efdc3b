//! The server as clients see it, where recorded exchanges do not suffice: several clients, several processes, time.

mod damage;
mod deletes;
mod documents;
mod erased;
mod faults;
mod garbage;
mod identity;
mod kube_rs;
mod large;
mod listener;
mod lists;
mod migration;
mod model;
mod namespaces;
mod patches;
mod redaction;
mod reflector;
mod requests;
mod reviews;
mod statements;
mod store;
mod unread;
mod watch_cache;
mod watches;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use serde_json::{Value as Json, json};
use tower::ServiceExt as _;

use crate::{Body, Identity, Server, Storage, http::call::FromNetwork};

/// A client of one server.
#[derive(Clone)]
struct Client {
    server: Server,
    identity: Identity,
    /// Whether it counts as a client from the network.
    is_remote: bool,
}

impl Client {
    fn in_memory() -> Self {
        Self::on(&Storage::Memory)
    }

    fn on(storage: &Storage) -> Self {
        Self::of(Server::open(storage).expect("a server"))
    }

    fn of(server: Server) -> Self {
        Self { server, identity: Identity::admin(), is_remote: false }
    }

    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> http::Response<Body> {
        let mut request = Request::builder().method(method).uri(path).header("user-agent", "tester/1");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request = request.extension(self.identity.clone());
        if self.is_remote {
            request = request.extension(FromNetwork);
        }
        let request = request.body(Full::new(Bytes::from(body.to_owned()))).expect("a request");
        let Ok(response) = self.server.clone().oneshot(request).await;
        response
    }

    async fn ask(&self, method: &str, path: &str, body: &Json) -> (u16, Json) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let content_type = if method == "PATCH" { "application/merge-patch+json" } else { "application/json" };
        read(self.send(method, path, &[("content-type", content_type)], &body).await).await
    }

    async fn get(&self, path: &str) -> (u16, Json) {
        self.ask("GET", path, &Json::Null).await
    }

    async fn create(&self, name: &str) -> Json {
        let (status, object) = self.ask("POST", SECRETS, &secret(name, "v")).await;
        assert_eq!(status, 201, "{object}");
        object
    }
}

/// Returns how many rounds randomized tests play: a few, unless `KSECRET_TEST_ROUNDS` says how many.
#[allow(clippy::disallowed_methods, reason = "how thorough tests are")]
fn rounds() -> usize {
    std::env::var("KSECRET_TEST_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(3)
}

/// Returns the status and the JSON of an answer.
async fn read(response: http::Response<Body>) -> (u16, Json) {
    let status = response.status().as_u16();
    let Ok(body) = response.into_body().collect().await;
    (status, serde_json::from_slice(&body.to_bytes()).unwrap_or(Json::Null))
}

const SECRETS: &str = "/api/v1/namespaces/default/secrets";

fn secret(name: &str, value: &str) -> Json {
    json!({"metadata": {"name": name}, "stringData": {"k": value}})
}

fn version(object: &Json) -> &str {
    object["metadata"]["resourceVersion"].as_str().unwrap_or_default()
}

/// A watch in progress.
struct Watch {
    body: Body,
    rest: Vec<u8>,
}

impl Watch {
    async fn begin(client: &Client, query: &str) -> Self {
        let response = client.send("GET", &format!("{SECRETS}?watch=1&{query}"), &[], "").await;
        assert_eq!(response.status(), 200);
        Self::of(response)
    }

    fn of(response: http::Response<Body>) -> Self {
        Self { body: response.into_body(), rest: Vec::new() }
    }

    /// Returns the next event, or `None` at the end.
    async fn next(&mut self) -> Option<Json> {
        loop {
            if let Some(end) = self.rest.iter().position(|b| *b == b'\n') {
                let line = self.rest.drain(..=end).collect::<Vec<_>>();
                return serde_json::from_slice(&line).ok();
            }
            let Ok(frame) = self.body.frame().await?;
            self.rest.extend_from_slice(frame.data_ref()?);
        }
    }

    /// Returns the next event as `TYPE name`.
    async fn brief(&mut self) -> String {
        let event = self.next().await.unwrap_or(Json::Null);
        let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
        format!("{} {}", text(&event["type"]), text(&event["object"]["metadata"]["name"]))
    }
}
