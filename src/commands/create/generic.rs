//! `create generic NAME`: a Secret of any type from literals, files, directories and env files.

use std::ffi::OsString;

use super::secret::{Common, Options};
use guard::Typed;

use crate::{
    cli::{
        flags::ConnectionFlags,
        pflag::{self, Fields},
    },
    commands::outcome,
    context::Context,
    error::{Error, Result},
    secret::build::SecretBuilder,
    source::{self, Sources},
};

/// Create a Secret from literals, files, directories and env files
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "NAME [--from-literal KEY=VALUE]... [flags]",
    after_help = "Examples:\n  ksecret create generic db --from-literal=user=admin --from-literal=password=S3cret\n  ksecret create generic ssh --type=kubernetes.io/ssh-auth --from-file=ssh-privatekey=\"$HOME\"/.ssh/id_ed25519\n  printf %s \"$(pass show db)\" | ksecret create generic db --from-file=password=/dev/stdin"
)]
pub struct Args {
    /// Name of the Secret
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// One entry: everything after the first = is its value; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    from_literal: Vec<Typed<OsString>>,
    /// A file, under its own name or under KEY, or every file of a directory; repeatable
    #[arg(long, value_name = "[KEY=]PATH", value_parser = pflag::paths())]
    from_file: Vec<Fields<OsString>>,
    /// A file of KEY=VALUE lines; repeatable
    #[arg(long, value_name = "FILE", value_parser = pflag::paths())]
    from_env_file: Vec<Fields<OsString>>,
    /// Type of the Secret; Opaque where none is given
    #[arg(long = "type", value_name = "TYPE", default_value = "", hide_default_value = true)]
    secret_type: String,
    #[command(flatten)]
    common: Common,
}

/// # Errors
/// A source that cannot be read, a bad key, and what [`Options::create`] fails with.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let options = outcome::resolve(ctx, |ctx, notices| {
        Options::resolve(&args.names, "create secret generic", args.common, flags, ctx, notices)
    })?;
    let sources = Sources {
        literals: args.from_literal,
        files: Fields::flatten(args.from_file),
        env_files: Fields::flatten(args.from_env_file),
    };
    let entries = source::collect(&sources, &ctx.env)?;
    let secret =
        SecretBuilder::new(options.name()).kind(args.secret_type).entries(entries).map_err(Error::new)?.build();
    options.create(secret, flags, ctx)
}
