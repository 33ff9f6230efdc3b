//! `apply --force`: what cannot be patched is deleted and created, as kubectl's `Patcher.deleteAndCreate` does; but nothing is
//! deleted that the server would not create again, and what was deleted is put back or kept.

use go::quote::quote;

use super::{
    client_side::{ClientSide, Stopped, applying},
    place,
    problem::info,
};
use crate::{
    client::Client,
    commands::{
        outcome::{self, Done, Notices},
        recreate::{Former, Piece, Recreate},
        targets::Target,
    },
    context::Context,
    edit::signals::unless_interrupted,
    error::{Error, Result},
    manifest::Document,
    secret::Object,
};

/// Applies one object after the other. Why not several at once: a signal must leave the time to put back what was deleted.
///
/// # Errors
/// Every object that could not be applied; a signal ends the work.
pub async fn all(
    documents: Vec<Result<Document>>,
    side: &ClientSide<'_>,
    how: &Recreate,
    client: &Client,
    ctx: &mut Context,
    mut print: impl FnMut(Done, &mut Context) -> Result<()>,
) -> Result<()> {
    let mut failures = Vec::new();
    for document in documents {
        let mut notices = Notices::default();
        let stopped = match one(document, side, client, &mut notices).await {
            Ok(done) => Ok(done),
            Err((stopped, place)) => match (stopped.new, place) {
                (Some(new), Some((target, path))) => Err((new, target, path)),
                _ => {
                    notices.tell(ctx)?;
                    failures.push(stopped.error);
                    continue;
                }
            },
        };
        notices.tell(ctx)?;
        let done = match stopped {
            Ok(done) => Ok(done),
            Err((new, target, path)) => recreate(new, target, path, how, client, ctx).await,
        };
        match done.and_then(|done| print(done, ctx)) {
            Ok(()) => {}
            Err(error) if error.exit_status() > 128 => return Err(error),
            Err(error) => failures.push(error),
        }
    }
    outcome::all(failures)
}

/// Applies one object; beside a failure stands which one it was, and its file.
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
    let mut piece = Piece::checked(target, new, path.clone(), client, how).await.map_err(wrapped)?;
    let work = async {
        piece.delete(client, how).await.map_err(|failure| failure.when(&verb, &path))?;
        piece.wait(client, how.deadline(), how).await.map_err(wrapped)?;
        Ok(piece.create(client, how, ctx).await.map_err(|failure| failure.when(&verb, &path))?)
    };
    let outcome: Result<Result<Object>, u8> = unless_interrupted(work).await;
    // Invariant: a piece that still has its former object is one whose new object is not known to be there.
    if piece.former.is_some() {
        Former::of(&mut piece, client, &how.write).put_back(ctx).await;
    }
    match outcome {
        Ok(object) => Ok(Done { object: object?, operation: "configured" }),
        Err(status) => Err(Error::silent(status)),
    }
}
