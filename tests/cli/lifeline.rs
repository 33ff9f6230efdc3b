//! Servers end with what they are tied to: the process that started them, the other end of a file descriptor.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    os::{fd::OwnedFd, unix::net::UnixStream},
    process::{Child, ChildStdout, Command, Stdio},
};

use super::{
    support::{
        KSECRET, Sandbox,
        require::{Need, Required},
    },
    with_server::{runs, send, within_moments},
};

/// Starts a command, and reads the first `count` lines that it prints.
fn printing(command: &mut Command, count: usize) -> (Child, BufReader<ChildStdout>, Vec<String>) {
    let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
    let mut output = BufReader::new(child.stdout.take().expect("its stdout"));
    let lines = (0..count).map(|_| {
        let mut line = String::new();
        output.read_line(&mut line).expect("a line");
        line.trim_end().to_owned()
    });
    let lines = lines.collect();
    (child, output, lines)
}

/// A shell that runs a script until it is killed.
fn shell(sandbox: &Sandbox, script: &str, lines: usize) -> (Child, BufReader<ChildStdout>, Vec<String>) {
    printing(sandbox.command_of("sh", &["-c", script]).stdin(Stdio::null()), lines)
}

fn kill(sandbox: &Sandbox, mut child: Child) {
    send(sandbox, "KILL", child.id());
    child.wait().expect("its end");
}

#[test]
fn serve_ends_with_its_parent_if_it_is_told_to() {
    let sandbox = Sandbox::bare();
    let serve = |name: &str, flag: &str| format!("{KSECRET} serve --store memory --kubeconfig {name} {flag}");
    let script = format!(
        "mkfifo 1 2; {} >1 & echo $!; {} >2 & echo $!; exec 3<1 4<2; read one <&3; read two <&4; echo ready; wait",
        serve("tied", "--exit-with-parent"),
        serve("free", "")
    );
    let (parent, _output, lines) = shell(&sandbox, &script, 3);
    let [tied, free, _ready] = lines.as_slice() else { panic!("{lines:?}") };
    assert!(runs(tied) && runs(free) && sandbox.cwd().join("tied").exists());
    kill(&sandbox, parent);
    within_moments("the server ends", || !runs(tied));
    assert!(!sandbox.cwd().join("tied").exists(), "its kubeconfig is gone");
    assert!(runs(free), "one that is not told to stays");
    send(&sandbox, "TERM", free.parse().expect("a process"));
    within_moments("until it is stopped", || !runs(free));
}

#[test]
fn serve_ends_with_the_other_end_of_a_descriptor() {
    for (words, kind) in [(["--exit-with-fd=0", "-v=0"], "pipe"), (["--exit-with-fd", "0"], "socket")] {
        let mut sandbox = Sandbox::bare();
        let args = [&["serve", "--store", "memory", "--kubeconfig", "kubeconfig"][..], &words].concat();
        let mut command = sandbox.command(&args);
        let (mut server, mut end): (_, Box<dyn std::io::Write>) = if kind == "pipe" {
            let (mut server, ..) = printing(command.stdin(Stdio::piped()), 1);
            let end = server.stdin.take().expect("its stdin");
            (server, Box::new(end))
        } else {
            let (here, there) = UnixStream::pair().expect("a pair of sockets");
            (printing(command.stdin(Stdio::from(OwnedFd::from(there))), 1).0, Box::new(here))
        };
        // A copy of the server's own end lives on in the command that it was started with.
        drop(command);
        end.write_all(b"what is written is no end\n").expect("it is taken");
        sandbox.set_env("KUBECONFIG", sandbox.cwd().join("kubeconfig").to_string_lossy());
        sandbox.ok(&["get", "namespaces"]);
        assert!(matches!(server.try_wait(), Ok(None)), "{kind}: the server goes on");
        drop(end);
        assert_eq!(server.wait().expect("its end").code(), Some(0), "{kind}");
        assert!(!sandbox.cwd().join("kubeconfig").exists(), "{kind}: its kubeconfig is gone");
    }
}

#[test]
fn a_descriptor_without_another_end_is_an_error() {
    let sandbox = Sandbox::bare();
    for (descriptor, input, why) in [
        ("99", "/dev/null", "error: --exit-with-fd=99: no such file descriptor\n"),
        ("4294967295", "/dev/null", "error: --exit-with-fd=4294967295: no such file descriptor\n"),
        ("0", "/dev/null", "error: --exit-with-fd=0: not a pipe or socket\n"),
        ("0", KSECRET, "error: --exit-with-fd=0: not a pipe or socket\n"),
    ] {
        for words in [&["serve", "--store", "memory"][..], &["with-server", "--", "touch", "ran"]] {
            let flag = format!("--exit-with-fd={descriptor}");
            let args = [&words[..1], &[flag.as_str()], &words[1..]].concat();
            let mut command = sandbox.command(&args);
            let output = command.stdin(fs::File::open(input).expect("a file")).output().expect("it runs");
            assert_eq!(output.status.code(), Some(1), "{args:?}");
            assert_eq!(String::from_utf8_lossy(&output.stderr), why, "{args:?}");
        }
    }
    assert!(!sandbox.cwd().join("ran").exists());
    assert_eq!(fs::read_dir(sandbox.root().join("tmp")).expect("TMPDIR").count(), 0, "nothing is left");
}

/// `with-server` around a command that says which process it is and has started another that outlives SIGTERM.
fn with_server(flags: &str) -> String {
    let command = "(trap \"\" TERM; exec sleep 600) & echo $$ $!; wait";
    format!("{KSECRET} with-server {flags} -- sh -c '{command}'")
}

#[test]
fn with_server_ends_with_its_parent() {
    let sandbox = Sandbox::bare();
    let script = format!("{} & echo $!; wait", with_server(""));
    let (parent, _output, lines) = shell(&sandbox, &script, 2);
    let processes = lines.iter().flat_map(|line| line.split(' ')).collect::<Vec<_>>();
    assert_eq!(processes.iter().filter(|pid| runs(pid)).count(), 3, "{lines:?}");
    kill(&sandbox, parent);
    within_moments("all of them end", || !processes.iter().any(|pid| runs(pid)));
    assert_eq!(fs::read_dir(sandbox.root().join("tmp")).expect("TMPDIR").count(), 0, "nothing is left");
}

#[test]
fn with_server_ends_with_the_other_end_of_a_descriptor() {
    let sandbox = Sandbox::bare();
    let script = format!("exec {} 3<&0 </dev/null", with_server("--exit-with-fd=3"));
    let (mut parent, _output, lines) = printing(sandbox.command_of("sh", &["-c", &script]).stdin(Stdio::piped()), 1);
    let processes = lines[0].split(' ').collect::<Vec<_>>();
    assert_eq!(processes.iter().filter(|pid| runs(pid)).count(), 2, "{lines:?}");
    drop(parent.stdin.take());
    // The command was sent SIGTERM, and its end is passed on.
    assert_eq!(parent.wait().expect("its end").code(), Some(143));
    within_moments("nothing outlives it", || !processes.iter().any(|pid| runs(pid)));
    assert_eq!(fs::read_dir(sandbox.root().join("tmp")).expect("TMPDIR").count(), 0, "nothing is left");
}

#[test]
fn with_server_goes_on_where_nohup_says_so() {
    let sandbox = Sandbox::bare();
    // As `nohup` does, which would write to a file of its own here.
    let script = format!("trap '' HUP; {} & echo $!; wait", with_server(""));
    let (parent, mut output, lines) = shell(&sandbox, &script, 2);
    let mut processes = lines.iter().flat_map(|line| line.split(' ')).collect::<Vec<_>>();
    processes.sort_unstable();
    kill(&sandbox, parent);
    // A moment in which it would have ended: as long as another, which is tied, takes to end.
    let script = format!("{} & echo $!; wait", with_server(""));
    let (parent, _output, tied) = shell(&sandbox, &script, 2);
    kill(&sandbox, parent);
    within_moments("the other ends", || !tied.iter().flat_map(|line| line.split(' ')).any(runs));
    assert!(processes.iter().all(|pid| runs(pid)), "{processes:?}");
    for pid in &processes {
        send(&sandbox, "KILL", pid.parse().expect("a process"));
    }
    let mut rest = String::new();
    let _ = output.read_line(&mut rest);
}

/// In a container, or behind `unshare`, a process's group and session may be outside of its PID namespace: their numbers
/// are 0 there.
#[test]
fn servers_run_where_their_session_is_outside_of_the_pid_namespace() {
    let sandbox = Sandbox::bare();
    // The tests themselves may run so.
    let starts = ["env", "unshare -p -f --kill-child --mount-proc", "unshare -U -r -p -f --kill-child --mount-proc"];
    let outside = |start: &&&str| {
        let session = "read pid name state parent group session rest </proc/self/stat && [ $session = 0 ]";
        let script = format!("{start} sh -c '{session}'");
        sandbox.command_of("sh", &["-c", &script]).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    };
    let Some(start) = starts.iter().find(outside) else {
        let required = Required::of_environment().expect("needs").wants(Need::Mount).is_some();
        assert!(!required, "KSECRET_REQUIRE=mount: no PID namespace of its own, neither as root nor as a user");
        println!("not run: no PID namespace can be made here; KSECRET_REQUIRE=mount makes that a failure");
        return;
    };
    let ran = sandbox.command_of("sh", &["-c", &format!("{start} {KSECRET} with-server -- echo ran")]).output();
    let ran = ran.expect("it runs");
    assert_eq!((&*ran.stdout, &*ran.stderr, ran.status.code()), (&b"ran\n"[..], &b""[..], Some(0)), "{ran:?}");
    let serve = format!("exec {start} {KSECRET} serve --store memory --kubeconfig kubeconfig --exit-with-parent");
    let (parent, _output, lines) = shell(&sandbox, &serve, 1);
    assert!(lines[0].starts_with("ready "), "{lines:?}");
    kill(&sandbox, parent);
}
