//! `create generic NAME`: a Secret of any type from literals, files, directories and env files.

use super::secret::{Common, Options};
use crate::{
    cli::flags::ConnectionFlags,
    commands::{outcome, sources::SourceFlags},
    context::Context,
    error::{Error, Result},
    secret::build::SecretBuilder,
};

/// Create a Secret from literals, files, directories and env files
///
/// A value that is given by --prompt, --from-stdin, --from-fd, --from-env or a file stands neither in the shell's history
/// nor in the list of processes. A FILE of --from-dotenv, --from-json or --from-yaml may be -, standard input.
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "NAME [--from-literal KEY=VALUE]... [flags]",
    after_help = "Examples:\n  ksecret create generic db --from-literal=user=admin --from-literal=password=S3cret\n  ksecret create generic ssh --type=kubernetes.io/ssh-auth --from-file=ssh-privatekey=\"$HOME\"/.ssh/id_ed25519\n  printf %s \"$(pass show db)\" | ksecret create generic db --from-stdin password\n  ksecret create generic app --from-dotenv=.env\n  ksecret create generic db --from-fd=password=3 3<password.txt --strip-newline"
)]
pub struct Args {
    /// Name of the Secret
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    #[command(flatten)]
    sources: SourceFlags,
    /// Set the type of the Secret (default Opaque)
    #[arg(long = "type", value_name = "TYPE", default_value = "", hide_default_value = true)]
    secret_type: String,
    #[command(flatten)]
    common: Common,
}

/// Creates the Secret.
///
/// # Errors
/// A source that cannot be read, an invalid key, and those of [`Options::create`].
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let options = outcome::resolve(ctx, |ctx, notices| {
        Options::resolve(&args.names, "create secret generic", args.common, flags, ctx, notices)
    })?;
    let entries = args.sources.collect(Vec::new(), ctx)?;
    let secret = SecretBuilder::new(options.name()).kind(args.secret_type).entries(entries).map_err(Error::new)?;
    options.create(secret, flags, ctx)
}
