//! A command line that is still being typed: what the word under the cursor is.

use std::{collections::HashSet, ffi::OsString};

use clap::{Arg, ArgAction, Command};

use super::{
    arg::value_is_optional,
    find::{Found, Scope},
    line::Line,
    parts::Parts,
    refusal::Refusal,
};

/// A command line up to the word that is being completed.
pub struct Typed {
    /// The parts before that word.
    pub parts: Parts,
    /// What that word can be.
    pub expects: Expects,
    found: Found,
}

/// What the word that is being completed can be.
#[derive(Debug, PartialEq, Eq)]
pub enum Expects {
    /// A flag, or the beginning of one.
    Flag,
    /// The value of a flag.
    Value {
        /// The flag's long name.
        flag: String,
        /// What precedes the value in the same word and belongs to each candidate: `-n` of `-nprod`. A long flag and
        /// `=` do not: cobra's scripts put them before the value themselves.
        lead: String,
        /// The beginning of the value.
        value: String,
    },
    /// A word that is neither; `true` after `--`.
    Word(bool),
}

/// A command or a flag that can be typed.
pub struct Choice {
    /// The text to type.
    pub text: String,
    /// Its help line.
    pub about: String,
}

impl Typed {
    /// Reads a command line by the definitions of `root`. Returns `None` if the words before the last one are not
    /// valid.
    pub fn of(root: Command, words: &[OsString], last: &str) -> Option<Self> {
        let found = Found::find(root, words);
        let (line, refused) = Line::read(&found);
        let expects = match refused {
            None if line.has_ended_flags() => Expects::Word(true),
            None => of_word(found.scope(), last)?,
            Some(Refusal::NoValue(_)) => {
                let flag = awaiting(found.scope(), words.last()?)?;
                Expects::Value { flag, lead: String::new(), value: last.to_owned() }
            }
            Some(_) => return None,
        };
        let parts = Parts::read(&found, &line, false);
        Some(Self { parts, expects, found })
    }

    /// Returns the subcommands that are not hidden.
    pub fn subcommands(&self) -> Vec<Choice> {
        let command = self.found.command();
        let shown = command.get_subcommands().filter(|command| !command.is_hide_set());
        shown.map(|command| Choice { text: command.get_name().to_owned(), about: text(command.get_about()) }).collect()
    }

    /// Returns the flags that are not hidden and may still be given: the long ones by name, then the letters.
    pub fn flags(&self) -> Vec<Choice> {
        let open = |flag: &&Arg| {
            let repeats = matches!(flag.get_action(), ArgAction::Append | ArgAction::Count);
            !flag.is_hide_set() && (repeats || !self.parts.flags.iter().any(|(long, _)| flag.get_long() == Some(long)))
        };
        let mut long = vec![help("--help")];
        let mut short = vec![help("-h")];
        let mut seen = HashSet::new();
        // A command's own flag comes before one of the program that has its name.
        for flag in self.found.scope().flags().filter(|flag| seen.insert(flag.get_long())).filter(open) {
            let about = text(flag.get_help());
            if let Some(name) = flag.get_long() {
                long.push(Choice { text: format!("--{name}"), about: about.clone() });
                // Why: the value of this flag is only read after `=`.
                if value_is_optional(flag) && value_name(flag).is_some_and(|name| name != "BOOL") {
                    long.push(Choice { text: format!("--{name}="), about: about.clone() });
                }
            }
            short.extend(flag.get_short().map(|letter| Choice { text: format!("-{letter}"), about }));
        }
        long.sort_by(|a, b| a.text.cmp(&b.text));
        long.extend(short);
        long
    }

    /// Returns what the value of the flag is called in its help, such as `FILE`.
    pub fn value_name(&self, flag: &str) -> Option<&str> {
        value_name(self.found.scope().long(flag.as_bytes())?)
    }

    /// Returns the values that the flag's definition lists.
    pub fn values(&self, flag: &str) -> Vec<String> {
        let flag = self.found.scope().long(flag.as_bytes());
        let values = flag.map(Arg::get_possible_values).unwrap_or_default();
        values.iter().map(|value| value.get_name().to_owned()).collect()
    }
}

fn help(text: &str) -> Choice {
    Choice { text: text.to_owned(), about: "Print help".to_owned() }
}

fn text(about: Option<&clap::builder::StyledStr>) -> String {
    about.map(ToString::to_string).unwrap_or_default()
}

fn value_name(flag: &Arg) -> Option<&str> {
    flag.get_value_names()?.first().map(|name| name.as_str())
}

/// Reads a word that is not the value of the flag before it. Returns `None` if it has a letter that no flag has.
fn of_word(scope: Scope<'_>, word: &str) -> Option<Expects> {
    if !word.starts_with('-') {
        return Some(Expects::Word(false));
    }
    if let Some(long) = word.strip_prefix("--") {
        return Some(match long.split_once('=') {
            Some((name, value)) => Expects::Value {
                flag: scope.long(name.as_bytes())?.get_long()?.to_owned(),
                lead: String::new(),
                value: value.to_owned(),
            },
            None => Expects::Flag,
        });
    }
    for (at, letter) in word.char_indices().skip(1) {
        let behind = word.get(at + letter.len_utf8()..).unwrap_or_default();
        let flag = scope.short(u8::try_from(letter).ok()?)?;
        let long = flag.get_long()?.to_owned();
        if let Some(value) = behind.strip_prefix('=') {
            return Some(Expects::Value { flag: long, lead: String::new(), value: value.to_owned() });
        }
        if !value_is_optional(flag) && !behind.is_empty() {
            let lead = word.strip_suffix(behind).unwrap_or_default().to_owned();
            return Some(Expects::Value { flag: long, lead, value: behind.to_owned() });
        }
    }
    Some(Expects::Flag)
}

/// Returns the long name of the flag that this word is or ends with, if it still needs a value.
fn awaiting(scope: Scope<'_>, word: &OsString) -> Option<String> {
    let flag = match word.as_encoded_bytes() {
        [b'-', b'-', name @ ..] => scope.long(name),
        [.., letter] => scope.short(*letter),
        [] => None,
    };
    flag?.get_long().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> Command {
        let flag = |name: &'static str| Arg::new(name).long(name);
        let verb = Command::new("get")
            .arg(flag("all").short('A').action(ArgAction::SetTrue))
            .arg(flag("file").short('f').action(ArgAction::Append))
            .arg(flag("gone").hide(true))
            .arg(flag("how").num_args(0..=1).require_equals(true).value_name("HOW"))
            .arg(Arg::new("w").num_args(0..));
        let hidden = Command::new("secret").hide(true);
        Command::new("p").disable_help_flag(true).arg(flag("namespace").short('n')).subcommand(verb).subcommand(hidden)
    }

    fn typed(line: &str) -> Option<Typed> {
        let (words, last) = line.rsplit_once(' ').unwrap_or(("", line));
        let words: Vec<OsString> = words.split_whitespace().map(OsString::from).collect();
        Typed::of(root(), &words, last)
    }

    fn value(flag: &str, lead: &str, value: &str) -> Option<Expects> {
        Some(Expects::Value { flag: flag.to_owned(), lead: lead.to_owned(), value: value.to_owned() })
    }

    #[test]
    fn a_word_is_what_pflag_would_read() {
        let expects = |line: &str| typed(line).map(|typed| typed.expects);
        assert_eq!(expects("ge"), Some(Expects::Word(false)));
        assert_eq!(expects("get -"), Some(Expects::Flag));
        assert_eq!(expects("get --na"), Some(Expects::Flag));
        assert_eq!(expects("get -A"), Some(Expects::Flag));
        assert_eq!(expects("get -n "), value("namespace", "", ""));
        assert_eq!(expects("get -An pr"), value("namespace", "", "pr"));
        assert_eq!(expects("-n pr"), value("namespace", "", "pr"));
        assert_eq!(expects("get --namespace --x"), value("namespace", "", "--x"));
        assert_eq!(expects("get --namespace=pr"), value("namespace", "", "pr"));
        assert_eq!(expects("get -n=pr"), value("namespace", "", "pr"));
        assert_eq!(expects("get -Anpr"), value("namespace", "-An", "pr"));
        assert_eq!(expects("get --how "), Some(Expects::Word(false)));
        assert_eq!(expects("get --how=c"), value("how", "", "c"));
        assert_eq!(expects("get -- -n"), Some(Expects::Word(true)));
        for line in ["get --none x", "get -x y", "get -x", "get --none=x", "get -\u{e9}"] {
            assert_eq!(expects(line), None, "{line}");
        }
    }

    #[test]
    fn what_is_hidden_or_was_given_is_not_offered() {
        let flags = |line: &str| {
            let flags = typed(line).expect("a line").flags();
            flags.into_iter().map(|flag| flag.text).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(flags("-"), "--help --namespace -h -n");
        assert_eq!(flags("get -"), "--all --file --help --how --how= --namespace -h -A -f -n");
        assert_eq!(flags("get -n x -f a -A -"), "--file --help --how --how= -h -f");
        let verbs = typed("").expect("a line").subcommands();
        assert_eq!(verbs.into_iter().map(|verb| verb.text).collect::<Vec<_>>(), ["get"]);
    }
}
