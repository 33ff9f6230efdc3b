//! Shared by `delete` and `replace --force`: flags, the result line, waiting until an object is gone.

use std::time::{Duration, Instant};

use futures::{StreamExt as _, future, stream};

use super::{
    outcome::Notices,
    progress::Progress,
    targets::Target,
    until::{Subject, until},
    write::ParallelFlag,
};
use crate::{
    cli::pflag::parse_bool,
    client::{Call, Client, Failure},
    error::{Error, Result},
    secret::Object,
};

/// Parses `--cascade` (kubectl's `parseCascadingFlag`). Returns the `propagationPolicy` of the deletion.
///
/// # Errors
/// A value that kubectl does not have.
pub fn cascade(typed: &str, notices: &mut Notices) -> Result<&'static str> {
    let (word, policy) = match (typed, parse_bool(typed)) {
        ("background", _) => return Ok("Background"),
        ("foreground", _) => return Ok("Foreground"),
        ("orphan", _) => return Ok("Orphan"),
        (_, Ok(true)) => ("background", "Background"),
        (_, Ok(false)) => ("orphan", "Orphan"),
        (_, Err(_)) => {
            return Err(Error::new(format!(
                "invalid cascade value ({typed}). Must be \"background\", \"foreground\", or \"orphan\""
            )));
        }
    };
    notices.say(format_args!(
        "warning: --cascade={typed} is deprecated (boolean value) and can be replaced with --cascade={word}."
    ));
    Ok(policy)
}

/// Returns the limit of `--timeout`, whose value is in nanoseconds as in Go; `None` for no limit.
pub fn timeout(nanoseconds: i64) -> Option<Duration> {
    (nanoseconds != 0).then(|| Duration::from_nanos(nanoseconds.max(0).unsigned_abs()))
}

/// Returns the result line of a deletion; with `short` only the name.
pub fn line(target: &Target, operation: &str, suffix: &str, short: bool) -> String {
    let (kind, name) = (target.resource().singular(), target.name.as_str());
    match target.namespace() {
        _ if short => format!("{kind}/{name}\n"),
        Some(namespace) => format!("{kind} \"{name}\" {operation} from {namespace} namespace{suffix}\n"),
        None => format!("{kind} \"{name}\" {operation}{suffix}\n"),
    }
}

/// Returns the error about an object that still exists at the deadline.
pub fn timed_out(target: &Target) -> Error {
    Error::new(format!("timed out waiting for the condition on {}/{}", target.resource().plural(), target.name))
}

/// An object that the server has deleted, or has begun to delete.
#[derive(Debug)]
pub struct Deleted {
    /// The object.
    pub target: Target,
    /// Its uid, if the server returned it. Why: an object of the same name may be created at once.
    pub uid: Option<String>,
}

/// Waits until all objects are gone, several at once, and counts them. Returns the errors.
pub async fn until_all_gone(
    client: &Client,
    deleted: &[Deleted],
    deadline: Option<Instant>,
    ParallelFlag { parallel }: ParallelFlag,
    gone: &Progress,
) -> Vec<Error> {
    let wait =
        async |Deleted { target, uid }: &Deleted| match until_gone(client, target, uid.as_deref(), deadline).await {
            Ok(true) => {
                gone.count(true);
                None
            }
            Ok(false) => Some(timed_out(target)),
            // As in kubectl: the right to delete is enough, so an object that may not be read counts as gone.
            Err(failure) if failure.code() == 403 => None,
            Err(failure) => Some(failure.into()),
        };
    stream::iter(deleted).map(wait).buffered(parallel).filter_map(future::ready).collect().await
}

/// Waits until the object with this uid is gone: gets it, and watches it if it still exists. Returns `false` if it
/// exists at `deadline`.
///
/// # Errors
/// A refused GET, or a read or watch after it. If watching is forbidden, the object is read once a second instead.
pub async fn until_gone(
    client: &Client,
    target: &Target,
    uid: Option<&str>,
    deadline: Option<Instant>,
) -> Result<bool, Failure> {
    let gone = |object: Option<&Object>| {
        object.is_none_or(|object| uid.is_some_and(|uid| object.json()["metadata"]["uid"].as_str() != Some(uid)))
    };
    match client.call(Call::get(target.path())).await {
        Ok(answer) if gone(Some(&answer.object()?)) => return Ok(true),
        Ok(_) => {}
        Err(failure) if failure.is_not_found() => return Ok(true),
        Err(failure) => return Err(failure),
    }
    let judge = |object: Option<Object>| gone(object.as_ref()).then_some(());
    Ok(until(client, &Subject::object(target), deadline, judge, || {}).await?.is_some())
}
