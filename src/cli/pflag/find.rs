//! Which command the words name, as cobra's `Command.Find` looks for it: flags may stand before the command's words.

use std::ffi::{OsStr, OsString};

use clap::{Arg, Command};

use super::arg::value_is_optional;

/// The command that was found, with the flags of the root, which every command has.
pub(super) struct Found {
    /// The names that lead to it: none for the root.
    pub(super) path: Vec<String>,
    /// Its definition; `None` for the root.
    command: Option<Command>,
    /// The words that did not lead to it.
    pub(super) rest: Vec<OsString>,
}

impl Found {
    /// The root.
    pub(super) fn new(words: &[OsString]) -> Self {
        Self { path: Vec::new(), command: None, rest: words.to_vec() }
    }

    /// Goes down from `root` as long as the first word that is no flag and no flag's value names a subcommand.
    pub(super) fn find(root: &Command, words: &[OsString]) -> Self {
        let mut found = Self::new(words);
        while let Some(at) = found.first_word(root) {
            let Some(next) = found.rest.get(at).and_then(|word| found.command(root).find_subcommand(word)) else {
                break;
            };
            let mut next = next.clone();
            next.build();
            found.path.push(next.get_name().to_owned());
            found.command = Some(next);
            found.rest.remove(at);
        }
        found
    }

    /// Its definition.
    pub(super) fn command<'a>(&'a self, root: &'a Command) -> &'a Command {
        self.command.as_ref().unwrap_or(root)
    }

    /// Where the first word stands that is no flag and no flag's value (cobra's `stripFlags`).
    pub(super) fn first_word(&self, root: &Command) -> Option<usize> {
        let mut index = 0;
        while let Some(word) = self.rest.get(index) {
            let bytes = word.as_encoded_bytes();
            if bytes == b"--" {
                return None;
            }
            if !bytes.starts_with(b"-") && !bytes.is_empty() {
                return Some(index);
            }
            let takes_next = match bytes {
                [b'-', b'-', name @ ..] if !name.contains(&b'=') => {
                    !self.long(root, name).is_some_and(value_is_optional)
                }
                [b'-', letter] if *letter != b'=' => !self.short(root, *letter).is_some_and(value_is_optional),
                _ => false,
            };
            index += if takes_next { 2 } else { 1 };
        }
        None
    }

    /// The flag of this name; `_` is as good as `-` (apimachinery's `WordSepNormalizeFunc`).
    pub(super) fn long<'a>(&'a self, root: &'a Command, name: &[u8]) -> Option<&'a Arg> {
        let name = std::str::from_utf8(name).ok()?.replace('_', "-");
        let named = |arg: &&Arg| {
            arg.get_long() == Some(&name)
                || arg.get_all_aliases().is_some_and(|aliases| aliases.contains(&name.as_str()))
        };
        self.find_flag(root, named)
    }

    /// The flag of this letter.
    pub(super) fn short<'a>(&'a self, root: &'a Command, letter: u8) -> Option<&'a Arg> {
        self.find_flag(root, |arg| arg.get_short() == Some(char::from(letter)))
    }

    /// The help flag is not among them: cobra defines it after it has found the command, and so it takes the next word for
    /// the flag's value.
    fn find_flag<'a>(&'a self, root: &'a Command, named: impl Fn(&&Arg) -> bool) -> Option<&'a Arg> {
        self.flags(root).filter(|arg| arg.get_long() != Some("help")).find(named)
    }

    /// The flags of the command, and those that it has from the root.
    pub(super) fn flags<'a>(&'a self, root: &'a Command) -> impl Iterator<Item = &'a Arg> {
        let inherited = root.get_arguments().filter(|arg| arg.is_global_set());
        self.command(root).get_arguments().chain(inherited)
    }

    /// The names that call the command, the program's first.
    pub(super) fn called<'a>(&'a self, root: &'a Command) -> impl Iterator<Item = &'a str> {
        let program = root.get_bin_name().unwrap_or(root.get_name());
        std::iter::once(program).chain(self.path.iter().map(String::as_str))
    }
}

/// Whether the word is one that neither cobra nor pflag takes for a flag.
pub(super) fn is_plain(word: &OsStr) -> bool {
    let bytes = word.as_encoded_bytes();
    !bytes.starts_with(b"-") || bytes == b"-"
}
