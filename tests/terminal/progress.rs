//! Work on many objects on a terminal: results as they happen, and below them one line that says how far it is.

use std::{sync::Arc, thread, time::Duration};

use super::{
    screen::Screen,
    server::{Server, answer_with, json},
};
use crate::support::{KSECRET, Sandbox, gate::Gate};

const COUNT: usize = 40;

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::bare();
    let secret = |n| format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s{n}}}\n---\n");
    sandbox.write("many.yaml", (0..COUNT).map(secret).collect::<String>());
    sandbox
}

/// A server that has `before` called for every write, with the number of its object; objects are there if `is_there`.
fn server(is_there: bool, before: impl Fn(usize) + Send + Sync + 'static) -> Server {
    Server::plain(move |request| {
        let path = request.target().split([' ', '?']).nth(1).unwrap_or_default();
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let name = match request.line.split(' ').next() {
            Some("POST") => body["metadata"]["name"].as_str().unwrap_or_default(),
            _ => path.rsplit('/').next().unwrap_or_default(),
        };
        let object =
            format!(r#"{{"kind":"Secret","apiVersion":"v1","metadata":{{"name":"{name}","namespace":"default"}}}}"#);
        if request.line.contains("dryRun=") {
            // What `replace --force` asks first.
        } else if !request.line.starts_with("GET ") {
            before(name.strip_prefix('s').and_then(|number| number.parse().ok()).unwrap_or_default());
        } else if !is_there {
            let absent = r#"{"kind":"Status","status":"Failure","reason":"NotFound","code":404}"#;
            return answer_with("404 Not Found", "Content-Type: application/json\r\n", absent);
        }
        json(&object)
    })
}

/// The same, which holds all writes but the first five until its gate is open.
fn held(is_there: bool) -> (Arc<Gate>, Server) {
    let gate = Arc::new(Gate::default());
    let of_server = Arc::clone(&gate);
    let server = server(is_there, move |number| {
        if number >= 5 {
            of_server.pass(usize::MAX);
        }
    });
    (gate, server)
}

fn command(server: &Server, line: &str) -> String {
    let parallel = if line.contains("--force") || line.contains("set-last-applied") { "" } else { " --parallel=4" };
    format!("clear; {KSECRET} {line}{parallel} --server=http://{}; echo status=$?", server.address)
}

pub fn a_line_says_how_far_it_is() {
    for (line, is_there, done, last) in [
        ("create -f many.yaml --validate=false", false, "created", "secret/s39 created"),
        ("apply -f many.yaml --validate=false", false, "applied", "secret/s39 created"),
        ("apply -f many.yaml --validate=false --force", false, "applied", "secret/s39 created"),
        ("replace -f many.yaml --validate=false", true, "replaced", "secret/s39 replaced"),
        ("replace -f many.yaml --validate=false --force", true, "replaced", "secret/s39 replaced"),
        ("patch -f many.yaml --type=merge -p '{\"data\":{\"a\":\"YQ==\"}}'", true, "patched", "secret/s39 patched"),
        ("label -f many.yaml tier=backend", true, "labeled", "secret/s39 labeled"),
        ("annotate -f many.yaml owner=team", true, "annotated", "secret/s39 annotated"),
        ("delete -f many.yaml --wait=false", true, "deleted", "secret \"s39\" deleted"),
        ("apply set-last-applied -f many.yaml --create-annotation", true, "configured", "secret/s39 configured"),
    ] {
        let sandbox = sandbox();
        let (gate, server) = held(is_there);
        let screen = Screen::of(&sandbox);
        screen.keys(&[&command(&server, line), "Enter"]);
        let by_force = line == "replace -f many.yaml --validate=false --force";
        let so_far = format!("{done} {} of 40, ", if by_force { 0 } else { 5 });
        let shown = screen.wait_for(&so_far);
        let before = if by_force { "secret \"s4\" deleted" } else { "s4" };
        assert!(shown.contains(before), "{line}: what is done is shown before the end: {shown}");
        gate.open();
        let shown = screen.wait_for("status=");
        assert!(shown.contains("status=0") && shown.contains(last), "{line}: {shown}");
        assert!(!shown.contains(" of 40"), "{line}: it is gone at the end: {shown}");
    }
}

pub fn lines_of_output_stay_whole() {
    for output in ["", "-o name", "-o json"] {
        let sandbox = sandbox();
        // A second passes, and then lines come while the line is drawn.
        let server = server(false, |number| {
            let time = if number == 0 { 1200 } else { 20 };
            thread::sleep(Duration::from_millis(time));
        });
        let screen = Screen::of(&sandbox);
        let line =
            format!("{KSECRET} create -f many.yaml --validate=false --parallel=1 --server=http://{}", server.address);
        let bytes = screen.raw(&sandbox, &format!("{line} {output}"));
        let text = String::from_utf8(bytes).expect("UTF-8").replace("\r\n", "\n");
        assert!(text.contains("\rcreated 1 of 40, ") && text.contains("\x1b[K"), "{output}: no line: {text:?}");
        // What a terminal is left with: what is erased is gone.
        let left: String =
            text.split_inclusive('\n').map(|line| line.rsplit("\r\x1b[K").next().unwrap_or_default()).collect();
        let expected: String = (0..COUNT)
            .map(|n| match output {
                "" => format!("secret/s{n} created\n"),
                "-o name" => format!("secret/s{n}\n"),
                _ => format!(
                    "{{\n    \"apiVersion\": \"v1\",\n    \"kind\": \"Secret\",\n    \"metadata\": {{\n        \
                     \"name\": \"s{n}\",\n        \"namespace\": \"default\"\n    }}\n}}\n"
                ),
            })
            .collect();
        assert_eq!(left, expected, "{output}");
    }
}

pub fn text_that_ends_no_line_is_left_alone() {
    let sandbox = sandbox();
    let server = server(false, |number| thread::sleep(Duration::from_millis(if number == 3 { 1500 } else { 0 })));
    let screen = Screen::of(&sandbox);
    let line =
        format!("{KSECRET} create -f many.yaml --validate=false --parallel=1 --server=http://{}", server.address);
    let bytes = screen.raw(&sandbox, &format!("{line} -o jsonpath={{.metadata.name}}"));
    let expected: String = (0..COUNT).map(|n| format!("s{n}")).collect();
    assert_eq!(String::from_utf8_lossy(&bytes), expected);
}

pub fn ctrl_c_says_how_far_it_came() {
    let sandbox = sandbox();
    let (gate, server) = held(false);
    let screen = Screen::of(&sandbox);
    screen.keys(&[&command(&server, "create -f many.yaml --validate=false"), "Enter"]);
    screen.wait_for("created 5 of 40, ");
    screen.keys(&["C-c"]);
    screen.wait_for("waiting for 4 requests (Ctrl-C leaves them)");
    gate.open();
    screen.wait_for("interrupted: ");
    // A shell forgets the rest of a line whose command died of Ctrl-C.
    screen.keys(&["echo status=$?", "Enter"]);
    let shown = screen.wait_for("status=");
    assert!(shown.contains("interrupted: 9 of 40 created\n") && shown.contains("status=130"), "{shown}");
    assert!(shown.contains("secret/s8 created\n") && !shown.contains("secret/s9 "), "{shown}");
    assert!(!shown.contains("waiting for"), "{shown}");
}

/// Never on a dumb terminal, for one object, beside a log, or where standard error is no terminal; without colour it is what
/// it always is.
pub fn a_line_is_drawn_only_where_it_is_wanted() {
    let sandbox = sandbox();
    let slow = |number: usize| thread::sleep(Duration::from_millis(if number == 3 { 1500 } else { 0 }));
    let screen = Screen::of(&sandbox);
    let run = |server: &Server, env: &str, rest: &str| {
        let at = format!("--server=http://{}", server.address);
        let line = format!("{env} {KSECRET} create --validate=false --parallel=1 {at} {rest}");
        String::from_utf8_lossy(&screen.raw(&sandbox, &line)).into_owned()
    };
    let server = server(false, slow);
    for (env, rest, is_drawn) in [
        ("NO_COLOR=1", "-f many.yaml", true),
        ("", "-f many.yaml > out", true),
        ("TERM=dumb", "-f many.yaml", false),
        ("TERM=", "-f many.yaml", false),
        ("", "-f many.yaml 2> out", false),
        ("", "-f many.yaml -v=6", false),
        ("", "-f one.yaml", false),
    ] {
        sandbox.write("one.yaml", "{apiVersion: v1, kind: Secret, metadata: {name: s3}}");
        let shown = run(&server, env, rest);
        let drawn = shown.contains("created 3 of 40, ");
        assert_eq!(drawn, is_drawn, "{env} {rest}: {shown:?}");
        assert_eq!(shown.contains('\x1b'), is_drawn, "{env} {rest}: {shown:?}");
        assert!(!shown.contains("\x1b[3") && !shown.contains("\x1b[0m"), "no colour: {shown:?}");
    }
}

pub fn the_wait_of_a_delete_is_shown() {
    let sandbox = Sandbox::with_server();
    let secret =
        |n, finalizers: &str| format!("{{apiVersion: v1, kind: Secret, metadata: {{name: s{n}{finalizers}}}}}\n---\n");
    sandbox.write("many.yaml", format!("{}{}", secret(0, ", finalizers: [example.com/f]"), secret(1, "")));
    sandbox.ok(&["create", "-f", "many.yaml"]);
    let screen = Screen::of(&sandbox);
    screen.keys(&[&format!("clear; {KSECRET} delete -f many.yaml; echo status=$?"), "Enter"]);
    screen.wait_for("gone 1 of 2, ");
    sandbox.ok(&["patch", "secret", "s0", "--type=merge", "-p", "{\"metadata\":{\"finalizers\":null}}"]);
    let shown = screen.wait_for("status=");
    assert!(shown.contains("status=0") && !shown.contains(" of 2"), "{shown}");
}
