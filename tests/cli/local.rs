//! `--local`: the embedded server on a file, shared by many processes.

use std::{os::unix::fs::PermissionsExt as _, process::Stdio};

use super::support::Sandbox;

#[test]
fn the_default_file_is_private_and_keeps_what_is_written() {
    let mut sandbox = Sandbox::bare();
    sandbox.set_env("XDG_DATA_HOME", sandbox.root().join("data").to_string_lossy());
    sandbox.ok(&["--local", "create", "generic", "db", "--from-literal=k=v"]);
    assert_eq!(sandbox.ok(&["--local", "decode", "db", "k"]), "v");
    let dir = sandbox.root().join("data/ksecret");
    assert_eq!(dir.metadata().expect("the directory").permissions().mode() & 0o777, 0o700);
    for entry in std::fs::read_dir(&dir).expect("its files") {
        let entry = entry.expect("a file");
        let mode = entry.metadata().expect("its mode").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{:?}", entry.file_name());
    }
}

#[test]
fn a_variable_chooses_it_too() {
    let mut sandbox = Sandbox::bare();
    sandbox.set_env("KSECRET_LOCAL", sandbox.root().join("store/x.db").to_string_lossy());
    sandbox.ok(&["create", "generic", "db"]);
    let namespaces = sandbox.ok(&["get", "namespaces", "-o", "name"]);
    assert_eq!(
        namespaces,
        "namespace/default\nnamespace/kube-node-lease\nnamespace/kube-public\nnamespace/kube-system\n"
    );
    assert!(sandbox.root().join("store/x.db").exists());
}

#[test]
fn many_processes_share_one_file() {
    let mut sandbox = Sandbox::bare();
    sandbox.set_env("KSECRET_LOCAL", sandbox.root().join("x.db").to_string_lossy());
    let children: Vec<_> = (0..12)
        .map(|i| {
            sandbox
                .command(&["create", "generic", &format!("s{i}"), "--from-literal=k=v"])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .spawn()
                .expect("it starts")
        })
        .collect();
    for mut child in children {
        assert!(child.wait().expect("its end").success());
    }
    assert_eq!(sandbox.ok(&["get", "secrets", "-o", "name"]).lines().count(), 12);
}

#[test]
fn only_one_of_many_creates_the_same_name() {
    let mut sandbox = Sandbox::bare();
    sandbox.set_env("KSECRET_LOCAL", sandbox.root().join("x.db").to_string_lossy());
    let children: Vec<_> = (0..8)
        .map(|_| {
            sandbox
                .command(&["create", "generic", "same"])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("it starts")
        })
        .collect();
    let created = children.into_iter().filter_map(|mut child| child.wait().ok()).filter(|status| status.success());
    assert_eq!(created.count(), 1);
}

#[test]
fn impersonation_without_a_user_is_refused() {
    let sandbox = Sandbox::bare();
    for flag in ["--as-group=team", "--as-uid=7", "--as-user-extra=team=a"] {
        let outcome = sandbox.run(&["get", "secrets", "--local", flag]);
        assert_eq!(outcome.exit, 1, "{flag}: {}", outcome.stdout);
        let says = "error: requesting uid, groups or user-extra without impersonating a user\n";
        assert_eq!(outcome.stderr, says, "{flag}");
    }
    let line = ["auth", "whoami", "--local", "--as=jane", "--as-user-extra=team=a", "--as-user-extra=team=b"];
    assert!(sandbox.ok(&line).contains("Extra: team   [a b]"));
    let malformed = sandbox.run(&["get", "secrets", "--local", "--as=jane", "--as-user-extra=team"]);
    assert!(malformed.stderr.contains("KEY=VALUE is expected"), "{}", malformed.stderr);
}
