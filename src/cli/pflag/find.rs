//! Which command the words name, as cobra's `Command.Find` looks for it: flags may stand before the command's words.

use std::ffi::{OsStr, OsString};

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::arg::value_is_optional;

/// The command that was found, in its tree.
pub(super) struct Found {
    root: Command,
    /// The subcommand names that lead to it; empty for the root.
    pub(super) path: Vec<String>,
    /// The words that are left for the command.
    pub(super) rest: Vec<OsString>,
}

impl Found {
    /// Goes down from `root` while the first word that is neither a flag nor a flag's value names a subcommand. Builds
    /// only the commands on the way.
    pub(super) fn find(root: Command, words: &[OsString]) -> Self {
        // Why: `help` is no subcommand here; its words may name any command of the tree.
        let root = root.disable_help_subcommand(true);
        let mut found = Self { root, path: Vec::new(), rest: words.to_vec() };
        found.build();
        while let Some(at) = found.scope().first_word(&found.rest) {
            let next = found.rest.get(at).and_then(|word| found.command().find_subcommand(word));
            let Some(name) = next.map(|next| next.get_name().to_owned()) else { break };
            found.path.push(name);
            found.rest.remove(at);
            found.build();
        }
        found
    }

    /// Adds clap's own definitions to the command's flags. Why now: clap would do it when it parses, but which words
    /// are flags decides what is parsed.
    fn build(&mut self) {
        // Why: `Command::build` also builds every subcommand; rendering the usage builds this command alone.
        let _ = self.command_mut().map(Command::render_usage);
    }

    /// Returns the command.
    pub(super) fn command(&self) -> &Command {
        self.path.iter().try_fold(&self.root, |command, name| command.find_subcommand(name)).unwrap_or(&self.root)
    }

    fn command_mut(&mut self) -> Option<&mut Command> {
        self.path.iter().try_fold(&mut self.root, |command, name| command.find_subcommand_mut(name))
    }

    /// Takes the command out of the tree, which cannot be used afterwards.
    pub(super) fn take_command(&mut self) -> Command {
        self.command_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Has clap parse a line; its first word is the program's name.
    ///
    /// # Errors
    /// What clap refuses.
    pub(super) fn parse(&mut self, line: Vec<OsString>) -> Result<ArgMatches, clap::Error> {
        self.root.try_get_matches_from_mut(line)
    }

    /// Returns the flags that the words may hold.
    pub(super) fn scope(&self) -> Scope<'_> {
        Scope { command: self.command(), root: &self.root }
    }

    /// Returns the names of the program and of the subcommands that lead here.
    pub(super) fn called(&self) -> impl Iterator<Item = &str> {
        let program = self.root.get_bin_name().unwrap_or(self.root.get_name());
        std::iter::once(program).chain(self.path.iter().map(String::as_str))
    }
}

/// The flags of a command, and those that it inherits from the root.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    command: &'a Command,
    root: &'a Command,
}

impl<'a> Scope<'a> {
    /// Returns the flags of the root alone.
    pub(super) fn of_root(root: &'a Command) -> Self {
        Self { command: root, root }
    }

    /// Returns the position of the first word that is neither a flag nor a flag's value (cobra's `stripFlags`).
    pub(super) fn first_word(self, words: &[OsString]) -> Option<usize> {
        let mut index = 0;
        while let Some(word) = words.get(index) {
            let bytes = word.as_encoded_bytes();
            if bytes == b"--" {
                return None;
            }
            if !bytes.starts_with(b"-") && !bytes.is_empty() {
                return Some(index);
            }
            let takes_next = match bytes {
                [b'-', b'-', name @ ..] if !name.contains(&b'=') => !self.long(name).is_some_and(value_is_optional),
                [b'-', letter] if *letter != b'=' => !self.short(*letter).is_some_and(value_is_optional),
                _ => false,
            };
            index += if takes_next { 2 } else { 1 };
        }
        None
    }

    /// Returns the flag of this name.
    pub(super) fn long(self, name: &[u8]) -> Option<&'a Arg> {
        let is_its = |known: &str| is_named(name, known);
        self.find(|arg| {
            arg.get_long().is_some_and(is_its)
                || arg.get_all_aliases().is_some_and(|aliases| aliases.into_iter().any(is_its))
        })
    }

    /// Returns the flag of this letter.
    pub(super) fn short(self, letter: u8) -> Option<&'a Arg> {
        self.find(|arg| arg.get_short() == Some(char::from(letter)))
    }

    fn find(self, named: impl Fn(&Arg) -> bool) -> Option<&'a Arg> {
        self.flags().find(|arg| named(arg))
    }

    /// Returns the flags, those of the command first. `--help` is none of them: cobra defines it after it has found the
    /// command, and until then takes the next word for its value.
    pub(super) fn flags(self) -> impl Iterator<Item = &'a Arg> {
        self.command.get_arguments().chain(self.root.get_arguments().filter(|arg| is_inherited(arg)))
    }

    /// Returns whether the command has the flag from the root.
    pub(super) fn is_of_root(self, flag: &Arg) -> bool {
        !self.command.get_arguments().any(|arg| arg.get_long() == flag.get_long())
    }
}

/// Returns whether a typed name is that of a flag: `_` is read as `-` (apimachinery's `WordSepNormalizeFunc`).
pub fn is_named(typed: &[u8], name: &str) -> bool {
    let is_same = |(typed, byte): (&u8, u8)| *typed == byte || (*typed == b'_' && byte == b'-');
    typed.len() == name.len() && typed.iter().zip(name.bytes()).all(is_same)
}

/// Returns whether subcommands inherit this flag of the root. They do not inherit `--version`.
fn is_inherited(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Set | ArgAction::SetTrue | ArgAction::Append | ArgAction::Count)
}

/// Returns whether neither cobra nor pflag takes the word for a flag.
pub(super) fn is_plain(word: &OsStr) -> bool {
    let bytes = word.as_encoded_bytes();
    !bytes.starts_with(b"-") || bytes == b"-"
}
