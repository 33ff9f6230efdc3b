//! `apply edit-last-applied`: edits the last-applied annotation. Values that kubectl stored in it are neither shown nor
//! written again.

use super::{
    edit, editor,
    options::{Choosing, Options, ViewKind},
    printer,
};
use crate::{
    cli::flags::{ConnectionFlags, DryRun, FileFlags, PrintFlags, RecordFlag, ValidateFlag},
    commands::session,
    context::Context,
    edit::conversation::{Aim, Settings},
    error::{Error, Result},
    secret::{LAST_APPLIED, Object, last_applied},
};
use go::quote::quote;

/// Edit the last-applied annotation, without the values
///
/// The annotation names the keys and holds no value: what is typed as one is not written.
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "(NAME | secret NAME... | secret/NAME... | -f FILE) [flags]",
    after_help = "Examples:\n  ksecret apply edit-last-applied secret db\n  ksecret apply edit-last-applied -f secret.yaml -o json"
)]
pub struct Args {
    /// NAME of one Secret, or secret NAME..., secret/NAME..., secrets for all
    #[arg(value_name = "NAME")]
    words: Vec<String>,
    /// Open the file with the line endings of Windows
    #[arg(long)]
    windows_line_endings: bool,
    /// Own the written fields under this name
    #[arg(long, value_name = "NAME", default_value = "kubectl-client-side-apply", hide_default_value = true)]
    field_manager: String,
    #[command(flatten)]
    validate: ValidateFlag,
    #[command(flatten)]
    files: FileFlags,
    #[command(flatten)]
    record: RecordFlag,
    #[command(flatten)]
    print: PrintFlags,
}

/// Checks and resolves the arguments.
///
/// # Errors
/// An unknown `--validate`.
fn resolve(args: Args) -> Result<Options> {
    let validation = args.validate.resolve()?;
    Ok(Options {
        choice: Choosing { words: args.words, files: args.files },
        view: ViewKind::LastApplied { json: args.print.output.as_deref() == Some("json") },
        settings: Settings {
            windows_line_endings: args.windows_line_endings,
            lenient: validation == "Ignore",
            aim: Aim::LastApplied,
            ..Settings::default()
        },
        resume: false,
        keep: true,
        manager: args.field_manager,
        validation,
        dry_run: DryRun::None,
    })
}

/// Edits the annotation.
///
/// # Errors
/// An unknown format or `--validate`, no terminal for an editor that needs one, no annotation to edit, what the server
/// refuses.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let printer = printer(&args.print, ctx)?;
    let options = resolve(args)?;
    let editor = editor(ctx)?;
    let client = session::connect(flags, ctx)?;
    session::block_on(edit(&client, options, &editor, printer, ctx))
}

/// Returns the content of the annotation of every object that has one.
///
/// # Errors
/// No object has it, or it is not a JSON object.
pub(super) fn of(objects: &[Object]) -> Result<Vec<Object>> {
    let mut found = Vec::new();
    for object in objects {
        let Some(text) = last_applied::of(object.json()) else { continue };
        let emptied = last_applied::without_values(text);
        match serde_json::from_str(emptied.as_deref().unwrap_or(text)) {
            Ok(json @ serde_json::Value::Object(_)) => found.push(Object::new(json)),
            _ => return Err(Error::new(format!("{LAST_APPLIED} of {} is not a JSON object", quote(object.name())))),
        }
    }
    match found.is_empty() {
        true => Err(Error::new(
            "no last-applied-configuration annotation found on resources, to create the annotation, use command `kubectl \
             apply set-last-applied --create-annotation`",
        )),
        false => Ok(found),
    }
}
