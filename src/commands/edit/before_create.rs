//! `create --edit`: edits each object of the files before it is created.

use super::{
    drive::Work,
    editor,
    options::{Choosing, Options, ViewKind},
    printer,
};
use crate::{
    cli::flags::{ConnectionFlags, PrintFlags},
    commands::{files, session, write::Write},
    context::Context,
    edit::conversation::{Aim, Conversation, Settings},
    error::{Error, Result},
    manifest::Document,
};

/// How objects are edited before they are created.
pub struct BeforeCreate<'a> {
    /// What every request contains.
    pub write: Write,
    /// `-o`.
    pub print: &'a PrintFlags,
    /// `--save-config`.
    pub save_config: bool,
    /// `--windows-line-endings`.
    pub windows_line_endings: bool,
}

/// Opens the editor for one object after the other, and creates those whose text was changed.
///
/// # Errors
/// One for each object that could not be created; a signal ends the work.
pub fn before_create(
    documents: Vec<Result<Document>>,
    edit: BeforeCreate<'_>,
    flags: &ConnectionFlags,
    ctx: &mut Context,
) -> Result<()> {
    let mut printer = printer(edit.print, ctx)?;
    // Why: an object of another kind hands the whole command to the fallback, which must happen before anything is
    // created.
    if let Some(foreign) = documents.iter().filter_map(|document| document.as_ref().err()).find(|e| e.is_foreign()) {
        return Err(foreign.clone());
    }
    let validation = edit.write.validation.unwrap_or_default();
    let json = edit.print.output.as_deref() == Some("json");
    let options = Options {
        choice: Choosing::default(),
        view: ViewKind::Plain { json },
        settings: Settings::default(),
        resume: false,
        keep: true,
        manager: edit.write.manager,
        validation,
        dry_run: edit.write.dry_run,
    };
    let editor = editor(ctx)?;
    let client = session::connect(flags, ctx)?;
    let aim = Aim::Create;
    session::block_on(async {
        let mut failures = Vec::new();
        for document in documents {
            let placed =
                document.and_then(|mut document| files::place(&mut document, &client).map(|_| document.object));
            let object = match placed {
                Ok(object) => object,
                Err(error) => {
                    failures.push(error);
                    continue;
                }
            };
            let settings = Settings {
                windows_line_endings: edit.windows_line_endings,
                lenient: validation == "Ignore",
                save_config: edit.save_config,
                namespace: client.namespace().to_owned(),
                aim,
                ..Settings::default()
            };
            let objects = vec![object];
            let view = options.view.open(&objects, false);
            let file = view.file();
            let (talk, next) = Conversation::begin(view, settings, objects.clone());
            let (client, options, editor) = (&client, &options, &editor);
            let mut work = Work { client, options, editor, file, opened: objects, kept_file: None, aim };
            let outcome = work.talk(talk, next, &mut printer, ctx).await;
            let is_ended = outcome.as_ref().is_err_and(|error| error.exit_status() > 128);
            failures.extend(outcome.err());
            if is_ended {
                break;
            }
        }
        match failures.is_empty() {
            true => Ok(()),
            false => Err(Error::many(failures)),
        }
    })
}
