use std::{
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use super::{
    short,
    support::{KSECRET, Sandbox, run},
};

fn data(sandbox: &Sandbox) -> PathBuf {
    sandbox.root().join("home/.local/share/ksecret")
}

/// The files of the journal, by their numbers.
fn entries(sandbox: &Sandbox) -> Vec<PathBuf> {
    let dirs: Vec<_> = fs::read_dir(data(sandbox).join("journal")).into_iter().flatten().flatten().collect();
    let files = dirs.iter().flat_map(|dir| fs::read_dir(dir.path()).expect("a directory").flatten());
    let mut files: Vec<PathBuf> = files.map(|file| file.path()).collect();
    files.sort();
    files
}

/// The columns of the history but the time and the versions.
fn history(sandbox: &Sandbox, name: &str) -> Vec<String> {
    let table = sandbox.ok(&["history", name]);
    let rows = table.lines().skip(1).map(|row| {
        let words: Vec<&str> = row.split_whitespace().collect();
        [&words[..1], &words[2..words.len() - 1]].concat().join(" ")
    });
    rows.collect()
}

#[test]
fn history_shows_what_was_written_and_no_value() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "db", "--from-literal=a=hunter2marker", "--from-literal=b=x", "--journal"]);
    sandbox.ok(&["set", "db", "a=other", "c=z", "--journal"]);
    sandbox.ok(&["set", "db", "a=unseen"]);
    sandbox.ok(&["label", "secret", "db", "x=y", "--journal"]);
    sandbox.ok(&["label", "secret", "db", "x=y", "--journal"]);
    sandbox.ok(&["delete", "secret", "db", "--journal"]);
    let rows = ["1 create (created) +a,+b", "2 set +c,~a", "3 label <none>", "4 delete (deleted) -a,-b,-c"];
    assert_eq!(history(&sandbox, "db"), rows);
    let printed = sandbox.ok(&["history", "secret/db", "-o", "json"]);
    let found: Vec<serde_json::Value> =
        printed.lines().map(|line| serde_json::from_str(line).expect("a receipt")).collect();
    let told = ["created db +a,+b", "changed db +c,~a", "changed db", "deleted db -a,-b,-c"];
    assert_eq!(found.iter().map(short).collect::<Vec<_>>(), told);
    assert_eq!((&found[1]["number"], &found[1]["keys"]["changed"][0]["sizeBefore"]), (&2.into(), &13.into()));
    assert!(!printed.contains("hunter2marker"));
    let nothing = sandbox.run(&["history", "nope"]);
    assert_eq!((nothing.exit, nothing.stdout.as_str()), (0, ""));
    assert_eq!(nothing.stderr, "No writes to secret/nope are in the journal.\n");
    for (line, says) in [
        (&["history"][..], "error: You must provide one or more resources by argument or filename."),
        (&["history", "secret", "a", "b"], "error: the NAME of one Secret is required"),
        (&["history", "namespace/default"], "error: the NAME of one Secret is required"),
        (&["history", "db", "-o", "wide"], "error: unexpected -o output mode: wide. We only support '-o json'"),
    ] {
        let outcome = sandbox.run(line);
        assert_eq!((outcome.exit, outcome.stderr.lines().next().unwrap_or_default()), (1, says), "{line:?}");
    }
}

#[test]
fn the_journal_is_off_unless_it_is_asked_for() {
    let mut sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "s", "--from-literal=k=v"]);
    assert!(!data(&sandbox).exists(), "nothing is made without the flags");
    sandbox.set_env("KSECRET_JOURNAL", "1");
    sandbox.ok(&["set", "s", "k=1"]);
    sandbox.ok(&["set", "s", "k=2", "--journal=false"]);
    sandbox.ok(&["get", "secret", "s"]);
    sandbox.set_env("KSECRET_JOURNAL", "0");
    sandbox.ok(&["set", "s", "k=3"]);
    sandbox.ok(&["set", "s", "k=4", "--journal"]);
    assert_eq!(history(&sandbox, "s"), ["1 set ~k", "2 set ~k"]);
}

#[test]
fn files_are_private_whatever_the_umask() {
    for umask in ["000", "022", "777"] {
        let sandbox = Sandbox::with_server();
        let line = "create generic s --from-literal=k=v --journal --receipt=-";
        let command = format!("umask {umask}; exec {KSECRET} {line}");
        let outcome = run(sandbox.command_of("sh", &["-c", &command]), b"");
        assert_eq!(outcome.exit, 0, "{umask}: {}", outcome.stderr);
        let mode = |path: &Path| fs::metadata(path).expect("a file").mode() & 0o777;
        let data = data(&sandbox);
        let mut dir = data.clone();
        assert_eq!((mode(&data.join("journal.key")), mode(&data.join("receipt.key"))), (0o600, 0o600), "{umask}");
        for entry in entries(&sandbox) {
            assert_eq!(mode(&entry), 0o600, "{umask}");
            dir = entry.parent().expect("its directory").to_owned();
        }
        assert_eq!((mode(&data), mode(&data.join("journal")), mode(&dir)), (0o700, 0o700, 0o700), "{umask}");
    }
}

#[test]
fn a_damaged_entry_is_passed_over_and_the_others_are_read() {
    let sandbox = Sandbox::with_server();
    for value in ["1", "2", "3"] {
        sandbox.ok(&["set", "s", &format!("k={value}"), "--create", "--journal"]);
    }
    let files = entries(&sandbox);
    let whole = fs::read(&files[2]).expect("an entry");
    fs::write(&files[2], &whole[..whole.len() / 2]).expect("an entry");
    let outcome = sandbox.run(&["history", "s"]);
    assert_eq!(outcome.stderr, "warning: entry 3 of the journal is damaged, and is passed over\n");
    assert_eq!(outcome.stdout.lines().count(), 3, "{}", outcome.stdout);
    // What it wrote is not known: undo finds that the Secret is not as entry 2 left it.
    let outcome = sandbox.run(&["undo", "s"]);
    assert_eq!(outcome.exit, 4, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("error: secret \"s\": k changed since by kubectl-set at "), "{}", outcome.stderr);
    sandbox.ok(&["set", "s", "k=4", "--journal"]);
    assert_eq!(history(&sandbox, "s"), ["1 set (created) +k", "2 set ~k", "4 set ~k"]);
}

#[test]
fn a_journal_that_cannot_be_written_is_a_warning_after_the_write_and_an_error_before() {
    let mut sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "s", "--from-literal=k=1", "--journal"]);
    let file = entries(&sandbox).remove(0);
    let dir = file.parent().expect("its directory");
    fs::remove_dir_all(dir).expect("the directory");
    fs::write(dir, "in its place").expect("a file");
    let outcome = sandbox.run(&["set", "s", "k=2", "--journal"]);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "secret/s configured\n"));
    let says = "warning: secret/s was written, and the journal was not: ";
    assert!(outcome.stderr.starts_with(says), "{}", outcome.stderr);
    fs::remove_dir_all(data(&sandbox)).expect("the directory");
    fs::write(data(&sandbox), "in its place").expect("a file");
    let outcome = sandbox.run(&["set", "s", "k=3", "--journal"]);
    assert_eq!((outcome.exit, sandbox.ok(&["decode", "s", "k"]).as_str()), (1, "2"), "{}", outcome.stderr);
    sandbox.set_env("KSECRET_JOURNAL", "1");
    let outcome = sandbox.run(&["set", "s", "k=3"]);
    let hint = "hint: KSECRET_JOURNAL asks for a journal; --journal=false writes without one\n";
    assert!(outcome.exit == 1 && outcome.stderr.ends_with(hint), "{}", outcome.stderr);
    sandbox.ok(&["set", "s", "k=3", "--journal=false"]);
}
