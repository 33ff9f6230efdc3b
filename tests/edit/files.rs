//! Where the text lies while the editor is open, and that it is gone afterwards.

use std::path::Path;

use super::{MARKER, assert_no_marker, data, editor, sandbox};

/// Notes the file's path, its mode and its directory's.
const NOTE: &str = r#"echo "$1 $(stat -c %a "$1") $(stat -c %a "$(dirname "$1")")" > note"#;

fn note(sandbox: &super::Sandbox) -> (String, String) {
    let text = std::fs::read_to_string(sandbox.cwd().join("note")).expect("the editor's note");
    let (path, modes) = text.trim().split_once(' ').expect("a path and modes");
    (path.to_owned(), modes.to_owned())
}

#[test]
fn private_under_any_umask_in_memory_and_gone_afterwards() {
    for umask in ["000", "022", "077", "777"] {
        let mut sandbox = sandbox();
        editor(&mut sandbox, NOTE);
        let command = format!("umask {umask}; exec {} edit db", super::support::KSECRET);
        let outcome = super::support::run(sandbox.command_of("sh", &["-c", &command]), b"");
        // The script cannot write its note where the umask takes away its own right to read it.
        if umask != "777" {
            assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
            let (path, modes) = note(&sandbox);
            assert_eq!(modes, "600 700", "umask {umask}");
            assert!(!Path::new(&path).exists() && !Path::new(&path).parent().expect("its directory").exists());
            // The sandbox's runtime directory is a disk, where the system says what is one.
            if let Some(shared) = platform::shared_memory() {
                assert!(Path::new(&path).starts_with(shared), "{path}");
            } else if platform::PORTABLE {
                assert!(Path::new(&path).starts_with(sandbox.root().join("run")), "{path}");
            } else {
                continue;
            }
            assert!(!outcome.stderr.contains("warning:"), "{}", outcome.stderr);
        }
    }
}

#[test]
fn whatever_the_end_nothing_is_left_in_clear() {
    let ends = [
        ("exit 3", 1, "error: there was a problem with the editor"),
        ("sed -i 's/type: Opaque/type: x/' \"$1\"; exit 1", 1, "error: there was a problem with the editor"),
        ("kill -9 $$", 1, "error: there was a problem with the editor"),
        ("rm \"$1\"", 1, "error: cannot read back the edited file"),
        ("ln -sf /etc/hostname \"$1\"", 1, "error: cannot read back the edited file"),
        ("true", 0, "Edit cancelled, no changes made."),
        ("echo 'BROKEN: [' >> \"$1\"", 1, "error: secrets \"db\" is invalid"),
        (
            "grep -q 'a b' \"$1\" || sed -i 's/^data:/data:\\n  a b: MQ==/' \"$1\"",
            1,
            "error: secrets \"db\" is invalid",
        ),
        ("sed -i 's/name: db/name: other/' \"$1\"", 1, "error: At least one of apiVersion, kind and name was changed"),
        ("cp \"$1\" \"$1~\"; cp \"$1\" \"$(dirname \"$1\")/.secret.yaml.swp\"", 0, "Edit cancelled, no changes made."),
    ];
    for (body, exit, line) in ends {
        let mut sandbox = sandbox();
        // BROKEN is appended once only: the second time the file is as it was.
        let body = if body.contains("BROKEN") { "grep -q BROKEN \"$1\" || echo 'BROKEN: [' >> \"$1\"" } else { body };
        editor(&mut sandbox, &format!("{NOTE}\n{body}"));
        let outcome = sandbox.run(&["edit", "db"]);
        assert_eq!(outcome.exit, exit, "{body}: {}", outcome.stderr);
        assert!(outcome.stderr.lines().any(|other| other.starts_with(line)), "{body}: {}", outcome.stderr);
        let (path, _) = note(&sandbox);
        assert!(!Path::new(&path).parent().expect("its directory").exists(), "{body}");
        assert_no_marker(&sandbox, &(outcome.stderr + &outcome.stdout));
    }
}

#[test]
fn an_editor_that_is_not_there_is_named_in_kubectls_words() {
    let mut sandbox = sandbox();
    for (editor, line) in [
        ("no-such-editor", "error: unable to launch the editor \"no-such-editor\"\n"),
        ("./no-such-editor -x", "error: there was a problem with the editor \"./no-such-editor -x\"\n"),
    ] {
        sandbox.set_env("KUBE_EDITOR", editor);
        let outcome = sandbox.run(&["edit", "db"]);
        assert_eq!((outcome.exit, outcome.stderr.as_str()), (1, line));
    }
}

#[test]
fn words_are_split_as_a_shell_does_and_run_by_none() {
    let mut sandbox = sandbox();
    let script = sandbox.script("my editor", "#!/bin/sh\nprintf '%s|' \"$@\" > args\n");
    sandbox.set_env("KUBE_EDITOR", format!("'{script}' 'two words' ; touch hacked $(touch hacked) --"));
    let outcome = sandbox.run(&["edit", "db"]);
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    let args = std::fs::read_to_string(sandbox.cwd().join("args")).expect("its arguments");
    assert!(args.starts_with("two words|;|touch|hacked|$(touch|hacked)|--|/"), "{args}");
    assert!(args.ends_with("/secret.yaml|") && !sandbox.cwd().join("hacked").exists());

    sandbox.set_env("KUBE_EDITOR", script);
    assert_eq!(sandbox.run(&["edit", "db"]).exit, 0);
}

#[test]
fn without_a_terminal_the_default_editor_is_refused_before_anything_is_asked() {
    let mut sandbox = sandbox();
    // Nothing answers there: an attempt to fetch would fail differently.
    sandbox.unset_env("KSECRET_LOCAL");
    let mut command = sandbox.command(&["edit", "db", "--server", "http://127.0.0.1:1"]);
    // A session of its own has no terminal to fall back on.
    let outcome = super::support::run(
        {
            let args: Vec<_> = command.get_args().map(std::ffi::OsStr::to_owned).collect();
            command = sandbox.command_of("setsid", &[std::ffi::OsString::from("-w"), super::support::KSECRET.into()]);
            command.args(args);
            command
        },
        b"",
    );
    assert_eq!(outcome.exit, 1);
    assert!(outcome.stderr.starts_with("error: no terminal for the editor \"vi\"\nhint: "), "{}", outcome.stderr);
}

#[test]
fn a_graphical_editor_that_returns_at_once_is_recognised() {
    let mut sandbox = sandbox();
    let script = sandbox.script("code", "#!/bin/sh\nexit 0\n");
    sandbox.set_env("KUBE_EDITOR", script.clone());
    let outcome = sandbox.run(&["edit", "db"]);
    assert!(outcome.stderr.contains("hint: \"code\" returns at once unless told to wait"), "{}", outcome.stderr);
    sandbox.set_env("KUBE_EDITOR", format!("{script} --wait"));
    assert!(!sandbox.run(&["edit", "db"]).stderr.contains("hint:"));
}

#[test]
fn neither_arguments_nor_environment_of_the_editor_hold_a_value() {
    let mut sandbox = sandbox();
    // What the script itself sees, started by the test, is what it may see under the editor's name.
    let script = "tr '\\0' '\\n' < /proc/$PPID/cmdline; tr '\\0' '\\n' < /proc/self/environ; printf '%s\\n' \"$@\"; \
                  ls /proc/self/fd";
    editor(&mut sandbox, script);
    let plain = sandbox.script("editor", &format!("#!/bin/sh\n{script}\n"));
    let plain = super::support::run(sandbox.command_of(&plain, &["file"]), b"");
    let outcome = sandbox.run(&["edit", "-d", "db", "-v9"]);
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    assert!(!outcome.stdout.contains(MARKER) && !outcome.stderr.contains(MARKER));
    let open = |text: &str| text.lines().filter(|line| line.parse::<u32>().is_ok()).count();
    assert_eq!(open(&outcome.stdout), open(&plain.stdout), "{}", outcome.stdout);
}

#[test]
fn one_change_in_place_is_what_kubectl_does() {
    let mut sandbox = sandbox();
    editor(&mut sandbox, "sed -i 's/YWRtaW4=/cm9vdA==/' \"$1\"");
    assert_eq!(sandbox.ok(&["edit", "secret/db"]), "secret/db edited\n");
    assert_eq!(data(&sandbox, "db")["user"], "cm9vdA==");
}

/// Without a runtime directory and without memory, the text and the key of kept edits are in private directories among the
/// temporary files.
#[cfg(feature = "portable")]
#[test]
fn where_no_directory_is_known_to_be_memory_temporary_files_are_private() {
    let mut sandbox = sandbox();
    sandbox.set_env("XDG_RUNTIME_DIR", "");
    editor(&mut sandbox, &format!("{NOTE}\nsed -i s/YWRtaW4=/cm9vdA==/ \"$1\"; kill -TERM $PPID; exec sleep 1000"));
    let outcome = sandbox.run(&["edit", "db"]);
    let (path, modes) = note(&sandbox);
    assert!(Path::new(&path).starts_with(sandbox.root().join("tmp")), "{path}");
    assert_eq!(modes, "600 700");
    let warning = "warning: no memory-backed directory: ";
    let end = "\nhint: set XDG_RUNTIME_DIR to a private directory in memory\n";
    assert!(outcome.stderr.starts_with(warning) && outcome.stderr.contains(end), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("hint: your changes are kept, encrypted"), "{}", outcome.stderr);
    assert_no_marker(&sandbox, &outcome.stderr);
    editor(&mut sandbox, "true");
    assert_eq!(sandbox.ok(&["edit", "--resume", "db"]), "secret/db edited\n");
    assert_eq!(data(&sandbox, "db")["user"], "cm9vdA==");
}
