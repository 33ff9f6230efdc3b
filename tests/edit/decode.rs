//! What decode writes, byte for byte.

use super::{
    MARKER, sandbox,
    support::{self, KSECRET, Sandbox},
};

#[test]
fn one_value_is_exact_on_a_pipe() {
    let sandbox = sandbox();
    sandbox.write("nasty", b"\x00\xff\r\n no newline at the end");
    sandbox.ok(&["create", "generic", "n", "--from-file=nasty"]);
    for args in [
        &["decode", "n", "nasty"][..],
        &["decode", "secret", "n", "nasty"],
        &["decode", "secret/n", "nasty"],
        &["decode", "n", "-o", "raw"],
    ] {
        assert_eq!(sandbox.run(args).bytes, b"\x00\xff\r\n no newline at the end", "{args:?}");
    }
    let outcome = sandbox.run(&["decode", "db", "absent"]);
    assert_eq!(outcome.stderr, "error: secrets \"db\" has no key \"absent\"\nhint: it has password, user\n");
    assert_eq!(sandbox.run(&["decode", "db", "-o", "raw"]).exit, 1);
}

#[test]
fn the_formats() {
    let sandbox = sandbox();
    sandbox.ok(&["create", "generic", "f", "--from-literal=A=two words", "--from-literal=B=it's"]);
    let of = |format: &str| sandbox.ok(&["decode", "f", "-o", format]);
    assert_eq!(sandbox.ok(&["decode", "f"]), "A: two words\nB: it's\n");
    assert_eq!(of("text"), "A: two words\nB: it's\n");
    assert_eq!(of("dotenv"), "A='two words'\nB=\"it's\"\n");
    assert_eq!(of("shell"), "export A='two words'\nexport B='it'\\''s'\n");
    assert!(of("yaml").contains("stringData:\n  A: two words\n  B: it's\ntype: Opaque\n"));
    let json: serde_json::Value = serde_json::from_str(&of("json")).expect("JSON");
    assert_eq!(json["stringData"]["B"], "it's");
    assert_eq!(sandbox.ok(&["decode", "f", "--keys"]), "A  9 bytes\nB  4 bytes\n");
    assert_eq!(sandbox.ok(&["decode", "f", "--key-filter", "B*"]), "B: it's\n");
    let outcome = sandbox.run(&["decode", "f", "-o", "xml"]);
    assert_eq!(outcome.exit, 1);
    sandbox.ok(&["create", "generic", "bad-name", "--from-literal=a.b=x"]);
    let outcome = sandbox.run(&["decode", "bad-name", "-o", "shell", "--strict"]);
    assert!(
        outcome.stderr.starts_with("error: secrets \"bad-name\": \"a.b\" is no variable's name\n"),
        "{}",
        outcome.stderr
    );
    assert_eq!(outcome.stdout, "");
}

#[test]
fn several_and_all() {
    let sandbox = sandbox();
    sandbox.ok(&["create", "generic", "b", "--from-literal=k=v"]);
    sandbox.ok(&["label", "secret", "b", "app=x"]);
    let both = format!("# secret/db in default\npassword: {MARKER}\nuser: admin\n\n# secret/b in default\nk: v\n");
    assert_eq!(sandbox.ok(&["decode", "secret/db", "secret/b"]), both);
    assert_eq!(sandbox.ok(&["decode", "-l", "app=x"]), "k: v\n");
    assert!(sandbox.ok(&["decode", "-A", "--keys"]).contains("# secret/b in default\nk  1 byte\n"));
    let outcome = sandbox.run(&["decode", "secret/db", "secret/absent"]);
    assert_eq!(outcome.exit, 1);
    assert!(outcome.stdout.contains("user: admin") && outcome.stderr.contains("secrets \"absent\" not found"));
}

#[test]
fn a_filter_changes_secrets_and_nothing_else() {
    let sandbox = sandbox();
    let other = "# a comment\napiVersion: v1\nkind:   ConfigMap\ndata: {a: yes, b: &x 1, c: *x}\n";
    let manifest = format!(
        "{other}---\napiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ndata: {{a: YWI=, b: /w==}}\n---\n{other}"
    );
    let decoded = "apiVersion: v1\ndata:\n  b: /w==\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  a: ab\n";
    let wanted = format!("{other}---\n{decoded}---\n{other}");
    let outcome = sandbox.run_with(&["decode", "-f", "-"], manifest.as_bytes());
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, wanted.as_str()), "{}", outcome.stderr);
    sandbox.write("m.yaml", &manifest);
    assert_eq!(sandbox.ok(&["decode", "-f", "m.yaml"]), wanted);
    assert_eq!(sandbox.run(&["decode", "-f", "m.yaml", "a"]).bytes, b"ab");
    assert_eq!(sandbox.ok(&["decode", "-f", "m.yaml", "-o", "text", "--key-filter", "a"]), "a: ab\n");
    let list = r#"{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"data":{"a":"YWI="}}]}"#;
    let outcome = sandbox.run_with(&["decode", "-f", "-"], list.as_bytes());
    assert_eq!(
        outcome.stdout, "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  a: ab\n",
        "{}",
        outcome.stderr
    );
    let outcome = sandbox.run_with(&["decode", "-f", "-"], b"kind: Secret\ndata: {a: '???'}\n");
    assert_eq!(outcome.exit, 1);
    assert!(outcome.stderr.contains("a is not base64") && !outcome.stderr.contains("???"), "{}", outcome.stderr);
}

#[test]
fn files_are_private_whole_and_never_overwritten_unasked() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = sandbox();
    let command = format!("umask 000; exec {} decode db --to out", super::support::KSECRET);
    let outcome = super::support::run(sandbox.command_of("sh", &["-c", &command]), b"");
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, "2 files written to out\n"));
    let file = sandbox.cwd().join("out/password");
    assert_eq!(std::fs::read(&file).expect("the value"), MARKER.as_bytes());
    assert_eq!(std::fs::metadata(&file).expect("its mode").permissions().mode() & 0o777, 0o600);
    assert_eq!(sandbox.run(&["decode", "db", "--to", "out"]).exit, 1);
    sandbox.ok(&["decode", "db", "--to", "out", "--force"]);
    assert_eq!(std::fs::read_dir(sandbox.cwd().join("out")).expect("the directory").count(), 2);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let sandbox = sandbox();
    let command = format!("{{ {} decode db; echo $? >&2; }} | true", super::support::KSECRET);
    let outcome = super::support::run(sandbox.command_of("sh", &["-c", &command]), b"");
    assert_eq!(outcome.stderr, "0\n");
}

/// A limit on the size of files ends it in the middle of a value: no piece of it is left.
#[test]
fn a_decode_to_files_that_fails_leaves_no_piece_of_a_value() {
    let sandbox = Sandbox::with_server();
    sandbox.write("value", "kill-marker ".repeat(60_000));
    sandbox.ok(&["create", "generic", "big", "--from-file=value"]);
    std::fs::remove_file(sandbox.cwd().join("value")).expect("the value goes");
    for flags in ["", "--force"] {
        let line = format!("ulimit -f 64; exec {KSECRET} decode big --to out {flags}");
        let outcome = support::run(sandbox.command_of("sh", &["-c", &line]), b"");
        assert_ne!(outcome.exit, 0, "{flags}: it was to fail: {}", outcome.stderr);
        let left: Vec<_> = std::fs::read_dir(sandbox.cwd().join("out")).expect("the directory").flatten().collect();
        assert!(left.is_empty(), "{flags}: {left:?}");
    }
    sandbox.ok(&["decode", "big", "--to", "out"]);
    assert_eq!(std::fs::read_dir(sandbox.cwd().join("out")).expect("the directory").count(), 1);
}

/// Killed at any moment: every file that is there under a key's name is whole, and what is not whole has no name, or one
/// that its owner cannot read.
#[test]
fn a_value_has_no_name_before_it_is_whole() {
    use std::os::unix::fs::MetadataExt as _;
    const SIZE: usize = 400_000;
    let sandbox = sandbox();
    sandbox.write("value", vec![b'x'; SIZE]);
    sandbox.ok(&["create", "generic", "big", "--from-file=value"]);
    std::fs::remove_file(sandbox.cwd().join("value")).expect("the value goes");
    let out = sandbox.cwd().join("out");
    std::fs::create_dir(&out).expect("a directory");
    let look = |when: &str| {
        let mut seen = false;
        for entry in std::fs::read_dir(&out).expect("the directory").flatten() {
            // One that went in between is no matter.
            let Ok(found) = entry.metadata() else { continue };
            let whole = found.len() == SIZE as u64 && found.mode() & 0o777 == 0o600;
            let closed = found.mode() & 0o777 == 0 && entry.file_name().to_string_lossy().ends_with(".part");
            assert!(whole || closed, "{when}: {:?}, {} bytes, {:o}", entry.file_name(), found.len(), found.mode());
            seen |= whole && entry.file_name() == "value";
        }
        seen
    };
    let mut killed = 0;
    for round in 0..12 {
        let flags: &[&str] = if round % 2 == 0 { &[] } else { &["--force"] };
        let mut child = sandbox
            .command(&[&["decode", "big", "--to", "out"], flags].concat())
            .stdin(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("it starts");
        // The first rounds look all the time; the later ones kill it at once when there is anything to be seen.
        while child.try_wait().expect("its state").is_none() {
            look("while it runs");
            if round >= 6 && std::fs::read_dir(&out).expect("the directory").next().is_some() {
                child.kill().expect("SIGKILL");
                killed += 1;
                break;
            }
        }
        child.wait().expect("its end");
        let whole = look("afterwards");
        assert!(whole || round >= 6, "round {round} wrote nothing");
        std::fs::remove_dir_all(&out).expect("what was written goes");
        std::fs::create_dir(&out).expect("a directory");
    }
    assert!(killed > 0, "no round was killed");
}
