//! `replace --force`: deletes, waits, creates.

use super::Options;
use crate::{
    cli::flags::DryRun,
    client::Client,
    commands::{
        deletion, files,
        outcome::{self, Notices},
        output::Output,
        progress::{Progress, Verb},
        recreate::{Former, Piece},
        targets::Target,
        write,
    },
    context::Context,
    edit::signals::unless_interrupted,
    error::{Error, Result},
    manifest::{Document, Queue},
};

/// Replaces all documents, in kubectl's order: deletes all, waits for all, creates all.
///
/// # Errors
/// One for each object that could not be replaced; the others were.
pub(super) async fn all(
    documents: Queue,
    client: &Client,
    options: &Options,
    output: &mut Output,
    ctx: &mut Context,
) -> Result<()> {
    let mut failures = Vec::new();
    let mut pieces = Vec::new();
    let progress = Progress::begin(Verb { done: "replaced", dry_run: DryRun::None }, documents.len(), ctx);
    for document in documents {
        let mut notices = Notices::default();
        let piece = progress.beside(ctx, piece(document, client, options, &mut notices)).await;
        notices.tell(ctx)?;
        match piece {
            Ok(piece) => pieces.push(piece),
            Err(error) => {
                progress.count(false);
                failures.push(error);
            }
        }
    }
    let work = replace(&mut pieces, client, options, output, &progress, &mut failures, ctx);
    let interrupted = unless_interrupted(work).await.err();
    ctx.erase();
    // Invariant: while a piece has its former object, the new one is not known to exist, so the former one is created
    // again or kept.
    for piece in pieces.iter_mut().filter(|piece| piece.former.is_some()) {
        Former::of(piece, client, &options.recreate.write).put_back(ctx).await;
    }
    match interrupted {
        Some(status) => Err(progress.interrupted("").status(status).after(failures)),
        None => outcome::all(failures),
    }
}

/// Reads a document, and checks that it can be created.
async fn piece(document: Result<Document>, client: &Client, options: &Options, notices: &mut Notices) -> Result<Piece> {
    let mut document = document?;
    let resource = files::place(&mut document, client)?;
    let target = Target::of(resource, &document).map_err(|failure| failure.when("deleting", &document.origin.path))?;
    write::refuse_encrypted(&document)?;
    write::warn_of_nulls(&document, &write::TEXTS, notices);
    let Document { origin, object: mut new, .. } = document;
    write::annotate(&mut new, options.save_config);
    Piece::checked(target, new, origin.path, client, &options.recreate).await
}

/// Deletes, waits and creates; adds errors to the failures.
async fn replace(
    pieces: &mut [Piece],
    client: &Client,
    options: &Options,
    output: &mut Output,
    progress: &Progress,
    failures: &mut Vec<Error>,
    ctx: &mut Context,
) {
    for piece in pieces.iter_mut() {
        match progress.beside(ctx, piece.delete(client, &options.recreate)).await {
            Ok(false) => {}
            Ok(true) => {
                if let Err(error) = ctx.put(deletion::line(&piece.target, "deleted", "", options.short)) {
                    failures.push(error);
                }
                progress.shown(ctx);
            }
            Err(failure) => {
                piece.wanted = false;
                progress.count(false);
                failures.push(failure.when("deleting", &piece.path).into());
            }
        }
    }
    let _ = ctx.flush_stdout();
    let deadline = options.recreate.deadline();
    for piece in pieces.iter_mut().filter(|piece| piece.wanted) {
        if let Err(error) = progress.beside(ctx, piece.wait(client, deadline, &options.recreate)).await {
            piece.wanted = false;
            progress.count(false);
            failures.push(error);
        }
    }
    for piece in pieces.iter_mut().filter(|piece| piece.wanted) {
        let mut notices = Notices::default();
        let created = progress.beside(ctx, piece.create(client, &options.recreate, &mut notices)).await;
        progress.count(created.is_ok());
        if let Err(error) = notices.tell(ctx) {
            failures.push(error);
        }
        match created {
            Ok(object) => {
                piece.former = None;
                if let Err(error) = output.done(ctx, object, "replaced", DryRun::None) {
                    failures.push(error);
                }
            }
            Err(failure) => failures.push(failure.redacted(&piece.new).into()),
        }
        progress.shown(ctx);
    }
}
