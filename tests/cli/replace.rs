//! `replace --force` and `apply --force`: nothing is deleted that cannot be created again, and what was deleted comes back or is kept.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    os::unix::process::ExitStatusExt as _,
    process::Stdio,
    sync::{Arc, Mutex, mpsc},
};

use serde_json::{Value as Json, json};

use super::support::{Outcome, Sandbox};

const FORMER: &str = "Zm9ybWVyLXZhbHVl";
const NEW: &str = "bmV3LXZhbHVl";

/// What a server that deletes does with a creation.
#[derive(Clone)]
enum Creation {
    /// Refuses the new one and takes the former one back.
    Refuse,
    /// Refuses both.
    RefuseAll,
    /// Does not answer for the new one, but says that it came; takes the former one back.
    Silence(mpsc::Sender<()>),
    /// Stores the new one, and closes the connection without an answer.
    StoreAndHangUp,
}

/// A server with one Secret.
struct Server {
    address: String,
    stored: Arc<Mutex<Option<Json>>>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(creation: Creation) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("its address"));
        let stored = Arc::new(Mutex::new(Some(json!({
            "apiVersion": "v1", "kind": "Secret", "type": "Opaque", "data": {"k": FORMER},
            "metadata": {"name": "s", "namespace": "default", "uid": "u-1", "resourceVersion": "5", "labels": {"l": "1"},
                "managedFields": [{"manager": "m", "operation": "Update", "apiVersion": "v1"}]},
        }))));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let server = Self { address, stored: Arc::clone(&stored), requests: Arc::clone(&requests) };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (stored, requests, creation) = (Arc::clone(&stored), Arc::clone(&requests), creation.clone());
                std::thread::spawn(move || talk(stream, &stored, &requests, &creation));
            }
        });
        server
    }

    fn stored(&self) -> Option<Json> {
        self.stored.lock().expect("no panic").clone()
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no panic").clone()
    }
}

fn talk(mut stream: TcpStream, stored: &Mutex<Option<Json>>, requests: &Mutex<Vec<String>>, creation: &Creation) {
    let mut reader = BufReader::new(stream.try_clone().expect("the stream"));
    loop {
        let mut first = String::new();
        let mut length = 0;
        if reader.read_line(&mut first).unwrap_or(0) == 0 {
            return;
        }
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            let line = line.trim().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
            if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).expect("the body");
        let body: Json = serde_json::from_slice(&body).unwrap_or_default();
        let mut stored = stored.lock().expect("no panic");
        requests.lock().expect("no panic").push(format!("{} {}", first.trim(), body["preconditions"]));
        let is_new = body["data"]["k"] == NEW;
        let (code, answer) = match first.split(' ').next().unwrap_or_default() {
            "GET" => {
                stored.clone().map_or_else(|| status(404, "NotFound", "secrets \"s\" not found"), |found| (200, found))
            }
            "DELETE" => {
                *stored = None;
                (200, json!({"kind": "Status", "apiVersion": "v1", "status": "Success", "details": {"uid": "u-1"}}))
            }
            "PATCH" => status(422, "Invalid", "Secret \"s\" is invalid: data: Forbidden: field is immutable"),
            _ if first.contains("dryRun=All") => status(409, "AlreadyExists", "secrets \"s\" already exists"),
            _ if stored.is_some() => status(409, "AlreadyExists", "secrets \"s\" already exists"),
            _ => match creation {
                Creation::Silence(heard) if is_new => {
                    drop(stored);
                    heard.send(()).expect("the test listens");
                    std::thread::park();
                    return;
                }
                Creation::StoreAndHangUp if is_new => {
                    let mut new = body;
                    new["metadata"]["uid"] = "u-2".into();
                    *stored = Some(new);
                    let _ = stream.shutdown(std::net::Shutdown::Both);
                    return;
                }
                Creation::Refuse if is_new => status(403, "Forbidden", "secrets \"s\" is forbidden: exceeded quota"),
                Creation::RefuseAll => status(403, "Forbidden", "secrets \"s\" is forbidden: exceeded quota"),
                _ => {
                    *stored = Some(body.clone());
                    (201, body)
                }
            },
        };
        drop(stored);
        let text = answer.to_string();
        let head =
            format!("HTTP/1.1 {code} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", text.len());
        if stream.write_all((head + &text).as_bytes()).is_err() {
            return;
        }
    }
}

fn status(code: u16, reason: &str, message: &str) -> (u16, Json) {
    let status = json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message, "reason": reason, "code": code});
    (code, status)
}

fn manifest(data: &str) -> String {
    format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ndata: {{k: {data}}}\n")
}

/// The verbs, and what they say of a deletion.
const VERBS: [(&str, &str); 2] = [("replace", "secret \"s\" deleted from default namespace\n"), ("apply", "")];

fn force(verb: &str, sandbox: &Sandbox, server: &Server) -> Outcome {
    sandbox.write("s.yaml", manifest(NEW));
    sandbox.run(&[verb, "--force", "-f", "s.yaml", "--server", &server.address])
}

fn assert_no_value(text: &str) {
    for value in [FORMER, NEW, "former-value", "new-value"] {
        assert!(!text.contains(value), "{text}");
    }
}

#[test]
fn what_cannot_be_created_is_not_deleted() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "s", "--from-literal=k=former-value"]);
    for (body, reason) in [
        ("data: {k: '%%%'}\n", "illegal base64"),
        ("stringData: {k: [new-value]}\n", "cannot unmarshal array"),
        ("stringData: {'bad key': new-value}\n", "data[bad key]"),
        ("type: kubernetes.io/tls\nstringData: {k: new-value}\n", "data[tls.crt]: Required value"),
        ("stringData: {k: new-value}\nunknown: 1\n", "unknown field \"unknown\""),
        ("stringData: {k: new-value}\nimmutable: maybe\n", "cannot unmarshal string"),
    ] {
        sandbox.write("s.yaml", format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\n{body}"));
        let refused = sandbox.run(&["replace", "--force", "-f", "s.yaml"]);
        assert_eq!((refused.exit, refused.stdout.as_str()), (1, ""), "{body:?}");
        assert!(refused.stderr.contains(reason), "{body:?}: {}", refused.stderr);
        assert!(refused.stderr.contains("hint: secrets/s: nothing was deleted"), "{body:?}: {}", refused.stderr);
        assert_no_value(&refused.stderr);
        assert_eq!(sandbox.ok(&["decode", "s", "k"]), "former-value");
    }
    // What --force is there for: another type, an immutable one.
    sandbox.ok(&["patch", "s", "-p", "{\"immutable\":true}"]);
    sandbox.write("s.yaml", manifest(NEW) + "type: example.com/t\n");
    let replaced = sandbox.ok(&["replace", "--force", "-f", "s.yaml"]);
    assert_eq!(replaced, format!("secret \"s\" deleted from {} namespace\nsecret/s replaced\n", sandbox.namespace));
    assert_eq!(sandbox.ok(&["get", "s", "-o", "jsonpath={.type}"]), "example.com/t");
}

#[test]
fn one_that_cannot_be_created_does_not_stop_the_others() {
    let sandbox = Sandbox::with_server();
    for name in ["a", "b"] {
        sandbox.ok(&["create", "generic", name, "--from-literal=k=former-value"]);
    }
    let documents = [manifest("'%%%'").replace("name: s", "name: a"), manifest(NEW).replace("name: s", "name: b")];
    sandbox.write("two.yaml", documents.join("---\n"));
    let outcome = sandbox.run(&["replace", "--force", "-f", "two.yaml"]);
    let namespace = &sandbox.namespace;
    assert_eq!(outcome.stdout, format!("secret \"b\" deleted from {namespace} namespace\nsecret/b replaced\n"));
    assert_eq!(outcome.exit, 1);
    assert_eq!(
        (sandbox.ok(&["decode", "a", "k"]), sandbox.ok(&["decode", "b", "k"])),
        ("former-value".into(), "new-value".into())
    );
}

#[test]
fn a_creation_that_fails_after_all_brings_the_former_one_back() {
    for (verb, deleted) in VERBS {
        let sandbox = Sandbox::bare();
        let server = Server::start(Creation::Refuse);
        let outcome = force(verb, &sandbox, &server);
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, deleted));
        assert!(outcome.stderr.contains("secrets \"s\" is forbidden: exceeded quota"), "{}", outcome.stderr);
        let line = "warning: secrets/s: the new one was not created; the former one was put back\n";
        assert!(outcome.stderr.contains(line), "{}", outcome.stderr);
        assert_no_value(&outcome.stderr);
        let stored = server.stored().expect("the former one");
        assert_eq!((&stored["data"]["k"], &stored["metadata"]["labels"]), (&json!(FORMER), &json!({"l": "1"})));
        assert_eq!(stored["metadata"]["managedFields"][0]["manager"], "m", "who owns what stays known");
        assert!(
            stored["metadata"].get("uid").is_none() && stored["metadata"].get("resourceVersion").is_none(),
            "{stored}"
        );
        let deletes: Vec<String> = server.requests().into_iter().filter(|line| line.starts_with("DELETE")).collect();
        assert_eq!(deletes.len(), 1);
        assert!(deletes[0].ends_with("{\"resourceVersion\":\"5\",\"uid\":\"u-1\"}"), "{deletes:?}");
    }
}

#[test]
fn what_cannot_be_put_back_is_kept_and_can_be_created_again() {
    for (verb, _) in VERBS {
        let mut sandbox = Sandbox::bare();
        let server = Server::start(Creation::RefuseAll);
        let outcome = force(verb, &sandbox, &server);
        assert_eq!(outcome.exit, 1);
        assert!(
            outcome.stderr.contains("hint: the former one is kept, encrypted: ksecret edit --resume s\n"),
            "{}",
            outcome.stderr
        );
        assert_no_value(&outcome.stderr);
        let edits = sandbox.root().join("home/.local/state/ksecret/edits");
        let kept = std::fs::read_dir(&edits).expect("kept").next().expect("a file").expect("an entry").path();
        assert_no_value(&String::from_utf8_lossy(&std::fs::read(kept).expect("its content")));

        let healthy = Server::start(Creation::Refuse);
        *healthy.stored.lock().expect("no panic") = None;
        let editor = sandbox.script("editor", "#!/bin/sh\ncp \"$1\" seen\n");
        sandbox.set_env("KUBE_EDITOR", editor);
        let resumed = sandbox.run(&["edit", "--resume", "s", "--server", &healthy.address]);
        assert_eq!((resumed.exit, resumed.stdout.as_str()), (0, "secret/s created\n"), "{}", resumed.stderr);
        assert_eq!(healthy.stored().expect("it is there")["data"]["k"], FORMER);
        let seen = std::fs::read_to_string(sandbox.cwd().join("seen")).expect("seen");
        assert!(seen.contains("l: \"1\"") && !seen.contains("uid:"), "{seen}");
        assert_eq!(std::fs::read_dir(&edits).expect("the directory").count(), 0);
    }
}

#[test]
fn a_creation_without_an_answer_is_not_undone() {
    for (verb, _) in VERBS {
        let sandbox = Sandbox::bare();
        let server = Server::start(Creation::StoreAndHangUp);
        let outcome = force(verb, &sandbox, &server);
        assert_eq!(outcome.exit, 1);
        assert!(
            outcome.stderr.contains("warning: secrets/s: the new one is there all the same\n"),
            "{}",
            outcome.stderr
        );
        assert_eq!(server.stored().expect("the new one")["data"]["k"], NEW);
    }
}

#[test]
fn an_interrupt_between_delete_and_create_brings_the_former_one_back() {
    for (verb, _) in VERBS {
        for (signal, status) in [("INT", 130), ("TERM", 143)] {
            let sandbox = Sandbox::bare();
            let (heard, hears) = mpsc::channel();
            let server = Server::start(Creation::Silence(heard));
            sandbox.write("s.yaml", manifest(NEW));
            let child = sandbox
                .command(&[verb, "--force", "-f", "s.yaml", "--server", &server.address])
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("it starts");
            hears.recv().expect("the creation comes");
            assert!(server.stored().is_none(), "it is deleted");
            super::support::run(sandbox.command_of("kill", &[&format!("-{signal}"), &child.id().to_string()]), b"");
            let output = child.wait_with_output().expect("it ends");
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert_eq!((output.status.code(), output.status.signal()), (Some(status), None), "{stderr}");
            assert!(
                stderr.contains("warning: secrets/s: the new one was not created; the former one was put back\n"),
                "{stderr}"
            );
            assert_eq!(server.stored().expect("the former one")["data"]["k"], FORMER);
        }
    }
}

#[test]
fn one_that_does_not_go_in_time_is_kept_too() {
    let mut sandbox = Sandbox::with_server();
    sandbox.write("f.yaml", manifest(FORMER).replace("{name: s}", "{name: s, finalizers: [example.com/f]}"));
    sandbox.ok(&["create", "-f", "f.yaml"]);
    sandbox.write("s.yaml", manifest(NEW));
    for (flags, line) in [
        (&["--timeout=200ms"][..], "error: context deadline exceeded\n"),
        (&["--timeout=200ms", "--wait"], "error: timed out waiting for the condition on secrets/s\n"),
        (&["--timeout=200ms", "--grace-period=0"], "error: timed out waiting for the condition on secrets/s\n"),
    ] {
        let outcome = sandbox.run(&[&["replace", "--force", "-f", "s.yaml"], flags].concat());
        assert_eq!(outcome.exit, 1);
        assert!(outcome.stderr.contains(line), "{flags:?}: {}", outcome.stderr);
        assert!(outcome.stderr.contains("it goes when its finalizers are gone: example.com/f"), "{}", outcome.stderr);
        assert_eq!(sandbox.ok(&["decode", "s", "k"]), "former-value", "the new one does not take its place");
    }
    sandbox.ok(&["patch", "s", "--type=merge", "-p", "{\"metadata\":{\"finalizers\":null}}"]);
    assert_eq!(sandbox.run(&["get", "s"]).exit, 1, "now it is gone");
    let editor = sandbox.script("editor", "#!/bin/sh\nsed -i '/finalizers:/,+1d' \"$1\"\n");
    sandbox.set_env("KUBE_EDITOR", editor);
    assert_eq!(sandbox.ok(&["edit", "--resume", "s"]), "secret/s created\n");
    assert_eq!(sandbox.ok(&["decode", "s", "k"]), "former-value");
}

#[test]
fn flags_without_force_and_values_that_are_none_are_refused() {
    let sandbox = Sandbox::bare();
    sandbox.write("s.yaml", manifest(NEW));
    for (flags, line) in [
        (&["--timeout=2s"][..], "error: --timeout must have --force specified"),
        (&["--grace-period=0"], "error: --grace-period must have --force specified"),
        (&["--force", "--dry-run=client"], "error: --dry-run can not be used when --force is set"),
        (
            &["--force", "--cascade=foo"],
            "error: invalid cascade value (foo). Must be \"background\", \"foreground\", or \"orphan\"",
        ),
        (
            &["--force", "s"],
            "error: when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well",
        ),
    ] {
        let refused = sandbox.run(&[&["replace", "-f", "s.yaml"], flags].concat());
        assert_eq!((refused.exit, refused.stderr.lines().next()), (1, Some(line)), "{flags:?}");
    }
}

#[test]
fn apply_makes_anew_what_cannot_be_changed_and_leaves_the_rest() {
    let sandbox = Sandbox::with_server();
    for name in ["a", "b", "s"] {
        sandbox.ok(&["create", "generic", name, "--from-literal=k=former-value", "--save-config"]);
    }
    sandbox.ok(&["patch", "secret", "s", "-p", "{\"immutable\":true}"]);
    let uid = |name: &str| sandbox.ok(&["get", "secret", name, "-o", "jsonpath={.metadata.uid}"]);
    let before = ["a", "b", "s"].map(uid);
    let named = |name: &str| manifest(NEW).replace("name: s", &format!("name: {name}"));
    sandbox.write("all.yaml", [named("a"), manifest(NEW) + "immutable: true\n", named("b"), named("c")].join("---\n"));
    let refused = sandbox.run(&["apply", "-f", "all.yaml", "--dry-run=server"]);
    assert_eq!(refused.exit, 1, "{}", refused.stdout);
    let dry = sandbox.ok(&["apply", "--force", "-f", "all.yaml", "--dry-run=client"]);
    assert!(dry.contains("secret/s configured (dry run)\n"), "{dry}");
    let said =
        sandbox.ok(&["apply", "--force", "-f", "all.yaml", "--grace-period=0", "--timeout=5s", "--cascade=orphan"]);
    assert_eq!(said, "secret/a configured\nsecret/s configured\nsecret/b configured\nsecret/c created\n");
    let after = ["a", "b", "s"].map(uid);
    assert_eq!((&before[..2], before[2] == after[2]), (&after[..2], false));
    assert_eq!(sandbox.ok(&["decode", "s", "k"]), "new-value");
    // The one that is made anew is applied like the others from then on.
    assert_eq!(
        sandbox.ok(&["apply", "-f", "all.yaml"]),
        "secret/a unchanged\nsecret/s unchanged\nsecret/b unchanged\nsecret/c unchanged\n"
    );
}

#[test]
fn apply_deletes_nothing_that_cannot_be_created_again() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "s", "--from-literal=k=former-value"]);
    for (body, reason) in [
        ("stringData: {'bad key': new-value}\n", "data[bad key]"),
        ("type: kubernetes.io/tls\nstringData: {k: new-value}\n", "data[tls.crt]: Required value"),
    ] {
        sandbox.write("s.yaml", format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\n{body}"));
        let refused = sandbox.run(&["apply", "--force", "-f", "s.yaml"]);
        assert_eq!((refused.exit, refused.stdout.as_str()), (1, ""), "{body:?}");
        assert!(refused.stderr.contains(reason), "{body:?}: {}", refused.stderr);
        assert!(refused.stderr.contains("hint: secrets/s: nothing was deleted"), "{body:?}: {}", refused.stderr);
        assert_no_value(&refused.stderr);
        assert_eq!(sandbox.ok(&["decode", "s", "k"]), "former-value");
    }
}
