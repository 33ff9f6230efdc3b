//! Sources that kubectl does not have: they keep a value out of the shell's history and of the arguments.

use std::{ffi::OsString, os::unix::ffi::OsStrExt as _};

use go::quote::quote;

use super::file::{MAX_BYTES, key_text, split_key};
use crate::{
    context::Context,
    error::{Error, Result},
    secret::{Value, build::Entries},
};

/// What was typed.
#[derive(Clone, Default)]
pub struct Own {
    /// `--from-stdin`: the key of what standard input holds.
    pub stdin: Option<String>,
    /// `--from-env`: `KEY=VARIABLE`.
    pub variables: Vec<OsString>,
    /// `--prompt`: keys of what is typed at the terminal.
    pub prompts: Vec<String>,
}

/// Asks for a value on the terminal, which the text names: `the value of token`.
pub type Ask = fn(&str) -> Result<Value>;

/// Adds the entries of these sources to others. Checks all keys before it reads standard input, and reads that before it
/// asks.
///
/// # Errors
/// An invalid or duplicate key, a variable that is not set or is empty, standard input that is empty or a terminal, a
/// prompt without a terminal.
pub fn collect(own: &Own, others: Vec<(String, Value)>, ask: Ask, ctx: &mut Context) -> Result<Vec<(String, Value)>> {
    let mut entries = Entries::default();
    for (key, value) in others {
        entries.add(key, value).map_err(Error::new)?;
    }
    for typed in &own.variables {
        let (key, value) = variable(typed, ctx)?;
        entries.add(key, value).map_err(Error::new)?;
    }
    let mut keys = entries.without_values();
    for key in own.stdin.iter().chain(&own.prompts) {
        keys.add(key, Value::default()).map_err(Error::new)?;
    }
    if !own.prompts.is_empty() && !can_ask(ctx) {
        return Err(Error::new("--prompt asks, and there is no terminal to ask on")
            .hint("--from-stdin KEY takes the value from a pipe"));
    }
    if let Some(key) = &own.stdin {
        entries.add(key, stdin(key, ctx)?).map_err(Error::new)?;
    }
    for key in &own.prompts {
        entries.add(key, ask(&format!("the value of {key}"))?).map_err(Error::new)?;
    }
    Ok(entries.into_iter().collect())
}

/// Returns whether there is a terminal to ask on.
pub fn can_ask(ctx: &Context) -> bool {
    ctx.terminals.stdin && ctx.terminals.stderr
}

fn variable(typed: &OsString, ctx: &Context) -> Result<(String, Value)> {
    let parts = split_key(typed).filter(|(key, name)| !key.is_empty() && !name.is_empty());
    // What was typed may be a value by mistake.
    let (key, name) = parts.ok_or_else(|| Error::new("--from-env wants KEY=VARIABLE"))?;
    let (key, name) = (key_text(key)?, name.to_string_lossy());
    match ctx.env.var_os(&name) {
        Some(value) if !value.is_empty() => Ok((key.to_owned(), Value::new(value.as_bytes().to_vec()))),
        Some(_) => Err(Error::new(format!("--from-env: the variable for key {} is empty", quote(key)))
            .hint(format!("--from-literal={key}= makes an empty value"))),
        None => Err(Error::new(format!("--from-env: the variable for key {} is not set", quote(key)))),
    }
}

fn stdin(key: &str, ctx: &mut Context) -> Result<Value> {
    if ctx.terminals.stdin {
        return Err(Error::new("--from-stdin reads a pipe, and standard input is a terminal")
            .hint(format!("--prompt {key} asks for the value and does not show it")));
    }
    let value = piped(ctx)?;
    if value.is_empty() {
        // Why an error: what was to write it has failed, more likely than not.
        return Err(Error::new(format!("standard input is empty, and is to be the value of {}", quote(key)))
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
    let value = piped(ctx)?;
    let Ok(text) = std::str::from_utf8(value.expose()) else {
        return Err(Error::new(format!("standard input is not valid UTF-8, and is to be {what}")));
    };
    match text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text)) {
        "" => Err(Error::new(format!("standard input is empty, and is to be {what}"))),
        text => Ok(text.to_owned()),
    }
}

fn piped(ctx: &mut Context) -> Result<Value> {
    ctx.stdin_in_use.set();
    let mut bytes = Vec::new();
    let read = guard::bounded::read(&mut ctx.stdin, 0, MAX_BYTES, &mut bytes);
    let value = Value::new(bytes);
    read.map_err(|error| Error::new(format!("standard input: {}", go::errno::text(&error))))?;
    if value.len() > MAX_BYTES {
        return Err(Error::new("standard input: more than 3 MiB, and no request may be larger")
            .hint("a Secret holds at most 1 MiB of values"));
    }
    Ok(value)
}
