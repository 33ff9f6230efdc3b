//! `config set-credentials`. Invariant: tokens, passwords and the arguments of plugins are read from flags and never
//! printed.

use std::ffi::OsString;

use guard::Typed;
use serde_json::{Value as Json, json};

use super::{absolute, change, check_exists, embedded, see};
use crate::{
    cli::{
        flags::ConnectionFlags,
        pflag::{self, Fields},
    },
    client::kubeconfig::{Entry, List, Merged, Paths},
    context::Context,
    error::{Error, Result},
    secret::Object,
};
use go::quote::quote;

/// Make or change a user
///
/// Fields that no flag names stay as they are. A token puts a username and its password aside, and they a token. What is typed
/// here stands in the shell's history and, while the command runs, in the list of processes.
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "NAME [flags]",
    after_help = "Examples:\n  ksecret config set-credentials admin --client-certificate=admin.crt --client-key=admin.key --embed-certs\n  ksecret config set-credentials ci --token=\"$TOKEN\"\n  ksecret config set-credentials dev --exec-command=kubelogin --exec-arg=get-token --exec-api-version=client.authentication.k8s.io/v1 --exec-interactive-mode=Never"
)]
pub(super) struct Args {
    /// Name of the user
    #[arg(value_name = "NAME")]
    names: Vec<Typed<String>>,
    /// Copy certificate and key into the kubeconfig
    #[arg(long)]
    embed_certs: bool,
    /// Use this auth provider
    #[arg(long, value_name = "NAME")]
    auth_provider: Option<String>,
    /// Set KEY=VALUE or remove KEY- of the auth provider; several with commas
    #[arg(long = "auth-provider-arg", value_name = "KEY=VALUE")]
    auth_provider_args: Vec<Typed<String>>,
    /// Run this program as credential plugin
    #[arg(long, value_name = "COMMAND")]
    exec_command: Option<String>,
    /// Speak this version of the API with the plugin
    #[arg(long, value_name = "VERSION")]
    exec_api_version: Option<String>,
    /// Replace the arguments of the plugin; several with commas
    #[arg(long = "exec-arg", value_name = "ARG")]
    exec_args: Vec<Typed<String>>,
    /// Set NAME=VALUE or remove NAME- in the plugin's environment
    #[arg(long = "exec-env", value_name = "NAME=VALUE")]
    exec_env: Vec<Typed<String>>,
    /// Let the plugin use standard input: Never, IfAvailable or Always
    #[arg(long, value_name = "MODE")]
    exec_interactive_mode: Option<String>,
    /// Tell the plugin about the cluster
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        value_parser = pflag::parse_bool)]
    exec_provide_cluster_info: Option<bool>,
    /// Bearer token
    #[arg(long, value_name = "TOKEN")]
    token: Option<Typed<String>>,
    /// Username for basic authentication
    #[arg(long, value_name = "NAME")]
    username: Option<String>,
    /// Password for basic authentication
    #[arg(long, value_name = "PASSWORD")]
    password: Option<Typed<String>>,
    /// File with the client certificate
    #[arg(long, value_name = "FILE")]
    client_certificate: Option<OsString>,
    /// File with the client's key
    #[arg(long, value_name = "FILE")]
    client_key: Option<OsString>,
}

/// The changes to make.
struct Options {
    name: String,
    /// Fields with their values; an empty value removes the field.
    fields: Vec<(&'static str, Object)>,
    provider: Pairs,
    exec_args: Vec<Typed<String>>,
    exec_env: Pairs,
}

/// Names with values, of which the last of two equal names counts, and names to remove.
#[derive(Default)]
struct Pairs {
    set: Vec<(String, Typed<String>)>,
    removed: Vec<String>,
}

/// Changes a user.
///
/// # Errors
/// No name, flags that exclude each other, or a file that cannot be read or written.
pub(super) fn run(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let options = resolve(args, ctx)?;
    change(Paths::Relative, flags, ctx, |merged: &mut Merged| {
        let users = merged.list_mut(List::Users);
        let user = users.entry(options.name.clone()).or_insert_with(|| Entry::new(List::Users));
        options.apply(args, user);
        Ok(())
    })?;
    ctx.put(format!("User {} set.\n", quote(&options.name)))
}

fn resolve(args: &Args, ctx: &Context) -> Result<Options> {
    let name = match args.names.as_slice() {
        [name] => name.to_string(),
        [] => return Err(Error::new("unexpected args: []").hint(see("set-credentials", ctx))),
        // Why the words are not repeated: one too many may be a token whose flag was forgotten.
        names => {
            let text = format!("unexpected args: expected one name, got {} words", names.len());
            return Err(Error::new(text).hint(see("set-credentials", ctx)));
        }
    };
    let provider = Pairs::parse(&records("auth-provider-arg", &args.auth_provider_args, ctx)?, "auth-provider-arg")?;
    let exec_args = records("exec-arg", &args.exec_args, ctx)?;
    let exec_env = Pairs::parse(&args.exec_env, "exec-env")?;
    if name.is_empty() {
        return Err(Error::new("you must specify a non-empty user name"));
    }
    let filled = |text: Option<&str>| text.is_some_and(|text| !text.is_empty());
    let token = args.token.as_deref().map(String::as_str);
    let (username, password) = (args.username.as_deref(), args.password.as_deref().map(String::as_str));
    let (sets_token, sets_basic) = (filled(token), filled(username) || filled(password));
    if sets_token && sets_basic {
        return Err(Error::new(
            "you cannot specify more than one authentication method at the same time: --token, --username/--password",
        ));
    }
    let files = [("client-certificate", &args.client_certificate), ("client-key", &args.client_key)];
    if args.embed_certs {
        if files.iter().all(|(_, path)| path.as_ref().is_none_or(|path| path.is_empty())) {
            return Err(Error::new("you must specify a --client-certificate or --client-key to embed"));
        }
        files.iter().try_for_each(|(flag, path)| check_exists(flag, path.as_ref(), &ctx.env))?;
    }
    if let Some(mode) = &args.exec_interactive_mode
        && !["IfAvailable", "Always", "Never"].contains(&mode.as_str())
    {
        return Err(Error::new("invalid interactive mode type, can be only IfAvailable, Never, Always"));
    }
    let mut fields = Vec::new();
    for ((field, path), data) in files.into_iter().zip(["client-certificate-data", "client-key-data"]) {
        let Some(path) = path else { continue };
        if args.embed_certs && path.is_empty() {
            continue;
        }
        let (path, content) = match args.embed_certs {
            true => (String::new(), embedded(path, &ctx.env)?),
            false => (absolute(path, &ctx.env)?, String::new()),
        };
        fields.extend([(field, path.into()), (data, content.into())]);
    }
    for (field, value) in [("token", token), ("username", username), ("password", password)] {
        fields.extend(value.map(|value| (field, Json::from(value))));
    }
    if sets_token {
        fields.extend([("username", "".into()), ("password", "".into())]);
    }
    if sets_basic {
        fields.push(("token", "".into()));
    }
    let fields = fields.into_iter().map(|(field, value)| (field, Object::new(value))).collect();
    Ok(Options { name, fields, provider, exec_args, exec_env })
}

impl Options {
    fn apply(&self, args: &Args, user: &mut Entry) {
        for (field, value) in &self.fields {
            user.set(field, value.json().clone());
        }
        if let Some(name) = &args.auth_provider
            && user.body()["auth-provider"]["name"] != name.as_str()
        {
            user.set("auth-provider", json!({ "name": name }));
        }
        if let Some(provider) = user.body_mut().get_mut("auth-provider").filter(|provider| provider.is_object()) {
            let config = &mut provider["config"];
            if !config.is_object() {
                *config = json!({});
            }
            for name in &self.provider.removed {
                config.as_object_mut().and_then(|config| config.remove(name)).iter_mut().for_each(secret::wipe);
            }
            for (name, value) in &self.provider.set {
                config[name.as_str()] = value.as_str().into();
            }
        }
        if let Some(command) = &args.exec_command {
            match user.body_mut().get_mut("exec").filter(|exec| exec.is_object()) {
                Some(exec) => {
                    exec["command"] = command.as_str().into();
                    exec["args"] = Json::Null;
                }
                None => user.set("exec", json!({ "command": command })),
            }
        }
        if let Some(exec) = user.body_mut().get_mut("exec").filter(|exec| exec.is_object()) {
            self.apply_to_plugin(args, exec);
        }
    }

    fn apply_to_plugin(&self, args: &Args, exec: &mut Json) {
        if let Some(version) = &args.exec_api_version {
            exec["apiVersion"] = version.as_str().into();
        }
        if !self.exec_args.is_empty() {
            exec["args"] = self.exec_args.iter().map(|arg| Json::from(arg.as_str())).collect();
        }
        if let Some(mode) = &args.exec_interactive_mode {
            exec["interactiveMode"] = mode.as_str().into();
        }
        if let Some(told) = args.exec_provide_cluster_info {
            exec["provideClusterInfo"] = told.into();
        }
        if args.exec_env.is_empty() {
            return;
        }
        let mut variables = exec["env"].as_array().cloned().unwrap_or_default();
        variables.retain(|variable| !self.exec_env.removed.iter().any(|name| variable["name"] == name.as_str()));
        for (name, value) in &self.exec_env.set {
            match variables.iter_mut().find(|variable| variable["name"] == name.as_str()) {
                Some(variable) => variable["value"] = value.as_str().into(),
                None => variables.push(json!({ "name": name, "value": value.as_str() })),
            }
        }
        exec["env"] = variables.into();
    }
}

impl Pairs {
    /// Parses pairs (kubectl's `ParsePairs`). Its error does not repeat the text, which may be a value.
    fn parse(words: &[Typed<String>], flag: &str) -> Result<Self> {
        let mut pairs = Self::default();
        for word in words {
            match word.split_once('=') {
                Some((name, value)) if !name.is_empty() => {
                    pairs.set.retain(|(known, _)| known != name);
                    pairs.set.push((name.to_owned(), value.to_owned().into()));
                }
                _ => match word.strip_suffix('-').filter(|name| !name.is_empty() && !word.starts_with('=')) {
                    Some(name) => pairs.removed.push(name.to_owned()),
                    None => return Err(Error::new(format!("invalid {flag} format: expected KEY=VALUE or KEY-"))),
                },
            }
        }
        Ok(pairs)
    }
}

/// Splits the values of a pflag `StringSlice`.
fn records(flag: &str, values: &[Typed<String>], ctx: &Context) -> Result<Vec<Typed<String>>> {
    let mut all = Vec::new();
    for value in values {
        let fields = pflag::texts(value).map_err(|reason| {
            let see = format!("See '{} config set-credentials --help' for usage.", ctx.program);
            Error::usage(format!("invalid argument for \"--{flag}\" flag: {reason}"), see)
        })?;
        all.extend(Fields::flatten([fields]).into_iter().map(Typed::from));
    }
    Ok(all)
}
