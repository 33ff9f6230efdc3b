//! The parts of a command line, for handing some of them to another program.

use std::ffi::OsString;

use clap::Command;

use super::{
    arg::value_is_optional,
    find::Found,
    line::{Flag, Line},
};

/// A command line, taken apart.
pub struct Parts {
    /// The names that lead to the command, without the program's.
    pub path: Vec<String>,
    /// Whether the command has subcommands. The first of `words` is then none of them.
    pub has_subcommands: bool,
    /// The flags by their long names, each with its value if one was typed.
    pub flags: Vec<(String, Option<OsString>)>,
    /// The words that are neither flags nor values of flags.
    pub words: Vec<OsString>,
    /// Whether help was asked for.
    pub help: bool,
    /// Whether pflag refuses a word. The parts then end before it.
    pub refused: bool,
}

impl Parts {
    /// Takes the words apart by the definitions of `root`, up to the first one that pflag refuses.
    pub fn of(root: &Command, words: &[OsString]) -> Self {
        let found = Found::find(root.clone(), words);
        let (line, refused) = Line::read(&found);
        Self::read(&found, &line, refused.is_some())
    }

    pub(super) fn read(found: &Found, line: &Line, refused: bool) -> Self {
        Self {
            has_subcommands: found.command().has_subcommands(),
            flags: line.flags().iter().map(|Flag { long, value, .. }| (long.clone(), value.clone())).collect(),
            words: line.words().map(ToOwned::to_owned).collect(),
            help: line.asks_for_help(),
            refused,
            path: found.path.clone(),
        }
    }

    /// Returns whether the flag was typed, and not as `=false`.
    pub fn has(&self, long: &str) -> bool {
        self.value(long).is_some_and(|value| value != "false")
    }

    /// Returns the last value that was typed for the flag: `Some("")` if it has none, `None` without the flag.
    pub fn value(&self, long: &str) -> Option<OsString> {
        let mut typed = self.flags.iter().filter(|(name, _)| name == long);
        typed.next_back().map(|(_, value)| value.clone().unwrap_or_default())
    }

    /// Returns all values that were typed for the flag.
    pub fn values(&self, long: &str) -> impl Iterator<Item = &OsString> {
        self.flags.iter().filter(move |(name, _)| name == long).filter_map(|(_, value)| value.as_ref())
    }

    /// Returns whether the path begins with these names.
    pub fn starts(&self, path: &[&str]) -> bool {
        self.path.len() >= path.len() && self.path.iter().zip(path).all(|(name, wanted)| name == wanted)
    }

    /// Returns whether `-f` or `-k` was typed.
    pub fn names_files(&self) -> bool {
        ["filename", "kustomize"].iter().any(|flag| self.value(flag).is_some_and(|value| !value.is_empty()))
    }

    /// Returns the words of an equivalent command line, with the flags that `keep` accepts and with other words.
    pub fn spell(&self, keep: impl Fn(&str) -> bool, words: &[OsString]) -> Vec<OsString> {
        let flags = self.flags.iter().filter(|(long, _)| keep(long)).map(|(long, value)| {
            let mut flag = OsString::from(format!("--{long}"));
            if let Some(value) = value {
                flag.push("=");
                flag.push(value);
            }
            flag
        });
        let mut line: Vec<OsString> = self.path.iter().map(OsString::from).chain(flags).collect();
        if words.iter().any(|word| word.as_encoded_bytes().starts_with(b"-")) {
            line.push("--".into());
        }
        line.extend(words.iter().cloned());
        line
    }
}

/// Removes the flag `--LONG` or `--LONG=VALUE` from the words before `--`. Returns the other words, and the last value:
/// `None` without the flag, `Some(None)` without a value.
pub fn take_out(root: &Command, words: &[OsString], long: &str) -> (Vec<OsString>, Option<Option<OsString>>) {
    let found = Found::find(root.clone(), words);
    let scope = found.scope();
    let (mut kept, mut value) = (Vec::with_capacity(words.len()), None);
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        let bytes = word.as_encoded_bytes();
        if bytes == b"--" {
            kept.push(word.clone());
            break;
        }
        if let Some(typed) = value_of(word, long) {
            value = Some(typed);
            continue;
        }
        kept.push(word.clone());
        let flag = match bytes {
            [b'-', b'-', name @ ..] if !name.contains(&b'=') => scope.long(name),
            [b'-', letter] => scope.short(*letter),
            _ => None,
        };
        if flag.is_some_and(|flag| !value_is_optional(flag)) {
            kept.extend(rest.next().cloned());
        }
    }
    kept.extend(rest.cloned());
    (kept, value)
}

/// Returns the value of `--LONG` in this word: `None` if it is another word, `Some(None)` without a value.
fn value_of(word: &OsString, long: &str) -> Option<Option<OsString>> {
    use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
    match word.as_bytes().strip_prefix(b"--")?.strip_prefix(long.as_bytes())? {
        [] => Some(None),
        [b'=', value @ ..] => Some(Some(OsString::from_vec(value.to_vec()))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use clap::{Arg, ArgAction};

    use super::*;

    fn root() -> Command {
        let root = Command::new("p").arg(Arg::new("n").short('n').long("namespace"));
        root.arg(Arg::new("all").short('A').long("all").action(ArgAction::SetTrue))
            .subcommand(Command::new("get").arg(Arg::new("w").num_args(0..)))
    }

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn a_flag_is_taken_out_where_it_is_one() {
        let take = |line: &str| {
            let (kept, value) = take_out(&root(), &words(line), "fallback");
            (kept.join(std::ffi::OsStr::new(" ")).into_string().unwrap(), value.map(|value| value.unwrap_or_default()))
        };
        assert_eq!(take("get a"), ("get a".into(), None));
        assert_eq!(take("--fallback get a"), ("get a".into(), Some("".into())));
        assert_eq!(take("roll --x --fallback=k a"), ("roll --x a".into(), Some("k".into())));
        assert_eq!(take("get -n --fallback a"), ("get -n --fallback a".into(), None));
        assert_eq!(take("get -A --fallback a"), ("get -A a".into(), Some("".into())));
        assert_eq!(take("get -- --fallback a"), ("get -- --fallback a".into(), None));
        assert_eq!(take("get --fallbacks"), ("get --fallbacks".into(), None));
    }

    #[test]
    fn parts_are_spelled_out() {
        let parts = Parts::of(&root(), &words("-n x get b -- -c"));
        assert_eq!((parts.path.as_slice(), parts.words.as_slice()), (&["get".to_owned()][..], &words("b -c")[..]));
        assert_eq!(parts.spell(|_| true, &words("d")), words("get --namespace=x d"));
        assert_eq!(parts.spell(|_| false, &words("-c")), words("get -- -c"));
    }
}
