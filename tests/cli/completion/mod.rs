//! Live completion, asked as the scripts ask.

mod fallback;
mod servers;
mod tree;
mod words;

use super::support::{KSECRET, Outcome, Sandbox, run};

/// Lets a test machine take its time. The time itself is one test's.
fn patient(mut sandbox: Sandbox) -> Sandbox {
    sandbox.set_env("KSECRET_COMPLETION_TIMEOUT", "60s");
    sandbox
}

/// A sandbox with a store of the embedded server, and Secrets in it: `db` with two keys and labels, `web`, one whose name is
/// a kind, and one with dots.
fn with_store() -> Sandbox {
    let mut sandbox = patient(Sandbox::bare());
    sandbox.set_env("KSECRET_LOCAL", sandbox.root().join("local.db").to_string_lossy());
    sandbox.ok(&["create", "generic", "db", "--from-literal=user=admin", "--from-literal=password=hunter2"]);
    sandbox.ok(&["create", "generic", "web", "--from-literal=token=hunter3"]);
    sandbox.ok(&["create", "generic", "deploy", "--from-literal=k=v"]);
    sandbox.ok(&["create", "generic", "mail.example.com", "--from-literal=k=v"]);
    sandbox.ok(&["label", "secret", "db", "tier=backend", "app.kubernetes.io/name=shop"]);
    sandbox
}

/// Asks with a command line whose words have no spaces; a space at the end begins a new word. The answer must be silent.
fn ask(sandbox: &Sandbox, line: &str) -> Outcome {
    let words = format!("__complete {line}");
    let outcome = sandbox.run(&words.split(' ').collect::<Vec<_>>());
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""), "{line:?}");
    outcome
}

/// What is offered, without descriptions, and the directive behind it.
fn offered(sandbox: &Sandbox, line: &str) -> String {
    let answer = ask(sandbox, line).stdout;
    let texts: Vec<&str> = answer.lines().map(|line| line.split('\t').next().unwrap_or_default()).collect();
    texts.join(" ")
}

/// A kubeconfig for a server without TLS, with two contexts.
fn kubeconfig(server: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: dev\n\
         clusters: [{{name: one, cluster: {{server: {server:?}}}}}, {{name: two, cluster: {{server: {server:?}}}}}]\n\
         users: [{{name: alice, user: {{}}}}]\n\
         contexts:\n- {{name: dev, context: {{cluster: one, user: alice, namespace: team}}}}\n\
         - {{name: 'arn:aws:eks:eu:1:cluster/prod', context: {{cluster: two, user: alice}}}}\n"
    )
}

/// Writes a kubeconfig into the sandbox and makes it the one that is used.
fn use_kubeconfig(sandbox: &mut Sandbox, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    let file = sandbox.root().join("kubeconfig");
    std::fs::write(&file, text).expect("a kubeconfig");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("a private file");
    sandbox.set_env("KUBECONFIG", file.to_string_lossy());
}

#[test]
fn kubectl_asks_under_another_name() {
    let mut sandbox = with_store();
    sandbox.link("kubectl_complete-secret", KSECRET);
    let ask = |args: &[&str]| {
        let outcome = run(sandbox.command_of("kubectl_complete-secret", args), b"");
        assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""), "{args:?}");
        outcome.stdout
    };
    assert_eq!(ask(&["decode", "db", ""]), "password\nuser\n:4\n");
    assert_eq!(ask(&["dec"]), "decode\tShow the values of Secrets, decoded\n:4\n");
}

#[test]
fn words_can_come_through_a_pipe() {
    let sandbox = with_store();
    for (asked, answer) in [
        (&b"decode\0db\0\0"[..], "password\nuser\n:4\n"),
        (b"decode\0db\0us\0\n", "user\n:4\n"),
        (b"dec\0", "decode\n:4\n"),
        (b"", ":4\n"),
    ] {
        let outcome = sandbox.run_with(&["__completeNoDesc"], asked);
        assert_eq!((outcome.exit, outcome.stdout.as_str(), outcome.stderr.as_str()), (0, answer, ""));
    }
}

/// What a shell loads at each start registers, and does nothing more.
#[test]
fn scripts_are_short_and_name_what_they_complete() {
    let mut sandbox = Sandbox::bare();
    sandbox.link("kubectl", KSECRET);
    for shell in ["bash", "fish", "powershell", "zsh"] {
        let script = sandbox.ok(&["completion", shell]);
        assert!(script.len() < 4000 && script.contains("ksecret") && !script.contains("__NAME__"), "{shell}");
        let script = run(sandbox.command_of("kubectl", &["completion", shell]), b"").stdout;
        assert!(script.contains("kubectl") && !script.contains("ksecret"), "{shell}");
    }
    let outcome = sandbox.run(&["completion", "elvish"]);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""));
    assert!(outcome.stderr.starts_with("error: Unsupported shell type \"elvish\"."), "{}", outcome.stderr);
}

/// Other users can read the arguments of a process: what was typed is not among them.
#[test]
fn scripts_hand_no_typed_word_over_as_an_argument() {
    let mut sandbox = Sandbox::bare();
    let script = sandbox.ok(&["completion", "bash"]);
    sandbox.write("script", script);
    sandbox.link("ksecret", sandbox.script("watched", "#!/bin/sh\necho \"$*\" > args\ncat > words\n"));
    let body = "source ./script; COMP_LINE='ksecret create generic x --from-literal=k=hunter2 '; COMP_POINT=${#COMP_LINE}; \
                COMP_WORDS=(ksecret create generic x --from-literal = k = hunter2 ''); COMP_CWORD=9; _ksecret";
    let outcome = run(sandbox.command_of("bash", &["-c", body]), b"");
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""));
    let read = |name: &str| std::fs::read_to_string(sandbox.cwd().join(name)).expect("what it saw");
    assert_eq!(read("args"), "__completeNoDesc\n");
    assert_eq!(read("words"), "create\0generic\0x\0--from-literal=k=hunter2\0\0");
}
