//! `replace --force`: delete, wait, create.

use super::Options;
use crate::{
    cli::flags::DryRun,
    client::Client,
    commands::{
        deletion, files,
        outcome::{self, Notices},
        output::Output,
        recreate::{Former, Piece},
        targets::Target,
        write,
    },
    context::Context,
    edit::signals::unless_interrupted,
    error::{Error, Result},
    manifest::Document,
};

/// Replaces all documents by force, in kubectl's order: all are deleted, then all are waited for, then all are created.
///
/// # Errors
/// Every object that could not be replaced; the others are.
pub(super) async fn all(
    documents: Vec<Result<Document>>,
    client: &Client,
    options: &Options,
    output: &mut Output,
    ctx: &mut Context,
) -> Result<()> {
    let mut failures = Vec::new();
    let mut pieces = Vec::new();
    for document in documents {
        let mut notices = Notices::default();
        let piece = piece(document, client, options, &mut notices).await;
        notices.tell(ctx)?;
        match piece {
            Ok(piece) => pieces.push(piece),
            Err(error) => failures.push(error),
        }
    }
    let work = replace(&mut pieces, client, options, output, ctx);
    let interrupted = match unless_interrupted(work).await {
        Ok(more) => {
            failures.extend(more);
            None
        }
        Err(status) => Some(status),
    };
    // Invariant: a piece that still has its former object is one whose new object is not known to be there.
    for piece in pieces.iter_mut().filter(|piece| piece.former.is_some()) {
        Former::of(piece, client, &options.recreate.write).put_back(ctx).await;
    }
    match interrupted {
        Some(status) => Err(Error::silent(status)),
        None => outcome::all(failures),
    }
}

/// Reads one document, and checks that it can be created.
async fn piece(document: Result<Document>, client: &Client, options: &Options, notices: &mut Notices) -> Result<Piece> {
    let mut document = document?;
    let resource = files::place(&mut document, client)?;
    let target = Target::of(resource, &document).map_err(|failure| failure.when("deleting", &document.origin.path))?;
    write::warn_of_nulls(&document, &write::TEXTS, notices);
    let Document { origin, object: mut new, .. } = document;
    write::annotate(&mut new, options.save_config);
    Piece::checked(target, new, origin.path, client, &options.recreate).await
}

/// Deletes, waits and creates; returns what went wrong.
async fn replace(
    pieces: &mut [Piece],
    client: &Client,
    options: &Options,
    output: &mut Output,
    ctx: &mut Context,
) -> Vec<Error> {
    let mut failures = Vec::new();
    for piece in pieces.iter_mut() {
        match piece.delete(client, &options.recreate).await {
            Ok(false) => {}
            Ok(true) => {
                if let Err(error) = ctx.put(deletion::line(&piece.target, "deleted", "", options.short)) {
                    failures.push(error);
                }
            }
            Err(failure) => {
                piece.wanted = false;
                failures.push(failure.when("deleting", &piece.path).into());
            }
        }
    }
    let _ = ctx.flush_stdout();
    let deadline = options.recreate.deadline();
    for piece in pieces.iter_mut().filter(|piece| piece.wanted) {
        if let Err(error) = piece.wait(client, deadline, &options.recreate).await {
            piece.wanted = false;
            failures.push(error);
        }
    }
    for piece in pieces.iter_mut().filter(|piece| piece.wanted) {
        match piece.create(client, &options.recreate, ctx).await {
            Ok(object) => {
                piece.former = None;
                if let Err(error) = output.done(ctx, object, "replaced", DryRun::None) {
                    failures.push(error);
                }
            }
            Err(failure) => failures.push(failure.redacted(&piece.new).into()),
        }
    }
    failures
}
