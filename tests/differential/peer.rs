//! A program with an embedded server of its own, on which the same state stands before each line.

use std::{fs, path::PathBuf};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use ksecret::server::{Listener, Server, Storage};
use libtest_mimic::Failed;
use serde_json::{Map, Value as Json, json};
use tower::ServiceExt as _;

use super::line::{FILES, Line};
use crate::support::{self, Outcome, Sandbox};

/// The namespace of the current context; the other is another one.
pub const NAMESPACES: [&str; 2] = ["here", "there"];
/// Seconds after which a line that does not end is ended.
const LONGEST: &str = "30";
pub const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// A program and its server.
pub struct Peer {
    sandbox: Sandbox,
    program: PathBuf,
    server: Server,
    runtime: tokio::runtime::Runtime,
    /// What stands on the server before a line.
    before: Json,
    /// Dropped, it ends the server.
    _running: tokio::sync::oneshot::Sender<()>,
}

impl Peer {
    /// Starts a server and puts the state on it; `program` is called by a link named `kubectl`.
    ///
    /// # Errors
    /// When the server does not start or refuses the state.
    pub fn start(program: &str) -> Result<Self, Failed> {
        let server = Server::open(&Storage::Memory).map_err(|failure| failure.to_string())?;
        let (tell, told) = std::sync::mpsc::channel();
        let (running, stopped) = tokio::sync::oneshot::channel::<()>();
        let serving = server.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let listener = Listener::bind(serving, ([127, 0, 0, 1], 0).into()).await.expect("a listener");
                let _ = tell.send(listener.kubeconfig().to_owned());
                let _ = listener.run(async { drop(stopped.await) }).await;
            });
        });
        let kubeconfig = told.recv().map_err(|error| error.to_string())?;
        let mut sandbox = Sandbox::bare();
        sandbox.use_namespace(&kubeconfig, NAMESPACES[0]);
        sandbox.link("kubectl", program);
        for (name, content) in FILES {
            let file = sandbox.cwd().join(name);
            fs::create_dir_all(file.parent().expect("its directory"))?;
            fs::write(file, content)?;
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        let link = sandbox.root().join("bin/kubectl");
        let mut peer = Self { sandbox, program: link, server, runtime, before: Json::Null, _running: running };
        peer.restore()?;
        peer.before = peer.left()?;
        let words = ["get", "secrets", "-o", "name"].map(str::to_owned).to_vec();
        let outcome = peer.run(&Line { words, stdin: String::new() });
        if outcome.stdout != "secret/a\nsecret/b\nsecret/c\n" {
            return Err(format!("{program} does not see the state: {outcome:?}").into());
        }
        Ok(peer)
    }

    /// Runs a line.
    pub fn run(&self, line: &Line) -> Outcome {
        let program = self.program.to_string_lossy();
        let mut words = vec!["-k", "5", LONGEST, &program];
        words.extend(line.words.iter().map(String::as_str));
        let mut outcome = support::run(self.sandbox.command_of("timeout", &words), line.stdin.as_bytes());
        let cwd = self.sandbox.cwd();
        for text in [&mut outcome.stdout, &mut outcome.stderr] {
            *text = text.replace(&*cwd.to_string_lossy(), "{cwd}");
        }
        outcome
    }

    /// What stands on the server, without what differs from one server to another.
    ///
    /// # Errors
    /// When the server does not say.
    pub fn left(&self) -> Result<Json, Failed> {
        let mut left = Map::new();
        let namespaces = self.ask("GET", "/api/v1/namespaces", None)?;
        for namespace in namespaces["items"].as_array().into_iter().flatten() {
            let name = namespace["metadata"]["name"].as_str().unwrap_or_default();
            let listed = self.ask("GET", &format!("/api/v1/namespaces/{name}/secrets"), None)?;
            let secrets: Vec<Json> = listed["items"].as_array().into_iter().flatten().map(timeless).collect();
            left.insert(name.to_owned(), json!({"namespace": timeless(namespace), "secrets": secrets}));
        }
        Ok(Json::Object(left))
    }

    /// What stood on the server before the line.
    pub const fn before(&self) -> &Json {
        &self.before
    }

    /// Puts the state back; a server on which that is no longer possible is replaced by another one.
    ///
    /// # Errors
    /// When the server refuses it.
    pub fn reset(&mut self) -> Result<(), Failed> {
        self.restore()?;
        if self.left()? != self.before {
            let program = fs::canonicalize(&self.program)?;
            *self = Self::start(&program.to_string_lossy())?;
        }
        Ok(())
    }

    fn restore(&self) -> Result<(), Failed> {
        let namespaces = self.ask("GET", "/api/v1/namespaces", None)?;
        let names = namespaces["items"].as_array().into_iter().flatten().map(|item| item["metadata"]["name"].clone());
        let kept = ["default", "kube-system", "kube-public", "kube-node-lease"];
        for name in names.filter_map(|name| name.as_str().map(str::to_owned)) {
            self.ask("DELETE", &format!("/api/v1/namespaces/{name}/secrets"), None)?;
            if !kept.contains(&name.as_str()) {
                self.ask("DELETE", &format!("/api/v1/namespaces/{name}"), None)?;
            }
        }
        for name in NAMESPACES {
            let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}});
            self.ask("POST", "/api/v1/namespaces?fieldManager=kubectl-create", Some(&namespace))?;
            for secret in state(name) {
                let path = format!("/api/v1/namespaces/{name}/secrets?fieldManager=kubectl-create");
                self.ask("POST", &path, Some(&secret))?;
            }
        }
        Ok(())
    }

    fn ask(&self, method: &str, path: &str, body: Option<&Json>) -> Result<Json, Failed> {
        let text = body.map(Json::to_string).unwrap_or_default();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json")
            .body(Full::new(Bytes::from(text)))
            .map_err(|error| error.to_string())?;
        let (status, bytes) = self.runtime.block_on(async {
            let Ok(response) = self.server.as_admin().oneshot(request).await;
            let status = response.status();
            let Ok(body) = response.into_body().collect().await;
            (status, body.to_bytes())
        });
        if !status.is_success() && status != 404 {
            return Err(format!("{method} {path}: {status} {}", String::from_utf8_lossy(&bytes)).into());
        }
        serde_json::from_slice(&bytes).map_err(|error| error.to_string().into())
    }
}

/// The Secrets of a namespace before each line, as `kubectl create -f` makes them.
pub fn state(namespace: &str) -> Vec<Json> {
    let secret = |name: &str, kind: &str, labels: Json, annotations: Json, data: Json| {
        json!({
            "apiVersion": "v1", "kind": "Secret", "type": kind, "data": data,
            "metadata": {"name": name, "labels": labels, "annotations": annotations},
        })
    };
    let encoded = |text: &str| Json::from(STANDARD.encode(text));
    if namespace == NAMESPACES[1] {
        return vec![secret("a", "Opaque", json!({}), json!({}), json!({"x": encoded("other")}))];
    }
    let applied = json!({
        "apiVersion": "v1", "kind": "Secret", "type": "example.com/t",
        "data": {"x": encoded("one"), "y": encoded("two")},
        "metadata": {"annotations": {}, "name": "c", "namespace": namespace, "labels": {"old": "1"}},
    });
    vec![
        secret(
            "a",
            "Opaque",
            json!({"app": "web"}),
            json!({"note": "1"}),
            json!({"x": encoded("one"), "y": encoded("")}),
        ),
        secret("b", "Opaque", json!({"app": "db", "tier": "back"}), json!({}), json!({"x": encoded("two")})),
        secret(
            "c",
            "example.com/t",
            json!({"old": "1", "live": "1"}),
            json!({LAST_APPLIED: format!("{applied}\n")}),
            json!({"x": encoded("one"), "y": encoded("two"), "z": encoded("three")}),
        ),
    ]
}

/// An object without uid, versions and times; last-applied without the values, which only kubectl's holds.
fn timeless(object: &Json) -> Json {
    let mut object = object.clone();
    if let Some(entries) = object["metadata"]["managedFields"].as_array_mut() {
        for entry in entries.iter_mut().filter_map(Json::as_object_mut) {
            entry.remove("time");
            // A server-side apply by ours owns what it sends as stringData where it is kept.
            let fields = entry.get_mut("fieldsV1").and_then(Json::as_object_mut);
            if let Some(fields) = fields
                && let Some(Json::Object(texts)) = fields.remove("f:stringData")
                && let Some(data) = fields.entry("f:data").or_insert_with(|| json!({})).as_object_mut()
            {
                data.extend(texts);
            }
        }
        // Entries stand in the order of their times, which have whole seconds.
        entries.sort_by_key(|entry| format!("{} {}", entry["manager"], entry["operation"]));
    }
    if let Some(metadata) = object["metadata"].as_object_mut() {
        for name in ["uid", "resourceVersion", "creationTimestamp"] {
            metadata.remove(name);
        }
        if let Some(text) = metadata.get_mut("annotations").and_then(|all| all.get_mut(LAST_APPLIED)) {
            *text = names(text.as_str().unwrap_or_default()).unwrap_or_default();
        }
    }
    object
}

/// What a last-applied annotation says, as ours does: stringData folded into data, and every value empty. `None` if the
/// text is none.
pub fn names(text: &str) -> Option<Json> {
    let mut applied: Json = serde_json::from_str(text).ok().filter(Json::is_object)?;
    let texts = applied.as_object_mut()?.remove("stringData");
    let texts: Vec<String> = texts
        .iter()
        .filter_map(Json::as_object)
        .flat_map(|map| map.iter().filter(|(_, value)| !value.is_null()).map(|(key, _)| key.clone()))
        .collect();
    for key in texts {
        applied["data"][key] = "".into();
    }
    let data = applied.get_mut("data").and_then(Json::as_object_mut);
    for value in data.into_iter().flat_map(Map::values_mut).filter(|value| !value.is_null()) {
        *value = "".into();
    }
    Some(applied)
}
