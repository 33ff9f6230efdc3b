//! `config` beyond what recipes hold (`tests/recipes/cases/config`): several processes at once, disks that are full or
//! read-only, mounts, processes that are killed.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    process::{Command, Stdio},
    thread,
};

use super::support::{KSECRET, Outcome, Sandbox, dice::Dice, rounds, run};
use crate::store::mounts::Mounts;

/// A sandbox whose kubeconfig is `kc` in its working directory, which need not exist.
fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::bare();
    sandbox.set_env("KUBECONFIG", "kc");
    sandbox
}

fn private(sandbox: &Sandbox, name: &str, text: &str) {
    sandbox.write(name, text);
    fs::set_permissions(sandbox.cwd().join(name), fs::Permissions::from_mode(0o600)).expect("a mode");
}

fn text(sandbox: &Sandbox, name: &str) -> String {
    fs::read_to_string(sandbox.cwd().join(name)).unwrap_or_default()
}

fn files(sandbox: &Sandbox) -> BTreeSet<String> {
    let entries = fs::read_dir(sandbox.cwd()).expect("the directory");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

fn succeeds(outcome: &Outcome) -> &str {
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""));
    &outcome.stdout
}

/// kubectl loses entries here, or fails with `file exists`.
#[test]
fn many_that_change_one_file_at_once_lose_nothing() {
    const WRITERS: usize = 8;
    let sandbox = sandbox();
    succeeds(&sandbox.run(&["config", "set-cluster", "first"]));
    let number = |at: usize| format!("c{at:02}");
    thread::scope(|scope| {
        for at in 0..WRITERS {
            let sandbox = &sandbox;
            scope.spawn(move || {
                succeeds(&sandbox.run(&["config", "set-cluster", &number(at), "--server=https://s"]));
                // What is there stays there for every reader.
                let names = sandbox.run(&["config", "get-clusters"]);
                let names: Vec<&str> = succeeds(&names).lines().collect();
                assert!(names.contains(&"first") && names.contains(&number(at).as_str()), "{names:?}");
            });
        }
    });
    let names = sandbox.run(&["config", "get-clusters"]);
    let wanted: Vec<String> = ["NAME".to_owned()].into_iter().chain((0..WRITERS).map(number)).collect();
    assert_eq!(succeeds(&names).lines().collect::<Vec<_>>(), [wanted, vec!["first".to_owned()]].concat());
    assert_eq!(files(&sandbox), BTreeSet::from(["kc".to_owned()]));
}

/// A kubeconfig that is large enough for a kill to come in the middle of a write.
fn large(mark: &str) -> String {
    let data = mark.repeat(1_000_000);
    format!(
        "apiVersion: v1\nclusters: null\ncontexts: null\ncurrent-context: \"\"\nfuture: {data}\nkind: Config\nusers: null\n"
    )
}

#[test]
fn a_process_that_is_killed_leaves_the_old_content_or_the_new_one() {
    let mut dice = Dice(7);
    for _ in 0..rounds(8) {
        let sandbox = sandbox();
        let old = large("a");
        private(&sandbox, "kc", &old);
        let mut child = sandbox
            .command(&["config", "set", "current-context", "x"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a process");
        // From when the copy is being made on, the kill may come at any time.
        let lock = sandbox.cwd().join("kc.lock");
        let begun = || fs::metadata(&lock).is_ok_and(|metadata| metadata.len() > 0);
        while !begun() && child.try_wait().expect("a state").is_none() {
            thread::yield_now();
        }
        for _ in 0..dice.roll(4000) {
            begun();
        }
        let _ = child.kill();
        let ended = child.wait().expect("an end").success();
        let new = old.replace("current-context: \"\"", "current-context: x");
        let now = text(&sandbox, "kc");
        let whole = now == old || now == new;
        assert!(whole || text(&sandbox, "kc.lock") == old, "neither the file nor its lock has what it held");
        assert!(!ended || (now == new && !files(&sandbox).contains("kc.lock")));
    }
}

#[test]
fn a_lock_that_was_left_behind_says_where_the_former_content_is() {
    let sandbox = sandbox();
    private(&sandbox, "kc", "users: [{name: u, user: {token: s3cr3t}}]\n");
    private(&sandbox, "kc.lock", "users: [{name: u, user: {token: s3cr3t}}]\n");
    let refused = sandbox.run(&["config", "set-context", "x"]);
    assert_eq!(
        (refused.exit, refused.stderr.as_str()),
        (
            1,
            "error: open kc.lock: file exists\nhint: another program is writing the kubeconfig; if none is, that file has what \
             the kubeconfig held before: put it back, or remove it\n"
        )
    );
    assert_eq!(text(&sandbox, "kc"), text(&sandbox, "kc.lock"));
}

/// The program in the sandbox as it sees the mounts, with its kubeconfig.
fn mounted(mounts: &Mounts, sandbox: &Sandbox, words: &[&str]) -> Outcome {
    let command: Command = mounts.command(sandbox, &[&[KSECRET, "config"], words].concat());
    run(command, b"")
}

/// A file that is mounted on another cannot be replaced, and must not be: the file below is the one that others see.
#[test]
fn a_kubeconfig_that_is_a_bind_mount_is_written_in_place() {
    let sandbox = sandbox();
    fs::create_dir(sandbox.cwd().join("below")).expect("a directory");
    private(&sandbox, "below/real", "");
    private(&sandbox, "kc", "");
    let script = format!("cd '{}' && mount --bind below/real kc", sandbox.cwd().display());
    let Some(mounts) = Mounts::new(&sandbox, &script) else { return };
    let inode = || fs::metadata(sandbox.cwd().join("below/real")).expect("a file").ino();
    let before = inode();
    succeeds(&mounted(&mounts, &sandbox, &["set-credentials", "u", "--token=t"]));
    succeeds(&mounted(&mounts, &sandbox, &["set-credentials", "u", "--token="]));
    assert_eq!(inode(), before);
    assert!(text(&sandbox, "below/real").ends_with("users:\n- name: u\n  user: {}\n"));
    assert_eq!(text(&sandbox, "kc"), "");
}

#[test]
fn a_full_disk_leaves_the_kubeconfig_as_it_was() {
    let sandbox = sandbox();
    fs::create_dir(sandbox.cwd().join("disk")).expect("a directory");
    sandbox.write("big.crt", "x".repeat(200_000));
    let script = format!("cd '{}' && mount -t tmpfs -o size=64k tmpfs disk", sandbox.cwd().display());
    let Some(mounts) = Mounts::new(&sandbox, &script) else { return };
    let run = |words: &[&str]| mounted(&mounts, &sandbox, &[words, &["--kubeconfig=disk/kc"]].concat());
    let view = || run(&["view", "--raw"]);
    // What does not fit is not begun.
    let refused = run(&["set-credentials", "u", "--client-certificate=big.crt", "--embed-certs"]);
    assert_eq!((refused.exit, refused.stderr.as_str()), (1, "error: write disk/kc: no space left on device\n"));
    succeeds(&run(&["set-credentials", "u", "--token=s3cr3t"]));
    let before = view().stdout;
    assert!(before.contains("s3cr3t"));
    let refused = run(&["set-credentials", "u", "--client-certificate=big.crt", "--embed-certs"]);
    assert_eq!((refused.exit, refused.stderr.as_str()), (1, "error: write disk/kc: no space left on device\n"));
    assert_eq!(view().stdout, before);
    // Nor is it left locked.
    succeeds(&run(&["set-credentials", "u", "--token=t2"]));
}

#[test]
fn a_read_only_kubeconfig_is_read_and_a_write_is_one_line() {
    let sandbox = sandbox();
    fs::create_dir(sandbox.cwd().join("ro")).expect("a directory");
    private(&sandbox, "ro/kc", "contexts: [{name: x, context: {}}, {name: y2, context: {}}]\ncurrent-context: x\n");
    let script = format!("cd '{}' && mount --bind ro ro && mount -o remount,bind,ro ro", sandbox.cwd().display());
    let Some(mounts) = Mounts::new(&sandbox, &script) else { return };
    let run = |words: &[&str]| mounted(&mounts, &sandbox, &[words, &["--kubeconfig=ro/kc"]].concat());
    assert_eq!(succeeds(&run(&["current-context"])), "x\n");
    let refused = run(&["use-context", "y2"]);
    assert_eq!((refused.exit, refused.stderr.as_str()), (1, "error: open ro/kc.lock: read-only file system\n"));
    // Nothing is to be written: that is no failure.
    assert_eq!(succeeds(&run(&["use-context", "x"])), "Switched to context \"x\".\n");
}

/// A token comes into a file that was made by `touch`, or shared once.
#[test]
fn a_token_in_a_file_that_others_can_read_is_warned_of() {
    let sandbox = sandbox();
    sandbox.write("kc", "");
    fs::set_permissions(sandbox.cwd().join("kc"), fs::Permissions::from_mode(0o644)).expect("a mode");
    let outcome = sandbox.run(&["config", "set-credentials", "u", "--token=t"]);
    assert_eq!(
        (outcome.stdout.as_str(), outcome.stderr.as_str()),
        ("User \"u\" set.\n", "warning: kubeconfig kc is readable by all users: chmod 600 kc ends this warning\n")
    );
}

#[test]
fn comments_that_cannot_stay_are_told_of() {
    let sandbox = sandbox();
    private(&sandbox, "kc", "# mine\nclusters: [{name: a, cluster: {server: https://a}}]\n");
    let set = sandbox.run(&["config", "set-cluster", "a", "--server=https://b"]);
    succeeds(&set);
    assert_eq!(text(&sandbox, "kc"), "# mine\nclusters: [{name: a, cluster: {server: https://b}}]\n");
    let outcome = sandbox.run(&["config", "set-cluster", "b"]);
    assert_eq!(
        (outcome.exit, outcome.stderr.as_str()),
        (0, "warning: kubeconfig kc was written anew, without its comments\n")
    );
    succeeds(&sandbox.run(&["config", "set-cluster", "c"]));
}
