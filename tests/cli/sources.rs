//! Values that are given without standing on the command line.

use super::support::Sandbox;

/// The Secret that a client dry run makes of these words, or the error.
fn made(sandbox: &Sandbox, words: &[&str], stdin: &[u8]) -> Result<String, String> {
    let line = [&["create", "generic", "a", "--dry-run=client", "-o", "jsonpath={.data}"], words].concat();
    let outcome = sandbox.run_with(&line, stdin);
    if outcome.exit == 0 { Ok(outcome.stdout) } else { Err(outcome.stderr) }
}

#[test]
fn a_value_comes_from_standard_input_byte_for_byte() {
    let sandbox = Sandbox::bare();
    for (stdin, data) in [(&b"hunter2\n"[..], "aHVudGVyMgo="), (&[0, 0xff], "AP8=")] {
        assert_eq!(made(&sandbox, &["--from-stdin=k"], stdin), Ok(format!("{{\"k\":\"{data}\"}}")));
    }
    let both = made(&sandbox, &["--from-literal=a=b", "--from-stdin", "k"], b"v");
    assert_eq!(both, Ok("{\"a\":\"Yg==\",\"k\":\"dg==\"}".to_owned()));
}

#[test]
fn a_value_comes_from_a_variable() {
    let mut sandbox = Sandbox::bare();
    sandbox.set_env("PASSWORD", "hunter2");
    sandbox.set_env("EMPTY", "");
    assert_eq!(made(&sandbox, &["--from-env=k=PASSWORD"], b""), Ok("{\"k\":\"aHVudGVyMg==\"}".to_owned()));
    for (word, says) in [
        (
            "--from-env=k=EMPTY",
            "error: --from-env: the variable for key \"k\" is empty\nhint: --from-literal=k= makes an empty value\n",
        ),
        ("--from-env=k=NONE", "error: --from-env: the variable for key \"k\" is not set\n"),
        ("--from-env=hunter2", "error: --from-env wants KEY=VARIABLE\n"),
        ("--from-env==PASSWORD", "error: --from-env wants KEY=VARIABLE\n"),
    ] {
        assert_eq!(made(&sandbox, &[word], b""), Err(says.to_owned()), "{word}");
    }
}

#[test]
fn what_is_wrong_is_said_before_anything_is_read_or_asked() {
    let sandbox = Sandbox::with_server();
    for (words, says) in [
        (
            &["--from-stdin=k"][..],
            "error: standard input is empty, and is to be the value of \"k\"\nhint: --from-literal=k= makes an empty value\n",
        ),
        (
            &["--from-stdin=k", "--from-literal=k=hunter2"],
            "error: cannot add key k, another key by that name already exists\n",
        ),
        (&["--from-stdin=k", "--prompt=k"], "error: cannot add key k, another key by that name already exists\n"),
        (
            &["--prompt=k"],
            "error: --prompt asks, and there is no terminal to ask on\nhint: --from-stdin KEY takes the value from a pipe\n",
        ),
    ] {
        let line = [&["create", "generic", "a"], words].concat();
        let outcome = sandbox.run_with(&line, b"");
        assert_eq!((outcome.exit, outcome.stderr.as_str()), (1, says), "{words:?}");
    }
    assert!(made(&sandbox, &["--from-stdin=a/b"], b"v").is_err_and(|error| error.contains("a/b")));
    assert_eq!(sandbox.ok(&["get", "secrets", "-o", "name"]), "", "nothing was created");
    // What is in standard input is left for the next command of a script where it is not wanted.
    let script = "ksecret create generic a --from-stdin=a/b; cat";
    let mut sandbox = sandbox;
    sandbox.link("ksecret", super::support::KSECRET);
    let outcome = super::support::run(sandbox.command_of("sh", &["-c", script]), b"left");
    assert_eq!(outcome.stdout, "left");
}

#[test]
fn a_registrys_password_comes_from_standard_input() {
    let sandbox = Sandbox::bare();
    let line = |more: &'static [&'static str]| {
        [&["create", "docker-registry", "r", "--docker-username=u", "--dry-run=client", "-o", "yaml"], more].concat()
    };
    let typed = sandbox.ok(&line(&["--docker-password=hunter2"]));
    for stdin in ["hunter2", "hunter2\n", "hunter2\r\n"] {
        let outcome = sandbox.run_with(&line(&["--docker-password-stdin"]), stdin.as_bytes());
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, typed.as_str()), "{stdin:?}: {}", outcome.stderr);
    }
    for (stdin, more, says) in [
        (&b""[..], &["--docker-password-stdin"][..], "error: standard input is empty, and is to be the password\n"),
        (b"\n", &["--docker-password-stdin"], "error: standard input is empty, and is to be the password\n"),
        (
            b"\xff",
            &["--docker-password-stdin"],
            "error: standard input is not valid UTF-8, and is to be the password\n",
        ),
        (
            b"x",
            &["--docker-password-stdin", "--docker-password=y"],
            "error: --docker-password-stdin goes with neither --docker-password nor --from-file\n",
        ),
    ] {
        let outcome = sandbox.run_with(&line(more), stdin);
        assert_eq!((outcome.exit, outcome.stderr.as_str()), (1, says));
    }
}
