//! The commands, one file each: `Args` is what was typed, `Options::resolve` checks it, `run` does it.

pub mod api_resources;
pub mod api_versions;
pub mod apply;
pub mod auth;
pub mod cluster_info;
pub mod compare;
pub mod completion;
pub mod config;
pub mod copy;
pub mod create;
pub mod decode;
pub mod delete;
mod deletion;
pub mod describe;
pub mod diff;
mod discovery;
pub mod edit;
pub mod explain;
pub mod fallback;
mod files;
pub mod get;
pub mod history;
mod interrupt;
pub mod kustomize;
pub mod label;
mod lifeline;
mod local;
pub mod options;
mod outcome;
pub mod output;
pub mod patch;
mod progress;
mod prune;
mod raw;
mod receipt;
mod recreate;
pub mod replace;
pub mod rotate;
pub mod serve;
pub mod session;
pub mod set;
mod sources;
mod spelled;
mod targets;
pub mod undo;
mod until;
pub mod validate;
mod verbs;
pub mod version;
pub mod wait;
pub mod with_server;
mod write;

use std::ffi::{OsStr, OsString};

use clap::{Arg, ArgMatches, Args as _, Command, FromArgMatches as _, error::ErrorKind};

use self::verbs::Verb;

use crate::{
    cli::{
        flags::{ConnectionFlags, PlaceFlags, RareFlags, When},
        pflag::{self, Outcome},
    },
    context::Context,
    error::{Error, Result},
    receipts::Receipts,
};

/// The program's name.
const NAME: &str = "ksecret";

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
    verb: &'static Verb,
    /// What was typed behind the verb.
    typed: ArgMatches,
}

impl Root {
    /// Fills the struct. `rare` tells whether the flags that few command lines have were defined.
    fn from_arg_matches(mut matches: ArgMatches, rare: bool) -> Result<Self, clap::Error> {
        let Flags { place, .. } = Flags::from_arg_matches_mut(&mut matches)?;
        let rare = if rare { RareFlags::from_arg_matches_mut(&mut matches)? } else { RareFlags::default() };
        let missing = || clap::Error::new(ErrorKind::MissingSubcommand);
        let (name, typed) = matches.remove_subcommand().ok_or_else(missing)?;
        let connection = ConnectionFlags { place, rare, receipts: Receipts::default() };
        Ok(Self { connection, verb: Verb::named(&name).ok_or_else(missing)?, typed })
    }
}

/// Returns the tree of commands. The arguments of a verb are defined when the tree is built, or when words lead to the
/// verb.
pub fn command() -> Command {
    let timeout = |arg: Arg| {
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        arg.long_help(format!("{help}\n\n{}", limits()))
    };
    pflag::adapt(root(true).mut_arg("request_timeout", timeout).subcommands(verbs::definitions()))
}

/// Returns the tree for reading these words: with only the verb that they name, or with all if they name none. `rare`
/// tells whether it has the flags that few command lines have.
fn command_of(words: &[OsString], rare: bool) -> Command {
    let root = root(rare);
    let verb = pflag::first_word(&root, words).and_then(OsStr::to_str).and_then(Verb::named);
    pflag::adapt(match verb {
        Some(verb) => root.subcommand(verb.definition()),
        None => root.subcommands(verbs::definitions()),
    })
}

/// Returns the program without its verbs.
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
fn is_verb(name: impl AsRef<std::ffi::OsStr>) -> bool {
    name.as_ref().to_str().and_then(Verb::named).is_some()
}

/// Returns the program without its verbs.
fn program() -> Command {
    pflag::adapt(root(true))
}

/// Returns the flags that every command takes.
fn connection_flags() -> Command {
    pflag::adapt(ConnectionFlags::augment_args(Command::new(NAME)))
}

/// Returns the flags of every command as they were typed; `None` if a value is invalid.
fn connection(parts: &pflag::Parts) -> Option<ConnectionFlags> {
    let flags = connection_flags().args_override_self(true);
    let names: Vec<&str> = flags.get_arguments().filter_map(Arg::get_long).collect();
    let typed = parts.spell(|flag| names.contains(&flag), &[]);
    let typed = typed.into_iter().skip(parts.path.len());
    let mut matches = flags.try_get_matches_from([NAME.into()].into_iter().chain(typed)).ok()?;
    ConnectionFlags::from_arg_matches_mut(&mut matches).ok()
}

/// Returns the time limits and size limits, for the long help and the README.
pub fn limits() -> String {
    let held = crate::print::held::MOST >> 20;
    format!(
        "{} What waits for the end of a list, to be aligned, sorted or changed, may have {held} MiB.",
        crate::client::limits_in_words()
    )
}

/// The verbs in the groups of the help.
const GROUPS: [pflag::Group<'_>; 5] = [
    (
        "Secrets",
        &[
            "create",
            "get",
            "describe",
            "decode",
            "edit",
            "set",
            "unset",
            "rename-key",
            "rotate",
            "copy",
            "compare",
            "history",
            "undo",
            "delete",
            "patch",
            "replace",
            "label",
            "annotate",
            "wait",
        ],
    ),
    ("Manifests", &["apply", "diff", "validate", "kustomize"]),
    ("Cluster", &["auth", "api-resources", "api-versions", "cluster-info", "config", "explain"]),
    ("Embedded server", &["serve", "with-server"]),
    ("Other", &["completion", "options", "version"]),
];

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
    let read = |rare: bool| {
        let root = command_of(words, rare).bin_name(program.to_owned());
        // Why: exit status 1 of `validate` means findings, so its usage errors need another.
        let is_validate = root.get_subcommands().map(Command::get_name).eq(["validate"]);
        let (notices, outcome) = pflag::read(root, words, &pflag::Manner { color, groups: &GROUPS });
        (is_validate, notices, outcome)
    };
    let mut rare = RareFlags::may_be_among(words);
    let (mut is_validate, mut notices, mut outcome) = read(rare);
    if outcome.is_err() && !rare {
        // Why: an error may propose one of these flags.
        rare = true;
        (is_validate, notices, outcome) = read(rare);
    }
    let parsed = outcome.and_then(|outcome| match outcome {
        // Invariant: the same definitions parse the words and fill the structs, so this cannot fail.
        Outcome::Matches(matches) => {
            Root::from_arg_matches(matches, rare).map(Parsed::Run).map_err(|e| Error::new(e.kind()))
        }
        Outcome::Help(text) => Ok(Parsed::Print(text)),
    });
    let parsed = if is_validate { parsed.map_err(|error| error.status(validate::COULD_NOT_LOOK)) } else { parsed };
    (notices, parsed)
}

/// Runs a command.
///
/// # Errors
/// The command's, and that receipts could not be written.
pub fn run(root: Root, ctx: &mut Context) -> Result<()> {
    let Root { mut connection, verb, mut typed } = root;
    connection.receipts = receipt::open(&connection, verb.name, &ctx.env)?;
    let receipts = connection.receipts.clone();
    let done = run_verb(verb, &mut typed, &connection, ctx);
    match (done, receipts.finish(ctx)) {
        (Err(failure), Err(untold)) => Err(untold.status(failure.exit_status()).after(vec![failure])),
        (done, told) => done.and(told),
    }
}

fn run_verb(verb: &Verb, typed: &mut ArgMatches, connection: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    if let When::Always | When::Never = connection.rare.color {
        ctx.color = connection.rare.color == When::Always;
        ctx.color_messages = ctx.color;
    }
    verb.run(typed, connection, ctx)?;
    if connection.rare.warnings_as_errors && ctx.warnings > 0 {
        let noun = if ctx.warnings == 1 { "warning" } else { "warnings" };
        return Err(Error::new(format!("{} {noun} received", ctx.warnings)));
    }
    Ok(())
}
