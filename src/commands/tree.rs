//! The tree of commands, and what words mean by it. Commands and flags are defined as far as the words need them: to
//! define all took most of the time of a short command.

use std::ffi::{OsStr, OsString};

use clap::{Arg, ArgMatches, Args as _, Command, FromArgMatches as _, error::ErrorKind};

use super::{
    validate,
    verbs::{self, Verb},
};
use crate::{
    cli::{
        flags::{ConnectionFlags, PlaceFlags, RareFlags},
        pflag::{self, Outcome},
    },
    error::{Error, Result},
    receipts::Receipts,
};

/// The program's name.
pub(super) const NAME: &str = "ksecret";

/// kubectl for Secrets: a drop-in that is fast and safe by construction
///
/// Every verb takes kubectl's grammar (`get secret NAME`) and a shorter one (`get NAME`). It talks to the cluster that
/// the kubeconfig names, or with --local to an embedded API server on a file.
#[derive(clap::Args, Debug)]
#[command(
    version,
    disable_help_flag = true,
    disable_version_flag = true,
    subcommand_required = true,
    arg_required_else_help = true,
    args_override_self = true,
    max_term_width = 100,
    after_help = "Examples:\n  ksecret --local create generic db --from-literal=user=admin --from-file=password.txt\n  ksecret --local get secrets\n  ksecret get secret db -o jsonpath='{.data.user}'"
)]
struct Flags {
    /// Print the version and exit
    #[arg(short = 'V', long, action = clap::ArgAction::Version)]
    version: Option<bool>,
    #[command(flatten)]
    place: PlaceFlags,
}

/// A parsed command line.
pub struct Root {
    /// The server, and the user.
    pub connection: ConnectionFlags,
    pub(super) verb: &'static Verb,
    /// What was typed behind the verb.
    pub(super) typed: ArgMatches,
}

impl Root {
    /// Fills the struct with what a tree has read.
    fn from_arg_matches(mut matches: ArgMatches, read_by: &Shape) -> Result<Self, clap::Error> {
        let Flags { place, .. } = Flags::from_arg_matches_mut(&mut matches)?;
        let rare = if read_by.rare { RareFlags::from_arg_matches_mut(&mut matches)? } else { RareFlags::default() };
        let missing = || clap::Error::new(ErrorKind::MissingSubcommand);
        let (_, typed) = matches.remove_subcommand().ok_or_else(missing)?;
        let connection = ConnectionFlags { place, rare, receipts: Receipts::default() };
        Ok(Self { connection, verb: read_by.verb.ok_or_else(missing)?, typed })
    }
}

/// Returns the tree of commands. The arguments of a verb are defined when the tree is built, or when words lead to the
/// verb.
pub fn command() -> Command {
    let timeout = |arg: Arg| {
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        arg.long_help(format!("{help}\n\n{}", super::limits()))
    };
    pflag::adapt(root(true).mut_arg("request_timeout", timeout).subcommands(verbs::definitions()))
}

/// Returns the tree for reading these words: with only the verb that they name, or with all if they name none.
pub(super) fn command_of(words: &[OsString]) -> Command {
    whole(words).0
}

/// What a tree has.
struct Shape {
    /// Whether it has the flags that few command lines have.
    rare: bool,
    /// The verb that the words name.
    verb: Option<&'static Verb>,
}

/// Returns the tree of [`command_of`].
fn whole(words: &[OsString]) -> (Command, Shape) {
    let root = root(true);
    let verb = pflag::first_word(&root, words).and_then(Verb::named_by);
    let tree = match verb {
        Some(verb) => root.subcommand(verb.definition()),
        None => root.subcommands(verbs::definitions()),
    };
    (pflag::adapt(tree), Shape { rare: true, verb })
}

/// Returns a tree that reads these words as the one of [`command_of`] does, unless that ends in an error, which may propose
/// what is not here: verbs and flags that are not named.
fn brief(words: &[OsString]) -> (Command, Shape) {
    let rare = RareFlags::may_be_among(words);
    let root = root(rare);
    let first = pflag::first_word_at(&root, words);
    let rest = first.and_then(|at| words.get(at..)).unwrap_or_default();
    let verb = Verb::brief(rest);
    let tree = match verb {
        Some(verb) => root.subcommand(verb.definition()),
        None if rest.is_empty() => root,
        // `help`, or an error.
        None => root.subcommands(verbs::definitions()),
    };
    (pflag::adapt(tree), Shape { rare, verb })
}

/// Returns the definition of the program, not adapted yet and without its verbs. `rare` tells whether it has the flags that few
/// command lines have.
fn root(rare: bool) -> Command {
    let root = Flags::augment_args(Command::new(NAME));
    if !rare {
        return root;
    }
    // Why: the summary of the flags would take the place of the program's.
    let (about, long_about) = (root.get_about().cloned(), root.get_long_about().cloned());
    let root = RareFlags::augment_args(root);
    root.about(about.unwrap_or_default()).long_about(long_about.unwrap_or_default())
}

/// Returns whether this is the name of a verb.
pub(super) fn is_verb(name: impl AsRef<OsStr>) -> bool {
    Verb::named_by(name.as_ref()).is_some()
}

/// Returns the program without its verbs.
pub(super) fn program() -> Command {
    pflag::adapt(root(true))
}

/// Returns the flags that every command takes.
pub(super) fn connection_flags() -> Command {
    pflag::adapt(ConnectionFlags::augment_args(Command::new(NAME)))
}

/// Returns the flags of every command as they were typed; `None` if a value is invalid.
pub(super) fn connection(parts: &pflag::Parts) -> Option<ConnectionFlags> {
    let flags = connection_flags().args_override_self(true);
    let names: Vec<&str> = flags.get_arguments().filter_map(Arg::get_long).collect();
    let typed = parts.spell(|flag| names.contains(&flag), &[]);
    let typed = typed.into_iter().skip(parts.path.len());
    let mut matches = flags.try_get_matches_from([NAME.into()].into_iter().chain(typed)).ok()?;
    ConnectionFlags::from_arg_matches_mut(&mut matches).ok()
}

/// What the command line asks for.
#[allow(clippy::large_enum_variant, reason = "there is one of it in a process")]
pub enum Parsed {
    /// A command to run.
    Run(Root),
    /// A text to print: help, or the version.
    Print(String),
}

/// Parses the command line. `words` is without the program's name; `color` tells whether help may be coloured if no
/// flag says so. Also returns lines for standard error, which the caller prints first.
pub fn parse(words: &[OsString], program: &str, color: bool) -> (Vec<String>, Result<Parsed>) {
    let manner = pflag::Manner { color, groups: verbs::groups };
    let read = |tree: Command| pflag::read(tree.bin_name(program.to_owned()), words, &manner);
    let (tree, mut shape) = brief(words);
    let (mut notices, mut outcome) = read(tree);
    if outcome.is_err() {
        let tree;
        (tree, shape) = whole(words);
        (notices, outcome) = read(tree);
    }
    let parsed = outcome.and_then(|outcome| match outcome {
        // Invariant: the same definitions parse the words and fill the structs, so this cannot fail.
        Outcome::Matches(matches) => {
            Root::from_arg_matches(matches, &shape).map(Parsed::Run).map_err(|e| Error::new(e.kind()))
        }
        Outcome::Help(text) => Ok(Parsed::Print(text)),
    });
    // Why: exit status 1 of `validate` means findings, so its usage errors need another.
    let is_validate = shape.verb.is_some_and(|verb| verb.name == "validate");
    let parsed = if is_validate { parsed.map_err(|error| error.status(validate::COULD_NOT_LOOK)) } else { parsed };
    (notices, parsed)
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample};

    use super::*;

    /// What the tests combine: verbs, flags of all kinds, values, and words that are wrong.
    const WORDS: &[&str] = &[
        "get",
        "secrets",
        "db",
        "create",
        "generic",
        "secret",
        "tls",
        "ns",
        "help",
        "config",
        "set-context",
        "version",
        "wat",
        "-n",
        "-nx",
        "--namespace=x",
        "--local",
        "--context",
        "-s",
        "--server=http://h",
        "--token",
        "-v6",
        "--v=2",
        "-A",
        "-Av",
        "-o",
        "yaml",
        "-oname",
        "--as_group=g",
        "--color=never",
        "--user=u",
        "--help",
        "-h",
        "-V",
        "--",
        "-",
        "--wat",
        "--from-literal=-s",
        "--from-literal",
        "--dry-run=client",
        "--request-timeout=x",
        "--journal",
    ];

    fn read((tree, shape): (Command, Shape), words: &[OsString]) -> (Vec<String>, Result<String>) {
        let manner = pflag::Manner { color: false, groups: verbs::groups };
        let (notices, outcome) = pflag::read(tree, words, &manner);
        let shown = outcome.map(|outcome| match outcome {
            Outcome::Help(text) => text,
            Outcome::Matches(matches) => {
                let root = Root::from_arg_matches(matches, &shape).expect("a struct");
                let (mut path, mut typed) = (vec![root.verb.name], &root.typed);
                while let Some((name, behind)) = typed.subcommand() {
                    path.push(name);
                    typed = behind;
                }
                // Of the commands on the way only the names count: `create` alone has flags, for files.
                format!("{:?} {path:?} {typed:?}", root.connection)
            }
        });
        (notices, shown)
    }

    proptest! {
        #![proptest_config(crate::properties::config(512))]

        #[test]
        fn a_brief_tree_reads_words_as_the_whole_one(words in prop::collection::vec(sample::select(WORDS), 0..7)) {
            let words: Vec<OsString> = words.into_iter().map(OsString::from).collect();
            let (found, whole) = (read(brief(&words), &words), read(whole(&words), &words));
            // An error leads to the whole tree.
            if found.1.is_ok() {
                prop_assert_eq!(found, whole);
            }
        }
    }
}
