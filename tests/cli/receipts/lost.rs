use super::{
    receipts, short,
    support::{
        Sandbox,
        recorder::{Recorder, status},
    },
};

fn secret(version: &str) -> String {
    format!(
        r#"{{"apiVersion":"v1","kind":"Secret","metadata":{{"name":"s","namespace":"n","uid":"u","resourceVersion":"{version}"}},"data":{{"k":"dg=="}}}}"#
    )
}

/// A write whose answer does not say whether it was done is told, and one that was refused is not.
#[test]
fn a_write_is_told_if_it_may_have_been_done() {
    for (answer, told) in [
        (("504 Gateway Timeout", status(504, "Timeout", "request timed out")), Some("unknown s")),
        (("200 OK", r#"{"kind":"Secr"#.to_owned()), Some("unknown s")),
        (("200 OK", r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"s"}}"#.to_owned()), Some("unknown s")),
        (("200 OK", secret("2")), Some("changed s")),
        (("200 OK", secret("1")), Some("unchanged s")),
        (("409 Conflict", status(409, "Conflict", "changed")), None),
        (("403 Forbidden", status(403, "Forbidden", "no")), None),
        (("503 Service Unavailable", status(503, "ServiceUnavailable", "no")), None),
    ] {
        let sandbox = Sandbox::bare();
        let said = answer.clone();
        let server = Recorder::start(move |request| match request.split(' ').next() {
            Some("GET") => ("200 OK", secret("1")),
            _ => said.clone(),
        });
        let patch = r#"{"metadata":{"labels":{"a":"b"}}}"#;
        let line = ["patch", "secret", "s", "-p", patch, "-n", "n", "--receipt=out", "--journal", "--server"];
        let outcome = sandbox.run(&[&line[..], &[&server.url()]].concat());
        let found = receipts(&sandbox, "out");
        assert_eq!(found.iter().map(short).next().as_deref(), told, "{answer:?}: {}", outcome.stderr);
        assert!(found.len() < 2);
        let warned =
            outcome.stderr.contains("warning: the journal has no entry of the write to secret/s: its answer was lost");
        assert_eq!(warned, told == Some("unknown s"), "{}", outcome.stderr);
    }
}

/// What was never sent is not told.
#[test]
fn a_server_that_is_not_there_gives_no_receipt() {
    let sandbox = Sandbox::bare();
    let line = ["create", "generic", "s", "--from-literal=k=v", "--receipt=out", "--server=http://127.0.0.1:1"];
    assert_eq!(sandbox.run(&line).exit, 1);
    assert!(receipts(&sandbox, "out").is_empty());
}

/// Without the flags no request more is sent.
#[test]
fn only_the_flags_read_before_a_write() {
    let requests = |flags: &[&str]| {
        let sandbox = Sandbox::bare();
        let server = Recorder::start(|_| ("200 OK", secret("1")));
        let url = server.url();
        sandbox.ok(&[&["delete", "secret", "s", "-n", "n", "--wait=false", "--server", &url][..], flags].concat());
        server.take()
    };
    let path = "/api/v1/namespaces/n/secrets/s";
    assert_eq!(requests(&[]), [format!("DELETE {path}")]);
    assert_eq!(requests(&["--journal"]), [format!("GET {path}"), format!("DELETE {path}")]);
}

/// What cannot be read before it is written is not written.
#[test]
fn an_object_that_may_not_be_read_is_not_written() {
    let sandbox = Sandbox::bare();
    let server = Recorder::start(|_| ("403 Forbidden", status(403, "Forbidden", "secrets \"s\" is forbidden")));
    let outcome = sandbox.run(&["delete", "secret", "s", "-n", "n", "--receipt=out", "--server", &server.url()]);
    assert_eq!((outcome.exit, server.take()), (1, vec!["GET /api/v1/namespaces/n/secrets/s".to_owned()]));
    assert!(receipts(&sandbox, "out").is_empty());
}
