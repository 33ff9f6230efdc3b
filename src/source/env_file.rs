//! kubectl's env files (`staging/src/k8s.io/kubectl/pkg/cmd/util/env_file.go`): `KEY=VALUE` lines without quotes,
//! continuation or `export`.

use std::{os::unix::ffi::OsStrExt, path::Path};

use crate::{
    context::Env,
    error::{Error, Result},
    secret::{
        Value,
        build::Entries,
        validate::{self, names::env_name},
    },
};

/// Reads the lines of an env file into `entries`. `path` is for errors.
///
/// # Errors
/// A line that is not UTF-8, or whose key is invalid or occurs twice. The error names the file and the line, never the
/// line's text: it may be part of a value that spans lines and happens to contain `=`.
pub(super) fn parse(text: &[u8], path: &Path, env: &Env, entries: &mut Entries) -> Result<()> {
    let path = path.display();
    for (index, line) in text.split(|b| *b == b'\n').enumerate() {
        let number = index + 1;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Ok(line) = std::str::from_utf8(line) else {
            return Err(Error::new(format_args!("env file {path} contains invalid utf8 bytes at line {number}")));
        };
        let line = if index == 0 { line.strip_prefix('\u{feff}').unwrap_or(line) } else { line };
        let line = line.trim_start();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, value) = line.split_once('=').map_or((line, None), |(key, value)| (key, Some(value)));
        let wrong = Some(env_name(key)).filter(|wrong| !wrong.is_empty()).unwrap_or_else(|| validate::key(key));
        if !wrong.is_empty() {
            let reasons = wrong.join(";");
            return Err(Error::new(format_args!("the key on line {number} of {path} is not valid: {reasons}")));
        }
        let value = match value {
            Some(value) => Value::new(value),
            None => Value::new(env.var_os(key).map(OsStrExt::as_bytes).unwrap_or_default()),
        };
        if entries.add(key, value).is_err() {
            return Err(Error::new(format_args!(
                "cannot add the key on line {number} of {path}, another key by that name already exists"
            )));
        }
    }
    Ok(())
}
