//! The flags of every command: the server, the identity, the connection.

use std::ffi::OsString;

use clap::{Args, ValueEnum};
use guard::Typed;

use super::FileFlags;
use crate::{cli::pflag, client::Settings, receipts::Receipts};

/// Flags of every command: the server, the identity, the connection.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Connection")]
pub struct ConnectionFlags {
    /// Where the command works.
    #[command(flatten)]
    pub place: PlaceFlags,
    /// What few command lines say.
    #[command(flatten)]
    pub rare: RareFlags,
    /// Where `--receipt` and the journal go in this run; set before the command runs.
    #[arg(skip)]
    pub receipts: Receipts,
}

/// Flags that say where a command works, as most command lines do.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Connection")]
pub struct PlaceFlags {
    /// Use the embedded server on FILE, ~/.local/share/ksecret/local.db by default
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub local: Option<OsString>,
    /// Use this kubeconfig file
    #[arg(long, value_name = "FILE")]
    pub kubeconfig: Option<OsString>,
    /// Use this context of the kubeconfig
    #[arg(long, value_name = "NAME")]
    pub context: Option<String>,
    /// Work in this namespace
    #[arg(short, long, value_name = "NAME")]
    pub namespace: Option<String>,
}

/// Flags that few command lines have. They are defined for those alone: all 31 took up to a fifth of the instructions of a short
/// command.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Connection")]
pub struct RareFlags {
    /// Hand other verbs, kinds and manifests to PROGRAM, kubectl by default
    #[arg(long, value_name = "PROGRAM", num_args = 0..=1, require_equals = true,
        default_missing_value = "kubectl", hide_short_help = true)]
    pub fallback: Option<OsString>,
    /// Use this cluster of the kubeconfig
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub cluster: Option<String>,
    /// Use this user of the kubeconfig
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub user: Option<String>,
    /// Use the API server at this address
    #[arg(short, long, value_name = "URL")]
    pub server: Option<String>,
    /// Authenticate with this bearer token
    #[arg(long, value_name = "TOKEN", hide_short_help = true)]
    pub token: Option<Typed<String>>,
    /// Authenticate as this user, with --password
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub username: Option<String>,
    /// Authenticate with this password, with --username
    #[arg(long, value_name = "PASSWORD", hide_short_help = true)]
    pub password: Option<Typed<String>>,
    /// Trust the certificate authority in this file
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub certificate_authority: Option<OsString>,
    /// Authenticate with the client certificate in this file
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub client_certificate: Option<OsString>,
    /// Use the private key in this file for the client certificate
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub client_key: Option<OsString>,
    /// Do not verify the server's certificate: others can then read everything
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = pflag::parse_bool, hide_short_help = true)]
    pub insecure_skip_tls_verify: Option<bool>,
    /// Expect this name in the server's certificate
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub tls_server_name: Option<String>,
    /// Reach the server through this proxy: an http, https or socks5 URL
    #[arg(long, value_name = "URL", hide_short_help = true)]
    pub proxy_url: Option<Typed<String>>,
    /// Act as this user
    #[arg(long = "as", value_name = "NAME", hide_short_help = true)]
    pub as_user: Option<String>,
    /// Act as a member of this group; repeatable
    #[arg(long = "as-group", value_name = "NAME", hide_short_help = true)]
    pub as_groups: Vec<String>,
    /// Act as the user with this UID
    #[arg(long, value_name = "UID", hide_short_help = true)]
    pub as_uid: Option<String>,
    /// Act as the user with this attribute; repeatable
    #[arg(long, value_name = "KEY=VALUE", hide_short_help = true, value_parser = user_extra)]
    pub as_user_extra: Vec<(String, String)>,
    /// Give up on a request after TIME: seconds, or a duration like 1m30s; 0 is never
    #[arg(long, value_name = "TIME", hide_short_help = true)]
    pub request_timeout: Option<String>,
    /// Do not ask the server for compressed answers
    #[arg(long, hide_short_help = true)]
    pub disable_compression: bool,
    /// Log requests, more with each level; never a body, never a token
    #[arg(short = 'v', long = "v", value_name = "LEVEL", default_value = "0", hide_default_value = true,
        value_parser = verbosity)]
    pub verbosity: u8,
    /// Accept kubectl's directory for caches; nothing is cached here
    #[arg(long, value_name = "DIR", hide = true)]
    pub cache_dir: Option<OsString>,
    /// Treat warnings of the server as errors
    #[arg(long, hide_short_help = true)]
    pub warnings_as_errors: bool,
    /// Accept kubectl's check of versions; the API of Secrets is the same in all
    #[arg(long, hide = true)]
    pub match_server_version: bool,
    /// Accept klog's flush interval; nothing is buffered
    #[arg(long, value_name = "TIME", hide = true, value_parser = flush_frequency)]
    pub log_flush_frequency: Option<i64>,
    /// Accept kubectl's profiling; none is done
    #[arg(long, value_name = "NAME", hide = true)]
    pub profile: Option<String>,
    /// Accept kubectl's profiling; none is done
    #[arg(long, value_name = "FILE", hide = true)]
    pub profile_output: Option<OsString>,
    /// Accept kubectl's file of aliases and defaults; none are used here
    #[arg(long, value_name = "FILE", hide = true)]
    pub kuberc: Option<OsString>,
    /// Accept klog's levels for files; -v applies to all
    #[arg(long, value_name = "LEVELS", hide = true)]
    pub vmodule: Option<String>,
    /// Append a line of JSON about each write of a Secret to FILE; - prints them
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub receipt: Option<OsString>,
    /// Keep what is written in an encrypted journal, for history and undo
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = pflag::parse_bool, hide_short_help = true)]
    pub journal: Option<bool>,
    /// Colour the output
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: When,
}

/// When the output is coloured.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum When {
    /// On a terminal that shows colours.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Parses a duration. The error text is that of Go's `flag` package, which klog defines this flag with.
fn flush_frequency(text: &str) -> Result<i64, String> {
    pflag::parse_duration(text).map_err(|_| "parse error".to_owned())
}

/// Parses one `KEY=VALUE`. Why not as kubectl: it drops an entry without `=`, and then impersonates the user without
/// it.
fn user_extra(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("KEY=VALUE is expected".to_owned()),
    }
}

fn verbosity(text: &str) -> Result<u8, String> {
    pflag::parse_int(text).map(|level| u8::try_from(level.clamp(0, 10)).unwrap_or(10))
}

/// The names of [`RareFlags`].
const NAMES: [&str; 31] = [
    "fallback",
    "cluster",
    "user",
    "server",
    "token",
    "username",
    "password",
    "certificate-authority",
    "client-certificate",
    "client-key",
    "insecure-skip-tls-verify",
    "tls-server-name",
    "proxy-url",
    "as",
    "as-group",
    "as-uid",
    "as-user-extra",
    "request-timeout",
    "disable-compression",
    "v",
    "cache-dir",
    "warnings-as-errors",
    "match-server-version",
    "log-flush-frequency",
    "profile",
    "profile-output",
    "kuberc",
    "vmodule",
    "receipt",
    "journal",
    "color",
];
/// Their letters.
const LETTERS: &[u8] = b"sv";

impl RareFlags {
    /// Returns whether one of the words may be such a flag. One that is the value of another flag counts, too.
    pub fn may_be_among(words: &[OsString]) -> bool {
        words.iter().any(|word| match word.as_encoded_bytes() {
            [b'-', b'-', flag @ ..] => {
                let name = flag.split(|byte| *byte == b'=').next().unwrap_or_default();
                NAMES.iter().any(|known| pflag::is_named(name, known))
            }
            [b'-', letters @ ..] => letters.iter().any(|letter| LETTERS.contains(letter)),
            _ => false,
        })
    }
}

impl ConnectionFlags {
    /// Returns the store that `--local` names: `Some(None)` is the default file, `None` means that `--local` is not
    /// set.
    pub fn local_store(&self) -> Option<Option<OsString>> {
        let file = self.place.local.as_deref()?;
        match file.to_str() {
            Some("" | "true") => Some(None),
            Some("false") => None,
            _ => Some(Some(file.to_owned())),
        }
    }

    /// Returns whether `--local` has the meaning that it has in kubectl's label, annotate and patch, which take objects
    /// from files and send no request: the flag has no value, and `-f` or `-k` is set.
    pub fn files_alone(&self, files: &FileFlags) -> bool {
        self.local_store() == Some(None) && !files.is_empty()
    }

    /// Returns the flags as [`crate::client`] takes them.
    pub fn settings(&self) -> Settings {
        let Self { place, rare, .. } = self;
        Settings {
            kubeconfig: place.kubeconfig.clone(),
            context: place.context.clone(),
            cluster: rare.cluster.clone(),
            user: rare.user.clone(),
            namespace: place.namespace.clone(),
            server: rare.server.clone(),
            token: rare.token.clone().map(Typed::into_inner),
            username: rare.username.clone(),
            password: rare.password.clone().map(Typed::into_inner),
            certificate_authority: rare.certificate_authority.clone(),
            client_certificate: rare.client_certificate.clone(),
            client_key: rare.client_key.clone(),
            insecure_skip_tls_verify: rare.insecure_skip_tls_verify,
            tls_server_name: rare.tls_server_name.clone(),
            proxy_url: rare.proxy_url.clone().map(Typed::into_inner),
            as_user: rare.as_user.clone(),
            as_groups: rare.as_groups.clone(),
            as_uid: rare.as_uid.clone(),
            as_user_extra: rare.as_user_extra.clone(),
            request_timeout: rare.request_timeout.clone(),
            disable_compression: rare.disable_compression.then_some(true),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::{Command, FromArgMatches as _};

    use super::*;

    fn defined() -> Command {
        RareFlags::augment_args(Command::new("p"))
    }

    #[test]
    fn all_names_are_known() {
        let command = defined();
        let names: Vec<&str> = command.get_arguments().filter_map(|flag| flag.get_long()).collect();
        assert_eq!(names, NAMES);
        let letters: String = command.get_arguments().filter_map(|flag| flag.get_short()).collect();
        assert_eq!(letters.as_bytes(), LETTERS);
        assert!(command.get_arguments().all(|flag| flag.get_all_aliases().is_none_or(|aliases| aliases.is_empty())));
    }

    #[test]
    fn flags_that_are_not_defined_are_as_if_not_typed() {
        let matches = defined().get_matches_from(["p"]);
        let parsed = RareFlags::from_arg_matches(&matches).unwrap();
        assert_eq!(format!("{parsed:?}"), format!("{:?}", RareFlags::default()));
    }

    #[test]
    fn they_are_found_among_words() {
        let found = |line: &str| RareFlags::may_be_among(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        assert!(
            ["get --server=x", "get -n a -s x", "-v6 get", "get -Av", "get --as_group x -A", "x --token"].map(found)
                == [true; 6]
        );
        assert!(
            ["get -n a", "get db -o yaml --local", "get token --serve", "create --from-literal=-s"].map(found)
                == [false; 4]
        );
    }
}
