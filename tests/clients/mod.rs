//! The `kubernetes` client from PyPI on the embedded server. It is fetched once into the user's cache.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use libtest_mimic::Failed;

use crate::support::{
    Sandbox,
    require::{Need, Required},
    run,
    suite::Suite,
};

/// What `client.py` can do.
const PARTS: [&str; 4] = ["crud", "patches", "pages", "watches"];

/// One test for each part of `client.py`.
pub fn suite(required: &Required) -> Suite {
    let mut suite = Suite::new("clients");
    match required.wants(Need::Pypi).map(|met| met.and_then(|()| library())) {
        None => suite.not_run(PARTS.len(), Need::Pypi),
        Some(Err(missing)) => suite.test("python", move || Err(missing.into())),
        Some(Ok(library)) => {
            for part in PARTS {
                let library = library.clone();
                suite.test(&format!("python/{part}"), move || play(part, &library));
            }
        }
    }
    suite.report(|| "the kubernetes client of PyPI on the embedded server".to_owned());
    suite
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
