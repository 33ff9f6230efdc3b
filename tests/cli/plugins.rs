//! Credential plugins of a kubeconfig, as a person or a log meets them.

use std::os::unix::fs::PermissionsExt as _;

use crate::support::{Outcome, Sandbox};

/// A sandbox whose kubeconfig names a plugin, which is this shell script. No server is there: no plugin here succeeds.
fn with_plugin(mode: &str, script: &str) -> Sandbox {
    let mut sandbox = Sandbox::bare();
    let plugin = sandbox.script("plugin", &format!("#!/bin/sh\necho run >> runs\n{script}\n"));
    let config = format!(
        "clusters: [{{name: c, cluster: {{server: 'https://127.0.0.1:1', insecure-skip-tls-verify: true}}}}]\n\
         users: [{{name: u, user: {{exec: {{apiVersion: client.authentication.k8s.io/v1beta1, command: {plugin}{mode}}}}}}}]\n\
         contexts: [{{name: x, context: {{cluster: c, user: u}}}}]\ncurrent-context: x\n"
    );
    let file = sandbox.root().join("kubeconfig");
    std::fs::write(&file, config).expect("a kubeconfig");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("a private file");
    sandbox.set_env("KUBECONFIG", file.to_string_lossy());
    sandbox
}

/// Runs a command line that fails, and checks that the plugin ran once.
fn fails(sandbox: &Sandbox, args: &[&str], stdin: &[u8]) -> Outcome {
    let outcome = sandbox.run_with(args, stdin);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{args:?}: {}", outcome.stderr);
    let runs = std::fs::read_to_string(sandbox.cwd().join("runs")).unwrap_or_default();
    assert_eq!(runs, "run\n", "{args:?}: {}", outcome.stderr);
    let _ = std::fs::remove_file(sandbox.cwd().join("runs"));
    outcome
}

/// Standard error is a pipe here, as in a CI log.
#[test]
fn what_a_plugin_says_reaches_a_log_once_and_its_output_never() {
    let mut sandbox = with_plugin("", "echo s3cr3t-t0ken\necho 'Run aws sso login' >&2\nexit 255");
    sandbox.set_env("KUBE_EDITOR", "true");
    sandbox.write("a", "s3cr3t-value");
    let documents =
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: b}\n";
    for args in [
        &["get", "secrets"][..],
        &["get", "secret", "a", "b", "c"],
        &["create", "generic", "a", "--from-file=a"],
        &["create", "-f", "-"],
        &["apply", "-f", "-"],
        &["replace", "-f", "-"],
        &["diff", "-f", "-"],
        &["delete", "-f", "-"],
        &["delete", "secret", "a", "b"],
        &["label", "secret", "a", "b", "x=y"],
        &["patch", "secret", "a", "-p", "{}"],
        &["describe", "secret", "a"],
        &["edit", "secret", "a"],
        &["decode", "a"],
        &["auth", "can-i", "get", "secrets"],
    ] {
        let outcome = sandbox.run_with(args, documents.as_bytes());
        assert!(outcome.exit >= 1 && outcome.stdout.is_empty(), "{args:?}: {outcome:?}");
        assert_eq!(outcome.stderr.matches("Run aws sso login\n").count(), 1, "{args:?}: {}", outcome.stderr);
        assert!(outcome.stderr.contains("/plugin failed with exit code 255"), "{args:?}: {}", outcome.stderr);
        assert!(!outcome.stderr.contains("s3cr3t"), "{args:?}: {}", outcome.stderr);
        let runs = std::fs::read_to_string(sandbox.cwd().join("runs")).unwrap_or_default();
        assert_eq!(runs, "run\n", "{args:?}: {}", outcome.stderr);
        std::fs::remove_file(sandbox.cwd().join("runs")).expect("the file of its runs");
    }
    // Output that is no credential does not appear either.
    let sandbox = with_plugin("", "echo 's3cr3t-t0ken'");
    let outcome = fails(&sandbox, &["get", "secrets"], b"");
    assert!(!outcome.stderr.contains("s3cr3t"), "{}", outcome.stderr);
}

#[test]
fn a_plugin_gets_no_input_that_is_no_terminal() {
    for mode in ["", ", interactiveMode: IfAvailable", ", interactiveMode: Never"] {
        let sandbox = with_plugin(mode, "cat > input\nprintf %s \"$KUBERNETES_EXEC_INFO\" > info\nexit 1");
        fails(&sandbox, &["get", "secrets"], b"typed");
        let read = |name: &str| std::fs::read_to_string(sandbox.cwd().join(name)).expect("a file of the plugin");
        assert_eq!(read("input"), "", "{mode}");
        assert!(read("info").contains("\"spec\":{\"interactive\":false}"), "{mode}: {}", read("info"));
    }
    let sandbox = with_plugin(", interactiveMode: Always", "exit 1");
    let outcome = sandbox.run(&["get", "secrets"]);
    assert_eq!(
        outcome.stderr,
        "Unable to connect to the server: getting credentials: exec plugin cannot support interactive mode: standard \
         input is not a terminal\n"
    );
    assert!(!sandbox.cwd().join("runs").exists(), "it must not run");
}
