//! The verbs: how each is called, what it takes, and what runs it.

use std::ffi::{OsStr, OsString};

use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::{
    api_resources, api_versions, apply, auth, cluster_info, compare, completion, config, copy, create, decode, delete,
    describe, diff, edit, explain, get, history, kustomize, label, options, patch, replace, rotate, serve, set, undo,
    validate, version, wait, with_server,
};
use crate::{
    cli::{flags::ConnectionFlags, pflag},
    context::Context,
    error::{Error, Result},
};

/// A verb. Why not an enum of clap's: that defines all verbs to find one, which took a twentieth of the instructions of a
/// short command.
pub(super) struct Verb {
    /// Its name.
    pub(super) name: &'static str,
    /// Its line in the program's help.
    about: &'static str,
    define: fn(Command) -> Command,
    run: fn(&mut ArgMatches, &ConnectionFlags, &mut Context) -> Result<()>,
}

/// The verbs that the program's help lists, in its groups.
static GROUPS: [(&str, &[Verb]); 5] = [
    (
        "Secrets",
        &[
            verb::<create::Args>(
                "create",
                "Create a Secret or a namespace, from flags or from files",
                |typed, connection, ctx| create::run(args(typed)?, connection, ctx),
            ),
            verb::<get::Args>("get", "Show one, several or all Secrets", |typed, connection, ctx| {
                get::run(&args(typed)?, connection, ctx)
            }),
            verb::<describe::Args>(
                "describe",
                "Show what a Secret holds, without its values",
                |typed, connection, ctx| describe::run(args(typed)?, connection, ctx),
            ),
            verb::<decode::Args>("decode", "Show the values of Secrets, decoded", |typed, connection, ctx| {
                decode::run(args(typed)?, connection, ctx)
            }),
            verb::<edit::Args>(
                "edit",
                "Edit Secrets in your editor, as kubectl does or with readable values",
                |typed, connection, ctx| edit::run(args(typed)?, connection, ctx),
            ),
            verb::<set::SetArgs>("set", "Set keys of a Secret, in one request", |typed, connection, ctx| {
                set::run_set(args(typed)?, connection, ctx)
            }),
            verb::<set::UnsetArgs>("unset", "Remove keys of a Secret, in one request", |typed, connection, ctx| {
                set::run_unset(args(typed)?, connection, ctx)
            }),
            verb::<set::RenameKeyArgs>(
                "rename-key",
                "Give a key of a Secret another name, in one request",
                |typed, connection, ctx| set::run_rename_key(args(typed)?, connection, ctx),
            ),
            verb::<rotate::Args>(
                "rotate",
                "Rotate values of a Secret, step by step, with hooks",
                |typed, connection, ctx| rotate::run(args(typed)?, connection, ctx),
            ),
            verb::<copy::Args>(
                "copy",
                "Copy a Secret to other namespaces, another cluster, another name",
                |typed, connection, ctx| copy::run(args(typed)?, connection, ctx),
            ),
            verb::<compare::Args>(
                "compare",
                "Compare two Secrets key by key, without their values",
                |typed, connection, ctx| compare::run(args(typed)?, connection, ctx),
            ),
            verb::<history::Args>(
                "history",
                "Show what was written to a Secret with --journal, without the values",
                |typed, connection, ctx| history::run(&args(typed)?, connection, ctx),
            ),
            verb::<undo::Args>(
                "undo",
                "Undo the last write to a Secret in the journal, or several",
                |typed, connection, ctx| undo::run(args(typed)?, connection, ctx),
            ),
            verb::<delete::Args>("delete", "Delete Secrets by name, selector or file", |typed, connection, ctx| {
                delete::run(args(typed)?, connection, ctx)
            }),
            verb::<patch::Args>("patch", "Change fields of a Secret with a patch", |typed, connection, ctx| {
                patch::run(&args(typed)?, connection, ctx)
            }),
            verb::<replace::Args>("replace", "Replace a Secret by a manifest", |typed, connection, ctx| {
                replace::run(&args(typed)?, connection, ctx)
            }),
            verb::<label::LabelArgs>("label", "Set or remove labels", |typed, connection, ctx| {
                label::run_label(&args(typed)?, connection, ctx)
            }),
            verb::<label::AnnotateArgs>("annotate", "Set or remove annotations", |typed, connection, ctx| {
                label::run_annotate(&args(typed)?, connection, ctx)
            }),
            verb::<wait::Args>(
                "wait",
                "Wait until Secrets exist, are gone, or have a value",
                |typed, connection, ctx| wait::run(args(typed)?, connection, ctx),
            ),
        ],
    ),
    (
        "Manifests",
        &[
            verb::<apply::Args>(
                "apply",
                "Create objects from manifests, or change them to match",
                |typed, connection, ctx| apply::run(args(typed)?, connection, ctx),
            ),
            verb::<diff::Args>(
                "diff",
                "Show what an apply would change, without the values",
                |typed, connection, ctx| diff::run(&args(typed)?, connection, ctx),
            ),
            verb::<validate::Args>(
                "validate",
                "Find what is wrong with Secrets, on a server or in files",
                |typed, connection, ctx| validate::run(args(typed)?, connection, ctx),
            ),
            verb::<kustomize::Args>("kustomize", "Print what a kustomization builds", |typed, _, ctx| {
                kustomize::run(args(typed)?, ctx)
            }),
        ],
    ),
    (
        "Cluster",
        &[
            verb::<auth::Args>("auth", "Ask what this user may do", |typed, connection, ctx| {
                auth::run(args(typed)?, connection, ctx)
            }),
            verb::<api_resources::Args>(
                "api-resources",
                "Print the resources that the server has",
                |typed, connection, ctx| api_resources::run(args(typed)?, connection, ctx),
            ),
            verb::<api_versions::Args>(
                "api-versions",
                "Print the API versions that the server has",
                |typed, connection, ctx| api_versions::run(&args(typed)?, connection, ctx),
            ),
            verb::<cluster_info::Args>(
                "cluster-info",
                "Print the addresses of the control plane and of the cluster's services",
                |typed, connection, ctx| cluster_info::run(&args(typed)?, connection, ctx),
            ),
            verb::<config::Args>("config", "Show and change kubeconfig files", |typed, connection, ctx| {
                config::run(args(typed)?, connection, ctx)
            }),
            verb::<explain::Args>("explain", "Show what the fields of a resource mean", |typed, connection, ctx| {
                explain::run(args(typed)?, connection, ctx)
            }),
        ],
    ),
    (
        "Embedded server",
        &[
            verb::<serve::Args>("serve", "Run the embedded API server on a loopback port", |typed, connection, ctx| {
                serve::run(&args(typed)?, connection, ctx)
            }),
            verb::<with_server::Args>(
                "with-server",
                "Run a command with a fresh embedded API server of its own",
                |typed, _, ctx| with_server::run(args(typed)?, ctx),
            ),
        ],
    ),
    (
        "Other",
        &[
            verb::<completion::Args>("completion", "Print a completion script for a shell", |typed, _, ctx| {
                completion::run(&args(typed)?, ctx)
            }),
            verb::<options::Args>("options", "Print the flags that every command takes", |_, _, ctx| options::run(ctx)),
            verb::<version::Args>(
                "version",
                "Print the versions of this program and of the server",
                |typed, connection, ctx| version::run(&args(typed)?, connection, ctx),
            ),
        ],
    ),
];

/// The verb with which `with-server` starts what cleans up after it.
static HIDDEN: Verb =
    verb::<with_server::ReapArgs>("reap-server", "Clean up after a with-server that was killed", |typed, _, ctx| {
        with_server::reap(&args(typed)?, ctx)
    });

/// `create` with a word for what to create.
static CREATE_OBJECT: Verb = verb::<create::ObjectArgs>("create", "", |typed, connection, ctx| {
    create::run_object(args(typed)?, connection, ctx)
});

impl Verb {
    /// Returns the verb that this word names.
    pub(super) fn named_by(word: &OsStr) -> Option<&'static Self> {
        listed().chain([&HIDDEN]).find(|verb| word == verb.name)
    }

    /// Returns the verb that the first word names, with what reading the next one needs.
    pub(super) fn brief(words: &[OsString]) -> Option<&'static Self> {
        let (word, behind) = words.split_first()?;
        let verb = Self::named_by(word)?;
        let names_object = behind.first().is_some_and(|word| create::is_object(word));
        Some(if verb.name == "create" && names_object { &CREATE_OBJECT } else { verb })
    }

    /// Returns the definition of the verb. Its arguments are defined when they are needed.
    pub(super) fn definition(&self) -> Command {
        Command::new(self.name).defer(self.define).about(self.about)
    }

    /// Runs the verb with what was typed behind it.
    ///
    /// # Errors
    /// The verb's.
    pub(super) fn run(&self, typed: &mut ArgMatches, connection: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
        (self.run)(typed, connection, ctx)
    }
}

/// Returns the definitions of all verbs.
pub(super) fn definitions() -> impl Iterator<Item = Command> {
    listed().map(Verb::definition).chain([HIDDEN.definition().hide(true)])
}

/// Returns the groups of the program's help: a heading, and names with their lines.
pub(super) fn groups() -> Vec<pflag::Group<'static>> {
    let lines = |verbs: &'static [Verb]| verbs.iter().map(|verb| (verb.name, verb.about)).collect();
    GROUPS.iter().map(|(heading, verbs)| (*heading, lines(verbs))).collect()
}

fn listed() -> impl Iterator<Item = &'static Verb> {
    GROUPS.iter().flat_map(|(_, verbs)| verbs.iter())
}

const fn verb<T: Args>(
    name: &'static str,
    about: &'static str,
    run: fn(&mut ArgMatches, &ConnectionFlags, &mut Context) -> Result<()>,
) -> Verb {
    Verb { name, about, define: pflag::define::<T>, run }
}

/// Returns the arguments that were typed.
fn args<T: FromArgMatches>(typed: &mut ArgMatches) -> Result<T> {
    // Invariant: the definitions that accepted the words fill the struct, so this cannot fail.
    T::from_arg_matches_mut(typed).map_err(|error| Error::new(error.kind()))
}
