//! Where entries come from: literals, files, directories, env files. The order and the words are kubectl's
//! (`create_secret.go`).

mod env_file;
mod file;

use crate::{
    context::Env,
    error::{Error, Result},
    secret::Value,
};

pub use file::{ReadError, read_file};

/// What was typed, one item a flag (comma-separated file flags already taken apart).
#[derive(Default)]
pub struct Sources {
    /// `--from-literal`: `KEY=VALUE`.
    pub literals: Vec<String>,
    /// `--from-file`: `[KEY=]PATH`, a file or a directory.
    pub files: Vec<String>,
    /// `--from-env-file`: files of `KEY=VALUE` lines.
    pub env_files: Vec<String>,
}

/// Reads all sources, in kubectl's order: files, literals, env files. Keys are not checked against each other.
///
/// # Errors
/// kubectl's, for a malformed source and a file that cannot be read. None repeats a value.
pub fn collect(sources: &Sources, env: &Env) -> Result<Vec<(String, Value)>> {
    let mut entries = Vec::new();
    for source in &sources.files {
        file::collect(source, env, &mut entries)?;
    }
    for source in &sources.literals {
        entries.push(literal(source)?);
    }
    for path in &sources.env_files {
        env_file::collect(path, env, &mut entries)?;
    }
    Ok(entries)
}

/// `KEY=VALUE`, split at the first `=`; everything after it is the value.
fn literal(source: &str) -> Result<(String, Value)> {
    match source.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), Value::new(value))),
        // Without a key the word may be a value that was typed in the wrong place: a lone word is shown, as kubectl
        // does, what stands behind an `=` is not.
        Some(_) if source != "=" => {
            Err(Error::new("invalid literal source =…, expected key=value").hint("the key before the = is empty"))
        }
        _ => Err(Error::new(format!("invalid literal source {source}, expected key=value"))),
    }
}
