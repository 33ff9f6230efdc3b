//! Where entries come from: literals, files, directories and env files, read as `kubectl create secret` reads them, in its
//! order and words.
//!
//! What is read is bounded: a source without end (`/dev/zero`, a pipe that never closes) stops with an error. kubectl's
//! client dry run takes values that no server would, so the bound is the size of a request, not that of a Secret.

mod env_file;
mod file;
mod list;

use std::io;

pub use self::file::{MAX_BYTES, read_named};
use crate::{
    context::Env,
    error::{Error, Result},
    secret::{Value, build::Entries},
};

/// The flags that name sources, as they were typed. Commas in `files` and `env_files` separate paths; those in `literals`
/// are part of the value.
#[derive(Clone, Default)]
pub struct Sources {
    /// `--from-literal`: `key=value`.
    pub literals: Vec<String>,
    /// `--from-file`: `[key=]path`, a directory too.
    pub files: Vec<String>,
    /// `--from-env-file`: a path.
    pub env_files: Vec<String>,
}

impl Sources {
    /// Whether no source was named.
    pub fn is_empty(&self) -> bool {
        self.literals.is_empty() && self.files.is_empty() && self.env_files.is_empty()
    }

    /// Checks what can be checked before anything is read.
    ///
    /// # Errors
    /// Env files beside other sources.
    pub fn check(&self) -> Result<()> {
        if !self.env_files.is_empty() && !(self.files.is_empty() && self.literals.is_empty()) {
            return Err(Error::new("from-env-file cannot be combined with from-file or from-literal"));
        }
        Ok(())
    }

    /// The same sources, where every file without a key of its own has `key`: how `docker-registry --from-file` reads
    /// paths.
    ///
    /// # Errors
    /// A list of paths that cannot be taken apart.
    pub fn with_file_key(mut self, key: &str) -> Result<Self> {
        let files = list::split_all("--from-file", &self.files)?;
        self.files = files
            .into_iter()
            .map(|file| list::quoted(&if file.contains('=') { file } else { format!("{key}={file}") }))
            .collect();
        Ok(self)
    }
}

/// Reads every source: literals, then files, then env files. The entries come sorted by key.
///
/// # Errors
/// kubectl's, with these differences: all bad file names of a directory are told at once; bytes of an env file that are
/// not UTF-8, a word that may be a value (a literal without key) and a line that has no `=` are not repeated; more than
/// [`MAX_BYTES`] are refused.
pub fn collect(sources: &Sources, env: &Env) -> Result<Vec<(String, Value)>> {
    sources.check()?;
    let mut entries = Entries::default();
    let mut reader = file::Reader::new(env);
    for (index, literal) in sources.literals.iter().enumerate() {
        let (key, value) = literal_parts(literal, index)?;
        entries.add(key, Value::new(value)).map_err(Error::new)?;
    }
    for source in list::split_all("--from-file", &sources.files)? {
        reader.add_source(&source, &mut entries)?;
    }
    for path in list::split_all("--from-env-file", &sources.env_files)? {
        let text = reader.read_env_file(&path)?;
        env_file::parse(text.expose(), &path, env, |key, value| entries.add(key, value).map_err(Error::new))?;
    }
    Ok(entries.into_iter().collect())
}

/// `key=value`, split at the first `=`. The error does not repeat what was typed, which may be a value without its key;
/// only a lone `=` holds none.
fn literal_parts(literal: &str, index: usize) -> Result<(&str, &str)> {
    match literal.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key, value)),
        Some((_, "")) => Err(Error::new("invalid literal source =, expected key=value")),
        _ => Err(Error::new(format_args!("invalid literal source (number {}), expected key=value", index + 1))),
    }
}

/// An I/O error as Go's `syscall.Errno` says it: `no such file or directory`.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    if error.raw_os_error().is_none() {
        return text;
    }
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
