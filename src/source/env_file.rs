//! kubectl's env files: `KEY=VALUE` lines without quoting, continuation or `export`. See `staging/.../cmd/util/env_file.go`.

use std::os::unix::ffi::OsStrExt;

use crate::{
    context::Env,
    error::{Error, Result},
    secret::{Value, validate::names::env_name},
};
use go::quote::quote;

/// The longest key that an error shows. A wrapped line of base64 is longer, and must not be shown.
const SHOWN_KEY: usize = 63;

/// Reads the lines of an env file and gives every entry to `add`. `path` is for errors.
///
/// # Errors
/// A line that is not UTF-8 or whose key is none, or what `add` says.
pub(super) fn parse(text: &[u8], path: &str, env: &Env, mut add: impl FnMut(&str, Value) -> Result<()>) -> Result<()> {
    for (index, line) in text.split(|b| *b == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Ok(line) = std::str::from_utf8(line) else {
            let number = index + 1;
            return Err(Error::new(format_args!("env file {path} contains invalid utf8 bytes at line {number}")));
        };
        let line = if index == 0 { line.strip_prefix('\u{feff}').unwrap_or(line) } else { line };
        let line = line.trim_start();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, value) = line.split_once('=').map_or((line, None), |(key, value)| (key, Some(value)));
        let wrong = env_name(key);
        if !wrong.is_empty() {
            // What stands before `=` is a key, as far as anyone can tell; a line without one may be part of a value.
            let shown = if value.is_some() && key.len() <= SHOWN_KEY {
                quote(key)
            } else {
                format!("line {} of {path}", index + 1)
            };
            return Err(Error::new(format_args!("{shown} is not a valid key name: {}", wrong.join(";"))));
        }
        let value = match value {
            Some(value) => Value::new(value),
            None => Value::new(env.var_os(key).map(OsStrExt::as_bytes).unwrap_or_default()),
        };
        add(key, value)?;
    }
    Ok(())
}
