//! `config`: shows and changes kubeconfig files as kubectl does, without a server or an async runtime. Every write goes
//! through [`change`], every read through [`load`].

mod contexts;
mod delete;
mod get;
mod property;
mod set_cluster;
mod set_context;
mod set_credentials;
mod view;

use std::ffi::{OsStr, OsString};

use clap::Subcommand;

use crate::{
    cli::{flags::ConnectionFlags, pflag::Deferred},
    client::{
        Failure,
        kubeconfig::{Access, List, Loaded, Merged, Paths},
    },
    context::Context,
    error::{Error, Result},
};
use environment::Env;
use go::errno;

/// Show and change kubeconfig files
///
/// With --kubeconfig, that file alone is read and written. Otherwise KUBECONFIG is a list of files, which are merged: of an
/// entry that stands in several the first one counts. An entry is changed in the file that it stands in, and made in the first
/// file that exists, or else in the last one of the list. Without both it is ~/.kube/config.
#[derive(clap::Args, Debug)]
#[command(
    arg_required_else_help = true,
    override_usage = "COMMAND [flags]",
    after_help = "Examples:\n  ksecret config get-contexts\n  ksecret config use-context prod\n  ksecret config set-context --current --namespace=team-a\n  ksecret config view --minify"
)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
#[allow(clippy::large_enum_variant, reason = "there is one of it in a process")]
enum What {
    /// Show the kubeconfig, without its secrets unless asked for
    View(Deferred<view::Args>),
    /// List the contexts, or some of them
    GetContexts(Deferred<contexts::GetArgs>),
    /// Print the name of the context in use
    CurrentContext(Deferred<get::Args>),
    /// Use another context
    #[command(visible_alias = "use")]
    UseContext(Deferred<contexts::UseArgs>),
    /// Make or change a context
    SetContext(Deferred<set_context::Args>),
    /// Make or change a cluster
    SetCluster(Deferred<set_cluster::Args>),
    /// Make or change a user
    SetCredentials(Deferred<set_credentials::Args>),
    /// Set one field
    Set(Deferred<property::SetArgs>),
    /// Unset one field, or remove an entry
    Unset(Deferred<property::UnsetArgs>),
    /// Give a context another name
    RenameContext(Deferred<contexts::RenameArgs>),
    /// Remove a context
    DeleteContext(Deferred<delete::Args>),
    /// Remove a cluster
    DeleteCluster(Deferred<delete::Args>),
    /// Remove a user
    DeleteUser(Deferred<delete::Args>),
    /// List the names of the clusters
    GetClusters(Deferred<get::Args>),
    /// List the names of the users
    GetUsers(Deferred<get::Args>),
}

/// Runs the subcommand.
///
/// # Errors
/// The subcommand's.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    match args.what {
        What::View(Deferred(args)) => view::run(&args, flags, ctx),
        What::GetContexts(Deferred(args)) => contexts::get(args, flags, ctx),
        What::CurrentContext(Deferred(_)) => get::current_context(flags, ctx),
        What::UseContext(Deferred(args)) => contexts::use_context(&args, flags, ctx),
        What::SetContext(Deferred(args)) => set_context::run(&args, flags, ctx),
        What::SetCluster(Deferred(args)) => set_cluster::run(&args, flags, ctx),
        What::SetCredentials(Deferred(args)) => set_credentials::run(&args, flags, ctx),
        What::Set(Deferred(args)) => property::set(&args, flags, ctx),
        What::Unset(Deferred(args)) => property::unset(&args, flags, ctx),
        What::RenameContext(Deferred(args)) => contexts::rename(&args, flags, ctx),
        What::DeleteContext(Deferred(args)) => delete::run(List::Contexts, &args, flags, ctx),
        What::DeleteCluster(Deferred(args)) => delete::run(List::Clusters, &args, flags, ctx),
        What::DeleteUser(Deferred(args)) => delete::run(List::Users, &args, flags, ctx),
        What::GetClusters(Deferred(_)) => get::names(List::Clusters, flags, ctx),
        What::GetUsers(Deferred(_)) => get::names(List::Users, flags, ctx),
    }
}

/// Reads and merges the kubeconfig files.
fn load(flags: &ConnectionFlags, ctx: &mut Context) -> Result<Merged> {
    let Loaded { merged, warnings, .. } = Access::new(flags.place.kubeconfig.as_deref(), &ctx.env).load()?;
    warn(&warnings, ctx);
    Ok(merged)
}

/// Changes the kubeconfig files. `change` runs again if another process wrote one of them meanwhile.
fn change<T>(
    paths: Paths,
    flags: &ConnectionFlags,
    ctx: &mut Context,
    change: impl Fn(&mut Merged) -> Result<T>,
) -> Result<T> {
    let (outcome, warnings) = Access::new(flags.place.kubeconfig.as_deref(), &ctx.env).modify(paths, change)?;
    warn(&warnings, ctx);
    Ok(outcome)
}

fn warn(warnings: &[String], ctx: &mut Context) {
    for warning in warnings {
        ctx.say(format_args!("warning: {warning}"));
    }
}

/// Returns the file that kubectl names when an entry does not exist or was deleted.
fn file_name(flags: &ConnectionFlags, ctx: &Context) -> String {
    let access = Access::new(flags.place.kubeconfig.as_deref(), &ctx.env);
    access.default_file().map(|name| name.display().to_string()).unwrap_or_default()
}

/// Returns the only word that a verb takes. Its error is one line; kubectl also prints its help on standard output.
fn one_word<'w>(words: &'w [String], verb: &str, ctx: &Context) -> Result<&'w str> {
    match words {
        [word] => Ok(word),
        words => Err(unexpected(words, verb, ctx)),
    }
}

fn unexpected(words: &[String], verb: &str, ctx: &Context) -> Error {
    Error::new(format!("Unexpected args: [{}]", words.join(" "))).hint(see(verb, ctx))
}

fn see(verb: &str, ctx: &Context) -> String {
    format!("{} config {verb} --help", ctx.program)
}

/// Returns a path in the form in which a kubeconfig stores it: absolute (Go's `filepath.Abs`).
fn absolute(path: &OsStr, env: &Env) -> Result<String> {
    let whole = crate::client::kubeconfig::clean(&env.cwd().join(path));
    whole.into_string().map_err(|path| Error::new(format!("the path {} is not valid UTF-8", path.display())))
}

/// Reads a file that is embedded into the kubeconfig. Why an error: kubectl continues without a file that it cannot
/// read.
fn embedded(path: &OsStr, env: &Env) -> Result<String> {
    let content =
        crate::client::kubeconfig::read_embedded(path, env).map_err(|failure: Failure| Error::from(failure))?;
    Ok(content.to_base64())
}

/// Checks that a file which is to be embedded exists.
fn check_exists(flag: &str, path: Option<&OsString>, env: &Env) -> Result<()> {
    let Some(path) = path.filter(|path| !path.is_empty()) else { return Ok(()) };
    std::fs::metadata(env.cwd().join(path)).map(drop).map_err(|error| {
        let (path, why) = (path.display(), errno::text(&error));
        Error::new(format!("could not stat {flag} file {path}: stat {path}: {why}"))
    })
}
