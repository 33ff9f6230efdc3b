//! `copy` and `compare`: what belongs to a Secret goes over, and no value is shown.

use super::support::Sandbox;

const SECRET: &str = r#"{"apiVersion":"v1","kind":"Secret","type":"example.com/x","immutable":true,
"metadata":{"name":"db","labels":{"app":"web","argocd.argoproj.io/instance":"shop"},
"annotations":{"own":"1","kubectl.kubernetes.io/last-applied-configuration":"{}","meta.helm.sh/release-name":"web"},
"ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"p","uid":"u"}]},
"stringData":{"user":"admin","password":"hunter2"}}"#;

fn with_secret() -> Sandbox {
    let sandbox = Sandbox::with_server();
    let outcome = sandbox.run_with(&["create", "-f", "-"], SECRET.as_bytes());
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    sandbox
}

#[test]
fn only_what_belongs_to_a_secret_goes_over() {
    let sandbox = with_secret();
    let read = |name: &str, path: &str| sandbox.ok(&["get", "secret", name, "-o", &format!("jsonpath={path}")]);
    assert_eq!(sandbox.ok(&["copy", "db", "--to-name=plain"]), "secret/plain created\n");
    assert_eq!(read("plain", "{.type} {.immutable}"), "example.com/x true");
    assert_eq!(read("plain", "{.metadata.labels}{.metadata.annotations}{.metadata.ownerReferences}"), "");
    assert_eq!(sandbox.ok(&["decode", "plain"]), "password: hunter2\nuser: admin\n");
    let all = ["copy", "secret/db:user", "--to-name=some", "--with-labels", "--with-annotations"];
    assert_eq!(sandbox.ok(&all), "secret/some created\n");
    assert_eq!(read("some", "{.metadata.labels}{.metadata.annotations}"), r#"{"app":"web"}{"own":"1"}"#);
    assert_eq!(sandbox.ok(&["decode", "some"]), "user: admin\n");
    assert_eq!(sandbox.ok(&["copy", "db", "--to-name=x", "--dry-run=server"]), "secret/x created (server dry run)\n");
    assert_eq!(sandbox.ok(&["copy", "db", "--to-name=x", "--dry-run=client"]), "secret/x created (dry run)\n");
    assert_eq!(sandbox.run(&["get", "secret", "x"]).exit, 1);
}

#[test]
fn namespaces_are_named_or_selected() {
    let mut sandbox = with_secret();
    let home = sandbox.ok(&["config", "view", "--minify", "-o", "jsonpath={..namespace}"]);
    let (one, two) = (sandbox.another_namespace(), sandbox.another_namespace());
    sandbox.ok(&["label", "namespace", &one, &two, &home, &format!("team={one}")]);
    let copy = |words: &[&str]| sandbox.run(&[&["copy", "db"], words].concat());
    let named = copy(&["--to-namespace", &one]);
    assert_eq!(named.stdout, "secret/db created\n", "{}", named.stderr);
    let selected = ["--to-namespaces", "-l", &format!("team={one}")];
    let outcome = copy(&selected);
    assert_eq!((outcome.exit, outcome.stdout), (1, format!("secret/db created in namespace {two}\n")));
    assert_eq!(
        outcome.stderr,
        format!("error: namespace {one}: failed to create secret secrets \"db\" already exists\n")
    );
    let outcome = copy(&[&selected[..], &["--if-exists=skip"]].concat());
    let mut lines: Vec<String> = [&one, &two].map(|name| format!("secret/db unchanged in namespace {name}\n")).to_vec();
    lines.sort();
    assert_eq!(outcome.stdout, lines.concat());
    // Another context, with its own namespace; that of the source is meant where none is named.
    let name = |path: &str| sandbox.ok(&["config", "view", "--minify", "-o", &format!("jsonpath={path}")]);
    let (cluster, user) = (name("{.contexts[0].context.cluster}"), name("{.contexts[0].context.user}"));
    let flags = [format!("--cluster={cluster}"), format!("--user={user}"), format!("--namespace={one}")];
    sandbox.ok(&["config", "set-context", "other", &flags[0], &flags[1], &flags[2]]);
    let outcome = copy(&["--to-context=other", "--to-name=elsewhere"]);
    assert_eq!(outcome.stdout, "secret/elsewhere created\n", "{}", outcome.stderr);
    assert_eq!(sandbox.ok(&["compare", "db", "elsewhere", "--to-context=other"]), "password  equal\nuser      equal\n");
}

/// Another context may lead to the same Secret: what does not go over would be lost.
#[test]
fn nothing_is_copied_onto_itself_by_another_context() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "db", "--from-literal=user=u", "--from-literal=password=p", "--label=a=b"]);
    let name = |path: &str| sandbox.ok(&["config", "view", "--minify", "-o", &format!("jsonpath={path}")]);
    let (cluster, user) = (name("{.contexts[0].context.cluster}"), name("{.contexts[0].context.user}"));
    sandbox.ok(&["config", "set-context", "same", &format!("--cluster={cluster}"), &format!("--user={user}")]);
    for what in ["update", "replace"] {
        let outcome = sandbox.run(&["copy", "db:user", "--to-context=same", "--if-exists", what]);
        assert_eq!(
            (outcome.exit, outcome.stderr.as_str()),
            (1, "error: secret/db would be copied onto itself\n"),
            "{what}"
        );
    }
    assert_eq!(sandbox.ok(&["decode", "db"]), "password: p\nuser: u\n");
    assert_eq!(sandbox.ok(&["get", "secret", "db", "-o", "jsonpath={.metadata.labels}"]), r#"{"a":"b"}"#);
}

#[test]
fn what_is_missing_or_kept_is_refused_and_nothing_is_written() {
    let sandbox = with_secret();
    sandbox.ok(&["create", "generic", "kept", "--annotation=meta.helm.sh/release-name=web"]);
    sandbox.ok(&["create", "service-account-token", "token", "--service-account=x"]);
    let home = sandbox.ok(&["config", "view", "--minify", "-o", "jsonpath={..namespace}"]);
    for (words, says) in [
        (&[][..], "error: the NAME of one Secret is required, got 0".to_owned()),
        (&["db", "x", "--to-name=y"], "error: the NAME of one Secret is required, got 2".to_owned()),
        (&["", "--to-name=y"], "error: resource name may not be empty".to_owned()),
        (&["pod/x", "--to-name=y"], "error: ksecret handles Secrets and Namespaces, not \"pod\"".to_owned()),
        (&["db"], "error: where to? --to-namespace, --to-namespaces, --to-context or --to-name is required".to_owned()),
        (&["db", "--to-name="], "error: resource name may not be empty".to_owned()),
        (&["db", "--to-namespace="], "error: --to-namespace names no namespace".to_owned()),
        (&["db", "--to-context="], "error: --to-context names no context".to_owned()),
        (&["db", "--to-namespaces"], "error: --to-namespaces wants a selector, -l, which is not empty".to_owned()),
        (
            &["db", "--to-namespaces", "-l", ""],
            "error: --to-namespaces wants a selector, -l, which is not empty".to_owned(),
        ),
        (&["db", "--to-name=x", "-l", "a=b"], "error: -l selects the namespaces of --to-namespaces".to_owned()),
        (&["db", "--to-namespaces", "-l", "none=x"], "error: no namespace to copy to has the labels none=x".to_owned()),
        (&["db", "--to-name=db"], format!("error: secret/db in {home} would be copied onto itself")),
        (&["db:nope", "--to-name=x"], "error: secret/db has no key nope".to_owned()),
        (&["nope", "--to-name=x"], "Error from server (NotFound): secrets \"nope\" not found".to_owned()),
        (
            &["db", "--to-name=x", "--if-exists=maybe"],
            "error: --if-exists is one of fail, skip, update, replace, not \"maybe\"".to_owned(),
        ),
        (
            &["token", "--to-name=x"],
            "error: secret/token holds the token of a service account, which is of its namespace".to_owned(),
        ),
        (
            &["db", "--to-name=kept", "--if-exists=replace"],
            "error: secret \"kept\" exists and is kept by the Helm release web, which would put it back".to_owned(),
        ),
    ] {
        let outcome = sandbox.run(&[&["copy"], words].concat());
        assert_eq!((outcome.exit, outcome.stderr.lines().next()), (1, Some(says.as_str())), "{words:?}");
        assert!(!outcome.stderr.contains("hunter2"), "{}", outcome.stderr);
    }
    assert_eq!(sandbox.ok(&["get", "secrets", "-o", "name"]), "secret/db\nsecret/kept\nsecret/token\n");
    sandbox.ok(&["create", "generic", "own", "--annotation=meta.helm.sh/release-name=web", "--type=example.com/x"]);
    let over = ["copy", "db", "--to-name=own", "--if-exists=replace", "--override-manager"];
    assert_eq!(sandbox.ok(&over), "secret/own replaced\n");
}

#[test]
fn two_secrets_are_compared_without_a_value() {
    let sandbox = Sandbox::with_server();
    let create = |name: &str, flags: &[&str]| sandbox.ok(&[&["create", "generic", name], flags].concat());
    create("a", &["--from-literal=k=hunter2", "--from-literal=same=1", "--from-literal=mine=1"]);
    create(
        "b",
        &["--from-literal=k=hunter3", "--from-literal=same=1", "--from-literal=yours=1", "--type=example.com/x"],
    );
    let outcome = sandbox.run(&["compare", "a", "secret/b"]);
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (1, ""));
    assert_eq!(
        outcome.stdout,
        "type: Opaque in the first, example.com/x in the second\nk      different\nmine   only in a\nsame   equal\nyours  only in b\n"
    );
    assert_eq!(sandbox.ok(&["compare", "a", "a"]), "k     equal\nmine  equal\nsame  equal\n");
    for (words, says) in [
        (&[][..], "error: the NAMES of two Secrets are required, got 0\n"),
        (&["a"], "error: the NAME of another Secret is required, or --to-namespace or --to-context\n"),
        (&["a", ""], "error: resource name may not be empty\n"),
        (&["a", "nope"], "Error from server (NotFound): secrets \"nope\" not found\n"),
        (&["a", "--to-namespace="], "error: an empty namespace may not be set when a resource name is provided\n"),
    ] {
        let outcome = sandbox.run(&[&["compare"], words].concat());
        assert_eq!((outcome.exit, outcome.stderr.as_str(), outcome.stdout.as_str()), (2, says, ""), "{words:?}");
    }
}
