//! The flag groups that several commands share, each with kubectl's names, defaults and error lines.

mod connection;

use go::quote::quote;
use std::ffi::{OsStr, OsString};

use clap::Args;

pub use self::connection::{ConnectionFlags, PlaceFlags, RareFlags, When};
use super::pflag::{self, Fields};
use crate::{
    error::{Error, Result},
    manifest::Filenames,
};

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
