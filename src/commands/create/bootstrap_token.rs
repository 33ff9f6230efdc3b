//! `create bootstrap-token`: a token with which nodes join a cluster (`bootstrap.kubernetes.io/token`), with the
//! fields, defaults and checks of `kubeadm token create` and of kube-apiserver's authenticator.

use std::time::Duration;

use go::quote::quote;
use jiff::Timestamp;
use zeroize::Zeroizing;

use super::secret::{Common, Options};
use crate::{
    cli::{
        flags::ConnectionFlags,
        pflag::{self, Fields},
    },
    commands::outcome,
    context::Context,
    error::{Error, Result},
    secret::{Value, build::SecretBuilder, types},
    source::{generate, own},
};

/// Create a token with which nodes join the cluster, in kube-system
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "[bootstrap-token-ID] [flags]",
    after_help = "Examples:\n  ksecret create bootstrap-token --ttl=2h --print-token\n  ksecret create bootstrap-token bootstrap-token-5emitj --expires=2030-01-31T00:00:00Z"
)]
pub struct Args {
    /// Name of the Secret; bootstrap-token- and a generated ID by default
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Use the token in standard input, ID.SECRET, instead of one made here
    #[arg(long)]
    token_stdin: bool,
    /// Let the token expire after this time; 0 is never (default 24h)
    #[arg(long, value_name = "DURATION")]
    ttl: Option<String>,
    /// Let the token expire at this time, in RFC 3339
    #[arg(long, value_name = "TIME")]
    expires: Option<String>,
    /// Use the token for these: signing, authentication
    #[arg(long, value_name = "USAGES", default_value = "signing,authentication", value_parser = pflag::texts)]
    usages: Vec<Fields<String>>,
    /// Authenticate the token in these groups as well
    #[arg(
        long,
        value_name = "GROUPS",
        default_value = "system:bootstrappers:kubeadm:default-node-token",
        value_parser = pflag::texts
    )]
    groups: Vec<Fields<String>>,
    /// Say what the token is for
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    description: String,
    /// Print the token, ID.SECRET, and nothing else
    #[arg(long)]
    print_token: bool,
    #[command(flatten)]
    common: Common,
}

/// The namespace in which kube-apiserver and its controllers look for tokens.
const NAMESPACE: &str = "kube-system";
/// The Secret is named by this prefix and the token's ID.
const PREFIX: &str = "bootstrap-token-";
/// The characters of a token.
const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
const ID_LENGTH: usize = 6;
const SECRET_LENGTH: usize = 16;

/// Creates the Secret.
///
/// # Errors
/// An invalid name, time, usage or group, and those of [`Options::create`].
pub fn run(mut args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    if args.print_token && args.common.print.output.is_some() {
        return Err(Error::new("--print-token prints the token alone, so it goes with no -o"));
    }
    if args.common.append_hash {
        return Err(Error::new("--append-hash would give the Secret a name that is none of a token"));
    }
    if flags.place.namespace.as_deref().is_some_and(|namespace| namespace != NAMESPACE) {
        return Err(Error::new(format!("a bootstrap token works only in the namespace {NAMESPACE}")));
    }
    let mut flags = flags.clone();
    flags.place.namespace = Some(NAMESPACE.to_owned());
    let expiration = expiration(&args)?;
    let usages = usages(Fields::flatten(std::mem::take(&mut args.usages)))?;
    let groups = groups(Fields::flatten(std::mem::take(&mut args.groups)), &usages)?;
    let named = args.names.first().map(|name| id_in(name)).transpose()?;
    let token = match args.token_stdin {
        true => Zeroizing::new(own::line("the token", ctx)?),
        false => {
            let id = named.clone().map_or_else(|| generate::text(ID_LENGTH, ALPHABET), Ok)?;
            Zeroizing::new(format!("{id}.{}", *Zeroizing::new(generate::text(SECRET_LENGTH, ALPHABET)?)))
        }
    };
    let (id, secret) = token
        .split_once('.')
        .filter(|(id, secret)| is_of(id, ID_LENGTH) && is_of(secret, SECRET_LENGTH))
        .ok_or_else(|| Error::new("standard input is no token: 6 and 16 of a-z and 0-9, with a dot between them"))?;
    if named.is_some_and(|named| named != id) {
        return Err(Error::new(format!("the token in standard input belongs to {PREFIX}{id}, not to the name given")));
    }
    if args.names.is_empty() {
        args.names = vec![format!("{PREFIX}{id}")];
    }
    let options = outcome::resolve(ctx, |ctx, notices| {
        Options::resolve(&args.names, "create bootstrap-token", args.common, &flags, ctx, notices)
    })?;
    let mut entries = vec![("token-id".to_owned(), Value::new(id)), ("token-secret".to_owned(), Value::new(secret))];
    entries.extend(usages.iter().map(|usage| (format!("usage-bootstrap-{usage}"), Value::new("true"))));
    for (key, text) in [("expiration", expiration), ("auth-extra-groups", groups), ("description", args.description)] {
        if !text.is_empty() {
            entries.push((key.to_owned(), Value::new(text)));
        }
    }
    let builder = SecretBuilder::new(options.name()).kind(types::BOOTSTRAP_TOKEN);
    let stored = options.store(builder.entries(entries).map_err(Error::new)?, &flags, ctx)?;
    if !args.print_token {
        return options.say(stored, ctx);
    }
    // Why the stored object: if the Secret existed already, its token is not the one that was made here.
    let part = |key: &str| stored.object.json()["data"][key].as_str().and_then(Value::from_base64).unwrap_or_default();
    let (id, secret) = (part("token-id"), part("token-secret"));
    let line = [id.expose(), b".", secret.expose(), b"\n"].concat();
    ctx.put(&*Zeroizing::new(String::from_utf8_lossy(&line).into_owned()))
}

fn is_of(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| ALPHABET.contains(&byte))
}

/// Returns the token's ID from the name of the Secret.
fn id_in(name: &str) -> Result<String> {
    let id = name.strip_prefix(PREFIX).filter(|id| is_of(id, ID_LENGTH));
    id.map(str::to_owned).ok_or_else(|| {
        Error::new(format!("{} is no name of a bootstrap token", quote(name)))
            .hint("it is bootstrap-token- and 6 of a-z and 0-9; without a NAME one is made")
    })
}

/// Returns the time at which the token expires, in RFC 3339; empty if it never does.
fn expiration(args: &Args) -> Result<String> {
    let at = match (&args.expires, &args.ttl) {
        (Some(_), Some(_)) => return Err(Error::new("only one of --ttl and --expires can be specified")),
        (Some(text), None) => text.parse::<Timestamp>().map_err(|_| {
            Error::new(format!("--expires wants a time in RFC 3339, as 2030-01-31T00:00:00Z, not {}", quote(text)))
        })?,
        (None, ttl) => {
            let text = ttl.as_deref().unwrap_or("24h");
            let ttl = go::duration::parse(text)
                .ok_or_else(|| Error::new(format!("--ttl wants a time, as 24h, not {}", quote(text))))?;
            if ttl == Duration::ZERO {
                return Ok(String::new());
            }
            let seconds = i64::try_from(ttl.as_secs()).unwrap_or(i64::MAX);
            let end = Timestamp::now().as_second().saturating_add(seconds);
            Timestamp::from_second(end).map_err(|_| Error::new(format!("--ttl {text} ends after the year 9999")))?
        }
    };
    if at <= Timestamp::now() {
        return Err(Error::new("the token would have expired before it is created"));
    }
    Ok(at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// Checks the usages (kubeadm's `ValidateUsages`).
fn usages(usages: Vec<String>) -> Result<Vec<String>> {
    match usages.iter().find(|usage| !matches!(usage.as_str(), "signing" | "authentication")) {
        Some(other) => Err(Error::new(format!("--usages: signing and authentication, not {}", quote(other)))),
        None if usages.is_empty() => Err(Error::new("--usages: a token that is for nothing is of no use")),
        None => Ok(usages),
    }
}

/// Checks the groups, which are only for authentication (`bootstraputil.ValidateBootstrapGroupName`, kubeadm's
/// `ValidateTokenGroups`). Returns them as one text, which the Secret contains.
fn groups(groups: Vec<String>, usages: &[String]) -> Result<String> {
    if !usages.iter().any(|usage| usage == "authentication") {
        return Ok(String::new());
    }
    for group in &groups {
        let tail = group.strip_prefix("system:bootstrappers:").unwrap_or_default();
        let is_tail = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b':' | b'-');
        let ends = tail.bytes().last().is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        if !ends || tail.len() > 256 || !tail.bytes().all(is_tail) {
            return Err(Error::new(format!("--groups: {} is no group of bootstrap tokens", quote(group)))
                .hint("it is system:bootstrappers: and up to 256 of a-z, 0-9, : and -"));
        }
    }
    Ok(groups.join(","))
}
