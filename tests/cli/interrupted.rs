//! What SIGINT and SIGTERM leave of work on many objects: what was begun is done and printed, one line says how far it came,
//! and what a pipe gets has no trace of a terminal.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead as _, BufReader, Read as _},
    os::unix::process::ExitStatusExt as _,
    process::{Child, Output},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use super::{
    super::client::server::{Reply, Request, Server, answer_with, json},
    many::{echo, held, name, secrets, signal, spawned},
    receipts::{receipts, short},
    support::{Sandbox, gate::Gate},
    with_server::{send, within_moments},
};

const SIGNALS: [(&str, i32); 2] = [("INT", 2), ("TERM", 15)];
const ABSENT: &str = r#"{"kind":"Status","status":"Failure","reason":"NotFound","code":404}"#;

/// A server that holds the writes of all objects but the first so many; which objects it wrote.
struct Slow {
    gate: Arc<Gate>,
    server: Server,
    written: Arc<Mutex<BTreeSet<String>>>,
}

impl Slow {
    /// `is_there` says whether objects exist that were never written.
    fn after(first: usize, is_there: bool) -> Self {
        let (gate, written) = (Arc::new(Gate::default()), Arc::new(Mutex::new(BTreeSet::new())));
        let (of_server, to) = (Arc::clone(&gate), Arc::clone(&written));
        let server = Server::plain(move |request| {
            let path = request.target().split([' ', '?']).nth(1).unwrap_or_default();
            let name = if request.line.starts_with("POST ") { name(request) } else { last(path) };
            let object = format!(
                r#"{{"kind":"Secret","apiVersion":"v1","metadata":{{"name":"{name}","namespace":"default"}}}}"#
            );
            if request.line.starts_with("GET ") {
                return if is_there { json(&object) } else { absent() };
            }
            if name
                .strip_prefix('s')
                .and_then(|number| number.parse().ok())
                .is_some_and(|number: usize| number >= first)
            {
                of_server.pass(usize::MAX);
            }
            to.lock().expect("no panic").insert(name);
            json(&object)
        });
        Self { gate, server, written }
    }

    fn written(&self) -> BTreeSet<String> {
        self.written.lock().expect("no panic").clone()
    }

    fn at(&self) -> String {
        format!("--server=http://{}", self.server.address)
    }
}

fn last(path: &str) -> String {
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

fn absent() -> Reply {
    answer_with("404 Not Found", "Content-Type: application/json\r\n", ABSENT)
}

fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

fn ended(child: Child) -> Output {
    child.wait_with_output().expect("its end")
}

#[test]
fn what_is_printed_is_what_the_server_has() {
    for (line, is_there, done) in [
        ("create -f many.yaml --validate=false", false, "created"),
        ("create -f many.yaml --validate=false --dry-run=server", false, "created (server dry run)"),
        ("apply -f many.yaml --validate=false", false, "applied"),
        ("apply -f many.yaml --validate=false -o json", false, "applied"),
        ("apply -f many.yaml --validate=false --server-side", false, "applied"),
        ("apply -f many.yaml --validate=false --force", false, "applied"),
        ("replace -f many.yaml --validate=false", true, "replaced"),
        ("replace -f many.yaml --validate=false -o name", true, "replaced"),
        ("patch -f many.yaml --type=merge -p {\"data\":{\"a\":\"YQ==\"}}", true, "patched"),
        ("label -f many.yaml tier=backend", true, "labeled"),
        ("annotate -f many.yaml owner=team", true, "annotated"),
        ("delete -f many.yaml --wait=false", true, "deleted"),
    ] {
        for (signal_name, number) in SIGNALS {
            let slow = Slow::after(10, is_there);
            let sandbox = Sandbox::bare();
            sandbox.write("many.yaml", secrets((0..40).map(|n| format!("s{n}"))));
            let is_one_by_one = line.contains("--force");
            let mut words: Vec<&str> = line.split(' ').collect();
            words.extend((!is_one_by_one).then_some("--parallel=4"));
            let at = slow.at();
            words.push(&at);
            let child = spawned(sandbox.command(&words));
            slow.gate.wait_for(if is_one_by_one { 1 } else { 4 });
            signal(&sandbox, signal_name, &child);
            slow.gate.open();
            let output = ended(child);
            let (stdout, stderr) = texts(&output);
            let written = slow.written();
            assert_eq!(output.status.signal(), Some(number), "{line}: {stderr}");
            assert!((11..40).contains(&written.len()), "{line}: {written:?}");
            assert_eq!(stderr, format!("interrupted: {} of 40 {done}\n", written.len()), "{line}");
            let printed: BTreeSet<String> = (0..40)
                .map(|n| format!("s{n}"))
                .filter(|name| {
                    let forms = [format!("secret/{name} "), format!("secret/{name}\n")];
                    let forms =
                        [&forms[..], &[format!("secret \"{name}\" "), format!("\"name\": \"{name}\"")]].concat();
                    forms.iter().any(|form| stdout.contains(form.as_str()))
                })
                .collect();
            assert_eq!(printed, written, "{line}: {stdout}");
        }
    }
}

#[test]
fn failures_are_counted_by_themselves() {
    let slow = Arc::new(Gate::default());
    let (gate, count) = (Arc::clone(&slow), AtomicUsize::new(0));
    let refused = r#"{"kind":"Status","status":"Failure","reason":"Forbidden","message":"no","code":403}"#;
    let server = Server::plain(move |request| {
        if count.fetch_add(1, Ordering::SeqCst) >= 8 {
            gate.pass(usize::MAX);
        }
        match name(request).as_str() {
            "s3" | "s5" => answer_with("403 Forbidden", "Content-Type: application/json\r\n", refused),
            _ => echo(request),
        }
    });
    let sandbox = Sandbox::bare();
    sandbox.write("many.yaml", secrets((0..40).map(|n| format!("s{n}"))));
    let at = format!("--server=http://{}", server.address);
    let child = spawned(sandbox.command(&["create", "-f", "many.yaml", "--validate=false", "--parallel=1", &at]));
    slow.wait_for(1);
    signal(&sandbox, "INT", &child);
    slow.open();
    let output = ended(child);
    let (stdout, stderr) = texts(&output);
    let error = "Error from server (Forbidden): error when creating \"many.yaml\": no\n";
    assert_eq!(stderr, format!("{}interrupted: 7 of 40 created, 2 failed\n", error.repeat(2)));
    assert_eq!((stdout.lines().count(), output.status.signal()), (7, Some(2)));
}

#[test]
fn absent_objects_do_not_count_as_deleted() {
    let gate = Arc::new(Gate::default());
    let of_server = Arc::clone(&gate);
    let server = Server::plain(move |request| {
        let path = request.target().split([' ', '?']).nth(1).unwrap_or_default();
        match last(path).as_str() {
            "s0" | "s2" => absent(),
            "s3" => {
                of_server.pass(usize::MAX);
                absent()
            }
            _ => json(r#"{"kind":"Status","apiVersion":"v1","status":"Success"}"#),
        }
    });
    let sandbox = Sandbox::bare();
    sandbox.write("many.yaml", secrets((0..40).map(|number| format!("s{number}"))));
    let at = format!("--server=http://{}", server.address);
    let child = spawned(sandbox.command(&["delete", "-f", "many.yaml", "--ignore-not-found", "--parallel=1", &at]));
    gate.wait_for(1);
    signal(&sandbox, "INT", &child);
    gate.open();
    assert_eq!(
        texts(&ended(child)),
        ("secret \"s1\" deleted from default namespace\n".to_owned(), "interrupted: 1 of 40 deleted\n".to_owned())
    );
}

/// A server that never answers for the first object; the lines of the log of `-v=6` say what was answered.
fn never_the_first() -> (Arc<Gate>, Server) {
    let gate = Arc::new(Gate::default());
    let of_server = Arc::clone(&gate);
    let server = Server::plain(move |request: &Request| {
        if name(request) == "s0" {
            of_server.pass(usize::MAX);
        }
        echo(request)
    });
    (gate, server)
}

#[test]
fn what_never_answers_is_left_and_the_rest_is_printed() {
    for second in ["INT", "TERM"] {
        let (gate, server) = never_the_first();
        let sandbox = Sandbox::bare();
        sandbox.write("many.yaml", secrets((0..40).map(|n| format!("s{n}"))));
        let at = format!("--server=http://{}", server.address);
        let line = ["create", "-f", "many.yaml", "--validate=false", "--parallel=4", "-v=6", "--receipt=out", &at];
        let mut child = spawned(sandbox.command(&line));
        gate.wait_for(1);
        // What is behind the first one is done, and not told.
        let mut log = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut answered = 0;
        while answered < 3 {
            let mut text = String::new();
            assert!(log.read_line(&mut text).expect("a line") > 0, "it ended");
            answered += usize::from(text.contains(" 200 OK in ") || text.contains(" 200 in "));
        }
        signal(&sandbox, "INT", &child);
        assert!(child.try_wait().expect("its state").is_none(), "the first lets it wait");
        send(&sandbox, second, child.id());
        let mut said = String::new();
        log.read_to_string(&mut said).expect("text");
        let output = ended(child);
        gate.open();
        let (stdout, _) = texts(&output);
        assert_eq!(stdout, "secret/s1 created\nsecret/s2 created\nsecret/s3 created\n", "{said}");
        assert!(said.ends_with("interrupted: 3 of 40 created, 1 was sent and has no answer\n"), "{said}");
        assert_eq!(output.status.signal(), Some(if second == "INT" { 2 } else { 15 }));
        let mut told: Vec<String> = receipts(&sandbox, "out").iter().map(short).collect();
        told.sort();
        assert_eq!(told, ["created s1", "created s2", "created s3", "unknown s0"]);
    }
}

#[test]
fn one_sigterm_is_enough_for_a_server_that_never_answers() {
    let (gate, server) = held();
    let sandbox = Sandbox::bare();
    sandbox.write("many.yaml", secrets((0..4).map(|n| format!("s{n}"))));
    let at = format!("--server=http://{}", server.address);
    let child = spawned(sandbox.command(&["create", "-f", "many.yaml", "--validate=false", &at]));
    gate.wait_for(4);
    let sent = Instant::now();
    send(&sandbox, "TERM", child.id());
    let output = ended(child);
    // The gate opens by itself after twenty seconds.
    assert!(sent.elapsed() < Duration::from_secs(15), "{:?}", sent.elapsed());
    let line = "interrupted: 0 of 4 created, 4 were sent and have no answer\n".to_owned();
    assert_eq!(texts(&output), (String::new(), line));
    assert_eq!(output.status.signal(), Some(15));
    gate.open();
}

/// A server that has every object, and holds and then refuses the writes to one.
fn refusing(name: &'static str, status: &'static str, reason: &'static str) -> (Arc<Gate>, Server) {
    let gate = Arc::new(Gate::default());
    let of_server = Arc::clone(&gate);
    let server = Server::plain(move |request| {
        let path = request.target().split([' ', '?']).nth(1).unwrap_or_default();
        if last(path) == name && !request.line.starts_with("GET ") {
            of_server.pass(usize::MAX);
            let code = status.split(' ').next().unwrap_or_default();
            let body =
                format!(r#"{{"kind":"Status","status":"Failure","reason":"{reason}","message":"no","code":{code}}}"#);
            return answer_with(status, "Content-Type: application/json\r\n", body);
        }
        let name = last(path);
        json(&format!(r#"{{"kind":"Secret","apiVersion":"v1","metadata":{{"name":"{name}","namespace":"default"}}}}"#))
    });
    (gate, server)
}

#[test]
fn a_failure_after_the_signal_hides_it_not() {
    let (gate, server) = refusing("s3", "403 Forbidden", "Forbidden");
    let sandbox = Sandbox::bare();
    sandbox.write("many.yaml", secrets((0..40).map(|n| format!("s{n}"))));
    let at = format!("--server=http://{}", server.address);
    let child = spawned(sandbox.command(&["diff", "-f", "many.yaml", "--parallel=1", &at]));
    gate.wait_for(1);
    signal(&sandbox, "INT", &child);
    gate.open();
    let output = ended(child);
    let (_, stderr) = texts(&output);
    assert!(stderr.ends_with("\ninterrupted: 3 of 40 compared, 1 failed\n"), "{stderr}");
    assert_eq!(output.status.signal(), Some(2), "{stderr}");
}

#[test]
fn nothing_is_deleted_after_the_signal() {
    let (gate, server) = refusing("s3", "422 Unprocessable Entity", "Invalid");
    let sandbox = Sandbox::bare();
    sandbox.write("many.yaml", secrets((0..40).map(|n| format!("s{n}"))));
    let at = format!("--server=http://{}", server.address);
    let child = spawned(sandbox.command(&["apply", "--force", "-f", "many.yaml", "--validate=false", &at]));
    gate.wait_for(1);
    signal(&sandbox, "TERM", &child);
    gate.open();
    let output = ended(child);
    let (stdout, stderr) = texts(&output);
    assert!(stderr.ends_with("\ninterrupted: 3 of 40 applied, 1 failed\n"), "{stderr}");
    assert_eq!((stdout.lines().count(), output.status.signal()), (3, Some(15)), "{stdout}");
    let deletions: Vec<String> = server.targets().into_iter().filter(|target| target.starts_with("DELETE ")).collect();
    assert_eq!(deletions, [""; 0]);
}

#[test]
fn replaced_by_force_it_says_how_far_it_came() {
    for (signal_name, status) in [("INT", 130), ("TERM", 143)] {
        let (gate, count) = (Arc::new(Gate::default()), AtomicUsize::new(0));
        let of_server = Arc::clone(&gate);
        let server = Server::plain(move |request| {
            let path = request.target().split([' ', '?']).nth(1).unwrap_or_default();
            let is_trial = request.line.contains("dryRun");
            match request.line.split(' ').next().unwrap_or_default() {
                // The third creation is not answered.
                "POST" if !is_trial && count.fetch_add(1, Ordering::SeqCst) == 2 => {
                    of_server.pass(usize::MAX);
                    absent()
                }
                "POST" => echo(request),
                "DELETE" => json(r#"{"kind":"Status","apiVersion":"v1","status":"Success"}"#),
                _ => {
                    let name = last(path);
                    json(&format!(
                        r#"{{"kind":"Secret","apiVersion":"v1","metadata":{{"name":"{name}","namespace":"default"}}}}"#
                    ))
                }
            }
        });
        let sandbox = Sandbox::bare();
        sandbox.write("many.yaml", secrets((0..5).map(|n| format!("s{n}"))));
        let at = format!("--server=http://{}", server.address);
        let line = ["replace", "--force", "-f", "many.yaml", "--validate=false", &at];
        let child = spawned(sandbox.command(&line));
        gate.wait_for(1);
        send(&sandbox, signal_name, child.id());
        let output = ended(child);
        gate.open();
        let (stdout, stderr) = texts(&output);
        assert!(stderr.ends_with("interrupted: 2 of 5 replaced\n"), "{stderr}");
        assert_eq!(output.status.code(), Some(status), "{stderr}");
        assert_eq!(stdout.lines().filter(|line| line.ends_with(" replaced")).count(), 2, "{stdout}");
    }
}

#[test]
fn decoded_files_are_counted() {
    const KEYS: usize = 20_000;
    for (signal_name, number) in SIGNALS {
        let sandbox = Sandbox::bare();
        let data: Vec<String> = (0..KEYS).map(|n| format!("\"k{n}\":\"dg==\"")).collect();
        let head = r#"{"kind":"Secret","apiVersion":"v1","metadata":{"name":"s"},"data":{"#;
        sandbox.write("s.json", format!("{head}{}}}}}", data.join(",")));
        let child = spawned(sandbox.command(&["decode", "-f", "s.json", "--to", "out"]));
        let out = sandbox.cwd().join("out");
        let count = || fs::read_dir(&out).map_or(0, Iterator::count);
        within_moments("files are written", || count() > 10);
        send(&sandbox, signal_name, child.id());
        let output = ended(child);
        let written = count();
        assert!(written < KEYS, "the signal came too late");
        let line = format!("interrupted: {written} of {KEYS} written\n");
        assert_eq!(texts(&output), (String::new(), line));
        assert_eq!(output.status.signal(), Some(number));
    }
}

#[test]
fn a_pipe_sees_no_progress() {
    // Slow, so that a terminal would have seen a line.
    let server = Server::plain(|request| {
        if name(request) == "s2" {
            std::thread::sleep(Duration::from_millis(1500));
        }
        echo(request)
    });
    let mut sandbox = Sandbox::bare();
    sandbox.set_env("TERM", "xterm");
    sandbox.write("many.yaml", secrets((0..4).map(|n| format!("s{n}"))));
    let at = format!("--server=http://{}", server.address);
    let child = spawned(sandbox.command(&["create", "-f", "many.yaml", "--validate=false", "--parallel=1", &at]));
    let lines: String = (0..4).map(|n| format!("secret/s{n} created\n")).collect();
    assert_eq!(texts(&ended(child)), (lines, String::new()));
}
