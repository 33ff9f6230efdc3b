//! What other processes get from this one, and may see of it: memory, arguments, file descriptors, programs that are run.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use super::support::{KSECRET, Outcome, Sandbox, run};

/// Runs a command as its user, who must not have the right of root to look into every process.
fn without_privileges(sandbox: &Sandbox, args: &[&str]) -> Outcome {
    let command = if rustix::process::geteuid().is_root() {
        sandbox.command_of("setpriv", &[&["--bounding-set=-all", "--inh-caps=-all", KSECRET], args].concat())
    } else {
        sandbox.command(args)
    };
    run(command, b"")
}

/// The kubeconfig of a user with this credential plugin, and of another one with another; no server is there.
fn kubeconfig(sandbox: &mut Sandbox, plugin: &str, another: &str) {
    let user = |name: &str, exec: &str| {
        format!(
            "{{name: {name}, user: {{exec: {{apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, {exec}}}}}}}"
        )
    };
    let config = format!(
        "clusters: [{{name: c, cluster: {{server: 'https://127.0.0.1:1', insecure-skip-tls-verify: true}}}}]\n\
         users: [{}, {}]\ncurrent-context: one\n\
         contexts: [{{name: one, context: {{cluster: c, user: u}}}}, {{name: other, context: {{cluster: c, user: v}}}}]\n",
        user("u", plugin),
        user("v", another)
    );
    let file = sandbox.root().join("kubeconfig");
    fs::write(&file, config).expect("a kubeconfig");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("a private file");
    sandbox.set_env("KUBECONFIG", file.to_string_lossy());
}

/// A process of the same user reads no memory of ours, which holds values, and a crash writes none.
#[test]
fn memory_is_not_for_others() {
    let mut sandbox = Sandbox::bare();
    sandbox.set_env("KSECRET_LOCAL", sandbox.root().join("x.db").to_string_lossy());
    sandbox.ok(&["create", "generic", "s", "--from-literal=k=v"]);
    let body = "#!/bin/sh\nfor pid in $$ $PPID; do head -c 1 /proc/$pid/environ 2>/dev/null | wc -c; done > seen\n\
                grep 'Max core file size' /proc/$PPID/limits >> seen\n";
    let editor = sandbox.script("editor", body);
    sandbox.set_env("EDITOR", editor);
    let outcome = without_privileges(&sandbox, &["edit", "s"]);
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    let seen = fs::read_to_string(sandbox.cwd().join("seen")).expect("what the editor saw");
    let words: Vec<&str> = seen.split_whitespace().collect();
    // Its own environment is its to read: one byte. Ours is not: none, where the system can forbid it.
    let ours = if platform::PORTABLE { "1" } else { "0" };
    assert_eq!(words, ["1", ours, "Max", "core", "file", "size", "0", "0", "bytes"], "{seen}");
}

/// Every child has the standard streams, and no file, socket or terminal of ours beside them.
#[test]
fn children_have_three_descriptors() {
    let mut sandbox = Sandbox::bare();
    let look = "for fd in /proc/$$/fd/*; do test -e $fd && echo ${fd##*/}; done > fds; true";
    run(sandbox.command_of("sh", &["-c", look]), b"");
    let read = |sandbox: &Sandbox| {
        let file = sandbox.cwd().join("fds");
        let text = fs::read_to_string(&file).expect("what a child saw");
        fs::remove_file(file).expect("it goes");
        text
    };
    // What this test itself was given, and hands on.
    let plain = read(&sandbox);

    let outcome = sandbox.run(&["with-server", "--", "sh", "-c", look]);
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    assert_eq!(read(&sandbox), plain, "a command of with-server");

    kubeconfig(&mut sandbox, &format!("command: sh, args: [-c, {:?}]", format!("{look}; exit 1")), "command: 'false'");
    assert_eq!(sandbox.run(&["get", "secrets"]).exit, 1);
    assert_eq!(read(&sandbox), plain, "a credential plugin");

    sandbox.set_env("KSECRET_LOCAL", sandbox.root().join("x.db").to_string_lossy());
    sandbox.ok(&["create", "generic", "s", "--from-literal=k=v"]);
    // Of a script, the shell has one more open: the script.
    let script = sandbox.script("look", &format!("#!/bin/sh\n{look}\n"));
    run(sandbox.command_of(&script, &["x"]), b"");
    let plain = read(&sandbox);
    sandbox.set_env("KUBE_EDITOR", script.clone());
    assert_eq!(sandbox.run(&["edit", "s"]).exit, 0);
    assert_eq!(read(&sandbox), plain, "an editor");
    sandbox.write("s.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {k: w}\n");
    sandbox.set_env("KUBECTL_EXTERNAL_DIFF", script);
    assert_eq!(sandbox.run(&["diff", "-f", "s.yaml"]).exit, 0);
    assert_eq!(read(&sandbox), plain, "a diff");
}

/// A plugin is code: the one of the context in use is run, and what its name says to a shell is a name.
#[test]
fn the_plugin_of_the_context_runs_and_no_shell() {
    let mut sandbox = Sandbox::bare();
    let mine = sandbox.script("mine; touch hacked", "#!/bin/sh\necho \"$@\" > mine\nexit 1\n");
    let theirs = sandbox.script("theirs", "#!/bin/sh\ntouch theirs\nexit 1\n");
    let there = |sandbox: &Sandbox, name: &str| Path::new(&sandbox.cwd()).join(name).exists();
    kubeconfig(
        &mut sandbox,
        &format!("command: {mine:?}, args: ['$(touch hacked)', '`touch hacked`', '; touch hacked']"),
        &format!("command: {theirs:?}"),
    );
    let outcome = sandbox.run(&["get", "secrets"]);
    assert!(outcome.stderr.contains("failed with exit code 1"), "{}", outcome.stderr);
    let args = fs::read_to_string(sandbox.cwd().join("mine")).expect("what the plugin was given");
    assert_eq!(args, "$(touch hacked) `touch hacked` ; touch hacked\n");
    assert!(!there(&sandbox, "theirs") && !there(&sandbox, "hacked"));
    assert_eq!(sandbox.run(&["get", "secrets", "--context=other"]).exit, 1);
    assert!(there(&sandbox, "theirs"));
}

/// `with-server` starts what stands behind `--`: no shell reads it, and no word of it is a flag of ours.
#[test]
fn the_command_is_run_as_it_stands() {
    let sandbox = Sandbox::bare();
    let outcome =
        sandbox.run(&["with-server", "--", "printf", "[%s]", "--load", "$(touch hacked)", "; touch hacked", "--"]);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "[--load][$(touch hacked)][; touch hacked][--]"));
    let outcome = sandbox.run(&["with-server", "--", "touch hacked"]);
    assert_eq!(
        (outcome.exit, outcome.stderr.as_str()),
        (127, "error: cannot start touch hacked: no such file or directory\n")
    );
    assert!(!sandbox.cwd().join("hacked").exists());
}

/// The environment of a command differs in the kubeconfig alone.
#[test]
fn a_command_gets_one_variable() {
    let mut sandbox = Sandbox::bare();
    sandbox.set_env("OTHER", "kept");
    let plain = run(sandbox.command_of("env", &[""; 0]), b"").stdout;
    let outcome = sandbox.run(&["with-server", "--", "env"]);
    let (theirs, ours): (Vec<&str>, Vec<&str>) = outcome.stdout.lines().partition(|line| plain.contains(line));
    assert_eq!(theirs.len(), plain.lines().count(), "{}", outcome.stdout);
    assert!(matches!(ours.as_slice(), [line] if line.starts_with("KUBECONFIG=/")), "{ours:?}");
}
