//! `create docker-registry NAME`: credentials of container registries, in the format of `~/.docker/config.json`.

use std::{ffi::OsString, os::unix::ffi::OsStrExt as _};

use super::{
    prompt,
    secret::{Common, Options},
};
use guard::Typed;

use crate::{
    cli::{
        flags::ConnectionFlags,
        pflag::{self, Fields},
    },
    commands::outcome,
    context::Context,
    error::{Error, Result},
    secret::{
        Value,
        build::SecretBuilder,
        docker::{self, DEFAULT_SERVER, Entry, Login},
        types,
    },
    source::{
        self, Sources,
        docker_config::{self, Wanted},
        own,
    },
};

/// Create a Secret with the credentials of container registries
///
/// Without a flag of ours it is kubectl's: one registry, by --docker-server, --docker-username and --docker-password.
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "NAME --docker-username USER [flags]",
    after_help = "Examples:\n  ksecret create docker-registry reg --docker-server=registry.example:5000 --docker-username=tiger --docker-password=\"$TOKEN\"\n  pass show registry | ksecret create docker-registry reg --docker-username=tiger --docker-password-stdin\n  ksecret create docker-registry reg --from-docker-config --registry=ghcr.io --registry=quay.io\n  ksecret create docker-registry reg --from-file=.dockerconfigjson=\"$HOME\"/.docker/config.json"
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
    /// Ask for each password, twice and unseen
    #[arg(long)]
    docker_password_prompt: bool,
    /// Store this email address, which old registries want
    #[arg(long, value_name = "EMAIL", default_value = "", hide_default_value = true)]
    docker_email: String,
    /// Add a login; passwords are asked for, or stand in stdin, one a line; repeatable
    #[arg(long, value_name = "SERVER=USER")]
    docker_login: Vec<String>,
    /// Take logins of docker's config.json, or of FILE
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    from_docker_config: Option<OsString>,
    /// Take the login for this registry from docker's config; repeatable
    #[arg(long, value_name = "HOST")]
    registry: Vec<String>,
    /// Take the logins for all registries of docker's config
    #[arg(long)]
    all_registries: bool,
    /// Run the docker-credential programs that docker's config names
    #[arg(long)]
    run_credential_helpers: bool,
    /// Create a Secret of the older type kubernetes.io/dockercfg
    #[arg(long)]
    legacy: bool,
    /// With --if-exists=update: keep the Secret's other registries
    #[arg(long)]
    merge_registries: bool,
    /// Store this docker config file, under .dockerconfigjson or KEY
    #[arg(long, value_name = "[KEY=]PATH", value_parser = pflag::paths())]
    from_file: Vec<Fields<OsString>>,
    #[command(flatten)]
    common: Common,
}

/// Creates the Secret.
///
/// # Errors
/// Neither a file, nor username, password and server, nor another source of logins; and those of [`Options::create`].
pub fn run(mut args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let names = std::mem::take(&mut args.names);
    let mut options = outcome::resolve(ctx, |ctx, notices| {
        Options::resolve(&names, "create secret docker-registry", args.common, flags, ctx, notices)
    })?;
    if args.merge_registries {
        options.merge_registries()?;
    }
    let (kind, key) = match args.legacy {
        false => (types::DOCKERCONFIGJSON, types::DOCKERCONFIGJSON_KEY),
        true => (types::DOCKERCFG, types::DOCKERCFG_KEY),
    };
    let files = Fields::flatten(args.from_file);
    let reads_config = args.from_docker_config.is_some();
    if !files.is_empty() && (args.docker_password_stdin || args.docker_password_prompt) {
        let flag = if args.docker_password_stdin { "--docker-password-stdin" } else { "--docker-password-prompt" };
        return Err(Error::new(format_args!("{flag} goes with neither --docker-password nor --from-file")));
    }
    if !files.is_empty() && (reads_config || !args.docker_login.is_empty()) {
        return Err(Error::new("--from-file goes with neither --docker-login nor --from-docker-config"));
    }
    if !reads_config && (args.all_registries || args.run_credential_helpers || !args.registry.is_empty()) {
        return Err(Error::new(
            "--registry, --all-registries and --run-credential-helpers go with --from-docker-config",
        ));
    }
    let builder = SecretBuilder::new(options.name()).kind(kind);
    if !files.is_empty() {
        if !(args.docker_username.is_empty() && args.docker_password.is_empty() && args.docker_email.is_empty()) {
            ctx.say("warning: --docker-username, --docker-password and --docker-email do nothing beside --from-file");
        }
        let files = files.into_iter().map(|file| with_default_key(key, file)).collect();
        let entries = source::collect(&Sources { files, ..Sources::default() }, &ctx.env)?;
        return options.create(builder.entries(entries).map_err(Error::new)?, flags, ctx);
    }
    let logins = Logins {
        server: args.docker_server,
        username: args.docker_username,
        password: args.docker_password,
        email: args.docker_email,
        others: args.docker_login,
        from: match (args.docker_password_stdin, args.docker_password_prompt) {
            (false, false) => Passwords::Typed,
            (true, false) => Passwords::Stdin,
            (false, true) => Passwords::Prompt,
            (true, true) => {
                return Err(Error::new(
                    "only one of --docker-password-stdin and --docker-password-prompt can be specified",
                ));
            }
        },
    };
    logins.check(reads_config, ctx)?;
    let mut entries = Vec::new();
    if let Some(file) = args.from_docker_config {
        let (registries, all) = (args.registry, args.all_registries);
        let wanted = Wanted { file, registries, all, run_helpers: args.run_credential_helpers };
        entries = docker_config::collect(&wanted, ctx)?;
        for entry in entries.iter().filter(|entry| !entry.has_password()) {
            let server = &entry.server;
            ctx.say(format_args!(
                "warning: the login for {server} is a token, with which a kubelet cannot pull: it needs a password"
            ));
        }
    }
    entries.extend(logins.entries(ctx)?);
    let value = docker::write(&docker_config::join(entries)?, !args.legacy);
    options.create(builder.entries([(key.to_owned(), value)]).map_err(Error::new)?, flags, ctx)
}

/// The source of the passwords.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Passwords {
    /// The command line, for a single login.
    Typed,
    Stdin,
    Prompt,
}

/// The logins that were typed.
struct Logins {
    server: String,
    username: String,
    password: Typed<String>,
    email: String,
    /// `SERVER=USER`.
    others: Vec<String>,
    from: Passwords,
}

impl Logins {
    /// Checks that every part of the logins is there, before anything is read. With `reads_config` there may be no
    /// login.
    ///
    /// # Errors
    /// kubectl's errors about what is missing.
    fn check(&self, reads_config: bool, ctx: &Context) -> Result<()> {
        let typed = self.from == Passwords::Typed;
        if !typed && !self.password.is_empty() {
            let flag =
                if self.from == Passwords::Stdin { "--docker-password-stdin" } else { "--docker-password-prompt" };
            return Err(Error::new(format_args!("{flag} goes with neither --docker-password nor --from-file")));
        }
        if !self.others.is_empty() && typed {
            return Err(Error::new(
                "--docker-login needs --docker-password-stdin, which has a line for each, or --docker-password-prompt",
            ));
        }
        for login in &self.others {
            split(login)?;
        }
        let first = [&self.username, &self.server].into_iter().all(|text| !text.is_empty());
        let has_first = first && !(typed && self.password.is_empty());
        let named = !self.username.is_empty() || !self.password.is_empty();
        if !has_first && (named || (self.others.is_empty() && !reads_config)) {
            return Err(Error::new(
                "either --from-file or the combination of --docker-username, --docker-password and --docker-server is required",
            ));
        }
        if !typed && self.others.is_empty() && !has_first {
            return Err(Error::new("there is no --docker-username or --docker-login that the password is for"));
        }
        if self.from == Passwords::Prompt && !own::can_ask(ctx) {
            return Err(Error::new("the password is asked for, and there is no terminal to ask on")
                .hint("--docker-password-stdin takes it from a pipe"));
        }
        Ok(())
    }

    /// Returns the logins with their passwords.
    fn entries(&self, ctx: &mut Context) -> Result<Vec<Entry>> {
        let mut named = Vec::new();
        if !self.username.is_empty() {
            named.push((self.server.as_str(), self.username.as_str(), self.email.as_str()));
        }
        for login in &self.others {
            let (server, username) = split(login)?;
            named.push((server, username, ""));
        }
        let passwords = match self.from {
            Passwords::Typed => vec![Value::new(self.password.as_bytes())],
            Passwords::Prompt => {
                let asked = |(server, user, _): &(&str, &str, &str)| match *server {
                    DEFAULT_SERVER => prompt::ask(&format!("the password of {user}")),
                    server => prompt::ask(&format!("the password of {user} at {server}")),
                };
                named.iter().map(asked).collect::<Result<_>>()?
            }
            Passwords::Stdin if named.len() == 1 => vec![Value::new(own::line("the password", ctx)?)],
            Passwords::Stdin => lines(named.len(), ctx)?,
        };
        let login = |((server, username, email), password): ((&str, &str, &str), &Value)| {
            Entry::of(&Login { server, username, password: password.expose_text().unwrap_or_default(), email })
        };
        Ok(named.into_iter().zip(&passwords).map(login).collect())
    }
}

/// Splits `SERVER=USER`.
fn split(login: &str) -> Result<(&str, &str)> {
    let parts = login.split_once('=').filter(|(server, user)| !server.is_empty() && !user.is_empty());
    // Why the text is not repeated: it may contain a password by mistake.
    parts.ok_or_else(|| Error::new("--docker-login wants SERVER=USER"))
}

/// Reads passwords from standard input, one a line.
fn lines(wanted: usize, ctx: &mut Context) -> Result<Vec<Value>> {
    let text = Value::new(own::line("the passwords", ctx)?);
    let lines = text.expose().split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let lines = lines.map(Value::new).collect::<Vec<_>>();
    match lines.len() == wanted && !lines.iter().any(Value::is_empty) {
        true => Ok(lines),
        false => Err(Error::new(format_args!(
            "standard input has {} lines that are not empty, and is to have the passwords of {wanted} logins, one a line",
            lines.iter().filter(|line| !line.is_empty()).count()
        ))),
    }
}

/// Returns the path with the key of the type, unless it has a key.
fn with_default_key(key: &str, file: OsString) -> OsString {
    if file.as_bytes().contains(&b'=') {
        return file;
    }
    let mut source = OsString::from(format!("{key}="));
    source.push(file);
    source
}
