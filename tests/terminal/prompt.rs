//! `--prompt`: a value that is typed, and never on the screen.

use std::{io::Read as _, net::TcpListener};

use super::screen::Screen;
use crate::support::{KSECRET, Sandbox};

/// It is asked for twice, and again where the two differ.
pub fn a_value_is_asked_for_twice_and_not_shown() {
    let sandbox = Sandbox::with_server();
    let screen = Screen::of(&sandbox);
    screen.keys(&[&format!("clear; {KSECRET} create generic a --prompt=k; echo status=$?"), "Enter"]);
    // Why: what is typed before it is asked for is discarded.
    let asked = |prompt: &str, times: usize, value: &str| {
        screen.wait(prompt, |shown| shown.matches(prompt).count() == times);
        screen.keys(&[value, "Enter"]);
    };
    asked("The value of k:", 1, "hunter2");
    asked("Again:", 1, "hunter3");
    asked("The value of k:", 2, "hunter2");
    asked("Again:", 2, "hunter2");
    let shown = screen.wait_for("status=0");
    assert!(!shown.contains("hunter"), "{shown}");
    assert_eq!(sandbox.ok(&["decode", "a", "k"]), "hunter2");
}

/// When the value is there, Ctrl-C ends the request as it ends every other.
pub fn ctrl_c_ends_the_request_after_it() {
    let mut sandbox = Sandbox::bare();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    sandbox.set_env("SERVER", format!("http://{}", listener.local_addr().expect("its address")));
    let screen = Screen::of(&sandbox);
    screen.keys(&[&format!("clear; {KSECRET} create generic a --prompt=k --server $SERVER"), "Enter"]);
    screen.wait_for("The value of k:");
    screen.keys(&["hunter2", "Enter"]);
    screen.wait_for("Again:");
    screen.keys(&["hunter2", "Enter"]);
    let (mut connection, _) = listener.accept().expect("a connection");
    connection.read_exact(&mut [0]).expect("the request begins");
    screen.keys(&["C-c"]);
    screen.wait("the shell's prompt", |shown| shown.trim_end().ends_with(['#', '$']));
    screen.keys(&["echo status=$?", "Enter"]);
    screen.wait_for("status=130");
}

/// Ctrl-C and a signal end it: nothing is created, and what is typed afterwards is seen again.
pub fn a_signal_leaves_the_terminal_as_it_was() {
    let sandbox = Sandbox::with_server();
    for (end, status) in [("C-c", "status=130"), ("kill", "status=143")] {
        let screen = Screen::of(&sandbox);
        let line = format!("clear; sh -c 'echo $$ > pid; exec {KSECRET} create generic a --prompt=k'");
        screen.keys(&[&line, "Enter"]);
        screen.wait_for("The value of k:");
        screen.keys(&["hunter2"]);
        if end == "kill" {
            assert_eq!(crate::support::run(sandbox.command_of("sh", &["-c", "kill $(cat pid)"]), b"").exit, 0);
        } else {
            screen.keys(&[end]);
        }
        // A shell goes no further in a line that Ctrl-C has ended.
        screen.wait("the shell's prompt", |shown| shown.trim_end().ends_with(['#', '$']));
        screen.keys(&["echo status=$?", "Enter"]);
        let shown = screen.wait_for(status);
        assert!(!shown.contains("hunter"), "{shown}");
        let shown = screen.run("stty -a | grep -o ' echo '; echo seen");
        assert!(shown.contains("\n echo") || shown.contains(" echo \n"), "{end}: {shown}");
        assert_eq!(sandbox.ok(&["get", "secrets", "-o", "name"]), "");
    }
}

/// Each login has its own question.
pub fn passwords_of_registries_are_asked_for() {
    let sandbox = Sandbox::with_server();
    let screen = Screen::of(&sandbox);
    let line = "create docker-registry r --docker-username=u --docker-login=ghcr.io=v --docker-password-prompt";
    screen.keys(&[&format!("clear; {KSECRET} {line}; echo status=$?"), "Enter"]);
    for (question, password) in [("The password of u:", "hunter2"), ("The password of v at ghcr.io:", "hunter3")] {
        screen.wait_for(question);
        screen.keys(&[password, "Enter"]);
        screen.wait("Again:", |shown| shown.contains(question) && shown.contains("Again:"));
        screen.keys(&[password, "Enter"]);
    }
    let shown = screen.wait_for("status=0");
    assert!(!shown.contains("hunter"), "{shown}");
    let made = sandbox.ok(&["decode", "r", ".dockerconfigjson"]);
    assert!(made.contains("\"auth\":\"dTpodW50ZXIy\"") && made.contains("\"auth\":\"djpodW50ZXIz\""), "{made}");
}

/// The passphrase of a key is asked for once.
pub fn the_passphrase_of_a_key_is_asked_for() {
    let sandbox = Sandbox::with_server();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tls/ed25519.p12");
    std::fs::copy(file, sandbox.cwd().join("site.p12")).expect("a file");
    let screen = Screen::of(&sandbox);
    for (passphrase, end) in [("hunter3", "error: site.p12: the passphrase is wrong"), ("hunter2", "status=0")] {
        screen.keys(&[&format!("clear; {KSECRET} create tls site --pkcs12=site.p12; echo status=$?"), "Enter"]);
        screen.wait_for("The passphrase of site.p12:");
        screen.keys(&[passphrase, "Enter"]);
        let shown = screen.wait_for(end);
        assert!(!shown.contains("hunter"), "{shown}");
    }
    assert!(sandbox.ok(&["decode", "site", "tls.key"]).starts_with("-----BEGIN PRIVATE KEY-----\n"));
}
