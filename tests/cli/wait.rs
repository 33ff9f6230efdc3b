//! `wait`: what is there already, what comes later, what never comes; watches that end, are too old or are refused.

use std::{
    os::unix::process::ExitStatusExt as _,
    process::{Child, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use super::{
    super::client::server::{Reply, Request, Server, answer},
    support::{Outcome, Sandbox},
    with_server::{send, within_moments},
};

fn is(outcome: &Outcome, exit: i32, stdout: &str, stderr: &str) {
    assert_eq!((outcome.exit, outcome.stdout.as_str(), outcome.stderr.as_str()), (exit, stdout, stderr));
}

/// Two Secrets: `a` has the label `app=web`, `b` has none.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with_server();
    for name in ["a", "b"] {
        sandbox.ok(&["create", "generic", name, "--from-literal=user=admin"]);
    }
    sandbox.ok(&["label", "secret", "a", "app=web"]);
    sandbox
}

#[test]
fn what_is_there_already_meets_its_condition() {
    let sandbox = sandbox();
    sandbox.write(
        "two.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n---\n{apiVersion: v1, kind: Secret, metadata: {name: b}}\n",
    );
    sandbox.write("kustomization.yaml", "resources: [two.yaml]\n");
    let namespace = sandbox.namespace.clone();
    let (a, b) = ("secret/a condition met\n", "secret/b condition met\n");
    let both = format!("{a}{b}");
    let this = format!("namespace/{namespace} condition met\n");
    let this_ns = format!("ns/{namespace}");
    for (args, stdout) in [
        (&["a", "--for=create"][..], a),
        (&["secret/a", "--for=Create"], a),
        (&["secret", "a", "b", "--for=create"], &both),
        (&["secret/b", &this_ns, "--for=create"], &format!("{b}{this}")),
        (&["secrets", "--all", "--for=create"], &both),
        (&["secret", "b", "--all", "--for=create"], b),
        (&["secret", "-l", "app=web", "--for", "jsonpath={.type}=Opaque"], a),
        (&["secret", "-l", "app=web", "--for", "create"], a),
        (&["secret", "-A", "-l", "app=web", "--for", "jsonpath={.type}=Opaque"], a),
        (&["secret", "--field-selector", "metadata.name=b", "--for", "jsonpath=.type='Opaque'"], b),
        (&["-f", "two.yaml", "--for=create"], &both),
        (&["-k", ".", "--for=create"], &both),
        (&["-f", "two.yaml", "-l", "app=web", "--for=jsonpath={.type}"], a),
        (&["secret/a", "--for=create", "--for=jsonpath={.metadata.labels.app}=web"], &format!("{a}{a}")),
        (&[&this_ns, "--for=jsonpath={.status.phase}=Active"], &this),
        (&["secret/a", "--for=jsonpath={.data}", "-o", "name"], "secret/a\n"),
        (&["secret/a", "secret/b", "--for=create", "-o", "jsonpath={.metadata.name},"], "a,b,"),
        (&["secret/none", "--for=delete"], ""),
        (&["secret", "-l", "app=none", "--for=delete"], ""),
    ] {
        // Once, and with time to wait: the outcome is the same.
        for timeout in ["--timeout=0", "--timeout=30s", "--timeout=-1s"] {
            let outcome = sandbox.run(&[&["wait", timeout], args].concat());
            assert_eq!(
                (outcome.exit, outcome.stdout.as_str(), outcome.stderr.as_str()),
                (0, stdout, ""),
                "{args:?} {timeout}"
            );
        }
    }
    let objects = sandbox.ok(&["wait", "secret", "a", "b", "--for=create", "-o", "yaml"]);
    assert!(objects.contains("\n---\n") && objects.matches("user: YWRtaW4=").count() == 2, "{objects}");
}

#[test]
fn what_does_not_come_fails_when_the_time_is_over() {
    let sandbox = sandbox();
    let met = "secret/a condition met\n";
    let over = "error: timed out waiting for the condition";
    let absent = "Error from server (NotFound): secrets \"none\" not found\n";
    let labelled = "--for=jsonpath={.metadata.labels.app}";
    for (args, stdout, in_time, at_once) in [
        (
            &["secret/b", labelled][..],
            "",
            "error: timed out waiting for the condition on secrets/b\n",
            "error: condition not met for secrets/b\n",
        ),
        (
            &["secret/b", "--for=condition=Ready"],
            "",
            "error: timed out waiting for the condition on secrets/b\n",
            "error: condition not met for secrets/b\n",
        ),
        (
            &["secret/b", "--for=delete"],
            "",
            "error: timed out waiting for the condition on secrets/b\n",
            "error: condition not met for secrets/b\n",
        ),
        (
            &["ns/default", "--for=delete"],
            "",
            "error: timed out waiting for the condition on namespaces/default\n",
            "error: condition not met for namespaces/default\n",
        ),
        (
            &["secret", "a", "b", labelled],
            met,
            "error: timed out waiting for the condition on secrets/b\n",
            "error: condition not met for secrets/b\n",
        ),
        (
            &["secret", "b", "a", labelled],
            met,
            "error: timed out waiting for the condition on secrets/b\n",
            "error: condition not met for secrets/b\n",
        ),
        (
            &["secret", "--all", "--for=delete"],
            "",
            "timed out waiting for the condition on secrets/a\ntimed out waiting for the condition on secrets/b\n",
            "condition not met for secrets/a\ncondition not met for secrets/b\n",
        ),
        (&["secret/none", "--for=create"], "", &format!("{over}\n"), &format!("{over}\n")),
        (&["secret", "a", "none", "b", "--for=create"], "", &format!("{over}\n"), &format!("{over}\n")),
        (&["secret", "none", "nor-this", "--for=create"], "", &format!("{over}\n"), &format!("{over}\n")),
        (
            &["secret", "-l", "app=none", "--for=create"],
            "",
            &format!("{over}\n"),
            "error: no matching resources found\n",
        ),
        (
            &["secret", "-l", "app=none", labelled],
            "",
            "error: no matching resources found\n",
            "error: no matching resources found\n",
        ),
        (&["secret/none", labelled], "", absent, absent),
        (&["secret", "none", "a", labelled], met, absent, absent),
    ] {
        for (timeout, stderr) in [("--timeout=300ms", in_time), ("--timeout=0", at_once)] {
            let outcome = sandbox.run(&[&["wait", timeout], args].concat());
            assert_eq!(
                (outcome.exit, outcome.stdout.as_str(), outcome.stderr.as_str()),
                (1, stdout, stderr),
                "{args:?} {timeout}"
            );
        }
    }
    assert_eq!(sandbox.ok(&["get", "secrets", "-o", "name"]), "secret/a\nsecret/b\n", "nothing is deleted");
}

/// A `wait` that has begun.
fn begun(sandbox: &Sandbox, args: &[&str]) -> Child {
    let mut command = sandbox.command(&[&["wait", "--timeout=60s"], args].concat());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
}

fn ended(child: Child) -> Outcome {
    let output = child.wait_with_output().expect("its end");
    Outcome {
        exit: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        bytes: output.stdout,
    }
}

#[test]
fn what_comes_later_is_seen() {
    let sandbox = sandbox();
    let create = begun(&sandbox, &["secret", "late", "later", "--for=create"]);
    let any = begun(&sandbox, &["secret", "-l", "when=late", "--for=create"]);
    let value = begun(&sandbox, &["secret/b", "--for=jsonpath={.data.token}=dA"]);
    let gone = begun(&sandbox, &["secret", "--all", "--for=delete", "--field-selector=metadata.name=a"]);
    // Each begins before or after its change; the outcome is the same.
    sandbox.ok(&["create", "generic", "later"]);
    sandbox.ok(&["create", "generic", "late"]);
    sandbox.ok(&["label", "secret", "late", "when=late"]);
    sandbox.ok(&["patch", "secret", "b", "--type=merge", "-p", r#"{"data":{"token":"eA=="}}"#]);
    let end = begun(&sandbox, &["secret/b", "--for=delete"]);
    sandbox.ok(&["patch", "secret", "b", "--type=merge", "-p", r#"{"metadata":{"labels":{"x":"y"}}}"#]);
    is(&ended(create), 0, "secret/late condition met\nsecret/later condition met\n", "");
    is(&ended(any), 0, "secret/late condition met\n", "");
    assert!(sandbox.run(&["wait", "secret/b", "--for=jsonpath={.data.token}=dA", "--timeout=0"]).exit == 1);
    let mut value = value;
    value.kill().expect("it goes on until now");
    assert_eq!(ended(value).stdout, "");
    let labelled = begun(&sandbox, &["secret/b", "--for=jsonpath={.metadata.labels.x}=z"]);
    sandbox.ok(&["label", "secret", "b", "x=z", "--overwrite"]);
    is(&ended(labelled), 0, "secret/b condition met\n", "");
    sandbox.ok(&["delete", "secret", "b"]);
    let outcome = ended(end);
    // kubectl says nothing of a name that is gone before it looks.
    assert!(outcome.exit == 0 && ["", "secret/b condition met\n"].contains(&outcome.stdout.as_str()), "{outcome:?}");
    sandbox.ok(&["delete", "secret", "a"]);
    let outcome = ended(gone);
    assert!(outcome.exit == 0 && ["", "secret/a condition met\n"].contains(&outcome.stdout.as_str()), "{outcome:?}");
}

#[test]
fn bad_words_are_errors_before_any_request() {
    let sandbox = Sandbox::bare();
    let server = Server::plain(|_| answer("500 Internal Server Error", "text/plain", "no request was due"));
    let url = format!("--server=http://{}", server.address);
    let format = "error: jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'";
    let path = "error: unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'";
    let value =
        "error: jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3";
    for (args, error) in [
        (&["secret/a"][..], "error: unrecognized condition: []"),
        (&[], "error: unrecognized condition: []"),
        (&["secret/a", "--for="], "error: unrecognized condition: \"\""),
        (&["secret/a", "--for=crate"], "error: unrecognized condition: \"crate\""),
        (&["secret/a", "--for=CONDITION=x"], "error: unrecognized condition: \"CONDITION=x\""),
        (&["secret/a", "--for=create", "--for=x"], "error: unrecognized condition: \"x\""),
        (&["pods/a", "--for=x"], "error: unrecognized condition: \"x\""),
        (&["secret/a", "--for=jsonpath="], "error: jsonpath expression cannot be empty"),
        (&["secret/a", "--for=jsonpath={}"], path),
        (&["secret/a", "--for=jsonpath={.x"], path),
        (&["secret/a", "--for=jsonpath={.a}{.b}"], path),
        (&["secret/a", "--for=jsonpath={.x[}"], "error: unterminated array"),
        (&["secret/a", "--for=jsonpath={.x}="], value),
        (&["secret/a", "--for=jsonpath={.x}=''"], value),
        (&["secret/a", "--for=jsonpath={.data.user}=YWRtaW4="], format),
        (&["--for=create"], "error: You must provide one or more resources by argument or filename."),
        (&["secret", "--for=create"], "error: resource(s) were provided, but no name was specified"),
        (&["secret/", "--for=create"], "error: arguments in resource/name form must have a single resource and name"),
        (&["secret/a/b", "--for=create"], "error: arguments in resource/name form may not have more than one slash"),
        (&["secret", "", "--for=create"], "error: resource name may not be empty"),
        (&["secret", "", "--for=delete"], "error: resource name may not be empty"),
        (&["secret", "a", "", "--for=jsonpath={.x}"], "error: resource name may not be empty"),
        (&["secret", "a%", "--for=create"], "error: invalid resource name \"a%\": [may not contain '%']"),
        (&["", "--for=create"], "error: the server doesn't have a resource type \"\""),
        (&["pods/a", "--for=create"], "error: ksecret handles Secrets and Namespaces, not \"pods\""),
        (&["pod", "a", "--for=delete"], "error: ksecret handles Secrets and Namespaces, not \"pod\""),
        (&["foo/bar", "--for=delete"], "error: the server doesn't have a resource type \"foo\""),
        (&["secret", "a", "-l", "x=y", "--for=delete"], "error: name cannot be provided when a selector is specified"),
        (&["secret", "a", "-A", "--for=delete"], "error: a resource cannot be retrieved by name across all namespaces"),
        (
            &["secret/a", "-f", "x", "--for=delete"],
            "error: resource/name arguments cannot be provided when a path is specified",
        ),
        (&["-f", "absent.yaml", "--for=create"], "error: the path \"absent.yaml\" does not exist"),
        (
            &["secret/a", "--for=create", "--timeout=5"],
            "error: invalid argument \"5\" for \"--timeout\" flag: time: missing unit in duration \"5\"",
        ),
        (&["secret/a", "--for=create", "--ignore-not-found"], "error: unknown flag: --ignore-not-found"),
    ] {
        let outcome = sandbox.run(&[&["wait", &url], args].concat());
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{args:?}: {}", outcome.stderr);
        assert_eq!(outcome.stderr.lines().next(), Some(error), "{args:?}");
    }
    let outcome = sandbox.run(&["wait", &url, "secret/a", "--for=x", "-o", "wide"]);
    assert!(outcome.stderr.starts_with("error: unable to match a printer suitable for the output format \"wide\""));
    assert_eq!(server.targets(), [""; 0]);
}

const NAMED: &str = "fieldSelector=metadata.name%3Ddb";
const SECRETS: &str = "/api/v1/namespaces/default/secrets";

fn secret(version: u32, labels: &str) -> String {
    format!(
        r#"{{"apiVersion":"v1","kind":"Secret","metadata":{{"name":"db","namespace":"default","uid":"u","resourceVersion":"{version}","labels":{{{labels}}}}}}}"#
    )
}

fn list(version: u32, items: &str) -> Reply {
    let body = format!(
        r#"{{"apiVersion":"v1","kind":"SecretList","metadata":{{"resourceVersion":"{version}"}},"items":[{items}]}}"#
    );
    answer("200 OK", "application/json", body)
}

fn failure(status: &str, reason: &str) -> Reply {
    let code = &status[..3];
    let body =
        format!(r#"{{"kind":"Status","status":"Failure","message":"{reason}","reason":"{reason}","code":{code}}}"#);
    answer(status, "application/json", body)
}

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n";

fn event(kind: &str, object: &str) -> String {
    format!("{{\"type\":\"{kind}\",\"object\":{object}}}\n")
}

/// A server of the Secret `db` that answers the reads of it, its lists and its watches in turn; after the last, the last
/// again.
fn server(
    get: impl Fn(usize) -> Reply + Send + Sync + 'static,
    list: impl Fn(usize) -> Reply + Send + Sync + 'static,
    watch: impl Fn(usize) -> Reply + Send + Sync + 'static,
) -> Server {
    let counts: Arc<[AtomicUsize; 3]> = Arc::default();
    Server::plain(move |request: &Request| {
        let next = |which: usize| counts[which].fetch_add(1, Ordering::SeqCst);
        let target = request.target();
        if target.contains("watch=true") {
            watch(next(2))
        } else if target.contains('?') {
            list(next(1))
        } else {
            get(next(0))
        }
    })
}

fn wait_on(server: &Server, args: &[&str]) -> Outcome {
    Sandbox::bare().run(&[&["wait", "secret/db", &format!("--server=http://{}", server.address)], args].concat())
}

/// What was asked, without what does not matter here.
fn asked(server: &Server) -> Vec<String> {
    let short = |target: String| {
        let target = target.replace(SECRETS, "").replace("GET ", "");
        assert!(!target.contains('?') || target.contains(NAMED), "only the one name is listed and watched: {target}");
        let version = target.split("resourceVersion=").nth(1).map(|rest| rest.split('&').next().unwrap_or_default());
        match (target.contains("watch=true"), version) {
            (true, Some(version)) => format!("watch {version}"),
            (true, None) => "watch".to_owned(),
            (false, _) if target.contains('?') => "list".to_owned(),
            (false, _) => target,
        }
    };
    server.targets().into_iter().map(short).collect()
}

#[test]
fn one_request_is_enough_for_what_is_there() {
    for (condition, exit) in [("create", 0), ("jsonpath={.metadata.name}=db", 0), ("delete", 1)] {
        let server = server(|_| answer("200 OK", "application/json", secret(5, "")), |_| list(9, ""), |_| list(9, ""));
        let timeout = if exit == 0 { "--timeout=30s" } else { "--timeout=0" };
        assert_eq!(wait_on(&server, &["--for", condition, timeout]).exit, exit);
        assert_eq!(asked(&server), ["/db"], "{condition}");
    }
}

#[test]
fn a_watch_that_is_cut_or_too_old_is_begun_anew() {
    let server = server(
        |_| failure("404 Not Found", "NotFound"),
        |count| list(10 + u32::try_from(count).expect("few"), ""),
        |count| match count {
            0 => Reply::Close(HEAD.into()),
            1 => failure("410 Gone", "Expired"),
            2 => {
                let status =
                    r#"{"kind":"Status","status":"Failure","message":"too old","reason":"Expired","code":410}"#;
                Reply::Close([HEAD, &event("ERROR", status)].concat().into())
            }
            // A part of an event, and no more.
            3 => Reply::Close([HEAD, &event("ADDED", &secret(20, ""))[..40]].concat().into()),
            _ => Reply::Hang([HEAD, &event("ADDED", &secret(20, ""))].concat().into()),
        },
    );
    // A negative time is a week.
    let outcome = wait_on(&server, &["--for=create", "-o", "name", "--timeout=-5s"]);
    assert_eq!(
        (outcome.exit, outcome.stdout.as_str(), outcome.stderr.as_str()),
        (1, "", "Error from server (NotFound): NotFound\n")
    );
    let asked = asked(&server);
    let rounds = ["watch 10", "list", "watch 11", "list", "watch 12", "list", "watch 13", "list", "watch 14"];
    assert_eq!(asked, [&["/db", "list"][..], &rounds, &["/db"]].concat(), "the last read is of what was created");
}

/// The events of a watch: only what meets the condition ends it. The time between them is not spent asking.
#[test]
fn a_watch_goes_on_until_the_condition_is_met() {
    let events = |last: String| {
        let changed = event("MODIFIED", &secret(11, "\"app\":\"no\""));
        let gone = event("DELETED", &secret(12, "\"app\":\"web\""));
        [HEAD.to_owned(), changed, gone, event("ADDED", &secret(13, "")), last].concat().into_bytes()
    };
    for (last, exit, stdout, stderr) in [
        (event("MODIFIED", &secret(14, "\"app\":\"web\"")), 0, "secret/db condition met\n", ""),
        (
            event("MODIFIED", &secret(14, "\"app\":{\"a\":\"bWFya2Vy\"}")),
            1,
            "",
            "error: jsonpath leads to a nested object or list which is not supported\n",
        ),
        (String::new(), 1, "", "error: timed out waiting for the condition on secrets/db\n"),
    ] {
        let sent = events(last.clone());
        let server = server(
            |_| answer("200 OK", "application/json", secret(5, "")),
            |_| list(10, &secret(5, "")),
            move |_| Reply::Hang(sent.clone()),
        );
        let outcome = wait_on(&server, &["--for=jsonpath={.metadata.labels.app}=web", "--timeout=2s"]);
        is(&outcome, exit, stdout, stderr);
        // From the version of the list: that of an old object is no longer in the server's window.
        assert_eq!(asked(&server), ["/db", "list", "watch 10"], "{last}");
    }
}

/// As on a cluster whose watch cache no longer has the version of an object that has not changed for days.
#[test]
fn an_old_object_is_watched_from_now() {
    for args in [&["wait", "secret/db", "--for=delete"][..], &["delete", "secret", "db"]] {
        let old = server(
            |_| answer("200 OK", "application/json", secret(5, "")),
            |_| list(900, &secret(5, "")),
            |_| Reply::Hang([HEAD, &event("DELETED", &secret(901, ""))].concat().into()),
        );
        let url = format!("--server=http://{}", old.address);
        let outcome = Sandbox::bare().run(&[args, &[&url]].concat());
        assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""), "{args:?}");
        assert_eq!(asked(&old).last().map(String::as_str), Some("watch 900"), "{args:?}");
    }
}

#[test]
fn another_object_of_the_name_means_that_the_first_is_gone() {
    let other = secret(20, "").replace("\"uid\":\"u\"", "\"uid\":\"another\"");
    let server = server(
        |_| answer("200 OK", "application/json", secret(5, "")),
        move |count| list(10, if count == 0 { "" } else { &other }),
        |_| Reply::Close(HEAD.into()),
    );
    is(&wait_on(&server, &["--for=delete"]), 0, "secret/db condition met\n", "");
}

#[test]
fn a_watch_that_is_not_allowed_is_said_and_done_without() {
    let notice =
        "warning: secrets cannot be watched, which needs the verbs get, list and watch: asking once a second instead\n";
    let reads = |count: usize| {
        let labels = if count < 3 { "" } else { "\"app\":\"web\"" };
        answer("200 OK", "application/json", secret(5, labels))
    };
    let begun = Instant::now();
    let lists = server(reads, |_| failure("403 Forbidden", "Forbidden"), |_| failure("403 Forbidden", "Forbidden"));
    is(&wait_on(&lists, &["--for=jsonpath={.metadata.labels.app}"]), 0, "secret/db condition met\n", notice);
    assert_eq!(asked(&lists), ["/db", "list", "/db", "list", "/db", "list", "/db"]);
    assert!(begun.elapsed() >= Duration::from_secs(2), "a second between two of them: {:?}", begun.elapsed());
    let watches = server(
        reads,
        |count| list(10, &secret(5, if count < 2 { "" } else { "\"app\":\"web\"" })),
        |_| failure("403 Forbidden", "Forbidden"),
    );
    is(&wait_on(&watches, &["--for=jsonpath={.metadata.labels.app}"]), 0, "secret/db condition met\n", notice);
    assert_eq!(asked(&watches), ["/db", "list", "watch 10", "list", "watch 10", "list"]);
    let nothing = server(|_| failure("403 Forbidden", "Forbidden"), |_| list(1, ""), |_| list(1, ""));
    is(&wait_on(&nothing, &["--for=create"]), 1, "", "Error from server (Forbidden): Forbidden\n");
}

/// A server that fails every watch is not asked for ever, nor without a pause; one that never answers is left in time.
#[test]
fn a_broken_server_ends_the_wait() {
    let broken = server(
        |_| failure("404 Not Found", "NotFound"),
        |_| list(10, ""),
        |_| Reply::Close([HEAD, "nonsense\n"].concat().into()),
    );
    let outcome = wait_on(&broken, &["--for=create", "--timeout=60s"]);
    assert_eq!(
        (outcome.exit, outcome.stdout.as_str(), outcome.stderr.lines().count()),
        (1, "", 1),
        "{}",
        outcome.stderr
    );
    assert_eq!(asked(&broken).iter().filter(|target| target.starts_with("watch")).count(), 5);
    let silent = server(|_| failure("404 Not Found", "NotFound"), |_| Reply::Hang(Vec::new()), |_| list(1, ""));
    is(&wait_on(&silent, &["--for=create", "--timeout=500ms"]), 1, "", "error: timed out waiting for the condition\n");
}

#[test]
fn ctrl_c_ends_it() {
    let sandbox = Sandbox::bare();
    let server = server(|_| failure("404 Not Found", "NotFound"), |_| list(10, ""), |_| Reply::Hang(HEAD.into()));
    let url = format!("--server=http://{}", server.address);
    let child = begun(&sandbox, &["secret/db", "--for=create", &url]);
    within_moments("it watches", || server.targets().iter().any(|target| target.contains("watch=true")));
    send(&sandbox, "INT", child.id());
    let output = child.wait_with_output().expect("its end");
    // A shell calls that 130.
    assert_eq!((output.status.signal(), &*output.stdout, &*output.stderr), (Some(2), &b""[..], &b""[..]));
}
