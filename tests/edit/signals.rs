//! Signals while the editor is open, and what a kill leaves.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use super::{Sandbox, assert_no_marker, editor, fifo, heard, sandbox};

fn signal(name: &str, child: &Child) {
    let sent = Command::new("kill").args(["-s", name, &child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
}

/// Starts an edit whose editor says where its file is, and then does `then`.
fn open(sandbox: &mut Sandbox, then: &str) -> (Child, PathBuf) {
    let said = fifo(sandbox, "said");
    editor(sandbox, &format!("echo $$ > editor.pid; echo \"$1\" > said\n{then}"));
    let child = sandbox
        .command(&["edit", "db"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the edit starts");
    let path = PathBuf::from(heard(&said));
    assert!(path.exists(), "{}", path.display());
    (child, path)
}

fn stderr(child: Child) -> (Option<i32>, String) {
    let output = child.wait_with_output().expect("its end");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_signal_ends_the_edit_and_nothing_is_left() {
    for (name, status) in [("INT", 130), ("TERM", 143), ("HUP", 129), ("QUIT", 131)] {
        let mut sandbox = sandbox();
        let (child, path) = open(&mut sandbox, "exec sleep 1000");
        signal(name, &child);
        let (code, text) = stderr(child);
        assert_eq!(code, Some(status), "{name}: {text}");
        assert!(!path.parent().expect("its directory").exists(), "{name}");
        assert_no_marker(&sandbox, &text);
    }
}

#[test]
fn an_editor_that_will_not_end_does_not_keep_the_file() {
    let mut sandbox = sandbox();
    let (child, path) = open(&mut sandbox, "trap '' TERM INT HUP; while :; do sleep 1; done");
    signal("TERM", &child);
    assert_eq!(stderr(child).0, Some(143));
    assert!(!path.parent().expect("its directory").exists());
}

#[test]
fn typed_text_survives_a_signal() {
    let mut sandbox = sandbox();
    let (child, _) =
        open(&mut sandbox, "sed -i 's/YWRtaW4=/cm9vdA==/' \"$1\"; echo changed > changed; exec sleep 1000");
    let changed = sandbox.cwd().join("changed");
    while !changed.exists() {
        std::thread::yield_now();
    }
    signal("TERM", &child);
    let (_, text) = stderr(child);
    assert!(text.contains("hint: your changes are kept, encrypted: ksecret edit --resume db"), "{text}");
    editor(&mut sandbox, "true");
    assert_eq!(sandbox.ok(&["edit", "--resume", "db"]), "secret/db edited\n");
    assert_eq!(super::data(&sandbox, "db")["user"], "cm9vdA==");
}

/// Kills an edit and starts another. Returns whether that one said that it removed what was left.
fn is_removed_after_a_kill() -> bool {
    let mut sandbox = sandbox();
    let (mut child, path) = open(&mut sandbox, "exec sleep 1000");
    let dir: &Path = path.parent().expect("its directory");
    // While the process runs, no other removes its directory.
    editor(&mut sandbox, "true");
    assert!(!sandbox.run(&["edit", "db"]).stderr.contains(&dir.display().to_string()) && path.exists());
    child.kill().expect("SIGKILL");
    child.wait().expect("its end");
    let outcome = sandbox.run(&["edit", "db"]);
    assert!(!dir.exists());
    // The editor of the killed edit is still running, and ours to end.
    let pid = std::fs::read_to_string(sandbox.cwd().join("editor.pid")).expect("its number");
    assert!(Command::new("kill").arg(pid.trim()).status().expect("kill").success());
    let line = format!("warning: removed {}, which an edit that was killed had left", dir.display());
    outcome.stderr.contains(&line)
}

/// Why several times: all edits of this user share the directory in memory, so another test's edit may be the next start.
#[test]
fn what_a_kill_leaves_is_removed_at_the_next_start() {
    assert!((0..20).any(|_| is_removed_after_a_kill()), "no edit said that it removed what was left");
}
