//! `edit` on a real terminal: vim, signals from the keyboard, questions.

use std::fs;

use super::{Screen, files_below, nothing_left, sandbox};
use crate::support::{KSECRET, Sandbox};

/// Makes this script the editor; `$1` is the file.
fn editor(sandbox: &mut Sandbox, body: &str) {
    let script = sandbox.script("editor", &format!("#!/bin/sh\n{body}\n"));
    sandbox.set_env("KUBE_EDITOR", script);
}

fn user(sandbox: &Sandbox) -> String {
    sandbox.ok(&["decode", "db", "user"])
}

pub fn vim_edits_and_leaves_nothing_behind() {
    let mut sandbox = sandbox();
    sandbox.ok(&["patch", "secret", "db", "-p", "{\"stringData\":{\"password\":\"an-m4rker\"}}"]);
    sandbox.set_env("KUBE_EDITOR", "vim");
    // Everything that a careless configuration would write beside or elsewhere.
    fs::write(
        sandbox.root().join("home/.vimrc"),
        "set backup undofile backupdir=~ undodir=~ directory=~ viminfo='100,\\\"50,n~/.viminfo\n",
    )
    .expect("a vimrc");
    let screen = Screen::of(&sandbox);
    screen.keys(&[&format!("{KSECRET} edit -d db; echo status=$?"), "Enter"]);
    screen.wait_for("user: admin");
    screen.keys(&[":%s/user: admin/user: root/", "Enter", ":wq", "Enter"]);
    let shown = screen.wait_for("status=0");
    assert!(shown.contains("secret/db edited"), "{shown}");
    assert_eq!(user(&sandbox), "root");
    nothing_left(&sandbox, &[b"m4rker", b"bTRya2Vy"]);
    assert_eq!(files_below(&sandbox.root().join("home")), [sandbox.root().join("home/.vimrc")]);
}

pub fn ctrl_c_in_the_editor_is_the_editors() {
    let mut sandbox = sandbox();
    sandbox.set_env("KUBE_EDITOR", "vim");
    let screen = Screen::of(&sandbox);
    screen.keys(&[&format!("{KSECRET} edit db; echo status=$?"), "Enter"]);
    screen.wait_for("user: YWRtaW4=");
    screen.keys(&["C-c"]);
    // vim forgets what is typed before it has seen the signal.
    screen.wait_for("to exit Vim");
    screen.keys(&[":s/^/# /", "Enter"]);
    screen.keys(&[":q!", "Enter"]);
    let shown = screen.wait_for("status=0");
    assert!(shown.contains("Edit cancelled, no changes made."), "{shown}");
}

pub fn the_terminal_is_as_it_was_after_a_killed_editor() {
    let mut sandbox = sandbox();
    editor(&mut sandbox, "stty raw -echo; kill -9 $$");
    let screen = Screen::of(&sandbox);
    screen.keys(&[&format!("stty -a > before; {KSECRET} edit db; stty -a > after; echo done"), "Enter"]);
    screen.wait_for("\ndone");
    let read = |name: &str| fs::read_to_string(sandbox.cwd().join(name)).expect("the settings");
    assert_eq!(read("before"), read("after"));
}

pub fn confirming_is_asked_on_the_terminal() {
    let mut sandbox = sandbox();
    editor(&mut sandbox, "sed -i 's/user: admin/user: root/' \"$1\"");
    let screen = Screen::of(&sandbox);
    screen.keys(&[&format!("{KSECRET} edit -d db --confirm; echo status=$?"), "Enter"]);
    let shown = screen.wait_for("Save this?");
    assert!(shown.contains("secret/db: changed user (5 → 4 bytes)"), "{shown}");
    screen.keys(&["n"]);
    screen.wait_for("status=0");
    assert_eq!(user(&sandbox), "admin");
    screen.keys(&["clear", "Enter", &format!("{KSECRET} edit --resume --confirm; echo status=$?"), "Enter"]);
    screen.wait_for("Save this?");
    screen.keys(&["y"]);
    screen.wait_for("secret/db edited");
    assert_eq!(user(&sandbox), "root");
}

pub fn a_screen_shows_no_control_characters_and_no_binary() {
    let sandbox = sandbox();
    sandbox.write("esc", b"a\x1b[2Jb\x07");
    sandbox.write("bin", [0u8, 0xff]);
    sandbox.ok(&["create", "generic", "n", "--from-file=esc", "--from-file=bin"]);
    let screen = Screen::of(&sandbox);
    screen.keys(&[
        &format!("{KSECRET} decode n esc; {KSECRET} decode n; {KSECRET} decode n bin; echo status=$?"),
        "Enter",
    ]);
    let shown = screen.wait_for("status=1");
    assert!(shown.contains("a^[[2Jb\\x07\n") && shown.contains("esc: \"a\\e[2Jb\\x07\""), "{shown}");
    assert!(
        shown.contains("bin: !binary-2-bytes\n") && shown.contains("error: the value is binary, 2 bytes"),
        "{shown}"
    );
}
