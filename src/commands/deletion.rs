//! What `delete` and `replace --force` share: flags, the line for a deleted object, and the wait for its end.

use std::time::{Duration, Instant};

use super::targets::Target;
use crate::{
    cli::pflag::parse_bool,
    client::{Call, Client, Events, Failure},
    context::Context,
    error::{Error, Result},
};

/// How long to wait before asking again where watching is not allowed, or fails.
const POLL: Duration = Duration::from_secs(1);
/// How many watches may fail one after the other: a server that answers each with nonsense must not be asked for ever.
const BROKEN_WATCHES: u32 = 5;

/// Reads `--cascade` (kubectl's `parseCascadingFlag`): the `propagationPolicy` of a delete.
///
/// # Errors
/// A value that is none of kubectl's.
pub fn cascade(typed: &str, ctx: &mut Context) -> Result<&'static str> {
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
    ctx.say(format_args!(
        "warning: --cascade={typed} is deprecated (boolean value) and can be replaced with --cascade={word}."
    ));
    Ok(policy)
}

/// Returns the limit that `--timeout` means, in nanoseconds as Go has it; `None` is no limit.
pub fn timeout(nanoseconds: i64) -> Option<Duration> {
    (nanoseconds != 0).then(|| Duration::from_nanos(nanoseconds.max(0).unsigned_abs()))
}

/// Returns the line that says that an object was deleted, or with `short` its name.
pub fn line(target: &Target, operation: &str, suffix: &str, short: bool) -> String {
    let (kind, name) = (target.resource().singular(), target.name.as_str());
    match target.namespace() {
        _ if short => format!("{kind}/{name}\n"),
        Some(namespace) => format!("{kind} \"{name}\" {operation} from {namespace} namespace{suffix}\n"),
        None => format!("{kind} \"{name}\" {operation}{suffix}\n"),
    }
}

/// Returns the error for an object that is still there when the time is over.
pub fn timed_out(target: &Target) -> Error {
    Error::new(format!("timed out waiting for the condition on {}/{}", target.resource().plural(), target.name))
}

/// Waits until the object with this uid is gone: asks, and watches it if it is still there. Returns `false` if it is there
/// after `deadline`.
///
/// # Errors
/// What the server says to a GET, or to one watch after the other. A watch that is not allowed is no error: the object is
/// asked for once a second.
pub async fn until_gone(
    client: &Client,
    target: &Target,
    uid: Option<&str>,
    deadline: Option<Instant>,
) -> Result<bool, Failure> {
    let mut broken = 0;
    loop {
        let object = match client.call(Call::get(target.path())).await {
            Ok(answer) => answer.object()?,
            Err(failure) if failure.is_not_found() => return Ok(true),
            Err(failure) => return Err(failure),
        };
        if uid.is_some_and(|uid| object.json()["metadata"]["uid"].as_str() != Some(uid)) {
            return Ok(true);
        }
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        if left.is_some_and(|left| left.is_zero()) {
            return Ok(false);
        }
        let changed = deleted(client, target, object.resource_version().unwrap_or_default());
        let outcome = match left {
            // At the deadline the object is asked for once more.
            Some(left) => tokio::time::timeout(left, changed).await.unwrap_or(Ok(())),
            None => changed.await,
        };
        match outcome {
            Ok(()) => broken = 0,
            Err(failure) if matches!(failure.code(), 403 | 405) => tokio::time::sleep(POLL).await,
            Err(failure) => {
                broken += 1;
                if broken == BROKEN_WATCHES {
                    return Err(failure);
                }
                tokio::time::sleep(POLL).await;
            }
        }
    }
}

/// Returns when a watch says that the object is deleted, or ends.
async fn deleted(client: &Client, target: &Target, version: &str) -> Result<(), Failure> {
    let call = Call::get(target.collection.path())
        .query("watch", "true")
        .query("fieldSelector", format!("metadata.name={}", target.name))
        .query("resourceVersion", version);
    let mut events = Events::new(client.stream(call).await?);
    while let Some(event) = events.next().await? {
        if event.kind == "DELETED" {
            break;
        }
    }
    Ok(())
}
