//! Which command the words name, as cobra's `Command.Find` looks for it: flags may stand before the command's words.

use std::ffi::{OsStr, OsString};

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::arg::value_is_optional;

/// The command that was found, in its tree.
pub(super) struct Found {
    root: Command,
    /// The names that lead to it: none for the root.
    pub(super) path: Vec<String>,
    /// The words that did not lead to it.
    pub(super) rest: Vec<OsString>,
}

impl Found {
    /// Goes down from `root` as long as the first word that is no flag and no flag's value names a subcommand. Builds the
    /// commands on the way, and no others.
    pub(super) fn find(root: Command, words: &[OsString]) -> Self {
        // Why: `help` is no command of the tree, its words lead into all of it.
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

    /// Defines the flags of the command. clap would do it while it parses; but which words are flags decides what there is
    /// to parse.
    fn build(&mut self) {
        // Why: `Command::build` builds all commands below as well. What renders the usage builds this one alone.
        let _ = self.command_mut().map(Command::render_usage);
    }

    /// Returns the command.
    pub(super) fn command(&self) -> &Command {
        self.path.iter().try_fold(&self.root, |command, name| command.find_subcommand(name)).unwrap_or(&self.root)
    }

    fn command_mut(&mut self) -> Option<&mut Command> {
        self.path.iter().try_fold(&mut self.root, |command, name| command.find_subcommand_mut(name))
    }

    /// Takes the command out of the tree.
    pub(super) fn take_command(&mut self) -> Command {
        self.command_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Has clap read a line, which begins with the name of the program.
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

    /// Returns the names that call the command, the program's first.
    pub(super) fn called(&self) -> impl Iterator<Item = &str> {
        let program = self.root.get_bin_name().unwrap_or(self.root.get_name());
        std::iter::once(program).chain(self.path.iter().map(String::as_str))
    }
}

/// The flags of a command, and those that it has from the root.
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

    /// Returns where the first word stands that is no flag and no flag's value (cobra's `stripFlags`).
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

    /// Returns the flag of this name; `_` is as good as `-` (apimachinery's `WordSepNormalizeFunc`).
    pub(super) fn long(self, name: &[u8]) -> Option<&'a Arg> {
        let name = std::str::from_utf8(name).ok()?.replace('_', "-");
        self.find(|arg| {
            arg.get_long() == Some(&name)
                || arg.get_all_aliases().is_some_and(|aliases| aliases.contains(&name.as_str()))
        })
    }

    /// Returns the flag of this letter.
    pub(super) fn short(self, letter: u8) -> Option<&'a Arg> {
        self.find(|arg| arg.get_short() == Some(char::from(letter)))
    }

    /// The help flag is not among them: cobra defines it after it has found the command, and so it takes the next word for
    /// the flag's value.
    fn find(self, named: impl Fn(&Arg) -> bool) -> Option<&'a Arg> {
        self.flags().filter(|arg| arg.get_long() != Some("help")).find(|arg| named(arg))
    }

    /// Returns the flags, those of the command first.
    pub(super) fn flags(self) -> impl Iterator<Item = &'a Arg> {
        self.command.get_arguments().chain(self.root.get_arguments().filter(|arg| is_inherited(arg)))
    }

    /// Returns whether the command has the flag from the root.
    pub(super) fn is_of_root(self, flag: &Arg) -> bool {
        !self.command.get_arguments().any(|arg| arg.get_long() == flag.get_long())
    }
}

/// Returns whether the commands have this flag of the root: the version is the program's alone, and each has its own help.
fn is_inherited(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Set | ArgAction::SetTrue | ArgAction::Append | ArgAction::Count)
}

/// Whether the word is one that neither cobra nor pflag takes for a flag.
pub(super) fn is_plain(word: &OsStr) -> bool {
    let bytes = word.as_encoded_bytes();
    !bytes.starts_with(b"-") || bytes == b"-"
}
