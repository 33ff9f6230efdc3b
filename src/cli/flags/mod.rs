//! The flag groups that several commands share, each with kubectl's names, defaults and error lines.

use go::quote::quote;
use guard::Typed;
use std::ffi::{OsStr, OsString};

use clap::Args;

use super::pflag::{self, Fields};
use crate::{
    client::Settings,
    error::{Error, Result},
    manifest::Filenames,
    receipts::Receipts,
};

/// Flags of every command: the server, the identity, the connection.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Connection")]
pub struct ConnectionFlags {
    /// Use the embedded server on FILE, ~/.local/share/ksecret/local.db by default
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub local: Option<OsString>,
    /// Hand other verbs, kinds and manifests to PROGRAM, kubectl by default
    #[arg(long, value_name = "PROGRAM", num_args = 0..=1, require_equals = true,
        default_missing_value = "kubectl", hide_short_help = true)]
    pub fallback: Option<OsString>,
    /// Use this kubeconfig file
    #[arg(long, value_name = "FILE")]
    pub kubeconfig: Option<OsString>,
    /// Use this context of the kubeconfig
    #[arg(long, value_name = "NAME")]
    pub context: Option<String>,
    /// Use this cluster of the kubeconfig
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub cluster: Option<String>,
    /// Use this user of the kubeconfig
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub user: Option<String>,
    /// Work in this namespace
    #[arg(short, long, value_name = "NAME")]
    pub namespace: Option<String>,
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
    /// Where `--receipt` and the journal go in this run; set before the command runs.
    #[arg(skip)]
    pub receipts: Receipts,
    /// Colour the output
    #[arg(long, value_name = "WHEN", default_value = "auto", value_parser = ["auto", "always", "never"])]
    pub color: String,
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

impl ConnectionFlags {
    /// Returns the store that `--local` names: `Some(None)` is the default file, `None` means that `--local` is not
    /// set.
    pub fn local_store(&self) -> Option<Option<OsString>> {
        let file = self.local.as_deref()?;
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
        Settings {
            kubeconfig: self.kubeconfig.clone(),
            context: self.context.clone(),
            cluster: self.cluster.clone(),
            user: self.user.clone(),
            namespace: self.namespace.clone(),
            server: self.server.clone(),
            token: self.token.clone().map(Typed::into_inner),
            username: self.username.clone(),
            password: self.password.clone().map(Typed::into_inner),
            certificate_authority: self.certificate_authority.clone(),
            client_certificate: self.client_certificate.clone(),
            client_key: self.client_key.clone(),
            insecure_skip_tls_verify: self.insecure_skip_tls_verify,
            tls_server_name: self.tls_server_name.clone(),
            proxy_url: self.proxy_url.clone().map(Typed::into_inner),
            as_user: self.as_user.clone(),
            as_groups: self.as_groups.clone(),
            as_uid: self.as_uid.clone(),
            as_user_extra: self.as_user_extra.clone(),
            request_timeout: self.request_timeout.clone(),
            disable_compression: self.disable_compression.then_some(true),
        }
    }
}

/// `-o`, `--template` and what goes with them (kubectl's `PrintFlags`).
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Output")]
pub struct PrintFlags {
    /// Print as json, yaml, kyaml, name, jsonpath=…, go-template=… or another format
    #[arg(short, long, value_name = "FORMAT")]
    pub output: Option<String>,
    /// Use this template, or the file with it for -o go-template-file
    #[arg(long, value_name = "TEMPLATE")]
    pub template: Option<String>,
    /// Ignore fields that a template names and the object does not have
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        default_value = "true", hide_default_value = true, action = clap::ArgAction::Set,
        value_parser = pflag::parse_bool)]
    pub allow_missing_template_keys: bool,
    /// Show metadata.managedFields in json and yaml
    #[arg(long)]
    pub show_managed_fields: bool,
}

/// Values of `--dry-run`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DryRun {
    /// Send the write.
    #[default]
    None,
    /// Send no write; print the object that would have been sent.
    Client,
    /// Send the write with `dryRun=All`: the server checks it and stores nothing.
    Server,
}

impl DryRun {
    /// Returns the end of a result line, as in `secret/db created (dry run)`.
    pub fn suffix(self) -> &'static str {
        match self {
            DryRun::None => "",
            DryRun::Client => " (dry run)",
            DryRun::Server => " (server dry run)",
        }
    }
}

/// `--dry-run`, with kubectl's deprecated spelling without a value.
#[derive(Args, Debug, Clone, Default)]
pub struct DryRunFlag {
    /// Change nothing: client only prints, server has the server check it
    #[arg(long, value_name = "WHERE", num_args = 0..=1, require_equals = true, default_missing_value = "unchanged",
        default_value = "none", hide_default_value = true)]
    pub dry_run: String,
}

impl DryRunFlag {
    /// Returns the strategy, and kubectl's deprecation line if the flag was typed without one (`GetDryRunStrategy`).
    pub fn resolve(&self) -> Result<(DryRun, Option<&'static str>)> {
        match self.dry_run.as_str() {
            "none" => Ok((DryRun::None, None)),
            "client" => Ok((DryRun::Client, None)),
            "server" => Ok((DryRun::Server, None)),
            "unchanged" => {
                Ok((DryRun::Client, Some("W: --dry-run is deprecated and can be replaced with --dry-run=client.")))
            }
            other => match pflag::parse_bool(other) {
                Ok(true) => Ok((
                    DryRun::Client,
                    Some("W: --dry-run=true is deprecated (boolean value) and can be replaced with --dry-run=client."),
                )),
                Ok(false) => Ok((
                    DryRun::None,
                    Some("W: --dry-run=false is deprecated (boolean value) and can be replaced with --dry-run=none."),
                )),
                Err(_) => Err(Error::new(format!(
                    "Invalid dry-run value ({other}). Must be \"none\", \"server\", or \"client\"."
                ))),
            },
        }
    }
}

/// `--validate`: how strict the server is with unknown and repeated fields.
#[derive(Args, Debug, Clone, Default)]
pub struct ValidateFlag {
    /// Refuse unknown and repeated fields (strict), or warn of them, or ignore them
    #[arg(long, value_name = "HOW", num_args = 0..=1, require_equals = true, default_missing_value = "strict",
        default_value = "strict", hide_default_value = true)]
    pub validate: String,
}

impl ValidateFlag {
    /// Returns the `fieldValidation` of a request (kubectl's `GetValidationDirective`).
    pub fn resolve(&self) -> Result<&'static str> {
        match self.validate.as_str() {
            "strict" => Ok("Strict"),
            "warn" => Ok("Warn"),
            "ignore" => Ok("Ignore"),
            other => match super::pflag::parse_bool(other) {
                Ok(strict) => Ok(if strict { "Strict" } else { "Ignore" }),
                Err(_) => Err(Error::new(format!(
                    "invalid - validate option {}; must be one of: strict (or true), warn, ignore (or false)",
                    quote(other)
                ))),
            },
        }
    }
}

/// `-f`, `-k`, `-R`.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Files")]
pub struct FileFlags {
    /// Read manifests from a file, directory, URL or - (standard input); repeatable
    #[arg(short, long, value_name = "FILE", value_parser = pflag::paths())]
    pub filename: Vec<Fields<OsString>>,
    /// Build the kustomization in this directory
    #[arg(short, long, value_name = "DIR")]
    pub kustomize: Option<OsString>,
    /// Read the directories of -f with all below them
    #[arg(short = 'R', long)]
    pub recursive: bool,
}

impl FileFlags {
    /// Returns whether no file is named.
    pub fn is_empty(&self) -> bool {
        self.files().is_empty() && self.directory().is_none()
    }

    /// Returns whether `-f` or `-k` was typed, even with an empty value.
    pub fn was_typed(&self) -> bool {
        !self.filename.is_empty() || self.kustomize.is_some()
    }

    fn files(&self) -> Vec<OsString> {
        Fields::flatten(self.filename.iter().cloned())
    }

    /// Returns the directory of `-k`. As with `-f`, an empty one counts as absent.
    fn directory(&self) -> Option<&OsStr> {
        self.kustomize.as_deref().filter(|directory| !directory.is_empty())
    }

    /// Returns the files as [`crate::manifest::load`] takes them.
    pub fn filenames(&self) -> Filenames {
        Filenames {
            filenames: self.files(),
            kustomize: self.directory().map(OsStr::to_owned),
            recursive: self.recursive,
            ..Filenames::default()
        }
    }

    /// Returns the files, of which there must be some.
    ///
    /// # Errors
    /// kubectl's `RequireFilenameOrKustomize`: neither `-f` nor `-k`, or both.
    pub fn require(&self) -> Result<Filenames> {
        if self.is_empty() {
            return Err(Error::new("must specify one of -f and -k"));
        }
        self.check()
    }

    /// Returns the files, if there are any.
    ///
    /// # Errors
    /// kubectl's check that `-k` is combined with neither `-f` nor `-R`.
    pub fn check(&self) -> Result<Filenames> {
        let directory = self.directory().is_some();
        if directory && !self.files().is_empty() {
            return Err(Error::new("only one of -f or -k can be specified"));
        }
        if directory && self.recursive {
            return Err(Error::new("the -k flag can't be used with -f or -R"));
        }
        Ok(self.filenames())
    }
}

/// `--decrypt-with`, which kubectl does not have.
#[derive(Args, Debug, Clone, Default)]
pub struct DecryptFlag {
    /// Have this program decrypt what is encrypted: sops
    #[arg(long, value_name = "PROGRAM")]
    decrypt_with: Option<String>,
}

impl DecryptFlag {
    /// Returns whether files are to be decrypted.
    ///
    /// # Errors
    /// A program that is not sops.
    pub fn resolve(&self) -> Result<bool> {
        match self.decrypt_with.as_deref() {
            None => Ok(false),
            Some("sops") => Ok(true),
            Some(other) => Err(Error::new(format!("--decrypt-with takes sops, not {}", quote(other)))),
        }
    }
}

/// `--record`, which kubectl still accepts. Why nothing is recorded: kubectl writes the command line, values included,
/// into an annotation.
#[derive(Args, Debug, Clone, Default)]
pub struct RecordFlag {
    /// Accepted, and nothing is recorded: the command line may hold values
    #[arg(long, hide = true)]
    pub record: bool,
}

/// `-l`, `--field-selector`, `-A`.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Selection")]
pub struct SelectorFlags {
    /// Select by labels: a=b, a!=b, a in (b,c), a notin (b,c), a, !a; commas mean and
    #[arg(short = 'l', long, value_name = "SELECTOR")]
    pub selector: Option<String>,
    /// Select by metadata.name, metadata.namespace or type
    #[arg(long, value_name = "SELECTOR")]
    pub field_selector: Option<String>,
    /// Work in all namespaces
    #[arg(short = 'A', long)]
    pub all_namespaces: bool,
}

impl SelectorFlags {
    /// Returns the label selector; an empty text if there is none.
    pub fn labels(&self) -> &str {
        self.selector.as_deref().unwrap_or_default()
    }

    /// Returns the field selector; an empty text if there is none.
    pub fn fields(&self) -> &str {
        self.field_selector.as_deref().unwrap_or_default()
    }
}
