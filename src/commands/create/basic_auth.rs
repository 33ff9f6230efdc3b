//! `create basic-auth NAME`: a user name and a password (`kubernetes.io/basic-auth`).

use super::{
    prompt,
    secret::{Common, Options},
};
use crate::{
    cli::flags::ConnectionFlags,
    commands::outcome,
    context::Context,
    error::{Error, Result},
    secret::{Value, build::SecretBuilder, types},
    source::own,
};

/// Create a Secret with a user name and a password
///
/// The password is asked for, or taken from standard input: on the command line other users could read it.
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "NAME --basic-username USER [flags]",
    after_help = "Examples:\n  pass show web | ksecret create basic-auth web --basic-username=admin --basic-password-stdin\n  ksecret create basic-auth web --basic-username=admin"
)]
pub struct Args {
    /// Name of the Secret
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Store this user name
    #[arg(long, value_name = "USER", default_value = "", hide_default_value = true)]
    basic_username: String,
    /// Take the password from standard input, without a newline at its end
    #[arg(long)]
    basic_password_stdin: bool,
    /// Ask for the password, twice and unseen
    #[arg(long)]
    basic_password_prompt: bool,
    #[command(flatten)]
    common: Common,
}

/// Creates the Secret.
///
/// # Errors
/// Neither a user name nor a password, a password that cannot be read, and those of [`Options::create`].
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let options = outcome::resolve(ctx, |ctx, notices| {
        Options::resolve(&args.names, "create basic-auth", args.common, flags, ctx, notices)
    })?;
    let password = match (args.basic_password_stdin, args.basic_password_prompt) {
        (true, true) => {
            return Err(Error::new("only one of --basic-password-stdin and --basic-password-prompt can be specified"));
        }
        (true, false) => Some(Value::new(own::line("the password", ctx)?)),
        (false, true) if !own::can_ask(ctx) => {
            return Err(Error::new("the password is asked for, and there is no terminal to ask on"));
        }
        (false, true) => Some(prompt::ask("the password")?),
        (false, false) => None,
    };
    let username = Some(args.basic_username).filter(|name| !name.is_empty()).map(Value::new);
    let has_any = username.is_some() || password.is_some();
    if !has_any && !options.generates(types::USERNAME_KEY) && !options.generates(types::PASSWORD_KEY) {
        return Err(Error::new(
            "at least one of --basic-username, --basic-password-stdin and --basic-password-prompt is required",
        )
        .hint("--generate password=random makes a password"));
    }
    let named = |key: &str, value: Option<Value>| value.map(|value| (key.to_owned(), value));
    let entries = [named(types::USERNAME_KEY, username), named(types::PASSWORD_KEY, password)];
    let builder = SecretBuilder::new(options.name()).kind(types::BASIC_AUTH);
    let secret = builder.entries(entries.into_iter().flatten()).map_err(Error::new)?;
    options.create(secret, flags, ctx)
}
