//! `--from-env-file`: lines of `KEY=VALUE`, without quotes, continuations or comments behind values (kubectl's
//! `processEnvFileLine`).

use std::fs;

use super::file::{ReadError, read_file, reading};
use crate::{
    context::Env,
    error::{Error, Result},
    secret::{Value, validate},
};

/// Adds the entries of one file. A line without `=` takes its value from the environment; where a key stands twice in
/// one file, the last line counts.
pub fn collect(path: &str, env: &Env, entries: &mut Vec<(String, Value)>) -> Result<()> {
    let full = env.cwd().join(path);
    let metadata = fs::metadata(&full).map_err(|error| reading(path, &error))?;
    if metadata.is_dir() {
        return Err(Error::new("env secret file cannot be a directory"));
    }
    let content = read_file(&full).map_err(|error| match error {
        ReadError::Io(error) => reading(path, &error),
        ReadError::TooLong => Error::new(format!("error reading {path}: it is longer than 3 MiB")),
    })?;
    let mut own: Vec<(String, Value)> = Vec::new();
    for (index, line) in content.expose().split(|byte| *byte == b'\n').enumerate() {
        let Some((key, value)) = entry(line, index, path, env)? else { continue };
        match own.iter_mut().find(|(known, _)| *known == key) {
            Some(known) => known.1 = value,
            None => own.push((key, value)),
        }
    }
    entries.append(&mut own);
    Ok(())
}

fn entry(line: &[u8], index: usize, path: &str, env: &Env) -> Result<Option<(String, Value)>> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    // kubectl's line shows the bytes; they may be a password in another encoding.
    let line = std::str::from_utf8(line)
        .map_err(|_| Error::new(format!("env file {path} contains invalid utf8 bytes at line {}", index + 1)))?;
    let line = if index == 0 { line.strip_prefix('\u{feff}').unwrap_or(line) } else { line };
    let line = line.trim_start_matches([' ', '\t', '\u{b}', '\u{c}', '\r']);
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let (key, value) = match line.split_once('=') {
        Some((key, value)) => (key, Some(value)),
        None => (line, None),
    };
    let reasons = validate::names::env_name(key);
    if !reasons.is_empty() {
        return Err(Error::new(format!("{key:?} is not a valid key name: {}", reasons.join(";")))
            .hint(format!("{path}, line {}", index + 1)));
    }
    let value = value.unwrap_or_else(|| env.var(key).unwrap_or_default());
    Ok(Some((key.to_owned(), Value::new(value))))
}
