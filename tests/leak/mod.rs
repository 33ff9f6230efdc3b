//! No value where nobody asked for one: every command at the highest verbosity, with values of every kind, against the
//! embedded server and against one that repeats whole objects. Looked at: standard error always, standard output unless
//! the command asks for values, the arguments and the environment of children and of the program beside them, and every
//! file left behind.

mod around_apply;
mod commands;
mod credentials;
mod hostile;
mod needles;
mod other_objects;
mod receipts;
mod refused;
mod rotation;
mod wrong_types;

use std::{
    cell::RefCell,
    fs,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use needles::{BINARY, NASTY, Needles, TEXT};

use crate::{
    client::server,
    support::{self, Outcome, Sandbox},
};

/// A sandbox that collects what leaked.
struct Watched {
    sandbox: Sandbox,
    needles: Needles,
    leaks: RefCell<Vec<String>>,
}

impl Watched {
    /// Values that no test looks at lie in `input` and, as scripts, in `bin`.
    pub fn new(sandbox: Sandbox, others: &[&str]) -> Self {
        fs::create_dir(sandbox.root().join("input")).expect("a directory");
        let watched = Self { sandbox, needles: Needles::of(others), leaks: RefCell::default() };
        watched.input("text", TEXT);
        watched.input("binary", BINARY);
        watched.input("nasty", NASTY);
        watched
    }

    /// Writes a file that may hold values; its path.
    pub fn input(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let file = self.sandbox.root().join("input").join(name);
        fs::write(&file, content).expect("an input");
        file.to_string_lossy().into_owned()
    }

    /// Makes this script the editor. It first writes down what it can see of its own process and of its parent's, and
    /// the comments of the file. Opened again, it changes nothing more.
    pub fn editor(&mut self, body: &str) {
        let look = "for file in /proc/$PPID/cmdline /proc/$PPID/environ /proc/$$/cmdline /proc/$$/environ; do \
                    cat $file 2>/dev/null; done >> seen; grep '^#' \"$1\" >> seen";
        let once = "test -e edited && exit 0; touch edited";
        let script = self.sandbox.script("editor", &format!("#!/bin/sh\n{look}\n{once}\n{body}\n"));
        self.sandbox.set_env("KUBE_EDITOR", script);
    }

    fn check(&self, what: &str, bytes: &[u8]) {
        let forms = self.needles.found_in(bytes);
        if !forms.is_empty() {
            let text = String::from_utf8_lossy(bytes);
            self.leaks.borrow_mut().push(format!("{what}: {}\n    {}", forms.join(", "), text.trim()));
        }
    }

    /// Notes a leak, for [`Watched::done`].
    pub fn leaked(&self, what: String) {
        self.leaks.borrow_mut().push(what);
    }

    /// Runs a command at the highest verbosity; one that does not end fails.
    pub fn run(&self, args: &[&str]) -> Outcome {
        let _ = fs::remove_file(self.sandbox.cwd().join("edited"));
        let words = [&["60", support::KSECRET, "-v=10"][..], args].concat();
        let outcome = support::run(self.sandbox.command_of("timeout", &words), b"");
        assert_ne!(outcome.exit, 124, "{args:?} does not end: {}", outcome.stderr);
        outcome
    }

    /// Runs a command that asks for values: they may be on its standard output, nowhere else.
    pub fn asks(&self, exit: i32, args: &[&str]) -> Outcome {
        let outcome = self.run(args);
        assert_eq!(outcome.exit, exit, "{args:?}: {}", outcome.stderr);
        self.check(&format!("stderr of {args:?}"), outcome.stderr.as_bytes());
        outcome
    }

    /// Runs a command that does not.
    pub fn quiet(&self, exit: i32, args: &[&str]) -> Outcome {
        let outcome = self.asks(exit, args);
        self.check(&format!("stdout of {args:?}"), &outcome.bytes);
        outcome
    }

    /// Looks at every file that is left, and fails with all that leaked.
    pub fn done(self) {
        let not_ours = [self.sandbox.root().join("input"), self.sandbox.root().join("bin")];
        for (file, bytes) in files_below(self.sandbox.root()) {
            if !not_ours.iter().any(|dir| file.starts_with(dir)) {
                self.check(&format!("the file {}", file.display()), &bytes);
            }
        }
        let leaks = self.leaks.take();
        assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
    }
}

fn files_below(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
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

/// A manifest of the Secret `name` with the markers.
pub fn manifest(name: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {name}\ndata:\n  binary: {}\nstringData:\n  text: {TEXT}\n  nasty: {}\n",
        STANDARD.encode(BINARY),
        serde_json::Value::from(NASTY)
    )
}
