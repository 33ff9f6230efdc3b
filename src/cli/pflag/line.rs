//! The flags of a command line, read as pflag's `FlagSet.parseArgs` reads them.

use std::{
    ffi::{OsStr, OsString},
    os::unix::ffi::{OsStrExt as _, OsStringExt as _},
};

use clap::Arg;

use super::{
    arg::{DEPRECATED, value_is_optional},
    find::{Found, Scope, is_plain},
    refusal::Refusal,
    value::parse_bool,
};

/// A command line in parts: what clap reads, and what is printed first.
pub(super) struct Line {
    program: String,
    path: Vec<String>,
    flags: Vec<Flag>,
    words: Vec<OsString>,
    /// The words after `--`; `None` if `--` was not typed.
    after: Option<Vec<OsString>>,
    help: bool,
    /// Lines about deprecated flags, for standard error.
    pub(super) notices: Vec<String>,
}

/// A flag that was read: its name, and its value if one was typed or is needed.
pub(super) struct Flag {
    pub(super) long: String,
    pub(super) value: Option<OsString>,
    /// Whether it is a flag of the root.
    is_of_root: bool,
}

impl Flag {
    fn word(&self) -> OsString {
        let mut word = OsString::from(format!("--{}", self.long));
        if let Some(value) = &self.value {
            word.push("=");
            word.push(value);
        }
        word
    }
}

impl Line {
    /// Reads the words that follow the command. If pflag refuses one, the line holds what precedes it.
    pub(super) fn read(found: &Found) -> (Self, Option<Refusal>) {
        let mut line = Self {
            program: found.called().next().unwrap_or_default().to_owned(),
            path: found.path.clone(),
            flags: Vec::new(),
            words: Vec::new(),
            after: None,
            help: false,
            notices: Vec::new(),
        };
        let refused = line.take(found.scope(), &found.rest).err();
        (line, refused)
    }

    /// Returns the line for clap, spelled so that it can be read in one way only. The root's flags precede the command,
    /// so that only the root needs to define them.
    pub(super) fn for_clap(&self) -> Vec<OsString> {
        let mut line = self.flags_for_clap(self.flags.len());
        line.extend(self.words.iter().cloned());
        if let Some(after) = &self.after {
            line.push("--".into());
            line.extend(after.iter().cloned());
        }
        line
    }

    /// Returns the command and its first `count` flags, for clap.
    pub(super) fn flags_for_clap(&self, count: usize) -> Vec<OsString> {
        let of = |root| self.flags.iter().take(count).filter(move |flag| flag.is_of_root == root).map(Flag::word);
        let path = self.path.iter().map(OsString::from);
        std::iter::once(OsString::from(&self.program)).chain(of(true)).chain(path).chain(of(false)).collect()
    }

    /// Returns the flags that were read.
    pub(super) fn flags(&self) -> &[Flag] {
        &self.flags
    }

    /// Returns the words that are neither flags nor values of flags, those after `--` included.
    pub(super) fn words(&self) -> impl Iterator<Item = &OsStr> {
        self.words.iter().chain(self.after.iter().flatten()).map(OsString::as_os_str)
    }

    /// Returns whether `--` was typed: no word after it is a flag.
    pub(super) fn has_ended_flags(&self) -> bool {
        self.after.is_some()
    }

    /// Returns whether help was asked for.
    pub(super) fn asks_for_help(&self) -> bool {
        self.help
    }

    /// Returns the last value that was typed for a flag.
    pub(super) fn value(&self, long: &str) -> Option<&OsStr> {
        self.flags.iter().rfind(|flag| flag.long == long)?.value.as_deref()
    }

    /// Returns whether the version was asked for.
    pub(super) fn asks_for_version(&self) -> bool {
        self.flags.iter().any(|flag| flag.long == "version")
    }

    fn take(&mut self, scope: Scope<'_>, words: &[OsString]) -> Result<(), Refusal> {
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.as_bytes() {
                b"--" => {
                    self.after = Some(words.cloned().collect());
                    break;
                }
                _ if is_plain(word) => self.words.push(word.clone()),
                [b'-', b'-', name @ ..] => self.long(scope, name, &mut words)?,
                [_, letters @ ..] => self.letters(scope, letters, &mut words)?,
                [] => {}
            }
        }
        Ok(())
    }

    /// pflag's `parseLongArg`.
    fn long<'a>(
        &mut self,
        scope: Scope<'_>,
        text: &[u8],
        rest: &mut impl Iterator<Item = &'a OsString>,
    ) -> Result<(), Refusal> {
        let equals = text.iter().position(|byte| *byte == b'=');
        let name = text.get(..equals.unwrap_or(text.len())).unwrap_or_default();
        if name.is_empty() || name.starts_with(b"-") {
            return Err(Refusal::Syntax(format!("--{}{}", lossy(name), if equals.is_some() { "=" } else { "" })));
        }
        let value = equals.map(|at| OsString::from_vec(text.get(at + 1..).unwrap_or_default().to_vec()));
        if name == b"help" {
            return self.set_help(value);
        }
        let Some(flag) = scope.long(name) else {
            return Err(Refusal::Unknown(lossy(name)));
        };
        let value = match value {
            Some(value) => Some(value),
            None if value_is_optional(flag) => None,
            None => match rest.next() {
                Some(word) => Some(word.clone()),
                None => return Err(Refusal::NoValue(format!("--{}", lossy(name)))),
            },
        };
        self.set(scope, flag, value);
        Ok(())
    }

    /// pflag's `parseShortArg`: several letters; the value of the last one may follow it in the same word.
    fn letters<'a>(
        &mut self,
        scope: Scope<'_>,
        mut letters: &[u8],
        rest: &mut impl Iterator<Item = &'a OsString>,
    ) -> Result<(), Refusal> {
        while let [letter, behind @ ..] = letters {
            let flag = scope.short(*letter);
            if flag.is_none() && *letter != b'h' {
                return Err(Refusal::UnknownLetter(*letter, first_letter(letters)));
            }
            let bytes = |bytes: &[u8]| Some(OsString::from_vec(bytes.to_vec()));
            let value;
            (value, letters) = match behind {
                [b'=', value @ ..] if !value.is_empty() => (bytes(value), &[][..]),
                _ if flag.is_none_or(value_is_optional) => (None, behind),
                [_, ..] => (bytes(behind), &[][..]),
                [] => match rest.next() {
                    Some(word) => (Some(word.clone()), &[][..]),
                    None => return Err(Refusal::NoValue(format!("'{0}' in -{0}", char::from(*letter)))),
                },
            };
            match flag {
                Some(flag) => self.set(scope, flag, value),
                None => self.set_help(value)?,
            }
        }
        Ok(())
    }

    fn set(&mut self, scope: Scope<'_>, flag: &Arg, value: Option<OsString>) {
        let name = flag.get_long().unwrap_or_default();
        if let Some(deprecated) = DEPRECATED.iter().find(|deprecated| deprecated.name == name) {
            self.notices.push(format!("Flag --{name} has been deprecated, {}", deprecated.advice));
            let off =
                value.as_ref().and_then(|value| value.to_str()).is_some_and(|value| parse_bool(value) == Ok(false));
            if !off {
                self.notices.push(format!("warning: {}", deprecated.warning));
            }
        }
        self.flags.push(Flag { long: name.to_owned(), value, is_of_root: scope.is_of_root(flag) });
    }

    fn set_help(&mut self, value: Option<OsString>) -> Result<(), Refusal> {
        let value = value.map_or_else(|| "true".to_owned(), |value| value.to_string_lossy().into_owned());
        match parse_bool(&value) {
            Ok(wanted) => self.help = wanted,
            Err(reason) => return Err(Refusal::Value { flag: "-h, --help".to_owned(), value, reason }),
        }
        Ok(())
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Returns the first character only. pflag shows the whole rest of the word, which may be a value.
fn first_letter(letters: &[u8]) -> char {
    lossy(letters).chars().next().unwrap_or_default()
}
