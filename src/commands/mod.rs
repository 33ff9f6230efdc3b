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
pub mod version;
pub mod wait;
pub mod with_server;
mod write;

use std::ffi::OsString;

use clap::{Arg, ArgMatches, Args as _, Command, FromArgMatches as _, Subcommand};

use crate::{
    cli::{
        flags::ConnectionFlags,
        pflag::{self, Deferred, Outcome},
    },
    context::Context,
    error::{Error, Result},
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
    connection: ConnectionFlags,
}

/// A parsed command line.
#[derive(Debug)]
pub struct Root {
    /// The server, and the user.
    pub connection: ConnectionFlags,
    /// The command to run.
    pub command: Verb,
    /// The verb as it was typed.
    verb: String,
}

impl Root {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let Flags { connection, .. } = Flags::from_arg_matches(matches)?;
        let verb = matches.subcommand_name().unwrap_or_default().to_owned();
        Ok(Self { connection, command: Verb::from_arg_matches(matches)?, verb })
    }
}

/// The verbs.
#[derive(Subcommand, Debug)]
#[allow(clippy::large_enum_variant, reason = "there is one of it in a process")]
pub enum Verb {
    /// Create a Secret or a namespace, from flags or from files
    Create(Deferred<create::Args>),
    /// Show one, several or all Secrets
    Get(Deferred<get::Args>),
    /// Show the values of Secrets, decoded
    Decode(Deferred<decode::Args>),
    /// Edit Secrets in your editor, as kubectl does or with readable values
    Edit(Deferred<edit::Args>),
    /// Show what a Secret holds, without its values
    Describe(Deferred<describe::Args>),
    /// Delete Secrets by name, selector or file
    Delete(Deferred<delete::Args>),
    /// Create objects from manifests, or change them to match
    Apply(Deferred<apply::Args>),
    /// Show what an apply would change, without the values
    Diff(Deferred<diff::Args>),
    /// Find what is wrong with Secrets, on a server or in files
    Validate(Deferred<validate::Args>),
    /// Print what a kustomization builds
    Kustomize(Deferred<kustomize::Args>),
    /// Change fields of a Secret with a patch
    Patch(Deferred<patch::Args>),
    /// Replace a Secret by a manifest
    Replace(Deferred<replace::Args>),
    /// Set keys of a Secret, in one request
    Set(Deferred<set::SetArgs>),
    /// Remove keys of a Secret, in one request
    Unset(Deferred<set::UnsetArgs>),
    /// Give a key of a Secret another name, in one request
    RenameKey(Deferred<set::RenameKeyArgs>),
    /// Rotate values of a Secret, step by step, with hooks
    Rotate(Deferred<rotate::Args>),
    /// Copy a Secret to other namespaces, another cluster, another name
    Copy(Deferred<copy::Args>),
    /// Compare two Secrets key by key, without their values
    Compare(Deferred<compare::Args>),
    /// Show what was written to a Secret with --journal, without the values
    History(Deferred<history::Args>),
    /// Undo the last write to a Secret in the journal, or several
    Undo(Deferred<undo::Args>),
    /// Set or remove labels
    Label(Deferred<label::LabelArgs>),
    /// Set or remove annotations
    Annotate(Deferred<label::AnnotateArgs>),
    /// Wait until Secrets exist, are gone, or have a value
    Wait(Deferred<wait::Args>),
    /// Ask what this user may do
    Auth(Deferred<auth::Args>),
    /// Print the resources that the server has
    ApiResources(Deferred<api_resources::Args>),
    /// Print the API versions that the server has
    ApiVersions(Deferred<api_versions::Args>),
    /// Show what the fields of a resource mean
    Explain(Deferred<explain::Args>),
    /// Show and change kubeconfig files
    Config(Deferred<config::Args>),
    /// Print the addresses of the control plane and of the cluster's services
    ClusterInfo(Deferred<cluster_info::Args>),
    /// Run the embedded API server on a loopback port
    Serve(Deferred<serve::Args>),
    /// Run a command with a fresh embedded API server of its own
    WithServer(Deferred<with_server::Args>),
    /// Clean up after a with-server that was killed
    #[command(hide = true)]
    ReapServer(Deferred<with_server::ReapArgs>),
    /// Print the versions of this program and of the server
    Version(Deferred<version::Args>),
    /// Print the flags that every command takes
    Options(Deferred<options::Args>),
    /// Print a completion script for a shell
    Completion(Deferred<completion::Args>),
}

/// Returns the tree of commands. The arguments of a verb are defined when the tree is built, or when words lead to the
/// verb.
pub fn command() -> Command {
    adapted(Flags::augment_args(Verb::augment_subcommands(Command::new(NAME))))
}

/// Returns the tree for reading these words: with only the verb that they name, or with all if they name none.
fn command_of(words: &[OsString]) -> Command {
    let root = command_of_verb(words).unwrap_or_else(command);
    // Why: clap copies every global flag into every command, which took half the time of a short command. `pflag` finds
    // them at the root.
    root.mut_args(|arg| arg.global(false))
}

fn command_of_verb(words: &[OsString]) -> Option<Command> {
    let root = Flags::augment_args(Command::new(NAME));
    let mut verbs = Verb::augment_subcommands(Command::new(NAME));
    let verb = std::mem::take(verbs.find_subcommand_mut(pflag::first_word(&root, words)?)?);
    Some(adapted(root.subcommand(verb)))
}

/// Returns whether this is the name of a verb.
fn is_verb(name: impl AsRef<std::ffi::OsStr>) -> bool {
    Verb::augment_subcommands(Command::new(NAME)).find_subcommand(name).is_some()
}

/// Returns the program without its verbs, which has the flags of every command.
fn program_flags() -> Command {
    adapted(Flags::augment_args(Command::new(NAME)))
}

/// Returns the flags of every command as they were typed; `None` if a value is invalid.
fn connection(parts: &pflag::Parts) -> Option<ConnectionFlags> {
    let flags = pflag::adapt(ConnectionFlags::augment_args(Command::new(NAME)).args_override_self(true));
    let names: Vec<&str> = flags.get_arguments().filter_map(Arg::get_long).collect();
    let typed = parts.spell(|flag| names.contains(&flag), &[]);
    let typed = typed.into_iter().skip(parts.path.len());
    let matches = flags.try_get_matches_from([NAME.into()].into_iter().chain(typed)).ok()?;
    ConnectionFlags::from_arg_matches(&matches).ok()
}

/// Gives the flags of the program and of its verbs the syntax of pflag.
fn adapted(root: Command) -> Command {
    let timeout = |arg: Arg| {
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        arg.long_help(format!("{help}\n\n{}", limits()))
    };
    pflag::adapt(root.mut_arg("request_timeout", timeout))
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
    let root = command_of(words).bin_name(program.to_owned());
    // Why: exit status 1 of `validate` means findings, so its usage errors need another.
    let is_validate = root.get_subcommands().map(Command::get_name).eq(["validate"]);
    let (notices, outcome) = pflag::read(root, words, &pflag::Manner { color, groups: &GROUPS });
    let parsed = outcome.and_then(|outcome| match outcome {
        // Invariant: the same definitions parse the words and fill the structs, so this cannot fail.
        Outcome::Matches(matches) => {
            Root::from_arg_matches(&matches).map(Parsed::Run).map_err(|e| Error::new(e.kind()))
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
    let Root { mut connection, command, verb } = root;
    connection.receipts = receipt::open(&connection, &verb, &ctx.env)?;
    let receipts = connection.receipts.clone();
    let done = run_verb(command, &connection, ctx);
    match (done, receipts.finish(ctx)) {
        (Err(failure), Err(untold)) => Err(untold.status(failure.exit_status()).after(vec![failure])),
        (done, told) => done.and(told),
    }
}

fn run_verb(command: Verb, connection: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    if let "always" | "never" = connection.color.as_str() {
        ctx.color = connection.color == "always";
        ctx.color_messages = ctx.color;
    }
    match command {
        Verb::Create(Deferred(args)) => create::run(args, connection, ctx),
        Verb::Get(Deferred(args)) => get::run(&args, connection, ctx),
        Verb::Decode(Deferred(args)) => decode::run(args, connection, ctx),
        Verb::Edit(Deferred(args)) => edit::run(args, connection, ctx),
        Verb::Describe(Deferred(args)) => describe::run(args, connection, ctx),
        Verb::Delete(Deferred(args)) => delete::run(args, connection, ctx),
        Verb::Apply(Deferred(args)) => apply::run(args, connection, ctx),
        Verb::Diff(Deferred(args)) => diff::run(&args, connection, ctx),
        Verb::Validate(Deferred(args)) => validate::run(args, connection, ctx),
        Verb::Kustomize(Deferred(args)) => kustomize::run(args, ctx),
        Verb::Patch(Deferred(args)) => patch::run(&args, connection, ctx),
        Verb::Replace(Deferred(args)) => replace::run(&args, connection, ctx),
        Verb::Label(Deferred(args)) => label::run_label(&args, connection, ctx),
        Verb::Annotate(Deferred(args)) => label::run_annotate(&args, connection, ctx),
        Verb::Set(Deferred(args)) => set::run_set(args, connection, ctx),
        Verb::Unset(Deferred(args)) => set::run_unset(args, connection, ctx),
        Verb::RenameKey(Deferred(args)) => set::run_rename_key(args, connection, ctx),
        Verb::Rotate(Deferred(args)) => rotate::run(args, connection, ctx),
        Verb::Copy(Deferred(args)) => copy::run(args, connection, ctx),
        Verb::History(Deferred(args)) => history::run(&args, connection, ctx),
        Verb::Undo(Deferred(args)) => undo::run(args, connection, ctx),
        Verb::Compare(Deferred(args)) => compare::run(args, connection, ctx),
        Verb::Wait(Deferred(args)) => wait::run(args, connection, ctx),
        Verb::Auth(Deferred(args)) => auth::run(args, connection, ctx),
        Verb::ApiResources(Deferred(args)) => api_resources::run(args, connection, ctx),
        Verb::ApiVersions(Deferred(args)) => api_versions::run(&args, connection, ctx),
        Verb::Explain(Deferred(args)) => explain::run(args, connection, ctx),
        Verb::Config(Deferred(args)) => config::run(args, connection, ctx),
        Verb::ClusterInfo(Deferred(args)) => cluster_info::run(&args, connection, ctx),
        Verb::Serve(Deferred(args)) => serve::run(&args, connection, ctx),
        Verb::WithServer(Deferred(args)) => with_server::run(args, ctx),
        Verb::ReapServer(Deferred(args)) => with_server::reap(&args, ctx),
        Verb::Version(Deferred(args)) => version::run(&args, connection, ctx),
        Verb::Options(_) => options::run(ctx),
        Verb::Completion(Deferred(args)) => completion::run(&args, ctx),
    }?;
    if connection.warnings_as_errors && ctx.warnings > 0 {
        let noun = if ctx.warnings == 1 { "warning" } else { "warnings" };
        return Err(Error::new(format!("{} {noun} received", ctx.warnings)));
    }
    Ok(())
}
