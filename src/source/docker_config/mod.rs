//! Docker's logins: in its `config.json`, and in the credential helpers that it names.

mod config;

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use go::{errno, quote::quote};
use guard::Object;

use super::{
    file::{ReadError, read_file},
    program,
};
use crate::{
    context::{Context, Env},
    error::{Error, Result},
    secret::docker::{Entry, Login},
};

pub use config::Config;

/// What the flags ask for.
pub struct Wanted {
    /// `--from-docker-config`: the file; empty for docker's own.
    pub file: OsString,
    /// `--registry`: the registries to take.
    pub registries: Vec<String>,
    /// `--all-registries`.
    pub all: bool,
    /// `--run-credential-helpers`: whether programs that the file names are run.
    pub run_helpers: bool,
}

/// Returns the wanted logins, in the order of their registries.
///
/// # Errors
/// A file that cannot be read, a registry without a login, a credential helper that may not or cannot be run.
pub fn collect(wanted: &Wanted, ctx: &Context) -> Result<Vec<Entry>> {
    let path = if wanted.file.is_empty() { default_path(&ctx.env)? } else { PathBuf::from(&wanted.file) };
    let file = path.display();
    let text = read_file(&ctx.env.cwd().join(&path)).map_err(|error| match error {
        ReadError::Io(error) => Error::new(format_args!("open {file}: {}", errno::text(&error))),
        ReadError::TooLong => Error::new(format_args!("{file} is too long for a docker config")),
    })?;
    let config = Config::parse(text.expose()).map_err(|problem| Error::new(format_args!("{file} {problem}")))?;
    let known = || match config.servers() {
        servers if servers.is_empty() => format!("{file} names no registry"),
        servers => format!("{file} has {}", servers.join(", ")),
    };
    if wanted.registries.is_empty() && !wanted.all {
        return Err(Error::new("--from-docker-config takes the registries that --registry names, or --all-registries")
            .hint(known()));
    }
    let mut servers = if wanted.all { config.servers() } else { Vec::new() };
    if wanted.all && servers.is_empty() {
        return Err(Error::new(known()));
    }
    for registry in &wanted.registries {
        match config.find(registry) {
            found if found.is_empty() => {
                return Err(Error::new(format_args!("{file} has no login for {}", quote(registry))).hint(known()));
            }
            found => servers.extend(found),
        }
    }
    servers.sort_unstable();
    servers.dedup();
    servers.iter().map(|server| entry(&config, server, &path, wanted.run_helpers, ctx)).collect()
}

/// Returns the path of docker's own file.
fn default_path(env: &Env) -> Result<PathBuf> {
    if let Some(directory) = env.var_os("DOCKER_CONFIG").filter(|directory| !directory.is_empty()) {
        return Ok(Path::new(directory).join("config.json"));
    }
    let home = env
        .home()
        .ok_or_else(|| Error::new("--from-docker-config: HOME is not set").hint("--from-docker-config=FILE"))?;
    Ok(home.join(".docker/config.json"))
}

/// Returns the login for a registry: from the credential helper if it may be run, as docker does, else from the file.
fn entry(config: &Config, server: &str, path: &Path, run_helpers: bool, ctx: &Context) -> Result<Entry> {
    let helper = config.helper(server);
    if let Some(helper) = helper.filter(|_| run_helpers) {
        return ask(helper, server, ctx);
    }
    let file = path.display();
    let entry = config.entry(server);
    let entry = entry.map_err(|problem| Error::new(format_args!("{file}: {} {problem}", quote(server))))?;
    entry.ok_or_else(|| {
        let error = Error::new(format_args!("{file} holds no credentials for {}", quote(server)));
        match helper {
            Some(helper) => {
                error.hint(format!("docker-credential-{helper} keeps them: --run-credential-helpers asks it"))
            }
            None => error.hint(format!("docker login {server}")),
        }
    })
}

/// The most that a credential helper may print.
const MAX_OUTPUT: usize = 1 << 20;
/// The user name that marks the secret as an identity token, in docker's protocol.
const TOKEN: &str = "<token>";

/// Asks a credential helper for a login by docker's protocol: the registry on its standard input, JSON on its standard
/// output.
fn ask(helper: &str, server: &str, ctx: &Context) -> Result<Entry> {
    // Why: a name with a slash would run a program by its path, and the file may have been written by another user.
    if !helper.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')) {
        return Err(Error::new(format_args!(
            "the credential helper {} for {} has a bad name",
            quote(helper),
            quote(server)
        )));
    }
    let program = format!("docker-credential-{helper}");
    let failed = |text: &dyn std::fmt::Display| Error::new(format_args!("{program} get {}: {text}", quote(server)));
    let ran = program::run(&program, &["get"], server.as_bytes(), MAX_OUTPUT, &ctx.env).map_err(|why| failed(&why))?;
    let program::Ran { output: answer, status } = ran;
    if !status.success() {
        // Why: this is the only error text that the protocol defines. Any other may contain a credential, so it is not
        // shown.
        return Err(match answer.expose().trim_ascii() {
            b"credentials not found in native keychain" => failed(&"it has no credentials for this registry"),
            _ => failed(&status),
        });
    }
    let answer = serde_json::from_slice(answer.expose()).map(Object::new);
    let answer = answer.map_err(|_| failed(&"it did not answer in JSON"))?;
    let text = |name: &str| answer.json()[name].as_str().unwrap_or_default();
    match (text("Username"), text("Secret")) {
        (_, "") => Err(failed(&"it answered without a secret")),
        (TOKEN, token) => Ok(Entry::of_token(server, token)),
        ("", _) => Err(failed(&"it answered without a user name")),
        (username, password) => Ok(Entry::of(&Login { server, username, password, email: "" })),
    }
}

/// Sorts logins by registry.
///
/// # Errors
/// Two logins for the same registry.
pub fn join(mut entries: Vec<Entry>) -> Result<Vec<Entry>> {
    entries.sort_by(|one, other| one.server.cmp(&other.server));
    for pair in entries.windows(2) {
        if let [one, other] = pair
            && one.server == other.server
        {
            return Err(Error::new(format_args!("there are two logins for {}", quote(&one.server))));
        }
    }
    Ok(entries)
}
