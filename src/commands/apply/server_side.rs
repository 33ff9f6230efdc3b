//! `apply --server-side`: the server merges, refuses conflicts and records the managers of fields. Afterwards the
//! fields of client-side apply are migrated, and values are removed from the last-applied annotation.

use http::Method;
use serde_json::{Value as Json, json};

use super::migrate;
use crate::{
    cli::flags::DryRun,
    client::{Answer, Call, Client, Failure},
    commands::{
        outcome::{Done, Notices},
        session,
        targets::Target,
        write::{self, Write},
    },
    error::{Error, Result},
    manifest::Document,
    secret::{LAST_APPLIED, Object, last_applied},
};

/// The manager for which kube-apiserver reads and updates the last-applied annotation.
const KUBECTL: &str = "kubectl";
/// The manager that owns the annotation, so that a server-side apply without the annotation does not remove it.
const ANNOTATION_MANAGER: &str = "kubectl-last-applied";
/// How often a step is retried after a conflict (kubectl's `maxPatchRetry`).
const RETRIES: u32 = 5;

/// kubectl's advice after a conflict.
const ADVICE: &str = "\
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the `--force-conflicts` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts";

/// Server-side apply on one server.
pub struct ServerSide<'a> {
    /// The server.
    pub client: &'a Client,
    /// What every request contains.
    pub write: Write,
    /// `--force-conflicts`: whether fields of other managers are taken over.
    pub force: bool,
}

impl ServerSide<'_> {
    /// Applies one object.
    ///
    /// # Errors
    /// What the server refuses; a conflict has kubectl's advice.
    pub async fn apply(&self, manifest: &Object, target: &Target, notices: &mut Notices) -> Result<Done> {
        let refused = |failure: Failure| refused(failure.redacted(manifest));
        let answer = self.send_first(manifest, target).await.map_err(refused)?;
        notices.warn(&answer);
        let applied = answer.object()?;
        let object = match self.write.dry_run {
            DryRun::Server => without_values(applied),
            _ => self.hand_over(applied, manifest, target, notices).await,
        };
        super::warn_if_deleting(&object, notices);
        Ok(Done { object, operation: "serverside-applied" })
    }

    /// Sends the manifest, without the steps after it.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn send(&self, manifest: &Object, target: &Target, force: bool) -> Result<Answer, Failure> {
        let call = Call::new(Method::PATCH, target.path())
            .body(session::APPLY_PATCH, manifest.json().to_string())
            .query("force", if force { "true" } else { "false" });
        self.client.call(self.write.on(call)).await
    }

    /// Sends the manifest. Sends it again with `force` if every conflict is one that kube-apiserver permits after
    /// client-side apply. Why here: the server compares the annotation's values with the live ones, and the annotation
    /// has none.
    async fn send_first(&self, manifest: &Object, target: &Target) -> Result<Answer, Failure> {
        let mut tries = 0;
        loop {
            let failure = match self.send(manifest, target, self.force).await {
                Err(failure) if failure.is_conflict() && self.write.manager == KUBECTL => failure,
                outcome => return outcome,
            };
            let Ok(Some(live)) = super::client_side::live(self.client, target).await else { return Err(failure) };
            if tries == RETRIES || !migrate::allowed(&failure, live.json()) {
                return Err(failure);
            }
            tries += 1;
            // Invariant: the second request carries the version whose managers were checked, so it cannot take over
            // fields of a manager that appeared since.
            let mut pinned = manifest.clone();
            if let Some(metadata) = pinned.metadata_mut() {
                metadata.entry("resourceVersion").or_insert_with(|| live.json()["metadata"]["resourceVersion"].clone());
            }
            match self.send(&pinned, target, true).await {
                Err(failure) if failure.is_conflict() && manifest.resource_version().is_none() => {}
                outcome => return outcome,
            }
        }
    }

    /// Does what kubectl does after a server-side apply on an object of client-side apply: saves the annotation,
    /// migrates the fields, and applies again so that dropped fields are removed. As in kubectl a failure is a warning.
    async fn hand_over(&self, applied: Object, manifest: &Object, target: &Target, notices: &mut Notices) -> Object {
        if last_applied::of(applied.json()).is_none() {
            return applied;
        }
        // Invariant: this is read before the annotation gets another owner, since owning it is what marks client-side
        // apply.
        let former = migrate::owners(applied.json(), "Update");
        let object = match self.save_annotation(&applied, target).await {
            Ok(object) => object.unwrap_or(applied),
            Err(failure) => {
                notices.say(format_args!(
                    "Warning: failed to migrate {LAST_APPLIED} for Server-Side Apply. This is non-fatal and will be \
                     retried next time you apply. Error: {}",
                    failure.message()
                ));
                return without_values(applied);
            }
        };
        let object = match self.migrate(object, &former, target).await {
            Ok((object, false)) => object,
            Ok((object, true)) => {
                match self.send(manifest, target, self.force).await.and_then(|answer| answer.object()) {
                    Ok(again) => again,
                    Err(failure) => {
                        notices.say(format_args!(
                        "Warning: failed to re-apply configuration after performing Server-Side Apply migration. This is \
                         non-fatal and will be retried next time you apply. Error: {}",
                        failure.redacted(manifest).message()
                    ));
                        object
                    }
                }
            }
            Err((object, failure)) => {
                notices.say(format_args!(
                    "Warning: server rejected managed fields migration to Server-Side Apply. This is non-fatal and will be \
                     retried next time you apply. Error: {}",
                    failure.redacted(manifest).message()
                ));
                object
            }
        };
        // Why now: for the manager `kubectl` the server has written the values into the annotation again.
        match self.empty_annotation(&object, target).await {
            Ok(emptied) => emptied.unwrap_or(object),
            Err(failure) => {
                notices.say(format_args!(
                    "warning: {}/{}: the server keeps values in the annotation {LAST_APPLIED}, and they could not be taken \
                     out: {}",
                    target.resource().plural(),
                    target.name,
                    failure.redacted(manifest).message()
                ));
                without_values(object)
            }
        }
    }

    /// Gives the annotation to a manager of its own, if kubectl's manager applies and no such manager exists (kubectl's
    /// `saveLastApplyAnnotationIfNecessary`).
    async fn save_annotation(&self, applied: &Object, target: &Target) -> Result<Option<Object>, Failure> {
        let owned = !migrate::owners(applied.json(), "Apply").is_empty();
        match last_applied::of(applied.json()) {
            Some(text) if self.write.manager == KUBECTL && !owned => {
                let text = last_applied::without_values(text).unwrap_or_else(|| text.to_owned());
                self.annotate(&text, applied, target).await.map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Removes values from the annotation, if it has any.
    async fn empty_annotation(&self, object: &Object, target: &Target) -> Result<Option<Object>, Failure> {
        let Some(mut text) = last_applied::of(object.json()).and_then(last_applied::without_values) else {
            return Ok(None);
        };
        let mut version = object.clone();
        for _ in 0..RETRIES {
            match self.annotate(&text, &version, target).await {
                Err(failure) if failure.is_conflict() => {}
                outcome => return outcome.map(Some),
            }
            let Some(live) = super::client_side::live(self.client, target).await? else { return Ok(None) };
            match last_applied::of(live.json()).and_then(last_applied::without_values) {
                Some(newer) => text = newer,
                None => return Ok(Some(live)),
            }
            version = live;
        }
        self.annotate(&text, &version, target).await.map(Some)
    }

    /// Applies only the annotation, under a manager of its own, to exactly this version of the object.
    async fn annotate(&self, text: &str, version: &Object, target: &Target) -> Result<Object, Failure> {
        let mut metadata = json!({
            "name": target.name.as_str(), "annotations": {LAST_APPLIED: text},
            // Invariant: the write is refused if another apply came in between, whose annotation may have other keys.
            "resourceVersion": version.json()["metadata"]["resourceVersion"],
        });
        if let Some(namespace) = target.namespace() {
            metadata["namespace"] = namespace.into();
        }
        let body = json!({"apiVersion": "v1", "kind": target.resource().kind(), "metadata": metadata});
        let call = Call::new(Method::PATCH, target.path())
            .body(session::APPLY_PATCH, body.to_string())
            // Why force: the annotation belongs to client-side apply so far.
            .query("force", "true");
        self.client.call(self.write.by(ANNOTATION_MANAGER, call)).await?.object()
    }

    /// Migrates the fields of `former` (kubectl's `migrateToSSAIfNecessary`). Returns the object, and whether anything
    /// was migrated.
    async fn migrate(
        &self,
        mut object: Object,
        former: &[String],
        target: &Target,
    ) -> Result<(Object, bool), (Object, Failure)> {
        let mut tries = 0;
        loop {
            let Some(patch) = migrate::patch(object.json(), former, &self.write.manager) else {
                return Ok((object, false));
            };
            let call = session::patch(target.path(), session::JSON_PATCH, &patch);
            tries += 1;
            let failure = match self.client.call(self.write.on(call)).await.and_then(|answer| answer.object()) {
                Ok(migrated) => return Ok((migrated, true)),
                Err(failure) => failure,
            };
            if !failure.is_conflict() || tries == RETRIES {
                return Err((object, failure));
            }
            match super::client_side::live(self.client, target).await {
                Ok(Some(live)) => object = live,
                Ok(None) => return Err((object, failure)),
                Err(failure) => return Err((object, failure)),
            }
        }
    }
}

/// Prepares a manifest for the server.
///
/// # Errors
/// An entry of `stringData` that is not text. Why here: the server's message about it repeats the value.
pub fn prepare(document: &mut Document, notices: &mut Notices) -> Result<()> {
    super::texts::check(document)?;
    // Why: an annotation that kubectl wrote contains values. The server writes the annotation itself.
    last_applied::take(&mut document.object);
    if let Some(metadata) = document.object.metadata_mut()
        && metadata.get("annotations").and_then(Json::as_object).is_some_and(serde_json::Map::is_empty)
    {
        metadata.remove("annotations");
    }
    write::warn_of_nulls(document, &write::TEXTS, notices);
    write::fold_for_server(&mut document.object);
    Ok(())
}

/// Returns the object without values in its annotation, for printing.
pub fn without_values(mut object: Object) -> Object {
    let emptied = last_applied::of(object.json()).and_then(last_applied::without_values);
    if let (Some(text), Some(metadata)) = (emptied, object.metadata_mut()) {
        metadata["annotations"][LAST_APPLIED] = Json::String(text);
    }
    object
}

/// Words a refusal by the server as kubectl does.
fn refused(failure: Failure) -> Error {
    if failure.code() == 415 {
        return Error::new(format!("Server-side apply not available on the server: ({})", failure.message()));
    }
    if failure.is_conflict() {
        return Error::new(format!("{}\n{ADVICE}", failure.message()));
    }
    failure.into()
}
