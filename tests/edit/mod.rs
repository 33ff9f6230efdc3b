//! What happens around an editor: files, modes, signals, side files, lost and resumed work; and what decode writes.
//! The built binary on the embedded server, with scripted editors (tests/terminal has real ones).

mod around_apply;
mod decode;
mod decoded;
mod files;
mod leaks;
mod resume;
mod server;
mod signals;

use std::{fs, io::Read as _, path::Path};

use crate::support::{self, Sandbox};

/// The value that must never be where no command line asked for it.
const MARKER: &str = "s3cret-m4rker-value";

/// A sandbox on a store file of its own, with the Secret `db`: `user` and `password` (the marker).
fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::bare();
    let store = sandbox.root().join("local.db").to_string_lossy().into_owned();
    sandbox.set_env("KSECRET_LOCAL", store);
    sandbox.write("password", MARKER);
    sandbox.ok(&["create", "generic", "db", "--from-literal=user=admin", "--from-file=password"]);
    fs::remove_file(sandbox.cwd().join("password")).expect("the value's file goes");
    sandbox
}

/// Makes this script the editor; `$1` is the file.
fn editor(sandbox: &mut Sandbox, body: &str) {
    let script = sandbox.script("editor", &format!("#!/bin/sh\n{body}\n"));
    sandbox.set_env("KUBE_EDITOR", script);
}

/// The entries of a Secret, as the server has them.
fn data(sandbox: &Sandbox, name: &str) -> serde_json::Value {
    let text = sandbox.ok(&["get", "secret", name, "-o", "json"]);
    serde_json::from_str::<serde_json::Value>(&text).expect("JSON")["data"].clone()
}

/// A pipe with a name: a process that writes to it says that something has happened.
fn fifo(sandbox: &Sandbox, name: &str) -> std::path::PathBuf {
    let path = sandbox.cwd().join(name);
    let made = std::process::Command::new("mkfifo").arg(&path).status().expect("mkfifo");
    assert!(made.success());
    path
}

/// Waits until a process writes to the pipe; what was written.
fn heard(fifo: &Path) -> String {
    let mut text = String::new();
    fs::File::open(fifo).expect("the pipe").read_to_string(&mut text).expect("what it says");
    text.trim().to_owned()
}

/// Every file below a directory, with its bytes.
fn files_below(dir: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let kind = entry.file_type().expect("its kind");
        if kind.is_dir() {
            found.extend(files_below(&entry.path()));
        } else if kind.is_file() {
            found.push((entry.path(), fs::read(entry.path()).unwrap_or_default()));
        }
    }
    found
}

/// No file in the sandbox, except the store, holds the marker, plain or in base64; nor does this text.
fn assert_no_marker(sandbox: &Sandbox, text: &str) {
    for needle in [MARKER, "czNjcmV0LW00cmtlci12YWx1"] {
        assert!(!text.contains(needle), "a value in: {text}");
        for (path, bytes) in files_below(sandbox.root()) {
            if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("local.db")) {
                continue;
            }
            let held = support::holds(&bytes, needle.as_bytes());
            assert!(!held, "a value in {}", path.display());
        }
    }
}
