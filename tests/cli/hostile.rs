//! Input that is made to hurt: bombs, depth, size, bytes that are no text. One clear line, soon, in little memory.

use std::fmt::Write as _;

use super::support::{KSECRET, Outcome, Sandbox, run};

/// Runs the program with at most 100 MiB of memory of its own; what hangs fails.
fn bounded(sandbox: &Sandbox, args: &[&str]) -> Outcome {
    let script = "ulimit -d 102400; exec timeout 30 \"$0\" \"$@\"";
    let outcome = run(sandbox.command_of("sh", &[&["-c", script, KSECRET], args].concat()), b"");
    assert_ne!(outcome.exit, 124, "{args:?} hangs");
    outcome
}

/// One line, exit 1, nothing on standard output, no panic and no memory that ran out; the line.
fn refused(sandbox: &Sandbox, args: &[&str]) -> String {
    let outcome = bounded(sandbox, args);
    let shown: String = outcome.stderr.chars().take(500).collect();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{args:?}: {shown}");
    let lines: Vec<&str> = outcome.stderr.lines().filter(|line| !line.starts_with("hint: ")).collect();
    assert_eq!(lines.len(), 1, "{args:?}: {shown}");
    let line = lines.first().copied().unwrap_or_default();
    assert!(line.starts_with("error: ") && line.len() < 400, "{args:?}: {shown}");
    assert!(!line.contains("panic") && !line.contains("os error") && !line.contains("memory"), "{args:?}: {shown}");
    line.to_owned()
}

const HEAD: &str = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n";

/// The commands that read manifests without a server.
fn readers(file: &str) -> [Vec<&str>; 3] {
    [
        vec!["create", "-f", file, "--dry-run=client", "-o", "name"],
        vec!["decode", "-f", file],
        vec!["create", "-f", file],
    ]
}

fn manifest_refused(name: &str, content: &[u8], words: &str) {
    assert!(!words.is_empty(), "every text contains an empty one");
    let mut sandbox = Sandbox::bare();
    sandbox.set_env("KSECRET_LOCAL", sandbox.root().join("x.db").to_string_lossy());
    sandbox.write(name, content);
    for args in readers(name) {
        let line = refused(&sandbox, &args);
        assert!(line.contains(words), "{args:?}: {line}");
    }
}

#[test]
fn fifty_megabytes_of_aliases() {
    let mut text = format!("{HEAD}a: &a x\nstringData: [");
    let aliases = (50 << 20) / 4;
    text.reserve(aliases * 4);
    (0..aliases).for_each(|_| text.push_str("*a, "));
    text.push_str("]\n");
    manifest_refused("aliases.yaml", text.as_bytes(), "larger than");
}

#[test]
fn aliases_that_grow() {
    let mut text = format!("{HEAD}metadata:\n  a0: &a0 [{}]\n", ["xxxxxxxxxx"; 10].join(", "));
    for level in 1..12 {
        let list = vec![format!("*a{}", level - 1); 10].join(", ");
        let _ = writeln!(text, "  a{level}: &a{level} [{list}]");
    }
    manifest_refused("bomb.yaml", text.replace("metadata:\n  name: s\n", "").as_bytes(), "excessive aliasing");
}

#[test]
fn ten_thousand_deep() {
    let depth = 10_000;
    let flow = format!("{HEAD}data: {}{}\n", "[".repeat(depth), "]".repeat(depth));
    let maps = format!("{HEAD}data: {}x{}\n", "{a: ".repeat(depth), "}".repeat(depth));
    let open = format!("{HEAD}data: {}\n", "[".repeat(depth));
    let sequences = format!("{HEAD}data:\n{}x\n", "- ".repeat(depth));
    let mut blocks = format!("{HEAD}data:\n");
    // Indentation is quadratic in the depth: a thousand levels are half a megabyte.
    for level in 1..=1_000 {
        let _ = writeln!(blocks, "{}a:", " ".repeat(level));
    }
    let json = format!("{{\"kind\":\"Secret\",\"data\":{}1{}}}", "[".repeat(depth), "]".repeat(depth));
    for (name, text) in [
        ("flow.yaml", flow),
        ("maps.yaml", maps),
        ("open.yaml", open),
        ("sequences.yaml", sequences),
        ("blocks.yaml", blocks),
        ("deep.json", json),
    ] {
        manifest_refused(name, text.as_bytes(), "exceeded max depth of 100");
    }
}

#[test]
fn an_object_past_three_mebibytes() {
    let value = "x".repeat((3 << 20) + 1);
    manifest_refused("large.yaml", format!("{HEAD}stringData:\n  k: {value}\n").as_bytes(), "larger than 3 MiB");
    let json = format!(
        "{{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{{\"name\":\"s\"}},\"stringData\":{{\"k\":\"{value}\"}}}}"
    );
    manifest_refused("large.json", json.as_bytes(), "larger than 3 MiB");
}

#[test]
fn bytes_that_are_no_text() {
    let invalid = [HEAD.as_bytes(), b"stringData:\n  k: \"\xff\xfe\xfd\"\n"].concat();
    manifest_refused("invalid.yaml", &invalid, "line 6: the text is not UTF-8");
    let binary: Vec<u8> = (0..=255_u8).cycle().take(100_000).collect();
    manifest_refused("binary.yaml", &binary, "the text is not UTF-8");
    let control = "control characters are not allowed";
    manifest_refused("elf.yaml", b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03\x00>\x00", control);
    let utf16: Vec<u8> = format!("{HEAD}data: [").encode_utf16().flat_map(u16::to_le_bytes).collect();
    manifest_refused("utf16.yaml", &utf16, control);
}

#[test]
fn files_of_flags_that_are_no_text_directories_or_without_end() {
    let mut sandbox = Sandbox::bare();
    sandbox.set_env("KSECRET_LOCAL", sandbox.root().join("x.db").to_string_lossy());
    sandbox.ok(&["create", "generic", "s", "--from-literal=k=v"]);
    std::fs::create_dir(sandbox.cwd().join("dir")).expect("a directory");
    sandbox.write("binary", [0x7f, b'E', b'L', b'F', 0, 0xff, 0xfe, b'{', b'{', 0x80]);
    for file in ["binary", "dir", "/dev/zero", "absent"] {
        for args in [
            vec!["get", "s", "-o", "go-template-file", "--template", file],
            vec!["get", "s", "-o", &format!("go-template-file={file}")],
            vec!["get", "s", "-o", &format!("jsonpath-file={file}")],
            vec!["get", "s", "-o", &format!("custom-columns-file={file}")],
            vec!["patch", "secret", "s", "--patch-file", file],
            vec!["create", "generic", "t", &format!("--from-env-file={file}")],
            vec!["get", "s", "--local=false", "--kubeconfig", file],
            vec!["get", "s", "--local=false", "--server=https://127.0.0.1:1", "--certificate-authority", file],
            vec!["create", "tls", "t", &format!("--cert={file}"), &format!("--key={file}")],
        ] {
            refused(&sandbox, &args);
        }
        if file == "dir" || file == "binary" {
            continue;
        }
        refused(&sandbox, &["create", "generic", "t", &format!("--from-file=k={file}")]);
        refused(&sandbox, &["create", "-f", file]);
        refused(&sandbox, &["replace", "-f", file]);
        refused(&sandbox, &["decode", "-f", file]);
    }
}
