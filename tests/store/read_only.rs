//! Stores that may not be written: they are read, and a write is told why it is refused.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value as Json;

use super::{
    mounts::Mounts,
    support::{
        KSECRET, Outcome, Sandbox,
        https::{SECRETS, Serving, secret},
        run,
    },
};

/// How the directory `store` is made read-only.
enum Way {
    /// By modes; root gives up what makes it root.
    Modes,
    /// It is mounted so.
    Mount(Mounts),
}

impl Way {
    fn mount(sandbox: &Sandbox) -> Option<Self> {
        Mounts::new(sandbox, "mount --bind store store && mount -o remount,bind,ro store").map(Self::Mount)
    }

    fn modes(sandbox: &Sandbox) -> Self {
        set_modes(&sandbox.cwd().join("store"), 0o400, 0o500);
        Self::Modes
    }

    fn command(&self, sandbox: &Sandbox, words: &[&str]) -> Command {
        let words = [&[KSECRET], words].concat();
        match self {
            Self::Mount(mounts) => mounts.command(sandbox, &words),
            Self::Modes if rustix::process::geteuid().is_root() => {
                sandbox.command_of("setpriv", &[&["--bounding-set=-all"], &words[..]].concat())
            }
            Self::Modes => sandbox.command_of(KSECRET, &words[1..]),
        }
    }

    fn run(&self, sandbox: &Sandbox, words: &[&str]) -> Outcome {
        run(self.command(sandbox, &[&["--local=store/s.db"], words].concat()), b"")
    }

    /// Lets it be written again.
    fn end(self, sandbox: &Sandbox) {
        if matches!(self, Self::Modes) {
            set_modes(&sandbox.cwd().join("store"), 0o600, 0o700);
        }
    }
}

fn set_modes(directory: &Path, files: u32, mode: u32) {
    let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
    set(directory, 0o700);
    for entry in fs::read_dir(directory).expect("the directory") {
        set(&entry.expect("a file").path(), files);
    }
    set(directory, mode);
}

/// How the last process that wrote to a store ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// It closed the store.
    Closed,
    /// It was killed: the latest writes are in the log.
    Killed,
    /// It was killed, and what was copied is the file and its log.
    Copied,
}

/// A store with the Secrets a and b.
fn store(end: End) -> Sandbox {
    let sandbox = Sandbox::bare();
    sandbox.ok(&["--local=store/s.db", "create", "generic", "a", "--from-literal=k=first"]);
    let mut server = Serving::on(&sandbox, "store/s.db", "kubeconfig");
    let (status, answer) = server.client().ask("POST", SECRETS, &secret("b", "latest")).expect("an answer");
    assert_eq!(status, 201, "{answer}");
    match end {
        End::Closed => {
            assert_eq!(run(sandbox.command_of("kill", &[server.child.id().to_string()]), b"").exit, 0);
            assert!(server.child.wait().expect("its end").success());
        }
        End::Killed | End::Copied => server.kill(),
    }
    let there = |end: &str| sandbox.cwd().join(format!("store/s.db{end}")).exists();
    assert_eq!((there("-wal"), there("-shm")), (end != End::Closed, end != End::Closed), "{end:?}");
    if end == End::Copied {
        fs::remove_file(sandbox.cwd().join("store/s.db-shm")).expect("the log's index");
    }
    sandbox
}

fn check(end: End, way: impl FnOnce(&Sandbox) -> Option<Way>) -> bool {
    let sandbox = store(end);
    let Some(way) = way(&sandbox) else { return false };
    if end == End::Copied {
        let outcome = way.run(&sandbox, &["get", "secrets"]);
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{}", outcome.stderr);
        let expected = "store/s.db was not closed, and is read-only now\n\
                        hint: use it once where it can be written: its -wal holds the latest writes\n";
        assert!(outcome.stderr.ends_with(expected), "{}", outcome.stderr);
        way.end(&sandbox);
        assert_eq!(sandbox.ok(&["--local=store/s.db", "decode", "b", "k"]), "latest");
        return true;
    }
    let all = way.run(&sandbox, &["get", "secrets", "-o", "name"]);
    assert_eq!((all.exit, all.stdout.as_str(), all.stderr.as_str()), (0, "secret/a\nsecret/b\n", ""), "{end:?}");
    assert_eq!(way.run(&sandbox, &["decode", "b", "k"]).stdout, "latest", "{end:?}");
    assert_eq!(
        way.run(&sandbox, &["get", "secret", "c"]).stderr,
        "Error from server (NotFound): secrets \"c\" not found\n"
    );
    for words in [
        &["create", "generic", "c"][..],
        &["patch", "secret", "a", "-p", r#"{"stringData":{"k":"second"}}"#],
        &["label", "secret", "a", "x=y"],
        &["delete", "secret", "a"],
        &["delete", "secrets", "--all"],
    ] {
        let outcome = way.run(&sandbox, words);
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{end:?} {words:?}: {}", outcome.stderr);
        assert!(outcome.stderr.contains("store/s.db is read-only\n"), "{end:?} {words:?}: {}", outcome.stderr);
    }

    let mut serve = way.command(&sandbox, &["serve", "--store=store/s.db", "--kubeconfig=kubeconfig"]);
    serve.stderr(Stdio::inherit());
    let mut server = Serving::start(&sandbox, "kubeconfig", serve);
    let mut client = server.client();
    let (status, object) = client.ask("GET", &format!("{SECRETS}/b"), &Json::Null).expect("an answer");
    assert_eq!((status, object["metadata"]["name"].as_str()), (200, Some("b")));
    let (status, refused) = client.ask("POST", SECRETS, &secret("c", "v")).expect("an answer");
    assert_eq!(status, 500, "{refused}");
    assert!(refused["message"].as_str().is_some_and(|text| text.ends_with("store/s.db is read-only")), "{refused}");
    server.kill();

    way.end(&sandbox);
    let names = sandbox.ok(&["--local=store/s.db", "get", "secrets", "-o", "name"]);
    assert_eq!(names, "secret/a\nsecret/b\n");
    sandbox.ok(&["--local=store/s.db", "create", "generic", "c"]);
    true
}

#[test]
fn files_and_a_directory_with_read_only_modes_are_read_and_called_so_on_a_write() {
    for end in [End::Closed, End::Killed, End::Copied] {
        assert!(check(end, |sandbox| Some(Way::modes(sandbox))));
    }
}

/// Where no mount can be made this test has nothing to do that the one above does not; `KSECRET_REQUIRE=mount` forbids that.
#[test]
fn a_read_only_mount_is_read_and_called_so_on_a_write() {
    for end in [End::Closed, End::Killed, End::Copied] {
        if !check(end, Way::mount) {
            println!("not run: no mount can be made here; KSECRET_REQUIRE=mount makes that a failure");
        }
    }
}
