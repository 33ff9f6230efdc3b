//! The `kubernetes` client from PyPI on the embedded server. It is fetched once into the user's cache; where it cannot be
//! had, that is said and counted as not run.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a test is a process of its own")]

#[path = "../support/mod.rs"]
mod support;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use libtest_mimic::{Arguments, Failed, Trial};
use support::{Sandbox, run};

/// What `client.py` can do.
const PARTS: [&str; 4] = ["crud", "patches", "pages", "watches"];

fn main() {
    let args = Arguments::from_args();
    let listing = args.list;
    let (trials, missing) = match library() {
        Ok(library) => {
            let trial = |part: &&'static str| {
                let (part, library) = (*part, library.clone());
                Trial::test(format!("python:{part}"), move || play(part, &library))
            };
            (PARTS.iter().map(trial).collect(), None)
        }
        Err(reason) => (Vec::new(), Some(reason)),
    };
    let conclusion = libtest_mimic::run(&args, trials);
    if let Some(reason) = missing.filter(|_| !listing) {
        println!("the kubernetes client from PyPI, NOT RUN: {} tests ({reason})", PARTS.len());
    }
    conclusion.exit();
}

fn play(part: &str, library: &Path) -> Result<(), Failed> {
    let mut sandbox = Sandbox::with_server();
    sandbox.set_env("PYTHONPATH", library.to_string_lossy());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/client.py");
    let outcome = run(sandbox.command_of("timeout", &["120", "python3", "-B", script, part, &sandbox.namespace]), b"");
    if outcome.exit == 0 {
        return Ok(());
    }
    Err(format!("exit {}\n{}{}", outcome.exit, outcome.stdout, outcome.stderr).into())
}

/// Where the client is, in `$XDG_CACHE_HOME/ksecret-tests` or `~/.cache/ksecret-tests`, outside the tree.
fn library() -> Result<PathBuf, String> {
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))
        .ok_or("no HOME for the cache")?
        .join("ksecret-tests");
    let found = cache.join("python-kubernetes-37.0.2");
    if !found.is_dir() {
        // Into another directory first: one that is half filled must not be taken for the whole.
        let partial = cache.join(format!("python-kubernetes.{}", std::process::id()));
        let fetched = Command::new("python3")
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target"])
            .arg(&partial)
            .arg("kubernetes==37.0.2")
            .status();
        if !fetched.is_ok_and(|status| status.success()) {
            let _ = std::fs::remove_dir_all(&partial);
            return Err("PyPI's kubernetes cannot be fetched".to_owned());
        }
        std::fs::rename(&partial, &found).map_err(|error| error.to_string())?;
    }
    Ok(found)
}
