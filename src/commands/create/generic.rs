//! `create generic NAME`: a Secret of any type from literals, files, directories and env files.

use std::ffi::OsString;

use super::{
    prompt,
    secret::{Common, Options},
};
use guard::Typed;

use crate::{
    cli::{
        flags::{ConnectionFlags, DecryptFlag},
        pflag::{self, Fields},
    },
    commands::outcome,
    context::Context,
    error::{Error, Result},
    secret::build::SecretBuilder,
    source::{
        Sources,
        own::{self, Own},
    },
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
    /// Add an entry: all after the first = is its value; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    from_literal: Vec<Typed<OsString>>,
    /// Add a file, under its name or KEY, or all files of a directory; repeatable
    #[arg(long, value_name = "[KEY=]PATH", value_parser = pflag::paths())]
    from_file: Vec<Fields<OsString>>,
    /// Add an entry for each KEY=VALUE line of a file; repeatable
    #[arg(long, value_name = "FILE", value_parser = pflag::paths())]
    from_env_file: Vec<Fields<OsString>>,
    /// Add standard input under KEY, byte for byte; it must not be empty
    #[arg(long, value_name = "KEY")]
    from_stdin: Option<String>,
    /// Add the value of an environment variable, if not empty; repeatable
    #[arg(long, value_name = "KEY=VARIABLE")]
    from_env: Vec<OsString>,
    /// Add what an open file descriptor holds, if not empty; repeatable
    #[arg(long, value_name = "KEY=NUMBER")]
    from_fd: Vec<OsString>,
    /// Add the entries of a dotenv file, quotes read and each $ kept; repeatable
    #[arg(long, value_name = "FILE")]
    from_dotenv: Vec<OsString>,
    /// Add the members of a JSON object of strings, numbers and booleans; repeatable
    #[arg(long, value_name = "FILE")]
    from_json: Vec<OsString>,
    /// Add the entries of a YAML map of strings, numbers and booleans; repeatable
    #[arg(long, value_name = "FILE")]
    from_yaml: Vec<OsString>,
    /// Take one newline off each value of --from-file, --from-stdin and --from-fd
    #[arg(long)]
    strip_newline: bool,
    /// Ask for the value of KEY, twice and unseen; repeatable
    #[arg(long, value_name = "KEY")]
    prompt: Vec<String>,
    /// Set the type of the Secret (default Opaque)
    #[arg(long = "type", value_name = "TYPE", default_value = "", hide_default_value = true)]
    secret_type: String,
    #[command(flatten)]
    decrypt: DecryptFlag,
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
        strip_newline: args.strip_newline,
        decrypt: args.decrypt.resolve()?,
    };
    let own = Own {
        stdin: args.from_stdin,
        variables: args.from_env,
        descriptors: args.from_fd,
        dotenv: args.from_dotenv,
        json: args.from_json,
        yaml: args.from_yaml,
        prompts: args.prompt,
    };
    let entries = own::collect(&own, &sources, prompt::ask, ctx)?;
    let secret = SecretBuilder::new(options.name()).kind(args.secret_type).entries(entries).map_err(Error::new)?;
    options.create(secret, flags, ctx)
}
