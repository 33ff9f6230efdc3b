//! What surrounds the process besides its streams: environment variables, working directory, the files that they name, and
//! whose standard input is. Gathered once and passed in.

pub mod files;

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// Environment variables and the working directory, as they were when the process began.
#[derive(Clone, Default)]
pub struct Env {
    vars: BTreeMap<OsString, OsString>,
    cwd: PathBuf,
}

impl Env {
    /// The process's own. The one place that reads them.
    #[allow(clippy::disallowed_methods)]
    pub fn of_process() -> Self {
        Self { vars: std::env::vars_os().collect(), cwd: std::env::current_dir().unwrap_or_default() }
    }

    /// Made up, for tests.
    pub fn made<K: Into<OsString>, V: Into<OsString>>(vars: impl IntoIterator<Item = (K, V)>, cwd: PathBuf) -> Self {
        Self { vars: vars.into_iter().map(|(k, v)| (k.into(), v.into())).collect(), cwd }
    }

    /// A variable as text; nothing when it is unset or not UTF-8.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.var_os(name)?.to_str()
    }

    /// A variable as it is.
    pub fn var_os(&self, name: &str) -> Option<&OsStr> {
        self.vars.get(OsStr::new(name)).map(OsString::as_os_str)
    }

    /// A variable that is set and not empty: how kubectl and Go read most of theirs.
    pub fn non_empty(&self, name: &str) -> Option<&str> {
        self.var(name).filter(|v| !v.is_empty())
    }

    /// Every variable, for a child process.
    pub fn vars(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.vars.iter().map(|(k, v)| (k.as_os_str(), v.as_os_str()))
    }

    /// The working directory.
    pub fn cwd(&self) -> &Path {
        &self.cwd
    }

    /// Returns the bytes of a file, relative to the working directory.
    ///
    /// # Errors
    /// [`files::read_file`]'s.
    pub fn read_file(&self, path: impl AsRef<Path>, limit: usize) -> io::Result<Vec<u8>> {
        files::read_file(&self.cwd.join(path), limit)
    }

    /// `$HOME`, where it is set and not empty.
    pub fn home(&self) -> Option<&Path> {
        self.var_os("HOME").filter(|v| !v.is_empty()).map(Path::new)
    }
}

/// Which standard streams are terminals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Terminals {
    /// Standard input.
    pub stdin: bool,
    /// Standard output.
    pub stdout: bool,
    /// Standard error.
    pub stderr: bool,
}

/// Whether standard input is read for manifests (`-f -`): nothing else may read it then. Clones share one answer.
#[derive(Clone, Default)]
pub struct InUse(Arc<AtomicBool>);

impl InUse {
    /// Marks it as in use.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Returns whether it is in use.
    pub fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
