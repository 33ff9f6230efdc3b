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
            "error: cannot add key k, another key by that name already exists\nhint: --from-literal and --from-stdin both have it\n",
        ),
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

#[test]
fn entries_come_from_files_of_other_programs() {
    let sandbox = Sandbox::bare();
    sandbox.write("a.env", "# the web\nexport USER_NAME = 'ad min' # c\nPASSWORD=\"p$w\\\"d\n2\"\n");
    sandbox.write("b.json", r#"{"port": 5432.0, "tls": true}"#);
    sandbox.write("c.yaml", "mode: 0644\non: yes\n");
    let made = |words: &[&str], stdin: &[u8]| {
        let line = [
            &[
                "create",
                "generic",
                "a",
                "--dry-run=client",
                "-o",
                "go-template={{range $k, $v := .data}}{{$k}}={{base64decode $v}};{{end}}",
            ],
            words,
        ]
        .concat();
        let outcome = sandbox.run_with(&line, stdin);
        if outcome.exit == 0 { outcome.stdout } else { outcome.stderr }
    };
    let all = made(&["--from-dotenv=a.env", "--from-json", "b.json", "--from-yaml=c.yaml", "--from-literal=x=y"], b"");
    assert_eq!(all, "PASSWORD=p$w\"d\n2;USER_NAME=ad min;mode=0644;on=yes;port=5432.0;tls=true;x=y;");
    assert_eq!(made(&["--from-dotenv=-", "--from-json=b.json"], b"K='v'"), "K=v;port=5432.0;tls=true;");
    assert_eq!(made(&["--from-json=-"], b"{\"k\":\"v\"}"), "k=v;");
    assert_eq!(made(&["--from-yaml", "-"], b"k: v\n"), "k=v;");
    // kubectl's flag beside them.
    sandbox.write("k.env", "Q='x'\n");
    assert_eq!(made(&["--from-env-file=k.env", "--from-yaml=c.yaml"], b""), "Q='x';mode=0644;on=yes;");
}

#[test]
fn two_sources_for_one_key_are_named() {
    let mut sandbox = Sandbox::with_server();
    sandbox.write("a.env", "A=hunter2\n\nk=hunter2\n");
    sandbox.write("b.json", r#"{"k": "hunter3"}"#);
    sandbox.write("k", "hunter4");
    sandbox.set_env("V", "hunter5");
    for (words, hint) in [
        (&["--from-dotenv=a.env", "--from-json=b.json"][..], "line 3 of a.env and b.json both have it"),
        (&["--from-dotenv=a.env", "--from-dotenv=a.env"], ""),
        (&["--from-literal=k=hunter2", "--from-json=b.json"], "--from-literal and b.json both have it"),
        (&["--from-file=k", "--from-env=k=V"], "--from-file and --from-env both have it"),
        (&["--from-env-file=a.env", "--from-stdin=k"], "--from-env-file and --from-stdin both have it"),
        (&["--from-env=k=V", "--from-env=k=V"], "--from-env has it twice"),
        (&["--from-json=b.json", "--from-json=b.json"], "b.json has it twice"),
        (&["--from-json=-", "--from-json=b.json"], "b.json and standard input both have it"),
        (&["--from-fd=k=0", "--from-json=b.json"], "b.json and --from-fd both have it"),
    ] {
        let outcome = sandbox.run_with(&[&["create", "generic", "a"], words].concat(), b"{\"k\":\"hunter6\"}");
        let key = if hint.is_empty() { "A" } else { "k" };
        let hint = if hint.is_empty() { "line 1 of a.env has it twice" } else { hint };
        let says = format!("error: cannot add key {key}, another key by that name already exists\nhint: {hint}\n");
        assert_eq!((outcome.exit, outcome.stderr), (1, says), "{words:?}");
    }
    assert_eq!(sandbox.ok(&["get", "secrets", "-o", "name"]), "", "nothing was created");
}

#[test]
fn a_value_comes_from_a_descriptor() {
    let mut sandbox = Sandbox::bare();
    sandbox.link("ksecret", super::support::KSECRET);
    sandbox.write("secret", "hunter2\n");
    sandbox.write("empty", "");
    let create = "ksecret create generic a --dry-run=client -o jsonpath={.data}";
    let shell = |words: &str| {
        let outcome = super::support::run(sandbox.command_of("sh", &["-c", &format!("{create} {words}")]), b"hunter3");
        if outcome.exit == 0 { outcome.stdout } else { outcome.stderr }
    };
    for (words, data) in [
        ("--from-fd=k=3 3<secret", "{\"k\":\"aHVudGVyMgo=\"}"),
        ("--from-fd=k=3 --strip-newline 3<secret", "{\"k\":\"aHVudGVyMg==\"}"),
        ("--from-fd k=9 --from-fd=j=0 9<secret", "{\"j\":\"aHVudGVyMw==\",\"k\":\"aHVudGVyMgo=\"}"),
        ("--from-fd=k=3 3<<X\nhunter2\nX", "{\"k\":\"aHVudGVyMgo=\"}"),
    ] {
        assert_eq!(shell(words), data, "{words}");
    }
    let output = "error: --from-fd: the descriptor for key \"k\" is an output\nhint: the shell opens another one: --from-fd=k=3 3<FILE\n";
    let closed =
        "error: --from-fd: descriptor 7 for key \"k\" is not open\nhint: the shell opens it: --from-fd=k=7 7<FILE\n";
    let wants = "error: --from-fd wants KEY=NUMBER\n";
    for (words, says) in [
        ("--from-fd=k=1", output),
        ("--from-fd=k=2", output),
        ("--from-fd=k=7", closed),
        ("--from-fd=k=hunter2", wants),
        ("--from-fd=k=-1", wants),
        ("--from-fd=k=", wants),
        ("--from-fd=hunter2", wants),
        ("--from-fd=k=99999999999", wants),
        ("--from-fd=k=3 3<.", "error: descriptor 3: is a directory\n"),
        (
            "--from-fd=k=3 3<empty",
            "error: descriptor 3 is empty, and is to be the value of \"k\"\nhint: --from-literal=k= makes an empty value\n",
        ),
    ] {
        assert_eq!(shell(words), says, "{words}");
    }
}

#[test]
fn one_newline_goes_from_the_end_of_what_is_read_whole() {
    let sandbox = Sandbox::bare();
    for (text, data) in
        [("x\n", "eA=="), ("x\r\n", "eA=="), ("x\n\n", "eAo="), ("x\r", "eA0="), ("x", "eA=="), ("\n", "")]
    {
        sandbox.write("k", text);
        std::fs::create_dir_all(sandbox.cwd().join("d")).unwrap();
        sandbox.write("d/k", text);
        let wanted = Ok(format!("{{\"k\":\"{data}\"}}"));
        for words in
            [&["--from-file=k"][..], &["--from-file=k=k"], &["--from-file=d"], &["--from-stdin=k"], &["--from-fd=k=0"]]
        {
            let line = [words, &["--strip-newline"]].concat();
            assert_eq!(made(&sandbox, &line, text.as_bytes()), wanted, "{words:?} {text:?}");
        }
    }
    // What has its own ends of values keeps them.
    sandbox.write("e.env", "k=\"x\n\"\n");
    sandbox.write("e.json", "{\"k\":\"x\\n\"}");
    for words in [
        ["--from-dotenv=e.env", "--strip-newline"],
        ["--from-json=e.json", "--strip-newline"],
        ["--from-literal=k=x\n", "--strip-newline"],
    ] {
        assert_eq!(made(&sandbox, &words, b""), Ok("{\"k\":\"eAo=\"}".to_owned()), "{words:?}");
    }
}

#[test]
fn standard_input_is_read_by_one_flag() {
    let sandbox = Sandbox::bare();
    let once = "error: standard input can be read once, and more than one flag reads it\n";
    for (words, says) in [
        (&["--from-stdin=k", "--from-json=-"][..], once),
        (&["--from-fd=k=0", "--from-stdin=j"], once),
        (&["--from-fd=k=0", "--from-fd=j=0"], once),
        (&["--from-yaml=-", "--from-dotenv=-"], once),
        (&["--from-dotenv=-"], "error: standard input is empty, and --from-dotenv=- reads it\n"),
        (&["--from-json=none"], "error: open none: no such file or directory\n"),
        (&["--from-yaml=."], "error: read .: is a directory\n"),
        (
            &["--from-json=none", "--prompt=k"],
            "error: --prompt asks, and there is no terminal to ask on\nhint: --from-stdin KEY takes the value from a pipe\n",
        ),
    ] {
        assert_eq!(made(&sandbox, words, b""), Err(says.to_owned()), "{words:?}");
    }
}
