//! `apply --force`: an object that cannot be patched is deleted and created, as in kubectl's `Patcher.deleteAndCreate`.
//! Invariant: nothing is deleted that the server would not create again (a dry run asks it first), and if the creation
//! fails, the old object is created again or its text is kept.

use go::quote::quote;

use super::{
    client_side::{ClientSide, Stopped, applying},
    place,
    problem::info,
};
use crate::{
    cli::flags::DryRun,
    client::Client,
    commands::{
        outcome::{self, Done, Notices},
        progress::{Progress, Run, Verb},
        recreate::{Former, Piece, Recreate},
        targets::Target,
    },
    context::Context,
    edit::signals::unless_interrupted,
    error::{Error, Result},
    manifest::{Document, Queue},
    secret::Object,
};

/// Applies one object after the other. Why not in parallel: after a signal there must be time to create again the one
/// object that was deleted.
///
/// # Errors
/// One for each object that could not be applied; an interruption ends the work.
pub async fn all(
    documents: Queue,
    side: &ClientSide<'_>,
    how: &Recreate,
    client: &Client,
    ctx: &mut Context,
    mut print: impl FnMut(Done, &mut Context) -> Result<()>,
) -> Result<()> {
    let mut failures = Vec::new();
    let mut run = Run::begin(Verb { done: "applied", dry_run: DryRun::None }, documents.len(), ctx);
    let mut left = 0;
    for document in documents {
        if run.is_over() {
            break;
        }
        let mut notices = Notices::default();
        let Some(attempt) = run.next(1, ctx, one(document, side, client, &mut notices)).await else {
            left = 1;
            break;
        };
        notices.tell(ctx)?;
        let done = match attempt {
            Ok(done) => Ok(done),
            // Invariant: after a signal no deletion is begun.
            Err((Stopped { new: Some(new), .. }, Some((target, path)))) if !run.is_over() => {
                recreate(new, target, path, how, client, &run.progress, ctx).await
            }
            Err((stopped, _)) => Err(stopped.error),
        };
        run.progress.count(done.is_ok());
        match done.and_then(|done| print(done, ctx)) {
            Ok(()) => {}
            Err(error) if error.is_interruption() => return Err(error.after(failures)),
            Err(error) => failures.push(error),
        }
        run.progress.shown(ctx);
    }
    outcome::all(run.end(failures, left, ctx)?)
}

/// Applies one object. An error carries the target and the file, if they are known.
async fn one(
    document: Result<Document>,
    side: &ClientSide<'_>,
    client: &Client,
    notices: &mut Notices,
) -> Result<Done, (Stopped, Option<(Target, String)>)> {
    let (document, target) =
        document.and_then(|document| place(document, false, client, notices)).map_err(|error| (error.into(), None))?;
    let path = document.origin.path.clone();
    side.attempt(document.object, &target, &path, notices).await.map_err(|stopped| (stopped, Some((target, path))))
}

async fn recreate(
    new: Object,
    target: Target,
    path: String,
    how: &Recreate,
    client: &Client,
    progress: &Progress,
    ctx: &mut Context,
) -> Result<Done> {
    let info = info(target.resource(), target.namespace(), target.name.as_str());
    let verb = applying(&info);
    let wrapped = |error: Error| match error.lines().first() {
        Some(line) if !line.starts_with("error: error when ") => {
            let text = Error::new(format!("error when {verb} {}: {}", quote(&path), error.text()));
            error.hints().iter().fold(text, |text, hint| text.hint(hint.as_str()))
        }
        _ => error,
    };
    let mut notices = Notices::default();
    let mut piece = Piece::checked(target, new, path.clone(), client, how).await.map_err(wrapped)?;
    let work = async {
        piece.delete(client, how).await.map_err(|failure| failure.when(&verb, &path))?;
        piece.wait(client, how.deadline(), how).await.map_err(wrapped)?;
        Ok(piece.create(client, how, &mut notices).await.map_err(|failure| failure.when(&verb, &path))?)
    };
    let outcome: Result<Result<Object>, u8> = progress.beside(ctx, unless_interrupted(work)).await;
    // Invariant: while a piece has its former object, the new one is not known to exist on the server, so the former
    // one is created again or kept.
    if piece.former.is_some() {
        Former::of(&mut piece, client, &how.write).put_back(ctx).await;
    }
    notices.tell(ctx)?;
    match outcome {
        Ok(object) => Ok(Done { object: object?, operation: "configured" }),
        Err(status) => Err(progress.interrupted("").status(status)),
    }
}
