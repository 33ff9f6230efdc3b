//! `create` with no arguments: what is asked, and the line that it becomes.

use super::screen::Screen;
use crate::support::{KSECRET, Sandbox};

/// Starts it.
fn begun(sandbox: &Sandbox) -> Screen {
    let screen = Screen::of(sandbox);
    screen.keys(&[&format!("clear; {KSECRET} create; echo status=$?"), "Enter"]);
    screen
}

/// Waits until a question is asked for the nth time, and answers it.
fn answer(screen: &Screen, question: &str, times: usize, keys: &str) {
    screen.wait(question, |shown| shown.matches(question).count() >= times);
    screen.keys(&[keys, "Enter"]);
}

pub fn answers_become_a_line_without_values() {
    let sandbox = Sandbox::with_server();
    let screen = begun(&sandbox);
    answer(&screen, "Type (", 1, "1");
    answer(&screen, "Name:", 1, "Bad_");
    screen.wait_for("a lowercase RFC 1123 subdomain");
    answer(&screen, "Name:", 2, "db");
    answer(&screen, "Key (Enter: no more):", 1, "password");
    answer(&screen, "Its value (", 1, "");
    answer(&screen, "Key (Enter: no more):", 2, "token");
    answer(&screen, "Its value (", 2, "made");
    answer(&screen, "Made by (", 1, "nope");
    screen.wait_for("no generator has this name");
    answer(&screen, "Made by (", 2, "hex:4");
    answer(&screen, "Key (Enter: no more):", 3, "");
    answer(&screen, "Run it (", 1, "y");
    answer(&screen, "The value of password:", 1, "hunter2");
    answer(&screen, "Again:", 1, "hunter2");
    let shown = screen.wait_for("status=0");
    assert!(shown.contains("ksecret create generic db --prompt=password --generate=token=hex:4"), "{shown}");
    assert!(!shown.contains("hunter"), "{shown}");
    assert_eq!(sandbox.ok(&["decode", "db", "password"]), "hunter2");
    assert_eq!(sandbox.ok(&["decode", "db", "token"]).len(), 8);
}

pub fn nothing_is_created_unless_it_is_wanted() {
    let sandbox = Sandbox::with_server();
    let screen = begun(&sandbox);
    answer(&screen, "Type (", 1, "tls");
    answer(&screen, "Name:", 1, "site");
    answer(&screen, "Certificate (", 1, "2");
    answer(&screen, "DNS names and addresses", 1, "a.example 10.0.0.1");
    answer(&screen, "Run it (", 1, "no");
    screen.wait_for("Nothing was created.");
    screen.wait_for("status=0");
    let screen = begun(&sandbox);
    screen.wait_for("Type (");
    screen.keys(&["C-d"]);
    screen.wait_for("status=1");
    assert_eq!(sandbox.ok(&["get", "secrets", "-o", "name"]), "");
}
