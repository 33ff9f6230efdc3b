//! The flags of `decode`, resolved.

use std::path::PathBuf;

use go::quote::quote;

use super::no_values;
use crate::{
    cli::{
        flags::{FileFlags, SelectorFlags},
        resources::{self, Form},
    },
    client::Name,
    commands::targets::{Choice, Meaning},
    error::{Error, Result},
    manifest::Filenames,
    secret::resource::Resource,
};

/// Show the values of Secrets, decoded
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "(NAME [KEY] | secret/NAME... | --all | -l SELECTOR | -f FILE) [flags]",
    after_help = "Several Secrets are secret/A secret/B. With -f, what is not a Secret passes unchanged.\n\n\
    Examples:\n  ksecret decode db\n  ksecret decode db password > password.txt\n  eval \"$(ksecret decode db -o shell)\"\n  \
    ksecret decode db --to ./secrets"
)]
pub struct Args {
    /// [secret] NAME [KEY], or secret/NAME...
    #[arg(value_name = "NAME")]
    words: Vec<String>,
    /// Select every Secret of the namespace
    #[arg(long)]
    all: bool,
    /// Print as text, json, yaml, values (a JSON map), dotenv, shell or raw
    #[arg(short, long, value_name = "FORMAT", value_parser = Format::parse)]
    output: Option<Format>,
    /// Refuse keys that cannot name a variable, with -o dotenv and shell
    #[arg(long)]
    strict: bool,
    /// Show only keys that match, with * and ?; repeatable
    #[arg(long, value_name = "PATTERN")]
    key_filter: Vec<String>,
    /// Show keys and sizes, no values
    #[arg(long)]
    keys: bool,
    /// Write each value into a file of its own in this directory
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// Overwrite files of --to
    #[arg(long)]
    force: bool,
    /// Write values to a terminal as they are, binary and control characters too
    #[arg(long)]
    reveal: bool,
    #[command(flatten)]
    selection: SelectorFlags,
    #[command(flatten)]
    files: FileFlags,
}

/// Output formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text for reading.
    Text,
    /// The manifest with `stringData`, as JSON.
    Json,
    /// The manifest with `stringData`, as YAML.
    Yaml,
    /// A JSON map of keys and values, without the Secret around it.
    Values,
    /// `KEY="VALUE"` lines.
    Dotenv,
    /// `export` lines for a shell.
    Shell,
    /// One value, byte for byte.
    Raw,
}

impl Format {
    /// Returns whether keys are printed as names of variables.
    pub fn names_variables(self) -> bool {
        matches!(self, Self::Dotenv | Self::Shell)
    }

    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            "yaml" => Ok(Self::Yaml),
            "values" => Ok(Self::Values),
            "dotenv" => Ok(Self::Dotenv),
            "shell" => Ok(Self::Shell),
            "raw" => Ok(Self::Raw),
            other => Err(format!(
                "unknown format {}, allowed are: dotenv, json, raw, shell, text, values, yaml",
                quote(other)
            )),
        }
    }
}

/// Where the Secrets are read from.
pub enum Source {
    /// Files. `true`: as a filter from manifests to manifests.
    Files(Filenames, bool),
    /// The server: these names, in the form in which they were typed.
    Names(Vec<(Resource, String)>, Form),
    /// The server: everything that the selectors match.
    List,
}

/// The resolved arguments.
pub struct Options {
    /// Where the Secrets are read from.
    pub source: Source,
    /// The key that was named.
    pub key: Option<String>,
    /// `-l`.
    pub labels: String,
    /// `--field-selector`.
    pub fields: String,
    /// `-A`.
    pub all_namespaces: bool,
    /// `-o`.
    pub output: Option<Format>,
    /// `--key-filter`.
    pub key_filter: Vec<String>,
    /// `--keys`: whether keys and sizes are printed instead of values.
    pub keys: bool,
    /// `--to`.
    pub to: Option<PathBuf>,
    /// `--strict`.
    pub strict: bool,
    /// `--force`.
    pub force: bool,
    /// `--reveal`.
    pub reveal: bool,
}

impl Options {
    /// Checks and resolves the arguments.
    ///
    /// # Errors
    /// No name, too many words, a first word that is another kind, an invalid selector.
    pub fn resolve(args: Args, program: &str) -> Result<Self> {
        let (source, key) = if args.files.is_empty() { on_server(&args, program)? } else { in_files(&args)? };
        Ok(Self {
            source,
            key,
            labels: args.selection.labels().to_owned(),
            fields: args.selection.fields().to_owned(),
            all_namespaces: args.selection.all_namespaces,
            output: args.output,
            key_filter: args.key_filter,
            keys: args.keys,
            to: args.to,
            strict: args.strict,
            force: args.force,
            reveal: args.reveal,
        })
    }

    /// Returns the selectors, for objects of files.
    pub fn choice(&self) -> Choice<'_> {
        Choice { labels: &self.labels, fields: &self.fields, ..Choice::default() }
    }
}

fn on_server(args: &Args, program: &str) -> Result<(Source, Option<String>)> {
    let selection = &args.selection;
    // Here, unlike in commands that change objects, an empty `-l` selects everything.
    let by_list =
        args.all || selection.selector.is_some() || !selection.fields().is_empty() || selection.all_namespaces;
    let (mut words, mut key) = (args.words.clone(), None);
    if !by_list {
        (words, key) = name_and_key(args, program)?;
    } else if words.is_empty() {
        words.push(Resource::Secrets.plural().to_owned());
    }
    let choice = Choice {
        words: &words,
        labels: selection.labels(),
        fields: selection.fields(),
        all: args.all,
        every: true,
        all_namespaces: selection.all_namespaces,
        ..Choice::default()
    };
    let source = match choice.meaning(program)? {
        Meaning::Names(names, form) => Source::Names(names, form),
        Meaning::Lists(kinds) if kinds == [Resource::Secrets] => Source::List,
        Meaning::Lists(_) | Meaning::Files(_) => return Err(no_values()),
    };
    Ok((source, key))
}

fn in_files(args: &Args) -> Result<(Source, Option<String>)> {
    let key = match args.words.as_slice() {
        [] => None,
        [key] => Some(key.clone()),
        _ => return Err(Error::new("beside -f at most one KEY is wanted")),
    };
    let filenames = args.files.check()?;
    let choice = Choice { labels: args.selection.labels(), fields: args.selection.fields(), ..Choice::default() };
    choice.selector(Resource::Secrets)?;
    let filters = args.output.is_none_or(|format| format == Format::Yaml)
        && key.is_none()
        && !args.keys
        && args.to.is_none()
        && !choice.selects();
    Ok((Source::Files(filenames, filters), key))
}

/// Returns the words that name Secrets, and the key: `NAME [KEY]`, or names with slashes, of which a last word without
/// one is the key.
///
/// # Errors
/// No name, too many words, a first word that is another kind.
fn name_and_key(args: &Args, program: &str) -> Result<(Vec<String>, Option<String>)> {
    let words = &args.words;
    let slashed = words.iter().filter(|word| word.contains('/')).count();
    if slashed > 0 {
        return match words.as_slice() {
            [name, key] if slashed == 1 && name.contains('/') => Ok((vec![name.clone()], Some(key.clone()))),
            _ => Ok((words.clone(), None)),
        };
    }
    let kind = match words.first().filter(|first| resources::is_kind(first)) {
        Some(first) => match resources::parse(std::slice::from_ref(first), program)?.kinds.as_slice() {
            [Resource::Secrets] => Some(Resource::Secrets.plural().to_owned()),
            _ => return Err(no_values()),
        },
        None => None,
    };
    let names = words.get(usize::from(kind.is_some())..).unwrap_or_default();
    let words = |name: &String| kind.iter().chain([name]).cloned().collect();
    if let Some(name) = names.first().filter(|name| name.is_empty()) {
        Name::new(name)?;
    }
    match names {
        [] => Err(Error::usage(
            "exactly one NAME is required, got 0",
            format!("See '{} decode -h' for help and examples", program),
        )
        .hint("--all decodes every Secret of the namespace, -A those of all namespaces")),
        [name] => Ok((words(name), None)),
        [name, key] => Ok((words(name), Some(key.clone()))),
        _ => Err(Error::new("one NAME and at most one KEY are wanted").hint("several Secrets are secret/A secret/B")),
    }
}
