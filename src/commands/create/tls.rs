//! `create tls NAME`: a certificate and its key, checked against each other.

use std::ffi::{OsStr, OsString};

use super::secret::{Common, Options};
use crate::{
    cli::flags::ConnectionFlags,
    commands::{outcome, output::go_open_error},
    context::Context,
    error::{Error, Result},
    secret::{Value, build::SecretBuilder, tls, types},
};

/// Create a Secret from a certificate and its key
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "NAME --cert FILE --key FILE [flags]",
    after_help = "Examples:\n  ksecret create tls site --cert=site.crt --key=site.key\n  ksecret create tls site --cert=chain.pem --key=site.key --dry-run=client -o yaml"
)]
pub struct Args {
    /// Name of the Secret
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Store the certificate in this PEM file, with its chain after it
    #[arg(long, value_name = "FILE", default_value = "", hide_default_value = true)]
    cert: OsString,
    /// Store the private key in this PEM file, which is not encrypted
    #[arg(long, value_name = "FILE", default_value = "", hide_default_value = true)]
    key: OsString,
    #[command(flatten)]
    common: Common,
}

/// # Errors
/// A file that cannot be read, a pair that does not match, and what [`Options::create`] fails with.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let options = outcome::resolve(ctx, |ctx, notices| {
        Options::resolve(&args.names, "create secret tls", args.common, flags, ctx, notices)
    })?;
    let builder = SecretBuilder::new(options.name()).kind(types::TLS);
    if args.cert.is_empty() && args.key.is_empty() && options.generates(types::TLS_CERT_KEY) {
        return options.create(builder, flags, ctx);
    }
    if args.cert.is_empty() || args.key.is_empty() {
        return Err(Error::new("key and cert must be specified").hint("--generate tls=self-signed:NAME makes both"));
    }
    let cert = read(&args.cert, ctx)?;
    let key = read(&args.key, ctx)?;
    tls::check_pair(cert.expose(), key.expose()).map_err(Error::new)?;
    let entries = [(types::TLS_CERT_KEY.to_owned(), cert), (types::TLS_PRIVATE_KEY.to_owned(), key)];
    options.create(builder.entries(entries).map_err(Error::new)?, flags, ctx)
}

/// Reads a file of a flag.
///
/// # Errors
/// kubectl's words for a file that cannot be read.
pub(super) fn read(path: &OsStr, ctx: &Context) -> Result<Value> {
    crate::source::read_file(&ctx.env.cwd().join(path)).map_err(|error| match error {
        crate::source::ReadError::Io(error) => {
            Error::new(format!("Cannot read file {}, {}", path.display(), go_open_error(path, &error)))
        }
        crate::source::ReadError::TooLong => {
            Error::new(format!("Cannot read file {}, it is too long for a Secret", path.display()))
        }
    })
}
