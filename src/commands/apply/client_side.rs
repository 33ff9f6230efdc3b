//! Client-side apply: kubectl's three-way merge, sent as one strategic merge patch.

use std::time::Duration;

use go::json_write::Order;
use serde_json::{Map, Value as Json};

use super::problem::{Problem, info};
use crate::{
    cli::flags::DryRun,
    client::{Call, Client, Failure},
    commands::{
        outcome::{Done, Notices},
        session,
        targets::Target,
        write::{self, Write},
    },
    error::{Error, Result},
    secret::{
        LAST_APPLIED, Object, last_applied,
        merge::{
            client_side::{Modified, prune_nulls},
            strategic,
        },
    },
};

/// How often a patch is retried after a conflict (kubectl's `maxPatchRetry`).
const RETRIES: u32 = 5;
/// The delay before each retry except the first (kubectl's `patchRetryBackOffPeriod`).
const BACK_OFF: Duration = Duration::from_secs(1);

/// Client-side apply on one server.
pub struct ClientSide<'a> {
    /// The server.
    pub client: &'a Client,
    /// What every request contains.
    pub write: Write,
    /// `--overwrite`: whether the manifest overrides what was changed since the last apply.
    pub overwrite: bool,
    /// The name by which the program was called.
    pub program: &'a str,
}

impl ClientSide<'_> {
    /// Applies one object: creates it, patches it, or leaves it as it is.
    ///
    /// # Errors
    /// What the server refuses, and a patch that cannot be made.
    pub async fn apply(&self, manifest: Object, target: &Target, path: &str, notices: &mut Notices) -> Result<Done> {
        self.attempt(manifest, target, path, notices).await.map_err(|stopped| stopped.error)
    }

    /// As [`ClientSide::apply`], with an error that tells whether `--force` can help.
    ///
    /// # Errors
    /// As [`ClientSide::apply`].
    pub async fn attempt(
        &self,
        manifest: Object,
        target: &Target,
        path: &str,
        notices: &mut Notices,
    ) -> Result<Done, Stopped> {
        let info = info(target.resource(), target.namespace(), target.name.as_str());
        let live = match live(self.client, target).await {
            Ok(Some(live)) => live,
            Ok(None) => return Ok(self.create(manifest, target, path, notices).await?),
            Err(failure) => {
                let verb = format!("retrieving current configuration of:\n{info}\nfrom server for:");
                return Err(Error::from(failure.when(&verb, path)).into());
            }
        };
        if last_applied::of(live.json()).is_none() {
            self.note_missing(target, notices);
        }
        let modified = Modified::of(&manifest, true);
        let patched = match self.write.dry_run {
            DryRun::Client => self.patch_here(&modified, live),
            _ => self.patch(&modified, live, target, None, notices).await,
        };
        let (object, changed) = match patched {
            Ok(patched) => patched,
            Err(problem) => {
                let new = problem.helps_force().then(|| created(manifest));
                let problem =
                    if self.write.dry_run == DryRun::Client { problem } else { problem.when("patching", path) };
                return Err(Stopped { error: problem.when(&applying(&info), path).into(), new });
            }
        };
        super::warn_if_deleting(&object, notices);
        Ok(Done { object, operation: if changed { "configured" } else { "unchanged" } })
    }

    async fn create(&self, manifest: Object, target: &Target, path: &str, notices: &mut Notices) -> Result<Done> {
        let mut object = created(manifest);
        if self.write.dry_run != DryRun::Client {
            write::clear_version(&mut object);
            let call = self.write.on(session::post(target.collection.path(), object.json()));
            let answer =
                self.client.call(call).await.map_err(|failure| failure.redacted(&object).when("creating", path))?;
            notices.warn(&answer);
            object = answer.object()?;
        }
        Ok(Done { object, operation: "created" })
    }

    /// Sends the patch that makes `live` what the manifest says. Returns the object after it, and whether there was
    /// anything to send. With `version`, the patch carries it, so that the server refuses the patch if another client
    /// has written since.
    pub async fn patch(
        &self,
        modified: &Modified,
        mut live: Object,
        target: &Target,
        version: Option<&str>,
        notices: &mut Notices,
    ) -> Result<(Object, bool), Problem> {
        let mut tries = 0;
        loop {
            let mut patch = modified.patch(&live, self.overwrite)?;
            if is_empty(&patch) {
                return Ok((live, false));
            }
            if let (Some(version), Some(metadata)) = (version, patch.metadata_mut()) {
                metadata.insert("resourceVersion".to_owned(), version.into());
            }
            let call = session::patch(target.path(), session::STRATEGIC_MERGE_PATCH, patch.json());
            match self.client.call(self.write.on(call)).await {
                Ok(answer) => {
                    notices.warn(&answer);
                    return Ok((answer.object()?, true));
                }
                // Why not if pinned: a patch that carries a version or a uid would be refused each time. kubectl
                // retries it for four seconds.
                Err(failure) if failure.is_conflict() && tries < RETRIES && !is_pinned(&patch) => {
                    tries += 1;
                    if tries > 1 {
                        tokio::time::sleep(BACK_OFF).await;
                    }
                    let answer = self.client.call(Call::get(target.path())).await?;
                    live = answer.object_named(target.namespace(), target.name.as_str())?;
                }
                Err(failure) => return Err(failure.redacted(&patch).redacted(&live).into()),
            }
        }
    }

    fn note_missing(&self, target: &Target, notices: &mut Notices) {
        let program = self.program;
        notices.say(format_args!(
        "Warning: resource {}/{} is missing the {LAST_APPLIED} annotation which is required by {program} apply. {program} \
         apply should only be used on resources created declaratively by either {program} create --save-config or \
         {program} apply. The missing annotation will be patched automatically.",
        target.resource().plural(),
        target.name
    ));
    }

    /// Computes the result without the server, for `--dry-run=client`.
    fn patch_here(&self, modified: &Modified, live: Object) -> Result<(Object, bool), Problem> {
        let patch = modified.patch(&live, self.overwrite)?;
        if is_empty(&patch) {
            return Ok((live, false));
        }
        let (Json::Object(live), Json::Object(patch)) = (live.into_json(), patch.into_json()) else {
            return Err(Problem::Patch("applying patch locally: the object is no map".to_owned()));
        };
        let patched = strategic(live, patch);
        let patched = patched.map_err(|error| Problem::Patch(format!("applying patch locally: {error}")))?;
        Ok((Object::new(Json::Object(patched)), true))
    }
}

/// An apply that failed.
pub struct Stopped {
    /// Why.
    pub error: Error,
    /// The object to create if `--force` can help: the server answered the patch with 409 or 422.
    pub new: Option<Object>,
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self { error, new: None }
    }
}

/// Returns kubectl's description of what was attempted, without the patch, which contains values.
pub fn applying(info: &str) -> String {
    format!("applying patch:\nto:\n{info}\nfor:")
}

/// Returns the object to create for a manifest.
fn created(manifest: Object) -> Object {
    let mut object = manifest;
    last_applied::save(&mut object, Order::Sorted);
    prune_nulls(object.json_mut());
    object
}

/// Reads the live object; `None` if it does not exist.
pub async fn live(client: &Client, target: &Target) -> Result<Option<Object>, Failure> {
    match client.call(Call::get(target.path())).await {
        Ok(answer) => answer.object_named(target.namespace(), target.name.as_str()).map(Some),
        Err(failure) if failure.is_not_found() => Ok(None),
        Err(failure) => Err(failure),
    }
}

fn is_empty(patch: &Object) -> bool {
    patch.json().as_object().is_none_or(Map::is_empty)
}

/// Returns whether a patch carries a version or a uid, so that a retry cannot help.
fn is_pinned(patch: &Object) -> bool {
    let metadata = &patch.json()["metadata"];
    ["resourceVersion", "uid"].iter().any(|field| metadata[field].is_string())
}
