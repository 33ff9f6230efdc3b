//! What cobra, pflag or clap refuses, in cobra's and pflag's words. A line names the word that is wrong; what stands behind
//! it may be a value, and is not repeated.

use clap::{
    Arg,
    error::{ContextKind, ContextValue, ErrorKind},
};

use super::{find::Found, line::Line, near, refusal::Refusal};
use go::quote::{quote, quote_bytes};

use crate::error::Error;

/// Words errors about one command.
pub(super) struct Words<'a> {
    found: &'a Found,
    called: String,
}

impl<'a> Words<'a> {
    pub(super) fn new(found: &'a Found) -> Self {
        Self { found, called: found.called().collect::<Vec<_>>().join(" ") }
    }

    /// A usage error of a flag. `diff` has a line and an exit status of its own (kubectl's `CheckDiffErr`).
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

    /// A first word that names no command, where one is wanted (`legacyArgs` of cobra, `DefaultSubCommandRun` and
    /// `RequireNoArguments` of kubectl).
    pub(super) fn unknown_command(&self, word: &str) -> Error {
        let shown = quote(named(word));
        let error = match self.found.path.is_empty() {
            true => Error::new(format!("unknown command {shown} for {}", quote(&self.called))).foreign(),
            false => Error::usage(format!("unknown command {shown}"), self.see_examples()),
        };
        let near = near::command(self.found, word);
        error.hint(near.unwrap_or_else(|| format!("'{} --help' lists the commands", self.called)))
    }

    /// A word where the command takes none (kubectl's `RequireNoArguments`).
    pub(super) fn unexpected_word(&self, word: &str) -> Error {
        let error = Error::usage(format!("Unexpected args: [{}]", named(word)), self.see_examples());
        error.hints_of(near::command(self.found, word).as_deref())
    }

    /// What clap refused of a line that was spelled out for it.
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
            // Whatever else clap says may repeat a value.
            kind => self.flag_error(kind),
        }
    }

    /// Text is wanted, bytes came: the flag is named, its value is not; a word is shown.
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

    /// `-o, --output`, as pflag names a flag whose value is wrong; clap shows `--output <FORMAT>`.
    fn flag_names(&self, shown: &str) -> String {
        let long = shown.split([' ', '=', '[']).find(|word| word.starts_with("--")).unwrap_or(shown);
        let flag = self.found.scope().long(long.trim_start_matches('-').as_bytes());
        flag.and_then(Arg::get_short).map_or_else(|| long.to_owned(), |short| format!("-{short}, {long}"))
    }
}

/// What names the word in an error. Behind `--` it may look like a flag: then its value stays out.
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
