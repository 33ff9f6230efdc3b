//! The flags of `edit`, resolved.

use go::quote::quote;

use crate::{
    cli::flags::{DryRun, DryRunFlag, FileFlags, PrintFlags, RecordFlag, ValidateFlag},
    commands::{outcome::Notices, write},
    context::Context,
    edit::conversation::{Aim, Settings},
    error::{Error, Result},
};

/// Edit Secrets in your editor, as kubectl does or with readable values
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "(NAME | secret NAME... | secret/NAME... | -f FILE) [flags]",
    after_help = "The editor is KUBE_EDITOR, else EDITOR, else vi. KSECRET_EDIT=decoded makes --decode the default.\n\n\
    Examples:\n  ksecret edit db\n  ksecret edit --decode db\n  ksecret edit db --key app.json"
)]
pub struct Args {
    /// NAME of one Secret, or secret NAME..., secret/NAME..., secrets for all
    #[arg(value_name = "NAME")]
    words: Vec<String>,
    /// Show readable values instead of base64; untouched ones keep their bytes
    #[arg(short = 'd', long)]
    decode: bool,
    /// Edit one value as a file of its own; a new key is added
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// Show which keys change, and ask before saving
    #[arg(long)]
    confirm: bool,
    /// Resume the last edit that could not be saved
    #[arg(long)]
    resume: bool,
    /// List the kept edits that could not be saved; no request is sent
    #[arg(long, conflicts_with_all = ["resume", "discard"])]
    list_kept: bool,
    /// Remove the kept edit of the named Secrets; no request is sent
    #[arg(long, conflicts_with = "resume")]
    discard: bool,
    /// Keep nothing when an edit cannot be saved
    #[arg(long)]
    no_keep: bool,
    /// Print the patch that is sent: it holds values
    #[arg(long)]
    output_patch: bool,
    /// Write the annotation that apply reads: names of keys, no value
    #[arg(long)]
    save_config: bool,
    /// Open the file with the line endings of Windows
    #[arg(long)]
    windows_line_endings: bool,
    /// Own the written fields under this name
    #[arg(long, value_name = "NAME", default_value = "kubectl-edit", hide_default_value = true)]
    field_manager: String,
    /// Secrets have none
    #[arg(long, value_name = "NAME", default_value = "", hide = true)]
    subresource: String,
    #[command(flatten)]
    validate: ValidateFlag,
    #[command(flatten)]
    dry_run: DryRunFlag,
    #[command(flatten)]
    files: FileFlags,
    #[command(flatten)]
    record: RecordFlag,
    #[command(flatten)]
    pub(super) print: PrintFlags,
}

/// The resolved arguments.
pub(super) struct Options {
    pub(super) choice: Choosing,
    pub(super) view: ViewKind,
    pub(super) settings: Settings,
    pub(super) resume: bool,
    pub(super) keep: bool,
    pub(super) manager: String,
    pub(super) validation: &'static str,
    pub(super) dry_run: DryRun,
}

/// An action on kept edits, without an editor.
pub(super) enum OfKept {
    /// List them.
    List,
    /// Remove those of the Secrets that these words name.
    Discard(Vec<String>),
}

impl Args {
    /// Returns the action on kept edits; `None` if Secrets are edited.
    pub(super) fn of_kept(&self) -> Option<OfKept> {
        match (self.list_kept, self.discard) {
            (true, _) => Some(OfKept::List),
            (_, true) => Some(OfKept::Discard(self.words.clone())),
            _ => None,
        }
    }
}

impl Options {
    /// Checks and resolves the arguments.
    ///
    /// # Errors
    /// Flags that exclude each other.
    pub(super) fn resolve(args: Args, ctx: &Context, notices: &mut Notices) -> Result<Self> {
        let validation = args.validate.resolve()?;
        let dry_run = write::dry_run(&args.dry_run, notices)?;
        if dry_run == DryRun::Client {
            return Err(Error::new("--dry-run=client would check nothing here").hint("use --dry-run=server"));
        }
        match args.subresource.as_str() {
            "" => {}
            "status" => {
                return Err(Error::bare(
                    "Error from server (NotFound): the server could not find the requested resource",
                ));
            }
            other => {
                return Err(Error::new(format!(
                    "invalid subresource value: {}. Must be one of [status]",
                    quote(other)
                )));
            }
        }
        let json = args.print.output.as_deref() == Some("json");
        let decoded = args.decode || ctx.env.var("KSECRET_EDIT") == Some("decoded");
        let view = match args.key {
            Some(key) => ViewKind::Key(key),
            None if decoded => ViewKind::Decoded,
            None => ViewKind::Plain { json },
        };
        Ok(Self {
            choice: Choosing { words: args.words, files: args.files },
            view,
            settings: Settings {
                output_patch: args.output_patch,
                windows_line_endings: args.windows_line_endings,
                lenient: validation == "Ignore",
                save_config: args.save_config,
                confirm: args.confirm,
                namespace: String::new(),
                aim: Aim::Change,
            },
            resume: args.resume,
            keep: !args.no_keep,
            manager: args.field_manager,
            validation,
            dry_run,
        })
    }
}

#[derive(Default)]
pub(super) struct Choosing {
    pub(super) words: Vec<String>,
    pub(super) files: FileFlags,
}

/// The views, by the names under which kept edits store them.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum ViewKind {
    Plain {
        json: bool,
    },
    Decoded,
    Key(String),
    /// An object that is not on the server, as YAML (see [`crate::edit::keep::FORMER`]).
    Former,
    /// The last-applied annotation.
    LastApplied {
        json: bool,
    },
}
