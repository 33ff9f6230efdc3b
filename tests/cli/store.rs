//! The files of the embedded server, and what becomes of it when something is wrong with them.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink},
    path::Path,
    process::{Child, Stdio},
};

use super::support::{Sandbox, run};

fn serve(sandbox: &Sandbox, words: &[&str]) -> Child {
    let words = [&["serve", "--kubeconfig", "kubeconfig"], words].concat();
    let mut command = sandbox.command(&words);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
}

fn ready(server: &mut Child) {
    let mut line = String::new();
    BufReader::new(server.stdout.as_mut().expect("its stdout")).read_line(&mut line).expect("a line");
    assert!(line.starts_with("ready "), "{line}");
}

#[test]
fn serve_replaces_no_file_that_is_not_its_own() {
    let sandbox = Sandbox::bare();
    let cwd = sandbox.cwd();
    fs::create_dir(cwd.join("directory")).expect("a directory");
    sandbox.write("foreign", "apiVersion: v1\nkind: Config\n");
    sandbox.write("mine", "");
    symlink("mine", cwd.join("link")).expect("a link");
    symlink("/dev/null", cwd.join("null")).expect("a link");
    symlink("nowhere", cwd.join("dangling")).expect("a link");
    assert_eq!(run(sandbox.command_of("mkfifo", &["fifo"]), b"").exit, 0);
    let kinds = || {
        let kind = |name: &str| fs::symlink_metadata(cwd.join(name)).expect("it is there").file_type();
        ["directory", "foreign", "link", "null", "dangling", "fifo"].map(kind)
    };
    let before = kinds();
    for name in ["directory", "foreign", "link", "null", "dangling", "fifo", "/dev/null", "/dev/zero", "/dev/stdout"] {
        let outcome = sandbox.run(&["serve", "--store=memory", "--kubeconfig", name]);
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{name}");
        let said = ["is not a regular file", "is there already and is not a kubeconfig of ksecret serve"];
        assert!(said.iter().any(|said| outcome.stderr.contains(said)), "{name}: {}", outcome.stderr);
        assert!(outcome.stderr.ends_with("hint: name a file of its own with --kubeconfig\n"), "{}", outcome.stderr);
    }
    assert_eq!(kinds(), before);
    assert!(fs::metadata("/dev/null").expect("the device").file_type().is_char_device());
    assert!(!cwd.join("nowhere").exists());

    // An empty file, as mktemp makes it, holds nothing that could be lost.
    let mut server = serve(&sandbox, &["--store=memory", "--kubeconfig=mine"]);
    ready(&mut server);
    assert_eq!(run(sandbox.command_of("kill", &["-TERM", &server.id().to_string()]), b"").exit, 0);
    assert!(server.wait().expect("its end").success());
    assert!(!cwd.join("mine").exists());
}

#[test]
fn a_file_that_others_can_reach_is_refused_with_the_command_that_mends_it() {
    let mut sandbox = Sandbox::bare();
    sandbox.ok(&["--local=s.db", "create", "generic", "s", "--from-literal=k=v"]);
    let file = sandbox.cwd().join("s.db").canonicalize().expect("its path");
    let set = |mode| fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("a mode");
    set(0o644);
    for words in [&["--local=s.db", "get", "secrets"][..], &["serve", "--store=s.db", "--kubeconfig=k"]] {
        let outcome = sandbox.run(words);
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""));
        assert!(outcome.stderr.contains(&format!("others have access to {}", file.display())), "{}", outcome.stderr);
        assert!(outcome.stderr.ends_with(&format!("hint: chmod 600 {}\n", file.display())), "{}", outcome.stderr);
    }
    set(0o600);
    assert_eq!(sandbox.ok(&["--local=s.db", "decode", "s", "k"]), "v");
    symlink("nowhere.db", sandbox.cwd().join("link.db")).expect("a link");
    sandbox.set_env("KSECRET_LOCAL", sandbox.cwd().join("link.db").to_string_lossy());
    let outcome = sandbox.run(&["create", "generic", "s"]);
    assert!(outcome.stderr.contains("is a link to a file that does not exist"), "{}", outcome.stderr);
    assert!(!sandbox.cwd().join("nowhere.db").exists());
}

#[test]
fn a_store_that_disappears_ends_the_server() {
    for what in ["rm s.db", "mv s.db t.db", "rm s.db-wal", "cp s.db t.db; mv t.db s.db"] {
        let mut sandbox = Sandbox::bare();
        let mut server = serve(&sandbox, &["--store=s.db"]);
        ready(&mut server);
        sandbox.set_env("KUBECONFIG", sandbox.cwd().join("kubeconfig").to_string_lossy());
        sandbox.ok(&["create", "generic", "before"]);
        assert_eq!(run(sandbox.command_of("sh", &["-c", what]), b"").exit, 0);
        let outcome = sandbox.run(&["create", "generic", "after"]);
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{what}: {}", outcome.stderr);
        assert_eq!(server.wait().expect("its end").code(), Some(1), "{what}");
        let mut errors = String::new();
        server.stderr.take().expect("its stderr").read_to_string(&mut errors).expect("text");
        assert!(errors.contains("s.db was deleted, renamed or replaced while it was in use"), "{what}: {errors}");
    }
}

/// Whether a piece of text stands in a file of the directory.
fn holds(dir: &Path, text: &str) -> bool {
    fs::read_dir(dir).expect("a directory").any(|entry| {
        let content = fs::read(entry.expect("a file").path()).unwrap_or_default();
        content.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

#[test]
fn a_deleted_value_is_gone_when_the_command_ends() {
    let mut sandbox = Sandbox::bare();
    let dir = sandbox.root().join("store");
    sandbox.set_env("KSECRET_LOCAL", dir.join("s.db").to_string_lossy());
    // "marker" and "second" in base64.
    sandbox.ok(&["create", "generic", "s", "--from-literal=k=marker"]);
    assert!(holds(&dir, "bWFya2Vy"));
    sandbox.ok(&["patch", "secret", "s", "-p", r#"{"stringData":{"k":"second"}}"#]);
    assert!(!holds(&dir, "bWFya2Vy") && holds(&dir, "c2Vjb25k"));
    sandbox.ok(&["delete", "secret", "s"]);
    assert!(!holds(&dir, "c2Vjb25k"));
}

#[test]
fn limits_of_the_process_are_errors() {
    let sandbox = Sandbox::bare();
    sandbox.write("value", vec![b'x'; 600_000]);
    sandbox.ok(&["--local=s.db", "create", "generic", "there", "--from-literal=k=v"]);
    let script = r#"ulimit -f 200; exec "$0" "$@""#;
    let words = ["-c", script, super::support::KSECRET, "--local=s.db", "create", "generic", "s", "--from-file=value"];
    let outcome = run(sandbox.command_of("sh", &words), b"");
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("store: "), "{}", outcome.stderr);
    for files in 3..24 {
        for words in [
            &["--local=s.db", "get", "secrets"][..],
            &["serve", "--store=s.db", "--kubeconfig=k", "--exit-with-parent"],
        ] {
            // A server that has enough of them begins to serve: it has a moment for that.
            let script = format!(r#"ulimit -n {files}; timeout 5 "$0" "$@" 2>&1; echo "exit $?""#);
            let start = ["-c", script.as_str(), super::support::KSECRET];
            if words[0] == "serve" && files > 12 {
                continue;
            }
            let outcome = run(sandbox.command_of("bash", &[&start, words].concat()), b"");
            assert!(!outcome.stdout.contains("panicked"), "{files}: {}", outcome.stdout);
            let exit = outcome.stdout.lines().last().unwrap_or_default();
            assert!(["exit 0", "exit 1", "exit 124", "exit 127"].contains(&exit), "{files}: {}", outcome.stdout);
        }
    }
    assert_eq!(sandbox.ok(&["--local=s.db", "decode", "there", "k"]), "v");
}
