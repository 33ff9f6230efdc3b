//! A server, the proxy before it, and backends: where rotations are played.

use std::{
    collections::BTreeSet,
    fs,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use rustix::process::Pid;
use serde_json::{Value as Json, json};

use super::{
    backend::Backends,
    proxy::{Act, Proxy},
    support::{
        Outcome, Sandbox,
        https::{Client, SECRETS, Serving},
        run,
    },
};

/// The password of a Secret before it is rotated.
pub const FORMER: &str = "former-password";

/// Where rotations are played.
pub struct Stage {
    pub sandbox: Sandbox,
    pub serving: Serving,
    pub proxy: Proxy,
    pub backends: Arc<Backends>,
    next: AtomicUsize,
}

/// What a process did that may have been killed.
pub struct Played {
    /// Exit status; `None` if it was killed.
    pub exit: Option<i32>,
    pub stderr: String,
    /// How many requests it sent.
    pub requests: usize,
    /// When the backend refused what the Secret held.
    pub faults: Vec<String>,
}

/// What is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// The password in the Secret.
    pub holds: String,
    /// The value of a key that no rotation is about.
    pub other: String,
    /// What the backend accepts.
    pub accepted: BTreeSet<String>,
    /// Whether the companion is there.
    pub companion: bool,
}

impl Stage {
    pub fn new() -> Self {
        let mut sandbox = Sandbox::bare();
        let serving = Serving::on(&sandbox, "memory", "kubeconfig");
        let proxy = Proxy::before(&serving);
        let backends = Backends::below(sandbox.root(), |text| sandbox.script("hook", text));
        let (name, value) = backends.variable();
        sandbox.set_env(name, value);
        Self { sandbox, serving, proxy, backends: Arc::new(backends), next: AtomicUsize::new(0) }
    }

    /// Makes a Secret and its backend; its name.
    pub fn secret(&self) -> String {
        let name = format!("db{}", self.next.fetch_add(1, Ordering::Relaxed));
        self.backends.add(&name, FORMER);
        let object = json!({
            "metadata": {"name": name}, "stringData": {"password": FORMER, "other": "kept"},
        });
        let (status, answer) = self.serving.client().ask("POST", SECRETS, &object).expect("an answer");
        assert_eq!(status, 201, "{answer}");
        name
    }

    /// The words of a rotation through the proxy, with these hooks.
    pub fn words(&self, name: &str, words: &[&str], hooks: &[&str]) -> Vec<String> {
        let server = format!("--server={}", self.proxy.url());
        let mut all = vec!["rotate".to_owned(), name.to_owned(), server];
        all.extend(words.iter().map(|word| (*word).to_owned()));
        all.extend(hooks.iter().map(|hook| format!("--{hook}={}", self.backends.hook())));
        all
    }

    /// Runs the program to its end, or until it is killed as `at` says.
    pub fn play(&self, name: &str, words: &[String], at: Option<(usize, Act, bool)>) -> Played {
        self.proxy.arm(at);
        let (backends, secret) = (Arc::clone(&self.backends), name.to_owned());
        self.proxy.check(move |client| accepts(client, &backends, &secret));
        let mut command: Command = self.sandbox.command(words);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let child = self.proxy.start(|| {
            let child = command.spawn().expect("it starts");
            let pid = Pid::from_child(&child);
            (child, pid)
        });
        let output = child.wait_with_output().expect("its end");
        let (requests, faults) = self.proxy.seen();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        Played { exit: output.status.code(), stderr, requests, faults }
    }

    /// Runs the program to its end, without a fault.
    pub fn run(&self, words: &[String]) -> Outcome {
        self.proxy.arm(None);
        run(self.sandbox.command(words), b"")
    }

    /// What is there.
    pub fn state(&self, name: &str) -> State {
        let mut client = self.serving.client();
        let (status, secret) = client.ask("GET", &format!("{SECRETS}/{name}"), &Json::Null).expect("an answer");
        assert_eq!(status, 200, "{secret}");
        let companion = client.ask("GET", &format!("{SECRETS}/{name}-rotation"), &Json::Null).expect("an answer");
        State {
            holds: value(&secret, "password"),
            other: value(&secret, "other"),
            accepted: self.backends.accepted(name),
            companion: companion.0 == 200,
        }
    }

    /// Makes a Secret immutable.
    pub fn freeze(&self, name: &str) {
        let headers = "Content-Type: application/merge-patch+json\r\n";
        let body = json!({"immutable": true}).to_string();
        let path = format!("{SECRETS}/{name}");
        let (status, _) = self.serving.client().send("PATCH", &path, headers, body.as_bytes()).expect("an answer");
        assert_eq!(status, 200);
    }

    /// What the Secrets hold that succeed an immutable one.
    pub fn successors(&self, name: &str) -> Vec<String> {
        let (status, list) = self.serving.client().ask("GET", SECRETS, &Json::Null).expect("an answer");
        assert_eq!(status, 200, "{list}");
        let prefix = format!("{name}-");
        let of_it = |item: &&Json| item["metadata"]["name"].as_str().is_some_and(|other| other.starts_with(&prefix));
        let items = list["items"].as_array().expect("items").iter().filter(of_it);
        items.filter(|item| item["type"] != "ksecret/rotation").map(|item| value(item, "password")).collect()
    }

    /// The values that its backend was told to accept, and those alone.
    pub fn minted(&self, name: &str) -> BTreeSet<String> {
        let calls = self.backends.calls(name).into_iter();
        calls.filter(|call| call.step == "set").map(|call| call.new).collect()
    }
}

impl State {
    /// Whether this is the former state everywhere.
    pub fn is_former(&self) -> bool {
        self.holds == FORMER && self.accepted == BTreeSet::from([FORMER.to_owned()]) && !self.companion
    }
}

/// A value of a Secret; empty if there is none.
pub fn value(object: &Json, key: &str) -> String {
    let text = object["data"][key].as_str().unwrap_or_default();
    let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text).expect("base64");
    String::from_utf8(bytes).expect("text")
}

/// Whether a process runs; one that has ended and waits for its parent does not.
pub fn runs(pid: i32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(')').next().is_some_and(|state| !state.is_empty() && !state.starts_with(" Z"))
}

/// Whether the backend accepts what the Secret holds.
fn accepts(client: &mut Client, backends: &Backends, name: &str) -> Result<(), String> {
    let (_, secret) =
        client.ask("GET", &format!("{SECRETS}/{name}"), &Json::Null).map_err(|error| error.to_string())?;
    let (holds, accepted) = (value(&secret, "password"), backends.accepted(name));
    match accepted.contains(&holds) {
        true => Ok(()),
        false => Err(format!("the Secret holds {holds}, accepted are {accepted:?}")),
    }
}
