//! Servers that refuse, repeat values, answer with something else, or do not answer at all.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Command, Stdio},
    sync::mpsc,
};

use serde_json::{Value as Json, json};

use super::{MARKER, Sandbox, assert_no_marker, editor};

/// What the server does with a PATCH.
#[derive(Clone)]
enum Patch {
    /// After a GET the connection is closed, as servers close idle ones while an editor is open.
    AnswerAnew(u16, Json),
    Answer(u16, Json),
    Silence(mpsc::Sender<()>),
}

fn secret(name: &str) -> Json {
    json!({
        "apiVersion": "v1", "kind": "Secret", "type": "Opaque", "data": {"user": "YWRtaW4=", "password": "eA=="},
        "metadata": {"name": name, "namespace": "default", "uid": "u-1", "resourceVersion": "5"},
    })
}

/// A server on a port of its own, for as long as the test's process lives: GET gives the Secret, PATCH what it is told.
fn serve(get: Json, patch: Patch) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("its address"));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (get, patch) = (get.clone(), patch.clone());
            std::thread::spawn(move || talk(stream, &get, &patch));
        }
    });
    address
}

fn talk(mut stream: TcpStream, get: &Json, patch: &Patch) {
    let mut reader = BufReader::new(stream.try_clone().expect("the stream"));
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first).unwrap_or(0) == 0 {
            return;
        }
        let mut length = 0;
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
        let (status, answer) = match patch {
            _ if first.starts_with("GET") => (200, get.clone()),
            Patch::Answer(status, answer) | Patch::AnswerAnew(status, answer) => (*status, answer.clone()),
            Patch::Silence(heard) => {
                heard.send(()).expect("the test listens");
                std::thread::park();
                return;
            }
        };
        let text = answer.to_string();
        let head =
            format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", text.len());
        if stream.write_all((head + &text).as_bytes()).is_err() {
            return;
        }
        if matches!(patch, Patch::AnswerAnew(..)) {
            let _ = stream.shutdown(std::net::Shutdown::Both);
            return;
        }
    }
}

fn status(code: u16, reason: &str, message: &str, causes: &Json) -> Json {
    json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message, "reason": reason,
        "details": {"name": "db", "kind": "Secret", "causes": causes}, "code": code,
    })
}

const CHANGE: &str =
    "cp \"$1\" seen; grep -q s3cret-m4rker \"$1\" || sed -i 's/user: admin/user: s3cret-m4rker-value/' \"$1\"";

#[test]
fn a_server_that_repeats_values_is_not_repeated() {
    let echo = format!(
        "Invalid value: \"map[data:map[user:czNjcmV0LW00cmtlci12YWx1ZQ==]]\": no {MARKER}, no czNjcmV0LW00cmtlci12YWx1ZQ=="
    );
    for answer in [
        status(
            422,
            "Invalid",
            &format!("Secret \"db\" is invalid: patch: {echo}"),
            &json!([{"field": "patch", "message": echo}]),
        ),
        status(403, "Forbidden", &format!("secrets \"db\" is forbidden: {echo}"), &json!([])),
        status(400, "BadRequest", &echo, &json!([])),
        status(500, "InternalError", &echo, &json!([])),
        status(404, "NotFound", &echo, &json!([])),
    ] {
        let code = u16::try_from(answer["code"].as_u64().expect("a code")).expect("a status");
        let mut sandbox = Sandbox::bare();
        let server = serve(secret("db"), Patch::Answer(code, answer));
        editor(&mut sandbox, CHANGE);
        let outcome = sandbox.run(&["edit", "-d", "db", "-v9", "--server", &server]);
        assert_eq!(outcome.exit, 1, "{code}: {}", outcome.stderr);
        assert!(outcome.stderr.contains("error: secrets \"db\" "), "{code}: {}", outcome.stderr);
        assert!(outcome.stderr.contains("hint: your changes are kept, encrypted"), "{code}: {}", outcome.stderr);
        // What the editor saw holds what was typed, and nothing of it in the comments.
        let seen = std::fs::read_to_string(sandbox.cwd().join("seen")).expect("seen");
        assert!(seen.lines().filter(|line| line.starts_with('#')).all(|line| !line.contains(MARKER)), "{code}: {seen}");
        std::fs::remove_file(sandbox.cwd().join("seen")).expect("the copy goes");
        std::fs::remove_dir_all(sandbox.root().join("bin")).expect("the script, which holds the value, goes");
        assert_no_marker(&sandbox, &(outcome.stdout + &outcome.stderr));
    }
}

#[test]
fn a_signal_while_it_is_saved_keeps_the_text() {
    for (signal, status) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let mut sandbox = Sandbox::bare();
        let (heard, asked) = mpsc::channel();
        let server = serve(secret("db"), Patch::Silence(heard));
        editor(&mut sandbox, CHANGE);
        let child = sandbox
            .command(&["edit", "-d", "db", "--server", &server])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the edit starts");
        asked.recv().expect("the patch arrives");
        assert!(Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().expect("kill").success());
        let output = child.wait_with_output().expect("its end");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(status), "{signal}: {stderr}");
        assert!(stderr.contains("hint: your changes are kept, encrypted"), "{signal}: {stderr}");
    }
}

#[test]
fn a_connection_that_was_closed_meanwhile_is_made_anew() {
    let mut sandbox = Sandbox::bare();
    let server = serve(secret("db"), Patch::AnswerAnew(200, secret("db")));
    editor(&mut sandbox, "sed -i 's/user: admin/user: root/' \"$1\"");
    let outcome = sandbox.run(&["edit", "-d", "db", "--server", &server]);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "secret/db edited\n"), "{}", outcome.stderr);
}

#[test]
fn another_object_than_was_asked_for_is_not_edited() {
    let mut sandbox = Sandbox::bare();
    let server = serve(secret("other"), Patch::Answer(200, secret("other")));
    editor(&mut sandbox, "touch opened");
    let outcome = sandbox.run(&["edit", "db", "--server", &server]);
    assert_eq!(outcome.exit, 1, "{}", outcome.stderr);
    assert!(!sandbox.cwd().join("opened").exists());
    let outcome = sandbox.run(&["decode", "db", "--server", &server]);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{}", outcome.stderr);
}

#[test]
fn keys_of_a_hostile_server_stay_in_the_directory_and_off_the_screen() {
    let sandbox = Sandbox::bare();
    let mut hostile = secret("db");
    hostile["data"] = json!({"good": "MQ==", "../../escaped": "MQ==", "\u{1b}[2Jx": "MQ=="});
    let server = serve(hostile, Patch::Answer(500, json!({})));
    let outcome = sandbox.run(&["decode", "db", "--to", "out", "--server", &server]);
    assert_eq!(outcome.exit, 1, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("nothing was written") && !outcome.stderr.contains('\u{1b}'), "{}", outcome.stderr);
    assert!(!sandbox.cwd().join("out").exists() && !sandbox.root().join("escaped").exists());
    for format in [&["--keys"][..], &[], &["-o", "yaml"], &["-o", "json"]] {
        let outcome = sandbox.run(&[&["decode", "db", "--server", &server], format].concat());
        assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
        assert!(!outcome.stdout.contains('\u{1b}'), "{format:?}: {:?}", outcome.stdout);
    }
}

#[test]
fn names_of_a_hostile_server_are_not_evaluated() {
    let sandbox = Sandbox::bare();
    let item = |name: &str| {
        let mut item = secret(name);
        item["data"] = json!({"USER": "YWRtaW4="});
        item
    };
    let items = [item("a\ntouch hacked"), item("b")];
    let list = json!({"kind": "SecretList", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": items});
    let server = serve(list, Patch::Answer(500, json!({})));
    let script =
        format!("eval \"$({} decode -l x=y -o shell --server {server})\"; echo $USER", super::support::KSECRET);
    let outcome = super::support::run(sandbox.command_of("sh", &["-c", &script]), b"");
    assert_eq!(outcome.stdout, "admin\n", "{}", outcome.stderr);
    assert!(!sandbox.cwd().join("hacked").exists());
}
