//! `create`: creates Secrets and namespaces from flags (`create generic`, `create secret tls` …) or from files.

mod basic_auth;
mod bootstrap_token;
mod conversation;
pub mod docker_registry;
pub mod existing;
mod extras;
pub mod file;
pub mod generic;
pub mod namespace;
pub mod prompt;
mod secret;
mod service_account_token;
mod ssh_auth;
pub mod tls;

use std::ffi::OsStr;

use clap::Subcommand;

use crate::{
    cli::{flags::ConnectionFlags, pflag::Deferred},
    context::Context,
    error::Result,
    source::own,
};

/// Create a Secret or a namespace, from flags or from files
///
/// With no arguments, on a terminal, it asks, and shows the command line that does the same.
#[derive(clap::Args, Debug)]
#[command(
    subcommand_help_heading = "What to create",
    override_usage = "(COMMAND | -f FILE | -k DIR) [flags]",
    after_help = "Examples:\n  ksecret create generic db --from-literal=user=admin --from-file=password.txt\n  ksecret create -f secret.yaml\n  cat secret.yaml | ksecret create -f -"
)]
pub struct Args {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    file: file::FromFiles,
}

/// What `create` takes if a word says what to create. The flags for files are then not needed; they took a tenth of the
/// instructions of the command.
#[derive(clap::Args, Debug)]
pub struct ObjectArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// A Secret, kubectl's spelling: create secret generic NAME
    #[command(
        subcommand,
        arg_required_else_help = true,
        after_help = "Examples:\n  ksecret create secret generic db --from-literal=user=admin\n  ksecret create secret tls site --cert=site.crt --key=site.key"
    )]
    Secret(Kind),
    #[command(flatten)]
    Kind(Kind),
    /// Create a namespace
    #[command(visible_alias = "ns")]
    Namespace(Deferred<namespace::Args>),
}

#[derive(Subcommand, Debug)]
#[allow(clippy::large_enum_variant, reason = "there is one of it in a process")]
enum Kind {
    /// Create a Secret from literals, files, directories and env files
    Generic(Deferred<generic::Args>),
    /// Create a Secret with the credentials of a container registry
    DockerRegistry(Deferred<docker_registry::Args>),
    /// Create a Secret from a certificate and its key
    Tls(Deferred<tls::Args>),
    /// Create a Secret with a user name and a password
    BasicAuth(Deferred<basic_auth::Args>),
    /// Create a Secret from a private key for SSH
    SshAuth(Deferred<ssh_auth::Args>),
    /// Create a token with which nodes join the cluster, in kube-system
    BootstrapToken(Deferred<bootstrap_token::Args>),
    /// Create a Secret that the cluster fills with a service account's token
    ServiceAccountToken(Deferred<service_account_token::Args>),
}

/// Creates what a word says, or the objects of files; with neither, on a terminal, asks.
///
/// # Errors
/// The subcommand's.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let what = match args.what {
        None if args.file.is_untouched() && own::can_ask(ctx) => match conversation::hold(flags, ctx)? {
            Some(kind) => Some(What::Kind(kind)),
            None => return Ok(()),
        },
        what => what,
    };
    match what {
        None => file::run(&args.file, flags, ctx),
        Some(what) => run_object(ObjectArgs { what }, flags, ctx),
    }
}

/// Returns whether the word is one for what to create.
pub fn is_object(word: &OsStr) -> bool {
    word.to_str().is_some_and(What::has_subcommand)
}

/// Creates what a word says.
///
/// # Errors
/// The subcommand's.
pub fn run_object(args: ObjectArgs, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    match args.what {
        What::Namespace(Deferred(args)) => namespace::run(&args, flags, ctx),
        What::Secret(kind) | What::Kind(kind) => match kind {
            Kind::Generic(Deferred(args)) => generic::run(args, flags, ctx),
            Kind::DockerRegistry(Deferred(args)) => docker_registry::run(args, flags, ctx),
            Kind::Tls(Deferred(args)) => tls::run(args, flags, ctx),
            Kind::BasicAuth(Deferred(args)) => basic_auth::run(args, flags, ctx),
            Kind::SshAuth(Deferred(args)) => ssh_auth::run(args, flags, ctx),
            Kind::BootstrapToken(Deferred(args)) => bootstrap_token::run(args, flags, ctx),
            Kind::ServiceAccountToken(Deferred(args)) => service_account_token::run(args, flags, ctx),
        },
    }
}
