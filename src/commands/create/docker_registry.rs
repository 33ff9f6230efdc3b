//! `create docker-registry NAME`: the credentials of a container registry, as `~/.docker/config.json` holds them.

use std::{ffi::OsString, os::unix::ffi::OsStrExt as _};

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
    secret::{build::SecretBuilder, docker::Login, types},
    source::{self, Sources, own},
};

/// Create a Secret with the credentials of a container registry
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "NAME --docker-username USER [flags]",
    after_help = "Examples:\n  ksecret create docker-registry reg --docker-server=registry.example:5000 --docker-username=tiger --docker-password=\"$TOKEN\"\n  pass show registry | ksecret create docker-registry reg --docker-username=tiger --docker-password-stdin\n  ksecret create docker-registry reg --from-file=.dockerconfigjson=\"$HOME\"/.docker/config.json"
)]
pub struct Args {
    /// Name of the Secret
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Store credentials for the registry at this address
    #[arg(long, value_name = "URL", default_value = "https://index.docker.io/v1/")]
    docker_server: String,
    /// Log in to the registry as this user
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    docker_username: String,
    /// Log in to the registry with this password
    #[arg(long, value_name = "PASSWORD", default_value = "", hide_default_value = true)]
    docker_password: Typed<String>,
    /// Take the password from standard input, without a newline at its end
    #[arg(long)]
    docker_password_stdin: bool,
    /// Store this email address, which old registries want
    #[arg(long, value_name = "EMAIL", default_value = "", hide_default_value = true)]
    docker_email: String,
    /// Store this docker config file, under .dockerconfigjson or KEY
    #[arg(long, value_name = "[KEY=]PATH", value_parser = pflag::paths())]
    from_file: Vec<Fields<OsString>>,
    #[command(flatten)]
    common: Common,
}

/// # Errors
/// Neither a file nor username, password and server; and what [`Options::create`] fails with.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let options = outcome::resolve(ctx, |ctx, notices| {
        Options::resolve(&args.names, "create secret docker-registry", args.common, flags, ctx, notices)
    })?;
    let files = Fields::flatten(args.from_file);
    let password = match args.docker_password_stdin {
        false => args.docker_password,
        true if !files.is_empty() || !args.docker_password.is_empty() => {
            return Err(Error::new("--docker-password-stdin goes with neither --docker-password nor --from-file"));
        }
        true => own::line("the password", ctx)?.into(),
    };
    let complete = ![&args.docker_server, &args.docker_username, &*password].into_iter().any(String::is_empty);
    let builder = SecretBuilder::new(options.name()).kind(types::DOCKERCONFIGJSON);
    let builder = if !files.is_empty() {
        if !(args.docker_username.is_empty() && password.is_empty() && args.docker_email.is_empty()) {
            ctx.say("warning: --docker-username, --docker-password and --docker-email do nothing beside --from-file");
        }
        let files = files.into_iter().map(with_default_key).collect();
        let entries = source::collect(&Sources { files, ..Sources::default() }, &ctx.env)?;
        builder.entries(entries)
    } else if complete {
        let login = Login {
            server: &args.docker_server,
            username: &args.docker_username,
            password: &password,
            email: &args.docker_email,
        };
        builder.entries([(types::DOCKERCONFIGJSON_KEY.to_owned(), login.config_json())])
    } else {
        return Err(Error::new(
            "either --from-file or the combination of --docker-username, --docker-password and --docker-server is required",
        ));
    };
    options.create(builder.map_err(Error::new)?, flags, ctx)
}

/// A path without a key goes under `.dockerconfigjson`.
fn with_default_key(file: OsString) -> OsString {
    if file.as_bytes().contains(&b'=') {
        return file;
    }
    let mut source = OsString::from(format!("{}=", types::DOCKERCONFIGJSON_KEY));
    source.push(file);
    source
}
