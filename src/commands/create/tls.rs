//! `create tls NAME`: a certificate and its key, checked against each other.

use std::ffi::{OsStr, OsString};

use super::{
    prompt,
    secret::{Common, Options},
};
use crate::{
    cli::flags::ConnectionFlags,
    commands::{outcome, output::go_open_error},
    context::Context,
    error::{Error, Result},
    secret::{Value, build::SecretBuilder, tls, types},
    source::{
        keys::{
            self, Problem, chain,
            pkcs12::{self, Store},
        },
        own,
    },
};

/// Create a Secret from a certificate and its key
///
/// A key that is locked by a passphrase is stored unlocked, since what reads the Secret has no passphrase.
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "NAME --cert FILE --key FILE [flags]",
    after_help = "Examples:\n  ksecret create tls site --cert=site.crt --key=site.key\n  ksecret create tls site --cert=chain.pem --key=site.key --dry-run=client -o yaml\n  ksecret create tls site --cert=bundle.pem --key=site.key --order-chain --ca=ca.pem"
)]
pub struct Args {
    /// Name of the Secret
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Store the certificate in this PEM file, with its chain after it
    #[arg(long, value_name = "FILE", default_value = "", hide_default_value = true)]
    cert: OsString,
    /// Store the private key in this PEM file
    #[arg(long, value_name = "FILE", default_value = "", hide_default_value = true)]
    key: OsString,
    /// Store the key and the chain of this PKCS#12 file (.p12, .pfx)
    #[arg(long, value_name = "FILE", default_value = "", hide_default_value = true)]
    pkcs12: OsString,
    /// Take the passphrase of the key from standard input
    #[arg(long)]
    key_passphrase_stdin: bool,
    /// Ask for the passphrase of the key, as is done on a terminal anyway
    #[arg(long)]
    key_passphrase_prompt: bool,
    /// Put the key's certificate first and each issuer behind it, without others
    #[arg(long)]
    order_chain: bool,
    /// Store the certificates of authorities in this PEM file, as ca.crt
    #[arg(long, value_name = "FILE", default_value = "", hide_default_value = true)]
    ca: OsString,
    #[command(flatten)]
    common: Common,
}

/// Creates the Secret.
///
/// # Errors
/// A file that cannot be read or decrypted, a pair that does not match, and those of [`Options::create`].
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let options = outcome::resolve(ctx, |ctx, notices| {
        Options::resolve(&args.names, "create secret tls", args.common, flags, ctx, notices)
    })?;
    let passphrase = Passphrase::resolve(args.key_passphrase_stdin, args.key_passphrase_prompt, ctx)?;
    let builder = SecretBuilder::new(options.name()).kind(types::TLS);
    let is_made = args.cert.is_empty() && args.key.is_empty() && options.generates(types::TLS_CERT_KEY);
    let mut entries = Vec::new();
    if !args.pkcs12.is_empty() {
        if !args.cert.is_empty() || !args.key.is_empty() {
            return Err(Error::new("--pkcs12 goes with neither --cert nor --key: it has both"));
        }
        entries.extend(of_pkcs12(&args.pkcs12, passphrase, ctx)?);
    } else if !is_made {
        if args.cert.is_empty() || args.key.is_empty() {
            return Err(Error::new("key and cert must be specified").hint("--generate tls=self-signed:NAME makes both"));
        }
        entries.extend(of_pem(&args.cert, &args.key, args.order_chain, passphrase, ctx)?);
    }
    if !args.ca.is_empty() {
        let file = args.ca.display();
        let ca = read(&args.ca, ctx)?;
        let authorities = chain::certificates(ca.expose());
        if authorities.is_empty() {
            return Err(Error::new(format_args!("{file} holds no certificate in PEM")));
        }
        let certificates = entries.first().map(|(_, cert)| chain::certificates(cert.expose()));
        if certificates.is_some_and(|certificates| !chain::leads_to(&certificates, &authorities)) {
            ctx.say(format_args!("warning: the chain in tls.crt does not lead to a certificate in {file}"));
        }
        entries.push(("ca.crt".to_owned(), ca));
    }
    options.create(builder.entries(entries).map_err(Error::new)?, flags, ctx)
}

/// The certificate and the private key, with their keys in the Secret.
type Pair = [(String, Value); 2];

fn pair(cert: Value, key: Value) -> Pair {
    [(types::TLS_CERT_KEY.to_owned(), cert), (types::TLS_PRIVATE_KEY.to_owned(), key)]
}

/// Where the passphrase of a private key comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Passphrase {
    /// Nowhere: there is no terminal to ask on.
    None,
    Stdin,
    Prompt,
}

impl Passphrase {
    fn resolve(stdin: bool, prompt: bool, ctx: &Context) -> Result<Self> {
        match (stdin, prompt) {
            (true, true) => {
                Err(Error::new("only one of --key-passphrase-stdin and --key-passphrase-prompt can be specified"))
            }
            (true, false) => Ok(Self::Stdin),
            (false, _) if own::can_ask(ctx) => Ok(Self::Prompt),
            (false, true) => Err(Error::new("the passphrase is asked for, and there is no terminal to ask on")
                .hint("--key-passphrase-stdin takes it from a pipe")),
            (false, false) => Ok(Self::None),
        }
    }

    fn get(self, file: &OsStr, ctx: &mut Context) -> Result<Option<Value>> {
        match self {
            Self::None => Ok(None),
            Self::Stdin => own::line("the passphrase", ctx).map(|text| Some(Value::new(text))),
            Self::Prompt => prompt::ask_once(&format!("the passphrase of {}", file.display())).map(Some),
        }
    }
}

/// Reads a PEM pair as kubectl does, except that the private key may be encrypted and the chain may be sorted.
fn of_pem(cert: &OsStr, key: &OsStr, order: bool, passphrase: Passphrase, ctx: &mut Context) -> Result<Pair> {
    let (cert_file, key_file) = (cert, key);
    let mut cert = read(cert_file, ctx)?;
    let mut key = read(key_file, ctx)?;
    let is_locked = tls::is_locked(key.expose());
    if is_locked && let Some(passphrase) = passphrase.get(key_file, ctx)? {
        let text = passphrase.expose_text().unwrap_or_default();
        key = keys::unlock(key.expose(), text).map_err(|problem| {
            let anew = format!("openssl pkey -in {} writes it without one", key_file.display());
            locked(key_file, problem, &anew)
        })?;
    }
    if order && let Some((ordered, left)) = chain::order(chain::certificates(cert.expose()), key.expose()) {
        say_left(left, cert_file, ctx);
        cert = chain::pem(&ordered);
    }
    tls::check_pair(cert.expose(), key.expose()).map_err(|text| match is_locked && passphrase == Passphrase::None {
        true => Error::new(text).hint("the key is locked by a passphrase: --key-passphrase-stdin"),
        false => Error::new(text),
    })?;
    Ok(pair(cert, key))
}

/// Reads a PKCS#12 pair.
fn of_pkcs12(file: &OsStr, passphrase: Passphrase, ctx: &mut Context) -> Result<Pair> {
    let bytes = read(file, ctx)?;
    // Why the empty passphrase is tried first: many such files have it.
    let opened = match passphrase {
        Passphrase::Stdin => Err(Problem::Passphrase),
        _ => pkcs12::open(bytes.expose(), ""),
    };
    let opened = match opened {
        Err(Problem::Passphrase) => match passphrase.get(file, ctx)? {
            Some(typed) => pkcs12::open(bytes.expose(), typed.expose_text().unwrap_or_default()),
            None => {
                let error = Error::new(format_args!("{} is locked by a passphrase", file.display()));
                return Err(error.hint("--key-passphrase-stdin takes it from a pipe"));
            }
        },
        opened => opened,
    };
    let Store { keys, certificates } = opened.map_err(|problem| {
        let anew = format!("openssl pkcs12 -legacy -in {} -nodes writes PEM", file.display());
        locked(file, problem, &anew)
    })?;
    let file_shown = file.display();
    let [key] = keys.as_slice() else {
        return Err(Error::new(format_args!("{file_shown} holds {} private keys, and one is wanted", keys.len())));
    };
    let mut pem = Vec::new();
    keys::push_pem("PRIVATE KEY", key, keys::LINE, &mut pem);
    let key = Value::new(pem);
    let count = certificates.len();
    let Some((ordered, left)) = chain::order(certificates, key.expose()) else {
        let text = format!("{file_shown} holds {count} certificates, and none belongs to its private key");
        return Err(Error::new(text));
    };
    say_left(left, file, ctx);
    Ok(pair(chain::pem(&ordered), key))
}

/// Reports how many certificates are not stored.
fn say_left(left: usize, file: &OsStr, ctx: &mut Context) {
    let (number, are) = match left {
        0 => return,
        1 => ("1 certificate".to_owned(), "is"),
        _ => (format!("{left} certificates"), "are"),
    };
    let file = file.display();
    ctx.say(format_args!("warning: {number} in {file} {are} left out: no part of the chain of the key's certificate"));
}

/// Returns the error about a file that cannot be decrypted. `anew` is the hint for an unsupported algorithm.
fn locked(file: &OsStr, problem: Problem, anew: &str) -> Error {
    let file = file.display();
    match problem {
        Problem::Passphrase => Error::new(format_args!("{file}: the passphrase is wrong")),
        Problem::Method(method) => {
            Error::new(format_args!("{file} is locked by a method that is not known here: {method}")).hint(anew)
        }
        Problem::Format(problem) => Error::new(format_args!("{file} {problem}")),
    }
}

/// Reads the file of a flag.
///
/// # Errors
/// kubectl's, for a file that cannot be read.
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
