//! `with-server -- COMMAND`: what the command gets, what comes back from it, and what is left when either is killed.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    net::TcpStream,
    path::Path,
    process::{Child, ChildStdout, Stdio},
    time::{Duration, Instant},
};

use super::support::{KSECRET, Sandbox, run};

/// `with-server [FLAGS] -- sh -c SCRIPT` to its end.
fn with_server(sandbox: &Sandbox, flags: &[&str], script: &str) -> super::support::Outcome {
    let words: Vec<&str> = ["with-server"].iter().chain(flags).chain(&["--", "sh", "-ec", script]).copied().collect();
    sandbox.run(&words)
}

/// Starts `with-server -- sh -c SCRIPT`, and reads the first line that the script prints.
fn started(sandbox: &Sandbox, script: &str) -> (Child, BufReader<ChildStdout>, String) {
    let mut parent = sandbox
        .command(&["with-server", "--", "sh", "-c", script])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut output = BufReader::new(parent.stdout.take().expect("its stdout"));
    let mut line = String::new();
    output.read_line(&mut line).expect("its first line");
    (parent, output, line.trim_end().to_owned())
}

pub fn send(sandbox: &Sandbox, signal: &str, pid: u32) {
    let sent = run(sandbox.command_of("kill", &[format!("-{signal}"), pid.to_string()]), b"");
    assert_eq!(sent.exit, 0, "{}", sent.stderr);
}

/// Polls until `done`, for a second at most as the promise is; a loaded machine gets nine more before the test fails.
pub fn within_moments(what: &str, mut done: impl FnMut() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < Duration::from_secs(10), "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Whether a process runs: it is there and no zombie.
pub fn runs(pid: &str) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat"))
        .is_ok_and(|stat| !stat.rsplit(')').next().unwrap_or_default().trim_start().starts_with('Z'))
}

/// The server's address in a kubeconfig.
fn address(kubeconfig: &str) -> String {
    let line = kubeconfig.lines().find_map(|line| line.trim().strip_prefix("server: https://")).expect("a server");
    line.trim_matches('"').to_owned()
}

#[test]
fn the_command_has_a_server_of_its_own() {
    let mut sandbox = Sandbox::with_server();
    // The store that the caller uses otherwise must not reach the command.
    sandbox.set_env("KSECRET_LOCAL", "1");
    let mine = fs::read_to_string(sandbox.kubeconfig()).expect("the caller's kubeconfig");
    let script = format!(
        "echo \"$KUBECONFIG\"; {KSECRET} create generic inside --from-literal=k=v; {KSECRET} get secrets -o name; \
         stat -c %a \"$KUBECONFIG\""
    );
    let outcome = with_server(&sandbox, &[], &script);
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""));
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    let [theirs, made, listed, mode] = lines.as_slice() else { panic!("{lines:?}") };
    assert_ne!(Path::new(theirs), sandbox.kubeconfig());
    assert_eq!((*made, *listed, *mode), ("secret/inside created", "secret/inside", "600"));
    assert!(!Path::new(theirs).exists(), "its kubeconfig is gone");
    assert!(!Path::new(theirs).parent().expect("a directory").exists(), "and the directory");

    assert_eq!(fs::read_to_string(sandbox.kubeconfig()).expect("the caller's kubeconfig"), mine);
    sandbox.unset_env("KSECRET_LOCAL");
    assert_eq!(sandbox.ok(&["get", "secrets", "-o", "name"]), "", "the caller's server has nothing of it");
}

#[test]
fn standard_streams_are_the_commands_own() {
    let sandbox = Sandbox::bare();
    let outcome =
        sandbox.run_with(&["with-server", "--", "sh", "-c", "tr a-z A-Z; echo said >&2"], b"through standard input\n");
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("THROUGH STANDARD INPUT\n", "said\n"));
}

#[test]
fn the_exit_status_is_the_commands() {
    let sandbox = Sandbox::bare();
    for (script, exit) in
        [("exit 0", 0), ("exit 1", 1), ("exit 42", 42), ("kill -TERM $$", 143), ("kill -KILL $$", 137)]
    {
        let outcome = with_server(&sandbox, &[], script);
        assert_eq!((outcome.exit, outcome.stderr.as_str()), (exit, ""), "{script}");
    }
    let outcome = sandbox.run(&["with-server", "--", "no-such-program"]);
    assert_eq!(outcome.exit, 127);
    assert!(outcome.stderr.starts_with("error: cannot start no-such-program: "), "{}", outcome.stderr);
    assert_eq!(fs::read_dir(sandbox.root().join("tmp")).expect("TMPDIR").count(), 0, "nothing is left");
}

#[test]
fn manifests_are_there_before_the_command_runs() {
    let sandbox = Sandbox::bare();
    sandbox.write(
        "secrets.yaml",
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: prod}\n---\n\
         apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: prod}\nstringData: {k: one}\n---\n\
         apiVersion: v1\nkind: Secret\nmetadata: {name: b}\nstringData: {k: two}\n",
    );
    sandbox.write("more.json", r#"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"c"},"data":{"k":"Mw=="}}"#);
    let script = format!("{KSECRET} get secrets -A -o name --sort-by=.metadata.name; {KSECRET} decode a k -n prod");
    let outcome = with_server(&sandbox, &["--load", "secrets.yaml", "--load=more.json"], &script);
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""));
    assert_eq!(outcome.stdout, "secret/a\nsecret/b\nsecret/c\none");
}

#[test]
fn a_manifest_that_cannot_be_loaded_keeps_the_command_from_running() {
    let sandbox = Sandbox::bare();
    sandbox.write(
        "bad.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: Bad_Name}\nstringData: {k: hunter2marker}\n",
    );
    for (file, named) in [("bad.yaml", "Bad_Name"), ("absent.yaml", "absent.yaml")] {
        let outcome = with_server(&sandbox, &["--load", file], "touch ran");
        assert_eq!(outcome.exit, 1, "{file}");
        assert!(outcome.stderr.contains(named), "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("hunter2marker"), "{}", outcome.stderr);
    }
    assert!(!sandbox.cwd().join("ran").exists());
    assert_eq!(fs::read_dir(sandbox.root().join("tmp")).expect("TMPDIR").count(), 0, "nothing is left");
}

#[test]
fn signals_are_passed_on() {
    for signal in ["TERM", "INT", "HUP", "QUIT"] {
        let sandbox = Sandbox::bare();
        // The trap says that the command got it; its status is not the signal's.
        let script = format!("trap 'echo got {signal}; exit 7' {signal}; echo ready; while :; do sleep 0.05; done");
        let (mut parent, mut output, line) = started(&sandbox, &script);
        assert_eq!(line, "ready");
        send(&sandbox, signal, parent.id());
        let mut rest = String::new();
        output.read_to_string(&mut rest).expect("its output");
        assert_eq!(rest, format!("got {signal}\n"));
        assert_eq!(parent.wait().expect("its end").code(), Some(7), "{signal}");
        assert_eq!(fs::read_dir(sandbox.root().join("tmp")).expect("TMPDIR").count(), 0, "{signal}: nothing is left");
    }
}

#[test]
fn a_signal_that_ends_the_command_shows_in_the_status() {
    let sandbox = Sandbox::bare();
    let (mut parent, _output, line) = started(&sandbox, "echo ready; exec sleep 600");
    assert_eq!(line, "ready");
    send(&sandbox, "TERM", parent.id());
    assert_eq!(parent.wait().expect("its end").code(), Some(143));
}

#[test]
fn nothing_is_left_when_the_parent_is_killed() {
    let sandbox = Sandbox::bare();
    let (mut parent, _output, line) = started(&sandbox, "echo \"$$ $KUBECONFIG\"; exec sleep 600");
    let (pid, kubeconfig) = line.split_once(' ').expect("a process and a path");
    let address = address(&fs::read_to_string(kubeconfig).expect("the kubeconfig"));
    assert!(runs(pid));
    TcpStream::connect(&address).expect("the server listens");

    send(&sandbox, "KILL", parent.id());
    parent.wait().expect("its end");
    within_moments("the command ends", || !runs(pid));
    within_moments("the kubeconfig goes", || !Path::new(kubeconfig).exists());
    within_moments("its directory goes", || fs::read_dir(sandbox.root().join("tmp")).is_ok_and(|d| d.count() == 0));
    assert!(TcpStream::connect(&address).is_err(), "the server is gone");
    let directory = Path::new(kubeconfig).parent().expect("a directory").to_string_lossy().into_owned();
    within_moments("no process of ours is left", || !reapers().iter().any(|words| words.contains(&directory)));
}

#[test]
fn a_command_that_ignores_the_end_is_killed_with_its_parent() {
    let sandbox = Sandbox::bare();
    let (mut parent, _output, pid) = started(&sandbox, "trap '' TERM HUP INT; echo $$; while :; do sleep 0.05; done");
    send(&sandbox, "KILL", parent.id());
    parent.wait().expect("its end");
    within_moments("the command ends", || !runs(&pid));
}

#[test]
fn what_the_command_started_is_ended_with_it() {
    let sandbox = Sandbox::bare();
    // A child that ignores SIGTERM, one that has cleared its environment, one that has left session and parents.
    let script = "
        (trap '' TERM; while :; do sleep 0.05; done) & one=$!
        env -i sleep 600 & two=$!
        mkfifo said; (setsid sh -c 'echo $$; exec sleep 600' > said &) ; read three < said
        echo $one $two $three; wait";
    let (mut parent, _output, line) = started(&sandbox, script);
    let pids = line.split(' ').collect::<Vec<_>>();
    assert_eq!(pids.iter().filter(|pid| runs(pid)).count(), 3, "{pids:?}");
    send(&sandbox, "KILL", parent.id());
    parent.wait().expect("its end");
    within_moments("all of them end", || !pids.iter().any(|pid| runs(pid)));
    within_moments("the directory goes", || fs::read_dir(sandbox.root().join("tmp")).is_ok_and(|d| d.count() == 0));
}

#[test]
fn what_the_command_leaves_running_is_its_own_when_it_ends() {
    let sandbox = Sandbox::bare();
    let outcome = with_server(&sandbox, &[], "sleep 600 > /dev/null 2>&1 & echo $!");
    let pid = outcome.stdout.trim();
    assert_eq!((outcome.exit, runs(pid)), (0, true), "{pid}");
    send(&sandbox, "KILL", pid.parse().expect("a process"));
}

/// The command lines of the processes that clean up.
fn reapers() -> Vec<String> {
    fs::read_dir("/proc")
        .expect("/proc")
        .filter_map(|entry| fs::read(entry.ok()?.path().join("cmdline")).ok())
        .map(|bytes| String::from_utf8_lossy(&bytes).replace('\0', " "))
        .filter(|words| words.contains(" reap-server "))
        .collect()
}

#[test]
fn a_directory_that_cannot_be_made_is_named() {
    let sandbox = Sandbox::bare();
    let nowhere = sandbox.root().join("nowhere");
    let mut command = sandbox.command(&["with-server", "--", "true"]);
    command.env("TMPDIR", &nowhere).env("RUST_BACKTRACE", "1");
    let outcome = run(command, b"");
    let begins = "error: cannot make a temporary directory: no such file or directory at path \"";
    assert!(outcome.stderr.starts_with(&format!("{begins}{}", nowhere.display())), "{}", outcome.stderr);
    assert_eq!((outcome.exit, outcome.stdout.len()), (1, 0));
}
