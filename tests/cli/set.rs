//! `set`, `unset` and `rename-key`: one Secret, one request, and no write of another process lost.

use std::process::{Child, Stdio};

use ring::digest::{SHA256, digest};

use super::support::Sandbox;

fn hex(value: &str) -> String {
    digest(&SHA256, value.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn keys_are_set_from_every_source_and_others_stay() {
    let mut sandbox = Sandbox::with_server();
    sandbox.write("file", "from a file\n");
    sandbox.set_env("TOKEN", "from a variable");
    assert_eq!(sandbox.ok(&["set", "s", "a=1", "--create"]), "secret/s created\n");
    assert_eq!(sandbox.ok(&["set", "s", "a=1"]), "secret/s unchanged\n");
    let line = [
        "set",
        "secret/s",
        "b=2=3",
        "c=@file",
        "d=-",
        "--from-env=e=TOKEN",
        "--from-literal=f=@x",
        "--from-literal=g=",
    ];
    let outcome = sandbox.run_with(&line, b"from a pipe");
    assert_eq!(outcome.stdout, "secret/s configured\n", "{}", outcome.stderr);
    assert_eq!(
        sandbox.ok(&["decode", "s"]),
        "a: '1'\nb: 2=3\nc: |\n  from a file\nd: from a pipe\ne: from a variable\nf: '@x'\ng: ''\n"
    );
    sandbox.ok(&["set", "secret", "s", "a=2", "--generate=h=hex:3", "--dry-run=client"]);
    assert_eq!(sandbox.ok(&["set", "s", "a=2", "--dry-run=server"]), "secret/s configured (server dry run)\n");
    assert_eq!(sandbox.ok(&["decode", "s", "a"]), "1");
    sandbox.ok(&["set", "s", "--generate=h=hex:3"]);
    let made = sandbox.ok(&["decode", "s", "h"]);
    assert_eq!(made.len(), 6);
    sandbox.ok(&["set", "s", "--generate=h=hex:3"]);
    assert_ne!(sandbox.ok(&["decode", "s", "h"]), made, "it is asked for a new one");
    assert_eq!(sandbox.ok(&["unset", "s", "b", "c", "d", "e", "f", "g", "h"]), "secret/s configured\n");
    assert_eq!(sandbox.ok(&["rename-key", "s", "a", "z"]), "secret/s configured\n");
    assert_eq!(sandbox.ok(&["decode", "s"]), "z: '1'\n");
    let manager = sandbox.ok(&["get", "secret", "s", "-o", "jsonpath={.metadata.managedFields[-1:].manager}"]);
    assert_eq!(manager, "kubectl-set");
}

#[test]
fn what_is_missing_or_empty_is_refused_and_nothing_is_written() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "s", "--from-literal=a=hunter2", "--from-literal=b=x"]);
    sandbox.ok(&["create", "generic", "fixed", "--from-literal=a=1", "--immutable"]);
    for (line, says) in [
        (&["set"][..], "error: the NAME of a Secret is required"),
        (&["set", "a=b"], "error: the NAME of a Secret is required"),
        (&["set", "", "a=b"], "error: the server doesn't have a resource type \"\""),
        (&["set", "s"], "error: at least one KEY=VALUE is required"),
        (&["set", "s", "a="], "error: a= has no value"),
        (&["set", "s", "a=@"], "error: a=@ names no file"),
        (&["set", "s", "=hunter2"], "error: one KEY=VALUE has no key"),
        (&["set", "s", "a=b", "hunter2"], "error: all names come before the first KEY=VALUE"),
        (&["set", "s", "a=b", "a=c"], "error: cannot add key a, another key by that name already exists"),
        (&["set", "s", "a=b", "--generate=a=uuid"], "error: cannot add key a, another key by that name already exists"),
        (&["set", "s", "a=-", "b=-"], "error: standard input can be read once, and more than one key takes it"),
        (&["set", "s", "a=-"], "error: standard input is empty, and is to be the value of \"a\""),
        (&["set", "s", "t", "a=b"], "error: the server doesn't have a resource type \"s\""),
        (&["set", "secret/s", "secret/t", "a=b"], "error: the NAME of one Secret is required"),
        (&["set", "secrets", "a=b"], "error: resource(s) were provided, but no name was specified"),
        (&["set", "namespace/default", "a=b"], "error: default is no Secret"),
        (&["set", "deployment/web", "a=b"], "error: ksecret handles Secrets and Namespaces, not \"deployment\""),
        (&["set", "image", "deployment/web", "c=i"], "error: kubectl's set image changes other kinds than Secrets"),
        (&["set", "nope", "a=b"], "Error from server (NotFound): secrets \"nope\" not found"),
        (
            &["set", "nope", "a=b", "--create", "--if-version=1"],
            "Error from server (NotFound): secrets \"nope\" not found",
        ),
        (&["set", "fixed", "a=2"], "error: secret \"fixed\" is immutable: its values cannot be changed"),
        (&["set", "s", "a=b", "--if-version="], "error: --if-version wants a resourceVersion"),
        (
            &["set", "s", "a=b", "--if-value-digest=a=hunter2"],
            "error: --if-value-digest wants KEY=DIGEST, the SHA-256 of the value in 64 hexadecimal digits",
        ),
        (&["unset", "s"], "error: at least one KEY is required, and none is empty"),
        (&["unset", "s", ""], "error: at least one KEY is required, and none is empty"),
        (&["unset", "s", "a", "nope"], "error: secret \"s\" has no key \"nope\""),
        (&["unset"], "error: at least one KEY is required, and none is empty"),
        (&["rename-key", "s", "a"], "error: NAME, KEY and its new name are required"),
        (&["rename-key", "s", "a", "a"], "error: both names of the key are the same"),
        (&["rename-key", "s", "a", "b"], "error: secret \"s\" has a key \"b\" already"),
        (&["rename-key", "s", "nope", "c"], "error: secret \"s\" has no key \"nope\""),
    ] {
        let outcome = sandbox.run(line);
        assert_eq!((outcome.exit, outcome.stderr.lines().next().unwrap_or_default()), (1, says), "{line:?}");
        assert!(!outcome.stderr.contains("hunter2"), "{}", outcome.stderr);
    }
    assert_eq!(sandbox.ok(&["decode", "s"]), "a: hunter2\nb: x\n");
    assert_eq!(sandbox.ok(&["get", "secrets", "-o", "name"]), "secret/fixed\nsecret/s\n");
}

#[test]
fn a_precondition_that_does_not_hold_is_status_four() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "s", "--from-literal=a=1"]);
    let version = || sandbox.ok(&["get", "secret", "s", "-o", "jsonpath={.metadata.resourceVersion}"]);
    let before = version();
    let at = format!("--if-version={before}");
    assert_eq!(sandbox.ok(&["set", "s", "a=2", &at]), "secret/s configured\n");
    let outcome = sandbox.run(&["set", "s", "a=3", &at]);
    let says = format!("error: secret \"s\": its version is {}, not {before}\n", version());
    assert_eq!((outcome.exit, outcome.stderr), (4, says));
    let held = format!("--if-value-digest=a={}", hex("2"));
    for verb in [&["set", "s", "a=4"][..], &["unset", "s", "a"], &["rename-key", "s", "a", "b"]] {
        let other = format!("--if-value-digest=a={}", hex("9"));
        let outcome = sandbox.run(&[verb, &[other.as_str()]].concat());
        assert_eq!(
            (outcome.exit, outcome.stderr.as_str()),
            (4, "error: secret \"s\": a has not the value of that digest\n")
        );
    }
    sandbox.ok(&["rename-key", "s", "a", "b", &held]);
    assert_eq!(sandbox.ok(&["decode", "s"]), "b: '2'\n");
}

fn started(sandbox: &Sandbox, line: &[&str]) -> Child {
    let mut command = sandbox.command(line);
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts")
}

/// Writers of different keys do not disturb each other, and of writers of one key each is either in force for a moment or told
/// that it was not.
#[test]
fn many_at_once_lose_no_key_and_overwrite_none_unseen() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "s"]);
    let all: Vec<Child> = (0..4).map(|at| started(&sandbox, &["set", "s", &format!("k{at}=v")])).collect();
    for child in all {
        let output = child.wait_with_output().expect("its end");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(sandbox.ok(&["decode", "s"]), "k0: v\nk1: v\nk2: v\nk3: v\n");

    let held = format!("--if-value-digest=k0={}", hex("v"));
    let all: Vec<Child> = (0..12).map(|at| started(&sandbox, &["set", "s", &format!("k0=w{at}"), &held])).collect();
    let outcomes: Vec<_> = all.into_iter().map(|child| child.wait_with_output().expect("its end")).collect();
    let won = outcomes.iter().filter(|output| output.status.success()).count();
    let lost = outcomes.iter().filter(|output| output.status.code() == Some(4)).count();
    assert_eq!((won, lost), (1, 11));
}

#[test]
fn what_keeps_a_secret_is_named() {
    let mut sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "s", "--annotation=meta.helm.sh/release-name=web"]);
    let warning =
        "warning: secret/s is kept by the Helm release web, which may put it back: change the values of the release\n";
    sandbox.set_env("EDITOR", "sed -i s/Opaque/Opaque/");
    for line in
        [&["set", "s", "a=1"][..], &["patch", "secret", "s", "-p", "{\"data\":{\"b\":\"eA==\"}}"], &["edit", "s"]]
    {
        let outcome = sandbox.run(line);
        assert_eq!(
            (outcome.exit, outcome.stderr.replace("Edit cancelled, no changes made.\n", "")),
            (0, warning.to_owned())
        );
    }
}

#[test]
fn a_key_and_a_change_are_waited_for() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "s", "--from-literal=a=1"]);
    let wait = |condition: &str| {
        let mut command = sandbox.command(&["wait", "secret/s", "--for", condition, "--timeout=1m"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
    };
    let met = "secret/s condition met\n";
    assert_eq!(sandbox.ok(&["wait", "secret/s", "--for=key=a", "--timeout=0"]), met);
    assert_eq!(sandbox.run(&["wait", "secret/s", "--for=key=b", "--timeout=0"]).exit, 1);
    assert_eq!(sandbox.run(&["wait", "secret/s", "--for=changed", "--timeout=0"]).exit, 1);
    for condition in ["key=", "changed="] {
        let outcome = sandbox.run(&["wait", "secret/s", "--for", condition]);
        assert_eq!(outcome.stderr, format!("error: --for={condition} wants a value behind the =\n"));
    }
    let version = sandbox.ok(&["get", "secret", "s", "-o", "jsonpath={.metadata.resourceVersion}"]);
    let for_key = wait("key=b");
    let changed = wait(&format!("changed={version}"));
    sandbox.ok(&["set", "s", "b=2"]);
    for child in [for_key, changed] {
        let output = child.wait_with_output().expect("its end");
        assert_eq!(String::from_utf8_lossy(&output.stdout), met);
    }
    assert_eq!(sandbox.ok(&["wait", "secret/s", &format!("--for=changed={version}"), "--timeout=0"]), met);
}
