//! `replace --force`: delete, wait, create. Nothing is deleted that the server would not create again.
//!
//! The new object is checked here and by a dry run of its creation under its own name. The name is taken, so what a good
//! object gets is `AlreadyExists`: kube-apiserver looks whether a name is free in the very last step of a create, after
//! decoding, admission and validation (`registry/generic/registry.Store.Create`). Any other refusal would be that of the
//! creation itself. A dry run under another name would ask admission about another object; one of a PUT would refuse what
//! `--force` is there for.

use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use super::{Options, former::Former, piece::Piece};
use crate::{
    cli::flags::DryRun,
    client::{Cause, Client, Details, Failure, Status},
    commands::{
        apply::live,
        deletion, files,
        outcome::{self, Notices},
        output::Output,
        session,
        targets::Target,
        write::{self, Write},
    },
    context::Context,
    edit::session::unless_interrupted,
    error::{Error, Result},
    manifest::Document,
    secret::{Object, resource::Resource, string_data, validate},
};

/// How long to wait for an object to be gone where nothing is said (kubectl's).
const PATIENCE: Duration = Duration::from_secs(5 * 60);
/// How often a deletion is tried when the object changes just before it.
const RETRIES: u32 = 5;

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
        Former::of(piece, client, &options.write).put_back(ctx).await;
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
    write::clear_version(&mut new);
    check(&new, resource)?;
    let trial = Write { dry_run: DryRun::Server, ..options.write.clone() };
    match client.call(trial.on(session::post(target.collection.path(), new.json()))).await {
        Ok(_) => {}
        Err(failure) if failure.is_already_exists() => {}
        Err(failure) => {
            let error = Error::from(failure.redacted(&new));
            return Err(error.hint(format!("{}/{}: nothing was deleted", resource.plural(), target.name)));
        }
    }
    Ok(Piece { target, new, former: None, path: origin.path, wanted: true })
}

/// Checks a Secret by the rules that the server has, in its words.
fn check(new: &Object, resource: Resource) -> Result<()> {
    let mut object = new.clone();
    string_data::fold(object.json_mut(), string_data::Nulls::Moved);
    let plain = |field: &str| object.json()[field].as_object().is_none_or(|map| map.values().all(Json::is_string));
    if resource != Resource::Secrets || !plain("data") || object.json().get("stringData").is_some() {
        return Ok(());
    }
    if object.json()["type"].as_str().is_none_or(str::is_empty) {
        object.json_mut()["type"] = "Opaque".into();
    }
    let causes = validate::secret_create(object.json()).into_iter();
    let causes: Vec<Cause> = causes
        .map(|error| Cause { reason: error.reason.as_str().to_owned(), message: error.body, field: error.field })
        .collect();
    if causes.is_empty() {
        return Ok(());
    }
    let details = Details { name: new.name().to_owned(), kind: "Secret".to_owned(), causes, ..Details::default() };
    let status = Status { code: 422, reason: "Invalid".to_owned(), details: Some(details), ..Status::default() };
    let error = Error::from(Failure::Status(Box::new(status)).redacted(new));
    Err(error.hint(format!("secrets/{}: nothing was deleted", new.name())))
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
        match delete(piece, client, options).await {
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
    let deadline = Some(Instant::now() + options.timeout.unwrap_or(PATIENCE));
    for piece in pieces.iter_mut().filter(|piece| piece.wanted) {
        let uid = piece.former.as_ref().and_then(|former| former.json()["metadata"]["uid"].as_str().map(str::to_owned));
        let outcome = match uid {
            Some(uid) => deletion::until_gone(client, &piece.target, Some(&uid), deadline).await,
            None => Ok(true),
        };
        let error = match outcome {
            Ok(true) => continue,
            Ok(false) if options.wait => deletion::timed_out(&piece.target),
            Ok(false) => Error::new("context deadline exceeded"),
            Err(failure) => failure.into(),
        };
        piece.wanted = false;
        failures.push(error);
    }
    for piece in pieces.iter_mut().filter(|piece| piece.wanted) {
        match create(piece, client, options, ctx).await {
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

/// Deletes what is there, which is remembered first; returns `false` if there is nothing.
async fn delete(piece: &mut Piece, client: &Client, options: &Options) -> Result<bool, Failure> {
    let mut tries = 0;
    loop {
        let Some(former) = live(client, &piece.target).await? else { return Ok(false) };
        let metadata = &former.json()["metadata"];
        // Invariant: what is deleted is what could be put back, in every entry.
        let preconditions = json!({"uid": metadata["uid"], "resourceVersion": metadata["resourceVersion"]});
        let mut body = json!({"propagationPolicy": options.cascade, "preconditions": preconditions});
        if let Some(seconds) = options.grace_period {
            body["gracePeriodSeconds"] = json!(seconds);
        }
        // From here on it may be gone, even if no answer comes.
        piece.former = Some(former);
        tries += 1;
        match client.call(session::delete(piece.target.path(), &body)).await {
            Ok(_) => return Ok(true),
            Err(failure) => {
                // An answer says that nothing was deleted; without one it may have been.
                if failure.status().is_some() {
                    piece.former = None;
                }
                if failure.is_not_found() {
                    return Ok(false);
                }
                if !failure.is_conflict() || tries == RETRIES {
                    return Err(failure);
                }
            }
        }
    }
}

async fn create(piece: &Piece, client: &Client, options: &Options, ctx: &mut Context) -> Result<Object, Failure> {
    let call = options.write.on(session::post(piece.target.collection.path(), piece.new.json()));
    let answer = client.call(call).await?;
    session::say_warnings(ctx, &answer);
    answer.object()
}
