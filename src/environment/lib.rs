//! The environment of the process: its variables, its working directory, the files that they name, and which part of
//! the program uses standard input. It is read once and passed in.

pub mod files;

use std::{
    ffi::{OsStr, OsString},
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// Environment variables and the working directory, as they were when the process started.
#[derive(Clone, Default)]
pub struct Env {
    /// As the process got them. Of two with one name the first counts, as for kubectl.
    vars: Vec<(OsString, OsString)>,
    cwd: PathBuf,
}

impl Env {
    /// Returns those of the process. Invariant: this is the only place that reads them.
    #[allow(clippy::disallowed_methods)]
    pub fn of_process() -> Self {
        Self { vars: std::env::vars_os().collect(), cwd: std::env::current_dir().unwrap_or_default() }
    }

    /// Returns the given ones, for tests.
    pub fn made<K: Into<OsString>, V: Into<OsString>>(vars: impl IntoIterator<Item = (K, V)>, cwd: PathBuf) -> Self {
        Self { vars: vars.into_iter().map(|(k, v)| (k.into(), v.into())).collect(), cwd }
    }

    /// Returns a variable as text, or `None` if it is unset or not UTF-8.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.var_os(name)?.to_str()
    }

    /// Returns a variable.
    pub fn var_os(&self, name: &str) -> Option<&OsStr> {
        self.vars.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_os_str())
    }

    /// Returns a variable that is set and not empty, which is how kubectl and Go read most variables.
    pub fn non_empty(&self, name: &str) -> Option<&str> {
        self.var(name).filter(|v| !v.is_empty())
    }

    /// Returns all variables, for a child process. Of two with one name the last counts.
    pub fn vars(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.vars.iter().rev().map(|(k, v)| (k.as_os_str(), v.as_os_str()))
    }

    /// Returns the working directory.
    pub fn cwd(&self) -> &Path {
        &self.cwd
    }

    /// Returns the content of a file; a relative path is resolved against the working directory.
    ///
    /// # Errors
    /// [`files::read_file`]'s.
    pub fn read_file(&self, path: impl AsRef<Path>, limit: usize) -> io::Result<Vec<u8>> {
        files::read_file(&self.cwd.join(path), limit)
    }

    /// Returns `$HOME`, if it is set and not empty.
    pub fn home(&self) -> Option<&Path> {
        self.var_os("HOME").filter(|v| !v.is_empty()).map(Path::new)
    }

    /// Returns this program's directory in the user's data directory, as the XDG base directory specification names it;
    /// `None` if neither `XDG_DATA_HOME` nor `HOME` is set.
    pub fn data_dir(&self) -> Option<PathBuf> {
        let data = self.var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
        let data = data.or_else(|| self.home().map(|home| home.join(".local/share")));
        data.map(|data| data.join("ksecret"))
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

/// Whether standard input is read for manifests (`-f -`), so that nothing else may read it. Clones share one flag.
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
