//! Sources that kubectl does not have. They keep a value out of the shell's history and the process's arguments, or
//! read files that other programs write.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    os::unix::ffi::OsStrExt as _,
};

use go::quote::quote;

pub use super::stream::line;
use super::{
    Sources, dotenv,
    file::{Reader, key_text, split_key},
    map,
    sops::Format as Encrypted,
    stream,
};
use crate::{
    context::Context,
    error::{Error, Result},
    secret::{Value, build::Entries},
};

/// The values of the flags.
#[derive(Clone, Default)]
pub struct Own {
    /// `--from-stdin`: the key for the content of standard input.
    pub stdin: Option<String>,
    /// `--from-env`: `KEY=VARIABLE`.
    pub variables: Vec<OsString>,
    /// `--from-fd`: `KEY=NUMBER`.
    pub descriptors: Vec<OsString>,
    /// `--from-dotenv`: a path, or `-`.
    pub dotenv: Vec<OsString>,
    /// `--from-json`: a path, or `-`.
    pub json: Vec<OsString>,
    /// `--from-yaml`: a path, or `-`.
    pub yaml: Vec<OsString>,
    /// `--prompt`: the keys whose values are typed at the terminal.
    pub prompts: Vec<String>,
}

/// Asks for a value on the terminal. The text names the value: `the value of token`.
pub type Ask = fn(&str) -> Result<Value>;

/// Adds the entries of a file: its text, its name for errors, and where they are added.
type Format = fn(&[u8], &str, &mut Added) -> Result<()>;

/// Entries, and the place that each came from.
#[derive(Default)]
pub(super) struct Added {
    entries: Entries,
    places: BTreeMap<String, String>,
}

impl Added {
    /// Adds an entry. `place` says where it came from: `--from-stdin`, `line 3 of app.env`.
    ///
    /// # Errors
    /// An invalid key, or one that was added before; a hint names both places.
    pub(super) fn add(&mut self, key: &str, value: Value, place: impl FnOnce() -> String) -> Result<()> {
        let place = place();
        if let Err(text) = self.entries.add(key, value) {
            let error = Error::new(text);
            return Err(match self.places.get(key) {
                Some(first) if *first == place => error.hint(format!("{place} has it twice")),
                Some(first) => error.hint(format!("{first} and {place} both have it")),
                None => error,
            });
        }
        self.places.insert(key.to_owned(), place);
        Ok(())
    }

    /// Returns the entries.
    pub(super) fn into_entries(self) -> Entries {
        self.entries
    }

    /// Returns the same keys and places with empty values, to check further keys for duplicates.
    fn without_values(&self) -> Self {
        Self { entries: self.entries.without_values(), places: self.places.clone() }
    }
}

/// Reads every source: kubectl's, then these. Invariant: everything that can be checked without standard input is
/// checked before it is read, and standard input is read before the terminal is asked. Nothing is consumed or typed in
/// vain.
///
/// # Errors
/// [`super::collect`]'s; an invalid or duplicate key, a variable that is not set or is empty, a file that cannot be
/// read, standard input that is empty, a terminal or used twice, a descriptor that is not open, a prompt without a
/// terminal.
pub fn collect(own: &Own, sources: &Sources, ask: Ask, ctx: &mut Context) -> Result<Vec<(String, Value)>> {
    if !own.prompts.is_empty() && !can_ask(ctx) {
        return Err(Error::new("--prompt asks, and there is no terminal to ask on")
            .hint("--from-stdin KEY takes the value from a pipe"));
    }
    let descriptors = own.descriptors.iter().map(|typed| descriptor(typed)).collect::<Result<Vec<_>>>()?;
    let files: [(&str, &[OsString], Format, Encrypted); 3] = [
        ("--from-dotenv", &own.dotenv, dotenv::parse, Encrypted::Dotenv),
        ("--from-json", &own.json, map::json, Encrypted::Json),
        ("--from-yaml", &own.yaml, map::yaml, Encrypted::Yaml),
    ];
    let dashes = files.iter().flat_map(|(_, paths, ..)| *paths).filter(|path| *path == "-").count();
    let zeros = descriptors.iter().filter(|(_, number)| *number == 0).count();
    if usize::from(own.stdin.is_some()) + dashes + zeros > 1 {
        return Err(Error::new("standard input can be read once, and more than one flag reads it"));
    }

    let mut added = Added::default();
    for (key, value) in super::collect(sources, &ctx.env)? {
        let flag = sources.flag_of(&key);
        added.add(&key, value, || flag.to_owned())?;
    }
    for typed in &own.variables {
        let (key, value) = variable(typed, ctx)?;
        added.add(&key, value, || "--from-env".to_owned())?;
    }
    let env = ctx.env.clone();
    let mut reader = Reader::new(&env, false, sources.decrypt);
    for (_, paths, format, encrypted) in &files {
        for path in paths.iter().filter(|path| *path != "-") {
            format(reader.read_as(path, *encrypted)?.expose(), &path.to_string_lossy(), &mut added)?;
        }
    }

    let stripped = |value: Value| if sources.strip_newline { value.without_newline() } else { value };
    let from_fd = || "--from-fd".to_owned();
    let mut keys = added.without_values();
    for (key, _) in &descriptors {
        keys.add(key, Value::default(), from_fd)?;
    }
    for (flag, key) in
        own.stdin.iter().map(|key| ("--from-stdin", key)).chain(own.prompts.iter().map(|key| ("--prompt", key)))
    {
        keys.add(key, Value::default(), || flag.to_owned())?;
    }
    for (key, number) in &descriptors {
        let value = match number {
            0 => stream::stdin("--from-fd", key, ctx)?,
            number => stream::descriptor(*number, key)?,
        };
        added.add(key, stripped(value), from_fd)?;
    }
    if let Some(key) = &own.stdin {
        added.add(key, stripped(stream::stdin("--from-stdin", key, ctx)?), || "--from-stdin".to_owned())?;
    }
    for (flag, paths, format, encrypted) in &files {
        if paths.iter().any(|path| path == "-") {
            let text = stream::dash(flag, ctx)?;
            format(reader.decrypted(text, "-".as_ref(), Some(*encrypted))?.expose(), "standard input", &mut added)?;
        }
    }
    for key in &own.prompts {
        added.add(key, ask(&format!("the value of {key}"))?, || "--prompt".to_owned())?;
    }
    Ok(added.into_entries().into_iter().collect())
}

/// Returns whether there is a terminal to ask on.
pub fn can_ask(ctx: &Context) -> bool {
    ctx.terminals.stdin && ctx.terminals.stderr
}

/// Splits `KEY=REST`.
///
/// # Errors
/// The expected form, without the text that was typed, which may be a value in the wrong place.
fn parts<'t>(typed: &'t OsStr, flag: &str, rest: &str) -> Result<(&'t str, &'t OsStr)> {
    let parts = split_key(typed).filter(|(key, rest)| !key.is_empty() && !rest.is_empty());
    let (key, rest) = parts.ok_or_else(|| Error::new(format_args!("{flag} wants KEY={rest}")))?;
    Ok((key_text(key)?, rest))
}

fn variable(typed: &OsStr, ctx: &Context) -> Result<(String, Value)> {
    let (key, name) = parts(typed, "--from-env", "VARIABLE")?;
    match ctx.env.var_os(&name.to_string_lossy()) {
        Some(value) if !value.is_empty() => Ok((key.to_owned(), Value::new(value.as_bytes().to_vec()))),
        Some(_) => Err(Error::new(format!("--from-env: the variable for key {} is empty", quote(key)))
            .hint(format!("--from-literal={key}= makes an empty value"))),
        None => Err(Error::new(format!("--from-env: the variable for key {} is not set", quote(key)))),
    }
}

fn descriptor(typed: &OsStr) -> Result<(&str, i32)> {
    let (key, number) = parts(typed, "--from-fd", "NUMBER")?;
    let digits = number.to_str().filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    match digits.and_then(|digits| digits.parse().ok()) {
        Some(1 | 2) => Err(Error::new(format!("--from-fd: the descriptor for key {} is an output", quote(key)))
            .hint(format!("the shell opens another one: --from-fd={key}=3 3<FILE"))),
        Some(number) => Ok((key, number)),
        None => Err(Error::new("--from-fd wants KEY=NUMBER")),
    }
}
