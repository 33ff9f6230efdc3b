//! `create ssh-auth NAME`: an SSH private key (`kubernetes.io/ssh-auth`), which is validated before it is stored.

use std::ffi::OsString;

use super::{
    secret::{Common, Options},
    tls,
};
use crate::{
    cli::flags::ConnectionFlags,
    commands::outcome,
    context::Context,
    error::{Error, Result},
    secret::{build::SecretBuilder, details, types},
};

/// Create a Secret from a private key for SSH
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "NAME --ssh-privatekey FILE [flags]",
    after_help = "Examples:\n  ksecret create ssh-auth deploy --ssh-privatekey=\"$HOME\"/.ssh/id_ed25519"
)]
pub struct Args {
    /// Name of the Secret
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Store the private key in this file, as ssh-keygen writes it
    #[arg(long, value_name = "FILE", default_value = "", hide_default_value = true)]
    ssh_privatekey: OsString,
    #[command(flatten)]
    common: Common,
}

/// Creates the Secret.
///
/// # Errors
/// A file that cannot be read or contains no private key, and those of [`Options::create`].
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let options = outcome::resolve(ctx, |ctx, notices| {
        Options::resolve(&args.names, "create ssh-auth", args.common, flags, ctx, notices)
    })?;
    let builder = SecretBuilder::new(options.name()).kind(types::SSH_AUTH);
    if args.ssh_privatekey.is_empty() {
        if options.generates(types::SSH_PRIVATE_KEY) {
            return options.create(builder, flags, ctx);
        }
        return Err(Error::new("--ssh-privatekey must be specified").hint("--generate ssh-privatekey=ssh makes a key"));
    }
    let file = args.ssh_privatekey.display();
    let value = tls::read(&args.ssh_privatekey, ctx)?;
    let Some(key) = details::ssh_key(types::SSH_PRIVATE_KEY, value.expose()) else {
        let error = Error::new(format!("{file} holds no private key for SSH"));
        return Err(match value.expose().starts_with(b"ssh-") || value.expose().starts_with(b"ecdsa-") {
            true => error.hint("it is the public key: the private one is in the file without .pub"),
            false => error.hint("ssh-keygen -t ed25519 -N '' -f FILE makes one"),
        });
    };
    if key.is_encrypted {
        ctx.say(format_args!("warning: {file} is locked by a passphrase, which a Pod that uses the key has to know"));
    }
    let entries = [(types::SSH_PRIVATE_KEY.to_owned(), value)];
    options.create(builder.entries(entries).map_err(Error::new)?, flags, ctx)
}
