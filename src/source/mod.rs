//! Where entries come from: literals, files, directories and env files, read as `kubectl create secret` reads them, in its
//! order and words; and sources that kubectl does not have ([`own`]).
//!
//! Reading is bounded: a source without end (`/dev/zero`, a pipe that is never closed) stops with an error. Why the
//! size of a request and not that of a Secret: kubectl's client dry run accepts values that no server would.

pub mod docker_config;
mod dotenv;
mod env_file;
mod file;
pub mod generate;
pub mod keys;
mod map;
pub mod own;
mod program;
pub mod sops;
mod stream;

use std::{
    ffi::{OsStr, OsString},
    os::unix::ffi::OsStrExt as _,
    path::Path,
};

pub use self::file::{MAX_BYTES, ReadError, read_file};
use guard::Typed;

use crate::{
    context::Env,
    error::{Error, Result},
    secret::{Value, build::Entries},
};

/// The values of kubectl's source flags, one item each: comma-separated lists are split already.
#[derive(Clone, Default)]
pub struct Sources {
    /// `--from-literal`: `key=value`.
    pub literals: Vec<Typed<OsString>>,
    /// `--from-file`: `[key=]path`, of a file or a directory.
    pub files: Vec<OsString>,
    /// `--from-env-file`: a path.
    pub env_files: Vec<OsString>,
    /// `--strip-newline`: whether the newline at the end of a file is removed from its value. kubectl keeps it.
    pub strip_newline: bool,
    /// `--decrypt-with sops`: whether files that sops has encrypted are decrypted.
    pub decrypt: bool,
}

impl Sources {
    /// Returns the flag that an entry came from.
    fn flag_of(&self, key: &str) -> &'static str {
        let is_literal = |literal: &Typed<OsString>| file::split_key(literal).is_some_and(|(typed, _)| typed == key);
        match self.literals.iter().any(is_literal) {
            true => "--from-literal",
            false if self.env_files.is_empty() => "--from-file",
            false => "--from-env-file",
        }
    }
}

/// Reads every source: literals, then files, then env files. Returns the entries sorted by key.
///
/// # Errors
/// kubectl's, with these differences: all invalid file names of a directory are reported at once; text that may be a
/// value is not repeated (a malformed line of an env file, a literal with an empty key); more than [`MAX_BYTES`] are
/// refused.
pub fn collect(sources: &Sources, env: &Env) -> Result<Vec<(String, Value)>> {
    if !sources.env_files.is_empty() && (!sources.files.is_empty() || !sources.literals.is_empty()) {
        return Err(Error::new("from-env-file cannot be combined with from-file or from-literal"));
    }
    let mut entries = Entries::default();
    let mut reader = file::Reader::new(env, sources.strip_newline, sources.decrypt);
    for literal in &sources.literals {
        let (key, value) = literal_parts(literal)?;
        entries.add(key, Value::new(value)).map_err(Error::new)?;
    }
    for source in &sources.files {
        reader.add_source(source, &mut entries)?;
    }
    for path in &sources.env_files {
        let text = reader.read_env_file(path)?;
        env_file::parse(text.expose(), Path::new(path), env, &mut entries)?;
    }
    Ok(entries.into_iter().collect())
}

/// Returns the entries of a dotenv file, which `file` names in errors.
///
/// # Errors
/// A line that cannot be read, or has a key that is there already.
pub fn dotenv(text: &[u8], file: &str) -> Result<Entries> {
    let mut added = own::Added::default();
    dotenv::parse(text, file, &mut added)?;
    Ok(added.into_entries())
}

const INVALID_LITERAL: &str = "invalid literal source, expected key=value";

/// Splits `key=value` at the first `=`. Why its errors do not repeat the literal, as kubectl's do: it may be a value
/// whose key was forgotten.
fn literal_parts(literal: &OsStr) -> Result<(&str, &[u8])> {
    match file::split_key(literal) {
        Some((key, value)) if !key.is_empty() => Ok((file::key_text(key)?, value.as_bytes())),
        Some(_) => Err(Error::new(INVALID_LITERAL).hint("one begins with =: its key is empty")),
        None => Err(Error::new(INVALID_LITERAL).hint("one has no =")),
    }
}

#[cfg(test)]
mod tests;
