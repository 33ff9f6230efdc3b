//! Usage errors with the texts of cobra and pflag. Invariant: a line names the word that is wrong and repeats nothing
//! that follows it, which may be a value.

use clap::{
    Arg,
    error::{ContextKind, ContextValue, ErrorKind},
};

use super::{find::Found, line::Line, near, refusal::Refusal};
use go::quote::{quote, quote_bytes};

use crate::error::Error;

/// Writes the errors about one command.
pub(super) struct Words<'a> {
    found: &'a Found,
    called: String,
}

impl<'a> Words<'a> {
    pub(super) fn new(found: &'a Found) -> Self {
        Self { found, called: found.called().collect::<Vec<_>>().join(" ") }
    }

    /// Returns a usage error about a flag. `diff` has its own line and exit status (kubectl's `CheckDiffErr`).
    fn flag_error(&self, text: impl std::fmt::Display) -> Error {
        match self.found.path.as_slice() {
            [verb] if verb == "diff" => Error::usage(text, self.see_examples()).status(2),
            _ => Error::usage(text, format!("See '{} --help' for usage.", self.called)),
        }
    }

    fn see_examples(&self) -> String {
        format!("See '{} -h' for help and examples", self.called)
    }

    pub(super) fn refusal(&self, refusal: &Refusal) -> Error {
        let error = self.flag_error(refusal.text());
        let near = match refusal {
            Refusal::Unknown(name) => near::flag(self.found, name),
            _ => None,
        };
        error.hints_of(near.as_deref())
    }

    /// Returns the error of a first word that names no command, where one is needed (cobra's `legacyArgs`, kubectl's
    /// `DefaultSubCommandRun` and `RequireNoArguments`).
    pub(super) fn unknown_command(&self, word: &str) -> Error {
        let shown = quote(named(word));
        let error = match self.found.path.is_empty() {
            true => Error::new(format!("unknown command {shown} for {}", quote(&self.called))).foreign(),
            false => Error::usage(format!("unknown command {shown}"), self.see_examples()),
        };
        let near = near::command(self.found, word);
        error.hint(near.unwrap_or_else(|| format!("'{} --help' lists the commands", self.called)))
    }

    /// Returns the error of a word where the command takes none (kubectl's `RequireNoArguments`).
    pub(super) fn unexpected_word(&self, word: &str) -> Error {
        let error = Error::usage(format!("Unexpected args: [{}]", named(word)), self.see_examples());
        error.hints_of(near::command(self.found, word).as_deref())
    }

    /// Translates an error of clap about a line that was spelled out for it.
    pub(super) fn clap_error(&self, error: &clap::Error, line: &Line) -> Error {
        let text = |kind| match error.get(kind) {
            Some(ContextValue::String(text)) => text.clone(),
            Some(ContextValue::Strings(texts)) => texts.join(" "),
            _ => String::new(),
        };
        let invalid = text(ContextKind::InvalidArg);
        match error.kind() {
            ErrorKind::ValueValidation | ErrorKind::InvalidValue => {
                let reason = match std::error::Error::source(error) {
                    Some(reason) => reason.to_string(),
                    None => format!("must be one of: {}", valid_values(error)),
                };
                let value = text(ContextKind::InvalidValue);
                self.refusal(&Refusal::Value { flag: self.flag_names(&invalid), value, reason })
            }
            ErrorKind::InvalidUtf8 => self.not_text(line),
            ErrorKind::InvalidSubcommand => self.unknown_command(&text(ContextKind::InvalidSubcommand)),
            ErrorKind::UnknownArgument | ErrorKind::TooManyValues => {
                self.flag_error(format!("unexpected argument {}", quote(named(&invalid))))
            }
            ErrorKind::MissingRequiredArgument => self.flag_error(format!("required: {invalid}")),
            ErrorKind::ArgumentConflict => {
                self.flag_error(format!("{invalid} cannot be used with {}", text(ContextKind::PriorArg)))
            }
            // Why: clap's text about any other error may repeat a value.
            kind => self.flag_error(kind),
        }
    }

    /// Returns the error of bytes that are not text. It names a flag without its value; a word is shown.
    fn not_text(&self, line: &Line) -> Error {
        let is_text = |word: &std::ffi::OsStr| word.to_str().is_some();
        for flag in line.flags() {
            if flag.value.as_deref().is_none_or(is_text) || self.takes_bytes(&flag.long) {
                continue;
            }
            return self.flag_error(format!("the value of --{} is not valid UTF-8", flag.long));
        }
        let word = line.words().find(|word| !is_text(word)).unwrap_or_default();
        let word = quote_bytes(word.as_encoded_bytes(), false);
        self.flag_error(format!("the argument {word} is not valid UTF-8"))
    }

    fn takes_bytes(&self, long: &str) -> bool {
        self.found.scope().long(long.as_bytes()).is_some_and(super::arg::takes_bytes)
    }

    /// Returns `-o, --output`, as pflag names a flag whose value is wrong; clap shows `--output <FORMAT>`.
    fn flag_names(&self, shown: &str) -> String {
        let long = shown.split([' ', '=', '[']).find(|word| word.starts_with("--")).unwrap_or(shown);
        let flag = self.found.scope().long(long.trim_start_matches('-').as_bytes());
        flag.and_then(Arg::get_short).map_or_else(|| long.to_owned(), |short| format!("-{short}, {long}"))
    }
}

/// Returns the part of a word that an error may show. After `--` it may look like a flag with a value, which is left
/// out.
fn named(word: &str) -> &str {
    match word.split_once('=') {
        Some((name, _)) if name.starts_with('-') => name,
        _ => word,
    }
}

fn valid_values(error: &clap::Error) -> String {
    match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(values)) => values.join(", "),
        _ => String::new(),
    }
}
