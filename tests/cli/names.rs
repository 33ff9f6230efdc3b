//! Names, namespaces and paths that could mean something else are refused before any request, from wherever they come.

use super::support::{Outcome, Sandbox, recorder::Recorder};

/// The documents that name no object.
const NAMELESS: [(&str, &str); 4] = [
    ("none.yaml", "apiVersion: v1\nkind: Secret\nstringData: {x: kept}\n"),
    ("missing.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {labels: {a: b}}\nstringData: {x: kept}\n"),
    ("empty.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: \"\"}\nstringData: {x: kept}\n"),
    ("generated.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {generateName: a-}\nstringData: {x: kept}\n"),
];

/// Verbs that act on one object, with what they need beside the words that name it.
const VERBS: [(&str, &[&str]); 9] = [
    ("get", &["-o", "yaml"]),
    ("describe", &[]),
    ("delete", &["--wait=false"]),
    ("edit", &[]),
    ("patch", &["-p", "{\"stringData\":{\"x\":\"changed\"}}"]),
    ("label", &["z=1"]),
    ("annotate", &["z=1"]),
    ("get", &["-w"]),
    ("get", &[]),
];

/// Verbs that take their objects from files.
const OF_FILES: [&[&str]; 12] = [
    &["get"],
    &["get", "-o", "yaml"],
    &["describe"],
    &["delete", "--wait=false"],
    &["edit"],
    &["patch", "-p", "{\"stringData\":{\"x\":\"changed\"}}"],
    &["label", "z=1"],
    &["annotate", "z=1"],
    &["replace"],
    &["replace", "--force"],
    &["apply"],
    &["apply", "--server-side"],
];

fn changing_editor(sandbox: &mut Sandbox) {
    let editor = sandbox.script("editor", "#!/bin/sh\nsed -i 's/x: .*/x: Y2hhbmdlZA==/' \"$1\"\n");
    sandbox.set_env("KUBE_EDITOR", editor);
}

fn asked_of(recorder: &Recorder, sandbox: &Sandbox, args: &[&str]) -> Outcome {
    let server = recorder.url();
    let outcome = sandbox.run(&[args, &["--server", &server]].concat());
    assert_eq!(recorder.take(), Vec::<String>::new(), "{args:?} made a request: {}", outcome.stderr);
    outcome
}

/// The error of a command that must fail without a request.
fn refused(recorder: &Recorder, sandbox: &Sandbox, args: &[&str]) -> String {
    let outcome = asked_of(recorder, sandbox, args);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{args:?}: {}", outcome.stderr);
    outcome.stderr
}

#[test]
fn a_name_that_is_no_segment_reaches_no_server() {
    let (recorder, mut sandbox) = (Recorder::empty(), Sandbox::bare());
    changing_editor(&mut sandbox);
    let names = [
        ("", "resource name may not be empty"),
        (".", "invalid resource name \".\": [may not be '.']"),
        ("..", "invalid resource name \"..\": [may not be '..']"),
        ("a%2fb", "invalid resource name \"a%2fb\": [may not contain '%']"),
    ];
    for (verb, more) in VERBS {
        for (name, words) in names {
            for kind in ["secret", "secrets", "ns"] {
                let text = refused(&recorder, &sandbox, &[&[verb, kind, name], more].concat());
                assert!(text.starts_with(&format!("error: {words}\n")), "{verb} {kind} {name:?}: {text}");
            }
            if !name.is_empty() {
                for line in [&[verb, name][..], &[verb, &format!("secret/{name}")]] {
                    let text = refused(&recorder, &sandbox, &[line, more].concat());
                    assert!(text.starts_with(&format!("error: {words}\n")), "{line:?}: {text}");
                }
            }
        }
        for (words, text) in [
            (&["secret/a/b"][..], "arguments in resource/name form may not have more than one slash"),
            (&["secret/"], "arguments in resource/name form must have a single resource and name"),
            (&["/a"], "arguments in resource/name form must have a single resource and name"),
            (&[""], "the server doesn't have a resource type \"\""),
            (&["", "a"], "the server doesn't have a resource type \"\""),
        ] {
            let shown = refused(&recorder, &sandbox, &[&[verb], words, more].concat());
            assert!(shown.starts_with(&format!("error: {text}\n")), "{verb} {words:?}: {shown}");
        }
    }
    for words in [&[""][..], &["secret", ""], &["", "key"]] {
        let text = refused(&recorder, &sandbox, &[&["decode"], words].concat());
        assert_eq!(text, "error: resource name may not be empty\n", "{words:?}");
    }
    for what in ["generic", "tls", "docker-registry"] {
        let text = refused(&recorder, &sandbox, &["create", "secret", what, ""]);
        assert!(text.starts_with("error: name must be specified\n"), "{what}: {text}");
    }
    assert!(refused(&recorder, &sandbox, &["create", "namespace", ""]).starts_with("error: name must be specified\n"));
}

#[test]
fn a_document_without_a_name_reaches_no_server() {
    let (recorder, mut sandbox) = (Recorder::empty(), Sandbox::bare());
    changing_editor(&mut sandbox);
    for (file, text) in NAMELESS {
        sandbox.write(file, text);
        for verb in OF_FILES {
            let shown = refused(&recorder, &sandbox, &[verb, &["-f", file]].concat());
            let wanted = match (verb[0], file) {
                ("apply", "generated.yaml") => "cannot use generate name with apply",
                _ => "resource name may not be empty",
            };
            assert!(shown.starts_with("error: ") && shown.contains(wanted), "{verb:?} {file}: {shown}");
        }
        let outcome = asked_of(&recorder, &sandbox, &["diff", "-f", file]);
        assert!(outcome.exit > 1, "diff -f {file}: {}", outcome.stderr);
    }
    for (verb, doing) in [("delete", "deleting"), ("replace", "replacing"), ("replace --force", "deleting")] {
        let words: Vec<&str> = verb.split(' ').chain(["-f", "none.yaml"]).collect();
        let text = refused(&recorder, &sandbox, &words);
        assert_eq!(text, format!("error: error when {doing} \"none.yaml\": resource name may not be empty\n"));
    }
    sandbox.write("up.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: \"a/../b\"}\nstringData: {x: kept}\n");
    for verb in OF_FILES {
        let text = refused(&recorder, &sandbox, &[verb, &["-f", "up.yaml"]].concat());
        assert!(text.contains("invalid resource name \"a/../b\": [may not contain '/']"), "{verb:?}: {text}");
    }
}

#[test]
fn a_namespace_that_is_no_segment_reaches_no_server() {
    let (recorder, mut sandbox) = (Recorder::empty(), Sandbox::bare());
    changing_editor(&mut sandbox);
    sandbox.write("s.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {x: kept}\n");
    sandbox
        .write("up.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: ..}\nstringData: {x: kept}\n");
    sandbox.write(
        "kubeconfig.up",
        format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: x\nclusters: [{{name: c, cluster: {{server: {}}}}}]\n\
             users: [{{name: u, user: {{}}}}]\n\
             contexts: [{{name: x, context: {{cluster: c, user: u, namespace: ..}}}}]\n",
            recorder.url()
        ),
    );
    let words = "invalid namespace \"..\": [may not be '..']";
    let lists: [&[&str]; 9] = [
        &["get", "secrets"],
        &["get", "secrets", "-o", "name"],
        &["get", "secrets", "-w"],
        &["describe", "secrets"],
        &["delete", "secrets", "--all"],
        &["label", "secrets", "--all", "z=1"],
        &["annotate", "secrets", "-l", "a=b", "z=1"],
        &["decode", "-l", "a=b"],
        &["create", "generic", "s"],
    ];
    let one = VERBS.iter().map(|(verb, more)| [&[*verb, "secret", "s"], *more].concat());
    let of_files = |file: &'static str| OF_FILES.iter().map(move |verb| [verb, &["-f", file][..]].concat());
    let lines: Vec<Vec<&str>> = lists.iter().map(|line| line.to_vec()).chain(one).chain(of_files("s.yaml")).collect();
    for line in &lines {
        for namespace in [&["-n", ".."][..], &["--kubeconfig", "kubeconfig.up"]] {
            let text = refused(&recorder, &sandbox, &[line, namespace].concat());
            assert!(text.contains(words), "{line:?} {namespace:?}: {text}");
        }
    }
    for line in of_files("up.yaml").chain([vec!["create", "-f", "up.yaml"]]) {
        let text = refused(&recorder, &sandbox, &line);
        assert!(text.contains(words), "{line:?}: {text}");
    }
    assert_eq!(
        refused(&recorder, &sandbox, &["get", "secrets", "-n", "a/b"]),
        "invalid namespace \"a/b\": [may not contain '/']\n",
        "kubectl's table leaves `error: ` out"
    );
}

#[test]
fn a_raw_path_is_a_path_of_the_server_that_was_meant() {
    let (recorder, other, sandbox) = (Recorder::empty(), Recorder::empty(), Sandbox::bare());
    let elsewhere = other.address();
    for path in [&format!("@{elsewhere}/x"), &format!("http://{elsewhere}/x"), ":80/x", "x", "/a\nb", "/%zz", "?x=y"] {
        for verb in ["get", "delete"] {
            let text = refused(&recorder, &sandbox, &[verb, "--raw", path, "--token", "t0ken"]);
            assert!(text.starts_with(&format!("error: --raw must be a valid URL path: parse {path:?}: ")), "{text}");
        }
    }
    let server = recorder.url();
    for path in [format!("//{elsewhere}/x"), "/x?a=b&c=d".to_owned()] {
        sandbox.run(&["get", "--raw", &path, "--server", &server]);
        assert_eq!(recorder.take(), [format!("GET {path}")]);
    }
    sandbox.run(&["get", "--raw", "/x?a=b", "--request-timeout=5s", "--server", &server]);
    assert_eq!(recorder.take(), ["GET /x?a=b&timeout=5s"]);
    assert_eq!(other.take(), Vec::<String>::new());
}

#[test]
fn no_secret_is_touched_by_a_call_without_a_name() {
    let mut sandbox = Sandbox::with_server();
    changing_editor(&mut sandbox);
    for name in ["a", "b"] {
        sandbox.ok(&["create", "generic", name, "--from-literal=x=kept"]);
    }
    let state = |sandbox: &Sandbox| sandbox.ok(&["get", "secrets", "-o", "yaml", "--show-managed-fields"]);
    let before = state(&sandbox);
    for (verb, more) in VERBS.iter().filter(|(_, more)| !more.contains(&"-w")) {
        for words in [&["secret", ""][..], &["secrets", ""], &[""], &["secret", "."], &["secret/"]] {
            let outcome = sandbox.run(&[&[*verb], words, more].concat());
            assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{verb} {words:?}: {}", outcome.stderr);
        }
    }
    for (file, text) in NAMELESS {
        sandbox.write(file, text);
        for verb in OF_FILES {
            let outcome = sandbox.run(&[verb, &["-f", file]].concat());
            assert_eq!(outcome.exit, 1, "{verb:?} -f {file}: {}", outcome.stderr);
        }
    }
    assert_eq!(state(&sandbox), before);
    let made = sandbox.run(&["create", "-f", "generated.yaml", "-o", "name"]);
    assert_eq!(made.exit, 0, "create takes a generateName: {}", made.stderr);
}
