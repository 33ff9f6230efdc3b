//! Values that are read to the end of standard input or of an inherited descriptor.

use std::{fs::File, io::Read};

use go::quote::quote;

use super::file::MAX_BYTES;
use crate::{
    context::Context,
    error::{Error, Result},
    secret::Value,
};

/// Reads a value from standard input.
///
/// # Errors
/// Empty standard input, a terminal, and more than a request may hold.
pub(super) fn stdin(flag: &str, key: &str, ctx: &mut Context) -> Result<Value> {
    if ctx.terminals.stdin {
        return Err(Error::new(format_args!("{flag} reads a pipe, and standard input is a terminal"))
            .hint(format!("--prompt {key} asks for the value and does not show it")));
    }
    not_empty(piped(ctx)?, "standard input", key)
}

/// Reads a file that is named `-`.
///
/// # Errors
/// As [`stdin`].
pub(super) fn dash(flag: &str, ctx: &mut Context) -> Result<Value> {
    if ctx.terminals.stdin {
        return Err(Error::new(format_args!("{flag}=- reads a pipe, and standard input is a terminal")));
    }
    match piped(ctx)? {
        text if text.is_empty() => Err(Error::new(format_args!("standard input is empty, and {flag}=- reads it"))),
        text => Ok(text),
    }
}

/// Reads a value from an inherited descriptor other than standard input, output and error.
///
/// # Errors
/// A descriptor that is not open or cannot be read, an empty one, and more than a request may hold.
pub(super) fn descriptor(number: i32, key: &str) -> Result<Value> {
    let file = platform::inherited(number).map(File::from).map_err(|_| {
        Error::new(format_args!("--from-fd: descriptor {number} for key {} is not open", quote(key)))
            .hint(format!("the shell opens it: --from-fd={key}={number} {number}<FILE"))
    })?;
    let what = format!("descriptor {number}");
    not_empty(whole(file, &what)?, &what, key)
}

/// Refuses an empty value. Why: more likely than not the program that should have written it has failed.
fn not_empty(value: Value, what: &str, key: &str) -> Result<Value> {
    if value.is_empty() {
        return Err(Error::new(format_args!("{what} is empty, and is to be the value of {}", quote(key)))
            .hint(format!("--from-literal={key}= makes an empty value")));
    }
    Ok(value)
}

/// Reads text from standard input, without the newline at its end, as `docker login --password-stdin` does.
///
/// # Errors
/// Empty standard input, text that is not UTF-8, a terminal.
pub fn line(what: &str, ctx: &mut Context) -> Result<String> {
    if ctx.terminals.stdin {
        return Err(Error::new(format!("{what} is read from a pipe, and standard input is a terminal")));
    }
    let value = piped(ctx)?.without_newline();
    match value.expose_text() {
        None => Err(Error::new(format!("standard input is not valid UTF-8, and is to be {what}"))),
        Some("") => Err(Error::new(format!("standard input is empty, and is to be {what}"))),
        Some(text) => Ok(text.to_owned()),
    }
}

fn piped(ctx: &mut Context) -> Result<Value> {
    ctx.stdin_in_use.set();
    whole(&mut ctx.stdin, "standard input")
}

fn whole(input: impl Read, what: &str) -> Result<Value> {
    let mut bytes = Vec::new();
    let read = guard::bounded::read(input, 0, MAX_BYTES, &mut bytes);
    let value = Value::new(bytes);
    read.map_err(|error| Error::new(format_args!("{what}: {}", go::errno::text(&error))))?;
    if value.len() > MAX_BYTES {
        return Err(Error::new(format_args!("{what}: more than 3 MiB, and no request may be larger"))
            .hint("a Secret holds at most 1 MiB of values"));
    }
    Ok(value)
}
