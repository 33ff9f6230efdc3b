//! Many objects at once: how many requests are in flight, what takes turns, what is told and when, and what Ctrl-C leaves.

use std::{
    collections::BTreeMap,
    io::Read as _,
    os::unix::process::ExitStatusExt as _,
    process::Stdio,
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use super::{
    super::client::server::{Reply, Request, Server, answer_with, json},
    support::{Outcome, Sandbox, gate::Gate},
    with_server::send,
};

/// Answers every write with its own body.
pub(super) fn echo(request: &Request) -> Reply {
    json(&String::from_utf8_lossy(&request.body))
}

pub(super) fn secrets(names: impl IntoIterator<Item = String>) -> String {
    names.into_iter().map(|name| format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}}}\n---\n")).collect()
}

fn on(server: &Server, sandbox: &Sandbox, args: &[&str]) -> Outcome {
    sandbox.run(&[args, &[&format!("--server=http://{}", server.address)]].concat())
}

fn said(outcome: &Outcome) -> (i32, &str, &str) {
    (outcome.exit, &outcome.stdout, &outcome.stderr)
}

/// The name in the body of a request.
pub(super) fn name(request: &Request) -> String {
    let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap_or_default();
    body["metadata"]["name"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn sixteen_are_in_flight_and_are_told_in_order() {
    for (flags, count) in [(&[][..], 16), (&["--parallel=3"][..], 3), (&["--parallel=1"][..], 1)] {
        let gate = Arc::new(Gate::default());
        let of_server = Arc::clone(&gate);
        let server = Server::plain(move |request| {
            of_server.pass(count);
            echo(request)
        });
        let sandbox = Sandbox::bare();
        sandbox.write("many.yaml", secrets((0..40).map(|n| format!("s{n}"))));
        let outcome = on(&server, &sandbox, &[&["create", "-f", "many.yaml", "--validate=false"], flags].concat());
        let lines: String = (0..40).map(|n| format!("secret/s{n} created\n")).collect();
        assert_eq!(said(&outcome), (0, lines.as_str(), ""));
        assert_eq!(gate.most(), count);
    }
}

#[test]
fn what_concerns_each_other_takes_turns() {
    // How many requests of each group are under way. One waits a while for another of its group, which is not to come.
    let busy = Arc::new((Mutex::new(BTreeMap::<&str, usize>::new()), Condvar::new()));
    let clashes = Arc::new(Mutex::new(Vec::new()));
    let (of_server, seen) = (Arc::clone(&busy), Arc::clone(&clashes));
    let server = Server::plain(move |request| {
        let name = name(request);
        let group = match name.as_str() {
            "same" => "same",
            "ns" | "inside" => "ns",
            _ => return echo(request),
        };
        let (counts, changed) = &*of_server;
        let mut counts = counts.lock().expect("no panic");
        *counts.entry(group).or_default() += 1;
        changed.notify_all();
        let alone = |counts: &mut BTreeMap<&str, usize>| counts[group] < 2;
        let (mut counts, end) =
            changed.wait_timeout_while(counts, Duration::from_millis(300), alone).expect("no panic");
        if !end.timed_out() {
            seen.lock().expect("no panic").push(name);
        }
        *counts.entry(group).or_default() -= 1;
        drop(counts);
        echo(request)
    });
    let sandbox = Sandbox::bare();
    let mut manifest = secrets(["same", "a", "same", "b"].map(str::to_owned));
    manifest.push_str("apiVersion: v1\nkind: Namespace\nmetadata: {name: ns}\n---\n");
    manifest.push_str("apiVersion: v1\nkind: Secret\nmetadata: {name: inside, namespace: ns}\n---\n");
    manifest.push_str(&secrets(["c", "d"].map(str::to_owned)));
    sandbox.write("many.yaml", manifest);
    let outcome = on(&server, &sandbox, &["create", "-f", "many.yaml", "--validate=false"]);
    assert_eq!(
        said(&outcome),
        (
            0,
            "secret/same created\nsecret/a created\nsecret/same created\nsecret/b created\nnamespace/ns created\n\
             secret/inside created\nsecret/c created\nsecret/d created\n",
            ""
        )
    );
    assert_eq!(clashes.lock().expect("no panic").as_slice(), [""; 0]);
    let order: Vec<String> = server.requests().iter().map(name).collect();
    let at = |name: &str| order.iter().position(|other| other == name);
    assert!(at("ns") < at("inside"), "{order:?}");
}

#[test]
fn a_failure_stops_no_other_and_stands_at_its_place() {
    let refused = r#"{"kind":"Status","status":"Failure","reason":"Forbidden","message":"no","code":403}"#;
    let server = Server::plain(move |request| match name(request).as_str() {
        "s3" | "s7" => answer_with("403 Forbidden", "Content-Type: application/json\r\n", refused),
        _ => echo(request),
    });
    let sandbox = Sandbox::bare();
    sandbox.write("many.yaml", secrets((0..10).map(|n| format!("s{n}"))));
    let outcome = on(&server, &sandbox, &["create", "-f", "many.yaml", "--validate=false"]);
    let lines: String = (0..10).filter(|n| ![3, 7].contains(n)).map(|n| format!("secret/s{n} created\n")).collect();
    let error = "Error from server (Forbidden): error when creating \"many.yaml\": no\n";
    assert_eq!(said(&outcome), (1, lines.as_str(), error.repeat(2).as_str()));
}

#[test]
fn a_server_that_says_later_is_left_alone_by_all() {
    const PAUSE: Duration = Duration::from_secs(1);
    let first = AtomicBool::new(true);
    let times = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&times);
    let server = Server::plain(move |request| {
        if first.swap(false, Ordering::SeqCst) {
            seen.lock().expect("no panic").push(Instant::now());
            return answer_with("429 Too Many Requests", "Retry-After: 1\r\n", "later");
        }
        seen.lock().expect("no panic").push(Instant::now());
        echo(request)
    });
    let sandbox = Sandbox::bare();
    sandbox.write("many.yaml", secrets((0..20).map(|n| format!("s{n}"))));
    let outcome = on(&server, &sandbox, &["create", "-f", "many.yaml", "--validate=false", "--parallel=2"]);
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""));
    // The second one may have been under way before the answer to the first came.
    let times = times.lock().expect("no panic");
    let early = times.iter().filter(|time| time.duration_since(times[0]) < PAUSE).count();
    assert!(early <= 2, "{early} of {} requests came in the pause", times.len());
    assert_eq!(times.len(), 21);
}

/// Sends SIGINT, and waits until it is taken.
fn interrupt(sandbox: &Sandbox, child: &std::process::Child) {
    signal(sandbox, "INT", child);
}

/// Sends a signal, and waits until it is taken.
pub(super) fn signal(sandbox: &Sandbox, name: &str, child: &std::process::Child) {
    send(sandbox, name, child.id());
    let taken = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let pending = |name: &str| {
            status.lines().find_map(|line| line.strip_prefix(name)).is_none_or(|set| set.trim() != "0000000000000000")
        };
        !pending("SigPnd:") && !pending("ShdPnd:")
    };
    super::with_server::within_moments("the signal is taken", taken);
}

/// A server that holds every request until its gate is open.
pub(super) fn held() -> (Arc<Gate>, Server) {
    let gate = Arc::new(Gate::default());
    let of_server = Arc::clone(&gate);
    let server = Server::plain(move |request| {
        of_server.pass(usize::MAX);
        match request.line.starts_with("DELETE ") {
            true => json(r#"{"kind":"Status","apiVersion":"v1","status":"Success"}"#),
            false => echo(request),
        }
    });
    (gate, server)
}

pub(super) fn spawned(mut command: std::process::Command) -> std::process::Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a process")
}

#[test]
fn ctrl_c_ends_also_what_is_all_in_flight() {
    for verb in [&["create", "-f", "many.yaml", "--validate=false"][..], &["delete", "secret", "s0", "s1", "s2", "s3"]]
    {
        let (gate, server) = held();
        let sandbox = Sandbox::bare();
        sandbox.write("many.yaml", secrets((0..4).map(|n| format!("s{n}"))));
        let at = format!("--server=http://{}", server.address);
        let child = spawned(sandbox.command(&[verb, &[&at]].concat()));
        gate.wait_for(4);
        interrupt(&sandbox, &child);
        gate.open();
        let output = child.wait_with_output().expect("its end");
        assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 4, "{verb:?}: each is told");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let done = if verb[0] == "create" { "created" } else { "deleted" };
        let line = format!("interrupted: 4 of 4 {done}\n");
        assert_eq!((said, output.status.signal()), (line, Some(2)));
        // A delete waits for nothing then.
        assert_eq!(server.requests().len(), 4, "{verb:?}");
    }
}

#[test]
fn ctrl_c_ends_the_wait_of_a_delete() {
    let sandbox = Sandbox::with_server();
    let manifest = secrets(["a", "b"].map(str::to_owned))
        + "apiVersion: v1\nkind: Secret\n\
        metadata: {name: c, finalizers: [example.com/f]}\n";
    sandbox.write("many.yaml", manifest);
    sandbox.ok(&["create", "-f", "many.yaml"]);
    let mut child = spawned(sandbox.command(&["delete", "-f", "many.yaml"]));
    let mut told = std::io::BufReader::new(child.stdout.take().expect("a pipe"));
    for _ in 0..3 {
        std::io::BufRead::read_line(&mut told, &mut String::new()).expect("a line");
    }
    // The lines are told just before the wait begins.
    let outcome = loop {
        send(&sandbox, "INT", child.id());
        std::thread::sleep(Duration::from_millis(20));
        if let Some(status) = child.try_wait().expect("its state") {
            break status;
        }
    };
    let mut said = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("text");
    assert_eq!(outcome.signal(), Some(2), "{said}");
    let is_told = said.ends_with(" gone\n") || said == "interrupted: 3 of 3 deleted\n";
    assert!(said.starts_with("interrupted: 3 of 3 deleted") && is_told, "{said}");
}

#[test]
fn other_signals_do_what_they_always_do() {
    let (gate, server) = held();
    let sandbox = Sandbox::bare();
    sandbox.write("many.yaml", secrets((0..4).map(|n| format!("s{n}"))));
    let at = format!("--server=http://{}", server.address);
    let child = spawned(sandbox.command(&["create", "-f", "many.yaml", "--validate=false", &at]));
    gate.wait_for(4);
    send(&sandbox, "HUP", child.id());
    assert_eq!(child.wait_with_output().expect("its end").status.signal(), Some(1));
    gate.open();
    // What nohup ignores stays ignored.
    let (gate, server) = held();
    let sandbox = Sandbox::bare();
    sandbox.write("many.yaml", secrets((0..4).map(|n| format!("s{n}"))));
    let line = format!(
        "trap '' HUP; exec {} create -f many.yaml --validate=false --server=http://{}",
        super::support::KSECRET,
        server.address
    );
    let child = spawned(sandbox.command_of("sh", &["-c", &line]));
    gate.wait_for(4);
    send(&sandbox, "HUP", child.id());
    gate.open();
    assert_eq!(child.wait_with_output().expect("its end").status.code(), Some(0));
}

#[test]
fn ctrl_c_lets_what_is_in_flight_end() {
    let gate = Arc::new(Gate::default());
    let of_server = Arc::clone(&gate);
    let server = Server::plain(move |request| {
        of_server.pass(usize::MAX);
        echo(request)
    });
    let sandbox = Sandbox::bare();
    sandbox.write("many.yaml", secrets((0..40).map(|n| format!("s{n}"))));
    let at = format!("--server=http://{}", server.address);
    let mut command = sandbox.command(&["create", "-f", "many.yaml", "--validate=false", "--parallel=4", &at]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a process");
    gate.wait_for(4);
    interrupt(&sandbox, &child);
    gate.open();
    let status = child.wait().expect("its end");
    let mut texts = [String::new(), String::new()];
    child.stdout.take().expect("a pipe").read_to_string(&mut texts[0]).expect("text");
    child.stderr.take().expect("a pipe").read_to_string(&mut texts[1]).expect("text");
    let told = texts[0].lines().count();
    assert!((4..40).contains(&told), "{texts:?}");
    assert_eq!(server.requests().len(), told, "what was begun is told");
    assert_eq!(texts[1], format!("interrupted: {told} of 40 created\n"));
    // A shell ends its script when a program ends by SIGINT, not when one exits with a status.
    assert_eq!(status.signal(), Some(2));
}

#[test]
fn a_number_that_is_none_is_refused() {
    let sandbox = Sandbox::bare();
    for typed in ["0", "-1", "x"] {
        let outcome = sandbox.run(&["create", "-f", "many.yaml", &format!("--parallel={typed}")]);
        assert_eq!(outcome.exit, 1);
        assert!(outcome.stderr.starts_with(&format!("error: invalid argument \"{typed}\" for \"--parallel\" flag: ")));
    }
}
