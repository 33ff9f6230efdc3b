//! Whose word is it: what stands after a verb is nothing, a kind and names, or the name of one Secret. A kind of
//! Kubernetes is never read as a name.

use super::support::{
    Sandbox,
    recorder::{Recorder, status},
};

/// Secrets that are called like kinds, and like things that share their names.
const SECRETS: [&str; 9] = ["web", "app", "deploy", "cm", "pods", "ingress", "svc", "all", "deployments.apps"];

/// Every verb that names objects, with what it needs beside the words.
const VERBS: [(&str, &[&str]); 9] = [
    ("get", &["-o", "name"]),
    ("get", &["--ignore-not-found"]),
    ("describe", &[]),
    ("delete", &["--wait=false", "--ignore-not-found"]),
    ("edit", &[]),
    ("patch", &["-p", "{\"stringData\":{\"x\":\"changed\"}}"]),
    ("label", &["z=1", "--overwrite"]),
    ("annotate", &["z=1", "--overwrite"]),
    ("wait", &["--for=jsonpath={.type}", "--timeout=0"]),
];

/// Words that name kinds which are not handled here, and the one that the error names.
const OTHER_KINDS: [(&[&str], &str); 22] = [
    (&["deploy"], "deploy"),
    (&["cm"], "cm"),
    (&["pods"], "pods"),
    (&["ingress"], "ingress"),
    (&["all"], "all"),
    (&["Deployment"], "Deployment"),
    (&["deployments.apps"], "deployments.apps"),
    (&["deployments.v1.apps"], "deployments.v1.apps"),
    (&["pods."], "pods."),
    (&["deployment", "web"], "deployment"),
    (&["deploy", "web", "app"], "deploy"),
    (&["configmaps", "app"], "configmaps"),
    (&["deployments.apps", "web"], "deployments.apps"),
    (&["po", "web"], "po"),
    (&["deployment/web"], "deployment"),
    (&["secret/web", "deploy/app"], "deploy"),
    (&["secret,configmap"], "configmap"),
    (&["secret,configmap", "web"], "configmap"),
    (&["configmap,secret", "web"], "configmap"),
    (&["svc,ingress", "web"], "svc"),
    (&["web,pods"], "web"),
    (&["all", "web"], "all"),
];

/// First words that are no kind at all, and what kubectl calls them.
const UNKNOWN: [(&[&str], &str); 9] = [
    (&["web", "app"], "web"),
    (&["web", "app", "cm"], "web"),
    (&["secretz", "web"], "secretz"),
    (&["secretz/web"], "secretz"),
    (&["secretz.example.com", "web"], "secretz"),
    (&[""], ""),
    (&["", "web"], ""),
    (&["NS", "default"], "NS"),
    (&["SealedSecret"], "SealedSecret"),
];

fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::with_server();
    for name in SECRETS {
        sandbox.ok(&["create", "generic", name, "--from-literal=x=kept"]);
    }
    let editor = sandbox.script("editor", "#!/bin/sh\nsed -i 's/x: .*/x: Y2hhbmdlZA==/' \"$1\"\n");
    sandbox.set_env("KUBE_EDITOR", editor);
    sandbox
}

fn state(sandbox: &Sandbox) -> String {
    sandbox.ok(&["get", "secrets", "-o", "yaml", "--show-managed-fields"])
}

#[test]
fn a_kind_that_is_not_handled_is_refused_by_every_verb() {
    let sandbox = sandbox();
    let before = state(&sandbox);
    let refused = |line: Vec<&str>, error: &str| {
        let outcome = sandbox.run(&line);
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{line:?}: {}", outcome.stderr);
        let mut lines = outcome.stderr.lines();
        assert_eq!(lines.next(), Some(error), "{line:?}");
        assert!(lines.all(|line| line.starts_with("hint: ")), "{line:?}: {}", outcome.stderr);
    };
    for (verb, more) in VERBS {
        for (words, kind) in OTHER_KINDS {
            let error = match kind {
                // The first part of a list of kinds, and no kind.
                "web" => "error: the server doesn't have a resource type \"web\"".to_owned(),
                kind => format!("error: ksecret handles Secrets and Namespaces, not {kind:?}"),
            };
            refused([&[verb], words, more].concat(), &error);
        }
        for (words, kind) in UNKNOWN {
            let error = format!("error: the server doesn't have a resource type {kind:?}");
            refused([&[verb], words, more].concat(), &error);
        }
        refused([&[verb, "web", "secret/app"], more].concat(), MIXED);
        refused([&[verb, "secret", "secret/app"], more].concat(), MIXED);
    }
    // `decode NAME KEY` has a grammar of its own, but the same first word.
    for (words, kind) in OTHER_KINDS.iter().filter(|(words, _)| words.len() < 3 && !words[0].contains(',')) {
        let error = format!("error: ksecret handles Secrets and Namespaces, not {kind:?}");
        refused([&["decode"], *words].concat(), &error);
    }
    assert_eq!(state(&sandbox), before, "nothing is changed");
}

const MIXED: &str = "error: there is no need to specify a resource type as a separate argument when passing arguments in \
    resource/name form (e.g. 'ksecret get resource/<resource_name>' instead of 'ksecret get resource \
    resource/<resource_name>'";

#[test]
fn the_hint_is_how_a_secret_of_that_name_is_named() {
    let sandbox = sandbox();
    for (line, hint) in [
        (&["delete", "deploy"][..], "secret/deploy"),
        (&["delete", "web", "app"], "secret/web"),
        (&["delete", "deployment", "web"], "secret/web"),
        (&["delete", "secret,deploy"], "secret/deploy"),
    ] {
        let text = sandbox.run(line).stderr;
        let hint = format!("hint: a Secret is named with its kind: {hint}\n");
        assert!(text.ends_with(&hint), "{line:?}: {text}");
        let name = hint.trim_end().rsplit(' ').next().unwrap_or_default();
        assert_eq!(sandbox.ok(&["get", name, "-o", "name"]), format!("{name}\n"));
    }
}

#[test]
fn every_form_of_our_kinds_is_taken_by_every_verb() {
    let sandbox = sandbox();
    let forms: [&[&str]; 16] = [
        &["web"],
        &["secret", "web"],
        &["secrets", "web"],
        &["Secret", "web"],
        &["secret.", "web"],
        &["secret.v1", "web"],
        &["secrets.v1.", "web"],
        &["secret,secret", "web"],
        &["secret/web"],
        &["secret/web", "secrets/app"],
        &["secret", "web", "app"],
        &["secret/deploy"],
        &["secret", "deploy"],
        &["secret/deployments.apps"],
        &["secret", "all", "cm", "pods"],
        &["secrets", "ingress"],
    ];
    for form in forms {
        let names: Vec<&str> = match form {
            [one] => vec![one.trim_start_matches("secret/")],
            [first, ..] if first.contains('/') => vec!["web", "app"],
            [_, names @ ..] => names.to_vec(),
            [] => Vec::new(),
        };
        let lines = |suffix: &str| names.iter().map(|name| format!("secret/{name}{suffix}\n")).collect::<String>();
        let ok = |verb: &str, more: &[&str]| sandbox.ok(&[&[verb], form, more].concat());
        assert_eq!(ok("get", &["-o", "name"]), lines(""), "{form:?}");
        assert_eq!(ok("label", &["z=1", "--overwrite", "--dry-run=client"]), lines(" labeled (dry run)"), "{form:?}");
        assert_eq!(ok("annotate", &["z=1", "--dry-run=client"]), lines(" annotated (dry run)"), "{form:?}");
        assert_eq!(ok("patch", &["-p", "{}", "--dry-run=client"]), lines(" patched (no change)"), "{form:?}");
        assert_eq!(ok("describe", &[]).matches("Name: ").count(), names.len(), "{form:?}");
        assert_eq!(ok("wait", &["--for=create", "--timeout=0"]), lines(" condition met"), "{form:?}");
        let deleted: Vec<String> = ok("delete", &["--dry-run=server"]).lines().map(str::to_owned).collect();
        assert_eq!(deleted.len(), names.len(), "{form:?}: {deleted:?}");
        let edited = sandbox.ok(&[&["edit"], form, &["--dry-run=server"]].concat());
        assert_eq!(edited, lines(" edited (server dry run)"), "{form:?}");
        if names.len() == 1 {
            assert_eq!(sandbox.ok(&[&["decode"], form, &["-o", "raw"]].concat()), "kept", "{form:?}");
            assert_eq!(sandbox.ok(&[&["decode"], form, &["x"]].concat()), "kept", "{form:?}");
        }
    }
    let all: String = {
        let mut names = SECRETS.to_vec();
        names.sort_unstable();
        names.iter().map(|name| format!("secret/{name}\n")).collect()
    };
    for kinds in ["secret", "secrets", "secrets.", "secret,secrets", "secrets,secret,secrets.v1."] {
        assert_eq!(sandbox.ok(&["get", kinds, "-o", "name"]), all, "{kinds}");
        assert_eq!(sandbox.ok(&["label", kinds, "--all", "q=1", "--dry-run=client"]).lines().count(), SECRETS.len());
    }
    let both = sandbox.ok(&["get", "secret,ns", "-o", "name"]);
    assert!(both.starts_with(&all) && both.contains("namespace/default\n"), "{both}");
    let tables = sandbox.ok(&["get", "ns,secret"]);
    assert!(
        tables.contains("\n\nNAME ") && tables.contains("secret/web ") && tables.contains("namespace/"),
        "{tables}"
    );
    let namespace = sandbox.namespace.clone();
    assert_eq!(
        sandbox.ok(&["get", "secret,ns", "web", &namespace, "-o", "name", "--ignore-not-found"]),
        format!("secret/web\nnamespace/{namespace}\n")
    );
}

/// A cluster with cert-manager, and Secrets of any name.
fn with_cert_manager() -> Recorder {
    Recorder::start(|request| {
        match request {
        "GET /apis" => (
            "200 OK",
            r#"{"kind":"APIGroupList","groups":[{"name":"apps","preferredVersion":{"groupVersion":"apps/v1","version":"v1"}},
                {"name":"cert-manager.io","preferredVersion":{"groupVersion":"cert-manager.io/v1","version":"v1"}}]}"#
                .to_owned(),
        ),
        "GET /apis/cert-manager.io/v1" => (
            "200 OK",
            r#"{"kind":"APIResourceList","groupVersion":"cert-manager.io/v1","resources":[{"name":"certificates",
                "singularName":"certificate","kind":"Certificate","shortNames":["cert","certs"],"namespaced":true}]}"#
                .to_owned(),
        ),
        list if list.contains("/secrets?") => ("200 OK", r#"{"kind":"SecretList","items":[]}"#.to_owned()),
        _ => ("404 Not Found", status(404, "NotFound", "secrets not found")),
    }
    })
}

#[test]
fn a_word_with_a_dot_is_looked_up_before_anything_is_changed() {
    let (recorder, mut sandbox) = (with_cert_manager(), Sandbox::bare());
    let editor = sandbox.script("editor", "#!/bin/sh\ntrue\n");
    sandbox.set_env("KUBE_EDITOR", editor);
    let url = recorder.url();
    let kinds = [
        "certificates.cert-manager.io",
        "certificate.cert-manager.io",
        "cert.cert-manager.io",
        "certificates.cert-manager",
        "certificates.v1.cert-manager.io",
    ];
    for (verb, more) in VERBS.into_iter().chain([("decode", &[][..])]) {
        for kind in kinds {
            let outcome = sandbox.run(&[&[verb, kind], more, &["--server", &url]].concat());
            assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{verb} {kind}");
            let error = format!("error: ksecret handles Secrets and Namespaces, not {kind:?}\n");
            let hint = format!("hint: a Secret is named with its kind: secret/{kind}\n");
            assert_eq!(outcome.stderr, format!("{error}{hint}"), "{verb} {kind}");
            let requests = recorder.take();
            assert!(requests.iter().all(|request| request.starts_with("GET ")), "{verb} {kind}: {requests:?}");
        }
    }
    // What the server does not know is a name, and an ordinary name costs no request more.
    let path = "/api/v1/namespaces/default/secrets";
    for (line, requests) in [
        (
            &["delete", "db.example.com", "--wait=false"][..],
            vec!["GET /apis".to_owned(), format!("DELETE {path}/db.example.com")],
        ),
        (
            &["delete", "other.cert-manager.io", "--wait=false"],
            vec![
                "GET /apis".to_owned(),
                "GET /apis/cert-manager.io/v1".to_owned(),
                format!("DELETE {path}/other.cert-manager.io"),
            ],
        ),
        (&["delete", "db", "--wait=false"], vec![format!("DELETE {path}/db")]),
        (
            &["delete", "secret", "certificates.cert-manager.io", "--wait=false"],
            vec![format!("DELETE {path}/certificates.cert-manager.io")],
        ),
        (&["delete", "secret/db.example.com", "--wait=false"], vec![format!("DELETE {path}/db.example.com")]),
        (&["get", "db.example.com", "-o", "name"], vec![format!("GET {path}/db.example.com"), "GET /apis".to_owned()]),
        (&["get", "db", "-o", "name"], vec![format!("GET {path}/db")]),
        (&["get", "secret", "db.example.com", "-o", "name"], vec![format!("GET {path}/db.example.com")]),
        (&["delete", "db.example.com", "--dry-run=client"], vec![]),
    ] {
        sandbox.run(&[line, &["--server", &url]].concat());
        assert_eq!(recorder.take(), requests, "{line:?}");
    }
}

#[test]
fn a_server_that_does_not_tell_its_kinds_changes_nothing() {
    let recorder = Recorder::start(|_| ("403 Forbidden", status(403, "Forbidden", "no")));
    let sandbox = Sandbox::bare();
    let url = recorder.url();
    let outcome = sandbox.run(&["delete", "db.example.com", "--wait=false", "--server", &url]);
    assert_eq!(recorder.take(), ["GET /apis"]);
    assert_eq!(
        outcome.stderr,
        "Error from server (Forbidden): no\nhint: a Secret is named with its kind: secret/db.example.com\n"
    );
}
