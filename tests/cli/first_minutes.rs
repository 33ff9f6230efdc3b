//! What a new user types first: it does what was meant, or says what would.

use super::support::{Sandbox, run};

/// The lines, of which none may be about a connection: a sandbox with an embedded server of its own.
fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::bare();
    let store = sandbox.root().join("local.db").to_string_lossy().into_owned();
    sandbox.set_env("KSECRET_LOCAL", store);
    sandbox
}

#[test]
fn without_a_word_secrets_are_shown_and_nothing_is_changed() {
    let sandbox = sandbox();
    sandbox.ok(&["create", "generic", "db", "--from-literal=user=admin"]);
    for args in
        [&["get"][..], &["get", "-A"], &["get", "-o", "name"], &["describe"], &["get", "--sort-by=.metadata.name"]]
    {
        let shown = sandbox.ok(args);
        assert!(shown.contains("db"), "{args:?}: {shown}");
    }
    assert_eq!(sandbox.run(&["get", "-l", "a=b"]).stderr, "No resources found in default namespace.\n");
    // An empty variable is a name, and no word at all is none.
    assert_eq!(sandbox.run(&["get", ""]).exit, 1);
    for args in
        [&["delete"][..], &["edit"], &["label", "a=b"], &["annotate", "a=b"], &["patch", "-p", "{}"], &["decode"]]
    {
        let outcome = sandbox.run(args);
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{args:?}: {}", outcome.stderr);
    }
    assert_eq!(sandbox.ok(&["get", "db", "-o", "name"]), "secret/db\n");
}

#[test]
fn called_as_kubectl_a_missing_word_is_an_error_as_there() {
    let sandbox = sandbox();
    let kubectl = sandbox.cwd().join("kubectl");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_ksecret"), &kubectl).expect("a link");
    for verb in ["get", "describe"] {
        let outcome = run(sandbox.command_of(&kubectl.to_string_lossy(), &[verb]), b"");
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{verb}: {}", outcome.stderr);
    }
}

#[test]
fn the_version_needs_no_cluster() {
    let sandbox = Sandbox::bare();
    let version = env!("CARGO_PKG_VERSION");
    for flag in ["--version", "-V"] {
        assert_eq!(sandbox.ok(&[flag]), format!("ksecret {version}\n"));
    }
    let outcome = sandbox.run(&["version"]);
    assert_eq!((outcome.exit, outcome.stdout), (0, format!("Client Version: v{version}\n")));
    assert_eq!(outcome.stderr, "note: no cluster is configured, so there is no server's version\n");
    for format in ["json", "yaml"] {
        let outcome = sandbox.run(&["version", "-o", format]);
        assert!(outcome.exit == 0 && outcome.stdout.contains(version), "{format}: {}", outcome.stderr);
    }
    // A cluster that is named and does not answer is an error, as with kubectl.
    let outcome = sandbox.run(&["version", "--server=http://127.0.0.1:1"]);
    assert_eq!(outcome.exit, 1, "{}", outcome.stderr);
    // It is a flag of the program alone.
    assert_eq!(sandbox.run(&["create", "--version"]).exit, 1);
}

#[test]
fn a_mistyped_word_has_its_nearest_one() {
    let sandbox = Sandbox::bare();
    for (args, hint) in [
        ("delet web", "did you mean 'delete'?"),
        ("edti web", "did you mean 'edit'?"),
        ("decribe web", "did you mean 'describe'?"),
        ("decod db", "did you mean 'decode'?"),
        // As near to a verb that shows values as to one that does not.
        ("deode db", "did you mean 'decode'?"),
        ("list", "did you mean 'get'?"),
        ("show db", "did you mean 'get'?"),
        ("ls", "did you mean 'get'?"),
        ("view db", "did you mean 'decode'?"),
        ("rm db", "did you mean 'delete'?"),
        ("remove db", "did you mean 'delete'?"),
        ("secret get db", "the verb comes first: 'ksecret get secret'"),
        ("config vew", "did you mean 'view'?"),
        ("create genric db", "did you mean 'generic'?"),
        ("frobnicate", "'ksecret --help' lists the commands"),
        ("x", "'ksecret --help' lists the commands"),
        ("get --show-lables", "did you mean '--show-labels'?"),
        ("get --all-namespace", "did you mean '--all-namespaces'?"),
        ("create generic db --form-literal=a=b", "did you mean '--from-literal'?"),
        ("get --contxt=a", "did you mean '--context'?"),
        ("get --lable a=b", "did you mean '--selector'?"),
        ("get --ns a", "did you mean '--namespace'?"),
    ] {
        let outcome = sandbox.run(&args.split(' ').collect::<Vec<_>>());
        assert_eq!(outcome.exit, 1, "{args}");
        assert_eq!(outcome.stderr.lines().last(), Some(format!("hint: {hint}").as_str()), "{args}: {}", outcome.stderr);
    }
    let far = sandbox.run(&["get", "--frobnicate"]).stderr;
    assert!(!far.contains("hint"), "{far}");
}

#[test]
fn decode_has_one_grammar_for_all() {
    let sandbox = sandbox();
    sandbox.ok(&["create", "generic", "db", "--from-literal=user=admin", "--from-literal=tls.key=k"]);
    assert_eq!(sandbox.ok(&["decode", "--all"]), "tls.key: k\nuser: admin\n");
    assert_eq!(sandbox.run(&["decode", "--all", "db"]).exit, 1);
    let outcome = sandbox.run(&["decode"]);
    assert!(outcome.exit == 1 && outcome.stderr.contains("hint: --all decodes"), "{}", outcome.stderr);
    assert_eq!(
        sandbox.ok(&["decode", "db", "-o", "values"]),
        "{\n    \"tls.key\": \"k\",\n    \"user\": \"admin\"\n}\n"
    );
    for (format, line) in [("dotenv", "user=admin\n"), ("shell", "export user='admin'\n")] {
        let outcome = sandbox.run(&["decode", "db", "-o", format]);
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, line));
        assert_eq!(
            outcome.stderr,
            "warning: secrets \"db\": \"tls.key\" cannot name a variable and is left out (--strict refuses it)\n"
        );
        for args in [&["decode", "db", "-o", format, "--strict"][..], &["decode", "db", "tls.key", "-o", format]] {
            let outcome = sandbox.run(args);
            assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{args:?}: {}", outcome.stderr);
        }
    }
    sandbox.write("bytes", [0xff, 0xfe]);
    sandbox.ok(&["create", "generic", "raw", "--from-file=bytes"]);
    let outcome = sandbox.run(&["decode", "raw", "-o", "values"]);
    assert!(outcome.exit == 1 && outcome.stderr.contains("\"bytes\" is binary"), "{}", outcome.stderr);
}

#[test]
fn what_a_manifest_should_have_said_is_said_with_its_line() {
    let sandbox = sandbox();
    for (rest, advice) in [
        (
            "data:\n  a: aGk=\n  password: hunter2!",
            "line 7: data.password is not base64: plain text belongs in stringData",
        ),
        (
            "data:\n  pin: 5",
            "line 6: data.pin is a number and should be base64; plain text belongs in stringData, in quotes",
        ),
        ("stringData:\n  pin: 5", "line 6: stringData.pin is a number and should be text, in quotes"),
        ("stringData:\n  flag: true", "line 6: stringData.flag is a boolean and should be text, in quotes"),
        ("stringData:\n  map: {a: b}", "line 6: stringData.map is a map and should be text, in quotes"),
        ("  labels:\n    a: 1", "line 6: metadata.labels.a is a number and should be text, in quotes"),
        ("  annotations:\n    a: true", "line 6: metadata.annotations.a is a boolean and should be text, in quotes"),
    ] {
        sandbox.write("s.yaml", format!("apiVersion: v1\nkind: Secret\nmetadata:\n  name: p\n{rest}\n"));
        for verb in ["create", "apply", "replace", "diff"] {
            let outcome = sandbox.run(&[verb, "-f", "s.yaml"]);
            assert_ne!(outcome.exit, 0, "{verb}: {rest}");
            let hint = format!("hint: s.yaml, document 1, {advice}");
            assert!(outcome.stderr.lines().any(|line| line == hint), "{verb}: {rest}: {}", outcome.stderr);
            assert!(!outcome.stderr.contains("hunter2"), "{}", outcome.stderr);
        }
    }
    sandbox.write("big", "x".repeat((1 << 20) + 1));
    let outcome = sandbox.run(&["create", "generic", "big", "--from-file=big"]);
    assert!(outcome.exit == 1 && outcome.stderr.contains("may not be more than 1048576 bytes"), "{}", outcome.stderr);
}
